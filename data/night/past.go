package night

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
)

// Past returns the incidents that the database holds as of the moment of the
// analysis, with a place and at the least level, of one offence or, where none is
// named, of all. It reads and changes nothing.
func Past(ctx context.Context, o Options, offence string) ([]cluster.Incident, error) {
	if err := o.Settings.Known(offence); err != nil {
		return nil, err
	}
	e, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if err := e.db.AuditLater(ctx, e.entry(data.Consultation, "", "the past as a whole")); err != nil {
		return nil, err
	}
	located, err := e.db.Located(ctx, time.Time{}, o.Moment())
	if err != nil {
		return nil, err
	}
	least := o.Settings.detectOptions(o.Zone, o.Seed, o.Moment()).MinLevel
	return slices.DeleteFunc(o.Settings.incidentsOf(located), func(in cluster.Incident) bool {
		return in.Level < least || offence != "" && in.Offence != offence
	}), nil
}

// Known refuses an offence that the settings have not.
func (c Settings) Known(offence string) error {
	if _, ok := c.Offences[offence]; ok || offence == "" {
		return nil
	}
	var names []string
	for _, p := range c.Profiles() {
		names = append(names, p.Offence)
	}
	return &data.UserError{Msg: fmt.Sprintf("there is no offence %q in the settings", offence), Hint: "--offence takes one of " + strings.Join(names, ", ")}
}

// Lookbacks are how long before a night a spree of each offence may have ended.
func (c Settings) Lookbacks() map[string]time.Duration {
	out := make(map[string]time.Duration)
	for _, p := range c.Profiles() {
		out[p.Offence] = p.Lookback
	}
	return out
}
