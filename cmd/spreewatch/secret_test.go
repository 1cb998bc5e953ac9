package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// does carries out a command line in this process.
func does(t *testing.T, code int, args ...string) (out, errw string) {
	t.Helper()
	var o, e bytes.Buffer
	g := &globals{in: strings.NewReader(""), out: &o, errw: &e}
	if got := g.execute(t.Context(), args); got != code {
		t.Fatalf("%s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, e.String())
	}
	return o.String(), e.String()
}

// What reports hold of people goes no farther than it may: no house number,
// reference, name, phone number or free text in any file of a supervisor or of the
// public, and none in what any verb says of its work, in the log, the metrics, the
// audit log or an error. An analyst gets house numbers and references in the files,
// and the rest not.
func TestNothingPlantedLeaks(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	reports := `ref,offence,location,from,description,victim,phone
CANREF-1,courier fraud canaryoffence,"7741B Mill Street, Elsing",2015-09-16T10:15,canarytext said the caller,Canaryname Example,07700 900741
CANREF-2,courier fraud,"7742B Norwich Road, Dereham",2015-09-16T11:15,canarytext,Canaryname,07700 900741
CANREF-3,courier fraud,"7743B Wallace Close, Dereham",2015-09-16T12:30,,,
CANREF-4,courier fraud,"7744B Shipdham Road, Dereham",2015-09-16T13:45,,,
CANREF-5,courier fraud,"7745B Canaryplace Loke",2015-09-16T14:15,,,
CANREF-6,courier fraud,"7746B Neville Close",canarydate,,,
`
	if err := os.WriteFile("reports.csv", []byte(reports), 0o600); err != nil {
		t.Fatal(err)
	}
	everywhere := regexp.MustCompile(`(?i)canaryoffence|canarytext|canaryname|canarydate|\b07700\b|\b900741\b|07700900741`) // a hash holds any five digits
	someone := regexp.MustCompile(`(?i)canref|canaryplace|\b774[1-6]b\b|` + everywhere.String())
	clean := func(what string, never *regexp.Regexp, text string) {
		t.Helper()
		if at := never.FindStringIndex(text); at != nil {
			t.Errorf("%s holds %q", what, text[max(0, at[0]-60):min(len(text), at[1]+60)])
		}
	}
	seen := 0
	for _, audience := range []string{"analyst", "supervisor", "public"} {
		never := someone
		if audience == "analyst" {
			never = everywhere
		}
		for _, format := range []string{"text", "json"} {
			out, log := does(t, 3, "run", "reports.csv", "--db", "n.db", "--as-of", "2015-09-17T02:00", "--audience", audience, "--out", audience, "--gpkg", audience+".gpkg",
				"--metrics", audience+".prom", "--log-level", "debug", "--log-format", format)
			clean("the summary for the "+audience, someone, out)
			clean("the log for the "+audience, someone, log)
		}
		manifest, _ := does(t, 3, "run", "reports.csv", "--db", "n.db", "--as-of", "2015-09-17T02:00", "--audience", audience, "--out", audience, "--gpkg", audience+".gpkg", "--json")
		clean("--json for the "+audience, never, manifest)
		metrics, err := os.ReadFile(audience + ".prom")
		if err != nil {
			t.Fatal(err)
		}
		clean("the metrics", someone, string(metrics))
		files := []string{audience + ".gpkg"}
		if err := filepath.WalkDir(audience, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files = append(files, path)
			}
			return err
		}); err != nil || len(files) < 8 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			clean(file, never, string(text))
			if audience == "analyst" && someone.Match(text) {
				seen++
			}
		}
	}
	if seen < 3 {
		t.Errorf("%d files of the analyst hold a house number or a reference: nothing was looked for", seen)
	}
	for _, args := range [][]string{
		{"verify", "--out", "analyst"}, {"audit", "verify"}, {"audit", "export"}, {"purge", "--dry-run"}, {"purge", "--certificate", "gone.json"},
	} {
		out, log := does(t, 0, append(args, "--db", "n.db")...)
		clean(strings.Join(args, " "), someone, out+log)
	}
	out, log := does(t, 3, "doctor", "--db", "n.db")
	clean("doctor", someone, out+log)
	if err := os.WriteFile("broken.csv", []byte("who,where\nCanaryname,7741B Mill Street\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, log = does(t, 1, "ingest", "broken.csv", "--db", "n.db")
	clean("an error", someone, log)
}

// No verb says on its way more than it is asked for. What it prints and writes is one
// of three: nothing of a report, for every verb but those that show reports to an
// analyst; the text of places and offences for those that ask him to decide on them;
// and beside these the reference and the house number for those that show the reports
// themselves. The log, the errors and free text are nothing in each. Every verb of the
// program is tried, in text and in JSON, with what it needs and with a file that it
// cannot read.
func TestNothingPlantedLeaksFromAnyVerb(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	places := []string{`"7741B Mill Street, Elsing"`, `"7742B Norwich Road, Dereham"`, `"7743B Wallace Close, Dereham"`, `"7744B Shipdham Road, Dereham"`, `"7745B Canaryplace Loke"`, `"7746B Neville Close"`}
	reports, points := "ref,offence,location,from,description,victim,phone\n", "id,offence,lat,lon,from,description,victim,phone\n"
	for i := range 60 {
		at := time.Date(2015, 9, 16, 1, 0, 0, 0, time.UTC).Add(-time.Duration(i*7) * time.Hour)
		if i < 6 {
			at = time.Date(2015, 9, 16, 10+i, 15, 0, 0, time.UTC)
		}
		private := "canarytext said the caller,Canaryname Example,07700 900741\n"
		reports += fmt.Sprintf("CANREF-%d,courier fraud,%s,%s,%s", i, places[i%6], at.Format("2006-01-02T15:04"), private)
		points += fmt.Sprintf("CANREF-%d,courier-fraud,%.4f,%.4f,%s,%s", i, 52.68+float64(i%7)/500, .94+float64(i%5)/400, at.Format("2006-01-02T15:04"), private)
	}
	write("reports.csv", reports+"CANREF-90,courier fraud canaryoffence,\"7741B Mill Street, Elsing\",canarydate,canarytext,Canaryname,07700 900741\n")
	write("points.csv", points)
	write("broken.csv", "who,where\nCanaryname 07700 900741,7741B Mill Street\n")
	write("broken.xlsx", "canarytext, 7741B Mill Street")
	write("queries.csv", "query\n\"7745B Canaryplace Loke\"\n")

	free := `canarytext|canaryname|canarydate|\b07700\b|\b900741\b|07700900741`
	nothing := regexp.MustCompile(`(?i)canref|canaryplace|canaryoffence|\b774[1-6]b\b|` + free)
	words := regexp.MustCompile(`(?i)canref|\b774[1-6]b\b|` + free)
	itself := regexp.MustCompile(`(?i)` + free)
	look := func(what string, never *regexp.Regexp, text string) {
		t.Helper()
		if at := never.FindStringIndex(text); at != nil {
			t.Errorf("%s holds %q", what, text[max(0, at[0]-60):min(len(text), at[1]+60)])
		}
	}
	does(t, 3, "run", "reports.csv", "--db", "n.db", "--as-of", "2015-09-17T02:00", "--out", "out", "--quiet")
	tried, worked := map[string]bool{}, 0
	for _, c := range []struct {
		line  string
		shows *regexp.Regexp
	}{
		{"run reports.csv --out again", nothing}, {"run broken.csv --out again", nothing}, {"run broken.xlsx --out again", nothing},
		{"inspect reports.csv", itself}, {"inspect points.csv", itself}, {"inspect broken.xlsx", nothing},
		{"ingest reports.csv", nothing}, {"ingest --dry-run reports.csv", itself}, {"ingest broken.csv", nothing}, {"ingest broken.xlsx", nothing}, {"ingest --column location=victim broken.csv", nothing},
		{"geocode", words}, {"geocode --file queries.csv --column query --out found.csv", nothing}, {"geocode --file broken.xlsx --column query", nothing},
		{"review", itself}, {"review decisions", nothing}, {"review export --out sheet.csv", nothing}, {"review set CANREF-4 --reject", itself}, {"review set CANREF-999 --reject", itself}, {"review import broken.csv", nothing}, {"review import sheet.csv", nothing}, {"review decisions", itself},
		{"report CANREF-2", itself}, {"report CANREF-999", itself},
		{"offences", words}, {"gazetteer list", nothing}, {"gazetteer import broken.csv", nothing}, {"gazetteer import broken.xlsx", nothing},
		{"detect", nothing}, {"detect calibrate", nothing}, {"plan", nothing}, {"plan --risk risk.geojson", nothing}, {"plan --areas broken.csv", nothing}, {"explain early 2015-09-17 nowhere", nothing}, {"explain courier-fraud --audience supervisor", nothing}, {"risk", nothing}, {"risk fit", nothing},
		{"export --out public --audience public", nothing}, {"export --out supervisor", nothing},
		{"init", nothing}, {"verify", nothing}, {"verify --out out", nothing}, {"doctor", nothing}, {"audit verify", nothing}, {"audit export", nothing},
		{"purge --dry-run", nothing}, {"purge --certificate gone.json", nothing}, {"backup --to copy.db", nothing}, {"restore copy.db --db copy2.db", nothing}, {"restore broken.xlsx --db copy3.db", nothing},
		{"nearrepeat points.csv", nothing}, {"nearrepeat broken.csv", nothing}, {"profile learn --offence courier-fraud", nothing},
		{"aoristic points.csv", nothing}, {"aoristic broken.csv", nothing}, {"scan points.csv", itself}, {"scan broken.csv", nothing},
		{"evaluate points.csv", nothing}, {"evaluate broken.xlsx", nothing}, {"compare points.csv --window 6h,24h --radius 500m,2km --out compared", nothing}, {"compare broken.csv", nothing},
		{"incidents", nothing}, {"incidents --audience analyst", itself}, {"version", nothing}, {"man pages", nothing},
	} {
		for _, form := range []string{"text", "json"} {
			args := strings.Fields(c.line)
			tried[args[0]] = true
			if !strings.Contains(c.line, "--db") {
				args = append(args, "--db", "n.db")
			}
			args = append(args, "--as-of", "2015-09-17T02:00", "--log-level", "debug", "--log-format", form)
			if form == "json" {
				args = append(args, "--json")
			}
			var out, errw bytes.Buffer
			g := &globals{in: strings.NewReader(""), out: &out, errw: &errw}
			code := g.execute(t.Context(), args)
			if code == exitDone || code == exitReview {
				worked++
			} else if form == "text" && errw.Len()+out.Len() == 0 {
				t.Errorf("%s: exit code %d, and nothing said", c.line, code)
			}
			look(c.line+", in "+form+",", c.shows, out.String())
			said := nothing
			if strings.Contains(c.line, "CANREF") {
				said = regexp.MustCompile(`(?i)canaryplace|canaryoffence|\b774[1-6]b\b|` + free) // who names a report is told its name
			}
			look("what is said beside "+c.line+", in "+form+",", said, errw.String())
		}
	}
	for _, verb := range verbs(&globals{}) {
		if !tried[verb.Name()] {
			t.Errorf("%s was not tried", verb.Name())
		}
	}
	if worked < 82 {
		t.Errorf("%d commands did what they were asked: the others leak nothing for a poor reason", worked)
	}
	if err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		never := nothing
		switch top := strings.Split(path, string(filepath.Separator))[0]; {
		case slices.Contains([]string{"reports.csv", "points.csv", "broken.csv", "broken.xlsx", "queries.csv"}, top):
			return nil
		case strings.HasPrefix(top, "n.db"), strings.HasPrefix(top, "copy"), top == "sheet.csv", top == "found.csv":
			never = itself // the reports as they stand, or their places, and no more
		}
		text, err := os.ReadFile(path)
		look(path, never, string(text))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// program is the test's binary under the name by which it is the program.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "spreewatch")
	if err := os.Symlink(self, path); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	return path
}

// The whole batch needs no network: it runs where there is no interface at all.
func TestWithoutNetwork(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("namespaces are Linux's")
	}
	if text, err := exec.Command("unshare", "-rn", "cat", "/proc/net/dev").Output(); err != nil || strings.Count(string(text), ":") != 1 {
		t.Skipf("skipped: a network namespace is not allowed here: %v", err)
	}
	dir := t.TempDir()
	cmd := exec.Command("unshare", "-rn", program(t), "run", "--sample", "--db", "n.db", "--out", "out", "--gpkg", "out.gpkg")
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 3 || !strings.Contains(string(text), "courier-fraud  8 incidents") {
		t.Fatalf("exit code %d, %v\n%s", code, err, text)
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "run.json")); err != nil {
		t.Error(err)
	}
}

// Where the disk is full at any moment, be it for the database or for the folder, the
// program says so and ends; with room again, a plain rerun comes to the folder of an
// undisturbed run.
func TestDiskFullForAll(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("ulimit -f stands for a full disk on Linux")
	}
	spreewatch := program(t)
	run := func(dir, limit string) (int, string) {
		t.Helper()
		cmd := exec.Command("sh", "-c", "ulimit -f "+limit+`; exec "$0" run --sample --quiet --db n.db --out out`, spreewatch)
		cmd.Dir = dir
		text, _ := cmd.CombinedOutput()
		return cmd.ProcessState.ExitCode(), string(text)
	}
	folder := func(dir string) map[string]string {
		files := map[string]string{}
		entries, err := os.ReadDir(filepath.Join(dir, "out"))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			text, err := os.ReadFile(filepath.Join(dir, "out", e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[e.Name()] = string(text)
		}
		return files
	}
	whole := t.TempDir()
	if code, text := run(whole, "unlimited"); code != 3 {
		t.Fatalf("exit code %d\n%s", code, text)
	}
	want, failed := folder(whole), 0
	for _, limit := range []string{"1", "64", "256", "400"} { // blocks of 512 bytes; under the first the log itself has no room
		dir := t.TempDir()
		code, text := run(dir, limit)
		if code != 3 {
			failed++
			if code != 1 || !strings.Contains(text, "no space left") || strings.Count(text, "\n") > 2 {
				t.Errorf("%s blocks: exit code %d\n%s", limit, code, text)
			}
		}
		if code, text := run(dir, "unlimited"); code != 3 {
			t.Fatalf("%s blocks, the rerun: exit code %d\n%s", limit, code, text)
		}
		got := folder(dir)
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("%s blocks: %s is not that of an undisturbed run", limit, name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s blocks: %d files, want %d", limit, len(got), len(want))
		}
	}
	if failed < 3 {
		t.Errorf("%d of 4 runs met the limit", failed)
	}
}

// Settings that a full disk cut short are not left behind as if they were all.
func TestInitOnAFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("ulimit -f stands for a full disk on Linux")
	}
	cmd := exec.Command("sh", "-c", `ulimit -f 1; exec "$0" init`, program(t)) // 512 bytes
	cmd.Dir = t.TempDir()
	said, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(string(said), "no space left") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	if left, err := os.ReadDir(cmd.Dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A database of which a part is lost says what to do about it.
func TestCutDatabaseSaysWhatToDo(t *testing.T) {
	t.Chdir(t.TempDir())
	does(t, 3, "run", "--sample", "--quiet", "--db", "n.db", "--out", "out")
	st, err := os.Stat("n.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate("n.db", st.Size()/2/4096*4096); err != nil {
		t.Fatal(err)
	}
	if _, errw := does(t, 1, "plan", "--db", "n.db"); !strings.Contains(errw, "malformed\ntry: a database of the last backup: spreewatch restore FILE") {
		t.Errorf("it says\n%s", errw)
	}
}

// Of a gazetteer on a full disk, what is said is what is: with exit code 0 it is there,
// with 1 it is not, and the log says so of both. With room again it is there.
func TestImportOnAFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("ulimit -f stands for a full disk on Linux")
	}
	spreewatch := program(t)
	var b strings.Builder
	b.WriteString("name,locality,lat,lon,kind\n")
	for i := range 4000 {
		fmt.Fprintf(&b, "%c%c%cway Road,Alderby,52.%03d,1.%03d,street\n", 'A'+i%26, 'a'+i/26%26, 'a'+i/676, 400+i%100, i/100)
	}
	took, failed := 0, 0
	for _, limit := range []string{"420", "700", "1000", "1200", "1400", "unlimited"} { // blocks of 512 bytes; under the first the log itself has no room
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "streets.csv"), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		run := func(limit, verb string) (int, string) {
			cmd := exec.Command("sh", "-c", "ulimit -f "+limit+`; exec "$0" `+verb+" --db n.db", spreewatch)
			cmd.Dir = dir
			text, _ := cmd.CombinedOutput()
			return cmd.ProcessState.ExitCode(), string(text)
		}
		code, said := run(limit, "gazetteer import streets.csv")
		_, list := run("unlimited", "gazetteer list --json")
		_, log := run("unlimited", "audit export")
		there := strings.Contains(list, "4000")
		switch {
		case code == 0 && there && !strings.Contains(log, "not taken in"):
			took++
		case code == 1 && !there && strings.Contains(said, "no space left") && strings.Contains(log, "not taken in"):
			failed++
		default:
			t.Errorf("%s blocks: exit code %d, there: %v\n%s\n%s", limit, code, there, said, log)
		}
		if code, said := run("unlimited", "gazetteer import streets.csv"); code != 0 {
			t.Errorf("%s blocks, again with room: exit code %d\n%s", limit, code, said)
		}
	}
	if took < 2 || failed < 2 {
		t.Errorf("%d imports took and %d did not: the limits test nothing", took, failed)
	}
}

// Whoever stops the program while it takes reports in reads that it was interrupted,
// and nothing else; nothing of the file is stored, and the same again takes it whole.
func TestInterruptedWhileTakingIn(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("ref,offence,location,from\n")
	const lines = 60_000
	for i := range lines {
		fmt.Fprintf(&b, "R%d,robbery,\"%d Mill Street, Elsing\",2015-09-16T10:15\n", i, i)
	}
	if err := os.WriteFile(filepath.Join(dir, "r.csv"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	spreewatch := program(t)
	cmd := exec.Command(spreewatch, "ingest", "r.csv", "--db", "n.db", "--quiet")
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 500 { // until it has logged that it is about to take the file in
		if st, err := os.Stat(filepath.Join(dir, "n.db-wal")); err == nil && st.Size() > 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if _ = cmd.Wait(); cmd.ProcessState.ExitCode() != exitFailed || said.String() != "spreewatch: interrupted\n" {
		t.Errorf("exit code %d, it says\n%s", cmd.ProcessState.ExitCode(), said.String())
	}
	t.Chdir(dir)
	out, _ := does(t, 0, "ingest", "r.csv", "--db", "n.db", "--json")
	if !strings.Contains(out, fmt.Sprintf(`"added":%d`, lines)) && !strings.Contains(out, fmt.Sprintf(`"new":%d`, lines)) {
		t.Errorf("the same again: %s", out)
	}
	does(t, 0, "verify", "--db", "n.db")
}

// Whoever stops the program while it waits for standard input need not close that.
func TestInterruptedWhileWaitingForInput(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(program(t), "ingest", "-", "--db", "n.db", "--quiet")
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(in, "ref,offence,location,from\n"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(20*time.Second, func() { in.Close() })
	err = cmd.Wait()
	if !late.Stop() {
		t.Error("it waited for the end of its input")
	}
	if err == nil || cmd.ProcessState.ExitCode() != exitFailed || said.String() != "spreewatch: interrupted\n" {
		t.Errorf("exit code %d, it says\n%s", cmd.ProcessState.ExitCode(), said.String())
	}
}
