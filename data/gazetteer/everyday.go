package gazetteer

import (
	"iter"
	"path"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"spreewatch/data/table"
	"spreewatch/geo"
	"spreewatch/geo/index"
)

// everydayM is how near a settlement has to be to the one that everyday.csv
// means.
const everydayM = 5000

// An everyday name is what people call a settlement that gazetteers know by a
// longer name.
type everydayName struct {
	also string
	p    orb.Point
}

// everydayNames are the embedded names by the slug of the longer one.
var everydayNames = sync.OnceValue(func() map[string]everydayName {
	f, err := sampleFiles.Open(path.Join("sample", "everyday.csv"))
	if err != nil {
		panic("gazetteer: embedded file: " + err.Error())
	}
	defer f.Close()
	names := map[string]everydayName{}
	t := table.NewReader(f, table.Dialect{Delim: ',', OneRow: true})
	for {
		fields, _, err := t.Next()
		if err != nil {
			return names
		}
		if p, ok := parseDegrees(fields[2], fields[3]); ok {
			names[slug(fields[0])] = everydayName{fields[1], p}
		}
	}
})

// withEveryday gives each settlement that everyday.csv lists its short name as
// an alias: GeoNames has East Dereham and West Dereham, and a report from
// "Dereham" means the first.
func withEveryday(entries iter.Seq2[index.Entry, error]) iter.Seq2[index.Entry, error] {
	names := everydayNames()
	return func(yield func(index.Entry, error) bool) {
		for e, err := range entries {
			if err == nil && e.Kind == index.KindPlace {
				short, ok := names[slug(e.Name)]
				if ok && geo.Distance(short.p, e.Point) <= everydayM && !slices.Contains(e.Aliases, short.also) {
					e.Aliases = append(slices.Clone(e.Aliases), short.also)
				}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}
