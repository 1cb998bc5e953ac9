package replay

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/compare"
	"spreewatch/data/night"
)

// A Compare is what a comparison asks of a past, as typed.
type Compare struct {
	Night    night.Settings // of a night as the force runs it: lookbacks, patrols, the rate, the marking
	Blocks   []Block        // the settings that are compared
	Listed   bool           // the blocks are a file's, and hints speak of it
	Offences []string       // each a name, or several with commas between them; none is each that occurs
	From, To string         // first and last day, such as 2026-01-01; "" for what the past gives
	Alerts   float64        // false sprees a week; 0 is as Night says
	Plants   []trial.Plant  // nil is trial.DefaultPlants
	Seed     uint64
}

// A Comparison is a Compare made ready on a past: trial.Compare of the incidents and the
// options finds the Comparisons that the result still lacks.
type Comparison struct {
	Incidents []cluster.Incident // sorted, without those that began after the last day that is asked for
	Options   trial.CompareOptions
	Result    compare.Result // with the notes on what cannot be answered, and why
}

// CheckAlerts refuses a rate of false sprees a week that is none.
func CheckAlerts(perWeek float64) error {
	if !(perWeek > 0 && perWeek <= 100) {
		return usagef("--alerts-per-week 2", "--alerts-per-week must be over 0 and at most 100")
	}
	return nil
}

// Validate refuses what Ready would refuse whatever the past holds, so that a program can
// say so before it reads one.
func (c Compare) Validate() error {
	if c.Alerts != 0 {
		if err := CheckAlerts(c.Alerts); err != nil {
			return err
		}
	}
	if _, _, err := c.days(time.UTC); err != nil {
		return err
	}
	for i, block := range c.Blocks {
		if _, err := block.Setting(); err != nil {
			return c.refuse(i, err)
		}
	}
	return nil
}

// days are the first and the last day that are asked for, zero where none is.
func (c Compare) days(zone *time.Location) (from, to time.Time, err error) {
	if from, err = parseDay("--from", "2026-01-01", c.From, zone); err != nil {
		return from, to, err
	}
	to, err = parseDay("--to", "2026-06-30", c.To, zone)
	return from, to, err
}

// refuse is the error of the block at i.
func (c Compare) refuse(i int, err error) error {
	hint := "--window 72h --radius 500m --min 3"
	if c.Listed {
		hint = settingHint
	}
	return usagef(hint, "setting %d: %s", i+1, err)
}

// Named are the offences that are asked for, read without a past: every comma parts two.
func (c Compare) Named() []string { return named(c.Offences, nil) }

// named are the offences that are asked for: a text is one where it occurs, and else
// several with commas between them.
func named(texts []string, occurs map[string]int) []string {
	var out []string
	for _, text := range texts {
		names := []string{text}
		if occurs[text] == 0 {
			names = strings.Split(text, ",")
		}
		for _, name := range names {
			if name = strings.TrimSpace(name); name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// Asks reports whether an offence is one that is named, or none is.
func (c Compare) Asks(offence string) bool {
	return len(c.Offences) == 0 || slices.Contains(c.Offences, offence) || slices.Contains(c.Named(), offence)
}

// Ready settles which nights of the past are replayed and which settings it can answer.
// Where there is nothing to compare it says why: a *UsageError where that was typed, and
// else a *data.UserError.
func (c Compare) Ready(past Past) (Comparison, error) {
	m := making{Compare: c, past: past, zone: past.zone(), opt: c.options(past)}
	if !past.Days {
		m.unreported()
	}
	m.notes = append(m.notes, past.Notes...)
	if err := m.period(); err != nil {
		return Comparison{}, err
	}
	if err := m.take(); err != nil {
		return Comparison{}, err
	}
	res := compare.Result{Budget: m.opt.AlertsPerWeek, Notes: m.notes, Source: past.Source, Seed: c.Seed, Dwell: m.opt.Dwell, Shifts: m.opt.Shifts, Zone: past.home(),
		Marking: c.Night.Export.Marking, Audience: export.Audience(c.Night.Export.Audience)}
	return Comparison{Incidents: m.past.Incidents, Options: m.opt, Result: res}, nil
}

// options are those that do not wait for what the past holds.
func (c Compare) options(past Past) trial.CompareOptions {
	opt := trial.DefaultCompareOptions()
	opt.Zone, opt.Seed, opt.Lookback, opt.Resolution = past.zone(), c.Seed, c.Night.Lookbacks(), c.Night.Detect.Resolution
	opt.Dwell, opt.Shifts = time.Duration(c.Night.Patrol.Dwell), max(1, len(c.Night.Shifts))
	opt.AlertsPerWeek = cmp.Or(c.Alerts, c.Night.Detect.AlertsPerWeek, opt.AlertsPerWeek)
	if len(c.Plants) > 0 {
		opt.Plants = c.Plants
	}
	return opt
}

// A making is a comparison while it is made ready.
type making struct {
	Compare
	past  Past
	zone  *time.Location
	opt   trial.CompareOptions
	notes []string // what cannot be answered
}

func (m *making) note(format string, args ...any) {
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
}

// unreported says how many incidents of the offences asked about have no time of report.
func (m *making) unreported() {
	noun := "row"
	if m.past.Source == "" {
		noun = "report"
	}
	n, all := 0, 0
	for _, in := range m.past.Incidents {
		if !m.Asks(in.Offence) || !in.Until.IsZero() {
			continue
		}
		if all++; in.Reported.IsZero() {
			n++
		}
	}
	if n > 0 {
		m.note("%d of %s without a time of report: each is taken as known when it ended, so that delays are the least that they can be", n, data.Count(all, noun))
	}
}

// period settles which nights are replayed, and leaves out what came after them.
func (m *making) period() error {
	if len(m.past.Incidents) == 0 {
		return &data.UserError{Msg: "there is no incident with a place to compare on", Hint: "spreewatch compare FILE reads a table; spreewatch geocode locates reports"}
	}
	cluster.SortIncidents(m.past.Incidents)
	first, last, known := m.past.Incidents[0].From.Time(), m.past.Incidents[len(m.past.Incidents)-1].From.Time(), cluster.Instant(0)
	for _, in := range m.past.Incidents {
		for _, at := range [...]cluster.Instant{in.To, in.Reported} {
			if at > known && at.Sub(in.From) < 31*24*time.Hour {
				known = at
			}
		}
	}
	m.opt.From = midnight(first.Add(min(28*24*time.Hour, last.Sub(first)/3)), m.zone)
	begin, end := midnight(first, m.zone), midnight(known.Time(), m.zone).AddDate(0, 0, 2)
	m.opt.To = end
	from, to, err := m.days(m.zone)
	if err != nil {
		return err
	}
	if m.From != "" {
		m.opt.From = from
	}
	if m.To != "" {
		m.opt.To = to.AddDate(0, 0, 1)
		m.past.Incidents = slices.DeleteFunc(m.past.Incidents, func(in cluster.Incident) bool { return !in.From.Before(m.opt.To) })
	}
	if !m.opt.From.Before(m.opt.To) {
		return usagef("--from 2026-01-01 --to 2026-06-30", "--from is after --to")
	}
	if !slices.ContainsFunc(m.past.Incidents, func(in cluster.Incident) bool {
		return !in.From.Before(m.opt.From.AddDate(0, 0, -1)) && in.From.Before(m.opt.To)
	}) {
		return &data.UserError{Msg: fmt.Sprintf("no incident from %s to %s: they run from %s to %s", m.opt.From.Format(time.DateOnly), m.opt.To.AddDate(0, 0, -1).Format(time.DateOnly),
			first.In(m.zone).Format(time.DateOnly), last.In(m.zone).Format(time.DateOnly)), Hint: "--from " + first.In(m.zone).Format(time.DateOnly) + " --to " + last.In(m.zone).Format(time.DateOnly)}
	}
	// A night of which nothing can be known is no quiet one: it would thin every rate.
	if m.opt.From.Before(begin) {
		m.opt.From = begin
		m.note("nothing is known of before %s: the nights are those from then on", begin.Format(time.DateOnly))
	}
	if m.opt.To.After(end) {
		m.opt.To = end
		m.note("nothing is known of after %s: the nights are those up to then", end.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return nil
}

// take makes the settings of the blocks: for each offence that is named or occurs,
// without those that cannot be answered.
func (m *making) take() error {
	occurs := make(map[string]int)
	for _, in := range m.past.Incidents {
		if in.Until.IsZero() {
			occurs[in.Offence]++
		}
	}
	offences := named(m.Offences, occurs)
	asked := len(offences) > 0
	if !asked {
		offences = slices.Sorted(maps.Keys(occurs))
	}
	before := len(m.notes)
	for i, block := range m.Blocks {
		s, err := block.Setting()
		if err != nil {
			return m.refuse(i, err)
		}
		if !m.answerable(s) {
			continue
		}
		if err := s.Validate(); err != nil {
			return m.refuse(i, err)
		}
		names := offences
		if block.Offence != "" {
			names = []string{block.Offence}
			if asked && !slices.Contains(offences, block.Offence) {
				m.note("setting %d is of %s, which --offence leaves out", i+1, block.Offence)
				continue
			}
		}
		for _, name := range names {
			s.Offence = name
			m.add(s, occurs[name])
		}
	}
	m.notes = append(m.notes[:before:before], distinct(m.notes[before:])...)
	if len(occurs) == 0 {
		return &data.UserError{Msg: "no incident up to the last day stands: each was corrected or taken back", Hint: "spreewatch report REF says what became of one"}
	}
	if len(m.opt.Settings) == 0 {
		return &data.UserError{Msg: "no setting can be answered: " + strings.Join(m.notes[before:], "; "), Hint: "--window 24h,72h --radius 500m,2km --min 3 --offence " + strconv.Quote(commonest(occurs))}
	}
	if len(m.opt.Settings) == 1 {
		m.note("one setting: it is replayed, and there is nothing to compare it with")
	}
	if err := m.opt.Validate(); err != nil {
		return usagef("spreewatch compare --help", "%s", err)
	}
	return nil
}

// distinct are the texts, each where it is first.
func distinct(texts []string) []string {
	var out []string
	for _, text := range texts {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// commonest is the offence that occurs most, of one or more; of equals, the first by name.
func commonest(occurs map[string]int) string {
	names := slices.Sorted(maps.Keys(occurs))
	return slices.MaxFunc(names, func(a, b string) int { return cmp.Compare(occurs[a], occurs[b]) })
}

// answerable reports whether the past can say anything of a window, and says why
// not.
func (m *making) answerable(s trial.Setting) bool {
	past := m.past.Incidents[len(m.past.Incidents)-1].From.Sub(m.past.Incidents[0].From)
	switch {
	case m.past.Days && s.Window < 24*time.Hour:
		m.note("%s is left out: %s has no times of day, and the shortest window it can answer is 24h", s.WindowText, m.past.Source)
		return false
	case s.Window-24*time.Hour > past:
		m.note("%s is left out: it is longer than the past, which is %s", s.WindowText, data.Days(past))
		return false
	case s.Window > trial.LongestWindow:
		m.note("%s is left out: a night looks back %s", s.WindowText, data.Days(trial.LongestWindow))
		return false
	}
	return true
}

// add keeps a setting of an offence that occurs often enough, once.
func (m *making) add(s trial.Setting, occurs int) {
	switch {
	case occurs == 0:
		m.note("%s does not occur and is left out", s.Offence)
		return
	case occurs < s.Min:
		m.note("%s occurs %s and is left out at a minimum of %d", s.Offence, data.Count(occurs, "time"), s.Min)
		return
	}
	for _, o := range m.opt.Settings {
		if o.Offence == s.Offence && o.Window == s.Window && o.RadiusM == s.RadiusM && o.Min == s.Min {
			m.note("%s is left out: %s is the same", s.Name(), o.Name())
			return
		}
	}
	m.opt.Settings = append(m.opt.Settings, s)
}
