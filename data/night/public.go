package night

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/geo"
	"spreewatch/geo/index"
)

// public is what the night comes to of the incidents that the public may know of,
// each as coarse as the public may know it. Were it made of all, one report more
// would show in what is left; were it made of where and when they were, whether a
// spree is raised would tell of that one report where and when it was.
func (e *evening) public(ctx context.Context, a *analysis, shown export.Options) (*export.Result, error) {
	shareable, err := export.Shareable(a.incidents, shown)
	if err != nil {
		return nil, err
	}
	coarse, err := e.coarse(ctx, shareable, a.asOf, shown)
	if err != nil {
		return nil, err
	}
	b := &analysis{asOf: a.asOf, gathering: newGathering(len(coarse)), gazetteers: a.gazetteers, cells: cluster.NewCellBook(), public: true}
	for i := range coarse {
		brief := coarse[i].Brief()
		b.add(e.Settings, &brief, true)
		b.doubt(e.Settings, &coarse[i], true)
	}
	if err := e.detect(ctx, b, nil); err != nil {
		return nil, err
	}
	if a.suggestions != nil {
		if err := e.plan(ctx, b); err != nil {
			return nil, err
		}
	}
	r := b.result(e.Options, nil, nil)
	// By the name of the whole run a guess at a place could be checked.
	r.Run.RunID = b.hash.name(b.asOf.In(e.Zone), e.shaped())
	return &r, nil
}

// coarse are the incidents in the middles of their coarse cells and of their days,
// by the settlement that is nearest to that place, and in an order and with names
// that rest on nothing else. How closely one was matched is told by its level alone.
func (e *evening) coarse(ctx context.Context, incidents []cluster.Incident, asOf time.Time, shown export.Options) ([]data.Located, error) {
	names := make(map[geo.Cell]string)
	out := make([]data.Located, 0, len(incidents))
	for _, in := range incidents {
		cell, days, err := export.Coarse(in, shown)
		if err != nil {
			return nil, err
		}
		if _, named := names[cell]; !named {
			if names[cell], err = e.settlementIn(ctx, cell); err != nil {
				return nil, err
			}
		}
		l := data.Located{Report: data.Report{Offence: in.Offence}, Match: geo.Match{Level: in.Level, Point: cell.Centre(), Name: names[cell], Locality: names[cell]}}
		if l.From, l.To = days.Start, days.End.Add(-time.Second); days.End.Sub(days.Start) < 36*time.Hour { // one day, of 23 to 25 hours
			l.From = days.Start.Add(days.End.Sub(days.Start) / 2)
			if !l.From.Before(asOf) {
				l.From = asOf.Add(-time.Second)
			}
			l.To = l.From
		}
		if !in.Unsure {
			l.Match.Confidence = 1
		}
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b data.Located) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.Offence, b.Offence),
			cmp.Compare(a.Match.Point[0], b.Match.Point[0]), cmp.Compare(a.Match.Point[1], b.Match.Point[1]),
			cmp.Compare(a.Match.Level, b.Match.Level), cmp.Compare(a.Match.Confidence, b.Match.Confidence))
	})
	for i := range out {
		out[i].Ref = fmt.Sprintf("%07d", i)
	}
	return out, nil
}

// settlementIn is the settlement in a cell, or in the box around it, that is nearest
// to the cell's middle, "" where the gazetteer has none.
func (e *evening) settlementIn(ctx context.Context, cell geo.Cell) (string, error) {
	h, err := e.hold(ctx)
	if err != nil {
		return "", err
	}
	name, nearest := "", 0.0
	for _, part := range halves(cell.Polygon().Bound()) {
		entries, err := e.namesIn(ctx, h, part)
		if err != nil {
			return "", err
		}
		for _, entry := range entries {
			if entry.Kind != index.KindPlace {
				continue
			}
			if away := geo.Distance(entry.Point, cell.Centre()); name == "" || away < nearest || away == nearest && entry.Name < name {
				name, nearest = entry.Name, away
			}
		}
	}
	return name, nil
}
