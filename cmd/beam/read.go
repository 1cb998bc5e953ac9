package main

import (
	"context"
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
	groups, loose, err := f.groups(ctx, file, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	read, taken, refused := 0, 0, 0
	refuse := func(force string, line int, field, reason string) {
		notes(note{Force: force, File: file, Nth: refused, Source: name, Line: line, Field: field, Reason: reason}.encode())
		refused, read = refused+1, read+1
	}
	for _, bad := range loose {
		refuse("", bad.Line, bad.Field, bad.Reason)
	}
	nth := 0
	for _, g := range groups {
		why, field := "", ""
		switch {
		case g.Err != nil:
			why = "its force's rows cannot be understood: " + g.Err.Error()
		case g.Grouped && g.Name == "":
			why, field = "the row names no force", f.job.Force
		case !g.Grouped && f.job.ForceAsked:
			return fmt.Errorf("%s has no column %q; --force-column none takes each file as one force", name, f.job.Force)
		}
		if why != "" {
			for _, line := range g.Lines {
				refuse(g.Name, line, field, why)
			}
			continue
		}
		for _, bad := range g.Rejected {
			refuse(g.Name, bad.Line, bad.Field, bad.Reason)
		}
		if g.Grouped && len(g.Events) == 0 {
			notes(note{Force: g.Name, Reason: "no row of its can be read"}.encode())
		}
		read, taken = read+len(g.Events)+g.Skipped, taken+g.Skipped
		if nth, err = f.send(file, name, g, nth, rows); err != nil {
			return err
		}
	}
	notes(note{File: file, Source: name, Count: &count{Read: read, Taken: taken}}.encode())
	return nil
}

// send sends the rows of a force on; nth is how many of the file went before.
func (f *readFn) send(file, name string, g events.Group, nth int, rows func(string, []byte)) (int, error) {
	force := g.Name
	if !g.Grouped && f.job.Many {
		force = baseName(file)
	}
	open := make(map[string]*batch) // by zone of the days
	send := func(zone string) error {
		text, err := encode(open[zone])
		if err == nil {
			rows(force, text)
		}
		delete(open, zone)
		return err
	}
	for _, e := range g.Events {
		zone := ""
		if e.Day {
			zone = e.From.Location().String()
		}
		if f.job.Many && e.ID == "#"+strconv.Itoa(e.Line) {
			e.ID = name + e.ID
		}
		if open[zone] == nil {
			open[zone] = &batch{File: file, Source: name, Zone: zone, Metres: g.Metres, Refused: len(g.Rejected)}
		}
		if open[zone].add(nth, e); len(open[zone].ID) == rowsAtOnce {
			if err := send(zone); err != nil {
				return nth, err
			}
		}
		nth++
	}
	for zone := range open {
		if err := send(zone); err != nil {
			return nth, err
		}
	}
	return nth, nil
}

// groups reads the file from wherever it is.
func (f *readFn) groups(ctx context.Context, file, name string) ([]events.Group, []*data.RowError, error) {
	zone, err := f.job.inputZone()
	if err != nil {
		return nil, nil, err
	}
	known := intake.Options{Usual: f.job.Night.Columns, Sources: f.job.Night.Sources, ZoneTold: f.job.ZoneTold}
	o := events.Options{Source: name, Zone: zone, Interval: true, Degrees: f.job.Kind == "scan", Settle: known.Settle, GroupHeader: f.job.column(), Today: f.job.Today}
	if o.Order, err = table.ParseOrder(f.job.Order); err != nil {
		return nil, nil, fmt.Errorf("--date-order: %w", err)
	}
	if f.job.CRS != "" {
		p, err := geo.ParseProjection(f.job.CRS)
		if err != nil {
			return nil, nil, fmt.Errorf("--crs: %w", err)
		}
		o.Project, o.Feet = p.Point, p.Feet()
	}
	if local(file) {
		return events.ReadGroups(file, nil, o)
	}
	fs, err := filesystem.New(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	defer fs.Close()
	r, err := fs.OpenRead(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	return events.ReadGroups("-", r, o)
}

// local reports whether a path is one of this machine's file system.
func local(file string) bool { return !strings.Contains(file, "://") }
