package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"

	"spreewatch/cluster/trial"
)

// colours of the methods in the plot, ours first.
var methodColours = []string{"#b2182b", "#1b7837", "#5aae61", "#2166ac", "#67a9cf", "#e08214", "#762a83", "#777777"}

// plotStart is how the file begins, by which an earlier one is known.
const plotStart = `<svg xmlns="http://www.w3.org/2000/svg" width="980" height="470" viewBox="0 0 980 470" font-family="sans-serif" font-size="12">
<title>Hit rate against area</title>
`

// drawScores draws the hit rate of all offences together against the share of the
// area, a panel a horizon.
func drawScores(w io.Writer, res trial.Result) error {
	const left, top, side = 60, 50, 340
	var b strings.Builder
	b.WriteString(plotStart + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n")
	most, widest := 0.0, 0.0
	for _, r := range res.Rows {
		if r.Offence == trial.All {
			most, widest = math.Max(most, r.HitRate()), math.Max(widest, r.Share)
		}
	}
	most = math.Max(.01, math.Ceil(most*20)/20)
	for panel, days := range []int{1, 7} {
		x0 := float64(left + panel*(side+70))
		fmt.Fprintf(&b, "<text x=\"%g\" y=\"%d\" font-weight=\"bold\">next %d hours, all offences</text>\n", x0, top-16, days*24)
		for i := range 6 {
			y := top + side - float64(side)*float64(i)/5
			fmt.Fprintf(&b, "<path d=\"M%g %gh%d\" stroke=\"#ddd\"/><text x=\"%g\" y=\"%g\" text-anchor=\"end\">%.0f %%</text>\n", x0, y, side, x0-6, y+4, 100*most*float64(i)/5)
		}
		for k, name := range trial.Methods() {
			var line, dots strings.Builder
			fmt.Fprintf(&line, "M%g %d", x0, top+side)
			for _, r := range res.Rows {
				if r.Offence != trial.All || r.Days != days || r.Method != name {
					continue
				}
				x, y := x0+side*r.Share/widest, top+side*(1-r.HitRate()/most)
				fmt.Fprintf(&line, "L%.1f %.1f", x, y)
				fmt.Fprintf(&dots, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, methodColours[k])
				if k == 0 {
					fmt.Fprintf(&b, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n", x, top+side+16, 100*r.Share)
				}
			}
			fmt.Fprintf(&b, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%g\"/>%s\n", line.String(), methodColours[k], map[bool]float64{true: 3, false: 1.5}[k == 0], dots.String())
		}
		fmt.Fprintf(&b, "<text x=\"%g\" y=\"%d\" text-anchor=\"middle\">share of the area, %%</text>\n", x0+side/2, top+side+34)
	}
	for k, name := range trial.Methods() {
		y := top + 20*k
		fmt.Fprintf(&b, "<path d=\"M%d %dh16\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%d\" y=\"%d\">", left+2*(side+70)-50, y, methodColours[k], left+2*(side+70)-28, y+4)
		if err := xml.EscapeText(&b, []byte(name)); err != nil {
			return err
		}
		b.WriteString("</text>\n")
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}
