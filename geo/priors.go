package geo

import "math"

// A priors holds natural logarithms of what is the same for all queries.
type priors struct {
	absent float64 // of the sum of the weights of all places, see logAbsent
	ways   float64 // of the number of ways
	words  float64 // of the number of words of street names
	places float64 // of the sum of the sizes of all places
	named  float64 // of the number of places
	codes  float64 // of the number of outcodes
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

// logAbsent returns the logarithm of the weight of place p among those whose
// streets the gazetteer may lack.
func (t *placeTable) logAbsent(p uint32) float64 {
	if t.covered[p] == 0 {
		return logAbsentElsewhere
	}
	return absentSize * float64(t.logSize[p])
}

func (x *Index) newPriors() priors {
	absent, words, places := 0.0, 0.0, 0.0
	for p, s := range x.places.logSize {
		absent += math.Exp(x.places.logAbsent(uint32(p)))
		places += math.Exp(float64(s))
	}
	for _, n := range x.words.inWays {
		words += float64(n)
	}
	return priors{
		absent: math.Log(max(absent, 1)),
		ways:   math.Log(float64(max(len(x.ways.lon), 1))),
		words:  math.Log(max(words, 1)),
		places: math.Log(max(places, 1)),
		named:  math.Log(float64(len(x.places.lon) + 1)),
		codes:  math.Log(float64(len(x.codes.out))),
	}
}
