package intake

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files; read the diff")

// TestReadBulletin reads invented bulletins of many shapes. Beside each lies
// what a person makes of it.
func TestReadBulletin(t *testing.T) {
	paths, err := filepath.Glob("testdata/bulletins/*")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, path := range paths {
		if strings.HasSuffix(path, ".golden") {
			continue
		}
		read++
		t.Run(filepath.Base(path), func(t *testing.T) {
			got := strings.Join(lines(t, path, Options{Profiles: testProfiles}), "\n") + "\n"
			golden := path + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if read < 12 {
		t.Errorf("read %d bulletins, want at least 12", read)
	}
}
