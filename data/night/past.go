package night

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/address"
)

// Past returns the incidents that the database holds as of the moment of the
// analysis, with a place and at the least level, of one offence or, where none is
// named, of all. It reads and changes nothing.
func Past(ctx context.Context, o Options, offence string) ([]cluster.Incident, error) {
	if err := o.Settings.Known(offence); err != nil {
		return nil, err
	}
	e, located, err := o.past(ctx, "the past as a whole")
	if err != nil {
		return nil, err
	}
	defer e.close()
	return slices.DeleteFunc(e.placed(o.Settings.incidentsOf(located)), func(in cluster.Incident) bool { return offence != "" && in.Offence != offence }), nil
}

// AsKnown returns the incidents of Past with what was known of them on each night: of
// one that was corrected or taken back, what was said before until then, and what stands
// from then on. It is the rule by which detect looks at a past night.
func AsKnown(ctx context.Context, o Options) ([]cluster.Incident, error) {
	e, located, err := o.past(ctx, "the past as a whole, as it was known")
	if err != nil {
		return nil, err
	}
	defer e.close()
	corrected, err := e.db.Corrected(ctx, o.Moment())
	if err != nil {
		return nil, err
	}
	said := make(map[string]bool)
	for _, c := range corrected {
		said[c.Ref] = true
	}
	out := slices.DeleteFunc(o.Settings.incidentsOf(located), func(in cluster.Incident) bool { return said[in.ID] })
	repeats := o.Settings.repeats(located)
	for _, c := range corrected {
		if _, again := repeats[c.Ref]; again {
			continue
		}
		for _, in := range o.Settings.incidentsOf([]data.Located{c.Located}) {
			if in.Until = cluster.At(c.Until); cluster.At(c.Known) > in.Reported {
				in.Reported = cluster.At(c.Known)
			}
			out = append(out, in)
		}
	}
	return e.placed(out), nil
}

// past opens the database for what was known of all reports at the moment of the
// analysis. Who reads it closes the evening.
func (o Options) past(ctx context.Context, what string) (*evening, []data.Located, error) {
	e, err := o.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	var located []data.Located
	if err = e.db.AuditLater(ctx, e.entry(data.Consultation, "", "%s", what)); err == nil {
		located, err = e.db.Located(ctx, time.Time{}, o.Moment())
	}
	if err != nil {
		e.close()
		return nil, nil, err
	}
	return e, located, nil
}

// placed are the incidents at the least level of a detection.
func (e *evening) placed(incidents []cluster.Incident) []cluster.Incident {
	least := e.Settings.detectOptions(e.Zone, e.Seed, e.Moment()).MinLevel
	return slices.DeleteFunc(incidents, func(in cluster.Incident) bool { return in.Level < least })
}

// ErrNoGazetteer is that nothing was imported to look addresses up in.
var ErrNoGazetteer = errors.New("there is no gazetteer to look addresses up in")

// Find gives each incident whose text is not "" the place of the text: by what a person
// decided of it, or else by the gazetteer that the database holds. It stores nothing,
// and looks up each text once. What is found nowhere, under the least level or the least
// confidence is left out. Where nothing was imported it returns those without a text,
// and ErrNoGazetteer.
func Find(ctx context.Context, o Options, incidents []cluster.Incident, texts []string) ([]cluster.Incident, error) {
	known := func(i int) bool { return texts[i] == "" }
	if !slices.ContainsFunc(texts, func(text string) bool { return text != "" }) {
		return incidents, nil
	}
	e := o.with(nil)
	if _, err := os.Stat(o.DB); err == nil {
		if e, err = o.open(ctx); err != nil {
			return nil, err
		}
		defer e.close()
	}
	h, err := e.hold(ctx)
	if err != nil {
		return nil, err
	}
	var out []cluster.Incident
	if h.Sample {
		for i := range incidents {
			if known(i) {
				out = append(out, incidents[i])
			}
		}
		return out, ErrNoGazetteer
	}
	found, err := e.find(ctx, texts)
	if err != nil {
		return nil, err
	}
	least := o.Settings.detectOptions(o.Zone, o.Seed, o.Moment()).MinLevel
	for i, in := range incidents {
		if !known(i) {
			m := found[texts[i]]
			in.Point, in.RadiusM, in.Level, in.Confidence, in.PlaceName = m.Point, m.RadiusM, m.Level, m.Confidence, m.Settlement()
			if !m.Level.Located() || m.Level < least || m.Confidence < o.Settings.Geocode.MinConfidence {
				continue
			}
		}
		out = append(out, in)
	}
	return out, nil
}

// findAtOnce is how many texts are looked up between two looks at the context.
const findAtOnce = 1000

// find looks up texts, each once.
func (e *evening) find(ctx context.Context, texts []string) (map[string]geo.Match, error) {
	index, err := e.places(ctx)
	if err != nil {
		return nil, err
	}
	overrides, err := e.db.Overrides(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]geo.Match)
	var todo []string
	for _, text := range slices.Compact(slices.Sorted(slices.Values(texts))) {
		if decided, ok := overrides[address.Normalise(text)]; ok {
			out[text] = decided.Match
		} else {
			todo = append(todo, text)
		}
	}
	for some := range slices.Chunk(todo, findAtOnce) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i, m := range matchAll(index, some, e.Settings.within()) {
			out[some[i]] = m
		}
	}
	return out, nil
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
