package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the README says that `make run` prints is what the sample prints.
func TestReadmeShowsWhatTheSamplePrints(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "`make run` prints\n\n```\n")
	want, _, closed := strings.Cut(after, "```")
	if !found || !closed {
		t.Fatal("the README does not show what `make run` prints")
	}
	t.Chdir(t.TempDir())
	got, _ := does(t, 3, "run", "--sample", "--out", "out")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-README +program):\n%s", diff)
	}
}
