package gazetteer

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
	"spreewatch/geo/locate"
	"spreewatch/geo/oracle"
)

// near compares metres to the metre and degrees to 1e-5, about a metre.
var near = cmp.Options{
	cmp.Comparer(func(a, b orb.Point) bool { return math.Abs(a[0]-b[0]) < 1e-5 && math.Abs(a[1]-b[1]) < 1e-5 }),
	cmpopts.EquateApprox(0, 1),
	cmpopts.IgnoreFields(index.Entry{}, "Source"),
	cmpopts.EquateEmpty(),
}

func TestPlain(t *testing.T) {
	s, r := readOne(t, writeFile(t, t.TempDir(), "beats.csv", `kind,name,aliases,locality,outcode,number,extent_m,lat,lon,id
street,Alpha Lane,Alpha Loke; Old Road ,Betaham,nr99,,250,52.5,1.1,a1
Street,Alpha Lane,,Betaham,,,,52.6,1.1,
street,Alpha Lane,,Betaham,,,,52.7,1.1,
address,Alpha Lane,,Betaham,,12b,,52.5,1.1,
landmark,"Jubilee Hall, rear",,,,,,52.5,1.1,
castle,Gamma Keep,,,,,,52.5,1.1,
street,,,,,,,52.5,1.1,
street,Delta Road,,,,,,95,1.1,
street,Delta Road,,,,,,,,
street,Delta Road,,,,,-5,52.5,1.1,
address,Delta Road,,,,,,52.5,1.1,
street,"Delta Road,,,,,,52.5,1.1,
`))
	want := []index.Entry{
		{ID: "a1", Kind: index.KindStreet, Name: "Alpha Lane", Aliases: []string{"Alpha Loke", "Old Road"}, Locality: "Betaham", Outcode: "NR99", Point: orb.Point{1.1, 52.5}, ExtentM: 250},
		{ID: "street-alpha-lane-betaham", Kind: index.KindStreet, Name: "Alpha Lane", Locality: "Betaham", Point: orb.Point{1.1, 52.6}},
		{ID: "street-alpha-lane-betaham-2", Kind: index.KindStreet, Name: "Alpha Lane", Locality: "Betaham", Point: orb.Point{1.1, 52.7}},
		{ID: "address-alpha-lane-12b-betaham", Kind: index.KindAddress, Name: "Alpha Lane", Number: "12b", Locality: "Betaham", Point: orb.Point{1.1, 52.5}},
		{ID: "landmark-jubilee-hall-rear", Kind: index.KindLandmark, Name: "Jubilee Hall, rear", Point: orb.Point{1.1, 52.5}},
	}
	if diff := cmp.Diff(want, r.entries, near); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	wantRefused := []string{
		"beats.csv:7: kind: not one of street, road, place, postcode, outcode, landmark, address",
		"beats.csv:8: no name",
		"beats.csv:9: lat, lon: not a latitude and longitude in degrees",
		"beats.csv:10: lat, lon: empty",
		"beats.csv:11: extent_m: not a number of metres from 0 to 1000000",
		"beats.csv:12: address without a number",
		"beats.csv:13: a quotation mark is opened and never closed",
	}
	if diff := cmp.Diff(wantRefused, r.refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if s.Source.Name != "beats" {
		t.Errorf("source %q, want beats", s.Source.Name)
	}
}

func policeRows(rows ...string) string {
	out := strings.SplitAfter(policeText, "\n")[0]
	for _, row := range rows {
		f := strings.Split(row, "|") // latitude, longitude, location
		out += ",2024-02,Exshire Police,Exshire Police," + f[1] + "," + f[0] + "," + f[2] + ",E01,Exshire 001A,Burglary,,\n"
	}
	return out
}

func TestPolice(t *testing.T) {
	_, r := readOne(t, writeFile(t, t.TempDir(), "2024-02-exshire-street.csv", policeRows(
		"52.50000|1.10000|On or near King'S Lynn Road",
		"52.50000|1.10000|On or near King'S Lynn Road",
		"52.50100|1.10000|On or near King'S Lynn Road", // 111 m on: the same street
		"52.60000|1.10000|On or near King'S Lynn Road", // 11 km on: another
		"52.50000|1.10000|On or near A9",
		"52.50100|1.10000|On or near A9",
		"52.50000|1.20000|On or near Supermarket",
		"52.50000|1.20000|On or near Bus/Coach Station",
		"52.50000|1.20000|On or near Betaham Police Station",
		"52.50000|1.20000|On or near Hmp Betaham",
		"52.50000|1.20000|On or near West Drove (South)",
		"52.50000|1.20000|On or near Beach Road (Coast Road)",
		"||No Location",
		"||On or near Alpha Lane",
		"95|1.2|On or near Alpha Lane",
		"0|0|On or near Alpha Lane",
	)))
	want := []index.Entry{
		{ID: "beach-road-coast-road@52.5,1.2", Kind: index.KindStreet, Name: "Beach Road (Coast Road)", Aliases: []string{"Beach Road", "Coast Road"}, Point: orb.Point{1.2, 52.5}},
		{ID: "kings-lynn-road@52.5,1.1", Kind: index.KindStreet, Name: "King's Lynn Road", Point: orb.Point{1.1, 52.5}, ExtentM: 111.2},
		{ID: "kings-lynn-road@52.6,1.1", Kind: index.KindStreet, Name: "King's Lynn Road", Point: orb.Point{1.1, 52.6}},
		{ID: "west-drove-south@52.5,1.2", Kind: index.KindStreet, Name: "West Drove (South)", Aliases: []string{"West Drove", "West Drove South"}, Point: orb.Point{1.2, 52.5}},
		{ID: "landmark-betaham-police-station@52.500,1.200", Kind: index.KindLandmark, Name: "Betaham Police Station", Point: orb.Point{1.2, 52.5}},
		{ID: "landmark-hmp-betaham@52.500,1.200", Kind: index.KindLandmark, Name: "HMP Betaham", Point: orb.Point{1.2, 52.5}},
		{ID: "road-a9@52.500,1.100", Kind: index.KindRoad, Name: "A9", Point: orb.Point{1.1, 52.5}},
		{ID: "road-a9@52.501,1.100", Kind: index.KindRoad, Name: "A9", Point: orb.Point{1.1, 52.501}},
	}
	if diff := cmp.Diff(want, r.entries, near); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	wantLeft := map[string]int{"place of interest without a name": 2, "no location": 1, "no coordinates": 1}
	if diff := cmp.Diff(wantLeft, r.left); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	wantRefused := []string{
		"2024-02-exshire-street.csv:16: Longitude, Latitude: not a longitude and latitude in degrees",
		"2024-02-exshire-street.csv:17: Longitude, Latitude: not a longitude and latitude in degrees",
	}
	if diff := cmp.Diff(wantRefused, r.refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

func TestPostal(t *testing.T) {
	row := func(code, name, lat, lon, accuracy string) string {
		return strings.Join([]string{"GB", code, name, "England", "ENG", "", "", "", "", lat, lon, accuracy}, "\t") + "\n"
	}
	_, r := readOne(t, writeFile(t, t.TempDir(), "GB.txt",
		row("NR98", "Betaham", "52.50", "1.10", "4")+
			row("NR99", "Betaham", "52.50", "1.10", "4")+ // one place, two districts
			row("NR99", "Gamma End", "52.59", "1.10", "4")+
			row("NR99", "Little Delta", "52.50", "1.20", "3")+ // somewhere in NR99
			row("NR97", "Betaham", "53.50", "1.10", "4")+ // its namesake 111 km north
			row("NR99 1AA", "Betaham", "52.50", "1.10", "6")+
			row("NR99", "Epsilon", "", "", "4")+
			"GB\tNR99\n"))
	want := []index.Entry{
		{ID: "NR99 1AA", Kind: index.KindPostcode, Name: "NR99 1AA", Locality: "Betaham", Outcode: "NR99", Point: orb.Point{1.1, 52.5}},
		{ID: "outcode-nr97", Kind: index.KindOutcode, Name: "NR97", Outcode: "NR97", Point: orb.Point{1.1, 53.5}, ExtentM: 2000},
		{ID: "outcode-nr98", Kind: index.KindOutcode, Name: "NR98", Outcode: "NR98", Point: orb.Point{1.1, 52.5}, ExtentM: 2000},
		// Mean of 52.50 (twice: the postcode counts too) and 52.59; 0.06 degrees to the farthest.
		{ID: "outcode-nr99", Kind: index.KindOutcode, Name: "NR99", Outcode: "NR99", Point: orb.Point{1.1, 52.53}, ExtentM: 6672},
		{ID: "place-betaham@52.500,1.100", Kind: index.KindPlace, Name: "Betaham", Point: orb.Point{1.1, 52.5}},
		{ID: "place-betaham@53.500,1.100", Kind: index.KindPlace, Name: "Betaham", Outcode: "NR97", Point: orb.Point{1.1, 53.5}},
		{ID: "place-gamma-end@52.590,1.100", Kind: index.KindPlace, Name: "Gamma End", Outcode: "NR99", Point: orb.Point{1.1, 52.59}},
		// To Gamma End: 0.09 degrees north and 0.1 west at 52.5 N.
		{ID: "place-little-delta@52.500,1.200", Kind: index.KindPlace, Name: "Little Delta", Outcode: "NR99", Point: orb.Point{1.2, 52.5}, ErrorM: 12078},
	}
	if diff := cmp.Diff(want, r.entries, near); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"GB.txt:7: latitude, longitude: no coordinates", "GB.txt:8: not 12 columns"}, r.refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

func TestGeoNamesDump(t *testing.T) {
	row := func(id, name, alternates, class, code, admin string) string {
		return strings.Join([]string{id, name, name, alternates, "52.5", "1.1", class, code, "GB", "", admin, "", "", "", "0", "", "30", "Europe/London", "2020-01-01"}, "\t") + "\n"
	}
	_, r := readOne(t, writeFile(t, t.TempDir(), "GB.txt",
		row("10", "East Betaham", "Betaham,BTH,Бетахам,Betahamia,East Betaham,http://example.org/Betaham", "P", "PPL", "ENG")+
			row("11", "Gammaff", "Caergamma,GMF", "P", "PPLA", "WLS")+
			row("12", "Lost Delta", "", "P", "PPLQ", "ENG")+
			row("13", "Epsilon Street", "", "R", "ST", "ENG")+
			row("14", "A9", "", "R", "RD", "ENG")+
			row("15", "River Zeta", "", "H", "STM", "ENG")+
			row("10", "East Betaham", "", "P", "PPL", "ENG")))
	want := []index.Entry{
		{ID: "10", Kind: index.KindPlace, Name: "East Betaham", Aliases: []string{"Betaham"}, Point: orb.Point{1.1, 52.5}},
		{ID: "11", Kind: index.KindPlace, Name: "Gammaff", Aliases: []string{"Caergamma"}, Point: orb.Point{1.1, 52.5}},
		{ID: "13", Kind: index.KindStreet, Name: "Epsilon Street", Point: orb.Point{1.1, 52.5}},
		{ID: "14", Kind: index.KindRoad, Name: "A9", Point: orb.Point{1.1, 52.5}},
		{ID: "10-2", Kind: index.KindPlace, Name: "East Betaham", Point: orb.Point{1.1, 52.5}},
	}
	if diff := cmp.Diff(want, r.entries, near); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"neither settlement nor road": 2}, r.left); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
}

// Position of NR1 1AA by OSTN15: 52.626676, 1.309289 (Code-Point Open 2014, in
// the shared norfolk_postcodes.csv). The Helmert transform is within 3.6 m.
func TestCodePoint(t *testing.T) {
	row := func(code, quality, e, n string) string {
		return `"` + code + `",` + quality + "," + e + "," + n + `,"E92000001","E19000001","E18000006","E10000020","E07000148","E05005886"` + "\n"
	}
	_, r := readOne(t, writeFile(t, t.TempDir(), "nr.csv",
		row("NR1 1AA", "10", "624068", "308352")+
			row("NR1 1AR", "10", "623387", "308602")+
			row("NR1 1AR", "10", "623387", "308602")+
			row("NR1 9ZZ", "90", "0", "0")+
			row("NR1 9ZY", "60", "624068", "308352")+
			row("NR1 9ZX", "10", "0", "0")+
			row("NR1", "10", "624068", "308352")))
	if diff := cmp.Diff([]string{"postcode NR1 1AA", "postcode NR1 1AR", "outcode NR1"}, names(r.entries)); diff != "" {
		t.Fatalf("entries (-want +got):\n%s", diff)
	}
	if d := geo.Distance(r.entries[0].Point, orb.Point{1.309289, 52.626676}); d > 3.6 {
		t.Errorf("NR1 1AA lies %.1f m from where it is", d)
	}
	// 681 m and 250 m apart, so each 362.7 m from their middle; the sphere makes
	// that 0.3 % less.
	if o := r.entries[2]; math.Abs(o.ExtentM-362.7) > 1.5 || r.entries[1].Outcode != "NR1" {
		t.Errorf("outcode reaches %.1f m, want 362.7", o.ExtentM)
	}
	if diff := cmp.Diff(map[string]int{"postcode there already": 1, "the point is not the postcode's own": 2}, r.left); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	want := []string{"nr.csv:6: easting, northing: no position on the National Grid", "nr.csv:7: postcode: not a postcode"}
	if diff := cmp.Diff(want, r.refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

// openNamesRow writes a row by column name.
func openNamesRow(values map[string]string) string {
	row := make([]string, len(openNamesColumns))
	for name, v := range values {
		i := slices.Index(openNamesColumns, name)
		if i < 0 {
			panic("no column " + name)
		}
		row[i] = v
	}
	return strings.Join(row, ",") + "\n"
}

var openNamesTile = openNamesRow(map[string]string{
	"ID": "osgb4000000000000001", "NAME1": "Betaham", "NAME2": "Trefbeta", "TYPE": "populatedPlace", "LOCAL_TYPE": "Village",
	"GEOMETRY_X": "600000", "GEOMETRY_Y": "310000", "MBR_XMIN": "599700", "MBR_YMIN": "309600", "MBR_XMAX": "600100", "MBR_YMAX": "310200", "POSTCODE_DISTRICT": "NR99",
}) + openNamesRow(map[string]string{
	"ID": "osgb5000000000000001", "NAME1": "Alpha Lane", "TYPE": "transportNetwork", "LOCAL_TYPE": "Named Road",
	"GEOMETRY_X": "600050", "GEOMETRY_Y": "310000", "MBR_XMIN": "600000", "MBR_YMIN": "310000", "MBR_XMAX": "600100", "MBR_YMAX": "310000", "POSTCODE_DISTRICT": "NR99",
}) + openNamesRow(map[string]string{
	"ID": "ID_4e27cf36", "NAME1": "Alpha Lane", "TYPE": "transportNetwork", "LOCAL_TYPE": "Section Of Named Road", "POPULATED_PLACE": "Betaham/Trefbeta",
	"GEOMETRY_X": "600060", "GEOMETRY_Y": "310000", "MBR_XMIN": "600050", "MBR_YMIN": "310000", "MBR_XMAX": "600100", "MBR_YMAX": "310000", "POSTCODE_DISTRICT": "NR99",
	"RELATED_SPATIAL_OBJECT": "osgb5000000000000001",
}) + openNamesRow(map[string]string{
	"ID": "osgb5000000000000002", "NAME1": "A9", "TYPE": "transportNetwork", "LOCAL_TYPE": "Numbered Road",
	"GEOMETRY_X": "600000", "GEOMETRY_Y": "320000",
}) + openNamesRow(map[string]string{
	"ID": "ID_4e27cf37", "NAME1": "A9", "TYPE": "transportNetwork", "LOCAL_TYPE": "Section Of Numbered Road", "POPULATED_PLACE": "Betaham",
	"GEOMETRY_X": "600000", "GEOMETRY_Y": "310000", "RELATED_SPATIAL_OBJECT": "osgb5000000000000002",
}) + openNamesRow(map[string]string{
	"ID": "NR991AA", "NAME1": "NR99 1AA", "TYPE": "other", "LOCAL_TYPE": "Postcode", "GEOMETRY_X": "600000", "GEOMETRY_Y": "310000", "POPULATED_PLACE": "Betaham",
}) + openNamesRow(map[string]string{
	"ID": "osgb6000000000000001", "NAME1": "River Zeta", "TYPE": "hydrography", "LOCAL_TYPE": "Inland Water", "GEOMETRY_X": "600000", "GEOMETRY_Y": "310000",
})

func openNamesWant() []index.Entry {
	betaham, _ := geo.FromGrid(600000, 310000)
	off60, _ := geo.FromGrid(600060, 310000)
	off10k, _ := geo.FromGrid(600000, 320000)
	return []index.Entry{
		// 300 m west and 400 m south to the farthest corner of the box.
		{ID: "osgb4000000000000001", Kind: index.KindPlace, Name: "Betaham", Aliases: []string{"Trefbeta"}, Outcode: "NR99", Point: betaham, ExtentM: 500},
		{ID: "osgb5000000000000001/betaham", Kind: index.KindStreet, Name: "Alpha Lane", Locality: "Betaham", Outcode: "NR99", Point: off60, ExtentM: 40},
		{ID: "osgb5000000000000002/betaham", Kind: index.KindRoad, Name: "A9", Locality: "Betaham", Point: betaham},
		{ID: "NR991AA", Kind: index.KindPostcode, Name: "NR99 1AA", Outcode: "NR99", Point: betaham},
		// The whole of Alpha Lane is left to its section 10 m off; that of the A9,
		// 10 km from its section, is not.
		{ID: "osgb5000000000000002", Kind: index.KindRoad, Name: "A9", Point: off10k},
		{ID: "outcode-nr99", Kind: index.KindOutcode, Name: "NR99", Outcode: "NR99", Point: betaham},
	}
}

func TestOpenNames(t *testing.T) {
	header := strings.Join(openNamesColumns, ",") + "\r\n"
	// The columns the other way round, to see that the header is obeyed.
	reversed := func(text string) string {
		var out []string
		for line := range strings.Lines(text) {
			f := strings.Split(strings.TrimSpace(line), ",")
			slices.Reverse(f)
			out = append(out, strings.Join(f, ","))
		}
		return strings.Join(out, "\n") + "\n"
	}
	first := strings.SplitAfter(openNamesTile, "\n")
	tests := []struct {
		name  string
		files map[string]string
	}{
		{"zip as published", map[string]string{
			"Data/TG01.csv": strings.Join(first[:3], ""), "Data/TG02.csv": strings.Join(first[3:], ""),
			"Doc/OS_Open_Names_Header.csv": "\ufeff" + header, "Doc/licence.txt": "Open Government Licence",
		}},
		{"capital folders, header last", map[string]string{"DATA/TG01.csv": openNamesTile, "ZDOC/OS_OPEN_NAMES_HEADER.CSV": header}},
		{"no header", map[string]string{"TG01.csv": openNamesTile}},
		{"header at the top of the data", map[string]string{"all.csv": header + openNamesTile}},
		{"byte-order mark on the tile", map[string]string{"TG01.csv": "\ufeff" + openNamesTile}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, r := readOne(t, writeFile(t, t.TempDir(), "opname_csv_gb.zip", zipped(t, tt.files)))
			if diff := cmp.Diff(openNamesWant(), r.entries, near); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(map[string]int{"neither settlement, road nor postcode": 1}, r.left); diff != "" {
				t.Errorf("left out (-want +got):\n%s", diff)
			}
			if s.Source.Release != "2024-10-03" { // the date that zipped gives its files
				t.Errorf("release %q", s.Source.Release)
			}
		})
	}
	t.Run("columns reversed", func(t *testing.T) {
		dir := t.TempDir()
		writeFile(t, dir, "Doc/OS_Open_Names_Header.csv", reversed(header))
		writeFile(t, dir, "Data/TG01.csv", reversed(openNamesTile))
		files, err := Open([]string{dir}, DefaultOptions())
		if err == nil {
			files.Close()
			t.Error("a header that does not start with ID is taken for one")
		}
	})
	t.Run("a column more", func(t *testing.T) {
		more := strings.ReplaceAll(header+openNamesTile, ",\n", ",,x\n")
		more = strings.Replace(more, "\r\n", ",EXTRA\n", 1)
		more = strings.ReplaceAll(more, "osgb5000000000000001\n", "osgb5000000000000001,x\n")
		_, r := readOne(t, writeFile(t, t.TempDir(), "all.csv", more))
		if len(r.entries) == 0 {
			t.Errorf("no entries; refused %v", r.refused)
		}
	})
	t.Run("release from the metadata beside it", func(t *testing.T) {
		s, _ := readOne(t, writeFile(t, t.TempDir(), "x.zip", zipped(t, map[string]string{
			"Data/CSV/nr.csv": codeText, "Doc/metadata.txt": "PRODUCT: OS Code-Point Open\nCOPYRIGHT DATE: 20240507\n",
		})))
		if s.Source.Release != "2024-05-07" {
			t.Errorf("release %q, want 2024-05-07", s.Source.Release)
		}
	})
}

func TestOSM(t *testing.T) {
	s, r := readOne(t, writeFile(t, t.TempDir(), "exshire-latest.osm.pbf", pbfFile(t)))
	want := []index.Entry{
		{ID: "node-8", Kind: index.KindPlace, Name: "Betaham", Aliases: []string{"Great Betaham"}, Point: orb.Point{1.101, 52.5005}},
		{ID: "node-9", Kind: index.KindLandmark, Name: "Gamma Cross", Point: orb.Point{1.2, 52.53}},
		// Three nodes 111 m apart: the middle one, and 111 m to either end.
		{ID: "alpha-lane@52.5,1.1", Kind: index.KindStreet, Name: "Alpha Lane", Aliases: []string{"Alpha Loke"}, Point: orb.Point{1.1, 52.501}, ExtentM: 111.2},
		{ID: "alpha-lane@52.68,1.1", Kind: index.KindStreet, Name: "Alpha Lane", Point: orb.Point{1.1, 52.68}, ExtentM: 111.2},
		// 445 m straight between two nodes: a point is put half-way.
		{ID: "epsilon-way@52.5,1.2", Kind: index.KindStreet, Name: "Epsilon Way", Point: orb.Point{1.2, 52.502}, ExtentM: 222.4},
		// The same of the A9, and as much again across the edge of a square at 52.52.
		{ID: "road-a9@52.50,1.20", Kind: index.KindRoad, Name: "A9", Point: orb.Point{1.2, 52.504}, ExtentM: 1667.9},
		{ID: "road-a9@52.52,1.20", Kind: index.KindRoad, Name: "A9", Point: orb.Point{1.2, 52.521}},
		{ID: "road-b99@52.50,1.20", Kind: index.KindRoad, Name: "B99", Point: orb.Point{1.2, 52.502}, ExtentM: 222.4},
	}
	if diff := cmp.Diff(want, r.entries, near); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if s.Source.Name != "OpenStreetMap exshire-latest" || s.Source.Release != "2024-05-06" {
		t.Errorf("source %q, release %q", s.Source.Name, s.Source.Release)
	}
}

// Nine months of Norfolk: the streets that the bulletin names, each once within 300
// m of where it is.
func TestPoliceNorfolk(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(oracle.Dir(t), "data", "police_norfolk", "20??-??-norfolk-street.csv"))
	if err != nil || len(paths) != 9 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	s, r := readOne(t, paths...)
	if s.Source.Name != "data.police.uk Norfolk Constabulary" || s.Source.Release != "2024-04" {
		t.Errorf("source %q, release %q", s.Source.Name, s.Source.Release)
	}
	// awk -F, over the Location column: 52,897 rows, of which 1,281 say "No Location".
	if r.left["no location"] != 1281 || len(r.refused) != 0 {
		t.Errorf("left out %v, refused %d", r.left, len(r.refused))
	}
	for name, at := range map[string]orb.Point{
		"Beeston Lane": {0.807368, 52.689265}, "St Andrew's Close": {0.790113, 52.634034}, "Mill Street": {1.034762, 52.717193},
		"Norwich Road": {0.971254, 52.681167}, "Shipdham Road": {0.939659, 52.662142}, "Neville Close": {0.948117, 52.663679},
	} {
		n := 0
		for _, e := range r.entries {
			if e.Name == name && geo.Distance(e.Point, at) < 300 {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: %d entries within 300 m, want 1", name, n)
		}
	}
	for _, e := range r.entries {
		if e.Kind == index.KindStreet && (strings.HasSuffix(e.Name, "Police Station") || strings.Contains(e.Name, "'S") || kindOnly[strings.ToLower(e.Name)]) {
			t.Errorf("%q is taken for a street", e.Name)
		}
	}
}

// People say Dereham; GeoNames lists East Dereham, and West Dereham 34 km off.
func TestEverydayNames(t *testing.T) {
	row := func(code, name, lat, lon string) string {
		return strings.Join([]string{"GB", code, name, "England", "ENG", "", "", "", "", lat, lon, "4"}, "\t") + "\n"
	}
	_, r := readOne(t, writeFile(t, t.TempDir(), "GB.txt", row("NR19", "East Dereham", "52.6833", "0.9333")+row("PE33", "West Dereham", "52.5815", "0.4480")+
		row("PE30", "King's Lynn", "52.7517", "0.3952")+row("ZZ1", "Kings Lynn", "53.7517", "0.3952")))
	got := map[string][]string{}
	for _, e := range r.entries {
		if e.Kind == index.KindPlace {
			got[e.Name] = e.Aliases
		}
	}
	want := map[string][]string{"East Dereham": {"Dereham"}, "West Dereham": nil, "King's Lynn": {"Lynn"}, "Kings Lynn": nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("aliases (-want +got):\n%s", diff)
	}
	if n := len(everydayNames()); n != 13 { // wc -l sample/everyday.csv, less the header
		t.Errorf("%d everyday names, want 13", n)
	}
}

// Points at 0, 0, swapped pairs, lost signs and strays are refused by name, the
// others of the file taken.
func TestPlainStrayPoints(t *testing.T) {
	path := writeFile(t, t.TempDir(), "strays.csv", `name,kind,lat,lon
Alder Lane,street,52.60,-1.00
Birch Lane,street,52.61,-1.01
Cedar Lane,street,52.62,-1.02
Null Lane,street,0,0
Swapped Lane,street,-1.00,52.63
Sign Lane,street,52.64,41.00
Far Lane,street,-33.90,151.20
`)
	_, r := readOne(t, path)
	if len(r.entries) != 3 {
		t.Errorf("%d entries, want the three that lie together", len(r.entries))
	}
	want := []string{
		"strays.csv:5: lat, lon: 0, 0 is no place on land",
		"strays.csv:6: lat, lon: latitude and longitude look swapped",
		"strays.csv:7: lat, lon: thousands of kilometres from the others",
		"strays.csv:8: lat, lon: thousands of kilometres from the others",
	}
	if diff := cmp.Diff(want, r.refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

// Stations, hospitals, prisons, police offices and shopping centres are landmarks
// by what their name says, streets are what ends in a street's type or in neither.
func TestPoliceKinds(t *testing.T) {
	for name, want := range map[string]index.Kind{
		"Larkfield (Station)": index.KindLandmark, "Larkfield (Lu Station)": index.KindLandmark, "Northgate Hospital": index.KindLandmark,
		"University Hospital Of Larkfield": index.KindLandmark, "Larkfield Prison": index.KindLandmark, "HMP Larkfield": index.KindLandmark,
		"Larkfield Police Hq": index.KindLandmark, "Mill Lane Police Office": index.KindLandmark, "The Arches Shopping Centre": index.KindLandmark,
		"Larkfield International Airport": index.KindLandmark, "Riverside Stadium": index.KindLandmark, "Swan Retail Park": index.KindLandmark,
		"Station Road": index.KindStreet, "Hospital Lane": index.KindStreet, "Old Prison Yard": index.KindStreet, "The Laurels": index.KindStreet,
		"Stadium Way": index.KindStreet, "University Drive": index.KindStreet, "Broadway": index.KindStreet, "A47": index.KindRoad,
	} {
		if kind, _ := policeKind(name); kind != want {
			t.Errorf("%s: a %s, want a %s", name, kind, want)
		}
	}
	for name, want := range map[string]string{"Larkfield": "Larkfield Station", "Larkfield (Station)": "Larkfield Station", "Station Road": "Station Road"} {
		if got := stationName(name); got != want {
			t.Errorf("of the transport police, %s: %s, want %s", name, got, want)
		}
	}
}

// Postcodes of the ONS directory, those that have ended among them; a row without
// a grid reference of its own is left out.
func TestONS(t *testing.T) {
	const text = `pcd,pcd2,pcds,dointr,doterm,oseast1m,osnrth1m,osgrdind,lat,long
"NR191AA","NR19 1AA","NR19 1AA","198001","","0598800","0313400","1",52.68,0.94
"NR191AB","NR19 1AB","NR19 1AB","198001","201512","0598900","0313500","1",52.68,0.94
"NR191AC","NR19 1AC","NR19 1AC","198001","","","","9",99.99,0.0
"XX","XX","XX","198001","","0598900","0313500","1",52.68,0.94
`
	s, r := readOne(t, writeFile(t, t.TempDir(), "ONSPD_MAY_2024_UK.csv", text))
	if s.Source.Format != "ONS postcode directory" {
		t.Errorf("format %q", s.Source.Format)
	}
	if diff := cmp.Diff([]string{"postcode NR19 1AA", "postcode NR19 1AB", "outcode NR19"}, names(r.entries)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ONSPD_MAY_2024_UK.csv:5: pcds: not a postcode"}, r.refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

// AddressBase gives buildings by number, and the streets that they stand in.
func TestAddressBase(t *testing.T) {
	for name, text := range map[string]string{
		"core": `UPRN,CLASSIFICATION_CODE,EASTING,NORTHING,LATITUDE,LONGITUDE,BUILDING_NAME,BUILDING_NUMBER,STREET_NAME,LOCALITY,TOWN_NAME,POSTCODE
1,RD04,598800.00,313400.00,52.6800,0.9400,,12,ALDER LANE,,DEREHAM,NR19 1AA
2,RD04,598810.00,313400.00,52.6801,0.9402,,14,ALDER LANE,,DEREHAM,NR19 1AA
3,RD04,598820.00,313400.00,52.6802,0.9404,THE BARN,,ALDER LANE,,DEREHAM,NR19 1AA
`,
		"plus": `UPRN,UDPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE,BUILDING_NUMBER,PAO_START_NUMBER,PAO_START_SUFFIX,PAO_END_NUMBER,STREET_DESCRIPTION,LOCALITY,TOWN_NAME,POSTCODE
1,9,598800,313400,52.6800,0.9400,,12,,,ALDER LANE,,DEREHAM,NR19 1AA
2,9,598810,313400,52.6801,0.9402,,14,,,ALDER LANE,,DEREHAM,NR19 1AA
3,9,598820,313400,52.6802,0.9404,,,,,ALDER LANE,,DEREHAM,NR19 1AA
`,
	} {
		s, r := readOne(t, writeFile(t, t.TempDir(), "ab.csv", text))
		if s.Source.Format != "AddressBase" || len(r.entries) != 3 || len(r.refused) != 0 {
			t.Fatalf("%s: %s with %d entries, refused %v", name, s.Source.Format, len(r.entries), r.refused)
		}
		want := index.Entry{ID: "1", Kind: index.KindAddress, Name: "Alder Lane", Number: "12", Locality: "Dereham", Outcode: "NR19", Point: orb.Point{0.94, 52.68}, Source: s.label()}
		if diff := cmp.Diff(want, r.entries[0]); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if e := r.entries[2]; e.Kind != index.KindStreet || e.Name != "Alder Lane" || e.Locality != "Dereham" {
			t.Errorf("%s: %+v, want the street", name, e)
		}
		x, err := index.New(slices.Values(r.entries))
		if err != nil {
			t.Fatal(err)
		}
		if m := locate.New(x).Match("14 Alder Lane, Dereham", locate.Context{}); m.Level != geo.LevelAddress || m.Point != (orb.Point{0.9402, 52.6801}) {
			t.Errorf("%s: %s at %v, want the building", name, m.Level, m.Point)
		}
	}
}
