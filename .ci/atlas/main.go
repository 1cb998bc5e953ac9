// Atlas packs the settlements and regions that the reader of bulletins knows.
//
//	go run ./.ci/atlas GB-postal.txt [PLACES.csv] > data/intake/bulletin/atlas.gz
//
// GB-postal.txt is the file of postal codes of GeoNames for Great Britain
// (download.geonames.org/export/zip, CC-BY 4.0); a PLACES.csv has the columns name, lat
// and lon among its own. What they call county, district and nation is a region, as is
// each line of .ci/atlas/regions.txt. The same files give the same bytes.
package main

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"spreewatch/data/intake/bulletin"
)

// An entry is what is known of a name: that it is of a region, and the squares of a
// tenth of a degree in which a settlement has it.
type entry struct {
	region  bool
	squares map[string]bool
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "atlas:", err)
		os.Exit(1)
	}
}

func run(paths []string, out io.Writer) error {
	if len(paths) == 0 {
		return errors.New("which file of postal codes? go run ./.ci/atlas GB-postal.txt > data/intake/bulletin/atlas.gz")
	}
	atlas := map[string]*entry{}
	regions, err := os.ReadFile(".ci/atlas/regions.txt")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(regions)) {
		if !strings.HasPrefix(line, "#") {
			region(atlas, line)
		}
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read := postal
		if strings.HasSuffix(path, ".csv") {
			read = places
		}
		if err := read(atlas, string(raw)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return write(atlas, out)
}

// postal adds the rows of a file of postal codes.
func postal(atlas map[string]*entry, raw string) error {
	n := 0
	for line := range strings.Lines(raw) {
		n++
		c := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(c) < 11 {
			return fmt.Errorf("line %d has %d columns, want 11 or 12", n, len(c))
		}
		if err := settlement(atlas, c[2], c[9], c[10]); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		for _, name := range []string{c[3], c[5], c[7]} {
			name, _, _ = strings.Cut(name, " (")
			region(atlas, strings.TrimSuffix(strings.TrimSuffix(name, " District"), " Channel Islands"))
		}
	}
	return nil
}

// places adds the rows of a table.
func places(atlas map[string]*entry, raw string) error {
	rows, err := csv.NewReader(strings.NewReader(raw)).ReadAll()
	if err != nil {
		return err
	}
	at := func(name string) int { return slices.Index(rows[0], name) }
	if len(rows) == 0 || at("name") < 0 || at("lat") < 0 || at("lon") < 0 {
		return errors.New("no columns name, lat and lon")
	}
	for i, row := range rows[1:] {
		if err := settlement(atlas, row[at("name")], row[at("lat")], row[at("lon")]); err != nil {
			return fmt.Errorf("row %d: %w", i+2, err)
		}
	}
	return nil
}

func of(atlas map[string]*entry, name string) *entry {
	key := bulletin.NameKey(name)
	if atlas[key] == nil {
		atlas[key] = &entry{squares: map[string]bool{}}
	}
	return atlas[key]
}

func region(atlas map[string]*entry, name string) {
	if name = strings.TrimSpace(name); name != "" {
		of(atlas, name).region = true
	}
}

func settlement(atlas map[string]*entry, name, lat, lon string) error {
	y, err := strconv.ParseFloat(lat, 64)
	if err != nil {
		return err
	}
	x, err := strconv.ParseFloat(lon, 64)
	if err != nil {
		return err
	}
	of(atlas, name).squares[fmt.Sprintf("%d,%d", int(math.Round(y*10)), int(math.Round(x*10)))] = true
	return nil
}

// write writes a line for each name: its key, then its squares, then "=" for a region.
func write(atlas map[string]*entry, out io.Writer) error {
	z, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(atlas)) {
		e := atlas[name]
		cells := append([]string{name}, slices.Sorted(maps.Keys(e.squares))...)
		if e.region {
			cells = append(cells, "=")
		}
		if _, err := fmt.Fprintln(z, strings.Join(cells, "\t")); err != nil {
			return err
		}
	}
	return z.Close()
}
