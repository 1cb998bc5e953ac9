package night

import (
	"context"
	"runtime"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/geo/locate"
)

// A gathering is what an analysis needs of the reports that it looks at. They pass
// one by one and are not kept: a big force has a million a year.
type gathering struct {
	reports   int
	incidents []cluster.Incident      // as cluster.SortIncidents sorts; nobody changes them
	doubtful  []data.Located          // what a person may have to look at, in the order of their begin and reference
	levels    export.LevelCounts      // of the reports of the inputs, or of all
	precise   int                     // of these
	quality   locate.Quality          // of these
	retold    map[string]data.Located // what running text tells again, as repeats returns it
	hash      *runHash
	inputs    map[string]bool // SHA-256 of the inputs that the reports came in
}

// newGathering has room for so many incidents: growing it would copy a year many times.
func newGathering(most int) gathering {
	return gathering{hash: newRunHash(), inputs: map[string]bool{}, incidents: make([]cluster.Incident, 0, most)}
}

// add takes in one report, and tells it to the tallies or not.
func (g *gathering) add(c Settings, b *data.Brief, tallied bool) {
	g.reports++
	g.hash.add(b)
	g.inputs[b.SHA256] = true
	if tallied {
		g.levels.Add(b.Match.Level)
		if b.Match.Precise(c.Geocode.MinConfidence) {
			g.precise++
		}
		if b.Match.Level.Located() {
			g.quality.Add("", b.Match)
		}
	}
	if in, ok := c.incidentOf(b); ok {
		g.incidents = append(g.incidents, in)
	}
}

// doubt takes in a report that a person may have to look at.
func (g *gathering) doubt(c Settings, l *data.Located, tallied bool) {
	if tallied && !l.Match.Level.Located() {
		g.quality.Add(l.Location, l.Match)
	}
	if l.Bulletin || c.reviewReason(*l, nil).Why != export.WhyNot {
		g.doubtful = append(g.doubtful, *l)
	}
}

// settled reports whether no person has to look at a report, whatever its rule is.
func (c Settings) settled(b *data.Brief) bool {
	return !b.Bulletin && b.Match.Level.Located() && b.Match.Confidence >= c.Geocode.MinConfidence
}

// doubts are the reports that a person may have to look at, which a gathering lacks
// until weigh has read them: neither detection nor the plan needs them.
type doubts struct {
	stood   []data.Located // what was corrected since
	refs    []string       // of those that stand
	tallied func(sha256 string) bool
}

// manyReports are so many that what they leave behind is worth collecting sooner.
const manyReports = 50_000

// gather looks at the reports known at a moment. The tallies are of the reports of
// the inputs, by SHA-256, and with none of all.
func (e *evening) gather(ctx context.Context, since, asOf time.Time, inputs []Ingested) (gathering, doubts, error) {
	tonight := map[string]bool{}
	for _, in := range inputs {
		tonight[in.SHA256] = true
	}
	streets, err := e.db.BulletinStreets(ctx, since, asOf)
	if err != nil {
		return gathering{}, doubts{}, err
	}
	briefs, err := e.db.Briefs(ctx, since, asOf)
	if err != nil {
		return gathering{}, doubts{}, err
	}
	defer briefs.Close()
	most, err := briefs.Most(ctx)
	if err != nil {
		return gathering{}, doubts{}, err
	}
	if most > manyReports {
		e.release = append(e.release, data.Roomy(most))
	} else {
		e.release = append(e.release, data.Lavish())
	}
	g, d := newGathering(most), doubts{tallied: func(sum string) bool { return len(inputs) == 0 || tonight[sum] }}
	err = briefs.Each(ctx, func(b *data.Brief, stood *data.Located) error {
		g.add(e.Settings, b, d.tallied(b.SHA256))
		switch {
		case e.Settings.settled(b):
		case stood != nil:
			d.stood = append(d.stood, *stood)
		default:
			d.refs = append(d.refs, b.Ref)
		}
		return nil
	})
	if err == nil && e.alters {
		err = briefs.Keep(ctx)
	}
	if err != nil {
		return gathering{}, doubts{}, err
	}
	if g.retold, err = e.retold(ctx, since, asOf, streets); err != nil {
		return gathering{}, doubts{}, err
	}
	if len(g.retold) > 0 {
		g.incidents = slices.DeleteFunc(g.incidents, func(in cluster.Incident) bool {
			_, again := g.retold[in.ID]
			return again
		})
	}
	cluster.SortIncidents(g.incidents)
	return g, d, nil
}

// manyDoubts are so many that they would grow what a night holds at the most.
const manyDoubts = 10_000

// weigh reads the doubtful reports into the gathering, for a reader who may see the
// candidates of each or not.
func (e *evening) weigh(ctx context.Context, g *gathering, d doubts, candidates bool) error {
	if len(d.refs) > manyDoubts {
		runtime.GC() // the ground of the plan goes before they come
	}
	stand, err := e.db.LocatedOf(ctx, d.refs, candidates)
	if err != nil {
		return err
	}
	all := append(stand, d.stood...)
	slices.SortStableFunc(all, data.ByBegin)
	g.doubtful = all[:0] // of which none is added before it is looked at
	for i := range all {
		g.doubt(e.Settings, &all[i], d.tallied(all[i].SHA256))
	}
	return nil
}

// retold looks for what running text tells again at the streets that are in it.
func (e *evening) retold(ctx context.Context, since, asOf time.Time, streets []string) (map[string]data.Located, error) {
	if len(streets) == 0 {
		return nil, nil
	}
	told := newRetold(streets)
	err := e.db.EachLocated(ctx, since, asOf, func(l *data.Located) error {
		told.add(l)
		return nil
	})
	return e.Settings.repeats(told.reports), err
}

// incidentOf is the incident of a report that has a place.
func (c Settings) incidentOf(b *data.Brief) (cluster.Incident, bool) {
	m := &b.Match
	if !m.Level.Located() {
		return cluster.Incident{}, false
	}
	return cluster.Incident{
		ID: b.Ref, Offence: c.profileOf(b.Offence), From: cluster.At(b.From), To: cluster.At(b.To), Reported: cluster.At(b.Reported), Point: m.Point, RadiusM: m.RadiusM,
		Level: m.Level, Confidence: m.Confidence, Unsure: m.Confidence < c.Geocode.MinConfidence, PlaceName: m.Settlement(),
	}, true
}
