package night

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/intake"
	"spreewatch/data/intake/bulletin"
	"spreewatch/data/table"
	"spreewatch/geo/locate"
)

// An Ingested is an input, the file it is in, and what it held.
type Ingested struct {
	data.Input
	data.Tally
	File  string // as it was named
	Bytes int64
	How   *table.How // how it was read, nil for running text
	Why   []Refusals // of its lines that gave no report, the most lines first; of Ingest
}

// Refusals are the lines of an input that gave no report for one reason.
type Refusals struct {
	Reason string
	Lines  int
	First  int // line
}

// Inspect settles how each file would be read, and reads none.
func Inspect(o Options, r Reading) ([]intake.Inspection, error) {
	r = o.settled(r)
	var out []intake.Inspection
	for _, file := range r.Files {
		i, err := intake.Inspect(file, r.Intake)
		if err != nil {
			return out, err
		}
		out = append(out, i)
	}
	return out, nil
}

// KeepSource writes how a file is read into the settings, as the block of a source:
// in place of the one of that name, or at the end. The rest of the file stays as it
// is. It reports whether there was one.
func KeepSource(settings, name string, i intake.Inspection) (replaced bool, err error) {
	if i.Table == nil {
		return false, &data.UserError{Msg: i.Name + " is running text, which needs no source"}
	}
	before, err := os.ReadFile(settings)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, &data.UserError{Msg: "read settings " + filepath.Base(settings), Err: errors.Unwrap(err)}
	}
	after, replaced := intake.ReplaceBlock(string(before), name, i.Block(name))
	var check Settings
	if err := decodeSettings([]byte(after), &check); err != nil {
		return false, &data.UserError{Msg: "the block would not fit into " + filepath.Base(settings), Err: err}
	}
	d, err := data.NewDraft(settings, func(w io.Writer) error {
		_, err := io.WriteString(w, after)
		return err
	})
	if err == nil {
		err = d.Commit()
	}
	if err != nil {
		return false, &data.UserError{Msg: "write settings " + filepath.Base(settings), Err: data.PathCause(err)}
	}
	return replaced, nil
}

// Ingest reads the reports into the database, which is made where there is none.
func Ingest(ctx context.Context, o Options, r Reading) ([]Ingested, error) {
	r = o.settled(r)
	inputs, err := digest(&r)
	if err != nil {
		return nil, err
	}
	e, err := o.make(ctx, shortWait)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if err := e.setClock(ctx); err != nil {
		return nil, err
	}
	if err := e.announce(ctx, inputs); err != nil {
		return nil, err
	}
	if err := e.ingest(ctx, inputs, r.Intake); err != nil {
		return inputs, err
	}
	return inputs, e.why(ctx, inputs)
}

// why fills in for what reasons lines gave no report.
func (e *evening) why(ctx context.Context, inputs []Ingested) error {
	refused, err := e.db.Refusals(ctx, hashes(inputs))
	if err != nil {
		return err
	}
	for i := range inputs {
		in := &inputs[i]
		for _, r := range refused {
			if r.SHA256 != in.SHA256 || r.Source != in.Source {
				continue
			}
			reason := export.Rejection(&r.RowError)
			at := slices.IndexFunc(in.Why, func(w Refusals) bool { return w.Reason == reason })
			if at < 0 {
				at = len(in.Why)
				in.Why = append(in.Why, Refusals{Reason: reason, First: r.Line})
			}
			in.Why[at].Lines++
		}
		slices.SortStableFunc(in.Why, func(a, b Refusals) int { return cmp.Compare(b.Lines, a.Lines) })
	}
	return nil
}

// Preview yields what Ingest would read. It looks names up in the database's
// gazetteer, and changes nothing.
func Preview(ctx context.Context, o Options, r Reading) iter.Seq2[data.Report, error] {
	r = o.settled(r)
	e := o.with(nil)
	r.Intake.Names = func() (bulletin.Names, error) {
		if _, err := os.Stat(o.DB); e.db == nil && err == nil {
			if e.db, err = data.Read(ctx, o.DB); err != nil {
				return nil, err
			}
		}
		return e.names(ctx)
	}
	return func(yield func(data.Report, error) bool) {
		defer e.close()
		defer data.Lavish()()
		for _, file := range r.Files {
			for report, err := range data.Once(read(ctx, file, r.Intake, o.Settings.within())) {
				if !yield(report, err) {
					return
				}
			}
		}
	}
}

// read yields the reports of a file; one with coordinates outside the force's
// area is refused with its line.
func read(ctx context.Context, file string, opt intake.Options, within locate.Context) iter.Seq2[data.Report, error] {
	return func(yield func(data.Report, error) bool) {
		for r, err := range intake.Read(ctx, file, opt) {
			if err == nil && r.Point != nil && !within.Covers(*r.Point) {
				r, err = data.Report{}, &data.RowError{Source: r.Source, Line: r.Line, Field: "lat, lon", Reason: "outside the force's area"}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func hashes(inputs []Ingested) []string {
	out := make([]string, len(inputs))
	for i, in := range inputs {
		out[i] = in.SHA256
	}
	return out
}

// settled returns the reading with what the settings say of reports; what the
// reading says itself goes first.
func (o Options) settled(r Reading) Reading {
	in := &r.Intake
	in.Today, in.Zone, in.Profiles = o.asOf(o.Now), o.Zone, o.Settings.Profiles()
	in.Usual, in.Sources, in.ZoneTold = o.Settings.Columns, o.Settings.Sources, o.ZoneTold
	return r
}

// digest reads each file once for its hash, since an input is known before the
// first of its reports is stored. It leaves what standard input gave in r.
func digest(r *Reading) ([]Ingested, error) {
	var out []Ingested
	for _, file := range r.Files {
		in, size, err := intake.Digest(file, &r.Intake)
		if err != nil {
			return nil, err
		}
		if in.Moment = in.Received; in.Moment.IsZero() {
			in.Moment = r.Intake.Today
		}
		out = append(out, Ingested{Input: in, File: file, Bytes: size})
	}
	return out, nil
}

// setClock mends what a night under a clock that ran ahead has left: what it took in
// would be known to no night before that time comes.
func (e *evening) setClock(ctx context.Context) error {
	n, err := e.db.SetClock(ctx, e.Now, e.Moment())
	if n > 0 {
		e.Log.Warn("the clock ran ahead: corrections that were known only later are known now", "corrections", n)
	}
	return err
}

// announce logs that the inputs are about to be taken in: before the act, so that
// none goes unlogged.
func (e *evening) announce(ctx context.Context, inputs []Ingested) error {
	acts := make([]data.Entry, len(inputs))
	for i, in := range inputs {
		acts[i] = e.entry(data.Collection, "", "input %s of %d bytes", in.SHA256[:12], in.Bytes)
	}
	return e.db.Audit(ctx, acts...)
}

// ingest stores the reports of each file, a transaction each, and fills in the
// tallies.
func (e *evening) ingest(ctx context.Context, inputs []Ingested, opt intake.Options) error {
	defer data.Lavish()()
	opt.Names = func() (bulletin.Names, error) { return e.names(ctx) }
	for i := range inputs {
		in := &inputs[i]
		if intake.IsBulletin(in.File, &opt) {
			// Before the transaction: the compiled form may have to be stored.
			if _, err := e.names(ctx); err != nil {
				return err
			}
		}
		opt.Seen = func(h table.How) { in.How = &h }
		var err error
		if in.Tally, err = e.db.Ingest(ctx, in.Input, read(ctx, in.File, opt, e.Settings.within())); err != nil {
			return err
		}
		e.Log.Info("ingested", "sha256", in.SHA256[:12], "bytes", in.Bytes, "reports", in.Read, "new", in.Added, "refused", in.Refused, "unread", in.Unread)
	}
	return nil
}
