package detect

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"spreewatch/cluster"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// spreeOf writes a spree as "id offence: a b c".
func spreeOf(text string) cluster.Spree {
	head, incidents, _ := strings.Cut(text, ": ")
	id, offence, _ := strings.Cut(head, " ")
	ids := strings.Fields(incidents)
	slices.Sort(ids)
	start := time.Date(2026, 9, 16, 10, 0, 0, 0, time.UTC)
	return cluster.Spree{ID: id, Status: cluster.StatusNew, Offence: offence, Incidents: ids, Observed: float64(len(ids)), Window: cluster.Window{Start: start, End: start.Add(time.Hour)}}
}

func spreesOf(lines ...string) []cluster.Spree {
	var out []cluster.Spree
	for _, l := range lines {
		out = append(out, spreeOf(l))
	}
	return out
}

func TestTrack(t *testing.T) {
	for _, c := range []struct {
		name              string
		previous, current []string
		want              []string
	}{
		{"first night", nil, []string{"P burglary: a b c"}, []string{"P new a b c"}},
		{"nothing added", []string{"P burglary: a b c"}, []string{"P burglary: a b c"}, []string{"P ongoing a b c"}},
		{"one more", []string{"P burglary: a b c"}, []string{"P burglary: a b c d"}, []string{"P growing a b c d"}},
		{"the first incident has left", []string{"P burglary: a b c"}, []string{"Q burglary: b c"}, []string{"P ongoing b c"}},
		{"one in, one out", []string{"P burglary: a b c"}, []string{"Q burglary: b c d"}, []string{"P growing b c d"}},
		{"ended", []string{"P burglary: a b c"}, nil, []string{"P ended a b c"}},
		{"another spree", []string{"P burglary: a b c"}, []string{"Q burglary: d e f"}, []string{"Q new d e f", "P ended a b c"}},
		{"another offence", []string{"P burglary: a b c"}, []string{"Q fraud: a b c"}, []string{"Q new a b c", "P ended a b c"}},
		{"split: most incidents keep the ID", []string{"P burglary: a b c d e"}, []string{"P burglary: a b", "Q burglary: c d e"},
			[]string{"P ongoing c d e", "P-2 new a b"}},
		{"split in halves: the lower ID", []string{"P burglary: a b c d"}, []string{"R burglary: a b", "Q burglary: c d"},
			[]string{"P ongoing c d", "R new a b"}},
		{"merge: the one that brought most", []string{"P burglary: a b", "Q burglary: c d e"}, []string{"P burglary: a b c d e"},
			[]string{"Q growing a b c d e", "P ended a b"}},
		{"as many shared: the larger share", []string{"P burglary: a b x y z", "Q burglary: c d"}, []string{"R burglary: a b c d"},
			[]string{"Q growing a b c d", "P ended a b x y z"}},
		{"second choice when the first is taken", []string{"P burglary: a b c d", "Q burglary: e f"}, []string{"R burglary: a b c", "S burglary: d e"},
			[]string{"P ongoing a b c", "Q growing d e"}},
		{"numbers after a split", []string{"P burglary: a b c d e", "P-2 burglary: f g"}, []string{"P burglary: a b", "Q burglary: c d e", "T burglary: f g"},
			[]string{"P ongoing c d e", "P-2 ongoing f g", "P-3 new a b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range Track(spreesOf(c.previous...), spreesOf(c.current...)) {
				got = append(got, fmt.Sprintf("%s %s %s", s.ID, s.Status, strings.Join(s.Incidents, " ")))
			}
			if diff := gocmp.Diff(sorted(c.want), sorted(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

// TestTrackEndedOnce follows three nights: the last has nothing left to end.
func TestTrackEndedOnce(t *testing.T) {
	first := Track(nil, spreesOf("P burglary: a b c"))
	second := Track(first, nil)
	if len(second) != 1 || second[0].Status != cluster.StatusEnded {
		t.Fatalf("second night: %+v", second)
	}
	if third := Track(second, nil); len(third) != 0 {
		t.Errorf("third night: %+v, want nothing", third)
	}
	// A late report brings it back under its own ID.
	back := Track(second, spreesOf("P burglary: a b c d"))
	if len(back) != 1 || back[0].ID != "P" || back[0].Status != cluster.StatusNew {
		t.Errorf("found again: %+v", back)
	}
}

func TestTrackOrderOfResult(t *testing.T) {
	got := Track(spreesOf("Z burglary: u v", "Y burglary: w x"), spreesOf("A burglary: a b", "B burglary: c d e"))
	var ids []string
	for _, s := range got {
		ids = append(ids, s.ID)
	}
	if diff := gocmp.Diff([]string{"B", "A", "Y", "Z"}, ids); diff != "" {
		t.Errorf("most incidents first, ended last by ID (-want +got):\n%s", diff)
	}
}

// trackTwin matches by looking for the best pair again and again.
func trackTwin(previous, current []cluster.Spree) map[string]string {
	type pair struct{ p, c int }
	usedP, usedC := map[int]bool{}, map[int]bool{}
	match := map[string]string{} // incidents of current → ID
	for {
		best, found := pair{}, false
		better := func(a, b pair) bool {
			score := func(x pair) (int, float64) {
				n := shared(previous[x.p].Incidents, current[x.c].Incidents)
				return n, float64(n) / float64(len(previous[x.p].Incidents)+len(current[x.c].Incidents)-n)
			}
			na, ja := score(a)
			nb, jb := score(b)
			return cmp.Or(cmp.Compare(nb, na), cmp.Compare(jb, ja),
				cmp.Compare(previous[a.p].ID, previous[b.p].ID), cmp.Compare(current[a.c].ID, current[b.c].ID)) < 0
		}
		for p := range previous {
			for c := range current {
				x := pair{p, c}
				if usedP[p] || usedC[c] || previous[p].Status == cluster.StatusEnded || previous[p].Offence != current[c].Offence ||
					shared(previous[p].Incidents, current[c].Incidents) == 0 {
					continue
				}
				if !found || better(x, best) {
					best, found = x, true
				}
			}
		}
		if !found {
			return match
		}
		usedP[best.p], usedC[best.c] = true, true
		match[current[best.c].Offence+strings.Join(current[best.c].Incidents, " ")] = previous[best.p].ID
	}
}

// randomSprees puts incidents at random into sprees, none into two of one
// offence.
func randomSprees(r *rand.Rand, prefix string) []cluster.Spree {
	groups := map[string][]string{}
	for i := range 40 {
		if r.IntN(4) == 0 {
			continue
		}
		key := fmt.Sprintf("%s%d %s", prefix, r.IntN(6), []string{"burglary", "fraud"}[i%2])
		groups[key] = append(groups[key], fmt.Sprintf("i%02d", i))
	}
	var out []cluster.Spree
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		s := spreeOf(key + ": " + strings.Join(groups[key], " "))
		s.ID += "-" + s.Offence
		out = append(out, s)
	}
	return out
}

func TestTrackProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "nights"), 0))
		previous := Track(nil, randomSprees(r, "P"))
		for i := range previous {
			if r.IntN(5) == 0 {
				previous[i].Status = cluster.StatusEnded
			}
		}
		current := randomSprees(r, rapid.SampledFrom([]string{"P", "Q"}).Draw(t, "prefix"))
		got := Track(previous, current)
		match := trackTwin(previous, current)
		ids := map[string]bool{}
		byID := map[string]cluster.Spree{}
		for _, s := range previous {
			byID[s.ID] = s
		}
		found, ended := 0, 0
		for _, s := range got {
			if ids[s.ID] {
				t.Fatalf("two sprees have the ID %s", s.ID)
			}
			ids[s.ID] = true
			want, matched := match[s.Offence+strings.Join(s.Incidents, " ")]
			switch s.Status {
			case cluster.StatusEnded:
				ended++
				if byID[s.ID].Status == cluster.StatusEnded {
					t.Fatalf("%s ended twice", s.ID)
				}
			case cluster.StatusNew:
				found++
				if matched {
					t.Fatalf("%s is new, twin says %s", s.ID, want)
				}
			default:
				found++
				if !matched || want != s.ID {
					t.Fatalf("%s is %s, twin says %q", s.ID, s.Status, want)
				}
				gained := shared(byID[s.ID].Incidents, s.Incidents) < len(s.Incidents)
				if gained != (s.Status == cluster.StatusGrowing) {
					t.Fatalf("%s is %s, gained %v", s.ID, s.Status, gained)
				}
			}
		}
		live := 0
		for _, s := range previous {
			if s.Status != cluster.StatusEnded {
				live++
			}
		}
		if found != len(current) || ended != live-len(match) {
			t.Fatalf("%d found and %d ended, want %d and %d", found, ended, len(current), live-len(match))
		}
		r.Shuffle(len(previous), func(i, j int) { previous[i], previous[j] = previous[j], previous[i] })
		r.Shuffle(len(current), func(i, j int) { current[i], current[j] = current[j], current[i] })
		if diff := gocmp.Diff(got, Track(previous, current)); diff != "" {
			t.Fatalf("the order of the sprees matters:\n%s", diff)
		}
	})
}
