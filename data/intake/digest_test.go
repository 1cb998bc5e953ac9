package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

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
