package night

import (
	"context"
	"errors"

	"spreewatch/data"
	"spreewatch/geo/address"
)

// A Dossier is all that is known of one report.
type Dossier struct {
	data.History
	Decision *data.Override // what a person decided of its location, nil for nothing
}

// Report looks up all that is known of the report with the reference.
func Report(ctx context.Context, o Options, ref string) (Dossier, error) {
	e, err := o.open(ctx)
	if err != nil {
		return Dossier{}, err
	}
	defer e.close()
	if err := e.db.AuditLater(ctx, e.entry(data.Consultation, "", "the history of a report")); err != nil {
		return Dossier{}, err
	}
	var d Dossier
	if d.History, err = e.db.History(ctx, ref); err != nil {
		return Dossier{}, noReport(err, ref)
	}
	decided, err := e.db.Overrides(ctx)
	if err != nil {
		return Dossier{}, err
	}
	if made, ok := decided[address.Normalise(d.Versions[len(d.Versions)-1].Location)]; ok {
		d.Decision = &made
	}
	return d, nil
}

// Withdraw marks the report with the reference as taken back since the moment of
// the options, or else now. It reports false where it was so already.
func Withdraw(ctx context.Context, o Options, ref string) (bool, error) {
	e, err := o.alter(ctx)
	if err != nil {
		return false, err
	}
	defer e.close()
	if err := e.db.Audit(ctx, e.entry(data.Alteration, "", "a report withdrawn")); err != nil {
		return false, err
	}
	done, err := e.db.Withdraw(ctx, ref, o.Moment())
	return done, noReport(err, ref)
}

// noReport says that there is no report of a reference.
func noReport(err error, ref string) error {
	if errors.Is(err, data.ErrNoReport) {
		return &data.UserError{Msg: "no report has the reference " + ref, Hint: "spreewatch review lists those that wait, with their references"}
	}
	return err
}
