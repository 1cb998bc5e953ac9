package cluster

import (
	"math"
	"math/bits"
)

// A Shuffle is a permutation of 0 to n−1 of which any one value can be had
// without the others: a Feistel network over the cells of a table that holds n
// (Black & Rogaway 2002), walked again from a cell past the last. So what a
// replicate draws for an incident is a function of the seed, the replicate, the
// offence and the incident's rank, and an engine may compute it in pieces.
type Shuffle struct {
	n, wide, high uint64
	key           uint64
}

// shuffleRounds is twice what a Feistel network needs to look random; the tables
// are small.
const shuffleRounds = 8

// NewShuffle returns the shuffle of n things of an offence, by a number that
// stands for it, in a replicate.
func NewShuffle(n int, seed, replicate, offence uint64) Shuffle {
	wide := uint64(math.Ceil(math.Sqrt(float64(n))))
	if wide == 0 {
		return Shuffle{}
	}
	return Shuffle{n: uint64(n), wide: wide, high: (uint64(n) + wide - 1) / wide, key: Mix(Mix(Mix(seed)^replicate) ^ offence)}
}

// Of returns where the shuffle sends i, 0 ≤ i < n.
func (s Shuffle) Of(i int) int {
	x := uint64(i)
	for {
		a, b := x%s.wide, x/s.wide
		for round := uint64(0); round < shuffleRounds; round += 2 {
			a += below(Mix(s.key^round<<56^b), s.wide)
			if a >= s.wide {
				a -= s.wide
			}
			b += below(Mix(s.key^(round+1)<<56^a), s.high)
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

// HashText is FNV-1a (Fowler, Noll & Vo 1991) of 64 bits.
func HashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// Mix turns a word into one that looks random: the finaliser of SplitMix64
// (Steele, Lea & Flood 2014).
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
