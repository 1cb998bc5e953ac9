package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
	"spreewatch/data/table"
)

type aoristicOptions struct {
	file       eventFlags
	sel        selection
	fromColumn string
	toColumn   string
}

func aoristicCmd(g *globals) *cobra.Command {
	var o aoristicOptions
	cmd := &cobra.Command{
		Use:   "aoristic [FILE]",
		Short: "Count events by hour of the week when their times are uncertain",
		Long: `aoristic spreads each event over the hours in which it may have happened, by the
share of its interval that falls in each (Ratcliffe 2002), and adds up by local
hour and weekday. An event without an end counts in the hour of its start; a date
alone is that whole day; 168 hours or more are 1/168 in every hour. A row that
ends before it starts is rejected. FILE - is standard input; without FILE the
located incidents of the database are counted.`,
		Example: `  spreewatch aoristic burglaries.csv --json
  spreewatch aoristic dc.csv --from-column StartDateTime --to-column EndDateTime \
      --input-timezone UTC --timezone America/New_York`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runAoristic(cmd.Context(), g, fileOf(args), o) },
	}
	o.sel.bind(cmd.Flags(), true)
	o.file.bind(cmd)
	cmd.Flags().StringVar(&o.fromColumn, "from-column", "", "`HEADER` of the start (default: found by its name)")
	cmd.Flags().StringVar(&o.toColumn, "to-column", "", "`HEADER` of the end (default: found by its name)")
	return cmd
}

// aoristicResult is the JSON of the verb.
type aoristicResult struct {
	Table    risk.HourWeek `json:"table"` // 24 rows × 7 columns, Monday first
	Days     []string      `json:"days"`
	Timezone string        `json:"timezone"`
	Events   int           `json:"events"`
	NoEnd    int           `json:"no_end"`
	DayOnly  int           `json:"day_only"`
	LongSpan int           `json:"week_or_longer"`
	Rejected int           `json:"rejected"`
}

func runAoristic(ctx context.Context, g *globals, path string, o aoristicOptions) error {
	eo, err := o.file.options(g, path)
	if err != nil {
		return err
	}
	eo.Interval, eo.Placeless = true, true
	for role, header := range map[table.Field]string{table.From: o.fromColumn, table.To: o.toColumn} {
		if header == "" {
			continue
		}
		if err := setColumn(&eo, role, header); err != nil {
			return err
		}
	}
	t, err := gatherEvents(ctx, g, path, eo, o.sel)
	if err != nil {
		return err
	}
	res := aoristicResult{
		Days:     []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
		Timezone: g.zone.String(),
		Events:   len(t.Events),
		Rejected: len(t.Rejected),
	}
	windows := make([]cluster.Window, len(t.Events))
	for i, e := range t.Events {
		to := e.To
		switch {
		case e.Day:
			to = e.From.AddDate(0, 0, 1)
			res.DayOnly++
		case e.NoEnd:
			res.NoEnd++
		}
		windows[i] = cluster.Window{Start: e.From.UTC(), End: to.UTC()}
		if windows[i].Duration() >= 168*time.Hour {
			res.LongSpan++
		}
	}
	res.Table = risk.NewHourWeek(windows, g.zone)
	if g.json {
		err = json.NewEncoder(g.out).Encode(res)
	} else {
		err = printHourWeek(g.out, res)
	}
	if err != nil {
		return err
	}
	if res.Rejected > 0 {
		return errReview
	}
	return nil
}

// printHourWeek prints the table with a shade for each cell, from nothing to the
// greatest.
func printHourWeek(w io.Writer, res aoristicResult) error {
	var b strings.Builder
	most := 0.0
	for hour := range res.Table {
		for _, v := range res.Table[hour] {
			most = max(most, v)
		}
	}
	fmt.Fprintf(&b, "%d events by hour of the week, %s time\n\nhour", res.Events, res.Timezone)
	for _, day := range res.Days {
		fmt.Fprintf(&b, " %9s", day)
	}
	fmt.Fprintf(&b, " %9s\n", "all")
	var days [7]float64
	for hour := range res.Table {
		fmt.Fprintf(&b, "%02d  ", hour)
		sum := 0.0
		for day, v := range res.Table[hour] {
			fmt.Fprintf(&b, " %7.2f %s", v, shade(v, most))
			sum += v
			days[day] += v
		}
		fmt.Fprintf(&b, " %9.2f\n", sum)
	}
	b.WriteString("all ")
	for _, v := range days {
		fmt.Fprintf(&b, " %7.2f  ", v)
	}
	fmt.Fprintf(&b, "%9.2f\n", res.Table.Total())
	for _, n := range []struct {
		count int
		what  string
	}{
		{res.NoEnd, "without an end: in the hour of the start"},
		{res.DayOnly, "with a date alone: over the whole day"},
		{res.LongSpan, "of 168 hours or longer: 1/168 in every hour"},
	} {
		if n.count > 0 {
			fmt.Fprintf(&b, "%d %s\n", n.count, n.what)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// shade is one of five, by equal steps up to most.
func shade(v, most float64) string {
	shades := []string{" ", "░", "▒", "▓", "█"}
	if !(most > 0) {
		return shades[0]
	}
	return shades[min(4, int(v/most*5))]
}
