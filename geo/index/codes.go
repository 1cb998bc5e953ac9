package index

import (
	"sort"

	"spreewatch/geo/address"
)

// A codeTable holds postcode units and outcodes.
type codeTable struct {
	Unit     []uint32  // outcode << 13 | incode number, ascending
	Lon, Lat []Degree7 // of its middle
	Extent   []float32 // metres; 0 where not known
	Source   []uint32  // stringTable

	Out       []uint32          // stringTable, folded, ascending; number 0 is the empty outcode
	OutLon    []Degree7         // of the middle of its units, or of its places
	OutLat    []Degree7         // the same
	OutRadius []float32         // metres that hold most of its units, or its places
	OutSource []uint32          // stringTable
	OutOf     map[string]uint16 // derived, folded outcode
	strings   *stringTable      // derived
}

func (t *codeTable) finish() {
	t.OutOf = make(map[string]uint16, len(t.Out))
	for i, s := range t.Out {
		t.OutOf[t.strings.At(s)] = uint16(i)
	}
}

// Find returns the unit's number.
func (t *codeTable) Find(out uint16, in uint32) (int, bool) {
	return sort.Find(len(t.Unit), func(i int) int { return int(int64(uint32(out)<<13|in) - int64(t.Unit[i])) })
}

// Sector returns the half-open range of the units of an outcode that begin with
// the digit; an empty one for no digit.
func (t *codeTable) Sector(out uint16, digit byte) (from, to int) {
	if !address.IsDigit(digit) {
		return 0, 0
	}
	lo := uint32(out)<<13 | uint32(digit-'0')*26*26
	from = sort.Search(len(t.Unit), func(i int) bool { return t.Unit[i] >= lo })
	to = sort.Search(len(t.Unit), func(i int) bool { return t.Unit[i] >= lo+26*26 })
	return from, to
}
