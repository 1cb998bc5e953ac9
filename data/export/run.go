package export

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/locate"
)

// HitRateLine is the least share of reports that must be located precisely for
// a crime map to be trusted: Ratcliffe 2004, "Geocoding crime and a first
// estimate of a minimum acceptable hit rate".
const HitRateLine = locate.HitRateLine

// A Run is the manifest of a run: what went in, how, and what came out. It holds
// no time of day but AsOf, so that the same run gives the same bytes. Write
// fills in what it knows itself: RunID, Marking, Audience, Timezone, the counts
// of Tallies from Located on except Levels, HitRate and Outputs.
type Run struct {
	RunID     string         `json:"run_id"`
	Marking   string         `json:"marking"`
	Audience  Audience       `json:"audience"`
	AsOf      time.Time      `json:"as_of"` // written in UTC
	Timezone  string         `json:"timezone"`
	Seed      uint64         `json:"seed"`
	Versions  Versions       `json:"versions"`
	Options   map[string]any `json:"options"` // settings that shaped the answer, by name
	Inputs    []Input        `json:"inputs"`
	Gazetteer []Gazetteer    `json:"gazetteer"`
	Tallies   Tallies        `json:"tallies,omitzero"`   // not for the public
	HitRate   HitRate        `json:"hit_rate,omitzero"`  // not for the public
	Geocoding Geocoding      `json:"geocoding,omitzero"` // not for the public
	Risk      Risk           `json:"risk,omitzero"`      // what the plan's priorities rest on; not for the public
	// What the threshold of the scan rests on; left out where nothing is calibrated, and
	// not for the public.
	Calibration Calibration `json:"calibration,omitzero"`
	Audit       data.Mark   `json:"audit,omitzero"` // the entry of the audit log that the run rests on; not for the public
	Outputs     []Output    `json:"outputs"`        // every other file of the folder
	Notes       []string    `json:"notes"`          // what a reader must know, such as that history was too thin
}

// Versions say what made the run.
type Versions struct {
	Spreewatch string `json:"spreewatch"`
	Go         string `json:"go,omitempty"`
	SQLite     string `json:"sqlite,omitempty"`
	Schema     int    `json:"schema,omitempty"` // of the database
}

// An Input is one file that was read.
type Input struct {
	Name     string `json:"name"` // base name, "-" for standard input
	Format   string `json:"format,omitempty"`
	SHA256   string `json:"sha256"`
	Bytes    int64  `json:"bytes"`
	Reports  int    `json:"reports"`
	Rejected int    `json:"rejected"`
	Unread   int    `json:"unread"`
}

// A Gazetteer is one source of places.
type Gazetteer struct {
	Source  string `json:"source"`
	Release string `json:"release,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	Entries int    `json:"entries"`
	Licence string `json:"licence,omitempty"`
}

// Tallies count what became of the reports.
type Tallies struct {
	Read        int          `json:"read"`     // reports that could be read, repeats among them
	Rejected    int          `json:"rejected"` // lines refused, with a reason in review.csv
	Unread      int          `json:"unread"`   // lines that name a place or a time and gave no report
	Duplicates  int          `json:"duplicates"`
	Corrected   int          `json:"corrected"` // reports that came again with new content
	Levels      LevelCounts  `json:"levels"`    // reports by match level, repeats left out
	Located     int          `json:"located"`   // reports with a point
	Precise     int          `json:"precise"`   // located to a street or better, within 500 m, and at or over min_confidence
	Incidents   int          `json:"incidents"` // reports with a point and a time
	Sprees      int          `json:"sprees"`
	Suggestions int          `json:"suggestions"`
	Shifts      []ShiftCount `json:"shifts"` // suggestions by shift, the first shift first
	Review      int          `json:"review"` // rows of review.csv
}

// A ShiftCount is the number of suggestions for one shift.
type ShiftCount struct {
	Shift       string `json:"shift"`
	Suggestions int    `json:"suggestions"`
}

// A HitRate compares the share of reports located to an address, a junction, a
// street or a full postcode with HitRateLine.
type HitRate struct {
	Precise int      `json:"precise"`
	Reports int      `json:"reports"`
	Rate    *float64 `json:"rate"` // null without reports
	Line    float64  `json:"line"`
	Met     bool     `json:"met"`
	Sure    int      `json:"sure"` // of Precise, those within 500 m and at or over min_confidence
}

// trust says how far the places can be trusted, in words; "" without reports.
func (h HitRate) trust() string {
	if h.Rate == nil {
		return ""
	}
	met := "below"
	if h.Met {
		met = "meets"
	}
	return fmt.Sprintf("%.0f %% of reports located to a street or better (%s the line of %.0f %%)", math.Floor(100**h.Rate+1e-9), met, 100*h.Line)
}

// Geocoding says how the reports were located, beside their levels.
type Geocoding struct {
	Sources     []locate.Count `json:"sources"`         // located reports by gazetteer, most first
	MedianM     *float64       `json:"median_radius_m"` // of the located reports; null where there is none
	Corrections []locate.Count `json:"corrections"`     // by kind, most first
	Unmatched   []locate.Count `json:"unmatched"`       // commonest texts without a place, without house numbers; an analyst alone sees them
}

// Risk says what the risk of the plan was learnt on, and from where priorities run.
type Risk struct {
	AsOf   time.Time `json:"as_of"`  // nothing later was looked at
	Days   float64   `json:"days"`   // of the past
	High   float64   `json:"high"`   // incidents of a cell in an hour from which a priority is high; 0 where the past is too short
	Medium float64   `json:"medium"` // from which it is medium
}

// A Calibration says at what threshold the scan raised a spree, and on what that
// rests. It is the same whether its nights were kept from before or made anew.
type Calibration struct {
	AlertsPerWeek float64  `json:"alerts_per_week"`  // asked for
	Reached       float64  `json:"reached_per_week"` // false sprees a week at the threshold, times shuffled
	Threshold     float64  `json:"threshold"`        // least log likelihood ratio of a spree
	HistoryDays   int      `json:"history_days"`     // whole, rounded up
	Nights        int      `json:"nights"`           // of the force's own past
	Replicates    int      `json:"replicates"`       // of each night, at least
	Offences      []string `json:"offences"`         // that the scan looked at
	P             float64  `json:"p_value"`          // that the best of a night is as strong as tonight's
	RecurrenceD   float64  `json:"ri_days"`          // nights from one as strong to the next
}

// An Output is one file that was written.
type Output struct {
	Name     string `json:"name"`
	SHA256   string `json:"sha256"`
	Bytes    int64  `json:"bytes"`
	Features *int   `json:"features,omitempty"` // of a GeoJSON file
}

// LevelCounts counts reports by match level. The zero value is ready to use.
type LevelCounts [geo.LevelAddress + 1]int

// Add counts one report.
func (c *LevelCounts) Add(l geo.Level) { c[l]++ }

// Total returns the number of reports.
func (c LevelCounts) Total() int { return c.sum(func(geo.Level) bool { return true }) }

// Located returns the number of reports with a point.
func (c LevelCounts) Located() int { return c.sum(geo.Level.Located) }

// HitRate compares the counts with HitRateLine.
func (c LevelCounts) HitRate() HitRate {
	h := HitRate{Precise: c.sum(geo.Level.Precise), Reports: c.Total(), Line: HitRateLine}
	if h.Reports > 0 {
		rate := float64(h.Precise) / float64(h.Reports)
		h.Rate, h.Met = &rate, rate >= HitRateLine
	}
	return h
}

func (c LevelCounts) sum(counts func(geo.Level) bool) int {
	n := 0
	for l, k := range c {
		if counts(geo.Level(l)) {
			n += k
		}
	}
	return n
}

// MarshalJSON writes an object with every level, best first.
func (c LevelCounts) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	for i, l := range geo.Levels() {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%d", l, c[l])
	}
	return []byte("{" + b.String() + "}"), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *LevelCounts) UnmarshalJSON(data []byte) error {
	var m map[string]int
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	*c = LevelCounts{}
	for word, n := range m {
		l, err := geo.ParseLevel(word)
		if err != nil {
			return err
		}
		c[l] = n
	}
	return nil
}

// completeRun fills in the counts of the whole result, not of what the audience
// may see of it.
func completeRun(r Result, o Options) Run {
	run := r.Run
	run.RunID, run.Marking, run.Audience, run.Timezone = o.RunID, o.Marking, o.Audience, o.Zone.String()
	run.AsOf = run.AsOf.UTC()
	t := &run.Tallies
	t.Located = t.Levels.Located()
	t.Incidents, t.Sprees, t.Suggestions, t.Review = len(r.Incidents), len(r.Sprees), len(r.Suggestions), len(r.Review)
	t.Shifts = countShifts(r.Suggestions)
	run.HitRate = t.Levels.HitRate()
	run.HitRate.Sure = t.Precise
	g := &run.Geocoding
	g.Sources, g.Corrections, g.Unmatched = orEmpty(g.Sources), orEmpty(g.Corrections), orEmpty(g.Unmatched)
	run.Options = orEmptyMap(run.Options)
	run.Inputs, run.Gazetteer, run.Notes = orEmpty(run.Inputs), orEmpty(run.Gazetteer), orEmpty(run.Notes)
	return run
}

// ForAudience returns the part of the manifest that its Audience may see: what
// run.json holds. The texts without a place are for an analyst alone. The public
// sees no tally, since one can be a small count, nor what speaks of them, nor the
// radii and decays by which one could be worked out.
func (run Run) ForAudience() Run {
	switch run.Audience {
	case AudienceSupervisor:
		run.Geocoding.Unmatched = []locate.Count{}
	case AudiencePublic:
		run.Inputs, run.Notes = []Input{}, []string{}
		run.Tallies, run.HitRate, run.Geocoding, run.Risk, run.Calibration, run.Audit = Tallies{}, HitRate{}, Geocoding{}, Risk{}, Calibration{}, data.Mark{}
		run.Options = maps.Clone(run.Options)
		for _, name := range []string{"offences", "scan", "area", "area_file", "areas", "units"} { // with their radii and decays, and where cars start
			delete(run.Options, name)
		}
	}
	return run
}

// countShifts counts suggestions by shift, the shift with the earliest band
// first.
func countShifts(suggestions []patrol.Suggestion) []ShiftCount {
	suggestions = slices.Clone(suggestions)
	slices.SortStableFunc(suggestions, func(a, b patrol.Suggestion) int {
		if c := a.Band.Start.Compare(b.Band.Start); c != 0 {
			return c
		}
		return strings.Compare(a.Shift, b.Shift)
	})
	counts := []ShiftCount{}
	for _, s := range suggestions {
		i := slices.IndexFunc(counts, func(c ShiftCount) bool { return c.Shift == s.Shift })
		if i < 0 {
			counts = append(counts, ShiftCount{Shift: s.Shift})
			i = len(counts) - 1
		}
		counts[i].Suggestions++
	}
	return counts
}

// orEmpty makes an absent list [] in JSON, so that a reader can range over it.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func orEmptyMap(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// write writes the manifest, indented, its keys in a fixed order.
func (run Run) write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(run)
}
