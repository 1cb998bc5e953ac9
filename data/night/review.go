package night

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/geo"
)

// A Waiting is a report that needs a person, and why.
type Waiting struct {
	data.Located
	Reason export.Reason
}

// Review returns the reports that need a person, by source and line. What was not
// looked up yet is looked up for the answer, and nothing is stored: a list waits
// for no writer.
func Review(ctx context.Context, o Options) ([]Waiting, error) {
	e, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if err := e.db.AuditLater(ctx, e.entry(data.Consultation, "", "the list of the review")); err != nil {
		return nil, err
	}
	all, err := e.db.Located(ctx, time.Time{}, farFuture)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	var fresh []data.Located
	if err := e.lookUp(ctx, func(_ string, _ int, located iter.Seq2[[]data.Located, error]) error {
		for some, err := range located {
			if err != nil {
				return err
			}
			for _, l := range some {
				found[l.Ref] = true
			}
			fresh = append(fresh, some...)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(l data.Located) bool { return found[l.Ref] })
	return o.waiting(append(all, fresh...)), nil
}

// Locate finds where the reports are that were not looked up yet in this
// gazetteer. It returns every report, and how many of them need a person.
func Locate(ctx context.Context, o Options) (all []data.Located, waiting int, err error) {
	err = o.located(ctx, func(e *evening, l []data.Located) error {
		all = l
		return e.db.AuditLater(ctx, e.entry(data.Consultation, "", "where the reports are"))
	})
	return all, len(o.waiting(all)), err
}

// located opens the store, locates what is not yet, and hands over every report.
func (o Options) located(ctx context.Context, use func(*evening, []data.Located) error) error {
	e, err := o.alter(ctx)
	if err != nil {
		return err
	}
	defer e.close()
	if err := e.locate(ctx); err != nil {
		return err
	}
	all, err := e.db.Located(ctx, time.Time{}, farFuture)
	if err != nil {
		return err
	}
	return use(e, all)
}

// farFuture is after every report that can be stored.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (o Options) waiting(all []data.Located) []Waiting {
	var open []Waiting
	repeats := o.Settings.repeats(all)
	for _, l := range all {
		if why := o.Settings.reviewReason(l, repeats); why.Why != export.WhyNot {
			open = append(open, Waiting{l, why})
		}
	}
	slices.SortStableFunc(open, func(a, b Waiting) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line))
	})
	return open
}

// reviewReason says why a person must look at a report, the zero value when nobody
// need.
func (c Settings) reviewReason(l data.Located, repeats map[string]data.Located) export.Reason {
	m, least := l.Match, c.Geocode.MinConfidence
	switch again, ok := repeats[l.Ref]; {
	case m.Rule == ruleRejected:
		return export.Reason{}
	case m.Level == geo.LevelNone:
		return export.Reason{Why: export.WhyNotFound}
	case m.Level == geo.LevelAmbiguous:
		return export.Reason{Why: export.WhyAmbiguous}
	case ok:
		return export.Reason{Why: export.WhyRepeat, Source: again.Source, Line: again.Line}
	case m.Confidence < least:
		return export.Reason{Why: export.WhyUnsure, Confidence: m.Confidence, Least: least, Corrections: m.Corrections}
	}
	return export.Reason{}
}

// reviewRows are the reports that a person must decide and the lines that gave
// none.
func (c Settings) reviewRows(doubtful []data.Located, repeats map[string]data.Located, refused []data.Refusal) []export.ReviewRow {
	rows := make([]export.ReviewRow, 0, len(doubtful)+len(refused))
	for _, l := range doubtful {
		why := c.reviewReason(l, repeats)
		if why.Why == export.WhyNot {
			continue
		}
		rows = append(rows, export.ReviewRow{Source: l.Source, Line: l.Line, Ref: l.Ref, Offence: c.profileOf(l.Offence), Location: l.Location,
			Level: l.Match.Level, Confidence: l.Match.Confidence, Match: geo.Candidate{Name: l.Match.Name, Locality: l.Match.Locality, Point: l.Match.Point}, Reason: why, Candidates: l.Match.Candidates})
	}
	for _, r := range refused {
		rows = append(rows, export.ReviewRow{Source: r.Source, Line: r.Line, Reason: export.Refused(&r.RowError)})
	}
	slices.SortStableFunc(rows, export.CompareReview) // in place: a copy in order would be large
	return rows
}
