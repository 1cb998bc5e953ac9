package gazetteer

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	"spreewatch/geo/index"
)

// memoryParts are the parts of a file that is only in memory.
func memoryParts(b []byte, limit int64) ([]part, error) {
	p := part{path: "fuzz.dat", root: "fuzz.dat", name: "fuzz.dat", size: int64(len(b))}
	if bytes.HasPrefix(b, []byte("PK")) {
		return zipParts(bytes.NewReader(b), int64(len(b)), p, limit)
	}
	p.open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
	return []part{p}, nil
}

// Whatever the bytes, reading ends without a panic and gives only entries that
// the index takes, each with an ID of its own.
func FuzzImport(f *testing.F) {
	for _, s := range []string{plainText, policeText, postalText, geonamesText, codeText, openNamesTile, pbfFile(f),
		strings.Join(openNamesColumns, ",") + "\n" + openNamesTile, utf16LE(plainText),
		zipped(f, map[string]string{"Data/a.csv": openNamesTile, "Doc/h.csv": strings.Join(openNamesColumns, ",") + "\n"})} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		parts, err := memoryParts(b, 1<<20)
		if err != nil {
			return
		}
		var files Files
		for _, p := range parts {
			found, err := sniff(p)
			if err != nil {
				return
			}
			if found.format.read != nil {
				files.Sets = append(files.Sets, &Set{format: found.format, header: found.header, parts: []part{p}})
			}
		}
		for _, s := range files.Sets {
			ids := map[string]bool{}
			for _, e := range readSet(s).entries {
				if e.ID == "" || ids[e.ID] {
					t.Errorf("id %q, seen before: %v", e.ID, ids[e.ID])
				}
				ids[e.ID] = true
				if err := e.Check(); err != nil {
					t.Errorf("%s: %v", e.ID, err)
				}
				if strings.Contains(strings.Join(e.Aliases, ""), "\n") {
					t.Errorf("%s: line break in an alias", e.ID)
				}
			}
		}
	})
}

func TestAhead(t *testing.T) {
	items := func(n int) iter.Seq2[index.Entry, error] {
		return func(yield func(index.Entry, error) bool) {
			for i := range n {
				var err error
				if i%3 == 1 {
					err = fmt.Errorf("row %d", i)
				}
				if !yield(index.Entry{ID: fmt.Sprint(i)}, err) {
					return
				}
			}
		}
	}
	for _, n := range []int{0, 1, batchRows, batchRows + 1, 3*batchRows*batchesAhead + 7} {
		var want, got []string
		for e, err := range items(n) {
			want = append(want, fmt.Sprint(e.ID, err))
		}
		for e, err := range ahead(items(n)) {
			got = append(got, fmt.Sprint(e.ID, err))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d items come as %d, or in another order", n, len(got))
		}
	}

	// A loop that breaks off ends the goroutine.
	ended := false
	seq := func(yield func(index.Entry, error) bool) {
		defer func() { ended = true }()
		items(1 << 30)(yield)
	}
	for range ahead(seq) {
		break
	}
	if !ended {
		t.Error("still reading after the loop has ended")
	}
}
