package bulletin

import "spreewatch/data/intake/when"

// parts divides a clause at each semicolon that stands between two places with a
// time of their own, so that neither takes the time of the other.
func (c clause) parts(t []when.Token) []clause {
	var ends []int
	for i := c.start; i < c.end; i++ {
		if t[i].Is(";") && !t[i].Quoted && !c.covers(i) {
			ends = append(ends, i+1)
		}
	}
	if len(ends) == 0 || c.class != account || c.datedLast(ends[len(ends)-1]) {
		return []clause{c}
	}
	var out []clause
	rest := c
	before := rest.until(ends[0])
	for k, end := range ends {
		next := c.end
		if k+1 < len(ends) {
			next = ends[k+1]
		}
		after := rest.from(end).until(next)
		if before.whole() && after.whole() {
			out = append(out, rest.until(end))
			rest = rest.from(end)
			before = after
		} else {
			before = rest.until(next)
		}
	}
	if len(out) == 0 {
		return []clause{c}
	}
	out = append(out, rest)
	for k := range out {
		p := &out[k]
		p.part, p.summary = true, false
		if k > 0 {
			p.again, p.same, p.ordinal = false, false, false
		}
		p.happened = false
		for _, x := range t[p.start:p.end] {
			p.happened = p.happened || happenedWords[x.Low]
		}
		p.intro = c.intro && k == len(out)-1
	}
	return out
}

// datedLast reports whether the only date is that of the last time, so that it is
// meant for the times before it too; last is where the last item starts.
func (c clause) datedLast(last int) bool {
	n := len(c.whens)
	for k, w := range c.whens {
		if w.Dated() != (k == n-1) {
			return false
		}
	}
	return n > 1 && (!c.whens[n-1].DateOnly() || c.whens[n-2].Start >= last)
}

// whole reports whether a clause has a place and a time.
func (c clause) whole() bool {
	for _, p := range c.places {
		if !p.weak {
			return len(c.whens) > 0
		}
	}
	return false
}

// covers reports whether token i is inside a place or a time.
func (c clause) covers(i int) bool {
	for _, p := range c.places {
		if i >= p.start && i < p.end {
			return true
		}
	}
	return within(c.whens, i)
}

// until returns the clause up to token end, from the clause from token start on.
func (c clause) until(end int) clause {
	c.end = end
	c.places = c.places[:firstFrom(c.places, end)]
	n := 0
	for n < len(c.whens) && c.whens[n].Start < end {
		n++
	}
	c.whens = c.whens[:n]
	return c
}

func (c clause) from(start int) clause {
	c.start = start
	c.places = c.places[firstFrom(c.places, start):]
	n := 0
	for n < len(c.whens) && c.whens[n].Start < start {
		n++
	}
	c.whens = c.whens[n:]
	return c
}

// firstFrom returns the index of the first place at token i or later.
func firstFrom(places []place, i int) int {
	n := 0
	for n < len(places) && places[n].start < i {
		n++
	}
	return n
}

// alternates reports whether places and times take turns, a place first and at
// least twice: each place has a time of its own.
func (c *clause) alternates() bool {
	if len(c.places) != len(c.whens) || len(c.whens) < 2 || c.datedLast(c.end) {
		return false
	}
	for k, p := range c.places {
		if p.weak || p.start > c.whens[k].Start || k > 0 && p.start < c.whens[k-1].Start {
			return false
		}
	}
	return true
}
