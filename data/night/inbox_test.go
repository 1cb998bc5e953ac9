package night

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	left := []LeftFile{{"half.TMP", leftUnfinished}, {"half.csv.part", leftUnfinished}, {"link.csv", leftNoFile}, {"young.csv", leftYoung}}
	if diff := cmp.Diff(left, got.Left); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
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

// A file that is dated in the future is watched for a minute, and taken in where
// nobody writes to it: it waits for no clock.
func TestInboxFromTheFuture(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	inbox := t.TempDir()
	fileIn(t, o, inbox, "a.csv", calls[0]+"\n"+calls[1]+"\n", time.Hour)
	fileIn(t, o, inbox, "b.csv", calls[0]+"\n"+calls[2]+"\n", -20*365*24*time.Hour)
	fileIn(t, o, inbox, "c.csv", calls[0]+"\n", -time.Hour)
	fileIn(t, o, inbox, "d.csv", calls[0]+"\n"+calls[3]+"\n", -time.Hour)
	fileIn(t, o, inbox, "soon.csv", calls[0]+"\n"+calls[4]+"\n", -59*time.Second) // of a clock that is not quite ours
	says := func() (says string) {
		for _, h := range Doctor(t.Context(), o, inbox) {
			if h.What == "inbox" {
				says = h.State.String() + ": " + h.Says
			}
		}
		return says
	}
	if got, want := says(), "see to: 1 file to take in; 3 files dated in the future, taken in if still as they are after a minute; 1 left: it was changed less than a minute ago"; got != want {
		t.Errorf("doctor says %q, want %q", got, want)
	}
	var paused time.Duration
	o.Pause = func(_ context.Context, d time.Duration) error {
		paused += d
		fileIn(t, o, inbox, "c.csv", calls[0]+"\n"+calls[5]+"\n", -time.Hour) // it grew, and says the same time
		return os.Remove(filepath.Join(inbox, "d.csv"))
	}
	got, err := Run(t.Context(), o, Reading{Inbox: inbox}, Writing{Dir: t.TempDir()})
	if err != nil || paused != time.Minute || got.Run.Tallies.Read != 2 || len(got.Rejected) != 0 {
		t.Errorf("%d read after a pause of %v, rejected %v, %v", got.Run.Tallies.Read, paused, got.Rejected, err)
	}
	if diff := cmp.Diff([]LeftFile{{"soon.csv", leftYoung}, {"c.csv", leftAhead}}, got.Left); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"c.csv", "done/a.csv", "done/b.csv", "soon.csv"}, tree(t, inbox)); diff != "" {
		t.Errorf("the inbox (-want +got):\n%s", diff)
	}
	o.Pause = nil
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := o.with(nil).complete(ctx, inbox); !errors.Is(err, context.Canceled) {
		t.Errorf("%v: want that the minute was interrupted", err)
	}
	inbox = filepath.Join(inbox, "none")
	if got := says(); !strings.HasPrefix(got, "not usable: read the inbox none") {
		t.Errorf("doctor says %q of an inbox that there is not", got)
	}
}

// What a run that was killed while it wrote a reason has left in the inbox is cleared.
func TestPutBackClearsDrafts(t *testing.T) {
	dir := t.TempDir()
	o := Options{DB: filepath.Join(dir, "n.db")}
	inbox := filepath.Join(dir, "inbox")
	rejected := filepath.Join(inbox, rejectedFolder)
	for _, folder := range []string{rejected, filepath.Join(inbox, doneFolder)} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	kept := filepath.Join(rejected, "no.csv")
	for path, text := range map[string]string{
		filepath.Join(rejected, ".spreewatch-1.tmp"): "half a reas",
		kept:         "ref",
		o.clearing(): `{"inbox":"` + inbox + `","moves":[]}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.putBack(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(rejected)
	if err != nil || len(left) != 1 || left[0].Name() != filepath.Base(kept) {
		t.Errorf("%v (%v) are left, want no.csv alone", left, err)
	}
	if _, err := os.Stat(o.clearing()); err == nil {
		t.Error("the file of what is moved is left")
	}
}
