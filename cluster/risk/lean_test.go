package risk

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"spreewatch/cluster"
)

// A rare offence happens where a common one does, at three places: its mixture leans
// there, and puts more there than its own past does. The common one has little to learn
// of it, and an offence alone nothing.
func TestRareOffenceLeansToWhereOthersAre(t *testing.T) {
	common := town(6000, 300, "theft", 1)
	rare := slices.DeleteFunc(town(400, 300, "robbery", 2), func(in cluster.Incident) bool { return in.ID[len(in.ID)-1]%2 == 1 })
	now := start.Add(290 * day)
	l := NewLearner(study(t, slices.Concat(common, rare)), nil)
	f := l.Fit(now)
	lean := f.Of("robbery").Week.Lean
	if total := lean[0] + lean[1]; total < .1 {
		t.Errorf("robbery leans by %v", lean)
	}
	m := l.moment(now)
	plain := m.mixture(f, "robbery")[1]
	leant := m.leant(lean, "robbery", plain)
	hot := func(surface []float64) (sum float64) {
		theft, _ := l.study.Came("theft", start, now)
		for i, n := range theft {
			if n > 100 {
				sum += surface[i]
			}
		}
		return sum
	}
	if a, b := hot(plain), hot(leant); b <= a || b > 1 {
		t.Errorf("%.3f of robbery at the common places before it leans, %.3f after", a, b)
	}
	total := 0.0
	for _, x := range leant {
		total += x
	}
	if math.Abs(total-1) > 1e-9 {
		t.Errorf("adds up to %v", total)
	}
	alone := NewLearner(study(t, rare), nil).Fit(now)
	if got := alone.Of("robbery").Day.Lean; got != (Lean{}) {
		t.Errorf("alone it leans by %v", got)
	}
}

// Two lessons of three cells, the incidents of which came as the mixture has it times
// the others to the power ½: far more of them than the prior counts for find it.
func TestClimbFindsThePower(t *testing.T) {
	others := []float32{0, 1, 2, -1, -1, 1}
	mixed := []float64{.5, .3, .2}
	truth := Lean{.5, .5}
	d := draw{mixed: mixed, others: others, came: 1e6, weight: 1}
	sum := 0.0
	for j, x := range mixed {
		sum += x * truth.factor(others, j)
	}
	for j, x := range mixed {
		came := d.came * x * truth.factor(others, j) / sum
		for k := range d.drew {
			d.drew[k] += came * float64(others[2*j+k])
		}
	}
	at := func(l Lean) slope { return slopeOf([]draw{d, d}, l) }
	if diff := cmp.Diff(truth, climb(Lean{}, at), cmpopts.EquateApprox(0, 1e-3)); diff != "" {
		t.Errorf("(-truth +climbed):\n%s", diff)
	}
	none := func(Lean) slope { return slope{} }
	if got := climb(Lean{.2, .1}, none); got != (Lean{.2, .1}) {
		t.Errorf("without an incident %v, want the prior", got)
	}
}

// By hand: others of four against the mean of two and a half; the offence's own are
// taken off, and a cell that is not known says nothing.
func TestOthersAreAllLessTheOffence(t *testing.T) {
	v := &view{Study: &Study{}, known: []bool{true, true, false, true}, n: 3}
	all := [2][]float64{{5, 3, 9, 1}, {2, 2, 2, 2}}
	own := [2][]float64{{1, 0, 0, .5}, {0, 0, 0, 0}}
	got := v.others([]int32{3, 0}, all, own, [2]float64{2, 1})
	// Own of the first doubled: left are 3, 3 and 0, in the mean 2.
	want := []float32{float32(math.Log(.3)), float32(math.Log(1.3)), float32(math.Log(1.8)), float32(math.Log(1.3))}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if v.others([]int32{0}, own, own, wholly) != nil {
		t.Error("there are no others, and yet they say something")
	}
	head := []float64{.2, .1}
	Lean{1, 0}.tilt(head, want)
	if math.Abs(head[0]+head[1]-.3) > 1e-12 || math.Abs(head[1]/head[0]-3) > 1e-6 {
		t.Errorf("leans to %v, want .075 and .225", head)
	}
}

// What a lesson has in its head is what a plan of the same day would have there, so
// factors by band are learnt of what they are used on.
func TestLessonsLeanAsPlansDo(t *testing.T) {
	l := NewLearner(study(t, slices.Concat(town(3000, 200, "theft", 1), town(300, 200, "robbery", 2))), nil)
	f := l.Fit(start.Add(190 * day))
	seen := l.seen["robbery"]
	les := seen[len(seen)-5]
	learned := f.Of("robbery").Week
	if les.others == nil || learned.Lean == (Lean{}) {
		t.Fatalf("the lesson of day %v or the fit does not lean: %v", les.day, learned.Lean)
	}
	m := l.moment(time.Unix(int64(les.day*86400), 0))
	plain := m.mixture(f, "robbery")[1]
	surface := m.leant(learned.Lean, "robbery", plain)
	want, got := make([]float64, len(les.at)), les.mixed(learned.Weights, learned.Lean)
	moved := 0.0
	for j, i := range les.at {
		want[j] = surface[i]
		moved = max(moved, math.Abs(surface[i]-plain[i])/plain[i])
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-4, 1e-9)); diff != "" {
		t.Errorf("(-plan +lesson):\n%s", diff)
	}
	if moved < .02 {
		t.Errorf("leaning moves no cell by more than %.3f of it: the test compared next to nothing", moved)
	}
}
