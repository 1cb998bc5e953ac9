package events

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/geo"
)

// A Place is a named point.
type Place struct {
	ID    string
	Point orb.Point // longitude and latitude
}

// PlaceOptions say how to read a file of places.
type PlaceOptions struct {
	Source string // base name, for messages
	ID     string // header of the column of names, location_id if empty
}

// ReadPlaces reads a CSV of places, in the forms that Read knows, with a header:
// a name, lat and lon. A list of places is reference data, so that one bad row
// or a name that occurs twice refuses the whole.
func ReadPlaces(r io.Reader, o PlaceOptions) ([]Place, error) {
	text, err := decode(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.Source, err)
	}
	l := layout{comma: separator(text), column: map[Role]int{}, scale: 1, header: true}
	first, err := l.reader(text).Read()
	if errors.Is(err, io.EOF) {
		return nil, &data.UserError{Msg: o.Source + " is empty"}
	}
	if err != nil {
		return nil, &data.UserError{Msg: o.Source + ": the first line is not a row of CSV"}
	}
	l.fields = len(first)
	names := make([]string, len(first))
	for i, h := range first {
		names[i] = plain(h)
	}
	wanted := map[Role][]string{ID: slices.Concat(headers[Location], headers[ID]), Lat: headers[Lat], Lon: headers[Lon]}
	if o.ID != "" {
		wanted[ID] = []string{plain(o.ID)}
	}
	for _, role := range []Role{ID, Lat, Lon} {
		for _, h := range wanted[role] {
			if i := slices.Index(names, h); i >= 0 {
				l.column[role] = i
				break
			}
		}
		if !l.has(role) {
			return nil, &data.UserError{
				Msg:  fmt.Sprintf("%s has no column %q", o.Source, wanted[role][0]),
				Hint: "a header with location_id, lat and lon",
			}
		}
	}
	var places []Place
	seen := map[string]int{}
	var bad error
	err = l.rows(text, func(line int, record []string, rowErr error) {
		if bad != nil {
			return
		}
		var p Place
		if rowErr == nil {
			p, rowErr = l.place(record)
		}
		if first, ok := seen[p.ID]; rowErr == nil && ok {
			rowErr = fieldError{string(ID), fmt.Sprintf("the same as line %d", first)}
		}
		if rowErr != nil {
			bad = &data.UserError{Msg: reject(o.Source, line, rowErr).Error()}
			return
		}
		seen[p.ID] = line
		places = append(places, p)
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.Source, err)
	}
	if bad == nil && len(places) == 0 {
		bad = &data.UserError{Msg: o.Source + " has no place"}
	}
	return places, bad
}

// place reads one record.
func (l layout) place(record []string) (Place, error) {
	p := Place{ID: strings.Clone(l.get(record, ID))}
	if p.ID == "" {
		return p, fieldError{string(ID), "is empty"}
	}
	for i, role := range []Role{Lon, Lat} {
		v, err := number(l.get(record, role), role)
		if err != nil {
			return p, err
		}
		p.Point[i] = v
	}
	if err := geo.CheckPoint(p.Point); err != nil {
		return p, fieldError{"coordinates", err.Error()}
	}
	return p, nil
}
