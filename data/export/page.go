package export

import (
	"fmt"
	"math"
	"strings"
)

// A layoutText is text on the printed page, an A4 sheet on its side.
type layoutText struct {
	ID, Text   string
	X, Y, W, H float64 // millimetres from the upper left corner
	Size       float64 // points
	Bold       bool
	Align      int // Qt: 1 left, 4 centre
	VAlign     int // Qt: 32 top, 128 middle
}

// pageTexts returns what the page says around the map.
func pageTexts(title string, layers []Layer, run Run) []layoutText {
	foot := "spreewatch run " + run.RunID + ". Suggestions, not orders: reports are incomplete, and where police look they find more."
	return []layoutText{
		{ID: "marking-top", Text: run.Marking, X: 8, Y: 4, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: "title", Text: title, X: 8, Y: 10, W: 281, H: 9, Size: 16, Bold: true, Align: 1, VAlign: 128},
		{ID: "subtitle", Text: subtitle(layers, run), X: 8, Y: 19, W: 281, H: 6, Size: 9.5, Align: 1, VAlign: 128},
		{ID: "actions", Text: whatToDo(layers), X: 8, Y: 188.5, W: 223, H: 8, Size: 8, Align: 1, VAlign: 32},
		{ID: "list-head", Text: "First to do", X: 233, Y: 122, W: 58, H: 6, Size: 10, Bold: true, Align: 1, VAlign: 128},
		{ID: "list", Text: firstToDo(layers) + firstNote(run.Notes), X: 233, Y: 128, W: 58, H: 67, Size: 7.5, Align: 1, VAlign: 32},
		{ID: "marking-bottom", Text: run.Marking, X: 8, Y: 197, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: "run", Text: foot, X: 8, Y: 203, W: 281, H: 5, Size: 7, Align: 4, VAlign: 128},
	}
}

// whatToDo returns the action of the first suggestion, and of the first one of
// another offence where there is one: the page has room for two lines.
func whatToDo(layers []Layer) string {
	const room = 280 // characters, in two lines
	var lines []string
	seen := make(map[string]bool)
	for _, l := range layers {
		for _, f := range l.features {
			offence, _ := l.value(f, "offence").(string)
			action, ok := l.value(f, "action").(string)
			if !ok || seen[offence] || len(lines) == 2 {
				continue
			}
			seen[offence] = true
			lines = append(lines, offence+": "+action)
		}
	}
	for i := range lines {
		lines[i] = cut(lines[i], room/len(lines))
	}
	return strings.Join(lines, "\n")
}

// cut shortens text to the number of characters.
func cut(s string, room int) string {
	r := []rune(s)
	if len(r) <= room {
		return s
	}
	return string(r[:room-1]) + "…"
}

// subtitle says what the map holds, and how far its places can be trusted.
func subtitle(layers []Layer, run Run) string {
	var parts []string
	for _, l := range layers {
		switch l.File {
		case "sprees.geojson":
			parts = append(parts, count(len(l.features), "spree"))
		case "patrols.geojson":
			parts = append(parts, count(len(l.features), "patrol suggestion"))
		}
	}
	if h := run.HitRate; h.Rate != nil {
		met := "below"
		if h.Met {
			met = "meets"
		}
		parts = append(parts, fmt.Sprintf("%.0f %% of reports located to a street or better (%s the line of %.0f %%)", math.Floor(100**h.Rate+1e-9), met, 100*h.Line))
	}
	return strings.Join(parts, " · ")
}

// firstToDo lists the first suggestions by rank, as many as the page has room
// for.
func firstToDo(layers []Layer) string {
	const room = 5
	var b strings.Builder
	for _, l := range layers {
		if l.File != "patrols.geojson" {
			continue
		}
		for i, f := range l.features {
			if i == room {
				fmt.Fprintf(&b, "and %d more on the map", len(l.features)-room)
				break
			}
			name, _ := l.value(f, "place_name").(string)
			shift, _ := l.value(f, "shift").(string)
			from, _ := l.value(f, "from_local").(string)
			to, _ := l.value(f, "to_local").(string)
			visits, _ := l.value(f, "visits").(int)
			fmt.Fprintf(&b, "%v  %s\n     %s, %s–%s\n     %s of %v min\n", l.value(f, "rank"), name, shift, clock(from), clock(to),
				count(visits, "visit"), l.value(f, "dwell_min"))
		}
	}
	if b.Len() == 0 {
		return "No patrol is suggested."
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// firstNote returns the first note for the page, which has no room for more.
func firstNote(notes []string) string {
	const room = 170 // characters: four lines
	if len(notes) == 0 {
		return ""
	}
	note := cut(notes[0], room)
	if more := len(notes) - 1; more > 0 {
		return fmt.Sprintf("\n\nNote: %s (%d more in run.json)", note, more)
	}
	return "\n\nNote: " + note
}

// clock returns the hours and minutes of a wall time.
func clock(wall string) string {
	if len(wall) < len("2006-01-02T15:04") {
		return "?"
	}
	return wall[len("2006-01-02T"):len("2006-01-02T15:04")]
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
