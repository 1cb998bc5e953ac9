package patrol

import (
	"time"

	"spreewatch/cluster"
)

// quarter is the grain of a time band.
const quarter = 15 * time.Minute

// hourWeights are aoristic weights by quarter of the local day.
type hourWeights [96]float64

// wholeDay is the length of the shortest local day, when the clocks go forward.
const wholeDay = 23 * time.Hour

// weighHours adds up the incidents by quarter of the local day. An interval of a
// local day or more says nothing of the hour and is left out, also when asOf cuts
// it: the cut end would weigh on the hours before asOf.
func weighHours(incidents []*cluster.Incident, o Options) hourWeights {
	var sum hourWeights
	dial := cluster.NewDial(o.Zone, quarter)
	for _, in := range incidents {
		if in.To-in.From < cluster.Instant(wholeDay/time.Second) {
			dial.Add(sum[:], in.From, min(in.To, cluster.At(o.AsOf)), 1)
		}
	}
	return sum
}

func quarterOfDay(local time.Time) int { return local.Hour()*4 + local.Minute()/15 }

// band returns the part of the shift, at most o.Band long, that holds the most
// weight; of equal ones the one whose middle is nearest to the mean of the weight
// it holds, then the earliest. A shift without any weight gets its first o.Band.
func (h hourWeights) band(shift cluster.Window, o Options) cluster.Window {
	if shift.Duration() <= o.Band {
		return shift
	}
	var best cluster.Window
	most, offset := -1.0, time.Duration(0)
	// Starts on the quarter of the clock, and the shift's own.
	for start := shift.Start; !start.Add(o.Band).After(shift.End); start = start.Truncate(quarter).Add(quarter) {
		w := cluster.Window{Start: start, End: start.Add(o.Band)}
		sum, mean := h.sum(w, o.Zone)
		off := (mean - o.Band/2).Abs()
		if sum > most+1e-9 || sum > most-1e-9 && sum > 0 && off < offset {
			best, most, offset = w, sum, off
		}
	}
	return best
}

// sum returns the weight in the window and how far into it the mean of that
// weight lies. A quarter cut by the window's edge counts by the part inside.
func (h hourWeights) sum(w cluster.Window, zone *time.Location) (total float64, mean time.Duration) {
	moment := 0.0
	for t := w.Start; t.Before(w.End); {
		end := t.Truncate(quarter).Add(quarter)
		if end.After(w.End) {
			end = w.End
		}
		part := h[quarterOfDay(t.In(zone))] * float64(end.Sub(t)) / float64(quarter)
		total += part
		moment += part * float64(t.Sub(w.Start)+end.Sub(t)/2)
		t = end
	}
	if total == 0 {
		return 0, 0
	}
	return total, time.Duration(moment / total)
}
