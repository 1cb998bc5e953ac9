package geo

import (
	"errors"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// A GridRef is a square of the National Grid as its letters and figures name it:
// "TG 123 456" is 100 m wide, "TG 1234 4567" 10 m, "TG 12345 45678" 1 m.
type GridRef struct {
	Easting, Northing float64 // of the south-west corner, metres
	SizeM             float64 // of the sides: 100, 10 or 1
}

var errGridRef = errors.New("not a grid reference")

// ParseGridRef reads two letters and 6, 8 or 10 figures, in either case, with blanks
// between them or none. Letters of no square of the National Grid, and figures that
// blanks cut unevenly, are an error.
func ParseGridRef(s string) (GridRef, error) {
	s = strings.TrimSpace(s)
	if len(s) < 8 || len(s) > 16 {
		return GridRef{}, errGridRef
	}
	column, row, ok := gridSquare(s[0], s[1])
	if !ok {
		return GridRef{}, errGridRef
	}
	parts := strings.Fields(s[2:])
	if len(parts) == 1 && len(parts[0])%2 == 0 {
		half := len(parts[0]) / 2
		parts = []string{parts[0][:half], parts[0][half:]}
	}
	if len(parts) != 2 || len(parts[0]) != len(parts[1]) || len(parts[0]) < 3 || len(parts[0]) > 5 {
		return GridRef{}, errGridRef
	}
	east, err := strconv.ParseUint(parts[0], 10, 32)
	north, err2 := strconv.ParseUint(parts[1], 10, 32)
	if err != nil || err2 != nil {
		return GridRef{}, errGridRef
	}
	size := 1.0
	for range 5 - len(parts[0]) {
		size *= 10
	}
	return GridRef{float64(column)*100_000 + float64(east)*size, float64(row)*100_000 + float64(north)*size, size}, nil
}

// gridSquare returns the column and the row of the square of 100 km that two letters
// name, counted from the false origin.
func gridSquare(first, second byte) (column, row int, ok bool) {
	a, okA := gridLetter(first)
	b, okB := gridLetter(second)
	// The first letter's squares of 500 km are counted from one 1,000 km west and
	// 500 km south of the origin; both run from the north-west in rows of five.
	column, row = (a%5-2)*5+b%5, (3-a/5)*5+4-b/5
	return column, row, okA && okB && column >= 0 && column < 7 && row >= 0 && row < 13
}

// gridLetter counts the letters without I, from 0.
func gridLetter(c byte) (int, bool) {
	c |= 0x20
	switch {
	case c < 'a' || c > 'z' || c == 'i':
		return 0, false
	case c > 'i':
		return int(c-'a') - 1, true
	}
	return int(c - 'a'), true
}

// Point returns the middle of the square.
func (g GridRef) Point() (orb.Point, error) {
	return FromGrid(g.Easting+g.SizeM/2, g.Northing+g.SizeM/2)
}

// String returns the reference with blanks, as ParseGridRef reads it.
func (g GridRef) String() string {
	const letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
	column, row := int(g.Easting)/100_000, int(g.Northing)/100_000
	a := (3-row/5)*5 + column/5 + 2
	b := (4-row%5)*5 + column%5
	width := 5
	for size := g.SizeM; size > 1; size /= 10 {
		width--
	}
	figures := func(v float64) string {
		s := strconv.Itoa(int(v) % 100_000 / int(g.SizeM))
		return strings.Repeat("0", max(0, width-len(s))) + s
	}
	return string(letters[a]) + string(letters[b]) + " " + figures(g.Easting) + " " + figures(g.Northing)
}
