package night

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/intake"
	"spreewatch/geo"
)

// A unitSettings is a car or a pair on foot that can be sent out.
type unitSettings struct {
	Name  string   `toml:"name" json:"name"`
	Lon   *float64 `toml:"lon" json:"lon"`
	Lat   *float64 `toml:"lat" json:"lat"`
	Shift string   `toml:"shift" json:"shift"` // "" for every one
}

// sampleUnits are those of a database that holds the sample alone, which ships
// without a force's settings; nil for any other.
func sampleUnits(inputs map[string]bool) []unitSettings {
	sum := sha256.Sum256(intake.SampleText())
	sample := hex.EncodeToString(sum[:])
	if len(inputs) != 1 || !inputs[sample] {
		return nil
	}
	at := func(name string, lon, lat float64) unitSettings {
		return unitSettings{Name: name, Lon: &lon, Lat: &lat}
	}
	return []unitSettings{at("North car", 0.9390, 52.6810), at("West car", 0.6880, 52.6480)} // Dereham and Swaffham, town centres
}

// farM is how far from the force's area a unit may start.
const farM = 50_000

// validateUnits refuses a unit that no route can be made for.
func (c Settings) validateUnits() error {
	const example = "under [[unit]]: name = \"North car\", lon = 0.939 and lat = 52.681, each on a line"
	bad := func(hint, format string, args ...any) error {
		return &data.UserError{Msg: fmt.Sprintf(format, args...), Hint: hint}
	}
	shifts := make([]string, len(c.Shifts))
	for i, s := range c.Shifts {
		shifts[i] = s.Name
	}
	seen := map[[2]string]bool{}
	for i, u := range c.Units {
		if strings.TrimSpace(u.Name) == "" {
			return bad(example, "unit %d has no name", i+1)
		}
		if u.Lon == nil || u.Lat == nil {
			return bad(example, "unit %s has no start: want lon and lat", u.Name)
		}
		start := orb.Point{*u.Lon, *u.Lat}
		if err := geo.CheckPoint(start); err != nil {
			return bad(example, "unit %s: %s", u.Name, err)
		}
		if u.Shift != "" && !slices.Contains(shifts, u.Shift) {
			return bad("shift takes one of "+strings.Join(shifts, ", ")+"; leave it out for every shift", "unit %s works a shift that there is not: %q", u.Name, u.Shift)
		}
		if seen[[2]string{u.Name, u.Shift}] || seen[[2]string{u.Name, ""}] || u.Shift == "" && slices.ContainsFunc(c.Units[:i], func(o unitSettings) bool { return o.Name == u.Name }) {
			return bad("give each unit of a shift a name of its own", "two units of one shift are called %s", u.Name)
		}
		seen[[2]string{u.Name, u.Shift}] = true
		if area, ok := c.bound(); ok {
			away := farFrom(area, start)
			if c.boundary != nil {
				away = c.boundary.region.Away(start)
			}
			if away > farM {
				return bad("lon is east and lat north, "+example, "unit %s starts %.0f km outside the area of the settings", u.Name, away/1000)
			}
		}
	}
	return nil
}

// farFrom is how far a point lies outside the bounds, metres.
func farFrom(area orb.Bound, p orb.Point) float64 {
	nearest := orb.Point{min(max(p[0], area.Min[0]), area.Max[0]), min(max(p[1], area.Min[1]), area.Max[1])}
	return geo.Distance(p, nearest)
}

// routeOptions are the settings of the routes.
func (c Settings) routeOptions(seed uint64) patrol.RouteOptions {
	o := patrol.DefaultRouteOptions()
	o.Detour, o.SpeedKmh, o.Seed = c.Patrol.Detour, c.Patrol.SpeedKmh, seed
	return o
}

// sendOut makes the routes of the plan and names in each suggestion who goes there.
func (e *evening) sendOut(ctx context.Context, a *analysis, opt patrol.Options) error {
	units := make([]patrol.Unit, len(e.Settings.Units))
	for i, u := range e.Settings.Units {
		units[i] = patrol.Unit{Name: u.Name, Start: orb.Point{*u.Lon, *u.Lat}, Shift: u.Shift}
	}
	var err error
	if a.routes, err = patrol.Routes(ctx, a.suggestions, units, opt.Ahead(), e.Settings.routeOptions(e.Seed)); err != nil {
		return err
	}
	goes := map[string][]string{}
	for _, r := range a.routes {
		for _, s := range r.Stops {
			if !slices.Contains(goes[s.Suggestion], r.Unit.Name) {
				goes[s.Suggestion] = append(goes[s.Suggestion], r.Unit.Name)
			}
		}
	}
	for i := range a.suggestions {
		s := &a.suggestions[i]
		s.Unit = strings.Join(slices.Sorted(slices.Values(goes[s.ID])), ", ")
	}
	return nil
}

// quiet says of each coming shift without a suggestion, on a night that has some, why
// it has none.
func (a *analysis) quiet(ahead map[string]cluster.Window) (notes []string) {
	if len(a.suggestions) == 0 || a.public {
		return nil
	}
	for _, shift := range slices.SortedFunc(maps.Keys(ahead), func(x, y string) int {
		return cmp.Or(ahead[x].Start.Compare(ahead[y].Start), cmp.Compare(x, y))
	}) {
		switch {
		case slices.ContainsFunc(a.suggestions, func(s patrol.Suggestion) bool { return s.Shift == shift }):
		case slices.ContainsFunc(a.surface, func(s patrol.ShiftSurface) bool { return s.Shift == shift && len(s.Cells) > 0 }):
			notes = append(notes, "no patrol in "+shift+": in every area with a risk one incident of over four weeks ago carries most of it, or another area is too near")
		default:
			notes = append(notes, fmt.Sprintf("no patrol in %s: of no offence do %.0f %% of a day's risk fall in its hours", shift, 100*patrol.LeastHourShare))
		}
	}
	return notes
}

// idle says of each unit that has nowhere to go in a shift with suggestions, that
// it has not.
func (a *analysis) idle() (notes []string) {
	planned := map[string]bool{}
	for _, s := range a.suggestions {
		planned[s.Shift] = true
	}
	for _, r := range a.routes {
		if len(r.Stops) == 0 && planned[r.Shift] {
			notes = append(notes, fmt.Sprintf("unit %s has no route in %s: no area that is left can be reached from its start, visited and left again in its time", r.Unit.Name, r.Shift))
		}
	}
	return notes
}
