package when

import "strings"

// A clockTime is a time of day in words: "10.05am", "1730hrs", "noon".
type clockTime struct {
	Minute   int  // after midnight, 0 to 1439
	half     byte // 'a' or 'p' where the words say which, 0 where they do not
	Bare     bool // an hour or a time that only its company makes a clock time: the 10 of "10 to 11.30am"
	about    bool // "5ish"
	midnight bool // the word, which a day begins and ends with
	dotted   bool // "11.05", with nothing that says its half of the day
	loose    bool // "3:50", of which a part of the day may say it: "in the afternoon"
}

// endDay makes the midnight that something was shortly before the one that ends the day.
func (c *clockTime) endDay(before bool) {
	if c != nil && c.midnight && before {
		c.Minute = 1440
	}
}

var hourWords = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12,
}

// clockAt reads a clock time at token i and returns the token after it. The
// complaint is not empty when the words are a clock time that no clock shows.
// A bare hour is read only when company allows it.
//
// The forms of a clock are tried longest first, in one place, since a short one is
// the start of a long one.
//
//gocognit:ignore
func clockAt(t []Token, i int, company bool) (c clockTime, next int, complaint string) {
	if i >= len(t) {
		return c, i, ""
	}
	if eitherWay(t, i) {
		return c, i + 3, "a time that can be read in two ways"
	}
	if c, next := spokenClock(t, i, company); next > i {
		return c, skipZone(t, next), ""
	}
	if t[i].Is("dusk", "dawn", "sunset", "sunrise", "nightfall", "dinnertime", "breakfast", "breakfast-time", "bedtime") && i > 0 && t[i-1].Is("at", "around", "about", "before", "after", "by") {
		return c, i + 1, "a time that cannot be read"
	}
	if t[i].Is("half", "quarter", "half-past", "quarter-past") && i+1 < len(t) && (t[i+1].Is("past") || len(t[i].Low) > 7) {
		return c, i + 2, "a time that cannot be read"
	}
	if t[i].Kind != Number || len(t[i].Text) > 4 || i > 0 && t[i-1].Is("£", "$", "€", "#", "+", "no") {
		return c, i, ""
	}
	if y, n := YearAt(t, i); y > 0 && i > 0 && t[i-1].Is("since") && (n == len(t) || !t[n].Is("on", "yesterday", "last", "the", "that") && !momentNext(t, n)) {
		return c, i, "" // "who has run it since 2009"
	}
	if i >= 2 && !t[i].Gap && t[i-1].Is(".", ":", "/") && t[i-2].Kind == Number && !(t[i-1].Is("/") && len(t[i-2].Text) == 4 && glued(t, i+1, ":")) {
		return c, i, "" // the tail of a longer number
	}
	h, m, n := Atoi(t[i].Text), 0, i+1
	minutes, colon := false, false
	switch {
	case len(t[i].Text) <= 2 && n+1 < len(t) && t[n].Low == "h" && !t[n].Gap && t[n+1].Kind == Number && !t[n+1].Gap && len(t[n+1].Text) == 2:
		m, n, minutes, colon = Atoi(t[n+1].Text), n+2, true, true // "19h30"
	case len(t[i].Text) <= 2 && (glued(t, n, "·") || glued(t, n, "-") && n+2 < len(t) && t[n+2].Is("am", "pm")) && n+1 < len(t) && t[n+1].Kind == Number && len(t[n+1].Text) == 2:
		m, n, minutes, colon = Atoi(t[n+1].Text), n+2, true, true // "3-45 p.m."
	case len(t[i].Text) <= 2 && glued(t, n, ".", ":") && n+1 < len(t) && t[n+1].Kind == Number && !t[n+1].Gap && len(t[n+1].Text) == 2:
		colon = t[n].Is(":")
		m, n, minutes = Atoi(t[n+1].Text), n+2, true
		if glued(t, n, ":") && n+1 < len(t) && t[n+1].Kind == Number && !t[n+1].Gap && len(t[n+1].Text) == 2 {
			n += 2 // seconds
		} else if glued(t, n, ".", "/") && n+1 < len(t) && t[n+1].Kind == Number && !t[n+1].Gap {
			return c, i, "" // a date or a version
		}
	case glued(t, n, ".") && n+2 < len(t) && t[n+1].Text == "0" && !t[n+1].Gap && t[n+2].Is("am", "pm"):
		n += 2 // "7.0 p.m."
	case len(t[i].Text) == 4:
		h, m = h/100, h%100
		minutes = true
	case len(t[i].Text) == 3 && n < len(t) && t[n].Is("am", "pm"):
		h, m = h/100, h%100
		minutes = true
	case len(t[i].Text) == 3:
		return c, i, ""
	}
	said := false
	switch {
	case n < len(t) && t[n].Kind == Word && t[n].Is("am", "pm"):
		c.half, said = t[n].Low[0], true
		n++
	case n < len(t) && colon && !t[n].Gap && t[n].Is("a", "p"):
		c.half, said = t[n].Low[0], true
		n++
	case n < len(t) && !t[n].Gap && t[n].Is("ish"), glued(t, n, "-") && n+1 < len(t) && t[n+1].Is("ish"):
		c.about, company = true, true
		n = SkipWords(t, n, "-", "ish")
	case minutes && n < len(t) && t[n].Is("hrs", "hours", "hr", "h"), n == i+1 && hourMark(t, i):
		said = true
		n++
	case n < len(t) && t[n].Is("o'clock", "oclock"):
		n++
		c.Bare = true
		company = true
	case n < len(t) && t[n].Is("noon", "midday", "midnight") && h == 12:
		at := t[n].Is("midnight")
		return clockTime{Minute: map[bool]int{true: 0, false: 720}[at], midnight: at}, n + 1, ""
	}
	switch {
	case said || colon:
	case len(t[i].Text) == 4:
		if !company || h > 23 || m > 59 || n < len(t) && (t[n].Capital() && !t[n].Is("and", "to", "until", "hrs", "on") && !hhmmHere(t, i) || t[n].Is("-", "/") && !t[n].Gap && !(t[n].Is("-") && momentNext(t, n+1) && n+2 < len(t) && Months[t[n+2].Low] > 0)) {
			return c, i, ""
		}
	case minutes:
		if !company && !partFollows(t, n) || h > 23 || m > 59 || n < len(t) && (t[n].Kind == Mark && t[n].Is("%") || t[n].Is("m", "miles", "million", "km", "per")) {
			return c, i, ""
		}
	default:
		if !company && !partFollows(t, n) || h < 1 || h > 12 || n < len(t) && t[n].Kind == Word && (!t[n].Gap || plural(t[n])) {
			return c, i, ""
		}
		c.Bare = true
	}
	switch {
	case m > 59 || h > 24 || h == 24 && m > 0:
		return c, n, "no clock shows this time"
	case c.half == 'a' && h > 12, c.half == 'p' && h == 0:
		return c, n, "no clock shows this time"
	case c.half == 'a' && h == 12:
		h = 0
	case c.half == 'p' && h < 12:
		h += 12
	}
	if h > 12 {
		c.Bare = false
	}
	if !said && !colon && h >= 1 && h <= 12 {
		c.Bare = c.Bare || minutes && len(t[i].Text) < 3 && t[i].Text[0] != '0'
	}
	c.dotted = !said && !colon && minutes && len(t[i].Text) < 3
	c.loose = !said && colon && h > 0 && h <= 12 && t[i].Text[0] != '0'
	c.Minute = (h*60 + m) % 1440
	return c, skipZone(t, n), ""
}

// hourMark reports whether the hour at token i is one of 24, as those write it who write "14h30":
// "23h on Sunday", "14h-16h", and no count of hours: "for 12h".
func hourMark(t []Token, i int) bool {
	n := i + 1
	return n < len(t) && t[n].Low == "h" && !t[n].Gap && len(t[i].Text) == 2 && Atoi(t[i].Text) < 24 && !(n+1 < len(t) && t[n+1].Is("later", "earlier", "ago", "after", "before")) &&
		(i == 0 || !t[i-1].Is("for", "within", "over", "in", "than", "last", "every", "of"))
}

// spokenClock reads "noon", "midnight", "half past ten", "a quarter to six",
// "ten o'clock", "ten am", and in company "ten", "ten thirty" and "half three".
func spokenClock(t []Token, i int, company bool) (clockTime, int) {
	if t[i].Is("noon", "midday", "mid-day") {
		return clockTime{Minute: 720}, i + 1
	}
	if t[i].Is("midnight") {
		return clockTime{midnight: true}, i + 1
	}
	if h, n := hundredHours(t, i); n > i {
		return clockTime{Minute: h * 60}, n
	}
	if h, ok := hourWords[t[i].Low]; ok && i+1 < len(t) {
		switch {
		case t[i+1].Is("o'clock", "oclock"):
			return clockTime{Minute: h % 12 * 60, Bare: true}, i + 2
		case t[i+1].Is("am", "pm"):
			return clockTime{Minute: h%12*60 + halfDay(t[i+1].Low[0]), half: t[i+1].Low[0]}, i + 2
		case company && numberWords[t[i+1].Low] > 12 && endsClock(t, i+2):
			return clockTime{Minute: h%12*60 + numberWords[t[i+1].Low], Bare: true}, i + 2
		}
	}
	if h, ok := hourWords[t[i].Low]; ok && company && endsClock(t, i+1) && !(i > 0 && t[i-1].Is("the")) && !(i > 0 && t[i-1].Is("by", "of") && !(i > 1 && t[i-2].Is("hours", "hour"))) && !(t[i].Is("five", "ten") && i+1 < len(t) && t[i+1].Is("to") && (i > 0 && t[i-1].Is("at", "about", "around", "by") || !AnyWord(t, max(0, i-3), i, "between", "from"))) && (h > 1 || i+1 == len(t) || t[i+1].Kind == Mark && !t[max(i-1, 0)].Is("from", "on", "in", "near") || t[i+1].Is("in")) {
		return clockTime{Minute: h % 12 * 60, Bare: true}, i + 1
	}
	if t[i].Is("half") && i+1 < len(t) && (company || partFollows(t, i+2)) && (endsClock(t, i+2) || i > 0 && t[i-1].Is("at")) {
		h := hourWords[t[i+1].Low]
		if t[i+1].Kind == Number && len(t[i+1].Text) < 3 {
			h = Atoi(t[i+1].Text)
		}
		if h > 0 && h < 13 {
			return clockTime{Minute: h%12*60 + 30, Bare: true}, i + 2 // "half nine"
		}
	}
	return pastHour(t, i)
}

// hundredHours reads "nineteen hundred hours", "oh two hundred", as soldiers and the police
// say the full hours.
func hundredHours(t []Token, i int) (hour, next int) {
	j := i
	zero := t[i].Is("o", "oh", "zero")
	if zero {
		j = SkipWords(t, i+1, "-")
	}
	if j >= len(t) {
		return 0, i
	}
	word, tail, cut := strings.Cut(t[j].Low, "-")
	if cut && (word == "o" || word == "oh") {
		if k := strings.Index(tail, "-"); k > 0 && tail[k:] == "-hundred" {
			return numberWords[tail[:k]], j + 1 // "o-two-hundred"
		}
		word, zero = tail, true
	}
	h := numberWords[word]
	if h == 20 && cut && numberWords[tail] < 5 {
		h += numberWords[tail]
	}
	if h == 0 || h > 23 || zero && h > 9 || j+1 >= len(t) || !t[j+1].Is("hundred") {
		return 0, i
	}
	n := SkipWords(t, j+2, "hours", "hrs")
	if n == j+2 && !zero && !endsClock(t, n) {
		return 0, i // "nineteen hundred pounds"
	}
	return h, n
}

// partFollows reports whether a part of the day follows a clock time: "in the morning", "last
// night", "Sunday night".
func partFollows(t []Token, i int) bool {
	k := SkipWords(t, i, "in", "the", "at", "this", "last", "yesterday", "on")
	_, n := weekdayAt(t, k)
	k = max(k, n)
	_, n = partAt(t, k)
	return k > i && n > k
}

// pastHour reads "half past ten", "a quarter to six", "eight minutes past nine",
// "half-past midnight".
func pastHour(t []Token, i int) (clockTime, int) {
	words, ends := hyphened(t, i)
	past, k := minutesOf(words)
	if k == 0 || t[i].Kind == Number && (len(t[i].Text) > 2 || i+3 >= len(t) || !minutesTo(t, i)) {
		return clockTime{}, i
	}
	if words[k] == "minutes" || words[k] == "minute" || words[k] == "mins" {
		k++
	}
	dir := words[k]
	if dir != "past" && dir != "to" || past == 30 && dir == "to" || words[k+1] == "" {
		return clockTime{}, i
	}
	if dir == "to" {
		past = -past
	}
	n, hour := ends[k+1], words[k+1]
	switch hour {
	case "midnight":
		return clockTime{Minute: (past + 1440) % 1440}, n
	case "noon", "midday":
		return clockTime{Minute: 720 + past}, n
	}
	h, ok := hourWords[hour]
	if d := Digits(hour); d == len(hour) && d <= 2 {
		h = Atoi(hour)
		ok = h >= 1 && h <= 12
	}
	if !ok || glued(t, n, ".", ":") && n+1 < len(t) && t[n+1].Kind == Number && !t[n+1].Gap {
		return clockTime{}, i // "10 to 11.30am" is a stretch
	}
	c := clockTime{Minute: (h%12*60 + past + 720) % 720, Bare: true}
	if n < len(t) && t[n].Is("am", "pm") {
		c.half, c.Bare = t[n].Low[0], false
		c.Minute += halfDay(c.half)
		n++
	} else if n+2 < len(t) && t[n].Is("in") && t[n+1].Is("the") || n+1 < len(t) && t[n].Is("at") {
		if p, k := partAt(t, SkipWords(t, n, "in", "at", "the")); k > n+1 {
			c, _ = c.settle(p) // "ten to four in the morning"
			n = k
		}
	}
	return c, n
}

// hyphened returns the words of the tokens from i on, those of "half-past-ten" apart,
// and for each the token after it; both end with empty words.
func hyphened(t []Token, i int) (words [12]string, ends [12]int) {
	n := 0
	for k := i; k < min(len(t), i+8) && n < 8; k++ {
		for w := range strings.SplitSeq(t[k].Low, "-") {
			if n < 8 && w != "" {
				words[n], ends[n] = w, k+1
				n++
			}
		}
	}
	return words, ends
}

// minutesOf reads the minutes past or to an hour that words begin with, and returns how
// many of the words they are; 0 when there are none.
func minutesOf(words [12]string) (minutes, next int) {
	k := 0
	if words[0] == "a" {
		k = 1
	}
	w := words[k]
	switch {
	case w == "half":
		return 30, k + 1
	case w == "quarter":
		return 15, k + 1
	case w == "twenty" && numberWords[words[k+1]] > 0 && numberWords[words[k+1]] < 10:
		return 20 + numberWords[words[k+1]], k + 2
	case numberWords[w] > 0 && numberWords[w] < 30:
		return numberWords[w], k + 1
	case w != "" && Digits(w) == len(w) && Atoi(w) < 30:
		return Atoi(w), k + 1
	}
	return 0, 0
}

// endsClock reports whether a clock time in bare words can end before token i, and
// the words count nothing that follows.
func endsClock(t []Token, i int) bool {
	if i >= len(t) || t[i].Kind == Mark || t[i].Is("in", "on", "and", "to", "until", "till", "at", "this", "that", "yesterday", "today", "last", "when", "a", "an", "he", "she", "they", "someone", "somebody", "while", "but", "there", "as", "our", "my", "his", "her", "their", "some", "we") || t[i].Is("the") && i+1 < len(t) && t[i+1].Is("next", "following", "same", "previous", "day", "night", "evening", "morning") {
		return true
	}
	_, n := weekdayAt(t, i)
	return n > i
}

// minutesTo reports whether the number at token i counts minutes to or past an
// hour: "at about 10 to 6", "20 past 4", "5 minutes to 7". After "from" or
// "between", or with nothing that leads to one clock time, "10 to 6" is a stretch.
func minutesTo(t []Token, i int) bool {
	if t[i+1].Is("minutes", "past") || t[i].Is("20", "25") {
		return true
	}
	lo := max(0, i-3)
	return i > 0 && t[i-1].Is("at", "about", "around", "approximately", "by", "after", "before") && (t[i-1].Is("at") && !t[max(0, i-2)].Is("between", "from") || !AnyWord(t, lo, i, "between", "from"))
}

// eitherWay reports whether "10 to 11am" at token i can be a clock time as well as
// a stretch.
func eitherWay(t []Token, i int) bool {
	if i+2 >= len(t) || t[i].Kind != Number || !t[i+1].Is("to") || t[i+2].Kind != Number || glued(t, i+3, ".", ":") && i+4 < len(t) && t[i+4].Kind == Number {
		return false
	}
	h := Atoi(t[i+2].Text)
	return t[i].Is("5", "10") && Atoi(t[i].Text) < h && h <= 12 && minutesTo(t, i)
}

// notThings end as plurals do and follow a bare hour all the same: "at 6 his car".
var notThings = Set(`this thus thieves burglars raiders robbers vandals intruders officers`)

// people are counted by no more than their number.
var people = Set(`men women people persons children sheep cattle of`)

// plural reports whether a word is what a number before it counts: "between 2 males".
func plural(t Token) bool {
	return people[t.Low] || t.Text == t.Low && len(t.Low) > 3 && strings.HasSuffix(t.Low, "s") && !strings.HasSuffix(t.Low, "ss") && !notThings[t.Low]
}

func halfDay(half byte) int {
	if half == 'p' {
		return 720
	}
	return 0
}

func skipZone(t []Token, i int) int {
	if i < len(t) && t[i].Kind == Word && (t[i].Text == "BST" || t[i].Text == "GMT") {
		return i + 1
	}
	return i
}

// glued reports whether token i is one of the marks with no space before it.
func glued(t []Token, i int, marks ...string) bool {
	return i < len(t) && t[i].Kind == Mark && !t[i].Gap && t[i].Is(marks...)
}

// Atoi returns the number that the digits of s make, of no more than nine of them.
func Atoi(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 9; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// A partOfDay is a named stretch of a day, [from, to) in minutes after its
// midnight.
type partOfDay struct {
	name     string
	from, to int
}

var (
	earlyHours = partOfDay{"early hours", 0, 6 * 60}
	morning    = partOfDay{"morning", 6 * 60, 12 * 60}
	lunchtime  = partOfDay{"lunchtime", 12 * 60, 14 * 60}
	afternoon  = partOfDay{"afternoon", 12 * 60, 18 * 60}
	teatime    = partOfDay{"teatime", 16 * 60, 18 * 60}
	evening    = partOfDay{"evening", 18 * 60, 23 * 60}
	overnight  = partOfDay{"overnight", 20 * 60, (24 + 8) * 60}
)

// partAt reads a part of the day at token i and returns the token after it. A
// night, "at night", "on Tuesday night", is the one that begins on that day and is
// read as overnight, 20:00 to 08:00: nobody says when a night ends.
// "early morning" and "late evening" are read as the whole part.
func partAt(t []Token, i int) (partOfDay, int) {
	j := i
	if j < len(t) && t[j].Is("early", "late", "mid", "small") {
		if j+1 < len(t) && t[j+1].Is("hours") && t[j].Is("early", "small") {
			j += 2
			if k := SkipWords(t, j, "of", "in"); k > j {
				if k = SkipWords(t, k, "the"); k < len(t) && t[k].Is("morning") {
					j = k + 1
				}
			}
			return earlyHours, j
		}
		j++
	}
	if j >= len(t) {
		return partOfDay{}, i
	}
	low := t[j].Low
	if j+1 < len(t) && t[j+1].Is("time") && t[j].Is("tea", "lunch", "night") {
		low += "time"
		j++
	}
	switch low {
	case "morning", "mornings", "morn", "mid-morning", "forenoon":
		return morning, j + 1
	case "afternoon", "afternoons", "mid-afternoon":
		return afternoon, j + 1
	case "evening", "evenings":
		return evening, j + 1
	case "night", "nights", "overnight", "nighttime", "night-time":
		return overnight, j + 1
	case "lunchtime", "lunch-time":
		return lunchtime, j + 1
	case "teatime", "tea-time":
		return teatime, j + 1
	}
	return partOfDay{}, i
}

// SkipWords returns the first token from i on that is none of the words, going
// past a dozen at most.
func SkipWords(t []Token, i int, words ...string) int {
	for end := min(len(t), i+longestLead); i < end && t[i].Is(words...); {
		i++
	}
	return i
}

// hhmmHere reports whether four digits before a capitalised word are a clock time and
// no house number: "23/6 1145 Market Street", "1300 and 1500 Mill Lane", "0230 Bank Road".
func hhmmHere(t []Token, i int) bool {
	if _, n := weekdayAt(t, i+1); n > i+1 || i == 0 || t[i].Text[0] == '0' || startsWeekday(t, i-1) || t[i-1].Is("st", "nd", "rd", "th") && !t[i-1].Gap || t[i-1].Kind == Number && (len(t[i-1].Text) == 4 || i > 1 && (!t[i-1].Gap || Entries[t[i-2].Low])) || i > 1 && t[i-2].Is("/") && t[i-1].Kind == Number && !t[i-1].Gap {
		return true
	}
	return i > 1 && t[i-1].Is("and", "to", "-", "–") && t[i-2].Kind == Number && len(t[i-2].Text) == 4
}

// Entries are what the entries of a log are called: "CAD 902 2115 Lake Road".
var Entries = Set(`cad log inc incident serial entry event job ref call`)

// settle gives a clock time that does not say morning or afternoon the half
// that part of the day means. later is true when the clock stands on the day
// after the night began.
func (c clockTime) settle(p partOfDay) (_ clockTime, later bool) {
	if (c.Bare || c.loose) && c.half == 0 {
		h := c.Minute / 60 % 12
		switch {
		case p == afternoon || p == evening || p == lunchtime || p == teatime || p == overnight && h >= 6:
			c.Minute = c.Minute%720 + 720
		default:
			c.Minute %= 720
		}
		c.Bare, c.loose = false, false
	}
	return c, p == overnight && c.Minute < 12*60
}
