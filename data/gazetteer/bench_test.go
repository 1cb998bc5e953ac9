package gazetteer

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/index"
	"spreewatch/geo/nation"
	"spreewatch/geo/oracle"
)

// nationSize is Great Britain, or a county with -short.
func nationSize() nation.Options {
	if testing.Short() {
		return nation.County()
	}
	return nation.GB()
}

// writeNation writes the entries as an OS Open Names zip: tiles of a hundred
// kilometres, 34 columns of about the usual width, the header in a file of its
// own.
func writeNation(b *testing.B, path string, entries iter.Seq[index.Entry]) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	header, err := z.Create("Doc/OS_Open_Names_Header.csv")
	if err != nil {
		b.Fatal(err)
	}
	io.WriteString(header, "\ufeff"+strings.Join(openNamesColumns, ",")+"\r\n")
	locals := map[index.Kind][2]string{
		index.KindPlace: {"populatedPlace", "Village"}, index.KindStreet: {"transportNetwork", "Section Of Named Road"}, index.KindPostcode: {"other", "Postcode"},
	}
	var w *bufio.Writer
	n := 0
	const uri = "http://data.ordnancesurvey.co.uk/id/"
	for e := range entries {
		if n%100_000 == 0 {
			if w != nil {
				w.Flush()
			}
			tile, err := z.Create(fmt.Sprintf("Data/T%03d.csv", n/100_000))
			if err != nil {
				b.Fatal(err)
			}
			w = bufio.NewWriter(tile)
		}
		n++
		x, y, err := geo.ToGrid(e.Point)
		if err != nil {
			continue
		}
		t := locals[e.Kind]
		box := ",,,"
		if e.ExtentM > 0 {
			box = fmt.Sprintf("%.0f,%.0f,%.0f,%.0f", x-e.ExtentM, y-e.ExtentM, x+e.ExtentM, y+e.ExtentM)
		}
		fmt.Fprintf(w, "%s,%s%s,%s,,,,%s,%s,%.1f,%.1f,18000,2500,%s,%s,%spostcodedistrict/%s,%s,%s4000000074550000,%ssettlement/Village,"+
			"Exshire,%s7000000000000001,%sdistrict,Wyshire,%s7000000000000002,%scounty,Eastern,%s7000000000041423,England,%scountry/england,osgb%s,,\r\n",
			e.ID, uri, e.ID, e.Name, t[0], t[1], x, y, box, e.Outcode, uri, e.Outcode, e.Locality, uri, uri, uri, uri, uri, uri, uri, uri, e.ID)
	}
	w.Flush()
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkImportGB imports a made-up OS Open Names the size of Great Britain
// into a new database, the compiled index included, and then loads it: whole, and
// the area of one county.
func BenchmarkImportGB(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "opname_csv_gb.zip")
	writeNation(b, path, nation.Entries(nationSize()))
	var rows, loads, areas float64
	for b.Loop() {
		name := filepath.Join(dir, fmt.Sprintf("gb%d.db", time.Now().UnixNano()))
		db, err := data.Open(b.Context(), name)
		if err != nil {
			b.Fatal(err)
		}
		rows = float64(importFiles(b, db, path)[0].Entries())

		b.StopTimer()
		start := time.Now()
		x := load(b, db)
		loads += time.Since(start).Seconds()
		if ways, _, _ := x.Len(); ways == 0 {
			b.Fatal("an empty index")
		}
		x = nil
		start = time.Now()
		h := Holding{area: &orb.Bound{Min: orb.Point{0.15, 52.35}, Max: orb.Point{1.7, 52.99}}} // Norfolk
		if _, err := h.Load(b.Context(), db); err != nil {
			b.Fatal(err)
		}
		areas += time.Since(start).Seconds()
		db.Close()
		os.Remove(name)
		b.StartTimer()
	}
	n := float64(b.N)
	b.ReportMetric(rows*n/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(loads/n, "s/load")
	b.ReportMetric(areas/n, "s/county-load")
}

// BenchmarkOpenNames reads a made-up county of OS Open Names without storing it.
func BenchmarkOpenNames(b *testing.B) {
	path := filepath.Join(b.TempDir(), "opname_csv_gb.zip")
	writeNation(b, path, nation.Entries(nation.County()))
	benchmarkRead(b, path)
}

// BenchmarkImportPolice reads nine months of Norfolk, 52,897 rows.
func BenchmarkImportPolice(b *testing.B) {
	benchmarkRead(b, filepath.Join(oracle.Dir(b), "data", "police_norfolk"))
}

func benchmarkRead(b *testing.B, path string) {
	b.Helper()
	b.ReportAllocs()
	var bytes int64
	for b.Loop() {
		files, err := Open([]string{path}, DefaultOptions())
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range files.Sets {
			if r := readSet(s); r.err != nil || len(r.entries) == 0 {
				b.Fatal(len(r.entries), r.err)
			}
		}
		bytes = files.Bytes()
		files.Close()
	}
	b.SetBytes(bytes)
}
