package night

import (
	"context"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export"
)

// An Explanation is the chain from a suggestion, or a spree, back to the lines of
// the reports that it rests on.
type Explanation struct {
	Suggestion *patrol.Suggestion // nil for a spree
	Spree      *cluster.Spree     // that of the suggestion; nil for none
	Run        export.Run         // what the plan rests on
	Links      []Link             // the incidents, what makes most of the risk first; of a spree by time
	Rest       float64            // the share of the risk of a suggestion that rests on no incident that is named
}

// A Link is an incident in the chain, with its report and where that was found.
type Link struct {
	Share float64 // of the incidents to expect; 0 in a spree
	Spree string  // whose incident it is there, "" for none
	data.Located
}

// Explain says what the suggestion, or the spree, of the id rests on: as of the
// moment of the options, or else of the last run's.
func Explain(ctx context.Context, o Options, id string) (Explanation, error) {
	var out Explanation
	_, err := o.analysedAgain(ctx, func(e *evening, a *analysis) (Outcome, error) {
		if err := e.plan(ctx, a); err != nil {
			return Outcome{}, err
		}
		if err := e.db.AuditLater(ctx, e.entry(data.Consultation, a.runID, "the reports behind a suggestion or a spree")); err != nil {
			return Outcome{}, err
		}
		located, err := e.db.Located(ctx, a.asOf.Add(-time.Duration(e.Settings.Detect.History)), a.asOf)
		if err != nil {
			return Outcome{}, err
		}
		var found bool
		if out, found = a.explain(id, located); !found {
			return Outcome{}, &data.UserError{Msg: "no suggestion and no spree as of then is called " + id, Hint: "spreewatch plan --json lists them, of another night with --as-of"}
		}
		out.Run = a.manifest(e.Options, nil)
		return Outcome{}, nil
	})
	return out, err
}

// explain follows the chain.
func (a *analysis) explain(id string, located []data.Located) (Explanation, bool) {
	byRef := make(map[string]data.Located, len(located))
	for _, l := range located {
		byRef[l.Ref] = l
	}
	var out Explanation
	spree := func(id string) *cluster.Spree {
		for _, s := range a.detection.Sprees {
			if s.ID == id {
				return &s
			}
		}
		return nil
	}
	if i := slices.IndexFunc(a.suggestions, func(s patrol.Suggestion) bool { return s.ID == id }); i >= 0 {
		out.Suggestion, out.Rest = &a.suggestions[i], 1
		out.Spree = spree(out.Suggestion.SpreeID)
		for _, s := range out.Suggestion.Sources {
			out.Links = append(out.Links, Link{s.Share, s.SpreeID, byRef[s.ID]})
			out.Rest -= s.Share
		}
		return out, true
	}
	if out.Spree = spree(id); out.Spree == nil {
		return Explanation{}, false
	}
	for _, ref := range slices.Concat(out.Spree.Incidents, out.Spree.Joined) {
		out.Links = append(out.Links, Link{Spree: id, Located: byRef[ref]})
	}
	slices.SortStableFunc(out.Links, func(a, b Link) int { return a.From.Compare(b.From) })
	return out, true
}
