package events

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"spreewatch/data/table"
	"spreewatch/geo/oracle"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"
)

func utc() Options {
	o := DefaultOptions()
	o.Zone = time.UTC
	o.Source = "f.csv"
	return o
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestReadForms(t *testing.T) {
	at := time.Date(2016, 9, 5, 14, 50, 0, 0, time.UTC)
	point := orb.Point{1.5, 52.5}
	metres := orb.Point{359192.25, 570510.5}
	feet := orb.Point{359192.25 * 1200 / 3937, 570510.5 * 1200 / 3937} // US survey feet: New York's planes
	for _, c := range []struct {
		name, text string
		edit       func(*Options)
		want       Event
	}{
		{"degrees and a date", "id,lat,lon,date\nA,52.5,1.5,2016-09-05\n", nil,
			Event{ID: "A", Point: point, From: day(2016, 9, 5), To: day(2016, 9, 5), Line: 2, Day: true}},
		{"date and time columns, location", "id,lat,lon,date,time,location_id\nA,52.5,1.5,2016-09-05,14:50,L7\n", nil,
			Event{ID: "A", Location: "L7", Point: point, From: at, To: at, Line: 2}},
		{"no header", "359192.25,570510.5,2016-09-05\n", nil,
			Event{ID: "#1", Point: metres, From: day(2016, 9, 5), To: day(2016, 9, 5), Line: 1, Day: true}},
		{"no header, id and clock", "A,359192.25,570510.5,2016-09-05,14:50\n", nil,
			Event{ID: "A", Point: metres, From: at, To: at, Line: 1}},
		{"no header, degrees, interval", "52.5,1.5,2016-09-05 14:50,2016-09-05 15:50\n", func(o *Options) { o.Degrees = true },
			Event{ID: "#1", Point: point, From: at, To: at.Add(time.Hour), Line: 1}},
		{"semicolons, byte order mark, month first", "\ufefflatitude;longitude;Date/Time\n52.5;1.5;9/5/2016 2:50 PM\n",
			func(o *Options) { o.Order = table.MonthFirst },
			Event{ID: "#2", Point: point, From: at, To: at, Line: 2}},
		{"date in the column of times", "x,y,Time\n359192.25,570510.5,2016-09-05 14:50\n", nil,
			Event{ID: "#2", Point: metres, From: at, To: at, Line: 2}},
		{"offset", "lat,lon,time_local\n52.5,1.5,2016-09-05T10:50:00-0400\n", nil,
			Event{ID: "#2", Point: point, From: at, To: at, Line: 2}},
		{"date in pieces", "TYPE,YEAR,MONTH,DAY,HOUR,MINUTE,X,Y\nTheft,2016,9,5,14,50,359192.25,570510.5\n", nil,
			Event{ID: "#2", Offence: "Theft", Point: metres, From: at, To: at, Line: 2}},
		{"interval in four columns", "CMPLNT_FR_DT,CMPLNT_FR_TM,CMPLNT_TO_DT,CMPLNT_TO_TM,X_COORD_CD,Y_COORD_CD\n" +
			"2016-09-05,14:50,2016-09-06,01:00,359192.25,570510.5\n", nil,
			Event{ID: "#2", Point: feet, From: at, To: time.Date(2016, 9, 6, 1, 0, 0, 0, time.UTC), Line: 2}},
		{"no end", "x,y,from,to\n359192.25,570510.5,2016-09-05 14:50,\n", nil,
			Event{ID: "#2", Point: metres, From: at, To: at, Line: 2, NoEnd: true}},
		{"days from and to", "x,y,from,to\n359192.25,570510.5,2016-09-05,2016-09-06\n", nil,
			Event{ID: "#2", Point: metres, From: day(2016, 9, 5), To: day(2016, 9, 7), Line: 2}},
		{"one day from and to", "x,y,from,to\n359192.25,570510.5,2016-09-05,2016-09-05\n", nil,
			Event{ID: "#2", Point: metres, From: day(2016, 9, 5), To: day(2016, 9, 5), Line: 2, Day: true}},
		{"until some time of a day", "x,y,from,to\n359192.25,570510.5,2016-09-05 14:50,2016-09-05\n", nil,
			Event{ID: "#2", Point: metres, From: at, To: day(2016, 9, 6), Line: 2}},
		{"single date wins", "x,y,date_single,from,to\n359192.25,570510.5,2016-09-05 14:50,2016-09-01,2016-09-09\n", nil,
			Event{ID: "#2", Point: metres, From: at, To: at, Line: 2}},
		{"interval preferred", "x,y,date_single,from,to\n359192.25,570510.5,2016-09-07,2016-09-05 14:50,2016-09-05 14:50\n",
			func(o *Options) { o.Interval = true },
			Event{ID: "#2", Point: metres, From: at, To: at, Line: 2}},
		{"named columns", "when,a,b\n2016-09-05T14:50,359192.25,570510.5\n",
			func(o *Options) { o.Column = map[table.Field]string{"x": "a", "y": "b", "date": "when"} },
			Event{ID: "#2", Point: metres, From: at, To: at, Line: 2}},
		{"kilometres and a count of days", "id,x_km,y_km,day\n1,300,302,413\n", nil,
			Event{ID: "1", Point: orb.Point{300_000, 302_000}, From: day(1971, 2, 18), To: day(1971, 2, 18), Line: 2, Day: true}},
		{"no coordinates wanted", "from,to\n2016-09-05 14:50,2016-09-05 15:50\n", func(o *Options) { o.Placeless = true },
			Event{ID: "#2", From: at, To: at.Add(time.Hour), Line: 2}},
		{"quoted, with a month by name", "id,lat,lon,date\n\"A, B\",52.5,1.5,5 Sep 2016\n", nil,
			Event{ID: "A, B", Point: point, From: day(2016, 9, 5), To: day(2016, 9, 5), Line: 2, Day: true}},
		{"Windows-1252", "id,lat,lon,date\nCaf\xe9,52.5,1.5,2016-09-05\n", nil,
			Event{ID: "Café", Point: point, From: day(2016, 9, 5), To: day(2016, 9, 5), Line: 2, Day: true}},
		{"UTF-16", "\xff\xfe" + wide("id,lat,lon,date\nA,52.5,1.5,2016-09-05\n"), nil,
			Event{ID: "A", Point: point, From: day(2016, 9, 5), To: day(2016, 9, 5), Line: 2, Day: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := utc()
			if c.edit != nil {
				c.edit(&o)
			}
			got, err := Read(strings.NewReader(c.text), o)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Rejected) > 0 {
				t.Fatalf("rejected: %v", got.Rejected[0])
			}
			c.want.Cases = 1 // no column of counts
			if diff := cmp.Diff([]Event{c.want}, got.Events, cmpopts.EquateApproxTime(0), cmpopts.EquateApprox(0, 1e-6)); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

// wide writes ASCII as UTF-16, low byte first.
func wide(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		b.WriteByte(0)
	}
	return b.String()
}

func TestReadLocalTime(t *testing.T) {
	o := utc()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	o.Zone = zone
	got, err := Read(strings.NewReader("lat,lon,date\n40,-73,2016-07-01 20:00\n"), o)
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2016, 7, 2, 0, 0, 0, 0, time.UTC); !got.Events[0].From.Equal(want) {
		t.Errorf("from = %v, want %v", got.Events[0].From, want)
	}
}

func TestReadRejects(t *testing.T) {
	for _, c := range []struct{ name, row, want string }{
		{"latitude out of range", "A,95,1.5,2016-09-05", "f.csv:3: lat: beyond 90 degrees"},
		{"not a number", "A,north,1.5,2016-09-05", "f.csv:3: lat: not a number of degrees"},
		{"NaN", "A,52,NaN,2016-09-05", "f.csv:3: lon: a latitude without a longitude"},
		{"no longitude", "A,52,,2016-09-05", "f.csv:3: lon: a latitude without a longitude"},
		{"no date", "A,52,1.5,", "f.csv:3: date: the row has no date"},
		{"31 June", "A,52,1.5,31/6/2016", "f.csv:3: date: the calendar has no such day"},
		{"words", "A,52,1.5,yesterday", "f.csv:3: date: not a date"},
		{"hour 25", "A,52,1.5,2016-09-05 25:00", "f.csv:3: date: no clock shows this time"},
		{"short row", "A,52,1.5", "f.csv:3: the row has 3 columns, the header 4"},
		{"long row", "A,52,1.5,2016-09-05,x", "f.csv:3: the row has 5 columns, the header 4"},
		{"same id", "first,52,1.5,2016-09-05", "f.csv:3: ref: the same reference as line 2"},
		{"0, 0", "A,0,0,2016-09-05", "f.csv:3: lat: the coordinates are 0, 0, which is no place"},
		{"text after a quote", "\"A\"x,52,1.5,2016-09-05", "f.csv:3: text follows a closing quotation mark"},
		{"quote never closed", "\"A,52,1.5,2016-09-05", "f.csv:3: a quotation mark is opened and never closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "id,lat,lon,date\nfirst,52.5,1.5,2016-09-05\n" + c.row + "\nlast,52.5,1.5,2016-09-05\n"
			got, err := Read(strings.NewReader(text), utc())
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Events) != 2 || got.Events[1].ID != "last" || got.Events[1].Line != 4 {
				t.Errorf("events = %+v, want first and last", got.Events)
			}
			if len(got.Rejected) != 1 || got.Rejected[0].Error() != c.want {
				t.Errorf("rejected = %v, want %q", got.Rejected, c.want)
			}
		})
	}
}

func TestReadIntervalRejects(t *testing.T) {
	text := "x,y,from,to\n1,2,2016-09-05 10:00,2016-09-05 09:00\n1,2,,2016-09-05 09:00\n1,2,2016-09-05 10:00,soon\n"
	got, err := Read(strings.NewReader(text), utc())
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, r := range got.Rejected {
		reasons = append(reasons, r.Error())
	}
	want := []string{"f.csv:2: to: the event ends before it starts", "f.csv:3: from: the row has no date", "f.csv:4: to: not a date"}
	if diff := cmp.Diff(want, reasons); diff != "" || len(got.Events) != 0 {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestReadBlankPointNearTheRest(t *testing.T) {
	got, err := Read(strings.NewReader("x,y,date\n0,0,2016-09-05\n50,0,2016-09-05\n"), utc())
	if err != nil || len(got.Events) != 2 {
		t.Errorf("events = %v, %v: a study at the origin loses its origin", got.Events, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "f.csv is empty"},
		{"no dates", "lat,lon\n1,2\n", `f.csv has no column "from"`},
		{"no place", "id,date\n1,2016-09-05\n", `f.csv has no column "lat" and none "lon"`},
		{"addresses", "id,date,location\n1,2016-09-05,\"Mill Street, Elsing\"\n", "f.csv has addresses and no coordinates"},
		{"no header and no place", "1,2016-09-05\n", "f.csv has no header and no two coordinates before its first date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Read(strings.NewReader(c.text), utc()); err == nil || err.Error() != c.want {
				t.Errorf("err = %v, want %q", err, c.want)
			}
		})
	}
	o := utc()
	o.Column = map[table.Field]string{"date": "seen"}
	if _, err := Read(strings.NewReader("x,y,date\n1,2,2016-09-05\n"), o); err == nil || err.Error() != `f.csv has no column "seen"` {
		t.Errorf("missing named column: %v", err)
	}
}

func TestFindOrder(t *testing.T) {
	for _, c := range []struct {
		name  string
		dates []string
		want  table.Order
		mixed bool
	}{
		{"nothing tells", []string{"01/02/2016", "03/04/2016"}, table.DayFirst, false},
		{"day first", []string{"01/02/2016", "13/04/2016"}, table.DayFirst, false},
		{"month first", []string{"01/02/2016", "04/13/2016"}, table.MonthFirst, false},
		{"neither is a date", []string{"04/13/2016", "31/31/2016"}, table.MonthFirst, false},
		{"both", []string{"13/04/2016", "04/13/2016"}, "", true},
		{"month by name", []string{"13 Apr 2016", "04/13/2016"}, table.MonthFirst, false},
		{"ISO", []string{"2016-04-13"}, table.DayFirst, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Read(strings.NewReader("x,y,date\n1,2,"+strings.Join(c.dates, "\n1,2,")+"\n"), utc())
			mixed := err != nil && err.Error() == "f.csv has day-first dates (line 2) and month-first dates (line 3)"
			if mixed != c.mixed || got.DateOrder != c.want {
				t.Errorf("order = %q, %v; want %q, mixed %v", got.DateOrder, err, c.want, c.mixed)
			}
		})
	}
}

// TestReadShared reads real files in the forms that forces publish.
func TestReadShared(t *testing.T) {
	dir := oracle.Dir(t)
	for _, c := range []struct {
		file                    string
		interval                bool
		events, rejected, noEnd int
		metres, days            bool
		order                   table.Order
	}{
		// Counts by wc and awk. One row of New York has an end without a date, which is
		// that of its start; eight points of Houston are over 300 km from there.
		{file: "data/crime/aoristic/dcburglaries.csv", events: 1025, noEnd: 37, interval: true, metres: true, order: table.DayFirst},
		{file: "data/crime/aoristic/NYburg.csv", events: 1233, noEnd: 48, interval: true, metres: true, order: table.DayFirst},
		{file: "data/crime/chicago/chicago_burglary_2014_2017.csv", events: 45319, metres: true, days: true, order: table.DayFirst},
		{file: "data/crime/nyc_vehicle_thefts/nycvehiclethefts.csv", events: 35746, order: table.DayFirst},
		{file: "data/crime/nyc_vehicle_thefts/nycvehiclethefts.csv", events: 35746, interval: true, noEnd: 2852, order: table.DayFirst},
		{file: "data/crime/houston_ggmap/houston_2010_01_03.csv", events: 30013, rejected: 9, order: table.DayFirst},
		{file: "oracles/nearrepeat/chicago_arson.csv", events: 522, metres: true, days: true, order: table.DayFirst},
		{file: "oracles/nearrepeat/burkitt.csv", events: 188, metres: true, days: true, order: table.DayFirst},
		{file: "oracles/satscan/n10k.csv", events: 10000, order: table.DayFirst},
	} {
		t.Run(c.file, func(t *testing.T) {
			f, err := os.Open(filepath.Join(dir, c.file))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			o := utc()
			o.Interval = c.interval
			got, err := Read(f, o)
			if err != nil {
				t.Fatal(err)
			}
			noEnd := 0
			for _, e := range got.Events {
				if e.NoEnd {
					noEnd++
				}
			}
			if len(got.Rejected) > 0 && c.rejected == 0 {
				t.Logf("first rejected: %v", got.Rejected[0])
			}
			type sums struct {
				Events, Rejected, NoEnd int
				Metres, Days, Interval  bool
				Order                   table.Order
			}
			want := sums{c.events, c.rejected, c.noEnd, c.metres, c.days, c.interval, c.order}
			if diff := cmp.Diff(want, sums{len(got.Events), len(got.Rejected), noEnd, got.Metres, got.Days, got.Interval, got.DateOrder}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A row of a column of counts stands for as many cases; what is no whole number
// from 0 to a million is refused by row, and a blank is not taken for one.
func TestReadCounts(t *testing.T) {
	o := utc()
	o.Counts, o.Column = true, map[table.Field]string{table.Cases: "n"}
	in := "id,lat,lon,date,n\n" +
		"a,52.6,1.3,2024-03-04,3\nb,52.6,1.3,2024-03-05,12.0\nc,52.6,1.3,2024-03-06,0\nd,52.6,1.3,2024-03-07,1000000\n" +
		"e,52.6,1.3,2024-03-08,\nf,52.6,1.3,2024-03-09,1.5\ng,52.6,1.3,2024-03-10,-1\nh,52.6,1.3,2024-03-11,many\ni,52.6,1.3,2024-03-12,1000001\nj,52.6,1.3,2024-03-13,NaN\n"
	got, err := Read(strings.NewReader(in), o)
	if err != nil {
		t.Fatal(err)
	}
	var cases []int
	for _, e := range got.Events {
		cases = append(cases, e.Cases)
	}
	if diff := cmp.Diff([]int{3, 12, 0, 1_000_000}, cases); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
	var reasons []string
	for _, r := range got.Rejected {
		reasons = append(reasons, r.Error())
	}
	want := []string{"f.csv:6: cases: the row has none", "f.csv:7: cases: not a whole number", "f.csv:8: cases: below 0",
		"f.csv:9: cases: not a number", "f.csv:10: cases: over 1000000", "f.csv:11: cases: the row has none"}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}

	o.Counts = false
	if _, err := Read(strings.NewReader(in), o); err == nil || !strings.Contains(err.Error(), `no column role "cases"`) {
		t.Errorf("a count where none is taken: %v", err)
	}
	if err := (Options{}).Validate(); err == nil {
		t.Error("options without a time zone pass")
	}
}

// Rows are grouped by a column of any header in every kind of table. The column is
// still what it is without that: the offence of the first case.
func TestReadGroups(t *testing.T) {
	const plain = "id,lat,lon,date,offence,Police  Force\nA,52.5,1.5,2016-09-05,theft, Norfolk \nB,52.5,1.5,2016-09-06,arson,\nC,52.5,1.5,2016-09-07,theft,N/A\nD,52.5,1.5,2016-09-08,theft,suffolk\n"
	for _, c := range []struct {
		name, text, header string
		grouped            bool
		want               []string
	}{
		{"a field's own column", plain, "offence", true, []string{"theft", "arson", "theft", "theft"}},
		{"as it is written", plain, "Police Force", true, []string{"Norfolk", "", "", "suffolk"}},
		{"other case and spaces", plain, " police_FORCE", true, []string{"Norfolk", "", "", "suffolk"}},
		{"no such column", plain, "division", false, []string{"", "", "", ""}},
		{"none asked for", plain, "", false, []string{"", "", "", ""}},
		{"a sign that is no header", "id,,lat,lon,date\nA,x,52.5,1.5,2016-09-05\n", "-", false, []string{""}},
		{"no header", "A,359192.25,570510.5,2016-09-05,14:50\n", "force", false, []string{""}},
		{"an object a line", "{\"id\":\"A\",\"lat\":52.5,\"lon\":1.5,\"date\":\"2016-09-05\"}\n{\"id\":\"B\",\"lat\":52.5,\"lon\":1.5,\"date\":\"2016-09-06\",\"Force\":\" Norfolk\"}\n{\"id\":\"C\",\"lat\":52.5,\"lon\":1.5,\"date\":\"2016-09-07\",\"Force\":42}\n",
			"force", true, []string{"", "Norfolk", "42"}},
		{"objects without the key", "{\"id\":\"A\",\"lat\":52.5,\"lon\":1.5,\"date\":\"2016-09-05\"}\n", "force", false, []string{""}},
		{"an array", `[{"id":"A","lat":52.5,"lon":1.5,"date":"2016-09-05","area":{"force":"Norfolk"}}]`, "area.force", true, []string{"Norfolk"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := utc()
			if strings.ContainsAny(c.text[:1], "{[") {
				o.Source = "f.json"
			}
			alone, err := Read(strings.NewReader(c.text), o)
			if err != nil {
				t.Fatal(err)
			}
			o.GroupHeader = c.header
			got, err := Read(strings.NewReader(c.text), o)
			if err != nil {
				t.Fatal(err)
			}
			var groups []string
			for _, e := range got.Events {
				groups = append(groups, e.Group)
			}
			if diff := cmp.Diff(c.want, groups); diff != "" || got.Grouped != c.grouped {
				t.Errorf("grouped %v, groups (-want +got):\n%s", got.Grouped, diff)
			}
			if diff := cmp.Diff(alone.Events, got.Events, cmpopts.IgnoreFields(Event{}, "Group")); diff != "" {
				t.Errorf("events without and with groups:\n%s", diff)
			}
		})
	}
}

func TestReadGroupsOfWorkbook(t *testing.T) {
	f := excelize.NewFile()
	for i, row := range [][]any{{"ID", "Lat", "Lon", "Date", "Force"}, {"A", 52.5, 1.5, "2016-09-05", "Norfolk"}, {"B", 52.5, 1.5, "2016-09-06", 42}} {
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "f.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	o := utc()
	o.GroupHeader = "force"
	got, err := ReadFile(path, nil, o)
	if err != nil || !got.Grouped || len(got.Events) != 2 || got.Events[0].Group != "Norfolk" || got.Events[1].Group != "42" {
		t.Errorf("grouped %v, events %+v, %v", got.Grouped, got.Events, err)
	}
}

// A reference is of its group: two groups may each have a 1, and one may not have two.
func TestGroupsHaveTheirOwnReferences(t *testing.T) {
	text := "ref,from,lat,lon,force\n1,2026-03-02T10:00:00Z,52.1,1.1,Norfolk\n1,2026-03-02T11:00:00Z,52.1,1.1,Suffolk\n1,2026-03-02T12:00:00Z,52.1,1.1,Norfolk\n"
	for header, want := range map[string]int{"": 1, "force": 2} {
		o := DefaultOptions()
		o.GroupHeader = header
		got, err := Read(strings.NewReader(text), o)
		if err != nil || len(got.Events) != want || len(got.Rejected) != 3-want || got.Rejected[len(got.Rejected)-1].Line != 4 {
			t.Errorf("by %q: %d events, refused %v, %v; want %d events", header, len(got.Events), got.Rejected, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("id,lat,lon,date\nA,52.5,1.5,2016-09-05\n")
	f.Add("x,y,from,to\n1,2,5/9/2016 10:00 AM,\n")
	f.Add("359192.25,570510.5,2016-09-05\n")
	f.Add("\"a\nb,2016-09-05\nx;y\n")
	f.Add("YEAR,MONTH,DAY,HOUR,MINUTE,X,Y\n2022,1,3,16,19,1,2\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, o := range []Options{{Source: "f", Zone: time.UTC}, {Source: "f", Zone: time.UTC, Interval: true, Degrees: true}} {
			got, err := Read(strings.NewReader(text), o)
			if err != nil {
				continue
			}
			seen := map[string]bool{}
			for _, e := range got.Events {
				if seen[e.ID] || e.To.Before(e.From) || e.Line < 1 {
					t.Errorf("event %+v", e)
				}
				seen[e.ID] = true
			}
			for _, r := range got.Rejected {
				if r.Line < 1 || r.Reason == "" {
					t.Errorf("rejected %+v", r)
				}
			}
		}
	})
}

// Each group is read as a file of its rows alone would be, lines aside: the order of
// its dates, what is far from its others, and its references.
func TestGroupsApart(t *testing.T) {
	rows := []string{
		"1,03/13/2026,51.50,-0.10,North", "1,13/03/2026,60.15,-1.15,Isles", "2,03/04/2026,51.51,-0.11,North", "2,04/03/2026,60.16,-1.16,Isles",
		"3,03/04/2026,-0.12,51.52,North", "4,03/05/2026,51.50,-0.10,North", "5,03/06/2026,51.50,-0.10,North", "2,05/03/2026,60.16,-1.16,Isles", "9,05/03/2026,51,0,", "10,one,too,many,columns,here",
	}
	ndjson := []string{}
	for _, row := range rows[:9] {
		c := strings.Split(row, ",")
		ndjson = append(ndjson, fmt.Sprintf(`{"ref":%q,"date":%q,"lat":%q,"lon":%q,"force":%q}`, c[0], c[1], c[2], c[3], c[4]))
	}
	for kind, text := range map[string]string{"csv": "ref,date,lat,lon,force\n" + strings.Join(rows, "\n") + "\n", "ndjson": strings.Join(ndjson, "\n") + "\n"} {
		o := utc()
		o.Source, o.GroupHeader = "f."+kind, "Force"
		groups, loose, err := ReadGroups("-", strings.NewReader(text), o)
		if err != nil || len(groups) != 3 || groups[0].Name != "" || groups[1].Name != "Isles" || groups[2].Name != "North" || len(groups[0].Lines) != 1 {
			t.Fatalf("%s: %+v, %v", kind, groups, err)
		}
		if want := map[string]int{"csv": 1}[kind]; len(loose) != want {
			t.Errorf("%s: %d rows are loose, want %d", kind, len(loose), want)
		}
		for _, g := range groups[1:] {
			var own []string
			for _, row := range rows[:9] {
				if strings.HasSuffix(row, ","+g.Name) {
					own = append(own, row)
				}
			}
			alone := o
			alone.Source = "f.csv"
			want, err := Read(strings.NewReader("ref,date,lat,lon,force\n"+strings.Join(own, "\n")+"\n"), alone)
			if err != nil {
				t.Fatal(err)
			}
			var a, b []string
			for _, e := range want.Events {
				a = append(a, fmt.Sprint(e.ID, e.Point, e.From, e.Group))
			}
			for _, e := range g.Events {
				b = append(b, fmt.Sprint(e.ID, e.Point, e.From, e.Group))
			}
			for _, r := range want.Rejected {
				a = append(a, r.Field, strings.TrimRight(r.Reason, "0123456789"))
			}
			for _, r := range g.Rejected {
				b = append(b, r.Field, strings.TrimRight(r.Reason, "0123456789"))
			}
			if diff := cmp.Diff(a, b); diff != "" || len(g.Rejected) != 1 || g.Err != nil || !g.Grouped || len(g.Lines) != len(own) {
				t.Errorf("%s, %s (-alone +group): %d refused of %d lines, %v\n%s", kind, g.Name, len(g.Rejected), len(g.Lines), g.Err, diff)
			}
		}
	}
	o := utc()
	o.GroupHeader = "police"
	groups, loose, err := ReadGroups("-", strings.NewReader("ref,date,lat,lon\n1,13/03/2026,51.5,-.1\n"), o)
	if err != nil || len(groups) != 1 || groups[0].Grouped || len(groups[0].Events) != 1 || len(loose) > 0 {
		t.Errorf("without the column: %+v, %v", groups, err)
	}
}
