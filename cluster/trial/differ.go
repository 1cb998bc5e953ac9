package trial

import (
	"fmt"
	"math"
	"strings"
)

// A Measure is what two settings are held against each other by.
type Measure string

// The measures of a Difference, all of a less b.
const (
	MeasureDelay  Measure = "delay_h"         // hours to the alert, of sprees that both raised
	MeasureAlerts Measure = "alerts_per_week" // sprees raised a week, of settings at an equal rate of false ones
	MeasureFalse  Measure = "false_per_week"  // sprees raised a week under the null, of such settings
	MeasureInside Measure = "inside_24h"      // incidents of the next 24 h in sprees' circles over chance, a week
)

// A Difference is a paired test between two settings of an offence.
type Difference struct {
	A, B       Setting
	Measure    Measure
	Difference float64 // mean of a less b
	Pairs      int
	P, Holm    float64 // two-sided; adjusted for all tests of the offence
}

// Significant is the adjusted p under which a difference is said to be shown.
const Significant = .05

// Better says which of the two is better: 1 for a, −1 for b, 0 where no difference
// is shown.
func (d Difference) Better() int {
	sign := 1
	switch {
	case d.Holm >= Significant || d.Difference == 0:
		return 0
	case d.Difference < 0:
		sign = -1
	}
	if d.Measure == MeasureDelay || d.Measure == MeasureFalse {
		sign = -sign
	}
	return sign
}

// differences tests every two settings: the delay by the sprees that both raised,
// the others by weeks, false sprees by those of the shuffled pasts. Settings that are not at the
// asked rate are in no test of a rate.
func differences(trials []Trial) []Difference {
	var out []Difference
	for i := range trials {
		for j := i + 1; j < len(trials); j++ {
			a, b := &trials[i], &trials[j]
			add := func(m Measure, pairs []float64) {
				if len(pairs) == 0 {
					return
				}
				d := Difference{A: a.Setting, B: b.Setting, Measure: m, Pairs: len(pairs)}
				d.Difference, d.P = pairedT(pairs)
				out = append(out, d)
			}
			add(MeasureDelay, together(a, b))
			add(MeasureInside, less(weekly(a.excess), weekly(b.excess)))
			if a.EqualRate && b.EqualRate {
				add(MeasureAlerts, less(weekly(a.alerts), weekly(b.alerts)))
				add(MeasureFalse, less(weekly(a.null), weekly(b.null)))
			}
		}
	}
	p := make([]float64, len(out))
	for i := range out {
		p[i] = out[i].P
	}
	for i, adjusted := range holm(p) {
		out[i].Holm = adjusted
	}
	return out
}

// together are the hours by which a raised sprees later than b, of those that both
// raised: that shared an incident on the nights that raised them. Each is taken once.
func together(a, b *Trial) []float64 {
	of := make(map[string]int)
	for k := range b.Sprees {
		for _, id := range b.Sprees[k].Spree.Incidents {
			if _, ok := of[id]; !ok {
				of[id] = k
			}
		}
	}
	taken := make(map[int]bool)
	var out []float64
	for _, r := range a.Sprees {
		best := -1
		for _, id := range r.Spree.Incidents {
			if k, ok := of[id]; ok && !taken[k] && (best < 0 || k < best) {
				best = k
			}
		}
		if best >= 0 {
			taken[best] = true
			out = append(out, r.At.Sub(b.Sprees[best].At).Hours())
		}
	}
	return out
}

// weekly adds up by seven nights; the last, shorter week is left out unless it is
// the only one.
func weekly(nights []float64) []float64 {
	var out []float64
	for from := 0; from+7 <= len(nights); from += 7 {
		out = append(out, sum(nights[from:from+7]))
	}
	if len(out) == 0 && len(nights) > 0 {
		out = append(out, sum(nights))
	}
	return out
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

func less(a, b []float64) []float64 {
	out := make([]float64, min(len(a), len(b)))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}

// of reports whether a setting is one of the two.
func (d Difference) of(s Setting) bool { return d.A == s || d.B == s }

// noun is what differs.
func (m Measure) noun() string {
	return map[Measure]string{MeasureDelay: "delay", MeasureAlerts: "sprees raised", MeasureFalse: "false alarms", MeasureInside: "incidents of the next day inside"}[m]
}

// Words say the difference in a sentence.
func (d Difference) Words() string {
	a, b, by := d.A.Name(), d.B.Name(), math.Abs(d.Difference)
	if d.Better() == 0 {
		return fmt.Sprintf("no difference in %s can be shown between %s and %s", d.Measure.noun(), a, b)
	}
	if d.Better() < 0 {
		a, b = b, a
	}
	switch d.Measure {
	case MeasureDelay:
		return fmt.Sprintf("%s finds the sprees that both find %s sooner than %s", a, hours(by), b)
	case MeasureAlerts:
		return fmt.Sprintf("%s raises %s sprees a week more than %s", a, number(by), b)
	case MeasureFalse:
		return fmt.Sprintf("%s raises %s false sprees a week fewer than %s", a, number(by), b)
	}
	return fmt.Sprintf("%s holds %s incidents of the next day a week over chance more than %s", a, number(by), b)
}

func hours(h float64) string { return number(h) + " h" }

// number writes two figures, or whole from ten on.
func number(v float64) string {
	if v >= 10 {
		return fmt.Sprintf("%.0f", v)
	}
	s := fmt.Sprintf("%.1f", v)
	if v < 1 {
		s = fmt.Sprintf("%.2g", v)
	}
	return strings.TrimSuffix(s, ".0")
}

// Best is the trial that the answer leads with, −1 where none raises a spree.
func (c Comparison) Best() int {
	best := -1
	for i := range c.Trials {
		if len(c.Trials[i].Sprees) > 0 && (best < 0 || better(c.Trials[i], c.Trials[best]) < 0) {
			best = i
		}
	}
	return best
}

// Answer says in plain words what the comparison comes to, the first line first.
func (c Comparison) Answer() []string {
	best := c.Best()
	if best < 0 {
		return []string{fmt.Sprintf("no setting raises a spree of %s on %d nights", c.Offence, c.Nights)}
	}
	t := c.Trials[best]
	first := fmt.Sprintf("%s: %s raises %s sprees a week where chance alone would raise %s, %s after the first incident", c.Offence, t.Name(), number(t.Alerts), number(t.False), hours(t.Delay.Median))
	chance := t.Alerts <= t.False || number(t.Alerts) == number(t.False)
	switch {
	case len(c.Trials) == 1:
		if chance {
			first = fmt.Sprintf("%s: %s raises no more sprees than chance alone would: %s a week where chance raises %s", c.Offence, t.Name(), number(t.Alerts), number(t.False))
		}
		return []string{first, "one setting: there is nothing to compare it with"}
	case chance:
		first = fmt.Sprintf("%s: no setting raises more sprees than chance alone would; %s comes nearest, with %s a week where chance raises %s", c.Offence, t.Name(), number(t.Alerts), number(t.False))
	}
	out := []string{first}
	shown := 0
	for _, d := range c.Tests {
		if d.Better() == 0 || !d.of(t.Setting) {
			continue
		}
		shown++
		if shown <= mostWords {
			out = append(out, fmt.Sprintf("%s (p %.2g)", d.Words(), d.Holm))
		}
	}
	if shown > mostWords {
		out = append(out, fmt.Sprintf("and %d more differences to it: see the tests", shown-mostWords))
	}
	switch alike := c.alike(t.Setting); {
	case shown > 0 && len(alike) > 0:
		out = append(out, fmt.Sprintf("no difference in %s can be shown between %s and any other setting", strings.Join(alike, ", or in "), t.Name()))
	case shown == 0:
		out = append(out, fmt.Sprintf("no difference between %s and any other setting can be shown", t.Name()))
	}
	own := 0
	for _, t := range c.Trials {
		if !t.EqualRate {
			own++
		}
	}
	if own > 0 {
		out = append(out, fmt.Sprintf("%d of %d settings are not at equal rate: they raise what their own minimum allows, and are in no test of a rate", own, len(c.Trials)))
	}
	return out
}

// alike names what was tested of a setting against others and showed no difference.
func (c Comparison) alike(s Setting) []string {
	var out []string
	for _, m := range []Measure{MeasureDelay, MeasureInside, MeasureAlerts, MeasureFalse} {
		tested, shown := false, false
		for _, d := range c.Tests {
			if d.Measure == m && d.of(s) {
				tested, shown = true, shown || d.Better() != 0
			}
		}
		if tested && !shown {
			out = append(out, m.noun())
		}
	}
	return out
}

// mostWords is how many differences the answer lists.
const mostWords = 6
