package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/paulmach/orb"

	"spreewatch/cluster/scan"
	"spreewatch/cluster/trial"
	"spreewatch/data/events"
	"spreewatch/data/export/compare"
	"spreewatch/data/export/scanned"
	"spreewatch/data/export/scored"
	"spreewatch/data/replay"
)

func TestMain(m *testing.M) {
	flag.Parse()
	beam.Init()
	quiet()
	os.Exit(m.Run())
}

// asked are the flags of a command line.
func asked(t *testing.T, args ...string) flags {
	t.Helper()
	var f flags
	s := flagSet()
	f.bind(s)
	if err := s.Parse(args); err != nil {
		t.Fatal(err)
	}
	s.Visit(func(one *flag.Flag) { f.given = append(f.given, one.Name) })
	return f
}

func flagSet() *flag.FlagSet { return flag.NewFlagSet("beam", flag.ContinueOnError) }

// done runs a command line on Prism and wants its exit code.
func done(t *testing.T, want int, args ...string) {
	t.Helper()
	code, err := run(t.Context(), asked(t, args...))
	if err != nil || code != want {
		t.Fatalf("%s: code %d, %v; want %d", strings.Join(args, " "), code, err, want)
	}
}

// A force has invented rows of its own, each a line of CSV without the force.
type force struct {
	name string
	rows []string
}

const header = "ref,offence,from,to,reported,lat,lon,force"

// forces invents the incidents of some forces over days: towns, two offences, a burst,
// intervals and instants.
func forces(rng *rand.Rand, names []string, rows, days int) []force {
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	var out []force
	for i, name := range names {
		f := force{name: name}
		for k := range rows {
			lon, lat := 1+float64(i)+.3*rng.Float64(), 52+.2*rng.Float64()
			from := start.Add(time.Duration(rng.IntN(days*24*60)) * time.Minute)
			if rng.IntN(2) == 0 {
				lon, lat = 1.1+float64(i)+.01*rng.NormFloat64(), 52.1+.01*rng.NormFloat64()
			}
			if k%40 == 0 {
				lon, lat, from = 1.2+float64(i)+.001*rng.NormFloat64(), 52.05, start.Add(time.Duration(days*24-rng.IntN(20))*time.Hour)
			}
			to := from
			if rng.IntN(3) == 0 {
				to = from.Add(time.Duration(rng.IntN(10*60)) * time.Minute)
			}
			offence := []string{"robbery", "dwelling-burglary"}[rng.IntN(2)]
			f.rows = append(f.rows, fmt.Sprintf("%d,%s,%s,%s,%s,%.4f,%.4f", k+1, offence, from.Format(time.RFC3339), to.Format(time.RFC3339), to.Add(time.Hour).Format(time.RFC3339), lat, lon))
		}
		out = append(out, f)
	}
	return out
}

// write writes the rows of all forces to one file, mixed, and those of each force as they
// come there to one of its own, as somebody with one machine would have them.
func write(t *testing.T, rng *rand.Rand, all []force) (file string, own map[string]string) {
	t.Helper()
	var lines []string
	for _, f := range all {
		for _, row := range f.rows {
			lines = append(lines, row+","+f.name)
		}
	}
	rng.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	dir := t.TempDir()
	save := func(name string, lines []string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(header+"\n"+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	own = make(map[string]string)
	for _, f := range all {
		var rows []string
		for _, line := range lines {
			if strings.HasSuffix(line, ","+f.name) {
				rows = append(rows, line)
			}
		}
		own[f.name] = save(folderName(f.name)+".csv", rows)
	}
	return save("nation.csv", lines), own
}

// read is a file of the output.
func read(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// rowsOf reads a force's file as the tool does, without its column of forces.
func rowsOf(t *testing.T, j job, path string) events.Table {
	t.Helper()
	j.Force = "none"
	f := readFn{work{job: j}}
	got, loose, err := f.groups(t.Context(), path, filepath.Base(path))
	if err != nil || len(got) != 1 || got[0].Err != nil || len(loose) > 0 {
		t.Fatalf("%v, %d groups", err, len(got))
	}
	return got[0].Table
}

// scanAlone is what the scan of one machine says of rows: its JSON and its features.
func scanAlone(t *testing.T, j job, rows events.Table) (text []byte, features [][]byte) {
	t.Helper()
	zone, err := j.zone()
	if err != nil {
		t.Fatal(err)
	}
	o, err := j.Scan.options(zone)
	if err != nil {
		t.Fatal(err)
	}
	res, err := scan.Run(events.Cases(past{table: rows}.only(j.Scan.Offence), o), o)
	if err != nil {
		t.Fatal(err)
	}
	if features, err = scanned.Features(res, o); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := asJSON(scanned.NewResult(res, o, 0))(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), features
}

// pastAlone is the past that one machine reads from a force's file.
func pastAlone(t *testing.T, j job, path, source string) replay.Past {
	t.Helper()
	zone, err := j.zone()
	if err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(t, j, path)
	return replay.Past{Incidents: events.Placed(rows), Days: rows.Days, Source: source, Zone: zone}
}

// The scan of each force is that of one machine, to the byte, however it is cut.
func TestScan(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	names := []string{"Norfolk", "Suffolk", "Côte-d'Or / 21"}
	file, own := write(t, rng, forces(rng, names, 300, 40))
	for _, options := range [][]string{
		{"--radius", "3km", "--max-window", "5d"},
		{"--radius", "4km", "--mode", "retrospective", "--step", "12h", "--max-window", "3d", "--adjust", "weekday"},
		{"--radius", "20%", "--locations", "cells", "--resolution", "8", "--lookback", "3d", "--p-method", "gumbel"},
		{"--radius", "3km", "--p-method", "sequential", "--offence", "robbery"},
	} {
		args := append([]string{"--job", "scan", "--input", file, "--replicates", "49"}, options...)
		j, err := asked(t, args...).ready()
		if err != nil {
			t.Fatal(err)
		}
		for _, cut := range []struct{ parts, spans int }{{1, 1}, {2, 1}, {7, 1}, {3, 4}} {
			out := t.TempDir()
			done(t, 0, append(args, "--output", out, "--partitions", fmt.Sprint(cut.parts), "--spans", fmt.Sprint(cut.spans))...)
			for _, name := range names {
				want, features := scanAlone(t, j, rowsOf(t, j, own[name]))
				if len(features) < 2 {
					t.Fatalf("%d sprees are too few to tell", len(features))
				}
				if got := read(t, out, folderName(name), "scan.json"); !bytes.Equal(got, want) {
					t.Errorf("%s, %v, %v: got %.300s, want %.300s", name, options, cut, got, want)
				}
				if got := read(t, out, folderName(name), "sprees.geojsonl"); !bytes.Equal(got, append(bytes.Join(features, []byte("\n")), '\n')) {
					t.Errorf("%s, %v, %v: other features", name, options, cut)
				}
			}
		}
	}
}

// The comparison of each force is that of one machine, to the byte.
func TestCompare(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	names := []string{"Norfolk", "Suffolk"}
	file, own := write(t, rng, forces(rng, names, 240, 60))
	args := []string{"--job", "compare", "--input", file, "--window", "24h,72h", "--radius", "1km,3km", "--min", "3", "--plant", "6,400m,40h"}
	j, err := asked(t, args...).ready()
	if err != nil {
		t.Fatal(err)
	}
	for _, parts := range []int{1, 2, 7} {
		out := t.TempDir()
		done(t, 0, append(args, "--output", out, "--partitions", fmt.Sprint(parts))...)
		for _, name := range names {
			ready, err := j.Compare.Ready(pastAlone(t, j, own[name], filepath.Base(file)))
			if err != nil {
				t.Fatal(err)
			}
			if ready.Result.Comparisons, err = trial.Compare(t.Context(), ready.Incidents, ready.Options); err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			if err := compare.WriteJSON(&want, ready.Result); err != nil {
				t.Fatal(err)
			}
			if got := read(t, out, folderName(name), "compare.json"); !bytes.Equal(got, want.Bytes()) {
				t.Errorf("%s in %d parts: got %.300s, want %.300s", name, parts, got, want.Bytes())
			}
			raised := 0
			for _, c := range ready.Result.Comparisons {
				for _, tried := range c.Trials {
					raised += len(tried.Sprees)
				}
			}
			if n := bytes.Count(read(t, out, folderName(name), "sprees.geojsonl"), []byte("\n")); n != raised || n == 0 {
				t.Errorf("%s in %d parts: %d features of %d sprees", name, parts, n, raised)
			}
		}
	}
}

// The evaluation of each force is that of one machine, to the byte.
func TestEvaluate(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	names := []string{"Norfolk", "Suffolk"}
	file, own := write(t, rng, forces(rng, names, 500, 150))
	args := []string{"--job", "evaluate", "--input", file, "--least", "10"}
	j, err := asked(t, args...).ready()
	if err != nil {
		t.Fatal(err)
	}
	for _, parts := range []int{1, 2, 7} {
		out := t.TempDir()
		done(t, 0, append(args, "--output", out, "--partitions", fmt.Sprint(parts))...)
		for _, name := range names {
			ready, err := j.Evaluate.Ready(pastAlone(t, j, own[name], filepath.Base(file)))
			if err != nil {
				t.Fatal(err)
			}
			if n := ready.Options.Fits(); n < 3 {
				t.Fatalf("%d fits are too few to be cut", n)
			}
			res, err := trial.Evaluate(t.Context(), ready.Incidents, ready.Options)
			if err != nil || len(res.Rows) == 0 {
				t.Fatalf("%d rows, %v", len(res.Rows), err)
			}
			var want, csv bytes.Buffer
			if err := scored.WriteJSON(&want, scored.NewResult(res, 0)); err != nil {
				t.Fatal(err)
			}
			if err := scored.WriteCSV(&csv, res); err != nil {
				t.Fatal(err)
			}
			if got := read(t, out, folderName(name), "evaluate.json"); !bytes.Equal(got, want.Bytes()) {
				t.Errorf("%s in %d parts: got %.300s, want %.300s", name, parts, got, want.Bytes())
			}
			if !bytes.Equal(read(t, out, folderName(name), "scores.csv"), csv.Bytes()) {
				t.Errorf("%s in %d parts: other scores", name, parts)
			}
		}
	}
}

// Whatever order the pieces of a scan come in, and however often, as from bundles that
// are tried again: the answer is the same, and so is the account.
func TestAgain(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	file, _ := write(t, rng, forces(rng, []string{"Norfolk"}, 300, 40))
	var first map[string]string
	for try := range 12 {
		j, err := asked(t, "--job", "scan", "--input", file, "--output", t.TempDir(), "--replicates", "29", "--partitions", fmt.Sprint(1+rng.IntN(9)), "--spans", fmt.Sprint(1+rng.IntN(5))).ready()
		if err != nil {
			t.Fatal(err)
		}
		got := byHand(t, rng, j, file, try > 0)
		if first == nil {
			first = got
		}
		if len(got["sprees.geojsonl"]) < 1000 {
			t.Fatal("too few sprees to tell")
		}
		for name, text := range got {
			if text != first[name] {
				t.Errorf("%d parts, %d spans: another %s", j.Partitions, j.Spans, name)
			}
		}
	}
}

// iterate hands the texts on one after another.
func iterate(texts [][]byte) func(*[]byte) bool {
	next := 0
	return func(text *[]byte) bool {
		if next == len(texts) {
			return false
		}
		*text, next = texts[next], next+1
		return true
	}
}

// byHand runs the steps of a scan one after another, as an engine would that repeats and
// mixes what it hands on where again says so, and returns the files.
func byHand(t *testing.T, rng *rand.Rand, j job, file string, again bool) map[string]string {
	t.Helper()
	ctx := t.Context()
	mixed := func(texts [][]byte) [][]byte {
		texts = slices.Clone(texts)
		if again {
			for range 1 + rng.IntN(4) {
				texts = append(texts, texts[rng.IntN(len(texts))])
			}
			rng.Shuffle(len(texts), func(i, k int) { texts[i], texts[k] = texts[k], texts[i] })
		}
		return texts
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var rows, notes, pieces, found [][]byte
	note := func(text []byte) { notes = append(notes, text) }
	r := readFn{work{job: j}}
	ok(r.ProcessElement(ctx, file, nil, func(_ string, text []byte) { rows = append(rows, text) }, note))
	p := partsFn{work{job: j}}
	ok(p.ProcessElement(ctx, "Norfolk", iterate(mixed(rows)), func(_ string, text []byte) { pieces = append(pieces, text) }, note))
	s := searchFn{work{job: j}}
	for _, text := range mixed(pieces) {
		ok(s.ProcessElement(ctx, "", iterate([][]byte{text, text}), func(_ string, text []byte) { found = append(found, text) }))
	}
	var all []byte
	for _, text := range mixed(found) {
		var err error
		all, err = withFn{}.MergeAccumulators(all, text)
		ok(err)
	}
	w := sprees{work{job: j}}
	ok(w.ProcessElement(ctx, "Norfolk", iterate(mixed(rows)), iterate([][]byte{all}), note))
	c := closeFn{work{job: j}}
	ok(c.ProcessElement(ctx, 0, iterate(mixed(notes))))
	out := make(map[string]string)
	for _, name := range []string{"counts.json", "refused.ndjson", folderName("Norfolk") + "/scan.json", folderName("Norfolk") + "/sprees.geojsonl"} {
		out[filepath.Base(name)] = string(read(t, j.Output, name))
	}
	return out
}

// Each force is read as a file of its own: what is far from the others, which order its
// dates are in and whose reference is there twice are its own affair, and a row that
// names no force is of none.
func TestForcesApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 1))
	dir := t.TempDir()
	lines := []string{"ref,offence,date,lat,lon,force"}
	own := map[string][]string{}
	for i := range 120 {
		name, lat, lon, day := "North", 51.5, -.1, fmt.Sprintf("%02d/03/2026", 1+rng.IntN(28)) // day first, as the 13th and later prove
		if i%10 == 0 {
			name, lat, lon, day = "Shetland", 60.15, -1.15, fmt.Sprintf("%02d/%02d/2026", 3, 13+rng.IntN(9)) // month first
		}
		line := fmt.Sprintf("%d,robbery,%s,%.4f,%.4f,%s", i, day, lat+.01*rng.Float64(), lon+.01*rng.Float64(), name)
		lines, own[name] = append(lines, line), append(own[name], line)
	}
	lines = append(lines, "900,robbery,04/03/2026,51.5,-.1,", "901,robbery,04/03/2026,51.5,-.1,")
	save := func(name string, lines []string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args := []string{"--job", "scan", "--replicates", "9", "--input", save("all.csv", lines)}
	out := t.TempDir()
	done(t, exitReview, append(args, "--output", out)...)
	j, err := asked(t, args...).ready()
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range own {
		table := rowsOf(t, j, save(name+".csv", append(lines[:1:1], rows...)))
		if len(table.Events) != len(rows) || len(table.Rejected) > 0 {
			t.Fatalf("%s: %d of %d rows", name, len(table.Events), len(rows))
		}
		want, _ := scanAlone(t, j, table)
		if got := read(t, out, folderName(name), "scan.json"); !bytes.Equal(got, want) {
			t.Errorf("%s: got %.300s, want %.300s", name, got, want)
		}
	}
	evaluated := t.TempDir()
	_, own2 := write(t, rng, []force{{"Norfolk", append(forces(rng, []string{"Norfolk"}, 500, 150)[0].rows, "9999,robbery,never,,,52,1")}})
	done(t, exitReview, "--job", "evaluate", "--least", "10", "--input", own2["Norfolk"], "--output", evaluated)
	if got := read(t, evaluated, folderName("Norfolk"), "evaluate.json"); !bytes.Contains(got, []byte(`"rejected":1,`)) {
		t.Errorf("got %.200s, want one row rejected", got)
	}
	refused := string(read(t, out, "refused.ndjson"))
	if n := strings.Count(refused, "the row names no force"); n != 2 || strings.Count(refused, "\n") != 2 {
		t.Errorf("refused:\n%s", refused)
	}
}

// Rows that cannot be read, or whose reference another has, are refused by line and
// reason, and every row is accounted for.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv")
	secret := "Flat 3 Larch House"
	for path, lines := range map[string][]string{
		a: {"ref,offence,from,lat,lon,force,remarks", "1,robbery,2026-03-02T10:00:00Z,52.1,1.1,Norfolk,", "2,robbery,2026-02-31T10:00:00Z,52.1,1.1,Norfolk," + secret,
			"3,robbery,2026-03-02T10:00:00Z,,,Norfolk," + secret, "1,robbery,2026-03-03T10:00:00Z,52.1,1.1,Norfolk,", "1,robbery,2026-03-03T11:00:00Z,52.1,1.1,Suffolk,"},
		b: {"ref,offence,from,lat,lon,force,remarks", "1,robbery,2026-03-04T10:00:00Z,52.1,1.1,Norfolk,", "9,robbery,2026-03-04T11:00:00Z,52.1,1.1,Norfolk,"},
	} {
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "out")
	done(t, exitReview, "--job", "scan", "--input", filepath.Join(dir, "*.csv"), "--output", out, "--replicates", "9")
	var counts Counts
	if err := json.Unmarshal(read(t, out, "counts.json"), &counts); err != nil {
		t.Fatal(err)
	}
	if counts.Read != 7 || counts.Refused != 4 || counts.Used != 3 || counts.Forces["Norfolk"] != 2 || counts.Forces["Suffolk"] != 1 {
		t.Errorf("got %+v, want 7 rows, 4 refused, 2 used of Norfolk and 1 of Suffolk", counts)
	}
	refused := string(read(t, out, "refused.ndjson"))
	if strings.Contains(refused, secret) || strings.Contains(refused, "Larch") {
		t.Errorf("a refused row is told by what it says: %s", refused)
	}
	for _, want := range []string{`"source":"a.csv","line":3,`, `"source":"a.csv","line":4,`, `"source":"a.csv","line":5,"field":"ref","reason":"the same reference as line 2`,
		`"force":"Norfolk","source":"b.csv","line":2,"field":"ref","reason":"the same reference as line 2 of a.csv"`} {
		if !strings.Contains(refused, want) {
			t.Errorf("%s is not in\n%s", want, refused)
		}
	}
}

// An account that does not add up is an error, and a note that comes twice counts once.
func TestAccount(t *testing.T) {
	file := note{File: "a", Source: "a", Count: &count{Read: 5, Taken: 1}}
	bad := note{File: "a", Source: "a", Line: 3, Field: "from", Reason: "no date"}
	used := note{Force: "N", Count: &count{Used: 3}}
	counts, refused, err := account([]note{used, file, bad, file, bad, used})
	if err != nil || counts.Read != 5 || counts.Refused != 1 || counts.Taken != 1 || counts.Used != 3 || len(refused) != 1 {
		t.Errorf("got %+v, %v", counts, err)
	}
	for _, lost := range [][]note{{file, bad}, {file, used}, {bad, used}} {
		if _, _, err := account(lost); err == nil {
			t.Errorf("%+v adds up", lost)
		}
	}
}

// A column of forces that is asked for has to be there; an offence that does not occur is
// no quiet past; and what an earlier job said is not left as the answer.
func TestNotThere(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 1))
	file, _ := write(t, rng, forces(rng, []string{"Norfolk"}, 500, 150))
	args := []string{"--job", "scan", "--input", file, "--replicates", "9"}
	if code, err := run(t.Context(), asked(t, append(args, "--output", t.TempDir(), "--force-column", "police")...)); code != exitFailed || err == nil || !strings.Contains(err.Error(), `no column "police"`) {
		t.Errorf("code %d, %v", code, err)
	}
	done(t, 0, append(args, "--output", t.TempDir(), "--force-column", "none")...)
	for job, ask := range map[string][2][]string{
		"scan":     {{"--replicates", "9"}, {"--replicates", "9", "--offence", "jaywalking"}},
		"compare":  {{"--window", "24h", "--radius", "1km", "--plant", "6,400m,40h"}, {"--window", "24h", "--offence", "jaywalking"}},
		"evaluate": {{"--least", "10"}, {"--least", "5000"}},
	} {
		out := t.TempDir()
		args := []string{"--job", job, "--input", file, "--output", out}
		done(t, 0, append(args, ask[0]...)...)
		done(t, exitReview, append(args, ask[1]...)...)
		if left, err := os.ReadDir(filepath.Join(out, folderName("Norfolk"))); err != nil || len(left) > 0 {
			t.Errorf("%s: %d files of an earlier answer are left, %v", job, len(left), err)
		}
	}
}

// A force that has too little for an answer says so, and the others have theirs.
func TestUnanswered(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	all := forces(rng, []string{"Norfolk"}, 240, 60)
	all = append(all, force{"Rutland", all[0].rows[:2]})
	file, _ := write(t, rng, all)
	out := t.TempDir()
	done(t, exitReview, "--job", "compare", "--input", file, "--output", out, "--window", "24h", "--radius", "1km", "--plant", "6,400m,40h", "--partitions", "2")
	var counts Counts
	if err := json.Unmarshal(read(t, out, "counts.json"), &counts); err != nil {
		t.Fatal(err)
	}
	if len(counts.Unsaid) != 1 || counts.Unsaid[0].Force != "Rutland" || counts.Used != 242 {
		t.Errorf("got %+v, want Rutland not answered", counts)
	}
	if _, err := os.Stat(filepath.Join(out, folderName("Norfolk"), "compare.json")); err != nil {
		t.Error(err)
	}
}

// A file for each force, one pipeline after another: each has its folder, and what a
// pipeline on that file alone writes.
func TestOneByOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	_, own := write(t, rng, forces(rng, []string{"Norfolk", "Suffolk"}, 100, 30))
	out, alone := t.TempDir(), t.TempDir()
	args := []string{"--job", "scan", "--replicates", "19", "--partitions", "2"}
	done(t, 0, append(args, "--one-by-one", "--input", own["Norfolk"]+","+own["Suffolk"], "--output", out)...)
	done(t, 0, append(args, "--input", own["Suffolk"], "--output", alone)...)
	if !bytes.Equal(read(t, out, folderName("Suffolk"), folderName("Suffolk"), "scan.json"), read(t, alone, folderName("Suffolk"), "scan.json")) {
		t.Error("one after another says otherwise than alone")
	}
}

// Dates alone, over a change of the clocks, and reports of a JSON list that stand on one
// line, are on Beam what they are on one machine, in one file or in several.
func TestOtherShapes(t *testing.T) {
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(8, 1))
	var days, list []string
	for i := range 200 {
		lat, lon := 52+.1*rng.Float64(), 1+.1*rng.Float64()
		day := time.Date(2026, 3, 1+rng.IntN(40), 0, 0, 0, 0, time.UTC)
		if i%8 == 0 {
			lat, lon, day = 52.05+.001*rng.Float64(), 1.05, time.Date(2026, 4, 8+rng.IntN(2), 0, 0, 0, 0, time.UTC)
		}
		days = append(days, fmt.Sprintf("%s,robbery,%.4f,%.4f", day.Format(time.DateOnly), lat, lon))
		list = append(list, fmt.Sprintf(`{"ref":"r%d","offence":"robbery","date":"%sT12:00:00Z","lat":%.4f,"lon":%.4f,"force":"Norfolk"}`, i, day.Format(time.DateOnly), lat, lon))
	}
	list = append(list, `{"ref":"bad","date":"never","lat":52,"lon":1}`, `{"ref":"worse","date":"never","lat":52,"lon":1}`)
	for name, text := range map[string]string{"days.csv": "date,offence,lat,lon\n" + strings.Join(days, "\n") + "\n", "list.json": "[" + strings.Join(list, ",") + "]"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"--job", "scan", "--replicates", "29", "--step", "6h", "--max-window", "3d", "--radius", "2km", "--partitions", "3"}
	j, err := asked(t, append(args, "--input", dir+"/*")...).ready()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := j.zone()
	if err != nil || zone.String() != "Europe/London" {
		t.Fatalf("zone %v, %v", zone, err)
	}
	together := t.TempDir()
	done(t, exitReview, append(args, "--input", dir+"/*", "--output", together)...)
	for name, place := range map[string][2]string{"days.csv": {"all", "days"}, "list.json": {folderName("Norfolk"), folderName("Norfolk")}} {
		rows := rowsOf(t, j, filepath.Join(dir, name))
		if len(rows.Events) != 200 {
			t.Fatalf("%s: %d rows", name, len(rows.Events))
		}
		want, features := scanAlone(t, j, rows)
		if len(features) < 2 {
			t.Fatalf("%s: %d sprees are too few to tell", name, len(features))
		}
		alone := t.TempDir()
		code := 0
		if name == "list.json" {
			code = exitReview
		}
		done(t, code, append(args, "--input", filepath.Join(dir, name), "--output", alone)...)
		if got := read(t, alone, place[0], "scan.json"); !bytes.Equal(got, want) {
			t.Errorf("%s: got %.300s, want %.300s", name, got, want)
		}
		got := read(t, together, place[1], "scan.json")
		if got = bytes.ReplaceAll(got, []byte("days.csv#"), []byte("#")); !bytes.Equal(got, want) {
			t.Errorf("%s among others: got %.300s, want %.300s", name, got, want)
		}
	}
	var counts Counts
	if err := json.Unmarshal(read(t, together, "counts.json"), &counts); err != nil || counts.Read != 402 || counts.Refused != 2 || counts.Used != 400 {
		t.Errorf("got %+v, %v", counts, err)
	}
}

// A job that is run again into its folder takes the place of what it wrote, and of
// nothing else.
func TestAgainInPlace(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 1))
	file, _ := write(t, rng, forces(rng, []string{"Norfolk"}, 500, 150))
	for job, args := range map[string][]string{"scan": {"--replicates", "9"}, "compare": {"--window", "24h", "--radius", "1km", "--plant", "6,400m,40h"}, "evaluate": {"--least", "10"}} {
		out := t.TempDir()
		args = append([]string{"--job", job, "--input", file, "--output", out}, args...)
		done(t, 0, args...)
		done(t, 0, args...)
		mine := filepath.Join(out, folderName("Norfolk"), job+".json")
		if err := os.WriteFile(mine, []byte("my notes"), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, err := run(t.Context(), asked(t, args...)); code != exitFailed || err == nil {
			t.Errorf("%s over somebody's file: code %d, %v", job, code, err)
		}
		if string(read(t, mine)) != "my notes" {
			t.Errorf("%s took the place of somebody's file", job)
		}
	}
}

// A file that cannot be read fails the job with one line that says which and why, and
// the same job is done once the file is mended.
func TestFails(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	_, own := write(t, rng, forces(rng, []string{"Norfolk", "Suffolk"}, 100, 30))
	text := read(t, own["Suffolk"])
	if err := os.WriteFile(own["Suffolk"], []byte("lat,lon\n52,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"--job", "scan", "--replicates", "9", "--input", own["Norfolk"] + "," + own["Suffolk"], "--output", t.TempDir()}
	code, err := run(t.Context(), asked(t, args...))
	if code != exitFailed || err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "read "+filepath.Base(own["Suffolk"])+": ") {
		t.Errorf("code %d, %v; want one line about Suffolk's file", code, err)
	}
	if err := os.WriteFile(own["Suffolk"], text, 0o600); err != nil {
		t.Fatal(err)
	}
	done(t, 0, args...)
}

// A job that is stopped says so, and the same again is done.
func TestStopped(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 1))
	file, _ := write(t, rng, forces(rng, []string{"Norfolk"}, 2000, 150))
	args := []string{"--job", "compare", "--input", file, "--output", t.TempDir(), "--window", "24h", "--radius", "1km", "--plant", "6,400m,40h"}
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, stop)
	if code, err := run(ctx, asked(t, args...)); code != exitFailed || err == nil || !strings.HasPrefix(err.Error(), "stopped") {
		t.Errorf("code %d, %v; want it stopped", code, err)
	}
	done(t, 0, args...)
}

func TestFolderName(t *testing.T) {
	seen := make(map[string]string)
	for _, force := range []string{"", "all", "All", "norfolk", "Norfolk", "NORFOLK", strings.Repeat("x", 600), strings.Repeat("x", 601), "Norfolk ", "../etc", "/", "Côte-d'Or / 21", "a b", "a-b", "a_b", ".", "Ж"} {
		name := folderName(force)
		if name != filepath.Base(name) || strings.ContainsAny(name, "./ ") || name == "" || len(name) > 100 {
			t.Errorf("%q is written to %q", force, name)
		}
		if before, ok := seen[name]; ok {
			t.Errorf("%q and %q are both written to %q", before, force, name)
		}
		seen[name] = force
	}
}

// What is asked for wrongly is refused before anything is read, with its flag.
func TestUsage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "a.ndjson")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ok := []string{"--job", "scan", "--input", file}
	for _, tt := range []struct {
		want string
		args []string
	}{
		{"no job", []string{"--input", file}},
		{"no input", []string{"--job", "scan"}},
		{"two files are called a", append(ok, "--input", file+","+other)},
		{"no file is called b.csv", append(ok, "--input", filepath.Join(filepath.Dir(file), "b.csv"))},
		{"--partitions", append(ok, "--partitions", "0")},
		{"--spans", append(ok, "--spans", "101")},
		{"no runner", append(ok, "--runner", "nope")},
		{"no flag of the job", append(ok, "--plant", "6,400m,40h")},
		{"--from is after --to", append(ok, "--from", "2026-03-02", "--to", "2026-03-01")},
		{"--settings names", append(ok, "--job", "compare", "--settings", file, "--window", "3h")},
		{"setting 1", append(ok, "--job", "compare", "--window", "0h")},
		{"--alerts-per-week", append(ok, "--job", "compare", "--alerts-per-week", "0")},
		{"--timezone", append(ok, "--timezone", "Local")},
		{"--input-timezone", append(ok, "--input-timezone", "Mars")},
		{"--radius", append(ok, "--radius", "wide")},
		{"--step", append(ok, "--step", "1")},
		{"--mode", append(ok, "--mode", "both")},
		{"--p-method", append(ok, "--p-method", "guess")},
		{"--from", append(ok, "--from", "yesterday")},
		{"--date-order", append(ok, "--date-order", "ymd")},
		{"--crs", append(ok, "--crs", "EPSG:1")},
		{"--min", append(ok, "--job", "compare", "--min", "few")},
		{"setting 1", append(ok, "--job", "compare", "--window", "long")},
		{"--least", append(ok, "--job", "evaluate", "--least", "0")},
	} {
		code, err := run(context.Background(), asked(t, tt.args...))
		if code != exitUsage || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: code %d, %v; want %q", tt.args, code, err, tt.want)
		}
	}
}

// Whatever a row says, it is the same on the other machine.
func TestRowsTravel(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	moment := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.In(zone)
	}
	var b batch
	b.Zone = zone.String()
	rows := []events.Event{
		{ID: "a", Offence: "robbery", Point: orb.Point{1, 52}, From: moment("2026-03-02T10:00:00Z"), To: moment("2026-03-02T11:00:00Z"), Reported: moment("1970-01-01T00:00:00Z"), Line: 2, Cases: 1},
		{ID: "b", Location: "L1", From: moment("0001-01-02T00:00:00Z"), To: moment("9999-12-31T23:59:59Z"), Line: 3, Cases: 7, NoEnd: true},
		{ID: "c", From: moment("2026-03-28T00:00:00.5Z"), To: moment("2026-03-28T00:00:00.500000001Z"), Reported: moment("2300-01-01T00:00:00.25Z"), Line: 3, Day: true},
		{ID: "d", From: moment("1700-03-28T00:00:00Z"), To: moment("1700-03-28T00:00:00Z"), Line: 9},
	}
	for nth, e := range rows {
		b.add(nth, e)
	}
	text, err := encode(b)
	if err != nil {
		t.Fatal(err)
	}
	got, err := gather("Norfolk", iterate([][]byte{text, text}))
	if err != nil || len(got.table.Events) != len(rows) {
		t.Fatalf("%d rows, %v", len(got.table.Events), err)
	}
	for i, e := range got.table.Events {
		if a, b := fmt.Sprintf("%+v", rows[i]), fmt.Sprintf("%+v", e); a != b {
			t.Errorf("sent %s, got %s", a, b)
		}
	}
}

// Whatever a comparison's options are, they are the same on the other machine.
func TestOptionsTravel(t *testing.T) {
	o := trial.DefaultCompareOptions()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	o.Zone = london
	fill(&o)
	text, err := encode(pack(o))
	if err != nil {
		t.Fatal(err)
	}
	var sent compareOptions
	if err := decode(text, &sent); err != nil {
		t.Fatal(err)
	}
	got, err := sent.unpack()
	if err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprintf("%+v", o), fmt.Sprintf("%+v", got); a != b {
		t.Errorf("sent %s, got %s", a, b)
	}
}

// fill gives every field that has none a value, so that one that is not sent is noticed.
func fill(o *trial.CompareOptions) {
	v := reflect.ValueOf(o).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if !f.IsZero() {
			continue
		}
		switch f.Interface().(type) {
		case []trial.Setting:
			f.Set(reflect.ValueOf([]trial.Setting{{Offence: "robbery", Window: time.Hour, RadiusM: 500, Min: 3, WindowText: "1h", RadiusText: "500m"}}))
		case time.Time:
			f.Set(reflect.ValueOf(time.Date(2026, 3, 2+i, 0, 0, 0, 0, time.UTC)))
		case map[string]time.Duration:
			f.Set(reflect.ValueOf(map[string]time.Duration{"robbery": time.Hour}))
		case func(done, total int): // nobody is told on another machine
		case int:
			f.SetInt(int64(7 + i))
		default:
			panic(v.Type().Field(i).Name)
		}
	}
}
