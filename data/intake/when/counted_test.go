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
		{"the branch, run since 2009, is shut", ""},
		{"open since 2009 hrs", "09-14 20:09 to 09-15 00:00 window"},
		{"open since 2030 on Monday", "09-14 20:30 to 09-15 00:00 window"},
		{"parked it 9 last night", "09-17 21:00 exact"},
		{"two days before the Mill Street theft", "09-12 00:00 to 09-13 00:00 day"},
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
		{"on the 9th-12th", "09-09 00:00 to 09-13 00:00 window"},
		{"O/N, overnight 12-13/08", "08-12 20:00 to 08-13 08:00 overnight"},
		{"on September 9 or 10", "09-09 00:00 to 09-11 00:00 window"},
		{"2100x12 - 0615x13", "09-12 21:00 to 09-13 06:15 window"},
		{"from work at ten to six in the evening", "09-14 17:50 exact"},
		{"at about 7 tonight", "09-18 19:00 around"},
		{"two days afterwards, at 2.50am", "09-16 02:50 exact"},
		{"on the Thursday of that week at 4pm", "09-17 16:00 exact"},
		{"from 5pm on 10 September through to 7am on 12 September", "09-10 17:00 to 09-12 07:00 window"},
		{"on the eve of the market at 9pm", "09-13 21:00 exact"},
		{"Friday 11th September/Saturday 12th September, 7pm to 7am", "09-11 19:00 to 09-12 07:00 window"},
		{"Friday/Saturday, 7pm to 7am", "09-11 19:00 to 09-12 07:00 window"},
		{"Saturday/Friday, 7pm", "09-12 00:00 to 09-13 00:00 day; 09-18 19:00 exact"},
		{"between 10pm and 6am on Friday 11 September into Saturday 12 September", "09-11 22:00 to 09-12 06:00 window"},
		{"Thursday into Friday", "09-17 20:00 to 09-18 08:00 overnight"},
		{"overnight on the 11th, and again on the 14th", "09-11 20:00 to 09-12 08:00 overnight; 09-14 20:00 to 09-15 08:00 overnight"},
		{"not before 9pm and not after 11pm on Tuesday", "09-15 21:00 to 09-15 23:00 window"},
		{"no earlier than 9pm on Tuesday and no later than 7am on Wednesday", "09-15 21:00 to 09-16 07:00 window"},
		{"between closing at 5.30pm last Friday and 8.30am on Monday", "09-11 17:30 to 09-14 08:30 window"},
		{"shut at 5.30pm last Friday and 8.30am on Monday", "09-11 17:30 exact; 09-14 08:30 exact"},
		{"on Tuesday night before midnight", "09-15 20:00 to 09-16 00:00 window"},
		{"on Tuesday, just before midnight", "09-16 00:00 around"},
		{"on Tuesday just after midnight", "09-15 00:00 around"},
		{"just before noon on Tuesday", "09-15 12:00 around"},
		{"window smashed, 18.45, September 12", "09-12 18:45 exact"},
		{"during evensong (18.30 to 19.15)", "09-14 18:30 to 09-14 19:15 window"},
		{"a bill, 18.45 pounds", ""},
		{"on 12 September 1930", "09-12 19:30 exact"},
		{"on 12 September 1968", "1968-09-12 00:00 to 1968-09-13 00:00 day"},
		{"Tues 15th into Weds 16th", "09-15 20:00 to 09-16 08:00 overnight"},
		{"evening of 12th", "09-12 18:00 to 09-12 23:00 window"},
		{"on consecutive nights, 11 and 12 September", "09-11 20:00 to 09-12 08:00 overnight; 09-12 20:00 to 09-13 08:00 overnight"},
		{"at just gone 6pm on Tuesday", "09-15 18:00 around"},
		{"on Tuesday at gone 11 at night", "09-15 23:00 around"},
		{"at getting on for 6pm on Tuesday", "09-15 18:00 around"},
		{"15 September (Tuesday) at 7pm", "09-15 19:00 exact"},
		{"at 5pm on Easter Monday (6 April)", "04-06 17:00 exact"},
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
		{"September 16, 1730", "09-16 17:30 exact"},
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
		{"between nine o'clock and half-past ten on Saturday evening", "09-12 21:00 to 09-12 22:30 window"},
		{"between the hours of eight and nine in the evening", "09-14 20:00 to 09-14 21:00 window"},
		{"at nineteen hundred hours", "09-14 19:00 exact"},
		{"nineteen hundred pounds", ""},
		{"at oh two hundred", "09-14 02:00 exact"},
		{"at tea time", "09-14 16:00 to 09-14 18:00 window"},
		{"at dusk, about 6pm", "09-14 18:00 around"},
		{"between Saturday noon, when it was last used, and 8am on Monday", "09-12 12:00 to 09-14 08:00 window"},
		{"the Thursday following at 8am", "09-17 08:00 exact"},
		{"Sun 2215 High St", "09-13 22:15 exact"},
		{"no earlier than 7pm on Monday", "09-14 19:00 to 09-15 00:00 window"},
		{"no later than 6am on Tuesday", "09-15 00:00 to 09-15 06:00 window"},
		{"about the hour of seven in the evening", "09-14 19:00 around"},
		{"Early on Saturday, at ten to three", "09-12 02:50 exact"},
		{"12-Sep - 22:30", "09-12 22:30 exact"},
		{"at half past midnight", "09-14 00:30 exact"},
		{"at a quarter to midnight", "09-14 23:45 exact"},
		{"at ten past noon", "09-14 12:10 exact"},
		{"at five minutes past midnight on Sunday", "09-13 00:05 exact"},
		{"at quarter-past-eight in the evening", "09-14 20:15 exact"},
		{"at twenty-five to three in the morning", "09-14 02:35 exact"},
		{"at twenty-five minutes to three in the morning", "09-14 02:35 exact"},
		{"at eight minutes past nine in the evening", "09-14 21:08 exact"},
		{"Tues 15 Sept, 23.00 to Weds 16 Sept, 06.45", "09-15 23:00 to 09-16 06:45 window"},
		{"Mon 14 Sept, 13.10 - 15.35", "09-14 13:10 to 09-14 15:35 window"},
		{"Mon 14/9 22.00 - Tue 15/9 07.00", "09-14 22:00 to 09-15 07:00 window"},
		{"Sat 12 Sept, 21.20. Hanging basket", "09-12 21:20 exact"},
		{"Sat 12 Sept 21.20 to Sun 13 Sept 07.15", "09-12 21:20 to 09-13 07:15 window"},
		{"between 2200 on 11 September and 0700 on 12 September", "09-11 22:00 to 09-12 07:00 window"},
		{"11/9 2200 - 12/9 0700", "09-11 22:00 to 09-12 07:00 window"},
		{"11 Sep 2200 to 12 Sep 0700", "09-11 22:00 to 09-12 07:00 window"},
		{"22:00 11/09/2015 - 07:00 12/09/2015", "09-11 22:00 to 09-12 07:00 window"},
		{"2015-09-11 22:00 to 2015-09-12 07:00", "09-11 22:00 to 09-12 07:00 window"},
		{"11 Sept 22:00 - 07:00", "09-11 22:00 to 09-12 07:00 window"},
		{"between 10pm Tuesday and 6am Wednesday", "09-15 22:00 to 09-16 06:00 window"},
		{"10pm Tue - 6am Wed", "09-15 22:00 to 09-16 06:00 window"},
		{"between Tuesday at 10pm and Wednesday at 6am", "09-15 22:00 to 09-16 06:00 window"},
		{"between 4pm yesterday and 7 this morning", "09-17 16:00 to 09-18 07:00 window"},
		{"between 4pm yesterday and seven o'clock this morning", "09-17 16:00 to 09-18 07:00 window"},
		{"the night before last", "09-16 20:00 to 09-17 08:00 overnight"},
		{"the day before yesterday at 1630", "09-16 16:30 exact"},
		{"day before yesterday, ten a.m.,", "09-16 10:00 exact"},
		{"this lunchtime at quarter past twelve", "09-18 12:15 exact"},
		{"a week to the day earlier, at 3am", "09-07 03:00 exact"},
		{"exactly a week earlier at 3am", "09-07 03:00 exact"},
		{"a week before that, at 3am", "09-07 03:00 exact"},
		{"this day last week at 3am", "09-11 03:00 exact"},
		{"this time last week", "09-11 00:00 to 09-12 00:00 day"},
		{"a fortnight ago today at 3am", "09-04 03:00 exact"},
		{"a fortnight ago at 3am", "09-04 03:00 exact"},
		{"a week ago yesterday at 3am", "09-10 03:00 exact"},
		{"a week last Tuesday at 3am", "09-08 03:00 exact"},
		{"a week ago last Tuesday at 3am", "09-08 03:00 exact"},
		{"two days after that, at seven in the evening", "09-16 19:00 exact"},
		{"two days on, at 7pm", "09-16 19:00 exact"},
		{"a week on, at 7pm", "09-21 19:00 exact"},
		{"the evening after, at 8.30pm", "09-15 20:30 exact"},
		{"the evening after, a man", "09-15 18:00 to 09-15 23:00 window"},
		{"the day after at 8.30pm", "09-15 20:30 exact"},
		{"the next day but one at 8am", "09-16 08:00 exact"},
		{"the Sunday before that, at 8am", "09-13 08:00 exact"},
		{"the Sunday before at 8am", "09-13 08:00 exact"},
		{"the previous Sunday at 8am", "09-13 08:00 exact"},
		{"the Thursday before last at 8am", "09-10 08:00 exact"},
		{"the following Thursday at 8am", "09-17 08:00 exact"},
		{"the Thursday after that at 8am", "09-17 08:00 exact"},
		{"the next Thursday at 8am", "09-17 08:00 exact"},
		{"that Thursday at 8am", "09-17 08:00 exact"},
		{"that same evening", "09-14 18:00 to 09-14 23:00 window"},
		{"later that same day, at 6pm", "09-14 18:00 exact"},
		{"the very same night", "09-14 20:00 to 09-15 08:00 overnight"},
		{"on the same date at 6pm", "09-14 18:00 exact"},
		{"the same day at 6pm", "09-14 18:00 exact"},
		{"on the day in question at 6pm", "09-14 18:00 exact"},
		{"the previous night", "09-13 20:00 to 09-14 08:00 overnight"},
		{"24 hours later", ""},
		{"at 9am next day", "09-15 09:00 exact"},
		{"found next day", "09-15 00:00 to 09-16 00:00 day"},
		{"next morning at 9am", "09-15 09:00 exact"},
		{"the morning after at 9am", "09-15 09:00 exact"},
		{"the morning of the 15th", "09-15 06:00 to 09-15 12:00 window"},
		{"on the first a window", "09-01 00:00 to 09-02 00:00 day"},
		{"on the sixth, in the village", "09-06 00:00 to 09-07 00:00 day"},
		{"on the twelfth at noon", "09-12 12:00 exact"},
		{"on the fifth floor", ""},
		{"on the first occasion", ""},
		{"the time being five past three in the afternoon", "09-14 15:05 exact"},
		{"on Valentine's Day at four in the afternoon", "02-14 16:00 exact"},
		{"on Bonfire Night at 8pm", "2014-11-05 20:00 exact"},
		{"on Halloween at 8pm", "2014-10-31 20:00 exact"},
		{"on Good Friday at 8pm", "04-03 20:00 exact"},
		{"on Easter Monday at 8pm", "04-06 20:00 exact"},
		{"on New Year's Eve at 8pm", "2014-12-31 20:00 exact"},
		{"23:30 at the earliest", "09-14 23:30 exact"},
		{"between 11.30pm and 12.15", "09-14 23:30 to 09-15 00:15 window"},
		{"at twelve noon", "09-14 12:00 exact"},
		{"at 12 midnight", "09-14 00:00 exact"},
		{"at 2.15 in the afternoon", "09-14 14:15 exact"},
		{"about 2.15 in the afternoon", "09-14 14:15 around"},
		{"at 2.15 on Sunday afternoon", "09-13 14:15 exact"},
		{"between two and half past four on Sunday afternoon", "09-13 14:00 to 09-13 16:30 window"},
		{"between two and half past four in the afternoon", "09-14 14:00 to 09-14 16:30 window"},
		{"at seven at night", "09-14 19:00 exact"},
		{"sometime after nine at night and before seven the next morning", "09-14 21:00 to 09-15 07:00 window"},
		{"after 9pm and before 7am the next morning", "09-14 21:00 to 09-15 07:00 window"},
		{"at 4 o'clock in the morning", "09-14 04:00 exact"},
		{"at 0345hrs", "09-14 03:45 exact"},
		{"at 03.45hrs", "09-14 03:45 exact"},
		{"at 3.45 a.m", "09-14 03:45 exact"},
		{"at 3-45 p.m.", "09-14 15:45 exact"},
		{"at 3·45 p.m.", "09-14 15:45 exact"},
		{"at 3.45 o'clock in the afternoon", "09-14 15:45 exact"},
		{"9.15 p.m. on the 10th inst.", "09-10 21:15 exact"},
		{"between 8pm on Friday the 11th and 9am on Monday the 14th", "09-11 20:00 to 09-14 09:00 window"},
		{"some time between Friday evening and Monday morning", "09-11 18:00 to 09-14 12:00 window"},
		{"9/12/2015 22:00 to 9/13/2015 0600", "?"},
		{"Sept. 12, 10:30 p.m.", "09-12 22:30 exact"},
		{"10:30 p.m. Sept. 12", "09-12 22:30 exact"},
		{"at 10:30 p.m. on Sat., Sept. 12", "09-12 22:30 exact"},
		{"at 19h30", "09-14 19:30 exact"},
		{"14h20 on 12 September", "09-12 14:20 exact"},
		{"on Saturday gone, at 3pm", "09-12 15:00 exact"},
		{"Saturday just gone at 3pm", "09-12 15:00 exact"},
		{"on Saturday past, at 3pm", "09-12 15:00 exact"},
		{"late on Saturday", "09-12 00:00 to 09-13 00:00 day"},
		{"early on Saturday at 2am", "09-12 02:00 exact"},
		{"in the first hour of Saturday", "09-12 00:00 to 09-13 00:00 day"},
		{"beg 20210119T0140", "2021-01-19 01:40 exact"},
		{"20150914T1830 | 20150914T2215", "09-14 18:30 exact; 09-14 22:15 exact"},
		{"start 2015-09-14T18:30 end 2015-09-14T22:15", "09-14 18:30 exact; 09-14 22:15 exact"},
		{"09SEP15 | 1955 | Mill Road", "09-09 19:55 exact"},
		{"09SEP15 1955 Mill Road", "09-09 19:55 exact"},
		{"half 9 in the morning", "09-14 09:30 exact"},
		{"that was half 9 in the morning", "09-14 09:30 exact"},
		{"Monday teatime, 5ish", "09-14 17:00 around"},
		{"Monday teatime at five", "09-14 17:00 exact"},
		{"Sunday teatime, call it half five,", "09-13 17:30 exact"},
		{"Foundry Hill (2nd), Penpol", "09-02 00:00 to 09-03 00:00 day"},
		{"Terrace (overnight 7th)", "09-07 20:00 to 09-08 08:00 overnight"},
		{"Queensway (11th, 3pm to 5pm)", "09-11 15:00 to 09-11 17:00 window"},
		{"Warren (12th, 6.30am)", "09-12 06:30 exact"},
		{"and the second between 7pm and 8pm on Monday", "09-14 19:00 to 09-14 20:00 window"},
		{"the third at noon", "09-14 12:00 exact"},
		{"around 5ish on Monday evening", "09-14 17:00 around"},
		{"Saturday night into Sunday", "09-12 20:00 to 09-13 08:00 overnight"},
		{"between 1645 Wed 16 Sep and 0730 Thu 17 Sep", "09-16 16:45 to 09-17 07:30 window"},
		{"16/09/15 1645 - 17/09/15 0730", "09-16 16:45 to 09-17 07:30 window"},
		{"16/09/15 at 1645 hrs to 17/09/15 at 0730 hrs", "09-16 16:45 to 09-17 07:30 window"},
		{"1645hrs 16/09/15 to 0730hrs 17/09/15", "09-16 16:45 to 09-17 07:30 window"},
		{"16 Sep 15, 16:45", "09-16 16:45 exact"},
		{"16-Sep-15 16:45", "09-16 16:45 exact"},
		{"16-Sep-2015 16:45", "09-16 16:45 exact"},
		{"Wed 16th 1645", "09-16 16:45 exact"},
		{"Wed 16th @ 1645", "09-16 16:45 exact"},
		{"Wed 16/9 @ 4:45p", "09-16 16:45 exact"},
		{"4:45 PM", "09-14 16:45 exact"},
		{"445 PM", "09-14 16:45 exact"},
		{"at 445pm", "09-14 16:45 exact"},
		{"12:45 A.M.", "09-14 00:45 exact"},
		{"9:35 p.m. Monday", "09-14 21:35 exact"},
		{"Monday, Sept. 14, at 9:35 p.m.", "09-14 21:35 exact"},
		{"from about 9:30 p.m. Sunday until 7 a.m. Monday", "09-13 21:30 to 09-14 07:00 window"},
		{"sometime overnight Sunday", "09-13 20:00 to 09-14 08:00 overnight"},
		{"sometime between 9 p.m. Sunday and 7 a.m. Monday", "09-13 21:00 to 09-14 07:00 window"},
		{"at 0600Z", "09-14 06:00 exact"},
		{"at six in the evening of the 14th", "09-14 18:00 exact"},
		{"on the evening of the 14th inst", "09-14 18:00 to 09-14 23:00 window"},
		{"on the night of the 14th", "09-14 20:00 to 09-15 08:00 overnight"},
		{"on the night of the 14th to 15th", "09-14 20:00 to 09-15 08:00 overnight"},
		{"in the night from Monday to Tuesday", "09-14 20:00 to 09-15 08:00 overnight"},
		{"during the night of Monday/Tuesday", "09-14 20:00 to 09-15 08:00 overnight"},
		{"during Monday night/Tuesday morning", "09-14 20:00 to 09-15 08:00 overnight"},
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
	if got, want := read(at("at 10am on the 5th").InMonth(time.March, 2014), s), "2014-03-05 10:00 exact"; got != want {
		t.Errorf("under March 2014: got %q, want %q", got, want)
	}
	if got, want := read(at("at 10am on 5 May").InMonth(time.March, 2014), s), "05-05 10:00 exact"; got != want {
		t.Errorf("a date with a month under March 2014: got %q, want %q", got, want)
	}
	if got, want := read(at("at 10am on the 5th").InMonth(0, 0), s), "09-05 10:00 exact"; got != want {
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
