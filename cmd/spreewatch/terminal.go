package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// terminal reports whether w is one, so that colour and progress are shown.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
