package export

import (
	"strings"
	"testing"

	"spreewatch/cluster/patrol"
)

// pageOf returns the texts of the page by their ID.
func pageOf(t *testing.T, r Result) map[string]string {
	t.Helper()
	o := sampleOptions(t, "")
	layers, err := layersOf(r, o)
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]string)
	for _, text := range pageTexts("title", layers, completeRun(r, o)) {
		texts[text.ID] = text.Text
	}
	return texts
}

func TestPage(t *testing.T) {
	got := pageOf(t, sampleResult(t))
	want := map[string]string{
		"marking-top":    "OFFICIAL-SENSITIVE",
		"marking-bottom": "OFFICIAL-SENSITIVE",
		// 6 of 9 reports
		"subtitle": "4 patrol suggestions · 1 spree · 66 % of reports located to a street or better (below the line of 85 %)",
		"actions":  "courier-fraud: Speak to banks, post offices and taxi firms.",
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
	r := sampleResult(t)
	first := r.Suggestions[0]
	r.Suggestions = nil
	for i := range 12 {
		s := first
		s.Rank, s.ID = i+1, strings.Repeat("p", i+1)
		s.Offence = []string{"courier-fraud", "robbery", "vehicle-crime"}[i%3]
		s.Action = strings.Repeat("long ", 60)
		r.Suggestions = append(r.Suggestions, s)
	}
	r.Run.Notes = []string{strings.Repeat("word ", 80), "second", "third"}
	got := pageOf(t, r)
	if !strings.Contains(got["list"], "and 7 more on the map") {
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
	got := pageOf(t, Result{Suggestions: []patrol.Suggestion{}})
	if got["list"] != "No patrol is suggested." || got["subtitle"] != "0 patrol suggestions · 0 sprees" || got["actions"] != "" {
		t.Errorf("list %q, subtitle %q, actions %q", got["list"], got["subtitle"], got["actions"])
	}
}
