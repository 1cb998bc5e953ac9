package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/night"
)

func offencesCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "offences",
		Short: "List what reports are called, and as which offence they count",
		Long: `List every text in the reports' columns of offences with the profile it went to and
the number of reports, those of no profile first: these count as [offence.other].
Words, codes and words against a profile are in the settings.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			counts, err := night.Offences(cmd.Context(), g.night())
			if err != nil {
				return err
			}
			var w strings.Builder
			for _, c := range counts {
				if g.json {
					row := struct {
						Text    *string `json:"text"`
						Profile *string `json:"profile"`
						Reports int     `json:"reports"`
					}{orNull(c.Text), orNull(c.Profile), c.Reports}
					if err := json.NewEncoder(&w).Encode(row); err != nil {
						return err
					}
					continue
				}
				text, profile := c.Text, c.Profile
				if text == "" {
					text = "(no column says)"
				}
				if profile == "" {
					profile = "none"
				}
				fmt.Fprintf(&w, "%7d  %-22s %s\n", c.Reports, profile, data.PlainText(text))
			}
			_, err = io.WriteString(g.out, w.String())
			return err
		},
	}
}
