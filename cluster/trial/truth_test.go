package trial

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A knownCity is one whose rates are known: of so many cells, each offence comes in each
// at its own rate, by day the same, and one incident says nothing of the next.
type knownCity struct {
	cells []geo.Cell
	rates map[string]map[geo.Cell]float64 // incidents a day
}

// newKnownCity is the size of Vancouver, 1,200 cells, with eight offences that come 800 to
// 13,000 times a year, the least 521 times in 238 days. Their rates go from cell to cell
// by factors, some of which they share; the best hundredth of the cells has 9 to 40 times
// its share.
func newKnownCity(seed uint64) knownCity {
	rng := rand.New(rand.NewPCG(seed, 3))
	middle, err := geo.CellAt(orb.Point{-123.1, 49.25}, 9)
	if err != nil {
		panic(err)
	}
	c := knownCity{cells: middle.Disk(19), rates: map[string]map[geo.Cell]float64{}}
	shared := make([]float64, len(c.cells))
	for i := range shared {
		shared[i] = rng.NormFloat64()
	}
	for k, a := range []float64{800, 1000, 1300, 1800, 2700, 4500, 8000, 13000} {
		spread := []float64{1.0, 1.6, 1.1, 1.3, 2.0, 1.2, 1.7, 1.4}[k]
		rates, sum := map[geo.Cell]float64{}, 0.0
		for i, cell := range c.cells {
			rates[cell] = math.Exp(spread * (.8*shared[i] + .6*rng.NormFloat64()))
			sum += rates[cell]
		}
		for _, cell := range c.cells {
			rates[cell] *= a / 365 / sum
		}
		c.rates[fmt.Sprint("offence ", k+1)] = rates
	}
	return c
}

// draw is what comes in so many days.
func (c knownCity) draw(days int, seed uint64) []cluster.Incident {
	rng := rand.New(rand.NewPCG(seed, 4))
	var out []cluster.Incident
	for k := range len(c.rates) {
		offence := fmt.Sprint("offence ", k+1)
		for _, cell := range c.cells {
			for at := rng.ExpFloat64() / c.rates[offence][cell]; at < float64(days); at += rng.ExpFloat64() / c.rates[offence][cell] {
				turn, away := 2*math.Pi*rng.Float64(), 150*math.Sqrt(rng.Float64()) // metres: within the cell
				centre := cell.Centre()
				p := orb.Point{centre[0] + away*math.Cos(turn)/111_195/math.Cos(centre[1]*math.Pi/180), centre[1] + away*math.Sin(turn)/111_195}
				when := cluster.At(newYear.Add(time.Duration(at * float64(oneDay))))
				out = append(out, cluster.Incident{ID: fmt.Sprint(offence, "-", len(out)), Offence: offence, From: when, To: when, Reported: when, Point: p, Level: geo.LevelStreet, Confidence: 1})
			}
		}
	}
	return out
}

// BenchmarkTruth scores the rates that the incidents are drawn from, than which nothing
// expects better, beside the other methods as Evaluate does, on 238 days behind a year.
// It shows how many comparisons at 1 and 2 % of the area an other method wins by over
// 2 % of its hits even so, and in what share of years any does: no method can be asked
// to lose none by that much in a year.
func BenchmarkTruth(b *testing.B) {
	years := 3
	if n, err := strconv.Atoi(os.Getenv("SPREEWATCH_YEARS")); err == nil {
		years = n
	}
	was := methods[0].expect
	defer func() { methods[0].expect = was }()
	for b.Loop() {
		over, some, compared, worst := 0, 0, 0, 0.0
		for year := range years {
			c := newKnownCity(uint64(year))
			incidents := c.draw(365+238+7, uint64(year))
			methods[0].expect = func(r *replay, offence string, _ time.Time, days int) []float64 {
				out := make([]float64, len(r.study.Cells))
				for i, cell := range r.study.Cells {
					out[i] = c.rates[offence][cell] * float64(days)
				}
				return out
			}
			o := DefaultOptions()
			o.From, o.To, o.Step, o.Shares, o.Replicates = newYear.AddDate(1, 0, 0), newYear.AddDate(1, 0, 237), oneDay, []float64{.01, .02}, 99
			o.Plan.Shifts = nil
			got, err := Evaluate(context.Background(), incidents, o)
			if err != nil {
				b.Fatal(err)
			}
			before := over
			for _, t := range got.Tests {
				if t.Offence == All {
					continue
				}
				compared++
				if by := t.Theirs/t.Ours - 1; by > .02 {
					over++
					worst = max(worst, by)
				}
			}
			if over > before {
				some++
			}
		}
		b.ReportMetric(float64(compared)/float64(years), "comparisons/year")
		b.ReportMetric(float64(over)/float64(years), "over2%/year")
		b.ReportMetric(float64(some)/float64(years), "years-with-one")
		b.ReportMetric(100*worst, "worst-%")
	}
}
