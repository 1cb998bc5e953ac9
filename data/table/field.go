package table

import (
	"slices"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// A Field is what a column says of an event.
type Field string

// The fields.
const (
	Ref          Field = "ref"
	Offence      Field = "offence"
	Location     Field = "location"
	HouseNumber  Field = "house_number"
	Street       Field = "street"
	StreetType   Field = "street_type" // where it stands apart from the street's name
	Locality     Field = "locality"
	Postcode     Field = "postcode"
	Date         Field = "date" // one moment: a date, or a date and a time of day
	From         Field = "from"
	FromTime     Field = "from_time"
	To           Field = "to"
	ToTime       Field = "to_time"
	Reported     Field = "reported"
	ReportedTime Field = "reported_time"
	Lat          Field = "lat"
	Lon          Field = "lon"
	X            Field = "x" // easting of a grid or a plane
	Y            Field = "y"
	Point        Field = "point" // both coordinates in one
	Year         Field = "year"
	Month        Field = "month"
	Day          Field = "day"
	Hour         Field = "hour"
	Minute       Field = "minute"
	Weekday      Field = "weekday" // evidence of the date order
	Status       Field = "status"
	Precision    Field = "precision"
	PlaceID      Field = "location_id"
	Cases        Field = "cases" // how many a row stands for: of events alone, where it is named
)

// Fields are the fields that a column can be given to, in the order in which they
// take their columns.
var Fields = []Field{Ref, Offence, Location, HouseNumber, Street, StreetType, Locality, Postcode, Date, From, FromTime, To, ToTime, Reported, ReportedTime,
	Lat, Lon, X, Y, Point, Year, Month, Day, Hour, Minute, Weekday, Status, Precision, PlaceID}

// aliases are other names of fields on the command line and in settings.
var aliases = map[Field]Field{"id": Ref, "time": FromTime, "easting": X, "northing": Y}

// ParseField reads the name of a field.
func ParseField(s string) (Field, bool) {
	f := Field(s)
	if a, ok := aliases[f]; ok {
		return a, true
	}
	return f, slices.Contains(Fields, f)
}

// spellings are the headers under which a field is known, best first. Only their
// letters and digits count.
var spellings = map[Field][]string{
	Ref: {"ref", "reference", "crime number", "crime no", "crime ref", "crime reference", "crime reference number", "crime ref no",
		"incident number", "incident no", "incident ref", "incident reference", "incidnt num", "incident num", "case number", "case no", "case ref", "case num",
		"occurrence number", "occurrence no", "occurrence ref", "investigation ref", "investigation reference", "investigation number", "investigation no", "cr number", "offence number", "offence ref",
		"event unique id", "complaint number", "cmplnt num", "dr no", "dr number", "cc number", "ccn", "dc key", "inc number", "go number", "general offence number",
		"report number", "report no", "police ref", "urn", "niche ref", "unique reference", "unique ref", "ref no", "our ref", "our reference", "file number", "reference number", "crime id", "incident id", "case id", "offence id", "offense id",
		"item number", "item no", "nopd item", "log number", "log no", "crn", "cad", "cad number", "cad ref", "event number", "event id", "uid",
		"aktenzeichen", "vorgangsnummer", "fallnummer", "expediente", "número de expediente", "número de caso", "nº de caso", "numéro", "numero", "numéro de procédure", "référence", "n procedure",
		"serial", "serial no", "serial number", "record id", "id", "row id", "instance id", "object id", "fid", "zaaknummer", "proces verbaalnummer", "numero pratica", "numero fascicolo", "número do processo", "folio", "ocorrência", "diarienummer", "numéro pv", "numéro d affaire", "affaire", "vorgang", "vorgangsnr", "tagebuchnummer", "event no", "call number", "call no", "incident key", "record number"},
	Offence: {"offence", "offense", "offence type", "offense type", "crime type", "primary type", "offence title", "ho classification", "home office classification", "nibrs offense code description", "offence group", "incident category", "crime category", "offence category",
		"offense category id", "offense category", "offence description", "offense description", "highest offense description", "crime description", "crime descr", "crm cd desc", "ofns desc", "mci category", "occurrence type",
		"offense parent group", "offense code group", "crime name", "crime name2", "crime name1", "text general code", "uc2 literal", "ucr crime category", "nibrs description", "highest nibrs description", "type of incident", "call type", "final call type",
		"incident type", "category", "crime", "type", "hoc description", "offence name", "ho description", "ho offence", "ho class", "descript", "description", "incident description", "pd desc", "charge description",
		"what", "final code", "closing code", "opening code", "initial code", "incident class", "class", "delikt", "straftat", "deliktart", "delito", "tipo de delito", "infraction", "nature of incident", "nature of call", "nature", "qualification", "libellé", "stat desc", "delict", "misdrijf", "soort misdrijf", "maatschappelijke klasse", "reato", "tipo reato", "tipo di reato", "crime tipo", "natureza", "rubrica", "brott", "brottstyp", "tatbestand", "fait", "nature des faits", "tipo", "classification", "crime classification", "offence classification", "beat code description"},
	Location: {"location", "address", "incident address", "incident location", "location full", "full location", "full address", "offence location", "offence address",
		"location of offence", "location of incident", "location address", "crime location", "location text", "street address", "address text", "scene",
		"scene address", "locus", "location block", "block address", "hundred block", "100 block address", "100 block addr", "block", "hundred block address", "intersection", "nearest intersection", "where", "venue", "venue address", "victim address",
		"dirección", "direccion", "lugar del hecho", "lugar de los hechos", "tatort", "tatörtlichkeit", "anschrift", "adresse", "lieu", "adresse des faits", "lieu des faits", "place", "premises", "location description", "indirizzo", "luogo", "endereço", "local", "morada", "adres", "plaats delict", "pleegplaats", "adress", "brottsplats", "ereignisort", "einsatzort", "tatort adresse", "localisation"},
	HouseNumber: {"house number", "house no", "house", "building number", "premises number", "door number", "number", "house name number", "street number", "hausnummer", "address number", "huisnummer", "huisnr", "numero logradouro", "numero civico", "civico", "nummer", "haus nr", "hausnr", "premise number", "premise no", "property number", "no rue"},
	Street:      {"street", "street name", "location street", "road", "road name", "thoroughfare", "address line 1", "address 1", "address1", "addressline1", "straße", "strasse", "rue", "voie", "straat", "straatnaam", "pleegstraat", "logradouro", "via", "strada", "calle", "rua", "gata", "straßenname", "strassenname", "nom de rue", "nom de voie"},
	StreetType:  {"street type", "st type", "street suffix", "st suffix", "street sfx", "st sfx", "sfx", "road type", "road suffix", "str type", "thoroughfare type"},
	Locality: {"locality", "town", "town name", "location town", "village name", "city name", "village", "city", "town village", "town or village", "post town", "posttown", "municipality", "suburb", "suburb name", "settlement", "parish",
		"address line 2", "address 2", "address2", "ort", "stadt", "gemeinde", "ville", "commune", "municipio", "localidad", "area",
		"neighbourhood", "neighborhood", "district name", "boro nm", "borough", "plaats", "woonplaats", "pleegplaats", "comune", "città", "município", "cidade", "freguesia", "población", "ortsteil", "ortschaft", "localité"},
	Postcode: {"postcode", "post code", "pc", "postal code", "zip", "zip code", "pcode", "plz", "postleitzahl", "code postal", "código postal", "postnummer", "cap", "código postal", "codigo postal"},
	Date: {"incident datetime", "incident date time", "occurred date time", "occurrence date time", "offence datetime", "offence date time", "crime date time", "datetime", "date time", "date and time", "cdatetime", "timestamp", "incident timestamp", "incident occurred at", "incident occurred",
		"dispatch date time", "occurred on", "occurred on date", "occurred at", "occurred", "committed on", "date committed", "date committed on", "date", "date single", "incident date", "offence date", "offense date", "date of offence", "date of incident", "date of occurrence", "event date",
		"occurrence date", "occurred date", "occur date", "date occurred", "date occ", "occ date", "crime date", "date of crime", "date1 of occurrence", "time local", "time utc", "datetime local", "local time", "dispatch date", "event time", "incident time", "offence time",
		"tatzeit", "datum", "tatdatum", "fecha", "fecha del hecho", "fecha hecho", "fecha de los hechos", "fecha y hora", "date des faits", "date et heure", "when", "day", "month", "time", "pleegdatum", "datum pleeg", "data", "data del fatto", "data do fato", "data ocorrência", "datum tat", "ereignisdatum", "date de l infraction", "date infraction", "date du fait"},
	From: {"from", "between", "committed between", "occurred between", "date between", "date from", "date start", "from date", "start", "start date", "occurred from", "committed from", "committed from date", "from datetime", "datetime from", "from date time", "start datetime", "start date time", "datetime start", "earliest", "earliest date", "first date", "first occurrence date", "first occurrence", "begin", "begin date",
		"event from", "offence from", "offence start", "offense start datetime", "offence start datetime", "offence from date", "cmplnt fr dt", "occ start", "occurrence start", "occ from", "occurrence from", "date incident began", "from local", "date time from", "date from time from", "date from date time", "earliest datetime", "start time", "time start", "from time",
		"fecha desde", "fecha inicio", "desde", "tatzeit von", "von", "date début", "début", "date de début", "datum van", "pleegdatum van", "begindatum", "beginn", "not before", "no earlier than", "last seen", "last secure", "left at", "secured at", "tatzeit beginn", "tatbeginn", "anfang", "tatzeit anfang", "pleegdatum begin", "data inizio", "data início", "date de debut", "date debut", "debut"},
	FromTime: {"from time", "time from", "start time", "committed from time", "time", "incident time", "offence time", "time of offence", "time of incident", "crime time", "time of day", "clock",
		"time occurred", "time occ", "occurred time", "occur time", "occurrence time", "earliest time", "event time", "time start", "cmplnt fr tm", "begin time", "dispatch time", "time1 of occurrence", "offence from time", "uhrzeit", "heure", "hora", "hora del hecho", "hora hecho", "pleegtijd", "tijd", "tijdstip", "tijd van", "begintijd", "ora", "orario", "hora início", "hora inicio", "tatzeit beginn uhrzeit", "uhrzeit von", "heure début", "heure de début", "heure debut", "klockslag"},
	To: {"to", "date to", "date end", "to date", "end", "end date", "occurred to", "committed to", "committed to date", "to datetime", "datetime to", "date time to", "to date time",
		"end datetime", "end date time", "datetime end", "latest", "latest date", "last date", "last occurrence date", "last occurrence", "event to", "offence to", "offence to date", "offence end", "offense end datetime", "offence end datetime", "cmplnt to dt", "occ end", "occurrence end", "occ to", "date incident end", "until", "finish", "to local", "and",
		"possible date", "date2 of occurrence", "end time", "time end", "to time", "not after", "no later than", "discovered", "discovered at", "found at", "noticed at", "fecha hasta", "fecha fin", "hasta", "tatzeit bis", "bis", "date fin", "fin", "date de fin", "datum tot", "pleegdatum tot", "einddatum", "ende", "tatzeit ende", "tatende", "pleegdatum eind", "data fine", "data fim"},
	ToTime: {"to time", "time to", "end time", "committed to time", "latest time", "finish time", "time end", "time until", "cmplnt to tm", "possible time", "time2 of occurrence", "offence to time", "tijd tot", "eindtijd", "ora fine", "hora fim", "hora fin", "uhrzeit bis", "tatzeit ende uhrzeit", "heure fin", "heure de fin"},
	Reported: {"reported", "date reported", "reported date", "reported at", "reported on", "report date", "date rptd", "rptd date", "datetime reported", "reported datetime", "report datetime", "report date time", "report dat",
		"date time reported", "reported time", "time reported", "recorded", "date recorded", "recorded date", "recorded datetime", "incident reported date", "created", "created date", "date created", "rpt dt", "date of report", "angezeigt am", "fecha de denuncia", "date de signalement", "datum aangifte", "aangiftedatum", "data denuncia", "data registo", "gemeldet am", "meldedatum", "anzeigedatum", "date de dépôt", "date plainte", "date de plainte"},
	ReportedTime: {"reported time", "time reported", "report time", "recorded time", "rptd time"},
	Lat:          {"lat", "latitude", "y lat", "lat wgs84", "latitude wgs84", "geo lat", "latitude x", "lat y", "breitengrad", "breite", "latitud"},
	Lon:          {"lon", "lng", "long", "longitude", "x lon", "lon wgs84", "longitude wgs84", "long wgs84", "geo lon", "geo lng", "longitude x", "lon x", "längengrad", "länge", "longitud"},
	X:            {"x", "x m", "x km", "easting", "eastings", "x coord", "x coordinate", "x coord cd", "x coordinates", "point x", "geo x", "grid x", "grid easting", "os easting", "gps easting", "x block", "x coord public", "rechtswert"},
	Y:            {"y", "y m", "y km", "northing", "northings", "y coord", "y coordinate", "y coord cd", "y coordinates", "point y", "geo y", "grid y", "grid northing", "os northing", "gps northing", "y block", "y coord public", "hochwert"},
	Point:        {"point", "location", "location 1", "location1", "lat lon", "lat long", "lat lng", "latlng", "geo location", "geolocation", "coordinates", "coords", "geometry", "the geom", "geom", "geocoded column", "new georeferenced column", "georeference", "grid ref", "grid reference", "os grid ref", "os grid reference", "os grid", "osgr", "os ref", "osref", "os reference", "ngr", "national grid reference", "national grid ref", "map ref", "map reference", "bng", "wkt", "shape"},
	Year:         {"year", "occ year", "occurrence year", "incident year", "année"},
	Month:        {"month", "occ month", "occurrence month", "incident month", "mois", "monat"},
	Day:          {"day", "occ day", "occurrence day", "day of month", "jour"},
	Hour:         {"hour", "hour of day", "occ hour", "occurrence hour", "incident hour", "incident hour of day", "hour of occurrence", "hour occurred", "hod", "stunde"},
	Minute:       {"minute", "min", "minutes"},
	Weekday:      {"weekday", "day of week", "day of the week", "dow", "occ dow", "occurrence day of week", "incident day of week", "day name", "wochentag", "jour de la semaine", "dag", "weekdag", "giorno", "día de la semana", "tag", "day"},
	Status:       {"status", "report status", "record status", "crime status", "occurrence status"},
	Precision:    {"precision"},
	PlaceID:      {"location id"},
}

// fallbackLocalities are parts of a town that a report's address is not written
// with: they name the place only where nothing else does.
var fallbackLocalities = []string{"area", "neighbourhood", "neighborhood", "districtname", "boronm", "borough"}

// ranks gives the rank of a header by its key, for each field.
var ranks = func() map[Field]map[string]int {
	all := map[Field]map[string]int{}
	for f, list := range spellings {
		all[f] = map[string]int{}
		for i, s := range list {
			if _, ok := all[f][headerKey(s)]; !ok {
				all[f][headerKey(s)] = i
			}
		}
	}
	return all
}()

// numberSigns are the signs that stand for the word in a header: "Event #".
var numberSigns = strings.NewReplacer(" #", " number", "№", "number", "N°", "numéro", "n°", "numéro", "Nº", "número", "nº", "número")

// headerKey keeps the letters and digits of a header, in lower case.
func headerKey(s string) string {
	var b strings.Builder
	if strings.ContainsAny(s, "#№°º") {
		s = numberSigns.Replace(s)
	}
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// headerWords splits a header at what is no letter or digit and before a capital
// that follows a small letter.
func headerWords(s string) []string {
	var words []string
	var b strings.Builder
	var last rune
	if strings.ContainsAny(s, "#№°º") {
		s = numberSigns.Replace(s)
	}
	flush := func() {
		if b.Len() > 0 {
			words = append(words, strings.ToLower(b.String()))
			b.Reset()
		}
	}
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
		default:
			if unicode.IsUpper(r) && unicode.IsLower(last) {
				flush()
			}
			b.WriteRune(r)
		}
		last = r
	}
	flush()
	return words
}

// heads are the last parts of compound words in Dutch, German and Scandinavian
// headers: "Begindatum", "Registratienr".
var heads = []string{"datum", "tijd", "zeit", "nummer", "nr", "straat", "straße", "strasse"}

// parted adds to the words of a header the parts of those that are compounds.
func parted(words []string) []string {
	for _, w := range words {
		for _, head := range heads {
			if first, ok := strings.CutSuffix(w, head); ok && len(first) > 2 {
				words = append(words, first, head)
				break
			}
		}
	}
	return words
}

// recognised returns how many of the headers are known by themselves.
func recognised(headers []string) int {
	n := 0
	for _, h := range headers {
		if knownHeader(h) {
			n++
		}
	}
	return n
}

// short are abbreviations in headers.
var short = map[string]string{"no": "number", "num": "number", "nr": "number", "nbr": "number", "nm": "name", "dt": "date", "dte": "date", "tm": "time", "tme": "time",
	"addr": "address", "loc": "location", "locn": "location", "desc": "description", "descr": "description", "inc": "incident", "incdt": "incident", "off": "offence", "offnc": "offence", "occ": "occurrence",
	"st": "street", "rd": "road", "pstcd": "postcode", "ref": "reference", "dttm": "datetime", "fr": "from", "frm": "from", "lat": "latitude", "long": "longitude", "lon": "longitude"}

// spelledOut is the key of a header with its abbreviations written out, "" where it
// has none.
func spelledOut(h string) string {
	words := headerWords(h)
	found := false
	for i, w := range words {
		if whole, ok := short[w]; ok {
			words[i], found = whole, true
		}
	}
	if !found || len(words) < 2 { // "No" alone may count anything
		return ""
	}
	return strings.Join(words, "")
}

func knownHeader(h string) bool { return FieldOf(h) != "" }

// FieldOf returns the field that a header is known best as, "" for none.
func FieldOf(h string) Field {
	if len(h) > 60 {
		return ""
	}
	key := headerKey(h)
	best, least := Field(""), 0
	for _, f := range Fields {
		if r, ok := ranks[f][key]; ok && key != "" && (best == "" || r < least) {
			best, least = f, r
		}
	}
	return best
}

// NearestField returns the field that a name, or a header of it, was meant for, ""
// when none is like it.
func NearestField(name string) Field {
	key := headerKey(name)
	if len(key) < 2 {
		return ""
	}
	best, least := Field(""), 2+len(key)/4
	for _, f := range Fields {
		for _, header := range append([]string{string(f)}, spellings[f]...) {
			if d := levenshtein.ComputeDistance(key, headerKey(header)); d < least {
				best, least = f, d
			}
		}
	}
	return best
}

// nothing are the words that systems write for no value, in lower case.
var nothing = map[string]bool{"": true, "null": true, "(null)": true, "<null>": true, "[null]": true, "\\n": true, "nan": true, "na": true, "n/a": true, "n.a.": true, "#n/a": true,
	"#n/a n/a": true, "#value!": true, "#ref!": true, "#div/0!": true, "#name?": true, "#null!": true, "#num!": true, "#spill!": true, "#calc!": true,
	"-": true, "--": true, "---": true, "–": true, "—": true, ".": true, "?": true, "??": true, "unk": true, "unknown": true, "unknwn": true, "n/k": true, "nk": true, "none": true, "nil": true,
	"unspecified": true, "tbc": true, "tba": true, "(blank)": true, "blank": true, "missing": true, "undefined": true, "unbekannt": true, "inconnu": true}

// unsaid are words of a person for no value. They are none for a place, which a
// person may yet find by asking.
var unsaid = map[string]bool{"not known": true, "not recorded": true, "not stated": true, "not given": true, "not available": true, "not provided": true, "none recorded": true,
	"withheld": true, "redacted": true, "restricted": true, "suppressed": true, "not disclosed": true, "no location": true, "no data": true}

// clean returns a value without white space around it, "" for what means nothing.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if text, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(text, `"`) { // as exports keep a spreadsheet from changing it
		s = strings.TrimSpace(strings.TrimSuffix(text, `"`))
	}
	if len(s) > 16 {
		return s
	}
	for i := range len(s) { // most values have a digit and are no word for nothing
		if c := s[i]; c >= '1' && c <= '9' {
			return s
		}
	}
	if nothing[strings.ToLower(s)] {
		return ""
	}
	return s
}

// nearestHeader returns the header within a few letters of the one that is missing.
func nearestHeader(missing string, headers []string) string {
	best, least := "", 0
	want := headerKey(missing)
	for _, h := range headers {
		if d := levenshtein.ComputeDistance(want, headerKey(h)); best == "" || d < least {
			best, least = strings.TrimSpace(h), d
		}
	}
	if best != "" && least <= 2+len(want)/3 && shortHeader(best) {
		return best
	}
	return ""
}

func shortHeader(h string) bool {
	h = strings.TrimSpace(h)
	return h != "" && len(h) <= 40 && !strings.ContainsAny(h, "0123456789,\n")
}
