package night

import (
	"context"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/geo"
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
func (g *gathering) add(c Settings, l *data.Located, tallied bool) {
	g.reports++
	g.hash.add(l)
	g.inputs[l.SHA256] = true
	if tallied {
		g.levels.Add(l.Match.Level)
		if l.Match.Precise(c.Geocode.MinConfidence) {
			g.precise++
		}
		g.quality.Add(l.Location, l.Match)
	}
	if in, ok := c.incidentOf(l); ok {
		g.incidents = append(g.incidents, in)
	}
	if l.Bulletin || c.reviewReason(*l, nil).Why != export.WhyNot {
		g.doubtful = append(g.doubtful, *l)
	}
}

// gather looks at the reports known at a moment. The tallies are of the reports of
// the inputs, by SHA-256, and with none of all.
func (e *evening) gather(ctx context.Context, since, asOf time.Time, inputs []Ingested) (gathering, error) {
	tonight := map[string]bool{}
	for _, in := range inputs {
		tonight[in.SHA256] = true
	}
	streets, err := e.db.BulletinStreets(ctx, since, asOf)
	if err != nil {
		return gathering{}, err
	}
	most, err := e.db.Begun(ctx, since, asOf)
	if err != nil {
		return gathering{}, err
	}
	told, g := newRetold(streets), newGathering(most)
	err = e.db.EachLocated(ctx, since, asOf, func(l *data.Located) error {
		g.add(e.Settings, l, len(inputs) == 0 || tonight[l.SHA256])
		told.add(l)
		return nil
	})
	if err != nil {
		return gathering{}, err
	}
	if g.retold = e.Settings.repeats(told.reports); len(g.retold) > 0 {
		g.incidents = slices.DeleteFunc(g.incidents, func(in cluster.Incident) bool {
			_, again := g.retold[in.ID]
			return again
		})
	}
	cluster.SortIncidents(g.incidents)
	return g, nil
}

// incidentOf is the incident of a report that has a place.
func (c Settings) incidentOf(l *data.Located) (cluster.Incident, bool) {
	if !l.Match.Level.Located() {
		return cluster.Incident{}, false
	}
	return cluster.Incident{
		ID: l.Ref, Offence: c.profileOf(l.Offence), From: l.From, To: l.To, Reported: l.Reported, Point: l.Match.Point, RadiusM: l.Match.RadiusM,
		Level: l.Match.Level, Confidence: l.Match.Confidence, Unsure: l.Match.Confidence < c.Geocode.MinConfidence, PlaceName: placeName(l.Match),
	}, true
}

// placeName is the settlement of a match.
func placeName(m geo.Match) string {
	if m.Level == geo.LevelPlace {
		return m.Name
	}
	return m.Locality
}
