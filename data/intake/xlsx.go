package intake

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"spreewatch/data"
	"spreewatch/data/intake/when"
)

// readXLSX yields the reports of one sheet of a workbook, row by row.
func readXLSX(s *source, o Options, yield func(data.Report, error) bool) error {
	// The limits are alike, so that no part is unpacked to a temporary file.
	f, err := excelize.OpenReader(s.r, excelize.Options{UnzipSizeLimit: maxWorkbook, UnzipXMLSizeLimit: maxWorkbook})
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return s.broken(err)
		}
		return &data.UserError{Msg: s.shown() + " is a damaged workbook", Hint: "open it in a spreadsheet and save it again"}
	}
	defer f.Close()
	sheet, err := findSheet(f, s.shown(), o.Sheet)
	if err != nil {
		return err
	}
	t, err := newSheet(f, sheet)
	if err != nil {
		return &data.UserError{Msg: s.shown() + " is a damaged workbook", Hint: "open it in a spreadsheet and save it again"}
	}
	defer t.close()
	var l layout
	rows := 0
	for line := 1; t.next(); line++ {
		fields, err := t.row()
		if err != nil {
			return &data.UserError{Msg: fmt.Sprintf("%s:%d: the row cannot be read", s.shown(), line), Hint: "open it in a spreadsheet and save it again"}
		}
		if blank(fields) {
			continue
		}
		if l.columns == nil {
			if l, err = newLayout(s.shown(), fields, o.Columns); err != nil {
				return err
			}
			continue
		}
		rows++
		report, err := reportFrom(l.cells(fields), s.name, line, &o)
		if !yield(report, err) {
			return errStopped
		}
	}
	if rows == 0 {
		return &data.UserError{Msg: s.shown() + " has no rows on its sheet", Hint: "name another with --sheet"}
	}
	return nil
}

func findSheet(f *excelize.File, source, name string) (string, error) {
	sheets := f.GetSheetList()
	switch {
	case len(sheets) == 0:
		return "", &data.UserError{Msg: source + " has no sheet", Hint: "open it in a spreadsheet and save it again"}
	case name == "":
		return sheets[0], nil
	}
	at := slices.IndexFunc(sheets, func(s string) bool { return strings.EqualFold(s, name) })
	if at < 0 {
		return "", &data.UserError{
			Msg:  fmt.Sprintf("%s has no sheet %q", source, name),
			Hint: "its sheets are " + strings.Join(sheets, ", "),
		}
	}
	return sheets[at], nil
}

// A sheet walks the rows of a worksheet twice at once: as stored and as shown.
// A stored number that is shown as a date is a date.
type sheet struct {
	stored, shown *excelize.Rows
	date1904      bool
}

func newSheet(f *excelize.File, name string) (*sheet, error) {
	stored, err := f.Rows(name)
	if err != nil {
		return nil, err
	}
	shown, err := f.Rows(name)
	if err != nil {
		stored.Close()
		return nil, err
	}
	props, err := f.GetWorkbookProps()
	return &sheet{stored, shown, err == nil && props.Date1904 != nil && *props.Date1904}, nil
}

func (t *sheet) close() {
	t.stored.Close()
	t.shown.Close()
}

func (t *sheet) next() bool {
	a, b := t.stored.Next(), t.shown.Next()
	return a && b
}

func (t *sheet) row() ([]string, error) {
	stored, err := t.stored.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	shown, err := t.shown.Columns(excelize.Options{ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd", LongTimePattern: "hh:mm:ss"})
	if err != nil {
		return nil, err
	}
	for i := range stored {
		if i < len(shown) && shown[i] != stored[i] {
			stored[i] = dateCell(stored[i], shown[i], t.date1904)
		}
	}
	return stored, nil
}

// dateCell returns a serial number that is shown as a date or a time in ISO
// form, and any other cell as stored.
func dateCell(stored, shown string, date1904 bool) string {
	serial, err := strconv.ParseFloat(stored, 64)
	if err != nil || serial < 0 || serial > 2958466 { // 31 December 9999
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
	if clock || serial != math.Trunc(serial) {
		return at.Format("2006-01-02 15:04:05")
	}
	return at.Format("2006-01-02")
}

func namesMonth(s string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if _, ok := when.Months[w]; ok {
			return true
		}
	}
	return false
}
