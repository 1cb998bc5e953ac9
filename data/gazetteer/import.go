package gazetteer

import (
	"context"
	"time"

	"spreewatch/data"
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
// name, all or none of them, and compiles the index anew. It returns the sources
// with their counts.
func (f *Files) Import(ctx context.Context, db *data.DB, now time.Time) ([]data.GazetteerSource, error) {
	all := make([]data.Gazetteer, len(f.Sets))
	for i, s := range f.Sets {
		all[i] = data.Gazetteer{Source: s.Source, Entries: s.Entries()}
		all[i].Source.Imported = now
	}
	sources, err := db.ReplaceGazetteers(ctx, all)
	if err != nil {
		return nil, err
	}
	h, err := Hold(ctx, db, nil)
	if err != nil {
		return nil, err
	}
	_, err = h.Load(ctx, db)
	return sources, err
}
