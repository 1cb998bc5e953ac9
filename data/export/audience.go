package export

import (
	"slices"

	"spreewatch/geo"
)

// forAudience returns the part of the result that the audience may see, the review in
// order. What is cut by leaving out a whole file is not cut here, nor is the manifest.
func forAudience(r Result, o Options) (Result, error) {
	r.Review = inOrder(r.Review) // while the references stand
	switch o.Audience {
	case AudienceSupervisor:
		r.Review = slices.Clone(r.Review)
		for i := range r.Review {
			row := &r.Review[i]
			row.Ref, row.Location, row.Match, row.Candidates = "", "", geo.Candidate{}, nil
			row.Offence = o.known(row.Offence)
		}
		r.Sprees, r.Suggestions = slices.Clone(r.Sprees), slices.Clone(r.Suggestions)
		for i := range r.Sprees {
			r.Sprees[i].Offence = o.known(r.Sprees[i].Offence)
		}
		for i := range r.Suggestions {
			r.Suggestions[i].Offence = o.known(r.Suggestions[i].Offence)
		}
	case AudiencePublic:
		public, err := forPublic(r, o)
		for i := range public.Sprees {
			public.Sprees[i].Offence = o.known(public.Sprees[i].Offence)
		}
		for i := range public.Suggestions {
			s := &public.Suggestions[i]
			s.Offence = o.known(s.Offence)
		}
		return public, err
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

// known returns the offence where it is one of those known, "" for free text.
func (o Options) known(offence string) string {
	if slices.Contains(o.Offences, offence) {
		return offence
	}
	return ""
}
