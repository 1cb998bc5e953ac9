package patrol

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
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
	near := nearestPlaces(picked)
	for i, p := range picked {
		names[i] = near[i].of(p, centres, true)
	}
	shared := sharedNames(names, picked)
	for i, p := range picked {
		if shared[names[i]] != nil {
			names[i] = near[i].of(p, centres, false)
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

// of names one area. A short name says "centre" near the centre, a long one the way from
// it there too.
func (n nearPlace) of(p pick, centres map[string]orb.Point, short bool) string {
	name := n.name
	centre, known := centres[name]
	d := geo.Distance(p.area.Centre, centre)
	switch {
	case name == "":
		return ""
	case !known || d > namedM:
		if n.away > nearM {
			return ""
		}
		return name
	case short && d < centreM || metres(d) == metres(0):
		return name + ", centre"
	}
	return fmt.Sprintf("%s, %s %s", name, metres(d), compass(centre, p.area.Centre))
}

// A nearPlace is the settlement of the incident nearest to an area, and how far that
// incident is away.
type nearPlace struct {
	name, id string // "" where no incident has one
	away     float64
}

// nearestPlaces looks among the incidents of each pick's strand, once for all of one.
func nearestPlaces(picked []pick) []nearPlace {
	out := make([]nearPlace, len(picked))
	of := make(map[*strand][]int)
	for i, p := range picked {
		out[i].away = math.Inf(1)
		of[p.strand] = append(of[p.strand], i)
	}
	for s, at := range of {
		for _, in := range s.weighed {
			if in.PlaceName == "" {
				continue
			}
			for _, i := range at {
				out[i].meet(in, picked[i].area.Centre)
			}
		}
	}
	return out
}

// meet takes the incident where it is nearer.
func (n *nearPlace) meet(in *cluster.Incident, to orb.Point) {
	if geo.FartherNorth(in.Point, to, n.away) {
		return
	}
	d := geo.Distance(in.Point, to)
	if cmp.Or(cmp.Compare(d, n.away), cmp.Compare(in.ID, n.id)) < 0 {
		*n = nearPlace{in.PlaceName, in.ID, d}
	}
}

var sides = [...]string{"north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"}

// compass returns the side of from that to lies on.
func compass(from, to orb.Point) string {
	east := (to.Lon() - from.Lon()) * math.Cos(from.Lat()*math.Pi/180)
	bearing := math.Atan2(east, to.Lat()-from.Lat())
	return sides[(int(math.Round(bearing/(math.Pi/4)))+8)%8]
}
