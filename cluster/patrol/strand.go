package patrol

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
	"spreewatch/geo"
)

// A strand is the areas of one offence that one spree stands behind, or none.
type strand struct {
	profile cluster.Profile
	model   *risk.Risk
	spree   *cluster.Spree // nil for none
	hours   hourWeights    // that the time band is chosen by
	areas   []risk.Area    // by cell
	weighed []*cluster.Incident
}

// strandsOf returns the strands of every profile, those of one offence after the other.
func strandsOf(incidents []*cluster.Incident, sprees []cluster.Spree, o Options) ([]strand, error) {
	own := byOffence(incidents, o)
	held := make(map[string]bool) // the incidents of live sprees
	for _, s := range sprees {
		for _, id := range s.Incidents {
			if s.Status != cluster.StatusEnded {
				held[id] = true
			}
		}
	}
	strands, errs := make([][]strand, len(o.Profiles)), make([]error, len(o.Profiles))
	geo.Each(runtime.GOMAXPROCS(0), len(o.Profiles), func(_, i int) {
		p := o.Profiles[i]
		if strands[i], errs[i] = offenceStrands(own[p.Offence], held, sprees, p, o); errs[i] != nil {
			errs[i] = fmt.Errorf("plan %s: %w", p.Offence, errs[i])
		}
	})
	return slices.Concat(strands...), cmp.Or(errs...)
}

// byOffence are the incidents with a place that have happened, by offence.
func byOffence(incidents []*cluster.Incident, o Options) map[string][]*cluster.Incident {
	counts := make(map[string]int)
	for _, in := range incidents {
		counts[in.Offence]++
	}
	out := make(map[string][]*cluster.Incident, len(counts))
	for offence, n := range counts {
		out[offence] = make([]*cluster.Incident, 0, n)
	}
	for _, in := range incidents {
		if !in.From.After(o.AsOf) && in.Level.Located() {
			out[in.Offence] = append(out[in.Offence], in)
		}
	}
	return out
}

// offenceStrands returns the offence's own strand and one for each of its live
// sprees, whose incidents are held. What an incident of a spree adds is the first such
// spree's.
func offenceStrands(own []*cluster.Incident, held map[string]bool, sprees []cluster.Spree, p cluster.Profile, o Options) ([]strand, error) {
	if len(own) == 0 {
		return nil, nil
	}
	var inSprees []*cluster.Incident
	for _, in := range own {
		if len(held) > 0 && held[in.ID] {
			inSprees = append(inSprees, in)
		}
	}
	strands := []strand{{profile: p, model: risk.New(own, p, o.AsOf, o.Zone), weighed: own, hours: weighHours(own, o)}}
	live := liveSprees(inSprees, sprees, p)
	at := make(map[string]int, len(inSprees)) // of those that no spree has taken yet
	for i, in := range inSprees {
		at[in.ID] = i
	}
	for k := range live {
		var its []int
		for _, id := range live[k].Incidents {
			if i, ok := at[id]; ok {
				its = append(its, i)
				delete(at, id)
			}
		}
		slices.Sort(its) // by time, as they are
		members := make([]*cluster.Incident, len(its))
		for n, i := range its {
			members[n] = inSprees[i]
		}
		if len(members) == 0 {
			continue
		}
		cells, err := candidateCells(members, p, o)
		if err != nil {
			return nil, err
		}
		strands = append(strands, strand{profile: p, model: risk.New(members, p, o.AsOf, o.Zone), spree: &live[k], areas: risk.Areas(cells),
			weighed: members, hours: weighHours(members, o)})
	}
	return strands, nil
}

// liveSprees returns the sprees that hold incidents of the offence and have not
// ended, those of the offence itself before those of all offences, in the order
// given.
func liveSprees(inSprees []*cluster.Incident, sprees []cluster.Spree, p cluster.Profile) []cluster.Spree {
	ids := make(map[string]bool, len(inSprees))
	for _, in := range inSprees {
		ids[in.ID] = true
	}
	var live []cluster.Spree
	for _, offence := range []string{p.Offence, ""} {
		for _, s := range sprees {
			if s.Offence == offence && s.Status != cluster.StatusEnded &&
				slices.ContainsFunc(s.Incidents, func(id string) bool { return ids[id] }) {
				live = append(live, s)
			}
		}
	}
	return live
}

// candidateCells returns the cells that hold an incident, and of those of the
// last four DecayTimes the neighbours too that its kernel reaches: a kernel is
// highest at its incident, and the sum of several that are close lies between
// them.
func candidateCells(incidents []*cluster.Incident, p cluster.Profile, o Options) ([]geo.Cell, error) {
	var cells []geo.Cell
	centres := make(map[geo.Cell]orb.Point)
	for _, in := range incidents {
		own, err := geo.CellAt(in.Point, o.Resolution)
		if err != nil {
			return nil, fmt.Errorf("cell of incident %s: %w", in.ID, err)
		}
		cells = append(cells, own)
		if o.AsOf.Sub(in.To.Time()) > 4*p.DecayTime {
			continue
		}
		reach := reachM(in, p, own.AreaM2())
		for _, c := range own.Disk(1) {
			if _, ok := centres[c]; !ok {
				centres[c] = c.Centre()
			}
			if geo.Distance(centres[c], in.Point) <= reach {
				cells = append(cells, c)
			}
		}
	}
	return geo.SortCells(cells), nil
}

// reachM is how far an incident stands behind the areas around it: two
// bandwidths of its kernel (cluster.Risk), which is never less than the way from
// the middle of its own cell.
func reachM(in *cluster.Incident, p cluster.Profile, area float64) float64 {
	return 2 * math.Sqrt(p.DecayM*p.DecayM+in.RadiusM*in.RadiusM+area/(2*math.Pi))
}
