package main

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/night"
)

type incidentFlags struct {
	sel      selection
	audience string
	geojson  bool
	out      string
}

func incidentsCmd(g *globals) *cobra.Command {
	var o incidentFlags
	cmd := &cobra.Command{
		Use:   "incidents",
		Short: "Write the located incidents of the database as CSV or GeoJSON",
		Long: `incidents writes what the database has located: for an analyst each incident with
its reference, place and time; for a supervisor how many of each offence began in
each cell. The public gets no such list: export --audience public has what it may
see.`,
		Example: "  spreewatch incidents --offence dwelling-burglary --from 2026-01-01\n  spreewatch incidents --audience analyst --geojson --output incidents.geojson",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runIncidents(cmd.Context(), g, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.audience, "audience", "", "`WHO` may see it: analyst or supervisor (default export.audience)")
	f.BoolVar(&o.geojson, "geojson", false, "write GeoJSON rather than CSV, as --json does")
	f.StringVar(&o.out, "output", "", "write to a `FILE` rather than to standard output")
	o.sel.bind(f, true)
	return cmd
}

func runIncidents(ctx context.Context, g *globals, o incidentFlags) error {
	eo := export.DefaultOptions()
	eo.Zone, eo.Marking, eo.Resolution, eo.RunID = g.zone, g.cfg.Export.Marking, g.cfg.Detect.Resolution, "incidents"
	if o.audience == "" {
		o.audience = g.cfg.Export.Audience
	}
	var err error
	if eo.Audience, err = export.ParseAudience(o.audience); err != nil {
		return usagef("--audience supervisor", "%s", err)
	}
	if eo.Audience == export.AudiencePublic {
		return usagef("spreewatch export --audience public", "there is no list of incidents for the public")
	}
	for _, p := range g.cfg.Profiles() {
		eo.Offences = append(eo.Offences, p.Offence)
	}
	from, to, err := o.sel.period(g.zone)
	if err != nil {
		return err
	}
	incidents, err := night.Past(ctx, g.night(), o.sel.offence)
	if err != nil {
		return err
	}
	incidents = slices.DeleteFunc(incidents, func(in cluster.Incident) bool { return in.From.Before(from) || !to.IsZero() && !in.From.Before(to) })
	t, err := export.IncidentTable(incidents, eo)
	if err != nil {
		return err
	}
	write, ours := func(w io.Writer) error { return export.WriteTableCSV(w, t) }, export.IsIncidentCSV
	if o.geojson || g.json {
		write, ours = func(w io.Writer) error { return export.WriteTableGeoJSON(w, t, eo) }, export.IsIncidentGeoJSON
	}
	if o.out == "" {
		return write(g.sheetOut())
	}
	return data.WriteWhole(o.out, g.night().Guard(ours), write)
}
