package night

import (
	"cmp"
	"context"
	"slices"
	"time"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/address"
)

const (
	repeatApartM = 500.0            // metres between two tellings of one incident
	repeatSlack  = 30 * time.Minute // by which a bulletin's "around" may miss the clock
)

// repeats returns the reports of bulletins that are likely told in a table too:
// the same street, the same offence, times that overlap. Each report of a table is
// told again by one of a bulletin at most, the nearest in time; what a person has
// called an incident of its own is none. The key is the reference of the
// bulletin's report.
func (c Settings) repeats(located []data.Located) map[string]data.Located {
	type key struct{ street, offence string }
	of := func(l data.Located) key { return key{address.Normalise(l.Match.Name), c.profileOf(l.Offence)} }
	if !slices.ContainsFunc(located, func(l data.Located) bool { return l.Bulletin }) {
		return nil
	}
	tables := map[key][]int{}
	for i, l := range located {
		if !l.Bulletin && l.Match.Level >= geo.LevelStreet {
			tables[of(l)] = append(tables[of(l)], i)
		}
	}
	type pair struct {
		bulletin, table int
		apart           time.Duration
	}
	var pairs []pair
	for i, l := range located {
		if !l.Bulletin || l.Own || l.Match.Level < geo.LevelStreet || l.Offence == "" {
			continue
		}
		for _, k := range tables[of(l)] {
			o := located[k]
			if geo.Distance(l.Match.Point, o.Match.Point) <= repeatApartM &&
				!l.From.After(o.To.Add(repeatSlack)) && !o.From.After(l.To.Add(repeatSlack)) {
				pairs = append(pairs, pair{i, k, l.From.Sub(o.From).Abs()})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.apart, b.apart), cmp.Compare(located[a.bulletin].Ref, located[b.bulletin].Ref), cmp.Compare(located[a.table].Ref, located[b.table].Ref))
	})
	out := map[string]data.Located{}
	taken := map[int]bool{}
	for _, p := range pairs {
		ref := located[p.bulletin].Ref
		if _, done := out[ref]; done || taken[p.table] {
			continue
		}
		out[ref], taken[p.table] = located[p.table], true
	}
	return out
}

// retold are the reports that running text may tell again: those of bulletins, and of
// tables those at the same streets.
type retold struct {
	streets map[string]bool // as they are compared
	known   map[string]bool // whether a name as written is one of them
	reports []data.Located
}

func newRetold(streets []string) *retold {
	t := &retold{streets: map[string]bool{}, known: map[string]bool{}}
	for _, s := range streets {
		t.streets[address.Normalise(s)] = true
	}
	return t
}

func (t *retold) add(l *data.Located) {
	at, ok := t.known[l.Match.Name]
	if !ok {
		at = t.streets[address.Normalise(l.Match.Name)]
		t.known[l.Match.Name] = at
	}
	if at || l.Bulletin {
		t.reports = append(t.reports, *l)
	}
}

// Distinguish keeps what a person says of a report of a bulletin: that it is an
// incident of its own, and no repeat of one in a table.
func Distinguish(ctx context.Context, o Options, ref string) error {
	e, err := o.alter(ctx)
	if err != nil {
		return err
	}
	defer e.close()
	if err := e.db.Audit(ctx, e.entry(data.Alteration, "", "a report told from another")); err != nil {
		return err
	}
	return noReport(e.db.Distinguish(ctx, ref), ref)
}
