// Package briefing writes the page that people read before a shift: what is new,
// each spree with its map and its hours, where to patrol and why, what waits for a
// person, and how far the places can be trusted; and the page on which that person
// decides. Each is one file, which asks for nothing from elsewhere. A little script
// moves a slider; all is there without it.
package briefing

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"time"

	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

// A Page is what a briefing is made from: what its reader may see.
type Page struct {
	AsOf      time.Time
	Zone      *time.Location
	RunID     string
	Marking   string
	Analyst   bool             // the reader is one, and sees single incidents, references and texts
	Layers    layer.Set        // the suggestions and the sprees
	Incidents []layer.Incident // all of the analysis, for counts by hour; shown singly to an analyst alone
	Levels    []Level          // best first
	Quality   Quality
	Review    []Decision
	Notes     []string
	Budget    string      // how many false alerts a week the thresholds allow, and whether that was calibrated; "" for not said
	Settings  []page.Pair // what shaped the answer
	Sources   []page.Pair // of places: name, and release and licence
	Inputs    []page.Pair // files that were read: name, and what came of them
}

// A Level is how many reports were located so well.
type Level struct {
	Level geo.Level
	N     int
}

// Quality is the share of reports that were located precisely, against the line
// that a crime map should meet.
type Quality struct {
	Precise, Sure, Reports int
	Rate                   *float64 // nil without reports
	Line                   float64
	Met                    bool
}

// A Decision is a line of the list of what a person must decide.
type Decision struct {
	Source     string
	Line       int
	Ref        string // "" for all but an analyst
	Offence    string
	Text       string // as written; "" for all but an analyst
	Level      geo.Level
	Confidence float64
	Reason     string
	Match      Candidate   // what is taken, the zero value for nothing; for an analyst
	Candidates []Candidate // best first; for an analyst
}

//go:embed briefing.html.tmpl
var bodyText string

//go:embed briefing.css
var style string

//go:embed briefing.js
var script string

var body = page.New(bodyText)

// maxReview is how many lines of the review list the page shows; the others are
// in review.csv.
const maxReview = 200

// Write writes the page, or gives up with the context's error: thousands of sprees take
// more than a second.
func Write(ctx context.Context, w io.Writer, p Page) error {
	v, err := p.view(ctx)
	if err != nil {
		return err
	}
	return page.Write(w, page.Shell{Title: v.Title, Marking: p.Marking, RunID: p.RunID, Style: style, Script: script}, body, v)
}

// stamp writes an instant in words, in the wall time of the page.
func (p Page) stamp(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.In(p.Zone).Format("Mon 2 Jan 15:04")
}

// span writes an interval in words, naming the day once where it is one.
func (p Page) span(from, to time.Time) string {
	f, t := from.In(p.Zone), to.In(p.Zone)
	switch {
	case from.Equal(to):
		return p.stamp(from)
	case f.Format("2006-01-02") == t.Format("2006-01-02"):
		return p.stamp(from) + "–" + t.Format("15:04")
	}
	return p.stamp(from) + " to " + p.stamp(to)
}

// distance writes metres as people say them.
func distance(m float64) string {
	switch {
	case m < 995:
		return fmt.Sprintf("%.0f m", max(10, 10*float64(int(m/10+.5))))
	case m < 9950:
		return fmt.Sprintf("%.1f km", m/1000)
	}
	return fmt.Sprintf("%.0f km", m/1000)
}
