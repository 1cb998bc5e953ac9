package intake

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/table"
)

var (
	testToday    = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	testProfiles = []cluster.Profile{
		{Offence: "burglary-dwelling", Words: []string{"burglary", "burgled", "break-in"}},
		{Offence: "courier-fraud", Words: []string{"courier fraud", "courier", "bank card"}},
	}
)

func london(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// writeFile writes an input into the test's own folder.
func writeFile(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// lines renders what a reader gave, one line each, for comparison.
func lines(t *testing.T, path string, o Options) []string {
	t.Helper()
	if o.Today.IsZero() {
		o.Today = testToday
	}
	var out []string
	for r, err := range Read(t.Context(), path, o) {
		var row *data.RowError
		switch {
		case errors.As(err, &row) && row.Unread:
			out = append(out, fmt.Sprintf("%d unread: %s", row.Line, row.Reason))
		case errors.As(err, &row):
			out = append(out, fmt.Sprintf("%d rejected %s: %s", row.Line, row.Field, row.Reason))
		case data.Hint(err) != "":
			out = append(out, "error: "+err.Error()+" | "+data.Hint(err))
		case err != nil:
			out = append(out, "internal error: "+err.Error())
		default:
			out = append(out, line(r))
		}
	}
	return out
}

// line renders a report: line, location, offence, interval, precision.
func line(r data.Report) string {
	s := fmt.Sprintf("%d %s | %s | %s", r.Line, r.Location, r.Offence, r.From.Format("2006-01-02 15:04Z07:00"))
	if !r.To.Equal(r.From) {
		s += " to " + r.To.Format("2006-01-02 15:04Z07:00")
	}
	s += " | " + string(r.Precision)
	if r.Point != nil {
		s += fmt.Sprintf(" | %g %g", r.Point.Lon(), r.Point.Lat())
	}
	if !r.Reported.IsZero() {
		s += " | reported " + r.Reported.Format("2006-01-02 15:04Z07:00")
	}
	return s
}

func TestReadTable(t *testing.T) {
	tests := []struct {
		name, file, text string
		o                Options
		want             []string
	}{
		{
			name: "plain headers", file: "a.csv",
			text: "ref,offence,location,from,to,reported,lat,lon\n" +
				"A1,burglary,\"14 Mill Street, Elsing\",2015-09-16 10:00,2015-09-16 14:30,2015-09-16T15:00:00Z,52.7,1.03\n",
			want: []string{"2 14 Mill Street, Elsing | burglary-dwelling | 2015-09-16 10:00+01:00 to 2015-09-16 14:30+01:00 | window | 1.03 52.7 | reported 2015-09-16 16:00+01:00"},
		},
		{
			name: "day first, semicolons, no end", file: "a.csv",
			text: "Crime Number;Crime Type;Incident Address;Date From\nB/1;Robbery;Norwich Road, Dereham;03/04/2015 17:05\n",
			want: []string{"2 Norwich Road, Dereham | Robbery | 2015-04-03 17:05+01:00 | exact"},
		},
		{
			name: "tabs, a date and a time column", file: "a.tsv",
			text: "Date\tTime\tStreet\tTown\tPostcode\tHouse No\n16/09/2015\t1730hrs\tMill Street\tElsing\tNR20 3EJ\t7\n17 Sep 2015\t\tHigh Street\tWatton\t\t\n",
			want: []string{
				"2 7 Mill Street, Elsing, NR20 3EJ |  | 2015-09-16 17:30+01:00 | exact",
				"3 High Street, Watton |  | 2015-09-17 00:00+01:00 to 2015-09-18 00:00+01:00 | day",
			},
		},
		{
			name: "pipes, dates and times apart, past midnight", file: "a.csv",
			text: "Location|Date From|Time From|Date To|Time To\nMill Street|16/09/2015|22:00|17/09/2015|02:00\nMill Lane|16-Sep-15|22.00||2am\n",
			want: []string{
				"2 Mill Street |  | 2015-09-16 22:00+01:00 to 2015-09-17 02:00+01:00 | window",
				"3 Mill Lane |  | 2015-09-16 22:00+01:00 to 2015-09-17 02:00+01:00 | window",
			},
		},
		{
			name: "whole days", file: "a.csv",
			text: "location,from,to\nMill Street,14/12/2015,29/12/2015\nMill Lane,14/12/2015,14/12/2015\n",
			want: []string{
				"2 Mill Street |  | 2015-12-14 00:00Z to 2015-12-30 00:00Z | window",
				"3 Mill Lane |  | 2015-12-14 00:00Z to 2015-12-15 00:00Z | day",
			},
		},
		{
			name: "bad dates", file: "a.csv",
			text: "location,from,to\nMill Street,09/16/2015,\nMill Street,2015-13-45,\nMill Street,31/09/2015,\nMill Street,1066-10-14,\n" +
				"Mill Street,2099-01-01,\nMill Street,16 September,\nMill Street,last week,\nMill Street,2015-09-16 25:00,\nMill Street,,2015-09-16\n" +
				"Mill Street,2015-09-16 12:00,2015-09-16 11:00\nMill Street,29/02/2015,\n",
			want: []string{
				"2 Mill Street |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day",
				"3 rejected from: the calendar has no such day",
				"4 rejected from: the calendar has no such day",
				"5 rejected from: the event is before 1970",
				"6 rejected from: the event is in the future",
				"7 rejected from: the date has no year",
				"8 rejected from: not a date",
				"9 rejected from: no clock shows this time",
				"10 rejected from: the row has no date",
				"11 rejected to: the event ends before it starts",
				"12 rejected from: the calendar has no such day",
			},
		},
		{
			name: "bad places", file: "a.csv",
			text: "location,from,lat,lon\n,2015-09-16,,\n,2015-09-16,52.7,1.0\n,2015-09-16,95,1.0\n,2015-09-16,52.7,x\nMill Street,2015-09-16,0,0\n,2015-09-16,0,0\n,2015-09-16,52.7,\n",
			want: []string{
				"2 rejected location: the row has neither a location nor coordinates",
				"3  |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day | 1 52.7",
				"4 rejected lat: beyond 90 degrees",
				"5 rejected lon: not a number of degrees",
				"6 Mill Street |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day",
				"7 rejected lat: the coordinates are 0, 0, which is no place",
				"8 rejected lon: a latitude without a longitude",
			},
		},
		{
			name: "ragged rows, quoted line breaks, a quotation mark never closed", file: "a.csv",
			text: "location,from\n\"Mill Street,\nElsing\",2015-09-16\nMill Lane\n\"Open,2015-09-16\nNorwich Road,2015-09-17\na,2015-09-16,c\n\"x\"y,2015-09-16\n\nHigh Street,2015-09-18\n",
			want: []string{
				"2 Mill Street, Elsing |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day",
				"4 rejected : the row has 1 columns, the header 2",
				"5 rejected : a quotation mark is opened and never closed",
				"6 Norwich Road |  | 2015-09-17 00:00+01:00 to 2015-09-18 00:00+01:00 | day",
				"7 rejected : the row has 3 columns, the header 2",
				"8 rejected : text follows a closing quotation mark",
				"10 High Street |  | 2015-09-18 00:00+01:00 to 2015-09-19 00:00+01:00 | day",
			},
		},
		{
			name: "columns by name", file: "a.csv",
			text: "wo,wann,from\nMill Street,2015-09-16,2014-01-01\n",
			o:    Options{Columns: map[string]string{"location": "wo", "from": "Wann"}},
			want: []string{"2 Mill Street |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day"},
		},
		{
			name: "a named column that is missing", file: "a.csv",
			text: "Incident Adress,from\nMill Street,2015-09-16\n",
			o:    Options{Columns: map[string]string{"location": "Incident Address"}},
			want: []string{`error: a.csv has no column "Incident Address" | spreewatch ingest --column location="Incident Adress" a.csv`},
		},
		{
			name: "a field that does not exist", file: "a.csv",
			text: "location,from\nMill Street,2015-09-16\n",
			o:    Options{Columns: map[string]string{"adress": "location"}},
			want: []string{`error: there is no field "adress" to give a column to | did you mean location? fields are ref, offence, location, house_number, street, street_type, locality, postcode, date, from, from_time, to, to_time, reported, reported_time, lat, lon, x, y, point, year, month, day, hour, minute, weekday, status, precision, location_id`},
		},
		{
			name: "no usable column", file: "a.csv",
			text: "name,incident addr text,from\nx,Elsing,2015-09-16\n",
			want: []string{`error: a.csv has no column "location" | spreewatch ingest --column location="incident addr text" a.csv`},
		},
		{
			name: "an offence for all", file: "a.csv",
			text: "location,from,offence\nMill Street,2015-09-16,robbery\n",
			o:    Options{Offence: "courier-fraud"},
			want: []string{"2 Mill Street | courier-fraud | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day"},
		},
		{
			name: "clock changes", file: "a.csv",
			text: "location,from,to\na,2021-03-28 01:30,\nb,2021-10-31 01:30,\nc,2021-10-31 00:30,2021-10-31 01:30\nd,2021-10-31T01:30:00Z,\ne,2021-10-31T01:30+01:00,\nf,2021-10-31,\n",
			want: []string{
				"2 a |  | 2021-03-28 02:30+01:00 | exact",
				"3 b |  | 2021-10-31 01:30+01:00 | exact",
				"4 c |  | 2021-10-31 00:30+01:00 to 2021-10-31 01:30Z | window",
				"5 d |  | 2021-10-31 01:30Z | exact",
				"6 e |  | 2021-10-31 01:30+01:00 | exact",
				"7 f |  | 2021-10-31 00:00+01:00 to 2021-11-01 00:00Z | day",
			},
		},
		{
			name: "JSON lines", file: "a.jsonl",
			text: `{"ref":"J1","offence":"courier","location":"Mill Street, Elsing","from":"2015-09-16T10:15:00+01:00","lat":52.7,"lon":1.03}` + "\n" +
				"{broken\n\n" + `{"Incident Address":"Norwich Road","Date":"16/09/2015","time":"10am"}` + "\n[1,2]\nnull\n" + `{"location":"x"} {"location":"y"}` + "\n",
			want: []string{
				"1 Mill Street, Elsing | courier-fraud | 2015-09-16 10:15+01:00 | exact | 1.03 52.7",
				"2 rejected : not one JSON object",
				"4 Norwich Road |  | 2015-09-16 10:00+01:00 | exact",
				"5 rejected : not one JSON object",
				"6 rejected : not one JSON object",
				"7 rejected : not one JSON object",
			},
		},
		{
			name: "a JSON array, an object a line", file: "a.json",
			text: "[\n{\"location\":\"Mill Street\",\"from\":\"2015-09-16\"},\n{\"location\":\"Mill Lane\",\"from\":\"2015-09-17\"}\n]\n",
			want: []string{
				"2 Mill Street |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day",
				"3 Mill Lane |  | 2015-09-17 00:00+01:00 to 2015-09-18 00:00+01:00 | day",
			},
		},
		{
			name: "dates in a column of times", file: "a.csv",
			text: "address,time\nMill Street,2010-01-01T00:00:00-0600\nMill Lane,10am\n",
			want: []string{
				"2 Mill Street |  | 2010-01-01 06:00Z | exact",
				"3 rejected date: a clock time without a date",
			},
		},
		{
			name: "a table in a text file", file: "a.txt",
			text: "Date\tTime\tLocation\n16/09/2015\t10:05\tMill Street, Elsing\n",
			want: []string{"2 Mill Street, Elsing |  | 2015-09-16 10:05+01:00 | exact"},
		},
		{
			name: "day numbers of a spreadsheet", file: "a.csv",
			text: "location,from\nMill Street,42263.5\nMill Lane,42263\nMill Road,20150916\nMill Close,9999.5\n",
			want: []string{
				"2 rejected from: it looks like the day number of a spreadsheet: format the column as a date and export it again",
				"3 rejected from: it looks like the day number of a spreadsheet: format the column as a date and export it again",
				"4 Mill Road |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day",
				"5 rejected from: not a date",
			},
		},
		{
			name: "the separator line of a spreadsheet", file: "a.csv",
			text: "sep=;\nlocation;from\nMill Street;2015-09-16\n",
			want: []string{"3 Mill Street |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Profiles = testProfiles
			got := lines(t, writeFile(t, tt.file, []byte(tt.text)), tt.o)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadEncodings(t *testing.T) {
	const text = "location,from\nSt Peter’s Café,2015-09-16\n"
	want := []string{"2 St Peter’s Café |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day"}
	wide := func(order binary.AppendByteOrder, mark bool) []byte {
		var b []byte
		if mark {
			b = order.AppendUint16(b, 0xfeff)
		}
		for _, u := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(text))
	z.Close()
	tests := []struct {
		name, file string
		content    []byte
	}{
		{"UTF-8", "a.csv", []byte(text)},
		{"UTF-8 with a mark", "a.csv", []byte("\xef\xbb\xbf" + text)},
		{"UTF-16, little end first", "a.csv", wide(binary.LittleEndian, true)},
		{"UTF-16, big end first", "a.csv", wide(binary.BigEndian, true)},
		{"UTF-16 without a mark, little", "a.csv", wide(binary.LittleEndian, false)},
		{"UTF-16 without a mark, big", "a.csv", wide(binary.BigEndian, false)},
		{"Windows-1252", "a.csv", []byte("location,from\nSt Peter\x92s Caf\xe9,2015-09-16\n")},
		{"carriage returns", "a.csv", []byte(strings.ReplaceAll(text, "\n", "\r\n"))},
		{"gzip", "a.csv.gz", zipped.Bytes()},
		{"gzip under another name", "a.csv", zipped.Bytes()},
		{"no name for it", "a", []byte(text)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(want, lines(t, writeFile(t, tt.file, tt.content), Options{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("standard input", func(t *testing.T) {
		if diff := cmp.Diff(want, lines(t, "-", Options{Stdin: strings.NewReader(text)})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a row that is not UTF-8 in a file that is", func(t *testing.T) {
		path := writeFile(t, "a.csv", []byte("location,from\nCafé,2015-09-16\nCaf\xe9,2015-09-16\nMill Street,2015-09-16\n"))
		want := []string{
			"2 Café |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day",
			"3 rejected : the row is not valid UTF-8",
			"4 Mill Street |  | 2015-09-16 00:00+01:00 to 2015-09-17 00:00+01:00 | day",
		}
		if diff := cmp.Diff(want, lines(t, path, Options{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// endless is a line that never ends; it counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += len(p)
	return len(p), nil
}

func TestReadBadFiles(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	fmt.Fprintln(z, "location,from")
	for i := range 5000 {
		fmt.Fprintf(z, "%d Mill Street,2015-09-%02d\n", i*7919%1000, i%28+1)
	}
	z.Close()
	damaged := bytes.Clone(zipped.Bytes())
	for i := 40; i < 80; i++ {
		damaged[i] ^= 0xff
	}
	long := append([]byte("location,from\n"), bytes.Repeat([]byte("x"), 2<<20)...)
	tests := []struct {
		name, file string
		content    []byte
		want       string // the last line given
	}{
		{"empty", "a.csv", nil, "error: a.csv is empty | export it again"},
		{"blank", "a.csv", []byte(" \n\n"), "error: a.csv is empty | export it again"},
		{"header alone, of no reports", "a.csv", []byte("name,colour\n"), `error: a.csv has no column "location" and none "from" | the table has 2 columns; spreewatch inspect a.csv lists them`},
		{"headers that are not known", "a.csv", []byte("Clock,Spot,Day of it\n1,\"Mill Street, Holt\",16/09/2015\n2,\"Mill Road, Holt\",17/09/2015\n"), `error: a.csv has no column "location" | spreewatch ingest --column location=Spot a.csv`},
		{"binary", "a.csv", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00"), "error: a.csv is not text | export it again as plain text"},
		{"binary without a name for text", "a.doc", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00"), "error: a.doc is not text | give it as .csv, .xlsx, .jsonl or .txt"},
		{"NUL bytes far in", "a.csv", append([]byte("location,from\n"+strings.Repeat("Mill Street,2015-09-16\n", 5000)), "a\x00b,c\n"...),
			"error: a.csv:5002: the line has NUL bytes: this is not a text file | export it again as plain text"},
		{"a line too long", "a.csv", long, "error: a.csv:2: the line is longer than 1048576 bytes | is it a text file with one report a line?"},
		{"a bulletin of one line too long", "a.txt", bytes.Repeat([]byte("word "), 400_000), "error: a.txt:1: the line is longer than 1048576 bytes | is it a text file with one report a line?"},
		{"cut-off gzip", "a.csv.gz", zipped.Bytes()[:zipped.Len()/2], "error: a.csv.gz is cut off | copy or export it again"},
		{"damaged gzip", "a.csv.gz", damaged, "error: a.csv.gz is a damaged gzip file | copy or export it again"},
		{"damaged workbook", "a.xlsx", []byte("PK\x03\x04garbage"), "error: a.xlsx is a damaged workbook | open it in a spreadsheet and save it again"},
		{"not a workbook", "a.xlsx", []byte("location,from\n"), "error: a.xlsx is named as a workbook but is none | export it again"},
		{"old workbook", "a.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "error: a.xls is an old or a protected workbook | save it as .xlsx without a password, or as .csv"},
		{"no incident", "a.txt", []byte("Nothing to report.\n"), "error: a.txt has no incident in it | an incident needs a place and a time; a table should be named .csv, .xlsx or .jsonl"},
		{"neither encoding", "a.txt", []byte("Caf\x81 in Mill Street\n"), "error: a.txt:1: the line is neither UTF-8 nor Windows-1252 | save it as UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := lines(t, writeFile(t, tt.file, tt.content), Options{})
			if len(got) == 0 || got[len(got)-1] != tt.want {
				t.Errorf("last of %d lines is %q, want %q", len(got), got[max(0, len(got)-1):], tt.want)
			}
		})
	}
	t.Run("folder", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "reports")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		want := []string{"error: reports is a folder, not a file of reports | name the files in it, such as reports/*.csv"}
		if diff := cmp.Diff(want, lines(t, dir, Options{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("missing", func(t *testing.T) {
		want := []string{"error: there is no file none.csv | check the name and the folder"}
		if diff := cmp.Diff(want, lines(t, filepath.Join(t.TempDir(), "none.csv"), Options{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("an endless line is not read to its end", func(t *testing.T) {
		var e endless
		got := lines(t, "-", Options{Stdin: &e})
		want := []string{"error: standard input:1: the line is longer than 1048576 bytes | is it a text file with one report a line?"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if e.read > 2*table.MaxLine {
			t.Errorf("read %d bytes of it, more than %d", e.read, 2*table.MaxLine)
		}
	})
}

func TestReadWorkbook(t *testing.T) {
	f := excelize.NewFile()
	f.SetSheetName("Sheet1", "Calls")
	style := func(format string) int {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	builtin, err := f.NewStyle(&excelize.Style{NumFmt: 22}) // m/d/yy h:mm
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]any{
		{"Ref", "Location", "From", "To", "Time", "Lat", "Lon"},
		{101, "Mill Street, Elsing", 42263.4270833333, "", "", 52.7, 1.03}, // 2015-09-16 10:15
		{102, "Norwich Road, Dereham", 42263, 42264.25, "", "", ""},
		{103, "High Street, Watton", 42263, "", 0.75, "", ""},
		{104, "Text date", "16/09/2015 10:05", "", "", "", ""},
		{105, "No date", "soon", "", "", "", ""},
	}
	for i, row := range rows {
		if err := f.SetSheetRow("Calls", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for cell, id := range map[string]int{"C2": builtin, "C3": style("mm/dd/yyyy"), "D3": style("dd/mm/yyyy hh:mm"), "C4": style("d mmm yy"), "E4": style("h:mm AM/PM")} {
		if err := f.SetCellStyle("Calls", cell, cell, id); err != nil {
			t.Fatal(err)
		}
	}
	f.NewSheet("Other")
	f.SetSheetRow("Other", "A1", &[]any{"Address", "Date"})
	f.SetSheetRow("Other", "A2", &[]any{"Church Lane", "2015-09-17"})
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, "a.xlsx", b.Bytes())
	want := []string{
		"2 Mill Street, Elsing |  | 2015-09-16 10:15+01:00 | exact | 1.03 52.7",
		"3 Norwich Road, Dereham |  | 2015-09-16 00:00+01:00 to 2015-09-17 06:00+01:00 | window",
		"4 High Street, Watton |  | 2015-09-16 18:00+01:00 | exact",
		"5 Text date |  | 2015-09-16 10:05+01:00 | exact",
		"6 rejected from: not a date",
	}
	if diff := cmp.Diff(want, lines(t, path, Options{})); diff != "" {
		t.Errorf("first sheet (-want +got):\n%s", diff)
	}
	want = []string{"2 Church Lane |  | 2015-09-17 00:00+01:00 to 2015-09-18 00:00+01:00 | day"}
	if diff := cmp.Diff(want, lines(t, path, Options{Sheet: "other"})); diff != "" {
		t.Errorf("named sheet (-want +got):\n%s", diff)
	}
	want = []string{`error: a.xlsx has no sheet "Third" | its sheets are Calls, Other`}
	if diff := cmp.Diff(want, lines(t, path, Options{Sheet: "Third"})); diff != "" {
		t.Errorf("missing sheet (-want +got):\n%s", diff)
	}
}

func TestMakeRef(t *testing.T) {
	from := time.Date(2015, 9, 16, 9, 15, 0, 0, time.UTC)
	a := data.Report{Offence: "courier-fraud", Location: "Mill Street, Elsing", From: from, To: from}
	ref := MakeRef(a)
	same := a
	same.Location, same.From, same.To = "MILL STREET  Elsing", from.In(time.FixedZone("BST", 3600)), from.In(time.FixedZone("BST", 3600))
	same.Source, same.Line = "other.csv", 7
	if got := MakeRef(same); got != ref {
		t.Errorf("the same report has ref %s, want %s", got, ref)
	}
	for name, change := range map[string]func(*data.Report){
		"offence":  func(r *data.Report) { r.Offence = "burglary" },
		"location": func(r *data.Report) { r.Location = "Mill Street, Necton" },
		"from":     func(r *data.Report) { r.From = from.Add(-time.Minute) },
		"to":       func(r *data.Report) { r.To = from.Add(time.Minute) },
	} {
		other := a
		change(&other)
		if MakeRef(other) == ref {
			t.Errorf("a report with another %s has the same ref", name)
		}
	}
	if strings.Contains(strings.ToLower(ref), "mill") || len(ref) != 12 {
		t.Errorf("ref %q is not R- and ten digits", ref)
	}
}

// TestNearestField corrects the name of a field by one that is known, or by a
// header that is.
func TestNearestField(t *testing.T) {
	tests := []struct{ name, want string }{
		{"locaton", "location"},
		{"adress", "location"},
		{"Postcode", "postcode"},
		{"post_cod", "postcode"},
		{"offense", "offence"},
		{"weather", ""},
		{"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(table.NearestField(tt.name)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A row of a text that only looks like a table is no report where its words say that it is
// no crime, and has the time of its remarks; a file of reports keeps every row as it is.
func TestRowsThatArePasted(t *testing.T) {
	log := "no,opened,type,detail,street,town\n" +
		"1,2021-06-11 06:22,ANIMALS,two horses loose,Combs Lane,Stowmarket\n" +
		"2,2021-06-11 09:05,BURGLARY,Between 10/06 20:30 and 11/06 08:45,Onehouse Road,Stowmarket\n"
	days := "date;village;road;type;remarks\n" +
		"11/06/2021;Stowmarket;Combs Lane;Theft;Between 01:00 and 06:30. Van\n" +
		"12/06/2021;Stowmarket;Onehouse Road;Theft;15:40. Wine\n" +
		"13/06/2021;Stowmarket;Poplar Hill;Theft;Seen by staff\n"
	all := []string{"2 2021-06-11 06:22 2021-06-11 06:22", "3 2021-06-11 09:05 2021-06-11 09:05"}
	for _, tt := range []struct {
		name, text string
		columns    map[string]string
		want       []string
	}{
		{"log.txt", log, nil, []string{"2 what is no crime, but perhaps an incident", "3 2021-06-10 20:30 2021-06-11 08:45"}},
		{"log.csv", log, nil, all},
		{"days.txt", days, nil, []string{"2 2021-06-11 01:00 2021-06-11 06:30", "3 2021-06-12 15:40 2021-06-12 15:40", "4 2021-06-13 00:00 2021-06-14 00:00"}},
		{"log.txt", log, map[string]string{"offence": "type"}, all},
		{"log.txt", strings.Replace(log, "type", "crime", 1), nil, all},
	} {
		var got []string
		for r, err := range Read(t.Context(), writeFile(t, tt.name, []byte(tt.text)), Options{Today: testToday, Columns: tt.columns, Profiles: testProfiles}) {
			var row *data.RowError
			if errors.As(err, &row) {
				got = append(got, fmt.Sprintf("%d %s", row.Line, row.Reason))
			} else if err != nil {
				t.Fatal(err)
			} else {
				got = append(got, fmt.Sprintf("%d %s %s", r.Line, r.From.In(london(t)).Format("2006-01-02 15:04"), r.To.In(london(t)).Format("2006-01-02 15:04")))
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", tt.name, diff)
		}
	}
}
