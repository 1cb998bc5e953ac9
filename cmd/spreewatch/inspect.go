package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"spreewatch/data/intake"
	"spreewatch/data/night"
	"spreewatch/data/table"
	"spreewatch/geo"
)

func inspectCmd(g *globals) *cobra.Command {
	var o struct {
		readOptions
		save string
	}
	cmd := &cobra.Command{
		Use:   "inspect FILE...",
		Short: "Show how a file of your own would be read",
		Long: `Show how a file would be read: where its header is, which column is which field
and why, the order of day and month and what proves it, the zone, the coordinates,
three rows as they would be read, what is not used and what is doubtful; and the
block of settings that reads such a file the same every night. Reads no reports.`,
		Example: `  spreewatch inspect crimes.csv
  spreewatch inspect crimes.csv --save crimes   # keeps it as [source.crimes]`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.save != "" && len(args) > 1 {
				return usagef("spreewatch inspect --save NAME FILE", "--save keeps one file")
			}
			r, err := o.reading(g, args)
			if err != nil {
				return err
			}
			found, err := geo.Attend(cmd.Context(), func() ([]intake.Inspection, error) { return night.Inspect(g.night(), r) })
			if err != nil {
				return err
			}
			for _, i := range found {
				name := o.save
				if name == "" {
					name = intake.NoName
				}
				if g.json {
					err = json.NewEncoder(g.out).Encode(i.MarshalFields())
				} else {
					err = i.Write(g.out, name)
				}
				if err != nil {
					return err
				}
			}
			if o.save == "" {
				return nil
			}
			settings := g.configFile
			if settings == "" {
				settings = night.SettingsName
			}
			replaced, err := night.KeepSource(settings, o.save, found[0])
			if err != nil {
				return err
			}
			if !g.quiet && !g.json {
				instead := ""
				if replaced {
					instead = " in place of the block of that name"
				}
				fmt.Fprintf(g.out, "\nkept as [source.%s] in %s%s; spreewatch ingest %s reads it so\n", o.save, settings, instead, table.Quote(args[0]))
			}
			return nil
		},
	}
	o.readOptions.bind(cmd)
	cmd.Flags().StringVar(&o.save, "save", "", "keep it in the settings as [source.`NAME`]")
	return cmd
}
