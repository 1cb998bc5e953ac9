package bulletin

import (
	"math"
	"slices"
	"strings"
	"time"

	"spreewatch/data"
	"spreewatch/data/intake/when"
)

// A spare is a place or a time in a headline or a sentence that sums up, for
// which no partner was found. It is unread when no incident tells of it.
type spare struct {
	line, clause int
	reason       string
	street, town string
	iv           when.Interval
}

// general reports whether a finding has a settlement and a date and nothing finer.
func (f *finding) general() bool { return f.place.street == "" && f.place.plain && !f.timed }

// longestDay is that of the change from summer time.
const longestDay = 25 * time.Hour

// dropRetold takes out an incident that the text tells again in more detail,
// what only sums several up, and what a headline says of those below it.
func (b *bulletin) dropRetold() {
	streets, towns, housed := map[string][]*finding{}, map[string][]*finding{}, map[string][]*finding{}
	var finer []*finding
	for i := range b.found {
		f := &b.found[i]
		if s := strings.ToLower(f.place.street); s != "" {
			streets[s] = append(streets[s], f)
		}
		if len(f.place.localities) > 0 {
			l := strings.ToLower(f.place.localities[0])
			towns[l] = append(towns[l], f)
			if f.place.street != "" {
				housed[l] = append(housed[l], f)
			}
		}
		if !f.general() {
			finer = append(finer, f)
		}
	}
	inStreet, inTown, inTownStreet := spansOf(streets), spansOf(towns), spansOf(housed)
	after := b.countAfter(finer)
	anywhere := newSpans(finer)
	retold := func(i int) bool {
		a := &b.found[i]
		if a.listed {
			return false
		}
		if s := strings.ToLower(a.place.street); s != "" {
			return a.iv.Precision == data.PrecisionDay && inStreet[s].within(a, true)
		}
		if b.clauses[a.clause].again {
			return false
		}
		town := strings.ToLower(a.text)
		if !a.summary && !a.title && a.iv.To.Sub(a.iv.From) > longestDay && !slices.ContainsFunc(towns[town], func(f *finding) bool {
			return f.clause > a.clause && !f.iv.From.Before(a.iv.From) && !f.iv.To.After(a.iv.To)
		}) {
			return false // "last week", with nothing of the town to follow, is news of its own
		}
		if inTown[town].within(a, true) || inTownStreet[town].within(a, false) {
			return true
		}
		if a.title && a.general() && (len(towns[town]) > 1 || !a.many) {
			if !a.own && anywhere.later(a.clause) || a.own && anywhere.within(a, false) {
				return true
			}
		}
		return a.summary && after[i] > 1
	}
	var kept []finding
	for i, f := range b.found {
		if !retold(i) {
			kept = append(kept, f)
		}
	}
	b.found = kept
}

// spans answer whether one of a set of findings lies within the event interval of
// another, in the logarithm of their number.
type spans struct {
	found []*finding    // by start
	least [][2]*finding // of found[i:], the two of different clauses that end first
	last  int           // clause
}

func spansOf(by map[string][]*finding) map[string]*spans {
	out := map[string]*spans{}
	for key, found := range by {
		out[key] = newSpans(found)
	}
	return out
}

func newSpans(found []*finding) *spans {
	s := &spans{found: slices.Clone(found), least: make([][2]*finding, len(found)+1), last: -1}
	slices.SortStableFunc(s.found, func(x, y *finding) int { return x.iv.From.Compare(y.iv.From) })
	for i := len(s.found) - 1; i >= 0; i-- {
		f, l := s.found[i], s.least[i+1]
		switch {
		case l[0] == nil || f.iv.To.Before(l[0].iv.To):
			if l[0] != nil && l[0].clause != f.clause {
				l[1] = l[0]
			}
			l[0] = f
		case f.clause != l[0].clause && (l[1] == nil || f.iv.To.Before(l[1].iv.To)):
			l[1] = f
		}
		s.least[i] = l
		s.last = max(s.last, f.clause)
	}
	return s
}

// within reports whether a finding of another clause lies within the interval of a;
// a shorter one when strict.
func (s *spans) within(a *finding, strict bool) bool {
	if s == nil {
		return false
	}
	from := s.from(a.iv.From)
	ends := func(i int, by time.Time) bool {
		for _, f := range s.least[i] {
			if f != nil && f.clause != a.clause && !f.iv.To.After(by) {
				return true
			}
		}
		return false
	}
	if !strict {
		return ends(from, a.iv.To)
	}
	return ends(from, a.iv.To.Add(-1)) || ends(s.from(a.iv.From.Add(1)), a.iv.To)
}

// from returns the first finding that starts at t or later.
func (s *spans) from(t time.Time) int {
	i, _ := slices.BinarySearchFunc(s.found, t, func(f *finding, t time.Time) int { return f.iv.From.Compare(t) })
	return i
}

// later reports whether one of the findings stands behind a clause in the text.
func (s *spans) later(clause int) bool { return s.last > clause }

// countAfter returns for each finding how many of finer lie within its interval
// and behind its clause, counting no further than two. It goes back from the
// latest start, with the two earliest ends by clause in a Fenwick tree.
func (b *bulletin) countAfter(finer []*finding) []int {
	type ends [2]int64
	tree := make([]ends, len(b.clauses)+1)
	for i := range tree {
		tree[i] = ends{math.MaxInt64, math.MaxInt64}
	}
	put := func(e ends, to int64) ends {
		switch {
		case to < e[0]:
			return ends{to, e[0]}
		case to < e[1]:
			return ends{e[0], to}
		}
		return e
	}
	latest := func(x, y *finding) int { return y.iv.From.Compare(x.iv.From) }
	finer = slices.Clone(finer)
	slices.SortStableFunc(finer, latest)
	order := make([]int, len(b.found))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return latest(&b.found[i], &b.found[j]) })
	count := make([]int, len(b.found))
	for _, i := range order {
		a := &b.found[i]
		for len(finer) > 0 && !finer[0].iv.From.Before(a.iv.From) {
			for k := len(b.clauses) - finer[0].clause; k <= len(b.clauses); k += k & -k {
				tree[k] = put(tree[k], finer[0].iv.To.UnixNano())
			}
			finer = finer[1:]
		}
		least := ends{math.MaxInt64, math.MaxInt64}
		for k := len(b.clauses) - a.clause - 1; k > 0; k -= k & -k {
			least = put(put(least, tree[k][0]), tree[k][1])
		}
		for _, to := range least {
			if to <= a.iv.To.UnixNano() {
				count[i]++
			}
		}
	}
	return count
}

// checkSpare lists what stood alone in a headline or a summary and is told by no
// incident.
func (b *bulletin) checkSpare() {
	streets := map[string]bool{}
	var all []*finding
	for i := range b.found {
		streets[strings.ToLower(b.found[i].place.street)] = true
		all = append(all, &b.found[i])
	}
	told := newSpans(all)
	for _, s := range b.spare {
		if s.town != "" && b.lent[s.clause] || s.street != "" && streets[strings.ToLower(s.street)] || s.street+s.town == "" && told.within(&finding{clause: s.clause, iv: s.iv}, false) {
			continue
		}
		b.unread[s.line] = s.reason
	}
}

// checkAppeals lists an appeal to witnesses, or advice, that names a street and a
// clock time of which no incident tells.
func (b *bulletin) checkAppeals() {
	streets := map[string]bool{}
	for _, f := range b.found {
		streets[strings.ToLower(f.place.street)] = true
	}
	for i := range b.clauses {
		c := &b.clauses[i]
		if c.class != appeal && c.class != advice {
			continue
		}
		for _, p := range c.places {
			if p.street == "" || streets[strings.ToLower(p.street)] {
				continue
			}
			for _, w := range c.whens {
				if !w.DateOnly() {
					b.unread[b.blocks[c.block].tokens[p.start].Line] = "an appeal or advice with a street and a time that no incident has"
				}
			}
		}
	}
}
