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
	Shift string    // name of the shift it works
}

// RouteOptions are the settings of the routes.
type RouteOptions struct {
	SpeedKmh float64 // on the road
	Detour   float64 // metres on the road for each of the great circle
	Restarts int     // of the search, each from other insertions
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
	Suggestion int // index of the area
	At         cluster.Window
}

// A Route is what one unit drives in one shift, from its start and back to it.
type Route struct {
	Unit   Unit
	Window cluster.Window // of the shift
	Stops  []Stop         // in order; none where no area can be reached
	Metres float64        // on the road
	Risk   float64        // of the areas visited
}

// A job is an area that is worth a visit, within its time band.
type job struct {
	at    orb.Point
	gain  float64
	band  cluster.Window
	dwell time.Duration
}

// Routes sends the units of each shift round the suggested areas so that those
// visited hold as much risk as can be: a team orienteering problem with time
// windows (Chao, Golden & Wasil 1996; Vansteenwegen and others 2009), by insertion,
// Or-opt, 2-opt and swaps from many starts. Each area is visited once, in its time
// band, by one unit; a unit stays the dwell. No route starts before the shift or
// ends after it. The same seed gives the same routes, and as each unit is added to
// what the others do without it, one more never collects less.
func Routes(ctx context.Context, suggestions []Suggestion, units []Unit, shifts map[string]cluster.Window, o RouteOptions) ([]Route, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	byShift := map[string][]int{}
	for i, s := range suggestions {
		byShift[s.Shift] = append(byShift[s.Shift], i)
	}
	var out []Route
	for _, name := range sortedKeys(shifts) {
		var crew []Unit
		for _, u := range units {
			if u.Shift == shiftName(name) {
				crew = append(crew, u)
			}
		}
		slices.SortFunc(crew, func(a, b Unit) int { return cmp.Compare(a.Name, b.Name) })
		if len(crew) == 0 {
			continue
		}
		jobs := make([]job, 0, len(byShift[name]))
		for _, i := range byShift[name] {
			s := suggestions[i]
			jobs = append(jobs, job{s.Cell.Centre(), s.Risk, s.Band, s.Dwell})
		}
		routes, err := team(ctx, jobs, crew, shifts[name], o)
		if err != nil {
			return nil, err
		}
		for _, r := range routes {
			for k := range r.Stops {
				r.Stops[k].Suggestion = byShift[name][r.Stops[k].Suggestion]
			}
			out = append(out, r)
		}
	}
	return out, nil
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

// A crewPlan is which jobs each unit does, in order.
type crewPlan struct {
	tours [][]int
	done  []bool
	gain  float64
	drive float64 // metres of all tours, which break ties
}

// A router knows the ways between the units' starts and the jobs.
type router struct {
	jobs  []job
	units []Unit
	shift cluster.Window
	o     RouteOptions
	way   [][]float64 // metres on the road: jobs, then units
}

func team(ctx context.Context, jobs []job, units []Unit, shift cluster.Window, o RouteOptions) ([]Route, error) {
	r := &router{jobs: jobs, units: units, shift: shift, o: o}
	points := make([]orb.Point, 0, len(jobs)+len(units))
	for _, j := range jobs {
		points = append(points, j.at)
	}
	for _, u := range units {
		points = append(points, u.Start)
	}
	r.way = make([][]float64, len(points))
	for i := range points {
		r.way[i] = make([]float64, len(points))
		for k := range points {
			r.way[i][k] = geo.Distance(points[i], points[k]) * o.Detour
		}
	}
	// The best plan of the first k units is a start for that of k+1, so that one
	// more never collects less.
	best := crewPlan{done: make([]bool, len(jobs))}
	for k := range units {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		best.tours = append(best.tours, nil)
		best = r.search(best, k+1)
	}
	routes := make([]Route, len(units))
	for u := range units {
		routes[u] = r.route(u, best.tours[u])
	}
	return routes, nil
}

// search improves the plan from many starts and returns the best.
func (r *router) search(from crewPlan, units int) crewPlan {
	best := r.improve(copyPlan(from))
	restarts := max(r.o.Restarts, r.o.Restarts*200/(1+len(r.jobs)*len(r.jobs))) // small ones cost nothing
	for restart := range restarts {
		rng := rand.New(rand.NewPCG(r.o.Seed, uint64(restart*1000+units)))
		var p crewPlan
		switch restart % 3 {
		case 0:
			p = r.shake(best, rng)
		case 1:
			p = crewPlan{tours: make([][]int, units), done: make([]bool, len(r.jobs))}
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

func copyPlan(p crewPlan) crewPlan {
	out := crewPlan{done: slices.Clone(p.done), gain: p.gain, drive: p.drive}
	for _, t := range p.tours {
		out.tours = append(out.tours, slices.Clone(t))
	}
	return out
}

// shake takes about a third of the visits out and fills up again.
func (r *router) shake(p crewPlan, rng *rand.Rand) crewPlan {
	out := copyPlan(p)
	for u, t := range out.tours {
		out.tours[u] = slices.DeleteFunc(t, func(j int) bool {
			drop := rng.IntN(3) == 0
			if drop {
				out.done[j] = false
			}
			return drop
		})
	}
	r.insertAll(&out, rng)
	return out
}

// scatter puts jobs in by chance: in any order, with any unit, anywhere that holds.
func (r *router) scatter(units int, rng *rand.Rand) crewPlan {
	p := crewPlan{tours: make([][]int, units), done: make([]bool, len(r.jobs))}
	for _, j := range rng.Perm(len(r.jobs)) {
		u := rng.IntN(units)
		at := rng.IntN(len(p.tours[u]) + 1)
		if t := slices.Insert(slices.Clone(p.tours[u]), at, j); r.holds(u, t) && r.jobs[j].gain > 0 {
			p.tours[u], p.done[j] = t, true
		}
	}
	r.insertAll(&p, nil)
	return p
}

func (r *router) holds(u int, tour []int) bool {
	_, ok := r.drive(u, tour, nil)
	return ok
}

// travel is how long a way takes.
func (r *router) travel(metres float64) time.Duration {
	return time.Duration(metres / (r.o.SpeedKmh / 3.6) * float64(time.Second))
}

// drive returns when the visits of a tour start and how far it is, and whether it
// keeps to the bands and the shift.
func (r *router) drive(u int, tour []int, starts []time.Time) (metres float64, ok bool) {
	at, home := r.shift.Start, len(r.jobs)+u
	place := home
	for _, j := range tour {
		way := r.way[place][j]
		metres += way
		at = at.Add(r.travel(way))
		if at.Before(r.jobs[j].band.Start) {
			at = r.jobs[j].band.Start
		}
		if starts != nil {
			starts[0], starts = at, starts[1:]
		}
		at = at.Add(r.jobs[j].dwell)
		if at.After(r.jobs[j].band.End) {
			return 0, false
		}
		place = j
	}
	way := r.way[place][home]
	return metres + way, !at.Add(r.travel(way)).After(r.shift.End)
}

// insertAll puts in, again and again, the job that gains most for the way it adds,
// or with a rng now and then another.
func (r *router) insertAll(p *crewPlan, rng *rand.Rand) {
	for {
		bestJob, bestUnit, bestAt, best := -1, 0, 0, 0.0
		for j := range r.jobs {
			if p.done[j] || r.jobs[j].gain <= 0 {
				continue
			}
			for u := range p.tours {
				base, _ := r.drive(u, p.tours[u], nil)
				for at := 0; at <= len(p.tours[u]); at++ {
					metres, ok := r.drive(u, slices.Insert(slices.Clone(p.tours[u]), at, j), nil)
					if !ok {
						continue
					}
					worth := r.jobs[j].gain / (1 + r.travel(metres-base).Minutes() + r.jobs[j].dwell.Minutes())
					if rng != nil {
						worth *= .1 + rng.Float64()
					}
					if worth > best {
						bestJob, bestUnit, bestAt, best = j, u, at, worth
					}
				}
			}
		}
		if bestJob < 0 {
			break
		}
		p.tours[bestUnit] = slices.Insert(p.tours[bestUnit], bestAt, bestJob)
		p.done[bestJob] = true
	}
	r.measure(p)
}

func (r *router) measure(p *crewPlan) {
	p.gain, p.drive = 0, 0
	for u, t := range p.tours {
		metres, _ := r.drive(u, t, nil)
		p.drive += metres
		for _, j := range t {
			p.gain += r.jobs[j].gain
		}
	}
}

// improve shortens the tours, fills them up and swaps what is left out for what is
// in, until nothing helps.
func (r *router) improve(p crewPlan) crewPlan {
	r.measure(&p)
	for {
		before := copyPlan(p)
		for u := range p.tours {
			p.tours[u] = r.shorten(u, p.tours[u])
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
func (r *router) shorten(u int, tour []int) []int {
	best, _ := r.drive(u, tour, nil)
	try := func(t []int) bool {
		if m, ok := r.drive(u, t, nil); ok && m < best-1e-6 {
			tour, best = t, m
			return true
		}
		return false
	}
	for again := true; again; {
		again = false
		for i := range tour {
			for k := i + 1; k < len(tour); k++ {
				t := slices.Clone(tour)
				slices.Reverse(t[i : k+1])
				again = try(t) || again
			}
			for n := 1; n <= 3 && i+n <= len(tour); n++ {
				part := slices.Clone(tour[i : i+n])
				rest := slices.Delete(slices.Clone(tour), i, i+n)
				for at := 0; at <= len(rest); at++ {
					again = try(slices.Insert(slices.Clone(rest), at, part...)) || again
				}
			}
		}
	}
	return tour
}

// move gives visits to another unit where that shortens the ways.
func (r *router) move(p *crewPlan) {
	for u := range p.tours {
		for i := 0; i < len(p.tours[u]); i++ {
			j := p.tours[u][i]
			rest := slices.Delete(slices.Clone(p.tours[u]), i, i+1)
			own, _ := r.drive(u, p.tours[u], nil)
			without, _ := r.drive(u, rest, nil)
			if to, at := r.cheaper(p, u, j, own-without); to >= 0 {
				p.tours[to] = slices.Insert(p.tours[to], at, j)
				p.tours[u] = rest
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
		base, _ := r.drive(v, p.tours[v], nil)
		for k := 0; k <= len(p.tours[v]); k++ {
			if m, ok := r.drive(v, slices.Insert(slices.Clone(p.tours[v]), k, j), nil); ok && m-base < metres-1e-6 {
				unit, at, metres = v, k, m-base
			}
		}
	}
	return unit, at
}

// swap puts a job that is left out in the place of one, or of two, that gain less.
func (r *router) swap(p *crewPlan) {
	for again := true; again; {
		again = false
		for j := range r.jobs {
			if !p.done[j] && r.jobs[j].gain > 0 && r.swapIn(p, j) {
				again = true
			}
		}
	}
}

func (r *router) swapIn(p *crewPlan, j int) bool {
	for u, tour := range p.tours {
		for i := range tour {
			for n := 1; n <= 2 && i+n <= len(tour); n++ {
				lost := 0.0
				for _, k := range tour[i : i+n] {
					lost += r.jobs[k].gain
				}
				if r.jobs[j].gain <= lost+1e-12 {
					continue
				}
				rest := slices.Delete(slices.Clone(tour), i, i+n)
				for at := 0; at <= len(rest); at++ {
					t := slices.Insert(slices.Clone(rest), at, j)
					if _, ok := r.drive(u, t, nil); !ok {
						continue
					}
					for _, k := range tour[i : i+n] {
						p.done[k] = false
					}
					p.tours[u], p.done[j] = t, true
					return true
				}
			}
		}
	}
	return false
}

// route writes out a tour.
func (r *router) route(u int, tour []int) Route {
	out := Route{Unit: r.units[u], Window: r.shift}
	starts := make([]time.Time, len(tour))
	out.Metres, _ = r.drive(u, tour, starts)
	for k, j := range tour {
		out.Stops = append(out.Stops, Stop{j, cluster.Window{Start: starts[k], End: starts[k].Add(r.jobs[j].dwell)}})
		out.Risk += r.jobs[j].gain
	}
	if math.IsNaN(out.Metres) {
		panic("patrol: a way that is no number")
	}
	return out
}
