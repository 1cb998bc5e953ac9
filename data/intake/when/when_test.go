package when

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func inLondon(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// TestWhen reads one expression of time at a time, in a bulletin of Friday
// 18 September 2015.
func TestWhen(t *testing.T) {
	zone := inLondon(t)
	tests := []struct {
		words string
		want  string // intervals with their precision, "" for no time, "?" for words that cannot be read
	}{
		{"at 10am on Wednesday", "09-16 10:00 exact"},
		{"at around 10.05am on 16 September", "09-16 10:05 around"},
		{"at 10:05 am on Sept 16th", "09-16 10:05 exact"},
		{"at 10.05 a.m. on Wed 16 Sept. 2015", "09-16 10:05 exact"},
		{"at 5.30 p.m. on 16/09/2015", "09-16 17:30 exact"},
		{"at 17:30 on 2015-09-16", "09-16 17:30 exact"},
		{"at 17.30 on 16.09.2015", "09-16 17:30 exact"},
		{"at 1730hrs on 16/09/15", "09-16 17:30 exact"},
		{"at 17:30:15 hrs on 16 September", "09-16 17:30 exact"},
		{"at noon on Wednesday", "09-16 12:00 exact"},
		{"at about midday yesterday", "09-17 12:00 around"},
		{"at 12 noon yesterday", "09-17 12:00 exact"},
		{"at midnight on 16 September", "09-16 00:00 exact"},
		{"at 12.30am on 16 September", "09-16 00:30 exact"},
		{"at 12.30pm on 16 September", "09-16 12:30 exact"},
		{"at half past ten in the morning yesterday", "09-17 10:30 exact"},
		{"at a quarter to six on Wednesday evening", "09-16 17:45 exact"},
		{"at 7 o'clock on Wednesday evening", "09-16 19:00 exact"},
		{"shortly after 10am yesterday", "09-17 10:00 around"},
		{"just before 10am yesterday", "09-17 10:00 around"},
		{"at approximately 10am yesterday", "09-17 10:00 around"},
		{"10am yesterday", "09-17 10:00 exact"},
		{"between 10am and 2.30pm on Wednesday", "09-16 10:00 to 09-16 14:30 window"},
		{"between 1.15-3.15pm on Wednesday", "09-16 13:15 to 09-16 15:15 window"},
		{"between 11 and 1pm on Wednesday", "09-16 11:00 to 09-16 13:00 window"},
		{"between 10 and 11.30am on Wednesday", "09-16 10:00 to 09-16 11:30 window"},
		{"from 10am to noon on Wednesday", "09-16 10:00 to 09-16 12:00 window"},
		{"from 10am until 2pm on Wednesday", "09-16 10:00 to 09-16 14:00 window"},
		{"10am-noon on Wednesday", "09-16 10:00 to 09-16 12:00 window"},
		{"17:30 – 18:45 on 16/09/2015", "09-16 17:30 to 09-16 18:45 window"},
		{"some time between 9.30 am and 4 pm on Wednesday", "09-16 09:30 to 09-16 16:00 window"},
		{"between 7 and 9 on Wednesday evening", "09-16 19:00 to 09-16 21:00 window"},
		{"between 10pm and 2am on Tuesday", "09-15 22:00 to 09-16 02:00 window"},
		{"between 6pm and midnight on Tuesday", "09-15 18:00 to 09-16 00:00 window"},
		{"between midnight and 5am on Tuesday", "09-15 00:00 to 09-15 05:00 window"},
		{"between 6pm on 19 July and 5am on 20 July 2015", "07-19 18:00 to 07-20 05:00 window"},
		{"between 10pm on Friday and 6am on Saturday", "09-11 22:00 to 09-12 06:00 window"},
		{"between 10pm on Tuesday and 6am the next day", "09-15 22:00 to 09-16 06:00 window"},
		{"between 5pm, Monday, and 8am, Tuesday", "09-14 17:00 to 09-15 08:00 window"},
		{"from 5pm on Friday September 11 until 8am on Monday September 14", "09-11 17:00 to 09-14 08:00 window"},
		{"between 10pm and 6am on 14/15 September", "09-14 22:00 to 09-15 06:00 window"},
		{"overnight on 18 July", "07-18 20:00 to 07-19 08:00 overnight"},
		{"overnight on Tuesday", "09-15 20:00 to 09-16 08:00 overnight"},
		{"overnight between Monday and Tuesday", "09-14 20:00 to 09-15 08:00 overnight"},
		{"overnight between Monday 14 and Tuesday 15 September", "09-14 20:00 to 09-15 08:00 overnight"},
		{"overnight from 14 September to 15 September", "09-14 20:00 to 09-15 08:00 overnight"},
		{"on the night of 14-15 September", "09-14 20:00 to 09-15 08:00 overnight"},
		{"last night", "09-17 20:00 to 09-18 08:00 overnight"},
		{"at 11pm last night", "09-17 23:00 exact"},
		{"in the early hours of Wednesday", "09-16 00:00 to 09-16 06:00 window"},
		{"in the early hours of the morning on 16 September", "09-16 00:00 to 09-16 06:00 window"},
		{"in the early hours of this morning", "09-18 00:00 to 09-18 06:00 window"},
		{"on Wednesday morning", "09-16 06:00 to 09-16 12:00 window"},
		{"on the morning of Wednesday, September 16", "09-16 06:00 to 09-16 12:00 window"},
		{"yesterday afternoon", "09-17 12:00 to 09-17 18:00 window"},
		{"this morning", "09-18 06:00 to 09-18 12:00 window"},
		{"during the evening of 16 September", "09-16 18:00 to 09-16 23:00 window"},
		{"between Tuesday evening and Wednesday morning", "09-15 18:00 to 09-16 12:00 window"},
		{"on 16 September", "09-16 00:00 to 09-17 00:00 day"},
		{"on Wednesday (16 September)", "09-16 00:00 to 09-17 00:00 day"},
		{"yesterday (Thursday, 17 September)", "09-17 00:00 to 09-18 00:00 day"},
		{"today", "09-18 00:00 to 09-19 00:00 day"},
		{"last Friday", "09-11 00:00 to 09-12 00:00 day"},
		{"on Friday", "09-18 00:00 to 09-19 00:00 day"},
		{"between 14 and 29 December", "2014-12-14 00:00 to 2014-12-30 00:00 window"},
		{"between December 14 and 29", "2014-12-14 00:00 to 2014-12-30 00:00 window"},
		{"from 30 December to 2 January", "2014-12-30 00:00 to 01-03 00:00 window"},
		{"between Monday and Wednesday", "09-14 00:00 to 09-17 00:00 window"},
		{"on 14 and 15 September", "09-14 00:00 to 09-15 00:00 day; 09-15 00:00 to 09-16 00:00 day"},
		{"over the weekend", "09-12 00:00 to 09-14 00:00 window"},
		{"last week", "09-07 00:00 to 09-14 00:00 window"},
		{"on Tuesday of last week", "09-08 00:00 to 09-09 00:00 day"},
		{"last week, on Tuesday", "09-08 00:00 to 09-09 00:00 day"},
		{"at 10am last week", "?"},
		{"recently", "?"},
		{"in the past few weeks", "?"},
		{"a recently opened shop", ""},
		{"on Christmas Day", "2014-12-25 00:00 to 2014-12-26 00:00 day"},
		{"on the afternoon of Boxing Day", "2014-12-26 12:00 to 2014-12-26 18:00 window"},
		{"on Christmas Eve 2013", "2013-12-24 00:00 to 2013-12-25 00:00 day"},
		{"between 8pm on New Year's Eve and 7am on New Year's Day", "2014-12-31 20:00 to 01-01 07:00 window"},
		{"at around 10.15am and 10.30am on Wednesday", "09-16 10:15 around; 09-16 10:30 around"},
		{"on Wednesday at 10am, 10.20am and 1pm", "09-16 10:00 exact; 09-16 10:20 exact; 09-16 13:00 exact"},
		{"at 10.15 and 10.30am on Wednesday", "09-16 10:15 exact; 09-16 10:30 exact"},
		{"at 10am on Monday and 11am on Tuesday", "09-14 10:00 exact; 09-15 11:00 exact"},
		{"at noon and again at midnight on Wednesday", "09-16 12:00 exact; 09-17 00:00 exact"},
		{"at 10pm and midnight on Wednesday", "09-16 22:00 exact; 09-17 00:00 exact"},
		{"at midnight and again at noon on Wednesday", "09-16 00:00 exact; 09-16 12:00 exact"},
		{"at 10pm on Tuesday and midnight on Wednesday", "09-15 22:00 exact; 09-16 00:00 exact"},
		{"at midnight on Wednesday night", "09-17 00:00 exact"},
		{"at midnight on the night of 16 September", "09-17 00:00 exact"},
		{"at 11pm on the night of 16 September", "09-16 23:00 exact"},
		{"at 3am on the night of 16 September", "09-17 03:00 exact"},
		{"at night on Wednesday", "09-16 20:00 to 09-17 08:00 overnight"},
		{"on Wednesday night", "09-16 20:00 to 09-17 08:00 overnight"},
		{"during the night of 16 September", "09-16 20:00 to 09-17 08:00 overnight"},
		{"on Wednesday evening", "09-16 18:00 to 09-16 23:00 window"},
		{"at about 10 to 6 in the evening on Wednesday", "09-16 17:50 around"},
		{"at 20 past 4 on Wednesday afternoon", "09-16 16:20 exact"},
		{"at 5 to 7pm on Wednesday", "?"},
		{"from 10 to 11.30am on Wednesday", "09-16 10:00 to 09-16 11:30 window"},
		{"from 8pm on the 14th to 7am on the 15th", "09-14 20:00 to 09-15 07:00 window"},
		{"between 9pm on Friday 11 and 7am on Saturday 12 September", "09-11 21:00 to 09-12 07:00 window"},
		{"between 9pm on Friday 4 and 7am on Saturday 12 September", "09-04 21:00 to 09-12 07:00 window"},
		{"between 2.30 and 4pm on Wednesday", "09-16 14:30 to 09-16 16:00 window"},
		{"between 14:15 and 14:45 hrs on Wednesday", "09-16 14:15 to 09-16 14:45 window"},
		{"at 1.45pm on Wednesday", "09-16 13:45 exact"},
		{"at 17:30 on Wednesday", "09-16 17:30 exact"},
		{"at midday on Wednesday", "09-16 12:00 exact"},
		{"at 2140hrs on Sat 12th Sept", "09-12 21:40 exact"},
		{"between 6pm on 19 July and 5am on 20 July 2022", "2022-07-19 18:00 to 2022-07-20 05:00 window"},
		{"in the morning of 16 September", "09-16 06:00 to 09-16 12:00 window"},
		{"on New Year's Eve", "2014-12-31 00:00 to 01-01 00:00 day"},
		{"on New Year's Day", "01-01 00:00 to 01-02 00:00 day"},
		{"after 6pm on Wednesday", "09-16 18:00 to 09-17 00:00 window"},
		{"before 9am on Wednesday", "09-16 00:00 to 09-16 09:00 window"},
		{"at around lunchtime on Wednesday", "09-16 12:00 to 09-16 14:00 window"},
		{"at about dusk on Wednesday", "?"},
		{"at 25.00pm on Wednesday", "?"},
		{"at 10.75am on Wednesday", "?"},
		{"between 10am and a bit later on Wednesday", "?"},
		{"at half past ten on Wednesday", "?"},
		{"on 31 September", "?"},
		{"the 10 houses", ""},
		{"aged 10 to 11", ""},
		{"£10.50", ""},
		{"a 24 hours line", ""},
		{"call 101", ""},
		{"may be", ""},
		{"24/7", ""},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			tokens := Tokenise(tt.words, 0, len(tt.words), 1)
			s := Setting{Almanac: Almanac{Published: Day{2015, 9, 18}, Today: Day{2026, 11, 22}}, Zone: zone}
			var got []string
			for i := 0; i < len(tokens); i++ {
				w := At(tokens, i)
				if w == nil || Telephone(tokens, i) {
					continue
				}
				i = w.End - 1
				ivs, err := w.Resolve(s)
				if err != nil {
					got = []string{"?"}
					break
				}
				for _, iv := range ivs {
					got = append(got, shortInterval(iv))
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestYearByWeekday gives "Wednesday 16 September" a year by the clock alone: the
// last such days are in 2009, 2015, 2020 and 2026.
func TestYearByWeekday(t *testing.T) {
	tests := []struct {
		name  string
		today Day
		want  int
	}{
		{"the day before", Day{2015, 9, 15}, 2009},
		{"the very day", Day{2015, 9, 16}, 2015},
		{"the day after", Day{2015, 9, 17}, 2015},
		{"years later", Day{2025, 11, 22}, 2020},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wednesday := time.Wednesday
			date := &Date{Month: time.September, Dom: 16, Weekday: &wednesday}
			got, _, rule, err := date.Resolve(Almanac{Today: tt.today}, Day{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := (Day{tt.want, 9, 16}); got != want {
				t.Errorf("got %s (%s), want %s", got, rule, want)
			}
		})
	}
}

// shortInterval leaves the year out when it is 2015.
func shortInterval(iv Interval) string {
	short := func(at time.Time) string { return strings.TrimPrefix(at.Format("2006-01-02 15:04"), "2015-") }
	s := short(iv.From)
	if !iv.To.Equal(iv.From) {
		s += " to " + short(iv.To)
	}
	return s + " " + string(iv.Precision)
}

// TestOnClock puts wall-clock times on both of London's clock changes in 2021:
// 28 March 01:00 GMT and 31 October 01:00 GMT (02:00 BST).
func TestOnClock(t *testing.T) {
	zone := inLondon(t)
	spring, autumn := Day{2021, 3, 28}, Day{2021, 10, 31}
	tests := []struct {
		name   string
		day    Day
		minute int
		late   bool
		want   string
		note   bool
	}{
		{"before the gap", spring, 59, false, "2021-03-28T00:59:00Z", false},
		{"start of the gap", spring, 60, false, "2021-03-28T02:00:00+01:00", true},
		{"in the gap", spring, 90, false, "2021-03-28T02:30:00+01:00", true},
		{"after the gap", spring, 120, false, "2021-03-28T02:00:00+01:00", false},
		{"before the fold", autumn, 59, false, "2021-10-31T00:59:00+01:00", false},
		{"first of the fold", autumn, 90, false, "2021-10-31T01:30:00+01:00", true},
		{"second of the fold", autumn, 90, true, "2021-10-31T01:30:00Z", true},
		{"after the fold", autumn, 120, false, "2021-10-31T02:00:00Z", false},
		{"end of the day", autumn, 1440, false, "2021-11-01T00:00:00Z", false},
		{"a day in summer", Day{2021, 7, 1}, 600, false, "2021-07-01T10:00:00+01:00", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, note := tt.day.OnClock(tt.minute, tt.late, zone)
			if got.Format(time.RFC3339) != tt.want {
				t.Errorf("got %s, want %s", got.Format(time.RFC3339), tt.want)
			}
			if (note != "") != tt.note {
				t.Errorf("note %q, want one: %v", note, tt.note)
			}
		})
	}
}

// TestDayLength walks two years: a day is 24 hours but for the two changes.
func TestDayLength(t *testing.T) {
	zone := inLondon(t)
	odd := map[Day]time.Duration{
		{2021, 3, 28}: 23 * time.Hour, {2021, 10, 31}: 25 * time.Hour,
		{2022, 3, 27}: 23 * time.Hour, {2022, 10, 30}: 25 * time.Hour,
	}
	for d := (Day{2021, 1, 1}); d.Year < 2023; d = d.Add(1) {
		from, _ := d.OnClock(0, false, zone)
		to, _ := d.OnClock(1440, true, zone)
		want := 24 * time.Hour
		if w, ok := odd[d]; ok {
			want = w
		}
		if got := to.Sub(from); got != want {
			t.Errorf("%s is %s long, want %s", d, got, want)
		}
	}
}
