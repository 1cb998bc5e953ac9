package gazetteer

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/index"
)

// lite writes an SQLite file by the statements.
func lite(t *testing.T, name string, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return path
}

// shape is a geometry as a GeoPackage holds it, in SQL: a point or a line by the
// number of its points, with heights or without, behind an envelope of its own or
// none.
func shape(heights, envelope bool, points ...orb.Point) string {
	b := []byte{'G', 'P', 0, 1, 0x34, 0x6c, 0, 0}
	put := func(v float64) { b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v)) }
	if envelope {
		b[3] |= 1 << 1
		for range 4 {
			put(0)
		}
	}
	kind := uint32(1)
	if len(points) > 1 {
		kind = 2
	}
	if heights {
		kind += 1000
	}
	b = binary.LittleEndian.AppendUint32(append(b, 1), kind)
	if len(points) > 1 {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(points)))
	}
	for _, p := range points {
		put(p[0])
		put(p[1])
		if heights {
			put(31.5)
		}
	}
	return fmt.Sprintf("x'%x'", b)
}

// The GeoPackage of OS Open Names gives what its CSV gives, as its releases spell the
// layer, and where only the geometry says the position.
func TestOpenNamesGeoPackage(t *testing.T) {
	at := namesHeader(openNamesColumns)
	for _, tt := range []struct{ name, layer, spelt, position string }{
		{"now", "named_place", "lower", "columns"},
		{"before 2024", "NamedPlace", "upper", "columns"},
		{"geometry alone", "named_place", "lower", "geometry"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var columns, kept []string
			var index []int
			for i, c := range openNamesColumns {
				if tt.position == "geometry" && (i == at.x || i == at.y) {
					continue
				}
				if tt.spelt == "lower" {
					c = strings.ToLower(c)
				}
				columns, kept, index = append(columns, c+" TEXT"), append(kept, c), append(index, i)
			}
			geometry := map[string]string{"lower": "geometry", "upper": "geom"}[tt.spelt]
			statements := []string{fmt.Sprintf("CREATE TABLE %s (fid INTEGER PRIMARY KEY, %s BLOB, %s)", tt.layer, geometry, strings.Join(columns, ", "))}
			for line := range strings.Lines(openNamesTile) {
				f := strings.Split(strings.TrimSpace(line), ",")
				var e, n float64
				fmt.Sscan(f[at.x], &e)
				fmt.Sscan(f[at.y], &n)
				var values []string
				for _, i := range index {
					values = append(values, "'"+strings.ReplaceAll(f[i], "'", "''")+"'")
				}
				statements = append(statements, fmt.Sprintf("INSERT INTO %s (%s, %s) VALUES (%s, %s)", tt.layer, geometry, strings.Join(kept, ", "), shape(false, true, orb.Point{e, n}), strings.Join(values, ", ")))
			}
			s, r := readOne(t, lite(t, "opname_gb.gpkg", statements...))
			if diff := cmp.Diff(openNamesWant(), r.entries, near); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if s.Source.Name != "OS Open Names" || len(r.refused) != 0 {
				t.Errorf("source %q, refused %v", s.Source.Name, r.refused)
			}
		})
	}
}

// roadLinks are the columns of OS Open Roads that are read, and one that is not.
const roadLinks = "CREATE TABLE road_link (fid INTEGER PRIMARY KEY, geometry BLOB, id TEXT, fictitious BOOLEAN, road_classification TEXT, road_function TEXT, road_classification_number TEXT, name_1 TEXT, name_2 TEXT, trunk_road BOOLEAN)"

func roadLink(shape, fictitious, class, function, number, name, other, trunk string) string {
	return fmt.Sprintf("INSERT INTO road_link (geometry, fictitious, road_classification, road_function, road_classification_number, name_1, name_2, trunk_road) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", shape, fictitious, class, function, number, name, other, trunk)
}

// Links of one name that meet are one street, a link has a name and a number, and
// what is no road on the ground is none.
func TestOpenRoads(t *testing.T) {
	a, b, c := orb.Point{600000, 313000}, orb.Point{600300, 313000}, orb.Point{600300, 313200}
	far := orb.Point{620000, 310000}
	path := lite(t, "oproad_gb.gpkg", roadLinks,
		roadLink(shape(false, true, a, orb.Point{600150, 313000.4}, b), "0", "'A Road'", "'A Road'", "'A47'", "'Alpha Lane'", "'Lôn Alffa'", "1"),
		roadLink(shape(true, false, b, c), "0", "'Unclassified'", "'Local Road'", "NULL", "'Alpha Lane'", "NULL", "0"),
		roadLink(shape(false, false, far, orb.Point{620100, 310000}), "0", "'Unclassified'", "'Local Road'", "''", "'Alpha Lane'", "''", "0"),
		roadLink(shape(false, false, a, c), "1", "'Unclassified'", "'Local Road'", "NULL", "'Beta Lane'", "NULL", "0"),
		roadLink(shape(false, false, a, c), "0", "'Unknown'", "'Local Road'", "NULL", "NULL", "NULL", "0"),
		roadLink("x'47500001'", "0", "'Unclassified'", "'Local Road'", "NULL", "'Gamma Lane'", "NULL", "0"),
		roadLink(shape(false, false, a, orb.Point{-5, 3}), "0", "'Unclassified'", "'Local Road'", "NULL", "'Delta Lane'", "NULL", "0"),
		"CREATE TABLE road_node (fid INTEGER PRIMARY KEY, geometry BLOB)",
	)
	s, r := readOne(t, path)
	var got []string
	for _, e := range r.entries {
		got = append(got, fmt.Sprint(e.Kind, " ", e.Name, " ", strings.Join(e.Aliases, "/")))
	}
	// The lane and the road are cut where squares meet.
	got = slices.Compact(got)
	want := []string{"street Alpha Lane ", "street Alpha Lane Lôn Alffa", "road A47 "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"not a road on the ground": 1, "a road without a name": 1}, r.left); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	if want := []string{"oproad_gb.gpkg:6: geometry: not a line", "oproad_gb.gpkg:7: geometry: no position on the National Grid"}; !slices.Equal(want, r.refused) {
		t.Errorf("refused %v", r.refused)
	}
	bend, err := geo.FromGrid(b[0], b[1])
	if err != nil {
		t.Fatal(err)
	}
	there := slices.ContainsFunc(r.entries, func(e index.Entry) bool {
		return e.Kind == index.KindStreet && len(e.Aliases) > 0 && geo.Distance(e.Point, bend) <= e.ExtentM+1
	})
	if !there {
		t.Error("no piece of the long Alpha Lane reaches its bend")
	}
	var lines []data.Line
	for l := range s.Lines() {
		lines = append(lines, l)
	}
	if len(lines) != 3 || lines[0].Class != data.ClassTrunk || lines[0].Name != "Alpha Lane" || lines[0].Number != "A47" || len(lines[0].Points) != 2 {
		t.Errorf("lines %v", lines)
	}
}

// What is no gazetteer among such files is named, and one that is packed, broken or
// still open elsewhere is told how to come right.
func TestGeoPackageIsNamed(t *testing.T) {
	good := lite(t, "opname_gb.gpkg", "CREATE TABLE named_place (id TEXT, name1 TEXT)")
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	writing := lite(t, "oproad_gb.gpkg", roadLinks)
	if err := os.WriteFile(writing+"-wal", []byte("frames"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, path, msg, hint string }{
		{"another layer", lite(t, "other.gpkg", "CREATE TABLE buildings (id TEXT)"), "is a GeoPackage or another SQLite file, of which no layer is read", "OS Open Roads"},
		{"a view", lite(t, "view.gpkg", "CREATE VIEW named_place AS SELECT 1 AS id"), "of which no layer is read", ""},
		{"numbers of streets", lite(t, "osopenusrn.gpkg", "CREATE TABLE openUSRN (usrn INTEGER, geometry BLOB)"), "is OS Open USRN, which has numbers of streets and no names", "OS Open Names"},
		{"packed", writeFile(t, t.TempDir(), "opname_gpkg_gb.zip", zipped(t, map[string]string{"Data/opname_gb.gpkg": string(content)})), "is a GeoPackage that is still packed", "unpack it"},
		{"broken", writeFile(t, t.TempDir(), "cut.gpkg", "SQLite format 3\x00"+strings.Repeat("\xff", 4096)), "cut.gpkg is broken or cut off", "download it again"},
		{"open elsewhere", writing, "is open in another program", "close it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files, err := Open([]string{tt.path}, DefaultOptions())
			if err == nil {
				files.Close()
				t.Fatal("taken for a gazetteer")
			}
			var user *data.UserError
			if !errors.As(err, &user) || !strings.Contains(user.Msg, tt.msg) || !strings.Contains(user.Hint, tt.hint) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A GeoPackage that breaks off is an error and not a short gazetteer.
func TestGeoPackageCutOff(t *testing.T) {
	statements := []string{roadLinks}
	for i := range 2000 {
		y := float64(300000 + i)
		statements = append(statements, roadLink(shape(false, false, orb.Point{600000, y}, orb.Point{600100, y}), "0", "'Unclassified'", "'Local Road'", "NULL", "'Alpha Lane'", "NULL", "0"))
	}
	content, err := os.ReadFile(lite(t, "oproad_gb.gpkg", "BEGIN", strings.Join(statements, ";"), "COMMIT"))
	if err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, t.TempDir(), "oproad_gb.gpkg", string(content[:len(content)/2]))
	files, err := Open([]string{path}, DefaultOptions())
	if err == nil {
		defer files.Close()
		err = readSet(files.Sets[0]).err
	}
	var user *data.UserError
	if !errors.As(err, &user) || user.Msg != "oproad_gb.gpkg is broken or cut off" {
		t.Errorf("%v", err)
	}
}
