package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"spreewatch/data"
	"spreewatch/data/export/briefing"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

// pageOf is what the briefing is made from, of what the audience may see.
func (r Result) pageOf(layers layer.Set, o Options) briefing.Page {
	h := r.Run.HitRate
	p := briefing.Page{AsOf: r.Run.AsOf, Zone: o.Zone, RunID: o.RunID, Marking: o.Marking, Analyst: o.Audience == AudienceAnalyst,
		Layers: layers, Incidents: r.Incidents, Notes: r.Run.Notes, Budget: r.Budget,
		Quality: briefing.Quality{Precise: h.Precise, Sure: h.Sure, Reports: h.Reports, Rate: h.Rate, Line: h.Line, Met: h.Met}}
	for _, l := range geo.Levels() {
		p.Levels = append(p.Levels, briefing.Level{Level: l, N: r.Run.Tallies.Levels[l]})
	}
	for _, row := range r.Review {
		p.Review = append(p.Review, decisionOf(row))
	}
	for _, in := range r.Run.Inputs {
		p.Inputs = append(p.Inputs, page.Pair{Name: in.Name, Text: fmt.Sprintf("%s, %s rejected, %d unread; SHA-256 %s",
			data.Count(in.Reports, "report"), data.Count(in.Rejected, "line"), in.Unread, in.SHA256)})
	}
	for _, g := range r.Run.Gazetteer {
		text := data.Count(g.Entries, "name")
		for _, more := range []string{g.Release, g.Licence} {
			if more != "" {
				text += "; " + more
			}
		}
		p.Sources = append(p.Sources, page.Pair{Name: g.Source, Text: text})
	}
	for _, owed := range layers.Sources {
		name, text, _ := strings.Cut(owed, ": ")
		p.Sources = append(p.Sources, page.Pair{Name: "Map, " + strings.ToLower(name[:1]) + name[1:], Text: text})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Run.Options)) {
		text, err := json.Marshal(r.Run.Options[name])
		if err != nil {
			continue // run.json would not have been written either
		}
		p.Settings = append(p.Settings, page.Pair{Name: name, Text: string(text)})
	}
	return p
}

// decisionOf is a row of the review as the pages show it.
func decisionOf(row ReviewRow) briefing.Decision {
	candidate := func(c geo.Candidate) briefing.Candidate {
		return briefing.Candidate{Name: fullName(c.Name, c.Locality), Level: c.Level, Point: c.Point, Confidence: c.Confidence}
	}
	d := briefing.Decision{Source: row.Source, Line: row.Line, Ref: row.Ref, Offence: row.Offence, Text: row.Location,
		Level: row.Level, Confidence: row.Confidence, Reason: row.Reason.String(), Match: candidate(row.Match)}
	for _, c := range row.Candidates {
		d.Candidates = append(d.Candidates, candidate(c))
	}
	return d
}

// reviewOf is what the page of decisions is made from.
func (r Result) reviewOf(layers layer.Set, o Options) briefing.Review {
	return briefing.Review{AsOf: r.Run.AsOf, Zone: o.Zone, RunID: o.RunID, Marking: o.Marking, Layers: layers, Rows: r.pageOf(layers, o).Review}
}
