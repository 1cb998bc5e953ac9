// Package export writes what a run found into one folder: GeoJSON, a QGIS
// project that opens it, the list of what a person must decide, and a manifest.
//
// The folder holds
//
//	patrols.geojson    Polygon, one a suggested area
//	routes.geojson     LineString, one a unit and shift; not for the public
//	stops.geojson      Point, one a visit of a unit; not for the public
//	routes.gpx         the routes for a satnav; not for the public
//	sprees.geojson     MultiPolygon, one a spree: the union of its cells
//	cells.geojson      Polygon, the hexagons with observed, expected and risk
//	risk.geojson       Polygon, what to expect in these by shift; not for the public
//	incidents.geojson  Point, for analysts only
//	settlements, streets, roads, land.geojson
//	                   the ground, so far as there is any
//	*.qml              a style beside each of them, which QGIS takes up
//	spreewatch.qgs     opens the files above in QGIS 3.22 or later
//	briefing.html      the page to read and print; not for the public
//	review.html        the same as cards to choose on; for analysts only
//	review.csv         what a person must decide; not for the public
//	run.json           the manifest, with the SHA-256 of every other file
//
// Package layer has the properties of each GeoJSON file in order. The GeoJSON is RFC
// 7946: WGS84, right-hand rule, seven decimals, bbox, one feature a line, one
// geometry type a file, one JSON type a property. A value that is not known is
// null. The same input gives the same bytes.
package export

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/briefing"
	"spreewatch/data/export/gpkg"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/qgis"
	"spreewatch/geo"
)

// A Result is what a run found. Write does not change it.
type Result struct {
	Sprees      []cluster.Spree
	Suggestions []patrol.Suggestion
	Routes      []patrol.Route // round the suggestions
	Risk        []layer.ShiftRisk
	Cells       []detect.CellCount
	Incidents   []layer.Incident
	Review      []ReviewRow
	Run         Run    // Write completes it: see Run
	Budget      string // how many false alerts a week are allowed, and whether that was calibrated

	// Public is the same of the Shareable incidents alone, where the reader is the
	// public; its Run has a RunID of its own. Without it the public sees what is left
	// of the whole.
	Public *Result
}

// An Audience says who may read the outputs.
type Audience string

// The audiences, from the one that sees most.
const (
	AudienceAnalyst    Audience = "analyst"    // everything
	AudienceSupervisor Audience = "supervisor" // no reference, no location text, no single incident
	AudiencePublic     Audience = "public"     // also nothing with few incidents behind it, and no place but coarse cells
)

// ParseAudience reads the audience's name.
func ParseAudience(s string) (Audience, error) {
	switch a := Audience(s); a {
	case AudienceAnalyst, AudienceSupervisor, AudiencePublic:
		return a, nil
	}
	return "", fmt.Errorf("no audience %q: analyst, supervisor or public", s)
}

// Options say where to write and for whom.
type Options struct {
	Dir        string // made, with mode 0700, when it is not there; one that is there keeps its mode
	Audience   Audience
	Marking    string         // protective marking, in every file
	Zone       *time.Location // of the *_local properties
	RunID      string         // in every file
	Resolution int            // H3, of the h3 property of incidents and of snapped points; the public's are coarser
	GeoPackage string         // file that every layer is written into as well; "" for none
	Keep       []string       // files in use, which no output takes the place of: the database, the inputs
	Offences   []string       // that are known; another is free text, which an analyst alone sees
	Step       func(string)   // called before every file is put in place or removed, with its name; nil for none
	Ground     Grounding      // what the gazetteer has of the ground; nil for nothing
	Basemap    qgis.Basemap   // to lie under the map in place of the ground; the zero value for none
	MinCount   int            // the public sees nothing with fewer incidents behind it
}

// DefaultOptions returns the options for a supervisor; Dir and RunID are to be
// filled in.
func DefaultOptions() Options {
	return Options{
		Audience:   AudienceSupervisor,
		Marking:    "OFFICIAL-SENSITIVE",
		Zone:       time.UTC,
		Resolution: 9,
		MinCount:   5,
	}
}

// Validate refuses options that would write nothing, or to nobody.
func (o Options) Validate() error {
	if _, err := ParseAudience(string(o.Audience)); err != nil {
		return err
	}
	switch {
	case o.Dir == "":
		return fmt.Errorf("no output folder")
	case strings.TrimSpace(o.Marking) == "":
		return fmt.Errorf("the marking is empty")
	case o.RunID == "":
		return fmt.Errorf("the run has no id")
	case o.Zone == nil:
		return fmt.Errorf("no time zone")
	case o.Resolution < 0 || o.Resolution > geo.MaxResolution:
		return fmt.Errorf("resolution must be 0 to %d", geo.MaxResolution)
	case o.MinCount < 1:
		return fmt.Errorf("the least count shown to the public must be at least 1")
	}
	return nil
}

// Write writes the files of the package comment into o.Dir, mode 0600, and the
// GeoPackage where o names one, which the manifest does not list, and
// returns the whole manifest with each file in Outputs; run.json holds its
// ForAudience.
//
// All files are first written in full under other names and then renamed, the
// project after the layers and the manifest last of all: a reader never sees half
// a file, and on an error before the first rename, such as a full disk or a context
// that is done, the earlier files are untouched. A file left by an earlier run that
// this audience may not see is removed; nothing else than an earlier output is removed
// or written over (see CheckFolder). One folder takes one writer at a time.
func Write(ctx context.Context, r Result, o Options) (Run, error) {
	if err := o.Validate(); err != nil {
		return Run{}, err
	}
	if err := CheckFolder(o); err != nil {
		return Run{}, err
	}
	run := completeRun(r, o)
	shown, o, err := r.shown(o)
	if err != nil {
		return Run{}, err
	}
	layers, err := shown.layers(o)
	if err != nil {
		return Run{}, err
	}
	if layers, err = shown.grounded(layers, o); err != nil {
		return Run{}, err
	}
	st, err := newStage(o.Dir)
	if err != nil {
		return Run{}, err
	}
	defer st.discard()

	for _, t := range layers.Tables() {
		st.addLayer(t, o.stamp())
	}
	if o.Audience == AudiencePublic {
		st.remove(reviewFile)
		st.remove(briefingFile)
		st.remove(gpxName)
	} else {
		st.add(gpxName, func(w io.Writer) error { return writeGPX(w, layers, o) })
		st.add(reviewFile, func(w io.Writer) error { return writeReview(w, shown.Review, o) })
		st.add(briefingFile, func(w io.Writer) error { return briefing.Write(ctx, w, shown.pageOf(layers, o)) })
	}
	if o.Audience == AudienceAnalyst {
		st.add(cardsFile, func(w io.Writer) error { return briefing.WriteReview(w, shown.reviewOf(layers, o)) })
	} else {
		st.remove(cardsFile)
	}
	drawn := shown.mapOf(layers, o).Once()
	for _, t := range layers.Tables() {
		st.add(t.About().Style(), func(w io.Writer) error { return qgis.WriteStyle(w, drawn, t.About().Name) })
	}
	st.add(projectFile, func(w io.Writer) error { return qgis.Write(w, drawn) })
	for _, t := range layer.All() {
		if !layers.Holds(t.About()) {
			st.remove(t.About().File())
			st.remove(t.About().Style())
		}
	}
	if o.GeoPackage != "" {
		st.addElsewhere(o.GeoPackage, func(w io.Writer) error { return gpkg.Write(ctx, w, drawn) })
	}
	if err := st.write(ctx); err != nil {
		return Run{}, err
	}
	run.Outputs = slices.Clone(st.outputs)
	shown.Run.Outputs = run.Outputs
	st.add(manifestFile, shown.Run.write)
	if err := st.write(ctx); err != nil {
		return Run{}, err
	}
	return run, st.commit(o.Step)
}

// shown returns what the audience may see of the result, its manifest among it,
// and the options with the run that it names.
func (r Result) shown(o Options) (Result, Options, error) {
	if o.Audience == AudiencePublic && r.Public != nil {
		r = *r.Public
		o.RunID = r.Run.RunID
	}
	shown, err := forAudience(r, o)
	if err != nil {
		return Result{}, o, err
	}
	shown.Run = completeRun(r, o).ForAudience()
	return shown, o, nil
}

// WriteSprees writes the properties of the sprees as JSON, an object a line.
func WriteSprees(w io.Writer, r Result, o Options) error {
	return writeRows(w, r, o, func(s layer.Set) layer.Table { return s.Sprees })
}

// WriteSuggestions writes the properties of the suggestions as JSON, an object a
// line.
func WriteSuggestions(w io.Writer, r Result, o Options) error {
	return writeRows(w, r, o, func(s layer.Set) layer.Table { return s.Patrols })
}

func writeRows(w io.Writer, r Result, o Options, of func(layer.Set) layer.Table) error {
	shown, o, err := r.shown(o)
	if err != nil {
		return err
	}
	layers, err := shown.layers(o)
	if err != nil {
		return err
	}
	return layer.WriteRows(w, of(layers))
}

// layers fills the layers with what forAudience has left.
func (r Result) layers(o Options) (layer.Set, error) {
	return layer.Fill(layer.Contents{Suggestions: r.Suggestions, Sprees: r.Sprees, Cells: r.Cells, Incidents: r.Incidents, Routes: r.Routes, Risk: r.Risk,
		Analyst: o.Audience == AudienceAnalyst, Public: o.Audience == AudiencePublic}, o.stamp())
}

func (o Options) stamp() layer.Stamp {
	return layer.Stamp{Zone: o.Zone, RunID: o.RunID, Marking: o.Marking, Resolution: o.Resolution}
}

// mapOf is what the QGIS project shows.
func (r Result) mapOf(layers layer.Set, o Options) qgis.Map {
	return qgis.Map{AsOf: r.Run.AsOf, Zone: o.Zone, RunID: o.RunID, Marking: o.Marking, Trust: r.Run.HitRate.trust(), Notes: r.Run.Notes,
		Layers: layers, Basemap: o.Basemap}
}
