package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster/nearrepeat"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/night"
)

func profileCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "profile",
		Short: "Learn an offence's radius, window and decay",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(profileLearnCmd(g))
	return cmd
}

func profileLearnCmd(g *globals) *cobra.Command {
	var offence string
	var save bool
	cmd := &cobra.Command{
		Use:   "learn",
		Short: "Learn them from the force's own near repeats and past sprees",
		Long: `Learn radius, window, decay and decay_time of an offence, or of each, from the near
repeats among the reports that are located to a street or better: how near and how
soon pairs are in excess of 199 shuffles of the times. Printed is a block of the
settings to paste, with 90 % intervals; they hold the scatter of the counts, and
radius and window are edges of bands about the present ones. Under 100 reports, or
where chance would make the near repeats too (p over .05), radius and window are what
nine in ten of the past sprees kept within that the scan found, which looks at every
scale, with 90 % intervals by resampling; of fewer than 10 nothing is learnt. Beside
near repeats the comment says what the sprees come to.
--save changes these keys of the offence in the settings file, and a comment line
above them, and no other byte.`,
		Example: "  spreewatch profile learn --offence dwelling-burglary\n  spreewatch profile learn --offence dwelling-burglary --save",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lessons, err := night.Learn(cmd.Context(), g.night(), offence)
			if err != nil {
				return err
			}
			return g.taught(lessons, save)
		},
	}
	cmd.Flags().StringVar(&offence, "offence", "", "learn the profile `NAME` alone")
	cmd.Flags().BoolVar(&save, "save", false, "put what is learnt into the settings file")
	return cmd
}

// taught prints the lessons and saves them. Without one that was learnt it fails.
func (g *globals) taught(lessons []night.Lesson, save bool) error {
	learnt := 0
	for _, l := range lessons {
		if l.Refused != "" {
			fmt.Fprintf(g.errw, "spreewatch: %s: nothing learnt: %s\n", l.Offence, l.Refused)
			continue
		}
		learnt++
		if save {
			if err := night.SaveLesson(g.configFile, l); err != nil {
				return err
			}
		}
		if g.json {
			if err := json.NewEncoder(g.out).Encode(lessonJSON(l)); err != nil {
				return err
			}
			continue
		}
		if learnt > 1 {
			fmt.Fprintln(g.out)
		}
		fmt.Fprint(g.out, l.Block())
	}
	if learnt == 0 {
		return &data.UserError{Msg: "no profile was learnt"}
	}
	return nil
}

// lessonJSON is a lesson as it is printed: metres and hours.
func lessonJSON(l night.Lesson) any {
	metres := func(e nearrepeat.Estimate[float64]) [3]float64 {
		return [3]float64{layer.Decimals(e.Value, 1), layer.Decimals(e.Low, 1), layer.Decimals(e.High, 1)}
	}
	hours := func(e nearrepeat.Estimate[time.Duration]) [3]float64 {
		return [3]float64{layer.Decimals(e.Value.Hours(), 2), layer.Decimals(e.Low.Hours(), 2), layer.Decimals(e.High.Hours(), 2)}
	}
	out := struct {
		Offence   string      `json:"offence"`
		Radius    [3]float64  `json:"radius_m"` // value, low and high of 90 %
		Window    [3]float64  `json:"window_h"`
		Decay     *[3]float64 `json:"decay_m,omitempty"` // by near repeats alone, as what is below
		DecayTime *[3]float64 `json:"decay_time_h,omitempty"`
		Reports   int         `json:"reports"`
		From      string      `json:"from"`
		To        string      `json:"to"`
		Seed      uint64      `json:"seed"`
		Observed  *float64    `json:"observed,omitempty"`
		Expected  *float64    `json:"expected,omitempty"`
		P         *float64    `json:"p_value,omitempty"`
		By        string      `json:"by"`          // "near repeats", "past sprees"
		Sprees    int         `json:"past_sprees"` // those that the scan found
		// What nine in ten of them kept within, null under ten.
		SpreeRadius *[3]float64 `json:"past_sprees_radius_m"`
		SpreeWindow *[3]float64 `json:"past_sprees_window_h"`
	}{Offence: l.Offence, By: "near repeats", Reports: l.Reports, From: l.From.Format(time.RFC3339), To: l.To.Format(time.RFC3339), Seed: l.Seed, Sprees: l.Sprees.Sprees}
	if l.Sprees.Sprees >= nearrepeat.LeastSprees {
		out.SpreeRadius, out.SpreeWindow = new(metres(l.Sprees.Radius)), new(hours(l.Sprees.Window))
	}
	if l.Learnt.Incidents == 0 {
		out.By, out.Radius, out.Window = "past sprees", *out.SpreeRadius, *out.SpreeWindow
		return out
	}
	out.Radius, out.Window, out.Decay, out.DecayTime = metres(l.Learnt.Radius), hours(l.Learnt.Window), new(metres(l.Learnt.Decay)), new(hours(l.Learnt.DecayTime))
	out.Observed, out.Expected, out.P = new(layer.Decimals(l.Learnt.Observed, 2)), new(layer.Decimals(l.Learnt.Expected, 2)), new(layer.Decimals(l.Learnt.P, 4))
	return out
}
