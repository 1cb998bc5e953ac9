package cluster

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// maxZoneReachM caps how far round an incident a zone reaches. A wider radius
// stays visible in the spree's RadiusM; painted on the map it would hide the
// incidents that are known better.
const maxZoneReachM = 5000

// Zone returns the cells of the resolution that hold the incidents, and those
// whose middle lies within an incident's own radius of its point (at most 5 km),
// ascending.
func Zone(incidents []Incident, resolution int) ([]geo.Cell, error) {
	type middle struct {
		cell geo.Cell
		at   Vec
	}
	type disk struct {
		of    geo.Cell
		steps int
	}
	type place struct {
		at    orb.Point
		reach float64
	}
	around := make(map[disk][]middle) // many incidents lie in one cell
	zone := make(map[geo.Cell]bool)
	seen := make(map[place]bool) // and at one place
	for _, in := range incidents {
		reach := math.Min(in.RadiusM, maxZoneReachM)
		at := place{in.Point, reach}
		if seen[at] {
			continue
		}
		seen[at] = true
		own, err := geo.CellAt(in.Point, resolution)
		if err != nil {
			return nil, fmt.Errorf("zone of incident %s: %w", in.ID, err)
		}
		zone[own] = true
		if !(reach > 0) {
			continue
		}
		// Middles of neighbouring cells are √(2A/√3) apart, and k steps cross at
		// least k·√3/2 of that.
		apart := math.Sqrt(2 * own.AreaM2() / math.Sqrt(3))
		if reach < apart*2/5 { // no middle but its own is so near, however the cell is bent
			continue
		}
		d := disk{own, int(math.Ceil((reach+apart)/(apart*math.Sqrt(3)/2))) + 1}
		middles, known := around[d]
		if !known {
			for _, c := range own.Disk(d.steps) {
				middles = append(middles, middle{c, VecOf(c.Centre())})
			}
			around[d] = middles
		}
		from, limit := VecOf(in.Point), Chord2(reach)
		for _, m := range middles {
			if m.at.Chord2(from) <= limit {
				zone[m.cell] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(zone)), nil
}

// NewSpree draws the spree of some incidents: its window, zone, circle and
// places. The caller sets how it was found, its weight and its confidence.
func NewSpree(incidents []Incident, offence string, resolution int) (Spree, error) {
	incidents = slices.Clone(incidents)
	SortIncidents(incidents)
	zone, err := Zone(incidents, resolution)
	if err != nil {
		return Spree{}, err
	}
	s := Spree{
		ID:      spreeID(offence, incidents[0]),
		Status:  StatusNew,
		Offence: offence,
		Zone:    zone,
		Window:  incidents[0].Interval(),
		Places:  placesOf(incidents),
	}
	at := make([]Vec, len(incidents))
	for i, in := range incidents {
		s.Incidents = append(s.Incidents, in.ID)
		if in.To.Time().After(s.Window.End) {
			s.Window.End = in.To.Time()
		}
		at[i] = VecOf(in.Point)
	}
	slices.Sort(s.Incidents)
	s.Centre = Enclosing(at).Centre.Point()
	for _, in := range incidents {
		s.RadiusM = math.Max(s.RadiusM, geo.Distance(s.Centre, in.Point)+in.RadiusM)
	}
	return s, nil
}

// spreeID names a spree by its offence and its first incident, so that it keeps
// its name while it grows. The hash keeps the incident's reference out of it.
// There is no date in it: that of UTC is not the one on the local calendar.
func spreeID(offence string, first Incident) string {
	if offence == "" {
		offence = "all"
	}
	sum := sha256.Sum256([]byte(offence + "\x00" + first.ID))
	return offence + "-" + hex.EncodeToString(sum[:6])
}

// placesOf returns the settlements of the incidents, most incidents first, then
// by name.
func placesOf(incidents []Incident) []string {
	count := make(map[string]int)
	var names []string
	for _, in := range incidents {
		if in.PlaceName == "" {
			continue
		}
		if count[in.PlaceName] == 0 {
			names = append(names, in.PlaceName)
		}
		count[in.PlaceName]++
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	return names
}

// Placed reports whether the incident has a point that can be used.
func Placed(in Incident) bool {
	return in.Level.Located() && geo.CheckPoint(in.Point) == nil && in.Point != (orb.Point{})
}

// Distinct returns the incidents as SortIncidents sorts them, each ID once. Of
// two incidents with one ID, which a store that keeps IDs unique never gives, it
// keeps the one that is better placed, then the more closely timed. Where they are so
// already it returns the very slice: nobody may change either.
func Distinct(incidents []Incident) []Incident {
	kept := DistinctOf(incidents, nil)
	same := len(kept) == len(incidents)
	for i := 0; same && i < len(kept); i++ {
		same = kept[i] == &incidents[i]
	}
	if same {
		return incidents
	}
	out := make([]Incident, len(kept))
	for i, in := range kept {
		out[i] = *in
	}
	return out
}

// DistinctOf is Distinct of those that keep holds, nil for all, and copies none: a
// year's are large.
func DistinctOf(incidents []Incident, keep func(*Incident) bool) []*Incident {
	n := len(incidents)
	if keep != nil {
		n = 0
		for i := range incidents {
			if keep(&incidents[i]) {
				n++
			}
		}
	}
	kept := make([]*Incident, 0, n)
	for i := range incidents {
		if keep == nil || keep(&incidents[i]) {
			kept = append(kept, &incidents[i])
		}
	}
	if repeated(kept) {
		all := kept
		kept = kept[:0]
		at := make(map[string]int, len(all))
		for _, in := range all {
			i, seen := at[in.ID]
			if !seen {
				at[in.ID] = len(kept)
				kept = append(kept, in)
			} else if compareQuality(in, kept[i]) < 0 {
				kept[i] = in
			}
		}
	}
	if !slices.IsSortedFunc(kept, compareTimes) {
		slices.SortFunc(kept, compareTimes)
	}
	return kept
}

// repeated reports whether two incidents may have one ID: whether two IDs have one
// hash, of which a half is kept in an open table and its place there is the other. That
// is quicker to tell of a million than to keep them all.
func repeated(incidents []*Incident) bool {
	const some = 1 << 14 // are hashed at once: the IDs lie far apart in memory
	hashes := make([]uint64, len(incidents))
	geo.Each(runtime.GOMAXPROCS(0), (len(incidents)+some-1)/some, func(_, k int) {
		for i := k * some; i < min((k+1)*some, len(incidents)); i++ {
			hashes[i] = Mix(HashText(incidents[i].ID))
		}
	})
	table := make([]uint32, 1<<bits.Len(uint(2*len(incidents)))) // 0 is free
	for _, h := range hashes {
		half, at := uint32(h>>32)|1, int(h)&(len(table)-1)
		for ; table[at] != 0; at = (at + 1) & (len(table) - 1) {
			if table[at] == half {
				return true
			}
		}
		table[at] = half
	}
	return false
}

// compareQuality is negative when a is the better record of one incident. It
// goes through every field, so that the choice never depends on the order.
func compareQuality(a, b *Incident) int {
	return cmp.Or(
		cmp.Compare(b.Level, a.Level),
		cmp.Compare(a.RadiusM, b.RadiusM),
		cmp.Compare(a.To.Sub(a.From), b.To.Sub(b.From)),
		cmp.Compare(a.From, b.From),
		cmp.Compare(a.Point[0], b.Point[0]),
		cmp.Compare(a.Point[1], b.Point[1]),
		cmp.Compare(b.Confidence, a.Confidence),
		cmp.Compare(a.Offence, b.Offence),
		cmp.Compare(a.PlaceName, b.PlaceName),
	)
}

// UpTo returns the incident's event interval cut at asOf: what has been reported
// has happened.
func UpTo(in Incident, asOf time.Time) Window {
	w := in.Interval()
	if w.End.After(asOf) {
		w.End = asOf
	}
	if w.End.Before(w.Start) {
		w.End = w.Start
	}
	return w
}
