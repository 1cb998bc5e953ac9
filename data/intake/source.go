package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"spreewatch/data"
	"spreewatch/data/table"
	"spreewatch/geo"
)

// A Source is what the settings say of the files of one system, [source.NAME]. What
// it does not say is found in the file.
type Source struct {
	Header    []string          `toml:"header"`     // names that its files are recognised by
	Columns   map[string]string `toml:"columns"`    // header by field
	DateOrder string            `toml:"date_order"` // dmy or mdy, where the file does not prove it
	Timezone  string            `toml:"timezone"`
	Sheet     string            `toml:"sheet"`
	CRS       string            `toml:"crs"`       // of x and y, such as EPSG:27700
	Offences  map[string]string `toml:"offences"`  // what the source calls an offence → profile, or "none"
	Withdrawn []string          `toml:"withdrawn"` // words of the column status for a report taken back
}

// Validate refuses what cannot be followed.
func (s Source) Validate() error {
	for _, f := range slices.Sorted(maps.Keys(s.Columns)) {
		if err := CheckField(f); err != nil {
			return err
		}
	}
	if _, err := table.ParseOrder(s.DateOrder); err != nil {
		return fmt.Errorf("date_order: %w", err)
	}
	if s.Timezone != "" {
		if _, err := time.LoadLocation(s.Timezone); err != nil || strings.EqualFold(s.Timezone, "local") {
			return fmt.Errorf("timezone: no time zone %q", s.Timezone)
		}
	}
	if s.CRS != "" {
		if _, err := geo.ParseProjection(s.CRS); err != nil {
			return fmt.Errorf("crs: %w", err)
		}
	}
	return nil
}

// knows reports whether a header is that of the source, and by how many names.
func (s Source) knows(header []string) (int, bool) {
	names := slices.Clone(s.Header)
	for _, h := range s.Columns {
		names = append(names, h)
	}
	return len(names), len(names) > 1 && table.Holds(header, names)
}

// choose returns the options for an input: those of the source that was named, or
// else of the one that the header has most names of.
func (o Options) choose(in *table.Input) (Options, error) {
	name := o.Source
	if name == "" && len(o.Sources) > 0 && in.Kind != table.Prose {
		header, err := table.Header(in, o.Sheet)
		if err != nil {
			return o, err
		}
		most := 0
		for _, n := range slices.Sorted(maps.Keys(o.Sources)) {
			if k, ok := o.Sources[n].knows(header); ok && k > most {
				name, most = n, k
			}
		}
	}
	if name == "" {
		return o, nil
	}
	s, ok := o.Sources[name]
	if !ok {
		hint := "the settings have no [source.NAME]; spreewatch inspect --save NAME FILE writes one"
		if len(o.Sources) > 0 {
			hint = "the sources are " + strings.Join(slices.Sorted(maps.Keys(o.Sources)), ", ")
		}
		return o, &data.UserError{Msg: fmt.Sprintf("there is no source %q", name), Hint: hint}
	}
	o.Source = name
	usual := maps.Clone(o.Usual)
	if usual == nil {
		usual = map[string]string{}
	}
	maps.Copy(usual, s.Columns)
	o.Usual = usual
	if o.Fallback == table.OrderAuto {
		o.Fallback, _ = table.ParseOrder(s.DateOrder)
	}
	if s.Timezone != "" && !o.ZoneTold {
		zone, err := time.LoadLocation(s.Timezone)
		if err != nil {
			return o, fmt.Errorf("load zone: %w", err)
		}
		o.Zone, o.ZoneTold = zone, true
	}
	if o.Sheet == "" {
		o.Sheet = s.Sheet
	}
	if o.CRS == "" {
		o.CRS = s.CRS
	}
	if len(s.Offences) > 0 {
		o.Offences = maps.Clone(s.Offences)
	}
	o.Withdrawn = s.Withdrawn
	return o, nil
}

// Settle gives a reader of the input what the settings say of it: the usual columns
// and, where its header is that of a source, what is known of that. What the reader was
// told itself goes first. withdrawn tells the rows of reports that were taken back.
func (o Options) Settle(in *table.Input, to *table.Options) (withdrawn func(table.Row) bool, err error) {
	o.Zone, o.Columns = to.Zone, nil
	if o, err = o.choose(in); err != nil {
		return nil, err
	}
	known, err := o.table()
	if err != nil {
		return nil, err
	}
	to.Usual, to.Fallback, to.Sheet, to.Zone = known.Usual, known.Fallback, known.Sheet, known.Zone
	if to.Project == nil {
		to.Project, to.Feet = known.Project, known.Feet
	}
	return o.withdrawn, nil
}
