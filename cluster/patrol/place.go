package patrol

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// placeNames names each area after the settlement of the nearest incident. Where
// a plan has several areas in one settlement, each is told apart by its side,
// seen from the middle of that settlement's incidents: "Dereham, south"; two on
// the same side also by how far out they are.
func placeNames(picked []pick) []string {
	names := make([]string, len(picked))
	cells := make(map[string][]geo.Cell)
	for i, p := range picked {
		names[i] = nearestPlace(p)
		cells[names[i]] = append(cells[names[i]], p.area.Cell)
	}
	middles := make(map[string]orb.Point)
	for name := range cells {
		cells[name] = geo.SortCells(cells[name])
		middles[name] = middleOf(name, picked)
	}
	for i, p := range picked {
		if all := cells[names[i]]; names[i] != "" && len(all) > 1 {
			names[i] += ", " + sideOf(p.area.Cell, all, middles[names[i]])
		}
	}
	return names
}

func nearestPlace(p pick) string {
	centre := p.area.Centre
	best, name, id := math.Inf(1), "", ""
	for _, in := range p.weighed {
		if in.PlaceName == "" {
			continue
		}
		d := geo.Distance(in.Point, centre)
		if c := cmp.Or(cmp.Compare(d, best), cmp.Compare(in.ID, id)); c < 0 {
			best, name, id = d, in.PlaceName, in.ID
		}
	}
	return name
}

// middleOf returns the mean point of the incidents in the settlement.
func middleOf(name string, picked []pick) orb.Point {
	points := make(map[string]orb.Point)
	var ids []string
	for _, p := range picked {
		for _, in := range p.weighed {
			if _, ok := points[in.ID]; !ok && in.PlaceName == name {
				points[in.ID] = in.Point
				ids = append(ids, in.ID)
			}
		}
	}
	slices.Sort(ids)
	var sum orb.Point
	for _, id := range ids {
		sum[0] += points[id][0]
		sum[1] += points[id][1]
	}
	return orb.Point{sum[0] / float64(len(ids)), sum[1] / float64(len(ids))}
}

var sides = [...]string{"north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"}

// centreM is how near the middle an area has no side.
const centreM = 300

// sideOf returns the side of the area, and also how far out it is when another
// of the settlement's areas has the same one.
func sideOf(c geo.Cell, all []geo.Cell, middle orb.Point) string {
	own := side(c, middle)
	for _, other := range all {
		if other != c && side(other, middle) == own {
			return fmt.Sprintf("%s %s", compass(c, middle), metres(geo.Distance(c.Centre(), middle)))
		}
	}
	return own
}

func side(c geo.Cell, middle orb.Point) string {
	if geo.Distance(c.Centre(), middle) < centreM {
		return "centre"
	}
	return compass(c, middle)
}

func compass(c geo.Cell, middle orb.Point) string {
	at := c.Centre()
	east := (at.Lon() - middle.Lon()) * math.Cos(middle.Lat()*math.Pi/180)
	bearing := math.Atan2(east, at.Lat()-middle.Lat())
	return sides[(int(math.Round(bearing/(math.Pi/4)))+8)%8]
}
