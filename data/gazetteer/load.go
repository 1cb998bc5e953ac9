package gazetteer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/geo"
)

// AreaMarginM is how far beyond the declared area entries are loaded, in metres:
// the neighbours' streets have to be there, or a report from across the border
// would be placed at a namesake on this side.
const AreaMarginM = 25_000

// A Loaded is a gazetteer ready to answer.
type Loaded struct {
	Index   *geo.Index
	Sources []data.GazetteerSource
	Sample  bool   // the embedded sample, since nothing has been imported
	ID      string // 16 hexadecimal digits; equal only where the entries are
}

// Load makes the index of the imported gazetteers: of all entries where area is
// nil, from the compiled form if that is stored, else of those in the area and
// AreaMarginM around it. With none imported it is the embedded sample.
func Load(ctx context.Context, db *data.DB, area *orb.Bound) (*Loaded, error) {
	sources, err := db.GazetteerSources(ctx)
	if err != nil {
		return nil, err
	}
	l := &Loaded{Sources: sources}
	if len(sources) == 0 {
		l.Sample, l.Sources, area = true, []data.GazetteerSource{SampleSource()}, nil
		l.Index, err = indexOf(Sample())
	} else if area != nil {
		padded := geo.Pad(*area, AreaMarginM)
		area = &padded
		l.Index, err = indexOf(db.GazetteerEntries(ctx, area))
	} else {
		l.Index, err = loadWhole(ctx, db)
	}
	if err != nil {
		return nil, err
	}
	l.ID = identity(l.Sources, area)
	return l, nil
}

func identity(sources []data.GazetteerSource, area *orb.Bound) string {
	h := sha256.New()
	for _, s := range sources {
		fmt.Fprintf(h, "%q %q %s\n", s.Name, s.Release, s.SHA256)
	}
	if area != nil {
		fmt.Fprintf(h, "%v\n", *area)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// loadWhole reads the compiled index, or makes the index from the rows, which are
// the truth, where there is none or it is damaged or of another version.
func loadWhole(ctx context.Context, db *data.DB) (*geo.Index, error) {
	size, r, err := db.GazetteerIndex(ctx)
	if err != nil {
		return nil, err
	}
	if size > 0 {
		if index, err := geo.ReadIndex(r); err == nil || ctx.Err() != nil {
			return index, err
		}
	}
	return indexOf(db.GazetteerEntries(ctx, nil))
}

// Compile makes the index of all imported entries and stores its compiled form,
// from which Load takes it a few times faster than from the rows.
func Compile(ctx context.Context, db *data.DB) error {
	index, err := indexOf(db.GazetteerEntries(ctx, nil))
	if err != nil {
		return err
	}
	return db.StoreGazetteerIndex(ctx, func(w io.Writer) error {
		_, err := index.WriteTo(w)
		return err
	})
}

// indexOf makes the index of the entries.
func indexOf(entries iter.Seq2[geo.Entry, error]) (*geo.Index, error) {
	var failed error
	index, err := geo.NewIndex(func(yield func(geo.Entry) bool) {
		for e, err := range entries {
			if err != nil {
				failed = err
				return
			}
			if !yield(e) {
				return
			}
		}
	})
	if failed != nil {
		return nil, failed
	}
	return index, err
}
