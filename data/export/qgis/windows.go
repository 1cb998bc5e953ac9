package qgis

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// Windows is what a project of compared settings shows.
type Windows struct {
	Title   string
	Marking string
	RunID   string
	Zone    *time.Location
	Notes   []string // what a reader must know, for the page
	Layers  []*layer.Layer[layer.Window]
	Shown   []string // names of the layers that are to be seen at first; none for all
}

// windowColours are told apart in grey too (ColorBrewer Dark2).
var windowColours = []string{"27,158,119,255", "217,95,2,255", "117,112,179,255", "231,41,138,255", "102,166,30,255", "230,171,2,255", "166,118,29,255", "102,102,102,255"}

// WriteWindows writes a QGIS project in which every setting is a group to switch, with
// one layer.
func WriteWindows(w io.Writer, ws Windows) error {
	p := project{Title: ws.Title, Marking: ws.Marking, RunID: ws.RunID, CRS: "EPSG:3857", Sea: paper}
	p.Texts = ws.texts()
	var view orb.Bound
	found := false
	for i, l := range ws.Layers {
		one := begun(l)
		colour := windowColours[i%len(windowColours)]
		one.Renderer = `<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0"><symbols>` +
			symbol("0", "fill", simpleFill(faded(colour, 90), colour, "0.6", "solid")) + `</symbols></renderer-v2>`
		one.Display = `"offence" || ', ' || "n_incidents" || ' incidents, raised ' || "raised_local"`
		one.Tip = `<b>[% "setting" %]</b><br>[% "n_incidents" %] incidents, [% "from_local" %] to [% "to_local" %]<br>raised [% "raised_local" %], first to be seen [% "shown_local" %]`
		one.ToTheEnd = true
		p.Groups = append(p.Groups, projectGroup{Name: l.Title, Layers: []projectLayer{one}, Off: len(ws.Shown) > 0 && !slices.Contains(ws.Shown, l.Name)})
		p.Layers = append(p.Layers, one)
		b, ok := layer.Bound(l)
		switch {
		case ok && found:
			view = layer.JoinBounds(view, b)
		case ok:
			view, found = b, true
		}
		for k := range l.Len() {
			from, to := l.When(k)
			if s := layer.WallTime(from, ws.Zone); s != "" && (p.Start == "" || s < p.Start) {
				p.Start = s
			}
			if s := layer.WallTime(to, ws.Zone); s > p.End {
				p.End = s
			}
		}
	}
	if found {
		view = geo.Pad(view, max(300, 0.07*geo.Distance(view.Min, view.Max)))
		p.CRS, p.Operation = mapCRS(view.Center())
		p.View = []float64{view.Min[0], view.Min[1], view.Max[0], view.Max[1]}
		p.ViewWKT = wkt.MarshalString(layer.RoundPoints(view.ToPolygon()))
	}
	if err := projectTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("project of the settings: %w", err)
	}
	return nil
}

// texts are what the printed page says around the map.
func (ws Windows) texts() []layoutText {
	return []layoutText{
		{ID: "marking-top", Text: ws.Marking, X: 8, Y: 4, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: "title", Text: ws.Title, X: 8, Y: 10, W: 281, H: 9, Size: 16, Bold: true, Align: 1, VAlign: 128},
		{ID: "list-head", Text: "What it comes to", X: 233, Y: 122, W: 58, H: 6, Size: 10, Bold: true, Align: 1, VAlign: 128},
		{ID: "list", Text: cut(strings.Join(ws.Notes, "\n"), 900), X: 233, Y: 128, W: 58, H: 67, Size: 7.5, Align: 1, VAlign: 32},
		{ID: "marking-bottom", Text: ws.Marking, X: 8, Y: 197, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: "run", Text: "spreewatch compare. A help to choose settings: reports are incomplete.", X: 8, Y: 203, W: 281, H: 5, Size: 7, Align: 4, VAlign: 128},
	}
}
