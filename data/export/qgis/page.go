package qgis

import (
	"fmt"
	"math"
	"strings"
	"time"

	"spreewatch/cluster/patrol"
	"spreewatch/data"
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
func pageTexts(title string, m Map) []layoutText {
	down := legendGrowth(m)
	foot := strings.Join(append(m.owed(), "spreewatch run "+m.RunID), " · ") + ". Suggestions, not orders: reports are incomplete, and where police look they find more."
	return []layoutText{
		{ID: "marking-top", Text: m.Marking, X: 8, Y: 4, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: "title", Text: title, X: 8, Y: 10, W: 281, H: 9, Size: 16, Bold: true, Align: 1, VAlign: 128},
		{ID: "subtitle", Text: subtitle(m), X: 8, Y: 19, W: 281, H: 6, Size: 9.5, Align: 1, VAlign: 128},
		{ID: "actions", Text: whatToDo(m.Layers.Patrols.Items), X: 8, Y: 188.5, W: 223, H: 8, Size: 8, Align: 1, VAlign: 32},
		{ID: "list-head", Text: "First to do", X: 233, Y: 122 + down, W: 58, H: 6, Size: 10, Bold: true, Align: 1, VAlign: 128},
		{ID: "list", Text: firstToDo(m, 5-int(math.Ceil(down/9))) + firstNote(m.Notes), X: 233, Y: 128 + down, W: 58, H: 67 - down, Size: 7.5, Align: 1, VAlign: 32},
		{ID: "marking-bottom", Text: m.Marking, X: 8, Y: 197, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: "run", Text: foot, X: 8, Y: 203, W: 281, H: 5, Size: 7, Align: 4, VAlign: 128},
	}
}

// legendGrowth is by how many millimetres the legend is longer than the page was
// laid out for: a group for each further shift.
func legendGrowth(m Map) float64 {
	const group, spare = 17.0, 16.0 // of a shift; below the legend of one
	shifts := 0
	for _, g := range byShift(m, begun(m.Layers.Patrols)) {
		shifts += len(g.Layers)
	}
	return min(27, max(0, group*float64(shifts-1)-spare))
}

// whatToDo returns the action of the first suggestion, and of the first one of
// another offence where there is one: the page has room for two lines.
func whatToDo(suggestions []patrol.Suggestion) string {
	const room = 280 // characters, in two lines
	var lines []string
	seen := make(map[string]bool)
	for _, s := range suggestions {
		if s.Action == "" || seen[s.Offence] || len(lines) == 2 {
			continue
		}
		seen[s.Offence] = true
		lines = append(lines, s.Offence+": "+s.Action)
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
func subtitle(m Map) string {
	parts := []string{data.Count(m.Layers.Patrols.Len(), "patrol suggestion"), data.Count(m.Layers.Sprees.Len(), "spree")}
	if m.Trust != "" {
		parts = append(parts, m.Trust)
	}
	return strings.Join(parts, " · ")
}

// firstToDo lists the first suggestions by rank, as many as the page has room
// for.
func firstToDo(m Map, room int) string {
	suggestions := m.Layers.Patrols.Items
	var b strings.Builder
	for i, s := range suggestions {
		if i == room {
			fmt.Fprintf(&b, "and %d more on the map", len(suggestions)-room)
			break
		}
		fmt.Fprintf(&b, "%d  %s\n     %s, %s–%s\n     %s of %.0f min\n", s.Rank, s.PlaceName, s.Shift, clock(s.Band.Start, m.Zone), clock(s.Band.End, m.Zone),
			data.Count(s.Visits, "visit"), s.Dwell.Minutes())
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
func clock(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "?"
	}
	return t.In(zone).Format("15:04")
}
