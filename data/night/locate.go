package night

import (
	"context"
	"iter"
	"os"
	"runtime"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/locate"
)

// matchAll matches the texts on every core. The answers are in their order and
// do not depend on the number of cores.
func matchAll(index *locate.Locator, texts []string, c locate.Context) []geo.Match {
	out := make([]geo.Match, len(texts))
	workers := min(runtime.GOMAXPROCS(0), len(texts)/64+1)
	var wg geo.Workers
	for w := range workers {
		wg.Go(func() {
			for i := w * len(texts) / workers; i < (w+1)*len(texts)/workers; i++ {
				out[i] = index.Match(texts[i], c)
			}
		})
	}
	wg.Wait()
	return out
}

// locate looks up the reports that have not been looked up in this gazetteer, and
// stores where they are.
func (e *evening) locate(ctx context.Context) error {
	defer data.Lavish()()
	return e.lookUp(ctx, func(gazetteer string, reports int, located iter.Seq2[[]data.Located, error]) error {
		if err := e.db.Audit(ctx, e.entry(data.Combination, "", "%s looked up in gazetteer %s", data.Count(reports, "report"), gazetteer)); err != nil {
			return err
		}
		return e.db.StoreEachMatch(ctx, gazetteer, located)
	})
}

// lookUp looks up the reports that have not been looked up in this gazetteer, and
// hands over those of an input at a time, with their number and as they are found.
func (e *evening) lookUp(ctx context.Context, use func(gazetteer string, reports int, located iter.Seq2[[]data.Located, error]) error) error {
	h, err := e.hold(ctx)
	if err != nil {
		return err
	}
	groups, err := e.db.Unlocated(ctx, h.ID)
	if err != nil || len(groups) == 0 {
		return err
	}
	index, err := e.places(ctx)
	if err != nil {
		return err
	}
	ways, places, postcodes := index.Len()
	e.Log.Info("gazetteer loaded", "streets", ways, "places", places, "postcodes", postcodes, "groups waiting", len(groups))
	overrides, err := e.db.Overrides(ctx)
	if err != nil {
		return err
	}
	for _, g := range groups {
		err := use(h.ID, g.Reports, func(yield func([]data.Located, error) bool) {
			for reports, err := range e.db.UnlocatedOf(ctx, h.ID, g) {
				if !yield(locateGroup(index, reports, e.Settings.within(), overrides), err) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// locateGroup looks up reports of one input. What a person decided of a text
// goes before the coordinates that its source gave, and these before the
// gazetteer. Those of a bulletin share an area, and are looked up all at once: what
// is found alone helps with what is not.
func locateGroup(index *locate.Locator, reports []data.Report, c locate.Context, overrides map[string]data.Override) []data.Located {
	texts := make([]string, len(reports))
	for i, r := range reports {
		texts[i] = r.Location
	}
	matches := matchAll(index, texts, c)
	near := c
	for i, r := range reports {
		if r.Bulletin && matches[i].Level.Located() {
			near.Near = append(near.Near, matches[i].Point)
		}
	}
	out := make([]data.Located, len(reports))
	for i, r := range reports {
		m := matches[i]
		var decided data.Override
		ok := false
		if len(overrides) > 0 {
			decided, ok = overrides[address.Normalise(r.Location)]
		}
		switch {
		case ok:
			m = decided.Match
		case r.Point != nil:
			m = geo.Given(*r.Point, r.Source)
			if r.WithinM > 0 {
				m.RadiusM = r.WithinM
			}
		case r.Bulletin && m.Level == geo.LevelAmbiguous && len(near.Near) > 0:
			m = index.Match(r.Location, near)
		}
		out[i] = data.Located{Report: r, Match: m}
	}
	return out
}

// A Lookup finds where texts are, by the gazetteer that a database holds, or by
// the sample where there is no database or nothing was imported.
type Lookup struct {
	index  *locate.Locator
	within locate.Context
}

// NewLookup opens the database for its gazetteer alone, and makes none.
func NewLookup(ctx context.Context, o Options) (*Lookup, error) {
	e := o.with(nil)
	if _, err := os.Stat(o.DB); err == nil {
		if e, err = o.open(ctx); err != nil {
			return nil, err
		}
		defer e.close()
	}
	index, err := e.places(ctx)
	return &Lookup{index, o.Settings.within()}, err
}

// Match finds the texts on every core, in their order.
func (l *Lookup) Match(texts ...string) []geo.Match { return matchAll(l.index, texts, l.within) }
