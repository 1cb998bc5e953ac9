package events

import (
	"errors"
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/table"
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

// ReadPlaces reads a table of places with a header: a name, lat and lon. A list of
// places is reference data, so that one bad row or a name that occurs twice refuses
// the whole.
func ReadPlaces(r io.Reader, o PlaceOptions) ([]Place, error) {
	in, err := table.FromReader(o.Source, r)
	if err != nil {
		return nil, err
	}
	in.AsTable()
	t, err := table.Read(in, table.Options{PlaceIDs: o.ID, Incidental: true, Quiet: true})
	if err != nil {
		return nil, err
	}
	name := table.PlaceID
	if !t.Layout.Has(name) && o.ID == "" {
		name = table.Ref
	}
	for _, f := range []table.Field{name, table.Lat, table.Lon} {
		if t.Layout.Has(f) {
			continue
		}
		missing := string(f)
		if f == name {
			if missing = "location_id"; o.ID != "" {
				missing = o.ID
			}
		}
		return nil, &data.UserError{Msg: fmt.Sprintf("%s has no column %q", o.Source, missing), Hint: "a header with location_id, lat and lon"}
	}
	var places []Place
	seen := map[string]int{}
	for row, err := range t.All() {
		var bad *table.RowError
		if err != nil && !errors.As(err, &bad) {
			return nil, err
		}
		p := Place{ID: row.Get(name)}
		if err == nil {
			p.Point, err = row.Degrees()
		}
		first, again := seen[p.ID]
		switch {
		case err != nil:
		case p.ID == "":
			err = &table.RowError{Line: row.Line, Field: "id", Reason: "is empty"}
		case again:
			err = &table.RowError{Line: row.Line, Field: "id", Reason: fmt.Sprintf("the same as line %d", first)}
		}
		if err != nil {
			return nil, &data.UserError{Msg: reject(o.Source, row, err).Error()}
		}
		seen[p.ID] = row.Line
		places = append(places, p)
	}
	if len(places) == 0 {
		return nil, &data.UserError{Msg: o.Source + " has no place"}
	}
	return places, nil
}
