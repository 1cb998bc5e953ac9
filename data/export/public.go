package export

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

const (
	// publicResolution is the finest at which the public sees where something
	// with few incidents is: a cell of about 5 km² in Britain, 2.2 km across.
	publicResolution = 7
	// coarsestResolution is the coarsest at which a patrol area still says
	// something: a cell of about 1,800 km².
	coarsestResolution = 4
	// publicRadiusM is what the radius of a spree is rounded up to.
	publicRadiusM = 1000
	// widestM is more than any spree within one country.
	widestM = 1_000_000
	// fewAcross is how many cells of a wide spree lie side by side, about.
	fewAcross = 20
)

// forPublic drops what has fewer than MinCount incidents behind it (sprees,
// suggestions, cells, names of settlements) and every mention of it, and makes
// the rest so coarse that no place of fewer incidents can be told from it: see
// blurSpree and blurSuggestion. Empty cells are dropped too: were they shown, a
// gap would mean a small count.
func forPublic(r Result, o Options) (Result, error) {
	byID := make(map[string]layer.Incident, len(r.Incidents))
	for _, in := range r.Incidents {
		byID[in.ID] = in
	}
	behind := func(ids []string) []layer.Incident {
		var found []layer.Incident
		for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
			if in, ok := byID[id]; ok {
				found = append(found, in)
			}
		}
		return found
	}
	public := Result{Run: r.Run}
	shown := make(map[string]bool)
	for _, s := range r.Sprees {
		if len(s.Incidents) < o.MinCount {
			continue
		}
		own := behind(s.Incidents)
		blurred, err := blurSpree(s, own, o)
		if err != nil {
			return Result{}, err
		}
		shown[s.ID] = true
		public.Sprees = append(public.Sprees, blurred)
		for _, in := range own {
			if in.SpreeID == s.ID && slices.Contains(blurred.Places, in.PlaceName) {
				public.Incidents = append(public.Incidents, in)
			}
		}
	}

	for _, c := range r.Cells {
		if c.Observed < float64(o.MinCount) {
			continue
		}
		if !shown[c.SpreeID] {
			c.SpreeID = ""
		}
		public.Cells = append(public.Cells, c)
	}

	suggestions := slices.Clone(r.Suggestions)
	slices.SortStableFunc(suggestions, layer.ByRank)
	for _, s := range suggestions {
		if len(s.Incidents) < o.MinCount || s.SpreeID != "" && !shown[s.SpreeID] {
			continue
		}
		blurred, err := blurSuggestion(s, behind(s.Incidents), o)
		if err != nil {
			return Result{}, err
		}
		blurred.Rank = len(public.Suggestions) + 1
		blurred.ID = fmt.Sprintf("%s %d", s.Shift, blurred.Rank) // its own holds the cell
		public.Suggestions = append(public.Suggestions, blurred)
	}
	return public, nil
}

// blurSpree moves the centre of the spree's circle to the middle of its coarse
// cell, widens the radius by as much and up to whole kilometres, and draws the
// coarse cells that hold this circle. They follow from the circle alone, whose
// every cell may be the one of any of the spree's incidents. A spree wider than
// fewAcross of them gets coarser ones. Of the settlements it keeps those with
// MinCount of its incidents.
func blurSpree(s cluster.Spree, own []layer.Incident, o Options) (cluster.Spree, error) {
	resolution := o.snapResolution()
	c, err := geo.CellAt(s.Centre, resolution)
	for err == nil && resolution > 0 && 2*s.RadiusM > fewAcross*math.Sqrt(c.AreaM2()) {
		resolution--
		c, err = geo.CellAt(s.Centre, resolution)
	}
	if err != nil {
		return s, fmt.Errorf("centre of spree %s: %w", s.ID, err)
	}
	if !(s.RadiusM >= 0 && s.RadiusM <= widestM) {
		return s, fmt.Errorf("radius of spree %s is out of range", s.ID)
	}
	// What raised it and who joined it follow single reports.
	s.Raised, s.Joined, s.Merged = cluster.Thresholds{}, nil, nil
	centre := c.Centre()
	s.RadiusM = publicRadiusM * math.Ceil((s.RadiusM+geo.Distance(s.Centre, centre))/publicRadiusM)
	s.Centre = centre
	if s.Zone, err = covering(c, s.RadiusM); err != nil {
		return s, fmt.Errorf("spree %s: %w", s.ID, err)
	}
	names := commonPlaces(own, o.MinCount)
	s.Places = slices.DeleteFunc(slices.Clone(s.Places), func(name string) bool { return !slices.Contains(names, name) })
	return s, nil
}

// blurSuggestion replaces the area by the finest coarse cell about its middle
// that holds MinCount of the incidents behind it, by none where only a cell too
// wide to mean anything does; and its name by that of the settlement, where this
// has MinCount of them. The risk is that of the area given up, and the reason
// counts incidents in words and says how far off the last one was: both go.
func blurSuggestion(s patrol.Suggestion, behind []layer.Incident, o Options) (patrol.Suggestion, error) {
	s.Reason, s.Risk = "", math.NaN()
	name := ""
	for _, place := range commonPlaces(behind, o.MinCount) {
		if strings.Contains(s.PlaceName, place) && len(place) > len(name) {
			name = place
		}
	}
	s.PlaceName = name

	middle := s.Cell
	s.Cell, s.Area, s.AreaM2 = 0, nil, math.NaN()
	if !middle.Valid() {
		return s, nil
	}
	for resolution := o.snapResolution(); resolution >= coarsestResolution; resolution-- {
		c, err := geo.CellAt(middle.Centre(), resolution)
		if err != nil {
			return s, fmt.Errorf("suggestion of rank %d: %w", s.Rank, err)
		}
		inside := 0
		for _, in := range behind {
			if at, err := geo.CellAt(in.Point, resolution); err == nil && at == c {
				inside++
			}
		}
		if inside >= o.MinCount {
			s.Cell, s.Area, s.AreaM2 = c, []geo.Cell{c}, c.AreaM2()
			break
		}
	}
	return s, nil
}

// commonPlaces returns the settlements that at least so many of the incidents
// are in, by name.
func commonPlaces(incidents []layer.Incident, least int) []string {
	count := make(map[string]int)
	var names []string
	for _, in := range incidents {
		count[in.PlaceName]++
		if in.PlaceName != "" && count[in.PlaceName] == least {
			names = append(names, in.PlaceName)
		}
	}
	slices.Sort(names)
	return names
}

// covering returns cells about c, of its resolution, that hold the circle of the
// radius in metres about its centre: c alone where the circle does not reach
// over its edge.
func covering(c geo.Cell, radiusM float64) ([]geo.Cell, error) {
	centre := c.Centre()
	corner := 0.0 // from a middle to a corner, which hardly differs between neighbours
	for _, p := range c.Polygon()[0] {
		corner = max(corner, geo.Distance(centre, p))
	}
	for k := int(radiusM / (2 * corner)); ; k++ {
		cells := c.Disk(k)
		edge, err := edgeDistance(cells, centre)
		if err != nil {
			return nil, err
		}
		if edge < radiusM {
			continue
		}
		if k == 0 {
			return cells, nil
		}
		// A cell farther off than this has no part in the circle.
		return slices.DeleteFunc(cells, func(n geo.Cell) bool { return geo.Distance(n.Centre(), centre) > radiusM+1.1*corner }), nil
	}
}

// edgeDistance returns how near the outer edge of the cells comes to the point,
// at its corners and half-way between them: on a disk of hexagons the nearest
// point is one of these.
func edgeDistance(cells []geo.Cell, p orb.Point) (float64, error) {
	outline, err := geo.Outline(cells)
	if err != nil {
		return 0, err
	}
	nearest := math.Inf(1)
	for _, polygon := range outline {
		ring := polygon[0]
		for i := 1; i < len(ring); i++ {
			half := orb.Point{(ring[i-1][0] + ring[i][0]) / 2, (ring[i-1][1] + ring[i][1]) / 2}
			nearest = min(nearest, geo.Distance(p, ring[i]), geo.Distance(p, half))
		}
	}
	return nearest, nil
}
