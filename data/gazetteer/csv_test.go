package gazetteer

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readAll returns every row, with the reason in place of a row that is refused.
func readAll(t *testing.T, text string, delim byte, quoted bool) [][]string {
	t.Helper()
	table := newTable(strings.NewReader(text), delim, quoted)
	var out [][]string
	for {
		fields, err := table.next()
		var bad *rowError
		switch {
		case err == io.EOF:
			return out
		case errors.As(err, &bad):
			out = append(out, []string{"refused: " + err.Error()})
		case err != nil:
			t.Fatal(err)
		default:
			out = append(out, append([]string(nil), fields...))
		}
	}
}

func TestTable(t *testing.T) {
	tests := []struct {
		name, text string
		want       [][]string
	}{
		{"plain", "a,b\nc,d\n", [][]string{{"a", "b"}, {"c", "d"}}},
		{"no newline at the end", "a,b", [][]string{{"a", "b"}}},
		{"Windows line ends", "a,b\r\nc,d\r\n", [][]string{{"a", "b"}, {"c", "d"}}},
		{"byte-order mark", "\ufeffa,b\n", [][]string{{"a", "b"}}},
		{"blank lines", "a\n\n  \nb\n", [][]string{{"a"}, {"b"}}},
		{"quotes", "\"a,b\",\"c \"\"d\"\"\",e\n", [][]string{{"a,b", `c "d"`, "e"}}},
		{"empty fields", ",\"\",\n", [][]string{{"", "", ""}}},
		{"open quote spoils one row", "\"a,b\nc,d\n", [][]string{{"refused: quote is not closed on its line"}, {"c", "d"}}},
		{"text after a quote", "\"a\"b,c\nd,e\n", [][]string{{"refused: quote is not closed on its line"}, {"d", "e"}}},
		{"NUL", "a\x00b\nc\n", [][]string{{"refused: NUL byte"}, {"c"}}},
		{"Windows-1252", "caf\xe9\n", [][]string{{"café"}}},
		{"empty", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, readAll(t, tt.text, ',', true)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTableLongLines(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	got := readAll(t, "a\n"+long+"\n"+long+"y\nb\n"+long+"y", ',', false)
	want := [][]string{{"a"}, {"refused: line is longer than 1 MiB"}, {"refused: line is longer than 1 MiB"}, {"b"}, {"refused: line is longer than 1 MiB"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	almost := strings.Repeat("x", maxLine-1)
	if got := readAll(t, almost+"\n", ',', false); len(got) != 1 || got[0][0] != almost {
		t.Error("a line just within the limit is not read")
	}
}

// Whatever encoding/csv makes of a single line, table makes too.
func FuzzTable(f *testing.F) {
	for _, s := range []string{"a,b", `"a","b"`, `"a""b",c`, `"a`, "a\"b,c", ",", "\xff,\xfe", "\"\"\"\"", `"a" ,b`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\r\n\x00") || strings.TrimSpace(line) == "" || strings.HasPrefix(line, "\ufeff") {
			return
		}
		r := csv.NewReader(strings.NewReader(strings.ToValidUTF8(line, "?")))
		want, err := r.Read()
		if err != nil {
			return
		}
		got := readAll(t, strings.ToValidUTF8(line, "?")+"\n", ',', true)
		if diff := cmp.Diff([][]string{want}, got); diff != "" {
			t.Errorf("fields (-encoding/csv +table):\n%s", diff)
		}
	})
}
