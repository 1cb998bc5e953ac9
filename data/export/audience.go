package export

import (
	"slices"

	"spreewatch/geo"
)

// forAudience returns the part of the result that the audience may see. What is
// cut by leaving out a whole file is not cut here, nor is the manifest.
func forAudience(r Result, o Options) (Result, error) {
	switch o.Audience {
	case AudienceSupervisor:
		r.Review = slices.Clone(r.Review)
		for i := range r.Review {
			row := &r.Review[i]
			row.Ref, row.Location, row.Match, row.Candidates = "", "", geo.Candidate{}, nil
		}
	case AudiencePublic:
		return forPublic(r, o)
	}
	return r, nil
}

// snapResolution is the resolution of the cells to whose middle points are
// moved for all but an analyst.
func (o Options) snapResolution() int {
	if o.Audience == AudiencePublic {
		return min(o.Resolution, publicResolution)
	}
	return o.Resolution
}
