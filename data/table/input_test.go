package table

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

func TestOpen(t *testing.T) {
	const text = "ref,date,location\nA,2021-06-03,café\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(text))
	z.Close()
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
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"a.csv": []byte(text), "b.csv": []byte("\ufeff" + text), "c.csv": packed.Bytes(), "d.csv.gz": packed.Bytes(), "e": []byte(text),
		"f.csv": wide(binary.LittleEndian, true), "g.csv": wide(binary.BigEndian, false), "h.csv": []byte("ref,date,location\nA,2021-06-03,caf\xe9\n"),
		"i.csv": []byte(strings.ReplaceAll(text, "\n", "\r\n")),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := Open(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		table, err := Read(in, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for row, err := range table.All() {
			if err != nil || row.Get(Location) != "café" {
				t.Errorf("%s: %q, %v", name, row.Get(Location), err)
			}
		}
		if strings.HasPrefix(name, "h") != (table.Encoding == "Windows-1252") {
			t.Errorf("%s is %s", name, table.Encoding)
		}
	}
	for want, content := range map[string][]byte{
		"is empty":                          nil,
		"is not text":                       {0x7f, 'E', 'L', 'F', 0, 0, 1, 0},
		"is an old or a protected workbook": {0xd0, 0xcf, 0x11, 0xe0},
		"is a damaged gzip file":            {0x1f, 0x8b, 8, 0},
		"is a damaged workbook":             []byte("PK\x03\x04x"),
	} {
		if _, err := FromReader("a.csv", bytes.NewReader(content)); err == nil || !strings.Contains(err.Error(), want) && !strings.Contains(err.Error(), "cut off") {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	for path, want := range map[string]string{dir: "is a folder", filepath.Join(dir, "none"): "there is no file none"} {
		if _, err := Open(path, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if err := OpenError("x", fs.ErrPermission); err.Error() != "x may not be read by you" {
		t.Error(err)
	}
	if err := OpenError("x", &fs.PathError{Op: "open", Path: "/secret/x", Err: fs.ErrInvalid}); strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
	in, err := FromReader("-", strings.NewReader("Some words.\r\nMore\rof them.\n"))
	if err != nil || in.Kind != Prose || in.Shown() != "standard input" || in.Kind.String() != "text" {
		t.Fatalf("%+v, %v", in, err)
	}
	if s, err := in.Text(100); err != nil || s != "Some words.\nMore of them.\n" {
		t.Errorf("%q, %v", s, err)
	}
	if _, err := in.Text(5); err == nil {
		t.Error("a text over the limit")
	}
}

// A file of which most lines beyond ASCII are no UTF-8 is Windows-1252 throughout,
// and one of which few are not is a damaged file of UTF-8.
func TestCharsetOfTheFile(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"mostly narrow": {"ref,date,location\nA,2021-06-03,caf\xc3\xa9\nB,2021-06-03,caf\xe9\nC,2021-06-03,caf\xe9\n", "cafÃ©,café,café"},
		"mostly wide":   {"ref,date,location\nA,2021-06-03,café\nB,2021-06-03,café\nC,2021-06-03,caf\xe9\n", "café,café,line 4: the row is not valid UTF-8"},
	} {
		in, err := FromReader("a.csv", strings.NewReader(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		table, err := Read(in, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for row, err := range table.All() {
			if err != nil {
				got = append(got, err.Error())
			} else {
				got = append(got, row.Get(Location))
			}
		}
		if s := strings.Join(got, ","); s != tt.want {
			t.Errorf("%s: %s, want %s", name, s, tt.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	for name, want := range map[string]Field{"id": Ref, "time": FromTime, "easting": X, "lat": Lat} {
		if f, ok := ParseField(name); !ok || f != want {
			t.Errorf("%s is %s, %v", name, f, ok)
		}
	}
	if _, ok := ParseField("colour"); ok {
		t.Error("colour is a field")
	}
	for name, want := range map[string]Field{"locaton": Location, "adress": Location, "offense": Offence, "weather": "", "": ""} {
		if got := NearestField(name); got != want {
			t.Errorf("%q is near %q, want %q", name, got, want)
		}
	}
	for s, want := range map[string]Order{"": OrderAuto, "auto": OrderAuto, "dmy": DayFirst, "mdy": MonthFirst} {
		if got, err := ParseOrder(s); err != nil || got != want {
			t.Errorf("ParseOrder(%q) = %q, %v", s, got, err)
		}
	}
	if _, err := ParseOrder("ymd"); err == nil {
		t.Error("ymd is an order")
	}
	in, _ := FromReader("a.jsonl", strings.NewReader("{\"b\":1}\n{\"a\":2}\n"))
	if h, err := Header(in, ""); err != nil || !Holds(h, []string{"A", "b"}) || Holds(h, []string{"c"}) {
		t.Errorf("%q, %v", h, err)
	}
	for header, want := range map[string]bool{"Date,Primary Type,Block,lat,lon": true, "name,kind,lat,lon": false, "street,lat,lon,type": false,
		"Month,Street,Latitude,Longitude,Crime type": false, "street,date,lat,lon": true, "name,kind,date,lat,lon": false, "street,from,to,lat,lon": false, "street,start,end,lat,lon,description": false} {
		if got := Incidents(strings.Split(header, ",")); got != want {
			t.Errorf("%s: incidents %v", header, got)
		}
	}
}

func TestHeadless(t *testing.T) {
	o := Options{Headless: true, Planar: true, Coordinates: true, Single: true}
	for text, want := range map[string]string{
		"A,1.5,2.5,2021-06-03,10:00\n":                "A metres true 2021-06-03 10:00",
		"1.5,2.5,2021-06-03 10:00,2021-06-03 11:00\n": " metres true 2021-06-03 10:00",
	} {
		in, err := FromReader("a.csv", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		in.AsTable()
		table, err := Read(in, o)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		for row := range table.All() {
			span, err := row.Span()
			p, wrong := row.XY()
			got := row.Get(Ref) + " metres " + map[bool]string{true: "true", false: "false"}[table.Metres()] + span.From.Format(" 2006-01-02 15:04")
			if got != want || err != nil || wrong != nil || p[0] != 1.5 {
				t.Errorf("%q: %q, %v, %v, %v", text, got, p, err, wrong)
			}
		}
	}
	for text, want := range map[string]string{"2021-06-03,x\n": "no two coordinates before its first date", "A,1,2,2021-06-03\n": ""} {
		got := readText(t, "a.csv", text, o)
		if want != "" && !strings.Contains(got[0], want) {
			t.Errorf("%q: %q", text, got)
		}
	}
	named := o
	named.Columns = map[Field]string{Date: "x"}
	if got := readText(t, "a.csv", "A,1,2,2021-06-03\n", named); !strings.Contains(got[0], "has no header, so columns cannot be named") {
		t.Errorf("%q", got)
	}
}

func TestDescribe(t *testing.T) {
	in, err := FromReader("a.csv", strings.NewReader("ref;date;easting ft;northing ft\nA;2021-06-03;605000;316500\n"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := Read(in, Options{Incidental: true})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	table.Describe(&b)
	for _, want := range []string{"CSV with semicolons, UTF-8", "need no order of day and month", "feet on a plane that is not known: not used", `missing      location: name its column with --column location=`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if diff := cmp.Diff([]Field{Location}, table.Missing()); diff != "" {
		t.Error(diff)
	}
}
