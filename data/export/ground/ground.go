// Package ground holds the land of the world in small, so that a map has a coast
// where there is no network to fetch one from.
package ground

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"io"
	"sync"

	"github.com/paulmach/orb"
)

// Source is whom the land is owed to.
const Source = "Land: Natural Earth 1:10m, public domain"

// landFile is made by .ci/land.py, which says how it is built.
//
//go:embed land.bin.gz
var landFile []byte

// unit is how many steps of a coordinate are a degree.
const unit = 1000

// Land returns the land that meets the area, in pieces of two degrees at most that
// reach a little over each other, so that no seam shows. The coast is that of a map
// at 1:10 million, good to some hundred metres. An area whose east is over 180 goes
// on from -180.
func Land(area orb.Bound) []orb.Polygon {
	if area.Max[0] > 180 {
		over := orb.Bound{Min: orb.Point{-180, area.Min[1]}, Max: orb.Point{area.Max[0] - 360, area.Max[1]}}
		area.Max[0] = 180
		return append(Land(area), Land(over)...)
	}
	var out []orb.Polygon
	for _, p := range all() {
		if p.Bound().Intersects(area) {
			out = append(out, p)
		}
	}
	return out
}

// all is the whole land. Nobody may change it.
var all = sync.OnceValue(func() []orb.Polygon {
	z, err := gzip.NewReader(bytes.NewReader(landFile))
	if err != nil {
		panic("ground: embedded file: " + err.Error())
	}
	b, err := io.ReadAll(z)
	if err != nil {
		panic("ground: embedded file: " + err.Error())
	}
	next := func() int {
		v, n := binary.Uvarint(b)
		b = b[n:]
		return int(v)
	}
	var out []orb.Polygon
	for len(b) > 0 {
		polygon := make(orb.Polygon, next())
		for i := range polygon {
			n := next()
			ring := make(orb.Ring, n, n+1)
			var at [2]int64
			for k := range ring {
				for axis := range at {
					d, used := binary.Varint(b)
					at[axis], b = at[axis]+d, b[used:]
					ring[k][axis] = float64(at[axis]) / unit
				}
			}
			polygon[i] = append(ring, ring[0])
		}
		out = append(out, polygon)
	}
	return out
})
