package gazetteer

import (
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"spreewatch/geo/address"
	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// policeColumns are the columns of data.police.uk that are read, lower case.
var policeColumns = []string{"month", "longitude", "latitude", "location", "falls within", "reported by"}

// policeHeader finds the columns by the header row, and reports whether it is
// one of a street-level file.
func policeHeader(fields []string) (map[string]int, bool) {
	at := map[string]int{}
	for i, f := range fields {
		if f = strings.ToLower(strings.TrimSpace(f)); slices.Contains(policeColumns, f) {
			at[f] = i
		}
	}
	for _, column := range policeColumns[:4] {
		if _, ok := at[column]; !ok {
			return at, false
		}
	}
	return at, true
}

// readPolice reads data.police.uk street-level files. Their points are
// anonymised snap points: the middle of a street, or a place of interest. A snap
// point appears once for every crime at it, and moves by some metres when the
// publisher redraws the map, so the points of one name within
// geo.StreetChainM of each other make one street. A numbered road stays a point
// an entry: its snap points are not a chain but samples of a long line.
//
// A place of interest that has a name ("Thetford Police Station") is a landmark;
// one that is only of a kind ("Supermarket") is left out, since nobody could say
// which. Rows outside the force's area are kept: they are streets too. The
// source puts no street in a settlement, and the nearest centre is a bad guess
// (it puts Neville Close, Dereham in Yaxham), so Locality stays empty.
func readPolice(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		type snap struct {
			name string
			p    orb.Point
		}
		seen := map[snap]bool{}
		names := map[string]string{} // one copy of each name
		var at map[string]int
		for r, err := range s.rows(',', true) {
			if err != nil {
				if !yield(index.Entry{}, err) {
					return
				}
				continue
			}
			if r.first {
				at, _ = policeHeader(r.fields)
				continue
			}
			name, p, err := policeRow(r, plainRow{at, r.fields})
			if err != nil {
				if !yield(index.Entry{}, err) {
					return
				}
				continue
			}
			kept, ok := names[name]
			if !ok {
				kept = strings.Clone(name)
				names[kept] = kept
			}
			seen[snap{kept, p}] = true
		}
		var streets []index.StreetPoint
		var others []index.Entry
		for at := range seen {
			kind, name := policeKind(at.name)
			switch kind {
			case index.KindStreet:
				streets = append(streets, index.StreetPoint{Name: name, Point: at.p})
			default:
				others = append(others, index.Entry{
					ID:    pointID(kind, name, at.p),
					Kind:  kind,
					Name:  name,
					Point: at.p,
				})
			}
		}
		entries := index.MergeStreets(streets, index.StreetChainM)
		for i := range entries {
			entries[i].Name, entries[i].Aliases = cutBracket(entries[i].Name)
		}
		slices.SortFunc(others, compareEntries)
		entries = append(entries, slices.CompactFunc(others, func(a, b index.Entry) bool { return a.ID == b.ID })...)
		label := s.label()
		ids := map[string]int{}
		for _, e := range entries {
			e.Source = label
			e.ID = numbered(ids, e.ID)
			if !yield(e, nil) {
				return
			}
		}
	}
}

// policeRow returns the mended name and the point of a row.
func policeRow(r row, f plainRow) (string, orb.Point, error) {
	name, ok := strings.CutPrefix(f.get("location"), "On or near ")
	if name = mendCase(strings.TrimSpace(name)); !ok || name == "" {
		return "", orb.Point{}, leave("no location")
	}
	if f.get("latitude") == "" && f.get("longitude") == "" {
		return "", orb.Point{}, leave("no coordinates")
	}
	p, ok := parseDegrees(f.get("latitude"), f.get("longitude"))
	if !ok {
		return "", orb.Point{}, r.refuse("Longitude, Latitude", "not a longitude and latitude in degrees")
	}
	if kindOnly[strings.ToLower(name)] || strings.Contains(name, "/") {
		return "", orb.Point{}, leave("place of interest without a name")
	}
	if f.get("falls within") == transportPolice {
		name = stationName(name)
	}
	return name, p, r.check(&index.Entry{Kind: index.KindStreet, Name: name, Point: p})
}

// kindOnly are the places of interest that data.police.uk names by their kind
// alone. Those with a slash ("Bus/Coach Station") need no list.
var kindOnly = map[string]bool{
	"airport": true, "ambulance station": true, "bus station": true, "cinema": true,
	"conference centre": true, "docks": true, "ferry terminal": true, "fire station": true,
	"football ground": true, "golf course": true, "hospital": true, "leisure centre": true,
	"motorway service area": true, "museum": true, "nightclub": true, "parking area": true,
	"pedestrian subway": true, "petrol station": true, "police station": true, "prison": true,
	"race track": true, "railway station": true, "service station": true, "shopping area": true,
	"shopping centre": true, "sports ground": true, "supermarket": true, "theatre": true,
	"train station": true, "zoo": true,
}

var (
	roadNumber = regexp.MustCompile(`^(?i)([ABM]\d{1,4})( ?\(M\))?$`)
	stop       = regexp.MustCompile(`(?i)^(.+?) \((?:lu |dlr |metro |tram |rail |railway )?(station|stop|halt|depot)\)$`)
	landmark   = regexp.MustCompile(`(?i)( (hq|headquarters|beat base|section box|police office|services|shopping (centre|park|mall)|(retail|business|industrial|leisure|science|theme) park|(leisure|sports|visitor|conference) centre|(football|cricket|sports) ground|station)$|^hm(p|yoi) )`)
	building   = regexp.MustCompile(`(?i)\b(hospital|infirmary|hospice|prison|stadium|arena|airport|university|college|racecourse|police)\b`)
	sCase      = regexp.MustCompile(`['’]S\b`)
)

// mendCase undoes the source's casing of "'S" and of HMP.
func mendCase(name string) string {
	name = sCase.ReplaceAllString(name, "'s")
	if rest, ok := strings.CutPrefix(name, "Hmp "); ok {
		name = "HMP " + rest
	}
	return name
}

// policeKind tells a numbered road and a named place of interest from a street by
// what the name says: a station, a hospital, a prison, a shopping centre.
func policeKind(name string) (index.Kind, string) {
	switch {
	case roadNumber.MatchString(name):
		return index.KindRoad, strings.ToUpper(strings.ReplaceAll(name, " ", ""))
	case stop.MatchString(name):
		return index.KindLandmark, stop.ReplaceAllString(name, "$1 $2")
	case landmark.MatchString(name), building.MatchString(name) && !address.EndsInStreetType(name):
		return index.KindLandmark, name
	}
	return index.KindStreet, name
}

// transportPolice writes stations where other forces write streets.
const transportPolice = "British Transport Police"

// stationName returns the name of a station of the transport police, which may
// stand as the town's alone: "Thetford".
func stationName(name string) string {
	if kind, name := policeKind(name); kind != index.KindStreet || address.EndsInStreetType(name) {
		return name
	}
	return name + " Station"
}

var bracket = regexp.MustCompile(`^(.+?) \(([^()]+)\)$`)

// cutBracket gives a name with a remark in brackets its shorter forms as
// aliases: "Beach Road (Coast Road)" is either, "West Drove (South)" is West
// Drove and West Drove South.
func cutBracket(name string) (string, []string) {
	m := bracket.FindStringSubmatch(name)
	if m == nil {
		return name, nil
	}
	switch strings.ToLower(m[2]) {
	case "north", "south", "east", "west", "part", "upper", "lower":
		return name, []string{m[1], m[1] + " " + m[2]}
	}
	return name, []string{m[1], m[2]}
}

// pointID names an entry by its kind, name and position to three decimals, so
// that a point redrawn some metres off mostly keeps its ID.
func pointID(kind index.Kind, name string, p orb.Point) string {
	return slug(kind.String(), name) + "@" + strconv.FormatFloat(p.Lat(), 'f', 3, 64) + "," + strconv.FormatFloat(p.Lon(), 'f', 3, 64)
}
