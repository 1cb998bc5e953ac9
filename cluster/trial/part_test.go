package trial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"encoding/binary"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"spreewatch/cluster"
)

// exactly compares what is not exported, too, and no float by anything but its value.
var exactly = cmp.Options{cmpopts.EquateNaNs(), cmp.Exporter(func(reflect.Type) bool { return true }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && a.Location() == b.Location() })}

const robbery = "robbery"

// twoOffences are burglaries, enough for the scan and of which some were corrected, most
// of these at the same time of another place, and a few robberies, which the rule judges.
func twoOffences() []cluster.Incident {
	out := corrected(append(quiet(1, 150, 90), six(newYear.AddDate(0, 0, 60))...))
	for i, in := range slices.Clone(out) {
		if i%9 == 2 && in.Until.IsZero() {
			for k := range 2 {
				before := in
				before.Point[1] += .002 * float64(k+1)
				before.Reported, before.Until = in.From+cluster.Instant(k*600), in.From+cluster.Instant((k+1)*600)
				out = append(out, before)
			}
		}
	}
	for k, days := range []int{40, 70} {
		for _, in := range six(newYear.AddDate(0, 0, days)) {
			in.ID, in.Offence = fmt.Sprintf("robbed %d %s", k, in.ID), robbery
			out = append(out, in)
		}
	}
	return out
}

// twoOffencesOptions are seven settings of burglary and three of robbery among each other.
func twoOffencesOptions() CompareOptions {
	o := small(90)
	for k, s := range []Setting{setting("72h", 3*oneDay, "500m", 500, 3), setting("3h", 3*time.Hour, "500m", 500, 2), setting("24h", oneDay, "1km", 1000, 3),
		setting("24h", oneDay, "500m", 500, 2), setting("6h", 6*time.Hour, "3km", 3000, 2), setting("72h", 3*oneDay, "2km", 2000, 4), setting("48h", 2*oneDay, "1km", 1000, 2)} {
		o.Settings = append(o.Settings, s)
		if k%3 == 1 || k == 2 {
			s.Offence = robbery
			o.Settings = append(o.Settings, s)
		}
	}
	o.Plants, o.NullNights = []Plant{{Size: 5, SpreadM: 300, Length: 12 * time.Hour}}, 100
	return o
}

// cuts are [0, n) in 1, 2 and 7 parts, and at random.
func cuts(n int, rng *rand.Rand) [][]piece {
	var out [][]piece
	for _, count := range []int{1, 2, 7, 1 + rng.IntN(n), 1 + rng.IntN(n)} {
		at := append(rng.Perm(n - 1)[:min(count, n)-1], -1, n-1)
		slices.Sort(at)
		var cut []piece
		for k := range at[1:] {
			cut = append(cut, piece{at[k] + 1, at[k+1] + 1, n})
		}
		out = append(out, cut)
	}
	return out
}

// shuffled are the parts of a cut in any order, some of them twice, as they were made of
// incidents in any order and sent.
func shuffled[T any](t *testing.T, rng *rand.Rand, incidents []cluster.Incident, cut []piece, make func(incidents []cluster.Incident, p piece) []byte, read func(*T, []byte) error) []T {
	t.Helper()
	var out []T
	for k, p := range cut {
		again := slices.Clone(incidents)
		rng.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		b := make(again, p)
		for range 1 + k%2 {
			var part T
			if err := read(&part, b); err != nil {
				t.Fatal(err)
			}
			out = append(out, part)
		}
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func TestComparedPartsMakeTheWhole(t *testing.T) {
	ctx, o, incidents, rng := context.Background(), twoOffencesOptions(), twoOffences(), rand.New(rand.NewPCG(8, 8))
	whole, err := Compare(ctx, incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{burglary, robbery}, o.Offences()); d != "" {
		t.Error(d)
	}
	for k, want := range whole {
		for _, tr := range want.Trials { // else nothing is shown
			if (tr.Method == cluster.MethodScan) != (k == 0) {
				t.Errorf("%s is judged by the %s", tr.ID(), tr.Method)
			}
		}
		partly := slices.ContainsFunc(want.Trials, func(tr Trial) bool { return tr.Stability > 0 && tr.Stability < 1 })
		if want.Best() < 0 || partly != (k == 0) || len(want.Tests) == 0 {
			t.Errorf("%s: best %d, partly stable %v, %d tests", want.Offence, want.Best(), partly, len(want.Tests))
		}
		made := map[string][]byte{}
		for _, cut := range cuts(o.SettingsOf(want.Offence), rng) {
			parts := shuffled(t, rng, incidents, cut, func(incidents []cluster.Incident, p piece) []byte {
				if b, ok := made[fmt.Sprint(p)]; ok {
					return b
				}
				if p.from%2 == 1 { // those of its own offence are enough
					incidents = slices.DeleteFunc(incidents, func(in cluster.Incident) bool { return in.Offence != want.Offence })
				}
				part, err := ComparePart(ctx, incidents, o, want.Offence, p.from, p.to)
				if err != nil {
					t.Fatal(err)
				}
				b, err := part.MarshalBinary()
				if err != nil {
					t.Fatal(err)
				}
				made[fmt.Sprint(p)] = b
				return b
			}, (*Compared).UnmarshalBinary)
			got, err := JoinCompared(ctx, parts)
			if err != nil {
				t.Fatal(cut, err)
			}
			if d := cmp.Diff(want, got, exactly); d != "" {
				t.Errorf("%s in %v (-whole +joined):\n%s", want.Offence, cut, d)
			}
		}
	}
}

// fiveFits are thirteen days of two offences, by five fits. Of these the later ones differ,
// in their last bits, by whether the learner made the earlier ones.
func fiveFits() ([]cluster.Incident, Options) {
	o := DefaultOptions()
	o.From, o.To, o.Step, o.Refit = start.Add(70*oneDay), start.Add(190*oneDay), 10*oneDay, 30*oneDay
	o.Replicates = 99
	incidents := city(4000, 1)
	for _, in := range city(2000, 2) {
		in.Offence = robbery
		incidents = append(incidents, in)
	}
	return incidents, o
}

func TestEvaluatedPartsMakeTheWhole(t *testing.T) {
	incidents, o := fiveFits()
	rng := rand.New(rand.NewPCG(8, 8))
	want, err := Evaluate(context.Background(), incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	if o.Fits() != 5 || want.Origins != 13 || want.Tour.Shifts == 0 || len(want.Calibrations) != 4 || want.Fit.AsOf != start.Add(190*oneDay) {
		t.Fatalf("%d fits, %d days, %d shifts, %d calibrations", o.Fits(), want.Origins, want.Tour.Shifts, len(want.Calibrations))
	}
	for _, cut := range cuts(o.Fits(), rng)[1:] {
		parts := shuffled(t, rng, incidents, cut, func(incidents []cluster.Incident, p piece) []byte {
			part, err := EvaluatePart(context.Background(), incidents, o, p.from, p.to)
			if err != nil {
				t.Fatal(err)
			}
			b, err := part.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			return b
		}, (*Evaluated).UnmarshalBinary)
		got, err := JoinEvaluated(o, parts)
		if err != nil {
			t.Fatal(cut, err)
		}
		if d := cmp.Diff(want, got, exactly); d != "" {
			t.Errorf("in %v (-whole +joined):\n%s", cut, d)
		}
	}
}

// By hand: planned every ten days and learnt anew after thirty, a fit has the days 0, 10
// and 20, and the next is learnt on the 30th.
func TestFitsOfTheDays(t *testing.T) {
	_, o := fiveFits()
	for last, want := range map[int]int{0: 1, 20: 1, 29: 1, 30: 2, 60: 3} {
		o.To = o.From.Add(time.Duration(last) * oneDay)
		if got := o.Fits(); got != want {
			t.Errorf("to day %d: %d fits, want %d", last, got, want)
		}
	}
	if o.Step = 0; o.Fits() != 0 {
		t.Errorf("%d fits without a step", o.Fits())
	}
}

func TestComparedPartsThatMakeNoWhole(t *testing.T) {
	of := func(from, to int) Compared {
		return Compared{Offence: burglary, From: from, To: to, Of: 5, Trials: make([]Trial, to-from), past: 1, options: 1}
	}
	other := func(change func(*Compared)) Compared {
		c := of(2, 5)
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		parts []Compared
		want  string
	}{
		"none":                   {nil, "no part"},
		"the first is missing":   {[]Compared{of(2, 5)}, "settings [0, 2) of 5 are missing"},
		"one between is missing": {[]Compared{of(0, 2), of(3, 5)}, "settings [2, 3) of 5 are missing"},
		"the last is missing":    {[]Compared{of(0, 2)}, "settings [2, 5) of 5 are missing"},
		"they overlap":           {[]Compared{of(0, 3), of(2, 5)}, "settings [2, 5) of 5 overlap"},
		"one lies in the other":  {[]Compared{of(0, 5), of(0, 3)}, "overlap"},
		"cut twice":              {[]Compared{of(0, 2), of(2, 5), of(1, 3), of(3, 5)}, "overlap"},
		"past the end":           {[]Compared{of(0, 6)}, "no part"},
		"empty":                  {[]Compared{{}}, "no part"},
		"twice, and not alike":   {[]Compared{of(0, 2), of(2, 5), other(func(c *Compared) { c.Trials[1].Alerts = 1 })}, "differ"},
		"another offence":        {[]Compared{of(0, 2), other(func(c *Compared) { c.Offence = robbery })}, "cannot be joined"},
		"other options":          {[]Compared{of(0, 2), other(func(c *Compared) { c.options++ })}, "different options"},
		"another past":           {[]Compared{of(0, 2), other(func(c *Compared) { c.past++ })}, "different pasts"},
		"a trial short":          {[]Compared{of(0, 2), other(func(c *Compared) { c.Trials = c.Trials[1:] })}, "2 trials of 3"},
	} {
		if _, err := JoinCompared(context.Background(), c.parts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := JoinCompared(context.Background(), []Compared{of(2, 5), of(0, 2), of(2, 5)}); err != nil {
		t.Errorf("a part twice: %v", err)
	}
	o := twoOffencesOptions()
	for _, p := range []piece{{from: -1, to: 2}, {from: 2, to: 2}, {from: 3, to: 8}} {
		if _, err := ComparePart(context.Background(), nil, o, burglary, p.from, p.to); err == nil || !strings.Contains(err.Error(), "no settings") {
			t.Errorf("%v: %v", p, err)
		}
	}
	if _, err := ComparePart(context.Background(), nil, o, "arson", 0, 1); err == nil {
		t.Error("settings of an offence that has none are not refused")
	}
	stopped, stop := context.WithCancel(context.Background())
	if stop(); !errors.Is(second(ComparePart(stopped, twoOffences(), o, burglary, 0, 1)), context.Canceled) {
		t.Error("a context that is done does not end it")
	}
}

func second[T any](_ T, err error) error { return err }

// What the options and the past say changes what the parts may be joined to; where they
// come from, and the other offences, do not.
func TestStampsOfParts(t *testing.T) {
	at := newYear.AddDate(0, 0, 50)
	good := twoOffencesOptions()
	was := good.stampOf(burglary, []time.Time{at})
	for name, change := range map[string]func(o *CompareOptions, nights []time.Time){
		"the seed":       func(o *CompareOptions, _ []time.Time) { o.Seed++ },
		"the rate":       func(o *CompareOptions, _ []time.Time) { o.AlertsPerWeek = 3 },
		"the lookback":   func(o *CompareOptions, _ []time.Time) { o.Lookback = map[string]time.Duration{burglary: time.Hour} },
		"a plant":        func(o *CompareOptions, _ []time.Time) { o.Plants = DefaultPlants() },
		"its last set":   func(o *CompareOptions, _ []time.Time) { o.Settings[len(o.Settings)-1].Min++ },
		"the nights":     func(_ *CompareOptions, nights []time.Time) { nights[0] = at.Add(time.Hour) },
		"- the progress": func(o *CompareOptions, _ []time.Time) { o.Progress = func(int, int) {} },
		"- the zone":     func(o *CompareOptions, _ []time.Time) { zone := *time.UTC; o.Zone = &zone },
		"- another's lookback": func(o *CompareOptions, _ []time.Time) {
			o.Lookback = map[string]time.Duration{robbery: time.Hour}
		},
		"- another's setting": func(o *CompareOptions, _ []time.Time) {
			o.Settings = slices.DeleteFunc(o.Settings, func(s Setting) bool { return s.Offence == robbery && s.Min == 2 })
		},
	} {
		o, nights := good, []time.Time{at}
		o.Settings = slices.Clone(o.Settings)
		change(&o, nights)
		if same := o.stampOf(burglary, nights) == was; same != strings.HasPrefix(name, "-") {
			t.Errorf("%s: the same %v", name, same)
		}
	}
	past := twoOffences()
	hash := func() uint64 { return pastHash(len(past), func(i int) *cluster.Incident { return &past[i] }) }
	before := hash()
	if past[7].Until++; hash() == before {
		t.Error("another past has the same hash")
	}
}

func TestEvaluatedPartsThatMakeNoWhole(t *testing.T) {
	_, o := fiveFits()
	of := func(from, to int) Evaluated {
		days := 0
		for _, fit := range o.fits()[from:to] {
			days += len(fit)
		}
		return Evaluated{From: from, To: to, Of: o.Fits(), options: o.stamp(), days: slices.Repeat([]tally{newTally()}, days)}
	}
	other := func(change func(*Evaluated)) Evaluated {
		e := of(2, 5)
		change(&e)
		return e
	}
	for name, c := range map[string]struct {
		parts []Evaluated
		want  string
	}{
		"none":                {nil, "no part"},
		"the last is missing": {[]Evaluated{of(0, 2)}, "fits [2, 5) of 5 are missing"},
		"they overlap":        {[]Evaluated{of(0, 3), of(2, 5)}, "overlap"},
		"differ":              {[]Evaluated{of(0, 2), of(2, 5), other(func(e *Evaluated) { e.days[0].tour.Shifts = 1 })}, "differ"},
		"other options":       {[]Evaluated{of(0, 2), other(func(e *Evaluated) { e.options++ })}, "other options"},
		"another past":        {[]Evaluated{of(0, 2), other(func(e *Evaluated) { e.past++ })}, "different pasts"},
		"other offences":      {[]Evaluated{of(0, 2), other(func(e *Evaluated) { e.offences = []string{robbery} })}, "different pasts"},
		"a day short":         {[]Evaluated{of(0, 2), other(func(e *Evaluated) { e.days = e.days[1:] })}, "have 6 days of 7"},
		"empty":               {[]Evaluated{{Of: o.Fits(), options: o.stamp()}}, "no part"},
	} {
		if _, err := JoinEvaluated(o, c.parts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := JoinEvaluated(o, []Evaluated{of(2, 5), of(0, 2), of(2, 5)}); err != nil {
		t.Errorf("a part twice: %v", err)
	}
	parts := []Evaluated{of(0, 5)}
	o.Seed++
	if _, err := JoinEvaluated(o, parts); err == nil {
		t.Error("parts of another seed are joined")
	}
	zone := *time.UTC
	o.Seed, o.Plan.Zone = o.Seed-1, &zone
	if _, err := JoinEvaluated(o, parts); err != nil {
		t.Errorf("the same zone read again: %v", err)
	}
	for _, p := range []piece{{from: -1, to: 2}, {from: 2, to: 2}, {from: 3, to: 6}} {
		if _, err := EvaluatePart(context.Background(), nil, o, p.from, p.to); err == nil || !strings.Contains(err.Error(), "no fits") {
			t.Errorf("%v: %v", p, err)
		}
	}
	stopped, stop := context.WithCancel(context.Background())
	if stop(); !errors.Is(second(EvaluatePart(stopped, city(100, 1), o, 4, 5)), context.Canceled) {
		t.Error("a context that is done does not end it")
	}
}

// fill sets every field of a value, exported or not, to something of its own, so that one
// that is not sent shows.
func fill(v reflect.Value, n *int) {
	*n++
	v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = newYear.Add(time.Duration(*n) * time.Nanosecond)
		return
	case *map[string]bool:
		*x = map[string]bool{fmt.Sprint("b", *n): true, fmt.Sprint("a", *n): true}
		return
	case *map[rowKey]*Score:
		*x = map[rowKey]*Score{}
		for range 3 {
			var k rowKey
			var s Score
			fill(reflect.ValueOf(&k).Elem(), n)
			fill(reflect.ValueOf(&s).Elem(), n)
			(*x)[k] = &s
		}
		return
	case *map[calibKey]*Calibration:
		var c Calibration
		fill(reflect.ValueOf(&c).Elem(), n)
		*x = map[calibKey]*Calibration{{c.Offence, c.Days}: &c}
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint64:
		v.SetUint(uint64(*n) << 40)
	case reflect.Float64:
		v.SetFloat(float64(*n) + .1)
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n, "\xff"))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic(fmt.Sprint("no way to fill ", v.Type()))
	}
}

// filled is a part in which nothing is nothing.
func filled[T any]() (out T) {
	n := 0
	fill(reflect.ValueOf(&out).Elem(), &n)
	return out
}

// sent is what is read of what was written.
func sent[T any](t *testing.T, b []byte, err error, read func(*T, []byte) error) (out T) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if err := read(&out, b); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPartsAreSentWhole(t *testing.T) {
	c := filled[Compared]()
	c.Trials[0].Stability, c.Trials[1].Delay.Q1 = math.NaN(), math.Copysign(0, -1)
	c.Trials[1].Curve, c.Trials[1].Power = nil, []Power{}
	c.Trials[0].Sprees[1].Spree.Statistic, c.Trials[0].Sprees[1].Spree.Ended = nil, time.Time{}
	b, err := c.MarshalBinary()
	got := sent(t, b, err, (*Compared).UnmarshalBinary)
	if d := cmp.Diff(c, got, exactly); d != "" {
		t.Errorf("(-sent +received):\n%s", d)
	}
	if !math.Signbit(got.Trials[1].Delay.Q1) || got.Trials[0].Sprees[1].Spree.Ended != (time.Time{}) {
		t.Error("−0 or no time has become something else")
	}
	e := filled[Evaluated]()
	e.days[1] = newTally()
	for _, fit := range []bool{true, false} {
		if !fit {
			e.fit = nil
		}
		written, err := e.MarshalBinary()
		got := sent(t, written, err, (*Evaluated).UnmarshalBinary)
		if d := cmp.Diff(e, got, exactly); d != "" {
			t.Errorf("(-sent +received):\n%s", d)
		}
		if again, _ := e.MarshalBinary(); !bytes.Equal(written, again) {
			t.Error("the same part has other bytes")
		}
	}
}

func TestBrokenPartsAreRefused(t *testing.T) {
	c, e := filled[Compared](), filled[Evaluated]()
	compared, _ := c.MarshalBinary()
	evaluated, _ := e.MarshalBinary()
	for name, b := range map[string][]byte{"compared": compared, "evaluated": evaluated} {
		read := func(b []byte) error {
			if name == "compared" {
				return new(Compared).UnmarshalBinary(b)
			}
			return new(Evaluated).UnmarshalBinary(b)
		}
		if err := read(b); err != nil {
			t.Fatal(err)
		}
		for i := range b {
			b[i] ^= 4
			if read(b) == nil {
				t.Errorf("%s with a bit of byte %d turned is read", name, i)
			}
			b[i] ^= 4
			if read(b[:i]) == nil {
				t.Errorf("%s of %d bytes of %d is read", name, i, len(b))
			}
		}
		for what, body := range map[string][]byte{"more behind it": append(b[:len(b)-4:len(b)-4], 0), "less of it": b[: len(b)-5 : len(b)-5]} {
			if read(seal(body)) == nil {
				t.Errorf("%s with %s is read", name, what)
			}
		}
		if name == "evaluated" && new(Compared).UnmarshalBinary(b) == nil {
			t.Error("an evaluation is read as a comparison")
		}
	}
	if err := c.UnmarshalBinary(evaluated); err == nil || len(c.Trials) == 0 {
		t.Errorf("what is no part was taken: %v", err)
	}
}

// seal closes what was changed with a checksum that holds.
func seal(body []byte) []byte {
	return binary.LittleEndian.AppendUint32(body, crc32.Checksum(body, castagnoli))
}

// fuzzPart reads any bytes: what is read is written and read again as the same.
func fuzzPart[T any](f *testing.F, title string, write func(T) ([]byte, error), read func(*T, []byte) error) {
	b, _ := write(filled[T]())
	f.Add(b[len(title) : len(b)-4])
	b, _ = write(*new(T))
	f.Add(b[len(title) : len(b)-4])
	f.Fuzz(func(t *testing.T, body []byte) {
		var bare, part, again T
		_ = read(&bare, body)
		if read(&part, seal(append([]byte(title), body...))) != nil {
			return
		}
		b, _ := write(part)
		if err := read(&again, b); err != nil {
			t.Fatal(err)
		}
		if once, _ := write(again); !bytes.Equal(once, b) {
			t.Errorf("%x, and read again %x", b, once)
		}
	})
}

func FuzzCompared(f *testing.F) {
	fuzzPart(f, comparedTitle, Compared.MarshalBinary, (*Compared).UnmarshalBinary)
}

func FuzzEvaluated(f *testing.F) {
	fuzzPart(f, evaluatedTitle, Evaluated.MarshalBinary, (*Evaluated).UnmarshalBinary)
}
