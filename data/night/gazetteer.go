package night

import (
	"context"
	"slices"

	"spreewatch/data"
	"spreewatch/data/gazetteer"
)

// ImportGazetteers stores the gazetteers in the database, which is made where there
// is none, alone and logged before the act: where reports are found from then on rests
// on them. What was not taken in is logged too, where there is room for it.
func ImportGazetteers(ctx context.Context, o Options, files *gazetteer.Files) ([]data.GazetteerSource, error) {
	e, err := o.make(ctx, shortWait)
	if err != nil {
		return nil, err
	}
	defer e.close()
	log := func(s data.GazetteerSource, what string) error {
		return e.db.Audit(ctx, e.entry(data.Alteration, "", "gazetteer %s (%.12s) %s", s.Name, s.SHA256, what))
	}
	for _, s := range files.Sets {
		if err := log(s.Source, "to take in"); err != nil {
			return nil, err
		}
	}
	sources, err := files.Import(ctx, e.db, o.Moment())
	for _, s := range files.Sets {
		if slices.ContainsFunc(sources, func(took data.GazetteerSource) bool { return took.Name == s.Source.Name }) {
			continue
		}
		if bad := log(s.Source, "not taken in"); err == nil {
			err = bad
		}
	}
	return sources, err
}
