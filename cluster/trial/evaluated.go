package trial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
)

// Fits is how many fits the replay makes, each of which plans the days until it is too
// old; 0 of options that Validate refuses.
func (o Options) Fits() int {
	if o.Validate() != nil {
		return 0
	}
	return len(o.fits())
}

// fits are the days of planning, those of one fit together. It is learnt on the first.
func (o Options) fits() [][]time.Time {
	var out [][]time.Time
	for at := o.From; !at.After(o.To); {
		var days []time.Time
		for fitted := at; !at.After(o.To) && (len(days) == 0 || at.Sub(fitted) < o.Refit); at = at.Add(o.Step) {
			days = append(days, at)
		}
		out = append(out, days)
	}
	return out
}

// Evaluated is what the days of some fits came to: a part of a Result, which may be made on
// another machine than the rest. MarshalBinary sends it there and back.
type Evaluated struct {
	From, To int // the fits [From, To)
	Of       int // fits

	offences []string
	days     []tally   // in order: sums of floats depend on it
	fit      *risk.Fit // the last of all; nil in the parts before it
	options  uint64    // a hash of them
	past     uint64    // and of the incidents
}

// EvaluatePart replays the days of the fits [from, to) as Evaluate would. It takes the
// incidents of all offences, in any order.
//
// The fits before its own are learnt, too: a learner keeps what days gone by taught it,
// added up from the first day that was new to it, and so a fit differs in its last bits
// by where the fits before it were made. They take little beside their days.
func EvaluatePart(ctx context.Context, incidents []cluster.Incident, o Options, from, to int) (Evaluated, error) {
	if err := o.Validate(); err != nil {
		return Evaluated{}, err
	}
	fits := o.fits()
	if from < 0 || from >= to || to > len(fits) {
		return Evaluated{}, fmt.Errorf("evaluate: no fits [%d, %d), there are %d", from, to, len(fits))
	}
	distinct := cluster.DistinctOf(incidents, nil)
	study, err := risk.NewStudy(distinct, o.Resolution, nil)
	if err != nil {
		return Evaluated{}, err
	}
	var pair [2]*replay
	for k := range pair {
		pair[k] = newReplay(o, study, incidents)
	}
	out := Evaluated{From: from, To: to, Of: len(fits), offences: pair[0].offences(), options: o.stamp(),
		past: pastHash(len(distinct), func(i int) *cluster.Incident { return distinct[i] })}
	for _, days := range fits[:from] {
		if err := ctx.Err(); err != nil {
			return Evaluated{}, err
		}
		pair[0].learner.Fit(days[0])
	}
	for _, days := range fits[from:to] {
		// The days of one fit, which both share.
		pair[0].refit(days[0], out.offences)
		pair[1].fit, pair[1].widths = pair[0].fit, pair[0].widths
		tallies, err := replayDays(ctx, pair, days, out.offences)
		if err != nil {
			return Evaluated{}, err
		}
		out.days = append(out.days, tallies...)
	}
	if to == len(fits) {
		out.fit = pair[0].fit
	}
	return out, nil
}

// stamp is of all that the options say of the days and of what is done with them.
func (o Options) stamp() uint64 {
	zone := "UTC" // as of nil
	if o.Plan.Zone != nil {
		zone = o.Plan.Zone.String()
	}
	o.From, o.To = o.From.Round(0).UTC(), o.To.Round(0).UTC()
	o.Plan.Zone, o.Plan.CellBook, o.Plan.Fit = nil, nil, nil
	return cluster.HashText(fmt.Sprintf("%q %q %+v", zone, Methods(), o))
}

// JoinEvaluated makes of the parts what Evaluate returns of the options, whatever their
// order: it adds up their days, the first first, and tests the methods. A part that is
// there twice counts once. Parts that leave a fit out, that were cut in different ways, or
// that are of other options or another past are an error.
func JoinEvaluated(o Options, parts []Evaluated) (Result, error) {
	if err := o.Validate(); err != nil {
		return Result{}, err
	}
	if len(parts) == 0 {
		return Result{}, errors.New("evaluate: no part to join")
	}
	fits, stamp := o.fits(), o.stamp()
	for i := range parts {
		switch p := &parts[i]; {
		case p.options != stamp || p.Of != len(fits):
			return Result{}, fmt.Errorf("evaluate: a part is of other options")
		case p.past != parts[0].past || !slices.Equal(p.offences, parts[0].offences):
			return Result{}, fmt.Errorf("evaluate: two parts are of different pasts")
		}
	}
	parts, err := inOrder(parts, "evaluate: fits", func(e *Evaluated) piece { return piece{e.From, e.To, e.Of} },
		func(a, b *Evaluated) bool { return bytes.Equal(a.bytes(), b.bytes()) })
	if err != nil {
		return Result{}, err
	}
	all := newTotals()
	out := Result{From: o.From, To: o.To, Fit: parts[len(parts)-1].fit}
	for i := range parts {
		days := 0
		for _, fit := range fits[parts[i].From:parts[i].To] {
			days += len(fit)
		}
		if len(parts[i].days) != days {
			return Result{}, fmt.Errorf("evaluate: fits [%d, %d) have %d days of %d", parts[i].From, parts[i].To, len(parts[i].days), days)
		}
		for _, day := range parts[i].days {
			all.add(day)
			out.Origins++
		}
	}
	out.Tour = all.tour
	all.report(&out, o, parts[0].offences)
	return out, nil
}

// evaluatedTitle begins the binary form of Evaluated. Its number changes with the fields.
const evaluatedTitle = "spreewatch evaluated 1\n"

func (e *Evaluated) bytes() []byte { return pack(evaluatedTitle, e.fields) }

// MarshalBinary writes the part with all that JoinEvaluated asks of it. The same part
// gives the same bytes, and UnmarshalBinary the very same part; there is no error.
func (e Evaluated) MarshalBinary() ([]byte, error) { return e.bytes(), nil }

// UnmarshalBinary reads what MarshalBinary wrote. Bytes that are damaged, cut short or of
// another version are an error.
func (e *Evaluated) UnmarshalBinary(b []byte) error {
	var out Evaluated
	if err := unpack(evaluatedTitle, b, out.fields); err != nil {
		return fmt.Errorf("read a part of an evaluation: %w", err)
	}
	*e = out
	return nil
}

func (e *Evaluated) fields(w *wire) {
	whole(w, &e.From)
	whole(w, &e.To)
	whole(w, &e.Of)
	textsOf(w, &e.offences)
	w.word(&e.options)
	w.word(&e.past)
	list(w, &e.days, func(t *tally) { t.fields(w) })
	there(w, &e.fit, func(f *risk.Fit) { fitFields(w, f) })
}

func (t *tally) fields(w *wire) {
	if w.reading {
		*t = newTally()
	}
	rows := slices.SortedFunc(maps.Keys(t.rows), rowKey.compare)
	list(w, &rows, func(k *rowKey) {
		text(w, &k.offence)
		text(w, &k.method)
		whole(w, &k.days)
		w.floats(&k.share)
		s := t.rows[*k]
		if w.reading {
			s = &Score{}
			t.rows[*k] = s
		}
		s.fields(w)
	})
	calib := slices.SortedFunc(maps.Keys(t.calib), calibKey.compare)
	list(w, &calib, func(k *calibKey) {
		text(w, &k.offence)
		whole(w, &k.days)
		c := t.calib[*k]
		if w.reading {
			c = &Calibration{Offence: k.offence, Days: k.days}
			t.calib[*k] = c
		}
		w.floats(&c.Predicted, &c.Actual, &c.PredictedTop, &c.ActualTop)
	})
	t.tour.fields(w)
}

func (s *Score) fields(w *wire) {
	w.floats(&s.Cells, &s.Universe, &s.Hits, &s.All, &s.Best, &s.Past, &s.PastAll, &s.Inside, &s.Predicted)
}

func (t *Tour) fields(w *wire) {
	for _, n := range []*int{&t.Shifts, &t.Areas, &t.High, &t.HighHits, &t.Medium, &t.MediumHits,
		&t.HighCells, &t.HighCellHits, &t.MediumCells, &t.MediumCellHits} {
		whole(w, n)
	}
	for _, s := range []*Score{&t.InShift, &t.InHours, &t.MapShift, &t.MapHours} {
		s.fields(w)
	}
}

func fitFields(w *wire, f *risk.Fit) {
	whole(w, &f.Form)
	w.moments(&f.AsOf)
	w.floats(&f.Days, &f.High, &f.Medium)
	whole(w, &f.Resolution)
	for _, parts := range []*[]risk.Part{&f.Parts, &f.ShiftParts} {
		list(w, parts, func(p *risk.Part) {
			text(w, &p.Name)
			w.floats(&p.SigmaM)
			whole(w, &p.Memory)
			w.flag(&p.Floor)
			w.flag(&p.Shift)
			text(w, &p.Of)
		})
	}
	of := func(o *risk.OffenceFit) {
		text(w, &o.Offence)
		whole(w, &o.Incidents)
		for _, l := range []*risk.Learned{&o.Day, &o.Week, &o.Shift} {
			numbersOf(w, &l.Weights)
			for k := range l.Lean {
				w.floats(&l.Lean[k])
			}
			for k := range l.Bands {
				w.floats(&l.Bands[k])
			}
			w.floats(&l.Rests)
		}
	}
	list(w, &f.Offences, of)
	of(&f.City)
}
