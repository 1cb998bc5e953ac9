package bulletin

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"spreewatch/cluster"
)

func settings(t testing.TB) Settings {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return Settings{
		Today: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Zone: zone,
		Profiles: []cluster.Profile{{Offence: "burglary-dwelling", Words: []string{"burglary", "burgled", "break-in"}}},
	}
}

func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob("testdata/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range paths {
		if text, err := os.ReadFile(p); err == nil && !strings.HasSuffix(p, ".golden") {
			f.Add(string(text))
		}
	}
	f.Add("between and at 10am to to on the of Mill Street, , (")
	f.Add("1 Oct 14 Mill Street\n1am High Street")
	f.Add("31/02/2020 29 February 10.10.10.10 24:00 0am 12/13")
	f.Fuzz(func(t *testing.T, text string) { checkText(t, text, settings(t)) })
}

// checkText fails on a report, a line listed or an entry of the ledger that breaks the promises
// of Explain.
func checkText(t *testing.T, text string, o Settings) {
	t.Helper()
	reports, refused, ledger, err := Explain(t.Context(), text, o)
	if err != nil {
		t.Fatal(err)
	}
	last := strings.Count(text, "\n") + 1
	for _, r := range reports {
		if r.To.Before(r.From) || r.Line < 1 || r.Line > last || strings.TrimSpace(r.Location) == "" || r.Precision == "" || r.DateRule == "" {
			t.Fatalf("line %d of %d: from %v to %v, precision %q, rule %q", r.Line, last, r.From, r.To, r.Precision, r.DateRule)
		}
	}
	for _, row := range refused {
		if row.Line < 1 || row.Line > last || row.Reason == "" {
			t.Fatalf("refused line %d of %d for reason %q", row.Line, last, row.Reason)
		}
	}
	for _, e := range ledger {
		if e.Fate == "not settled" {
			t.Fatalf("not settled: %v", e)
		}
	}
}

// Whatever lines of a text are missing, and whatever stands behind it, the promises are kept.
func TestTornAndMixed(t *testing.T) {
	o := settings(t)
	draw := rand.New(rand.NewPCG(1, 2))
	var before []string
	for _, path := range filesOf(t, "testdata/*.txt", "testdata/truth/*/*.txt", "testdata/towns/*/*.txt") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(string(raw), "\n")
		for _, behind := range [][]string{nil, before} {
			var torn strings.Builder
			for _, line := range append(slices.Clone(lines), behind...) {
				if draw.IntN(4) > 0 {
					torn.WriteString(line)
				}
			}
			checkText(t, torn.String(), o)
		}
		before = lines
	}
}

func BenchmarkRead(b *testing.B) {
	text, err := os.ReadFile("testdata/running_sentences.txt")
	if err != nil {
		b.Fatal(err)
	}
	o := settings(b)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if reports, _ := Read(string(text), o); len(reports) != 3 {
			b.Fatalf("%d reports, want 3", len(reports))
		}
	}
}

// BenchmarkReadLong reads a round-up of 3,000 and of 12,000 incidents: four times
// the text should take about four times as long.
func BenchmarkReadLong(b *testing.B) {
	for _, n := range []int{3000, 12_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			text := roundUp(n)
			o := settings(b)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if reports, _ := Read(text, o); len(reports) != n {
					b.Fatalf("%d reports, want %d", len(reports), n)
				}
			}
		})
	}
}

// roundUp writes n invented incidents, a third of them under a sentence that sums
// up and a fifth of them with a town of their own.
func roundUp(n int) string {
	towns := []string{"Dereham", "Swaffham", "Watton", "Thetford", "Holt"}
	var s strings.Builder
	s.WriteString("Crime round-up\n\n")
	for i := range n {
		if i%3 == 0 {
			fmt.Fprintf(&s, "Several burglaries were reported in %s on %d September 2015.\n\n", towns[i/3%5], 1+i%28)
		}
		fmt.Fprintf(&s, "A house in %c%cton Road, %s, was entered at %d.%02dpm on %d September 2015.\n\n",
			'A'+i%26, 'a'+i/26%26, towns[i/3%5], 1+i%11, i/11%60, 1+(i/3*3)%28)
	}
	return s.String()
}
