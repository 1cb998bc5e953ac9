package nearrepeat

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// LeastToLearn is the fewest incidents that a profile is learnt from.
const LeastToLearn = 100

// A ThinError says that a history does not bear a profile, with the number.
type ThinError struct {
	Incidents int     // in the history
	P         float64 // of the strongest near repeat; NaN where too few incidents to count
}

func (e *ThinError) Error() string {
	if math.IsNaN(e.P) {
		return fmt.Sprintf("%d incidents, and learning needs %d", e.Incidents, LeastToLearn)
	}
	return fmt.Sprintf("%d incidents without near repeats that chance would not make (p %.2f)", e.Incidents, e.P)
}

// An Estimate is a value and its 90 % interval.
type Estimate[T float64 | time.Duration] struct {
	Value, Low, High T
}

// A Learnt is how near and how soon incidents recur.
type Learnt struct {
	Radius    Estimate[float64]       // metres
	Window    Estimate[time.Duration] //
	Decay     Estimate[float64]       // metres in which the excess falls to 1/e
	DecayTime Estimate[time.Duration] // time in which it does
	Incidents int
	Observed  float64 // pairs within radius and window
	Expected  float64 // the same by chance
	P         float64 // of the strongest near repeat, the choice of radius and window counted in
}

// Learn finds the reach of near repeats in a Knox table with the bands given, which
// start at 0; options without replicates are refused.
//
// Radius and window are the edges within which the pairs exceed those of the
// shuffles by the most standard deviations of the shuffles; p compares that most
// with that of every shuffle. The decay is the likeliest δ of μ·(β + A·exp(−d/δ))
// pairs over the distance bands within the window, μ being the pairs expected; in
// time likewise within the radius. So the layout of the streets is in μ and not in δ,
// and β is free because the shuffles hold the near repeats' own pairs too.
// Pairs are of any two: where repeats repeat in turn, reach and decay are those of
// the whole chain.
//
// The intervals are from the same estimates on tables in which the scatter of each
// shuffle, widened by what the observed count exceeds the expected one, is added to
// what was observed. They hold the scatter of counts, not the choice of bands.
func Learn(ctx context.Context, incidents []cluster.Incident, o Options) (Learnt, error) {
	if err := o.Validate(); err != nil {
		return Learnt{}, err
	}
	if o.Replicates < 19 || o.Rest || o.SamePlace || o.Distance[0] != 0 || o.Time[0] != 0 {
		return Learnt{}, errors.New("near repeat: learning needs 19 replicates or more, and bands from 0")
	}
	if len(incidents) < LeastToLearn {
		return Learnt{}, &ThinError{len(incidents), math.NaN()}
	}
	return geo.Attend(ctx, func() (Learnt, error) { return learn(ctx, incidents, o) })
}

func learn(ctx context.Context, incidents []cluster.Incident, o Options) (Learnt, error) {
	k, err := newKnox(incidents, o)
	if err != nil {
		return Learnt{}, err
	}
	observed := slices.Clone(k.table(k.clock.counter(), k.spans))
	replicates, err := k.replicates(ctx)
	if err != nil {
		return Learnt{}, err
	}
	l := newLesson(k, replicates)
	counts := pairs(observed, float64(k.clock.unit))
	best, most := l.reach(counts)
	out := Learnt{Incidents: len(incidents), P: l.p(most)}
	if !(out.P <= 0.05) {
		return Learnt{}, &ThinError{len(incidents), out.P}
	}
	out.Observed, out.Expected = l.within(counts, best), l.within(l.mean, best)
	point := l.estimate(counts)
	var again [4][]float64
	for _, rep := range l.tables {
		for i, v := range l.estimate(l.scattered(counts, rep)) {
			again[i] = append(again[i], v)
		}
	}
	interval := func(i int) Estimate[float64] {
		slices.Sort(again[i])
		n := len(again[i])
		low, high := again[i][n/20], again[i][n-1-n/20]
		return Estimate[float64]{point[i], min(low, point[i]), max(high, point[i])}
	}
	span := func(i int) Estimate[time.Duration] {
		e := interval(i)
		return Estimate[time.Duration]{time.Duration(e.Value), time.Duration(e.Low), time.Duration(e.High)}
	}
	out.Radius, out.Window, out.Decay, out.DecayTime = interval(0), span(1), interval(2), span(3)
	return out, nil
}

// A lesson is the shuffled tables of a study, in pairs.
type lesson struct {
	o          Options
	rows, cols int
	tables     [][]float64 // of the replicates, by row, then column
	mean       []float64
	total      [][]float64 // of the replicates, the pairs within each reach
	totalMean  []float64
	totalSD    []float64
}

func newLesson(k *knox, replicates [][]int64) *lesson {
	l := &lesson{o: k.o, rows: len(k.o.Distance) - 1, cols: len(k.o.Time) - 1}
	unit := float64(k.clock.unit)
	for _, rep := range replicates {
		t := pairs(rep, unit)
		l.tables = append(l.tables, t)
		l.total = append(l.total, l.totals(t))
	}
	var variance []float64
	l.mean, _ = moments(l.tables)
	l.totalMean, variance = moments(l.total)
	for _, v := range variance {
		l.totalSD = append(l.totalSD, math.Sqrt(v))
	}
	return l
}

// moments returns mean and variance by column.
func moments(rows [][]float64) (mean, variance []float64) {
	mean, variance = make([]float64, len(rows[0])), make([]float64, len(rows[0]))
	n := float64(len(rows))
	for _, row := range rows {
		for i, v := range row {
			mean[i] += v / n
		}
	}
	for _, row := range rows {
		for i, v := range row {
			variance[i] += float64((v-mean[i])*(v-mean[i])) / (n - 1)
		}
	}
	return mean, variance
}

// pairs turns a table of units into pairs.
func pairs(table []int64, unit float64) []float64 {
	out := make([]float64, len(table))
	for i, v := range table {
		out[i] = float64(v) / unit
	}
	return out
}

// totals sums a table up to each pair of edges.
func (l *lesson) totals(t []float64) []float64 {
	out := make([]float64, len(t))
	for r := range l.rows {
		line := 0.0
		for c := range l.cols {
			line += t[r*l.cols+c]
			out[r*l.cols+c] = line
			if r > 0 {
				out[r*l.cols+c] += out[(r-1)*l.cols+c]
			}
		}
	}
	return out
}

func (l *lesson) within(t []float64, cell int) float64 { return l.totals(t)[cell] }

// reach returns the reach with the greatest excess and how many standard deviations
// it is; of equal ones the least.
func (l *lesson) reach(t []float64) (cell int, most float64) {
	return l.greatest(l.totals(t))
}

func (l *lesson) greatest(totals []float64) (cell int, most float64) {
	most = math.Inf(-1)
	for i, v := range totals {
		// Where no shuffle has two different counts, one pair is the scatter.
		if z := (v - l.totalMean[i]) / max(l.totalSD[i], 1); z > most {
			cell, most = i, z
		}
	}
	return cell, most
}

// p ranks the greatest excess among those of the shuffles.
func (l *lesson) p(most float64) float64 {
	above := 0
	for _, t := range l.total {
		if _, z := l.greatest(t); z >= most {
			above++
		}
	}
	return float64(1+above) / float64(1+len(l.total))
}

// scattered is a table that might have been observed.
func (l *lesson) scattered(observed, replicate []float64) []float64 {
	out := make([]float64, len(observed))
	for i, v := range observed {
		wide := 1.0
		if l.mean[i] > 0 {
			wide = math.Sqrt(max(1, v/l.mean[i]))
		}
		out[i] = max(0, v+float64(wide*(replicate[i]-l.mean[i])))
	}
	return out
}

// estimate returns radius, window, decay and decay time of a table, metres and
// nanoseconds.
func (l *lesson) estimate(t []float64) [4]float64 {
	cell, _ := l.reach(t)
	row, col := cell/l.cols, cell%l.cols
	times := make([]float64, len(l.o.Time))
	for i, e := range l.o.Time {
		times[i] = float64(e)
	}
	near, nearMean := make([]float64, l.rows), make([]float64, l.rows)
	soon, soonMean := make([]float64, l.cols), make([]float64, l.cols)
	for i, v := range t {
		r, c := i/l.cols, i%l.cols
		if c <= col {
			near[r], nearMean[r] = near[r]+v, nearMean[r]+l.mean[i]
		}
		if r <= row {
			soon[c], soonMean[c] = soon[c]+v, soonMean[c]+l.mean[i]
		}
	}
	return [4]float64{l.o.Distance[row+1], times[col+1],
		fitDecay(l.o.Distance, near, nearMean), fitDecay(times, soon, soonMean)}
}

// fitDecay returns the δ at which μ·(β + A·f(δ)) is likeliest to give the pairs
// observed in the bands, as Poisson counts, f being the mean of exp(−x/δ) over a
// band, β and A the best there are: the best of 200 values in equal ratios from a
// twentieth of the first edge to the last edge.
func fitDecay(edges, observed, mean []float64) float64 {
	const steps = 200
	low, high := edges[1]/20, edges[len(edges)-1]
	best, most := high, math.Inf(-1)
	model := make([]float64, len(mean))
	for s := range steps + 1 {
		d := low * math.Pow(high/low, float64(s)/steps)
		for i := range mean {
			a, b := edges[i], edges[i+1]
			model[i] = mean[i] * d * (math.Exp(-a/d) - math.Exp(-b/d)) / (b - a)
		}
		if v := likeliest(observed, mean, model); v > most {
			best, most = d, v
		}
	}
	return best
}

// likeliest returns the Poisson log likelihood of β·mean + A·model with the best β
// and A over 0, by expectation and maximisation: each count is shared out between
// the two parts, and a part is scaled to what it got.
func likeliest(observed, mean, model []float64) float64 {
	var chance, repeats float64
	for i := range mean {
		chance += mean[i]
		repeats += model[i]
	}
	beta, a := 1.0, 1.0
	for range 80 {
		var toChance, toRepeats float64
		for i, o := range observed {
			if m := float64(beta*mean[i]) + float64(a*model[i]); m > 0 {
				toChance += o * beta * mean[i] / m
				toRepeats += o * a * model[i] / m
			}
		}
		if chance == 0 || repeats == 0 {
			break
		}
		beta, a = toChance/chance, toRepeats/repeats
	}
	v := 0.0
	for i, o := range observed {
		if m := float64(beta*mean[i]) + float64(a*model[i]); m > 0 {
			v += float64(o*math.Log(m)) - m
		}
	}
	return v
}
