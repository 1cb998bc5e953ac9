package main

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"
	"github.com/spf13/cobra"

	"spreewatch/data"
)

func reviewSetCmd(g *globals) *cobra.Command {
	var o struct {
		decision
		lat, lon float64
		who      string
	}
	cmd := &cobra.Command{
		Use:     "set REF",
		Short:   "Decide one report",
		Example: "  spreewatch review set R-1a2b3c --lat 52.634 --lon 0.790\n  spreewatch review set R-1a2b3c --accept",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			lat, lon := cmd.Flags().Changed("lat"), cmd.Flags().Changed("lon")
			if lat != lon {
				return usagef("--lat 52.634 --lon 0.790", "--lat and --lon go together")
			}
			if lat {
				o.point = &orb.Point{o.lon, o.lat}
			}
			return withLocated(cmd.Context(), g, func(db *data.DB, all []data.Located) error {
				i := slices.IndexFunc(all, func(l data.Located) bool { return l.Ref == args[0] })
				if i < 0 {
					return &data.UserError{Msg: fmt.Sprintf("no report %q", args[0]), Hint: "spreewatch review"}
				}
				override, err := o.decision.override(g, all[i], o.who)
				if err != nil {
					return usagef("spreewatch review set --help", "%s", err)
				}
				return decide(cmd.Context(), g, db, []data.Override{override})
			})
		},
	}
	f := cmd.Flags()
	f.Float64Var(&o.lat, "lat", 0, "latitude `DEG`")
	f.Float64Var(&o.lon, "lon", 0, "longitude `DEG`")
	f.IntVar(&o.candidate, "candidate", 0, "take candidate `N` of the list")
	f.BoolVar(&o.accept, "accept", false, "the match is right")
	f.BoolVar(&o.reject, "reject", false, "the text names no place")
	f.StringVar(&o.who, "who", person(), "`NAME` of who decides")
	return cmd
}
