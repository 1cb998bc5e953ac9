// Command nation invents the incidents of a nation's forces, for the figures of the
// module: towns of several sizes, a capital with a seventh of all, five offences that
// each have their hours, and some sprees. Nothing in it is of a real person or place.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"
)

func main() {
	rows := flag.Int("rows", 100_000, "incidents")
	forces := flag.Int("forces", 43, "forces, the first of which has the capital")
	days := flag.Int("days", 3*365, "days up to the end of October 2026")
	seed := flag.Uint64("seed", 1, "of all draws")
	out := flag.String("out", "", "folder of a file for each force; without it all rows go to standard output")
	flag.Parse()
	if err := run(nation{*rows, *forces, *days, *seed}, *out); err != nil {
		fmt.Fprintln(os.Stderr, "nation:", err)
		os.Exit(1)
	}
}

// A nation is how much is invented.
type nation struct {
	rows, forces, days int
	seed               uint64
}

func run(n nation, dir string) error {
	if n.rows < 1 || n.forces < 1 || n.days < 1 {
		return fmt.Errorf("rows, forces and days are 1 or more")
	}
	if dir == "" {
		w := bufio.NewWriter(os.Stdout)
		fmt.Fprintln(w, header)
		for i := range n.forces {
			n.write(w, i)
		}
		return w.Flush()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for i := range n.forces {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("force-%02d.csv", i+1)))
		if err != nil {
			return err
		}
		w := bufio.NewWriter(f)
		fmt.Fprintln(w, header)
		n.write(w, i)
		if err := w.Flush(); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

const header = "ref,force,offence,from,reported,lat,lon"

// offences are what happens, how often, and the hour about which it does.
var offences = []struct {
	name  string
	share float64
	hour  float64
}{{"dwelling-burglary", .3, 20}, {"theft-from-vehicle", .3, 2}, {"robbery", .15, 22}, {"criminal-damage", .15, 23}, {"courier-fraud", .1, 12}}

// A town is where incidents gather.
type town struct{ lon, lat, spreadM, share float64 }

// of is how many incidents a force has: the capital a seventh of all.
func (n nation) of(force int) int {
	if n.forces == 1 {
		return n.rows
	}
	capital := n.rows / 7
	if force == 0 {
		return capital
	}
	rest, others := n.rows-capital, n.forces-1
	return rest*force/others - rest*(force-1)/others
}

// towns are those of a force, about the middle of its square of a grid.
func towns(force int, rng *rand.Rand) []town {
	lon, lat := -5+.9*float64(force%7), 50.6+.6*float64(force/7)
	if force == 0 {
		return []town{{lon, lat, 9000, 1}}
	}
	out := make([]town, 4+rng.IntN(8))
	all := 0.0
	for i := range out {
		out[i] = town{lon + .7*(rng.Float64()-.5), lat + .5*(rng.Float64()-.5), 800 + 2500*rng.Float64(), 1 / float64(i+1)}
		all += out[i].share
	}
	for i := range out {
		out[i].share /= all
	}
	return out
}

// write writes the incidents of a force, in the order of their references.
func (n nation) write(w io.Writer, force int) {
	rng := rand.New(rand.NewPCG(n.seed, uint64(force)))
	end := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	where := towns(force, rng)
	rows := n.of(force)
	for i := 0; i < rows; {
		t := pick(where, rng)
		lon, lat := near(t.lon, t.lat, t.spreadM, rng)
		o := offences[0]
		for left := rng.Float64() - o.share; left > 0 && o != offences[len(offences)-1]; left -= o.share {
			o = offences[slices.Index(offences, o)+1]
		}
		day := end.AddDate(0, 0, -1-rng.IntN(n.days))
		at := day.Add(time.Duration(math.Mod(o.hour+3*rng.NormFloat64()+48, 24) * float64(time.Hour)))
		size := 1
		if rng.IntN(400) == 0 { // a spree
			size = 3 + rng.IntN(6)
		}
		for k := 0; k < size && i < rows; k++ {
			when := at.Add(time.Duration(k) * time.Duration(rng.Int64N(int64(5*time.Hour)))).Truncate(time.Minute)
			if !when.Before(end) {
				when = end.Add(-time.Minute)
			}
			x, y := near(lon, lat, 150*float64(min(k, 1)), rng)
			reported := when.Add(time.Duration(rng.ExpFloat64() * 4 * float64(time.Hour))).Truncate(time.Minute)
			fmt.Fprintf(w, "%02d-%07d,Force %02d,%s,%s,%s,%.4f,%.4f\n", force+1, i+1, force+1, o.name, when.Format(time.RFC3339), reported.Format(time.RFC3339), y, x)
			i++
		}
	}
}

func pick(towns []town, rng *rand.Rand) town {
	left := rng.Float64()
	for _, t := range towns {
		if left -= t.share; left < 0 {
			return t
		}
	}
	return towns[0]
}

// near is a point about another, the metres being a standard deviation each way.
func near(lon, lat, metres float64, rng *rand.Rand) (float64, float64) {
	const degree = 111_195.0
	return lon + rng.NormFloat64()*metres/degree/math.Cos(lat*math.Pi/180), lat + rng.NormFloat64()*metres/degree
}
