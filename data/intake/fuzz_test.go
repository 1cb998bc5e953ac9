package intake

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"spreewatch/data"
)

// checkRead reads an input and fails on a report or an error that breaks the
// promises of Read.
func checkRead(t *testing.T, path string, o Options, text string) {
	last := strings.Count(text, "\n") + 1
	for r, err := range Read(t.Context(), path, o) {
		var row *data.RowError
		switch {
		case errors.As(err, &row):
			if row.Line < 1 || row.Line > last || row.Reason == "" {
				t.Fatalf("refused line %d of %d for reason %q", row.Line, last, row.Reason)
			}
		case data.Hint(err) != "":
		case err != nil:
			t.Fatalf("neither a row nor a person's error: %v", err)
		default:
			switch {
			case r.To.Before(r.From):
				t.Fatalf("line %d: ends %v before %v", r.Line, r.To, r.From)
			case r.Line < 1 || r.Line > last:
				t.Fatalf("line %d of %d", r.Line, last)
			case r.Ref == "" || r.Precision == "" || r.DateRule == "":
				t.Fatalf("line %d: no reference, precision or date rule", r.Line)
			case strings.TrimSpace(r.Location) == "" && r.Point == nil:
				t.Fatalf("line %d: no location", r.Line)
			case r.From.Before(firstDay):
				t.Fatalf("line %d: %v is too early", r.Line, r.From)
			}
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add("location,from,to\nMill Street,2015-09-16 10:00,2015-09-16\n")
	f.Add("date;time;address\n16/09/15;1730hrs;\"Mill\nStreet\"\n\"open;x\n")
	f.Add("{\"location\":\"x\",\"from\":\"2015-09-16T10:00:00Z\",\"lat\":1,\"lon\":2}\n{\n")
	f.Add("\xff\xfel\x00o\x00c\x00\n\x00")
	f.Add("\x1f\x8b\x08\x00")
	f.Fuzz(func(t *testing.T, text string) {
		o := Options{Today: testToday, Zone: london(t), Stdin: strings.NewReader(text)}
		// The lines of a compressed or a wide input are not those of its bytes.
		if strings.HasPrefix(text, "\x1f\x8b") || strings.ContainsRune(text, 0) || strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") || strings.HasPrefix(text, "PK") {
			for range Read(t.Context(), "-", o) {
			}
			return
		}
		checkRead(t, "-", o, text)
	})
}

// BenchmarkCSV reads rows of the shape a force exports; it reports rows/s.
func BenchmarkCSV(b *testing.B) {
	const rows = 20_000
	var text strings.Builder
	text.WriteString("Crime Number,Offence,Incident Address,Date From,Date To,Reported\n")
	for i := range rows {
		text.WriteString("36/")
		text.WriteString(strconv.Itoa(i))
		text.WriteString(",Burglary dwelling,\"14 Mill Street, Elsing\",16/09/2015 10:15,16/09/2015 14:30,2015-09-16T15:00:00Z\n")
	}
	path := writeFile(b, "a.csv", []byte(text.String()))
	o := Options{Today: testToday, Zone: london(b), Profiles: testProfiles}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range Read(b.Context(), path, o) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatalf("%d rows, want %d", n, rows)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
