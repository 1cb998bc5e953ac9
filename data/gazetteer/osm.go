package gazetteer

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"spreewatch/data"
	"spreewatch/geo/index"
)

// notStreets are the values of highway that are no street to walk or drive on.
var notStreets = map[string]bool{
	"abandoned": true, "bus_stop": true, "construction": true, "corridor": true, "elevator": true, "platform": true,
	"proposed": true, "raceway": true, "razed": true, "rest_area": true, "services": true,
}

// settlements are the values of place that are read.
var settlements = map[string]bool{
	"city": true, "town": true, "village": true, "hamlet": true, "suburb": true, "quarter": true, "neighbourhood": true, "isolated_dwelling": true,
}

// otherNameKeys are the keys of other names of a thing.
var otherNameKeys = []string{"alt_name", "loc_name", "name:cy", "name:en", "name:gd", "short_name"}

// readOSM reads an OSM PBF extract in two passes: first the ways, then the nodes
// that they use and the nodes that are places or junctions themselves. A named
// junction is a landmark. Memory goes with the named highways and not with the size
// of the file.
func readOSM(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		o := osmReader{network: newNetwork(s.label())}
		s.lines = o.lines
		for _, p := range s.parts {
			if err := o.scan(s, p, pbfHandler{way: o.way}); err != nil {
				yield(index.Entry{}, err)
				return
			}
		}
		o.settle()
		for _, p := range s.parts {
			if err := o.scan(s, p, pbfHandler{node: o.place}); err != nil {
				yield(index.Entry{}, err)
				return
			}
		}
		slices.SortFunc(o.points, compareEntries)
		for _, e := range o.points {
			if !o.emit(e, yield) {
				return
			}
		}
		o.streets(yield)
	}
}

type osmReader struct {
	network
	points []index.Entry // places and junctions
}

func (o *osmReader) scan(s *Set, p part, h pbfHandler) error {
	rc, err := s.open(p)
	if err != nil {
		return err
	}
	defer rc.Close()
	err = scanPBF(rc, h)
	var user *data.UserError
	switch {
	case errors.As(err, &user) && !strings.HasPrefix(user.Msg, p.name):
		return &data.UserError{Msg: p.name + " " + user.Msg, Hint: user.Hint}
	case user != nil:
		return err
	case err != nil:
		return broken(p.name, err)
	}
	return nil
}

func (o *osmReader) way(tags osmTags, refs []int64, at [][2]int32) {
	highway := tags.get("highway")
	if highway == "" || notStreets[highway] || len(refs) == 0 {
		return
	}
	name, ref := oneLine(tags.get("name")), tags.get("ref")
	if name == "" && ref == "" {
		return
	}
	var aliases []string
	if name != "" {
		for _, key := range otherNameKeys {
			for alias := range strings.SplitSeq(oneLine(tags.get(key)), ";") {
				if alias = strings.TrimSpace(alias); alias != "" && alias != name {
					aliases = append(aliases, alias)
				}
			}
		}
	}
	o.add(classOf(highway), name, aliases, strings.Split(ref, ";"), refs, at)
}

// classes are the values of highway by how much of a road they are; what is in
// none is a street.
var classes = map[string]data.Class{
	"motorway": data.ClassMotorway, "motorway_link": data.ClassMotorway, "trunk": data.ClassTrunk, "trunk_link": data.ClassTrunk,
	"primary": data.ClassPrimary, "primary_link": data.ClassPrimary, "secondary": data.ClassSecondary, "secondary_link": data.ClassSecondary,
	"tertiary": data.ClassTertiary, "tertiary_link": data.ClassTertiary,
	"path": data.ClassPath, "footway": data.ClassPath, "cycleway": data.ClassPath, "bridleway": data.ClassPath, "steps": data.ClassPath,
	"track": data.ClassPath, "service": data.ClassPath,
}

func classOf(highway string) data.Class {
	if c, ok := classes[highway]; ok {
		return c
	}
	return data.ClassStreet
}

// place takes a node, and keeps it where it is a settlement or a junction.
func (o *osmReader) place(id int64, lat, lon int32, tags osmTags) {
	o.node(id, lat, lon)
	if len(tags) == 0 {
		return
	}
	name := oneLine(tags.get("name"))
	if name == "" {
		return
	}
	e := index.Entry{Name: name, Point: degrees(lon, lat), Source: o.label}
	switch {
	case settlements[tags.get("place")]:
		e.Kind = index.KindPlace
		for _, key := range otherNameKeys {
			if alias := oneLine(tags.get(key)); alias != "" && alias != name {
				e.Aliases = append(e.Aliases, alias)
			}
		}
	case tags.get("junction") != "" || tags.get("highway") == "motorway_junction":
		e.Kind = index.KindLandmark
	default:
		return
	}
	e.ID = fmt.Sprintf("node-%d", id)
	o.points = append(o.points, e)
}
