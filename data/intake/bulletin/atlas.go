package bulletin

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/unicode/norm"

	"spreewatch/geo"
	"spreewatch/geo/address"
)

// atlasFile is packed by .ci/atlas from the postal codes of GeoNames (CC-BY 4.0) and a
// list of regions: a name in each line, as NameKey makes it, then a square of a tenth of
// a degree, "526,15", for each settlement of that name, then "=" where a region has it.
//
//go:embed atlas.gz
var atlasFile []byte

// A known is what the atlas knows of a name.
type known struct {
	settlement, region bool
	short              bool // of a longer name: Dereham for East Dereham
	squares            []square
}

// A square is the middle of a tenth of a degree either way.
type square struct{ lat, lon int16 }

func (s square) point() orb.Point { return orb.Point{float64(s.lon) / 10, float64(s.lat) / 10} }

// atlas holds the names of settlements of Great Britain and of regions, by their keys.
// A settlement of two or more words is known by its first too where a small word joins
// them, "Gorleston" for Gorleston-on-Sea, and by those behind a direction, "Dereham".
var atlas = sync.OnceValue(func() map[string]known {
	z, err := gzip.NewReader(bytes.NewReader(atlasFile))
	if err != nil {
		panic(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	out := make(map[string]known, bytes.Count(raw, []byte("\n"))*5/4)
	for line := range strings.Lines(string(raw)) {
		name, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		k := out[name]
		k.short = k.short && rest == "="
		for cell := range strings.SplitSeq(rest, "\t") {
			if cell == "=" {
				k.region = true
				continue
			}
			lat, lon, _ := strings.Cut(cell, ",")
			y, _ := strconv.Atoi(lat)
			x, _ := strconv.Atoi(lon)
			k.settlement, k.squares = true, append(k.squares, square{int16(y), int16(x)})
		}
		out[name] = k
		if short := shortName(name); short != "" && k.settlement && (!out[short].settlement || out[short].short) {
			s := out[short]
			s.settlement, s.short, s.squares = true, true, append(s.squares, k.squares...)
			out[short] = s
		}
	}
	return out
})

// shortName returns the short form of the name of a settlement, "" for none.
func shortName(name string) string {
	if !strings.Contains(name, " ") {
		return ""
	}
	words := strings.Fields(name)
	switch words[1] {
	case "on", "in", "by", "next", "upon", "under", "le", "cum":
		if len(words) > 2 && len(words[0]) > 3 && !directions[words[0]] {
			return words[0]
		}
	}
	if len(words) == 2 && len(words[1]) > 5 && (directions[words[0]] || words[0] == "royal") {
		return words[1]
	}
	return ""
}

// isRegion reports whether a name is that of a county, a state or a nation and of no
// settlement.
func isRegion(name string) bool {
	k := atlas()[NameKey(name)]
	return k.region && !k.settlement || address.IsCounty(strings.ToLower(name))
}

// NameKey returns a name as the atlas has it: in lower case, without accents and
// apostrophes, "st" for saint, words parted by single spaces.
func NameKey(name string) string {
	var b strings.Builder
	gap := false
	if !ascii(name) {
		name = norm.NFD.String(name)
	}
	for _, r := range name {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’' || r == '.' || unicode.Is(unicode.Mn, r):
		default:
			gap = true
		}
	}
	s := b.String()
	if strings.Contains(s, "saint") {
		words := strings.Fields(s)
		for i, w := range words {
			if w == "saint" {
				words[i] = "st"
			}
		}
		s = strings.Join(words, " ")
	}
	return s
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// apart returns how far two names are from each other on the ground, in kilometres, at
// their nearest, to about ten; +Inf where the atlas knows one of them not.
func (k known) apart(other known) float64 {
	least := math.Inf(1)
	for _, a := range k.squares {
		for _, b := range other.squares {
			least = min(least, geo.Distance(a.point(), b.point())/1000)
		}
	}
	return least
}
