package trial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// Offences are those of the settings, by name, each once.
func (o CompareOptions) Offences() []string {
	var out []string
	for _, s := range o.Settings {
		if !slices.Contains(out, s.Offence) {
			out = append(out, s.Offence)
		}
	}
	slices.Sort(out)
	return out
}

// SettingsOf is how many settings the offence has.
func (o CompareOptions) SettingsOf(offence string) int { return len(o.settingsOf(offence)) }

// settingsOf are the offence's, in their order.
func (o CompareOptions) settingsOf(offence string) []Setting {
	var out []Setting
	for _, s := range o.Settings {
		if s.Offence == offence {
			out = append(out, s)
		}
	}
	return out
}

// Compared is what some settings of one offence found on its past: a part of a
// Comparison, which may be made on another machine than the rest. MarshalBinary sends it
// there and back.
type Compared struct {
	Offence  string
	From, To int // the settings [From, To) of the offence, in their order
	Of       int // settings of the offence
	Trials   []Trial

	first, last       time.Time // night
	nights, incidents int
	options, past     uint64 // hashes of them
}

// ComparePart tries the settings [from, to) of one offence, in the order that they have
// among the options, on that offence's past, as Compare would. What one is found to do
// does not depend on the others of its part. Incidents of other offences are passed over,
// as long as no ID is of two offences, and the order of the incidents does not matter.
// Progress is told of the part. The error of a context that is done is its own.
func ComparePart(ctx context.Context, incidents []cluster.Incident, o CompareOptions, offence string, from, to int) (Compared, error) {
	if err := o.Validate(); err != nil {
		return Compared{}, err
	}
	if of := o.SettingsOf(offence); from < 0 || from >= to || to > of {
		return Compared{}, fmt.Errorf("compare: no settings [%d, %d) of %s, which has %d", from, to, offence, of)
	}
	past, err := await(ctx, func() []cluster.Incident { return byOffence(incidents)[offence] })
	if err != nil {
		return Compared{}, err
	}
	nights, err := o.someNights()
	if err != nil {
		return Compared{}, err
	}
	return comparePart(ctx, past, nights, o, offence, piece{from: from, to: to}, &meter{tell: o.Progress, total: o.steps(len(nights))})
}

// comparePart tries a piece of the offence's settings on what byOffence has of it.
func comparePart(ctx context.Context, past []cluster.Incident, nights []time.Time, o CompareOptions, offence string, p piece, m *meter) (Compared, error) {
	b, err := await(ctx, func() *bench { return newBench(offence, past, nights, o, m).only(p) })
	if err != nil {
		return Compared{}, err
	}
	return b.compare(ctx)
}

// stampOf is a hash of all that the trials of the offence rest on but the past: its settings,
// the nights, and whatever else the options say.
func (o CompareOptions) stampOf(offence string, nights []time.Time) uint64 {
	zone, lookback, settings := o.Zone.String(), o.Lookback[offence], o.settingsOf(offence)
	o.Settings, o.Lookback, o.Progress, o.Zone, o.From, o.To = nil, nil, nil, nil, time.Time{}, time.Time{}
	h := cluster.HashText(fmt.Sprintf("%q %q %v %+v %+v", offence, zone, lookback, settings, o))
	for _, at := range nights {
		h = cluster.Mix(h ^ uint64(at.Unix()))
	}
	return h
}

// JoinCompared makes of the parts of one offence what Compare returns of it: the trials in
// the order of the settings, whatever that of the parts, and what takes all of them, the
// overlaps and the tests. A part that is there twice counts once. Parts that leave a
// setting out, that were cut in different ways, or that are of other options or another
// past are an error.
func JoinCompared(ctx context.Context, parts []Compared) (Comparison, error) {
	if len(parts) == 0 {
		return Comparison{}, errors.New("compare: no part to join")
	}
	for i := range parts {
		switch a, b := &parts[i], &parts[0]; {
		case a.Offence != b.Offence:
			return Comparison{}, fmt.Errorf("compare: a part of %s cannot be joined to one of %s", a.Offence, b.Offence)
		case a.Of != b.Of || a.options != b.options:
			return Comparison{}, fmt.Errorf("compare: two parts of %s are of different options", a.Offence)
		case a.past != b.past:
			return Comparison{}, fmt.Errorf("compare: two parts of %s are of different pasts", a.Offence)
		case len(a.Trials) != a.To-a.From:
			return Comparison{}, fmt.Errorf("compare: a part of %s has %d trials of %d settings", a.Offence, len(a.Trials), a.To-a.From)
		}
	}
	parts, err := inOrder(parts, "compare: settings", func(c *Compared) piece { return piece{c.From, c.To, c.Of} },
		func(a, b *Compared) bool { return bytes.Equal(a.bytes(), b.bytes()) })
	if err != nil {
		return Comparison{}, err
	}
	first := &parts[0]
	c := Comparison{Offence: first.Offence, From: first.first, To: first.last, Nights: first.nights, Incidents: first.incidents}
	for i := range parts {
		c.Trials = append(c.Trials, parts[i].Trials...)
	}
	if c.Overlap, err = overlaps(ctx, c.Trials); err != nil {
		return c, err
	}
	c.Tests = differences(c.Trials)
	return c, nil
}

// comparedTitle begins the binary form of Compared. Its number changes with the fields.
const comparedTitle = "spreewatch compared 1\n"

func (c *Compared) bytes() []byte { return pack(comparedTitle, c.fields) }

// MarshalBinary writes the part with all that JoinCompared asks of it. The same part gives
// the same bytes, and UnmarshalBinary the very same part; there is no error.
func (c Compared) MarshalBinary() ([]byte, error) { return c.bytes(), nil }

// UnmarshalBinary reads what MarshalBinary wrote. Bytes that are damaged, cut short or of
// another version are an error.
func (c *Compared) UnmarshalBinary(b []byte) error {
	var out Compared
	if err := unpack(comparedTitle, b, out.fields); err != nil {
		return fmt.Errorf("read a part of a comparison: %w", err)
	}
	*c = out
	return nil
}

func (c *Compared) fields(w *wire) {
	text(w, &c.Offence)
	for _, n := range []*int{&c.From, &c.To, &c.Of, &c.nights, &c.incidents} {
		whole(w, n)
	}
	w.moments(&c.first, &c.last)
	w.word(&c.options)
	w.word(&c.past)
	list(w, &c.Trials, func(t *Trial) { t.fields(w) })
}

func (t *Trial) fields(w *wire) {
	text(w, &t.Offence)
	whole(w, &t.Window)
	w.floats(&t.RadiusM)
	whole(w, &t.Min)
	text(w, &t.WindowText)
	text(w, &t.RadiusText)
	text(w, &t.Method)
	w.flag(&t.EqualRate)
	w.floats(&t.Threshold, &t.Alerts, &t.False, &t.Halves[0], &t.Halves[1], &t.Delay.Q1, &t.Delay.Median, &t.Delay.Q3,
		&t.Inside, &t.Chance, &t.Patrol, &t.Stability)
	list(w, &t.Sprees, func(r *Raised) { r.fields(w) })
	list(w, &t.Curve, func(p *CurvePoint) { w.floats(&p.False, &p.Alerts, &p.DelayH) })
	list(w, &t.Power, func(p *Power) {
		whole(w, &p.Size)
		w.floats(&p.SpreadM)
		whole(w, &p.Length)
		whole(w, &p.Found)
		whole(w, &p.Trials)
	})
	numbersOf(w, &t.alerts)
	numbersOf(w, &t.excess)
	numbersOf(w, &t.null)
	set(w, &t.members)
}

func (r *Raised) fields(w *wire) {
	spreeFields(w, &r.Spree)
	w.moments(&r.First, &r.At, &r.Shown.At)
	text(w, &r.Shown.Incident)
	whole(w, &r.Shown.Nth)
	whole(w, &r.Shown.Of)
	w.floats(&r.Radius)
	textsOf(w, &r.life)
}

func spreeFields(w *wire, s *cluster.Spree) {
	text(w, &s.ID)
	text(w, &s.Status)
	text(w, &s.Offence)
	text(w, &s.Method)
	textsOf(w, &s.Incidents)
	textsOf(w, &s.Joined)
	list(w, &s.Zone, func(c *geo.Cell) { whole(w, c) })
	w.moments(&s.Window.Start, &s.Window.End, &s.First, &s.Last, &s.Ended)
	w.floats(&s.Centre[0], &s.Centre[1], &s.RadiusM, &s.Observed, &s.Confidence, &s.Raised.RadiusM, &s.Raised.AlertsPerWeek)
	there(w, &s.Statistic, func(x *cluster.Statistic) {
		w.floats(&x.Expected, &x.LLR, &x.P)
		text(w, &x.PMethod)
		whole(w, &x.Recurrence)
	})
	textsOf(w, &s.Places)
	whole(w, &s.Raised.Window)
	whole(w, &s.Raised.MinIncidents)
	textsOf(w, &s.Merged)
	w.flag(&s.Split)
}
