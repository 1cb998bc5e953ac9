package page

import (
	"strings"
	"testing"
	"unicode"

	"github.com/paulmach/orb"
)

var body = New(`<h1>{{.Heading}}</h1>{{template "drawing" .Map}}{{template "pairs" .Facts}}`)

func write(t *testing.T, s Shell, heading string) string {
	t.Helper()
	d := Drawing{ID: "map", W: 100, H: 50, Title: heading, Words: "what it shows"}
	d.Rect("ground", 0, 0, 100, 50)
	d.Add(Shape{Kind: "circle", Class: "incident", X: Px(1.26), Y: Px(-0.01), R: "3", Text: heading})
	d.Add(Shape{Kind: "path", Class: "axis", D: "M0 0H10"})
	d.Write("tick", 5, 5, "start", heading)
	var b strings.Builder
	if err := Write(&b, s, body, struct {
		Heading string
		Map     Drawing
		Facts   []Pair
	}{heading, d, []Pair{{heading, "a fact"}}}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What comes from outside is text on every place; what comes from us is allowed by
// its hash and by nothing else.
func TestWrite(t *testing.T) {
	s := Shell{Title: "Page </title><script>", Marking: "OFFICIAL <b>", RunID: "r-1", Style: ".own { color: #000; }", Script: "document.body.id = 'run';"}
	got := write(t, s, "<script>alert(1)</script>")
	if n := strings.Count(got, "<script"); n != 1 || !strings.Contains(got, "<script>document.body.id = 'run';</script>") {
		t.Errorf("%d scripts, want our own", n)
	}
	for _, part := range []string{
		"style-src " + attribute(hash(style+s.Style)), "script-src " + attribute(hash(s.Script)), "default-src &#39;none&#39;",
		`<circle class="incident" cx="1.3" cy="0" r="3"><title>&lt;script&gt;`, `<rect class="ground" x="0" y="0" width="100" height="50">`,
		`<path class="axis" d="M0 0H10"/>`, `<desc id="map-words">what it shows</desc>`, "<dd><bdi>a fact</bdi></dd>", ".own { color: #000; }</style>",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s", part)
		}
	}
	if n := strings.Count(got, `<p class="marking"><bdi>OFFICIAL &lt;b&gt;</bdi></p>`); n != 2 {
		t.Errorf("%d markings, want one above and one below", n)
	}
	if !Is(got[:4096]) || Is("<!DOCTYPE html><meta name=\"generator\" content=\"another\">") {
		t.Error("a page is not told by its beginning")
	}
	if got := write(t, Shell{Marking: "M"}, "x"); strings.Contains(got, "script") {
		t.Error("a page without a script allows one")
	}
}

// attribute is text as the template writes it into an attribute.
func attribute(s string) string {
	return strings.NewReplacer("'", "&#39;", "+", "&#43;").Replace(s)
}

func TestFrame(t *testing.T) {
	// a degree of longitude at 60° north is half as long as one of latitude
	b := orb.Bound{Min: orb.Point{0, 59.5}, Max: orb.Point{2, 60.5}}
	f := NewFrame(b, 200, 200)
	if x, y := f.At(orb.Point{1, 60}); x != 100 || y != 100 {
		t.Errorf("the middle is at %v, %v", x, y)
	}
	west, south := f.At(b.Min)
	east, north := f.At(b.Max)
	if w, h := east-west, south-north; w < 199 || w > 201 || h < 199 || h > 201 {
		t.Errorf("%v wide and %v high, want a square", w, h)
	}
	if got := f.Metres(111_195); got < 199 || got > 201 { // about a degree of latitude
		t.Errorf("a degree is %v pixels", got)
	}
	ring := orb.Ring{{0, 59.5}, {2, 59.5}, {2, 60.5}, {0, 59.5}}
	one := f.Path(orb.Polygon{ring})
	if strings.Count(one, "M") != 1 || strings.Count(one, "L") != 2 || !strings.HasSuffix(one, "Z") {
		t.Errorf("a triangle is %s", one)
	}
	if two := f.Path(orb.MultiPolygon{{ring}, {ring}}); two != one+one {
		t.Errorf("two are %s", two)
	}
}

// What a drawing shows reaches as far beyond the fitted bound as there is room, and
// lines run open.
func TestFrameOfLines(t *testing.T) {
	f := NewFrame(orb.Bound{Min: orb.Point{0, -0.5}, Max: orb.Point{2, 0.5}}, 200, 200)
	b := f.Bound(200, 300)
	x, y := f.At(b.Min)
	if x < -0.1 || x > 0.1 || y < 299.9 || y > 300.1 {
		t.Errorf("the lower left corner is at %v, %v", x, y)
	}
	if x, y := f.At(b.Max); x < 199.9 || x > 200.1 || y < -0.1 || y > 0.1 {
		t.Errorf("the upper right corner is at %v, %v", x, y)
	}
	line := orb.LineString{{0, 0}, {1, 0}, {2, 0}}
	if got := f.Path(line); got != "M0 100L100 100L200 100" {
		t.Errorf("a line is %s", got)
	}
	if got := f.Path(orb.MultiLineString{line, line[1:]}); got != "M0 100L100 100L200 100M100 100L200 100" {
		t.Errorf("two are %s", got)
	}
}

func TestCut(t *testing.T) {
	if got := Cut("Ærøskøbing", 5); got != "Ærøs…" {
		t.Errorf("%q", got)
	}
	if got := Cut("Ærø", 3); got != "Ærø" {
		t.Errorf("%q", got)
	}
}

// No character of a text commands the terminal that shows the file, and none that
// turns the direction of writing reaches out of its own place.
func TestControlCharacters(t *testing.T) {
	got := write(t, Shell{Title: "a\x1b[31mb", Marking: "\x07c"}, "d\u009be\tf\ng \u202eh")
	for _, r := range got {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\n", r) {
			t.Fatalf("%U is in the page", r)
		}
	}
	for _, part := range []string{"a\ufffd[31mb", "<bdi>\ufffdc</bdi>", "<bdi>d\ufffde\tf\ng \u202eh</bdi>"} {
		if !strings.Contains(got, part) {
			t.Errorf("no %q", part)
		}
	}
}
