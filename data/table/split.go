package table

import (
	"slices"
	"strings"
)

// A Group is the rows of an input that say the same in one column: an input of its own,
// which is read as a file of those rows alone would be, but that lines are those of the
// whole.
type Group struct {
	Value string // of the column, as Row.Cell has it; "" of the rows that say nothing there
	In    *Input
	Lines []int // of its rows
}

// A part is the rows of a group, and how the table that they are of was opened.
type part struct {
	of   *Table
	rows []sheetRow
}

// Split groups the rows of an input by the column of a header, in the order of the
// groups' values. Rows that cannot be divided into columns are of no group. An input
// without the column has no groups. It holds the rows in memory.
func Split(in *Input, header string, o Options) (groups []Group, bad []*RowError, err error) {
	t := &Table{In: in, o: o, Encoding: encodingName(in.enc)}
	if err := t.open(); err != nil {
		return nil, nil, err
	}
	if in.Kind != JSON && t.columnOf(header) < 0 {
		return nil, nil, nil
	}
	// All of it tells the keys of JSON and the charset of text.
	if err := t.raw(func([]string, int, error) bool { return true }); err != nil {
		return nil, nil, err
	}
	at := t.columnOf(header)
	if at < 0 {
		return nil, nil, nil
	}
	parts := map[string]*part{}
	err = t.rows(func(fields []string, line int, err error) bool {
		if err != nil {
			row, ok := err.(*RowError)
			if !ok {
				row = &RowError{Line: line, Reason: err.Error()}
			}
			bad = append(bad, row)
			return true
		}
		value := Row{line, fields, t}.Cell(at)
		if parts[value] == nil {
			parts[value] = &part{of: t}
		}
		parts[value].rows = append(parts[value].rows, sheetRow{line, slices.Clone(fields)})
		return true
	})
	if err != nil {
		return nil, nil, err
	}
	for value, p := range parts {
		own := *in
		own.part = p
		g := Group{Value: value, In: &own}
		for _, r := range p.rows {
			g.Lines = append(g.Lines, r.line)
		}
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b Group) int { return strings.Compare(a.Value, b.Value) })
	return groups, bad, nil
}

// columnOf is the column of a header, as Layout.Find finds it, −1 for none.
func (t *Table) columnOf(header string) int {
	l := &Layout{}
	for _, h := range t.Header {
		l.Columns = append(l.Columns, &Column{Name: strings.Join(strings.Fields(h), " "), key: headerKey(h)})
	}
	return l.Find(header)
}

// open opens the table of the part as that of the whole was.
func (p *part) open(t *Table) {
	t.Header, t.HeadLine, t.Above, t.Delim, t.Encoding = slices.Clone(p.of.Header), p.of.HeadLine, p.of.Above, p.of.Delim, p.of.Encoding
	t.Sheet, t.Sheets, t.Hidden, t.charset, t.counted = p.of.Sheet, p.of.Sheets, p.of.Hidden, p.of.charset, p.of.counted
}
