package night

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/paulmach/orb"
	"github.com/pelletier/go-toml/v2"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/qgis"
	"spreewatch/data/intake"
	"spreewatch/geo"
	"spreewatch/geo/locate"
)

// DefaultSettings is what `init` writes and where the defaults come from: one text
// for both, so that the file shows what the program does.
//
//go:embed spreewatch.toml
var DefaultSettings []byte

// SettingsName is the settings file that is read when none is named.
const SettingsName = "spreewatch.toml"

// Settings are what a force has settled once, for every night.
type Settings struct {
	Timezone string                     `toml:"timezone"`
	Columns  map[string]string          `toml:"columns"`
	Sources  map[string]intake.Source   `toml:"source"`
	Area     areaSettings               `toml:"area"`
	Geocode  geocodeSettings            `toml:"geocode"`
	Detect   detectSettings             `toml:"detect"`
	Scan     scanSettings               `toml:"scan"`
	Patrol   patrolSettings             `toml:"patrol"`
	Export   exportSettings             `toml:"export"`
	Retain   retainSettings             `toml:"retention"`
	Shifts   []shiftSettings            `toml:"shift"`
	Units    []unitSettings             `toml:"unit"`
	Offences map[string]offenceSettings `toml:"offence"`

	boundary *shapeFile // of area.file; nil for none
	beats    *shapeFile // of patrol.areas; nil for none
}

type retainSettings struct {
	Keep Span `toml:"keep"` // how long a report is kept after its event; 0 is for ever
}

type areaSettings struct {
	Bounds []float64 `toml:"bounds"` // west, south, east, north
	File   string    `toml:"file"`   // a boundary in its place
}

type geocodeSettings struct {
	MinConfidence float64 `toml:"min_confidence"`
}

type detectSettings struct {
	Resolution int    `toml:"resolution"`
	Step       Span   `toml:"step"`
	Lookback   Span   `toml:"lookback"`
	History    Span   `toml:"history"`
	MinLevel   string `toml:"min_level"`

	AlertsPerWeek float64 `toml:"alerts_per_week"`
}

type scanSettings struct {
	Replicates int     `toml:"replicates"`
	Radius     Metres  `toml:"radius"`
	MaxWindow  Span    `toml:"max_window"`
	MinCases   int     `toml:"min_cases"`
	MaxP       float64 `toml:"max_p"`
}

type patrolSettings struct {
	PerShift    int  `toml:"per_shift"`
	Dwell       Span `toml:"dwell"`
	ShiftsAhead int  `toml:"shifts_ahead"`

	Areas    string  `toml:"areas"` // the force's own, to choose from
	Detour   float64 `toml:"detour"`
	SpeedKmh float64 `toml:"speed_kmh"`
}

type exportSettings struct {
	Marking  string `toml:"marking"`
	Audience string `toml:"audience"`
	MinCount int    `toml:"min_count"`
	MaxCells int    `toml:"max_cells"`
	Basemap  string `toml:"basemap"`
}

type shiftSettings struct {
	Name  string `toml:"name" json:"name"`
	Start string `toml:"start" json:"start"`
	End   string `toml:"end" json:"end"`
}

type offenceSettings struct {
	Words        []string `toml:"words"`
	Codes        []string `toml:"codes"`
	Not          []string `toml:"not"`
	Radius       Metres   `toml:"radius"`
	Window       Span     `toml:"window"`
	MinIncidents int      `toml:"min_incidents"`
	Lookback     Span     `toml:"lookback"`
	Decay        Metres   `toml:"decay"`
	DecayTime    Span     `toml:"decay_time"`
	Action       string   `toml:"action"`
	ActionFrom   string   `toml:"action_from"`
	ActionTo     string   `toml:"action_to"`
	ActionElse   string   `toml:"action_else"`
	Keep         Span     `toml:"keep"` // how long a report is kept; 0 is as retention.keep says
}

// LoadSettings reads the defaults and, over them, the file. An empty name is
// spreewatch.toml where there is one.
func LoadSettings(file string) (Settings, error) {
	var c Settings
	if err := decodeSettings(DefaultSettings, &c); err != nil {
		panic(fmt.Sprintf("spreewatch: the settings that ship: %v", err))
	}
	optional := file == ""
	if optional {
		file = SettingsName
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && optional {
		return c, nil
	}
	name := filepath.Base(file)
	if err != nil {
		return c, &data.UserError{Msg: "read settings " + name, Err: errors.Unwrap(err), Hint: "spreewatch init writes a file of settings"}
	}
	var own struct {
		Shifts []shiftSettings `toml:"shift"`
	}
	if toml.Unmarshal(text, &own); own.Shifts != nil {
		c.Shifts = nil
	}
	if err := decodeSettings(text, &c); err != nil {
		return c, &data.UserError{Msg: name, Err: err, Hint: settingsHint(err)}
	}
	if err := c.validate(); err != nil {
		return c, &data.UserError{Msg: name, Err: err, Hint: data.Hint(err)}
	}
	if err := c.loadShapes(filepath.Dir(file)); err != nil {
		return c, &data.UserError{Msg: name, Err: err, Hint: data.Hint(err)}
	}
	if err := c.validateUnits(); err != nil { // against the boundary too
		return c, &data.UserError{Msg: name, Err: err, Hint: data.Hint(err)}
	}
	return c, nil
}

func decodeSettings(text []byte, c *Settings) error {
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(c)
	var unknown *toml.StrictMissingError
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		first := unknown.Errors[0]
		line, _ := first.Position()
		return &unknownKeyError{line: line, key: first.Key()}
	case errors.As(err, &syntax):
		line, _ := syntax.Position()
		if want := wanted(err); want != "" {
			return fmt.Errorf("line %d: %s: want %s", line, strings.Join(syntax.Key(), "."), want)
		}
		return fmt.Errorf("line %d: %w", line, err)
	case err != nil:
		return err
	}
	var raw map[string]any
	if err := toml.Unmarshal(text, &raw); err != nil {
		return err
	}
	if key := unitless(reflect.TypeFor[Settings](), raw, ""); key != "" {
		return &data.UserError{Msg: key + " is a number without a unit", Hint: `a length of time is written as "90m", "12h" or "7d", in quotes`}
	}
	return nil
}

// wanted says what kind of value a setting has, where the decoder was given another, "" for
// any other error.
func wanted(err error) string {
	_, kind, other := strings.Cut(err.Error(), " of type ")
	switch {
	case !other:
		return ""
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case kind == "string":
		return "a text in quotes"
	case kind == "bool":
		return "true or false"
	case strings.HasPrefix(kind, "["):
		return "a list in [brackets]"
	}
	return "another kind of value"
}

// unitless names a length of time that is a number alone, which the decoder takes for
// nanoseconds: who keeps reports for 365 would have them all erased. It is "" where there
// is none; 0 needs no unit.
func unitless(t reflect.Type, value any, name string) string {
	switch v := value.(type) {
	case int64:
		if t == reflect.TypeFor[Span]() && v != 0 {
			return name
		}
	case []any:
		for _, x := range v {
			if key := unitless(t.Elem(), x, name); key != "" {
				return key
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			inner, ok := settingType(t, key)
			if !ok {
				continue
			}
			if found := unitless(inner, v[key], strings.TrimPrefix(name+"."+key, ".")); found != "" {
				return found
			}
		}
	}
	return ""
}

// settingType is the type of a setting of a table, by its key, whose case is free.
func settingType(table reflect.Type, key string) (reflect.Type, bool) {
	switch table.Kind() {
	case reflect.Map:
		return table.Elem(), true
	case reflect.Struct:
		for i := range table.NumField() {
			if f := table.Field(i); strings.EqualFold(f.Tag.Get("toml"), key) {
				return f.Type, true
			}
		}
	}
	return nil, false
}

// An unknownKeyError is a setting that there is not.
type unknownKeyError struct {
	line int
	key  []string
}

func (e *unknownKeyError) Error() string {
	return fmt.Sprintf("line %d: no setting %q", e.line, strings.Join(e.key, "."))
}

// settingsHint names the setting nearest to one that is unknown.
func settingsHint(err error) string {
	var unknown *unknownKeyError
	if !errors.As(err, &unknown) {
		return data.Hint(err)
	}
	name := strings.Join(unknown.key, ".")
	best, bestDistance := "", len(name)
	for _, known := range settingsKeys(reflect.TypeFor[Settings](), unknown.key) {
		if d := levenshtein.ComputeDistance(name, known); d < bestDistance {
			best, bestDistance = known, d
		}
	}
	if best == "" {
		return "spreewatch init writes every setting with its default"
	}
	return best
}

// settingsKeys lists the dotted names of the settings. The name of a map's entry
// is taken from the key that was asked for.
func settingsKeys(t reflect.Type, key []string) []string {
	var out []string
	var rest []string
	if len(key) > 0 {
		rest = key[1:]
	}
	for i := range t.NumField() {
		field := t.Field(i)
		name, inner := field.Tag.Get("toml"), field.Type
		out = append(out, name)
		below := rest
		if inner.Kind() == reflect.Map && inner.Elem().Kind() == reflect.Struct && len(rest) > 0 {
			name, inner, below = name+"."+rest[0], inner.Elem(), rest[1:]
		}
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() != reflect.Struct {
			continue
		}
		for _, sub := range settingsKeys(inner, below) {
			out = append(out, name+"."+sub)
		}
	}
	return out
}

func (c Settings) validate() error {
	if err := c.Area.validate(); err != nil {
		return err
	}
	if _, err := geo.ParseLevel(c.Detect.MinLevel); err != nil {
		return fmt.Errorf("detect.min_level: %w", err)
	}
	if c.Detect.Resolution < 5 || c.Detect.Resolution > 12 {
		return fmt.Errorf("detect.resolution: want 5 to 12")
	}
	if time.Duration(c.Detect.Step) < time.Minute {
		return fmt.Errorf("detect.step: want a minute or more")
	}
	if c.Detect.History <= 0 {
		return fmt.Errorf("detect.history: want more than 0")
	}
	if !(c.Detect.AlertsPerWeek >= 0 && c.Detect.AlertsPerWeek <= 100) {
		return fmt.Errorf("detect.alerts_per_week: want 0 to 100")
	}
	if c.Scan.Radius <= 0 || time.Duration(c.Scan.MaxWindow) < time.Hour || c.Scan.MinCases < 2 {
		return fmt.Errorf("scan: want a radius over 0, a max_window of an hour or more and min_cases of 2 or more")
	}
	if c.Scan.Replicates < 0 || c.Scan.Replicates > 999_999 {
		return fmt.Errorf("scan.replicates: want 0 to 999999")
	}
	if !(c.Scan.MaxP > 0 && c.Scan.MaxP <= 1) {
		return fmt.Errorf("scan.max_p: want over 0 and at most 1")
	}
	if !(c.Geocode.MinConfidence >= 0 && c.Geocode.MinConfidence <= 1) {
		return fmt.Errorf("geocode.min_confidence: want 0 to 1")
	}
	for _, p := range c.Profiles() {
		if err := p.Validate(); err != nil {
			return err
		}
	}
	if c.Export.MaxCells < 1 || c.Export.MaxCells > 1_000_000 {
		return fmt.Errorf("export.max_cells: want 1 to 1000000")
	}
	if c.Export.MinCount < 1 {
		return fmt.Errorf("export.min_count: want 1 or more")
	}
	if strings.TrimSpace(c.Export.Marking) == "" {
		return fmt.Errorf("export.marking: it is empty")
	}
	if _, err := export.ParseAudience(c.Export.Audience); err != nil {
		return fmt.Errorf("export.audience: %w", err)
	}
	if _, err := qgis.ParseBasemap(c.Export.Basemap); err != nil {
		return fmt.Errorf("export.basemap: %w", err)
	}
	if err := (&intake.Options{Columns: c.Columns}).Validate(); err != nil {
		return fmt.Errorf("columns: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Sources)) {
		if err := c.Sources[name].Validate(); err != nil {
			return fmt.Errorf("source.%s: %w", name, err)
		}
		for text, offence := range c.Sources[name].Offences {
			if _, ok := c.Offences[offence]; !ok && !strings.EqualFold(offence, intake.None) {
				return fmt.Errorf("source.%s.offences: %q has no profile %q", name, text, offence)
			}
		}
	}
	if err := c.PlanOptions(time.UTC, time.Unix(0, 0)).Validate(); err != nil {
		return err
	}
	if err := c.routeOptions(0).Validate(); err != nil {
		return fmt.Errorf("patrol: %w", err)
	}
	return c.validateUnits()
}

func (a areaSettings) validate() error {
	if n := len(a.Bounds); n != 0 {
		if n != 4 || a.Bounds[0] >= a.Bounds[2] || a.Bounds[1] >= a.Bounds[3] {
			return fmt.Errorf("area.bounds: want west, south, east, north, such as [0.15, 52.35, 1.75, 52.99]")
		}
		for _, p := range []orb.Point{{a.Bounds[0], a.Bounds[1]}, {a.Bounds[2], a.Bounds[3]}} {
			if err := geo.CheckPoint(p); err != nil {
				return fmt.Errorf("area.bounds: %w", err)
			}
		}
	}
	return nil
}

// bound returns what holds the force area, and whether one is set.
func (c Settings) bound() (orb.Bound, bool) {
	b := c.Area.Bounds
	switch {
	case c.boundary != nil:
		return c.boundary.region.Bound(), true
	case len(b) != 4:
		return orb.Bound{}, false
	}
	return orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}, true
}

// Profiles returns the offence profiles by name.
func (c Settings) Profiles() []cluster.Profile {
	out := make([]cluster.Profile, 0, len(c.Offences))
	for name, o := range c.Offences {
		lookback := o.Lookback
		if lookback == 0 {
			lookback = c.Detect.Lookback
		}
		out = append(out, cluster.Profile{
			Offence:      name,
			Words:        o.Words,
			Codes:        o.Codes,
			Not:          o.Not,
			RadiusM:      float64(o.Radius),
			Window:       time.Duration(o.Window),
			MinIncidents: o.MinIncidents,
			Lookback:     time.Duration(lookback),
			DecayM:       float64(o.Decay),
			DecayTime:    time.Duration(o.DecayTime),
			Action:       o.Action,
			ActionFrom:   o.ActionFrom,
			ActionTo:     o.ActionTo,
			ActionElse:   o.ActionElse,
		})
	}
	slices.SortFunc(out, func(a, b cluster.Profile) int { return strings.Compare(a.Offence, b.Offence) })
	return out
}

// keep is how long a report of the offence is kept after its event, 0 for ever.
func (c Settings) keep(offence string) time.Duration {
	if own := c.Offences[offence].Keep; own > 0 {
		return time.Duration(own)
	}
	return time.Duration(c.Retain.Keep)
}

// within is what the settings say of the force's area.
func (c Settings) within() locate.Context {
	var within locate.Context
	if b, ok := c.bound(); ok {
		within.Area = []orb.Bound{b}
	}
	if c.boundary != nil {
		within.Edge = c.boundary.region
	}
	return within
}

// A Change of the detection's settings, for one run.
type Change struct {
	MinLevel   string // "" as it is
	Lookback   Span   // in place of every offence's own; 0 as it is
	Replicates *int   // nil as it is
}

// With returns the settings with the change.
func (c Settings) With(ch Change) Settings {
	if ch.MinLevel != "" {
		c.Detect.MinLevel = ch.MinLevel
	}
	if ch.Replicates != nil {
		c.Scan.Replicates = *ch.Replicates
	}
	if ch.Lookback > 0 {
		c.Detect.Lookback = ch.Lookback
		c.Offences = maps.Clone(c.Offences)
		for name, offence := range c.Offences {
			offence.Lookback = ch.Lookback
			c.Offences[name] = offence
		}
	}
	return c
}

// detectOptions are the settings of the detection.
func (c Settings) detectOptions(zone *time.Location, seed uint64, asOf time.Time) detect.Options {
	level, err := geo.ParseLevel(c.Detect.MinLevel)
	if err != nil {
		panic("night: detect.min_level was checked before")
	}
	o := detect.DefaultOptions()
	o.AsOf, o.Zone, o.Profiles, o.MinLevel = asOf, zone, c.Profiles(), level
	o.Resolution, o.Seed, o.AlertsPerWeek = c.Detect.Resolution, seed, c.Detect.AlertsPerWeek
	o.Replicates, o.MaxP = c.Scan.Replicates, c.Scan.MaxP
	o.MaxRadiusM, o.MaxWindow, o.MinCases = float64(c.Scan.Radius), time.Duration(c.Scan.MaxWindow), c.Scan.MinCases
	return o
}

// PlanOptions are the settings of the plan.
func (c Settings) PlanOptions(zone *time.Location, asOf time.Time) patrol.Options {
	o := patrol.DefaultOptions()
	o.AsOf, o.Zone, o.Profiles = asOf, zone, c.Profiles()
	o.PerShift, o.Dwell, o.ShiftsAhead, o.Resolution = c.Patrol.PerShift, time.Duration(c.Patrol.Dwell), c.Patrol.ShiftsAhead, c.Detect.Resolution
	if c.beats != nil {
		o.Areas = c.beats.areas
	}
	o.Shifts = nil
	for _, s := range c.Shifts {
		o.Shifts = append(o.Shifts, patrol.Shift{Name: s.Name, Start: s.Start, End: s.End})
	}
	return o
}
