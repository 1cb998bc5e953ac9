package layer

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Kind is what a property's values are.
type Kind string

// The kinds of property. A value of Local or UTC is text in that form.
const (
	Text   Kind = "text"
	Whole  Kind = "whole number"
	Number Kind = "number"
	Local  Kind = "local time" // 2026-11-22T10:05:00
	UTC    Kind = "UTC time"   // 2026-11-22T10:05:00Z
)

// A Column is one property of a layer, without its values.
type Column struct {
	Name  string
	Kind  Kind
	Label string // what people call it
	Means string // "" where the label says all
}

// A Field is a column and what a T has in it: a string, an int or a Decimal, as
// its Kind says, or nil where the value is not known.
type Field[T any] struct {
	Column
	Value func(T, Stamp) any
}

// A Stamp is what a layer's values take from the run rather than from the
// feature.
type Stamp struct {
	Zone       *time.Location // of the *_local properties
	RunID      string
	Marking    string
	Resolution int // H3, of an incident's cell

	hexagons map[geo.Cell]orb.Geometry // what hexagon made for the set, which one goroutine fills; nil keeps none
}

// text is a field of text, "" for not known.
func text[T any](name, label, means string, of func(T) string) Field[T] {
	return Field[T]{Column{name, Text, label, means}, func(v T, _ Stamp) any { return known(of(v)) }}
}

// whole is a field of whole numbers.
func whole[T any](name, label, means string, of func(T) int) Field[T] {
	return Field[T]{Column{name, Whole, label, means}, func(v T, _ Stamp) any { return of(v) }}
}

// number is a field of numbers with so many decimals, one that is not finite for
// not known.
func number[T any](name, label, means string, decimals int, of func(T) float64) Field[T] {
	return Field[T]{Column{name, Number, label, means}, func(v T, _ Stamp) any { return orNil(Round(of(v), decimals)) }}
}

// small is a field of numbers with six significant digits, for what may be very
// small and yet is not 0: a p-value, a risk.
func small[T any](name, label, means string, of func(T) float64) Field[T] {
	return Field[T]{Column{name, Number, label, means}, func(v T, _ Stamp) any { return orNil(Significant(of(v))) }}
}

// local is a field of wall times without an offset, because QGIS 3.22 drops one
// and would show the wrong hour; the zero time for not known.
func local[T any](name, label, means string, of func(T) time.Time) Field[T] {
	return Field[T]{Column{name, Local, label, means}, func(v T, s Stamp) any { return known(WallTime(of(v), s.Zone)) }}
}

// utc is a field of instants; the zero time for not known.
func utc[T any](name, label, means string, of func(T) time.Time) Field[T] {
	return Field[T]{Column{name, UTC, label, means}, func(v T, _ Stamp) any { return known(utcTime(of(v))) }}
}

// stamped ends the list of a layer's fields with the two that every layer has.
func stamped[T any](fields ...Field[T]) []Field[T] {
	return append(fields,
		Field[T]{Column{"run_id", Text, "Run", ""}, func(_ T, s Stamp) any { return s.RunID }},
		Field[T]{Column{"marking", Text, "Marking", ""}, func(_ T, s Stamp) any { return s.Marking }})
}

// WallTime writes the wall time of an instant without an offset, "" for the zero
// time. Such times sort as text.
func WallTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	s := t.In(zone).Format(time.RFC3339) // which costs a third of a layout of one's own
	if end, utc := strings.CutSuffix(s, "Z"); utc {
		return end
	}
	return s[:len(s)-len("+00:00")]
}

func utcTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// A Decimal is written with a decimal point even when it is whole. QGIS takes
// the type of a column from the values it meets, and must not make one night's
// column whole numbers and the next night's real.
type Decimal float64

// MarshalJSON writes the shortest form that reads back the same.
func (d Decimal) MarshalJSON() ([]byte, error) { return d.appendTo(nil), nil }

func (d Decimal) appendTo(b []byte) []byte {
	before := len(b)
	b = appendNumber(b, float64(d))
	if bytes.IndexByte(b[before:], '.') < 0 {
		b = append(b, ".0"...)
	}
	return b
}

// appendNumber appends the shortest digits that read back as the number, without an
// exponent. What has nine decimals at most, as nearly all that is written, is a whole
// number of billionths: where that has fifteen digits or fewer and over a billion gives
// the number again, no shorter digits do.
func appendNumber(b []byte, v float64) []byte {
	const scale, decimals, most = 1e9, 9, 1e15
	whole := math.Round(math.Abs(v) * scale)
	if !(whole < most) || whole/scale != math.Abs(v) || v == 0 {
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	if v < 0 {
		b = append(b, '-')
	}
	n := uint64(whole)
	b = strconv.AppendUint(b, n/scale, 10)
	rest := n % scale
	if rest == 0 {
		return b
	}
	var digits [decimals]byte
	last := 0
	for k := decimals - 1; k >= 0; k-- {
		digits[k] = byte('0' + rest%10)
		if rest /= 10; digits[k] != '0' {
			last = max(last, k)
		}
	}
	return append(append(b, '.'), digits[:last+1]...)
}

// Round returns x rounded to the decimals; ok is false where it is not finite.
func Round(x float64, decimals int) (d Decimal, ok bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, false
	}
	if r := Decimals(x, decimals); !math.IsInf(r, 0) {
		x = r
	}
	return Decimal(x + 0), true // + 0 turns -0 into 0
}

// Decimals rounds v to n decimals, so that what is printed does not depend on the
// last bits of a platform. It is not finite where v is not, or where v·10ⁿ is too great
// for a float64; -0 stays so.
func Decimals(v float64, n int) float64 {
	scale := math.Pow10(n)
	return math.Round(v*scale) / scale
}

// A Statistic that is NaN or infinite does not exist, and is written as null.
type Statistic float64

// MarshalJSON writes the shortest number that reads back the same.
func (n Statistic) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// Significant returns x rounded to six significant digits; ok is false where it
// is not finite.
func Significant(x float64) (d Decimal, ok bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, false
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	return Decimal(r), err == nil
}

// known returns s, or nil where it is empty.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orNil(d Decimal, ok bool) any {
	if !ok {
		return nil
	}
	return d
}
