package detect

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// memory is how long after its end a spree can return.
const memory = 28 * 24 * time.Hour

// crowded is the expected number of incidents in a spree's circle and window over
// which another one there says nothing: only a burst goes on with the spree.
const crowded = 1

// Track carries sprees through their lives, from the analysis before to the one as
// of a moment.
//
// A life is all incidents that a spree ever held. What is found now goes on with
// the life of its offence that it shares an incident with: with the oldest, where
// there are several, which are then merged; one life found in two parts stays one.
// Without such it goes on with a life whose circle reaches its centre, if no more
// than that life's own window lies between them; and it is the return of one that
// ended in the past 28 days, if that one's circle reaches its centre; in both cases
// only if it is no burst of a much wider scale, and where other incidents are rare.
// What is left is new, once in its life.
//
// Where other incidents are rare, one of the offence within a spree's radius and
// window joins it. A spree has ended when its own window has passed without
// another incident, not after a quiet day. All that it counts stays what it was
// until it is raised again; who came before and after is Joined.
//
// previous is the Sprees and Dormant of an earlier analysis. The order of the
// arguments does not matter. Sprees are returned best first as found, then those
// that were not raised again, then those that ended now; dormant are those that
// ended before.
func Track(previous, found []cluster.Spree, incidents []*cluster.Incident, asOf time.Time) (sprees, dormant []cluster.Spree) {
	t := newTracker(previous, found, incidents, asOf)
	for _, s := range found {
		t.follow(s)
	}
	t.raised = len(t.current)
	for i := range t.lives {
		t.settle(i)
	}
	for i := range t.current {
		t.finish(i)
	}
	return t.result()
}

// rare reports whether others are so rare where the spree is that whoever comes
// near belongs to it.
func rare(s cluster.Spree) bool { return s.Statistic == nil || s.Statistic.Expected <= crowded }

type tracker struct {
	asOf      time.Time
	lives     []cluster.Spree      // of before, by ID
	raised    int                  // how many of current were found tonight
	holder    map[lifeKey]int      // life of an incident
	now       []int                // by life: its spree in current, −1 for none, −2 when it was merged into another
	current   []cluster.Spree      // tonight's, and those that go on
	taken     map[string]bool      // IDs
	byOffence map[string]*nearby   // those that may be of a life
	end       map[string]time.Time // of the incidents of lives
}

// nearby are incidents by From, and where they lie.
type nearby struct {
	incidents []*cluster.Incident
	grid      *cluster.Grid
}

// cubeM is the edge in metres of the cubes that incidents are looked up by.
const cubeM = 2000

type lifeKey struct{ offence, incident string }

const merged = -2

func newTracker(previous, found []cluster.Spree, incidents []*cluster.Incident, asOf time.Time) *tracker {
	t := &tracker{asOf: asOf, holder: make(map[lifeKey]int), taken: make(map[string]bool), end: make(map[string]time.Time), byOffence: make(map[string]*nearby)}
	for _, s := range previous {
		s.Last = later(s.Last, s.Window.End)
		if s.Status != cluster.StatusEnded || asOf.Sub(s.Ended) <= memory {
			t.lives = append(t.lives, s)
		}
	}
	slices.SortFunc(t.lives, func(a, b cluster.Spree) int {
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.ID, b.ID), slices.Compare(a.Incidents, b.Incidents))
	})
	for i, s := range t.lives {
		t.now = append(t.now, -1)
		t.taken[s.ID] = true
		for _, id := range s.Life() {
			k := lifeKey{s.Offence, id}
			if _, ok := t.holder[k]; !ok {
				t.holder[k] = i
			}
		}
	}
	since := asOf // nothing before joins or is counted
	for _, s := range slices.Concat(t.lives, found) {
		if s.Window.Start.Before(since) {
			since = s.Window.Start
		}
		for _, id := range s.Life() {
			t.end[id] = time.Time{}
		}
	}
	for _, in := range incidents {
		if _, ok := t.end[in.ID]; ok {
			t.end[in.ID] = in.To.Time()
		}
		if !in.From.Before(since) {
			if t.byOffence[in.Offence] == nil {
				t.byOffence[in.Offence] = &nearby{}
			}
			own := t.byOffence[in.Offence]
			own.incidents = append(own.incidents, in)
		}
	}
	for _, own := range t.byOffence {
		slices.SortFunc(own.incidents, func(a, b *cluster.Incident) int { return cluster.CompareTimes(*a, *b) })
		at := make([]cluster.Vec, len(own.incidents))
		for i, in := range own.incidents {
			at[i] = cluster.OnSphere(in.Point, geo.EarthRadius)
		}
		own.grid = cluster.NewGrid(at, cubeM)
	}
	return t
}

// follow finds the life of what was found tonight.
func (t *tracker) follow(s cluster.Spree) {
	s.Last = s.Window.End
	var of []int // lives that share an incident, oldest first
	for _, id := range s.Life() {
		if i, ok := t.holder[lifeKey{s.Offence, id}]; ok && !slices.Contains(of, i) {
			of = append(of, i)
		}
	}
	slices.Sort(of)
	if len(of) == 0 {
		if i := t.near(s); i >= 0 {
			of = []int{i}
		}
	}
	if len(of) == 0 {
		s.ID, s.Status = t.freeID(s.ID), cluster.StatusNew
		t.current = append(t.current, s)
		return
	}
	oldest := of[0]
	if c := t.now[oldest]; c >= 0 {
		// Another part of a life that was found tonight.
		t.current[c].Joined = append(t.current[c].Joined, s.Life()...)
		t.current[c].Split = true
	} else {
		was := t.lives[oldest]
		s.ID, s.First, s.Merged = was.ID, was.First, was.Merged
		s.Status = cluster.StatusOngoing
		if was.Status == cluster.StatusEnded {
			s.Status = cluster.StatusReturned
		}
		s.Joined = append(s.Joined, was.Life()...)
		s.Last = later(s.Last, was.Last)
		t.now[oldest] = len(t.current)
		t.current = append(t.current, s)
	}
	into := &t.current[t.now[oldest]]
	for _, i := range of[1:] {
		if t.now[i] == -1 {
			t.now[i] = merged
			into.Joined = append(into.Joined, t.lives[i].Life()...)
			into.Merged = append(slices.Clone(into.Merged), t.lives[i].ID)
		}
	}
}

// near returns the life whose own radius and window reach what was found, or that
// ended less than a memory ago where it is; −1 for none.
func (t *tracker) near(s cluster.Spree) int {
	best, bestM := -1, 0.0
	for i, was := range t.lives {
		if was.Offence != s.Offence || t.now[i] == merged || !rare(was) {
			continue
		}
		if geo.FartherNorth(was.Centre, s.Centre, was.Raised.RadiusM) {
			continue
		}
		d := geo.Distance(was.Centre, s.Centre)
		if d > was.Raised.RadiusM || s.Raised.RadiusM > 2*was.Raised.RadiusM || was.Status != cluster.StatusEnded && s.Window.Start.Sub(was.Last) > was.Raised.Window {
			continue
		}
		if best < 0 || d < bestM {
			best, bestM = i, d
		}
	}
	return best
}

// settle goes on with a life that was not raised tonight, or ends it.
func (t *tracker) settle(i int) {
	if t.now[i] != -1 || t.lives[i].Status == cluster.StatusEnded {
		return
	}
	s := t.lives[i]
	s.Status, s.Split = cluster.StatusOngoing, false
	t.now[i] = len(t.current)
	t.current = append(t.current, s)
}

// finish joins who came after, and says how the spree stands.
func (t *tracker) finish(c int) {
	s := &t.current[c]
	var before []string
	for i, at := range t.now {
		if at == c {
			before = t.lives[i].Life()
		}
	}
	life := make(map[string]bool)
	for _, id := range s.Life() {
		life[id] = true
		s.Last = later(s.Last, t.end[id])
	}
	if own := t.byOffence[s.Offence]; own != nil && rare(*s) {
		t.join(s, own, life)
	}
	slices.Sort(s.Joined)
	s.Joined = slices.DeleteFunc(slices.Compact(s.Joined), func(id string) bool {
		_, own := slices.BinarySearch(s.Incidents, id)
		return own
	})
	slices.Sort(s.Merged)
	s.Merged = slices.Compact(s.Merged)
	if s.Status != cluster.StatusOngoing {
		return
	}
	switch {
	case c >= t.raised && t.asOf.Sub(s.Last) > s.Raised.Window:
		s.Status, s.Ended = cluster.StatusEnded, t.asOf
	case len(life) > len(before):
		s.Status = cluster.StatusGrowing
	}
}

// join adds to the spree and its life who came near it while its window had not
// passed, and is of no other life.
func (t *tracker) join(s *cluster.Spree, own *nearby, life map[string]bool) {
	for _, i := range own.grid.Near(cluster.OnSphere(s.Centre, geo.EarthRadius), s.Raised.RadiusM) {
		in := own.incidents[i]
		if in.From.Before(s.Window.Start) {
			continue
		}
		if in.From.Time().Sub(s.Last) > s.Raised.Window {
			return
		}
		if in.RadiusM > s.Raised.RadiusM || !in.From.After(s.Window.Start) || life[in.ID] || geo.Distance(in.Point, s.Centre) > s.Raised.RadiusM {
			continue
		}
		if _, other := t.holder[lifeKey{s.Offence, in.ID}]; other {
			continue
		}
		life[in.ID] = true
		s.Joined = append(s.Joined, in.ID)
		s.Last = later(s.Last, in.To.Time())
	}
}

// result sorts what goes on from what has ended and what sleeps.
func (t *tracker) result() (sprees, dormant []cluster.Spree) {
	sprees = t.current
	rank := func(s cluster.Spree) int {
		if s.Status == cluster.StatusEnded {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(sprees, func(a, b cluster.Spree) int { return cmp.Compare(rank(a), rank(b)) })
	for i, s := range t.lives {
		if t.now[i] == -1 {
			dormant = append(dormant, s)
		}
	}
	slices.SortFunc(dormant, func(a, b cluster.Spree) int { return cmp.Compare(a.ID, b.ID) })
	return sprees, dormant
}

// freeID returns the ID, or the first of ID-2, ID-3, … that is free, and takes it.
func (t *tracker) freeID(id string) string {
	free := id
	for n := 2; t.taken[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	t.taken[free] = true
	return free
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
