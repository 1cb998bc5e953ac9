package locate

import (
	"cmp"
	"math"
	"slices"

	"spreewatch/geo"
	"spreewatch/geo/address"
)

// HitRateLine is the least share of reports that must be located precisely for
// a crime map to be trusted (Ratcliffe 2004).
const HitRateLine = 0.85

// maxUnmatchedTexts bounds the memory of Quality. Past it, the texts met once so
// far are let go, so that the commonest stay.
const maxUnmatchedTexts = 100_000

// A Quality says how well a batch was located. The zero value is an empty batch.
type Quality struct {
	levels      [geo.LevelCount]int
	sources     map[string]int
	corrections map[string]int
	radii       map[int]int // located matches by radius in whole metres
	unmatched   map[string]int
}

// Add counts the match of a text.
func (q *Quality) Add(text string, m geo.Match) {
	if q.sources == nil {
		q.sources, q.corrections = map[string]int{}, map[string]int{}
		q.radii, q.unmatched = map[int]int{}, map[string]int{}
	}
	q.levels[m.Level]++
	for _, c := range m.Corrections {
		q.corrections[c]++
	}
	if m.Level.Located() {
		q.sources[m.Source]++
		q.radii[int(math.Round(m.RadiusM))]++
		return
	}
	q.unmatched[address.NormaliseStreet(text)]++
	if len(q.unmatched) > maxUnmatchedTexts {
		for text, n := range q.unmatched {
			if n == 1 {
				delete(q.unmatched, text)
			}
		}
	}
}

// Total returns the number of texts.
func (q *Quality) Total() int {
	n := 0
	for _, c := range q.levels {
		n += c
	}
	return n
}

// Level returns the number of matches of a level.
func (q *Quality) Level(l geo.Level) int { return q.levels[l] }

// Precise returns the number of matches that count against HitRateLine.
func (q *Quality) Precise() int {
	n := 0
	for _, l := range geo.Levels() {
		if l.Precise() {
			n += q.levels[l]
		}
	}
	return n
}

// HitRate returns the share of precise matches, NaN for an empty batch.
func (q *Quality) HitRate() float64 { return float64(q.Precise()) / float64(q.Total()) }

// MedianRadiusM returns the median radius of the located matches to the metre,
// the lower one of two, NaN where there is none.
func (q *Quality) MedianRadiusM() float64 {
	radii := make([]int, 0, len(q.radii))
	n := 0
	for r, c := range q.radii {
		radii = append(radii, r)
		n += c
	}
	slices.Sort(radii)
	seen := 0
	for _, r := range radii {
		if seen += q.radii[r]; 2*seen >= n {
			return float64(r)
		}
	}
	return math.NaN()
}

// A Count is a text and how often it was met.
type Count struct {
	Text string `json:"text"` // what was counted
	N    int    `json:"n"`    // how often
}

// Sources returns the located matches by source, most first.
func (q *Quality) Sources() []Count { return commonest(q.sources, len(q.sources)) }

// Corrections returns the corrections by kind, most first.
func (q *Quality) Corrections() []Count { return commonest(q.corrections, len(q.corrections)) }

// Unmatched returns the n commonest texts that were not located, normalised and
// without house numbers, most first. They are location texts: for an analyst
// alone.
func (q *Quality) Unmatched(n int) []Count { return commonest(q.unmatched, n) }

func commonest(counts map[string]int, n int) []Count {
	out := make([]Count, 0, len(counts))
	for text, c := range counts {
		out = append(out, Count{text, c})
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Text, b.Text)) })
	return out[:min(n, len(out))]
}

// WithoutTexts returns the same quality without the texts that were not located,
// for readers who may not see them.
func (q *Quality) WithoutTexts() *Quality {
	cut := *q
	cut.unmatched = nil
	return &cut
}
