package replay

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/night"
)

// An Evaluate is what an evaluation of plans asks of a past, as typed.
type Evaluate struct {
	Night    night.Settings // what the plans are made by
	Offence  string         // looked at alone, as if there were no others; "" is all
	From, To string         // first and last day that is planned, such as 2022-07-01; "" for what the past gives
	Every    int            // plan every so many days, 1 to 30
	Least    int            // incidents in those days under which an offence is left out, 1 or more
	Seed     uint64
}

// DefaultEvaluate plans every third day, and leaves out an offence under a hundred
// incidents.
func DefaultEvaluate() Evaluate { return Evaluate{Every: 3, Least: 100, Seed: 1} }

// An Evaluation is an Evaluate made ready on a past, for trial.Evaluate. Where that has no
// rows, TooFew says so.
type Evaluation struct {
	Incidents []cluster.Incident // of the offence that is looked at
	Options   trial.Options
	Notes     []string // those of the past, and which day is taken in place of one asked for
}

// Validate refuses what Ready would refuse whatever the past holds, so that a program can
// say so before it reads one.
func (e Evaluate) Validate() error {
	_, _, err := e.days(time.UTC)
	return err
}

// days are the first and the last day that are asked for, zero where none is.
func (e Evaluate) days(zone *time.Location) (from, to time.Time, err error) {
	if from, err = parseDay("--from", "2022-07-01", e.From, zone); err != nil {
		return from, to, err
	}
	if to, err = parseDay("--to", "2022-07-01", e.To, zone); err != nil {
		return from, to, err
	}
	if e.Least < 1 {
		return from, to, usagef("--least 10", "--least must be 1 or more")
	}
	if e.Every < 1 || e.Every > 30 {
		return from, to, usagef("--every 3", "--every must be 1 to 30 days")
	}
	return from, to, nil
}

// Ready settles which days of the past are planned, and for which shifts: for none where
// dates are days alone. Where there is nothing to score it says why: a *UsageError where
// that was typed, and else a *data.UserError.
func (e Evaluate) Ready(past Past) (Evaluation, error) {
	out := Evaluation{Notes: slices.Clone(past.Notes)}
	out.Incidents = slices.DeleteFunc(past.Incidents, func(in cluster.Incident) bool { return e.Offence != "" && in.Offence != e.Offence })
	switch {
	case len(out.Incidents) == 0 && e.Offence != "":
		return out, &data.UserError{Msg: "there is no incident of that offence with a place to score", Hint: "leave --offence out: each offence is scored"}
	case len(out.Incidents) == 0:
		return out, &data.UserError{Msg: "there is no incident with a place to score", Hint: "spreewatch evaluate FILE reads a table; spreewatch geocode locates reports"}
	}
	zone := past.zone()
	opt := trial.DefaultOptions()
	opt.Seed, opt.Least, opt.Step = e.Seed, e.Least, time.Duration(e.Every)*24*time.Hour
	opt.Plan = e.Night.PlanOptions(zone, time.Time{})
	if past.Days {
		opt.Plan.Shifts = nil
	}
	begins := func(a, b cluster.Incident) int { return cmp.Compare(a.From, b.From) }
	first, last := slices.MinFunc(out.Incidents, begins).From.Time(), slices.MaxFunc(out.Incidents, begins).From.Time()
	opt.From, opt.To = midnight(first.Add(last.Sub(first)/3), zone).UTC(), midnight(last.Add(-7*24*time.Hour), zone).UTC()
	from, to, err := e.days(zone)
	if err != nil {
		return out, err
	}
	if e.From != "" {
		opt.From = from.UTC()
	}
	if e.To != "" {
		opt.To = to.UTC()
	}
	if e.From == "" && e.To == "" && opt.To.Before(opt.From) {
		return out, &data.UserError{Msg: fmt.Sprintf("the incidents span %s: a replay needs a past before its first day and a week after its last", data.Count(int(last.Sub(first).Hours()/24)+1, "day")),
			Hint: "spreewatch evaluate takes the reports of a month or more"}
	}
	if err := opt.Validate(); err != nil {
		return out, usagef("spreewatch evaluate --help", "%s", err)
	}
	begin, end := midnight(first, zone).UTC(), midnight(last, zone).UTC()
	if opt.From.After(end) || opt.To.Before(begin) {
		return out, TooFew(opt)
	}
	// A day of which nothing can be known is no quiet one: what is expected of it would
	// be held against nothing.
	for _, bound := range []struct {
		flag    string
		at      *time.Time
		nearest time.Time
		beyond  bool
	}{{"--from", &opt.From, begin, opt.From.Before(begin)}, {"--to", &opt.To, end, opt.To.After(end)}} {
		if bound.beyond {
			*bound.at = bound.nearest
			out.Notes = append(out.Notes, fmt.Sprintf("%s is beyond the incidents: %s is taken", bound.flag, bound.nearest.In(zone).Format(time.DateOnly)))
		}
	}
	out.Options = opt
	return out, nil
}

// TooFew is the error of an evaluation without rows: too few incidents lie in the days. It
// says what to try.
func TooFew(opt trial.Options) error {
	hint := "--from and --to take days with incidents"
	if opt.Least > 10 {
		hint = "--least 10"
	}
	return &data.UserError{Msg: fmt.Sprintf("no offence has %s from %s to %s", data.Count(opt.Least, "incident"), opt.From.In(opt.Plan.Zone).Format(time.DateOnly), opt.To.In(opt.Plan.Zone).Format(time.DateOnly)),
		Hint: hint}
}
