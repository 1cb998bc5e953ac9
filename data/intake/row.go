package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/intake/bulletin"
	"spreewatch/data/table"
	"spreewatch/geo"
)

// readTable yields the reports of a table, row by row. Every row is one where somebody made
// the table of reports: it is named as a table (.csv, .xlsx, .jsonl), its columns or its
// offence are told, a source of the settings has its header, or the column of the offence is
// headed as one of crimes. A text that only looks like a table, a log that was pasted or
// saved as .txt, holds whatever people called about: there a row is asked what it tells of,
// as a row inside a bulletin is, and one that is no crime by its own words, and of no
// profile, is listed with the reason and gives no report; the time in its remarks is that of
// the event.
func readTable(ctx context.Context, in *table.Input, name string, o Options, yield func(data.Report, error) bool) error {
	o, err := o.choose(in)
	if err != nil {
		return err
	}
	to, err := o.table()
	if err != nil {
		return err
	}
	t, err := geo.Attend(ctx, func() (*table.Table, error) { return table.Read(in, to) })
	if err != nil {
		return err
	}
	if status := o.takingBack(t); status != "" {
		t.Notes = append(t.Notes, table.Note{Kind: table.NoteTakenBack, Text: status})
	}
	if o.Seen != nil {
		how := t.How()
		how.Source = o.Source
		o.Seen(how)
	}
	rule := "the date is written in full"
	if t.Reason.Assumed {
		rule += ", day first: nothing in the file proves it"
	}
	once := repeats{}
	pasted := !in.Named() && len(o.Columns) == 0 && o.Source == "" && o.Offence == "" && !t.OfCrimes()
	for row, err := range t.All() {
		var report data.Report
		made := false
		if err == nil {
			report, made, err = reportFrom(row, name, rule, &o)
		}
		if err == nil && pasted {
			err = o.ask(ctx, t.Header, row, &report)
		}
		if err == nil && made {
			once.tellApart(&report)
		}
		if err != nil {
			err = rowError(err, name)
			var bad *data.RowError
			if !errors.As(err, &bad) {
				return err
			}
		}
		if !yield(report, err) {
			return errStopped
		}
	}
	return nil
}

// ask refuses the report of a row that tells of no crime by its own words, and gives it the
// time that its remarks give, where it was read at the time of the call.
func (o *Options) ask(ctx context.Context, header []string, row table.Row, r *data.Report) error {
	known := slices.ContainsFunc(o.Profiles, func(p cluster.Profile) bool { return p.Offence == r.Offence })
	if aside := bulletin.RowAside(ctx, header, row.Cells()); aside != "" && !known {
		bad := data.RowError{Source: r.Source, Line: r.Line, Reason: aside}
		if o.Aside != nil {
			o.Aside(bad)
		}
		bad.Reason, bad.Unread = aside+", but perhaps an incident", true
		return &bad
	} else if aside != "" {
		return nil
	}
	day, call := r.Precision == data.PrecisionDay, r.From.Equal(r.To) && (r.Reported.IsZero() || r.Reported.Equal(r.From))
	if !day && !call {
		return nil
	}
	told := bulletin.ReadRow(header, row.Cells(), bulletin.Settings{Received: r.From, Today: o.Today, Zone: o.Zone})
	switch {
	case told == nil:
		return nil
	case call && told.To.After(told.From) && told.Reported.Equal(r.From) && !told.To.After(r.From):
		r.Reported = told.Reported
	case day && told.Precision != data.PrecisionDay && within(told, r):
	default:
		return nil
	}
	r.From, r.To, r.Precision = told.From, told.To, told.Precision
	r.DateRule += "; as its remarks say"
	return nil
}

// within reports whether a time begins on the day of a row, of one day, and ends by the next noon.
func within(told, day *data.Report) bool {
	return day.To.Sub(day.From) <= 25*time.Hour && !told.From.Before(day.From) && told.From.Before(day.To) && !told.To.After(day.To.Add(12*time.Hour))
}

// table makes the options of the reader of tables.
func (o *Options) table() (table.Options, error) {
	t := table.Options{Columns: fields(o.Columns), Usual: fields(o.Usual), Sheet: o.Sheet, Order: o.DateOrder, Fallback: o.Fallback,
		Zone: o.Zone, ZoneTold: o.ZoneTold, Today: o.Today, Typed: o.Typed, Quiet: true}
	if o.CRS != "" {
		p, err := geo.ParseProjection(o.CRS)
		if err != nil {
			return t, &data.UserError{Msg: "--crs: " + err.Error(), Hint: "--crs EPSG:27700"}
		}
		t.Project, t.Feet = p.Point, p.Feet()
	}
	return t, nil
}

// fields takes the names of fields by their meaning.
func fields(columns map[string]string) map[table.Field]string {
	out := make(map[table.Field]string, len(columns))
	for name, header := range columns {
		if f, ok := table.ParseField(name); ok {
			out[f] = header
		}
	}
	return out
}

// rowError names the source in the error of a row; any other error stays as it is.
func rowError(err error, source string) error {
	var row *table.RowError
	if errors.As(err, &row) {
		return &data.RowError{Source: source, Line: row.Line, Field: row.Field, Reason: row.Reason}
	}
	return err
}

// reportFrom makes a report of one row, and says whether its reference was made from
// its content.
func reportFrom(row table.Row, source, rule string, o *Options) (_ data.Report, made bool, err error) {
	refuse := func(field, reason string) (data.Report, bool, error) {
		return data.Report{}, false, &data.RowError{Source: source, Line: row.Line, Field: field, Reason: reason}
	}
	r := data.Report{Ref: row.Get(table.Ref), Offence: o.nameOffence(row.Get(table.Offence)), OffenceText: row.Get(table.Offence), Location: Location(row), Source: source, Line: row.Line}
	if row.Mangled() {
		r.Ref = ""
	}
	point, within, placed, err := row.PointWithin()
	switch {
	case err != nil && (r.Location == "" || !table.Withheld(err)):
		return data.Report{}, false, row.Refuse(err)
	case err == nil && placed:
		r.Point, r.WithinM = &point, within
	}
	if r.Location == "" && r.Point == nil {
		return refuse("location", "the row has neither a location nor coordinates")
	}
	span, err := row.Span()
	if err != nil {
		return data.Report{}, false, row.Refuse(err)
	}
	r.From, r.To, r.Precision, r.DateRule = span.From, span.To, precision(span), rule
	for _, n := range span.Notes {
		if !strings.HasSuffix(r.DateRule, n) {
			r.DateRule += "; " + n
		}
	}
	r.Withdrawn = o.withdrawn(row)
	if p := data.Precision(row.Get(table.Precision)); p == data.PrecisionAround || p == data.PrecisionOvernight || p == data.PrecisionDay {
		r.Precision = p
	}
	if reason := o.outOfRange(r.From, r.To); reason != "" {
		return refuse(string(row.TimeField()), reason)
	}
	if r.Reported, err = row.ReportedAt(); err != nil {
		return data.Report{}, false, row.Refuse(err)
	}
	if r.Ref == "" {
		r.Ref, made = MakeRef(r), true
	}
	return r, made, nil
}

// withdrawn reports whether the status of a row says that the report was taken back.
func (o *Options) withdrawn(row table.Row) bool {
	status := row.Get(table.Status)
	return status != "" && slices.ContainsFunc(o.Withdrawn, func(w string) bool { return strings.EqualFold(w, status) })
}

func precision(s table.Span) data.Precision {
	switch {
	case s.Day:
		return data.PrecisionDay
	case s.Window:
		return data.PrecisionWindow
	}
	return data.PrecisionExact
}

// nameOffence returns the profile that the words of an offence column mean, or
// the words themselves. A table says few different ones, and each is read once.
func (o *Options) nameOffence(s string) string {
	if o.Offence != "" {
		return o.Offence
	}
	if name, read := o.names[s]; read {
		return name
	}
	name := NameOffence(s, o.Profiles, o.Offences)
	if name == "" {
		name = s
	}
	if o.names == nil {
		o.names = map[string]string{}
	}
	if len(o.names) < mostNames {
		o.names[s] = name
	}
	return name
}

// mostNames bounds the offences that are remembered: a column of free text has as
// many as rows.
const mostNames = 10_000

// Location returns the location of a row in one line: the column of that name, with
// locality and postcode when they stand elsewhere and it lacks them.
func Location(row table.Row) string {
	parts := []string{}
	place := row.Get(table.Location)
	if place == "" {
		place = row.Get(table.Street)
		if kind := row.Get(table.StreetType); place != "" && kind != "" && !strings.HasSuffix(strings.ToLower(place), " "+strings.ToLower(kind)) {
			place += " " + kind
		}
	}
	if n := row.Get(table.HouseNumber); n != "" && place != "" && !strings.ContainsAny(place[:1], "0123456789") {
		place = n + " " + place
	}
	if place != "" {
		parts = append(parts, place)
	}
	for _, f := range []table.Field{table.Locality, table.Postcode} {
		s := row.Get(f)
		if s == "" || len(parts) > 0 && bulletin.CountWords(strings.ToLower(strings.Join(parts, ", ")), strings.ToLower(s)) > 0 {
			continue
		}
		parts = append(parts, s)
	}
	return strings.Join(strings.Fields(strings.Join(parts, ", ")), " ")
}

// repeats holds the references of one file, and how often each was made. Reports
// that are equal and have no reference of their own are as many as they are told:
// the second gets "-2" behind the reference that is made for it.
type repeats map[string]int

func (p repeats) tellApart(r *data.Report) {
	made := r.Ref
	for n := p[made] + 1; p[r.Ref] > 0; n++ {
		p[made] = n
		r.Ref = fmt.Sprintf("%s-%d", made, n)
	}
	p[r.Ref]++
}

// Rows reads any table of text row by row: delimiter and encoding are found as
// for reports, and it may be gzipped. It holds one row at a time.
type Rows struct{ *table.Rows }

// OpenRows opens the table at path, or standard input for "-".
func OpenRows(path string, stdin io.Reader) (*Rows, error) {
	r, err := table.OpenRows(path, stdin)
	if err != nil {
		return nil, err
	}
	return &Rows{r}, nil
}

// Next returns the next row, as wide as the header, and the line on which it
// begins. Blank lines are passed over and short rows filled up. A row that
// cannot be divided, or that is wider than the header, is a *data.RowError, after
// which reading goes on; the end is io.EOF.
func (r *Rows) Next() ([]string, int, error) {
	fields, line, err := r.Rows.Next()
	return fields, line, rowError(err, r.Source)
}
