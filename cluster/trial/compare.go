package trial

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/scales"
	"spreewatch/geo"
)

// A Setting is how long and how wide a spree of an offence may be, and how many
// incidents it needs.
type Setting struct {
	Offence    string
	Window     time.Duration
	RadiusM    float64
	Min        int
	WindowText string // as typed: "72h" is not "3d"
	RadiusText string
}

// Name is the setting without its offence, as typed.
func (s Setting) Name() string { return fmt.Sprintf("%s %s %d", s.WindowText, s.RadiusText, s.Min) }

// ID is the setting with its offence, as files are named.
func (s Setting) ID() string {
	return fmt.Sprintf("%s_%s_%s_%d", s.Offence, s.WindowText, s.RadiusText, s.Min)
}

// LongestWindow is what a night looks back at most.
const LongestWindow = 60 * oneDay

// Validate refuses a setting that can find nothing or everything.
func (s Setting) Validate() error {
	if s.Window < time.Minute || s.Window > LongestWindow || !(s.RadiusM >= 1 && s.RadiusM <= 200_000) || s.Min < 2 {
		return fmt.Errorf("a setting has a window of a minute to 60 days, a radius of 1 m to 200 km, and at least 2 incidents")
	}
	return nil
}

// same reports whether two settings find the same, however they are typed.
func (s Setting) same(o Setting) bool {
	return s.Offence == o.Offence && s.Window == o.Window && s.RadiusM == o.RadiusM && s.Min == o.Min
}

// CompareOptions say what is compared, on which nights, and at what rate.
type CompareOptions struct {
	Settings      []Setting
	From, To      time.Time      // nights in [From, To)
	Zone          *time.Location // of the nights
	Hour          int            // of the day on the wall at which a night is analysed
	AlertsPerWeek float64        // false sprees a week, at which every setting is held
	Lookback      map[string]time.Duration
	Resolution    int           // H3, of the cells that a patrol is asked to
	Dwell         time.Duration // in a cell and shift
	Shifts        int           // in a day
	Plants        []Plant
	Rotations     int // of the lattice, for stability
	NullNights    int // at least, of shuffled pasts, that a threshold rests on
	Seed          uint64
	Progress      func(done, total int) // nil for none; called from one goroutine at a time
}

// DefaultCompareOptions are two false sprees a week, nights at two in the morning,
// and a visit of a quarter of an hour to every cell of a spree in each of three
// shifts.
func DefaultCompareOptions() CompareOptions {
	return CompareOptions{Zone: time.UTC, Hour: 2, AlertsPerWeek: 2, Resolution: 9, Dwell: 15 * time.Minute, Shifts: 3,
		Plants: DefaultPlants(), Rotations: 2, NullNights: 1000, Seed: 1}
}

// Validate refuses options that cannot be followed.
func (o CompareOptions) Validate() error {
	switch {
	case len(o.Settings) == 0:
		return fmt.Errorf("compare: no setting")
	case !o.From.Before(o.To):
		return fmt.Errorf("compare: the nights end before they start")
	case !(o.AlertsPerWeek > 0 && o.AlertsPerWeek <= 100):
		return fmt.Errorf("compare: alerts a week must be over 0 and at most 100")
	case o.Resolution < 0 || o.Resolution > geo.MaxResolution || o.NullNights < 1 || o.Rotations < 0:
		return fmt.Errorf("compare: the resolution, the nights and the turns must be there")
	}
	for i, s := range o.Settings {
		if err := s.Validate(); err != nil {
			return fmt.Errorf("compare: %s: %w", s.ID(), err)
		}
		if slices.ContainsFunc(o.Settings[:i], s.same) {
			return fmt.Errorf("compare: %s is there twice", s.ID())
		}
	}
	for _, p := range o.Plants {
		if err := p.Validate(); err != nil {
			return err
		}
	}
	return nil
}

// A Comparison is what the settings of one offence found on the same past.
type Comparison struct {
	Offence   string
	From, To  time.Time // the first and the last night
	Nights    int
	Incidents int // that happened in the nights' time
	Trials    []Trial
	Overlap   [][]float64 // Jaccard's index of the incidents in the sprees of two settings
	Tests     []Difference
}

// A Trial is how one setting did.
type Trial struct {
	Setting
	Method    cluster.Method // the scan, or the rule where there is nothing to permute
	EqualRate bool           // held at the asked rate of false sprees; else at its own
	Threshold float64        // least G of a spree, one for all nights; 0 of the rule
	Sprees    []Raised       // in the order of the nights
	Alerts    float64        // sprees raised a week
	False     float64        // of them by the null: times shuffled over places
	Halves    [2]float64     // the same in the first and the second half of the nights: unlike, where one threshold does not suit both
	Delay     Quartiles      // hours from the first incident to the alert
	Curve     []CurvePoint   // by rising rate of false sprees
	Inside    float64        // share of the incidents of the next 24 h that lie in a spree's circle
	Chance    float64        // of which so much by the past of those places
	Patrol    float64        // minutes a week: a visit of Dwell in each of the day's Shifts to every cell of the sprees that go on, a cell once a night
	Stability float64        // Jaccard's index of incidents after the lattice was moved and turned; NaN where nothing was raised
	Power     []Power

	alerts, excess []float64       // by night
	null           []float64       // sprees raised by night of the shuffled pasts
	members        map[string]bool // incidents in any of its sprees
}

// A Raised is a spree on the night that raised it.
type Raised struct {
	Spree  cluster.Spree
	First  time.Time // its first incident began
	At     time.Time // the night
	Shown  Shown
	Radius float64 // of the setting's circle about the spree's centre
	life   []string
}

// Shown is when a spree could first be seen: the report that made it one.
type Shown struct {
	Incident string    // its ID
	Nth, Of  int       // in the order in which they became known
	At       time.Time // when it was known
}

// Quartiles of a measure; NaN where there is none.
type Quartiles struct{ Q1, Median, Q3 float64 }

// A CurvePoint is how soon a setting raises sprees at one rate of false ones: the
// activity monitoring operating characteristic (Fawcett & Provost 1999).
type CurvePoint struct {
	False  float64 // a week
	Alerts float64 // a week
	DelayH float64 // median
}

// curveRates are the rates of the curve, in parts of the asked one.
var curveRates = []float64{.25, .5, 1, 2, 4}

// full is the share of the asked rate from which on a setting counts as held at it:
// where incidents are few, the next lower threshold raises too many at once.
const full = 0.8

// Compare replays every setting night by night on what had been reported by then,
// at the threshold at which the force's own past, its times shuffled over its
// places, raises as many new sprees a week as are asked for. The threshold rests on all
// nights, later ones too: settings are then held at one rate over the same nights,
// without which no test of pairs would be fair. What it learns of later nights is how
// many incidents there are and at which places, not which of them come together. An incident without a
// time of report was known when it ended. One that was corrected is several of one ID:
// what was said of it, each until the next took its place; what stands is counted.
//
// Offences are compared each by itself, in the order of their names; settings keep
// their order. When ctx is done it returns the offences that are ready, and the
// context's error.
func Compare(ctx context.Context, incidents []cluster.Incident, o CompareOptions) ([]Comparison, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	byOffence, err := await(ctx, func() map[string][]cluster.Incident { return byOffence(incidents) })
	if err != nil {
		return nil, err
	}
	nights, err := o.someNights()
	if err != nil {
		return nil, err
	}
	offences := o.Offences()
	m := &meter{tell: o.Progress, total: len(offences) * o.steps(len(nights))}
	var out []Comparison
	for _, offence := range offences {
		part, err := comparePart(ctx, byOffence[offence], nights, o, offence, piece{to: o.SettingsOf(offence)}, m)
		if err != nil {
			return out, err
		}
		c, err := JoinCompared(ctx, []Compared{part})
		if err != nil {
			return out, err
		}
		out = append(out, c)
	}
	return out, nil
}

// someNights are the nights, of which there has to be one.
func (o CompareOptions) someNights() ([]time.Time, error) {
	nights := o.nights()
	if len(nights) == 0 {
		return nil, fmt.Errorf("compare: no night from %s to %s", o.From.Format(time.DateOnly), o.To.Format(time.DateOnly))
	}
	return nights, nil
}

// byOffence are the incidents that can be looked at, by their offence.
func byOffence(incidents []cluster.Incident) map[string][]cluster.Incident {
	out := make(map[string][]cluster.Incident)
	for _, in := range versions(incidents) {
		if cluster.Placed(in) && !in.Unsure {
			out[in.Offence] = append(out[in.Offence], in)
		}
	}
	return out
}

// await waits for work that looks at no context, and gives up when ctx is done.
func await[T any](ctx context.Context, work func() T) (T, error) {
	done := make(chan T, 1)
	go func() { done <- work() }()
	select {
	case v := <-done:
		return v, ctx.Err()
	case <-ctx.Done():
		return *new(T), ctx.Err()
	}
}

// versions are the incidents, each once, and what was said of them before, by From, in
// an order that does not depend on the input's.
func versions(incidents []cluster.Incident) []cluster.Incident {
	var standing, before []cluster.Incident
	for _, in := range incidents {
		if in.Reported.IsZero() {
			in.Reported = in.To
		}
		switch {
		case in.Until.IsZero():
			standing = append(standing, in)
		case in.Until > in.Reported: // else it was never known
			before = append(before, in)
		}
	}
	out := append(slices.Clone(cluster.Distinct(standing)), before...)
	cluster.SortIncidents(out)
	// What is said of one now and was before may have the same times, and no order then.
	for i := 0; i < len(out); {
		j := i + 1
		for j < len(out) && cluster.CompareTimes(out[i], out[j]) == 0 {
			j++
		}
		if j > i+1 {
			slices.SortFunc(out[i:j], compareVersions)
		}
		i = j
	}
	return out
}

// compareVersions puts what stands first, and then what stood sooner.
func compareVersions(a, b cluster.Incident) int {
	return cmp.Or(cmp.Compare(a.Until, b.Until), cmp.Compare(a.Reported, b.Reported))
}

// nights are the moments at which the days are analysed.
func (o CompareOptions) nights() []time.Time {
	var out []time.Time
	y, month, d := o.From.In(o.Zone).Date()
	for k := 0; ; k++ {
		at := time.Date(y, month, d+k, o.Hour, 0, 0, 0, o.Zone).UTC()
		if !at.Before(o.To) {
			return out
		}
		if !at.Before(o.From) {
			out = append(out, at)
		}
	}
}

// pilots are the nights whose replicates say how deep to look.
const (
	pilots          = 16
	pilotReplicates = 12
)

// steps is how many steps the meter counts for an offence.
func (o CompareOptions) steps(nights int) int {
	return min(pilots, nights) + nights*(1+o.shuffles(nights)+o.Rotations) + len(o.Plants)*mostTrials
}

// shuffles is how many shuffled pasts make up the null nights.
func (o CompareOptions) shuffles(nights int) int {
	return min(20, max(2, (o.NullNights+nights-1)/nights))
}

// A meter counts what is done.
type meter struct {
	lock        sync.Mutex
	done, total int
	tell        func(done, total int)
}

func (m *meter) add(n int) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.done += n; m.tell != nil {
		m.tell(min(m.done, m.total), m.total)
	}
}

// A bench is settings of one offence and the past that they are tried on.
type bench struct {
	o         CompareOptions
	offence   string
	incidents []cluster.Incident // by From
	at        []cluster.Vec
	byID      map[string]int   // what stands of an ID, or was said of it last
	before    map[string][]int // what was said of it before
	nights    []time.Time
	lookback  time.Duration
	settings  []Setting
	piece     piece   // that they are of the offence's
	widest    float64 // radius of all of the offence's
	meter     *meter
}

func newBench(offence string, incidents []cluster.Incident, nights []time.Time, o CompareOptions, m *meter) *bench {
	b := &bench{o: o, offence: offence, incidents: incidents, nights: nights, meter: m, byID: make(map[string]int, len(incidents)), before: make(map[string][]int), lookback: o.Lookback[offence]}
	if b.lookback == 0 {
		b.lookback = oneDay
	}
	for i, in := range incidents {
		k, again := b.byID[in.ID]
		switch {
		case again && later(incidents[k], in):
			b.before[in.ID] = append(b.before[in.ID], i)
		default:
			if again {
				b.before[in.ID] = append(b.before[in.ID], k)
			}
			b.byID[in.ID] = i
		}
		b.at = append(b.at, cluster.VecOf(in.Point))
	}
	b.settings = o.settingsOf(offence)
	b.piece = piece{0, len(b.settings), len(b.settings)}
	for _, s := range b.settings {
		b.widest = max(b.widest, s.RadiusM)
	}
	return b
}

// only leaves the settings [p.from, p.to) on the bench.
func (b *bench) only(p piece) *bench {
	b.settings, b.piece.from, b.piece.to = b.settings[p.from:p.to], p.from, p.to
	return b
}

// later reports whether a was said after b.
func later(a, b cluster.Incident) bool {
	return a.Until.IsZero() || !b.Until.IsZero() && a.Until > b.Until
}

// on is the incident of an ID as it was known on a night.
func (b *bench) on(id string, asOf time.Time) cluster.Incident {
	i := b.byID[id]
	for _, k := range b.before[id] {
		if b.incidents[k].KnownOn(asOf) {
			i = k
		}
	}
	return b.incidents[i]
}

// scan makes the incidents ready at every radius and window of the settings.
func (b *bench) scan(ctx context.Context, incidents []cluster.Incident) (*scales.Scan, error) {
	return await(ctx, func() *scales.Scan { return b.makeScan(incidents) })
}

func (b *bench) makeScan(incidents []cluster.Incident) *scales.Scan {
	var radii []float64
	var windows []time.Duration
	for _, s := range b.settings {
		radii, windows = append(radii, s.RadiusM), append(windows, s.Window)
	}
	slices.Sort(radii)
	slices.Sort(windows)
	windows = slices.Compact(windows)
	var strata []scales.Stratum
	for _, r := range slices.Compact(radii) {
		strata = append(strata, scales.Stratum{Offence: b.offence, MinIncidents: 2, Radii: []float64{r}, Windows: windows, Lookback: b.lookback, Incidents: incidents})
	}
	o := scales.DefaultOptions()
	o.Seed, o.Workers = b.o.Seed, 1
	return scales.New(strata, o)
}

// each calls f for 0 to n−1 on as many goroutines as there are processors, until
// ctx is done or one of them gives up.
func each(ctx context.Context, n int, f func(i int) error) error {
	var next atomic.Int64
	var wait geo.Workers
	var once sync.Once
	var first error
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				err := ctx.Err()
				if err == nil {
					err = f(i)
				}
				if err != nil {
					once.Do(func() { first = err })
					next.Store(int64(n))
					return
				}
			}
		})
	}
	wait.Wait()
	return first
}

// compare tries the bench's settings.
func (b *bench) compare(ctx context.Context) (Compared, error) {
	c := Compared{Offence: b.offence, From: b.piece.from, To: b.piece.to, Of: b.piece.of, first: b.nights[0], last: b.nights[len(b.nights)-1], nights: len(b.nights)}
	for _, in := range b.incidents {
		if in.Until.IsZero() && !in.From.Before(c.first.Add(-oneDay)) && in.From.Before(c.last) {
			c.incidents++
		}
	}
	c.options, c.past = b.o.stampOf(b.offence, b.nights), pastHash(len(b.incidents), func(i int) *cluster.Incident { return &b.incidents[i] })
	scan, err := b.scan(ctx, b.incidents)
	if err != nil {
		return c, err
	}
	if c.Trials, err = b.pilot(ctx, scan); err != nil {
		return c, err
	}
	if err := b.replay(ctx, scan, c.Trials); err != nil {
		return c, err
	}
	if err := b.stability(ctx, c.Trials); err != nil {
		return c, err
	}
	return c, b.power(ctx, c.Trials)
}

// pilot says of each setting whether the scan or the rule speaks for it, and sets its
// threshold to the least that the greatest rate of the curve may need.
func (b *bench) pilot(ctx context.Context, scan *scales.Scan) ([]Trial, error) {
	count := min(pilots, len(b.nights))
	most := deeper * curveRates[len(curveRates)-1] * b.o.AlertsPerWeek
	made := make([][]detect.NullNight, count)
	err := each(ctx, count, func(i int) error {
		defer b.meter.add(1)
		night := scan.On(b.nights[(2*i+1)*len(b.nights)/(2*count)])
		for _, s := range b.settings {
			only := night.Only(s.Offence, s.RadiusM, s.Window, s.Min)
			if only == nil {
				return nil
			}
			n, err := detect.MakeNullNight(ctx, only, pilotReplicates, 10*max(7, most))
			if err != nil {
				return err
			}
			made[i] = append(made[i], n)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	made = slices.DeleteFunc(made, func(n []detect.NullNight) bool { return len(n) == 0 })
	trials := make([]Trial, len(b.settings))
	for k, s := range b.settings {
		trials[k] = Trial{Setting: s, Method: cluster.MethodRule, Stability: math.NaN()}
		if len(made) == 0 {
			continue
		}
		own := make([]detect.NullNight, len(made))
		for i := range made {
			own[i] = made[i][k]
		}
		trials[k].Method = cluster.MethodScan
		trials[k].Threshold, _ = detect.Threshold(own, pilotReplicates, most)
	}
	return trials, nil
}

// deeper is by how much more than the greatest rate of the curve is looked for at
// first: sprees that go on are raised once, and the pilot is small.
const deeper = 2

// overlaps is Jaccard's index of every two trials.
func overlaps(ctx context.Context, trials []Trial) ([][]float64, error) {
	out := make([][]float64, len(trials))
	for i := range out {
		out[i] = make([]float64, len(trials))
	}
	return out, each(ctx, len(trials), func(i int) error {
		for j := range i + 1 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			both := jaccard(trials[i].members, trials[j].members)
			out[i][j], out[j][i] = both, both
		}
		return nil
	})
}

func jaccard(a, b map[string]bool) float64 {
	both := 0
	for id := range a {
		if b[id] {
			both++
		}
	}
	if len(a)+len(b) == 0 {
		return 1
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// quartiles by linear interpolation between the order statistics (Hyndman & Fan
// 1996, type 7).
func quartiles(x []float64) Quartiles {
	if len(x) == 0 {
		return Quartiles{math.NaN(), math.NaN(), math.NaN()}
	}
	x = slices.Clone(x)
	slices.Sort(x)
	at := func(q float64) float64 {
		h := q * float64(len(x)-1)
		i := int(h)
		if i+1 == len(x) {
			return x[i]
		}
		return x[i] + (h-float64(i))*(x[i+1]-x[i])
	}
	return Quartiles{at(.25), at(.5), at(.75)}
}

// better orders trials for who reads the first line: by sprees over the false ones,
// then those at the asked rate, then the sooner.
func better(a, b Trial) int {
	excess := func(t Trial) float64 { return math.Round(20 * (t.Alerts - t.False)) } // to a twentieth
	own := func(t Trial) int {
		if t.EqualRate {
			return 0
		}
		return 1
	}
	delay := func(t Trial) float64 {
		if math.IsNaN(t.Delay.Median) {
			return math.Inf(1)
		}
		return t.Delay.Median
	}
	return cmp.Or(cmp.Compare(excess(b), excess(a)), cmp.Compare(own(a), own(b)), cmp.Compare(delay(a), delay(b)))
}
