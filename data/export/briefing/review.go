package briefing

import (
	_ "embed"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

// A Review is what the page of decisions is made from. It is for an analyst alone.
type Review struct {
	AsOf    time.Time
	Zone    *time.Location
	RunID   string
	Marking string
	Layers  layer.Set // for its ground
	Rows    []Decision
}

// A Candidate is one of the places that a report may mean.
type Candidate struct {
	Name       string // with its settlement
	Level      geo.Level
	Point      orb.Point
	Confidence float64
}

//go:embed review.html.tmpl
var reviewText string

//go:embed review.css
var reviewStyle string

//go:embed review.js
var reviewScript string

var reviewBody = page.New(reviewText)

// maxCards is how many cards the page has; the others are in review.csv.
const maxCards = 400

// A card is one decision as the template reads it.
type card struct {
	N       int
	Heading string
	Text    string
	Facts   []page.Pair
	Map     *page.Drawing // nil where there is no place to show
	Choices []choice
	Ref     string
}

// A choice is what a person may decide: what the sheet of the review calls it, and
// what it means.
type choice struct{ Value, Text string }

type reviewView struct {
	Title  string
	AsOf   string
	Cards  []card
	Lines  []Decision // that gave no report, and are to be mended where they came from
	More   int
	Counts string
	File   string
}

// WriteReview writes the page of what a person must decide: a card each, with the
// candidates on a map and why it is doubtful. Its script saves the choices as a CSV
// that `spreewatch review import` reads; nothing is sent anywhere.
func WriteReview(w io.Writer, r Review) error {
	v := reviewView{Title: "To decide, as of " + r.AsOf.In(r.Zone).Format("Mon 2 Jan 2006 15:04"),
		AsOf: r.AsOf.In(r.Zone).Format("Monday 2 January 2006, 15:04"), File: "decisions-" + r.RunID + ".csv"}
	for _, row := range r.Rows {
		if row.Ref == "" {
			v.Lines = append(v.Lines, row)
			continue
		}
		if len(v.Cards) == maxCards {
			v.More++
			continue
		}
		v.Cards = append(v.Cards, r.card(len(v.Cards)+1, row))
	}
	v.Counts = data.Count(len(v.Cards)+v.More, "report") + " and " + data.Count(len(v.Lines), "line") + " wait for a person."
	return page.Write(w, page.Shell{Title: v.Title, Marking: r.Marking, RunID: r.RunID, Style: reviewStyle, Script: reviewScript}, reviewBody, v)
}

func (r Review) card(n int, row Decision) card {
	c := card{N: n, Heading: fmt.Sprintf("%d. %s", n, upperFirst(row.Reason)), Text: row.Text, Ref: row.Ref}
	fact := func(name, text string) {
		if text != "" {
			c.Facts = append(c.Facts, page.Pair{Name: name, Text: text})
		}
	}
	fact("From", fmt.Sprintf("%s, line %d", row.Source, row.Line))
	fact("Reference", row.Ref)
	fact("Offence", row.Offence)
	if row.Level.Located() {
		fact("Taken now", fmt.Sprintf("%s (%s, confidence %.2f)", row.Match.Name, row.Level, row.Confidence))
		c.Choices = append(c.Choices, choice{"accept", "It is that: " + row.Match.Name})
	}
	for i, candidate := range row.Candidates {
		text := fmt.Sprintf("%d: %s (%s, confidence %.2f", i+1, candidate.Name, candidate.Level, candidate.Confidence)
		if i > 0 {
			text += ", " + distance(geo.Distance(candidate.Point, row.Candidates[0].Point)) + " from 1"
		}
		c.Choices = append(c.Choices, choice{fmt.Sprint(i + 1), text + ")"})
	}
	c.Choices = append(c.Choices, choice{"reject", "None of these: it has no place"})
	c.Map = r.candidateMap(n, row)
	return c
}

const cardWidth, cardHeight = 420, 260

// candidateMap draws the candidates by their numbers and what is taken now.
func (r Review) candidateMap(n int, row Decision) *page.Drawing {
	var points []orb.Point
	for _, c := range row.Candidates {
		points = append(points, c.Point)
	}
	taken := row.Level.Located()
	if taken {
		points = append(points, row.Match.Point)
	}
	if len(points) == 0 {
		return nil
	}
	bound := orb.MultiPoint(points).Bound()
	f := page.NewFrame(geo.Pad(bound, max(400, 0.12*geo.Distance(bound.Min, bound.Max))), cardWidth, cardHeight-24)
	d := page.Drawing{ID: fmt.Sprintf("candidates-%d", n), W: cardWidth, H: cardHeight, Title: fmt.Sprintf("Candidates of decision %d", n)}
	p := Page{Layers: r.Layers}
	p.ground(&d, f, cardWidth, cardHeight)
	var used []page.Box
	free := func(b page.Box) bool {
		return b.Inside(cardWidth, cardHeight-24) && !slices.ContainsFunc(used, b.Meets)
	}
	badge := func(at orb.Point, text, class string) {
		x, y := f.At(at)
		w := 14 + 8*float64(len(text))
		b := page.Place(x, y-16, w, 20, free)
		used = append(used, b)
		cx, cy := b.Middle()
		d.Add(page.Shape{Kind: "circle", Class: "incident", X: page.Px(x), Y: page.Px(y), R: "4"})
		if math.Hypot(cx-x, cy-y) > 24 {
			d.Add(page.Shape{Kind: "path", Class: "leader", D: "M" + page.Px(x) + " " + page.Px(y) + "L" + page.Px(cx) + " " + page.Px(cy)})
		}
		d.Rect(class, b.X, b.Y, b.W, b.H)
		d.Write("rank", cx, cy+5, "middle", text)
	}
	var words []string
	for i, c := range row.Candidates {
		badge(c.Point, fmt.Sprint(i+1), "badge")
		words = append(words, fmt.Sprintf("%d is %s", i+1, c.Name))
	}
	if taken && !slices.ContainsFunc(row.Candidates, func(c Candidate) bool { return c.Point == row.Match.Point }) {
		badge(row.Match.Point, "now", "badge")
		words = append(words, "now is what is taken, "+row.Match.Name)
	}
	p.names(&d, f, &used, cardWidth, cardHeight)
	scale(&d, f, cardHeight)
	d.Words = upperFirst(strings.Join(words, "; ")) + "."
	return &d
}
