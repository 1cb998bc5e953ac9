package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"
	"time"

	"spreewatch/cluster/scan"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/night"
)

// shownSprees is how many the table shows; weaker ones say nothing.
const shownSprees = 10

// printScan writes the sprees for a person.
func printScan(w io.Writer, r scan.Result, o scan.Options) error {
	if r.Cases == 0 {
		_, err := fmt.Fprintln(w, "no case in the study, and no spree")
		return err
	}
	layout := "2006-01-02 15:04"
	if o.Step%(24*time.Hour) == 0 {
		layout = time.DateOnly
	}
	short := func(t time.Time) string { return t.In(o.Zone).Format(layout) }
	fmt.Fprintf(w, "%d cases at %d places, %s up to %s, %d steps of %s\n",
		r.Cases, r.Locations, short(r.From), short(r.To), r.Steps, night.Span(o.Step))
	if o.Adjust == scan.AdjustWeekday {
		fmt.Fprintln(w, "adjusted for the weekday by place: the cases of a weekday are compared with that weekday's alone")
	}
	if len(r.Sprees) == 0 {
		_, err := fmt.Fprintln(w, "no spree: nowhere are there more cases than place and time explain")
		return err
	}
	for _, c := range r.Critical {
		fmt.Fprintf(w, "%s of shuffles have an LLR of %.4f or more\n", percent(c.Alpha), c.LLR)
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\ncentre\tlat, lon\tradius\tplaces\tfrom\tup to\tcases\texpected\tLLR\tp\t")
	for _, s := range r.Sprees[:min(shownSprees, len(r.Sprees))] {
		p := "-"
		if !math.IsNaN(s.P) {
			p = strconv.FormatFloat(s.P, 'g', 3, 64)
		}
		fmt.Fprintf(tw, "%s\t%.5f, %.5f\t%.0f m\t%d\t%s\t%s\t%s\t%.4f\t%.6f\t%s\t%s\n",
			s.CentreID, s.Centre.Lat(), s.Centre.Lon(), s.RadiusM, s.Locations, short(s.From), short(s.To),
			strconv.FormatFloat(layer.Decimals(s.Observed, 2), 'f', -1, 64), s.Expected, s.LLR, p, recurrenceWords(s, r, o))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if n := len(r.Sprees) - shownSprees; n > 0 {
		fmt.Fprintf(w, "and %d weaker (--json lists them)\n", n)
	}
	if len(r.Sprees) > 1 && r.Replicates > 0 {
		_, err := fmt.Fprintf(w, "p is by %s from %d shuffles, against the best of each shuffle: the further down, the more cautious\n", o.PMethod, r.Replicates)
		return err
	}
	return nil
}

// percent writes a share such as .05 as "5 %".
func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', -1, 64) + " %" }

// recurrenceWords says how often chance alone would raise a spree as strong.
func recurrenceWords(s scan.Spree, r scan.Result, o scan.Options) string {
	if math.IsNaN(s.Recurrence) {
		return ""
	}
	often := "once " + data.Often(s.Recurrence)
	// With p at its least, no shuffle came near, and it may well be rarer.
	if o.PMethod != scan.Gumbel && s.P <= 1/float64(1+r.Replicates) {
		return "chance alone would raise this at most about " + often
	}
	return "chance alone would raise this about " + often
}
