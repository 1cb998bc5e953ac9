package when

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// readAll returns the intervals of all times in words, and the first complaint as
// "?".
func readAll(words string, s Setting) string {
	tokens := Tokenise(words, 0, len(words), 1)
	var got []string
	for i := 0; i < len(tokens); i++ {
		w := At(tokens, i)
		if w == nil || Telephone(tokens, i) {
			continue
		}
		i = w.End - 1
		ivs, err := w.Resolve(s)
		if err != nil {
			return "?"
		}
		for _, iv := range ivs {
			got = append(got, shortInterval(iv))
		}
	}
	return strings.Join(got, "; ")
}

// TestCounted reads times that count from what was said before them: the text is of
// Friday 18 September 2015 and spoke last of Monday the 14th.
func TestCounted(t *testing.T) {
	s := Setting{Almanac: Almanac{Published: Day{2015, 9, 18}, Today: Day{2026, 11, 22}}, Zone: inLondon(t), Prior: Day{2015, 9, 14}, Dates: []Day{{2015, 9, 14}}}
	tests := []struct{ words, want string }{
		{"at 10am the next day", "09-15 10:00 exact"},
		{"at 9pm the same day", "09-14 21:00 exact"},
		{"at 10pm the previous day", "09-13 22:00 exact"},
		{"at 10am the day before", "09-13 10:00 exact"},
		{"at 10am the day after, when", "09-15 10:00 exact"},
		{"at 10am the day after that", "09-15 10:00 exact"},
		{"at 10am a day before that", "09-13 10:00 exact"},
		{"at 10am two days later", "09-16 10:00 exact"},
		{"at 10am two days later, on Wednesday", "09-16 10:00 exact"},
		{"at 9am a week later", "09-21 09:00 exact"},
		{"at noon 3 days earlier", "09-11 12:00 exact"},
		{"over the weekend of 5 and 6 September", "09-05 00:00 to 09-07 00:00 window"},
		{"over the weekend of 5th/6th", "09-05 00:00 to 09-07 00:00 window"},
		{"the day after the Elsing theft", "09-15 00:00 to 09-16 00:00 day"},
		{"the night before the robbery", "09-13 20:00 to 09-14 08:00 overnight"},
		{"on 23/6 1145 Market Street", "06-23 11:45 exact"},
		{"at 3am a week ago today", "09-11 03:00 exact"},
		{"at 3am three days ago", "09-15 03:00 exact"},
		{"a fortnight earlier at 3am", "08-31 03:00 exact"},
		{"the evening before, a van went", "09-13 18:00 to 09-13 23:00 window"},
		{"the night before, a van went", "09-13 20:00 to 09-14 08:00 overnight"},
		{"last night, 17 September", "09-17 20:00 to 09-18 08:00 overnight"},
		{"at ten to four in the morning", "09-14 03:50 exact"},
		{"at ten to five in the afternoon", "09-14 16:50 exact"},
		{"between 11.30 on 16 September and 08.00 on 17 September", "09-16 11:30 to 09-17 08:00 window"},
		{"Monday 14 September, 1340, a purse", "09-14 13:40 exact"},
		{"the following night", "09-15 20:00 to 09-16 08:00 overnight"},
		{"the following morning", "09-15 06:00 to 09-15 12:00 window"},
		{"the same night", "09-14 20:00 to 09-15 08:00 overnight"},
		{"that evening", "09-14 18:00 to 09-14 23:00 window"},
		{"the previous evening", "09-13 18:00 to 09-13 23:00 window"},
		{"yesterday evening", "09-17 18:00 to 09-17 23:00 window"},
		{"at 3pm this afternoon", "09-18 15:00 exact"},
		{"in the early hours of this morning", "09-18 00:00 to 09-18 06:00 window"},
		{"between 6pm and 7am the next day", "09-14 18:00 to 09-15 07:00 window"},
		{"between 9pm on Friday and 7am the following day", "09-18 21:00 to 09-19 07:00 window"},
		{"between 11pm that night and 8am on Saturday", "09-14 23:00 to 09-19 08:00 window"},
		{"between 10pm last night and 6am this morning", "09-17 22:00 to 09-18 06:00 window"},
		{"overnight on 25th/26th", "09-25 20:00 to 09-26 08:00 overnight"},
		{"overnight on 31st/1st", "08-31 20:00 to 09-01 08:00 overnight"},
		{"overnight 25/26", "09-25 20:00 to 09-26 08:00 overnight"},
		{"overnight on 14th", "09-14 20:00 to 09-15 08:00 overnight"},
		{"on the 12th", "09-12 00:00 to 09-13 00:00 day"},
		{"on Saturday the 12th", "09-12 00:00 to 09-13 00:00 day"},
		{"on Wednesday, 16th", "09-16 00:00 to 09-17 00:00 day"},
		{"from the 14th to the 16th", "09-14 00:00 to 09-17 00:00 window"},
		{"between the 28th and the 2nd", "08-28 00:00 to 09-03 00:00 window"},
		{"2200 to 0600", "09-14 22:00 to 09-15 06:00 window"},
		{"1015-1045", "09-14 10:15 to 09-14 10:45 window"},
		{"1930-1950", ""}, // two years as well as two clock times
		{"1930-1950 hrs", "09-14 19:30 to 09-14 19:50 window"},
		{"2560-2570", ""},
		{"on 12/09/2015 2130", "09-12 21:30 exact"},
		{"12/09/2015 | 2130", "09-12 21:30 exact"},
		{"2015-09-12T21:30", "09-12 21:30 exact"},
		{"12.09.15 at 10am", "09-12 10:00 exact"},
		{"on 3/9", "09-03 00:00 to 09-04 00:00 day"},
		{"on Thursday 3/9", "09-03 00:00 to 09-04 00:00 day"},
		{"won 3/9", ""},
		{"18/10 at noon", "2014-10-18 12:00 exact"},
		{"18/19 July", "07-18 00:00 to 07-20 00:00 window"},
		{"September 14-16", "09-14 00:00 to 09-17 00:00 window"},
		{"14 & 15 September 2015", "09-14 00:00 to 09-15 00:00 day; 09-15 00:00 to 09-16 00:00 day"},
		{"on the evenings of 14 and 15 September", "09-14 18:00 to 09-14 23:00 window; 09-15 18:00 to 09-15 23:00 window"},
		{"Monday-Wednesday", "09-14 00:00 to 09-17 00:00 window"},
		{"Monday and Tuesday", "09-14 00:00 to 09-15 00:00 day; 09-15 00:00 to 09-16 00:00 day"},
		{"noon-2pm on Wednesday", "09-16 12:00 to 09-16 14:00 window"},
		{"12.30-1.15pm on Wednesday", "09-16 12:30 to 09-16 13:15 window"},
		{"midnight to 3am on Wednesday", "09-16 00:00 to 09-16 03:00 window"},
		{"before midnight on Wednesday", "09-16 00:00 to 09-17 00:00 window"},
		{"by 9am on Wednesday", "09-16 00:00 to 09-16 09:00 window"},
		{"from 11am on Wednesday", "09-16 11:00 to 09-17 00:00 window"},
		{"at ten to six on Wednesday evening", "09-16 17:50 exact"},
		{"at five past ten pm on Wednesday", "09-16 22:05 exact"},
		{"at ten am on Wednesday", "09-16 10:00 exact"},
		{"at 5 minutes to 7 on Wednesday morning", "09-16 06:55 exact"},
		{"at three o'clock on Wednesday afternoon", "09-16 15:00 exact"},
		{"at 10am BST on Wednesday", "09-16 10:00 exact"},
		{"at 10 P.M. on Wednesday", "09-16 22:00 exact"},
		{"mid-afternoon on Wednesday", "09-16 12:00 to 09-16 18:00 window"},
		{"at teatime on Wednesday", "09-16 16:00 to 09-16 18:00 window"},
		{"on Wednesday pm", "09-16 12:00 to 09-16 18:00 window"},
		{"in the small hours of Wednesday", "09-16 00:00 to 09-16 06:00 window"},
		{"BTW 1300HRS AND 1520HRS on 12 Sept", "09-12 13:00 to 09-12 15:20 window"},
		{"at approx. 10am on Wednesday", "09-16 10:00 around"},
		{"at 10am, then again at 11am and finally at noon on Wednesday", "09-16 10:00 exact; 09-16 11:00 exact; 09-16 12:00 exact"},
		{"on Wednesday (September 16, 2015)", "09-16 00:00 to 09-17 00:00 day"},
		{"September 16, 1730", "09-16 00:00 to 09-17 00:00 day"},
		{"September 16 1730 hrs", "09-16 17:30 exact"},
		{"between 30 December and Saturday", "2014-12-30 00:00 to 01-04 00:00 window"},
		{"between Friday evening (10 July) and Saturday morning", "07-10 18:00 to 07-11 12:00 window"},
		{"between 6.45pm and 9.20pm the following evening", "09-15 18:45 to 09-15 21:20 window"},
		{"between 6pm and 7am the next day", "09-14 18:00 to 09-15 07:00 window"},
		{"between 6pm and 8pm on Friday", "09-18 18:00 to 09-18 20:00 window"},
		{"between 5pm on Friday and 9pm on Friday", "09-18 17:00 to 09-18 21:00 window"},
		{"from 29 August at 10pm until 6am on the 30th", "08-29 22:00 to 08-30 06:00 window"},
		{"between eleven and noon on Friday", "09-18 11:00 to 09-18 12:00 window"},
		{"between ten thirty in the morning and one in the afternoon on Friday", "09-18 10:30 to 09-18 13:00 window"},
		{"on the eighth of July at around half three in the afternoon", "07-08 15:30 around"},
		{"shortly after seven on Friday evening", "09-18 19:00 around"},
		{"a little before 3pm on the 3rd", "09-03 15:00 around"},
		{"Saturday 29th/Sunday 30th", "08-29 00:00 to 08-31 00:00 window"},
		{"at 2.15pm on the 10th, a Thursday", "09-10 14:15 exact"},
		{"a week later, on the 21st", "09-21 00:00 to 09-22 00:00 day"},
		{"4 May to 5 May, 23:00 to 05:30", "05-04 23:00 to 05-05 05:30 window"},
		{"on Boxing Day 2013", "2013-12-26 00:00 to 2013-12-27 00:00 day"},
		{"on New Year's Day", "01-01 00:00 to 01-02 00:00 day"},
		{"on 29 February", "2012-02-29 00:00 to 2012-03-01 00:00 day"},
		{"“at 10am” on Wednesday 16 September", "09-14 10:00 exact; 09-16 00:00 to 09-17 00:00 day"},
		{"on 29 February 2015", "?"},
		{"between 20 and 18 September", "?"},
		{"at 13am on Wednesday", "?"},
		{"between 10am on Wednesday", "?"},
		{"the other day", "?"},
		{"over the past two weeks", "?"},
		{"the 5th floor", ""},
		{"24/7", ""},
		{"in mid September", ""},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			if got := readAll(tt.words, s); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestReference settles days by what is known of the text: its own date, the day it
// came, a dated day in it, or nothing. Today is Sunday 22 November 2026.
func TestReference(t *testing.T) {
	today := Day{2026, 11, 22}
	tests := []struct {
		name, words, want string
		a                 Almanac
		dated             []Day
	}{
		{"received", "at 10am yesterday", "2015-09-17 10:00", Almanac{Received: Day{2015, 9, 18}}, nil},
		{"today alone", "at 10am yesterday", "2026-11-21 10:00", Almanac{}, nil},
		{"weekday before today", "at 10am on Sunday", "2026-11-15 10:00", Almanac{}, nil},
		{"weekday near a dated day", "at 10am on Sunday", "2015-09-13 10:00", Almanac{}, []Day{{2015, 9, 14}}},
		{"weekday of a dated day", "at 10am on Monday", "2015-09-14 10:00", Almanac{Published: Day{2015, 9, 30}}, []Day{{2015, 9, 14}}},
		{"last weekday on the day of the text", "at 10am last Friday", "2015-09-11 10:00", Almanac{Published: Day{2015, 9, 18}}, nil},
		{"year from a day of the text", "at 10am on 2 January", "2016-01-02 10:00", Almanac{Anchor: Day{2015, 12, 20}, Sure: true}, nil},
		{"weekday against the anchor", "at 10am on Monday 2 January", "2016-01-02 10:00", Almanac{Anchor: Day{2015, 12, 20}, Sure: true}, nil},
		{"the day after publication", "at 1am on 19 September", "2015-09-19 01:00", Almanac{Published: Day{2015, 9, 18}}, nil},
		{"a day to come is of the year before", "at 1am on 20 September", "2014-09-20 01:00", Almanac{Published: Day{2015, 9, 18}}, nil},
		{"last week without a reference", "on Tuesday of last week", "?", Almanac{}, nil},
		{"no such day", "at 10am on 31 June", "?", Almanac{}, nil},
		{"a day alone without a month near", "on the 31st", "2026-10-31 00:00", Almanac{}, nil},
		{"the weekend before a Saturday", "over the weekend", "2015-09-12 00:00", Almanac{Published: Day{2015, 9, 19}}, nil},
		{"nothing to count from", "at 10am the next day", "?", Almanac{}, nil},
		{"a clock time alone", "at 10am", "?", Almanac{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.a.Today = today
			tokens := Tokenise(tt.words, 0, len(tt.words), 1)
			var w *Expression
			for i := 0; i < len(tokens) && w == nil; i++ {
				w = At(tokens, i)
			}
			got := "?"
			if ivs, err := w.Resolve(Setting{Almanac: tt.a, Dated: tt.dated, Zone: inLondon(t)}); err == nil {
				got = ivs[0].From.Format("2006-01-02 15:04")
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A weekday among days in force that make a week is the one of that week.
func TestWeekInForce(t *testing.T) {
	s := Setting{Almanac: Almanac{Published: Day{2015, 9, 30}, Today: Day{2026, 11, 22}}, Zone: inLondon(t), Dates: []Day{{2015, 9, 7}, {2015, 9, 13}}}
	if got, want := readAll("at 10am on Tuesday", s), "09-08 10:00 exact"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := readAll("at 10am", s), "?"; got != want {
		t.Errorf("a clock time on one of seven days: got %q, want %q", got, want)
	}
}

// What the words of a time say of themselves.
func TestExpression(t *testing.T) {
	const dated, dateOnly, coarse, relative, next, night = 1, 2, 4, 8, 16, 32
	tests := []struct {
		words string
		want  int
		open  int
	}{
		{"on 16 September", dated | dateOnly | coarse, 0},
		{"on Wednesday morning", dated | coarse, 0},
		{"at 10am on Wednesday", dated, 0},
		{"at 10am", 0, 0},
		{"the next morning", dated | coarse | relative | next, 0},
		{"the following night", dated | coarse | relative | night, 0},
		{"overnight", night, 0},
		{"two days later", dated | dateOnly | coarse | relative, 0},
		{"before 10am", 0, -1},
		{"after 10am", 0, 1},
		{"recently", 0, 0},
		{"20 minutes later", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			tokens := Tokenise(tt.words, 0, len(tt.words), 1)
			var w *Expression
			for i := 0; i < len(tokens) && w == nil; i++ {
				w = At(tokens, i)
			}
			got := 0
			for _, x := range []struct {
				is   bool
				flag int
			}{{w.Dated(), dated}, {w.DateOnly(), dateOnly}, {w.Coarse(), coarse}, {w.Relative(), relative}, {w.Next(), next}, {w.Night(), night}} {
				if x.is {
					got |= x.flag
				}
			}
			if got != tt.want || w.Open() != tt.open {
				t.Errorf("got %06b and open %d, want %06b and %d", got, w.Open(), tt.want, tt.open)
			}
		})
	}
}

// The time between one event and the next.
func TestLater(t *testing.T) {
	for words, want := range map[string]time.Duration{
		"half an hour later":           30 * time.Minute,
		"20 minutes later":             20 * time.Minute,
		"about an hour later":          time.Hour,
		"a quarter of an hour later":   15 * time.Minute,
		"thirty minutes after that":    30 * time.Minute,
		"two hours afterwards":         2 * time.Hour,
		"two hours in":                 0,
		"two houses later":             0,
		"a minute":                     0,
		"around five minutes later on": 5 * time.Minute,
	} {
		tokens := Tokenise(words, 0, len(words), 1)
		got := time.Duration(0)
		if w := At(tokens, 0); w != nil {
			got = w.Later
		}
		if got != want {
			t.Errorf("%q is %v later, want %v", words, got, want)
		}
	}
}

// Days without a month take that of the heading over them, clock times lose the
// date they came with, and numbers in a log are clock times.
func TestRewritten(t *testing.T) {
	zone := inLondon(t)
	a := Almanac{Published: Day{2015, 9, 18}, Today: Day{2026, 11, 22}}
	at := func(words string) *Expression {
		tokens := Tokenise(words, 0, len(words), 1)
		for i := range tokens {
			if w := At(tokens, i); w != nil {
				return w
			}
		}
		t.Fatalf("no time in %q", words)
		return nil
	}
	read := func(w *Expression, s Setting) string {
		ivs, err := w.Resolve(s)
		if err != nil {
			return "?"
		}
		return shortInterval(ivs[0])
	}
	s := Setting{Almanac: a, Zone: zone}
	if got, want := read(at("at 10am on the 5th").InMonth(time.March, 2014, a), s), "2014-03-05 10:00 exact"; got != want {
		t.Errorf("under March 2014: got %q, want %q", got, want)
	}
	if got, want := read(at("at 10am on 5 May").InMonth(time.March, 2014, a), s), "05-05 10:00 exact"; got != want {
		t.Errorf("a date with a month under March 2014: got %q, want %q", got, want)
	}
	if got, want := read(at("at 10am on the 5th").InMonth(0, 0, a), s), "09-05 10:00 exact"; got != want {
		t.Errorf("under no month: got %q, want %q", got, want)
	}
	s.Dates = []Day{{2015, 9, 1}}
	if got, want := read(at("at 3.20am on Thursday").Undated(), s), "09-01 03:20 exact"; got != want {
		t.Errorf("undated: got %q, want %q", got, want)
	}
	for words, want := range map[string]string{"0915": "09-01 09:15 exact", "10.20": "09-01 10:20 exact", "2130 - 2145": "09-01 21:30 to 09-01 21:45 window", "9": "", "9am": "09-01 09:00 exact", "2975": ""} {
		got := ""
		if w := Latent(Tokenise(words, 0, len(words), 1), 0); w != nil {
			got = read(w, s)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q at the start of a row (-want +got):\n%s", words, diff)
		}
	}
}

// A part of the day that another phrase names settles a bare clock time, and puts one
// after midnight on the day that ends the night.
func TestWithin(t *testing.T) {
	s := Setting{Almanac: Almanac{Published: Day{2015, 9, 18}, Today: Day{2026, 11, 22}}, Zone: inLondon(t), Dates: []Day{{2015, 9, 14}}}
	read := func(words string) *Expression {
		tokens := Tokenise(words, 0, len(words), 1)
		return At(tokens, 0)
	}
	for _, x := range []struct{ clock, part, want string }{
		{"at ten past seven", "on Monday evening", "09-14 19:10 exact"},
		{"at ten past seven", "on Monday morning", "09-14 07:10 exact"},
		{"at 2.15am", "on Monday night", "09-15 02:15 exact"},
		{"at 11.15pm", "on Monday night", "09-14 23:15 exact"},
		{"at 11.15pm", "on Monday", "09-14 23:15 exact"},
		{"at 11.15pm on Tuesday", "on Monday night", "09-15 23:15 exact"},
	} {
		ivs, err := read(x.clock).Within(read(x.part)).Resolve(s)
		if err != nil || len(ivs) != 1 || shortInterval(ivs[0]) != x.want {
			t.Errorf("%q within %q: %v, %v, want %s", x.clock, x.part, ivs, err, x.want)
		}
	}
}
