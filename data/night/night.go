// Package night knows the order of the stages of a night, and decides what goes
// from one to the next: which reports are looked up, by what decision, who enters
// the sprees and the plan, what waits for a person and why, and what the manifest
// says of it. Run does a whole night; the other functions do a part of it, each
// for one verb of the command line. Nothing here reads a flag or prints.
package night

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"spreewatch/cluster/detect"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/gazetteer"
	"spreewatch/geo"
	"spreewatch/geo/index"
	"spreewatch/geo/locate"
)

// Options are what every stage of a night needs to know.
type Options struct {
	DB       string // file of the database
	Settings Settings
	Zone     *time.Location                             // of clock times
	ZoneTold bool                                       // the person gave the zone: no source has another
	Seed     uint64                                     // of every random draw
	Now      time.Time                                  // the clock
	AsOf     time.Time                                  // the moment of the analysis; zero leaves it to the stage
	Wait     time.Duration                              // for another run to end, and for another program that has locked the database
	Patience time.Duration                              // with that program where Wait is shorter; zero is data.Patience
	Who      string                                     // is at it, for the audit log
	Versions export.Versions                            // of the program and of Go; the store's are filled in
	Log      *slog.Logger                               // nil for none
	Named    func(string)                               // called with the run's name once it has one; nil for none
	Step     func(string)                               // called between every two steps of a run with the name of the one to come; nil for none
	Pause    func(context.Context, time.Duration) error // waits so long, for what the clock does not say; nil for really
	InUse    []string                                   // files that no output may take the place of, beside the database and what is read
}

// asOf is the moment of the analysis where the stage falls back to another.
func (o Options) asOf(fallback time.Time) time.Time {
	if o.AsOf.IsZero() {
		return fallback.Truncate(time.Second).UTC()
	}
	return o.AsOf.UTC()
}

// Moment is the moment of the analysis, or else now.
func (o Options) Moment() time.Time { return o.asOf(o.Now) }

// keep are the files that no output may take the place of.
func (o Options) keep(read []string) []string {
	out := append([]string{o.DB, o.DB + "-wal", o.DB + "-shm", o.clearing()}, o.InUse...)
	return append(out, read...)
}

// Guard keeps an output of one file from taking the place of the database, of what
// is read, or of anything that is no earlier output; ours tells one by how it
// begins.
func (o Options) Guard(ours func(start string) bool, read ...string) data.Guard {
	return data.Guard{Keep: o.keep(read), Ours: ours}
}

// An evening is the store that is open and the gazetteer that was loaded, which
// is loaded once.
type evening struct {
	Options
	db      *data.DB // nil where there is none
	holding *gazetteer.Holding
	index   *index.Index
	coming  *comingIndex // of foresee, nil where nobody awaits one
	locator *locate.Locator
	release []func() // of the locks
	alters  bool     // the database is open to be written to, alone
}

// shortWait is how long a verb that is soon done waits for another one.
const shortWait = 5 * time.Second

// make opens the database to write to it, alone, and makes it where there is
// none.
func (o Options) make(ctx context.Context, wait time.Duration) (*evening, error) {
	release, err := data.Lock(ctx, o.DB+".lock", max(wait, o.Wait))
	if err != nil {
		return nil, err
	}
	db, err := data.OpenPatiently(ctx, o.DB, max(o.Wait, cmp.Or(o.Patience, data.Patience)))
	if err != nil {
		release()
		return nil, err
	}
	e := o.with(db)
	e.release, e.alters = append(e.release, release), true
	if err := db.Audit(ctx); err != nil { // what readers left to be chained
		e.close()
		return nil, err
	}
	return e, nil
}

// alter opens the database to write to it.
func (o Options) alter(ctx context.Context) (*evening, error) {
	if err := o.there(); err != nil {
		return nil, err
	}
	return o.make(ctx, shortWait)
}

// open opens the database to read from it, which waits for nobody.
func (o Options) open(ctx context.Context) (*evening, error) {
	if err := o.there(); err != nil {
		return nil, err
	}
	db, err := data.Open(ctx, o.DB)
	if err != nil {
		return nil, err
	}
	return o.with(db), nil
}

// there refuses a database that is not: a verb that has nothing to put into a new
// one must not take a misspelt name for a quiet night.
func (o Options) there() error {
	if _, err := os.Stat(o.DB); errors.Is(err, fs.ErrNotExist) {
		return &data.UserError{Msg: "there is no database " + filepath.Base(o.DB), Hint: "name it with --db FILE; spreewatch ingest makes a new one"}
	}
	return nil
}

func (o Options) with(db *data.DB) *evening {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	if o.Pause == nil {
		o.Pause = Pause
	}
	if o.Named == nil {
		o.Named = func(string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &evening{Options: o, db: db}
}

func (e *evening) close() {
	e.letGo()
	if e.coming != nil {
		e.coming.cancel()
		e.coming.reader.Wait()
	}
	if e.db != nil {
		e.db.Close()
	}
	for _, release := range slices.Backward(e.release) {
		release()
	}
}

// claim makes the folder and takes its lock: one run at a time writes to it.
func (e *evening) claim(ctx context.Context, dir string) error {
	if err := export.MakeFolder(dir); err != nil {
		return err
	}
	release, err := data.Lock(ctx, filepath.Join(dir, data.LockName), e.Wait)
	if err == nil {
		e.release, e.alters = append(e.release, release), true
	}
	return err
}

// entry is what the audit log is told of an act.
func (o Options) entry(what data.Act, run, format string, args ...any) data.Entry {
	return data.Entry{At: o.Now.UTC(), Who: o.Who, What: what, Run: run, Detail: fmt.Sprintf(format, args...)}
}

// hold is the gazetteer to look up in.
func (e *evening) hold(ctx context.Context) (gazetteer.Holding, error) {
	if e.holding != nil {
		return *e.holding, nil
	}
	h, err := gazetteer.Hold(ctx, e.db, nil)
	if area, ok := e.Settings.bound(); ok {
		h, err = gazetteer.Hold(ctx, e.db, &area)
	}
	if err != nil {
		return h, err
	}
	e.holding = &h
	return h, nil
}

// places looks up in the gazetteer that the database holds, or in the sample
// where nothing was imported.
func (e *evening) places(ctx context.Context) (*locate.Locator, error) {
	if e.locator == nil {
		index, err := e.names(ctx)
		if err != nil {
			return nil, err
		}
		e.locator = locate.New(index)
	}
	return e.locator, nil
}

// foresee reads the index of names while its caller does something else, if it is
// compiled: to compile it would write to the database.
func (e *evening) foresee(ctx context.Context) error {
	h, err := e.hold(ctx)
	if err != nil {
		return err
	}
	c := &comingIndex{}
	ctx, c.cancel = context.WithCancel(ctx)
	c.reader.Go(func() { c.index, c.err = h.Compiled(ctx, e.db) })
	e.coming = c
	return nil
}

// A comingIndex is one that is being read.
type comingIndex struct {
	reader geo.Workers
	cancel context.CancelFunc
	index  *index.Index // nil where there is no compiled one
	err    error
}

// names is the index of that gazetteer.
func (e *evening) names(ctx context.Context) (*index.Index, error) {
	if e.coming != nil {
		c := e.coming
		e.coming = nil
		c.reader.Wait()
		c.cancel()
		if c.err != nil {
			return nil, c.err
		}
		e.index = c.index
	}
	if e.index != nil {
		return e.index, nil
	}
	h, err := e.hold(ctx)
	if err != nil {
		return nil, err
	}
	defer data.Lavish()()
	e.index, err = h.Load(ctx, e.db)
	return e.index, err
}

// A Comparison is what the calibration of a past came to.
type Comparison = detect.Comparison
