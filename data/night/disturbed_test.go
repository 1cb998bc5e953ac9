//go:build linux

package night

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/data"
)

// asRoot is the command of a shell script in a mount namespace of its own, where it
// may mount what it likes. $0 is this test's binary. Where the system allows no such
// namespace the test is skipped, and says so.
func asRoot(t *testing.T, script string, env ...string) *exec.Cmd {
	t.Helper()
	if text, err := exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: no mount namespace is allowed here, so no folder was made read-only and no disk full: %v %s", err, text)
	}
	cmd := exec.Command("unshare", "-rm", "sh", "-euc", script, os.Args[0])
	cmd.Env = append(append(os.Environ(), "TMPDIR="+t.TempDir()), env...)
	return cmd
}

// killedAgain is how a script does the run of TestKilled, $0 -test.run.
const killedAgain = `"$0" -test.run='^TestKilled$'`

// undisturbed is what killedRun comes to where nothing is in its way.
func undisturbed(t *testing.T) (db string, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	writeKilledFiles(t, dir)
	o, r, w := killedRun(t, dir)
	if _, err := Run(t.Context(), o, r, w); err != nil {
		t.Fatal(err)
	}
	return dump(t, o.DB), folder(t, w.Dir)
}

// made holds the folder and the database of dir against those of an undisturbed run,
// and has them verified.
func made(t *testing.T, name, dir, wantDB string, wantFiles map[string]string) {
	t.Helper()
	o, _, w := killedRun(t, dir)
	if v, err := Verify(t.Context(), o, w.Dir); err != nil || len(v.Findings) > 0 {
		t.Errorf("%s: %v, %v", name, v.Findings, err)
	}
	if diff := cmp.Diff(wantFiles, folder(t, w.Dir)); diff != "" {
		t.Errorf("%s: the folder (-undisturbed +rerun):\n%s", name, diff)
	}
	if diff := cmp.Diff(wantDB, dump(t, o.DB)); diff != "" {
		t.Errorf("%s: the database (-undisturbed +rerun):\n%s", name, diff)
	}
}

// Where the folder, or the database's, can only be read, the run says so and leaves
// nothing half-written; once it can be written, a plain rerun makes it good.
func TestReadOnlyFolder(t *testing.T) {
	wantDB, wantFiles := undisturbed(t)
	for _, c := range []struct{ name, before, locked, want string }{
		{"the outputs", "", "out", "read-only file system"},
		{"the outputs of an earlier night", killedAgain + "; rm out/run.json out/spreewatch.qgs", "out", "read-only file system"},
		{"the database", "", ".", "read-only file system"},
		{"both, of an earlier night", killedAgain, ".", "read-only file system"},
	} {
		dir := t.TempDir()
		writeKilledFiles(t, dir)
		if err := os.Mkdir(filepath.Join(dir, "out"), 0o700); err != nil {
			t.Fatal(err)
		}
		before := c.before
		if before == "" {
			before = "true"
		}
		cmd := asRoot(t, before+`; mount --bind `+c.locked+` `+c.locked+`; mount -o remount,ro,bind `+c.locked+`; if `+killedAgain+`; then echo it was written; fi`, killedDir+"="+dir)
		cmd.Dir = dir
		text, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(text), c.want) || strings.Contains(string(text), "it was written") {
			t.Errorf("%s: %v\n%s", c.name, err, text)
		}
		o, r, w := killedRun(t, dir)
		if _, err := Run(t.Context(), o, r, w); err != nil {
			t.Fatalf("%s: the rerun: %v", c.name, err)
		}
		made(t, c.name, dir, wantDB, wantFiles)
	}
}

// Where the disk is full, here one of memory with so many KB, the run says so; with
// room again a plain rerun makes it good.
func TestFullDisk(t *testing.T) {
	wantDB, wantFiles := undisturbed(t)
	full := 0
	for _, kB := range []int{16, 128, 480, 640, 900, 1200} {
		name := fmt.Sprintf("a disk of %d KB", kB)
		dir, disk := t.TempDir(), t.TempDir()
		writeKilledFiles(t, dir)
		cmd := asRoot(t, fmt.Sprintf(`
			mount -t tmpfs -o size=%dk none "$DISK"
			cp *.csv "$DISK"
			SPREEWATCH_KILLED_DIR="$DISK" %s || echo it stopped
			mount -o remount,size=64m "$DISK"
			SPREEWATCH_KILLED_DIR="$DISK" %s
			cp -R "$DISK"/. .`, kB, killedAgain, killedAgain), "DISK="+disk)
		cmd.Dir = dir
		text, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: the rerun: %v\n%s", name, err, text)
		}
		if strings.Contains(string(text), "it stopped") {
			full++
			if !strings.Contains(string(text), "no space left") && !strings.Contains(string(text), "disk is full") {
				t.Errorf("%s: it says\n%s", name, text)
			}
		}
		made(t, name, dir, wantDB, wantFiles)
	}
	if full < 4 {
		t.Errorf("%d of 6 disks were full", full)
	}
}

// lockUp has another program lock the database until it is let go.
func lockUp(t *testing.T, path string) (letGo func()) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		db.Close()
	}
}

// A database that another program has locked, before any of the steps that write to
// it, is waited for; where that takes too long the run says so, and a plain rerun
// makes it good. SPREEWATCH_LOCKED says how long it is locked, 300ms unless set.
func TestLockedDatabase(t *testing.T) {
	wantDB, wantFiles := undisturbed(t)
	long := 300 * time.Millisecond
	if d, err := time.ParseDuration(os.Getenv("SPREEWATCH_LOCKED")); err == nil {
		long = d
	}
	for _, step := range []string{"ingest", "locate", "remember"} {
		for _, patience := range []time.Duration{long / 6, long * 4} {
			name := fmt.Sprintf("locked before %s, and %v of patience", step, patience)
			dir := t.TempDir()
			writeKilledFiles(t, dir)
			o, r, w := killedRun(t, dir)
			o.Patience = patience
			var letGo func()
			let := make(chan struct{})
			o.Step = func(now string) {
				if now != step {
					return
				}
				letGo = lockUp(t, o.DB)
				if patience > long {
					time.AfterFunc(long, func() { letGo(); close(let) })
				}
			}
			_, err := Run(t.Context(), o, r, w)
			if patience > long {
				<-let
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			} else {
				letGo()
				if !data.Busy(err) {
					t.Errorf("%s: %v", name, err)
				}
			}
			o, r, w = killedRun(t, dir)
			if _, err := Run(t.Context(), o, r, w); err != nil {
				t.Fatalf("%s: the rerun: %v", name, err)
			}
			made(t, name, dir, wantDB, wantFiles)
		}
	}
}

// copied copies a database that nobody has open into a folder of its own.
func copied(t *testing.T, o Options) Options {
	t.Helper()
	text, err := os.ReadFile(o.DB)
	if err != nil {
		t.Fatal(err)
	}
	o.DB = filepath.Join(t.TempDir(), "night.db")
	if err := os.WriteFile(o.DB, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return o
}

// A night under a clock that is days behind or years ahead, with the moment of its
// analysis or without, takes nothing from the nights after it: what it took in, or
// refused as of the future, counts, and with the clock mended a plain rerun comes to
// the layers of an undisturbed night, and where the moment was told, to its manifest
// and its database.
func TestMovedClock(t *testing.T) {
	first := optionsFor(t)
	few := 49
	first.Settings = first.Settings.With(Change{Replicates: &few})
	first.AsOf, first.Now, first.Who = nightAfter, nightAfter.Add(time.Minute), "ann"
	ran(t, first, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	files := []string{file(t, "second.csv", calls[0],
		"C4,courier-fraud,\"Neville Close, Dereham\",2015-09-16T13:45",
		"C7,courier-fraud,\"Norwich Road, Dereham\",2015-09-17T14:00",
		"C8,courier-fraud,\"Wallace Close, Dereham\",2015-09-17T15:00")}
	night := func(o Options, clock time.Time, told bool) (string, map[string]string) {
		t.Helper()
		o.Now, o.AsOf = clock, time.Time{}
		if told {
			o.AsOf = nightAfter.Add(24 * time.Hour)
		}
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := Run(t.Context(), o, Reading{Files: files}, Writing{Dir: dir, Audience: "analyst"}); err != nil {
			t.Fatal(err)
		}
		if v, err := Verify(t.Context(), o, dir); err != nil || len(v.Findings) > 0 {
			t.Errorf("%v: %v, %v", clock, v.Findings, err)
		}
		return dump(t, o.DB), folder(t, dir)
	}
	right := nightAfter.Add(24 * time.Hour)
	wantDB, wantFiles := night(copied(t, first), right, true)
	if !strings.Contains(wantFiles["incidents.geojson"], "C8") || strings.Count(wantDB, "\nreport_version|") == 0 {
		t.Fatal("the second night has no correction or no new report")
	}
	for _, moved := range []time.Duration{-10 * 24 * time.Hour, -time.Hour, 20 * 365 * 24 * time.Hour} {
		for _, told := range []bool{true, false} {
			name := fmt.Sprintf("a clock moved by %v, the moment told: %v", moved, told)
			o := copied(t, first)
			night(o, right.Add(moved), told)
			gotDB, gotFiles := night(o, right, told)
			wantFiles := maps.Clone(wantFiles)
			if !told { // the night by the wrong clock is a run before this one, and its manifest says so
				delete(wantFiles, "run.json")
				delete(gotFiles, "run.json")
			}
			if diff := cmp.Diff(wantFiles, gotFiles); diff != "" {
				t.Errorf("%s: the folder (-undisturbed +rerun):\n%s", name, diff)
			}
			if diff := cmp.Diff(wantDB, gotDB); told && diff != "" {
				t.Errorf("%s: the database (-undisturbed +rerun):\n%s", name, diff)
			}
		}
	}
}
