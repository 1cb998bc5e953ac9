package main

// What several verbs print: sprees, times, numbers.

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
)

// spreeLine describes a spree in a line.
func spreeLine(s cluster.Spree, zone *time.Location) string {
	offence := s.Offence
	if offence == "" {
		offence = "all offences"
	}
	line := fmt.Sprintf("%-8s %s  %s  %s  %s", s.Status, offence, data.Count(len(s.Incidents), "incident"),
		interval(s.Window.Start, s.Window.End, zone), strings.Join(s.Places, ", "))
	if st := s.Statistic; st != nil {
		line += fmt.Sprintf("  p %.3g, chance alone would raise this about once %s", st.P, data.Often(st.Recurrence.Hours()/24))
	}
	return line
}

// interval writes an event interval in local time for people, the day once.
func interval(from, to time.Time, zone *time.Location) string {
	from, to = from.In(zone), to.In(zone)
	s := from.Format("Mon 2 Jan 2006 15:04")
	switch {
	case from.Equal(to):
		return s
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return s + to.Format("–15:04")
	}
	return s + to.Format(" – Mon 2 Jan 15:04")
}

// wrote says which file was written, in words or as JSON.
func (g *globals) wrote(name string) error {
	if g.quiet {
		return nil
	}
	if g.json {
		return json.NewEncoder(g.out).Encode(map[string]string{"wrote": name})
	}
	_, err := fmt.Fprintf(g.out, "wrote %s\n", name)
	return err
}

// orNull is nil for an empty string, so that JSON says null.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
