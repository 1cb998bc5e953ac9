package oracle

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A folder named by the environment is the outside data where it holds any, and
// the test is skipped where it does not.
func TestDir(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SPREEWATCH_SHARED", dir)
	ran := false
	t.Run("empty", func(t *testing.T) { Dir(t); ran = true })
	if ran {
		t.Error("an empty folder is outside data")
	}
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := Dir(t); got != dir {
		t.Errorf("got %s, want %s", got, dir)
	}
}

// Without the environment, it is the folder beside the project's own.
func TestDirBesideProject(t *testing.T) {
	t.Setenv("SPREEWATCH_SHARED", "")
	if _, err := os.Stat(filepath.Join(root(t), "go.mod")); err != nil {
		t.Errorf("the project's folder: %v", err)
	}
	if got, want := Dir(t), filepath.Join(root(t), "..", "shared"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReadCSV(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("name,lat\n\"Mill Street, Elsing\",52.7\nshort\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rows := ReadCSV(t, path)
	if diff := cmp.Diff([][]string{{"name", "lat"}, {"Mill Street, Elsing", "52.7"}, {"short"}}, rows); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := Number(t, rows[1][1]); got != 52.7 {
		t.Errorf("got %v, want 52.7", got)
	}
}
