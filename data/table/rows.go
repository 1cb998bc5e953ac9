package table

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// Rows reads a table of text row by row as it stands: delimiter and encoding are
// found as for reports, and nothing else. It holds one row at a time.
type Rows struct {
	Source string   // base name, "-" for standard input
	Header []string // the first row
	Size   int64    // bytes of the file, -1 where not known

	in     *Input
	lines  *lines
	reader *Reader
	close  io.Closer
}

// OpenRows opens the table at path, or standard input for "-".
func OpenRows(path string, stdin io.Reader) (*Rows, error) {
	in, err := Open(path, stdin)
	if err != nil {
		return nil, err
	}
	if in.Kind == Workbook {
		return nil, &Error{Msg: in.Shown() + " is a workbook", Try: "save the sheet as .csv"}
	}
	r := &Rows{Source: in.Name, Size: -1, in: in}
	if st, err := os.Stat(path); err == nil && path != "-" {
		r.Size = st.Size()
	}
	t := &Table{In: in}
	first, err := t.firstLines()
	if err != nil {
		return nil, err
	}
	if len(first) == 0 {
		return nil, in.empty()
	}
	if r.lines, r.close, err = in.lines(Undecided); err != nil {
		return nil, err
	}
	d := Dialect{}
	var skip bool
	if d.Delim, skip = sepLine(first[0]); !skip {
		d.Delim = findDelimiter(first[:1])
	}
	r.reader = newReader(r.lines, d)
	if skip {
		r.reader.line()
	}
	if r.Header, _, err = r.reader.Next(); err != nil {
		r.Close()
		return nil, r.whole(err)
	}
	r.Header = slices.Clone(r.Header)
	return r, nil
}

func (r *Rows) whole(err error) error {
	var row *RowError
	if errors.As(err, &row) || err == io.EOF {
		return err
	}
	return r.in.whole(err, r.lines.number)
}

// Close closes the file.
func (r *Rows) Close() { r.close.Close() }

// Offset returns how many bytes of the file have been read.
func (r *Rows) Offset() int64 {
	f, ok := r.close.(*os.File)
	if !ok {
		return 0
	}
	n, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return n
}

// Next returns the next row, as wide as the header, and the line on which it begins.
// Blank lines are passed over and short rows filled up. A row that cannot be divided,
// or that is wider than the header, is a *RowError, after which reading goes on; the
// end is io.EOF.
func (r *Rows) Next() ([]string, int, error) {
	for {
		fields, line, err := r.reader.Next()
		if err != nil {
			return nil, line, r.whole(err)
		}
		if blank(fields) {
			continue
		}
		if len(fields) > len(r.Header) {
			return nil, line, &RowError{Line: line, Reason: fmt.Sprintf("the row has %d fields and the header %d", len(fields), len(r.Header))}
		}
		row := make([]string, len(r.Header))
		copy(row, fields)
		return row, line, nil
	}
}
