package risk

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The first n of a partial order are those of a whole one, ties by cell.
func TestPutFirstIsTheSortedHead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 60 {
		x, cells := make([]float64, n), make([]int32, n)
		for i := range x {
			x[i], cells[i] = float64(r.IntN(8)), int32(i)
		}
		r.Shuffle(n, func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
		want := slices.Clone(cells)
		slices.SortFunc(want, func(a, b int32) int {
			if x[a] != x[b] {
				return int(x[b] - x[a])
			}
			return int(a - b)
		})
		for k := range n + 1 {
			got := slices.Clone(cells)
			putFirst(got, x, k)
			head := slices.Clone(want[:k])
			slices.Sort(head)
			slices.Sort(got[:k])
			if !slices.Equal(got[:k], head) {
				t.Fatalf("the first %d of %d: %v, want %v", k, n, got[:k], head)
			}
			if slices.Sort(got); len(slices.Compact(got)) != n {
				t.Fatalf("cells are lost: %v", got)
			}
		}
	}
}

// A lesson's counts add up to what came where cells were known, and each row of its
// parts with all others to 1.
func TestLessonCountsEachIncidentOnce(t *testing.T) {
	incidents := town(900, 120, "theft", 1)
	s := study(t, incidents)
	l := NewLearner(s, nil)
	now := dayOf(start) + 110
	n := 0
	for _, les := range l.lessons("theft", now, nil) {
		counts, want, got := les.count(s, s.past["theft"], 7, now, nil), 0.0, 0.0
		for _, m := range between(s.past["theft"], les.day, les.day+7) {
			if m.known <= now && s.known[m.cell] <= les.day {
				want++
			}
		}
		for _, c := range counts {
			got += c
		}
		if got != want {
			t.Errorf("day %v: %v counted of %v", les.day, got, want)
		}
		n += int(got)
		if len(les.part) != (len(les.cells)+2)*len(DayParts()) || !slices.IsSorted(les.at) || len(les.at) == 0 {
			t.Fatalf("day %v: %d of %d cells, %d figures", les.day, len(les.cells), len(les.at), len(les.part))
		}
		for k := range DayParts() {
			sum := float64(les.part[len(les.cells)*len(DayParts())+k])
			for j := range les.at {
				sum += float64(les.head[j*len(DayParts())+k])
			}
			if sum < .9999 || sum > 1.0001 {
				t.Errorf("day %v: part %d adds up to %v", les.day, k, sum)
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d outcomes", n)
	}
}

// The top is the cells with the highest sum of the day's parts, and what a shift learns
// from counts each incident once: those of the top where they came, the others together.
func TestTheTopOfALessonHasTheHighestCells(t *testing.T) {
	s := study(t, town(6000, 120, "theft", 1))
	l := NewLearner(s, nil)
	parts := len(DayParts())
	now, inTop := dayOf(start)+110, 0.0
	for _, les := range l.lessons("theft", now, nil) {
		sums := make([]float64, len(les.at))
		for j := range sums {
			for k := range parts {
				sums[j] += float64(les.head[j*parts+k])
			}
		}
		most := max(leastTop, int(math.Ceil(topShare*float64(les.n))))
		if most >= len(les.at) {
			t.Fatalf("day %v: all %d cells of the head are of the top", les.day, len(les.at))
		}
		least := slices.Sorted(slices.Values(sums))[len(sums)-most]
		outside := make([]float64, parts)
		for k := range outside {
			outside[k] = 1
		}
		for j, i := range les.at {
			high := sums[j] >= least
			if at, ok := slices.BinarySearch(les.cells, i); ok && math.Abs(sums[j]-least) > 1e-7 && les.top[at] != high {
				t.Errorf("day %v: a cell with %v of the top %v, the least of which has %v", les.day, sums[j], les.top[at], least)
			}
			for k := range outside {
				if high {
					outside[k] -= float64(les.head[j*parts+k])
				}
			}
		}
		for k, got := range les.part[(len(les.cells)+1)*parts:] {
			if math.Abs(float64(got)-outside[k]) > .01 {
				t.Errorf("day %v: part %d has %v out of the top, want %v", les.day, k, got, outside[k])
			}
		}
		counts := les.count(s, s.past["theft"], 7, now, nil)
		got, rest := les.inTop(counts), counts[len(les.cells)]
		for k, top := range les.top {
			want := counts[k]
			if !top {
				rest, want = rest+counts[k], 0
			}
			if got[k] != want {
				t.Fatalf("day %v: %v of outcome %d in the top, want %v", les.day, got[k], k, want)
			}
			inTop += want
		}
		if n := len(les.cells); got[n] != 0 || got[n+1] != rest {
			t.Errorf("day %v: %v out of the head and %v out of the top, want 0 and %v", les.day, got[n], got[n+1], rest)
		}
	}
	if inTop < 100 {
		t.Errorf("only %v outcomes in the top", inTop)
	}
}

// An offence with so many incidents is taught by fewer days.
func TestManyIncidentsAreTaughtByFewerDays(t *testing.T) {
	s := study(t, town(300, 300, "theft", 1))
	l := NewLearner(s, nil)
	few := make([]mark, 19_999)
	many := make([]mark, 20_000)
	for i := range many {
		many[i].at = dayOf(start) + 300*float64(i)/20_000
	}
	copy(few, many)
	if a, b := l.stride(few, dayOf(start)+300), l.stride(many, dayOf(start)+300); a != 1 || b != 2 {
		t.Errorf("every lesson by %d, want 1, and %d, want 2", a, b)
	}
	first, now := dayOf(start), dayOf(start)+300
	some, all := lessonDays(first, now, learnDays, 6), lessonDays(first, now, learnDays, 3)
	for _, d := range some {
		if !slices.Contains(all, d) {
			t.Errorf("day %v is not among all", d)
		}
	}
	if len(some) < len(all)/2-1 || len(some) > len(all)/2+1 {
		t.Errorf("%d of %d days", len(some), len(all))
	}
}

func TestFitIsTheSameOnAnyNumberOfCores(t *testing.T) {
	incidents := slices.Concat(town(600, 200, "theft", 1), town(200, 200, "robbery", 2), town(90, 200, "arson", 3))
	fit := func(cores int) *Fit {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		s := study(t, incidents)
		return NewLearner(s, NewClock(s, nil), early, late, night).Fit(start.Add(190 * 24 * time.Hour))
	}
	one := fit(1)
	for range 3 {
		if diff := cmp.Diff(one, fit(2)); diff != "" {
			t.Fatalf("(-one core +two):\n%s", diff)
		}
	}
}
