package scales

import (
	"math"
	"math/bits"
	"slices"

	"spreewatch/cluster"
)

// A shuffle is a permutation of 0 to n−1 of which any one value can be had
// without the others: a Feistel network over the cells of a table that holds n
// (Black & Rogaway 2002), walked again from a cell past the last. So what a
// replicate draws for an incident is a function of the seed, the replicate, the
// offence and the incident's rank, and an engine may compute it in pieces.
type shuffle struct {
	n, wide, high uint64
	key           uint64
}

// shuffleRounds is twice what a Feistel network needs to look random; the tables
// are small.
const shuffleRounds = 8

func newShuffle(n int, seed, replicate, offence uint64) shuffle {
	wide := uint64(math.Ceil(math.Sqrt(float64(n))))
	if wide == 0 {
		return shuffle{}
	}
	return shuffle{n: uint64(n), wide: wide, high: (uint64(n) + wide - 1) / wide, key: mix(mix(mix(seed)^replicate) ^ offence)}
}

// of returns where the shuffle sends i.
func (s shuffle) of(i int) int {
	x := uint64(i)
	for {
		a, b := x%s.wide, x/s.wide
		for round := uint64(0); round < shuffleRounds; round += 2 {
			a += below(mix(s.key^round<<56^b), s.wide)
			if a >= s.wide {
				a -= s.wide
			}
			b += below(mix(s.key^(round+1)<<56^a), s.high)
			if b >= s.high {
				b -= s.high
			}
		}
		if x = b*s.wide + a; x < s.n {
			return int(x)
		}
	}
}

// below turns a random word into a number under n (Lemire 2019, without the
// rejection: n is tiny beside 2⁶⁴).
func below(word, n uint64) uint64 {
	hi, _ := bits.Mul64(word, n)
	return hi
}

// Shuffled returns the incidents with their times, and when they were reported,
// shuffled over the places of their offence: what a force's
// past would be if time and place had nothing to do with each other. The incidents
// have to be sorted.
func Shuffled(incidents []cluster.Incident, seed, replicate uint64) []cluster.Incident {
	of := make(map[string][]int)
	for i := range incidents {
		of[incidents[i].Offence] = append(of[incidents[i].Offence], i)
	}
	out := slices.Clone(incidents)
	for offence, own := range of {
		sh := newShuffle(len(own), seed, replicate, hashText(offence))
		for rank, i := range own {
			from := &incidents[own[sh.of(rank)]]
			out[i].From, out[i].To, out[i].Reported = from.From, from.To, from.Reported
		}
	}
	return out
}
