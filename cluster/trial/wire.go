package trial

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"maps"
	"math"
	"slices"
	"time"
)

// A wire is the binary form of a part: one list of its fields both writes and reads it,
// so that the two cannot come apart. The form is a line that says what it is, the fields
// one after the other, and a CRC-32C (Castagnoli) of all that. Whole numbers are varints,
// floats their eight bytes, so that NaN and −0 stay what they were; a text is written
// where it first stands, and after that as its number. The same value gives the same bytes.
//
// No length is trusted: who reads what is broken or cut short has an error, and never
// more in memory than a few hundred times the bytes.
type wire struct {
	reading bool
	b       []byte // written, or still to be read
	err     error  // the first; nothing is read after it
	texts   []string
	numbers map[string]int // of texts
}

// castagnoli is the table of the CRC-32C that closes the form.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errBroken = errors.New("it is damaged or of another version")

// pack writes the fields under a line that says what they are of.
func pack(title string, fields func(w *wire)) []byte {
	w := &wire{b: []byte(title), numbers: map[string]int{}}
	fields(w)
	return binary.LittleEndian.AppendUint32(w.b, crc32.Checksum(w.b, castagnoli))
}

// unpack reads the fields that pack wrote under the line, up to the end of the bytes.
func unpack(title string, b []byte, fields func(w *wire)) error {
	n := len(b) - 4
	if n < len(title) || string(b[:len(title)]) != title || crc32.Checksum(b[:n], castagnoli) != binary.LittleEndian.Uint32(b[n:]) {
		return errBroken
	}
	w := &wire{reading: true, b: b[len(title):n]}
	fields(w)
	if w.err == nil && len(w.b) > 0 {
		w.fail()
	}
	return w.err
}

// fail says that what is read means nothing.
func (w *wire) fail() {
	if w.err == nil {
		w.err = errBroken
	}
	w.b = nil
}

// take returns the next n bytes, nil where there are fewer.
func (w *wire) take(n int) []byte {
	if w.err != nil || n > len(w.b) {
		w.fail()
		return nil
	}
	out := w.b[:n]
	w.b = w.b[n:]
	return out
}

func (w *wire) whole64(x *int64) {
	if !w.reading {
		w.b = binary.AppendVarint(w.b, *x)
		return
	}
	v, n := binary.Varint(w.b)
	if n <= 0 {
		w.fail()
		return
	}
	w.b, *x = w.b[n:], v
}

// whole is a whole number of any type.
func whole[T ~int | ~int64](w *wire, x *T) {
	v := int64(*x)
	w.whole64(&v)
	*x = T(v)
}

func (w *wire) flag(x *bool) {
	v := 0
	if *x {
		v = 1
	}
	whole(w, &v)
	if *x = v == 1; v>>1 != 0 {
		w.fail()
	}
}

// word is 64 bits, of a float or a hash.
func (w *wire) word(x *uint64) {
	if !w.reading {
		w.b = binary.LittleEndian.AppendUint64(w.b, *x)
		return
	}
	if b := w.take(8); b != nil {
		*x = binary.LittleEndian.Uint64(b)
	}
}

func (w *wire) floats(x ...*float64) {
	for _, f := range x {
		v := math.Float64bits(*f)
		w.word(&v)
		*f = math.Float64frombits(v)
	}
}

// text is a string of any type: its number among those before it, or that of a new one
// and then its length and bytes.
func text[T ~string](w *wire, x *T) {
	k, known := len(w.texts), false
	if !w.reading {
		if k, known = w.numbers[string(*x)]; !known {
			k = len(w.numbers)
			w.numbers[string(*x)] = k
		}
	}
	whole(w, &k)
	n := len(*x)
	switch {
	case w.reading && k >= 0 && k < len(w.texts):
		*x = T(w.texts[k])
	case w.reading && k != len(w.texts):
		w.fail()
	case w.reading:
		if whole(w, &n); n < 0 {
			w.fail()
			return
		}
		*x = T(w.take(n))
		w.texts = append(w.texts, string(*x))
	case !known:
		whole(w, &n)
		w.b = append(w.b, *x...)
	}
}

// moments are instants to the nanosecond, in UTC once they are read.
func (w *wire) moments(x ...*time.Time) {
	for _, t := range x {
		seconds, rest := t.Unix(), int64(t.Nanosecond())
		w.whole64(&seconds)
		w.whole64(&rest)
		if rest < 0 || rest >= int64(time.Second) {
			w.fail()
		}
		if w.reading {
			*t = time.Unix(seconds, rest).UTC()
		}
	}
}

// there is whether a pointer has something to point to.
func there[T any](w *wire, x **T, fields func(*T)) {
	is := *x != nil
	if w.flag(&is); !is {
		return
	}
	if w.reading {
		*x = new(T)
	}
	fields(*x)
}

// list is a slice, nil apart from empty.
func list[T any](w *wire, x *[]T, each func(*T)) {
	n := len(*x) + 1
	if *x == nil {
		n = 0
	}
	whole(w, &n)
	if !w.reading {
		for i := range *x {
			each(&(*x)[i])
		}
		return
	}
	if n < 0 || n-1 > len(w.b) { // each has a byte at least
		w.fail()
	}
	if n == 0 || w.err != nil {
		return
	}
	*x = []T{}
	for range n - 1 {
		var one T
		if each(&one); w.err != nil {
			return
		}
		*x = append(*x, one)
	}
	*x = slices.Clip(*x)
}

// numbersOf is a list of floats.
func numbersOf(w *wire, x *[]float64) { list(w, x, func(f *float64) { w.floats(f) }) }

// textsOf is a list of strings.
func textsOf(w *wire, x *[]string) { list(w, x, func(s *string) { text(w, s) }) }

// set is those of a map that are in it, in order.
func set(w *wire, x *map[string]bool) {
	in := slices.Sorted(maps.Keys(*x))
	textsOf(w, &in)
	if w.reading {
		*x = make(map[string]bool, len(in))
		for _, s := range in {
			(*x)[s] = true
		}
	}
}
