package night

import (
	"context"

	"spreewatch/data"
	"spreewatch/data/gazetteer"
)

// ImportGazetteers stores the gazetteers in the database, which is made where there
// is none, alone and logged: where reports are found from then on rests on them.
func ImportGazetteers(ctx context.Context, o Options, files *gazetteer.Files) ([]data.GazetteerSource, error) {
	e, err := o.make(ctx, shortWait)
	if err != nil {
		return nil, err
	}
	defer e.close()
	for _, s := range files.Sets {
		if err := e.db.Audit(ctx, e.entry(data.Alteration, "", "gazetteer %s (%.12s) taken in", s.Source.Name, s.Source.SHA256)); err != nil {
			return nil, err
		}
	}
	return files.Import(ctx, e.db, o.Moment())
}
