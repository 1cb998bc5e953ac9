package detect

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/cluster"
)

var trackStart = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// spreeAt writes a spree as "id offence: a b c", so many hours after the start and
// metres east of a point, by a rule of 400 m, a week and 3.
func spreeAt(text string, hours, metres float64) cluster.Spree {
	head, incidents, _ := strings.Cut(text, ": ")
	id, offence, _ := strings.Cut(head, " ")
	ids := strings.Fields(incidents)
	slices.Sort(ids)
	at := trackStart.Add(time.Duration(hours * float64(time.Hour)))
	return cluster.Spree{ID: id, Status: cluster.StatusNew, Offence: offence, Incidents: ids, Observed: float64(len(ids)), First: at,
		Window: cluster.Window{Start: at.Add(-time.Hour), End: at}, Centre: orb.Point{1 + metres/67_400, 52.7},
		Raised: cluster.Thresholds{RadiusM: 400, Window: 7 * 24 * time.Hour, MinIncidents: 3}}
}

// told writes what a night says of its sprees.
func told(sprees []cluster.Spree) []string {
	out := []string{}
	for _, s := range sprees {
		line := fmt.Sprintf("%s %s %s", s.ID, s.Status, strings.Join(s.Incidents, " "))
		if len(s.Joined) > 0 {
			line += " + " + strings.Join(s.Joined, " ")
		}
		if len(s.Merged) > 0 {
			line += ", was " + strings.Join(s.Merged, " ")
		}
		if s.Split {
			line += ", split"
		}
		out = append(out, line)
	}
	return out
}

func TestTrack(t *testing.T) {
	for _, c := range []struct {
		name            string
		previous, found []cluster.Spree
		hours           float64
		want            []string
	}{
		{"first night", nil, []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, 0, []string{"P new a b c"}},
		{"nothing added", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, 24, []string{"P ongoing a b c"}},
		{"one more", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, []cluster.Spree{spreeAt("P burglary: a b c d", 20, 0)}, 24, []string{"P growing a b c d"}},
		{"the first has left the window", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, []cluster.Spree{spreeAt("Q burglary: b c d", 20, 0)}, 24, []string{"P growing b c d + a"}},
		{"a quiet day", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, nil, 24, []string{"P ongoing a b c"}},
		{"just within its window", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, nil, 168, []string{"P ongoing a b c"}},
		{"its window has passed", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, nil, 169, []string{"P ended a b c"}},
		{"another spree elsewhere", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, []cluster.Spree{spreeAt("Q burglary: d e f", 20, 5000)}, 24,
			[]string{"Q new d e f", "P ongoing a b c"}},
		{"others at its place soon after", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, []cluster.Spree{spreeAt("Q burglary: d e f", 100, 300)}, 101,
			[]string{"P growing d e f + a b c"}},
		{"another offence", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, []cluster.Spree{spreeAt("Q fraud: a b c", 0, 0)}, 24,
			[]string{"Q new a b c", "P ongoing a b c"}},
		{"found in two parts", []cluster.Spree{spreeAt("P burglary: a b c d e", 0, 0)}, []cluster.Spree{spreeAt("Q burglary: c d e", 0, 0), spreeAt("P burglary: a b", 0, 300)}, 24,
			[]string{"P ongoing c d e + a b, split"}},
		{"merged: the older id", []cluster.Spree{spreeAt("P burglary: a b", -10, 0), spreeAt("O burglary: c d e", 0, 600)}, []cluster.Spree{spreeAt("O burglary: a b c d e", 10, 300)}, 24,
			[]string{"P growing a b c d e, was O"}},
		{"an id that is taken", []cluster.Spree{spreeAt("P burglary: a b c", 0, 0)}, []cluster.Spree{spreeAt("P burglary: x y z", 20, 9000)}, 24,
			[]string{"P-2 new x y z", "P ongoing a b c"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _ := Track(c.previous, c.found, nil, trackStart.Add(time.Duration(c.hours*float64(time.Hour))))
			if diff := gocmp.Diff(c.want, told(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A life, night by night: it ends once, is remembered for 28 days after that, and
// returns under its old id, and is new but once.
func TestTrackLife(t *testing.T) {
	var previous []cluster.Spree
	night := func(hours float64, found ...cluster.Spree) []string {
		sprees, dormant := Track(previous, found, nil, trackStart.Add(time.Duration(hours*float64(time.Hour))))
		previous = slices.Concat(sprees, dormant)
		return told(sprees)
	}
	const day = 24
	for i, step := range []struct {
		got, want []string
	}{
		{night(0, spreeAt("P burglary: a b c", -2, 0)), []string{"P new a b c"}},
		{night(5*day, spreeAt("P burglary: b c", -2, 0)), []string{"P ongoing b c + a"}},
		{night(7 * day), []string{"P ended b c + a"}}, // its window passed two hours ago
		{night(8 * day), []string{}},
		{night(30*day, spreeAt("Q burglary: d e f", 30*day-2, 350)), []string{"P returned d e f + a b c"}},
		{night(31*day, spreeAt("Q burglary: d e f", 30*day-2, 350)), []string{"P ongoing d e f + a b c"}},
		{night(40 * day), []string{"P ended d e f + a b c"}},
		{night(69*day, spreeAt("R burglary: g h i", 69*day-2, 350)), []string{"R new g h i"}}, // 29 days after the end
	} {
		if diff := gocmp.Diff(step.want, step.got); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
	}
	if len(previous) != 1 {
		t.Errorf("%d sprees are remembered, want the last alone", len(previous))
	}
}

// One more incident within a spree's own radius and window joins it, and keeps it
// open; it joins nothing where so many are expected that one says nothing.
func TestTrackJoins(t *testing.T) {
	was := spreeAt("P burglary: a b c", 0, 0)
	incident := func(id string, hours, metres float64) *cluster.Incident {
		at := trackStart.Add(time.Duration(hours * float64(time.Hour)))
		return &cluster.Incident{ID: id, Offence: "burglary", From: cluster.At(at), To: cluster.At(at), Point: orb.Point{1 + metres/67_400, 52.7}}
	}
	in := []*cluster.Incident{incident("d", 100, 300), incident("e", 120, 500), incident("f", 260, 0), incident("g", 500, 0)}
	got, _ := Track([]cluster.Spree{was}, nil, in[:3], trackStart.Add(261*time.Hour)) // a week and a day after the first three
	if diff := gocmp.Diff([]string{"P growing a b c + d f"}, told(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !got[0].Last.Equal(in[2].To.Time()) || !got[0].Window.End.Equal(was.Window.End) {
		t.Errorf("last %v, window to %v: want %v and as it was", got[0].Last, got[0].Window.End, in[2].To)
	}
	if got, _ = Track(got, nil, in, trackStart.Add(501*time.Hour)); got[0].Status != cluster.StatusEnded {
		t.Errorf("an incident ten days later: got %v, want ended", told(got))
	}
	was.Statistic = &cluster.Statistic{Expected: 1.2}
	if got, _ = Track([]cluster.Spree{was}, nil, in[:1], trackStart.Add(101*time.Hour)); len(got[0].Joined) != 0 {
		t.Errorf("where 1.2 are expected: got %v, want nobody joined", told(got))
	}
}

// Whatever is found night after night, in whatever order: no id twice in a night,
// none new twice, none lost, and no incident counted in two sprees.
func TestTrackProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var previous []cluster.Spree
		everNew := make(map[string]bool)
		for night := range 12 {
			var found []cluster.Spree
			free := rng.Perm(30)
			for k := range rng.IntN(4) {
				var ids []string
				for range 3 + rng.IntN(3) {
					ids = append(ids, fmt.Sprintf("i%02d", free[0]))
					free = free[1:]
				}
				found = append(found, spreeAt(fmt.Sprintf("n%d-%d burglary: %s", night, k, strings.Join(ids, " ")), float64(24*night)-3, float64(rng.IntN(8)*250)))
			}
			asOf := trackStart.Add(time.Duration(24*night) * time.Hour)
			sprees, dormant := Track(previous, found, nil, asOf)
			rng.Shuffle(len(previous), func(i, j int) { previous[i], previous[j] = previous[j], previous[i] })
			again, sleep := Track(previous, found, nil, asOf)
			if d := gocmp.Diff([][]cluster.Spree{sprees, dormant}, [][]cluster.Spree{again, sleep}); d != "" {
				t.Fatalf("the order of what was before matters:\n%s", d)
			}
			ids := make(map[string]bool)
			held := make(map[string]bool)
			for _, s := range slices.Concat(sprees, dormant) {
				if ids[s.ID] {
					t.Fatalf("night %d: two sprees have the id %s", night, s.ID)
				}
				ids[s.ID] = true
				for _, id := range s.Joined {
					if slices.Contains(s.Incidents, id) {
						t.Fatalf("%s is counted and joined", id)
					}
				}
			}
			for _, s := range sprees {
				if s.Status == cluster.StatusNew {
					if everNew[s.ID] {
						t.Fatalf("night %d: %s is new again", night, s.ID)
					}
					everNew[s.ID] = true
				}
			}
			for _, s := range found {
				for _, id := range s.Incidents {
					held[id] = false
				}
			}
			for _, s := range sprees {
				for _, id := range s.Life() {
					held[id] = true
				}
			}
			for id, ok := range held {
				if !ok {
					t.Fatalf("night %d: %s was found and is in no spree", night, id)
				}
			}
			previous = slices.Concat(sprees, dormant)
		}
	})
}
