package night

import (
	"context"

	"spreewatch/data"
)

// Offences lists what the reports are called, and as what they count: what is no
// profile's first, then the most frequent.
func Offences(ctx context.Context, o Options) ([]data.OffenceCount, error) {
	e, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if err := e.db.AuditLater(ctx, e.entry(data.Consultation, "", "what the reports are called")); err != nil {
		return nil, err
	}
	var profiles []string
	for _, p := range o.Settings.Profiles() {
		profiles = append(profiles, p.Offence)
	}
	return e.db.Offences(ctx, profiles)
}
