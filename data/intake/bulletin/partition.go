package bulletin

import (
	"math"
	"slices"

	"spreewatch/data/intake/when"
)

// partition divides elements into runs by dynamic programming. A run costs what
// it joins across commas, sentences and paragraphs, and a place without a time
// or a time without a place costs most. Ties go to the shorter last run.
func (b *bulletin) partition(es []element) [][2]int {
	const longest = 12
	n := len(es)
	type state struct {
		cost float64
		from int
		way  int // 1 place first, 2 time first
	}
	best := make([]state, n+1)
	for i := 1; i <= n; i++ {
		best[i].cost = math.Inf(1)
		for j := i - 1; j >= 0 && i-j <= longest; j-- {
			cost, way := b.runCost(es[j:i])
			if j > 0 {
				_, cut := b.separation(es[j-1], es[j])
				cost += cut
				if way != 0 && best[j].way != 0 && way != best[j].way {
					cost++
				}
			}
			if way == 0 {
				way = best[j].way
			}
			if c := best[j].cost + cost; c < best[i].cost {
				best[i] = state{c, j, way}
			}
		}
	}
	var out [][2]int
	for i := n; i > 0; i = best[i].from {
		out = append(out, [2]int{best[i].from, i})
	}
	slices.Reverse(out)
	return out
}

// runCost returns the cost of reading es as one incident, or as several that
// share a place or a time.
func (b *bulletin) runCost(es []element) (cost float64, way int) {
	ps, ws := parts(es)
	if len(ps) == 0 || len(ws) == 0 {
		if len(es) > 1 {
			return math.Inf(1), 0
		}
		return 6, 0
	}
	turns := 0
	for k := 1; k < len(es); k++ {
		join, _ := b.separation(es[k-1], es[k])
		cost += join
		if (es[k].p == nil) != (es[k-1].p == nil) {
			turns++
		} else if es[k].clause != es[k-1].clause {
			cost += 5
		} else if join > 1 {
			cost += 2
		} else {
			cost += 0.5
		}
	}
	switch turns {
	case 1:
	case 2:
		if es[0].p != nil {
			cost += 6
		} else {
			cost += 4
		}
	default:
		return math.Inf(1), 0
	}
	if len(ps) > 1 && len(ws) > 1 {
		cost += 3
	}
	if es[0].p != nil {
		return cost, 1
	}
	return cost, 2
}

// separation returns what it costs to read two neighbours as one incident, and
// as two.
func (b *bulletin) separation(x, y element) (join, cut float64) {
	if x.start == -1 || y.start == math.MaxInt {
		return 0, 3
	}
	cx, cy := b.clauses[x.clause], b.clauses[y.clause]
	if x.clause != y.clause {
		join = 3
		if cx.block != cy.block {
			join = 5
			if b.blocks[cx.block].kind == field && b.blocks[cy.block].kind == field {
				return 0.3, 1.5
			}
		}
		if cx.intro && cx.block == cy.block {
			return 0.4, 1
		}
		if cy.same {
			join /= 3
		}
		if cy.again {
			join += 8
		}
		return join, 0
	}
	t := b.blocks[cx.block].tokens
	end := 0
	if x.p != nil {
		end = x.p.end
	} else {
		end = x.w.End
	}
	if opened, closed := bracketsBetween(t, end, y.start); opened {
		return 0, 4
	} else if closed {
		return 2, 0
	}
	comma, and, plain := false, false, false
	for k := end; k < y.start && k < len(t); k++ {
		switch {
		case t[k].Is(";"):
			return 2.5, 0
		case t[k].Is(",", "-", "–", "—", "(", ")", "|", "/") || t[k].Newline:
			comma = true
		case t[k].Is("and", "&", "while", "then", "plus", "before", "but"):
			and = true
		default:
			plain = true
		}
	}
	switch {
	case and:
		return 0.6, 1
	case comma && plain:
		return 0.5, 1.5
	case comma:
		return 0.3, 1.5
	case plain:
		return 0.1, 2.5
	}
	return 0, 3
}

// bracketsBetween reports whether a bracket opens, or one closes, between tokens
// i and j and does not close, or open, again.
func bracketsBetween(t []when.Token, i, j int) (opened, closed bool) {
	depth := 0
	for ; i < j && i < len(t); i++ {
		switch {
		case t[i].Is("("):
			depth++
		case t[i].Is(")"):
			depth--
		}
	}
	return depth > 0, depth < 0
}
