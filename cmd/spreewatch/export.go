package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"spreewatch/data/export"
	"spreewatch/data/night"
)

// outOptions are the flags of the verbs that write the folder.
type outOptions struct {
	dir      string
	audience string
	marking  string
	gpkg     string
	who      string
}

func (o *outOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.dir, "out", "out", "`DIR` to write to")
	f.StringVar(&o.audience, "audience", "", "`WHO` may see it: analyst, supervisor or public (default supervisor; of the sample, analyst)")
	f.StringVar(&o.who, "for", "", "`WHOM` it is for, for the audit log")
	f.StringVar(&o.gpkg, "gpkg", "", "write every layer with its style into one GeoPackage `FILE` too")
	f.StringVar(&o.marking, "marking", "", "protective `MARKING` in every file (default OFFICIAL-SENSITIVE)")
}

func exportCmd(g *globals) *cobra.Command {
	var o outOptions
	var d detectFlags
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the GeoJSON files and the QGIS project",
		Long: `Write the GeoJSON files, the QGIS project, the review list and the manifest, from
what the database holds. Nothing is read or looked up. Without --as-of it is the
moment of the last run.`,
		Example: "  spreewatch export --out tonight\n  spreewatch export --out tonight --audience analyst",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w, err := o.writing(g)
			if err != nil {
				return err
			}
			if err := d.apply(g); err != nil {
				return err
			}
			out, err := night.Export(cmd.Context(), g.night(), w)
			if err != nil {
				return err
			}
			warnWaiting(g, out)
			if g.quiet {
				return nil
			}
			if g.json {
				_, err := g.out.Write(out.Manifest)
				return err
			}
			for _, f := range out.Run.Outputs {
				if _, err := fmt.Fprintln(g.out, f.Name); err != nil {
					return err
				}
			}
			return nil
		},
	}
	o.bind(cmd)
	d.bind(cmd)
	return cmd
}

// writing makes what the night is to write of the flags.
func (o *outOptions) writing(g *globals) (night.Writing, error) {
	w := night.Writing{Dir: o.dir, GeoPackage: o.gpkg, Audience: export.Audience(o.audience), Marking: o.marking, For: o.who}
	if g.given("marking") && strings.TrimSpace(o.marking) == "" {
		return w, usagef("--marking OFFICIAL-SENSITIVE", "--marking is empty")
	}
	if o.audience != "" {
		if _, err := export.ParseAudience(o.audience); err != nil {
			return w, usagef("--audience supervisor", "%s", err)
		}
	}
	return w, nil
}
