package cluster

import "spreewatch/geo"

// A CellCount is what one cell holds in a window, for the map.
type CellCount struct {
	Cell     geo.Cell
	Window   Window
	Observed float64  // aoristic weight of the incidents in it
	Expected *float64 // under independence of space and time; nil when history is too thin to say
	Risk     float64  // expected incidents in the coming shifts
	SpreeID  string   // the spree it belongs to, "" for none
}
