package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// delimiters are what can stand between the columns of a table.
var delimiters = []byte{',', ';', '\t', '|'}

// A quoted row may go on over maxRecordLines lines and MaxLine bytes. What is
// looked at ahead and given up is at most lookFactor times what was read, so that
// a file in which every line leaves a quotation mark open is read in linear time.
const (
	maxRecordLines = 100
	lookFactor     = 8
)

const errOpen = "a quotation mark is opened and never closed"

// A Dialect says how the rows of a text are divided.
type Dialect struct {
	Delim  byte
	Plain  bool // quotation marks stand for themselves
	OneRow bool // a row never goes on over the end of its line
	Width  int  // columns of the header, 0 where not known: a row over several lines must have as many
}

// A Reader divides a text into rows (RFC 4180, 2005, by encoding/csv). A quotation
// mark that is left open spoils its own row: reading goes on at the line after it.
type Reader struct {
	Dialect
	lines  *lines
	queue  []queued // lines read ahead of a quotation mark that nothing closed
	looked int64    // bytes looked at ahead and given up
	seen   int64    // bytes read
	feed   feeder
	csv    *csv.Reader
	fields []string
}

type queued struct {
	text   string
	number int
	err    error // errEncoding, errNUL or errLongLine
}

// NewReader reads rows from r: UTF-8, UTF-16 with a mark, or else Windows-1252 line
// by line. A line over MaxLine bytes is the error of its row. Where the dialect names
// no delimiter it is found, and a line that names it is passed over.
func NewReader(r io.Reader, d Dialect) *Reader {
	out := newReader(&lines{r: bufio.NewReaderSize(Decode(r), 256<<10), longRows: true}, d)
	if d.Delim == 0 {
		out.find()
	}
	return out
}

// find settles the delimiter by the first lines.
func (r *Reader) find() {
	var first []string
	var ahead []queued
	for len(ahead) < headerRows {
		q, err := r.line()
		if err != nil {
			break // it comes again behind what was read ahead
		}
		if ahead = append(ahead, q); strings.TrimSpace(q.text) != "" {
			first = append(first, q.text)
		}
	}
	r.Delim = delimiters[0]
	if len(first) > 0 {
		if d, ok := sepLine(first[0]); ok {
			r.Delim = d
			ahead = ahead[slices.IndexFunc(ahead, func(q queued) bool { return q.text == first[0] })+1:]
		} else {
			r.Delim = findDelimiter(first)
		}
	}
	r.queue = append(ahead, r.queue...)
}

func newReader(l *lines, d Dialect) *Reader {
	return &Reader{lines: l, Dialect: d}
}

// A feeder gives encoding/csv one row at a time, so that it never reads ahead.
type feeder struct{ text string }

func (f *feeder) Read(p []byte) (int, error) {
	if f.text == "" {
		return 0, io.EOF
	}
	n := copy(p, f.text)
	f.text = f.text[n:]
	return n, nil
}

// Line is the number of the last line read.
func (r *Reader) Line() int { return r.lines.number }

func (r *Reader) line() (queued, error) {
	if len(r.queue) > 0 {
		q := r.queue[0]
		r.queue = r.queue[1:]
		return q, nil
	}
	b, err := r.lines.next()
	switch {
	case err == errEncoding:
		b = bytes.ToValidUTF8(b, []byte("\ufffd"))
	case err == errLongLine && !r.lines.longRows:
		return queued{}, err
	case err != nil && err != errNUL && err != errLongLine:
		return queued{}, err
	}
	r.seen += int64(len(b)) + 1
	return queued{string(b), r.lines.number, err}, nil
}

// Next returns the fields of the next line that is not blank and the line on which
// they begin, good until the next call. A row that cannot be divided is a *RowError;
// the end is io.EOF.
func (r *Reader) Next() ([]string, int, error) {
	q, err := r.line()
	for err == nil && q.err == nil && strings.TrimSpace(q.text) == "" && (r.Delim != '\t' || q.text == "") {
		q, err = r.line()
	}
	if err != nil {
		return nil, 0, err
	}
	refuse := func(reason string) ([]string, int, error) {
		return nil, q.number, &RowError{Line: q.number, Reason: reason}
	}
	bad := q.err
	if bad == errLongLine {
		return refuse(bad.Error())
	}
	if r.Plain {
		if bad != nil {
			return refuse(rowReason(bad))
		}
		r.fields = r.fields[:0]
		for f := range strings.SplitSeq(q.text, string(r.Delim)) {
			r.fields = append(r.fields, f)
		}
		return r.fields, q.number, nil
	}
	text, ahead, scan := q.text, []queued(nil), scanRow(q.text, r.Delim, quoteState{})
	if scan.open {
		var b strings.Builder
		b.WriteString(text)
		for scan.open {
			more, ok, err := r.more(b.Len(), len(ahead))
			if err != nil {
				return nil, 0, err
			}
			if !ok {
				r.giveUp(ahead)
				return refuse(errOpen)
			}
			ahead = append(ahead, more)
			b.WriteByte('\n')
			b.WriteString(more.text)
			bad = cmpErr(bad, more.err)
			scan = scanRow(more.text, r.Delim, scan)
		}
		text = b.String()
	}
	fields, err := r.divide(text, scan)
	if len(ahead) > 0 && (err != nil || r.Width > 0 && len(fields) != r.Width) {
		// What closed it was the quotation mark of another row.
		r.giveUp(ahead)
		return refuse(errOpen)
	}
	switch {
	case bad != nil:
		return refuse(rowReason(bad))
	case err != nil:
		return refuse(err.Error())
	}
	return fields, q.number, nil
}

func cmpErr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func rowReason(err error) string {
	if err == errEncoding {
		return "the row is not valid UTF-8"
	}
	return err.Error()
}

// more reads one line of a row that goes on; ok is false when it may not.
func (r *Reader) more(length, lines int) (_ queued, ok bool, err error) {
	if r.OneRow || lines >= maxRecordLines || length > MaxLine || r.looked > lookFactor*r.seen+MaxLine {
		return queued{}, false, nil
	}
	q, err := r.line()
	if err == io.EOF {
		return queued{}, false, nil
	}
	return q, err == nil, err
}

// giveUp puts back the lines that were read ahead for nothing.
func (r *Reader) giveUp(ahead []queued) {
	for _, q := range ahead {
		r.looked += int64(len(q.text)) + 1
	}
	r.queue = append(slices.Clip(ahead), r.queue...)
}

// A quoteState is where a row stands after some of its lines.
type quoteState struct {
	open  bool // inside a quoted field
	bare  bool // a quotation mark stands in a field without quotes
	after bool // text follows a closing quotation mark
	space bool // blanks follow a closing quotation mark
}

// scanRow follows the quotation marks of one line.
func scanRow(s string, d byte, q quoteState) quoteState {
	if !q.open && strings.IndexByte(s, '"') < 0 {
		return q
	}
	for {
		if !q.open {
			if !strings.HasPrefix(s, `"`) {
				field, rest, more := strings.Cut(s, string(d))
				q.bare = q.bare || strings.IndexByte(field, '"') >= 0
				if !more {
					return q
				}
				s = rest
				continue
			}
			q.open, s = true, s[1:]
		}
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return q
		}
		if s = s[i+1:]; strings.HasPrefix(s, `"`) {
			s = s[1:]
			continue
		}
		q.open = false
		trimmed := strings.TrimLeft(s, " ")
		q.space = q.space || len(trimmed) < len(s)
		switch {
		case trimmed == "":
			return q
		case trimmed[0] != d:
			q.after = true
			return q
		}
		s = trimmed[1:]
	}
}

var errQuote = errors.New("text follows a closing quotation mark")

// divide splits one whole row.
func (r *Reader) divide(text string, q quoteState) ([]string, error) {
	if q.after {
		return nil, errQuote
	}
	if text == "" { // blank to encoding/csv, one field to us
		r.fields = append(r.fields[:0], "")
		return r.fields, nil
	}
	if q.space {
		text = closeUp(text, r.Delim)
	}
	if r.csv == nil {
		r.csv = csv.NewReader(&r.feed)
		r.csv.Comma = rune(r.Delim)
		r.csv.FieldsPerRecord = -1
		r.csv.ReuseRecord = true
	}
	r.csv.LazyQuotes = q.bare
	r.feed.text = text + "\n"
	fields, err := r.csv.Read()
	if err != nil {
		r.csv = nil // it may hold the rest of the row
		var p *csv.ParseError
		if errors.As(err, &p) {
			return nil, fmt.Errorf("not a row of CSV: %w", p.Err)
		}
		return nil, errors.New("not a row of CSV")
	}
	if r.feed.text != "" {
		r.csv = nil
	}
	return fields, nil
}

// closeUp takes out the blanks between a closing quotation mark and the delimiter.
func closeUp(s string, d byte) string {
	var b strings.Builder
	open := false
	start := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' && (open || start):
			if open && i+1 < len(s) && s[i+1] == '"' {
				b.WriteString(`""`)
				i++
				continue
			}
			if open = !open; !open {
				b.WriteByte(c)
				for i+1 < len(s) && s[i+1] == ' ' {
					i++
				}
				continue
			}
		case c == d && !open:
			b.WriteByte(c)
			start = true
			continue
		}
		start = false
		b.WriteByte(c)
	}
	return b.String()
}

// splitLine divides one line leniently.
func splitLine(line string, d byte) []string {
	r := newReader(&lines{r: bufio.NewReader(strings.NewReader(line + "\n"))}, Dialect{Delim: d, OneRow: true})
	fields, _, err := r.Next()
	if err != nil {
		return nil
	}
	return slices.Clone(fields)
}

// A sepLine is the hint that spreadsheets write above a table, "sep=;", also in
// quotes. ok is false for any other line.
func sepLine(line string) (delim byte, ok bool) {
	line = strings.TrimSpace(strings.Trim(strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")), `"`))
	rest, ok := cutPrefixFold(line, "sep=")
	switch {
	case !ok:
		return 0, false
	case rest == "" || rest == `\t`:
		return '\t', true
	case len(rest) == 1 && bytes.IndexByte(delimiters, rest[0]) >= 0:
		return rest[0], true
	}
	return 0, false
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// findDelimiter returns the delimiter by the first lines of a text: the one by which
// most lines have the same number of columns, of those with known headers first.
func findDelimiter(first []string) byte {
	best, bestScore := delimiters[0], -1
	for _, d := range delimiters {
		widths := map[int]int{}
		known, widest := 0, 0
		for _, line := range first {
			fields := splitLine(line, d)
			widths[len(fields)]++
			widest = max(widest, len(fields))
			known = max(known, recognised(fields))
		}
		alike := 0
		for w, n := range widths {
			if w > 1 {
				alike = max(alike, n*min(w, 30))
			}
		}
		if score := 1000*known + alike; widest > 1 && score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}
