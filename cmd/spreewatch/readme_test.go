package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the README says that `make run` prints is what the sample prints.
func TestReadmeShowsWhatTheSamplePrints(t *testing.T) {
	want := readmeBlock(t, "`make run` prints\n\n```\n")
	t.Chdir(t.TempDir())
	got, _ := does(t, 3, "run", "--sample", "--out", "out")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-README +program):\n%s", diff)
	}
}

// readmeBlock is the block of the README behind the words.
func readmeBlock(t *testing.T, words string) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), words)
	block, _, closed := strings.Cut(after, "```")
	if !found || !closed {
		t.Fatalf("the README has no block behind %q", words)
	}
	return block
}

// What the README says that the checks of a night print is what they print, but for
// what the clock, the disk and chance decide.
func TestReadmeShowsWhatTheChecksPrint(t *testing.T) {
	want := readmeBlock(t, "keep = \"365d\"`:\n\n```\n")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("spreewatch.toml", []byte("[retention]\nkeep = \"365d\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	manifest, _ := does(t, 3, "run", "--sample", "--db", "n.db", "--out", "out", "--json")
	run := regexp.MustCompile(`20150917T0200-[0-9a-f]{8}`)
	want = run.ReplaceAllString(want, run.FindString(manifest)) // every setting is in it
	var got strings.Builder
	for _, line := range strings.Split(want, "\n") {
		command, ok := strings.CutPrefix(line, "$ spreewatch ")
		if !ok {
			continue
		}
		code := 0
		if strings.HasPrefix(command, "doctor") {
			code = 3
		}
		out, _ := does(t, code, strings.Fields(command)...)
		got.WriteString(line + "\n" + out)
	}
	chance := regexp.MustCompile(`[0-9a-f]{64}|\d+ GB|\d+ years|schema \d+`)
	fixed := func(s string) string { return chance.ReplaceAllString(s, "~") }
	if diff := cmp.Diff(fixed(want), fixed(got.String())); diff != "" || !strings.Contains(want, "$ spreewatch doctor") {
		t.Errorf("(-README +program):\n%s\n%s", diff, got.String())
	}
}
