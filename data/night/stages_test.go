//go:build unix

package night

import (
	"bufio"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/geo/index"
	"spreewatch/geo/nation"
)

// BenchmarkStages runs a year's reports of a made-up county in one night, and then a
// night of 300 on top of them, and shows of each what every stage took: time, processor
// time, rows a second, and the most memory that the process had by then. It does so
// with ten thousand reports, a hundred thousand and so on up to SPREEWATCH_MOST, and
// shows with what power of their number the time of each stage grows. Beside them
// stands the limit of the same machine in the same run: how long SQLite takes to put
// the same rows into one table in one transaction.
func BenchmarkStages(b *testing.B) {
	most := 100_000
	if n, err := strconv.Atoi(os.Getenv("SPREEWATCH_MOST")); err == nil {
		most = n
	}
	for b.Loop() {
		places := countyOf(b)
		var before *timed
		for n := 10_000; n <= most; n *= 10 {
			dir := b.TempDir()
			c := county{rng: rand.New(rand.NewPCG(12, uint64(n))), places: places, first: time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)}
			year, night := filepath.Join(dir, "year.csv"), filepath.Join(dir, "night.csv")
			c.write(b, year, "Y", n, 0, 364)
			c.write(b, night, "N", 300, 364, 1)
			insert := bulkInsert(b, year, filepath.Join(dir, "table.db"))

			o := optionsFor(b)
			o.DB, o.Who, o.Settings.Detect.History = filepath.Join(dir, "county.db"), "ann", Span(365*24*time.Hour)
			importCounty(b, o.DB, c.places)
			all := timeNight(b, o, year, filepath.Join(dir, "out"), c.first.AddDate(0, 0, 364).Add(2*time.Hour))
			top := timeNight(b, o, night, filepath.Join(dir, "out"), c.first.AddDate(0, 0, 365).Add(2*time.Hour))
			b.Logf("%d reports; the same rows into one table: %.3f s, %.0f rows/s\n%s\na night of 300 on top\n%s", n, insert, float64(n)/insert, all.table(n, insert, before), top.table(300, insert, nil))
			name := strconv.Itoa(n/1000) + "k"
			b.ReportMetric(all.wall[allOf], name+"-s")
			b.ReportMetric(all.wall[allOf]/insert, name+"-inserts")
			b.ReportMetric(top.wall[allOf], name+"-night-s")
			b.ReportMetric(top.wall[allOf]/insert, name+"-night-inserts")
			before = &all
		}
	}
}

// countyOf is the gazetteer of a made-up county.
func countyOf(b *testing.B) []index.Entry {
	b.Helper()
	return slices.Collect(nation.Entries(nation.County()))
}

func importCounty(b *testing.B, path string, entries []index.Entry) {
	b.Helper()
	db, err := data.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	_, err = db.ReplaceGazetteers(b.Context(), []data.Gazetteer{{
		Source: data.GazetteerSource{Name: "county", Format: "CSV", SHA256: strings.Repeat("0123456789abcdef", 4), Licence: "none"},
		Entries: func(yield func(index.Entry, error) bool) {
			for _, e := range entries {
				if !yield(e, nil) {
					return
				}
			}
		},
	}})
	if err != nil {
		b.Fatal(err)
	}
}

// A county makes up reports at its streets.
type county struct {
	rng    *rand.Rand
	places []index.Entry
	first  time.Time
}

// write writes n reports of so many days from a day on: some streets see much more than
// others, half of the times are intervals, and of one text in ten a letter is missing
// or there is no such street.
func (c county) write(b *testing.B, path, prefix string, n, day, days int) {
	b.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "ref,offence,location,from,to,reported")
	for line := range c.lines(prefix, n, day, days) {
		fmt.Fprintln(w, line)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
}

func (c county) lines(prefix string, n, day, days int) iter.Seq[string] {
	var streets []index.Entry
	for _, e := range c.places {
		if e.Kind == index.KindStreet && e.Locality != "" {
			streets = append(streets, e)
		}
	}
	offences := []string{"dwelling-burglary", "vehicle-crime", "robbery", "theft-from-shop", "criminal-damage", "courier-fraud", "other"}
	const clock = "2006-01-02T15:04"
	return func(yield func(string) bool) {
		for i := range n {
			s := streets[int(float64(len(streets))*math.Pow(c.rng.Float64(), 3))]
			text := s.Name
			switch c.rng.IntN(20) {
			case 0:
				k := c.rng.IntN(len(text))
				text = text[:k] + text[k+1:]
			case 1:
				text = "behind the old yard"
			}
			from := c.first.AddDate(0, 0, day).Add(time.Duration(c.rng.Float64() * float64(days*24*int(time.Hour)))).Truncate(time.Minute)
			to, reported := "", from.Add(time.Duration(c.rng.IntN(90))*time.Minute)
			if i%2 == 0 {
				end := from.Add(time.Duration(1+c.rng.IntN(12)) * time.Hour)
				to, reported = end.Format(clock), end.Add(time.Hour)
			}
			line := fmt.Sprintf("%s-%07d,%s,\"%d %s, %s\",%s,%s,%s", prefix, i, offences[c.rng.IntN(len(offences))], 1+c.rng.IntN(90), text, s.Locality, from.Format(clock), to, reported.Format(clock))
			if !yield(line) {
				return
			}
		}
	}
}

// bulkInsert returns how many seconds SQLite takes to put the rows of the file into a
// table without an index in one transaction.
func bulkInsert(b *testing.B, file, path string) float64 {
	b.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	var rows [][]any
	for line := range strings.Lines(string(text)) {
		var row []any
		for _, field := range strings.SplitN(line, ",", 6) {
			row = append(row, field)
		}
		rows = append(rows, row)
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=NORMAL")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLE t (a, b, c, d, e, f)"); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	stmt, err := tx.Prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)")
	if err != nil {
		b.Fatal(err)
	}
	for _, row := range rows {
		if _, err := stmt.Exec(row...); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start).Seconds()
}

// timed is what the stages of a night took.
type timed struct {
	rows   int
	wall   spent
	cpu    spent
	memory map[string]float64 // MB, the most of the process while the stage ran
}

// timeNight runs the night with the file.
func timeNight(b *testing.B, o Options, file, out string, asOf time.Time) timed {
	b.Helper()
	o.AsOf, o.Now = asOf, asOf
	t := timed{wall: spent{}, memory: map[string]float64{}}
	stage, since := "starting", time.Now()
	byCPU := t.cpu.begin(b)
	mostHeld(b)
	o.Step = func(step string) {
		now := time.Now()
		t.wall[stage] += now.Sub(since).Seconds()
		t.wall[allOf] += now.Sub(since).Seconds()
		t.memory[stage] = max(t.memory[stage], mostHeld(b))
		byCPU(step)
		since, stage = time.Now(), stageOf(step)
	}
	res, err := Run(b.Context(), o, Reading{Files: []string{file}}, Writing{Dir: out, Audience: export.AudienceSupervisor})
	if err != nil {
		b.Fatal(err)
	}
	o.Step("")
	for _, in := range res.Inputs {
		t.rows += in.Read
	}
	for _, m := range t.memory {
		t.memory[allOf] = max(t.memory[allOf], m)
	}
	return t
}

// table shows a line for each stage: of so many rows, beside the time of a bulk insert,
// and with the power by which the time has grown since the fewer rows before.
func (t timed) table(n int, insert float64, before *timed) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%-10s %8s %8s %8s %10s %9s %6s\n", "stage", "s", "CPU s", "MB", "rows/s", "inserts", "power")
	for _, stage := range []string{"starting", "ingest", "locate", "detect", "plan", "write", "rename", "remember", allOf} {
		power := "–"
		if before != nil && before.cpu[stage] > .05 {
			power = fmt.Sprintf("%.2f", math.Log(t.cpu[stage]/before.cpu[stage])/math.Log(float64(t.rows)/float64(before.rows)))
		}
		fmt.Fprintf(&out, "%-10s %8.2f %8.2f %8.0f %10.0f %9.1f %6s\n", stage, t.wall[stage], t.cpu[stage], t.memory[stage], float64(n)/t.wall[stage], t.wall[stage]/insert, power)
	}
	return out.String()
}
