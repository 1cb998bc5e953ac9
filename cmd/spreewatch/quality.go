package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"spreewatch/data/export/layer"
	"spreewatch/data/night"
	"spreewatch/geo"
	"spreewatch/geo/locate"
)

// printQuality writes the quality report.
func printQuality(g *globals, w io.Writer, q *locate.Quality) error {
	if g.json {
		return json.NewEncoder(w).Encode(newQualityReport(q))
	}
	var b strings.Builder
	if q.Total() == 0 {
		b.WriteString("no rows\n")
	} else {
		side := "under"
		if q.HitRate() >= locate.HitRateLine {
			side = "over"
		}
		fmt.Fprintf(&b, "hit rate       %d of %d, %.1f %%: %s the line of %.0f %%\n", q.Precise(), q.Total(), 100*q.HitRate(), side, 100*locate.HitRateLine)
		for _, l := range geo.Levels() {
			fmt.Fprintf(&b, "  %-12s %9d  %5.1f %%\n", l, q.Level(l), 100*float64(q.Level(l))/float64(q.Total()))
		}
		fmt.Fprintf(&b, "median radius  %.0f m\n", q.MedianRadiusM())
	}
	for _, part := range []struct {
		head   string
		counts []locate.Count
	}{{"sources", q.Sources()}, {"corrections", q.Corrections()}, {"commonest texts without a place", q.Unmatched(night.CommonestUnmatched)}} {
		if len(part.counts) == 0 {
			continue
		}
		fmt.Fprintln(&b, part.head)
		for _, c := range part.counts {
			fmt.Fprintf(&b, "  %9d  %s\n", c.N, c.Text)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// A qualityReport is the quality of a batch as JSON.
type qualityReport struct {
	Total       int            `json:"total"`
	Precise     int            `json:"precise"`
	HitRate     *float64       `json:"hit_rate"`
	Line        float64        `json:"line"`
	Levels      map[string]int `json:"levels"`
	Sources     []locate.Count `json:"sources"`
	MedianM     *float64       `json:"median_radius_m"`
	Corrections []locate.Count `json:"corrections"`
	Unmatched   []locate.Count `json:"unmatched"`
}

func newQualityReport(q *locate.Quality) qualityReport {
	r := qualityReport{Total: q.Total(), Precise: q.Precise(), Line: locate.HitRateLine, Levels: map[string]int{}, Sources: q.Sources(),
		Corrections: q.Corrections(), Unmatched: q.Unmatched(night.CommonestUnmatched)}
	for _, l := range geo.Levels() {
		r.Levels[l.String()] = q.Level(l)
	}
	if q.Total() > 0 {
		rate := layer.Decimals(q.HitRate(), 4)
		r.HitRate = &rate
	}
	if m := q.MedianRadiusM(); m == m {
		r.MedianM = &m
	}
	return r
}
