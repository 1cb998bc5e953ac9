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
	for b := packed(); len(b) > 0; {
		var piece orb.Polygon
		if piece, b = unpack(b, area); piece != nil {
			out = append(out, piece)
		}
	}
	return out
}

// packed is the whole land: of each piece the number of its rings, and of each ring that
// of its points and by how much each goes on from the one before.
var packed = sync.OnceValue(func() []byte {
	z, err := gzip.NewReader(bytes.NewReader(landFile))
	if err != nil {
		panic("ground: embedded file: " + err.Error())
	}
	b, err := io.ReadAll(z)
	if err != nil {
		panic("ground: embedded file: " + err.Error())
	}
	return b
})

// unpack returns the first piece, nil where it does not meet the area, and what follows
// it. A piece is within its first ring.
func unpack(b []byte, area orb.Bound) (piece orb.Polygon, rest []byte) {
	count := func() int {
		v, n := binary.Uvarint(b)
		b = b[n:]
		return int(v)
	}
	rings := count()
	for r := range rings {
		n := count()
		before := b
		low, high, rest := extent(b, n)
		b = rest
		if r == 0 && (orb.Bound{Min: degrees(low), Max: degrees(high)}).Intersects(area) {
			piece = make(orb.Polygon, 0, rings)
		}
		if piece == nil {
			continue
		}
		ring := make(orb.Ring, n, n+1)
		var at [2]int64
		for k := range ring {
			at, before = step(at, before)
			ring[k] = degrees(at)
		}
		piece = append(piece, append(ring, ring[0]))
	}
	return piece, b
}

// extent returns the least and the greatest coordinates of a ring of n points, and what
// follows it.
func extent(b []byte, n int) (low, high [2]int64, rest []byte) {
	var at [2]int64
	for k := range n {
		at, b = step(at, b)
		for axis, x := range at {
			if k == 0 {
				low[axis], high[axis] = x, x
			}
			low[axis], high[axis] = min(low[axis], x), max(high[axis], x)
		}
	}
	return low, high, b
}

// step goes on to the next point.
func step(at [2]int64, b []byte) ([2]int64, []byte) {
	for axis := range at {
		d, used := binary.Varint(b)
		at[axis], b = at[axis]+d, b[used:]
	}
	return at, b
}

func degrees(at [2]int64) orb.Point { return orb.Point{float64(at[0]) / unit, float64(at[1]) / unit} }
