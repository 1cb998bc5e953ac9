package main

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/data/events"
)

// A batch is rows of one file and one force as they travel, by column. It has what the
// jobs read of an event and no more: no address, and no text but references, the place's
// reference and the offence.
type batch struct {
	File     string // where it is, which tells it from another of its name
	Source   string // its base name
	Zone     string // in which a date alone is a day, "" where no row is one
	Metres   bool   // points are x and y in metres
	Nth      []int  // of the file's events: several may be on one line
	ID       []string
	Location []string
	Offence  []string
	Point    []orb.Point
	From     []int64 // Unix seconds, as To and Reported are
	To       []int64
	Reported []int64
	Nano     []int32 // of From, To and Reported by row; none where all are whole seconds
	Line     []int
	Cases    []int
	Kind     []byte // dayKind, noEndKind, reportedKind
	Refused  int    // rows of the force in the file that were
}

// The kinds of a row, as bits.
const (
	dayKind      = 1 << iota // a date alone
	noEndKind                // a start and no end
	reportedKind             // it is said when it was reported
)

// rowsAtOnce is how many rows travel together: an element of its own for each row would
// cost more than the row.
const rowsAtOnce = 4096

func (b *batch) add(nth int, e events.Event) {
	b.Nth = append(b.Nth, nth)
	b.ID, b.Location, b.Offence = append(b.ID, e.ID), append(b.Location, e.Location), append(b.Offence, e.Offence)
	b.Point, b.Line, b.Cases = append(b.Point, e.Point), append(b.Line, e.Line), append(b.Cases, e.Cases)
	kind := byte(0)
	for bit, is := range map[byte]bool{dayKind: e.Day, noEndKind: e.NoEnd, reportedKind: !e.Reported.IsZero()} {
		if is {
			kind |= bit
		}
	}
	b.Kind = append(b.Kind, kind)
	b.From, b.To, b.Reported = append(b.From, e.From.Unix()), append(b.To, e.To.Unix()), append(b.Reported, e.Reported.Unix())
	nano := []int32{int32(e.From.Nanosecond()), int32(e.To.Nanosecond()), int32(e.Reported.Nanosecond())}
	if b.Nano == nil && slices.Max(nano) > 0 {
		b.Nano = make([]int32, 3*(len(b.From)-1))
	}
	if b.Nano != nil {
		b.Nano = append(b.Nano, nano...)
	}
}

// event is the i-th row again, in the zone. A date alone is a midnight of it, and its day
// ends there.
func (b *batch) event(i int, zone *time.Location) events.Event {
	at := func(seconds []int64, k int) time.Time {
		nano := int32(0)
		if b.Nano != nil {
			nano = b.Nano[3*i+k]
		}
		return time.Unix(seconds[i], int64(nano)).In(zone)
	}
	e := events.Event{ID: b.ID[i], Location: b.Location[i], Offence: b.Offence[i], Point: b.Point[i], Line: b.Line[i], Cases: b.Cases[i],
		From: at(b.From, 0), To: at(b.To, 1), Day: b.Kind[i]&dayKind != 0, NoEnd: b.Kind[i]&noEndKind != 0}
	if b.Kind[i]&reportedKind != 0 {
		e.Reported = at(b.Reported, 2)
	}
	return e
}

// zone is the calendar of the batch's days.
func (b *batch) zone() (*time.Location, error) {
	if b.Zone == "" {
		return time.UTC, nil
	}
	return time.LoadLocation(b.Zone)
}

// A past is the rows of a force, put together again.
type past struct {
	table  events.Table
	source string // base name of its file; of several, their number
	twice  []note // rows whose reference another has

	refused int // rows that were before
}

// gather puts the rows of a force together, in the order of files and lines, whatever
// order they come in. A row that came twice, as from a bundle that was tried again, is
// there once; of two rows of one reference the later is left out and noted.
func gather(force string, next func(*[]byte) bool) (past, error) {
	type row struct {
		file, source string
		nth          int
		event        events.Event
	}
	var rows []row
	var files, sources []string
	out := past{table: events.Table{Placed: true, Interval: true}}
	for text := []byte(nil); next(&text); {
		var b batch
		if err := decode(text, &b); err != nil {
			return past{}, fmt.Errorf("read rows: %w", err)
		}
		if len(files) > 0 && b.Metres != out.table.Metres {
			return past{}, fmt.Errorf("the rows of one force have x and y in metres in one file and degrees in another")
		}
		out.table.Metres = b.Metres
		if !slices.Contains(files, b.File) {
			files, sources = append(files, b.File), append(sources, b.Source)
			out.refused += b.Refused
		}
		zone, err := b.zone()
		if err != nil {
			return past{}, fmt.Errorf("read rows: %w", err)
		}
		for i := range b.ID {
			rows = append(rows, row{b.File, b.Source, b.Nth[i], b.event(i, zone)})
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.nth, b.nth))
	})
	rows = slices.CompactFunc(rows, func(a, b row) bool { return a.file == b.file && a.nth == b.nth })
	first := make(map[string]row, len(rows))
	out.table.Days = len(rows) > 0
	out.table.Events = make([]events.Event, 0, len(rows))
	for _, r := range rows {
		if before, ok := first[r.event.ID]; ok {
			out.twice = append(out.twice, note{Force: force, File: r.file, Nth: r.nth, Source: r.source, Line: r.event.Line, Field: "ref",
				Reason: fmt.Sprintf("the same reference as line %d of %s", before.event.Line, before.source)})
			continue
		}
		first[r.event.ID] = r
		out.table.Events = append(out.table.Events, r.event)
		out.table.Days = out.table.Days && r.event.Day
	}
	if out.source = fmt.Sprintf("%d files", len(files)); len(files) == 1 {
		out.source = sources[0]
	}
	return out, nil
}

// only is the table with the events of an offence alone, of all where that is "".
func (p past) only(offence string) events.Table {
	t := p.table
	if offence != "" {
		t.Events = slices.DeleteFunc(slices.Clone(t.Events), func(e events.Event) bool { return e.Offence != offence })
	}
	return t
}

func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	err := gob.NewEncoder(&out).Encode(v)
	return out.Bytes(), err
}

func decode(text []byte, v any) error { return gob.NewDecoder(bytes.NewReader(text)).Decode(v) }
