package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/data"
	"spreewatch/geo"
)

func TestLevelCounts(t *testing.T) {
	var c LevelCounts
	for _, l := range geo.Levels() {
		c.Add(l)
	}
	c.Add(geo.LevelStreet)
	got, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"address":1,"junction":1,"street":2,"postcode":1,"outcode":1,"place":1,"ambiguous":1,"none":1}`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var back LevelCounts
	if err := json.Unmarshal(got, &back); err != nil || back != c {
		t.Errorf("read back %v, %v, want %v", back, err, c)
	}
	if c.Total() != 9 || c.Located() != 7 {
		t.Errorf("total %d, located %d, want 9 and 7", c.Total(), c.Located())
	}
	if err := json.Unmarshal([]byte(`{"roof":1}`), &back); err == nil {
		t.Error("no error for an unknown level")
	}
}

func TestHitRate(t *testing.T) {
	tests := []struct {
		name            string
		street, place   int
		ambiguous, none int
		want            float64
		met             bool
	}{
		{"every report in a street", 8, 0, 0, 0, 1, true},
		{"on the line", 17, 3, 0, 0, 0.85, true},
		{"just under it", 84, 16, 0, 0, 0.84, false},
		{"a place is no hit", 0, 10, 0, 0, 0, false},
		{"unmatched reports count against it", 17, 0, 2, 2, 17.0 / 21, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c LevelCounts
			c[geo.LevelStreet], c[geo.LevelPlace], c[geo.LevelAmbiguous], c[geo.LevelNone] = tt.street, tt.place, tt.ambiguous, tt.none
			h := c.HitRate()
			if h.Rate == nil || *h.Rate != tt.want || h.Met != tt.met || h.Line != 0.85 {
				t.Errorf("got %+v, want rate %v, met %v", h, tt.want, tt.met)
			}
		})
	}
}

// The counts that Write makes itself are those of the whole result, also for an
// audience that sees less of it.
func TestTallies(t *testing.T) {
	for _, a := range []Audience{AudienceAnalyst, AudienceSupervisor, AudiencePublic} {
		_, run := writeSample(t, a)
		got := run.Tallies
		want := Tallies{Read: 9, Unread: 1, Levels: got.Levels, Located: 7, Incidents: 7, Sprees: 1, Suggestions: 4, Review: 4,
			Shifts: []ShiftCount{{"early 2015-09-17", 2}, {"late 2015-09-17", 2}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: tallies (-want +got):\n%s", a, diff)
		}
	}
}

func TestReviewRows(t *testing.T) {
	rows := []ReviewRow{
		{Source: "-", Line: 9, Level: geo.LevelNone, Reason: Refused(&data.RowError{Unread: true, Reason: "names a time"})},
		{Source: "b.csv", Line: 2, Location: "=1+1", Level: geo.LevelNone, Reason: Reason{Why: WhyNotFound}},
		{Source: "a.txt", Line: 30, Location: "High Street, \"Old\" Town\nsecond line", Level: geo.LevelAmbiguous, Confidence: 0.5, Match: geo.Candidate{Name: "Mill Lane", Locality: "Necton"}, Reason: Reason{Why: WhyAmbiguous}},
		{Source: "a.txt", Line: 4, Ref: "@cmd", Location: "-2 Mill Lane", Level: geo.LevelPlace, Confidence: 0.25, Reason: Reason{Why: WhyUnsure, Confidence: 0.25, Least: 0.6, Corrections: []string{"saint dropped"}}, Match: geo.Candidate{Name: "Necton", Locality: "Necton", Point: orb.Point{0.77723, 52.650445}},
			Candidates: []geo.Candidate{{Name: "Mill Lane", Locality: "Necton", Confidence: 0.25}, {Name: "Necton"}}},
	}
	var b bytes.Buffer
	if err := writeReview(&b, inOrder(rows), Options{RunID: "r", Marking: "m"}); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		ReviewColumns,
		{"-", "9", "", "", "", "none", "0.00", "", "not understood: names a time", "", "r", "m"},
		{"a.txt", "4", "'@cmd", "", "'-2 Mill Lane", "place", "0.25", "Necton (52.650445 0.777230)", "confidence 0.25 is under 0.60; saint dropped", "1: Mill Lane, Necton (0.000000 0.000000, 0.25); 2: Necton (0.000000 0.000000, 0.00)", "r", "m"},
		{"a.txt", "30", "", "", "High Street, \"Old\" Town\nsecond line", "ambiguous", "0.50", "Mill Lane, Necton", "ambiguous: choose one of the candidates", "", "r", "m"},
		{"b.csv", "2", "", "", "'=1+1", "none", "0.00", "", "not found", "", "r", "m"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.String().Draw(rt, "text")
		got := CellText(s)
		_, notNumber := strconv.ParseFloat(got, 64)
		if len(got) > 1 && strings.ContainsRune("=+-@\t\r", rune(got[0])) && notNumber != nil {
			rt.Errorf("%q becomes %q", s, got)
		}
		if want := strings.ReplaceAll(s, "\x00", ""); got != want && got != "'"+want {
			rt.Errorf("%q becomes %q", s, got)
		}
	})
}

func TestCellText(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "-2 Mill Lane": "'-2 Mill Lane", "@cmd": "'@cmd", "\tx": "'\tx", "\r=x": "'\r=x", "\n=x": "'\n=x", "＝cmd": "'＝cmd",
		"-": "-", "+": "+", "-1.29": "-1.29", "+447700900461": "+447700900461", "-1e-7": "-1e-7", "-1e": "'-1e", "-1+1": "'-1+1", "+0x1": "'+0x1", "Mill Lane": "Mill Lane", "": "", "\x00=x": "'=x",
	} {
		if got := CellText(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// What a terminal shows line by line is what the files hold, and what each
// audience may see.
func TestRowsAreThoseOfTheFiles(t *testing.T) {
	for _, a := range []Audience{AudienceAnalyst, AudienceSupervisor, AudiencePublic} {
		o := sampleOptions(t, filepath.Join(t.TempDir(), "out"))
		o.Audience = a
		if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
			t.Fatal(err)
		}
		files := readDir(t, o.Dir)
		for name, write := range map[string]func(io.Writer, Result, Options) error{"sprees.geojson": WriteSprees, "patrols.geojson": WriteSuggestions} {
			var b strings.Builder
			if err := write(&b, sampleResult(t), o); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
			if b.Len() == 0 {
				lines = nil
			}
			if got, want := len(lines), len(features(t, files[name])); got != want {
				t.Errorf("%s for %s: %d lines, the file has %d features", name, a, got, want)
			}
			for _, line := range lines {
				if !strings.Contains(files[name], `"properties":`+line) {
					t.Errorf("%s for %s has no feature %s", name, a, line)
				}
			}
		}
	}
	spoilt := sampleResult(t)
	spoilt.Sprees[0].Zone = []geo.Cell{1}
	if err := WriteSprees(io.Discard, spoilt, sampleOptions(t, "out")); err == nil {
		t.Error("no error for a cell that is none")
	}
	spoilt.Incidents[0].Point[1] = 95
	o := sampleOptions(t, "out")
	o.Audience = AudiencePublic
	if err := WriteSuggestions(io.Discard, spoilt, o); err == nil {
		t.Error("no error for a point off the globe")
	}
}

func TestReasonInWords(t *testing.T) {
	row := &data.RowError{Field: "from", Reason: "no time"}
	for want, r := range map[string]Reason{
		"":          {},
		"not found": {Why: WhyNotFound},
		"ambiguous: choose one of the candidates":      {Why: WhyAmbiguous},
		"confidence 0.94 is under 0.95; saint dropped": {Why: WhyUnsure, Confidence: 0.9496, Least: 0.95, Corrections: []string{"saint dropped"}},
		"rejected: from: no time":                      Refused(row),
		"rejected: no time":                            Refused(&data.RowError{Reason: "no time"}),
		"not understood: names a time":                 Refused(&data.RowError{Reason: "names a time", Unread: true}),
		"likely the incident of a.csv line 3, and not counted again: spreewatch report REF --withdraw, or --distinct": {Why: WhyRepeat, Source: "a.csv", Line: 3},
	} {
		if got := r.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// Rows stand by file and line; those of one line by reference and then by reason.
func TestReviewOrder(t *testing.T) {
	rows := []ReviewRow{
		{Source: "b.csv", Line: 1}, {Source: "a.csv", Line: 10, Ref: "1"}, {Source: "a.csv", Line: 2, Ref: "2"},
		{Source: "a.csv", Line: 2, Ref: "1", Reason: Reason{Why: WhyNotFound}}, {Source: "a.csv", Line: 2, Ref: "1", Reason: Reason{Why: WhyAmbiguous}},
	}
	shown, err := forAudience(Result{Review: rows}, Options{Audience: AudienceAnalyst})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := writeReview(&b, shown.Review, DefaultOptions()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range strings.Split(b.String(), "\n")[1:6] {
		cells := strings.Split(line, ",")
		got = append(got, strings.Join([]string{cells[0], cells[1], cells[2], cells[8]}, " "))
	}
	want := []string{"a.csv 2 1 ambiguous: choose one of the candidates", "a.csv 2 1 not found", "a.csv 2 2 ", "a.csv 10 1 ", "b.csv 1  "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if rows[0].Source != "b.csv" {
		t.Error("the rows that were given are in another order")
	}
}
