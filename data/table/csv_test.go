package table

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readRows returns every row, with the reason in place of a row that is refused.
func readRows(t *testing.T, r *Reader) [][]string {
	t.Helper()
	var out [][]string
	for {
		fields, _, err := r.Next()
		var bad *RowError
		switch {
		case err == io.EOF:
			return out
		case errors.As(err, &bad):
			out = append(out, []string{"refused: " + bad.Reason})
		case err != nil:
			t.Fatal(err)
		default:
			out = append(out, append([]string(nil), fields...))
		}
	}
}

func TestReader(t *testing.T) {
	tests := []struct {
		name, text string
		d          Dialect
		want       [][]string
	}{
		{"plain", "a,b\nc,d\n", Dialect{Delim: ','}, [][]string{{"a", "b"}, {"c", "d"}}},
		{"no newline at the end", "a,b", Dialect{Delim: ','}, [][]string{{"a", "b"}}},
		{"Windows line ends", "a,b\r\nc,d\r\n", Dialect{Delim: ','}, [][]string{{"a", "b"}, {"c", "d"}}},
		{"byte-order mark", "\ufeffa,b\n", Dialect{Delim: ','}, [][]string{{"a", "b"}}},
		{"blank lines", "a\n\n  \nb\n", Dialect{Delim: ','}, [][]string{{"a"}, {"b"}}},
		{"quotes", "\"a,b\",\"c \"\"d\"\"\",e\n", Dialect{Delim: ','}, [][]string{{"a,b", `c "d"`, "e"}}},
		{"a quote inside a field", "a \"b\" c,d\n", Dialect{Delim: ','}, [][]string{{`a "b" c`, "d"}}},
		{"blanks behind a quote", "\"a\" ,\"b\"  \n", Dialect{Delim: ','}, [][]string{{"a", "b"}}},
		{"empty fields", ",\"\",\n", Dialect{Delim: ','}, [][]string{{"", "", ""}}},
		{"over two lines", "\"a\nb\",c\nd,e\n", Dialect{Delim: ','}, [][]string{{"a\nb", "c"}, {"d", "e"}}},
		{"open quote spoils one row", "\"a,b\nc,d\n", Dialect{Delim: ','}, [][]string{{"refused: " + errOpen}, {"c", "d"}}},
		{"open quote closed by another row's", "x,y\n\"a,b\nc,\"d\"\ne,f\n", Dialect{Delim: ',', Width: 2},
			[][]string{{"x", "y"}, {"refused: " + errOpen}, {"c", "d"}, {"e", "f"}}},
		{"open quote closed by the wrong row", "x,y\n\"a,b\nc,d\"\ne,f\n", Dialect{Delim: ',', Width: 2},
			[][]string{{"x", "y"}, {"refused: " + errOpen}, {"c", `d"`}, {"e", "f"}}},
		{"text after a quote", "\"a\"b,c\nd,e\n", Dialect{Delim: ','}, [][]string{{"refused: text follows a closing quotation mark"}, {"d", "e"}}},
		{"a row a line", "\"a\nb\",c\n", Dialect{Delim: ',', OneRow: true}, [][]string{{"refused: " + errOpen}, {`b"`, "c"}}},
		{"no quotes", "\"a\tb\n", Dialect{Delim: '\t', Plain: true}, [][]string{{`"a`, "b"}}},
		{"NUL", "a\x00b\nc\n", Dialect{Delim: ','}, [][]string{{"refused: NUL byte"}, {"c"}}},
		{"Windows-1252", "caf\xe9\n", Dialect{Delim: ','}, [][]string{{"café"}}},
		{"damaged UTF-8", "café\ncaf\xe9\n", Dialect{Delim: ','}, [][]string{{"café"}, {"refused: the row is not valid UTF-8"}}},
		{"delimiter found", "name;kind\na,b;c\n", Dialect{}, [][]string{{"name", "kind"}, {"a,b", "c"}}},
		{"delimiter told", "sep=|\nname|kind\na;b|c\n", Dialect{}, [][]string{{"name", "kind"}, {"a;b", "c"}}},
		{"empty", "", Dialect{Delim: ','}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, readRows(t, NewReader(strings.NewReader(tt.text), tt.d))); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReaderLongLines(t *testing.T) {
	long := strings.Repeat("x", MaxLine)
	got := readRows(t, NewReader(strings.NewReader("a\n"+long+"\n"+long+"yy\nb\n"+long+"yy"), Dialect{Delim: ',', Plain: true}))
	refused := []string{"refused: the line is longer than 1048576 bytes"}
	if diff := cmp.Diff([][]string{{"a"}, {long}, refused, {"b"}, refused}, got); diff != "" {
		t.Errorf("%d rows, want 5", len(got))
	}
}

// A file in which every line leaves a quotation mark open is looked through in
// linear time: twice the lines take about twice as long, and never minutes.
func TestOpenQuotesAreLinear(t *testing.T) {
	// Open from its own start, and still open when it goes on from the line before.
	line := "x\",\"" + strings.Repeat("z", 80) + "\n"
	for _, n := range []int{10_000, 100_000} {
		r := NewReader(strings.NewReader(strings.Repeat(line, n)), Dialect{Delim: ',', Width: 3})
		if rows := readRows(t, r); len(rows) == 0 {
			t.Fatal("no rows")
		}
		if limit := lookFactor*r.seen + 2*MaxLine; r.looked > limit {
			t.Errorf("%d lines: %d bytes looked at in vain, over %d", n, r.looked, limit)
		}
	}
}

// Whatever encoding/csv makes of a single line, Reader makes too.
func FuzzReader(f *testing.F) {
	for _, s := range []string{"a,b", `"a","b"`, `"a""b",c`, `"a`, "a\"b,c", ",", "\xff,\xfe", "\"\"\"\"", `"a" ,b`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\r\n\x00\ufeff") || strings.TrimSpace(line) == "" {
			return
		}
		line = strings.ToValidUTF8(line, "?")
		want, err := csv.NewReader(strings.NewReader(line)).Read()
		if err != nil {
			return
		}
		if diff := cmp.Diff([][]string{want}, readRows(t, NewReader(strings.NewReader(line+"\n"), Dialect{Delim: ','}))); diff != "" {
			t.Errorf("fields (-encoding/csv +Reader):\n%s", diff)
		}
	})
}
