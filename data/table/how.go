package table

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A How says in short how a table was read.
type How struct {
	Source  string // the block of the settings that it was read by, "" for none
	Order   Order
	Reason  OrderReason
	Offence string // header of the column of offences
	Unused  int    // columns that no field took
	Notes   []Note
}

// How returns how the table was read.
func (t *Table) How() How {
	h := How{Order: t.Order, Reason: t.Reason, Unused: len(t.Layout.Unused()), Notes: t.Notes}
	if at, ok := t.Layout.At[Offence]; ok {
		h.Offence = t.Layout.Columns[at].Name
	}
	return h
}

// String words it in one line.
func (h How) String() string {
	var parts []string
	if h.Source != "" {
		parts = append(parts, "source "+h.Source)
	}
	if s := h.Reason.words(h.Order); s != "" {
		parts = append(parts, s)
	}
	if h.Offence != "" {
		parts = append(parts, "offence from "+h.Offence)
	}
	if h.Unused > 0 {
		parts = append(parts, "not used: "+rows(h.Unused, "column"))
	}
	if len(parts) == 0 {
		return "every column used"
	}
	return strings.Join(parts, "; ")
}

// words says which order of day and month holds and why, "" where no date needs one.
func (r OrderReason) words(o Order) string {
	name := "day first"
	if o == MonthFirst {
		name = "month first"
	}
	switch {
	case r.Told != "" && r.Ambiguous > 0:
		return "dates " + name + ", as the " + r.Told + " says"
	case r.Weekday && r.By != "":
		return fmt.Sprintf("dates %s: the days of the week in %s prove it", name, r.By)
	case r.Weekday:
		return fmt.Sprintf("dates %s: by the other dates of %s", name, count(r.Proofs, "row"))
	case r.Proofs == 1 && r.By != "":
		return fmt.Sprintf("dates %s: 1 row of %s proves it", name, r.By)
	case r.Proofs > 0 && r.By != "":
		return fmt.Sprintf("dates %s: %s of %s prove it", name, count(r.Proofs, "row"), r.By)
	case r.Proofs == 1:
		return fmt.Sprintf("dates %s: 1 row proves it", name)
	case r.Proofs > 0:
		return fmt.Sprintf("dates %s: %s prove it", name, count(r.Proofs, "row"))
	case r.Assumed:
		return "dates " + name + ", which no row proves"
	}
	return ""
}

// count writes a number with its thousands apart, and its noun.
func count(n int, noun string) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if n != 1 {
		noun += "s"
	}
	return s + " " + noun
}

// Header returns the header of an input as far as its start tells it: the keys of
// the first objects, of JSON.
func Header(in *Input, sheet string) ([]string, error) {
	t := &Table{In: in, o: Options{Sheet: sheet}}
	if err := t.open(); err != nil {
		return nil, err
	}
	if in.Kind == JSON {
		n := 0
		err := t.jsonRows(func([]string, int, error) bool {
			n++
			return n < headerRows
		})
		if err != nil {
			return nil, err
		}
	}
	return t.Header, nil
}

// Holds reports whether a header has all of some names.
func Holds(header, names []string) bool {
	keys := make([]string, len(header))
	for i, h := range header {
		keys[i] = headerKey(h)
	}
	return !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(keys, headerKey(n)) })
}

// Missing are the fields without which no report can be made, of which the table has
// none.
func (t *Table) Missing() []Field { return t.missing() }

// OfCrimes reports whether the header says that its rows are crimes, and not whatever was
// called about.
func (t *Table) OfCrimes() bool {
	at, ok := t.Layout.At[Offence]
	if !ok {
		return false
	}
	return slices.ContainsFunc(headerWords(t.Header[at]), func(w string) bool {
		return slices.Contains([]string{"offence", "offense", "offences", "crime", "crimes", "ho", "hoc", "mo"}, w)
	})
}

// Describe writes what is settled of a table for a person.
func (t *Table) Describe(w io.Writer) {
	line := func(head, format string, args ...any) {
		fmt.Fprintf(w, "  %-12s %s\n", head, fmt.Sprintf(format, args...))
	}
	line("kind", "%s", t.form())
	if t.In.Kind != JSON {
		line("header", "line %d", t.HeadLine)
	}
	line("rows", "%d", t.Rows)
	first := ""
	if t.Reason.Proofs > 1 && t.Reason.Line > 0 {
		first = fmt.Sprintf(", the first on line %d", t.Reason.Line)
	}
	line("dates", "%s%s", t.Dates(), first)
	if zone := t.o.Zone.String(); t.o.ZoneTold {
		line("zone", "%s", zone)
	} else {
		line("zone", "%s, since nothing names another: --timezone ZONE does", zone)
	}
	line("coordinates", "%s", t.units())
	var aside []string
	for _, f := range Fields {
		at, ok := t.Layout.At[f]
		switch {
		case f == Ref && !ok:
			line("ref", "none: each report gets one made of what it says")
		case !ok:
		case t.Layout.Superseded(f):
			aside = append(aside, t.Layout.Columns[at].Name)
		default:
			line(string(f), "%-28s by %s", t.Layout.Columns[at].Name, t.Layout.Why[f])
		}
	}
	if len(aside) > 0 {
		line("set aside", "%s: the place beside latitude and longitude", strings.Join(aside, ", "))
	}
	if unused := t.Layout.Unused(); len(unused) > 0 {
		line("not used", "%s", strings.Join(unused, ", "))
	}
	for _, n := range t.Notes {
		line("note", "%s", n)
	}
	for _, d := range t.Doubts {
		line("doubtful", "%s", d)
	}
	if len(t.Doubts)+len(t.missing()) == 0 {
		line("doubtful", "nothing")
	}
	for _, f := range t.missing() {
		header := cmp.Or(t.likely(f), "HEADER")
		line("missing", "%s: name its column with --column %s=%s", f, f, Quote(header))
	}
}

// Dates says which order of day and month holds and why.
func (t *Table) Dates() string {
	if s := t.Reason.words(t.Order); s != "" {
		return strings.TrimPrefix(s, "dates ")
	}
	return "need no order of day and month: none can be read two ways"
}

// Superseded reports whether the field is a place beside a latitude and longitude, which
// need none.
func (l *Layout) Superseded(f Field) bool {
	return l.Has(Lat, Lon) && (f == X && l.Why[X] != "named" || f == Y && l.Why[Y] != "named" || f == Point)
}

// form is the kind of the file, its encoding and its delimiter.
func (t *Table) form() string {
	switch t.In.Kind {
	case Workbook:
		return fmt.Sprintf("workbook, sheet %s", t.Sheet)
	case JSON:
		return "JSON, " + t.Encoding
	}
	name := map[byte]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "bars"}[t.Delim]
	s := fmt.Sprintf("CSV with %s, %s", name, t.Encoding)
	if t.In.Packed != "" {
		s += ", " + t.In.Packed
	}
	return s
}

// units says what the coordinates are.
func (t *Table) units() string {
	l := t.Layout
	switch {
	case l.Has(Lat, Lon) && l.Why[X] != "named":
		return "degrees"
	case l.Has(Point) && l.Columns[l.At[Point]].share(l.Columns[l.At[Point]].grids):
		return "National Grid, by letters, in " + l.Columns[l.At[Point]].Name
	case l.Has(Point):
		return "degrees, both in " + l.Columns[l.At[Point]].Name
	case !l.Has(X, Y):
		return "none"
	case t.place.plane == DegreePlane:
		return "degrees"
	case t.place.plane == NationalGrid:
		return "National Grid, metres"
	case t.place.known != "":
		return t.place.known + ", metres"
	case t.place.plane == NamedPlane:
		return "of the system that --crs or the source names"
	case l.unit == "feet":
		return "feet on a plane that is not known: not used"
	}
	return "on a plane that is not known: not used"
}
