package main

import (
	"errors"
	"os/user"

	"github.com/paulmach/orb"
	"github.com/spf13/cobra"

	"spreewatch/data/night"
)

func reviewSetCmd(g *globals) *cobra.Command {
	var o struct {
		night.Decision
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
				o.Point = &orb.Point{o.lon, o.lat}
			}
			err := night.Decide(cmd.Context(), g.night(), args[0], o.Decision, o.who)
			var refused *night.DecisionError
			if errors.As(err, &refused) {
				return usagef("spreewatch review set --help", "%s", refused)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.Float64Var(&o.lat, "lat", 0, "latitude `DEG`")
	f.Float64Var(&o.lon, "lon", 0, "longitude `DEG`")
	f.IntVar(&o.Candidate, "candidate", 0, "take candidate `N` of the list")
	f.BoolVar(&o.Accept, "accept", false, "the match is right")
	f.BoolVar(&o.Reject, "reject", false, "the text names no place")
	f.StringVar(&o.who, "who", person(), "`NAME` of who decides")
	return cmd
}

// person names who is at the keyboard, when --who does not.
func person() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}
