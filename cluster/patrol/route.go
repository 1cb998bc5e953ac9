package patrol

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A Unit is a car or a pair on foot that can be sent out in a shift.
type Unit struct {
	Name  string
	Start orb.Point // where each shift starts and ends
	Shift string    // name of the shift it works; "" for every one
}

// RouteOptions are the settings of the routes.
type RouteOptions struct {
	SpeedKmh float64 // on the road
	Detour   float64 // metres on the road for each of the great circle
	Restarts int     // of the search, each from other insertions: they end it, and no clock does
	Seed     uint64
}

// DefaultRouteOptions drive at 30 km/h, 1.3 m for each metre as the crow flies.
func DefaultRouteOptions() RouteOptions {
	return RouteOptions{SpeedKmh: 30, Detour: 1.3, Restarts: 24, Seed: 1}
}

// Validate refuses settings that mean nothing.
func (o RouteOptions) Validate() error {
	switch {
	case !(o.SpeedKmh > 0 && o.SpeedKmh <= 200):
		return fmt.Errorf("routes: the speed must be over 0 and at most 200 km/h")
	case !(o.Detour >= 1 && o.Detour <= 10):
		return fmt.Errorf("routes: the detour must be 1 to 10")
	case o.Restarts < 1:
		return fmt.Errorf("routes: at least one start of the search")
	}
	return nil
}

// A Stop is one visit.
type Stop struct {
	Suggestion string // ID of that whose area it is
	At         cluster.Window
	Point      orb.Point // the middle of the area
	Metres     float64   // on the road, from the stop before or the unit's start
}

// A Route is what one unit drives in one shift, from its start and back to it.
type Route struct {
	Unit   Unit
	Shift  string         // with its date: "late 2015-09-17"
	Window cluster.Window // of the shift, less what the unit works in an earlier one
	Stops  []Stop         // in order; none where no area can be reached
	Leave  time.Time      // from its start, to be in time at the first stop; zero without stops
	Back   time.Time      // at its start
	Metres float64        // on the road
	Risk   float64        // of the visits
}

// A job is a visit that is worth making, within its part of a time band.
type job struct {
	id    string // of the suggestion
	at    orb.Point
	gain  float64
	band  cluster.Window
	dwell time.Duration
}

// Routes sends the units of each shift round the suggested areas so that those
// visited hold as much risk as can be: a team orienteering problem with time
// windows (Chao, Golden & Wasil 1996; Vansteenwegen and others 2009), by insertion,
// Or-opt, 2-opt and swaps from many starts. Each visit that an area is suggested for
// is one in its own part of the time band, collects its share of the risk, and is
// made by one unit, which stays the dwell. No route starts before the shift or ends
// after it, and of shifts that overlap a unit works the second when it is back from
// the first. The search ends after a number of starts, at no time of the clock: the
// same seed gives the same routes on every machine. As each unit is added to what the
// others do without it, one more never collects less in its shift.
func Routes(ctx context.Context, suggestions []Suggestion, units []Unit, shifts map[string]cluster.Window, o RouteOptions) ([]Route, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	byShift := map[string][]Suggestion{}
	for _, s := range suggestions {
		byShift[s.Shift] = append(byShift[s.Shift], s)
	}
	var out []Route
	free := map[string]time.Time{} // from when on a unit is, by its name
	for _, name := range sortedKeys(shifts) {
		crew := crewOf(units, name, shifts[name], free)
		if len(crew) == 0 {
			continue
		}
		var jobs []job
		for _, s := range byShift[name] {
			jobs = append(jobs, visitsOf(s)...)
		}
		routes, err := team(ctx, jobs, crew, o)
		if err != nil {
			return nil, err
		}
		for _, r := range routes {
			r.Shift = name
			if len(r.Stops) > 0 {
				free[r.Unit.Name] = r.Back
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// visitsOf are the visits to an area, each in its part of the time band.
func visitsOf(s Suggestion) []job {
	n := s.Visits
	if s.Dwell > 0 {
		n = min(n, int(s.Band.Duration()/s.Dwell))
	}
	n = max(n, 1)
	part := s.Band.Duration() / time.Duration(n)
	jobs := make([]job, n)
	for k := range jobs {
		from := s.Band.Start.Add(time.Duration(k) * part)
		jobs[k] = job{s.ID, s.Cell.Centre(), s.Risk / float64(n), cluster.Window{Start: from, End: from.Add(part)}, s.Dwell}
	}
	return jobs
}

// A member is a unit with the time in which it can be out.
type member struct {
	Unit
	window cluster.Window
}

// crewOf are the units of a shift, by name. Of shifts that overlap a unit works the
// earlier one to the end of its route, and what is left of the other.
func crewOf(units []Unit, duty string, shift cluster.Window, free map[string]time.Time) []member {
	var crew []member
	for _, u := range units {
		if u.Shift != "" && u.Shift != shiftName(duty) {
			continue
		}
		m := member{u, shift}
		if at := free[u.Name]; at.After(shift.Start) {
			m.window.Start = at
		}
		if m.window.Start.Before(shift.End) {
			crew = append(crew, m)
		}
	}
	slices.SortStableFunc(crew, func(a, b member) int { return cmp.Compare(a.Name, b.Name) })
	return crew
}

// shiftName is the name of a shift without its date: "late 2015-09-17".
func shiftName(duty string) string {
	if n := len(duty) - len(" 2006-01-02"); n > 0 {
		return duty[:n]
	}
	return duty
}

func sortedKeys(m map[string]cluster.Window) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(m[a].Start.Compare(m[b].Start), cmp.Compare(a, b)) })
	return keys
}

// A crewPlan is what each unit does.
type crewPlan struct {
	tours []tour
	done  []bool
	gain  float64
	drive float64 // metres of all tours, which break ties
}

// A tour is which jobs a unit does, in order. Times are since the router's zero.
type tour struct {
	jobs   []int
	begins []time.Duration // of each visit
	latest []time.Duration // at which each could begin without another coming too late
	metres float64
}

// A router knows the ways between the units' starts and the jobs.
type router struct {
	jobs  []job
	units []member
	o     RouteOptions
	zero  time.Time
	open  []time.Duration   // of each job's band
	close []time.Duration   // the latest begin of a visit in it
	way   [][]float64       // metres on the road: jobs, then units
	ride  [][]time.Duration // how long that takes
	try   tour              // room to schedule in
}

func newRouter(jobs []job, units []member, o RouteOptions) *router {
	r := &router{jobs: jobs, units: units, o: o}
	if len(units) > 0 {
		r.zero = units[0].window.Start
	}
	points := make([]orb.Point, 0, len(jobs)+len(units))
	for _, j := range jobs {
		points = append(points, j.at)
		r.open = append(r.open, j.band.Start.Sub(r.zero))
		r.close = append(r.close, j.band.End.Sub(r.zero)-j.dwell)
	}
	for _, u := range units {
		points = append(points, u.Start)
	}
	for i := range points {
		r.way, r.ride = append(r.way, make([]float64, len(points))), append(r.ride, make([]time.Duration, len(points)))
		for k := range points {
			r.way[i][k] = geo.Distance(points[i], points[k]) * o.Detour
			r.ride[i][k] = time.Duration(r.way[i][k] / (o.SpeedKmh / 3.6) * float64(time.Second))
		}
	}
	return r
}

func team(ctx context.Context, jobs []job, units []member, o RouteOptions) ([]Route, error) {
	r := newRouter(jobs, units, o)
	// The best plan of the first k units is a start for that of k+1, so that one
	// more never collects less.
	best := crewPlan{done: make([]bool, len(jobs))}
	for range units {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		best.tours = append(best.tours, tour{})
		best = r.search(best)
	}
	routes := make([]Route, len(units))
	for u := range units {
		routes[u] = r.route(u, best.tours[u])
	}
	return routes, nil
}

// search improves the plan from many starts and returns the best.
func (r *router) search(from crewPlan) crewPlan {
	units := len(from.tours)
	best := r.improve(copyPlan(from))
	// Small ones cost nothing, and of large ones each costs more.
	n := float64(1 + len(r.jobs))
	restarts := int(math.Ceil(float64(r.o.Restarts) * max(min(1, 100/n), 800/(n*n))))
	if units < len(r.units) {
		restarts = 1 + restarts/4 // the last word is that of all units
	}
	for restart := range restarts {
		rng := rand.New(rand.NewPCG(r.o.Seed, uint64(restart*1000+units)))
		var p crewPlan
		switch restart % 3 {
		case 0:
			p = r.shake(best, rng)
		case 1:
			p = r.empty(units)
			r.insertAll(&p, rng)
		default:
			p = r.scatter(units, rng)
		}
		if p = r.improve(p); better(p, best) {
			best = p
		}
	}
	return best
}

func better(a, b crewPlan) bool {
	const slight = 1e-12
	return a.gain > b.gain+slight || a.gain > b.gain-slight && a.drive < b.drive-1e-6
}

func (r *router) empty(units int) crewPlan {
	return crewPlan{tours: make([]tour, units), done: make([]bool, len(r.jobs))}
}

func copyPlan(p crewPlan) crewPlan {
	out := crewPlan{tours: make([]tour, len(p.tours)), done: slices.Clone(p.done), gain: p.gain, drive: p.drive}
	for u, t := range p.tours {
		out.tours[u] = t.clone()
	}
	return out
}

func (t tour) clone() tour {
	return tour{slices.Clone(t.jobs), slices.Clone(t.begins), slices.Clone(t.latest), t.metres}
}

// shake takes about a third of the visits out and fills up again.
func (r *router) shake(p crewPlan, rng *rand.Rand) crewPlan {
	out := copyPlan(p)
	for u := range out.tours {
		jobs := slices.DeleteFunc(out.tours[u].jobs, func(j int) bool {
			drop := rng.IntN(3) == 0
			if drop {
				out.done[j] = false
			}
			return drop
		})
		r.schedule(u, jobs, &out.tours[u])
	}
	r.insertAll(&out, rng)
	return out
}

// scatter puts jobs in by chance: in any order, with any unit, anywhere that holds.
func (r *router) scatter(units int, rng *rand.Rand) crewPlan {
	p := r.empty(units)
	for _, j := range rng.Perm(len(r.jobs)) {
		u := rng.IntN(units)
		at := rng.IntN(len(p.tours[u].jobs) + 1)
		if _, ok := r.inserted(u, &p.tours[u], at, j); ok && r.jobs[j].gain > 0 {
			r.insert(&p, u, at, j)
		}
	}
	r.insertAll(&p, nil)
	return p
}

// schedule makes the tour of the jobs in their order, each as early as can be, and
// reports whether it keeps to the bands and the unit's time. Where it does not, the
// tour holds nothing of use.
func (r *router) schedule(u int, jobs []int, t *tour) bool {
	home := len(r.jobs) + u
	t.jobs, t.metres = append(t.jobs[:0], jobs...), 0
	t.begins, t.latest = slices.Grow(t.begins[:0], len(jobs))[:len(jobs)], slices.Grow(t.latest[:0], len(jobs))[:len(jobs)]
	place, free := home, r.units[u].window.Start.Sub(r.zero)
	for k, j := range jobs {
		t.metres += r.way[place][j]
		t.begins[k] = max(free+r.ride[place][j], r.open[j])
		if t.begins[k] > r.close[j] {
			return false
		}
		place, free = j, t.begins[k]+r.jobs[j].dwell
	}
	t.metres += r.way[place][home]
	by := r.units[u].window.End.Sub(r.zero) // at the next place
	if len(jobs) > 0 && free+r.ride[place][home] > by {
		return false
	}
	place = home
	for k, j := range slices.Backward(jobs) {
		t.latest[k] = min(r.close[j], by-r.ride[j][place]-r.jobs[j].dwell)
		place, by = j, t.latest[k]
	}
	return true
}

// inserted returns by how many metres the tour would grow with a job before the
// one at the place, and whether it would hold.
func (r *router) inserted(u int, t *tour, at, j int) (metres float64, ok bool) {
	home := len(r.jobs) + u
	before, after, free, by := home, home, r.units[u].window.Start.Sub(r.zero), r.units[u].window.End.Sub(r.zero)
	if at > 0 {
		before = t.jobs[at-1]
		free = t.begins[at-1] + r.jobs[before].dwell
	}
	if at < len(t.jobs) {
		after, by = t.jobs[at], t.latest[at]
	}
	begin := max(free+r.ride[before][j], r.open[j])
	if begin > r.close[j] || begin+r.jobs[j].dwell+r.ride[j][after] > by {
		return 0, false
	}
	return r.way[before][j] + r.way[j][after] - r.way[before][after], true
}

func (r *router) insert(p *crewPlan, u, at, j int) {
	t := &p.tours[u]
	r.schedule(u, slices.Insert(slices.Clone(t.jobs), at, j), t)
	p.done[j] = true
}

// A spot is where in a tour a job is put in best.
type spot struct {
	at    int
	worth float64 // 0 where it cannot be
}

// bestSpot finds it, by what the job gains for the time it adds.
func (r *router) bestSpot(u int, t *tour, j int) (best spot) {
	for at := 0; at <= len(t.jobs); at++ {
		metres, ok := r.inserted(u, t, at, j)
		if !ok {
			continue
		}
		minutes := metres / (r.o.SpeedKmh / 3.6) / 60
		if worth := r.jobs[j].gain / (1 + minutes + r.jobs[j].dwell.Minutes()); worth > best.worth {
			best = spot{at, worth}
		}
	}
	return best
}

// insertAll puts in, again and again, the job that gains most for the way it adds,
// or with a rng now and then another.
func (r *router) insertAll(p *crewPlan, rng *rand.Rand) {
	liking := make([]float64, len(r.jobs))
	for j := range liking {
		liking[j] = 1
		if rng != nil {
			liking[j] = .1 + rng.Float64()
		}
	}
	spots := make([]spot, len(r.jobs)*len(p.tours))
	look := func(u int) {
		for j := range r.jobs {
			if !p.done[j] && r.jobs[j].gain > 0 {
				spots[j*len(p.tours)+u] = r.bestSpot(u, &p.tours[u], j)
			}
		}
	}
	for u := range p.tours {
		look(u)
	}
	for {
		pick, most := -1, 0.0
		for i, s := range spots {
			if j := i / len(p.tours); !p.done[j] && s.worth*liking[j] > most {
				pick, most = i, s.worth*liking[j]
			}
		}
		if pick < 0 {
			break
		}
		u := pick % len(p.tours)
		r.insert(p, u, spots[pick].at, pick/len(p.tours))
		look(u)
	}
	r.measure(p)
}

func (r *router) measure(p *crewPlan) {
	p.gain, p.drive = 0, 0
	for _, t := range p.tours {
		p.drive += t.metres
		for _, j := range t.jobs {
			p.gain += r.jobs[j].gain
		}
	}
}

// improve shortens the tours, fills them up and swaps what is left out for what is
// in, until nothing helps.
func (r *router) improve(p crewPlan) crewPlan {
	for u := range p.tours {
		r.schedule(u, slices.Clone(p.tours[u].jobs), &p.tours[u])
	}
	r.measure(&p)
	for {
		before := copyPlan(p)
		for u := range p.tours {
			r.shorten(u, &p.tours[u])
		}
		r.move(&p)
		r.insertAll(&p, nil)
		r.swap(&p)
		r.measure(&p)
		if !better(p, before) {
			return before
		}
	}
}

// shorten turns parts of a tour round (2-opt) and moves up to three visits
// elsewhere in it (Or-opt).
func (r *router) shorten(u int, t *tour) {
	var order []int
	again := true
	take := func() {
		if r.schedule(u, order, &r.try) && r.try.metres < t.metres-1e-6 {
			*t, r.try = r.try, *t
			again = true
		}
	}
	for again {
		again = false
		for i := range t.jobs {
			for k := i + 1; k < len(t.jobs); k++ {
				order = append(order[:0], t.jobs...)
				slices.Reverse(order[i : k+1])
				take()
			}
			for n := 1; n <= 3 && i+n <= len(t.jobs); n++ {
				for at := 0; at <= len(t.jobs)-n; at++ {
					order = moveRun(append(order[:0], t.jobs...), i, n, at)
					take()
				}
			}
		}
	}
}

// moveRun moves the n at i so that they stand at the place.
func moveRun(s []int, i, n, at int) []int {
	part := slices.Clone(s[i : i+n])
	return slices.Insert(slices.Delete(s, i, i+n), at, part...)
}

// move gives visits to another unit where that shortens the ways.
func (r *router) move(p *crewPlan) {
	for u := range p.tours {
		for i := 0; i < len(p.tours[u].jobs); i++ {
			j := p.tours[u].jobs[i]
			rest := slices.Delete(slices.Clone(p.tours[u].jobs), i, i+1)
			if !r.schedule(u, rest, &r.try) {
				continue
			}
			if to, at := r.cheaper(p, u, j, p.tours[u].metres-r.try.metres); to >= 0 {
				r.schedule(u, rest, &p.tours[u])
				r.insert(p, to, at, j)
				i--
			}
		}
	}
}

// cheaper returns the unit and place where the job adds least, under the metres
// given, −1 for none.
func (r *router) cheaper(p *crewPlan, u, j int, metres float64) (unit, at int) {
	unit = -1
	for v := range p.tours {
		if v == u {
			continue
		}
		for k := 0; k <= len(p.tours[v].jobs); k++ {
			if m, ok := r.inserted(v, &p.tours[v], k, j); ok && m < metres-1e-6 {
				unit, at, metres = v, k, m
			}
		}
	}
	return unit, at
}

// swap puts jobs that are left out in the place of one, or of two, that gain less.
func (r *router) swap(p *crewPlan) {
	for u := range p.tours {
		for i := 0; i < len(p.tours[u].jobs); i++ {
			for n := 1; n <= 2 && i+n <= len(p.tours[u].jobs); n++ {
				if r.swapOut(p, u, i, n) {
					n = 0 // the tour is another
				}
			}
		}
	}
}

// swapOut puts the job that is left out and gains most in the place of n visits
// from the i-th on that gain less, anywhere in the tour.
func (r *router) swapOut(p *crewPlan, u, i, n int) bool {
	t := &p.tours[u]
	out := slices.Clone(t.jobs[i : i+n])
	lost := 0.0
	for _, k := range out {
		lost += r.jobs[k].gain
	}
	rest := slices.Delete(slices.Clone(t.jobs), i, i+n)
	if !r.schedule(u, rest, &r.try) {
		return false
	}
	best, where, most := -1, 0, lost+1e-12
	for j := range r.jobs {
		if p.done[j] || r.jobs[j].gain <= most {
			continue
		}
		if s := r.bestSpot(u, &r.try, j); s.worth > 0 {
			best, where, most = j, s.at, r.jobs[j].gain
		}
	}
	if best < 0 {
		return false
	}
	for _, k := range out {
		p.done[k] = false
	}
	r.schedule(u, rest, t)
	r.insert(p, u, where, best)
	return true
}

// route writes out a tour.
func (r *router) route(u int, t tour) Route {
	out := Route{Unit: r.units[u].Unit, Window: r.units[u].window, Metres: t.metres}
	home := len(r.jobs) + u
	place := home
	for k, j := range t.jobs {
		at := r.zero.Add(t.begins[k])
		out.Stops = append(out.Stops, Stop{r.jobs[j].id, cluster.Window{Start: at, End: at.Add(r.jobs[j].dwell)}, r.jobs[j].at, r.way[place][j]})
		out.Risk += r.jobs[j].gain
		if k == 0 {
			out.Leave = at.Add(-r.ride[home][j])
		}
		out.Back = at.Add(r.jobs[j].dwell + r.ride[j][home])
		place = j
	}
	return out
}
