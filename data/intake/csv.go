package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"spreewatch/data"
)

// delimiters are what can stand between the columns of a table.
var delimiters = []byte{',', ';', '\t', '|'}

// maxRecordLines is how many lines one quoted row can take. A quotation mark
// that is still open then was never meant to be closed.
const maxRecordLines = 100

// readCSV yields the reports of a table of text.
func readCSV(s *source, o Options, yield func(data.Report, error) bool) error {
	r, err := newRecords(s)
	if err != nil {
		return err
	}
	header, _, err := r.next()
	if err == io.EOF {
		return &data.UserError{Msg: s.shown() + " is empty", Hint: "export it again"}
	}
	if err != nil {
		return err
	}
	l, err := newLayout(s.shown(), header, o.Columns)
	if err != nil {
		return err
	}
	r.width = l.width
	rows := 0
	for {
		fields, line, err := r.next()
		if err == io.EOF {
			break
		}
		var row *data.RowError
		var report data.Report
		switch {
		case errors.As(err, &row):
			err = row
		case err != nil:
			return err
		case blank(fields):
			continue
		case len(fields) > l.width && !blank(fields[l.width:]) || len(fields) < l.width:
			err = &data.RowError{Source: s.name, Line: line, Reason: fmt.Sprintf("the row has %d columns, the header %d", len(fields), l.width)}
		default:
			report, err = reportFrom(l.cells(fields), s.name, line, &o)
		}
		rows++
		if !yield(report, err) {
			return errStopped
		}
	}
	if rows == 0 {
		return &data.UserError{Msg: s.shown() + " has a header and no rows", Hint: "export it again"}
	}
	return nil
}

func blank(fields []string) bool {
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}

// records divides a source into rows of fields (RFC 4180, 2005, with any of the
// delimiters; a quotation mark inside an unquoted field stands for itself).
type records struct {
	s      *source
	lines  *lineReader
	delim  byte
	width  int      // columns of the header, 0 before it is read
	queue  []queued // lines read ahead after a quotation mark that nothing closed
	fields []string
}

type queued struct {
	text   string
	number int
	bad    bool // not in the encoding of the file
}

func newRecords(s *source) (*records, error) {
	r := &records{s: s, lines: &lineReader{s: s}}
	first, err := r.line()
	for err == nil && strings.TrimSpace(first.text) == "" {
		first, err = r.line()
	}
	if err == io.EOF {
		return nil, &data.UserError{Msg: s.shown() + " is empty", Hint: "export it again"}
	}
	if err != nil {
		return nil, err
	}
	if sep, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(first.text)), "sep="); ok && len(sep) == 1 {
		r.delim = sep[0] // a hint that spreadsheets write
		return r, nil
	}
	r.delim = findDelimiter(first.text)
	r.queue = append(r.queue, first)
	return r, nil
}

// findDelimiter returns the delimiter that makes most known headers out of the
// first line, else most columns.
func findDelimiter(header string) byte {
	best, bestScore := delimiters[0], -1
	for _, d := range delimiters {
		names := splitHeader(header, rune(d))
		if score := 100*recognised(names) + len(names); len(names) > 1 && score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}

func splitHeader(line string, d rune) []string {
	fields, _, _ := splitRecord(strings.TrimRight(line, "\r\n"), byte(d), nil)
	return fields
}

func (r *records) line() (queued, error) {
	if len(r.queue) > 0 {
		q := r.queue[0]
		r.queue = r.queue[1:]
		return q, nil
	}
	b, err := r.lines.next()
	bad := err == errEncoding
	if err != nil && !bad {
		return queued{}, err
	}
	if bad {
		b = bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	return queued{strings.TrimRight(string(b), "\r\n"), r.lines.number, bad}, nil
}

// next returns the fields of the next row and the line on which it begins. A
// row that cannot be divided is a *data.RowError. The fields are good until the
// next call.
func (r *records) next() ([]string, int, error) {
	q, err := r.line()
	if err != nil {
		return nil, 0, err
	}
	start, text, bad := q.number, q.text, q.bad
	fields, open, err := splitRecord(text, r.delim, r.fields[:0])
	var ahead []queued
	for open {
		if len(ahead) >= maxRecordLines || len(text) > maxLine {
			r.queue = append(ahead, r.queue...)
			return nil, start, &data.RowError{Source: r.s.name, Line: start, Reason: errOpen}
		}
		more, e := r.line()
		if e == io.EOF {
			r.queue = append(ahead, r.queue...)
			return nil, start, &data.RowError{Source: r.s.name, Line: start, Reason: errOpen}
		}
		if e != nil {
			return nil, 0, e
		}
		ahead = append(ahead, more)
		text += "\n" + more.text
		bad = bad || more.bad
		fields, open, err = splitRecord(text, r.delim, r.fields[:0])
	}
	r.fields = fields
	if len(ahead) > 0 && (err != nil || r.width > 0 && len(fields) != r.width) {
		// What closed it was the quotation mark of another row.
		r.queue = append(ahead, r.queue...)
		return nil, start, &data.RowError{Source: r.s.name, Line: start, Reason: errOpen}
	}
	switch {
	case bad:
		return nil, start, &data.RowError{Source: r.s.name, Line: start, Reason: "the row is not valid UTF-8"}
	case err != nil:
		return nil, start, &data.RowError{Source: r.s.name, Line: start, Reason: err.Error()}
	}
	return fields, start, nil
}

const errOpen = "a quotation mark is opened and never closed"

var errQuote = errors.New("text follows a closing quotation mark")

// splitRecord divides one row. open is true when a quoted field is not closed.
func splitRecord(s string, d byte, fields []string) (_ []string, open bool, err error) {
	for {
		if len(s) > 0 && s[0] == '"' {
			var b strings.Builder
			rest := s[1:]
			for {
				i := strings.IndexByte(rest, '"')
				if i < 0 {
					return append(fields, b.String()+rest), true, nil
				}
				b.WriteString(rest[:i])
				rest = rest[i+1:]
				if !strings.HasPrefix(rest, `"`) {
					break
				}
				b.WriteByte('"')
				rest = rest[1:]
			}
			fields = append(fields, b.String())
			trimmed := strings.TrimLeft(rest, " ")
			switch {
			case trimmed == "":
				return fields, false, nil
			case trimmed[0] == d:
				s = trimmed[1:]
				continue
			}
			return fields, false, errQuote
		}
		i := strings.IndexByte(s, d)
		if i < 0 {
			return append(fields, s), false, nil
		}
		fields = append(fields, s[:i])
		s = s[i+1:]
	}
}
