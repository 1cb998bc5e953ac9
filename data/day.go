package data

import (
	"database/sql"
	"encoding/binary"
	"math"
	"time"

	"spreewatch/geo"
)

// secondsOfDay is a day of UTC.
const secondsOfDay = 86400

// A dayRow is a report as a day holds it: in brief, whatever is known of it when.
type dayRow struct {
	ref                                             string
	offence, level, name, locality, source, changes string // changes: the corrections, JSON
	from, to, input                                 int64  // Unix seconds; number of the input
	reported, known                                 sql.NullInt64
	bulletin, withdrawn                             bool
	lon, lat                                        sql.NullFloat64
	radiusM, confidence                             float64
}

// stood reports whether the row is of what was known at a moment, and began in a span
// that ends then.
func (r *dayRow) stood(since, before int64) bool {
	return r.from >= since && r.from < before && !r.withdrawn &&
		(!r.reported.Valid || r.reported.Int64 <= before) && (!r.known.Valid || r.known.Int64 <= before)
}

// fill fills in the brief, but for its input's hash. What corrections were read before
// is in read.
func (r *dayRow) fill(b *Brief, read map[string][]string) error {
	*b = Brief{Ref: r.ref, Offence: r.offence, From: time.Unix(r.from, 0).UTC(), To: time.Unix(r.to, 0).UTC(), Bulletin: r.bulletin,
		Match: geo.Match{Name: r.name, Locality: r.locality, Source: r.source, RadiusM: r.radiusM, Confidence: r.confidence}}
	if r.reported.Valid {
		b.Reported = time.Unix(r.reported.Int64, 0).UTC()
	}
	known, ok := read[r.changes]
	if ok {
		b.Match.Corrections = known
		return fillMatch(&b.Match, r.ref, r.level, r.lon, r.lat, "null")
	}
	err := fillMatch(&b.Match, r.ref, r.level, r.lon, r.lat, r.changes)
	read[r.changes] = b.Match.Corrections
	return err
}

// dayFormat is that of packed days. What is packed otherwise is not read.
const dayFormat = 1

// Flags of a packed row, in the order in which they are set.
const (
	rowBulletin = 1 << iota
	rowWithdrawn
	rowReported
	rowKnown
	rowPlaced
)

// A dayPacker packs the rows of a day: the texts and numbers that many rows have once,
// the references, then the rows. Times are seconds after the row before, or after the
// row's own begin.
type dayPacker struct {
	words map[string]uint64
	order []string
	refs  []byte
	rows  []byte
	n     uint64
	last  int64
}

// add packs one row more, none of which began before the last one.
func (p *dayPacker) add(r *dayRow) {
	if p.words == nil {
		p.words = make(map[string]uint64)
	}
	flags := byte(0)
	for bit, is := range [...]bool{r.bulletin, r.withdrawn, r.reported.Valid, r.known.Valid, r.lon.Valid} {
		if is {
			flags |= 1 << bit
		}
	}
	p.rows = append(p.rows, flags)
	p.number(uint64(len(r.ref)))
	p.refs = append(p.refs, r.ref...)
	p.number(uint64(r.from - p.last))
	p.last = r.from
	p.number(uint64(r.to - r.from))
	if r.reported.Valid {
		p.rows = binary.AppendVarint(p.rows, r.reported.Int64-r.from)
	}
	if r.known.Valid {
		p.rows = binary.AppendVarint(p.rows, r.known.Int64-r.from)
	}
	p.number(uint64(r.input))
	for _, text := range []string{r.offence, r.level, r.name, r.locality, r.source, r.changes} {
		p.word(text)
	}
	for _, x := range []float64{r.radiusM, r.confidence} {
		p.word(string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(x))))
	}
	if r.lon.Valid {
		for _, x := range []float64{r.lon.Float64, r.lat.Float64} {
			p.rows = binary.LittleEndian.AppendUint64(p.rows, math.Float64bits(x))
		}
	}
	p.n++
}

func (p *dayPacker) number(n uint64) { p.rows = binary.AppendUvarint(p.rows, n) }

func (p *dayPacker) word(text string) {
	n, ok := p.words[text]
	if !ok {
		n = uint64(len(p.order))
		p.words[text] = n
		p.order = append(p.order, text)
	}
	p.number(n)
}

// pack returns the packed day.
func (p *dayPacker) pack() []byte {
	out := binary.AppendUvarint(nil, uint64(len(p.order)))
	for _, text := range p.order {
		out = append(binary.AppendUvarint(out, uint64(len(text))), text...)
	}
	out = append(binary.AppendUvarint(out, uint64(len(p.refs))), p.refs...)
	return append(binary.AppendUvarint(out, p.n), p.rows...)
}

// errDay is a packed day that cannot be read.
var errDay = &UserError{Msg: "the reports of a day, as the database has them packed, are damaged", Hint: "see what else is with spreewatch verify, and go on with the last backup"}

// A dayReader reads a packed day row by row.
type dayReader struct {
	text  []byte
	at    int
	words []string
	refs  string // of the rows to come
	left  uint64
	last  int64
	row   dayRow
	bad   bool
}

// readDay begins to read a packed day of the format. The texts of its rows do not keep
// it in memory: those that many days have are the ones of w.
func readDay(packed []byte, w words) *dayReader {
	d := &dayReader{text: packed}
	for n := d.number(); n > 0 && !d.bad; n-- {
		d.words = append(d.words, one(w, d.take(d.number())))
	}
	d.refs = string(d.take(d.number()))
	d.left = d.number()
	return d
}

// next reads the next row into d.row, and reports false after the last one and where
// the day is damaged, which makes it bad.
func (d *dayReader) next() bool {
	if d.left == 0 || d.bad {
		return false
	}
	d.left--
	flags := d.take(1)
	if d.bad {
		return false
	}
	is := func(flag byte) bool { return flags[0]&flag != 0 }
	r := &d.row
	*r = dayRow{ref: d.ref(d.number()), bulletin: is(rowBulletin), withdrawn: is(rowWithdrawn)}
	d.last += int64(d.number())
	r.from = d.last
	r.to = r.from + int64(d.number())
	if is(rowReported) {
		r.reported = sql.NullInt64{Int64: r.from + d.signed(), Valid: true}
	}
	if is(rowKnown) {
		r.known = sql.NullInt64{Int64: r.from + d.signed(), Valid: true}
	}
	r.input = int64(d.number())
	r.offence, r.level, r.name, r.locality, r.source, r.changes = d.word(), d.word(), d.word(), d.word(), d.word(), d.word()
	r.radiusM, r.confidence = real(d, d.word()), real(d, d.word())
	if is(rowPlaced) {
		r.lon = sql.NullFloat64{Float64: real(d, d.take(8)), Valid: true}
		r.lat = sql.NullFloat64{Float64: real(d, d.take(8)), Valid: true}
	}
	return !d.bad
}

func (d *dayReader) take(n uint64) []byte {
	if n > uint64(len(d.text)-d.at) {
		d.bad = true
		return nil
	}
	d.at += int(n)
	return d.text[d.at-int(n) : d.at]
}

func (d *dayReader) ref(n uint64) string {
	if n > uint64(len(d.refs)) {
		d.bad = true
		return ""
	}
	ref := d.refs[:n]
	d.refs = d.refs[n:]
	return ref
}

func (d *dayReader) number() uint64 {
	for n, shift := uint64(0), 0; d.at < len(d.text) && shift < 64; shift += 7 {
		b := d.text[d.at]
		d.at++
		if n |= uint64(b&0x7f) << shift; b < 0x80 {
			return n
		}
	}
	d.bad = true
	return 0
}

// signed reads what binary.AppendVarint wrote.
func (d *dayReader) signed() int64 {
	n := d.number()
	return int64(n>>1) ^ -int64(n&1)
}

func (d *dayReader) word() string {
	n := d.number()
	if n >= uint64(len(d.words)) {
		d.bad = true
		return ""
	}
	return d.words[n]
}

func real[T string | []byte](d *dayReader, text T) float64 {
	if len(text) != 8 {
		d.bad = true
		return 0
	}
	var bits uint64
	for k := range 8 {
		bits |= uint64(text[k]) << (8 * k)
	}
	return math.Float64frombits(bits)
}
