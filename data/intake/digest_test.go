package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"spreewatch/data"
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

func TestDigestStdin(t *testing.T) {
	const text = "location,from\nMill Street,2015-09-16\n"
	o := Options{Stdin: iotest.OneByteReader(strings.NewReader(text)), Name: "sample.txt"}
	in, size, err := Digest("-", &o)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	if in.SHA256 != hex.EncodeToString(sum[:]) || size != int64(len(text)) || in.Source != "sample.txt" {
		t.Errorf("Digest = %+v, %d bytes", in, size)
	}
	if again, err := io.ReadAll(o.Stdin); err != nil || string(again) != text {
		t.Errorf("standard input gives %q again, %v", again, err)
	}
}

func TestReadStdinBounds(t *testing.T) {
	packed := append([]byte{0x1f, 0x8b}, bytes.Repeat([]byte{7}, 2*maxLine)...)
	tests := []struct {
		name  string
		r     io.Reader
		limit int64
		want  string // start of the message, "" for none
	}{
		{"within the limit", strings.NewReader("0123456789"), 10, ""},
		{"beyond the limit", strings.NewReader("0123456789a"), 10, "standard input is larger than"},
		{"lines without end", &flood{b: '\n'}, 1 << 20, "standard input is larger than 1 MiB"},
		{"a line without end", &flood{b: 'x'}, maxStdin, "standard input:1: the line is longer than"},
		{"a long line of a gzip file", iotest.HalfReader(bytes.NewReader(packed)), maxStdin, ""},
		{"no standard input", nil, 10, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readStdin(tt.r, tt.limit)
			var user *data.UserError
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("error %v, want none", err)
			case tt.want != "" && (!errors.As(err, &user) || !strings.HasPrefix(user.Msg, tt.want) || user.Hint == ""):
				t.Errorf("error %v, want %q and a hint", err, tt.want)
			}
			// Little more than the line that is too long has been read.
			if e, ok := tt.r.(*flood); ok && e.n > 2*maxLine {
				t.Errorf("read %d bytes before refusing", e.n)
			}
		})
	}
}
