package scales

import (
	"slices"

	"spreewatch/cluster"
)

// Shuffled returns the incidents with their times, and when they were known, shuffled
// over the places of their offence: what a force's past would be if time and place had
// nothing to do with each other. The incidents have to be sorted.
func Shuffled(incidents []cluster.Incident, seed, replicate uint64) []cluster.Incident {
	of := make(map[string][]int)
	for i := range incidents {
		of[incidents[i].Offence] = append(of[incidents[i].Offence], i)
	}
	out := slices.Clone(incidents)
	for offence, own := range of {
		sh := cluster.NewShuffle(len(own), seed, replicate, cluster.HashText(offence))
		for rank, i := range own {
			from := &incidents[own[sh.Of(rank)]]
			out[i].From, out[i].To, out[i].Reported, out[i].Until = from.From, from.To, from.Reported, from.Until
		}
	}
	return out
}
