package layer

import (
	"cmp"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A Count is how many incidents of an offence began in a cell.
type Count struct {
	Cell    geo.Cell
	Offence string
	N       int
	Window  cluster.Window // from the day of the first to the end of the day of the last
}

// Counts returns a layer of incidents counted by cell and offence.
func Counts(items []Count, s Stamp) (*Layer[Count], error) {
	l := Layer[Count]{
		Head: Head{Name: "incident_counts", Title: "Incidents by cell", Geometry: Polygon},
		Fields: stamped(
			text("h3", "Cell", "H3 index, hexadecimal", func(c Count) string { return c.Cell.String() }),
			text("offence", "Offence", "name of the offence profile", func(c Count) string { return c.Offence }),
			whole("incidents", "Incidents", "", func(c Count) int { return c.N }),
			local("from_local", "From", "the day of the first", func(c Count) time.Time { return c.Window.Start }),
			local("to_local", "Until", "the end of the day of the last", func(c Count) time.Time { return c.Window.End }),
		),
		shape: func(c Count, s Stamp) (orb.Geometry, error) { return s.hexagon(c.Cell) },
		less:  func(a, b Count) int { return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Offence, b.Offence)) },
		when:  func(c Count) (from, to time.Time) { return c.Window.Start, c.Window.End },
	}
	return l.filled(items, s)
}
