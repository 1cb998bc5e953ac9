package gazetteer

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Of a folder the regular files are taken in order, those behind a link too; what is
// hidden, a folder of its own or a link to nothing is not.
func TestFilesOfAFolder(t *testing.T) {
	dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "far.csv")
	for _, path := range []string{elsewhere, filepath.Join(dir, "b.csv"), filepath.Join(dir, ".hidden"), filepath.Join(dir, "sub", "a.csv"), filepath.Join(dir, ".git", "x.csv")} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"link.csv": elsewhere, "gone.csv": elsewhere + "x", "folder": filepath.Join(dir, "sub")} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	files, err := listFiles(dir)
	want := []string{filepath.Join(dir, "b.csv"), filepath.Join(dir, "link.csv"), filepath.Join(dir, "sub", "a.csv")}
	if err != nil || !slices.Equal(files, want) {
		t.Errorf("%q, %v; want %q", files, err, want)
	}
	if _, err := listFiles(t.TempDir()); err == nil {
		t.Error("an empty folder holds files")
	}
	if _, err := listFiles(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there holds files")
	}
}

func TestLimitThatLetsNothingThrough(t *testing.T) {
	if _, err := Open([]string{t.TempDir()}, Options{}); err == nil {
		t.Error("a limit of nothing is taken")
	}
}

// The bytes to read are those of every pass over every set, or not known.
func TestBytesToRead(t *testing.T) {
	twice := Set{Bytes: 100, format: format{passes: 2}}
	once := Set{Bytes: 30, format: format{passes: 1}}
	if got := (&Files{Sets: []*Set{&twice, &once}}).Bytes(); got != 230 {
		t.Errorf("%d bytes, want 230", got)
	}
	unknown := Set{Bytes: -1, format: format{passes: 1}}
	if got := (&Files{Sets: []*Set{&twice, &unknown}}).Bytes(); got != -1 {
		t.Errorf("%d bytes, want -1 for not known", got)
	}
}
