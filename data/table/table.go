package table

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

const (
	headerRows = 25   // rows among which the header is looked for
	sampleRows = 1000 // rows whose content tells what a column is
	maxPoints  = 200_000
)

// Options say how to read a table.
type Options struct {
	Columns  map[Field]string // header by field; one that the table lacks is an error
	Usual    map[Field]string // the same of a source or of settings, where the table has it
	Sheet    string           // of a workbook, by name or counted from 1; "" is the first visible one with a table
	Order    Order            // of day and month, as told; OrderAuto finds it
	Fallback Order            // where nothing in the file proves it
	Zone     *time.Location   // of clock times; nil is UTC
	Today    time.Time        // years of two digits are not later than the next one
	Typed    []string         // the command line behind the name of the program, for hints; nil is ingest of the file
	// Project turns X and Y into degrees where their plane is none that a table
	// shows by itself; Feet says that it takes feet.
	Project func(x, y float64) (orb.Point, error)
	Feet    bool

	Single      bool   // a single date is preferred to from and to
	Headless    bool   // a first row with a date in it is no header: columns go by their position
	Degrees     bool   // of a table without a header: latitude and longitude, not x and y
	Placeless   bool   // a place is not needed
	Planar      bool   // X and Y may stay metres of a plane that is not known
	Coordinates bool   // a place is coordinates, and no words
	PlaceIDs    string // header of the column of place names, for location_id
	Quiet       bool   // a table without a row is none to complain of
	Incidental  bool   // a header alone decides nothing: the caller checks the layout itself
	ZoneTold    bool   // Zone was told, by a person or the settings
	Lenient     bool   // what would refuse the whole file is a doubt of it
}

// A Table is a table whose header, fields, dates and coordinates are settled.
type Table struct {
	In       *Input
	Header   []string
	HeadLine int      // of the header, 0 without one
	Above    int      // rows above the header that are none of the table
	Sheet    string   // of a workbook
	Sheets   []string // the others
	Hidden   int      // rows of the sheet that are hidden, and read
	Delim    byte
	Encoding string
	Layout   *Layout
	Order    Order
	Reason   OrderReason
	Rows     int // that are not blank, good or bad
	Notes    []Note
	Doubts   []string   // of a lenient reading: what would have been refused
	Sample   [][]string // the first rows

	o       Options
	charset Charset
	timing  timing
	place   placing
	book    *sheet
	keys    map[string]int
	counted bool // lines are the places of objects in an array that has several on a line
	skip    int  // rows of text before the first of the table
	others  map[Field][]int
}

// A Note is something about a table that a person should know.
type Note struct {
	Kind  NoteKind
	Count int
	Line  int    // the first of them
	Text  string // a header or a name
}

// A NoteKind is what a note is about.
type NoteKind uint8

// The kinds of notes.
const (
	NoteAbove      NoteKind = iota // rows above the header
	NoteHiddenRows                 // hidden rows that were read
	NoteOtherSheet                 // sheets that were not
	NoteBrokenRef                  // references in scientific notation
	NoteFar                        // points far from all others
	NotePlane                      // x and y on a plane that is not known
	NoteMixed                      // dates that contradict the order
	NoteSerial                     // dates as a spreadsheet counts days
	NoteClock                      // rows whose own column of the hour says another than their date does
	NoteSwapped                    // all points, where the zone is not
	NoteCounted                    // lines that are the places of objects in an array
	NoteTakenBack                  // a column of reports that were taken back, which are read as any
)

// A Row is one row of a table.
type Row struct {
	Line   int
	fields []string
	t      *Table
}

// Get returns the value of a field, "" when the row has none.
func (r Row) Get(f Field) string {
	at, ok := r.t.Layout.At[f]
	if !ok {
		return ""
	}
	if f == Location && len(r.t.Layout.lines) > 0 {
		return r.lines()
	}
	if at < len(r.fields) {
		if v := clean(r.fields[at]); v != "" && (f == Location || f == Street || len(v) > 16 || !unsaid[strings.ToLower(v)]) {
			if half, ok := r.t.Layout.halves[f]; ok && half < len(r.fields) {
				v = strings.TrimSpace(v + " " + clean(r.fields[half]))
			}
			return v
		}
	}
	for _, at := range r.t.others[f] {
		if at < len(r.fields) {
			if v := clean(r.fields[at]); v != "" {
				return v
			}
		}
	}
	return ""
}

// Cells returns the values of a row, as many as the header has names.
func (r Row) Cells() []string {
	out := make([]string, len(r.t.Header))
	for i := range min(len(out), len(r.fields)) {
		out[i] = clean(r.fields[i])
	}
	return out
}

// Cell returns the value of the column at, from 0, whatever field it is of; "" where
// the row has none.
func (r Row) Cell(at int) string {
	if at < 0 || at >= len(r.fields) {
		return ""
	}
	return clean(r.fields[at])
}

// lines is an address in several columns as one text.
func (r Row) lines() string {
	var parts []string
	for _, at := range r.t.Layout.lines {
		if at < len(r.fields) {
			if v := clean(r.fields[at]); v != "" {
				parts = append(parts, v)
			}
		}
	}
	return strings.Join(parts, ", ")
}

// Read looks at the whole of an input and settles how it is read. Its rows are
// read again by All.
func Read(in *Input, o Options) (*Table, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	t := &Table{In: in, o: o, Encoding: encodingName(in.enc)}
	if err := t.open(); err != nil {
		return nil, err
	}
	if err := t.survey(); err != nil {
		return nil, err
	}
	t.notes()
	return t, nil
}

func encodingName(e encodingKind) string {
	return [...]string{"UTF-8", "UTF-8", "UTF-16", "UTF-16"}[e]
}

// open finds the header.
func (t *Table) open() error {
	if t.In.part != nil {
		t.In.part.open(t)
		return nil
	}
	switch t.In.Kind {
	case Workbook:
		s, err := t.In.readSheet(t.o.Sheet)
		if err != nil {
			return err
		}
		t.book, t.Sheet, t.Sheets, t.Hidden = s, s.name, s.others, s.hidden
		t.Encoding = "workbook"
		if len(s.rows) == 0 {
			return &Error{Msg: t.In.Shown() + " has no rows on its sheet", Try: "name another with --sheet"}
		}
	case CSV:
		first, err := t.firstLines()
		if err != nil {
			return err
		}
		if len(first) > 0 {
			if d, ok := sepLine(first[0]); ok {
				t.Delim, t.skip = d, 1
			}
		}
		if t.Delim == 0 {
			t.Delim = findDelimiter(first)
		}
	case JSON:
		return nil // the keys are known when all of it is read
	}
	var rows []sheetRow
	err := t.raw(func(fields []string, line int, err error) bool {
		if err == nil {
			rows = append(rows, sheetRow{line, slices.Clone(fields)})
		}
		return len(rows) < headerRows
	})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return t.In.empty()
	}
	t.findHeader(rows)
	return nil
}

// firstLines returns the first lines of a text that are not blank.
func (t *Table) firstLines() ([]string, error) {
	l, c, err := t.In.lines(Undecided)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var first []string
	for len(first) < headerRows {
		b, err := l.next()
		if err == io.EOF {
			break
		}
		if err != nil && err != errEncoding {
			return nil, t.In.whole(err, l.number)
		}
		if s := string(b); strings.TrimSpace(s) != "" {
			first = append(first, s)
		}
	}
	return first, nil
}

// findHeader takes the row with most known names as the header, the first of equal
// ones; a table without a header has a date in its first row.
func (t *Table) findHeader(rows []sheetRow) {
	if t.o.Headless && slices.ContainsFunc(rows[0].fields, t.isStamp) {
		t.Header = make([]string, len(rows[0].fields))
		return
	}
	at, most := 0, t.known(rows[0].fields)
	for i, r := range rows {
		if k := t.known(r.fields); k > most && k >= 2 {
			at, most = i, k
		}
	}
	header := rows[at].fields
	keys := map[string]int{}
	for _, h := range header {
		keys[headerKey(h)]++
	}
	over, groups := "", at > 0 && filled(rows[at-1].fields) > 1
	for i, h := range header { // of two lines: "Occurred", "Reported" over "Date" and "Date", "Incident" over "Number"
		if at > 0 && i < len(rows[at-1].fields) && strings.TrimSpace(rows[at-1].fields[i]) != "" {
			over = strings.TrimSpace(rows[at-1].fields[i])
		}
		whole := over + " " + strings.TrimSpace(h)
		told := groups && knownHeader(whole) && FieldOf(whole) != FieldOf(h)
		if over != "" && headerKey(h) != "" && (keys[headerKey(h)] > 1 || told) {
			header[i] = whole
		}
	}
	if at > 0 {
		fillHeader(header, rows[at-1].fields)
	}
	for len(header) > 1 && strings.TrimSpace(header[len(header)-1]) == "" {
		header = header[:len(header)-1]
	}
	t.Header, t.HeadLine, t.Above = header, rows[at].line, at
}

// fillHeader names the columns that the lower of a header's two lines leaves blank by
// the upper one: a cell that is merged with the one below stands there. A line with
// one cell is a title.
func fillHeader(lower, upper []string) {
	said := filled(upper)
	for i := range min(len(lower), len(upper)) {
		if said > 1 && strings.TrimSpace(lower[i]) == "" {
			lower[i] = strings.TrimSpace(upper[i])
		}
	}
}

// filled counts the cells that are not blank.
func filled(fields []string) int {
	n := 0
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			n++
		}
	}
	return n
}

// known counts the headers that are known or that the caller named.
func (t *Table) known(fields []string) int {
	n := 0
	for _, h := range fields {
		key := headerKey(h)
		own := func(m map[Field]string) bool {
			for _, v := range m {
				if headerKey(v) == key && key != "" {
					return true
				}
			}
			return false
		}
		if own(t.o.Columns) || own(t.o.Usual) || knownHeader(h) {
			n++
		}
	}
	return n
}

func (t *Table) isStamp(v string) bool {
	v = strings.TrimSpace(v)
	if digits(v) == 0 || digits(v) == len(v) && len(v) != 8 {
		return false
	}
	s, ok := eitherStamp(v, t.o.Today)
	return ok && s.HasDate()
}

// raw yields every row of the table from its start, header and all.
func (t *Table) raw(yield func(fields []string, line int, err error) bool) error {
	switch {
	case t.In.part != nil || t.In.Kind == Workbook:
		for _, r := range t.inMemory() {
			if !yield(r.fields, r.line, nil) {
				return nil
			}
		}
		return nil
	case t.In.Kind == JSON:
		return t.jsonRows(yield)
	}
	l, c, err := t.In.lines(t.charset)
	if err != nil {
		return err
	}
	defer c.Close()
	r := newReader(l, Dialect{Delim: t.Delim})
	for range t.skip {
		if _, err := r.line(); err != nil {
			return t.end(err, l)
		}
	}
	for {
		fields, line, err := r.Next()
		var row *RowError
		if err != nil && !errors.As(err, &row) {
			return t.end(err, l)
		}
		if row != nil && row.Reason == errNUL.Error() {
			return t.In.whole(errNUL, row.Line)
		}
		if err == nil && line == t.HeadLine {
			r.Width = len(t.Header)
		}
		if !yield(fields, line, err) {
			break
		}
	}
	if t.charset == Undecided {
		t.decide(l)
	}
	return nil
}

// inMemory are the rows of a group or of a workbook.
func (t *Table) inMemory() []sheetRow {
	if t.In.part != nil {
		return t.In.part.rows
	}
	return t.book.rows
}

func (t *Table) end(err error, l *lines) error {
	if err != io.EOF {
		return t.In.whole(err, l.number)
	}
	if t.charset == Undecided {
		t.decide(l)
	}
	return nil
}

// decide settles the charset of the file by all of its lines: some that are UTF-8
// and few that are not are a damaged file of UTF-8.
func (t *Table) decide(l *lines) {
	if t.In.enc != bytewise || l.narrow == 0 {
		return
	}
	if l.wide >= l.narrow {
		t.charset = UTF8
		return
	}
	t.charset, t.Encoding = Windows1252, "Windows-1252"
}

// rows yields the rows of the table behind its header as wide as the header. One
// that is too short or too long is a *RowError.
func (t *Table) rows(yield func(fields []string, line int, err error) bool) error {
	width := len(t.Header)
	return t.raw(func(fields []string, line int, err error) bool {
		if line <= t.HeadLine {
			return true
		}
		if err != nil || blank(fields) || isRule(fields) {
			return err == nil || yield(nil, line, err)
		}
		switch {
		case t.In.Kind == JSON:
		case t.isHeader(fields):
			return yield(nil, line, &RowError{Line: line, Reason: "the row is the header again"})
		case len(fields) > width && !blank(fields[width:]), t.In.Kind == CSV && len(fields) < width:
			err = &RowError{Line: line, Reason: fmt.Sprintf("the row has %d columns, the header %d", len(fields), width)}
			return yield(nil, line, err)
		}
		return yield(fields, line, nil)
	})
}

// isRule reports whether a row is a line that is drawn below a header, "-----,----".
func isRule(fields []string) bool {
	drawn := false
	for _, f := range fields {
		if f = strings.TrimSpace(f); strings.Trim(f, "-=:+") != "" {
			return false
		}
		drawn = drawn || len(f) > 2
	}
	return drawn
}

// isHeader reports whether a row repeats the header, as the second of tables that were
// put together does.
func (t *Table) isHeader(fields []string) bool {
	n := 0
	for i, f := range fields {
		if f = strings.TrimSpace(f); f == "" {
			continue
		}
		if i >= len(t.Header) || !strings.EqualFold(f, strings.TrimSpace(t.Header[i])) {
			return false
		}
		n++
	}
	return n > 1
}

func blank(fields []string) bool {
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}

// survey reads all rows once: a sample tells the fields, and then every row speaks
// for the order of dates, the kind of times and the middle of the points.
func (t *Table) survey() error {
	type numbered struct {
		fields []string
		line   int
	}
	var sample []numbered
	var finder *orderFinder
	var points []orb.Point
	var lineOf []int
	var failed error
	settle := func() bool {
		if failed = t.settleLayout(func(yield func([]string) bool) {
			for _, s := range sample {
				if !yield(s.fields) {
					return
				}
			}
		}); failed != nil {
			return false
		}
		finder = newOrderFinder(t.Layout, t.o.Zone, t.o.Today)
		return true
	}
	take := func(fields []string, line int) {
		finder.add(fields, line)
		if len(points) < maxPoints {
			if p, _, ok, err := (Row{line, fields, t}).rawPoint(); ok && err == nil {
				points = append(points, p)
				lineOf = append(lineOf, line)
			}
		}
	}
	takeSample := func() bool {
		if !settle() {
			return false
		}
		for _, s := range sample {
			take(s.fields, s.line)
		}
		return true
	}
	err := t.rows(func(fields []string, line int, err error) bool {
		t.Rows++
		if err != nil {
			return true
		}
		if finder != nil {
			take(fields, line)
			return true
		}
		sample = append(sample, numbered{slices.Clone(fields), line})
		return len(sample) < sampleRows || takeSample()
	})
	if failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	if finder == nil && !takeSample() {
		return failed
	}
	if t.In.Kind == JSON && len(t.Layout.Columns) < len(t.Header) { // keys that came late
		sample = append(sample, numbered{make([]string, len(t.Header)), 0})
		if !settle() {
			return failed
		}
	}
	for _, s := range sample[:min(3, len(sample))] {
		t.Sample = append(t.Sample, s.fields)
	}
	if t.Rows == 0 && !t.o.Quiet {
		what := " has a header and no rows"
		if t.In.Kind == JSON {
			what = " has no rows"
		}
		return &Error{Msg: t.In.Shown() + what, Try: "export it again"}
	}
	t.place.settleCentre(points)
	t.noteFar(points, lineOf)
	t.noteSwapped(points)
	return t.settleTimes(finder)
}

// noteFar counts the points that are of another place than the file's.
func (t *Table) noteFar(points []orb.Point, lines []int) {
	far := map[string]*Note{}
	for i, p := range points {
		reason := t.place.doubt(p)
		if reason == "" {
			continue
		}
		if far[reason] == nil {
			far[reason] = &Note{Kind: NoteFar, Line: lines[i], Text: reason}
		}
		far[reason].Count++
	}
	for _, reason := range slices.Sorted(maps.Keys(far)) {
		t.Notes = append(t.Notes, *far[reason])
	}
}

// noteSwapped notes points that lie where the sun is three hours or more off the zone's
// clock, and would not were latitude and longitude swapped: no point of the file tells.
func (t *Table) noteSwapped(points []orb.Point) {
	if len(points) == 0 || t.o.Today.IsZero() || t.o.Zone == time.UTC { // which is of no place
		return
	}
	_, clock := t.o.Today.In(t.o.Zone).Zone()
	off := func(lon float64) float64 { return math.Abs(math.Remainder(lon/15-float64(clock)/3600, 24)) }
	if p := middle(points); off(p[0]) >= 3 && off(p[1]) < 2 {
		t.Notes = append(t.Notes, Note{Kind: NoteSwapped, Text: t.o.Zone.String()})
	}
}

// settleLayout gives the fields their columns.
func (t *Table) settleLayout(sample func(func([]string) bool)) error {
	l := &Layout{}
	for _, h := range t.Header {
		c := newColumn(h)
		if t.In.Kind == JSON {
			c.within(h)
		}
		l.Columns = append(l.Columns, c)
	}
	sample(func(fields []string) bool {
		for i, v := range fields[:min(len(fields), len(l.Columns))] {
			l.Columns[i].add(v, t.o.Today)
		}
		return true
	})
	t.Layout = l
	if t.HeadLine == 0 && t.In.Kind != JSON {
		if err := t.byPosition(); err != nil {
			return err
		}
	} else {
		usual := t.o.Usual
		if t.o.PlaceIDs != "" {
			usual = maps.Clone(usual)
			if usual == nil {
				usual = map[Field]string{}
			}
			usual[PlaceID] = t.o.PlaceIDs
		}
		var missing *missingError
		if err := l.assign(t.o.Columns, usual, t.In.Shown()); errors.As(err, &missing) {
			return t.noColumn(missing)
		}
	}
	t.others = nil
	if t.In.Kind == JSON { // an object has keys of its own
		t.others = map[Field][]int{}
		used := map[int]bool{}
		for _, at := range l.At {
			used[at] = true
		}
		for _, f := range Fields {
			for i, c := range l.Columns {
				if _, ok := ranks[f][c.key]; ok && !used[i] && l.Has(f) {
					t.others[f] = append(t.others[f], i)
				}
			}
			slices.SortStableFunc(t.others[f], func(a, b int) int { return ranks[f][l.Columns[a].key] - ranks[f][l.Columns[b].key] })
		}
	}
	t.settlePlane()
	if t.o.Incidental || t.In.Kind == JSON && t.Rows == 0 { // no object, no keys to miss
		return nil
	}
	if err := t.otherKind(); err != nil {
		return err
	}
	return t.check()
}

// byPosition reads a table without a header from where its first date stands: the
// two columns before it are the coordinates, one before those is the reference, one
// after it is a time of day or the end of the interval.
func (t *Table) byPosition() error {
	l := t.Layout
	l.At, l.Why, l.scale = map[Field]int{}, map[Field]string{}, 1
	if len(t.o.Columns) > 0 {
		return &Error{Msg: t.In.Shown() + " has no header, so columns cannot be named", Try: "write one as its first line"}
	}
	at := slices.IndexFunc(l.Columns, func(c *Column) bool { return c.share(c.stamps) })
	if at < 0 {
		return &Error{Msg: t.In.Shown() + " has no header and no column of dates", Try: "write one as its first line"}
	}
	set := func(f Field, i int) { l.At[f], l.Why[f] = i, "content" }
	set(Date, at)
	if next := at + 1; next < len(l.Columns) && l.Columns[next].share(l.Columns[next].stamps) {
		delete(l.At, Date)
		set(From, at)
		set(To, next)
	} else if next < len(l.Columns) && l.Columns[next].share(l.Columns[next].clocks) {
		set(FromTime, next)
	}
	if at >= 3 {
		set(Ref, at-3)
	}
	if t.o.Placeless {
		return nil
	}
	if at < 2 {
		return &Error{Msg: t.In.Shown() + " has no header and no two coordinates before its first date", Try: "write one as its first line"}
	}
	if t.o.Degrees {
		set(Lat, at-2)
		set(Lon, at-1)
		return nil
	}
	set(X, at-2)
	set(Y, at-1)
	return nil
}

// settleTimes decides the order of dates and which times of day are none.
func (t *Table) settleTimes(o *orderFinder) error {
	l := t.Layout
	order, reason, err := o.settle(l, t.o.Order, t.o.Fallback)
	var mixed *mixedError
	if errors.As(err, &mixed) && t.o.Lenient {
		t.Doubts = append(t.Doubts, "it has "+mixed.Error()+": tell the order with --date-order")
		order = DayFirst
	} else if mixed != nil {
		return &Error{Msg: t.In.Shown() + " has " + mixed.Error(), Try: t.command("--date-order dmy"), Also: t.command("--date-order mdy") + "   (rows that do not fit are rejected)"}
	}
	if reason.Assumed && t.o.Lenient {
		t.Doubts = append(t.Doubts, "no row proves whether dates are day first or month first: tell the order with --date-order")
	} else if reason.Assumed && america(t.o.Zone.String()) {
		return &Error{Msg: fmt.Sprintf("%s has dates that may be day first or month first, and no row proves it", t.In.Shown()), Try: t.command("--date-order mdy"), Also: t.command("--date-order dmy")}
	}
	t.Order, t.Reason = order, reason
	tm := timing{stampReader: newStampReader(order, t.o.Today), zone: t.o.Zone, today: t.o.Today, interval: !t.o.Single,
		dateOnly: map[Field]bool{}, local: map[Field]bool{}, hourly: map[Field]bool{}, asNumber: map[Field]bool{}, ranged: map[Field]bool{}, serial: map[Field]bool{}}
	for _, f := range Fields {
		at, ok := l.At[f]
		if !ok {
			continue
		}
		switch c := l.Columns[at]; f {
		case Date, From:
			tm.ranged[f], tm.serial[f] = c.ranged(), c.serial()
		case To, Reported:
			tm.serial[f] = c.serial()
		case FromTime:
			tm.ranged[f], tm.serial[f] = c.hours > 0, c.fraction()
		case ToTime, ReportedTime:
			tm.serial[f] = c.fraction()
		}
		if tm.serial[f] {
			t.Notes = append(t.Notes, Note{Kind: NoteSerial, Text: l.Columns[at].Name})
		}
	}
	for f, clock := range map[Field]Field{Date: FromTime, From: FromTime, To: ToTime, Reported: ReportedTime} {
		if at, ok := l.At[f]; ok {
			tm.dateOnly[f], tm.local[f] = o.facts[at].dateOnly(l.Has(clock) || f != Reported && l.Has(Hour))
		}
	}
	for _, f := range []Field{Date, From} {
		at, ok := l.At[f]
		if own, told := o.own[at]; ok && told && !tm.dateOnly[f] && o.facts[at].against > 0 {
			t.Notes = append(t.Notes, Note{Kind: NoteClock, Count: o.facts[at].against, Text: l.Columns[at].Name + ", not that of " + l.Columns[own].Name})
		}
	}
	if tm.dateOnly[Date] || tm.dateOnly[From] { // an end at midnight is one as well
		if at, ok := l.At[To]; ok && o.facts[at].timed > 0 && o.facts[at].midnights == o.facts[at].timed {
			tm.dateOnly[To] = true
		}
	}
	for _, f := range []Field{FromTime, ToTime, ReportedTime} {
		at, ok := l.At[f]
		if !ok {
			continue
		}
		h, c := o.hours[at], l.Columns[at]
		tm.hourly[f] = h.ints > 0 && h.max <= 24 && !h.padded && c.has("hour", "hr", "hod", "stunde", "heure")
		tm.asNumber[f] = h.ints > 0 && !tm.hourly[f]
	}
	if at, ok := l.At[Date]; ok {
		tm.dayCount = l.Columns[at].key == "day" && l.Columns[at].share(l.Columns[at].ints)
	}
	t.timing = tm
	return t.idle(o)
}

// idle refuses a column of times that the caller named and that is of no use, since
// the dates have a time of day in them.
func (t *Table) idle(o *orderFinder) error {
	l := t.Layout
	for clock, dates := range map[Field][]Field{FromTime: {From, Date}, ToTime: {To}} {
		if _, ok := t.o.Columns[clock]; !ok {
			continue
		}
		for _, f := range dates {
			at, ok := l.At[f]
			if !ok {
				continue
			}
			if facts := o.facts[at]; facts != nil && facts.timed == facts.stamps && facts.timed > 0 && !t.timing.dateOnly[f] {
				return &Error{Msg: fmt.Sprintf("%s: the column %q is not used, since %q has the time of day in it", t.In.Shown(), l.Columns[l.At[clock]].Name, l.Columns[at].Name),
					Try: fmt.Sprintf("leave out --column %s", clock)}
			}
			break
		}
	}
	if _, named := t.o.Columns[X]; named && t.place.plane == NoPlane && !t.o.Planar && l.Has(X, Y) {
		return &Error{Msg: fmt.Sprintf("%s: the plane of the columns %q and %q is not known", t.In.Shown(), l.Columns[l.At[X]].Name, l.Columns[l.At[Y]].Name), Try: t.command("--crs EPSG:CODE")}
	}
	return nil
}

// missing are the fields without which no row can be used: a place and a time.
func (t *Table) missing() []Field {
	l := t.Layout
	var missing []Field
	placed := l.Has(Lat, Lon) || l.Has(Point)
	switch {
	case t.o.Placeless:
	case t.o.Coordinates && !placed && !l.Has(X, Y):
		missing = append(missing, Lat, Lon)
	case !t.o.Coordinates && !placed && !l.Has(Location) && !l.Has(Street) && !l.Has(Postcode) && !l.Has(Locality) && t.place.plane == NoPlane && !(t.o.Planar && l.Has(X, Y)):
		missing = append(missing, Location)
	}
	if !l.Has(From) && !l.Has(Date) && !l.Has(FromTime) && !l.Has(Year, Month, Day) {
		missing = append(missing, From)
	}
	return missing
}

// check refuses a table that holds no place or no time, and says all that is missing
// at once.
func (t *Table) check() error {
	missing := t.missing()
	if len(missing) == 0 {
		return nil
	}
	if l := t.Layout; len(missing) == 2 && missing[0] == Lat && (l.Has(Location) || l.Has(Street) || l.Has(Postcode)) {
		name := Quote(t.In.Name)
		return &Error{Msg: t.In.Shown() + " has addresses and no coordinates",
			Try: fmt.Sprintf("spreewatch ingest %s && spreewatch geocode; without a file the verb then looks at the database", name)}
	}
	if l := t.Layout; missing[0] == Location && len(missing) == 1 && l.Has(X, Y) {
		return &Error{Msg: fmt.Sprintf("%s has no place but the columns %q and %q, whose plane is not known", t.In.Shown(), l.Columns[l.At[X]].Name, l.Columns[l.At[Y]].Name), Try: t.command("--crs EPSG:CODE")}
	}
	if t.In.Kind == JSON && len(t.Header) == 0 {
		return &Error{Msg: t.In.Shown() + " has nothing that is one JSON object a line, nor an array of objects", Try: "write one JSON object a line"}
	}
	if t.In.Kind == CSV && len(t.Header) == 1 {
		return &Error{Msg: t.In.Shown() + " has one column: commas, semicolons, tabs or bars divide none of its first lines into more", Try: "export it again as .csv"}
	}
	if t.known(t.Header) < 2 && slices.ContainsFunc(t.Header, t.isStamp) { // a report, of which nothing is shown
		return &Error{Msg: fmt.Sprintf("%s has no header: line %d, where the names of the columns should be, holds a date", t.In.Shown(), t.HeadLine), Try: "write one as its first line, such as ref,offence,date,location"}
	}
	e := &Error{}
	var names, flags []string
	for _, f := range missing {
		names = append(names, strconv.Quote(string(f)))
		if header := t.likely(f); header != "" {
			flags = append(flags, fmt.Sprintf("--column %s=%s", f, Quote(header)))
		}
	}
	e.Msg = t.In.Shown() + " has no column " + strings.Join(names, " and none ")
	if e.Try = t.listed(); len(flags) == len(missing) {
		e.Try = t.command(flags...)
	}
	return e
}

// listed says where the columns of the table can be seen.
func (t *Table) listed() string {
	return fmt.Sprintf("the table has %s; spreewatch inspect %s lists them", count(len(t.Header), "column"), Quote(t.In.Name))
}

// meant are the first letters of the words of headers that may be meant for a field.
var meant = map[Field][]string{
	Location: {"addr", "loc", "street", "place", "block", "where"},
	From:     {"date", "time", "when"},
	Lat:      {"lat"},
	Lon:      {"lon", "lng"},
}

// likely is the header of the table that may be meant for a field, by its values and
// its words, by its values or by its words alone; "" where none is.
func (t *Table) likely(f Field) string {
	l := t.Layout
	if at, ok := l.At[Reported]; ok && f == From { // of a log, the call is all that is known
		return l.Columns[at].Name
	}
	best, header := 0, ""
	for _, c := range l.Columns {
		if !shortHeader(c.Name) {
			continue
		}
		score := 0
		if f == Location && c.share(c.postal) || f == From && c.share(c.stamps) {
			score = 2
		}
		if slices.ContainsFunc(c.words, func(w string) bool {
			return slices.ContainsFunc(meant[f], func(start string) bool { return strings.HasPrefix(w, start) })
		}) {
			score++
		}
		if score > best {
			best, header = score, c.Name
		}
	}
	return header
}

// noColumn says that a header the caller named is missing, and names the one most
// like it. A table without headers has a report on its first line, so only a header
// within a few letters of what was asked for is shown.
func (t *Table) noColumn(m *missingError) error {
	e := &Error{Msg: fmt.Sprintf("%s has no column %q", t.In.Shown(), m.header)}
	if best := nearestHeader(m.header, t.Header); best != "" {
		e.Try = t.command(fmt.Sprintf("--column %s=%s", m.field, Quote(best)))
		return e
	}
	e.Try = t.listed()
	return e
}

// command is the command that was typed with more flags, behind its verb.
func (t *Table) command(flags ...string) string {
	typed := t.o.Typed
	if len(typed) == 0 {
		typed = []string{"ingest", t.In.Name}
	}
	at := 0
	if !strings.HasPrefix(typed[0], "-") {
		at = 1
	}
	words := []string{"spreewatch"}
	for i, w := range typed {
		if i == at {
			words = append(words, flags...)
		}
		words = append(words, Quote(w))
	}
	if at == len(typed) {
		words = append(words, flags...)
	}
	return strings.Join(words, " ")
}

// Quote writes a word as a shell takes it.
func Quote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:+@%,=") == "" {
		return s
	}
	if !strings.ContainsAny(s, "\"$`\\!") {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
