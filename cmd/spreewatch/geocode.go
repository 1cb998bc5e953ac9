package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/paulmach/orb"
	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/gazetteer"
	"spreewatch/geo"
)

func geocodeCmd(g *globals) *cobra.Command {
	var o geocodeOptions
	cmd := &cobra.Command{
		Use:   "geocode",
		Short: "Find where reports, a file of queries or one text are",
		Long: `Find where reports are. Without --text or --file, every report in the database
that has not been looked up yet is. Where no gazetteer was imported, the small
Norfolk sample is used, and the output names it.`,
		Example: `  spreewatch geocode --text "Mill Street, Elsing" --json
  spreewatch geocode --file q.csv --column query --out r.csv --report`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text := cmd.Flags().Changed("text")
			switch {
			case text && o.file != "":
				return usagef("spreewatch geocode --help", "--text and --file are two different runs")
			case text:
				return geocodeText(cmd.Context(), g, o.text)
			case o.file != "":
				return geocodeFile(cmd.Context(), g, o)
			}
			return geocodeReports(cmd.Context(), g, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.text, "text", "", "print the match of one `TEXT`")
	f.StringVar(&o.file, "file", "", "geocode a CSV `FILE`, - for standard input")
	f.StringVar(&o.column, "column", "query", "`HEADER` of the column to geocode")
	f.StringVar(&o.out, "out", "", "write the CSV to `FILE` (default standard output)")
	f.BoolVar(&o.report, "report", false, "print the quality report")
	return cmd
}

type geocodeOptions struct {
	text, file, column, out string
	report                  bool
}

// openIndex returns the index of the gazetteer that the database holds, or of the
// sample where nothing was imported, and the name that tells one from another.
// With no database open it looks into --db, and makes none.
func openIndex(ctx context.Context, g *globals, db *data.DB) (*geo.Index, string, error) {
	if _, err := os.Stat(g.dbFile); db == nil && err == nil {
		if db, err = data.Open(ctx, g.dbFile); err != nil {
			return nil, "", err
		}
		defer db.Close()
	}
	h, err := holding(ctx, g, db)
	if err != nil {
		return nil, "", err
	}
	index, err := h.Load(ctx, db)
	return index, h.ID, err
}

// holding is the gazetteer to look up in.
func holding(ctx context.Context, g *globals, db *data.DB) (gazetteer.Holding, error) {
	if area, ok := g.cfg.Area.bound(); ok {
		return gazetteer.Hold(ctx, db, &area)
	}
	return gazetteer.Hold(ctx, db, nil)
}

// A matchRow is a match as `geocode --json` prints it.
type matchRow struct {
	Level       string         `json:"level"`
	Lon         *float64       `json:"lon"`
	Lat         *float64       `json:"lat"`
	RadiusM     *float64       `json:"radius_m"`
	Confidence  float64        `json:"confidence"`
	Name        *string        `json:"name"`
	Locality    *string        `json:"locality"`
	Rule        string         `json:"rule"`
	Corrections []string       `json:"corrections"`
	Source      *string        `json:"source"`
	Candidates  []candidateRow `json:"candidates"`
}

type candidateRow struct {
	Name       string  `json:"name"`
	Locality   *string `json:"locality"`
	Lon        float64 `json:"lon"`
	Lat        float64 `json:"lat"`
	RadiusM    float64 `json:"radius_m"`
	Confidence float64 `json:"confidence"`
	Source     string  `json:"source"`
}

func newMatchRow(m geo.Match) matchRow {
	row := matchRow{
		Level: m.Level.String(), Confidence: decimals(m.Confidence, 4), Name: orNull(m.Name), Locality: orNull(m.Locality),
		Rule: m.Rule, Corrections: append([]string{}, m.Corrections...), Source: orNull(m.Source), Candidates: []candidateRow{},
	}
	if m.Level.Located() {
		p := orb.Round(m.Point, 1e7).(orb.Point)
		radius := decimals(m.RadiusM, 1)
		row.Lon, row.Lat, row.RadiusM = &p[0], &p[1], &radius
	}
	for _, c := range m.Candidates {
		p := orb.Round(c.Point, 1e7).(orb.Point)
		row.Candidates = append(row.Candidates, candidateRow{Name: c.Name, Locality: orNull(c.Locality), Lon: p[0], Lat: p[1],
			RadiusM: decimals(c.RadiusM, 1), Confidence: decimals(c.Confidence, 4), Source: c.Source})
	}
	return row
}

func geocodeText(ctx context.Context, g *globals, text string) error {
	index, _, err := openIndex(ctx, g, nil)
	if err != nil {
		return err
	}
	m := index.Match(text, g.area())
	row := newMatchRow(m)
	if g.json {
		return json.NewEncoder(g.out).Encode(row)
	}
	w := new(strings.Builder)
	fmt.Fprintf(w, "level        %s\n", row.Level)
	if row.Lon != nil {
		fmt.Fprintf(w, "lon, lat     %.6f %.6f, within %.0f m\n", *row.Lon, *row.Lat, *row.RadiusM)
	}
	fmt.Fprintf(w, "confidence   %.2f\n", row.Confidence)
	for _, f := range []struct {
		name  string
		value *string
	}{{"name", row.Name}, {"locality", row.Locality}, {"rule", &row.Rule}, {"source", row.Source}} {
		if f.value != nil && *f.value != "" {
			fmt.Fprintf(w, "%-12s %s\n", f.name, *f.value)
		}
	}
	if len(row.Corrections) > 0 {
		fmt.Fprintf(w, "corrections  %s\n", strings.Join(row.Corrections, "; "))
	}
	for i, c := range m.Candidates {
		fmt.Fprintf(w, "candidate %d  %s\n", i+1, placeText(c.Name, c.Locality, c.Point))
	}
	_, err = g.out.Write([]byte(w.String()))
	return err
}

// area returns what the settings say of the force's area.
func (g *globals) area() geo.Context {
	var c geo.Context
	if b, ok := g.cfg.Area.bound(); ok {
		c.Area = []orb.Bound{b}
	}
	return c
}

// matchAll matches the texts on every core. The answers are in their order and
// do not depend on the number of cores.
func matchAll(index *geo.Index, texts []string, c geo.Context) []geo.Match {
	out := make([]geo.Match, len(texts))
	workers := min(runtime.GOMAXPROCS(0), len(texts)/64+1)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w * len(texts) / workers; i < (w+1)*len(texts)/workers; i++ {
				out[i] = index.Match(texts[i], c)
			}
		})
	}
	wg.Wait()
	return out
}

// locate looks up the reports that have not been looked up in this gazetteer.
func locate(ctx context.Context, g *globals, db *data.DB) error {
	index, name, err := openIndex(ctx, g, db)
	if err != nil {
		return err
	}
	groups, err := db.Unlocated(ctx, name)
	if err != nil {
		return err
	}
	overrides, err := db.Overrides(ctx)
	if err != nil {
		return err
	}
	for _, reports := range groups {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := db.StoreMatches(ctx, name, locateGroup(index, reports, g.area(), overrides)); err != nil {
			return err
		}
	}
	return nil
}

// locateGroup looks up the reports of one input. Those of a bulletin share an
// area: what is found alone helps with what is not.
func locateGroup(index *geo.Index, reports []data.Report, c geo.Context, overrides map[string]data.Override) []data.Located {
	texts := make([]string, len(reports))
	for i, r := range reports {
		texts[i] = r.Location
	}
	matches := matchAll(index, texts, c)
	near := c
	for i, r := range reports {
		if r.Bulletin && matches[i].Level.Located() {
			near.Near = append(near.Near, matches[i].Point)
		}
	}
	out := make([]data.Located, len(reports))
	for i, r := range reports {
		m := matches[i]
		decided, ok := overrides[geo.Normalise(r.Location)]
		switch {
		case ok:
			m = decided.Match
		case r.Point != nil:
			m = geo.Given(*r.Point, r.Source)
		case r.Bulletin && m.Level == geo.LevelAmbiguous && len(near.Near) > 0:
			m = index.Match(r.Location, near)
		}
		out[i] = data.Located{Report: r, Match: m}
	}
	return out
}

// geocodeReports locates what is new in the store and prints the quality.
func geocodeReports(ctx context.Context, g *globals, o geocodeOptions) error {
	db, err := g.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := locate(ctx, g, db); err != nil {
		return err
	}
	located, err := db.Located(ctx, time.Time{}, farFuture)
	if err != nil {
		return err
	}
	var q geo.Quality
	review := 0
	for _, l := range located {
		q.Add(l.Location, l.Match)
		if reviewReason(l.Match, g.cfg.Geocode.MinConfidence) != "" {
			review++
		}
	}
	if !g.quiet || o.report {
		if err := printQuality(g, g.out, &q); err != nil {
			return err
		}
	}
	if review > 0 {
		return errReview
	}
	return nil
}
