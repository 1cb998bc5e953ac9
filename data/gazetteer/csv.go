package gazetteer

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// maxLine is the longest line that a reader takes, in bytes. The longest in the
// formats read here is a GeoNames row with all its alternate names, under 16 KiB.
const maxLine = 1 << 20

var (
	errLongLine  = errors.New("line is longer than 1 MiB")
	errOpenQuote = errors.New("quote is not closed on its line")
	errNUL       = errors.New("NUL byte")
)

// A table reads the rows of a delimited text file, a row a line: none of the
// formats here breaks a line inside quotes, and a quote that is left open then
// spoils one row and not the rest of the file.
type table struct {
	r      *bufio.Reader
	delim  byte
	quoted bool // fields may stand in double quotes
	line   int  // of the row last returned, from 1
	fields []string
	long   []byte
}

// newTable reads rows from r. A byte-order mark at the start is dropped.
func newTable(r io.Reader, delim byte, quoted bool) *table {
	t := &table{r: bufio.NewReaderSize(r, 256<<10), delim: delim, quoted: quoted}
	if bom, _ := t.r.Peek(3); string(bom) == "\ufeff" {
		t.r.Discard(3)
	}
	return t
}

// next returns the fields of the next line that is not blank, good until the
// next call, io.EOF at the end, a *rowError for a line that cannot be split, or
// the error of the reader beneath.
func (t *table) next() ([]string, error) {
	for {
		line, err := t.readLine()
		if err == errLongLine {
			return nil, &rowError{err}
		}
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		if strings.IndexByte(line, 0) >= 0 {
			return nil, &rowError{errNUL}
		}
		if !utf8.ValidString(line) {
			// Windows-1252 has a character for nearly every byte, so this cannot fail.
			line, _ = charmap.Windows1252.NewDecoder().String(line)
		}
		if err := t.split(line); err != nil {
			return nil, &rowError{err}
		}
		return t.fields, nil
	}
}

// A rowError is a line that cannot be used while the next one may be.
type rowError struct{ err error }

func (e *rowError) Error() string { return e.err.Error() }
func (e *rowError) Unwrap() error { return e.err }

// readLine returns the next line without its end.
func (t *table) readLine() (string, error) {
	t.line++
	t.long = t.long[:0]
	tooLong := false
	for {
		b, err := t.r.ReadSlice('\n')
		if err == nil && len(t.long) == 0 && !tooLong {
			return trimEnd(b), nil
		}
		if len(t.long)+len(b) > maxLine {
			tooLong, t.long = true, t.long[:0]
		}
		if !tooLong {
			t.long = append(t.long, b...)
		}
		switch {
		case err == bufio.ErrBufferFull:
		case err == nil && tooLong, err == io.EOF && tooLong:
			return "", errLongLine
		case err == nil, err == io.EOF && len(t.long) > 0:
			return trimEnd(t.long), nil
		default:
			return "", err
		}
	}
}

func trimEnd(b []byte) string {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
	}
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	return string(b)
}

// split cuts a line into t.fields, which share its memory.
func (t *table) split(line string) error {
	t.fields = t.fields[:0]
	for {
		if t.quoted && strings.HasPrefix(line, `"`) {
			field, rest, err := cutQuoted(line[1:])
			if err != nil {
				return err
			}
			t.fields = append(t.fields, field)
			if rest == "" {
				return nil
			}
			if rest[0] != t.delim {
				return errOpenQuote
			}
			line = rest[1:]
			continue
		}
		i := strings.IndexByte(line, t.delim)
		if i < 0 {
			t.fields = append(t.fields, line)
			return nil
		}
		t.fields = append(t.fields, line[:i])
		line = line[i+1:]
	}
}

// cutQuoted splits s, which starts after an opening quote, behind the closing
// one. Two quotes together stand for one.
func cutQuoted(s string) (field, rest string, err error) {
	i := strings.IndexByte(s, '"')
	if i < 0 {
		return "", "", errOpenQuote
	}
	if i+1 == len(s) || s[i+1] != '"' {
		return s[:i], s[i+1:], nil
	}
	var b strings.Builder
	for {
		b.WriteString(s[:i])
		s = s[i+1:]
		if !strings.HasPrefix(s, `"`) {
			return b.String(), s, nil
		}
		b.WriteByte('"')
		s = s[1:]
		if i = strings.IndexByte(s, '"'); i < 0 {
			return "", "", errOpenQuote
		}
	}
}
