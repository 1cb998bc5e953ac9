package table

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// flood gives the same byte for ever and counts how many.
type flood struct {
	b byte
	n int64
}

func (e *flood) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.b
	}
	e.n += int64(len(p))
	return len(p), nil
}

func TestHoldBounds(t *testing.T) {
	packed := append([]byte{0x1f, 0x8b}, bytes.Repeat([]byte{7}, 2*MaxLine)...)
	tests := []struct {
		name  string
		r     io.Reader
		limit int64
		want  string // start of the message, "" for none
	}{
		{"within the limit", strings.NewReader("0123456789"), 10, ""},
		{"beyond the limit", strings.NewReader("0123456789a"), 10, "standard input is larger than"},
		{"lines without end", &flood{b: '\n'}, 1 << 20, "standard input is larger than 1 MiB"},
		{"a line without end", &flood{b: 'x'}, maxHeld, "standard input:1: the line is longer than"},
		{"a long line of a gzip file", iotest.HalfReader(bytes.NewReader(packed)), maxHeld, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := hold(tt.r, tt.limit)
			var user *Error
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("error %v, want none", err)
			case tt.want != "" && (!errors.As(err, &user) || !strings.HasPrefix(user.Msg, tt.want) || user.Try == ""):
				t.Errorf("error %v, want %q and a hint", err, tt.want)
			}
			// Little more than the line that is too long has been read.
			if e, ok := tt.r.(*flood); ok && e.n > 2*MaxLine {
				t.Errorf("read %d bytes before refusing", e.n)
			}
		})
	}
}
