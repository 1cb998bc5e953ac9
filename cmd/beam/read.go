package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"spreewatch/data"
	"spreewatch/data/events"
	"spreewatch/data/intake"
	"spreewatch/data/table"
	"spreewatch/geo"
)

// readFn reads a file as spreewatch does, whole, so that its layout and the order of its
// dates are settled by all of it, and sends its rows on by force. What cannot be read
// goes to the notes. Files are the unit that reading is spread by.
type readFn struct{ work }

func (f *readFn) ProcessElement(ctx context.Context, file string, _ func(*bool) bool, rows func(string, []byte), notes func([]byte)) error {
	name := path.Base(filepath.ToSlash(file))
	t, err := f.table(ctx, file, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	for i, bad := range t.Rejected {
		notes(note{File: file, Nth: i, Source: name, Line: bad.Line, Field: bad.Field, Reason: bad.Reason}.encode())
	}
	notes(note{File: file, Source: name, Count: &count{Read: len(t.Events) + len(t.Rejected) + t.Skipped, Taken: t.Skipped}}.encode())

	type kind struct{ force, zone string }
	open := make(map[kind]*batch)
	send := func(k kind) error {
		text, err := encode(open[k])
		if err == nil {
			rows(k.force, text)
		}
		delete(open, k)
		return err
	}
	for nth, e := range t.Events {
		k := kind{force: e.Group}
		if e.Day {
			k.zone = e.From.Location().String()
		}
		if !t.Grouped && f.job.Many {
			k.force = baseName(file)
		}
		if f.job.Many && e.ID == "#"+strconv.Itoa(e.Line) {
			e.ID = name + e.ID
		}
		if open[k] == nil {
			open[k] = &batch{File: file, Source: name, Zone: k.zone, Metres: t.Metres}
		}
		if open[k].add(nth, e); len(open[k].ID) == rowsAtOnce {
			if err := send(k); err != nil {
				return err
			}
		}
	}
	for k := range open {
		if err := send(k); err != nil {
			return err
		}
	}
	return nil
}

// table reads the file from wherever it is.
func (f *readFn) table(ctx context.Context, file, name string) (events.Table, error) {
	zone, err := f.job.inputZone()
	if err != nil {
		return events.Table{}, err
	}
	known := intake.Options{Usual: f.job.Night.Columns, Sources: f.job.Night.Sources, ZoneTold: f.job.InputZone != ""}
	o := events.Options{Source: name, Zone: zone, Interval: true, Degrees: f.job.Kind == "scan", Settle: known.Settle, GroupHeader: f.job.Force, Today: f.job.Today}
	if o.Order, err = table.ParseOrder(f.job.Order); err != nil {
		return events.Table{}, fmt.Errorf("--date-order: %w", err)
	}
	if f.job.CRS != "" {
		p, err := geo.ParseProjection(f.job.CRS)
		if err != nil {
			return events.Table{}, fmt.Errorf("--crs: %w", err)
		}
		o.Project, o.Feet = p.Point, p.Feet()
	}
	if local(file) {
		return plain(events.ReadFile(file, nil, o))
	}
	fs, err := filesystem.New(ctx, file)
	if err != nil {
		return events.Table{}, err
	}
	defer fs.Close()
	r, err := fs.OpenRead(ctx, file)
	if err != nil {
		return events.Table{}, err
	}
	defer r.Close()
	return plain(events.Read(r, o))
}

// plain leaves of an error for a person its one line.
func plain(t events.Table, err error) (events.Table, error) {
	var user *data.UserError
	if errors.As(err, &user) && user.Hint != "" {
		err = fmt.Errorf("%w; try: %s", err, user.Hint)
	}
	return t, err
}

// local reports whether a path is one of this machine's file system.
func local(file string) bool { return !strings.Contains(file, "://") }
