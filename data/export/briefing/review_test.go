package briefing

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// reviewFor is a page of an ambiguous report, one that is taken with a doubt, one
// that was not found, and a line that gave no report.
func reviewFor(t *testing.T, name string) Review {
	t.Helper()
	p := pageFor(t, true, name)
	return Review{AsOf: p.AsOf, Zone: p.Zone, RunID: "r-1", Marking: "OFFICIAL " + name, Layers: p.Layers, Rows: []Decision{
		{Source: name, Line: 7, Ref: "REF-1", Offence: "robbery", Text: name, Level: geo.LevelAmbiguous, Reason: "ambiguous: choose one of the candidates", Candidates: []Candidate{
			{Name: name + " Road, Dereham", Level: geo.LevelStreet, Point: orb.Point{0.94, 52.68}, Confidence: .4}, {Name: name + " Road, Necton", Level: geo.LevelStreet, Point: orb.Point{0.77, 52.65}, Confidence: .4}}},
		{Source: name, Line: 8, Ref: "REF-2", Text: name, Level: geo.LevelStreet, Confidence: .5, Reason: "confidence 0.50 is under 0.60", Match: Candidate{Name: "Mill Lane", Point: orb.Point{0.95, 52.68}}},
		{Source: name, Line: 9, Ref: "REF-3", Text: name, Level: geo.LevelNone, Reason: "not found"},
		{Source: name, Line: 10, Reason: "not understood: names a time"},
	}}
}

func writeReview(t *testing.T, r Review) string {
	t.Helper()
	var b strings.Builder
	if err := WriteReview(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReview(t *testing.T) {
	got := writeReview(t, reviewFor(t, "Necton"))
	for part, want := range map[string]int{
		`<section class="card"`: 3, `<fieldset data-ref="REF-1">`: 1, `name="card-1" value="2"`: 1, `name="card-1" value="accept"`: 0, `name="card-2" value="accept"`: 1,
		`value="reject"`: 3, `value="" checked`: 3, `id="candidates-1-words"`: 1, `id="candidates-2-words"`: 1, `id="candidates-3-words"`: 0,
		"No place is known that it might be.": 1, "not understood: names a time": 1, "3 reports and 1 line wait for a person.": 1,
		"12 km from 1":                  1, // 0.17° of longitude at 52.665° north is 11.5 km, and 0.03° of latitude 3.3 km
		`data-file="decisions-r-1.csv"`: 1, "is what is taken, Mill Lane": 2,
	} {
		if n := strings.Count(got, part); n != want {
			t.Errorf("%s stands %d times, want %d", part, n, want)
		}
	}
}

func TestReviewTextIsText(t *testing.T) {
	tags := regexp.MustCompile(`<[a-z/!][^>]*>`)
	got, plain := writeReview(t, reviewFor(t, hostile)), writeReview(t, reviewFor(t, "x"))
	if n, want := len(tags.FindAllString(got, -1)), len(tags.FindAllString(plain, -1)); n > want {
		t.Errorf("%d tags, and %d with a plain name", n, want)
	}
	if strings.Count(got, "<script") != 1 {
		t.Error("a script is on the page")
	}
}

// Past what a person does in a night the page says how many more there are.
func TestReviewOfMany(t *testing.T) {
	r := reviewFor(t, "Necton")
	r.Rows = nil
	for i := range maxCards + 5 {
		r.Rows = append(r.Rows, Decision{Source: "a.csv", Line: i, Ref: fmt.Sprint("R", i), Reason: "not found"})
	}
	got := writeReview(t, r)
	if strings.Count(got, `<section class="card"`) != maxCards || !strings.Contains(got, "And 5 more in review.csv.") || !strings.Contains(got, "405 reports and 0 lines wait") {
		t.Errorf("%d cards", strings.Count(got, `<section class="card"`))
	}
}
