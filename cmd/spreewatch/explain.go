package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/layer"
	"spreewatch/data/night"
)

func explainCmd(g *globals) *cobra.Command {
	audience := ""
	cmd := &cobra.Command{
		Use:   "explain ID",
		Short: "Show what a suggestion or a spree rests on, back to the lines of the reports",
		Long: `Show the chain from a suggestion or a spree back to the lines of the reports: why it
is suggested, the incidents that make its risk with the share of each, where each was
found and by what rule, and the file and line of its report. It is of the night of
--as-of, or else of the last run, and for an analyst alone.`,
		Example: `  spreewatch explain "late 2026-11-22 89194170427ffff"
  spreewatch explain courier-fraud-25f9ee9f6c69 --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			who, err := export.ParseAudience(audience)
			if err != nil {
				return usagef("--audience analyst", "%s", err)
			}
			if who != export.AudienceAnalyst {
				return usagef("spreewatch plan", "a %s is told no single report: the reasons of the plan say what there is to say", who)
			}
			e, err := night.Explain(cmd.Context(), g.night(), strings.Join(args, " "))
			if err != nil {
				return err
			}
			if g.json {
				return json.NewEncoder(g.out).Encode(newExplanationRow(e, g.zone))
			}
			return printExplanation(g, e)
		},
	}
	cmd.Flags().StringVar(&audience, "audience", "analyst", "`WHO` may see it: an analyst alone")
	return cmd
}

// An explanationRow is what `explain --json` prints; null is not known.
type explanationRow struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`     // suggestion or spree
	SpreeID   *string   `json:"spree_id"` // of the suggestion, or the spree itself
	Offence   string    `json:"offence"`
	Place     *string   `json:"place_name"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Priority  *string   `json:"priority"`
	Expected  *float64  `json:"expected"`
	Reason    *string   `json:"reason"`
	Action    *string   `json:"action"`
	Unit      *string   `json:"unit"`
	RiskAsOf  *string   `json:"risk_as_of"` // up to when the risk was learnt
	Incidents []linkRow `json:"incidents"`
	Rest      *float64  `json:"rest"` // the share that rests on no incident that is named
}

type linkRow struct {
	Ref      string   `json:"ref"`
	Share    *float64 `json:"share"`
	Offence  *string  `json:"offence"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	SpreeID  *string  `json:"spree_id"`
	Source   string   `json:"source"`
	Line     int      `json:"line"`
	Location string   `json:"location"`
	Match    matchRow `json:"match"`
}

func newExplanationRow(e night.Explanation, zone *time.Location) explanationRow {
	at := func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }
	row := explanationRow{Incidents: []linkRow{}}
	if s := e.Spree; s != nil {
		row.Kind, row.ID, row.SpreeID, row.Offence, row.From, row.To = "spree", s.ID, &s.ID, s.Offence, at(s.Window.Start), at(s.Window.End)
		row.Place = orNull(strings.Join(s.Places, ", "))
	}
	if s := e.Suggestion; s != nil {
		expected, rest := layer.Decimals(s.Risk, 9), layer.Decimals(e.Rest, 4)
		row.Kind, row.ID, row.SpreeID, row.Offence, row.From, row.To = "suggestion", s.ID, orNull(s.SpreeID), s.Offence, at(s.Band.Start), at(s.Band.End)
		row.Place, row.Priority, row.Expected, row.Reason, row.Action, row.Unit = orNull(s.PlaceName), orNull(s.Priority), &expected, orNull(s.Reason), orNull(s.Action), orNull(s.Unit)
		row.Rest, row.RiskAsOf = &rest, orNull(at(e.Run.Risk.AsOf))
	}
	for _, l := range e.Links {
		link := linkRow{Ref: l.Ref, Offence: orNull(l.Offence), From: at(l.From), To: at(l.To), SpreeID: orNull(l.Spree), Source: l.Source, Line: l.Line,
			Location: l.Location, Match: newMatchRow(l.Match)}
		if e.Suggestion != nil {
			share := layer.Decimals(l.Share, 4)
			link.Share = &share
		}
		row.Incidents = append(row.Incidents, link)
	}
	return row
}

func printExplanation(g *globals, e night.Explanation) error {
	var w strings.Builder
	line := func(head, format string, args ...any) {
		fmt.Fprintf(&w, "%-10s "+format+"\n", append([]any{head}, args...)...)
	}
	if s := e.Suggestion; s != nil {
		line("Suggestion", "%s  rank %d, %s priority", s.ID, s.Rank, s.Priority)
		line("Where", "%s", data.PlainText(s.PlaceName))
		line("When", "%s, %s of %.0f min", interval(s.Band.Start, s.Band.End, g.zone), data.Count(s.Visits, "visit"), s.Dwell.Minutes())
		line("Why", "%s", s.Reason)
		line("What to do", "%s", s.Action)
		if s.Unit != "" {
			line("Unit", "%s", s.Unit)
		}
		line("Risk", "%.3g incidents expected, learnt up to %s", s.Risk, e.Run.Risk.AsOf.In(g.zone).Format("Mon 2 Jan 2006 15:04"))
		if e.Run.Risk.High > 0 {
			line("", "%.3g an hour; high is from %.3g a cell and hour, medium from %.3g", s.Risk/s.Band.Duration().Hours(), e.Run.Risk.High, e.Run.Risk.Medium)
		}
	}
	if e.Spree != nil {
		line("Spree", "%s  %s", e.Spree.ID, spreeLine(*e.Spree, g.zone))
	}
	for _, l := range e.Links {
		share := ""
		if e.Suggestion != nil {
			share = fmt.Sprintf("%4.1f %%  ", 100*l.Share)
		}
		line("Incident", "%s%s  %s  %s", share, data.PlainText(l.Ref), data.PlainText(l.Offence), interval(l.From, l.To, g.zone))
		line("", "%s line %d: %s", data.PlainText(l.Source), l.Line, data.PlainText(l.Location))
		line("", "found as %s %s, within %.0f m, confidence %.2f, by %s", l.Match.Level,
			data.PlainText(export.PlaceText(l.Match.Name, l.Match.Locality, l.Match.Point)), l.Match.RadiusM, l.Match.Confidence, l.Match.Rule)
	}
	if e.Suggestion != nil {
		line("Else", "%4.1f %% rests on no incident that is named: on how many happen anywhere, on many far ones, or on offences of small part", max(0, 100*e.Rest))
	}
	_, err := io.WriteString(g.out, w.String())
	return err
}
