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
	"spreewatch/geo/index"
)

// AreaMarginM is how far beyond the declared area entries are loaded, in metres:
// the neighbours' streets have to be there, or a report from across the border
// would be placed at a namesake on this side.
const AreaMarginM = 25_000

// AreaPaysBytes is the size of a compiled index past which a declared area is
// better loaded by itself: a county's is a few megabytes and read in a moment, a
// nation's takes a second or two.
const AreaPaysBytes = 48 << 20

// A Holding is what there is to load.
type Holding struct {
	ID      string                 // equal only where the entries are
	Sources []data.GazetteerSource // by name
	Sample  bool                   // the embedded sample, since nothing has been imported
	area    *orb.Bound
}

// Hold finds what Load would load: the sample where nothing was imported or db is
// nil; otherwise everything, or, when area is not nil and everything is over
// AreaPaysBytes, the entries in the area and AreaMarginM around it.
func Hold(ctx context.Context, db *data.DB, area *orb.Bound) (Holding, error) {
	var h Holding
	if db != nil {
		var err error
		if h.Sources, err = db.GazetteerSources(ctx); err != nil {
			return h, err
		}
	}
	if len(h.Sources) == 0 {
		h.Sample, h.Sources = true, []data.GazetteerSource{SampleSource()}
		h.ID = SampleName + "-" + h.Sources[0].SHA256[:8]
		return h, nil
	}
	if area != nil {
		size, _, err := db.GazetteerIndex(ctx, "")
		if err != nil {
			return h, err
		}
		if size > AreaPaysBytes {
			padded := geo.Pad(*area, AreaMarginM)
			h.area = &padded
		}
	}
	h.ID = identity(h.Sources, h.area)
	return h, nil
}

func identity(sources []data.GazetteerSource, area *orb.Bound) string {
	sum := sha256.New()
	for _, s := range sources {
		fmt.Fprintf(sum, "%q %q %s\n", s.Name, s.Release, s.SHA256)
	}
	if area != nil {
		fmt.Fprintf(sum, "%v\n", *area)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Load makes the index of what Hold found: from its compiled form, or where
// there is none, or it is damaged or of another version, from the rows, which are
// the truth. Then it stores the compiled form for the next time.
func (h Holding) Load(ctx context.Context, db *data.DB) (*index.Index, error) {
	if index, err := h.Compiled(ctx, db); index != nil || err != nil {
		return index, err
	}
	index, err := indexOf(ahead(db.GazetteerEntries(ctx, h.area)))
	if err != nil {
		return nil, err
	}
	if db.ReadOnly {
		return index, nil
	}
	return index, store(ctx, db, h.areaName(), index)
}

// Compiled is the index of Load as far as that reads and does no more: nil where there
// is no compiled form, or it is damaged or of another version. The sample has none, and
// is made.
func (h Holding) Compiled(ctx context.Context, db *data.DB) (*index.Index, error) {
	if h.Sample {
		return indexOf(Sample())
	}
	size, r, err := db.GazetteerIndex(ctx, h.areaName())
	if err != nil || size == 0 {
		return nil, err
	}
	defer r.Close()
	index, err := index.Read(r, size)
	if err != nil {
		return nil, ctx.Err()
	}
	return index, nil
}

// areaName names the area in the store, "" for everywhere.
func (h Holding) areaName() string {
	if h.area == nil {
		return ""
	}
	return fmt.Sprint(*h.area)
}

// store keeps the compiled form for the next time. It saves a while then, and is not
// worth waiting for a writer or for room.
func store(ctx context.Context, db *data.DB, area string, index *index.Index) error {
	err := db.StoreGazetteerIndex(ctx, area, func(w io.Writer) error {
		_, err := index.WriteTo(w)
		return err
	})
	if data.Busy(err) || data.Full(err) {
		return nil
	}
	return err
}

// indexOf makes the index of the entries.
func indexOf(entries iter.Seq2[index.Entry, error]) (*index.Index, error) {
	var failed error
	index, err := index.New(func(yield func(index.Entry) bool) {
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
