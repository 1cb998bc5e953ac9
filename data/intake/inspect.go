package intake

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"spreewatch/data"
	"spreewatch/data/table"
)

// An Inspection is how a file would be read.
type Inspection struct {
	Name    string
	Source  string       // the block of the settings that it would be read by, "" for none
	Table   *table.Table // nil for running text
	Reports []data.Report
	Refused []*data.RowError // of the first rows
	zone    string
	known   []string // the offences of the profiles
}

// NoName stands for the name of a source that has none yet.
const NoName = "NAME"

// inspectedRows is how many rows are shown as they would be read.
const inspectedRows = 3

// Inspect settles how a file would be read, without refusing it for what is missing
// or doubtful.
func Inspect(path string, o Options) (Inspection, error) {
	if err := o.Validate(); err != nil {
		return Inspection{}, err
	}
	in, err := table.Open(path, o.Stdin)
	if err != nil {
		return Inspection{}, err
	}
	out := Inspection{Name: in.Name}
	if in.Kind == table.Prose {
		return out, nil
	}
	if o, err = o.choose(in); err != nil {
		return out, err
	}
	to, err := o.table()
	if err != nil {
		return out, err
	}
	to.Incidental, to.Lenient, to.Quiet = true, true, true
	t, err := table.Read(in, to)
	if err != nil {
		return out, err
	}
	if !t.Layout.Has(table.Offence) && o.Offence == "" {
		t.Doubts = append(t.Doubts, "no column is the offence, without which a report is in no spree: name it with --column offence=HEADER, or one for all with --offence")
	}
	if status := o.takingBack(t); status != "" {
		t.Doubts = append(t.Doubts, table.Note{Kind: table.NoteTakenBack, Text: status}.String()+"; it goes into the block below")
	}
	out.Table, out.Source, out.zone = t, o.Source, o.Zone.String()
	for _, p := range o.Profiles {
		out.known = append(out.known, p.Offence)
	}
	for row, err := range t.All() {
		var r data.Report
		if err == nil {
			r, _, err = reportFrom(row, in.Name, "", &o)
		}
		if err != nil {
			var bad *data.RowError
			if !errors.As(rowError(err, in.Name), &bad) {
				return out, err
			}
			out.Refused = append(out.Refused, bad)
		} else {
			out.Reports = append(out.Reports, r)
		}
		if len(out.Reports)+len(out.Refused) == inspectedRows {
			break
		}
	}
	if apart := out.zoneOff(o.Zone); apart >= zoneSlack {
		t.Doubts = append(t.Doubts, fmt.Sprintf("the coordinates lie where the sun is %.0f hours off the clock of %s: tell the zone with --timezone", apart, o.Zone))
	}
	return out, nil
}

// takingBack is the header of a column whose words tell of reports that were taken back,
// "" for none or where it was said which words do.
func (o *Options) takingBack(t *table.Table) string {
	at, ok := t.Layout.At[table.Status]
	if !ok || len(o.Withdrawn) > 0 || !slices.ContainsFunc(t.Layout.Columns[at].Few(), takenBack) {
		return ""
	}
	return t.Layout.Columns[at].Name
}

// takenBack reports whether the status of a report may say that there was none.
func takenBack(status string) bool {
	status = strings.ToLower(strings.Join(strings.FieldsFunc(status, func(r rune) bool { return r == ' ' || r == '-' || r == '_' }), " "))
	return slices.ContainsFunc([]string{"no crime", "not a crime", "cancel", "withdrawn", "unfounded", "duplicate", "created in error", "void", "retracted"}, func(word string) bool { return strings.HasPrefix(status, word) })
}

// zoneSlack is how many hours the sun is off the clock nowhere: the west of China is
// three.
const zoneSlack = 4.0

// zoneOff returns by how many hours the sun is off the zone's clock at the first report
// that has coordinates, 0 where none has.
func (i Inspection) zoneOff(zone *time.Location) float64 {
	for _, r := range i.Reports {
		if r.Point != nil {
			_, clock := r.From.In(zone).Zone()
			return math.Abs(math.Remainder(r.Point.Lon()/15-float64(clock)/3600, 24))
		}
	}
	return 0
}

// shown is an offence as the sample rows have it: one of no profile is marked, since it
// counts with all others of none.
func (i Inspection) shown(offence string) string {
	switch {
	case offence == "":
		return "(no offence)"
	case slices.Contains(i.known, offence):
		return offence
	}
	return offence + " (no profile: spreewatch offences)"
}

// Write writes the inspection for a person, with the block of settings that keeps it
// under a name; under NAME, which stands for one, with how to keep it.
func (i Inspection) Write(w io.Writer, name string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", i.Name)
	if i.Table == nil {
		b.WriteString("  running text: spreewatch ingest reads it as a bulletin\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	if i.Source != "" {
		fmt.Fprintf(&b, "  %-12s %s\n", "source", i.Source)
	}
	i.Table.Describe(&b)
	for _, r := range i.Reports {
		span := r.From.Format("Mon 2 Jan 2006 15:04")
		if !r.To.Equal(r.From) {
			span += " to " + r.To.Format("Mon 2 Jan 2006 15:04")
		}
		place := r.Location
		switch {
		case r.Point == nil && i.Table.Placed():
			place = strings.TrimSpace(place + "  (no coordinates)")
		case r.Point != nil:
			place = strings.TrimSpace(fmt.Sprintf("%s  (%.5f, %.5f)", place, r.Point.Lat(), r.Point.Lon()))
		}
		fmt.Fprintf(&b, "  %-12s %s  %s  %s  %s\n", fmt.Sprintf("line %d", r.Line), r.Ref, span, i.shown(r.Offence), place)
	}
	for _, r := range i.Refused {
		field := r.Field
		if field != "" {
			field += ": "
		}
		fmt.Fprintf(&b, "  %-12s refused: %s%s\n", fmt.Sprintf("line %d", r.Line), field, r.Reason)
	}
	if name == NoName {
		fmt.Fprintf(&b, "\nspreewatch inspect %s --save NAME keeps that in the settings, as does this block:\n", table.Quote(i.Name))
	}
	fmt.Fprintf(&b, "\n%s", i.Block(name))
	_, err := io.WriteString(w, b.String())
	return err
}

// MarshalFields is the inspection by name, for JSON.
func (i Inspection) MarshalFields() map[string]any {
	out := map[string]any{"file": i.Name, "kind": "text"}
	if i.Table == nil {
		return out
	}
	t := i.Table
	columns := map[string]any{}
	for f, at := range t.Layout.At {
		columns[string(f)] = map[string]string{"column": t.Layout.Columns[at].Name, "by": t.Layout.Why[f]}
	}
	missing, notes := []string{}, []string{}
	for _, f := range t.Missing() {
		missing = append(missing, string(f))
	}
	for _, n := range t.Notes {
		notes = append(notes, n.String())
	}
	out["kind"], out["encoding"], out["sheet"], out["header_line"], out["rows"] = t.In.Kind.String(), t.Encoding, t.Sheet, t.HeadLine, t.Rows
	out["delimiter"], out["source"], out["timezone"] = strings.Trim(string(rune(t.Delim)), "\x00"), i.Source, i.zone
	out["date_order"], out["dates"] = string(t.Order), t.Dates()
	out["columns"], out["not_used"], out["missing"], out["notes"], out["doubtful"] = columns, append([]string{}, t.Layout.Unused()...), missing, notes, append([]string{}, t.Doubts...)
	return out
}

// Block is the [source.NAME] of the settings that reads such a file the same again.
func (i Inspection) Block(name string) string {
	t := i.Table
	var b strings.Builder
	fmt.Fprintf(&b, "[source.%s]\n", tomlKey(name))
	var header []string
	for _, f := range table.Fields {
		at, ok := t.Layout.At[f]
		if !ok || t.Layout.Superseded(f) {
			continue
		}
		h := t.Layout.Columns[at].Name
		if !slices.Contains(header, h) {
			header = append(header, h)
		}
		fmt.Fprintf(&b, "columns.%s = %s\n", f, tomlText(h))
	}
	quoted := make([]string, len(header))
	for k, h := range header {
		quoted[k] = tomlText(h)
	}
	fmt.Fprintf(&b, "header = [%s]\n", strings.Join(quoted, ", "))
	if t.Reason.Proofs > 0 || t.Reason.Told != "" {
		fmt.Fprintf(&b, "date_order = %q\n", string(t.Order))
	}
	fmt.Fprintf(&b, "timezone = %q\n", i.zone)
	if t.Sheet != "" {
		fmt.Fprintf(&b, "sheet = %s\n", tomlText(t.Sheet))
	}
	return b.String()
}

func tomlText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(s) + `"`
}

func tomlKey(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == "" {
		return s
	}
	return strconv.Quote(s)
}

// ReplaceBlock returns the settings with the block of a source in place of the one
// that they have, or at their end, and whether they had one. Every other byte stays, and so do the lines of the
// old block that say what an offence means or which reports are taken back.
func ReplaceBlock(settings, name, block string) (string, bool) {
	head := "[source." + tomlKey(name) + "]"
	var before, kept, after strings.Builder
	state, quoted := 0, false
	for line := range strings.Lines(settings) {
		text := strings.TrimSpace(line)
		if !quoted && strings.HasPrefix(text, "[") {
			switch {
			case state == 0 && (text == head || strings.HasPrefix(text, head+" ") || strings.HasPrefix(text, head+"#")):
				state = 1
				continue
			case state == 1:
				state = 2
			}
		}
		if (strings.Count(line, `"""`)+strings.Count(line, "'''"))%2 == 1 {
			quoted = !quoted
		}
		switch state {
		case 0:
			before.WriteString(line)
		case 1:
			if strings.HasPrefix(text, "offences") || strings.HasPrefix(text, "withdrawn") || strings.HasPrefix(text, "crs") || strings.HasPrefix(text, "#") || text == "" {
				kept.WriteString(line)
			}
		case 2:
			after.WriteString(line)
		}
	}
	out := before.String()
	if state == 0 {
		if out != "" && !strings.HasSuffix(out, "\n") {
			out += "\n"
		}
		if out != "" {
			out += "\n"
		}
	}
	return out + block + kept.String() + after.String(), state > 0
}
