package main

import (
	"strings"
	"syscall"
	"testing"
)

func TestPlainWriter(t *testing.T) {
	var got strings.Builder
	w := &plainWriter{to: &got}
	text := "Mill Lane\x1b[31m red\x07\r\n\tné 日本\x9b2J \u202egnol\x7f \xff–"
	for i := range len(text) { // a byte at a time: no character may be cut
		if n, err := w.Write([]byte{text[i]}); n != 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	want := "Mill Lane\ufffd[31m red\ufffd\ufffd\n\tné 日本\ufffd2J \ufffdgnol\ufffd \ufffd–"
	if got.String() != want {
		t.Errorf("got  %q\nwant %q", got.String(), want)
	}
}

// A full is a writer without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestWhatCannotBePrintedIsSaid(t *testing.T) {
	t.Chdir(t.TempDir())
	does(t, 3, "run", "--sample", "--quiet", "--db", "n.db", "--out", "out")
	for _, args := range [][]string{{"--help"}, {"verify"}, {"audit", "verify"}, {"doctor"}, {"review"}, {"detect"}} {
		args = append(args, "--db", "n.db")
		var errw strings.Builder
		g := &globals{in: strings.NewReader(""), out: full{}, errw: &errw}
		if code := g.execute(t.Context(), args); code != exitFailed || !strings.Contains(errw.String(), "no space left") {
			t.Errorf("%v: exit code %d, %q", args, code, errw.String())
		}
	}
}
