package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"spreewatch/data"
	"spreewatch/data/table"
)

func TestDigestStdin(t *testing.T) {
	const text = "location,from\nMill Street,2015-09-16\n"
	o := Options{Stdin: iotest.OneByteReader(strings.NewReader(text)), Name: "sample.txt"}
	in, size, err := Digest("-", &o)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	if in.SHA256 != hex.EncodeToString(sum[:]) || size != int64(len(text)) || in.Source != "sample.txt" {
		t.Errorf("Digest = %+v, %d bytes", in, size)
	}
	if again, err := io.ReadAll(o.Stdin); err != nil || string(again) != text {
		t.Errorf("standard input gives %q again, %v", again, err)
	}
}

// A file has the digest of its bytes; a folder and what is not there have none.
func TestDigestFile(t *testing.T) {
	const text = "On 3 March a shed was entered in Mill Street, Holt.\n"
	path := writeFile(t, "note.txt", []byte(text))
	in, size, err := Digest(path, &Options{})
	sum := sha256.Sum256([]byte(text))
	if err != nil || in.SHA256 != hex.EncodeToString(sum[:]) || size != int64(len(text)) || in.Source != "note.txt" {
		t.Errorf("Digest = %+v, %d bytes, %v", in, size, err)
	}
	for _, path := range []string{filepath.Dir(path), path + ".gone"} {
		if in, _, err := Digest(path, &Options{}); err == nil || in.SHA256 != "" {
			t.Errorf("Digest(%s) = %+v, want an error", filepath.Base(path), in)
		}
	}
}

// Running text is told from a table, and standard input stands where it stood.
func TestIsBulletin(t *testing.T) {
	prose, rows := "A shed was entered.\n", "location,from\nMill Street,2015-09-16\n"
	for name, text := range map[string]string{"note.txt": prose, "rows.csv": rows} {
		if got := IsBulletin(writeFile(t, name, []byte(text)), &Options{}); got != (text == prose) {
			t.Errorf("IsBulletin(%s) = %t", name, got)
		}
	}
	if IsBulletin(filepath.Join(t.TempDir(), "gone.txt"), &Options{}) {
		t.Error("what is not there is a bulletin")
	}
	o := Options{Stdin: strings.NewReader(prose)}
	if _, _, err := Digest("-", &o); err != nil {
		t.Fatal(err)
	}
	if !IsBulletin("-", &o) {
		t.Error("prose of standard input is no bulletin")
	}
	if again, err := io.ReadAll(o.Stdin); err != nil || string(again) != prose {
		t.Errorf("standard input gives %q again, %v", again, err)
	}
}

// Rows are as wide as the header, and one that is wider is refused by its line and does
// not end the table.
func TestRows(t *testing.T) {
	r, err := OpenRows(writeFile(t, "rows.csv", []byte("id,place\n1,Holt\n\n2\n3,Diss,x,y\n4,Acle\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		fields, line, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var row *data.RowError
		if errors.As(err, &row) {
			got = append(got, "refused")
			if row.Line != 5 || row.Source != "rows.csv" {
				t.Errorf("refused %s:%d, want rows.csv:5", row.Source, row.Line)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(fields) != 2 || line == 0 {
			t.Errorf("row %q of line %d is not as wide as the header", fields, line)
		}
		got = append(got, strings.Join(fields, "/"))
	}
	if want := "1/Holt 2/ refused 4/Acle"; strings.Join(got, " ") != want {
		t.Errorf("rows are %q, want %q", strings.Join(got, " "), want)
	}
	if _, err := OpenRows(filepath.Join(t.TempDir(), "gone.csv"), nil); err == nil {
		t.Error("what is not there has rows")
	}
}

// A table of a known header is read as its source says, and the words for a report taken
// back are those of the source.
func TestSettle(t *testing.T) {
	in, err := table.Open(writeFile(t, "rows.csv", []byte("Ref No,Where,Began,State\n1,Mill Street,2015-09-16,void\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Zone: london(t), Sources: map[string]Source{"force": {
		Header: []string{"Ref No", "Where", "Began", "State"}, Columns: map[string]string{"location": "Where", "from": "Began"},
		Timezone: "America/New_York", Withdrawn: []string{"void"},
	}}}
	to := table.Options{Zone: o.Zone}
	if withdrawn, err := o.Settle(in, &to); err != nil || withdrawn == nil {
		t.Fatalf("Settle: %v", err)
	}
	if to.Zone.String() != "America/New_York" || to.Usual["location"] != "Where" || to.Usual["from"] != "Began" {
		t.Errorf("settled to %v, %v", to.Zone, to.Usual)
	}
	o.Source = "another"
	if _, err := o.Settle(in, &to); err == nil {
		t.Error("a source that there is not is settled on")
	}
}
