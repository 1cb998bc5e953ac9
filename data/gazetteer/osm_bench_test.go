package gazetteer

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"spreewatch/data"
)

// Counts of OpenStreetMap's Great Britain, to a figure or two: nodes, ways that are
// no highway (buildings most of all), and highways, of which half have a name. The
// benchmark makes one part of osmShare of them.
const (
	osmNodes, osmOthers, osmHighways = 210_000_000, 23_000_000, 6_000_000
	osmShare                         = 20
)

// writeOSM writes a made-up extract, sorted and saying so as those of OpenStreetMap are:
// nodes in walks of some metres, buildings of five of them, highways of eight.
func writeOSM(w io.Writer, share int) error {
	const block = 8000
	rng := rand.New(rand.NewPCG(1, 2))
	if _, err := w.Write(pbSortedHeader()); err != nil {
		return err
	}
	n := osmNodes / share
	lat, lon := 52.5, 1.0
	for first := 0; first < n; first += block {
		nodes := make([]testNode, min(block, n-first))
		lat, lon = 50.5+6*rng.Float64(), -4+5*rng.Float64()
		for i := range nodes {
			lat, lon = lat+(rng.Float64()-.5)*4e-4, lon+(rng.Float64()-.5)*6e-4
			nodes[i] = testNode{id: int64(first + i + 1), lat: lat, lon: lon}
		}
		if _, err := w.Write(pbBlock(nodes, nil)); err != nil {
			return err
		}
	}
	classes := []string{"residential", "residential", "service", "footway", "unclassified", "tertiary", "primary", "path"}
	at := 1
	run := func(k int) []int64 {
		refs := make([]int64, k)
		for i := range refs {
			refs[i] = int64((at+i)%n + 1)
		}
		at = (at + k - 1) % n
		return refs
	}
	others, highways := osmOthers/share, osmHighways/share
	for others+highways > 0 {
		var ways []testWay
		for range min(block, others+highways) {
			if rng.IntN(others+highways) < others {
				others--
				ways = append(ways, testWay{[]string{"building", "yes"}, run(5)})
				continue
			}
			highways--
			tags := []string{"highway", classes[rng.IntN(len(classes))]}
			if rng.IntN(2) == 0 {
				tags = append(tags, "name", fmt.Sprintf("%s %d Road", []string{"Alpha", "Beta", "Gamma", "Delta"}[rng.IntN(4)], rng.IntN(60_000)))
			}
			ways = append(ways, testWay{tags, run(8)})
		}
		if _, err := w.Write(pbBlock(nil, ways)); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkImportOSM imports a made-up extract a twentieth the size of
// OpenStreetMap's Great Britain, with its lines, into a new database.
func BenchmarkImportOSM(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "made-up.osm.pbf")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	if err := writeOSM(w, osmShare); err != nil {
		b.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	st, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	f.Close()
	b.SetBytes(st.Size())
	n := 0
	for b.Loop() {
		n++
		db, err := data.Open(b.Context(), filepath.Join(dir, fmt.Sprintf("%d.db", n)))
		if err != nil {
			b.Fatal(err)
		}
		if entries := importFiles(b, db, path)[0].Entries(); entries == 0 {
			b.Fatal("no street")
		}
		db.Close()
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*osmShare, "s/GB")
}
