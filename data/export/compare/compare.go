// Package compare writes what a comparison of settings came to, for a planner: as
// JSON, as CSV, as GeoJSON for each setting with a QGIS project, and as a page.
package compare

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"spreewatch/cluster/trial"
	"spreewatch/data/export"
)

// A Result is a comparison and what its reader has to know of it.
type Result struct {
	Comparisons []trial.Comparison
	Budget      float64  // false sprees a week that were asked for
	Notes       []string // what could not be answered, and why
	Source      string   // base name of the file; "" is the database
	Seed        uint64
	Dwell       time.Duration // of a visit, and
	Shifts      int           // in a day, of the patrol asked for
	Zone        *time.Location
	Marking     string
	Audience    export.Audience
}

// ID names a setting, as files and tests name it: lengths as typed, without blanks. Of
// offences that are one to a file's name, the second has "-2" behind it.
func (r Result) ID(s trial.Setting) string {
	taken := make(map[string]bool)
	for _, c := range r.Comparisons {
		slug := Slug(c.Offence)
		for n := 2; taken[slug]; n++ {
			slug = fmt.Sprintf("%s-%d", Slug(c.Offence), n)
		}
		if taken[slug] = true; c.Offence == s.Offence {
			s.Offence = slug
			break
		}
	}
	return strings.ReplaceAll(s.ID(), " ", "")
}

// longestSlug leaves room for the rest of a file's name within the 255 bytes that one has.
const longestSlug = 100

// Slug is an offence as part of a file's name: letters and digits of ASCII in lower
// case, all else a hyphen, and no more than its beginning where it is a whole text.
func Slug(offence string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(offence) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := b.String()
	if s = strings.TrimSuffix(s[:min(len(s), longestSlug)], "-"); s != "" {
		return s
	}
	return "offence"
}

type jsonResult struct {
	Source        string        `json:"source"`
	Marking       string        `json:"marking"`
	AlertsPerWeek float64       `json:"alerts_per_week"`
	ThresholdFrom string        `json:"threshold_from"`
	Seed          uint64        `json:"seed"`
	Answer        []string      `json:"answer"`
	Notes         []string      `json:"notes"`
	Offences      []jsonOffence `json:"offences"`
	Settings      []jsonSetting `json:"settings"`
	Overlap       [][]float64   `json:"overlap"`
	Power         []jsonPower   `json:"power"`
	Tests         []jsonTest    `json:"tests"`
	Files         []string      `json:"files"` // of the folder
}

type jsonOffence struct {
	Offence   string `json:"offence"`
	From      string `json:"from"`
	To        string `json:"to"`
	Nights    int    `json:"nights"`
	Incidents int    `json:"incidents"`
}

type jsonSetting struct {
	ID            string      `json:"id"`
	Window        string      `json:"window"`
	Radius        string      `json:"radius"`
	Min           int         `json:"min"`
	Offence       string      `json:"offence"`
	Method        string      `json:"method"`
	EqualRate     bool        `json:"equal_rate"`
	Threshold     *float64    `json:"threshold"`
	Sprees        int         `json:"sprees"`
	AlertsPerWeek *float64    `json:"alerts_per_week"`
	FalsePerWeek  *float64    `json:"false_per_week"`
	FalseHalves   []*float64  `json:"false_per_week_halves"` // of the nights: what the one threshold comes to early and late
	Delay         jsonDelay   `json:"delay_h"`
	Identified    []jsonShown `json:"identified"`
	Inside        *float64    `json:"inside_24h"`
	InsideChance  *float64    `json:"inside_24h_chance"`
	Patrol        *float64    `json:"patrol_min"` // a week
	Stability     *float64    `json:"stability"`
	AMOC          []jsonPoint `json:"amoc"`
}

type jsonDelay struct {
	Median *float64 `json:"median"`
	Q1     *float64 `json:"q1"`
	Q3     *float64 `json:"q3"`
}

type jsonShown struct {
	Spree    string  `json:"spree"`
	Raised   string  `json:"raised"`
	Incident int     `json:"incident"` // the how manieth of its incidents
	Of       int     `json:"of"`
	At       string  `json:"at"`
	Ref      *string `json:"ref"` // for an analyst alone
}

type jsonPoint struct {
	False  *float64 `json:"false_per_week"`
	Alerts *float64 `json:"alerts_per_week"`
	Delay  *float64 `json:"delay_h"`
}

type jsonPower struct {
	Setting string  `json:"setting"`
	Size    int     `json:"size"`
	SpreadM float64 `json:"spread_m"`
	LengthH float64 `json:"length_h"`
	Found   int     `json:"found"`
	Trials  int     `json:"trials"`
	Power   float64 `json:"power"`
}

type jsonTest struct {
	A          string   `json:"a"`
	B          string   `json:"b"`
	Measure    string   `json:"measure"`
	Difference *float64 `json:"difference"`
	P          float64  `json:"p"`
	Holm       float64  `json:"p_holm"`
	Pairs      int      `json:"pairs"`
	Words      string   `json:"words"`
}

// round keeps n decimals; nil is not known.
func round(v float64, n int) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	scale := math.Pow10(n)
	v = math.Round(v*scale)/scale + 0
	return &v
}

// figures keeps so many significant figures.
func figures(v float64, n int) float64 {
	out, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', n, 64), 64)
	if err != nil {
		return v
	}
	return out
}

// Answer is what the comparison comes to, in plain words.
func (r Result) Answer() []string {
	out := []string{}
	for _, c := range r.Comparisons {
		out = append(out, c.Answer()...)
	}
	return out
}

// WriteJSON writes the comparison as one object. Settings are in the order of the
// offences and, of each, as given; overlap has a row and a column for each of them.
func WriteJSON(w io.Writer, r Result) error {
	out := jsonResult{Source: r.Source, Marking: r.Marking, AlertsPerWeek: r.Budget, ThresholdFrom: "all nights", Seed: r.Seed, Answer: r.Answer(), Notes: append([]string{}, r.Notes...),
		Offences: []jsonOffence{}, Settings: []jsonSetting{}, Overlap: [][]float64{}, Power: []jsonPower{}, Tests: []jsonTest{}, Files: r.Files()}
	all := 0
	for _, c := range r.Comparisons {
		all += len(c.Trials)
	}
	for _, c := range r.Comparisons {
		out.Offences = append(out.Offences, jsonOffence{c.Offence, r.local(c.From), r.local(c.To), c.Nights, c.Incidents})
		first := len(out.Settings)
		for i, t := range c.Trials {
			out.Settings = append(out.Settings, r.setting(t))
			row := make([]float64, all)
			for j := range c.Trials {
				row[first+j] = *round(c.Overlap[i][j], 4)
			}
			out.Overlap = append(out.Overlap, row)
			for _, p := range t.Power {
				out.Power = append(out.Power, jsonPower{r.ID(t.Setting), p.Size, p.SpreadM, p.Length.Hours(), p.Found, p.Trials, *round(float64(p.Found)/float64(max(1, p.Trials)), 4)})
			}
		}
		for _, d := range c.Tests {
			out.Tests = append(out.Tests, jsonTest{r.ID(d.A), r.ID(d.B), string(d.Measure), round(d.Difference, 4), figures(d.P, 4), figures(d.Holm, 4), d.Pairs, d.Words()})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}

func (r Result) local(t time.Time) string { return t.In(r.Zone).Format(time.RFC3339) }

func (r Result) setting(t trial.Trial) jsonSetting {
	out := jsonSetting{ID: r.ID(t.Setting), Window: t.WindowText, Radius: t.RadiusText, Min: t.Min, Offence: t.Offence, Method: string(t.Method), EqualRate: t.EqualRate,
		Threshold: round(t.Threshold, 4), Sprees: len(t.Sprees), AlertsPerWeek: round(t.Alerts, 4), FalsePerWeek: round(t.False, 4), FalseHalves: []*float64{round(t.Halves[0], 4), round(t.Halves[1], 4)},
		Delay:      jsonDelay{round(t.Delay.Median, 2), round(t.Delay.Q1, 2), round(t.Delay.Q3, 2)},
		Identified: []jsonShown{}, Inside: round(t.Inside, 4), InsideChance: round(t.Chance, 4), Patrol: round(t.Patrol, 1), Stability: round(t.Stability, 4), AMOC: []jsonPoint{}}
	for _, s := range t.Sprees {
		shown := jsonShown{Spree: s.Spree.ID, Raised: r.local(s.At), Incident: s.Shown.Nth, Of: s.Shown.Of, At: r.local(s.Shown.At)}
		if r.Audience == export.AudienceAnalyst {
			shown.Ref = &s.Shown.Incident
		}
		out.Identified = append(out.Identified, shown)
	}
	for _, p := range t.Curve {
		out.AMOC = append(out.AMOC, jsonPoint{round(p.False, 4), round(p.Alerts, 4), round(p.DelayH, 2)})
	}
	return out
}

// csvHeader begins compare.csv, by which it is told from another file.
const csvHeader = "offence,window,radius,min,"

// WriteCSV writes a row a setting.
func WriteCSV(w io.Writer, r Result) error {
	rows := [][]string{strings.Split(csvHeader+"equal_rate,sprees,alerts_per_week,false_per_week,delay_h_median,delay_h_q1,delay_h_q3,inside_24h,inside_24h_chance,patrol_min,stability,method", ",")}
	num := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	for _, c := range r.Comparisons {
		for _, t := range c.Trials {
			s := r.setting(t)
			rows = append(rows, []string{export.CellText(s.Offence), s.Window, s.Radius, strconv.Itoa(s.Min), strconv.FormatBool(s.EqualRate), strconv.Itoa(s.Sprees), num(s.AlertsPerWeek),
				num(s.FalsePerWeek), num(s.Delay.Median), num(s.Delay.Q1), num(s.Delay.Q3), num(s.Inside), num(s.InsideChance), num(s.Patrol), num(s.Stability), s.Method})
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// WriteTable writes the answer and then a line a setting, within a hundred columns.
func WriteTable(w io.Writer, r Result) error {
	var b strings.Builder
	for k, c := range r.Comparisons {
		if k > 0 {
			b.WriteByte('\n')
		}
		for i, line := range c.Answer() {
			indent := "  "
			if i == 0 {
				indent = ""
			}
			wrap(&b, line, indent)
		}
		fmt.Fprintf(&b, "\n%d nights, %s to %s; %d incidents\n", c.Nights, c.From.In(r.Zone).Format("2 Jan 2006"), c.To.In(r.Zone).Format("2 Jan 2006"), c.Incidents)
		fmt.Fprintf(&b, "%-7s %-7s %3s  %6s %6s %6s  %6s %13s  %7s %9s %7s\n", "window", "radius", "min", "sprees", "a week", "false", "delay", "quartiles", "inside", "patrol", "stable")
		own := false
		for _, t := range c.Trials {
			mark := " "
			if !t.EqualRate {
				mark, own = "*", true
			}
			fmt.Fprintf(&b, "%-7s %-7s %3d%s %6d %6.2f %6.2f  %6s %13s  %7s %9s %7s\n", t.WindowText, t.RadiusText, t.Min, mark, len(t.Sprees), t.Alerts, t.False, figure(t.Delay.Median, "%.0f h"),
				quartiles(t), figure(100*t.Inside, "%.1f %%"), figure(t.Patrol, "%.0f min"), figure(100*t.Stability, "%.0f %%"))
		}
		if own {
			b.WriteString("* not at equal rate: its own minimum, or the rule, yields fewer false sprees than asked for\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func figure(v float64, format string) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf(format, v)
}

func quartiles(t trial.Trial) string {
	if math.IsNaN(t.Delay.Q1) {
		return "–"
	}
	return fmt.Sprintf("%.0f–%.0f h", t.Delay.Q1, t.Delay.Q3)
}

// columns is how wide a line on a terminal may be.
const columns = 100

// wrap writes a line in pieces that fit, those after the first indented by two more.
func wrap(b *strings.Builder, line, indent string) {
	width := len(indent)
	b.WriteString(indent)
	for i, word := range strings.Fields(line) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case width+1+n > columns:
			b.WriteString("\n" + indent + "  ")
			width = len(indent) + 2
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
	}
	b.WriteByte('\n')
}
