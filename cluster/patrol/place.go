package patrol

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

const (
	centreM = 700   // within this of a settlement's centre an area is called its centre
	namedM  = 10000 // beyond this of its centre, the settlement of that name is another one
	nearM   = 3000  // beyond this, an incident's settlement says nothing of an area
)

// placeNames names each area after the settlement of the nearest incident, and
// says how far from that settlement's centre it lies, and in which direction:
// "Dereham, centre", "Dereham, 2.5 km east". So a cell has the same name every
// night. Where the centre is not known there is no direction. Areas that would
// still share a name are numbered in the order of the picks.
func placeNames(picked []pick, centres map[string]orb.Point) []string {
	names := make([]string, len(picked))
	for i, p := range picked {
		names[i] = placeName(p, centres, true)
	}
	shared := sharedNames(names, picked)
	for i, p := range picked {
		if shared[names[i]] != nil {
			names[i] = placeName(p, centres, false)
		}
	}
	shared = sharedNames(names, picked)
	for i, p := range picked {
		if cells := shared[names[i]]; cells != nil && names[i] != "" {
			names[i] += fmt.Sprintf(" (%d)", 1+slices.Index(cells, p.area.Cell))
		}
	}
	return names
}

// sharedNames returns the cells of each name that several have, in the order of
// the picks.
func sharedNames(names []string, picked []pick) map[string][]geo.Cell {
	shared := make(map[string][]geo.Cell)
	for i, p := range picked {
		if !slices.Contains(shared[names[i]], p.area.Cell) {
			shared[names[i]] = append(shared[names[i]], p.area.Cell)
		}
	}
	for name, cells := range shared {
		if len(cells) == 1 {
			delete(shared, name)
		}
	}
	return shared
}

// placeName names one area. A short name says "centre" near the centre, a long
// one the way from it there too.
func placeName(p pick, centres map[string]orb.Point, short bool) string {
	name, away := nearestPlace(p)
	centre, known := centres[name]
	d := geo.Distance(p.area.Centre, centre)
	switch {
	case name == "":
		return ""
	case !known || d > namedM:
		if away > nearM {
			return ""
		}
		return name
	case short && d < centreM || metres(d) == metres(0):
		return name + ", centre"
	}
	return fmt.Sprintf("%s, %s %s", name, metres(d), compass(centre, p.area.Centre))
}

// nearestPlace returns the settlement of the nearest incident that has one, and
// how far that incident is away.
func nearestPlace(p pick) (name string, away float64) {
	away, id := math.Inf(1), ""
	for _, in := range p.weighed {
		if in.PlaceName == "" {
			continue
		}
		if geo.FartherNorth(in.Point, p.area.Centre, away) {
			continue
		}
		d := geo.Distance(in.Point, p.area.Centre)
		if c := cmp.Or(cmp.Compare(d, away), cmp.Compare(in.ID, id)); c < 0 {
			away, name, id = d, in.PlaceName, in.ID
		}
	}
	return name, away
}

var sides = [...]string{"north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"}

// compass returns the side of from that to lies on.
func compass(from, to orb.Point) string {
	east := (to.Lon() - from.Lon()) * math.Cos(from.Lat()*math.Pi/180)
	bearing := math.Atan2(east, to.Lat()-from.Lat())
	return sides[(int(math.Round(bearing/(math.Pi/4)))+8)%8]
}
