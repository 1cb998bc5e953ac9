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
	var sources []data.GazetteerSource
	for {
		all := make([]data.Gazetteer, len(sets))
		reading := 0
		for i, s := range sets {
			all[i] = data.Gazetteer{Source: s.Source, Entries: func(yield func(index.Entry, error) bool) {
				reading = i
				ahead(s.Entries())(yield)
			}}
			all[i].Lines, all[i].Source.Imported = s.Lines(), now
		}
		var err error
		if sources, err = db.ReplaceGazetteers(ctx, all); err == nil {
			break
		}
		var user *data.UserError
		if len(sets) == 1 || ctx.Err() != nil || !errors.As(err, &user) {
			return nil, err
		}
		f.Bad = append(f.Bad, user)
		sets = slices.Delete(sets, reading, reading+1)
	}
	h, err := Hold(ctx, db, nil)
	if err != nil {
		return nil, err
	}
	_, err = h.Load(ctx, db)
	return sources, err
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
