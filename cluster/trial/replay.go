package trial

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/rule"
	"spreewatch/cluster/scales"
	"spreewatch/geo"
)

// replay finds the sprees of every night for every setting, of the past and of its
// shuffles, holds the settings to the asked rate of false ones, follows the sprees
// through their lives, and measures.
func (b *bench) replay(ctx context.Context, scan *scales.Scan, trials []Trial) error {
	found, err := b.search(ctx, scan, trials)
	if err != nil {
		return err
	}
	shams := make([]sham, b.o.shuffles(len(b.nights)))
	own := b.apart()
	for r := range shams {
		sham, err := await(ctx, func() *bench {
			past := scales.Shuffled(own, b.o.Seed, uint64(r))
			cluster.SortIncidents(past)
			return newBench(b.offence, past, b.nights, b.o, b.meter).only(b.piece)
		})
		if err != nil {
			return err
		}
		shams[r].bench = sham
		scan, err := sham.scan(ctx, sham.incidents)
		if err != nil {
			return err
		}
		if shams[r].found, err = shams[r].bench.search(ctx, scan, trials); err != nil {
			return err
		}
	}
	return each(ctx, len(trials), func(k int) error {
		t := &trials[k]
		n := newNull(t, k, shams)
		var each float64
		if t.Method == cluster.MethodScan {
			t.Threshold, t.False, each = n.threshold(ctx, b.o.AlertsPerWeek)
			b.curve(ctx, t, n, each, found[k])
		} else {
			t.False = n.rate(ctx, 0)
		}
		t.EqualRate = t.Method == cluster.MethodScan && t.False >= full*b.o.AlertsPerWeek
		t.null = n.alerts(ctx, t.Threshold)
		t.Halves = n.halves(t.null)
		b.measure(t, b.follow(ctx, t, found[k], t.Threshold))
		if t.Method == cluster.MethodRule {
			t.Curve = []CurvePoint{{t.False, t.Alerts, t.Delay.Median}}
		}
		return ctx.Err()
	})
}

// apart are the incidents with an ID for each: where times are shuffled over places,
// two that were said of one may be known on one night.
func (b *bench) apart() []cluster.Incident {
	out := slices.Clone(b.incidents)
	for i := range out {
		if n := slices.Index(b.before[out[i].ID], i); n >= 0 {
			out[i].ID = fmt.Sprintf("%s before %d", out[i].ID, n)
		}
	}
	cluster.SortIncidents(out)
	return out
}

// A sham is a past whose times are shuffled over its places, and what is found in it
// by setting and night.
type sham struct {
	bench *bench
	found [][][]cluster.Spree
}

// search finds the sprees of every setting on every night.
func (b *bench) search(ctx context.Context, scan *scales.Scan, trials []Trial) ([][][]cluster.Spree, error) {
	found := make([][][]cluster.Spree, len(trials))
	for k := range found {
		found[k] = make([][]cluster.Spree, len(b.nights))
	}
	err := each(ctx, len(b.nights), func(i int) error {
		defer b.meter.add(1)
		night := scan.On(b.nights[i])
		for k := range trials {
			err := ctx.Err()
			if err != nil {
				return err
			}
			if found[k][i], err = b.sprees(ctx, night, i, &trials[k]); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// A null is what the shuffled pasts raise of one setting at a threshold.
//
// The rate wanted is that of lives, as the detection follows them, which takes long.
// So thresholds are sought by counting clusters that share no incident with an
// earlier one, which are about as many, and the rate of lives at a few of them says
// how many more to count.
type null struct {
	t      *Trial
	shams  []sham
	k      int
	levels []float64           // of G, descending: thresholds to try
	counts map[float64]float64 // clusters a week that share nothing with an earlier one
	lives  map[float64]float64 // sprees raised a week
}

func newNull(t *Trial, k int, shams []sham) *null {
	n := &null{t: t, shams: shams, k: k, counts: make(map[float64]float64), lives: make(map[float64]float64)}
	for _, s := range shams {
		for _, night := range s.found[k] {
			for _, spree := range night {
				if spree.Statistic != nil {
					n.levels = append(n.levels, spree.Statistic.LLR)
				}
			}
		}
	}
	slices.Sort(n.levels)
	n.levels = slices.Compact(n.levels)
	slices.Reverse(n.levels)
	return n
}

// alerts are the sprees raised by night, shuffle after shuffle.
func (n *null) alerts(ctx context.Context, threshold float64) []float64 {
	var out []float64
	for _, s := range n.shams {
		out = append(out, s.bench.follow(ctx, n.t, s.found[n.k], threshold).alerts...)
	}
	return out
}

// halves are the sprees raised a week in the first and in the second half of the nights.
func (n *null) halves(alerts []float64) [2]float64 {
	var raised, nights [2]float64
	for at := 0; at < len(alerts); {
		all := len(n.shams[0].bench.nights)
		for i, v := range alerts[at : at+all] {
			half := 2 * i / all
			raised[half] += v
			nights[half]++
		}
		at += all
	}
	for half := range raised {
		raised[half] *= 7 / max(1, nights[half])
	}
	return raised
}

// rate is how many sprees are raised a week.
func (n *null) rate(ctx context.Context, threshold float64) float64 {
	if r, ok := n.lives[threshold]; ok {
		return r
	}
	alerts := n.alerts(ctx, threshold)
	r := 7 * sum(alerts) / float64(max(1, len(alerts)))
	n.lives[threshold] = r
	return r
}

// count is how many clusters a week share no incident with an earlier one.
func (n *null) count(threshold float64) float64 {
	if r, ok := n.counts[threshold]; ok {
		return r
	}
	fresh, nights := 0, 0
	seen := make(map[string]bool)
	for _, s := range n.shams {
		clear(seen)
		nights += len(s.found[n.k])
		for _, night := range s.found[n.k] {
			for _, spree := range night {
				if spree.Statistic != nil && spree.Statistic.LLR < threshold {
					continue
				}
				if !slices.ContainsFunc(spree.Incidents, func(id string) bool { return seen[id] }) {
					fresh++
				}
				for _, id := range spree.Incidents {
					seen[id] = true
				}
			}
		}
	}
	r := 7 * float64(fresh) / float64(max(1, nights))
	n.counts[threshold] = r
	return r
}

// least returns the G down from the greatest before more clusters are counted than
// so many a week; where none counts so many, the one that counts most. Far down there
// are fewer again, since all runs together into a few lives that never end.
func (n *null) least(perWeek float64) float64 {
	if len(n.levels) == 0 {
		return n.t.Threshold
	}
	best, most := -1, 0.0
	low := -1 // counts at most so many
	for step := 0; ; step = 2*step + 1 {
		i := min(step, len(n.levels)-1)
		count := n.count(n.levels[i])
		if count > perWeek {
			at, _ := slices.BinarySearchFunc(n.levels[low+1:i], perWeek, func(g, most float64) int {
				if n.count(g) <= most {
					return -1
				}
				return 1
			})
			if at += low; at < 0 {
				return math.Nextafter(n.levels[0], math.Inf(1))
			}
			return n.levels[at]
		}
		if count > most {
			best, most = i, count
		}
		if low = i; i == len(n.levels)-1 {
			return n.levels[max(0, best)]
		}
	}
}

// seeks is how many thresholds are followed through their lives to hold a setting at
// its rate.
const seeks = 4

// threshold returns the G at which as many sprees are raised a week, or as near to
// that as can be found without more, how many are, and how many clusters to count
// for one of them.
func (n *null) threshold(ctx context.Context, perWeek float64) (g, rate, each float64) {
	want := perWeek
	each = 1
	g = math.Inf(1)
	for range seeks {
		try := n.least(want)
		got := n.rate(ctx, try)
		if got <= perWeek && (math.IsInf(g, 1) || got > rate) {
			g, rate = try, got
		}
		if got > 0 {
			each = max(.5, n.count(try)/got)
		}
		next := perWeek * each
		if got > perWeek {
			next = min(next, want*.97)
		}
		if got <= perWeek && got >= .97*perWeek || math.Abs(next-want) < .01*want {
			break
		}
		want = next
	}
	if math.IsInf(g, 1) { // even the last try raises too many
		g = n.least(perWeek / 2)
		rate = n.rate(ctx, g)
	}
	return g, rate, each
}

// sprees are what a setting finds on a night at a threshold: by the scan, or by the
// rule where the offence has nothing to permute.
func (b *bench) sprees(ctx context.Context, night *scales.Night, i int, t *Trial) ([]cluster.Spree, error) {
	if t.Method == cluster.MethodRule {
		return b.byRule(ctx, b.incidents, b.nights[i], t.Setting)
	}
	only := night.Only(t.Offence, t.RadiusM, t.Window, t.Min)
	if only == nil {
		return nil, nil
	}
	var out []cluster.Spree
	for _, c := range only.Clusters(t.Threshold) {
		members := make([]cluster.Incident, len(c.Incidents))
		for j, id := range c.Incidents {
			members[j] = b.on(id, b.nights[i])
		}
		s, err := cluster.NewSpree(members, c.Offence, b.o.Resolution)
		if err != nil {
			return nil, fmt.Errorf("compare: %w", err)
		}
		s.Method, s.Observed, s.First = cluster.MethodScan, float64(c.Observed), b.nights[i]
		s.Statistic = &cluster.Statistic{Expected: c.Expected, LLR: c.G}
		s.Raised = cluster.Thresholds{RadiusM: c.RadiusM, Window: c.Window, MinIncidents: t.Min, AlertsPerWeek: b.o.AlertsPerWeek}
		out = append(out, s)
	}
	return out, nil
}

// byRule finds the sprees of a night by the rule.
func (b *bench) byRule(ctx context.Context, incidents []cluster.Incident, asOf time.Time, s Setting) ([]cluster.Spree, error) {
	p := cluster.Profile{Offence: s.Offence, RadiusM: s.RadiusM, Window: s.Window, MinIncidents: s.Min, Lookback: b.lookback, DecayM: s.RadiusM, DecayTime: s.Window}
	out, err := rule.Find(ctx, b.known(incidents, asOf, s), p, rule.Night{AsOf: asOf, Zone: b.o.Zone, Resolution: b.o.Resolution})
	for i := range out {
		out[i].First = asOf
	}
	return out, err
}

// known are the incidents near a night that had been reported by then. The
// incidents are by From.
func (b *bench) known(incidents []cluster.Incident, asOf time.Time, s Setting) []cluster.Incident {
	since := asOf.Add(-b.lookback - 6*s.Window - 2*oneDay)
	var out []cluster.Incident
	first, _ := slices.BinarySearchFunc(incidents, since, byFrom)
	for _, in := range incidents[first:] {
		if in.From.After(asOf) {
			break
		}
		if in.KnownOn(asOf) {
			out = append(out, in)
		}
	}
	return out
}

// near are the incidents known on a night that may belong to one of the sprees: those
// of the time about it within the setting's radius of their middles.
func (b *bench) near(previous, tonight []cluster.Spree, asOf time.Time, s Setting) []*cluster.Incident {
	limit := cluster.Chord2(s.RadiusM + 1)
	var centres []cluster.Vec
	for _, list := range [][]cluster.Spree{previous, tonight} {
		for i := range list {
			if list[i].Status != cluster.StatusEnded {
				centres = append(centres, cluster.VecOf(list[i].Centre))
			}
		}
	}
	since := asOf.Add(-b.lookback - 3*s.Window - 3*oneDay)
	var out []*cluster.Incident
	first, _ := slices.BinarySearchFunc(b.incidents, since, byFrom)
	for i := first; i < len(b.incidents) && !b.incidents[i].From.After(asOf); i++ {
		for _, c := range centres {
			if c.Chord2(b.at[i]) <= limit {
				if b.incidents[i].KnownOn(asOf) {
					out = append(out, &b.incidents[i])
				}
				break
			}
		}
	}
	return out
}

// A followed is what a setting's sprees were from night to night.
type followed struct {
	raised []Raised
	open   [][]cluster.Spree // by night, those that had not ended
	alerts []float64         // by night
}

// follow carries the sprees at or over a threshold through their lives.
func (b *bench) follow(ctx context.Context, t *Trial, found [][]cluster.Spree, threshold float64) followed {
	f := followed{open: make([][]cluster.Spree, len(b.nights)), alerts: make([]float64, len(b.nights))}
	var previous []cluster.Spree
	at := make(map[string]int) // of a life, in raised
	for i, asOf := range b.nights {
		if ctx.Err() != nil {
			return f // the caller asks ctx, too
		}
		var tonight []cluster.Spree
		for _, s := range found[i] {
			if s.Statistic == nil || s.Statistic.LLR >= threshold {
				tonight = append(tonight, s)
			}
		}
		if len(previous)+len(tonight) == 0 {
			continue
		}
		sprees, dormant := detect.Track(previous, tonight, b.near(previous, tonight, asOf, t.Setting), asOf)
		for _, s := range sprees {
			if s.Status == cluster.StatusNew {
				at[s.ID] = len(f.raised)
				f.raised = append(f.raised, b.raised(t, s, asOf))
				f.alerts[i]++
			}
			if k, ok := at[s.ID]; ok {
				f.raised[k].life = s.Life()
			}
			if s.Status != cluster.StatusEnded {
				f.open[i] = append(f.open[i], s)
			}
		}
		previous = slices.Concat(sprees, dormant)
	}
	return f
}

func (b *bench) raised(t *Trial, s cluster.Spree, asOf time.Time) Raised {
	return Raised{Spree: s, First: s.Window.Start, At: asOf, Radius: t.RadiusM}
}

// measure says how a setting did by the lives of its sprees.
func (b *bench) measure(t *Trial, f followed) {
	weeks := float64(len(b.nights)) / 7
	t.Sprees, t.alerts = f.raised, f.alerts
	t.Alerts = float64(len(f.raised)) / weeks
	t.Delay = delays(f.raised)
	t.members = make(map[string]bool)
	for k := range t.Sprees {
		r := &t.Sprees[k]
		r.Shown = b.shown(t, r.Spree, r.At)
		for _, id := range r.life {
			t.members[id] = true
		}
	}
	t.excess = make([]float64, len(b.nights))
	inside, chance, came := 0.0, 0.0, 0.0
	for i := range b.nights {
		in, all, expected := b.inside(t, f.open[i], b.nights[i])
		inside, came, chance = inside+in, came+all, chance+expected
		t.excess[i] = in - expected
		t.Patrol += float64(len(cells(f.open[i]))*b.o.Shifts) * b.o.Dwell.Minutes() / weeks
	}
	if came > 0 {
		t.Inside, t.Chance = inside/came, chance/came
	}
}

// cells are those of the sprees, each once.
func cells(sprees []cluster.Spree) map[geo.Cell]bool {
	out := make(map[geo.Cell]bool)
	for _, s := range sprees {
		for _, c := range s.Zone {
			out[c] = true
		}
	}
	return out
}

func delays(raised []Raised) Quartiles {
	var hours []float64
	for _, r := range raised {
		hours = append(hours, r.At.Sub(r.First).Hours())
	}
	return quartiles(hours)
}

// inside counts the incidents of the 24 hours after a night, those of them in the
// circles of open sprees, and how many would be there by what the places held
// before the sprees.
func (b *bench) inside(t *Trial, open []cluster.Spree, asOf time.Time) (in, all, expected float64) {
	limit := cluster.Chord2(t.RadiusM)
	var centres []cluster.Vec
	for _, s := range open {
		centres = append(centres, cluster.VecOf(s.Centre))
	}
	holds := func(i int) bool {
		return slices.ContainsFunc(centres, func(c cluster.Vec) bool { return c.Chord2(b.at[i]) <= limit })
	}
	first, _ := slices.BinarySearchFunc(b.incidents, asOf.Add(-scales.DefaultOptions().History), byFrom)
	before := asOf.Add(-b.lookback - t.Window)
	there, past := 0.0, 0.0
	for i := first; i < len(b.incidents); i++ {
		from := b.incidents[i].From
		switch {
		case !b.incidents[i].Until.IsZero(): // what came is what stands
		case from.After(asOf.Add(oneDay)):
			i = len(b.incidents)
		case from.After(asOf):
			all++
			if holds(i) {
				in++
			}
		case len(centres) > 0 && from.Before(before):
			past++
			if holds(i) {
				there++
			}
		}
	}
	if past > 0 {
		expected = all * there / past
	}
	return in, all, expected
}

// shown finds the report with which a spree was first one: the incidents known by
// then, in its circle and window, met the threshold.
func (b *bench) shown(t *Trial, s cluster.Spree, asOf time.Time) Shown {
	members := make([]cluster.Incident, len(s.Incidents))
	for k, id := range s.Incidents {
		members[k] = b.on(id, asOf)
	}
	slices.SortStableFunc(members, func(a, c cluster.Incident) int { return cmp.Compare(a.Reported, c.Reported) })
	nth := min(len(members), t.Min)
	if t.Method == cluster.MethodScan {
		nth = b.reaches(t, s, members, asOf)
	}
	last := members[nth-1]
	return Shown{Incident: last.ID, Nth: nth, Of: len(members), At: last.Reported.Time()}
}

// reaches returns how many of the members, in the order in which they became known,
// make the threshold.
func (b *bench) reaches(t *Trial, s cluster.Spree, members []cluster.Incident, asOf time.Time) int {
	limit, centre := cluster.Chord2(t.RadiusM), cluster.VecOf(s.Centre)
	middle := func(in cluster.Incident) time.Time {
		w := cluster.UpTo(in, asOf)
		return w.Start.Add(w.Duration() / 2)
	}
	var end time.Time
	for _, m := range members {
		if at := middle(m); at.After(end) {
			end = at
		}
	}
	start := end.Add(-t.Window)
	in, window, all := make([]int, len(members)), make([]int, len(members)), make([]int, len(members))
	first, _ := slices.BinarySearchFunc(b.incidents, asOf.Add(-scales.DefaultOptions().History), byFrom)
	for i := first; i < len(b.incidents) && !b.incidents[i].From.After(asOf); i++ {
		near := centre.Chord2(b.at[i]) <= limit
		at := middle(b.incidents[i])
		add := func(when cluster.Instant, n int) {
			k, _ := slices.BinarySearchFunc(members, when, func(m cluster.Incident, at cluster.Instant) int { return cmp.Compare(m.Reported, at) })
			if k == len(members) {
				return
			}
			all[k] += n
			if near {
				in[k] += n
			}
			if at.After(start) && !at.After(end) {
				window[k] += n
			}
		}
		add(b.incidents[i].Reported, 1)
		if until := b.incidents[i].Until; !until.IsZero() {
			add(until, -1)
		}
	}
	for k := range members {
		if k > 0 {
			all[k], in[k], window[k] = all[k]+all[k-1], in[k]+in[k-1], window[k]+window[k-1]
		}
		c := k + 1
		if c >= t.Min && scales.G(c, max(c, in[k]), max(c, window[k]), max(c, all[k])) >= t.Threshold {
			return c
		}
	}
	return len(members)
}

// curve follows the sprees at several rates of false ones, each being how many
// clusters are counted for a spree that is raised.
func (b *bench) curve(ctx context.Context, t *Trial, n *null, each float64, found [][]cluster.Spree) {
	weeks := float64(len(b.nights)) / 7
	for _, part := range curveRates {
		threshold := n.least(part * b.o.AlertsPerWeek * each)
		p := CurvePoint{False: n.count(threshold) / each}
		if part == 1 {
			threshold, p.False = t.Threshold, t.False
		}
		if k := len(t.Curve); k > 0 && t.Curve[k-1].False >= p.False {
			continue // its own minimum yields no more
		}
		raised := b.follow(ctx, t, found, threshold).raised
		p.Alerts, p.DelayH = float64(len(raised))/weeks, delays(raised).Median
		t.Curve = append(t.Curve, p)
	}
}

// stability replays the scan with the incidents turned and shifted under the
// lattice of circles, and compares the incidents that are in sprees. The rule has no
// lattice.
func (b *bench) stability(ctx context.Context, trials []Trial) error {
	sums := make([]float64, len(trials))
	for k := range trials {
		if trials[k].Method == cluster.MethodRule && len(trials[k].Sprees) > 0 {
			trials[k].Stability = 1
		}
	}
	byScan := slices.ContainsFunc(trials, func(t Trial) bool { return t.Method == cluster.MethodScan })
	for r := range b.o.Rotations {
		if !byScan {
			b.meter.add(len(b.nights))
			continue
		}
		again, err := b.again(ctx, b.turned(r), trials)
		if err != nil {
			return err
		}
		for k := range trials {
			sums[k] += kept(&trials[k], b.nights, again[k])
		}
	}
	for k := range trials {
		if trials[k].Method == cluster.MethodScan && len(trials[k].Sprees) > 0 && b.o.Rotations > 0 {
			trials[k].Stability = sums[k] / float64(b.o.Rotations)
		}
	}
	return nil
}

// again scans other incidents on the nights on which the trials raised something, and
// returns, by trial and night, the incidents that are in sprees then.
func (b *bench) again(ctx context.Context, incidents []cluster.Incident, trials []Trial) ([][]map[string]bool, error) {
	scan, err := b.scan(ctx, incidents)
	if err != nil {
		return nil, err
	}
	again := make([][]map[string]bool, len(trials))
	for k := range again {
		again[k] = make([]map[string]bool, len(b.nights))
	}
	err = each(ctx, len(b.nights), func(i int) error {
		defer b.meter.add(1)
		var night *scales.Night
		for k := range trials {
			t := &trials[k]
			if t.Method == cluster.MethodRule || t.alerts[i] == 0 {
				continue
			}
			if night == nil {
				night = scan.On(b.nights[i])
			}
			again[k][i] = make(map[string]bool)
			if only := night.Only(t.Offence, t.RadiusM, t.Window, t.Min); only != nil {
				for _, c := range only.Clusters(t.Threshold) {
					for _, id := range c.Incidents {
						again[k][i][id] = true
					}
				}
			}
		}
		return nil
	})
	return again, err
}

// kept is the mean share, over the sprees of a setting, of the incidents that are in
// sprees of the same night again.
func kept(t *Trial, nights []time.Time, again []map[string]bool) float64 {
	if len(t.Sprees) == 0 {
		return 0
	}
	sum := 0.0
	for _, r := range t.Sprees {
		i, _ := slices.BinarySearchFunc(nights, r.At, time.Time.Compare)
		n := 0
		for _, id := range r.Spree.Incidents {
			if again[i][id] {
				n++
			}
		}
		sum += float64(n) / float64(len(r.Spree.Incidents))
	}
	return sum / float64(len(t.Sprees))
}

// turned are the incidents turned about their middle and moved, so that the same
// burst lies otherwise to the circles of the lattice.
func (b *bench) turned(r int) []cluster.Incident {
	var sum cluster.Vec
	for _, v := range b.at {
		for axis := range sum {
			sum[axis] += v[axis]
		}
	}
	if sum.Dot(sum) == 0 {
		return b.incidents
	}
	axis := sum.Unit()
	draw := func(n uint64) float64 { return float64(cluster.Mix(b.o.Seed^uint64(r+1)<<32^n)>>11) / (1 << 53) }
	turn := 2 * math.Pi * draw(1)
	side := axis.Cross(cluster.Vec{0.36, 0.48, 0.8}).Unit()
	shift := b.widest * (.3 + .7*draw(2)) / earthRadius
	out := slices.Clone(b.incidents)
	for i := range out {
		out[i].Point = rotate(rotate(b.at[i], axis, turn), side, shift).Point()
	}
	return out
}

// rotate turns v about the axis by an angle (Rodrigues 1840).
func rotate(v, axis cluster.Vec, angle float64) cluster.Vec {
	sin, cos := math.Sincos(angle)
	cross, along := axis.Cross(v), axis.Dot(v)*(1-cos)
	for k := range v {
		v[k] = v[k]*cos + cross[k]*sin + axis[k]*along
	}
	return v
}

// byFrom compares an incident's begin with a moment.
func byFrom(in cluster.Incident, at time.Time) int { return in.From.Time().Compare(at) }
