package layer

import (
	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
)

// Contents are what the layers are filled with.
type Contents struct {
	Suggestions []patrol.Suggestion
	Sprees      []cluster.Spree
	Cells       []detect.CellCount
	Incidents   []Incident
	Analyst     bool // the reader is one, and gets the layers that are for an analyst alone
}

// A Set is every layer of a map. Its fields are what a format that draws or lays
// out a layer in its own way reaches for; the others range over Tables.
type Set struct {
	Patrols   *Layer[patrol.Suggestion]
	Sprees    *Layer[cluster.Spree]
	Cells     *Layer[detect.CellCount]
	Incidents *Layer[Incident]
	analyst   bool
}

// Fill makes the layers.
func Fill(c Contents, s Stamp) (Set, error) {
	set := Set{analyst: c.Analyst}
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
	set.Incidents, err = incidents.filled(c.Incidents, s)
	return set, err
}

// Tables returns the layers that the reader may see, in the order in which they
// are written.
func (s Set) Tables() []Table {
	var out []Table
	for _, t := range []Table{s.Patrols, s.Sprees, s.Cells, s.Incidents} {
		if s.analyst || !t.About().Analyst {
			out = append(out, t)
		}
	}
	return out
}

// Holds reports whether the reader may see the layer.
func (s Set) Holds(h Head) bool { return s.analyst || !h.Analyst }

// All returns every layer there is, without features: the names, kinds and
// meanings of every property.
func All() []Table { return []Table{&patrols, &sprees, &cells, &incidents} }
