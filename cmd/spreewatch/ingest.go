package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/intake"
	"spreewatch/geo/address"
	"spreewatch/geo/locate"
)

// readOptions are the flags of the verbs that read reports.
type readOptions struct {
	received string
	columns  []string
	sheet    string
	offence  string
}

func (o *readOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.received, "received", "", "`DATE` the reports came in; settles their year")
	f.StringArrayVar(&o.columns, "column", nil, "`FIELD=HEADER` names a column, such as location=\"Incident Address\"; repeatable")
	f.StringVar(&o.sheet, "sheet", "", "`SHEET` of an XLSX file (default the first)")
	f.StringVar(&o.offence, "offence", "", "`NAME` of the offence, of all reports")
}

// intake makes the options of the readers.
func (o *readOptions) intake(g *globals) (intake.Options, error) {
	opt := intake.Options{
		Today:    g.asOf(time.Now()),
		Zone:     g.zone,
		Columns:  maps.Clone(g.cfg.Columns),
		Sheet:    o.sheet,
		Profiles: g.cfg.profiles(),
		Offence:  o.offence,
		Stdin:    g.in,
	}
	if opt.Columns == nil {
		opt.Columns = map[string]string{}
	}
	for _, c := range o.columns {
		field, header, ok := strings.Cut(c, "=")
		if !ok || header == "" {
			return opt, usagef(`--column location="Incident Address"`, "--column %q is not FIELD=HEADER", c)
		}
		opt.Columns[field] = header
	}
	if o.received != "" {
		day, err := time.ParseInLocation(time.DateOnly, o.received, g.zone)
		if err != nil {
			return opt, usagef("--received 2015-09-18", "--received %q is not a date", o.received)
		}
		opt.Received = day
	}
	return opt, nil
}

func ingestCmd(g *globals) *cobra.Command {
	var o struct {
		readOptions
		dryRun bool
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
			opt, err := o.intake(g)
			if err != nil {
				return err
			}
			if o.dryRun {
				return dryRun(g, args, opt)
			}
			inputs, err := digest(args, &opt)
			if err != nil {
				return err
			}
			db, err := g.makeDB(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			inputs, err = ingestFiles(cmd.Context(), g, db, inputs, opt)
			if err != nil {
				return err
			}
			return printInputs(g, inputs)
		},
	}
	o.bind(cmd)
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "print what would be read, and touch no database")
	return cmd
}

// makeDB opens the database that --db names and makes it where there is none.
func (g *globals) makeDB(ctx context.Context) (*data.DB, error) { return data.Open(ctx, g.dbFile) }

// openDB opens the database that --db names. A verb that has nothing to put
// into a new one must not take a misspelt name for a quiet night.
func (g *globals) openDB(ctx context.Context) (*data.DB, error) {
	if _, err := os.Stat(g.dbFile); errors.Is(err, fs.ErrNotExist) {
		return nil, &data.UserError{Msg: "there is no database " + filepath.Base(g.dbFile), Hint: "name it with --db FILE; spreewatch ingest makes a new one"}
	}
	return data.Open(ctx, g.dbFile)
}

// read yields the reports of a file; one with coordinates outside the force's
// area is refused with its line.
func read(file string, opt intake.Options, area locate.Context) iter.Seq2[data.Report, error] {
	return func(yield func(data.Report, error) bool) {
		for r, err := range intake.Read(file, opt) {
			if err == nil && r.Point != nil && !area.Covers(*r.Point) {
				r, err = data.Report{}, &data.RowError{Source: r.Source, Line: r.Line, Field: "lat, lon", Reason: "outside the force's area"}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// An ingested is an input, the file it is in, and what it held.
type ingested struct {
	data.Input
	data.Tally
	file  string
	bytes int64
}

// digest hashes the files, so that one that cannot be read is found before the
// first is stored.
func digest(files []string, opt *intake.Options) ([]ingested, error) {
	var out []ingested
	for _, file := range files {
		in, size, err := intake.Digest(file, opt)
		if err != nil {
			return nil, err
		}
		out = append(out, ingested{Input: in, file: file, bytes: size})
	}
	return out, nil
}

// ingestFiles stores the reports of each file, a transaction each.
func ingestFiles(ctx context.Context, g *globals, db *data.DB, inputs []ingested, opt intake.Options) ([]ingested, error) {
	for i := range inputs {
		in := &inputs[i]
		var err error
		if in.Tally, err = db.Ingest(ctx, in.Input, read(in.file, opt, g.area())); err != nil {
			return nil, err
		}
		g.log.Info("ingested", "sha256", in.SHA256[:12], "bytes", in.bytes, "reports", in.Read, "new", in.Added, "refused", in.Refused, "unread", in.Unread)
	}
	return inputs, nil
}

func printInputs(g *globals, inputs []ingested) error {
	review := false
	for _, in := range inputs {
		review = review || in.Refused+in.Unread > 0
		if g.quiet {
			continue
		}
		if g.json {
			err := json.NewEncoder(g.out).Encode(map[string]any{"source": in.Source, "sha256": in.SHA256, "read": in.Read,
				"added": in.Added, "known": in.Known, "rejected": in.Refused, "unread": in.Unread})
			if err != nil {
				return err
			}
			continue
		}
		if _, err := fmt.Fprintf(g.out, "%s: %s, %d new, %d known; %s rejected, %d unread\n", in.Source,
			data.Count(in.Read, "report"), in.Added, in.Known, data.Count(in.Refused, "line"), in.Unread); err != nil {
			return err
		}
	}
	if review {
		return errReview
	}
	return nil
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
	Source      string         `json:"source"`
	Line        int            `json:"line"`
}

func newDryRow(r data.Report, zone *time.Location) dryRow {
	a := address.Parse(r.Location)
	return dryRow{
		Ref: r.Ref, Offence: orNull(r.Offence), Location: r.Location,
		HouseNumber: orNull(a.Number), Street: orNull(strings.Join(a.Streets, " / ")),
		Locality: orNull(a.Locality), Postcode: orNull(a.Postcode),
		From: r.From.In(zone).Format(time.RFC3339), To: r.To.In(zone).Format(time.RFC3339),
		Precision: r.Precision, DateRule: r.DateRule, Source: r.Source, Line: r.Line,
	}
}

// orNull is nil for an empty string, so that JSON says null.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// dryRun prints what the files hold: each report, then each line that gave none.
func dryRun(g *globals, files []string, opt intake.Options) error {
	enc := json.NewEncoder(g.out)
	enc.SetEscapeHTML(false)
	var refused []*data.RowError
	n := 0
	for _, file := range files {
		for r, err := range read(file, opt, g.area()) {
			var row *data.RowError
			if errors.As(err, &row) {
				refused = append(refused, row)
				continue
			}
			if err != nil {
				return err
			}
			n++
			if g.json {
				err = enc.Encode(newDryRow(r, g.zone))
			} else {
				_, err = fmt.Fprintf(g.out, "%s:%d  %s  %s\n", r.Source, r.Line, interval(r.From, r.To, g.zone), r.Location)
			}
			if err != nil {
				return err
			}
		}
	}
	for _, row := range refused {
		var err error
		switch {
		case g.json && row.Unread:
			err = enc.Encode(map[string]any{"unread": true, "source": row.Source, "line": row.Line})
		case g.json:
			err = enc.Encode(map[string]any{"rejected": rejection(row), "source": row.Source, "line": row.Line})
		case row.Unread:
			_, err = fmt.Fprintf(g.out, "%s:%d  unread\n", row.Source, row.Line)
		default:
			_, err = fmt.Fprintf(g.out, "%s:%d  rejected: %s\n", row.Source, row.Line, rejection(row))
		}
		if err != nil {
			return err
		}
	}
	if len(refused) > 0 {
		return errReview
	}
	return nil
}

// rejection says why a line was refused, with the field at fault.
func rejection(row *data.RowError) string {
	if row.Field == "" {
		return row.Reason
	}
	return row.Field + ": " + row.Reason
}

// interval writes an event interval in local time for people, the day once.
func interval(from, to time.Time, zone *time.Location) string {
	from, to = from.In(zone), to.In(zone)
	s := from.Format("Mon 2 Jan 2006 15:04")
	switch {
	case from.Equal(to):
		return s
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return s + to.Format("–15:04")
	}
	return s + to.Format(" – Mon 2 Jan 15:04")
}
