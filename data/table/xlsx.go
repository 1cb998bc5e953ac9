package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// A workbook is read within these bounds. A sheet can have 1,048,576 rows and a cell
// 32,767 characters; no table of reports has more than a thousand columns.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1000
	maxCellText     = 1 << 18 // bytes between two tags
	maxTag          = 1 << 16
	maxDepth        = 64
	maxPart         = 256 << 20 // bytes of one part, unpacked
	maxSheetText    = 192 << 20 // bytes of the values of a sheet
)

// A sheet is one sheet of a workbook, read whole.
type sheet struct {
	name   string
	rows   []sheetRow
	hidden int // rows that are hidden, and read
	others []string
}

type sheetRow struct {
	line   int
	fields []string
}

// damagedBook says that a workbook cannot be read.
func (in *Input) damagedBook() error {
	return &Error{Msg: in.Shown() + " is a damaged workbook", Try: "open it in a spreadsheet and save it again"}
}

// readSheet reads the sheet that is named, or counted from 1, or else the first that
// is visible. It looks through the packed parts first, so that nothing hostile is
// unpacked into memory.
func (in *Input) readSheet(name string) (*sheet, error) {
	rc, size, err := in.raw()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	at, ok := rc.(io.ReaderAt)
	if !ok {
		at = bytes.NewReader(in.held)
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, in.broken(err)
		}
		return nil, in.damagedBook()
	}
	facts := map[string]*partFacts{}
	for _, f := range z.File {
		if !strings.HasSuffix(strings.ToLower(f.Name), ".xml") && !strings.HasSuffix(strings.ToLower(f.Name), ".rels") {
			continue
		}
		p, err := in.checkPart(f)
		if err != nil {
			return nil, err
		}
		facts[strings.TrimPrefix(f.Name, "/")] = p
	}
	// The limits are alike, so that no part is unpacked to a temporary file.
	f, err := excelize.OpenReader(io.NewSectionReader(at, 0, size), excelize.Options{UnzipSizeLimit: 4 * maxPart, UnzipXMLSizeLimit: 4 * maxPart})
	if err != nil {
		return nil, in.damagedBook()
	}
	defer f.Close()
	names, err := in.findSheets(f, name)
	if err != nil {
		return nil, err
	}
	var first *sheet
	for _, n := range names[:min(len(names), maxSheetsTried)] {
		s := &sheet{name: n, others: slices.DeleteFunc(f.GetSheetList(), func(o string) bool { return o == n })}
		if err := in.fill(f, s, facts[sheetPart(z, n)]); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(s.rows[:min(len(s.rows), headerRows)], func(r sheetRow) bool { return recognised(r.fields) >= 2 }) {
			return s, nil
		}
		if first == nil {
			first = s
		}
	}
	return first, nil
}

// partFacts are what is found while a part is looked through.
type partFacts struct {
	merged []cellRange
	hidden map[int]bool
}

type cellRange struct{ left, top, right, bottom int } // from 1

// checkPart looks through one part of a workbook without holding it, refuses what no
// spreadsheet writes, and notes merged cells and hidden rows.
func (in *Input) checkPart(f *zip.File) (*partFacts, error) {
	hostile := func(what string) error {
		return &Error{Msg: in.Shown() + ": " + what, Try: "open it in a spreadsheet and save it again, or as .csv"}
	}
	limit := min(maxPart, max(ratioFrom, int64(min(f.CompressedSize64, 1<<40))*maxRatio))
	if f.UncompressedSize64 > uint64(limit) {
		return nil, hostile("a part of it unpacks to more than is safe")
	}
	rc, err := f.Open()
	if err != nil {
		return nil, in.damagedBook()
	}
	defer rc.Close()
	p := partReader{in: in, r: bufio.NewReaderSize(io.LimitReader(rc, limit+1), 64<<10), limit: limit, facts: &partFacts{hidden: map[int]bool{}}}
	for {
		tag, err := p.next()
		if err == io.EOF {
			return p.facts, nil
		}
		if err == nil {
			err = p.weigh(tag)
		}
		if err != nil {
			return nil, err
		}
	}
}

// A partReader goes through the tags of one part of a workbook.
type partReader struct {
	in    *Input
	r     *bufio.Reader
	limit int64 // of bytes
	read  int64
	tag   []byte
	depth int
	rows  int
	facts *partFacts
}

func (p *partReader) hostile(what string) error {
	return &Error{Msg: p.in.Shown() + ": " + what, Try: "open it in a spreadsheet and save it again, or as .csv"}
}

// next passes over the text before the next tag and returns what is in it.
func (p *partReader) next() ([]byte, error) {
	for text := 0; ; {
		part, err := p.r.ReadSlice('<')
		p.read += int64(len(part))
		if text += len(part); text > maxCellText {
			return nil, p.hostile("a cell holds more than a cell can")
		}
		if p.read > p.limit {
			return nil, p.hostile("a part of it unpacks to more than is safe")
		}
		if err == nil {
			break
		}
		if err == io.EOF {
			return nil, io.EOF
		}
		if err != bufio.ErrBufferFull {
			return nil, p.in.damagedBook()
		}
	}
	p.tag = p.tag[:0]
	for {
		part, err := p.r.ReadSlice('>')
		p.read += int64(len(part))
		if p.tag = append(p.tag, part...); len(p.tag) > maxTag {
			return nil, p.hostile("a tag is longer than any that a spreadsheet writes")
		}
		if err == nil {
			return p.tag, nil
		}
		if err != bufio.ErrBufferFull {
			return nil, p.in.damagedBook()
		}
	}
}

// weigh refuses a tag that no spreadsheet writes and takes the facts from one that it
// does.
func (p *partReader) weigh(tag []byte) error {
	switch {
	case tag[0] == '/':
		p.depth--
	case tag[0] == '?', tag[0] == '!':
	case len(tag) > 1 && tag[len(tag)-2] == '/':
	default:
		p.depth++
	}
	if p.depth > maxDepth {
		return p.hostile("its parts are nested too deep")
	}
	switch name, _, _ := bytes.Cut(bytes.TrimPrefix(tag, []byte("x:")), []byte(" ")); string(name) {
	case "row":
		if p.rows++; p.rows > maxSheetRows {
			return p.hostile("a sheet has more rows than a sheet can")
		}
		n, _ := strconv.Atoi(attribute(tag, "r"))
		if n > maxSheetRows || n < 0 {
			return p.hostile("a row has a number that no sheet has")
		}
		if h := attribute(tag, "hidden"); h == "1" || h == "true" {
			p.facts.hidden[n] = true
		}
	case "c":
		if col, _, ok := cellName(attribute(tag, "r")); ok && col > maxSheetColumns {
			return p.hostile("a sheet has more than 1000 columns")
		}
	case "mergeCell":
		from, to, _ := strings.Cut(attribute(tag, "ref"), ":")
		left, top, ok1 := cellName(from)
		right, bottom, ok2 := cellName(to)
		if ok1 && ok2 && len(p.facts.merged) < 100_000 {
			p.facts.merged = append(p.facts.merged, cellRange{left, top, right, bottom})
		}
	}
	return nil
}

// attribute returns the value of an attribute of a tag, "" where it has none.
func attribute(tag []byte, name string) string {
	i := bytes.Index(tag, []byte(" "+name+"=\""))
	if i < 0 {
		return ""
	}
	rest := tag[i+len(name)+3:]
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return ""
	}
	return string(rest[:end])
}

// cellName reads "B3" as column 2, row 3.
func cellName(s string) (col, row int, ok bool) {
	i := 0
	for i < len(s) && s[i] >= 'A' && s[i] <= 'Z' && i < 4 {
		col = col*26 + int(s[i]-'A') + 1
		i++
	}
	if i == 0 || i == len(s) || digits(s[i:]) != len(s)-i {
		return col, 0, false
	}
	return col, atoi(s[i:]), true
}

// sheetPart returns the name of the part that holds a sheet, "" where it is not told.
func sheetPart(z *zip.Reader, name string) string {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		Relationships []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	load := func(part string, to any) bool {
		f, err := z.Open(part)
		if err != nil {
			return false
		}
		defer f.Close()
		return xml.NewDecoder(io.LimitReader(f, 16<<20)).Decode(to) == nil
	}
	if !load("xl/workbook.xml", &book) || !load("xl/_rels/workbook.xml.rels", &rels) {
		return ""
	}
	for _, s := range book.Sheets {
		if s.Name != name {
			continue
		}
		for _, r := range rels.Relationships {
			if r.ID == s.ID {
				if strings.HasPrefix(r.Target, "/") {
					return strings.TrimPrefix(r.Target, "/")
				}
				return path.Join("xl", r.Target)
			}
		}
	}
	return ""
}

// maxSheetsTried is how many sheets are read for one with a table.
const maxSheetsTried = 8

// findSheets returns the names of the sheets that may be meant: the one that is
// named, or each that is visible.
func (in *Input) findSheets(f *excelize.File, name string) ([]string, error) {
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, &Error{Msg: in.Shown() + " has no sheet", Try: "open it in a spreadsheet and save it again"}
	}
	if name == "" {
		visible := slices.DeleteFunc(slices.Clone(sheets), func(s string) bool {
			ok, err := f.GetSheetVisible(s)
			return err == nil && !ok
		})
		if len(visible) == 0 {
			return sheets[:1], nil
		}
		return visible, nil
	}
	at := slices.IndexFunc(sheets, func(s string) bool { return strings.EqualFold(s, name) })
	if n, err := strconv.Atoi(name); at < 0 && err == nil && n >= 1 && n <= len(sheets) {
		at = n - 1
	}
	if at < 0 {
		return nil, &Error{Msg: fmt.Sprintf("%s has no sheet %q", in.Shown(), name), Try: "its sheets are " + strings.Join(sheets, ", ")}
	}
	return sheets[at : at+1], nil
}

// fill reads the rows of a sheet twice at once, as stored and as shown: a stored
// number that is shown as a date is a date, and one shown with leading zeros has
// them.
func (in *Input) fill(f *excelize.File, s *sheet, facts *partFacts) error {
	stored, err := f.Rows(s.name)
	if err != nil {
		return in.damagedBook()
	}
	defer stored.Close()
	shown, err := f.Rows(s.name)
	if err != nil {
		return in.damagedBook()
	}
	defer shown.Close()
	props, err := f.GetWorkbookProps()
	date1904 := err == nil && props.Date1904 != nil && *props.Date1904
	held := 0
	for line := 1; stored.Next() && shown.Next(); line++ {
		if line > maxSheetRows {
			return &Error{Msg: in.Shown() + ": a sheet has more rows than a sheet can", Try: "save it as .csv"}
		}
		row, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return &Error{Msg: fmt.Sprintf("%s:%d: the row cannot be read", in.Shown(), line), Try: "open it in a spreadsheet and save it again"}
		}
		seen, err := shown.Columns(excelize.Options{ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd", LongTimePattern: "hh:mm:ss"})
		if err != nil {
			return &Error{Msg: fmt.Sprintf("%s:%d: the row cannot be read", in.Shown(), line), Try: "open it in a spreadsheet and save it again"}
		}
		for i := range row {
			held += len(row[i]) + 16
			if i < len(seen) && seen[i] != row[i] {
				row[i] = cellText(row[i], seen[i], date1904)
			}
		}
		if held > maxSheetText {
			return &Error{Msg: in.Shown() + " is larger than a workbook of reports can be", Try: "save the sheet as .csv"}
		}
		if blank(row) {
			continue
		}
		if facts != nil && facts.hidden[line] {
			s.hidden++
		}
		s.rows = append(s.rows, sheetRow{line, row})
	}
	if facts != nil {
		s.unmerge(facts.merged)
	}
	return nil
}

// unmerge writes the value of merged cells into each of them.
func (s *sheet) unmerge(merged []cellRange) {
	at := make(map[int]int, len(s.rows))
	if len(merged) > 0 {
		for i, r := range s.rows {
			at[r.line] = i
		}
	}
	budget := 1 << 20 // cells that are filled
	for _, m := range merged {
		first, ok := at[m.top]
		if !ok || m.left > len(s.rows[first].fields) {
			continue
		}
		v := s.rows[first].fields[m.left-1]
		if v == "" {
			continue
		}
		for line := m.top; line <= m.bottom && budget > 0; line++ {
			i, ok := at[line]
			budget--
			if !ok {
				continue
			}
			// To the right only where it stands over several rows: a title over a table
			// is no value of its columns.
			right := m.right
			if m.top == m.bottom {
				right = m.left
			}
			for col := m.left; col <= right && budget > 0; col++ {
				budget--
				for len(s.rows[i].fields) < col {
					s.rows[i].fields = append(s.rows[i].fields, "")
				}
				if s.rows[i].fields[col-1] == "" {
					s.rows[i].fields[col-1] = v
				}
			}
		}
	}
}

// cellText returns a serial number that is shown as a date or a time in ISO form, a
// whole number with the leading zeros that it is shown with, and any other cell as
// stored.
func cellText(stored, shown string, date1904 bool) string {
	serial, err := strconv.ParseFloat(stored, 64)
	if err != nil {
		return stored
	}
	if serial == math.Trunc(serial) && strings.HasPrefix(shown, "0") && digits(shown) == len(shown) && strings.TrimLeft(shown, "0") == stored {
		return shown
	}
	if serial == math.Trunc(serial) && strings.ContainsAny(stored, "eE") && math.Abs(serial) < 1e15 {
		return strconv.FormatFloat(serial, 'f', -1, 64) // stored whole, if written short
	}
	if serial < 0 || serial > 2958466 { // 31 December 9999
		return stored
	}
	clock := strings.Contains(shown, ":")
	if !clock && !strings.ContainsAny(shown, "/-") && !namesMonth(shown) {
		return stored
	}
	if _, err := strconv.ParseFloat(shown, 64); err == nil {
		return stored
	}
	if serial < 1 {
		seconds := int(math.Round(serial * 86400))
		return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	at, err := excelize.ExcelDateToTime(serial, date1904)
	if err != nil {
		return stored
	}
	at = at.Round(time.Second)
	if serial != math.Trunc(serial) {
		return at.Format("2006-01-02 15:04:05")
	}
	if clock {
		return at.Format("2006-01-02 15:04:05")
	}
	return at.Format("2006-01-02")
}

func namesMonth(s string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if _, ok := months[w]; ok {
			return true
		}
	}
	return false
}
