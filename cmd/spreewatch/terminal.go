package main

import (
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/term"
)

// terminal reports whether w is one, so that colour and progress are shown.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// A plainWriter passes text on without what a terminal would obey: a name or a
// text of a report may hold an escape sequence. Line feed and tab stay; any other
// control character, a character that turns the direction of writing, and a byte
// that is no UTF-8 become U+FFFD, which is as good inside a JSON string.
type plainWriter struct {
	to   io.Writer
	rest []byte // of a character that is not whole yet
	err  error  // the first of to
}

// Write returns len(p) where all of it was passed on.
func (w *plainWriter) Write(p []byte) (int, error) {
	text := append(w.rest, p...)
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 && !utf8.FullRune(text) {
			break
		}
		if obeyed(r) {
			r = utf8.RuneError
		}
		out = utf8.AppendRune(out, r)
		text = text[size:]
	}
	w.rest = append([]byte(nil), text...)
	if _, err := w.to.Write(out); err != nil {
		if w.err == nil {
			w.err = err
		}
		return 0, err
	}
	return len(p), nil
}

// obeyed reports whether a terminal does something else with the character than
// to show it.
func obeyed(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20 || r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// sheetOut is standard output for a CSV, whose cells are data: as they are, but to
// a terminal.
func (g *globals) sheetOut() io.Writer {
	if plain, ok := g.out.(*plainWriter); ok && !terminal(plain.to) {
		return plain.to
	}
	return g.out
}
