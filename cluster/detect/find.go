package detect

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/rule"
	"spreewatch/cluster/scales"
	"spreewatch/geo"
)

// The scales that are looked at beside those of the profiles. A burst in between
// is seen by its neighbours nearly as well.
var (
	ladderRadii   = []float64{250, 500, 1000, 2000, 4000, 8000, 12_000} // metres
	ladderWindows = []time.Duration{3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 96 * time.Hour, 168 * time.Hour}
)

// A finder finds the sprees of one night.
type finder struct {
	o         Options
	incidents []*cluster.Incident
	first     time.Time // when the first incident began
	tonight   *scales.Night

	sprees      []cluster.Spree
	notes       []Note
	calibration Calibration
	nights      []NullNight
}

func newFinder(usable []*cluster.Incident, o Options) *finder {
	f := &finder{o: o, incidents: usable}
	if len(usable) > 0 {
		f.first = usable[0].From.Time() // they are by From
	}
	return f
}

// find runs the scan at its threshold, and the rule where the scan cannot speak.
func (f *finder) find(ctx context.Context) error {
	if f.o.Replicates > 0 && len(f.incidents) > 0 {
		if err := f.byScan(ctx); err != nil {
			return err
		}
	}
	if err := f.byRule(ctx); err != nil {
		return err
	}
	for i := range f.sprees {
		f.sprees[i].First = f.o.AsOf
	}
	sortSprees(f.sprees)
	return nil
}

// byRule takes what the rules of the offences find where the scan cannot speak: the
// rules side by side, and what they found one after the other.
func (f *finder) byRule(ctx context.Context) error {
	type ruled struct {
		own   []cluster.Incident
		past  int
		found []cluster.Spree
		err   error
	}
	profiles := sortedProfiles(f.o.Profiles)
	of := make([]ruled, len(profiles))
	geo.Each(runtime.GOMAXPROCS(0), len(profiles), func(_, i int) {
		p, r := &profiles[i], &of[i]
		if f.o.Lookback > 0 {
			p.Lookback = f.o.Lookback
		}
		if r.past = f.past(*p); f.calibration.Calibrated && r.past >= guarded*scales.DefaultOptions().Least {
			return
		}
		if r.own = f.of(p.Offence, f.o.AsOf.Add(-p.Lookback-6*p.Window-24*time.Hour)); len(r.own) > 0 {
			r.found, r.err = rule.Find(ctx, r.own, *p, rule.Night{AsOf: f.o.AsOf, Zone: f.o.Zone, Resolution: f.o.Resolution})
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, p := range profiles {
		r := of[i]
		if r.err != nil {
			return fmt.Errorf("rule of %s: %w", p.Offence, r.err)
		}
		f.notes = append(f.notes, leftOutOfRule(r.own, p)...)
		for _, s := range r.found {
			if f.stands(s, r.past, p) {
				f.sprees = append(f.sprees, s)
			}
		}
	}
	return nil
}

// past counts the incidents of an offence in the scan's history that were there
// before a burst of tonight could have begun: with few of them there is nothing to
// permute, and only the rule sees that the burst is the offence.
func (f *finder) past(p cluster.Profile) int {
	n := 0
	for _, in := range f.incidents {
		if in.Offence != p.Offence {
			continue
		}
		if age := f.o.AsOf.Sub(in.From.Time()); age > p.Lookback+p.Window && age <= scales.DefaultOptions().History {
			n++
		}
	}
	return n
}

// of returns the incidents of an offence that had not ended by a moment.
func (f *finder) of(offence string, since time.Time) []cluster.Incident {
	var own []cluster.Incident
	for _, in := range f.incidents {
		if in.Offence == offence && !in.To.Before(since) {
			own = append(own, *in)
		}
	}
	return own
}

// guarded times the least that a scan takes is the past up to which the rule speaks
// beside it, where its spree is more than the offence's own rate brings.
const guarded = 3

// rareNight is the chance of so many in one night at the offence's own rate, under
// which the rule speaks where the scan can.
const rareNight = 0.005

// stands reports whether a spree of the rule is raised: always where nothing is
// calibrated or the past is thin, and else when the whole offence would hardly
// bring so many in a window of the night, wherever they lie. What the scan found
// itself it says itself.
func (f *finder) stands(s cluster.Spree, past int, p cluster.Profile) bool {
	if !f.calibration.Calibrated {
		return true
	}
	for _, o := range f.sprees {
		if o.Offence == s.Offence && slices.ContainsFunc(s.Incidents, func(id string) bool {
			_, ok := slices.BinarySearch(o.Incidents, id)
			return ok
		}) {
			return false
		}
	}
	if past < scales.DefaultOptions().Least {
		return true
	}
	days := min(scales.DefaultOptions().History, f.o.AsOf.Sub(f.first)) - p.Lookback - p.Window
	rate := float64(past) / float64(days) * float64(p.Window)
	windows := 1 + float64(p.Lookback)/float64(p.Window)
	return windows*poissonTail(len(s.Incidents), rate) <= rareNight
}

// poissonTail is the chance of n or more where so many are expected.
func poissonTail(n int, mean float64) float64 {
	term, below := math.Exp(-mean), 0.0
	for k := range n {
		below += term
		term *= mean / float64(k+1)
	}
	return max(0, 1-below)
}

// leftOutOfRule says how many incidents of an offence its rule could not use:
// those placed less closely than its circle, and those whose time is known to no
// better than two of its windows.
func leftOutOfRule(incidents []cluster.Incident, p cluster.Profile) []Note {
	wide, long := 0, 0
	for _, in := range incidents {
		switch {
		case in.RadiusM > p.RadiusM:
			wide++
		case in.To.Sub(in.From) > 2*p.Window:
			long++
		}
	}
	var notes []Note
	for _, n := range counted(NoteTooWide, wide) {
		n.Offence, n.RadiusM = p.Offence, p.RadiusM
		notes = append(notes, n)
	}
	for _, n := range counted(NoteTooLong, long) {
		n.Offence, n.Window = p.Offence, p.Window
		notes = append(notes, n)
	}
	return notes
}

// byScan calibrates the scan and takes what reaches the threshold.
func (f *finder) byScan(ctx context.Context) error {
	if err := f.calibrate(ctx); err != nil || !f.calibration.Calibrated {
		return err
	}
	clusters := f.tonight.Clusters(f.calibration.Threshold)
	levels := []float64{f.tonight.Best()}
	for _, c := range clusters {
		levels = append(levels, c.G)
	}
	p, err := f.chances(ctx, levels)
	if err != nil {
		return err
	}
	f.calibration.P, f.calibration.Recurrence = p[0].p, daysLong(1/p[0].p)
	byID := make(map[string]*cluster.Incident)
	for _, c := range clusters {
		for _, id := range c.Incidents {
			byID[id] = nil
		}
	}
	for _, in := range f.incidents {
		if _, ok := byID[in.ID]; ok {
			byID[in.ID] = in
		}
	}
	for i, c := range clusters {
		s, err := f.spree(c, byID, p[i+1])
		if err != nil {
			return err
		}
		f.sprees = append(f.sprees, s)
	}
	return nil
}

func (f *finder) scanOptions() scales.Options {
	o := scales.DefaultOptions()
	o.Seed = f.o.Seed
	return o
}

// strata are the offences that have a profile, each with its scales: the ladder's,
// and its profile's own in place of those that are nearly the same.
func (f *finder) strata() []scales.Stratum {
	since := f.o.AsOf.Add(-scales.DefaultOptions().History - (nullNights+1)*scales.Day)
	byOffence := make(map[string][]cluster.Incident)
	from, _ := slices.BinarySearchFunc(f.incidents, since, func(in *cluster.Incident, t time.Time) int { return in.From.Time().Compare(t) })
	count := make(map[string]int)
	for _, in := range f.incidents[from:] {
		count[in.Offence]++
	}
	for _, in := range f.incidents[from:] {
		if in.Unsure {
			continue
		}
		if byOffence[in.Offence] == nil {
			byOffence[in.Offence] = make([]cluster.Incident, 0, count[in.Offence])
		}
		byOffence[in.Offence] = append(byOffence[in.Offence], *in)
	}
	var strata []scales.Stratum
	for _, p := range sortedProfiles(f.o.Profiles) {
		lookback := p.Lookback
		if f.o.Lookback > 0 {
			lookback = f.o.Lookback
		}
		strata = append(strata, scales.Stratum{
			Offence: p.Offence, MinIncidents: max(p.MinIncidents, f.o.MinCases), Lookback: lookback,
			Radii:   ladder(ladderRadii, f.o.MaxRadiusM, p.RadiusM),
			Windows: ladder(ladderWindows, f.o.MaxWindow, p.Window), Incidents: byOffence[p.Offence],
		})
	}
	return strata
}

// ladder returns the steps up to the most, and the profile's own in place of those
// that are within a quarter of it.
func ladder[T ~float64 | ~int64](steps []T, most, own T) []T {
	out := []T{own}
	for _, s := range steps {
		if s <= most && (4*s < 3*own || 4*s > 5*own) {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

// spree makes a spree of a cluster: all that it says is of the cluster's circle
// and window.
func (f *finder) spree(c scales.Cluster, byID map[string]*cluster.Incident, chance chance) (cluster.Spree, error) {
	members := make([]cluster.Incident, len(c.Incidents))
	confidence := 0.0
	for i, id := range c.Incidents {
		members[i] = *byID[id]
		confidence += members[i].Confidence * (1 - members[i].RadiusM/(2*c.RadiusM))
	}
	s, err := cluster.NewSpree(members, c.Offence, f.o.Resolution)
	if err != nil {
		return cluster.Spree{}, err
	}
	s.Joined = f.unsureIn(c)
	s.Method, s.Observed, s.Confidence = cluster.MethodScan, float64(c.Observed), confidence/float64(len(members))
	s.Statistic = &cluster.Statistic{Expected: c.Expected, LLR: c.G, P: chance.p, PMethod: chance.method, Recurrence: daysLong(1 / chance.p)}
	s.Raised = cluster.Thresholds{RadiusM: c.RadiusM, Window: c.Window, MinIncidents: f.o.MinCases, AlertsPerWeek: f.o.AlertsPerWeek}
	for _, p := range f.o.Profiles {
		if p.Offence == c.Offence {
			s.Raised.MinIncidents = max(s.Raised.MinIncidents, p.MinIncidents)
		}
	}
	return s, nil
}

// unsureIn returns the incidents in a cluster's circle and window whose place a
// person has still to see: they made nothing of it, and are of its life.
func (f *finder) unsureIn(c scales.Cluster) []string {
	var joined []string
	for _, in := range f.incidents {
		if in.Unsure && in.Offence == c.Offence && in.From.After(c.From) && !in.From.After(c.To) && in.RadiusM <= c.RadiusM &&
			geo.Distance(in.Point, c.Centre) <= c.RadiusM {
			joined = append(joined, in.ID)
		}
	}
	slices.Sort(joined)
	return joined
}

// sortSprees sorts the sprees that the scan found first, the least likely by
// chance first; then those of the rule, most incidents first.
func sortSprees(sprees []cluster.Spree) {
	strength := func(s cluster.Spree) (p, llr float64) {
		if s.Statistic == nil {
			return 2, 0
		}
		return s.Statistic.P, s.Statistic.LLR
	}
	slices.SortFunc(sprees, func(a, b cluster.Spree) int {
		aP, aLLR := strength(a)
		bP, bLLR := strength(b)
		return cmp.Or(
			cmp.Compare(aP, bP),
			cmp.Compare(bLLR, aLLR),
			cmp.Compare(len(b.Incidents), len(a.Incidents)),
			cmp.Compare(b.Observed, a.Observed),
			a.Window.Start.Compare(b.Window.Start),
			cmp.Compare(a.ID, b.ID),
		)
	})
}
