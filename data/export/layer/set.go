package layer

import (
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/geo"
)

// Contents are what the layers are filled with.
type Contents struct {
	Suggestions []patrol.Suggestion
	Sprees      []cluster.Spree
	Cells       []detect.CellCount
	Incidents   []Incident
	Routes      []patrol.Route // round the suggestions
	Risk        []ShiftRisk
	Analyst     bool // the reader is one, and gets the layers that are for an analyst alone
	Public      bool // the reader is anybody, and gets no layer that is for the staff
}

// A Set is every layer of a map. Its fields are what a format that draws or lays
// out a layer in its own way reaches for; the others range over Tables.
type Set struct {
	Patrols     *Layer[patrol.Suggestion]
	Sprees      *Layer[cluster.Spree]
	Cells       *Layer[detect.CellCount]
	Incidents   *Layer[Incident]
	Routes      *Layer[patrol.Route]
	Stops       *Layer[Stop]
	Risk        *Layer[ShiftRisk]
	Settlements *Layer[Settlement]
	Streets     *Layer[Street]
	Roads       *Layer[data.Line]
	Land        *Layer[orb.Polygon]
	Sources     []string // whom the ground is owed to
	analyst     bool
	public      bool
}

// Fill makes the layers, without a ground.
func Fill(c Contents, s Stamp) (Set, error) {
	set := Set{analyst: c.Analyst, public: c.Public}
	s.hexagons = make(map[geo.Cell]orb.Geometry, len(c.Cells))
	s.draw(c.Cells)
	var err error
	if set.Patrols, err = patrols.filled(c.Suggestions, s); err != nil {
		return Set{}, err
	}
	if set.Sprees, err = sprees.filled(c.Sprees, s); err != nil {
		return Set{}, err
	}
	if set.Cells, err = cells.filled(c.Cells, s); err != nil {
		return Set{}, err
	}
	if !c.Analyst {
		c.Incidents = nil
	}
	if set.Incidents, err = incidents.filled(c.Incidents, s); err != nil {
		return Set{}, err
	}
	if c.Public {
		c.Routes, c.Risk = nil, nil
	}
	if set.Risk, err = risks.filled(c.Risk, s); err != nil {
		return Set{}, err
	}
	driven, visits := driven(c.Routes, c.Suggestions)
	if set.Routes, err = routes.filled(driven, s); err != nil {
		return Set{}, err
	}
	if set.Stops, err = stops.filled(visits, s); err != nil {
		return Set{}, err
	}
	return set.On(Ground{}, s)
}

// On returns the layers with the ground under them.
func (s Set) On(g Ground, stamp Stamp) (Set, error) {
	g.Settlements = ranked(g.Settlements)
	var err error
	if s.Settlements, err = settlements.filled(g.Settlements, stamp); err != nil {
		return Set{}, err
	}
	if s.Streets, err = streets.filled(s.streetsIn(g), stamp); err != nil {
		return Set{}, err
	}
	if s.Roads, err = roads.filled(g.Roads, stamp); err != nil {
		return Set{}, err
	}
	s.Sources = g.Sources
	s.Land, err = land.filled(g.Land, stamp)
	return s, err
}

// Tables returns the layers that the reader may see, in the order in which they
// are written: what was found, and then the ground, so far as there is any.
func (s Set) Tables() []Table {
	var out []Table
	for _, t := range []Table{s.Patrols, s.Sprees, s.Cells, s.Incidents, s.Routes, s.Stops, s.Risk, s.Settlements, s.Streets, s.Roads, s.Land} {
		if s.sees(t) {
			out = append(out, t)
		}
	}
	return out
}

func (s Set) sees(t Table) bool {
	h := t.About()
	return (s.analyst || !h.Analyst) && (!s.public || !h.Staff) && (!h.Ground || t.Len() > 0)
}

// Holds reports whether the reader sees the layer.
func (s Set) Holds(h Head) bool {
	return slices.ContainsFunc(s.Tables(), func(t Table) bool { return t.About().Name == h.Name })
}

// All returns every layer there is, without features: the names, kinds and
// meanings of every property.
func All() []Table {
	return []Table{&patrols, &sprees, &cells, &incidents, &routes, &stops, &risks, &settlements, &streets, &roads, &land}
}
