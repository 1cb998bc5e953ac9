//go:build unix

package night

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"spreewatch/data/export"
)

// BenchmarkYear runs the nights of a year in sequence on one database, 300 reports
// each, a quarter of them at streets of the sample and the others at 3,000 points of
// the county, some of which see much more than others, and shows for each thirty
// nights what processor time the one in the middle took, in all and by stage, and the
// yardstick, a piece of work that is always the same, by which one sees how busy the
// machine was; by how much the database grew; and what memory was held after them and
// the most that the process had. At the end it runs a night after the first month and
// one after the last in turn, each on a copy of the database as it was, which shows
// what the nights between cost a night however busy the machine was. SPREEWATCH_NIGHTS and SPREEWATCH_REPORTS take other
// numbers; SPREEWATCH_PAST takes in the reports of as many days before the first
// night, so that the history that a night looks at is as long on the first as on the
// last. SPREEWATCH_PROFILES names a folder for a profile of the last night of each
// month.
func BenchmarkYear(b *testing.B) {
	number := func(name string, usual int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return usual
	}
	nights, reports, past := number("SPREEWATCH_NIGHTS", 365), number("SPREEWATCH_REPORTS", 300), number("SPREEWATCH_PAST", 0)
	for b.Loop() {
		y := newYear(b, reports)
		var first, last, now month
		early := snapshot{}
		before := int64(0)
		for n := range nights {
			since := n
			if n == 0 {
				since = -past
			}
			if n == min(nightsInMonth, nights-1) {
				early = y.snapshot(b, "early.db", n)
			}
			unprofiled := profiled(b, n)
			now = append(now, y.run(b, since, n))
			unprofiled()
			if (n+1)%nightsInMonth == 0 {
				runtime.GC()
				var held runtime.MemStats
				runtime.ReadMemStats(&held)
				if last = now; first == nil {
					first = last
				}
				b.Logf("nights %d to %d: %v, database %.1f MB (%+.1f), %.0f MB held, %.0f MB at most", n+2-nightsInMonth, n+1, last, float64(y.size())/1e6, float64(y.size()-before)/1e6, float64(held.HeapAlloc)/1e6, mostHeld(b))
				now, before = nil, y.size()
			}
		}
		b.ReportMetric(last.median(allOf)/first.median(allOf), "last/first")
		b.ReportMetric(float64(y.size())/float64((nights+past)*reports), "B/report")
		b.ReportMetric(y.inTurn(b, early, y.snapshot(b, "late.db", nights)), "late/early")
	}
}

// A year is a database that nights are run on.
type year struct {
	o       Options
	dir     string
	rng     *rand.Rand
	points  []string
	reports int // a night
}

func newYear(b *testing.B, reports int) *year {
	y := &year{o: optionsFor(b), dir: b.TempDir(), rng: rand.New(rand.NewPCG(3, 65)), reports: reports}
	y.o.DB, y.o.Who = filepath.Join(y.dir, "year.db"), "ann"
	for range 3000 {
		y.points = append(y.points, fmt.Sprintf(",%.5f,%.5f", 52.5+.4*y.rng.Float64(), .8+.6*y.rng.Float64()))
	}
	return y
}

// size is that of the database.
func (y *year) size() (n int64) {
	for _, end := range []string{"", "-wal"} {
		if st, err := os.Stat(y.o.DB + end); err == nil {
			n += st.Size()
		}
	}
	return n
}

// run runs the night with the reports of the days from since to it.
func (y *year) run(b *testing.B, since, night int) spent {
	streets := []string{"Mill Street, Elsing", "Norwich Road, Dereham", "Wallace Close, Dereham", "Shipdham Road, Dereham", "Andrews Close, Holme Hale", "Neville Close, Dereham", "Dereham", "Elsing"}
	offences := []string{"courier-fraud", "dwelling-burglary", "robbery", "vehicle-crime"}
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	lines := []string{"ref,offence,location,lat,lon,from"}
	for d := since; d <= night; d++ {
		for i := range y.reports {
			at := first.AddDate(0, 0, d).Add(time.Duration(y.rng.IntN(24*60)) * time.Minute)
			place := "\"" + streets[y.rng.IntN(len(streets))] + "\",,"
			if i%4 > 0 {
				place = y.points[int(float64(len(y.points))*math.Pow(y.rng.Float64(), 2))]
			}
			lines = append(lines, fmt.Sprintf("N%d-%d,%s,%s,%s", d, i, offences[y.rng.IntN(len(offences))], place, at.Format("2006-01-02T15:04")))
		}
	}
	path := filepath.Join(y.dir, "tonight.csv")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	o := y.o
	o.AsOf = first.AddDate(0, 0, night).Add(26 * time.Hour)
	o.Now = o.AsOf
	var took spent
	o.Step = took.begin(b)
	if _, err := Run(b.Context(), o, Reading{Files: []string{path}}, Writing{Dir: filepath.Join(y.dir, "out"), Audience: export.AudienceSupervisor}); err != nil {
		b.Fatal(err)
	}
	o.Step("")
	return took
}

// A snapshot is a copy of the database as it was before a night.
type snapshot struct {
	path  string
	night int
}

func (y *year) snapshot(b *testing.B, name string, night int) snapshot {
	s := snapshot{filepath.Join(y.dir, name), night}
	copyFile(b, y.o.DB, s.path)
	return s
}

// copyFile copies a database that nobody has open: all of it is in its file.
func copyFile(b *testing.B, from, to string) {
	b.Helper()
	text, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, text, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// inTurn runs the second night after each snapshot, several times in turn, and returns
// how many times the processor time of the one after early the one after late took:
// what else the machine did meanwhile fell on both. The first night after each learns
// what is learnt anew but once in some weeks, which would fall on one of them.
func (y *year) inTurn(b *testing.B, early, late snapshot) float64 {
	const turns = 7
	of := map[int]month{}
	db := y.o.DB
	for _, s := range []snapshot{early, late} {
		y.o.DB = s.path
		y.run(b, s.night, s.night)
	}
	for turn := range turns {
		for _, s := range []snapshot{early, late} {
			y.o.DB = filepath.Join(y.dir, fmt.Sprintf("turn-%d-%d.db", s.night, turn))
			copyFile(b, s.path, y.o.DB)
			of[s.night] = append(of[s.night], y.run(b, s.night+1, s.night+1))
			if err := os.Remove(y.o.DB); err != nil {
				b.Fatal(err)
			}
		}
	}
	y.o.DB = db
	b.Logf("in turn, night %d: %v", early.night+2, of[early.night])
	b.Logf("in turn, night %d: %v", late.night+2, of[late.night])
	return of[late.night].median(allOf) / of[early.night].median(allOf)
}

// nightsInMonth is how many nights are shown together.
const nightsInMonth = 30

// The parts of the time of a night that are none of its stages.
const (
	allOf     = "each"
	yardstick = "yardstick"
)

// spent is the processor time, in seconds, of each stage of a night, of all of it,
// and of the yardstick before it.
type spent map[string]float64

// begin measures the yardstick, and returns what is called as each step begins and,
// with no name, at the end.
func (s *spent) begin(b *testing.B) func(step string) {
	*s = spent{}
	start := busy(b)
	measure()
	since := busy(b)
	(*s)[yardstick] = (since - start).Seconds()
	stage := "starting"
	return func(step string) {
		now := busy(b)
		(*s)[stage] += (now - since).Seconds()
		(*s)[allOf] += (now - since).Seconds()
		since, stage = now, stageOf(step)
	}
}

// measure is a piece of work that is always the same and, like a night's, goes through
// memory: it takes about a tenth of a second.
func measure() {
	rng := rand.New(rand.NewPCG(1, 1))
	work := make([]float64, 600_000)
	for i := range work {
		work[i] = rng.Float64()
	}
	slices.Sort(work)
}

// A month is the times of some nights.
type month []spent

// median is that of the part, in seconds.
func (m month) median(part string) float64 {
	var of []float64
	for _, night := range m {
		of = append(of, night[part])
	}
	slices.Sort(of)
	if len(of) == 0 {
		return math.NaN()
	}
	return of[len(of)/2]
}

func (m month) String() string {
	out := fmt.Sprintf("%.2f s each, the yardstick %.3f s", m.median(allOf), m.median(yardstick))
	for _, stage := range []string{"starting", "ingest", "locate", "detect", "plan", "write", "rename", "remember"} {
		out += fmt.Sprintf(", %s %.2f", stage, m.median(stage))
	}
	return out
}

// profiled profiles the night where it is the last of a month and a folder is named
// for it, until it is undone.
func profiled(b *testing.B, night int) (undo func()) {
	dir := os.Getenv("SPREEWATCH_PROFILES")
	if dir == "" || (night+1)%nightsInMonth > 0 {
		return func() {}
	}
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("night-%03d.pprof", night+1)))
	if err != nil {
		b.Fatal(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		b.Fatal(err)
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}
}

// mostHeld is the most memory, in MB, that this process has had since it was asked
// before, NaN where the system does not say.
func mostHeld(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return math.NaN()
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kB float64
	if _, err := fmt.Sscan(after, &kB); err != nil {
		return math.NaN()
	}
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // or it is the most of the whole life
	return kB / 1e3
}

// busy is the processor time that this process has taken: other work on the machine
// does not count.
func busy(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
