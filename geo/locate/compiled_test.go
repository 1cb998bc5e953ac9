package locate

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"testing"

	"spreewatch/geo/index"

	"github.com/google/go-cmp/cmp"
)

func compile(t testing.TB, x *index.Index) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := x.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("wrote %d bytes, said %d: %v", b.Len(), n, err)
	}
	return b.Bytes()
}

func sampleIndex(t testing.TB) *index.Index {
	t.Helper()
	x, err := index.New(slices.Values(sampleEntries()))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestReadIndexAnswersAlike(t *testing.T) {
	x := sampleIndex(t)
	form := compile(t, x)
	y, err := index.Read(bytes.NewReader(form), int64(len(form)))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bulletin {
		if diff := cmp.Diff(New(x).Match(b.text, Context{}), New(y).Match(b.text, Context{})); diff != "" {
			t.Errorf("%s: -made +read:\n%s", b.text, diff)
		}
	}
	if !bytes.Equal(compile(t, x), compile(t, y)) {
		t.Error("written again, the index differs")
	}
}

func TestIndexDoesNotDependOnOrder(t *testing.T) {
	want := compile(t, sampleIndex(t))
	entries := append(sampleEntries(), sampleEntries()[:5]...)
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(1, seed))
		rng.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		x, err := index.New(slices.Values(entries))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(compile(t, x), want) {
			t.Fatal("another order, with repeats, gives other bytes")
		}
	}
}

func TestReadIndexRefuses(t *testing.T) {
	good := compile(t, sampleIndex(t))
	for n := 0; n < len(good); n += 1 + n/64 {
		if _, err := index.Read(bytes.NewReader(good[:n]), int64(len(good[:n]))); err == nil {
			t.Fatalf("cut to %d of %d bytes: no error", n, len(good))
		}
	}
	for i := 0; i < len(good); i += 1 + i/64 {
		bad := slices.Clone(good)
		bad[i] ^= 0x10
		if _, err := index.Read(bytes.NewReader(bad), int64(len(bad))); err == nil {
			t.Fatalf("byte %d flipped: no error", i)
		}
	}
	other := slices.Clone(good)
	other[len(index.CompiledMagic)]++
	if _, err := index.Read(bytes.NewReader(other), int64(len(other))); !errors.Is(err, index.ErrVersion) {
		t.Errorf("another version: got %v, want ErrIndexVersion", err)
	}
}

// FuzzReadIndex damages a compiled index behind a true checksum: it may be
// refused or read, but neither reading nor asking may panic.
func FuzzReadIndex(f *testing.F) {
	good := compile(f, sampleIndex(f))
	f.Add(uint32(0), []byte{0})
	f.Add(uint32(100), []byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		bad := slices.Clone(good[:len(good)-4])
		copy(bad[int(at)%len(bad):], patch)
		bad = binary.LittleEndian.AppendUint32(bad, crc32.Checksum(bad, index.Castagnoli))
		x, err := index.Read(bytes.NewReader(bad), int64(len(bad)))
		if err != nil {
			return
		}
		for _, b := range bulletin {
			New(x).Match(b.text, Context{})
		}
		New(x).Match("12 Mil Sreet, Elsng, NR19 1AA", Context{})
	})
}
