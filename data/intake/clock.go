package intake

// A clockTime is a time of day in words: "10.05am", "1730hrs", "noon".
type clockTime struct {
	minute int  // after midnight, 0 to 1439
	half   byte // 'a' or 'p' where the words say which, 0 where they do not
	bare   bool // an hour or a time that only its company makes a clock time: the 10 of "10 to 11.30am"
}

var hourWords = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12,
}

// clockAt reads a clock time at token i and returns the token after it. The
// complaint is not empty when the words are a clock time that no clock shows.
// A bare hour is read only when company allows it.
func clockAt(t []token, i int, company bool) (c clockTime, next int, complaint string) {
	if i >= len(t) {
		return c, i, ""
	}
	if c, next := spokenClock(t, i); next > i {
		return c, skipZone(t, next), ""
	}
	if t[i].is("dusk", "dawn", "sunset", "sunrise", "nightfall", "dinnertime", "breakfast", "breakfast-time", "bedtime") && i > 0 && t[i-1].is("at", "around", "about", "before", "after", "by") {
		return c, i + 1, "a time that cannot be read"
	}
	if t[i].is("half", "quarter") && i+1 < len(t) && t[i+1].is("past") {
		return c, i + 2, "a time that cannot be read"
	}
	if t[i].kind != number || len(t[i].text) > 4 || i > 0 && t[i-1].is("£", "$", "€", "#", "+", "no") {
		return c, i, ""
	}
	if i >= 2 && !t[i].gap && t[i-1].is(".", ":", "/") && t[i-2].kind == number {
		return c, i, "" // the tail of a longer number
	}
	h, m, n := atoi(t[i].text), 0, i+1
	minutes, colon := false, false
	switch {
	case len(t[i].text) <= 2 && glued(t, n, ".", ":") && n+1 < len(t) && t[n+1].kind == number && !t[n+1].gap && len(t[n+1].text) == 2:
		colon = t[n].is(":")
		m, n, minutes = atoi(t[n+1].text), n+2, true
		if glued(t, n, ":") && n+1 < len(t) && t[n+1].kind == number && !t[n+1].gap && len(t[n+1].text) == 2 {
			n += 2 // seconds
		} else if glued(t, n, ".", "/") && n+1 < len(t) && t[n+1].kind == number && !t[n+1].gap {
			return c, i, "" // a date or a version
		}
	case len(t[i].text) == 4:
		h, m = h/100, h%100
		minutes = true
	case len(t[i].text) == 3:
		return c, i, ""
	}
	said := false
	switch {
	case n < len(t) && t[n].kind == word && t[n].is("am", "pm"):
		c.half, said = t[n].low[0], true
		n++
	case minutes && n < len(t) && t[n].is("hrs", "hours", "hr", "h"):
		said = true
		n++
	case n < len(t) && t[n].is("o'clock", "oclock"):
		n++
		c.bare = true
		company = true
	case n < len(t) && t[n].is("noon", "midday", "midnight") && h == 12:
		return clockTime{minute: map[bool]int{true: 0, false: 720}[t[n].is("midnight")]}, n + 1, ""
	}
	switch {
	case said || colon:
	case len(t[i].text) == 4:
		if !company || h > 23 || m > 59 || n < len(t) && (t[n].capital() || t[n].is("-", "/") && !t[n].gap) {
			return c, i, ""
		}
	case minutes:
		if !company || h > 23 || m > 59 || n < len(t) && (t[n].kind == mark && t[n].is("%") || t[n].is("m", "miles", "million", "km", "per")) {
			return c, i, ""
		}
	default:
		if !company || h < 1 || h > 12 || n < len(t) && !t[n].gap && t[n].kind == word {
			return c, i, ""
		}
		c.bare = true
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
		c.bare = false
	}
	if !said && !colon && h >= 1 && h <= 12 {
		c.bare = c.bare || minutes && len(t[i].text) < 3
	}
	c.minute = (h*60 + m) % 1440
	return c, skipZone(t, n), ""
}

// spokenClock reads "noon", "midnight", "half past ten", "a quarter to six",
// "ten o'clock", "ten am".
func spokenClock(t []token, i int) (clockTime, int) {
	if t[i].is("noon", "midday", "mid-day") {
		return clockTime{minute: 720}, i + 1
	}
	if t[i].is("midnight") {
		return clockTime{}, i + 1
	}
	if h, ok := hourWords[t[i].low]; ok && i+1 < len(t) {
		switch {
		case t[i+1].is("o'clock", "oclock"):
			return clockTime{minute: h % 12 * 60, bare: true}, i + 2
		case t[i+1].is("am", "pm"):
			return clockTime{minute: h%12*60 + halfDay(t[i+1].low[0]), half: t[i+1].low[0]}, i + 2
		}
	}
	j, past := i, 0
	if t[j].is("a") {
		j++
	}
	switch {
	case j >= len(t):
		return clockTime{}, i
	case t[j].is("half"):
		past = 30
	case t[j].is("quarter"):
		past = 15
	case t[j].is("five", "ten"):
		past = hourWords[t[j].low]
	case t[j].is("twenty"):
		past = 20
	default:
		return clockTime{}, i
	}
	j++
	if j < len(t) && t[j].is("minutes") {
		j++
	}
	if j+1 >= len(t) || !t[j].is("past", "to") || past == 30 && t[j].is("to") {
		return clockTime{}, i
	}
	h, ok := hourWords[t[j+1].low]
	if !ok && t[j+1].kind == number && len(t[j+1].text) <= 2 {
		h = atoi(t[j+1].text)
		ok = h >= 1 && h <= 12
	}
	if !ok {
		return clockTime{}, i
	}
	if t[j].is("to") {
		past = -past
	}
	c := clockTime{minute: (h%12*60 + past + 720) % 720, bare: true}
	n := j + 2
	if n < len(t) && t[n].is("am", "pm") {
		c.half, c.bare = t[n].low[0], false
		c.minute += halfDay(c.half)
		n++
	}
	return c, n
}

func halfDay(half byte) int {
	if half == 'p' {
		return 720
	}
	return 0
}

func skipZone(t []token, i int) int {
	if i < len(t) && t[i].kind == word && (t[i].text == "BST" || t[i].text == "GMT") {
		return i + 1
	}
	return i
}

// glued reports whether token i is one of the marks with no space before it.
func glued(t []token, i int, marks ...string) bool {
	return i < len(t) && t[i].kind == mark && !t[i].gap && t[i].is(marks...)
}

func atoi(s string) int {
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

// partAt reads a part of the day at token i and returns the token after it.
// "early morning" and "late evening" are read as the whole part.
func partAt(t []token, i int) (partOfDay, int) {
	j := i
	if j < len(t) && t[j].is("early", "late", "mid", "small") {
		if j+1 < len(t) && t[j+1].is("hours") && t[j].is("early", "small") {
			j += 2
			if k := skipWords(t, j, "of", "in"); k > j {
				if k = skipWords(t, k, "the"); k < len(t) && t[k].is("morning") {
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
	switch t[j].low {
	case "morning", "mid-morning":
		return morning, j + 1
	case "afternoon", "mid-afternoon":
		return afternoon, j + 1
	case "evening":
		return evening, j + 1
	case "night", "overnight", "nighttime", "night-time":
		return overnight, j + 1
	case "lunchtime", "lunch-time":
		return lunchtime, j + 1
	case "teatime", "tea-time":
		return teatime, j + 1
	}
	return partOfDay{}, i
}

func skipWords(t []token, i int, words ...string) int {
	for i < len(t) && t[i].is(words...) {
		i++
	}
	return i
}

// settle gives a clock time that does not say morning or afternoon the half
// that part of the day means. later is true when the clock stands on the day
// after the night began.
func (c clockTime) settle(p partOfDay) (_ clockTime, later bool) {
	if c.bare && c.half == 0 {
		h := c.minute / 60 % 12
		switch {
		case p == afternoon || p == evening || p == lunchtime || p == teatime || p == overnight && h >= 6:
			c.minute = c.minute%720 + 720
		default:
			c.minute %= 720
		}
		c.bare = false
	}
	return c, p == overnight && c.minute < 12*60
}
