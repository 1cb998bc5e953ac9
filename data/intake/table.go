package intake

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/intake/bulletin"
)

// fieldNames are the fields that a column can be given to.
var fieldNames = []string{
	"ref", "offence", "location", "house_number", "street", "locality", "postcode",
	"date", "from", "from_time", "to", "to_time", "reported", "lat", "lon", "precision",
}

// spellings are the headers under which a field is known, best first, in lower
// case with single spaces for everything that is no letter or digit.
var spellings = map[string][]string{
	"ref": {"ref", "reference", "crime number", "crime no", "crime ref", "crime reference", "crime reference number", "crime ref no", "crime id",
		"incident number", "incident no", "incident ref", "incident reference", "incident id", "case number", "case no", "case id", "case ref",
		"occurrence number", "occurrence no", "report number", "report no", "log number", "log no", "cad", "cad number", "cad ref", "urn", "niche ref",
		"unique reference", "uid", "ref no", "reference number", "record id", "id"},
	"offence": {"offence", "offense", "offence type", "offense type", "crime type", "primary type", "crime category", "offence category",
		"offence description", "incident type", "category", "crime", "type", "hoc description", "offence name"},
	"location": {"location", "address", "incident address", "incident location", "full address", "offence location", "offence address",
		"location of offence", "location of incident", "location address", "crime location", "location text", "street address", "scene",
		"scene address", "location description", "place", "where", "venue", "venue address", "victim address", "block", "hundred block"},
	"house_number": {"house number", "house no", "house", "building number", "premises number", "door number", "number", "house name number", "street number"},
	"street":       {"street", "street name", "road", "road name", "thoroughfare", "address line 1", "address 1", "address1", "addressline1"},
	"locality": {"locality", "town", "village", "city", "town village", "town or village", "post town", "posttown", "settlement", "parish", "area",
		"neighbourhood", "neighborhood", "address line 2", "address 2", "address2"},
	"postcode": {"postcode", "post code", "postal code", "zip", "zip code", "pcode"},
	"date": {"date", "incident date", "offence date", "offense date", "date of offence", "date of incident", "date of occurrence", "event date",
		"occurrence date", "occurred date", "date occurred", "crime date"},
	"from": {"from", "date from", "date start", "time local", "datetime local", "local time", "from date", "start", "start date", "occurred from", "committed from", "from datetime", "datetime from",
		"date time from", "from date time", "start datetime", "start date time", "earliest", "earliest date", "first date", "begin", "begin date",
		"event from", "offence from", "offence start", "occurred on", "occurred at", "occurred", "datetime", "date time", "date and time",
		"incident datetime", "incident date time", "timestamp", "committed on", "date committed", "from local", "date from time from"},
	"from_time": {"from time", "time from", "start time", "time", "incident time", "offence time", "time of offence", "time of incident",
		"time occurred", "occurred time", "occurrence time", "earliest time", "event time", "time start"},
	"to": {"to", "date to", "date end", "to date", "end", "end date", "occurred to", "committed to", "to datetime", "datetime to", "date time to", "to date time",
		"end datetime", "end date time", "latest", "latest date", "last date", "event to", "offence to", "offence end", "until", "finish", "to local"},
	"to_time": {"to time", "time to", "end time", "latest time", "finish time", "time end", "time until"},
	"reported": {"reported", "date reported", "reported date", "reported at", "reported on", "report date", "datetime reported", "reported datetime",
		"date time reported", "time reported", "recorded", "date recorded", "recorded date", "created", "created date", "rpt dt"},
	"lat":       {"lat", "latitude", "y lat", "lat wgs84", "latitude wgs84"},
	"lon":       {"lon", "lng", "long", "longitude", "x lon", "lon wgs84", "longitude wgs84"},
	"precision": {"precision"},
}

// plainHeader brings a header to the form of spellings.
func plainHeader(s string) string {
	var b strings.Builder
	gap := false
	var last rune
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			// DateFrom is two words.
			if b.Len() > 0 && (gap || unicode.IsUpper(r) && unicode.IsLower(last)) {
				b.WriteByte(' ')
			}
			b.WriteRune(unicode.ToLower(r))
			gap = false
		default:
			gap = true
		}
		last = r
	}
	return b.String()
}

// recognised returns how many of the headers are known by themselves.
func recognised(headers []string) int {
	n := 0
	for _, h := range headers {
		plain := plainHeader(h)
		for _, f := range fieldNames {
			if slices.Contains(spellings[f], plain) {
				n++
				break
			}
		}
	}
	return n
}

// A layout says in which column of a table each field stands.
type layout struct {
	columns map[string]int // field → column from 0
	width   int
}

// newLayout finds the columns of a table by its headers: those that the caller
// named, then those known by themselves.
func newLayout(source string, headers []string, named map[string]string) (layout, error) {
	l := layout{columns: map[string]int{}, width: len(headers)}
	plain := make([]string, len(headers))
	used := make([]bool, len(headers))
	for i, h := range headers {
		plain[i] = plainHeader(h)
	}
	for _, field := range fieldNames {
		header, ok := named[field]
		if !ok {
			continue
		}
		at := slices.IndexFunc(headers, func(h string) bool { return strings.TrimSpace(h) == strings.TrimSpace(header) })
		if at < 0 {
			at = slices.Index(plain, plainHeader(header))
		}
		if at < 0 {
			return layout{}, noColumn(source, field, header, headers)
		}
		l.columns[field], used[at] = at, true
	}
	for _, field := range fieldNames {
		if _, ok := l.columns[field]; ok {
			continue
		}
		for _, s := range spellings[field] {
			at := slices.Index(plain, s)
			if at >= 0 && !used[at] {
				l.columns[field], used[at] = at, true
				break
			}
		}
	}
	return l, l.check(source, headers)
}

func (l layout) has(fields ...string) bool {
	for _, f := range fields {
		if _, ok := l.columns[f]; !ok {
			return false
		}
	}
	return true
}

// check refuses a table that holds no place or no time.
func (l layout) check(source string, headers []string) error {
	missing := ""
	switch {
	case !l.has("location") && !l.has("street") && !l.has("postcode") && !l.has("locality") && !l.has("lat", "lon"):
		missing = "location"
	case !l.has("from") && !l.has("date") && !l.has("from_time"):
		missing = "from"
	default:
		return nil
	}
	e := &data.UserError{Msg: fmt.Sprintf("%s has no column %q", source, missing)}
	likely := "Incident Address"
	if missing == "from" {
		likely = "Date From"
	}
	for _, h := range headers {
		p := plainHeader(h)
		if missing == "location" && (strings.Contains(p, "addr") || strings.Contains(p, "loc") || strings.Contains(p, "street")) ||
			missing == "from" && (strings.Contains(p, "date") || strings.Contains(p, "time")) {
			if shortHeader(h) {
				likely = strings.TrimSpace(h)
				break
			}
		}
	}
	e.Hint = fmt.Sprintf("spreewatch ingest --column %s=%q %s", missing, likely, source)
	return e
}

// noColumn says that a header the caller named is missing, and names the one
// most like it. A table without headers has a report on its first line, so only
// a header within a few letters of what was asked for is shown.
func noColumn(source, field, header string, headers []string) error {
	e := &data.UserError{Msg: fmt.Sprintf("%s has no column %q", source, header)}
	best, bestEdits := "", 0
	want := plainHeader(header)
	for _, h := range headers {
		d := levenshtein.ComputeDistance(want, plainHeader(h))
		if best == "" || d < bestEdits {
			best, bestEdits = strings.TrimSpace(h), d
		}
	}
	switch {
	case best != "" && bestEdits <= 2+len(want)/3 && shortHeader(best):
		e.Hint = fmt.Sprintf("spreewatch ingest --column %s=%q %s", field, best, source)
	default:
		e.Hint = fmt.Sprintf("the table has %d columns; see the headers in its first line", len(headers))
	}
	return e
}

func shortHeader(h string) bool {
	h = strings.TrimSpace(h)
	return h != "" && len(h) <= 40 && !strings.ContainsAny(h, "0123456789,\n")
}

// A cells returns the value of a field in one row, white space trimmed, "" when
// the row has none.
type cells func(field string) string

func (l layout) cells(row []string) cells {
	return func(field string) string {
		at, ok := l.columns[field]
		if !ok || at >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[at])
	}
}

// reportFrom makes a report of one row.
func reportFrom(get cells, source string, line int, o *Options) (data.Report, error) {
	refuse := func(field, reason string) (data.Report, error) {
		return data.Report{}, &data.RowError{Source: source, Line: line, Field: field, Reason: reason}
	}
	r := data.Report{Ref: get("ref"), Offence: o.nameOffence(get("offence")), OffenceText: get("offence"), Location: joinLocation(get), Source: source, Line: line}
	point, field, err := pointFrom(get, r.Location != "")
	if err != nil {
		return refuse(field, err.Error())
	}
	r.Point = point
	if r.Location == "" && r.Point == nil {
		return refuse("location", "the row has neither a location nor coordinates")
	}
	span, field, err := spanFrom(get, o)
	if err != nil {
		return refuse(field, err.Error())
	}
	r.From, r.To, r.Precision, r.DateRule = span.From, span.To, span.Precision, span.Rule
	if p := data.Precision(get("precision")); p == data.PrecisionAround || p == data.PrecisionOvernight || p == data.PrecisionDay {
		r.Precision = p
	}
	if reason := o.outOfRange(r.From, r.To); reason != "" {
		return refuse("from", reason)
	}
	if s := get("reported"); s != "" {
		st, err := parseStamp(s, o)
		if err != nil {
			return refuse("reported", err.Error())
		}
		r.Reported = st.at
		if st.clockless {
			r.Reported, _ = st.day.OnClock(0, false, o.Zone)
		}
	}
	if r.Ref == "" {
		r.Ref = MakeRef(r)
	}
	return r, nil
}

// nameOffence returns the profile that the words of an offence column mean, or
// the words themselves.
func (o *Options) nameOffence(s string) string {
	if o.Offence != "" {
		return o.Offence
	}
	if name := NameOffence(s, o.Profiles, o.Offences); name != "" {
		return name
	}
	return s
}

// joinLocation returns the location in one line: the column of that name, with
// locality and postcode when they stand elsewhere and it lacks them.
func joinLocation(get cells) string {
	parts := []string{}
	if s := get("location"); s != "" {
		parts = append(parts, s)
	} else {
		s := get("street")
		if n := get("house_number"); n != "" && s != "" {
			s = n + " " + s
		}
		if s != "" {
			parts = append(parts, s)
		}
	}
	for _, f := range []string{"locality", "postcode"} {
		s := get(f)
		if s == "" || len(parts) > 0 && bulletin.CountWords(strings.ToLower(strings.Join(parts, ", ")), strings.ToLower(s)) > 0 {
			continue
		}
		parts = append(parts, s)
	}
	return strings.Join(strings.Fields(strings.Join(parts, ", ")), " ")
}

// pointFrom reads the coordinates of a row, nil when it has none. 0, 0 is what
// systems write for a place that they withhold.
func pointFrom(get cells, located bool) (*orb.Point, string, error) {
	lat, lon := get("lat"), get("lon")
	switch {
	case lat == "" && lon == "":
		return nil, "", nil
	case lat == "":
		return nil, "lat", errors.New("a longitude without a latitude")
	case lon == "":
		return nil, "lon", errors.New("a latitude without a longitude")
	}
	y, err := degrees(lat, 90)
	if err != nil {
		return nil, "lat", err
	}
	x, err := degrees(lon, 180)
	if err != nil {
		return nil, "lon", err
	}
	if x == 0 && y == 0 {
		if located {
			return nil, "", nil
		}
		return nil, "lat", errors.New("the coordinates are 0, 0, which is no place")
	}
	return &orb.Point{x, y}, "", nil
}

func degrees(s string, limit float64) (float64, error) {
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, errors.New("not a number of degrees")
	}
	if math.Abs(v) > limit {
		return 0, fmt.Errorf("beyond %g degrees", limit)
	}
	return v, nil
}

func formatDegrees(v float64) string { return strconv.FormatFloat(v, 'f', 7, 64) }
