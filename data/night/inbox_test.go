package night

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fileIn writes a file that has been as it is for so long.
func fileIn(t *testing.T, o Options, dir, name, text string, still time.Duration) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, o.Now.Add(-still), o.Now.Add(-still)); err != nil {
		t.Fatal(err)
	}
}

// tree lists the files below a folder.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestInbox(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	inbox, out := t.TempDir(), t.TempDir()
	good := calls[0] + "\n" + calls[1] + "\n" + calls[2] + "\n"
	fileIn(t, o, inbox, "b.csv", good, time.Hour)
	fileIn(t, o, inbox, "bad.csv", "nothing,that,is,a,report\n1,2,3,4,5\n", time.Hour)
	fileIn(t, o, inbox, "young.csv", calls[0]+"\n"+calls[3]+"\n", 59*time.Second)
	fileIn(t, o, inbox, "half.csv.part", calls[0]+"\n"+calls[4]+"\n", time.Hour)
	fileIn(t, o, inbox, "half.TMP", calls[0]+"\n"+calls[4]+"\n", time.Hour)
	fileIn(t, o, inbox, ".hidden.csv", calls[0]+"\n"+calls[4]+"\n", time.Hour)
	if err := os.Symlink(filepath.Join(inbox, "b.csv"), filepath.Join(inbox, "link.csv")); err != nil {
		t.Fatal(err)
	}
	run := func() Outcome {
		t.Helper()
		got, err := Run(t.Context(), o, Reading{Inbox: inbox}, Writing{Dir: out})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := run()
	if got.Run.Tallies.Read != 2 || len(got.Run.Inputs) != 1 || len(got.Rejected) != 1 || got.Rejected[0].Name != "bad.csv" {
		t.Errorf("%d read of %d files, rejected %v", got.Run.Tallies.Read, len(got.Run.Inputs), got.Rejected)
	}
	want := []string{".hidden.csv", "done/b.csv", "half.TMP", "half.csv.part", "link.csv", "rejected/bad.csv", "rejected/bad.csv.reason.txt", "young.csv"}
	if diff := cmp.Diff(want, tree(t, inbox)); diff != "" {
		t.Errorf("the inbox (-want +got):\n%s", diff)
	}
	// a night without reports is a night, and the same name again loses nothing
	if got := run(); got.Run.Tallies.Read != 0 || got.Run.Tallies.Incidents != 2 {
		t.Errorf("%d read, %d incidents of a night without files", got.Run.Tallies.Read, got.Run.Tallies.Incidents)
	}
	fileIn(t, o, inbox, "b.csv", good, time.Hour)
	o.Now = o.Now.Add(time.Minute)
	if got := run(); got.Run.Tallies.Read != 3 || got.Run.Tallies.Duplicates != 0 || got.Run.Tallies.Incidents != 3 {
		t.Errorf("%+v: want the file again and the one that was too young", got.Run.Tallies)
	}
	want = []string{".hidden.csv", "done/b-2.csv", "done/b.csv", "done/young.csv", "half.TMP", "half.csv.part", "link.csv", "rejected/bad.csv", "rejected/bad.csv.reason.txt"}
	if diff := cmp.Diff(want, tree(t, inbox)); diff != "" {
		t.Errorf("the inbox (-want +got):\n%s", diff)
	}
	if _, err := Run(t.Context(), o, Reading{Inbox: filepath.Join(inbox, "no")}, Writing{Dir: out}); err == nil {
		t.Error("an inbox that there is not is taken for a quiet night")
	}
}
