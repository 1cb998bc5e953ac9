package main

import (
	"strings"
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
