package main

import (
	"context"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/gazetteer"
	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/locate"
)

// openIndex returns the index of the gazetteer that the database holds, or of the
// sample where nothing was imported, and the name that tells one from another.
// With no database open it looks into --db, and makes none.
func openIndex(ctx context.Context, g *globals, db *data.DB) (*locate.Locator, string, error) {
	if _, err := os.Stat(g.dbFile); db == nil && err == nil {
		if db, err = data.Open(ctx, g.dbFile); err != nil {
			return nil, "", err
		}
		defer db.Close()
	}
	h, err := holding(ctx, g, db)
	if err != nil {
		return nil, "", err
	}
	index, err := h.Load(ctx, db)
	if err != nil {
		return nil, "", err
	}
	return locate.New(index), h.ID, nil
}

// holding is the gazetteer to look up in.
func holding(ctx context.Context, g *globals, db *data.DB) (gazetteer.Holding, error) {
	if area, ok := g.cfg.Area.bound(); ok {
		return gazetteer.Hold(ctx, db, &area)
	}
	return gazetteer.Hold(ctx, db, nil)
}

// area returns what the settings say of the force's area.
func (g *globals) area() locate.Context {
	var c locate.Context
	if b, ok := g.cfg.Area.bound(); ok {
		c.Area = []orb.Bound{b}
	}
	return c
}

// matchAll matches the texts on every core. The answers are in their order and
// do not depend on the number of cores.
func matchAll(index *locate.Locator, texts []string, c locate.Context) []geo.Match {
	out := make([]geo.Match, len(texts))
	workers := min(runtime.GOMAXPROCS(0), len(texts)/64+1)
	var wg sync.WaitGroup
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

// locateReports looks up the reports that have not been looked up in this gazetteer.
func locateReports(ctx context.Context, g *globals, db *data.DB) error {
	index, name, err := openIndex(ctx, g, db)
	if err != nil {
		return err
	}
	groups, err := db.Unlocated(ctx, name)
	if err != nil {
		return err
	}
	ways, places, postcodes := index.Len()
	g.log.Info("gazetteer loaded", "streets", ways, "places", places, "postcodes", postcodes, "groups waiting", len(groups))
	overrides, err := db.Overrides(ctx)
	if err != nil {
		return err
	}
	for _, reports := range groups {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := db.StoreMatches(ctx, name, locateGroup(index, reports, g.area(), overrides)); err != nil {
			return err
		}
	}
	return nil
}

// locateGroup looks up the reports of one input. Those of a bulletin share an
// area: what is found alone helps with what is not.
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
		decided, ok := overrides[address.Normalise(r.Location)]
		switch {
		case ok:
			m = decided.Match
		case r.Point != nil:
			m = geo.Given(*r.Point, r.Source)
		case r.Bulletin && m.Level == geo.LevelAmbiguous && len(near.Near) > 0:
			m = index.Match(r.Location, near)
		}
		out[i] = data.Located{Report: r, Match: m}
	}
	return out
}

// farFuture is after every report that can be stored.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// withLocated locates what is not yet, and hands over every report.
func withLocated(ctx context.Context, g *globals, use func(*data.DB, []data.Located) error) error {
	db, err := g.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := locateReports(ctx, g, db); err != nil {
		return err
	}
	all, err := db.Located(ctx, time.Time{}, farFuture)
	if err != nil {
		return err
	}
	return use(db, all)
}
