package qgis

import (
	"fmt"
	"math"
	"testing"
)

// rgb reads "red,green,blue,alpha".
func rgb(t *testing.T, colour string) (c [3]float64) {
	t.Helper()
	var alpha float64
	if _, err := fmt.Sscanf(colour, "%f,%f,%f,%f", &c[0], &c[1], &c[2], &alpha); err != nil {
		t.Fatal(err)
	}
	return c
}

// luminance is the relative luminance of WCAG 2.1.
func luminance(c [3]float64) float64 {
	for i, v := range c {
		if v /= 255; v <= 0.03928 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}

func contrast(a, b [3]float64) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// deuteranope and protanope are how people without green or red cones see a
// colour: Viénot, Brettel & Mollon 1999, in linear light.
func seenBy(c [3]float64, m [3][3]float64) [3]float64 {
	var linear, out [3]float64
	for i, v := range c {
		linear[i] = math.Pow(v/255, 2.2)
	}
	for i := range out {
		sum := m[i][0]*linear[0] + m[i][1]*linear[1] + m[i][2]*linear[2]
		out[i] = 255 * math.Pow(min(1, max(0, sum)), 1/2.2)
	}
	return out
}

var (
	deuteranope = [3][3]float64{{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}}
	protanope   = [3][3]float64{{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}}
)

// What stands for more must look like more in grey print and to who sees no red or
// no green: each step of priority, of age and of risk differs from the next by a
// contrast of 1.25 at least, and marks stand off the ground by 1.5, the labels by
// 4.5 (WCAG AA).
func TestPalettes(t *testing.T) {
	ground := [][3]float64{rgb(t, landColour), {float64(seaColour[0]), float64(seaColour[1]), float64(seaColour[2])}}
	views := map[string]func([3]float64) [3]float64{
		"as it is": func(c [3]float64) [3]float64 { return c },
		"grey": func(c [3]float64) [3]float64 {
			l := 255 * math.Pow(luminance(c), 1/2.2)
			return [3]float64{l, l, l}
		},
		"without green": func(c [3]float64) [3]float64 { return seenBy(c, deuteranope) },
		"without red":   func(c [3]float64) [3]float64 { return seenBy(c, protanope) },
	}
	var ageColours, priorityColours []string
	for _, c := range ages {
		ageColours = append(ageColours, c.colour)
	}
	for _, c := range priorities[:3] {
		priorityColours = append(priorityColours, c.colour)
	}
	for palette, colours := range map[string][]string{"age": ageColours, "priority": priorityColours, "risk": riskColours} {
		for view, of := range views {
			for i, colour := range colours {
				c := of(rgb(t, colour))
				if i > 0 {
					got := contrast(c, of(rgb(t, colours[i-1])))
					t.Logf("%s, %s: %d against %d: %.2f", palette, view, i, i-1, got)
					if got < 1.25 {
						t.Errorf("%s, %s: step %d differs from %d by a contrast of %.2f", palette, view, i, i-1, got)
					}
				}
				if palette == "risk" {
					continue // the least risk is meant to be pale
				}
				for _, g := range ground {
					if got := contrast(c, of(g)); got < 1.5 {
						t.Errorf("%s, %s: %d stands off the ground by %.2f", palette, view, i, got)
					}
				}
			}
		}
	}
	white := [3]float64{255, 255, 255}
	for name, colour := range map[string]string{"ink": ink, "spree": "74,20,98,255", "incident": "0,77,64,255", "settlement": settledColour} {
		if got := contrast(rgb(t, colour), white); got < 4.5 { // each label has a white edge
			t.Errorf("the label of a %s has a contrast of %.2f", name, got)
		}
	}
}
