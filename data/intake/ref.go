package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"

	"spreewatch/data"
)

// MakeRef returns a reference for a report that came without one, "R-" and ten
// hexadecimal digits made from its offence, location, event interval and
// coordinates. The same report gets the same reference from any file; letter
// case, punctuation and white space of the location do not count. An address
// cannot be read out of it.
func MakeRef(r data.Report) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(r.Offence))
	b.WriteByte(0)
	gap := false
	for _, c := range strings.ToLower(r.Location) {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(c)
		case c == '\'' || c == '’':
		default:
			gap = true
		}
	}
	b.WriteByte(0)
	b.WriteString(r.From.UTC().Format("2006-01-02T15:04:05"))
	b.WriteByte(0)
	b.WriteString(r.To.UTC().Format("2006-01-02T15:04:05"))
	if r.Point != nil && r.Location == "" {
		b.WriteByte(0)
		b.WriteString(strconv.FormatFloat(r.Point.Lon(), 'f', 7, 64))
		b.WriteByte(0)
		b.WriteString(strconv.FormatFloat(r.Point.Lat(), 'f', 7, 64))
	}
	sum := sha256.Sum256([]byte(b.String()))
	return "R-" + hex.EncodeToString(sum[:5])
}
