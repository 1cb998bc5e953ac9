package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"spreewatch/data/night"
)

func doctorCmd(g *globals) *cobra.Command {
	var inbox string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say whether a night can be run",
		Long: `Look at what a night needs: settings, disk, database, audit log, gazetteer, the
last run and, with --inbox, the files to take in. Exit 0 where all is well, 3 where
there is something to see to, 1 where a night cannot be run.`,
		Example: "  spreewatch doctor --db force.db --inbox inbox",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			worst := night.Well
			for _, h := range night.Doctor(cmd.Context(), g.night(), inbox) {
				worst = max(worst, h.State)
				if g.json {
					if err := json.NewEncoder(g.out).Encode(map[string]string{"what": h.What, "state": h.State.String(), "says": h.Says}); err != nil {
						return err
					}
					continue
				}
				if g.quiet && h.State == night.Well {
					continue
				}
				if _, err := fmt.Fprintf(g.out, "%-10s  %-10s  %s\n", h.What, h.State, h.Says); err != nil {
					return err
				}
			}
			switch worst {
			case night.Unusable:
				return errFound
			case night.SeeTo:
				return errReview
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&inbox, "inbox", "", "look at what lies in `DIR`, too")
	return cmd
}
