package qgis

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
)

// mapOf is a map of suggestions of a night in summer and of one spree.
func mapOf(t *testing.T, suggestions []patrol.Suggestion, notes ...string) Map {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	set, err := layer.Fill(layer.Contents{Suggestions: suggestions, Sprees: []cluster.Spree{{ID: "s"}}}, layer.Stamp{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	return Map{Zone: zone, Marking: "OFFICIAL-SENSITIVE", Trust: "66 % of reports located", Notes: notes, Layers: set}
}

func suggestion(rank int, place, shift string) patrol.Suggestion {
	from := time.Date(2015, 9, 17, 9, 0, 0, 0, time.UTC) // 10:00 in London
	return patrol.Suggestion{ID: strings.Repeat("p", rank), Rank: rank, Offence: "courier-fraud", PlaceName: place, Shift: shift,
		Band: cluster.Window{Start: from, End: from.Add(2 * time.Hour)}, Dwell: 15 * time.Minute, Visits: 3, Action: "Speak to banks, post offices and taxi firms."}
}

// pageOf returns the texts of the page by their ID.
func pageOf(m Map) map[string]string {
	texts := make(map[string]string)
	for _, text := range pageTexts("title", m) {
		texts[text.ID] = text.Text
	}
	return texts
}

func TestPage(t *testing.T) {
	got := pageOf(mapOf(t, []patrol.Suggestion{suggestion(2, "Norwich Road area, Dereham", "late 2015-09-17"), suggestion(1, "Shipdham Road area, Dereham", "early 2015-09-17")},
		"history is too thin for a permutation test"))
	want := map[string]string{
		"marking-top":    "OFFICIAL-SENSITIVE",
		"marking-bottom": "OFFICIAL-SENSITIVE",
		"subtitle":       "2 patrol suggestions · 1 spree · 66 % of reports located",
		"actions":        "courier-fraud: Speak to banks, post offices and taxi firms.",
	}
	for id, text := range want {
		if got[id] != text {
			t.Errorf("%s is %q, want %q", id, got[id], text)
		}
	}
	for _, part := range []string{
		"1  Shipdham Road area, Dereham\n     early 2015-09-17, 10:00–12:00\n     3 visits of 15 min\n2  Norwich",
		"\n\nNote: history is too thin",
	} {
		if !strings.Contains(got["list"], part) {
			t.Errorf("the list has no %q:\n%s", part, got["list"])
		}
	}
}

func TestPageOfManySuggestions(t *testing.T) {
	var many []patrol.Suggestion
	for i := range 12 {
		s := suggestion(i+1, "Elsing", "early 2015-09-17")
		s.Offence = []string{"courier-fraud", "robbery", "vehicle-crime"}[i%3]
		s.Action = strings.Repeat("long ", 60)
		many = append(many, s)
	}
	got := pageOf(mapOf(t, many, strings.Repeat("word ", 80), "second", "third"))
	if !strings.Contains(got["list"], "and 7 more on the next page") {
		t.Errorf("the list does not say what it leaves out:\n%s", got["list"])
	}
	if !strings.HasSuffix(got["list"], "… (2 more in run.json)") {
		t.Errorf("the note does not say that there are more:\n%s", got["list"])
	}
	lines := strings.Split(got["actions"], "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "courier-fraud: ") || !strings.HasPrefix(lines[1], "robbery: ") {
		t.Errorf("actions: %q", lines)
	}
	for _, line := range lines {
		if n := len([]rune(line)); n != 140 || !strings.HasSuffix(line, "…") {
			t.Errorf("a line of %d characters: %q", n, line)
		}
	}
}

func TestPageOfNothing(t *testing.T) {
	got := pageOf(mapOf(t, nil))
	if got["list"] != "No patrol is suggested." || got["subtitle"] != "0 patrol suggestions · 1 spree · 66 % of reports located" || got["actions"] != "" {
		t.Errorf("list %q, subtitle %q, actions %q", got["list"], got["subtitle"], got["actions"])
	}
}

// The pages after the map's have every suggestion once, in full, by rank, each
// page with the marking, and no row over another or out of the page.
func TestTablePages(t *testing.T) {
	var all []patrol.Suggestion
	for i := range 30 {
		s := suggestion(i+1, "Norwich Road area, Dereham", "early 2015-09-17")
		s.Streets = []string{"Mill Lane", "Norwich Road"}
		s.Reason = strings.Repeat("why ", 1+40*(i%3))
		all = append(all, s)
	}
	all[4].Action = strings.Repeat("x", 10_000)
	all[5].PlaceName = ""
	m := mapOf(t, all)
	texts := tableTexts("title", m)
	below := map[string]float64{}
	markings := map[int]int{}
	rows, pages := 0, 0
	for _, text := range texts {
		pages = max(pages, text.Page)
		if text.Text == m.Marking {
			markings[text.Page]++
		}
		if text.Y+text.H > 210 || text.Page < 1 {
			t.Errorf("%s stands at %v and is %v high, page %d", text.ID, text.Y, text.H, text.Page)
		}
		if !strings.HasPrefix(text.ID, "row-") {
			continue
		}
		column := fmt.Sprint(text.Page, text.X)
		if text.Y < below[column] || text.Y+text.H > tableBottom {
			t.Errorf("%s lies over the row above it or the foot of the page", text.ID)
		}
		below[column] = text.Y + text.H
		if strings.HasSuffix(text.ID, "-0") {
			if rows++; text.Text != fmt.Sprint(rows) {
				t.Errorf("row %d is of rank %s", rows, text.Text)
			}
		}
	}
	if rows != 30 || pages < 3 || len(markings) != pages {
		t.Errorf("%d rows on %d pages", rows, pages)
	}
	for page, n := range markings {
		if n != 2 {
			t.Errorf("page %d has %d markings", page, n)
		}
	}
	whole := fmt.Sprint(texts)
	for _, part := range []string{"Norwich Road area, Dereham: Mill Lane, Norwich Road", "Place not named: Mill Lane", "Thu 17 Sep\n10:00–12:00, 3 visits of 15 min", "Speak to banks, post offices and taxi firms."} {
		if !strings.Contains(whole, part) {
			t.Errorf("no %q", part)
		}
	}
	if got := tableTexts("title", mapOf(t, nil)); len(got) != 0 {
		t.Errorf("%d texts for no suggestion", len(got))
	}
}
