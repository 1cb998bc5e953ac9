package gazetteer

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/index"
)

// Bytes is how much Entries will read of all sets, -1 where it is not known.
func (f *Files) Bytes() int64 {
	var n int64
	for _, s := range f.Sets {
		if s.Bytes < 0 {
			return -1
		}
		n += s.Bytes * int64(s.format.passes)
	}
	return n
}

// Import stores every set in the database, each in place of the source of its
// name, whole or not at all, and compiles the index anew. A set that cannot be read
// to its end is Bad and left as it was, and an error where there is no other. It
// returns the sources with their counts.
func (f *Files) Import(ctx context.Context, db *data.DB, now time.Time) ([]data.GazetteerSource, error) {
	sets := slices.Clone(f.Sets)
	for {
		sources, reading, err := importSets(ctx, db, sets, now)
		if err == nil {
			return sources, nil
		}
		var user *data.UserError
		if len(sets) == 1 || ctx.Err() != nil || !errors.As(err, &user) {
			return nil, err
		}
		f.Bad = append(f.Bad, user)
		sets = slices.Delete(sets, reading, reading+1)
	}
}

// importSets stores all of the sets or none. It returns which of them was read last.
func importSets(ctx context.Context, db *data.DB, sets []*Set, now time.Time) (sources []data.GazetteerSource, reading int, err error) {
	all := make([]data.Gazetteer, len(sets))
	names := make([]string, len(sets))
	var c compiler
	for i, s := range sets {
		names[i] = s.Source.Name
		all[i] = data.Gazetteer{Source: s.Source, Lines: s.Lines(), Entries: func(yield func(index.Entry, error) bool) {
			if reading = i; i == 0 { // from here on nobody else writes
				c.start(db.GazetteerEntries(ctx, nil, names...))
			}
			for e, err := range ahead(s.Entries()) {
				if !yield(e, err) {
					return
				}
				if err == nil {
					c.add(e)
				}
			}
			if i == len(sets)-1 {
				c.end(nil)
			}
		}}
		all[i].Source.Imported = now
	}
	sources, err = db.ReplaceGazetteers(ctx, all)
	c.end(err)
	index, compileErr := c.wait()
	if err == nil {
		err = compileErr
	}
	if err == nil {
		err = store(ctx, db, "", index)
	}
	return sources, reading, err
}

// A compiler makes the index of what is being imported beside the storing of it, so
// that no row is read again for it and one core does not wait for the other.
type compiler struct {
	batch  []index.Entry
	given  chan []index.Entry // nil before the start and after the end
	failed error              // why there is to be no index; written before given is closed
	worker geo.Workers
	index  *index.Index
	err    error
}

// start begins an index of what is kept, to which add adds.
func (c *compiler) start(kept iter.Seq2[index.Entry, error]) {
	given := make(chan []index.Entry, batchesAhead)
	c.given = given
	c.worker.Go(func() {
		defer func() {
			for range given { // after an error
			}
		}()
		c.index, c.err = indexOf(func(yield func(index.Entry, error) bool) {
			for e, err := range kept {
				if !yield(e, err) {
					return
				}
			}
			for batch := range given {
				for _, e := range batch {
					if !yield(e, nil) {
						return
					}
				}
			}
			if c.failed != nil {
				yield(index.Entry{}, c.failed)
			}
		})
	})
}

func (c *compiler) add(e index.Entry) {
	if c.batch = append(c.batch, e); len(c.batch) == batchRows {
		c.given <- c.batch
		c.batch = make([]index.Entry, 0, batchRows)
	}
}

// end says that nothing more comes, or that no index is wanted since failed.
func (c *compiler) end(failed error) {
	if c.given == nil {
		return
	}
	c.given <- c.batch
	c.failed = failed
	close(c.given)
	c.given, c.batch = nil, nil
}

func (c *compiler) wait() (*index.Index, error) {
	c.worker.Wait()
	return c.index, c.err
}

const (
	batchRows    = 512
	batchesAhead = 16
)

// A batchRow is one item of a sequence.
type batchRow struct {
	e   index.Entry
	err error
}

// ahead runs the sequence in a goroutine of its own, a few thousand items before
// they are asked for: one core reads the files while the other stores the rows.
// The items and their order stay the same, and the goroutine has ended when the
// loop over them has.
func ahead(seq iter.Seq2[index.Entry, error]) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		batches := make(chan []batchRow, batchesAhead)
		stop := make(chan struct{})
		var reader geo.Workers
		reader.Go(func() {
			defer close(batches)
			batch := make([]batchRow, 0, batchRows)
			send := func() bool {
				select {
				case batches <- batch:
					batch = make([]batchRow, 0, batchRows)
					return true
				case <-stop:
					return false
				}
			}
			for e, err := range seq {
				if batch = append(batch, batchRow{e, err}); len(batch) == batchRows && !send() {
					return
				}
			}
			if len(batch) > 0 {
				send()
			}
		})
		defer func() {
			close(stop)
			for range batches {
			}
			reader.Wait()
		}()
		for batch := range batches {
			for _, row := range batch {
				if !yield(row.e, row.err) {
					return
				}
			}
		}
	}
}
