// Package sample holds the invented incidents that the tests below cluster share.
// It ships in no binary.
package sample

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// CourierFraud is the profile that the Dereham bulletin is read with.
var CourierFraud = cluster.Profile{
	Offence: "courier-fraud", RadiusM: 15_000, Window: 12 * time.Hour, MinIncidents: 4,
	Lookback: 72 * time.Hour, DecayM: 3000, DecayTime: 48 * time.Hour, Action: "Call on banks and post offices.",
}

// BST returns the instant of the clock time on 16 September 2015 in Norfolk,
// where summer time is an hour ahead of UTC.
func BST(hour, minute int) time.Time {
	return time.Date(2015, 9, 16, hour-1, minute, 0, 0, time.UTC)
}

// Dereham returns the eight calls of the bulletin of 16 September 2015. Points
// are those of data.police.uk (OGL v3).
func Dereham() []cluster.Incident {
	call := func(id string, from, to time.Time, lat, lon float64, place string) cluster.Incident {
		return cluster.Incident{ID: id, Offence: "courier-fraud", From: cluster.At(from), To: cluster.At(to), Point: orb.Point{lon, lat},
			RadiusM: 100, Level: geo.LevelStreet, Confidence: 0.9, PlaceName: place}
	}
	return []cluster.Incident{
		call("1", BST(10, 0), BST(10, 0), 52.689265, 0.807368, "Great Fransham"),
		call("2", BST(10, 5), BST(10, 5), 52.634034, 0.790113, "Holme Hale"),
		call("3", BST(10, 15), BST(10, 15), 52.717193, 1.034762, "Elsing"),
		call("4", BST(10, 30), BST(10, 30), 52.717193, 1.034762, "Elsing"),
		call("5", BST(11, 15), BST(11, 15), 52.681167, 0.971254, "Dereham"),
		call("6", BST(13, 45), BST(13, 45), 52.662142, 0.939659, "Dereham"),
		call("7", BST(10, 0), BST(14, 30), 52.684759, 0.927045, "Dereham"),
		call("8", BST(17, 30), BST(17, 30), 52.663679, 0.948117, "Dereham"),
	}
}

// Scattered returns n incidents of one offence over days in a county of
// about 100 × 100 km, half of them in 40 towns.
func Scattered(n int, days int, asOf time.Time) []cluster.Incident {
	rng := rand.New(rand.NewPCG(7, 0))
	incidents := make([]cluster.Incident, n)
	for i := range incidents {
		p := orb.Point{0.2 + rng.Float64()*1.5, 52.4 + rng.Float64()*0.9}
		if rng.IntN(2) == 0 {
			town := rng.IntN(40)
			p = orb.Point{0.3 + 0.035*float64(town) + rng.NormFloat64()*0.01, 52.45 + 0.02*float64(town*7%40) + rng.NormFloat64()*0.006}
		}
		from := asOf.Add(-time.Duration(rng.Float64() * float64(days) * 24 * float64(time.Hour)))
		to := from
		if rng.IntN(2) == 0 {
			to = from.Add(time.Duration(rng.IntN(12)) * time.Hour)
		}
		incidents[i] = cluster.Incident{ID: fmt.Sprintf("%07d", i), Offence: "x", From: cluster.At(from), To: cluster.At(to), Point: p,
			RadiusM: 100, Level: geo.LevelStreet, Confidence: 0.9, PlaceName: "Town"}
	}
	slices.SortFunc(incidents, func(a, b cluster.Incident) int { return cmp.Compare(a.ID, b.ID) })
	return incidents
}
