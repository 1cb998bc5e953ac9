package table

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Column is a column of a table and what a sample of its values looks like.
type Column struct {
	Name string

	key      string
	words    []string
	n        int // values that are not blank
	stamps   int // dates, with or without a time of day
	timed    int // of these, with a time of day
	clocks   int // times of day
	hhmm     int // numbers that may be times of day
	ints     int
	numbers  int
	grouped  int // of these, with one comma before three figures, as between thousands
	pairs    int
	grids    int // references of the National Grid by letters
	houses   int // like the number of a house
	angles   int // degrees with a sign, a half of the earth, or minutes
	weekdays int
	months   int // names of months
	wordy    int // values with at least two letters
	halves   int // am or pm alone
	postal   int // like the address of a street
	numbered int // of these, with a number before it
	sci      int // whole numbers in scientific notation
	serials  int // day numbers of a spreadsheet
	parts    int // numbers from 0 to below 1, as parts of a day are
	ranges   int // both ends of a time with its date
	hours    int // both ends of a time of day
	offsets  offsets
	min, max float64
	distinct map[string]bool // up to a few
	again    bool            // one of these came twice
}

const fewDistinct = 24

// newColumn prepares the profile of a column.
func newColumn(name string) *Column {
	c := &Column{Name: strings.Join(strings.Fields(name), " "), key: headerKey(name), words: parted(headerWords(name)), distinct: map[string]bool{}, min: math.Inf(1), max: math.Inf(-1)}
	if whole := spelledOut(name); whole != "" && !knownHeader(name) && knownHeader(whole) {
		c.key = whole
	}
	return c
}

// saying are the names under which an object within an object says in words what it
// is: {"type": {"code": "30C", "label": "Burglary"}}.
var saying = []string{"label", "name", "title", "text", "value", "display", "displayname"}

// within names the column of an object within an object by what is known of its name:
// its own part, or the object's where its own only says that it is the words.
func (c *Column) within(header string) {
	i := strings.LastIndexByte(header, '.')
	if i < 0 || knownHeader(header) {
		return
	}
	outer, own := header[:i], header[i+1:]
	outer = outer[strings.LastIndexByte(outer, '.')+1:]
	switch {
	case slices.Contains(saying, headerKey(own)) && knownHeader(outer):
		c.key = headerKey(outer)
	case knownHeader(own):
		c.key = headerKey(own)
	}
}

// add counts one value.
func (c *Column) add(v string, today time.Time) {
	if v = clean(v); v == "" {
		return
	}
	c.n++
	if c.distinct[v] {
		c.again = true
	} else if len(c.distinct) < fewDistinct {
		c.distinct[v] = true
	}
	if letterCount(v) >= 2 {
		c.wordy++
	}
	if isHalf(v) {
		c.halves++
	}
	x, number := parseNumber(v)
	if number {
		c.numbers++
		c.min, c.max = math.Min(c.min, x), math.Max(c.max, x)
		if i := strings.IndexByte(v, ','); i > 0 && digits(v) == i && digits(v[i+1:]) == 3 && len(v) == i+4 && v[0] != '0' {
			c.grouped++
		}
		if x == math.Trunc(x) && math.Abs(x) < 1e15 {
			c.ints++
			if mangled(v) {
				c.sci++
			}
		}
		if _, err := hhmm(v); err == nil {
			c.hhmm++
		}
		if dayNumber(v) {
			c.serials++
		}
		if x >= 0 && x < 1 {
			c.parts++
		}
	} else if _, ok := parsePair(v); ok {
		c.pairs++
	} else if _, err := geo.ParseGridRef(v); err == nil {
		c.grids++
	} else if _, ok := parseAngle(v); ok {
		c.angles++
	} else if _, ok := parseWeekday(v); ok {
		c.weekdays++
	} else if m, rest, ok := monthName(v); ok && rest == "" && m > 0 {
		c.months++
	}
	if s, ok := eitherStamp(v, today); ok {
		switch {
		case s.HasDate() && s.Clock && s.onFirstDay():
			c.clocks++
		case s.HasDate() && s.Clock:
			c.stamps++
			c.timed++
			c.offsets.add(s)
		case s.HasDate():
			c.stamps++
		default:
			c.clocks++
		}
	} else if !number {
		c.addRange(v, today)
	}
	if likeHouse(v) {
		c.houses++
	}
	if likeStreet(v) {
		c.postal++
		if digits(v) > 0 {
			c.numbered++
		}
	}
}

// isHalf reports whether a value says in which half of the day a clock is.
func isHalf(v string) bool {
	if len(v) > 4 {
		return false
	}
	v = strings.ToLower(strings.ReplaceAll(v, ".", ""))
	return v == "am" || v == "pm"
}

// addRange counts a value that holds both ends of a time.
func (c *Column) addRange(v string, today time.Time) {
	if _, _, ok := splitRange(v, true, today); ok {
		c.stamps++
		c.timed++
		c.ranges++
	} else if _, _, ok := splitRange(v, false, today); ok {
		c.hours++
	}
}

// ranged reports whether values of the column hold both ends of a time.
func (c *Column) ranged() bool { return c.ranges > 0 || c.hours > 0 || c.offsets.areEnds() }

// thousands reports whether all numbers of the column have a comma between thousands,
// or three decimals behind one.
func (c *Column) thousands() bool { return c.grouped > 0 && c.grouped == c.numbers }

// serial reports whether the column holds the day numbers of a spreadsheet and
// nothing else: beside dates that were read, such numbers are what a spreadsheet made
// of dates in the other order.
func (c *Column) serial() bool { return c.n > 0 && c.serials == c.n && c.key != "day" }

// fraction reports whether the column holds parts of a day and nothing else.
func (c *Column) fraction() bool { return c.n > 0 && c.parts == c.n && c.ints < c.n }

// eitherStamp reads a stamp in whichever order makes one.
func eitherStamp(v string, today time.Time) (Stamp, bool) {
	if len(v) > 64 {
		return Stamp{}, false
	}
	s, err := ParseStamp(v, DayFirst, today)
	if err != nil {
		s, err = ParseStamp(v, MonthFirst, today)
	}
	return s, err == nil
}

// share reports whether at least a half of the values are of a kind.
func (c *Column) share(of int) bool { return c.n > 0 && of*2 >= c.n }

// premisesWords are of the kinds of premises that some systems have for a place.
var premisesWords = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq("residence residential residences dwelling dwellings house houses home homes flat flats apartment apartments bungalow shop shops store stores " +
		"retail supermarket street streets road roads highway pub pubs bar bars restaurant school schools college hotel hotels office offices garage garages carpark car park parking lot " +
		"church public private commercial industrial business premises vehicle vehicles other unknown garden gardens shed sheds outbuilding outbuildings farm farms warehouse bank banks station " +
		"sidewalk driveway alley yard open space building site hospital transport and or of in the") {
		set[w] = true
	}
	return set
}()

// premises reports whether the column says what kind of premises it was, and so not in
// what town.
func (c *Column) premises() bool {
	for v := range c.distinct {
		if !slices.ContainsFunc(headerWords(v), func(w string) bool { return !premisesWords[w] }) {
			return true
		}
	}
	return false
}

// varied reports whether the values differ as those of reports do.
func (c *Column) varied() bool { return len(c.distinct) >= fewDistinct || len(c.distinct)*2 > c.n }

// Few are the values of the column as far as the first few tell, sorted.
func (c *Column) Few() []string { return slices.Sorted(maps.Keys(c.distinct)) }

// unique reports whether no value came twice, as far as the first few tell.
func (c *Column) unique() bool { return c.n > 0 && !c.again }

func letterCount(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// streetWords end the names of streets, in the languages of the headers known.
var streetWords = map[string]bool{"st": true, "street": true, "rd": true, "road": true, "ave": true, "av": true, "avenue": true, "ln": true, "lane": true, "dr": true, "drive": true,
	"blvd": true, "boulevard": true, "close": true, "court": true, "ct": true, "way": true, "place": true, "pl": true, "hwy": true, "pkwy": true, "ter": true, "terrace": true, "crescent": true, "gardens": true, "square": true, "hill": true, "walk": true, "row": true, "green": true,
	"via": true, "viale": true, "corso": true, "piazza": true, "rua": true, "avenida": true, "calle": true, "plaza": true, "paseo": true,
	"rue": true, "chemin": true, "quai": true, "allée": true, "impasse": true, "platz": true, "weg": true, "allee": true, "ring": true}

// streetEnds close the names of streets that are one word.
var streetEnds = []string{"straße", "strasse", "str.", "straat", "gatan", "gata", "vägen", "gade", "vej"}

// likeStreet reports whether a value is like the address of a street or a crossing:
// a street's word at the end of a part, or a number before letters.
func likeStreet(v string) bool {
	for part := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' || r == '/' || r == '&' || r == '\\' }) {
		words := strings.Fields(strings.ToLower(part))
		if len(words) < 2 {
			if len(words) == 1 && slices.ContainsFunc(streetEnds, func(end string) bool { return strings.HasSuffix(words[0], end) && len(words[0]) > len(end) }) {
				return true
			}
			continue
		}
		for _, w := range words {
			if streetWords[strings.Trim(w, ".()")] {
				return true
			}
		}
		if digits(words[0]) > 0 && letterCount(part) > 2 && !strings.Contains(words[0], "-") {
			return true
		}
	}
	return false
}

// likeHouse reports whether a value is like the number of a house: up to four figures,
// with a letter or as a range, or words, as a name is; letters and figures in one, as in
// CAD-1001, are those of a report.
func likeHouse(v string) bool {
	n := digits(v)
	if n == 0 {
		return strings.Contains(v, " ") || !strings.ContainsAny(v, "0123456789")
	}
	return n <= 8 && len(v) <= 12 && !strings.ContainsAny(v, "/\\#") && (n <= 4 || strings.ContainsAny(v, "- &,"))
}

// mangled reports whether a whole number is in the scientific notation of a
// spreadsheet, which has lost its last digits.
func mangled(v string) bool {
	i := strings.IndexAny(v, "eE")
	if i < 1 || digits(v) == 0 {
		return false
	}
	rest := strings.TrimPrefix(v[i+1:], "+")
	if rest == "" || digits(rest) != len(rest) {
		return false
	}
	head := v[:i]
	return strings.ContainsAny(head, ".,") || v[i+1] == '+'
}

// parseNumber reads a number, also with a decimal comma.
func parseNumber(s string) (float64, bool) {
	if s == "" || len(s) > 40 {
		return 0, false
	}
	if c := s[0]; c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') {
		return 0, false
	}
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(s, "xX_pP") {
		return 0, false
	}
	return v, true
}

// parsePair reads both coordinates of a point written in one value: "(41.8, -87.6)"
// and "41.8, -87.6" with the latitude first, "POINT (-87.6 41.8)" and GeoJSON with
// the longitude first, and a dictionary of latitude and longitude.
func parsePair(s string) (orb.Point, bool) {
	if len(s) < 3 || len(s) > 2000 {
		return orb.Point{}, false
	}
	low := strings.ToLower(s)
	switch {
	case strings.HasPrefix(low, "point"):
		x, y, ok := twoNumbers(strings.Trim(strings.TrimSpace(strings.TrimPrefix(low, "point")), "()z "), " ")
		return orb.Point{x, y}, ok
	case strings.HasPrefix(s, "{"):
		return parseDictionary(s)
	case strings.HasPrefix(low, "srid="):
		_, rest, _ := strings.Cut(s, ";")
		return parsePair(rest)
	}
	inner := s
	if strings.Contains(s, "\n") { // an address with its point in brackets below
		inner = s[strings.LastIndexByte(s, '\n')+1:]
		if !strings.HasPrefix(inner, "(") {
			return orb.Point{}, false
		}
	}
	if p, ok := parseAngles(inner); ok {
		return p, true
	}
	if c := inner[0]; c != '(' && c != '[' && c != '-' && (c < '0' || c > '9') {
		return orb.Point{}, false
	}
	inner = strings.Trim(inner, "()[] ")
	sep := ","
	if strings.Contains(inner, ";") { // beside decimal commas
		sep, inner = ";", strings.ReplaceAll(inner, ",", ".")
	} else if !strings.Contains(inner, ",") && decimals(inner) > 3 {
		sep = " "
	}
	y, x, ok := twoNumbers(inner, sep)
	if !ok || math.Abs(y) > 180 || math.Abs(x) > 180 || !strings.Contains(inner, ".") {
		return orb.Point{}, false
	}
	return orb.Point{x, y}, true
}

// decimals counts the figures behind the first point of a number.
func decimals(s string) int {
	_, rest, _ := strings.Cut(s, ".")
	return digits(rest)
}

// parseAngles reads a latitude and a longitude with the letters of their halves of the
// earth, as maps on the web write them: 52°40'52.0"N 0°56'25.0"E, N52.68 E0.94.
func parseAngles(s string) (orb.Point, bool) {
	if len(s) > 64 {
		return orb.Point{}, false
	}
	at := strings.IndexAny(s, "NS") + 1 // where the longitude begins
	if at == 1 {
		at = strings.IndexAny(s, "EW")
	}
	if at < 1 || at == len(s) {
		return orb.Point{}, false
	}
	lat, okLat := parseAngle(strings.Trim(s[:at], ",; ("))
	lon, okLon := parseAngle(strings.Trim(s[at:], ",; )"))
	return orb.Point{lon, lat}, okLat && okLon && strings.ContainsAny(s[at:], "EW") && math.Abs(lat) <= 90 && math.Abs(lon) <= 180
}

func twoNumbers(s, sep string) (a, b float64, ok bool) {
	left, right, ok := strings.Cut(strings.TrimSpace(s), sep)
	if !ok {
		return 0, 0, false
	}
	left, south := hemisphere(left, "N", "S")
	right, west := hemisphere(right, "E", "W")
	a, okA := parseNumber(left)
	b, okB := parseNumber(right)
	if south {
		a = -a
	}
	if west {
		b = -b
	}
	return a, b, okA && okB
}

// hemisphere takes the letter of a half of the earth, and a sign of degrees, from
// behind an angle, and says whether it was the negative one.
func hemisphere(s, positive, negative string) (string, bool) {
	s = strings.TrimSpace(s)
	rest, minus := strings.CutSuffix(s, negative)
	rest = strings.TrimSuffix(rest, positive)
	return strings.TrimRight(rest, "° "), minus
}

// angle is degrees, with minutes and seconds or without, and the half of the earth
// before or behind.
var angle = regexp.MustCompile(`^([NSEW])?\s*([-+]?\d{1,3}(?:\.\d+)?)\s*[°ºd]?(?:\s*(\d{1,2}(?:\.\d+)?)\s*['′’m](?:\s*(\d{1,2}(?:\.\d+)?)\s*(?:["″”s]|''|’’)?)?)?\s*([NSEW])?$`)

// parseAngle reads an angle that is more than a number: 52°40'30"N, 52.68° N, W 0.94.
// Minutes and seconds of 60 and more are none.
func parseAngle(s string) (float64, bool) {
	if len(s) > 32 {
		return 0, false
	}
	m := angle.FindStringSubmatch(s)
	if m == nil || m[1] != "" && m[5] != "" || m[1]+m[5]+m[3] == "" && !strings.ContainsAny(s, "°º") {
		return 0, false
	}
	v, _ := strconv.ParseFloat(m[2], 64)
	minutes, _ := strconv.ParseFloat(cmp.Or(m[3], "0"), 64)
	seconds, _ := strconv.ParseFloat(cmp.Or(m[4], "0"), 64)
	if minutes >= 60 || seconds >= 60 {
		return 0, false
	}
	whole := math.Abs(v) + minutes/60 + seconds/3600
	if half := m[1] + m[5]; half == "S" || half == "W" || strings.HasPrefix(m[2], "-") {
		whole = -whole
	}
	return whole, true
}

// parseDictionary reads {"latitude": …, "longitude": …}, also with the quotation
// marks of Python, and GeoJSON points.
func parseDictionary(s string) (orb.Point, bool) {
	number := func(names ...string) (float64, bool) {
		for _, name := range names {
			i := strings.Index(s, name)
			if i < 0 {
				continue
			}
			rest := strings.TrimLeft(s[i+len(name):], "'\": ")
			end := strings.IndexAny(rest, "'\",} ")
			if end < 0 {
				continue
			}
			if v, ok := parseNumber(rest[:end]); ok {
				return v, true
			}
		}
		return 0, false
	}
	lat, okLat := number("latitude", "lat")
	lon, okLon := number("longitude", "lon", "lng")
	if okLat && okLon {
		return orb.Point{lon, lat}, true
	}
	var g struct{ Coordinates []float64 }
	if json.Unmarshal([]byte(s), &g) == nil && len(g.Coordinates) >= 2 {
		return orb.Point{g.Coordinates[0], g.Coordinates[1]}, true
	}
	var several struct{ Coordinates [][]float64 }
	if json.Unmarshal([]byte(s), &several) == nil && len(several.Coordinates) == 1 && len(several.Coordinates[0]) >= 2 {
		return orb.Point{several.Coordinates[0][0], several.Coordinates[0][1]}, true // MultiPoint, of one
	}
	return orb.Point{}, strings.Contains(s, "coordinates") || strings.Contains(s, "latitude")
}
