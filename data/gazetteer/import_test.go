package gazetteer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever the bytes, reading ends without a panic and gives only entries that
// the index takes, each with an ID of its own.
func FuzzImport(f *testing.F) {
	for _, s := range []string{plainText, policeText, postalText, geonamesText, codeText, openNamesTile, pbfFile(f),
		strings.Join(openNamesColumns, ",") + "\n" + openNamesTile, utf16LE(plainText), gzipped(f, policeText),
		zipped(f, map[string]string{"Data/a.csv": openNamesTile, "Doc/h.csv": strings.Join(openNamesColumns, ",") + "\n"})} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(dir, "fuzz.dat")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		files, err := Open([]string{path}, DefaultOptions())
		if err != nil {
			if strings.Contains(err.Error(), dir) {
				t.Errorf("error holds a path: %v", err)
			}
			return
		}
		defer files.Close()
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
