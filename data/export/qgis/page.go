package qgis

import (
	"cmp"
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
	Page       int     // from 0, the map's
	X, Y, W, H float64 // millimetres from the upper left corner of the page
	Size       float64 // points
	Bold       bool
	Align      int // Qt: 1 left, 4 centre
	VAlign     int // Qt: 32 top, 128 middle
}

// pageStep is how far one page of the layout begins under the one before: an A4
// sheet on its side and a gap.
const pageStep = 220.0

// OnAll is where the text stands on the whole of the pages.
func (t layoutText) OnAll() float64 { return t.Y + float64(t.Page)*pageStep }

// A tableColumn is a column of the printed table.
type tableColumn struct {
	head string
	x, w float64
	text func(m Map, s patrol.Suggestion) string
}

var tableColumns = []tableColumn{
	{"Rank", 8, 10, func(_ Map, s patrol.Suggestion) string { return fmt.Sprint(s.Rank) }},
	{"Where, and its streets", 19, 68, func(_ Map, s patrol.Suggestion) string {
		where := cmp.Or(s.PlaceName, "Place not named")
		if len(s.Streets) > 0 {
			where += ": " + strings.Join(s.Streets, ", ")
		}
		return where
	}},
	{"When, how long", 90, 36, func(m Map, s patrol.Suggestion) string {
		return fmt.Sprintf("%s\n%s–%s, %s of %.0f min", s.Band.Start.In(m.Zone).Format("Mon 2 Jan"), clock(s.Band.Start, m.Zone), clock(s.Band.End, m.Zone), data.Count(s.Visits, "visit"), s.Dwell.Minutes()) + before("\n", s.Unit)
	}},
	{"Why", 129, 82, func(_ Map, s patrol.Suggestion) string { return s.Reason }},
	{"What to do", 214, 75, func(m Map, s patrol.Suggestion) string {
		if s.Expires.IsZero() {
			return s.Action
		}
		return s.Action + " Stop acting on it at " + s.Expires.In(m.Zone).Format("Mon 2 Jan 15:04") + "."
	}},
}

// before puts words before a text that is there.
func before(words, text string) string {
	if text == "" {
		return ""
	}
	return words + text
}

const (
	tableSize      = 8.0 // points
	tableLine      = 3.7 // millimetres of a line
	tableLetter    = 1.62
	tableTop       = 30.0
	tableBottom    = 192.0
	tableMostLines = 16 // of a cell; a text that is longer is cut, so that every row fits a page
)

// tableTexts are the pages after the map's: what to do by rank, as many pages as it
// takes, each with the marking.
func tableTexts(title string, m Map) []layoutText {
	var out []layoutText
	page, y := 0, tableBottom
	for _, s := range m.Layers.Patrols.Items {
		var cells []string
		height := 0.0
		for _, c := range tableColumns {
			room := int(c.w / tableLetter) // characters of a line
			text := cut(c.text(m, s), room*tableMostLines)
			lines := 0
			for _, part := range strings.Split(text, "\n") {
				lines += 1 + len([]rune(part))/room
			}
			cells = append(cells, text)
			height = max(height, float64(lines)*tableLine+2)
		}
		if y+height > tableBottom {
			page++
			y = tableTop
			out = append(out, tableFrame(page, title, m)...)
		}
		for i, c := range tableColumns {
			out = append(out, layoutText{ID: fmt.Sprintf("row-%d-%d", s.Rank, i), Text: cells[i], Page: page, X: c.x, Y: y, W: c.w, H: height, Size: tableSize, Bold: i == 0, Align: 1, VAlign: 32})
		}
		y += height
	}
	return out
}

// tableFrame is what stands around the table of one page.
func tableFrame(page int, title string, m Map) []layoutText {
	id := func(name string) string { return fmt.Sprintf("%s-%d", name, page) }
	out := []layoutText{
		{ID: id("marking-top"), Text: m.Marking, Page: page, X: 8, Y: 4, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: id("title"), Text: fmt.Sprintf("%s: what to do, page %d", title, page), Page: page, X: 8, Y: 11, W: 281, H: 9, Size: 14, Bold: true, Align: 1, VAlign: 128},
		{ID: id("marking-bottom"), Text: m.Marking, Page: page, X: 8, Y: 197, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: id("run"), Text: "spreewatch run " + m.RunID, Page: page, X: 8, Y: 203, W: 281, H: 5, Size: 7, Align: 4, VAlign: 128},
	}
	for i, c := range tableColumns {
		out = append(out, layoutText{ID: id(fmt.Sprintf("head-%d", i)), Text: c.head, Page: page, X: c.x, Y: 22, W: c.w, H: 6, Size: 9, Bold: true, Align: 1, VAlign: 128})
	}
	return out
}

// pageTexts returns what the page says around the map.
func pageTexts(title string, m Map) []layoutText {
	down := legendGrowth(m)
	const footRoom = 640 // characters: three lines
	foot := cut("Suggestions, not orders: reports are incomplete, and where police look they find more. spreewatch run "+m.RunID+" · "+strings.Join(m.owed(), " · "), footRoom)
	return []layoutText{
		{ID: "marking-top", Text: m.Marking, X: 8, Y: 4, W: 281, H: 6, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: "title", Text: title, X: 8, Y: 10, W: 221, H: 9, Size: 16, Bold: true, Align: 1, VAlign: 128},
		{ID: "subtitle", Text: subtitle(m), X: 8, Y: 19, W: 221, H: 6, Size: 9.5, Align: 1, VAlign: 128},
		{ID: "actions", Text: whatToDo(m.Layers.Patrols.Items), X: 8, Y: 187.8, W: 223, H: 7, Size: 8, Align: 1, VAlign: 32},
		{ID: "list-head", Text: "First to do", X: 233, Y: 122 + down, W: 58, H: 6, Size: 10, Bold: true, Align: 1, VAlign: 128},
		{ID: "list", Text: firstToDo(m, 5-int(math.Ceil(down/9))) + firstNote(m.Notes), X: 233, Y: 128 + down, W: 58, H: 67 - down, Size: 7.5, Align: 1, VAlign: 32},
		{ID: "marking-bottom", Text: m.Marking, X: 8, Y: 194.6, W: 281, H: 5, Size: 11, Bold: true, Align: 4, VAlign: 128},
		{ID: "run", Text: foot, X: 8, Y: 199.5, W: 281, H: 8.5, Size: 6, Align: 4, VAlign: 32}, // printers leave the last millimetres blank
	}
}

// legendGrowth is by how many millimetres the legend is longer than the page was
// laid out for: a group for each further shift.
func legendGrowth(m Map) float64 {
	const group, spare = 17.0, 16.0 // of a shift; below the legend of one
	const title, unit = 6.0, 5.0    // of the units; of each
	shifts := len(byShift(m, begun(m.Layers.Patrols), begun(m.Layers.Stops), begun(m.Layers.Routes)))
	grown := group * float64(shifts-1)
	if n := len(unitsOf(m.Layers.Routes.Items)); n > 0 {
		grown += title + unit*float64(n)
	}
	return min(27, max(0, grown-spare))
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
			fmt.Fprintf(&b, "and %d more on the next page", len(suggestions)-room)
			break
		}
		fmt.Fprintf(&b, "%d  %s\n     %s, %s–%s\n     %s of %.0f min\n", s.Rank, cmp.Or(s.PlaceName, "place not named"), s.Shift, clock(s.Band.Start, m.Zone), clock(s.Band.End, m.Zone),
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
