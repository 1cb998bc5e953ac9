package table

import (
	"fmt"
	"slices"
	"strings"
)

// A Layout says in which column of a table each field stands, and why.
type Layout struct {
	Columns []*Column
	At      map[Field]int    // field → column from 0
	Why     map[Field]string // "name", "content" or "named"
	scale   float64          // of X and Y, to metres
	unit    string           // of X and Y as the header says: "ft", "km", ""
	lines   []int            // columns of an address in several lines, of which Location is the first
	halves  map[Field]int    // columns of am and pm behind those of a time of day
}

// Has reports whether each of the fields has a column.
func (l *Layout) Has(fields ...Field) bool {
	for _, f := range fields {
		if _, ok := l.At[f]; !ok {
			return false
		}
	}
	return true
}

// told reports whether the caller or the settings named the column of a field.
func (l *Layout) told(f Field) bool { return l.Why[f] == "named" || l.Why[f] == "settings" }

// Unused are the columns that no field took, in their order.
func (l *Layout) Unused() []string {
	used := map[int]bool{}
	for _, at := range l.At {
		used[at] = true
	}
	for _, at := range l.lines {
		used[at] = true
	}
	for _, at := range l.halves {
		used[at] = true
	}
	var out []string
	for i, c := range l.Columns {
		if !used[i] && c.Name != "" {
			out = append(out, c.Name)
		}
	}
	return out
}

// assign finds the columns by what the caller named, then by the usual names whose
// content fits, then by usual names alone, and what is then missing by parts of
// names with content that fits.
func (l *Layout) assign(named map[Field]string, soft map[Field]string, shown string) error {
	l.At, l.Why, l.scale, l.halves = map[Field]int{}, map[Field]string{}, 1, map[Field]int{}
	used := map[int]bool{}
	for _, f := range append(slices.Clone(Fields), Cases) {
		for _, own := range []map[Field]string{named, soft} {
			header, ok := own[f]
			if !ok || l.Has(f) {
				continue
			}
			at := l.Find(header)
			if at < 0 {
				if _, must := named[f]; must && header == named[f] {
					return &missingError{field: f, header: header}
				}
				continue // of a source or settings: the usual names still count
			}
			l.At[f], l.Why[f] = at, "named"
			if _, told := named[f]; !told {
				l.Why[f] = "settings"
			}
			used[at] = true
		}
	}
	worded := func(f Field) int { // a code of the offence is less than its words
		if f != Offence {
			return -1
		}
		return l.byWords(f, used)
	}
	for _, round := range []struct {
		why  string
		pick func(Field) int
	}{
		{"name and content", func(f Field) int { return l.byName(f, used, l.fits) }},
		{"content", worded},
		{"name", func(f Field) int { return l.byName(f, used, l.mayFit) }},
		{"content", func(f Field) int { return l.byWords(f, used) }},
	} {
		for _, f := range Fields {
			if l.Has(f) || l.needless(f) {
				continue
			}
			if at := round.pick(f); at >= 0 {
				l.At[f], l.Why[f] = at, round.why
				used[at] = true
			}
		}
	}
	l.tidy()
	return nil
}

// A missingError is a column that the caller named and the table lacks.
type missingError struct {
	field  Field
	header string
}

func (e *missingError) Error() string { return fmt.Sprintf("no column %q", e.header) }

// Find returns the column of a header from 0: the first that is written so, white
// space aside, else the first with the same letters and digits in either case; -1
// where there is none. A blank header is that of no column.
func (l *Layout) Find(header string) int {
	name, key := strings.Join(strings.Fields(header), " "), headerKey(header)
	at := slices.IndexFunc(l.Columns, func(c *Column) bool { return name != "" && c.Name == name })
	if at < 0 {
		at = slices.IndexFunc(l.Columns, func(c *Column) bool { return key != "" && c.key == key })
	}
	return at
}

// byName returns the best-named free column that passes.
func (l *Layout) byName(f Field, used map[int]bool, pass func(Field, *Column) bool) int {
	best, rank := -1, 1<<30
	for i, c := range l.Columns {
		r, ok := ranks[f][c.key]
		if !ok || used[i] || !pass(f, c) {
			continue
		}
		r *= 2
		switch f {
		case Location, Street:
			if c.n > 0 && !c.share(c.postal) && !c.varied() { // a word for a kind of place
				r += 200
			}
		case Date: // the column with the time of day in it knows more
			if c.share(c.timed) {
				r -= 60
			}
		case Offence, Ref:
			if c.n == 0 {
				r += 400
			}
		}
		if r < rank {
			best, rank = i, r
		}
	}
	return best
}

// needless reports whether a field is of no use beside those that have a column.
func (l *Layout) needless(f Field) bool {
	switch f {
	case Point:
		return false
	case StreetType:
		return !l.Has(Street)
	case Street, HouseNumber:
		at, ok := l.At[Location]
		return ok && f == HouseNumber && !l.Has(Street) && l.Columns[at].share(l.Columns[at].numbered)
	}
	return false
}

// fits reports whether the content of a column is that of a field.
func (l *Layout) fits(f Field, c *Column) bool {
	switch f {
	case Ref:
		return c.n > 0 && !c.share(c.pairs) && !(c.share(c.stamps) && !c.share(c.numbers))
	case Offence:
		return c.share(c.wordy) && !c.share(c.stamps) && !c.share(c.pairs)
	case Location, Street, Locality:
		return c.share(c.wordy) && !c.share(c.stamps) && !c.share(c.pairs) && !c.share(c.numbers)
	case StreetType:
		return c.share(c.wordy) && !c.share(c.stamps) && !c.share(c.postal)
	case HouseNumber:
		return c.share(c.houses) && !c.share(c.pairs)
	case Postcode, Status, Precision, PlaceID:
		return c.n > 0 && !c.share(c.pairs)
	case Date, From, To, Reported:
		return c.share(c.stamps) || c.serial()
	case FromTime, ToTime, ReportedTime:
		return c.share(c.clocks+c.hhmm+c.hours) && !c.share(c.stamps) || c.fraction()
	case Lat:
		return c.share(c.numbers) && c.min >= -180 && c.max <= 180 || c.share(c.angles)
	case Lon:
		return c.share(c.numbers) && c.min >= -360 && c.max <= 360 || c.share(c.angles)
	case X, Y:
		return c.share(c.numbers)
	case Point:
		return c.share(c.pairs + c.grids)
	case Year:
		return c.share(c.ints) && c.min >= 1800 && c.max < 3000
	case Month:
		return c.share(c.months) || c.share(c.ints) && c.min >= 1 && c.max <= 12
	case Day:
		return c.share(c.ints) && c.min >= 1 && c.max <= 31
	case Hour:
		return c.share(c.ints) && c.min >= 0 && c.max <= 24
	case Minute:
		return c.share(c.ints) && c.min >= 0 && c.max <= 59
	case Weekday:
		return c.share(c.weekdays)
	}
	return false
}

// mayFit reports whether a column can be taken by its name although its content
// does not tell: it is blank, or dirty.
func (l *Layout) mayFit(f Field, c *Column) bool {
	switch f {
	case Point, Weekday, Year, Month, Day, Hour, Minute, Status:
		return false
	case Location, Street:
		return !c.share(c.pairs) && !c.share(c.numbers)
	case Locality:
		return c.n == 0
	case HouseNumber:
		return c.n == 0 || c.share(c.houses)
	case Offence:
		return !c.share(c.pairs) && !c.share(c.stamps)
	case Date:
		return c.key != "day" && c.key != "month" || c.share(c.ints) && c.key == "day" && !l.Has(From) && c.max > 31
	case FromTime:
		return !c.share(c.stamps)
	case ToTime, ReportedTime:
		return !c.share(c.stamps)
	case X, Y, Lat, Lon:
		return !c.share(c.pairs)
	}
	return true
}

// not are words of a header that is no moment of the event.
var not = []string{"updated", "update", "modified", "edited", "cleared", "clearance", "arrest", "arrested", "disposition", "status", "birth", "dob", "export", "exported", "printed", "load", "loaded", "closed", "ibr", "census", "victim", "suspect", "age",
	"reported", "report", "rptd", "rpt", "recorded", "created", "entered", "to", "before", "end", "last", "latest", "until", "bis", "ende", "fin", "tot", "eind", "einde", "fine", "fim", "hasta", "aangifte", "anzeige", "outcome", "approved", "due"}

func (c *Column) has(words ...string) bool {
	return slices.ContainsFunc(c.words, func(w string) bool { return slices.Contains(words, w) })
}

// numberWords are words of a header for what tells one report from another.
var numberWords = []string{"number", "no", "num", "nr", "n", "ref", "reference", "id", "urn", "número", "numéro", "numero", "nummer"}

// byWords finds what is still missing by a word of the header and content that fits.
func (l *Layout) byWords(f Field, used map[int]bool) int {
	pick := func(ok func(*Column) bool) int {
		return slices.IndexFunc(l.Columns, func(c *Column) bool { return c.n > 0 && ok(c) && !used[slices.Index(l.Columns, c)] })
	}
	switch f {
	case Ref:
		return pick(func(c *Column) bool {
			return c.varied() && !c.share(c.stamps) && !c.share(c.pairs) && c.has("incident", "inc", "crime", "case", "occurrence", "occ", "offence", "offense", "report", "complaint", "log", "niche", "event", "cad", "call", "dispatch", "atestado", "pratica", "fascicolo", "dossier", "affaire", "vorgang", "zaak", "processo", "fir", "registratie", "bo", "boletim", "file") && (c.has("niche", "item", "key") || c.has(numberWords...) || slices.Contains([]string{"occurrence", "incident", "report", "case", "log", "crime", "complaint"}, c.key)) && !c.has("type", "date", "officer", "victim", "suspect")
		})
	case Offence:
		if at := pick(func(c *Column) bool {
			return c.share(c.wordy) && !c.share(c.stamps) && !c.share(c.postal) && (c.has("nature") || c.has("type", "class") && c.has("text", "description", "desc", "title", "initial", "final")) && !c.has("location", "premises", "status", "disposition")
		}); at >= 0 {
			return at
		}
		return pick(func(c *Column) bool {
			return c.share(c.wordy) && !c.share(c.stamps) && c.has("offence", "offense", "crime", "ofns", "delikt", "delict", "straftat", "delito", "reato", "crimen", "infraction", "hecho", "nibrs", "ucr") && !c.has("status", "outcome", "against", "location", "date") && !c.has(numberWords...)
		})
	case Date, FromTime, To, ToTime, Reported:
		return l.whenByWords(f, pick)
	}
	return l.whereByWords(f, pick)
}

// ofEvent are words of a header for what is the event's own.
var ofEvent = []string{"hecho", "hechos", "occurred", "occurrence", "offence", "offense", "crime", "ocorrência", "ocorrencia", "fait", "faits", "tat", "delict", "fatto"}

// ending are words of a header for the end of an event.
var ending = []string{"to", "before", "end", "ended", "latest", "until", "finish", "last", "bis", "ende", "fin", "tot", "eind", "einde", "fine", "fim", "hasta"}

// whenByWords is byWords of a time.
func (l *Layout) whenByWords(f Field, pick func(func(*Column) bool) int) int {
	clock := func(c *Column) bool { return c.share(c.clocks+c.hhmm+c.hours) || c.fraction() }
	switch {
	case f == Date && !l.Has(From) && !(l.Has(FromTime) && l.Has(Year)):
		moment := func(c *Column) bool {
			words := c.has("date", "datetime", "time", "occurred", "occ", "occurrence", "incident", "offence", "offense", "committed", "event", "crime", "dt", "dte", "datum", "data", "fecha", "tatzeit", "when")
			return c.share(c.stamps) && words && (!c.has(not...) || c.share(c.ranges) && c.has("from", "to", "between"))
		}
		for _, ok := range []func(*Column) bool{
			func(c *Column) bool { return moment(c) && c.share(c.timed) },
			moment,
			func(c *Column) bool { return c.share(c.stamps) && !c.has(not...) },
		} {
			if at := pick(ok); at >= 0 {
				return at
			}
		}
		return -1
	case f == FromTime && !l.Has(Hour):
		return pick(func(c *Column) bool {
			return clock(c) && c.has("time", "times", "tm", "clock", "hhmm", "hrs", "uhrzeit", "heure", "tijd", "ora", "hora", "hour", "stunde") && (!c.has(not...) || c.share(c.hours))
		})
	case f == To && (l.Has(From) || l.Has(Date)):
		return pick(func(c *Column) bool {
			return c.share(c.stamps) && c.has(ending...) && !c.has("updated", "update", "modified", "seen", "edited", "reported", "outcome")
		})
	case f == ToTime && l.Has(FromTime):
		return pick(func(c *Column) bool { return clock(c) && c.has(ending...) })
	case f == Reported:
		return pick(func(c *Column) bool {
			return c.share(c.stamps) && c.has("reported", "report", "rptd", "rpt", "recorded", "created")
		})
	}
	return -1
}

// whereByWords is byWords of a place.
func (l *Layout) whereByWords(f Field, pick func(func(*Column) bool) int) int {
	axis := map[Field][]string{X: {"easting", "eastings", "x", "e"}, Y: {"northing", "northings", "y", "n"}, Lat: {"lat", "latitude"}, Lon: {"lon", "lng", "long", "longitude"}}
	plane := []string{"grid", "ref", "coord", "coordinate", "coordinates", "os", "osgb", "location", "easting", "northing", "eastings", "northings", "ft", "feet", "km", "metres", "meters", "itm", "irish", "bng", "nztm"}
	switch {
	case f == Location && !l.Has(Street):
		return pick(func(c *Column) bool {
			return c.share(c.postal) && !c.share(c.stamps) && !c.share(c.numbers) && !c.share(c.pairs) && c.has("address", "addr", "block", "street", "location", "road", "place", "scene", "where", "anschrift", "adresse", "lieu", "tatort", "calle", "dirección", "rua", "rue", "via", "straat")
		})
	case f == HouseNumber && (l.Has(Street) || l.Has(Location)):
		return pick(func(c *Column) bool {
			return c.share(c.houses) && !c.share(c.stamps) && c.has("number", "no", "num", "nr") && c.has("house", "premise", "premises", "building", "property", "door", "address")
		})
	case f == Postcode:
		return pick(func(c *Column) bool {
			return c.share(c.wordy) && !c.share(c.stamps) && !c.share(c.postal) && (c.has("postcode", "postalcode") || c.has("post", "postal") && c.has("code")) && !c.has("victim", "suspect", "officer", "sector", "district", "home")
		})
	case f == Locality:
		return pick(func(c *Column) bool {
			if c.key == "place" && (l.Has(Location) || l.Has(Street)) {
				return c.share(c.wordy) && !c.share(c.stamps) && !c.share(c.postal) && !c.premises()
			}
			return c.share(c.wordy) && !c.share(c.stamps) && !c.share(c.postal) && c.has("town", "village", "city", "suburb", "municipality", "parish", "settlement", "locality") && !c.has("code", "id", "birth", "victim", "suspect", "council", "officer")
		})
	case f == Point && !l.Has(Lat, Lon) && !l.Has(X, Y):
		return pick(func(c *Column) bool { return c.share(c.pairs) })
	case l.Has(Point):
	case (f == X || f == Y) && !l.Has(Lat, Lon):
		return pick(func(c *Column) bool {
			return c.share(c.numbers) && c.max > 1000 && c.has(axis[f]...) && c.has(plane...)
		})
	case f == Lat || f == Lon:
		limit := map[Field]float64{Lat: 90, Lon: 180}[f]
		return pick(func(c *Column) bool {
			return c.share(c.numbers) && c.ints < c.numbers && c.min >= -limit && c.max <= limit && c.has(axis[f]...)
		})
	}
	return -1
}

// tidy mends what single fields cannot know: a time of day under the name of a
// moment, pieces of a date beside a whole one, parts of a town beside an address,
// units.
func (l *Layout) tidy() {
	l.tidyTimes()
	l.halveDays()
	l.tidyPlaces()
	l.joinLines()
	l.freeNumber()
	l.units(l.col(X), l.col(Y))
}

// drop takes their columns from fields.
func (l *Layout) drop(fields ...Field) {
	for _, f := range fields {
		delete(l.At, f)
		delete(l.Why, f)
	}
}

// col returns the column of a field, nil where it has none.
func (l *Layout) col(f Field) *Column {
	if at, ok := l.At[f]; ok {
		return l.Columns[at]
	}
	return nil
}

// tidyTimes is tidy of when it was.
func (l *Layout) tidyTimes() {
	for _, pair := range [][2]Field{{From, FromTime}, {To, ToTime}} { // "From" and "To" beside a date
		if c := l.col(pair[0]); c != nil && l.Has(Date) && !l.Has(pair[1]) && c.share(c.clocks+c.hhmm) && !c.share(c.stamps) && c.numbers < c.n {
			l.At[pair[1]], l.Why[pair[1]] = l.At[pair[0]], l.Why[pair[0]]
			l.drop(pair[0])
		}
	}
	if !l.told(Date) && l.Has(Date) { // "Day" of a date in pieces is no date
		if c := l.col(Date); !c.share(c.stamps) && l.Has(Year, Month) {
			if !l.Has(Day) && c.share(c.ints) && c.max <= 31 {
				l.At[Day], l.Why[Day] = l.At[Date], l.Why[Date]
			}
			l.drop(Date)
		}
	}
	if l.Has(Date) || l.Has(From) {
		for _, f := range []Field{Year, Month, Day} {
			if !l.told(f) {
				l.drop(f)
			}
		}
	}
	if date, from := l.col(Date), l.col(From); date != nil && from != nil && !l.Has(To) && !l.told(From) && date.has(ofEvent...) && !from.has(ofEvent...) {
		l.drop(From) // the start of the inquiry
	}
}

// halveDays finds the columns of am and pm, each right behind that of its time of day.
func (l *Layout) halveDays() {
	unused := l.Unused()
	for _, f := range []Field{Date, From, FromTime, To, ToTime, Reported, ReportedTime} {
		at, ok := l.At[f]
		if !ok || at+1 == len(l.Columns) {
			continue
		}
		if c := l.Columns[at+1]; c.n > 0 && c.halves == c.n && slices.Contains(unused, c.Name) {
			l.halves[f] = at + 1
		}
	}
}

// tidyPlaces is tidy of where it was.
func (l *Layout) tidyPlaces() {
	if l.Has(Lat) != l.Has(Lon) && !l.told(Lat) && !l.told(Lon) {
		l.drop(Lat, Lon)
	}
	if l.Has(X) != l.Has(Y) {
		l.drop(X, Y)
	}
	if c := l.col(Locality); c != nil && !l.told(Locality) && (l.Has(Location) || l.Has(Street)) && slices.Contains(fallbackLocalities, c.key) {
		l.drop(Locality)
	}
	if c := l.col(Postcode); c != nil && !l.told(Postcode) && c.share(c.ints) {
		l.drop(Postcode) // a ZIP is no postcode of a gazetteer
	}
	if l.Has(Location) && !l.told(Location) && l.Has(Street) && !l.told(Street) {
		// The better of the two is the place; a street alone beside an address says it twice.
		loc, street := l.col(Location), l.col(Street)
		_, town := ranks[Locality][loc.key] // "Pleegplaats" and "place" may be either
		town = (town || loc.key == "place") && !l.Has(Locality) && !loc.share(loc.postal) && !loc.premises()
		switch {
		case town:
			l.At[Locality], l.Why[Locality] = l.At[Location], l.Why[Location]
			l.drop(Location)
		case !loc.share(loc.postal) && street.share(street.postal):
			l.drop(Location)
		default:
			l.drop(Street, StreetType, HouseNumber)
		}
	}
}

// joinLines takes an address in several lines whole: any of them may be the street.
func (l *Layout) joinLines() {
	field := Location
	if !l.Has(Location) {
		field = Street
	}
	first, ok := l.At[field]
	if !ok || field == Street && l.told(Street) || !addressLine(l.Columns[first].key) {
		return
	}
	var lines []int
	told := 0
	for i, c := range l.Columns {
		if addressLine(c.key) {
			lines = append(lines, i)
			told += min(c.n, 1)
		}
	}
	if told < 2 {
		return
	}
	l.lines = lines
	l.At[Location], l.Why[Location] = lines[0], l.Why[field]
	for _, f := range []Field{Street, Locality} {
		if at, ok := l.At[f]; ok && slices.Contains(lines, at) {
			delete(l.At, f)
			delete(l.Why, f)
		}
	}
}

// freeNumber gives up a number of houses beside addresses that have their own: a
// number that is of no house is that of the report, where it has no other.
func (l *Layout) freeNumber() {
	bare := []string{"number", "no", "nr"}
	if at, ok := l.At[HouseNumber]; ok && !l.told(HouseNumber) {
		place, street := l.At[Street]
		if !street {
			place = l.At[Location]
		}
		if c := l.Columns[place]; c.share(c.numbered) || !street && slices.Contains(bare, l.Columns[at].key) {
			delete(l.At, HouseNumber)
			delete(l.Why, HouseNumber)
		}
	}
	if l.Has(Ref) {
		return
	}
	unused := l.Unused()
	for i, c := range l.Columns {
		if slices.Contains(bare, c.key) && c.unique() && !c.share(c.stamps) && slices.Contains(unused, c.Name) {
			l.At[Ref], l.Why[Ref] = i, "content"
			return
		}
	}
}

// addressLine reports whether a header is that of a numbered line of an address.
func addressLine(key string) bool {
	rest, ok := strings.CutPrefix(key, "address")
	rest = strings.TrimPrefix(rest, "line")
	return ok && len(rest) == 1 && rest[0] >= '1' && rest[0] <= '9'
}

// units settles what one unit of X and Y is.
func (l *Layout) units(x, y *Column) {
	if x == nil || y == nil {
		return
	}
	switch {
	case x.has("ft", "feet", "foot", "usft") || y.has("ft", "feet", "foot", "usft") || x.key == "xcoordcd":
		l.scale, l.unit = 1200.0/3937, "feet" // US survey feet
	case x.thousands() && y.thousands() && (x.has("easting", "eastings") || x.max > 180 || y.max > 90) && !x.has("km"):
		l.scale = 1000
		for _, c := range []*Column{x, y} {
			c.min, c.max = c.min*l.scale, c.max*l.scale
		}
	case x.has("km") || y.has("km") || strings.HasSuffix(x.key, "km") && strings.HasSuffix(y.key, "km"):
		l.scale, l.unit = 1000, "km"
	}
}
