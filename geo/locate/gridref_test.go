package locate

import (
	"testing"

	"spreewatch/geo"

	"github.com/paulmach/orb"
)

func TestGridReferenceInText(t *testing.T) {
	l := chicago(t)
	for _, tt := range []struct {
		text   string
		radius float64
		at     orb.Point
	}{
		// TG 51409 13177 is the point that Ordnance Survey's "A guide to coordinate
		// systems in Great Britain" works through: 52°39'28.72"N 1°42'57.79"E.
		{"TG 51409 13177", 1, orb.Point{1.716053, 52.657977}},
		{"layby off the A47, TG51401317", 10, orb.Point{1.716053, 52.657977}},
		{"Main Street, Gridville (tg 514 131)", 100, orb.Point{1.716053, 52.657977}},
		{"track at TG-514-131 near the broad", 100, orb.Point{1.716053, 52.657977}},
	} {
		m := l.Match(tt.text, Context{})
		if m.Level != geo.LevelAddress || m.RadiusM != tt.radius || m.Rule != "grid reference" || geo.Distance(m.Point, tt.at) > tt.radius+5 {
			t.Errorf("%q: got %s %v, radius %g by %q", tt.text, m.Level, m.Point, m.RadiusM, m.Rule)
		}
	}
	for _, text := range []string{"TG 1234", "Unit TG, 514, 131", "JH 411648", "12 W MAIN ST", "TG 514 1317"} {
		if m := l.Match(text, Context{}); m.Rule == "grid reference" {
			t.Errorf("%q is read as a reference, %v", text, m.Point)
		}
	}
}
