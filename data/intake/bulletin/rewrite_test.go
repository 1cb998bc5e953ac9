package bulletin

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestRewritten reads the kept texts with one thing in each written in another way that
// changes nothing of what it tells, and the reports stay those of the text as it stands. The
// ways are in testdata/rewrites.tsv: what is sought, where @ is a clock time, % a day and & a
// month, what stands there instead, and how many of a thousand reports may differ.
func TestRewritten(t *testing.T) {
	type ground struct {
		text string
		want []string
	}
	o := settings(t)
	reads := func(text string) (out []string, clear bool) {
		reports, refused := Read(text, o)
		for _, r := range reports {
			out = append(out, r.Location+r.From.String()+r.To.String())
		}
		slices.Sort(out)
		return out, len(refused) == 0
	}
	var texts []ground
	for i, path := range filesOf(t, "testdata/truth/*/*.txt", "testdata/towns/*/*.txt") {
		if i%2 > 0 {
			continue // half of them say it as well, in half the time
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if want, clear := reads(string(raw)); clear && len(want) > 0 {
			texts = append(texts, ground{string(raw), want})
		}
	}
	raw, err := os.ReadFile("testdata/rewrites.tsv")
	if err != nil {
		t.Fatal(err)
	}
	month := `January|February|March|April|May|June|July|August|September|October|November|December`
	day := `(?:[A-Z][a-z]+day )?\d{1,2}(?:st|nd|rd|th)? (?:` + month + `)(?: \d{4})?`
	words := strings.NewReplacer("@", `\d{1,2}(?:[.:]\d\d)? ?[ap]m|\d\d:\d\d|noon`, "%", day, "&", month)
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		most, err := strconv.Atoi(cells[3])
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		way := regexp.MustCompile(words.Replace(cells[1]))
		n, differ := 0, 0
		for _, x := range texts {
			text := way.ReplaceAllString(x.text, cells[2])
			if text == x.text {
				continue
			}
			got, _ := reads(text)
			n += len(x.want)
			lost := 0
			for _, w := range x.want {
				if i, found := slices.BinarySearch(got, w); found {
					got = slices.Delete(got, i, i+1)
				} else {
					lost++
				}
			}
			differ += max(lost, len(got))
		}
		if n < 20 || differ*1000 > most*n {
			t.Errorf("%s: %d of %d reports differ, want no more than %d of a thousand", cells[0], differ, n, most)
		}
		t.Logf("%s: %d of %d reports differ", cells[0], differ, n)
	}
}
