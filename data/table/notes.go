package table

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// String words the note for a person.
func (n Note) String() string {
	switch n.Kind {
	case NoteAbove:
		return fmt.Sprintf("%s above the header on line %d", rows(n.Count, "row"), n.Line)
	case NoteHiddenRows:
		return rows(n.Count, "hidden row") + " read"
	case NoteOtherSheet:
		return "other sheets not read: " + n.Text
	case NoteBrokenRef:
		return fmt.Sprintf("%s in scientific notation (column %s), so no references: those reports get one of their own", rows(n.Count, "value"), n.Text)
	case NoteFar:
		return fmt.Sprintf("%s not used, the first on line %d: %s", rows(n.Count, "pair of coordinates"), n.Line, n.Text)
	case NotePlane:
		return fmt.Sprintf("coordinates %s not used: name their system with --crs EPSG:CODE", n.Text)
	case NoteSerial:
		return fmt.Sprintf("the column %s counts days as a spreadsheet does, and is read so", n.Text)
	case NoteClock:
		return fmt.Sprintf("two times of day in %s: read is that in %s", rows(n.Count, "row"), n.Text)
	case NoteSwapped:
		return "the points lie hours away from the clock of " + n.Text + ", and would not with latitude and longitude swapped: name their columns, or the zone with --timezone"
	case NoteCounted:
		return "several objects stand on one line: line 7 means the seventh object"
	case NoteTakenBack:
		return "some words of " + n.Text + " tell of reports that were taken back, and are read as any: withdrawn = [\"WORD\"] in the settings of a source names them"
	case NoteMixed:
		return fmt.Sprintf("%s the other order of day and month", rows(n.Count, "date proves"))
	}
	return n.Text
}

func rows(n int, noun string) string {
	if n == 1 {
		if noun == "date proves" {
			return "1 date proves"
		}
		return "1 " + noun
	}
	if head, tail, ok := strings.Cut(noun, " of "); ok {
		return fmt.Sprintf("%d %ss of %s", n, head, tail)
	}
	if noun == "date proves" {
		return fmt.Sprintf("%d dates prove", n)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// notes gathers what a person should know of the table as a whole.
func (t *Table) notes() {
	note := func(n Note) { t.Notes = append(t.Notes, n) }
	if t.Above > 0 {
		note(Note{Kind: NoteAbove, Count: t.Above, Line: t.HeadLine})
	}
	if t.Hidden > 0 {
		note(Note{Kind: NoteHiddenRows, Count: t.Hidden})
	}
	if len(t.Sheets) > 0 {
		note(Note{Kind: NoteOtherSheet, Count: len(t.Sheets), Text: strings.Join(t.Sheets, ", ")})
	}
	if t.counted {
		note(Note{Kind: NoteCounted})
	}
	l := t.Layout
	if at, ok := l.At[Ref]; ok && l.Columns[at].sci > 0 {
		note(Note{Kind: NoteBrokenRef, Count: l.Columns[at].sci, Text: l.Columns[at].Name})
	}
	if l.Has(X, Y) && t.place.plane == NoPlane && !l.Has(Lat, Lon) && !l.Has(Point) && !t.o.Placeless && !t.o.Planar {
		note(Note{Kind: NotePlane, Text: l.Columns[l.At[X]].Name + ", " + l.Columns[l.At[Y]].Name})
	}
	if t.Reason.Against > 0 {
		note(Note{Kind: NoteMixed, Count: t.Reason.Against})
	}
}

// All yields every row of the table. A *RowError is a row that cannot be divided,
// and reading goes on; any other error ends it.
func (t *Table) All() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		stopped := false
		err := t.rows(func(fields []string, line int, err error) bool {
			ok := yield(Row{line, fields, t}, err)
			stopped = !ok
			return ok
		})
		if err != nil && !stopped {
			yield(Row{}, err)
		}
	}
}

// Refuse makes the error of a row: that of a field, with its line.
func (r Row) Refuse(err error) *RowError {
	if f, ok := err.(*fieldError); ok {
		return &RowError{Line: r.Line, Field: f.field, Reason: f.reason}
	}
	return &RowError{Line: r.Line, Reason: err.Error()}
}

// Mangled reports whether the reference of the row is a number that a spreadsheet
// has shortened, and so none.
func (r Row) Mangled() bool { return mangled(r.Get(Ref)) }

// Metres reports whether the coordinates of the table are X and Y on a plane: there
// are no others, or the caller named them.
func (t *Table) Metres() bool {
	l := t.Layout
	return l.Has(X, Y) && (l.Why[X] == "named" || !l.Has(Lat, Lon) && !l.Has(Point))
}

// Placed reports whether rows can have a longitude and latitude.
func (t *Table) Placed() bool {
	l := t.Layout
	return l.Has(Lat, Lon) || l.Has(Point) || t.place.plane != NoPlane
}

// kinds are files that hold no reports, by headers that they have all of.
var kinds = []struct {
	keys []string
	msg  string
	try  string
}{
	{[]string{"objectofsearch", "outcome"}, "a file of stop and searches: none of its rows is a reported crime", "give the street-level crimes, or a table of reports"},
	{[]string{"crimeid", "month", "outcometype"}, "a file of outcomes: none of its rows is a new report", "give the street-level crimes, or a table of reports"},
	{[]string{"uprn"}, "a gazetteer of addresses, not reports", "spreewatch gazetteer import FILE"},
	{[]string{"name", "kind", "lat", "lon"}, "a gazetteer, not reports", "spreewatch gazetteer import FILE"},
	{[]string{"name1", "localtype", "geometryx"}, "a gazetteer (OS Open Names), not reports", "spreewatch gazetteer import FILE"},
}

// otherKind says what a table is that is none of reports, nil when it is not known.
func (t *Table) otherKind() error {
	keys := make([]string, len(t.Header))
	for i, h := range t.Header {
		keys[i] = headerKey(h)
	}
	for _, k := range kinds {
		if !slices.ContainsFunc(k.keys, func(key string) bool { return !slices.Contains(keys, key) }) {
			return &Error{Msg: t.In.Shown() + " is " + k.msg, Try: strings.ReplaceAll(k.try, "FILE", Quote(t.In.Name))}
		}
	}
	return nil
}

// Incidents reports whether a header is that of a table of incidents: it has a moment
// and an offence, or a date and no kind of name, which every other gazetteer says. A
// month alone is none: what the police publish by month stands on the middles of
// streets.
func Incidents(header []string) bool {
	has := func(not []string, fields ...Field) bool {
		return slices.ContainsFunc(header, func(h string) bool {
			key := headerKey(h)
			return !slices.Contains(not, key) && slices.ContainsFunc(fields, func(f Field) bool {
				_, ok := ranks[f][key]
				return ok
			})
		})
	}
	kind := slices.ContainsFunc(header, func(h string) bool { return headerKey(h) == "kind" })
	offence := has([]string{"type", "description", "category", "nature"}, Offence)
	return offence && has([]string{"time", "day", "month", "start", "end"}, Date, From) || !kind && has([]string{"time", "day", "month"}, Date)
}
