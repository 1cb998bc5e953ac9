package patrol

import (
	"fmt"
	"math"
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
	weighed []cluster.Incident
}

// offenceStrands shares out the cells near the offence's incidents among its
// sprees.
func offenceStrands(incidents []cluster.Incident, sprees []cluster.Spree, p cluster.Profile, o Options) ([]strand, error) {
	var own []cluster.Incident
	first := o.AsOf
	for _, in := range incidents {
		if in.From.After(o.AsOf) || !in.Level.Located() {
			continue
		}
		if in.From.Before(first) {
			first = in.From
		}
		if in.Offence == p.Offence {
			own = append(own, in)
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	model := risk.New(incidents, p, o.AsOf, o.Zone)
	live := liveSprees(own, sprees, p)
	behind := make(map[string]int) // incident → 1 + index in live
	for k := range live {
		for _, id := range live[k].Incidents {
			if behind[id] == 0 {
				behind[id] = k + 1
			}
		}
	}
	cells, err := candidateCells(own, p, o)
	if err != nil {
		return nil, err
	}
	areas := risk.Areas(cells)
	ofSpree := make([][]risk.Area, len(live)+1)
	for _, a := range areas {
		k := 0
		if len(live) > 0 {
			k = leadingSpree(model.Sources(a), behind, len(live))
		}
		ofSpree[k] = append(ofSpree[k], a)
	}
	var strands []strand
	for k, areas := range ofSpree {
		if len(areas) == 0 {
			continue
		}
		s := strand{profile: p, model: model, areas: areas, weighed: own}
		if k > 0 {
			s.spree = &live[k-1]
			s.weighed = slices.DeleteFunc(slices.Clone(own), func(in cluster.Incident) bool { return behind[in.ID] != k })
		}
		s.hours = weighHours(s.weighed, o)
		strands = append(strands, s)
	}
	return strands, nil
}

// liveSprees returns the sprees that hold incidents of the offence and have not
// ended, those of the offence itself before those of all offences, in the order
// given.
func liveSprees(own []cluster.Incident, sprees []cluster.Spree, p cluster.Profile) []cluster.Spree {
	ids := make(map[string]bool, len(own))
	for _, in := range own {
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

// leadingSpree returns 1 + the index of the spree whose incidents raise more
// than half of an area's near-repeat risk, 0 for none.
func leadingSpree(sources []risk.Source, behind map[string]int, sprees int) int {
	total := 0.0
	by := make([]float64, sprees+1)
	for _, s := range sources {
		total += s.Weight
		by[behind[s.ID]] += s.Weight
	}
	for k := 1; k <= sprees; k++ {
		if by[k] > total/2 {
			return k
		}
	}
	return 0
}

// candidateCells returns the cells that hold an incident, and of those of the
// last four DecayTimes the neighbours too that its kernel reaches: a kernel is
// highest at its incident, and the sum of several that are close lies between
// them.
func candidateCells(incidents []cluster.Incident, p cluster.Profile, o Options) ([]geo.Cell, error) {
	var cells []geo.Cell
	centres := make(map[geo.Cell]orb.Point)
	for _, in := range incidents {
		own, err := geo.CellAt(in.Point, o.Resolution)
		if err != nil {
			return nil, fmt.Errorf("cell of incident %s: %w", in.ID, err)
		}
		cells = append(cells, own)
		if o.AsOf.Sub(in.To) > 4*p.DecayTime {
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
func reachM(in cluster.Incident, p cluster.Profile, area float64) float64 {
	return 2 * math.Sqrt(p.DecayM*p.DecayM+in.RadiusM*in.RadiusM+area/(2*math.Pi))
}
