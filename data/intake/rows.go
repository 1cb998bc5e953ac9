package intake

import (
	"fmt"
	"io"
	"slices"

	"spreewatch/data"
)

// Rows reads any table of text row by row: delimiter and encoding are found as
// for reports, and it may be gzipped. It holds one row at a time.
type Rows struct {
	Source string   // base name, "-" for standard input
	Header []string // the first row
	Size   int64    // bytes of the file, -1 where not known

	s       *source
	records *records
}

// OpenRows opens the table at path, or standard input for "-".
func OpenRows(path string, stdin io.Reader) (*Rows, error) {
	s, err := open(path, stdin)
	if err != nil {
		return nil, err
	}
	r := &Rows{Source: s.name, Size: -1, s: s}
	if s.format == formatXLSX {
		s.close()
		return nil, &data.UserError{Msg: s.shown() + " is a workbook", Hint: "save the sheet as .csv"}
	}
	if r.records, err = newRecords(s); err == nil {
		r.Header, _, err = r.records.next()
		r.Header = slices.Clone(r.Header)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	if s.file != nil {
		if st, err := s.file.Stat(); err == nil {
			r.Size = st.Size()
		}
	}
	return r, nil
}

// Close closes the file.
func (r *Rows) Close() { r.s.close() }

// Offset returns how many bytes of the file have been read.
func (r *Rows) Offset() int64 {
	if r.s.file == nil {
		return 0
	}
	n, err := r.s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return n
}

// Next returns the next row, as wide as the header, and the line on which it
// begins. Blank lines are passed over and short rows filled up. A row that
// cannot be divided, or that is wider than the header, is a *data.RowError, after
// which reading goes on; the end is io.EOF.
func (r *Rows) Next() ([]string, int, error) {
	for {
		fields, line, err := r.records.next()
		if err != nil {
			return nil, line, err
		}
		if blank(fields) {
			continue
		}
		if len(fields) > len(r.Header) {
			return nil, line, &data.RowError{Source: r.Source, Line: line, Reason: fmt.Sprintf("the row has %d fields and the header %d", len(fields), len(r.Header))}
		}
		row := make([]string, len(r.Header))
		copy(row, fields)
		return row, line, nil
	}
}
