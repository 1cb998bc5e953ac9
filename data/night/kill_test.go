//go:build unix

package night

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/data"
	"spreewatch/data/export"
)

// The environment of the process that TestKilled kills: the folder it works in, the
// step before which it kills itself, "" for none, and the file that it writes its
// steps to, "" for none.
const (
	killedDir  = "SPREEWATCH_KILLED_DIR"
	killedStep = "SPREEWATCH_KILLED_STEP"
	killedAt   = "SPREEWATCH_KILLED_AT"
)

// killedRun is the run that is killed: three files, the second of which brings
// corrections of the first and lines that are refused; or the inbox where there is one.
func killedRun(t *testing.T, dir string) (Options, Reading, Writing) {
	t.Helper()
	o := optionsFor(t)
	few := 49
	o.Settings = o.Settings.With(Change{Replicates: &few})
	lon, lat := .939, 52.681
	o.Settings.Units = []unitSettings{{"North car", &lon, &lat, ""}}
	o.DB, o.AsOf, o.Who = filepath.Join(dir, "night.db"), nightAfter, "ann"
	r := Reading{Files: []string{filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv"), filepath.Join(dir, "c.csv")}}
	if inbox := filepath.Join(dir, "inbox"); isFolder(inbox) {
		r = Reading{Inbox: inbox}
	}
	return o, r, Writing{Dir: filepath.Join(dir, "out"), Audience: export.AudienceAnalyst}
}

func isFolder(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// writeKilledInbox writes the files to an inbox, with one that is no report.
func writeKilledInbox(t *testing.T, dir string) {
	t.Helper()
	inbox := filepath.Join(dir, "inbox")
	if err := os.Mkdir(inbox, 0o700); err != nil {
		t.Fatal(err)
	}
	writeKilledFiles(t, inbox)
	if err := os.WriteFile(filepath.Join(inbox, "no.csv"), []byte("this,is,no\ntable,of,reports\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Date(2015, 9, 17, 0, 0, 0, 0, time.UTC)
	for _, name := range tree(t, inbox) {
		if err := os.Chtimes(filepath.Join(inbox, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
}

func writeKilledFiles(t *testing.T, dir string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	streets := []string{"Mill Street, Elsing", "Norwich Road, Dereham", "Wallace Close, Dereham", "Shipdham Road, Dereham", "Andrews Close, Holme Hale", "Neville Close", "unknown"}
	for k, name := range []string{"a.csv", "b.csv", "c.csv"} {
		lines := []string{"ref,offence,location,from"}
		for i := range 30 {
			lines = append(lines, fmt.Sprintf("R%d,courier-fraud,\"%s\",2015-09-%02dT%02d:00", 100*k+i, streets[rng.IntN(len(streets))], 1+rng.IntN(16), rng.IntN(24)))
		}
		lines = append(lines, "X"+name+",robbery,somewhere,no time at all")
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// dump is what the database holds, but for the log of what was done to it, a row a
// line.
func dump(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var tables []string
	rows, err := db.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'audit' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Close(); err != nil || len(tables) < 5 {
		t.Fatalf("tables %v, %v", tables, err)
	}
	var out []string
	for _, table := range tables {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			line := table
			for _, v := range values {
				line += fmt.Sprintf("|%v", *v.(*any))
			}
			out = append(out, line)
		}
		rows.Close()
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

// A killing is the folder that a run was killed in, and how far it had come.
type killing struct {
	dir   string
	stage string // the last step that it began; "" before the first
	died  bool   // rather than ended before the kill came
}

// kill starts the run in a process of its own, which kills itself before the step;
// or, where that is "", is killed after so long.
func kill(t *testing.T, step string, after time.Duration) killing {
	t.Helper()
	k := killing{dir: t.TempDir()}
	writeKilledInbox(t, k.dir)
	at := filepath.Join(t.TempDir(), "steps")
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), killedDir+"="+k.dir, killedStep+"="+step, killedAt+"="+at, "TMPDIR="+t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if step == "" {
		defer time.AfterFunc(after, func() { _ = cmd.Process.Kill() }).Stop()
	}
	k.died = cmd.Wait() != nil
	if lines, err := os.ReadFile(at); err == nil {
		steps := strings.Split(strings.TrimSuffix(string(lines), "\n"), "\n")
		k.stage = steps[len(steps)-1]
	}
	return k
}

// toBeKilled is what the process does that is killed: the run, with each step
// written down as it begins.
func toBeKilled(t *testing.T, dir string) {
	steps := os.Getenv(killedAt)
	if steps == "" {
		steps = os.DevNull
	}
	at, err := os.OpenFile(steps, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer at.Close()
	o, r, w := killedRun(t, dir)
	o.Step = func(step string) {
		fmt.Fprintln(at, step)
		if step == os.Getenv(killedStep) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	if _, err := Run(t.Context(), o, r, w); err != nil {
		t.Fatal(err)
	}
}

// A killTally counts what came of the kills.
type killTally struct {
	killed, ended         int // runs that died, and that had ended before the kill
	verified, folders, db int // that passed, and equalled those of an undisturbed run, after the rerun
	files                 int // output files compared
	stages                map[string]int
}

// add reruns what was killed, plainly, and compares what it comes to.
func (n *killTally) add(t *testing.T, name string, k killing, wantDB string, wantFiles map[string]string) {
	t.Helper()
	o, r, w := killedRun(t, k.dir)
	// Of one that had cleared the inbox nothing is left to be run again.
	_, err := os.Lstat(o.clearing())
	ended := k.stage == "the inbox is clear" && err != nil
	if !ended {
		if out, err := Run(t.Context(), o, r, w); err != nil || len(out.Rejected) != 1 {
			t.Fatalf("%s: the rerun: %v, rejected %v", name, err, out.Rejected)
		}
	}
	if diff := cmp.Diff([]string{"done/a.csv", "done/b.csv", "done/c.csv", "rejected/no.csv", "rejected/no.csv.reason.txt"}, tree(t, r.Inbox)); diff != "" {
		t.Errorf("%s: the inbox (-want +got):\n%s", name, diff)
	}
	if _, err := os.Lstat(o.clearing()); !os.IsNotExist(err) {
		t.Errorf("%s: what is being moved is kept for good: %v", name, err)
	}
	if v, err := Verify(t.Context(), o, w.Dir); err != nil || len(v.Findings) > 0 {
		t.Errorf("%s: %v, %v", name, v.Findings, err)
	} else {
		n.verified++
	}
	files := folder(t, w.Dir)
	if ended { // its lock may have stayed, and the next run knows that its process is gone
		delete(files, data.LockName)
	}
	n.files += len(files)
	if diff := cmp.Diff(wantFiles, files); diff != "" {
		t.Errorf("%s: the folder (-undisturbed +rerun):\n%s", name, diff)
	} else {
		n.folders++
	}
	if diff := cmp.Diff(wantDB, dump(t, o.DB)); diff != "" {
		t.Errorf("%s: the database (-undisturbed +rerun):\n%s", name, diff)
	} else {
		n.db++
	}
	if err := os.RemoveAll(k.dir); err != nil { // hundreds of them are large
		t.Fatal(err)
	}
	n.killed++
	n.stages[stageOf(k.stage)]++
}

// stageOf is a step without the name of the file that it is of.
func stageOf(step string) string {
	if step == "" {
		return "starting"
	}
	return strings.Fields(step)[0]
}

func (n *killTally) String() string {
	var at []string
	for _, stage := range slices.Sorted(maps.Keys(n.stages)) {
		at = append(at, fmt.Sprintf("%s %d", stage, n.stages[stage]))
	}
	return fmt.Sprintf("%d runs killed (%s), %d more had ended; after a plain rerun %d databases pass verify, %d equal an undisturbed run's, and so do %d folders of %d files in all, to the byte",
		n.killed, strings.Join(at, ", "), n.ended, n.verified, n.db, n.folders, n.files)
}

// A run that is killed, before any of its steps or at any moment, loses nothing: a
// plain rerun comes to the database and the folder of a run that nobody killed, to
// the byte, and to its inbox. SPREEWATCH_KILLS says how many random moments are tried, 3 unless set.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(killedDir); dir != "" {
		toBeKilled(t, dir)
		return
	}
	whole := t.TempDir()
	writeKilledInbox(t, whole)
	o, r, w := killedRun(t, whole)
	steps := []string{}
	o.Step = func(step string) { steps = append(steps, step) }
	if _, err := Run(t.Context(), o, r, w); err != nil {
		t.Fatal(err)
	}
	last := []string{"rename spreewatch.qgs", "rename run.json", "remember", "clear the inbox", "move rejected/no.csv", "move done/a.csv", "move done/b.csv", "move done/c.csv", "the inbox is clear"}
	if diff := cmp.Diff(last, steps[max(0, len(steps)-len(last)):]); diff != "" || len(steps) < 14+len(last) {
		t.Fatalf("steps %v: want the project and then the manifest last, and then the inbox", steps)
	}
	wantDB, wantFiles := dump(t, o.DB), folder(t, w.Dir)

	kills := 3
	if n, err := strconv.Atoi(os.Getenv("SPREEWATCH_KILLS")); err == nil {
		kills = n
	}
	between, random := killTally{stages: map[string]int{}}, killTally{stages: map[string]int{}}
	for _, step := range steps {
		k := kill(t, step, 0)
		if !k.died || k.stage != step {
			t.Errorf("before %s: it died at %q: %t", step, k.stage, k.died)
		}
		between.add(t, "before "+step, k, wantDB, wantFiles)
	}
	start := time.Now()
	if kill(t, "", time.Hour).died {
		t.Fatal("a run that nobody kills fails")
	}
	took := time.Since(start)
	for rng := rand.New(rand.NewPCG(2, uint64(kills))); random.killed < kills; {
		after := time.Duration(rng.Float64() * float64(took))
		k := kill(t, "", after)
		if !k.died {
			if random.ended++; random.ended > 2*kills+10 {
				t.Fatal("the runs end before they can be killed")
			}
			continue
		}
		random.add(t, fmt.Sprintf("after %v, at %q", after, k.stage), k, wantDB, wantFiles)
		if random.killed%50 == 0 {
			t.Logf("so far: %s", &random)
		}
	}
	t.Logf("between every two of %d steps: %s", len(steps), &between)
	t.Logf("at random moments: %s", &random)
}
