package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/gazetteer"
	"spreewatch/data/night"
)

func gazetteerCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "gazetteer",
		Short: "Import and list the gazetteers that locations are looked up in",
		Long: `Import and list the gazetteers that locations are looked up in. Until one is
imported, the sample of Norfolk streets and places in the program is used.`,
		Example: "  spreewatch gazetteer import opname_csv_gb.zip codepo_gb.zip\n  spreewatch gazetteer list",
	}
	cmd.AddCommand(gazetteerImportCmd(g), gazetteerListCmd(g))
	return cmd
}

func gazetteerImportCmd(g *globals) *cobra.Command {
	opts := gazetteer.DefaultOptions()
	cmd := &cobra.Command{
		Use:   "import FILE|FOLDER|ZIP...",
		Short: "Load gazetteers into the database",
		Long: `Load gazetteers into the database. The format is told by the content: OS Open
Names (CSV or GeoPackage), OS Open Roads (GeoPackage), Code-Point Open, the ONS
postcode directory (ONSPD, NSPL), AddressBase Core or Plus with its header row,
GeoNames postal codes, a GeoNames dump, data.police.uk street-level CSVs, an OSM
.pbf extract, or a CSV of your own with the columns name, locality, lat, lon, kind
and, where you have them, aliases (parted by ";"), number, outcode, extent_m and id. Kinds: street, road, place, postcode, outcode,
landmark, address.

Name all the files of one source at once: importing a source again replaces it.
Each source is taken whole or left as it was; one bad file among several is passed
over and said (exit code 3).`,
		Example: "  spreewatch gazetteer import opname_csv_gb.zip codepo_gb.zip GB.zip police/\n  spreewatch gazetteer import beats.csv",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return importGazetteers(cmd, g, args, opts) },
	}
	cmd.Flags().Int64Var(&opts.MaxUnpacked, "max-unpacked", opts.MaxUnpacked, "refuse a zip or gzip that unpacks to more `BYTES`")
	return cmd
}

func importGazetteers(cmd *cobra.Command, g *globals, paths []string, opts gazetteer.Options) error {
	ctx := cmd.Context()
	if err := opts.Validate(); err != nil {
		return usagef("--max-unpacked 8589934592", "%s", err)
	}
	bar := g.progress(-1, "importing")
	opts.Read = func(n int) error {
		bar.Add(n)
		return ctx.Err()
	}
	files, err := gazetteer.Open(paths, opts)
	if err != nil {
		return err
	}
	defer files.Close()
	bar.ChangeMax64(files.Bytes())
	sources, err := night.ImportGazetteers(ctx, g.night(), files)
	bar.Finish()
	if err != nil {
		return err
	}
	if !g.quiet {
		for _, name := range files.Ignored {
			fmt.Fprintf(g.errw, "spreewatch: %s is no gazetteer and was passed over\n", name)
		}
	}
	if err := printSources(g, sources); err != nil {
		return err
	}
	for _, bad := range files.Bad {
		fmt.Fprintf(g.errw, "spreewatch: passed over: %s\n", bad)
		err = errReview
	}
	for _, s := range sources {
		for _, r := range s.Refused {
			fmt.Fprintf(g.errw, "spreewatch: %s: rows refused: %d, %s (first: %s)\n", s.Name, r.Rows, r.What, r.First)
			err = errReview
		}
	}
	return err
}

func gazetteerListCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "Show each gazetteer with release, SHA-256, rows and licence",
		Example: "  spreewatch gazetteer list\n  spreewatch gazetteer list --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := data.Open(cmd.Context(), g.dbFile)
			if err != nil {
				return err
			}
			defer db.Close()
			sources, err := db.GazetteerSources(cmd.Context())
			if err != nil {
				return err
			}
			if len(sources) == 0 {
				if !g.quiet {
					fmt.Fprintln(g.errw, "spreewatch: no gazetteer imported: the sample in the program is used")
				}
				sources = []data.GazetteerSource{gazetteer.SampleSource()}
			}
			return printSources(g, sources)
		},
	}
}

// A sourceRow is one gazetteer as printed.
type sourceRow struct {
	Source   string                `json:"source"`
	Format   string                `json:"format"`
	Release  string                `json:"release"`
	SHA256   string                `json:"sha256"`
	Rows     int                   `json:"rows"`
	Kinds    map[string]int        `json:"kinds"`
	LeftOut  []data.GazetteerCount `json:"left_out"`
	Refused  []data.GazetteerCount `json:"refused"`
	Licence  string                `json:"licence"`
	Imported *string               `json:"imported"` // null for the sample
}

func printSources(g *globals, sources []data.GazetteerSource) error {
	if g.json {
		rows := make([]sourceRow, 0, len(sources))
		for _, s := range sources {
			row := sourceRow{s.Name, s.Format, s.Release, s.SHA256, s.Entries(), map[string]int{}, s.LeftOut, s.Refused, s.Licence, nil}
			for _, k := range s.Kinds {
				row.Kinds[k.What] = k.Rows
			}
			if !s.Imported.IsZero() {
				at := s.Imported.In(g.zone).Format(time.RFC3339)
				row.Imported = &at
			}
			rows = append(rows, row)
		}
		enc := json.NewEncoder(g.out)
		enc.SetIndent("", "  ")
		return enc.Encode(rows)
	}
	return sourceTable(g.out, sources)
}

func sourceTable(out io.Writer, sources []data.GazetteerSource) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tRELEASE\tSHA-256\tROWS\tOF WHICH\tLEFT OUT\tREFUSED\tLICENCE")
	for _, s := range sources {
		var kinds []string
		for _, k := range s.Kinds {
			kinds = append(kinds, fmt.Sprintf("%d %s", k.Rows, k.What))
		}
		sha := s.SHA256
		if len(sha) > 12 {
			sha = sha[:12]
		}
		fmt.Fprintln(w, strings.Join([]string{s.Name, s.Release, sha, strconv.Itoa(s.Entries()), strings.Join(kinds, ", "),
			strconv.Itoa(s.LeftOutRows()), strconv.Itoa(s.RefusedRows()), s.Licence}, "\t"))
	}
	return w.Flush()
}
