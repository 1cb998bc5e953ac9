package briefing

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

// hostile is a name that would be code to whoever reads it as such.
const hostile = `<script>alert(1)</script> [% 6*7 %] =cmd() "' & ` + "\u202eevil\x1b[31m"

// pageFor is a page of one spree of four incidents, two suggestions of one area in
// two shifts, and one decision.
func pageFor(t *testing.T, analyst bool, name string) Page {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 9, 16, 9, 0, 0, 0, time.UTC) // 10:00 in London
	c, err := geo.CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	p := Page{AsOf: from.Add(16 * time.Hour), Zone: zone, RunID: "r-1", Marking: "OFFICIAL " + name, Analyst: analyst, Notes: []string{"note " + name}, Budget: "budget " + name,
		Levels:   []Level{{geo.LevelStreet, 3}, {geo.LevelPlace, 1}},
		Quality:  Quality{Precise: 3, Sure: 2, Reports: 4, Rate: new(float64), Line: 0.85},
		Review:   []Decision{{Source: name, Line: 7, Offence: name, Level: geo.LevelPlace, Reason: "not found"}},
		Settings: []page.Pair{{Name: "dwell", Text: name}}, Sources: []page.Pair{{Name: name, Text: "137 names"}}, Inputs: []page.Pair{{Name: name, Text: "4 reports"}}}
	*p.Quality.Rate = 0.75
	spree := cluster.Spree{ID: "s", Status: cluster.StatusNew, Offence: name, Zone: []geo.Cell{c}, Centre: c.Centre(), RadiusM: 2000,
		Window: cluster.Window{Start: from, End: from.Add(4 * time.Hour)}, Places: []string{name, "Dereham"}, Confidence: .9}
	for i := range 4 {
		in := layer.Incident{Incident: new(cluster.Incident), Member: &layer.Membership{SpreeID: "s"}}
		in.ID, in.Offence, in.PlaceName, in.Level, in.RadiusM = fmt.Sprintf("REF-%d", i), name, name, geo.LevelStreet, 250
		in.Point = orb.Point{0.9333 + 0.01*float64(i), 52.6833}
		in.From = cluster.At(from.Add(time.Duration(i) * time.Hour))
		in.To = in.From
		if i == 3 { // half in the hour from 13:00, half in the next
			in.From, in.To = cluster.At(from.Add(3*time.Hour+30*time.Minute)), cluster.At(from.Add(4*time.Hour+30*time.Minute))
		}
		p.Incidents = append(p.Incidents, in)
		spree.Incidents = append(spree.Incidents, in.ID)
	}
	var suggestions []patrol.Suggestion
	for i, shift := range []string{"early", "late"} {
		start := from.Add(time.Duration(24+6*i) * time.Hour)
		suggestions = append(suggestions, patrol.Suggestion{ID: shift, Rank: i + 1, SpreeID: "s", Offence: name, PlaceName: name, Streets: []string{"Mill Lane", "Norwich Road"}, Cell: c, Area: []geo.Cell{c},
			Shift: shift, Band: cluster.Window{Start: start, End: start.Add(2 * time.Hour)}, Visits: 3, Dwell: 15 * time.Minute, Priority: "high",
			Reason: "reason " + name, Action: "action " + name, Unit: map[bool]string{true: "K1"}[i == 0]})
	}
	stamp := layer.Stamp{Zone: zone, Resolution: 9}
	if p.Layers, err = layer.Fill(layer.Contents{Suggestions: suggestions, Sprees: []cluster.Spree{spree}, Analyst: analyst}, stamp); err != nil {
		t.Fatal(err)
	}
	p.Layers, err = p.Layers.On(layer.Ground{
		Land:        []orb.Polygon{{{{0, 52}, {0.95, 52}, {0.95, 53}, {0, 53}, {0, 52}}}}, // the sea begins east of 0.95°
		Settlements: []layer.Settlement{{Name: name, Point: c.Centre()}, {Name: "Far away", Point: orb.Point{5, 5}}},
		Roads: []data.Line{{Class: data.ClassTrunk, Points: orb.LineString{{0.9, 52.6}, {1, 52.7}}},
			{Class: data.ClassStreet, Points: orb.LineString{{0.933, 52.683}, {0.934, 52.684}}}, {Class: data.ClassTrunk, Points: orb.LineString{{3, 50}, {4, 50}}}},
	}, stamp)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func write(t *testing.T, p Page) string {
	t.Helper()
	var b strings.Builder
	if err := Write(t.Context(), &b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Thousands of sprees take more than a second: no page is begun for who has stopped.
func TestWriteStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var b strings.Builder
	if err := Write(ctx, &b, pageFor(t, true, "Necton")); !errors.Is(err, context.Canceled) || b.Len() > 0 {
		t.Errorf("error %v, %d bytes written", err, b.Len())
	}
}

func TestPage(t *testing.T) {
	got := write(t, pageFor(t, true, "Necton"))
	for _, part := range []string{
		"<li><bdi>Sprees: 1 new (Necton of 4 around Necton and Dereham).</bdi></li>",
		"<li><bdi>Incidents of the last 24 hours: 4, 4 of them in a spree. 1 line for a person to decide.</bdi></li>",
		"<li><bdi>Patrols: 2 suggestions, 2 of high priority; first to do is Necton, Thu 17 Sep 10:00–12:00.</bdi></li>",
		"<caption>Shift early</caption>", "<caption>Shift late</caption>", `<td data-head="Unit"><bdi>K1</bdi></td>`,
		"<b>Why:</b> <bdi>reason Necton</bdi>", "<b>What to do:</b> <bdi>action Necton</bdi>",
		// 0.01° of longitude at 52.6833° north is 674 m, and three of it 2.0 km
		"670 m to the nearest other one (median), 2.0 km at most",
		"3 of 4 reports were located to a street or better, 75.0 %: under the line of 85 %",
		"Patrol areas by rank: 1, 2 at Necton.", `id="map-1-words"`, `id="hours-1-words"`, "REF-3",
		"<title>Wed 16 Sep 13:00–14:00: 0.5</title>", // the half of a span
		"not put to a test",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q", part)
		}
	}
	if n := strings.Count(got, `<p class="marking"><bdi>OFFICIAL Necton</bdi></p>`); n != 2 {
		t.Errorf("%d markings, want one at the top and one at the foot of every page", n)
	}
	if !page.Is(got[:4096]) {
		t.Error("the page is not known by its beginning")
	}
}

// The map has its land, its roads and its names, so far as they are on it.
func TestGround(t *testing.T) {
	got := write(t, pageFor(t, true, "Necton"))
	for part, want := range map[string]int{`class="sea"`: 1, `class="land"`: 1, `class="road"`: 1, `class="dot"`: 1, ">Far away<": 0} {
		if n := strings.Count(got, part); n != want {
			t.Errorf("%s stands %d times, want %d", part, n, want)
		}
	}
}

// A supervisor gets no reference, no single incident and no text.
func TestSupervisor(t *testing.T) {
	got := write(t, pageFor(t, false, "Necton"))
	for _, part := range []string{"REF-", "Its incidents", "As written", `class="incident"`, `class="span"`} {
		if strings.Contains(got, part) {
			t.Errorf("a supervisor gets %q", part)
		}
	}
}

// Text from outside is text on every place of the page.
func TestTextIsText(t *testing.T) {
	plain := regexp.MustCompile(`<[a-z/!][^>]*>`).FindAllString(write(t, pageFor(t, true, "x")), -1)
	got := write(t, pageFor(t, true, hostile))
	if strings.Count(got, "<script") != 1 || strings.Contains(got, "alert(1)</script>") {
		t.Error("a script is on the page")
	}
	if tags := regexp.MustCompile(`<[a-z/!][^>]*>`).FindAllString(got, -1); len(tags) > len(plain)+8 { // a longer name is drawn in fewer places, never in more tags
		t.Errorf("%d tags, and %d with a plain name", len(tags), len(plain))
	}
	for _, tag := range regexp.MustCompile(`<[a-z/!][^>]*>`).FindAllString(got, -1) {
		if strings.HasPrefix(tag, "<output") {
			continue
		}
		if regexp.MustCompile(`\son[a-z]+=|\ssrc=|\shref=|\sstyle=`).MatchString(tag) {
			t.Errorf("%s asks for something", tag)
		}
	}
}

// The page asks for nothing, and all its scripts are its own.
func TestAsksForNothing(t *testing.T) {
	got := write(t, pageFor(t, true, "Necton"))
	if n := strings.Count(got, "<script>"); n != 1 || !strings.Contains(got, "<script>"+script+"</script>") {
		t.Errorf("%d scripts, want our own", n)
	}
	for _, part := range []string{"http://", "https://", "url(", "@import", "<link", "<img"} {
		if strings.Contains(got, part) {
			t.Errorf("the page holds %s", part)
		}
	}
	for _, part := range []string{`data-of="map-1 hours-1" data-labels="up to Wed 16 Sep 11:00|`, `max="4"`, `data-step="3"`, "<b>Streets:</b> <bdi>Mill Lane, Norwich Road</bdi>", "The budget of false alerts"} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s", part)
		}
	}
}

func TestNothing(t *testing.T) {
	set, err := layer.Fill(layer.Contents{}, layer.Stamp{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	got := write(t, Page{AsOf: time.Date(2026, 1, 1, 2, 0, 0, 0, time.UTC), Zone: time.UTC, RunID: "r", Marking: "M", Layers: set})
	for _, part := range []string{"Sprees: none.", "Patrols: none is suggested.", "No spree was found.", "There were no reports to locate."} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q", part)
		}
	}
}

func TestDistance(t *testing.T) {
	for m, want := range map[float64]string{3: "10 m", 674: "670 m", 994: "990 m", 995: "1.0 km", 2022: "2.0 km", 9949: "9.9 km", 18600: "19 km"} {
		if got := distance(m); got != want {
			t.Errorf("%v m is %q, want %q", m, got, want)
		}
	}
}
