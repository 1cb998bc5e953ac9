package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export"
)

// outOptions are the flags of the verbs that write the folder.
type outOptions struct {
	dir      string
	audience string
	marking  string
}

func (o *outOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.dir, "out", "out", "`DIR` to write to")
	f.StringVar(&o.audience, "audience", "", "`WHO` may see it: analyst, supervisor or public (default supervisor; of the sample, analyst)")
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
			if err := o.check(g); err != nil {
				return err
			}
			return withLastAnalysis(cmd.Context(), g, d, func(ctx context.Context, db *data.DB, a *analysis) error {
				if err := a.plan(ctx, g, db); err != nil {
					return err
				}
				run, err := o.write(g, a, a.result(g, nil, nil))
				if err != nil || g.quiet {
					return err
				}
				if g.json {
					return printManifest(g, run)
				}
				for _, f := range run.Outputs {
					if _, err := fmt.Fprintln(g.out, f.Name); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	o.bind(cmd)
	d.bind(cmd)
	return cmd
}

// check refuses flags that cannot be followed, before any work is done.
func (o *outOptions) check(g *globals) error {
	if g.given("marking") && strings.TrimSpace(o.marking) == "" {
		return usagef("--marking OFFICIAL-SENSITIVE", "--marking is empty")
	}
	if o.audience == "" {
		return nil
	}
	if _, err := export.ParseAudience(o.audience); err != nil {
		return usagef("--audience supervisor", "%s", err)
	}
	return nil
}

// write writes the folder and returns the manifest as written.
func (o *outOptions) write(g *globals, a *analysis, r export.Result) (export.Run, error) {
	opt := g.exportOptions(a)
	opt.Dir = o.dir
	if o.marking != "" {
		opt.Marking = o.marking
	}
	if o.audience != "" {
		opt.Audience = export.Audience(o.audience)
	}
	run, err := export.Write(r, opt)
	if err == nil {
		g.log.Info("written", "run", run.RunID, "audience", string(run.Audience), "files", len(run.Outputs)+1)
	}
	return run, err
}

// exportOptions are the settings of the export.
func (g *globals) exportOptions(a *analysis) export.Options {
	o := export.DefaultOptions()
	o.Zone, o.RunID, o.Resolution = g.zone, a.runID, g.cfg.Detect.Resolution
	o.Marking, o.MinCount, o.Audience = g.cfg.Export.Marking, g.cfg.Export.MinCount, export.Audience(g.cfg.Export.Audience)
	return o
}
