//go:build unix

package night

import (
	"database/sql"
	"fmt"
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

	"spreewatch/data/export"
)

// killed is the environment of the process that TestKilled kills: the folder it
// works in, and the step before which it kills itself, "" for none.
const (
	killedDir  = "SPREEWATCH_KILLED_DIR"
	killedStep = "SPREEWATCH_KILLED_STEP"
)

// killedRun is the run that is killed: three files, the second of which brings
// corrections of the first and lines that are refused.
func killedRun(t *testing.T, dir string) (Options, Reading, Writing) {
	t.Helper()
	o := optionsFor(t)
	few := 49
	o.Settings = o.Settings.With(Change{Replicates: &few})
	lon, lat := .939, 52.681
	o.Settings.Units = []unitSettings{{"North car", &lon, &lat, ""}}
	o.DB, o.AsOf, o.Who = filepath.Join(dir, "night.db"), nightAfter, "ann"
	r := Reading{Files: []string{filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv"), filepath.Join(dir, "c.csv")}}
	return o, r, Writing{Dir: filepath.Join(dir, "out"), Audience: export.AudienceAnalyst}
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

// A run that is killed, before any of its steps or at any moment, loses nothing: a
// plain rerun comes to the database and the folder of a run that nobody killed, to
// the byte. SPREEWATCH_KILLS says how many random moments are tried, 3 unless set.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(killedDir); dir != "" {
		o, r, w := killedRun(t, dir)
		o.Step = func(step string) {
			if step == os.Getenv(killedStep) {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
		}
		if _, err := Run(t.Context(), o, r, w); err != nil {
			t.Fatal(err)
		}
		return
	}
	whole := t.TempDir()
	writeKilledFiles(t, whole)
	o, r, w := killedRun(t, whole)
	steps := []string{}
	o.Step = func(step string) { steps = append(steps, step) }
	start := time.Now()
	if _, err := Run(t.Context(), o, r, w); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	if len(steps) < 14 || steps[len(steps)-2] != "rename run.json" || steps[len(steps)-3] != "rename spreewatch.qgs" {
		t.Fatalf("steps %v: want the project and then the manifest last", steps)
	}
	wantDB, wantFiles := dump(t, o.DB), folder(t, w.Dir)

	kills := 3
	if n, err := strconv.Atoi(os.Getenv("SPREEWATCH_KILLS")); err == nil {
		kills = n
	}
	rng := rand.New(rand.NewPCG(2, uint64(kills)))
	died := 0
	try := func(name, step string, after time.Duration) {
		dir := t.TempDir()
		writeKilledFiles(t, dir)
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
		cmd.Env = append(os.Environ(), killedDir+"="+dir, killedStep+"="+step, "TMPDIR="+t.TempDir())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if step == "" {
			time.Sleep(after)
			_ = cmd.Process.Kill()
		}
		if err := cmd.Wait(); err != nil {
			died++
		} else if step != "" {
			t.Errorf("%s: it was not killed", name)
		}
		o, r, w := killedRun(t, dir)
		if _, err := Run(t.Context(), o, r, w); err != nil {
			t.Fatalf("%s: the rerun: %v", name, err)
		}
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
	for _, step := range steps {
		try("before "+step, step, 0)
	}
	for i := range kills {
		after := time.Duration(rng.Float64() * float64(took+100*time.Millisecond))
		try(fmt.Sprintf("kill %d after %v", i, after), "", after)
	}
	t.Logf("%d of %d runs died, each was made good by a rerun", died, len(steps)+kills)
}
