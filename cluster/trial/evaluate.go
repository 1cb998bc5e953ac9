package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/cluster/risk"
)

// Options say which days to replay.
type Options struct {
	From, To   time.Time     // the first and the last moment of planning
	Step       time.Duration // between two
	Refit      time.Duration // how old a fit may be
	Resolution int           // H3, of the cells
	Shares     []float64     // of the area, ascending
	Least      int           // incidents that an offence needs to be looked at
	Replicates int           // of the bootstrap: the least p is 2/(1+Replicates), times the number of tests
	Seed       uint64
	Plan       patrol.Options // shifts, zone and areas of the plans that are replayed; without shifts there are none
}

// DefaultOptions replay every third day with cells of resolution 9.
func DefaultOptions() Options {
	return Options{Step: 3 * 24 * time.Hour, Refit: 30 * 24 * time.Hour, Resolution: 9, Shares: []float64{.005, .01, .02, .05},
		Least: 100, Replicates: 19_999, Seed: 1, Plan: patrol.DefaultOptions()}
}

// Validate refuses options that cannot be followed.
func (o Options) Validate() error {
	switch {
	case o.From.IsZero() || o.To.Before(o.From):
		return fmt.Errorf("evaluate: the days end before they start")
	case o.Step < time.Hour || o.Refit < o.Step:
		return fmt.Errorf("evaluate: the step must be an hour or more, and a fit at least as old")
	case len(o.Shares) == 0 || !slices.IsSorted(o.Shares) || o.Shares[0] <= 0 || o.Shares[len(o.Shares)-1] > 1:
		return fmt.Errorf("evaluate: shares of the area must ascend from over 0 to at most 1")
	case o.Replicates < 99:
		return fmt.Errorf("evaluate: at least 99 replicates")
	}
	return nil
}

// Ours is the name of the learnt mixture among the methods; Random is what
// chance hits.
const (
	Ours   = "mixture"
	Random = "random"
)

// All is the name of all offences together: the cells of each are its own.
const All = "all"

// A Row is how one method did on one offence.
type Row struct {
	Offence, Method string
	Days            int // horizon, 1 or 7
	Share           float64
	Score
}

// A Calibration is how many incidents were expected of those that came in the
// cells known by then.
type Calibration struct {
	Offence                 string
	Days                    int
	Predicted, Actual       float64
	PredictedTop, ActualTop float64 // in the 1 % of cells with the highest risk
}

// A Result is what a replay found.
type Result struct {
	Origins      int
	From, To     time.Time
	Rows         []Row
	Tests        []Test
	Calibrations []Calibration
	Tour         Tour
	Fit          *risk.Fit // the last
}

// A method expects something of each cell.
type method struct {
	name   string
	expect func(r *replay, offence string, at time.Time, days int) []float64
}

const oneDay = 24 * time.Hour

// Methods names the methods, ours first.
func Methods() []string {
	names := []string{}
	for _, m := range methods {
		names = append(names, m.name)
	}
	return append(names, Random)
}

func part(p risk.Part) func(*replay, string, time.Time, int) []float64 {
	return func(r *replay, offence string, at time.Time, _ int) []float64 {
		return r.learner.Surface(offence, p, at)
	}
}

var (
	ever    = risk.Part{}
	kde250  = risk.Part{SigmaM: 250}
	near    = risk.Part{SigmaM: 150, Memory: 30 * oneDay}
	methods = []method{
		{Ours, func(r *replay, offence string, at time.Time, days int) []float64 {
			return r.learner.Expected(r.fit, offence, at, days)
		}},
		{"all counts", part(ever)},
		{"28-day counts", func(r *replay, offence string, at time.Time, _ int) []float64 {
			known, _ := r.study.Came(offence, at.Add(-28*oneDay), at)
			return known
		}},
		{"KDE by cross-validation", func(r *replay, offence string, at time.Time, _ int) []float64 {
			return r.learner.Surface(offence, risk.Part{SigmaM: r.widths[offence]}, at)
		}},
		{"KDE 250 m", part(kde250)},
		{"near repeat", part(near)},
		{"naive mixture", func(r *replay, offence string, at time.Time, _ int) []float64 {
			out := make([]float64, len(r.study.Cells))
			for _, p := range []struct {
				weight float64
				part   risk.Part
			}{{.5, ever}, {.3, kde250}, {.2, near}} {
				for i, x := range r.learner.Surface(offence, p.part, at) {
					out[i] += p.weight * x
				}
			}
			return out
		}},
	}
)

type replay struct {
	o       Options
	study   *risk.Study
	learner *risk.Learner
	clock   *risk.Clock
	plans   *patrol.Replay // nil where none are made
	fit     *risk.Fit
	widths  map[string]float64 // of the cross-validated kernel, by offence
	tally
}

// A tally is what a day comes to.
type tally struct {
	rows  map[rowKey]*Score
	calib map[calibKey]*Calibration
	tour  Tour
}

func newTally() tally {
	return tally{rows: map[rowKey]*Score{}, calib: map[calibKey]*Calibration{}}
}

// totals are what days add up to.
type totals struct {
	tally
	daily map[rowKey][]float64 // hits by day
}

func newTotals() totals { return totals{newTally(), map[rowKey][]float64{}} }

// add adds the day that follows.
func (t *totals) add(next tally) {
	for key, s := range next.rows {
		if t.rows[key] == nil {
			t.rows[key] = &Score{}
		}
		t.rows[key].add(*s)
		t.daily[key] = append(t.daily[key], s.Hits)
	}
	for key, c := range next.calib {
		if t.calib[key] == nil {
			t.calib[key] = &Calibration{Offence: c.Offence, Days: c.Days}
		}
		t.calib[key].add(*c)
	}
	t.tour.add(next.tour)
}

func (c *Calibration) add(d Calibration) {
	c.Predicted, c.Actual = c.Predicted+d.Predicted, c.Actual+d.Actual
	c.PredictedTop, c.ActualTop = c.PredictedTop+d.PredictedTop, c.ActualTop+d.ActualTop
}

type rowKey struct {
	offence, method string
	days            int
	share           float64
}

func (k rowKey) compare(o rowKey) int {
	return cmp.Or(cmp.Compare(k.offence, o.offence), cmp.Compare(k.method, o.method), cmp.Compare(k.days, o.days), cmp.Compare(k.share, o.share))
}

type calibKey struct {
	offence string
	days    int
}

func (k calibKey) compare(o calibKey) int {
	return cmp.Or(cmp.Compare(k.offence, o.offence), cmp.Compare(k.days, o.days))
}

var horizons = []int{1, 7}

// Evaluate plans each day from From to To with what was known by then, and scores
// the plan on the next 24 hours and the next seven days. The universe of a day is
// the cells that had held an incident of any offence by then; incidents elsewhere
// count among all and are hit by no method.
func Evaluate(ctx context.Context, incidents []cluster.Incident, o Options) (Result, error) {
	if err := o.Validate(); err != nil {
		return Result{}, err
	}
	part, err := EvaluatePart(ctx, incidents, o, 0, o.Fits())
	if err != nil {
		return Result{}, err
	}
	return JoinEvaluated(o, []Evaluated{part})
}

func newReplay(o Options, study *risk.Study, incidents []cluster.Incident) *replay {
	clock := risk.NewClock(study, o.Plan.Zone)
	r := &replay{o: o, study: study, learner: risk.NewLearner(study, clock, patrol.HoursOf(o.Plan.Shifts)...), clock: clock, widths: map[string]float64{}}
	r.plans = r.planner(incidents)
	return r
}

// replayDays returns the tally of each day. Two replays take the days in turn: what a
// day comes to does not depend on which of them has it.
func replayDays(ctx context.Context, pair [2]*replay, days []time.Time, offences []string) ([]tally, error) {
	tallies, errs := make([]tally, len(days)), make([]error, len(days))
	var wait sync.WaitGroup
	for k, r := range pair {
		wait.Go(func() {
			for i := k; i < len(days); i += len(pair) {
				if errs[i] = ctx.Err(); errs[i] != nil {
					return
				}
				r.tally = newTally()
				for _, horizon := range horizons {
					r.score(offences, days[i], horizon)
				}
				errs[i] = r.visit(days[i])
				tallies[i] = r.tally
			}
		})
	}
	wait.Wait()
	return tallies, errors.Join(errs...)
}

// offences returns those with incidents enough to be looked at.
func (r *replay) offences() []string {
	var out []string
	for _, offence := range r.study.Offences {
		if _, n := r.study.Came(offence, r.o.From, r.o.To.Add(oneDay)); n >= r.o.Least {
			out = append(out, offence)
		}
	}
	return out
}

func (r *replay) refit(at time.Time, offences []string) {
	r.fit, r.widths = r.learner.Fit(at), map[string]float64{}
	for _, offence := range offences {
		r.widths[offence] = r.width(offence, at)
	}
}

// width returns the width of the kernel under which the incidents of the last four
// weeks are likeliest, by what was known before them.
func (r *replay) width(offence string, at time.Time) float64 {
	before := at.Add(-28 * oneDay)
	came, _ := r.study.Came(offence, before, at)
	best, most := 250.0, math.Inf(-1)
	for _, sigma := range []float64{100, 150, 250, 400, 600, 1000} {
		likely := 0.0
		surface := r.learner.Surface(offence, risk.Part{SigmaM: sigma}, before)
		for i, n := range came {
			if n > 0 && r.study.Known(i, before) {
				likely += n * math.Log(surface[i]+1e-9)
			}
		}
		if likely > most {
			best, most = sigma, likely
		}
	}
	return best
}

// universe are the cells that had held an incident that was known at the moment.
func (r *replay) universe(at time.Time) []int32 {
	var universe []int32
	for i := range r.study.Cells {
		if r.study.Known(i, at) {
			universe = append(universe, int32(i))
		}
	}
	return universe
}

func (r *replay) score(offences []string, at time.Time, days int) {
	universe := r.universe(at)
	if len(universe) == 0 {
		return
	}
	for _, offence := range offences {
		came, all := r.study.Came(offence, at, at.Add(time.Duration(days)*oneDay))
		past, _ := r.study.Came(offence, at.Add(-365*oneDay), at)
		inside, pastAll := 0.0, 0.0
		for _, i := range universe {
			inside += came[i]
			pastAll += past[i]
		}
		for _, m := range methods {
			expected := m.expect(r, offence, at, days)
			ranked := rank(expected, universe)
			for _, share := range r.o.Shares {
				n := cellsOf(share, len(universe))
				s := Score{Cells: float64(n), Universe: float64(len(universe)), Hits: ranked.first(n, came), All: float64(all), Inside: inside,
					Best: mostOf(n, came, universe), Past: ranked.first(n, past), PastAll: pastAll}
				r.keep(rowKey{offence, m.name, days, share}, s)
			}
			if m.name == Ours {
				r.calibrate(offence, days, expected, ranked, came, universe)
			}
		}
		for _, share := range r.o.Shares {
			n := cellsOf(share, len(universe))
			part := float64(n) / float64(len(universe))
			r.keep(rowKey{offence, Random, days, share}, Score{Cells: float64(n), Universe: float64(len(universe)), Hits: inside * part, All: float64(all),
				Inside: inside, Best: mostOf(n, came, universe), Past: pastAll * part, PastAll: pastAll})
		}
	}
}

// keep adds a day's score to the offence's and to that of all offences.
func (r *replay) keep(key rowKey, s Score) {
	all := key
	all.offence = All
	for _, k := range []rowKey{key, all} {
		if r.rows[k] == nil {
			r.rows[k] = &Score{}
		}
		r.rows[k].add(s)
	}
}

func (r *replay) calibrate(offence string, days int, expected []float64, ranked ranking, came []float64, universe []int32) {
	key := calibKey{offence, days}
	top := cellsOf(.01, len(universe))
	r.calib[key] = &Calibration{offence, days, ranked.first(len(universe), expected), ranked.first(len(universe), came),
		ranked.first(top, expected), ranked.first(top, came)}
}

// report puts the scores in order and tests ours against each method.
func (t *totals) report(out *Result, o Options, offences []string) {
	names := append([]string{All}, offences...)
	for _, offence := range names {
		for _, days := range horizons {
			if c := t.calib[calibKey{offence, days}]; c != nil {
				out.Calibrations = append(out.Calibrations, *c)
			}
			for _, share := range o.Shares {
				t.reportShare(out, o, rowKey{offence, Ours, days, share})
			}
		}
	}
	holmTests(out.Tests)
}

// reportShare sets ours against each method on one offence, horizon and share.
func (t *totals) reportShare(out *Result, o Options, ours rowKey) {
	if t.rows[ours] == nil {
		return
	}
	block := 1
	if ours.days > 1 {
		block = int(math.Ceil(float64(ours.days) * float64(oneDay) / float64(o.Step)))
	}
	for _, name := range Methods() {
		key := ours
		key.method = name
		out.Rows = append(out.Rows, Row{key.offence, name, key.days, key.share, *t.rows[key]})
		if name == Ours || name == Random {
			continue
		}
		test := Test{Offence: key.offence, Against: name, Days: key.days, Share: key.share, Ours: t.rows[ours].Hits, Theirs: t.rows[key].Hits}
		test.Low, test.High, test.P = paired(t.daily[ours], t.daily[key], block, o.Replicates, o.Seed)
		out.Tests = append(out.Tests, test)
	}
}
