package index

import "math"

// A priors holds natural logarithms of what is the same for all queries.
type priors struct {
	Absent     float64 // of the sum of the weights of all places, see LogAbsent
	MostAbsent float64 // of the greatest of those weights
	Ways       float64 // of the number of ways
	Words      float64 // of the number of words of street names
	Places     float64 // of the sum of the sizes of all places
	Named      float64 // of the number of places
	Codes      float64 // of the number of outcodes
}

// absentElsewhere is the weight of a place in a part of the country that the
// streets do not cover, of which a gazetteer of one county but all the country's
// places has thousands.
const absentElsewhere = 0.05

// absentSize is the exponent with which a street missing from the gazetteer
// falls to places of a size: less than in proportion, because gazetteers are
// fuller where more people live.
const absentSize = 0.5

var logAbsentElsewhere = math.Log(absentElsewhere)

// LogAbsent returns the logarithm of the weight of place p, which has that size,
// among those whose streets the gazetteer may lack.
func (t *placeTable) LogAbsent(p uint32, logSize float32) float64 {
	if t.covered[p] == 0 {
		return logAbsentElsewhere
	}
	return absentSize * float64(logSize)
}

func (x *Index) newPriors() priors {
	absent, words, places, most := 0.0, 0.0, 0.0, logAbsentElsewhere
	for p, s := range x.Places.LogSize {
		if x.Places.covered[p] == 0 {
			absent, places = absent+absentElsewhere, places+sizeElsewhere
			continue
		}
		weight := x.Places.LogAbsent(uint32(p), s)
		absent, most = absent+math.Exp(weight), max(most, weight)
		places += math.Exp(float64(s))
	}
	for _, n := range x.Words.InWays {
		words += float64(n)
	}
	return priors{
		Absent:     math.Log(max(absent, 1)),
		MostAbsent: most,
		Ways:       math.Log(float64(max(len(x.Ways.Lon), 1))),
		Words:      math.Log(max(words, 1)),
		Places:     math.Log(max(places, 1)),
		Named:      math.Log(float64(len(x.Places.Lon) + 1)),
		Codes:      math.Log(float64(len(x.Codes.Out))),
	}
}
