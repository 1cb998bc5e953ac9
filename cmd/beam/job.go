package main

import (
	"fmt"
	"strings"
	"time"

	"spreewatch/cluster/scan"
	"spreewatch/data/night"
	"spreewatch/data/replay"
)

// A job is what is asked for, as it travels to whatever works on it: texts and numbers,
// for a time zone or a function does not travel.
type job struct {
	Kind       string // scan, compare or evaluate
	Output     string // folder; one in it for each force
	Zone       string
	InputZone  string
	ZoneTold   bool      // one of the two was typed, so that a known source does not say it
	Force      string    // header of the column of forces, "none" for none
	ForceAsked bool      // it was named, and has to be there
	Partitions int       // of a force
	Spans      int       // of a scan's replicates
	Workers    int       // goroutines of one element; 0 is one a processor
	Many       bool      // files, so that a row without a reference is named by its file too
	Order      string    // of numeric dates
	Today      time.Time // by which years of two digits are read, one day for all workers
	CRS        string
	Night      night.Settings
	Scan       scanJob
	Compare    replay.Compare
	Evaluate   replay.Evaluate
}

// scanJob are the options of a scan, in the words of the command line.
type scanJob struct {
	Mode, Radius, MaxWindow, Step, Locations string
	From, To, Lookback, Earlier              string
	Overlap, Adjust, PMethod, Offence        string
	Resolution, MinCases, Replicates         int
	Seed                                     uint64
}

// work is what each step knows: its job, which travels as bytes.
type work struct {
	Job []byte
	job job
}

// Setup reads the job, on the machine that the step is on.
func (w *work) Setup() error {
	if err := decode(w.Job, &w.job); err != nil {
		return fmt.Errorf("read the job: %w", err)
	}
	return nil
}

// of says of which force an error is.
func (j job) of(force string, err error) error {
	if err == nil {
		return nil
	}
	if force == "" {
		return fmt.Errorf("%s: %w", j.Kind, err)
	}
	return fmt.Errorf("%s %s: %w", j.Kind, force, err)
}

// column is the header of the column of forces, "" for none.
func (j job) column() string {
	if j.Force == "none" {
		return ""
	}
	return j.Force
}

// zone is the calendar of the job.
func (j job) zone() (*time.Location, error) {
	zone, err := time.LoadLocation(j.Zone)
	if err != nil || strings.EqualFold(j.Zone, "local") {
		return nil, fmt.Errorf("--timezone: no time zone %q", j.Zone)
	}
	return zone, nil
}

// inputZone is that of times without an offset.
func (j job) inputZone() (*time.Location, error) {
	if j.InputZone == "" {
		return j.zone()
	}
	zone, err := time.LoadLocation(j.InputZone)
	if err != nil || strings.EqualFold(j.InputZone, "local") {
		return nil, fmt.Errorf("--input-timezone: no time zone %q", j.InputZone)
	}
	return zone, nil
}

// options turns the words into those of the scan.
func (s scanJob) options(zone *time.Location) (scan.Options, error) {
	o := scan.DefaultOptions()
	o.Zone, o.Seed, o.Resolution, o.MinCases, o.Replicates = zone, s.Seed, s.Resolution, s.MinCases, s.Replicates
	var reach night.Reach
	if err := reach.Set(s.Radius); err != nil {
		return o, fmt.Errorf("--radius: %w", err)
	}
	reach.Limit(&o)
	for _, length := range []struct {
		flag, text string
		to         *time.Duration
	}{{"--max-window", s.MaxWindow, &o.MaxWindow}, {"--step", s.Step, &o.Step}, {"--lookback", s.Lookback, &o.Lookback}, {"--earlier", s.Earlier, &o.Earlier}} {
		var span night.Span
		if err := span.Set(length.text); err != nil {
			return o, fmt.Errorf("%s: %w", length.flag, err)
		}
		*length.to = time.Duration(span)
	}
	var err error
	if o.Mode, err = scan.ParseMode(s.Mode); err != nil {
		return o, fmt.Errorf("--mode: %w", err)
	}
	if o.Locations, err = scan.ParseLocations(s.Locations); err != nil {
		return o, fmt.Errorf("--locations: %w", err)
	}
	if o.Overlap, err = scan.ParseOverlap(s.Overlap); err != nil {
		return o, fmt.Errorf("--overlap: %w", err)
	}
	if o.Adjust, err = scan.ParseAdjustment(s.Adjust); err != nil {
		return o, fmt.Errorf("--adjust: %w", err)
	}
	if o.PMethod, err = scan.ParsePMethod(s.PMethod); err != nil {
		return o, fmt.Errorf("--p-method: %w", err)
	}
	for _, bound := range []struct {
		flag, text string
		days       int // a day alone is taken to its end
		to         *time.Time
	}{{"--from", s.From, 0, &o.From}, {"--to", s.To, 1, &o.To}} {
		if bound.text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, bound.text, zone)
		if err != nil {
			return o, fmt.Errorf("%s: %q is no day such as 2026-11-22", bound.flag, bound.text)
		}
		*bound.to = day.AddDate(0, 0, bound.days)
	}
	return o, o.Validate()
}
