package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"
)

// readText reads a table from memory and renders it: how it was read, its notes and
// doubts, and each row by its reference, span, place and reported time.
func readText(t *testing.T, name, text string, o Options) []string {
	t.Helper()
	in, err := FromReader(name, strings.NewReader(text))
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	in.AsTable()
	return readInput(t, in, o)
}

func readInput(t *testing.T, in *Input, o Options) []string {
	t.Helper()
	o.Today = today
	table, err := Read(in, o)
	var whole *Error
	if errors.As(err, &whole) {
		return []string{"error: " + err.Error() + " | " + whole.Hinted()}
	}
	if err != nil {
		t.Fatal(err)
	}
	out := []string{table.How().String()}
	for _, n := range table.Notes {
		out = append(out, n.String())
	}
	for row, err := range table.All() {
		if err == nil {
			var s string
			if s, err = render(row); err == nil {
				out = append(out, s)
				continue
			}
		}
		var bad *RowError
		if !errors.As(err, &bad) {
			bad = row.Refuse(err)
		}
		out = append(out, bad.Error())
	}
	table.Describe(io.Discard)
	return out
}

func render(row Row) (string, error) {
	span, err := row.Span()
	if err != nil {
		return "", err
	}
	s := fmt.Sprintf("%d %s %s", row.Line, row.Get(Ref), span.From.Format("2006-01-02 15:04"))
	switch {
	case span.Day:
		s += " day"
	case !span.To.Equal(span.From):
		s += " to " + span.To.Format("2006-01-02 15:04")
	}
	p, within, ok, err := row.PointWithin()
	if err != nil {
		return "", err
	}
	if ok {
		s += fmt.Sprintf(" (%.4f %.4f)", p.Lon(), p.Lat())
	}
	if within > 0 {
		s += fmt.Sprintf(" within %g m", within)
	}
	if at, err := row.ReportedAt(); err != nil {
		return "", err
	} else if !at.IsZero() {
		s += " reported " + at.Format("2006-01-02 15:04")
	}
	if row.Mangled() {
		s += " mangled"
	}
	return s, nil
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestRead(t *testing.T) {
	tests := []struct {
		name, file, text string
		o                Options
		want             []string
	}{
		{"a weekday proves the order", "a.csv", "ref,date,day of week,location\nA,06/12/2020,Fri,x y\nB,05/06/2020,Wed,x y\n", Options{}, // 12 June and 6 May 2020
			[]string{"dates month first: the days of the week in day of week prove it", "2 A 2020-06-12 00:00 day", "3 B 2020-05-06 00:00 day"}},
		{"a date of another kind proves it", "a.csv", "ref,date,reported,location\nA,06/12/2020,2020-06-13,x y\n", Options{},
			[]string{"dates month first: by the other dates of 1 row", "2 A 2020-06-12 00:00 day reported 2020-06-13 00:00"}},
		{"another column proves it", "a.csv", "ref,date,updated on,location\nA,06/06/2021,06/13/2021,x y\nB,06/07/2021,06/14/2021,x y\n", Options{},
			[]string{"dates month first: 2 rows of updated on prove it; not used: 1 column", "2 A 2021-06-06 00:00 day", "3 B 2021-06-07 00:00 day"}},
		{"a weekday before the date leaves its numbers to prove the order", "a.csv", "ref,date,location\nA,Thu 06/03/2021 10:00,x y\nB,Mon 06/14/2021 10:00,x y\n", Options{},
			[]string{"dates month first: 1 row proves it", "2 A 2021-06-03 10:00", "3 B 2021-06-14 10:00"}},
		{"a weekday before the date proves the order", "a.csv", "ref,date,location\nA,Thu 06/03/2021 10:00,x y\nB,Fri 06/04/2021 10:00,x y\n", Options{}, // 3 and 4 June 2021
			[]string{"dates month first: the days of the week in date prove it", "2 A 2021-06-03 10:00", "3 B 2021-06-04 10:00"}},
		{"dates as text with an apostrophe prove the order", "a.csv", "ref,date,location\nA,'06/03/2021,x y\nB,'06/14/2021,x y\n", Options{},
			[]string{"dates month first: 1 row proves it", "2 A 2021-06-03 00:00 day", "3 B 2021-06-14 00:00 day"}},
		{"a time of day before the date", "a.csv", "ref,date,location\nA,10:00 06/03/2021,x y\nB,2215 hrs on 06/14/2021,x y\n", Options{},
			[]string{"dates month first: 1 row proves it", "2 A 2021-06-03 10:00", "3 B 2021-06-14 22:15"}},
		{"the end of a time proves the order", "a.csv", "ref,date,location\nA,06/03/2021 10:00 - 06/04/2021 09:00,x y\nB,06/12/2021 22:00 - 06/13/2021 07:00,x y\n", Options{},
			[]string{"dates month first: 1 row proves it", "2 A 2021-06-03 10:00 to 2021-06-04 09:00", "3 B 2021-06-12 22:00 to 2021-06-13 07:00"}},
		{"both ends with the time of day first, and in two lines", "a.csv", "ref,date,location\nA,Between 22:00 on 12/06/2021 and 07:00 on 13/06/2021,x y\nB,\"12/06/2021 22:00\n13/06/2021 07:00\",x y\nC,12/06/2021 22:00 - 33/06/2021 07:00,x y\n", Options{},
			[]string{"dates day first: 2 rows prove it", "2 A 2021-06-12 22:00 to 2021-06-13 07:00", "3 B 2021-06-12 22:00 to 2021-06-13 07:00", "line 5: date: the clock time cannot be read"}},
		{"an end that the order told cannot read", "a.csv", "ref,date,location\nA,06/12/2021 22:00 - 06/13/2021 07:00,x y\n", Options{Order: DayFirst},
			[]string{"every column used", "line 2: date: the clock time cannot be read"}},
		{"both are proved", "a.csv", "ref,date,location\nA,13/06/2021,x y\nB,06/14/2021,x y\n", Options{},
			[]string{"error: a.csv has day-first dates (line 2) and month-first dates (line 3) | spreewatch ingest --date-order dmy a.csv\n or: spreewatch ingest --date-order mdy a.csv   (rows that do not fit are rejected)"}},
		{"both, and told", "a.csv", "ref,date,location\nA,13/06/2021,x y\nB,06/14/2021,x y\n", Options{Order: MonthFirst},
			[]string{"every column used", "line 2: date: dates are read month first and no month has this number: write it as 2015-09-16", "3 B 2021-06-14 00:00 day"}},
		{"nothing proves it", "a.csv", "ref,date,location\nA,03/06/2021,x y\n", Options{},
			[]string{"dates day first, which no row proves", "2 A 2021-06-03 00:00 day"}},
		{"nothing proves it in America", "a.csv", "ref,date,location\nA,03/06/2021,x y\n", Options{Zone: zone(t, "America/Denver")},
			[]string{"error: a.csv has dates that may be day first or month first, and no row proves it | spreewatch ingest --date-order mdy a.csv\n or: spreewatch ingest --date-order dmy a.csv"}},
		{"nothing proves it, of a source", "a.csv", "ref,date,location\nA,03/06/2021,x y\n", Options{Fallback: MonthFirst},
			[]string{"dates month first, as the source says", "2 A 2021-03-06 00:00 day"}},
		{"hhmm without zeros beside midnights", "a.csv", "ref,date occ,time occ,location\nA,2021-06-03 00:00,5,x y\nB,2021-06-03 00:00,915,x y\nC,2021-06-03 00:00,UNK,x y\nD,2021-06-03 00:00,2400,x y\nE,2021-06-03 00:00,2561,x y\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:05", "3 B 2021-06-03 09:15", "4 C 2021-06-03 00:00 day", "5 D 2021-06-04 00:00", "line 6: from_time: no clock shows this time"}},
		{"hours, and midnights of UTC", "a.csv", "ref,date,hour,location\nA,2021-06-03T00:00:00Z,17,x y\nB,2021-06-04T00:00:00Z,,x y\n", Options{Zone: zone(t, "America/Toronto")},
			[]string{"every column used", "2 A 2021-06-03 17:00 to 2021-06-03 18:00", "3 B 2021-06-04 00:00 day"}},
		{"pieces", "a.csv", "ref,year,month,day,hour,minute,location\nA,2021,6,3,17,5,x y\nB,2021,Feb,30,1,1,x y\nC,2021,6,4,,,x y\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 17:05", "line 3: day: the calendar has no such day", "4 C 2021-06-04 00:00 day"}},
		{"an end the next morning", "a.csv", "ref,date,from,to,location\nA,2021-06-03,22:00,06:00,x y\nB,2021-06-03,10:00,,x y\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 22:00 to 2021-06-04 06:00", "3 B 2021-06-03 10:00"}},
		{"pairs, dictionaries and points", "a.csv", "ref;date;location\nA;2021-06-03;(52.5, 1.25)\nB;2021-06-03;{'latitude': '52.5', 'longitude': '1.25'}\nC;2021-06-03;POINT (1.25 52.5)\nD;2021-06-03;{\"type\":\"Point\",\"coordinates\":[1.25,52.5]}\nE;2021-06-03;\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (1.2500 52.5000)", "3 B 2021-06-03 00:00 day (1.2500 52.5000)", "4 C 2021-06-03 00:00 day (1.2500 52.5000)", "5 D 2021-06-03 00:00 day (1.2500 52.5000)", "6 E 2021-06-03 00:00 day"}},
		{"points that are no place of the file", "a.csv", "ref,date,lat,lon\nA,2021-06-03,41.88,-87.66\nB,2021-06-03,41.89,-87.62\nb,2021-06-03,41.89,-87.62\nb,2021-06-03,41.89,-87.62\nC,2021-06-03,41.88,-87.63\nD,2021-06-03,-87.63,41.88\nE,2021-06-03,41.88,87.63\nF,2021-06-03,36.61,-91.68\nG,2021-06-03,0,0\n", Options{},
			[]string{"every column used",
				"1 pair of coordinates not used, the first on line 8: a coordinate seems to have lost its sign",
				"1 pair of coordinates not used, the first on line 9: hundreds of kilometres from all other points of the file: the default of a system, it seems",
				"1 pair of coordinates not used, the first on line 7: latitude and longitude seem to be swapped",
				"2 A 2021-06-03 00:00 day (-87.6600 41.8800)", "3 B 2021-06-03 00:00 day (-87.6200 41.8900)", "4 b 2021-06-03 00:00 day (-87.6200 41.8900)", "5 b 2021-06-03 00:00 day (-87.6200 41.8900)", "6 C 2021-06-03 00:00 day (-87.6300 41.8800)",
				"line 7: coordinates: latitude and longitude seem to be swapped", "line 8: coordinates: a coordinate seems to have lost its sign",
				"line 9: coordinates: hundreds of kilometres from all other points of the file: the default of a system, it seems", "line 10: lat: the coordinates are 0, 0, which is no place"}},
		{"the National Grid", "a.csv", "ref,date,easting,northing\nA,2021-06-03,605000,316500\nB,2021-06-03,0,0\n", Options{Zone: zone(t, "Europe/London")},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (1.0330 52.7073)", "line 3: x: the coordinates are 0, 0, which is no place"}},
		{"metres of a plane that nobody named", "a.csv", "ref,date,x,y,location\nA,2021-06-03,490612,5459000,x y\n", Options{Zone: zone(t, "America/Vancouver")},
			[]string{"every column used", "coordinates x, y not used: name their system with --crs EPSG:CODE", "2 A 2021-06-03 00:00 day"}},
		{"a plane that was named", "a.csv", "ref,date,x,y\nA,2021-06-03,10,20\n", Options{Project: func(x, y float64) (orb.Point, error) { return orb.Point{x, y}, nil }, Feet: true},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (10.0000 20.0000)"}},
		{"references of a spreadsheet", "a.csv", "ref,date,location\n3.60E+10,2021-06-03,x y\n36E10,2021-06-03,x y\n", Options{},
			[]string{"every column used", "1 value in scientific notation (column ref), so no references: those reports get one of their own", "2 3.60E+10 2021-06-03 00:00 day mangled", "3 36E10 2021-06-03 00:00 day"}},
		{"a header of two lines", "a.csv", "Occurred,,Reported,,\nDate,Time,Date,Time,Address\n2021-06-03,10:00,2021-06-04,11:30,1 High Street\n", Options{},
			[]string{"every column used", "1 row above the header on line 2", "3  2021-06-03 10:00 reported 2021-06-04 11:30"}},
		{"a header of two lines, whose upper says what the lower is of", "a.csv", "Incident,,Recorded,Occurred,,Place,\nNumber,Type,Date,From,To,Street,Town\nZ1,Burglary,04/06/2021,03/06/2021 22:00,14/06/2021 06:00,Mill Lane,Elsing\n", Options{},
			[]string{"dates day first: 1 row proves it; offence from Type", "1 row above the header on line 2", "3 Z1 2021-06-03 22:00 to 2021-06-14 06:00 reported 2021-06-04 00:00"}},
		{"letters and figures are no number of a house", "a.csv", "Number,Date,Type,Street,Town\nCAD-1001,2021-06-03,Theft,Mill Lane,Elsing\nCAD-1002,2021-06-04,Theft,Mill Lane,Elsing\n", Options{},
			[]string{"offence from Type", "2 CAD-1001 2021-06-03 00:00 day", "3 CAD-1002 2021-06-04 00:00 day"}},
		{"the day of the week under Day proves the order", "a.csv", "ref,Day,Date,location\nA,Fri,06/04/2021,x y\nB,Thu,06/03/2021,x y\n", Options{}, // 4 and 3 June 2021
			[]string{"dates month first: the days of the week in Day prove it", "2 A 2021-06-04 00:00 day", "3 B 2021-06-03 00:00 day"}},
		{"on or after, and before", "a.csv", "Incident URN,On/After,And/Before,location\n7,13/06/2021 18:00,14/06/2021 07:00,x y\n", Options{},
			[]string{"dates day first: 1 row proves it", "2 7 2021-06-13 18:00 to 2021-06-14 07:00"}},
		{"a column that is named and missing", "a.csv", "ref,dat,location\nA,2021-06-03,x y\n", Options{Columns: map[Field]string{Date: "date"}, Typed: []string{"ingest", "--dry-run", "a b.csv"}},
			[]string{`error: a.csv has no column "date" | spreewatch ingest --column date=dat --dry-run "a b.csv"`}},
		{"a column of settings that another file lacks", "a.csv", "ref,date,location\nA,2021-06-03,x y\n", Options{Usual: map[Field]string{Date: "when it was"}},
			[]string{"every column used", "2 A 2021-06-03 00:00 day"}},
		{"a column that is named for nothing", "a.csv", "ref,date,clock,location\nA,2021-06-03 10:00,11:00,x y\n", Options{Columns: map[Field]string{FromTime: "clock"}},
			[]string{`error: a.csv: the column "clock" is not used, since "date" has the time of day in it | leave out --column from_time`}},
		{"nothing is nothing", "a.csv", "ref,date,lat,lon,location\nN/A,2021-06-03,#N/A,NULL,x y\nA,-,1.5,52.5,x y\nB,2021-06-03,UNKNOWN,1,x y\n", Options{},
			[]string{"every column used", "2  2021-06-03 00:00 day", "line 3: date: the row has no date", "line 4: lat: a longitude without a latitude"}},
		{"outcomes", "a.csv", "Crime ID,Month,Reported by,Longitude,Latitude,Outcome type\na,2021-06,x,1,52,y\n", Options{},
			[]string{"error: a.csv is a file of outcomes: none of its rows is a new report | give the street-level crimes, or a table of reports"}},
		{"JSON on several lines", "a.json", "[\n  {\n    \"ref\": \"A\",\n    \"date\": \"2021-06-03\",\n    \"location\": {\"latitude\": 52.5, \"longitude\": 1.25}\n  },\n  {\n    \"ref\": \"B\", \"date\": \"2021-06-04\", \"place\": \"x y\"\n  }\n]\n", Options{},
			[]string{"every column used", "2 A 2021-06-03 00:00 day (1.2500 52.5000)", "7 B 2021-06-04 00:00 day"}},
		{"features", "a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ref":"A","date":"2021-06-03"},"geometry":{"type":"Point","coordinates":[1.25,52.5]}}]}`, Options{},
			nil},
		{"objects on one line are counted", "a.json", `[{"ref":"A","date":"2021-06-03","location":"x y"},{"ref":"B","date":"soon","location":"x y"},{"ref":"C","date":"late","location":"x y"}]`, Options{},
			[]string{"every column used", "several objects stand on one line: line 7 means the seventh object", "1 A 2021-06-03 00:00 day", "line 2: date: not a date", "line 3: date: not a date"}},
		{"objects on one line that are cut off", "a.json", `[{"ref":"A","date":"2021-06-03","location":"x y"},{"ref":"B","da`, Options{},
			[]string{"error: a.json is no JSON from object 2 on, behind line 1 | write one JSON object a line"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readText(t, tt.file, tt.text, tt.o)
			if tt.want == nil {
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A file of many proofs bears a stray one against them.
func TestOrderBearsAStray(t *testing.T) {
	var b strings.Builder
	b.WriteString("ref,date,location\n")
	for i := range 40 {
		fmt.Fprintf(&b, "A%d,06/%02d/2021,x y\n", i, 13+i%10)
	}
	b.WriteString("B,13/06/2021,x y\n")
	got := readText(t, "a.csv", b.String(), Options{})
	if got[0] != "dates month first: 40 rows prove it" || got[1] != "1 date proves the other order of day and month" || !strings.Contains(got[len(got)-1], "month first and no month") {
		t.Errorf("%q … %q", got[:2], got[len(got)-1])
	}
}

// book writes a workbook.
func book(t *testing.T, fill func(*excelize.File)) *Input {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	in, err := FromReader("a.xlsx", &b)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestWorkbook(t *testing.T) {
	in := book(t, func(f *excelize.File) {
		f.SetSheetName("Sheet1", "Old")
		f.SetSheetRow("Old", "A1", &[]any{"ref", "date", "location"})
		f.NewSheet("Cover")
		f.SetCellValue("Cover", "A1", "Of the desk")
		f.NewSheet("Tonight")
		f.SetSheetRow("Tonight", "A1", &[]any{"Reports of the night"})
		f.MergeCell("Tonight", "A1", "C1")
		f.SetSheetRow("Tonight", "A2", &[]any{"ref", "date", "location"})
		f.SetSheetRow("Tonight", "A3", &[]any{123, "2021-06-03", "x y"})
		f.SetSheetRow("Tonight", "A4", &[]any{124, nil, "x y"})
		f.MergeCell("Tonight", "B3", "B4")
		f.SetSheetRow("Tonight", "A5", &[]any{125, "#VALUE!", "x y"})
		f.SetSheetRow("Tonight", "A6", &[]any{126, 44350.5, "x y"})
		format, when := "0000000", "dd/mm/yyyy hh:mm"
		padded, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		dated, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &when})
		f.SetCellStyle("Tonight", "A3", "A3", padded)
		f.SetCellStyle("Tonight", "B6", "B6", dated)
		f.SetRowVisible("Tonight", 4, false)
		f.SetActiveSheet(2)
		f.SetSheetVisible("Old", false)
	})
	want := []string{"every column used", "1 row above the header on line 2", "1 hidden row read", "other sheets not read: Old, Cover",
		"3 0000123 2021-06-03 00:00 day", "4 124 2021-06-03 00:00 day", "line 5: date: the row has no date", "6 126 2021-06-03 12:00"}
	if diff := cmp.Diff(want, readInput(t, in, Options{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for sheet, want := range map[string]string{"1": "every column used", "old": "every column used", "9": `error: a.xlsx has no sheet "9" | its sheets are Old, Cover, Tonight`} {
		if got := readInput(t, in, Options{Sheet: sheet, Quiet: true}); got[0] != want {
			t.Errorf("sheet %s: %q, want %q", sheet, got[0], want)
		}
	}
}

// Parts that no spreadsheet writes are refused before anything is unpacked whole.
func TestHostileWorkbook(t *testing.T) {
	sheet := func(rows string) string {
		return `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`
	}
	for want, text := range map[string]string{
		"a row has a number that no sheet has":               sheet(`<row r="2147483647"><c r="A2147483647"><v>1</v></c></row>`),
		"a sheet has more than 1000 columns":                 sheet(`<row r="1"><c r="XFD1"><v>1</v></c></row>`),
		"a cell holds more than a cell can":                  sheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>` + strings.Repeat("x", maxCellText+1) + `</t></is></c></row>`),
		"its parts are nested too deep":                      sheet(strings.Repeat("<a>", maxDepth+1) + strings.Repeat("</a>", maxDepth+1)),
		"a tag is longer than any that a spreadsheet writes": sheet(`<row r="1" x="` + strings.Repeat("x", maxTag) + `"></row>`),
		"a part of it unpacks to more than is safe":          strings.Repeat("<a/>", ratioFrom/4+1),
		"a.xlsx is a damaged workbook":                       sheet(`<row r="1"`),
	} {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range []string{"[Content_Types].xml", "xl/worksheets/sheet1.xml"} {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if name != "[Content_Types].xml" {
				io.WriteString(w, text)
			}
		}
		z.Close()
		in, err := FromReader("a.xlsx", &b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(in, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestZip(t *testing.T) {
	pack := func(files ...string) *bytes.Buffer {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range files {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(w, "ref,date,location\nA,2021-06-03,x y\n")
		}
		z.Close()
		return &b
	}
	in, err := FromReader("a.zip", pack("folder/b.csv", "__MACOSX/._b.csv", "readme.txt"))
	if err != nil || in.Name != "a.zip:b.csv" || in.Packed != "zip" {
		t.Fatalf("%+v, %v", in, err)
	}
	if got := readInput(t, in, Options{}); len(got) != 2 {
		t.Errorf("%q", got)
	}
	if _, err := FromReader("a.zip", pack("b.csv", "c.csv")); err == nil || err.Error() != "a.zip is a zip of several files" {
		t.Errorf("two tables: %v", err)
	}
}

// A zip that unpacks to more than is safe is refused before it is unpacked, and one
// that says less of itself than it holds is cut off there.
func TestZipBomb(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("a.csv")
	if err != nil {
		t.Fatal(err)
	}
	const size = ratioFrom + 1<<20
	for range size >> 20 {
		if _, err := w.Write(bytes.Repeat([]byte("x,"), 1<<19)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		says uint32
		want string
	}{{size, "a.zip unpacks to more than is safe"}, {4 << 20, "a.zip is a damaged zip"}} {
		packed := bytes.Clone(b.Bytes())
		at := bytes.LastIndex(packed, []byte("PK\x01\x02")) // the entry of the directory
		binary.LittleEndian.PutUint32(packed[at+24:], tt.says)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := FromReader("a.zip", bytes.NewReader(packed))
		runtime.ReadMemStats(&after)
		if err == nil || err.Error() != tt.want {
			t.Errorf("of one that says %d bytes: %v, want %q", tt.says, err, tt.want)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 16<<20 {
			t.Errorf("of one that says %d bytes: %d MiB were taken", tt.says, took>>20)
		}
	}
}

func TestOpenRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("sep=;\na;b\n1;2\n\n3\n4;5;6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := OpenRows(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if diff := cmp.Diff([]string{"a", "b"}, r.Header); diff != "" || r.Size != 23 || r.Source != "a.csv" {
		t.Errorf("header %q, %d bytes", r.Header, r.Size)
	}
	for _, want := range []string{"3 [1 2]", "5 [3 ]", "6 refused", "end"} {
		fields, line, err := r.Next()
		got := fmt.Sprintf("%d %v", line, fields)
		var bad *RowError
		switch {
		case errors.As(err, &bad):
			got = fmt.Sprintf("%d refused", bad.Line)
		case err == io.EOF:
			got = "end"
		}
		if got != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	if r.Offset() != 23 {
		t.Errorf("%d bytes were read", r.Offset())
	}
	if _, err := OpenRows(filepath.Join(t.TempDir(), "none.csv"), nil); err == nil {
		t.Error("a file that there is not")
	}
}

func TestQuote(t *testing.T) {
	for s, want := range map[string]string{"a.csv": "a.csv", "a b": `"a b"`, "": `""`, "it's $1": `'it'\''s $1'`} {
		if got := Quote(s); got != want {
			t.Errorf("Quote(%q) = %s, want %s", s, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a.csv", "ref,date,time,lat,lon\nA,03/06/2021,915,52.5,1.5\nB,06/14/2021,,,\n")
	f.Add("a.csv", "x;y;from;to\n1;2;5/9/2016 10:00 AM;\n")
	f.Add("a.jsonl", `{"location":"x","from":"2015-09-16T10:00:00Z","geometry":{"coordinates":[1,2]}}`+"\n{\n")
	f.Add("a.json", "[{\"a\":1},\n{\"date\":\"2021\"}]")
	f.Fuzz(func(t *testing.T, name, text string) {
		if filepath.Base(name) != name {
			return
		}
		in, err := FromReader(name, strings.NewReader(text))
		if err != nil {
			return
		}
		in.AsTable()
		for _, o := range []Options{{Today: today}, {Today: today, Headless: true, Planar: true, Coordinates: true, Single: true}, {Incidental: true, Lenient: true, Quiet: true}} {
			table, err := Read(in, o)
			if err != nil {
				continue
			}
			table.Describe(io.Discard)
			for row, err := range table.All() {
				if err != nil {
					continue
				}
				if span, err := row.Span(); err == nil && span.To.Before(span.From) {
					t.Errorf("%+v ends before it starts", span)
				}
				if p, ok, err := row.Point(); ok && err == nil && (p.Lat() < -90 || p.Lat() > 90 || p.Lon() < -180 || p.Lon() > 180) {
					t.Errorf("%v is no place", p)
				}
			}
		}
	})
}

// A workbook is what a spreadsheet writes but for its first sheet and its list of
// texts, which may hold anything.
func FuzzWorkbook(f *testing.F) {
	book := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "ref", "B1": "location", "C1": "from", "A2": "A1", "B2": "Mill Street", "C2": 42263.5} {
		if err := book.SetCellValue("Sheet1", cell, v); err != nil {
			f.Fatal(err)
		}
	}
	whole, err := book.WriteToBuffer()
	if err != nil {
		f.Fatal(err)
	}
	parts, err := zip.NewReader(bytes.NewReader(whole.Bytes()), int64(whole.Len()))
	if err != nil {
		f.Fatal(err)
	}
	const sheet, texts = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
	seeds := map[string]string{}
	others := map[string][]byte{}
	for _, part := range parts.File {
		r, err := part.Open()
		if err != nil {
			f.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			f.Fatal(err)
		}
		if part.Name == sheet || part.Name == texts {
			seeds[part.Name] = string(text)
			continue
		}
		others[part.Name] = text
	}
	f.Add(seeds[sheet], seeds[texts])
	f.Add(seeds[sheet], "<sst><si><t>&a;</t></si></sst>")
	f.Add(`<worksheet><sheetData><row r="2147483647"><c r="ZZZ9" t="s"><v>-1</v></c></row></sheetData></worksheet>`, seeds[texts])
	f.Fuzz(func(t *testing.T, sheetText, textsText string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		put := func(name string, text []byte) {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(text); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(others)) {
			put(name, others[name])
		}
		put(sheet, []byte(sheetText))
		put(texts, []byte(textsText))
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		in, err := FromReader("a.xlsx", &b)
		if err != nil {
			return
		}
		table, err := Read(in, Options{Today: today})
		if err != nil {
			return
		}
		for row, err := range table.All() {
			if err == nil && row.Line < 1 {
				t.Errorf("a row at line %d", row.Line)
			}
		}
	})
}
