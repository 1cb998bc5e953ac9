package night

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/nearrepeat"
	"spreewatch/data"
)

func lesson() Lesson {
	day := 24 * time.Hour
	return Lesson{
		Offence: "dwelling-burglary", Seed: 7,
		From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC),
		Learnt: nearrepeat.Learnt{
			Radius:    nearrepeat.Estimate[float64]{Value: 200, Low: 100, High: 400},
			Window:    nearrepeat.Estimate[time.Duration]{Value: 5 * day, Low: 3 * day, High: 7 * day},
			Decay:     nearrepeat.Estimate[float64]{Value: 123.4, Low: 80, High: 190},
			DecayTime: nearrepeat.Estimate[time.Duration]{Value: 50*time.Hour + 10*time.Minute, Low: 30 * time.Hour, High: 80 * time.Hour},
			Incidents: 812, Observed: 64, Expected: 20.4, P: .005,
		},
	}
}

const learntComment = "# Learnt: 812 reports, 2026-01-01 to 2026-06-30, seed 7; 64 near repeats where chance makes 20, p 0.005"

func TestLessonBlock(t *testing.T) {
	want := learntComment + `
[offence.dwelling-burglary]
radius = "200m"        # 90 %: 100m to 400m
window = "5d"          # 90 %: 3d to 7d
decay = "120m"         # 90 %: 80m to 190m
decay_time = "50h"     # 90 %: 30h to 80h
`
	if got := lesson().Block(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Where near repeats say nothing the past sprees do, of radius and window alone; beside
// near repeats the comment has what they come to.
func TestLessonOfSprees(t *testing.T) {
	l := lesson()
	l.Sprees = nearrepeat.SpreeReach{
		Sprees: 14, Radius: nearrepeat.Estimate[float64]{Value: 904, Low: 700, High: 1200},
		Window: nearrepeat.Estimate[time.Duration]{Value: 30 * time.Hour, Low: 20 * time.Hour, High: 2 * 24 * time.Hour},
	}
	if got, want := l.Rests(), strings.TrimPrefix(learntComment, learntMark)+"; 14 past sprees of the scan, of which nine in ten kept within 900m and 30h"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	l.Learnt = nearrepeat.Learnt{}
	want := `# Learnt: 14 past sprees of the scan, of which nine in ten kept within these; too few near repeats; seed 7
[offence.dwelling-burglary]
radius = "900m"        # 90 %: 700m to 1.2km
window = "30h"         # 90 %: 20h to 2d
`
	if got := l.Block(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What is learnt of an offence without near repeats is of the sprees that the nights up
// to the moment found, each as it was seen last.
func TestLearnOfPastSprees(t *testing.T) {
	o := optionsFor(t)
	db, err := data.Open(t.Context(), o.DB)
	if err != nil {
		t.Fatal(err)
	}
	night := time.Date(2015, 9, 1, 2, 0, 0, 0, time.UTC)
	store := func(id string, at time.Time, n int, metres float64) {
		var sprees []cluster.Spree
		for i := range n {
			sprees = append(sprees, cluster.Spree{ID: fmt.Sprintf("robbery-%d", i), Status: cluster.StatusNew, Offence: "robbery", Method: cluster.MethodScan,
				RadiusM: metres, Window: cluster.Window{Start: at.Add(-6 * time.Hour), End: at}, Statistic: &cluster.Statistic{P: .01}})
		}
		if err := db.StoreRun(t.Context(), data.Run{ID: id, AsOf: at, Manifest: []byte("{}"), Sprees: sprees}); err != nil {
			t.Fatal(err)
		}
	}
	store("a", night, 10, 300)
	store("b", night.AddDate(0, 0, 1), 10, 500)
	store("c", night.AddDate(0, 0, 9), 10, 900)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	o.AsOf = night.AddDate(0, 0, 5)
	lessons, err := Learn(t.Context(), o, "robbery")
	if err != nil || len(lessons) != 1 {
		t.Fatalf("%v, %v", lessons, err)
	}
	if got := lessons[0].settings(); lessons[0].Refused != "" || !slices.Equal(got, [][2]string{{"radius", "500m"}, {"window", "6h"}}) {
		t.Errorf("learnt %v, refused %q", got, lessons[0].Refused)
	}
	o.AsOf = night.AddDate(0, 0, -1)
	lessons, err = Learn(t.Context(), o, "robbery")
	if err != nil || !strings.Contains(lessons[0].Refused, "0 past sprees of the scan, and learning needs 10") {
		t.Errorf("before all of them: %v, %v", lessons, err)
	}
}

// Only the four keys change and the comment; every other byte stays, and learning
// again leaves one comment.
func TestSaveLesson(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{"in its block", `timezone = "Europe/London"
# ours
[offence.dwelling-burglary] # the block
words = ["burglary"]   # spaced  oddly
radius   = '400m' # by eye
min_incidents = 3
window = "7d"

# not of this block
[offence.robbery]
radius = "1km"
`, `timezone = "Europe/London"
# ours
[offence.dwelling-burglary] # the block
` + learntComment + `
decay = "120m"
decay_time = "50h"
words = ["burglary"]   # spaced  oddly
radius   = "200m" # by eye
min_incidents = 3
window = "5d"

# not of this block
[offence.robbery]
radius = "1km"
`},
		{"a block of its own", "seed = 1\r\n", "seed = 1\r\n\r\n[offence.dwelling-burglary]\r\n" + learntComment +
			"\r\nradius = \"200m\"\r\nwindow = \"5d\"\r\ndecay = \"120m\"\r\ndecay_time = \"50h\"\r\n"},
		{"an empty file", "", "\n[offence.dwelling-burglary]\n" + learntComment +
			"\nradius = \"200m\"\nwindow = \"5d\"\ndecay = \"120m\"\ndecay_time = \"50h\"\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "force.toml")
			if err := os.WriteFile(file, []byte(c.before), 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := SaveLesson(file, lesson()); err != nil {
					t.Fatal(err)
				}
				got, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != c.after {
					t.Fatalf("got\n%q\nwant\n%q", got, c.after)
				}
			}
		})
	}
}

// What cannot be changed line by line stays as it is.
func TestSaveLessonRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"inline table":      "offence.dwelling-burglary = { radius = \"400m\" }\n",
		"text of many rows": "[offence.dwelling-burglary]\naction = \"\"\"\nradius = \"1m\"\n\"\"\"\nradius = \"400m\"\n",
		"no settings":       "[offence.dwelling-burglary\n",
	} {
		file := filepath.Join(t.TempDir(), "force.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := SaveLesson(file, lesson()); err == nil {
			t.Errorf("%s is changed", name)
		}
		if got, _ := os.ReadFile(file); string(got) != text {
			t.Errorf("%s: left as %q", name, got)
		}
	}
	if err := SaveLesson(filepath.Join(t.TempDir(), "none.toml"), lesson()); err == nil || !strings.Contains(err.Error(), "no settings file") {
		t.Errorf("no file: %v", err)
	}
}

func TestLearnBands(t *testing.T) {
	no := learnBands(offenceSettings{Radius: 400, Window: Span(7 * 24 * time.Hour)})
	if err := no.Validate(); err != nil || no.Distance[1] != 100 || no.Distance[7] != 1200 || no.Time[9] != 28*24*time.Hour || no.Time[1] != 24*time.Hour {
		t.Errorf("got %v, %v, %v", no.Distance, no.Time, err)
	}
	if no := learnBands(offenceSettings{Radius: 1, Window: Span(time.Minute)}); no.Validate() != nil {
		t.Errorf("the least of profiles: %v", no.Validate())
	}
}
