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
	"spreewatch/data/night"
)

func reportCmd(g *globals) *cobra.Command {
	withdraw, distinct := false, false
	cmd := &cobra.Command{
		Use:   "report REF",
		Short: "Show a report, its history, and what came of it",
		Long: `Show what a report says and said before, where it was found and by what rule, what
a person decided of it, and the sprees it was in. With --withdraw it is marked as
taken back: it is kept, and counts nowhere from --as-of on, or from now. A report of
a bulletin that is likely one of a table is not counted; --distinct says that it is
another incident, and it is.`,
		Example: `  spreewatch report 36/070001/26
  spreewatch report 36/070001/26 --withdraw`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if withdraw && distinct {
				return usagef(cmd.CommandPath()+" --help", "--withdraw and --distinct are of two reports")
			}
			if withdraw {
				return withdrawReport(cmd, g, args[0])
			}
			if distinct {
				return night.Distinguish(cmd.Context(), g.night(), args[0])
			}
			d, err := night.Report(cmd.Context(), g.night(), args[0])
			if err != nil {
				return err
			}
			if g.json {
				return json.NewEncoder(g.out).Encode(newDossierRow(d, g.zone))
			}
			return printDossier(g, d)
		},
	}
	cmd.Flags().BoolVar(&withdraw, "withdraw", false, "mark the report as taken back")
	cmd.Flags().BoolVar(&distinct, "distinct", false, "the report repeats none of a table")
	return cmd
}

func withdrawReport(cmd *cobra.Command, g *globals, ref string) error {
	done, err := night.Withdraw(cmd.Context(), g.night(), ref)
	if err != nil || g.quiet {
		return err
	}
	if g.json {
		return json.NewEncoder(g.out).Encode(struct {
			Ref       string `json:"ref"`
			Withdrawn bool   `json:"withdrawn"`
			Before    bool   `json:"before"` // it was already
		}{ref, true, !done})
	}
	words := "withdrawn"
	if !done {
		words = "was withdrawn before"
	}
	_, err = fmt.Fprintf(g.out, "%s %s\n", ref, words)
	return err
}

// A versionRow is a version of a report as `report --json` prints it.
type versionRow struct {
	Known     *string        `json:"known"`
	Source    string         `json:"source"`
	Line      int            `json:"line"`
	Offence   *string        `json:"offence"`
	Text      *string        `json:"offence_text"`
	Location  string         `json:"location"`
	From      string         `json:"from"`
	To        string         `json:"to"`
	Precision data.Precision `json:"precision"`
	Reported  *string        `json:"reported"`
	Withdrawn bool           `json:"withdrawn"`
}

type membershipRow struct {
	RunID   string `json:"run_id"`
	AsOf    string `json:"as_of"`
	SpreeID string `json:"spree_id"`
	Status  string `json:"status"`
	Offence string `json:"offence"`
}

// A dossierRow is what `report --json` prints; null is not known.
type dossierRow struct {
	Ref      string          `json:"ref"`
	Versions []versionRow    `json:"versions"`
	Match    *matchRow       `json:"match"`
	Decided  *string         `json:"decided"`
	Sprees   []membershipRow `json:"sprees"`
}

func newDossierRow(d night.Dossier, zone *time.Location) dossierRow {
	at := func(t time.Time) *string {
		if t.IsZero() {
			return nil
		}
		return orNull(t.In(zone).Format(time.RFC3339))
	}
	row := dossierRow{Ref: d.Versions[0].Ref, Sprees: []membershipRow{}}
	for _, v := range d.Versions {
		row.Versions = append(row.Versions, versionRow{Known: at(v.Known), Source: v.Source, Line: v.Line, Offence: orNull(v.Offence),
			Text: orNull(v.OffenceText), Location: v.Location, From: *at(v.From), To: *at(v.To), Precision: v.Precision,
			Reported: at(v.Reported), Withdrawn: v.Withdrawn})
	}
	if d.Match != nil {
		m := newMatchRow(*d.Match)
		row.Match = &m
	}
	if d.Decision != nil {
		row.Decided = at(d.Decision.Decided)
	}
	for _, s := range d.Sprees {
		row.Sprees = append(row.Sprees, membershipRow{s.RunID, *at(s.AsOf), s.SpreeID, s.Status, s.Offence})
	}
	return row
}

func printDossier(g *globals, d night.Dossier) error {
	var w strings.Builder
	line := func(head, format string, args ...any) {
		fmt.Fprintf(&w, "%-10s "+format+"\n", append([]any{head}, args...)...)
	}
	last := d.Versions[len(d.Versions)-1]
	line("Report", "%s", data.PlainText(last.Ref))
	for i := len(d.Versions) - 1; i >= 0; i-- {
		v := d.Versions[i]
		head := "Says"
		if i < len(d.Versions)-1 {
			head = "Said"
		}
		offence := v.Offence
		if v.OffenceText != "" && v.OffenceText != v.Offence {
			offence += " (" + v.OffenceText + ")"
		}
		line(head, "%s  %s  %s", interval(v.From, v.To, g.zone), data.PlainText(offence), data.PlainText(v.Location))
		from := fmt.Sprintf("from %s line %d", v.Source, v.Line)
		if !v.Known.IsZero() {
			from += ", known " + v.Known.In(g.zone).Format("Mon 2 Jan 2006 15:04")
		}
		if v.Withdrawn {
			from += ", withdrawn"
		}
		line("", "%s", from)
	}
	switch {
	case d.Match == nil:
		line("Found", "not looked up yet: spreewatch geocode")
	case d.Match.Level.Located():
		line("Found", "%s, %s, within %.0f m, confidence %.2f", d.Match.Level,
			data.PlainText(export.PlaceText(d.Match.Name, d.Match.Locality, d.Match.Point)), d.Match.RadiusM, d.Match.Confidence)
		line("", "by %s", d.Match.Rule)
	default:
		line("Found", "%s", d.Match.Level)
	}
	if d.Decision != nil {
		line("Decided", "%s by a person", d.Decision.Decided.In(g.zone).Format("Mon 2 Jan 2006 15:04"))
	}
	for _, s := range d.Sprees {
		line("Spree", "%s  %s  as of %s", s.SpreeID, s.Status, s.AsOf.In(g.zone).Format("Mon 2 Jan 2006 15:04"))
	}
	if len(d.Sprees) == 0 {
		line("Sprees", "none")
	}
	_, err := io.WriteString(g.out, w.String())
	return err
}
