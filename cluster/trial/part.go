package trial

import (
	"fmt"
	"math"
	"slices"

	"spreewatch/cluster"
)

// A piece is where a part stands: [from, to) of so many.
type piece struct{ from, to, of int }

// inOrder returns the parts in order, each once, that make up the whole, or says why
// they do not. noun is what they are parts of; alike reports whether two that have the
// same piece are the same.
func inOrder[T any](parts []T, noun string, where func(*T) piece, alike func(a, b *T) bool) ([]T, error) {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b T) int { return where(&a).from - where(&b).from })
	var out []T
	next, of := 0, 0
	for i := range parts {
		p := where(&parts[i])
		of = p.of
		if p.from < 0 || p.from >= p.to || p.to > p.of {
			return nil, fmt.Errorf("%s [%d, %d) of %d are no part", noun, p.from, p.to, p.of)
		}
		switch {
		case p.from == next:
			out, next = append(out, parts[i]), p.to
		case p.from > next:
			return nil, fmt.Errorf("%s [%d, %d) of %d are missing", noun, next, p.from, p.of)
		case p != where(&out[len(out)-1]):
			return nil, fmt.Errorf("%s [%d, %d) of %d overlap another part", noun, p.from, p.to, p.of)
		case !alike(&parts[i], &out[len(out)-1]):
			return nil, fmt.Errorf("%s [%d, %d) of %d are there twice, and differ", noun, p.from, p.to, p.of)
		}
	}
	if next < of {
		return nil, fmt.Errorf("%s [%d, %d) of %d are missing", noun, next, of, of)
	}
	return out, nil
}

// pastHash is a hash of so many incidents in their order: two parts with one looked at
// one past.
func pastHash(n int, at func(i int) *cluster.Incident) uint64 {
	h := uint64(n)
	for i := range n {
		in, unsure := at(i), uint64(0)
		if in.Unsure {
			unsure = 1
		}
		for _, v := range []uint64{cluster.HashText(in.ID), cluster.HashText(in.Offence), cluster.HashText(in.PlaceName), uint64(in.From), uint64(in.To), uint64(in.Reported), uint64(in.Until),
			math.Float64bits(in.Point[0]), math.Float64bits(in.Point[1]), math.Float64bits(in.RadiusM), math.Float64bits(in.Confidence), uint64(in.Level), unsure} {
			h = cluster.Mix(h ^ v)
		}
	}
	return h
}
