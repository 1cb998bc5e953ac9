package export

import (
	"slices"

	"spreewatch/geo"
)

// forAudience returns the part of the result that the audience may see. What is
// cut by leaving out a whole file is not cut here.
func forAudience(r Result, o Options) Result {
	switch o.Audience {
	case AudienceSupervisor:
		r.Review = slices.Clone(r.Review)
		for i := range r.Review {
			r.Review[i].Ref, r.Review[i].Location, r.Review[i].Candidates = "", "", nil
		}
	case AudiencePublic:
		r = forPublic(r, o)
	}
	return r
}

// forPublic drops the sprees and cells of fewer than MinCount incidents and
// every mention of them, and moves centres to the middle of their cell. Empty
// cells are dropped too: were they shown, a gap would mean a small count.
func forPublic(r Result, o Options) Result {
	shown := make(map[string]bool)
	sprees := r.Sprees
	r.Sprees = nil
	for _, s := range sprees {
		if len(s.Incidents) < o.MinCount {
			continue
		}
		if c, err := geo.CellAt(s.Centre, o.Resolution); err == nil {
			s.Centre = c.Centre()
		}
		shown[s.ID] = true
		r.Sprees = append(r.Sprees, s)
	}

	cells := r.Cells
	r.Cells = nil
	for _, c := range cells {
		if c.Observed < float64(o.MinCount) {
			continue
		}
		if !shown[c.SpreeID] {
			c.SpreeID = ""
		}
		r.Cells = append(r.Cells, c)
	}

	r.Suggestions = slices.Clone(r.Suggestions)
	for i := range r.Suggestions {
		s := &r.Suggestions[i]
		if !shown[s.SpreeID] {
			s.SpreeID = ""
		}
		s.Reason = "" // it counts incidents in words, and says how far off the last one was
	}
	r.Incidents = slices.DeleteFunc(slices.Clone(r.Incidents), func(in Incident) bool { return !shown[in.SpreeID] })
	r.Review = nil
	return r
}
