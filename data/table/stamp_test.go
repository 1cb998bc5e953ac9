package table

import (
	"math/rand/v2"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func TestParseStamp(t *testing.T) {
	afternoon := time.Date(2016, 12, 31, 14, 50, 0, 0, time.UTC)
	day := time.Date(2016, 12, 31, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"20161231":                    day,
		"2016/12/31":                  day,
		"31.12.2016":                  day,
		"31/12/16":                    day,
		"31-Dec-2016":                 day,
		"31-Dec-16":                   day,
		"31st December 2016":          day,
		"Sat 31 Dec 2016":             day,
		"Saturday, 31/12/2016":        day,
		"31. Dezember 2016":           day,
		"31 décembre 2016":            day,
		"December 31, 2016":           day,
		"Dec 31 2016 2:50 PM":         afternoon,
		"31-Dec-16 1450":              afternoon,
		"31 december 2016 14:50":      afternoon,
		"31 December 2016 at 2.50pm":  afternoon,
		"31/12/2016 14.50":            afternoon,
		"31/12/2016 14h50":            afternoon,
		"31/12/2016 1450hrs":          afternoon,
		"2016-12-31 2:50 PM":          afternoon,
		"2016-12-31 2:50 p.m.":        afternoon,
		"2016-12-31T14:50:00Z":        afternoon,
		"2016-12-31T15:50+01:00":      afternoon,
		"2016-12-31T14:50:00.000":     afternoon,
		"20161231T145000":             afternoon,
		"2016-12-31 1450":             afternoon,
		"31/12/2016, 14:50:00":        afternoon,
		"2016-12-31 14:50:00+00":      afternoon,
		"2016-12-31 14:50:00.25":      afternoon.Add(250 * time.Millisecond),
		"2016-12-30 24:00":            day,
		"2016-12-31 12:00 AM":         day,
		"2016-12-31 12:50:00 pm":      afternoon.Add(-2 * time.Hour),
		"2016-12-31 08:50:00 -0600":   afternoon,
		"1483195800000":               afternoon,
		"/Date(1483195800000)/":       afternoon,
		"/Date(1483195800000+0100)/":  afternoon,
		"14:50 31/12/2016":            afternoon,
		"1450hrs on Sat 31/12/2016":   afternoon,
		"2:50 PM, 31 Dec 2016":        afternoon,
		"31\u00a0Dec\u00a02016 14:50": afternoon,
		"31/12/2016 12 noon":          afternoon.Add(-2*time.Hour - 50*time.Minute),
		"'31/12/2016 14:50":           afternoon,
		"2015 Dec 31":                 day.AddDate(-1, 0, 0),
		"31.12.16 14.50":              afternoon,
	} {
		s, err := ParseStamp(text, DayFirst, today)
		if err != nil {
			t.Errorf("ParseStamp(%q): %v", text, err)
			continue
		}
		if got, _ := s.Time(time.UTC, false); !got.Equal(want) {
			t.Errorf("ParseStamp(%q) = %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]error{
		"":                        errDate,
		"2016":                    errDate,
		"soon":                    errDate,
		"2016-13-01":              errCalendar,
		"2016-02-30":              errCalendar,
		"31/06/2016":              errCalendar,
		"12/31/2016":              errDayFirst,
		"31 December":             errNoYear,
		"42735.5":                 errDayNumber,
		"2016-12-31 14":           errClock,
		"2016-12-31 13:00 AM":     errClock,
		"2016-12-31 24:01":        errNoClock,
		"25:00":                   errNoClock,
		"2016-12-31 10:00 +25:00": errClock,
		"1-2/2016":                errDate,
		"412.5":                   errDate,
		"/Date(x)/":               errDate,
		"14:50 soon":              errDate,
		"2016 31/12":              errDate,
	} {
		if s, err := ParseStamp(text, DayFirst, today); err != want {
			t.Errorf("ParseStamp(%q) = %+v, %v; want %v", text, s, err, want)
		}
	}
}

// Years of two digits are not later than the one after today.
func TestCentury(t *testing.T) {
	for text, want := range map[string]int{"1/2/26": 2026, "1/2/27": 2027, "1/2/28": 1928, "1-Feb-99": 1999} {
		if s, err := ParseStamp(text, DayFirst, today); err != nil || s.Year != want {
			t.Errorf("%s is in %d, %v; want %d", text, s.Year, err, want)
		}
	}
	if s, _ := ParseStamp("1/2/68", DayFirst, time.Time{}); s.Year != 2068 {
		t.Errorf("without a clock 68 is %d", s.Year)
	}
}

func TestWallClock(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct {
		wall string
		late bool
		want string // UTC
		note bool
	}{
		{"2021-03-28 00:59", false, "2021-03-28 00:59", false},
		{"2021-03-28 01:30", false, "2021-03-28 01:30", true}, // skipped: shown as 02:30
		{"2021-03-28 02:00", false, "2021-03-28 01:00", false},
		{"2021-10-31 01:30", false, "2021-10-31 00:30", true},
		{"2021-10-31 01:30", true, "2021-10-31 01:30", true},
		{"2021-10-31 02:00", true, "2021-10-31 02:00", false},
	} {
		got, note := WallClock(at(tt.wall), tt.late, zone)
		if !got.Equal(at(tt.want)) || (note != "") != tt.note {
			t.Errorf("%s late %v is %v, %q; want %s", tt.wall, tt.late, got.UTC(), note, tt.want)
		}
	}
}

func TestHHMM(t *testing.T) {
	for text, want := range map[string]int{"0": 0, "5": 5 * 60, "915": 9*3600 + 15*60, "0915": 9*3600 + 15*60, "2359": 23*3600 + 59*60, "2400": 86400, "915.0": 9*3600 + 15*60} {
		if got, err := hhmm(text); err != nil || got != want {
			t.Errorf("hhmm(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "60", "2401", "12345", "9:15", "x"} {
		if got, err := hhmm(text); err == nil {
			t.Errorf("hhmm(%q) = %d", text, got)
		}
	}
}

// FuzzParseStamp writes what it read as ISO and reads that back.
func FuzzParseStamp(f *testing.F) {
	for _, text := range []string{"2016-12-31", "31/12/2016 2:50 PM", "31 Dec 2016", "20161231T1450", "2016-12-31 24:00 +01:00", "1.2.2016 10:11:12.5Z", "Sept 16, 2015 5.30pm", "1730hrs", "2016-12"} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, dayFirst bool) {
		order := MonthFirst
		if dayFirst {
			order = DayFirst
		}
		s, err := ParseStamp(text, order, today)
		if err != nil || !s.HasDate() || s.monthOnly {
			return
		}
		at, _ := s.Time(time.UTC, false)
		if y := at.UTC().Year(); y < 1800 || y > 2999 {
			return // an offset or 24:00 carried it out of the years that are read
		}
		again, err := ParseStamp(at.UTC().Format("2006-01-02T15:04:05.999999999Z07:00"), order, today)
		if err != nil {
			t.Fatalf("ParseStamp(%q) is %v, which is not read back: %v", text, at, err)
		}
		if back, _ := again.Time(time.UTC, false); !back.Equal(at) {
			t.Errorf("ParseStamp(%q) is %v, read back as %v", text, at, back)
		}
	})
}

// The quick way reads what the long way reads, and alike.
func TestISOMinuteReadsAsAnyFormDoes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	quick := 0
	for range 20_000 {
		s := []byte("2015-09-16 10:05:30")
		if rng.IntN(2) == 0 {
			s = s[:16]
		}
		if rng.IntN(3) == 0 {
			s[10] = 'T'
		}
		for range rng.IntN(4) {
			s[rng.IntN(len(s))] = "0123456789-: T/.Zx"[rng.IntN(18)]
		}
		got, ok := isoMinute(string(s))
		want, err := newStampReader(DayFirst, time.Time{}).any(string(s))
		if ok && (err != nil || got != want) {
			t.Fatalf("%q: %+v the quick way, %+v, %v the long one", s, got, want, err)
		}
		if ok {
			quick++
		}
	}
	if quick < 2000 {
		t.Errorf("the quick way took %d of 20000", quick)
	}
}
