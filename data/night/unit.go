package night

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Metres is a distance as people write it: "400m", "15km", "0.5 km".
type Metres float64

// UnmarshalText reads a distance. A number alone is metres.
func (m *Metres) UnmarshalText(text []byte) error {
	s := strings.ToLower(strings.ReplaceAll(string(text), " ", ""))
	unit := 1.0
	if rest, ok := strings.CutSuffix(s, "km"); ok {
		s, unit = rest, 1000
	} else if rest, ok := strings.CutSuffix(s, "m"); ok {
		s = rest
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0) || math.IsInf(v, 0) {
		return fmt.Errorf("%q is not a distance such as 400m or 15km", text)
	}
	*m = Metres(v * unit)
	return nil
}

// Set and Type make Metres a flag.
func (m *Metres) Set(s string) error { return m.UnmarshalText([]byte(s)) }

func (m *Metres) Type() string { return "DISTANCE" }

// String writes the distance in the unit that reads best; UnmarshalText reads it
// back.
func (m Metres) String() string {
	if m >= 1000 {
		return strconv.FormatFloat(float64(m)/1000, 'f', -1, 64) + "km"
	}
	return strconv.FormatFloat(float64(m), 'f', -1, 64) + "m"
}

// Span is a length of time as people write it: "90m", "12h", "7d", "2w".
type Span time.Duration

// UnmarshalText reads a length of time. Days and weeks are 24 and 168 hours.
func (d *Span) UnmarshalText(text []byte) error {
	s := strings.ToLower(strings.ReplaceAll(string(text), " ", ""))
	for suffix, unit := range map[string]time.Duration{"d": 24 * time.Hour, "w": 168 * time.Hour} {
		rest, ok := strings.CutSuffix(s, suffix)
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(rest, 64)
		if err != nil || !(v >= 0) || v*float64(unit) > math.MaxInt64/2 {
			return fmt.Errorf("%q is not a length of time such as 12h or 7d", text)
		}
		*d = Span(math.Round(v * float64(unit)))
		return nil
	}
	v, err := time.ParseDuration(s)
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a length of time such as 12h or 7d", text)
	}
	*d = Span(v)
	return nil
}

// Set and Type make Span a flag.
func (d *Span) Set(s string) error { return d.UnmarshalText([]byte(s)) }

func (d *Span) Type() string { return "LENGTH" }

// String writes whole days as such, and UnmarshalText reads it back.
func (d Span) String() string {
	const day = Span(24 * time.Hour)
	if d >= day && d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	s := time.Duration(d).String() // 1h0m0s, 1m30s, 0s
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
