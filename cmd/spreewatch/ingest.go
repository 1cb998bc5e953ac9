package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/night"
	"spreewatch/data/table"
	"spreewatch/geo/address"
)

// readOptions are the flags of the verbs that read reports.
type readOptions struct {
	received string
	columns  []string
	sheet    string
	offence  string
	order    string
	crs      string
	source   string
}

func (o *readOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.received, "received", "", "`DATE` the reports came in; settles their year")
	f.StringArrayVar(&o.columns, "column", nil, "`FIELD=HEADER` names a column, such as location=\"Incident Address\"; repeatable")
	f.StringVar(&o.sheet, "sheet", "", "`SHEET` of an XLSX file, by name or number (default the first visible one with a table)")
	f.StringVar(&o.offence, "offence", "", "`NAME` of the offence, of all reports")
	bindDateOrder(f, &o.order)
	bindCRS(f, &o.crs)
	f.StringVar(&o.source, "source", "", "read by the block [source.`NAME`] of the settings (default: the one that the header is of)")
}

// reading makes what the night is to read of the flags and the files.
func (o *readOptions) reading(g *globals, files []string) (night.Reading, error) {
	r := night.Reading{Files: files}
	r.Intake.Columns, r.Intake.Sheet, r.Intake.Offence, r.Intake.Stdin, r.Intake.Typed = map[string]string{}, o.sheet, o.offence, g.in, g.typed
	order, err := table.ParseOrder(o.order)
	if err != nil {
		return r, usagef("--date-order dmy", "--date-order: %s", err)
	}
	r.Intake.DateOrder, r.Intake.CRS, r.Intake.Source = order, o.crs, o.source
	for _, c := range o.columns {
		field, header, ok := strings.Cut(c, "=")
		if !ok || header == "" {
			return r, usagef(`--column location="Incident Address"`, "--column %q is not FIELD=HEADER", c)
		}
		r.Intake.Columns[field] = header
	}
	if o.received != "" {
		day, err := time.ParseInLocation(time.DateOnly, o.received, g.zone)
		if err != nil {
			return r, usagef("--received 2015-09-18", "--received %q is not a date", o.received)
		}
		r.Intake.Received = day
	}
	return r, nil
}

func ingestCmd(g *globals) *cobra.Command {
	var o struct {
		readOptions
		dryRun bool
		why    bool
	}
	cmd := &cobra.Command{
		Use:   "ingest FILE...",
		Short: "Read reports into the database",
		Long: `Read reports into the database: bulletin text (.txt, .md), CSV, XLSX or JSON
lines, each also as .gz, and - for standard input. Reading a file again adds
nothing. A line that is refused or not understood is kept with its reason.`,
		Example: `  spreewatch ingest reports.csv
  spreewatch ingest --dry-run --json bulletin.txt --received 2015-09-18`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := o.reading(g, args)
			if err != nil {
				return err
			}
			if o.why && !o.dryRun {
				return usagef("spreewatch ingest --dry-run --why bulletin.txt", "--why needs --dry-run")
			}
			if o.why {
				r.Intake.Why = func(line string) { fmt.Fprintln(g.errw, line) }
			}
			if o.dryRun {
				return dryRun(cmd.Context(), g, r)
			}
			inputs, err := night.Ingest(cmd.Context(), g.night(), r)
			if err != nil {
				return err
			}
			return printInputs(g, inputs)
		},
	}
	o.bind(cmd)
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "print what would be read by the database's gazetteer and what was set aside, and change nothing")
	cmd.Flags().BoolVar(&o.why, "why", false, "with --dry-run, say what became of each place and time of a bulletin and by how much its reading beat the next best, without its words")
	return cmd
}

func printInputs(g *globals, inputs []night.Ingested) error {
	review := false
	for _, in := range inputs {
		review = review || in.Refused+in.Unread > 0
		if g.quiet {
			continue
		}
		if g.json {
			err := json.NewEncoder(g.out).Encode(map[string]any{"source": in.Source, "sha256": in.SHA256, "read": in.Read,
				"added": in.Added, "corrected": in.Corrected, "known": in.Known, "rejected": in.Refused, "unread": in.Unread})
			if err != nil {
				return err
			}
			continue
		}
		corrected := ""
		if in.Corrected > 0 {
			corrected = fmt.Sprintf(" %d corrected,", in.Corrected)
		}
		if _, err := fmt.Fprintf(g.out, "%s: %s, %d new,%s %d known; %s rejected, %d unread\n", in.Source,
			data.Count(in.Read, "report"), in.Added, corrected, in.Known, data.Count(in.Refused, "line"), in.Unread); err != nil {
			return err
		}
		printHow(g.out, in.How)
		printWhy(g.out, in.Why)
	}
	if review {
		return errReview
	}
	return nil
}

// shownReasons is how many reasons of refusal a person is shown.
const shownReasons = 5

// printWhy says for what reasons lines gave no report.
func printWhy(w io.Writer, why []night.Refusals) {
	for k, r := range why {
		if k == shownReasons {
			fmt.Fprintf(w, "  and for %s\n", data.Count(len(why)-k, "other reason"))
			return
		}
		fmt.Fprintf(w, "  %s: %s; the first is line %d\n", data.Count(r.Lines, "line"), r.Reason, r.First)
	}
}

// printHow says in one line how a table was read, and a line for each thing that a
// person should know of it.
func printHow(w io.Writer, how *table.How) {
	if how == nil {
		return
	}
	fmt.Fprintf(w, "  %s\n", how)
	for _, n := range how.Notes {
		fmt.Fprintf(w, "  note: %s\n", n)
	}
}

// A dryRow is a report as `ingest --dry-run --json` prints it; null is not
// known.
type dryRow struct {
	Ref         string         `json:"ref"`
	Offence     *string        `json:"offence"`
	Location    string         `json:"location"`
	HouseNumber *string        `json:"house_number"`
	Street      *string        `json:"street"`
	Locality    *string        `json:"locality"`
	Postcode    *string        `json:"postcode"`
	From        string         `json:"from"`
	To          string         `json:"to"`
	Precision   data.Precision `json:"precision"`
	DateRule    string         `json:"date_rule"`
	Lat         *float64       `json:"lat"`
	Lon         *float64       `json:"lon"`
	Reported    *string        `json:"reported"`
	Source      string         `json:"source"`
	Line        int            `json:"line"`
}

func newDryRow(r data.Report, zone *time.Location) dryRow {
	a := address.Parse(r.Location)
	row := dryRow{
		Ref: r.Ref, Offence: orNull(r.Offence), Location: r.Location,
		HouseNumber: orNull(a.Number), Street: orNull(strings.Join(a.Streets, " / ")),
		Locality: orNull(a.Locality), Postcode: orNull(a.Postcode),
		From: r.From.In(zone).Format(time.RFC3339), To: r.To.In(zone).Format(time.RFC3339),
		Precision: r.Precision, DateRule: r.DateRule, Source: r.Source, Line: r.Line,
	}
	if r.Point != nil {
		row.Lat, row.Lon = &r.Point[1], &r.Point[0]
	}
	if !r.Reported.IsZero() {
		row.Reported = orNull(r.Reported.In(zone).Format(time.RFC3339))
	}
	return row
}

// dryRun prints what the files hold: each report, then each line that gave none.
func dryRun(ctx context.Context, g *globals, r night.Reading) error {
	enc := json.NewEncoder(g.out)
	enc.SetEscapeHTML(false)
	var refused []*data.RowError
	if !g.quiet {
		r.Intake.Seen = func(h table.How) { printHow(g.errw, &h) }
	}
	var aside []data.RowError
	r.Intake.Aside = func(row data.RowError) { aside = append(aside, row) }
	var tally data.Tally
	seen := map[string]bool{}
	for r, err := range night.Preview(ctx, g.night(), r) {
		var row *data.RowError
		if errors.As(err, &row) {
			refused = append(refused, row)
			if tally.Refused++; data.Clashes(row) {
				tally.Read++
			} else if row.Unread {
				tally.Refused--
				tally.Unread++
			}
			continue
		}
		if err != nil {
			return err
		}
		if tally.Read++; seen[r.Ref] {
			tally.Known++
		}
		seen[r.Ref] = true
		if g.json {
			err = enc.Encode(newDryRow(r, g.zone))
		} else {
			_, err = fmt.Fprintf(g.out, "%s:%d  %s  %s\n", r.Source, r.Line, interval(r.From, r.To, g.zone), r.Location)
		}
		if err != nil {
			return err
		}
	}
	for _, row := range refused {
		var err error
		switch {
		case g.json && row.Unread:
			err = enc.Encode(map[string]any{"unread": true, "reason": row.Reason, "source": row.Source, "line": row.Line})
		case g.json:
			err = enc.Encode(map[string]any{"rejected": export.Rejection(row), "source": row.Source, "line": row.Line})
		case row.Unread:
			_, err = fmt.Fprintf(g.out, "%s:%d  unread: %s\n", row.Source, row.Line, row.Reason)
		default:
			_, err = fmt.Fprintf(g.out, "%s:%d  rejected: %s\n", row.Source, row.Line, export.Rejection(row))
		}
		if err != nil {
			return err
		}
	}
	for _, row := range aside {
		var err error
		if g.json {
			err = enc.Encode(map[string]any{"aside": true, "reason": row.Reason, "source": row.Source, "line": row.Line})
		} else {
			_, err = fmt.Fprintf(g.out, "%s:%d  set aside: %s\n", row.Source, row.Line, row.Reason)
		}
		if err != nil {
			return err
		}
	}
	if !g.quiet && !g.json {
		fmt.Fprintf(g.errw, "%s, %d new, %d known; %s rejected, %d unread: nothing is stored\n", data.Count(tally.Read, "report"),
			len(seen), tally.Known, data.Count(tally.Refused, "line"), tally.Unread)
	}
	if len(refused) > 0 {
		return errReview
	}
	return nil
}
