package night

import (
	"cmp"
	"context"
	"slices"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/geo"
)

// public is what the night comes to of the incidents that the public may know of:
// were it made of all, one report more would show in what is left.
func (e *evening) public(ctx context.Context, a *analysis, shown export.Options) (*export.Result, error) {
	shareable, err := export.Shareable(e.Settings.incidentsOf(a.located), shown)
	if err != nil {
		return nil, err
	}
	may := make(map[string]bool, len(shareable))
	for _, in := range shareable {
		may[in.ID] = true
	}
	b := &analysis{asOf: a.asOf, gazetteers: a.gazetteers, public: true}
	for _, l := range a.located {
		if may[l.Ref] {
			b.located = append(b.located, l)
		}
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
	r.Run.RunID, err = e.publicRunID(b, shown)
	return &r, err
}

// publicRunID names a run by what the public may know: the coarse cells and the
// days of the reports. By the name of the whole run a guess at a place could be
// checked.
func (e *evening) publicRunID(b *analysis, shown export.Options) (string, error) {
	coarse := make([]data.Located, 0, len(b.located))
	for _, in := range e.Settings.incidentsOf(b.located) {
		cell, days, err := export.Coarse(in, shown)
		if err != nil {
			return "", err
		}
		coarse = append(coarse, data.Located{Report: data.Report{Offence: in.Offence, From: days.Start, To: days.End}, Match: geo.Match{Point: cell.Centre()}})
	}
	slices.SortFunc(coarse, func(a, b data.Located) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.Offence, b.Offence),
			cmp.Compare(a.Match.Point[0], b.Match.Point[0]), cmp.Compare(a.Match.Point[1], b.Match.Point[1]))
	})
	return runID(b.asOf.In(e.Zone), coarse, e.shaped()), nil
}
