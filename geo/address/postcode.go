package address

import "strings"

// IncodeNumber numbers a folded incode, such as "1aa", from 0 to 6759.
func IncodeNumber[T string | []byte](in T) (uint32, bool) {
	if len(in) != 3 || !IsDigit(in[0]) || !isIncodeLetter(in[1]) || !isIncodeLetter(in[2]) {
		return 0, false
	}
	return uint32(in[0]-'0')*26*26 + uint32(in[1]-'a')*26 + uint32(in[2]-'a'), true
}

// isIncodeLetter leaves out the letters that no incode has (Royal Mail, PAF
// Programmers' Guide).
func isIncodeLetter(c byte) bool {
	return 'a' <= c && c <= 'z' && !strings.ContainsRune("cikmov", rune(c))
}

// IncodeText returns the incode of a number of IncodeNumber in capitals, such as
// "1AA".
func IncodeText(n uint32) string {
	return string([]byte{byte('0' + n/(26*26)), byte('A' + n/26%26), byte('A' + n%26)})
}

// postcodeAreas are the 124 letters that begin a British postcode, the Crown
// dependencies included.
const postcodeAreas = " ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec eh en ex " +
	"fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw " +
	"ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze "

// IsOutcode reports whether the folded word is shaped like an outcode of a known
// area: one or two letters, a digit, and perhaps a digit or letter.
func IsOutcode[T string | []byte](w T) bool {
	n := 0
	for n < len(w) && 'a' <= w[n] && w[n] <= 'z' {
		n++
	}
	if n < 1 || n > 2 || len(w) < n+1 || len(w) > n+2 || !IsDigit(w[n]) {
		return false
	}
	if len(w) == n+2 && !IsDigit(w[n+1]) && !('a' <= w[n+1] && w[n+1] <= 'z') {
		return false
	}
	return isPostcodeArea(string(w[:n]))
}

func isPostcodeArea(area string) bool {
	i := areaNumber(area)
	return areaSet[i>>6]&(1<<(i&63)) != 0
}

// areaSet has a bit for each postcode area.
var areaSet = func() (set [12]uint64) {
	for area := range strings.FieldsSeq(postcodeAreas) {
		i := areaNumber(area)
		set[i>>6] |= 1 << (i & 63)
	}
	return set
}()

// areaNumber numbers one or two letters from 0 to 701.
func areaNumber(area string) uint {
	n := uint(area[0] - 'a')
	if len(area) == 2 {
		n = 26 + n*26 + uint(area[1]-'a')
	}
	return n
}
