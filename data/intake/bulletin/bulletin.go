// Package bulletin reads the reports out of the prose of a press office: bullets,
// labelled lines, tables and running sentences. Text goes through blocks, clauses
// and the places and times in them to incidents; what names a place or a time and
// gave none is listed. It opens no file.
package bulletin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/intake/when"
)

// A bulletin is the text of one press release on its way to reports.
type bulletin struct {
	o       Settings
	text    string
	blocks  []block
	clauses []clause
	almanac when.Almanac
	dated   []when.Day
	found   []finding
	unread  map[int]string // line → why
	spare   []spare
	told    map[[2]int64]bool // event intervals that have been found
	refused []*data.RowError
	run     int            // number of the account that is read
	common  string         // offence of the text at large
	spoken  map[int]string // block → offence
	stories map[int]string // clause → offence of what goes with it
	heads   []string       // by block: offence of the headline or the introduction over it
	teller  []bool         // by clause: an incident was read from it
	towns   *towns
	later   []next         // by clause
	lent    map[int]bool   // clauses of scopes that gave a street its settlement
	labels  map[int]record // account → what its labels say
	scopes  []scope        // settlements named for incidents that have none of their own
}

// A finding is an incident read from a bulletin.
type finding struct {
	place   place
	text    string // of the place
	iv      when.Interval
	line    int
	clause  int // index of the clause of its place
	listed  bool
	summary bool
	title   bool // its place stands in a headline
	many    bool // the headline names several
	timed   bool // its time is finer than a date
	own     bool // place and date stand in one clause
	report  time.Time
	run     int // the account that it is from
}

// A scope is a settlement named apart from any street.
type scope struct {
	clause int
	text   string
	listed bool // in an item of a list: it holds for that item alone
}

// Settings say how to read a bulletin.
type Settings struct {
	Received time.Time         // date of receipt; zero when not known
	Today    time.Time         // the clock: "on Wednesday 16 September" without a year is before it
	Zone     *time.Location    // of clock times
	Profiles []cluster.Profile // name an offence by their words
	Offence  string            // of every report; "" finds it
}

// Read returns the reports of a bulletin, a text with single line feeds, and the
// lines that name a place or a time and gave none or have a date that contradicts
// its weekday, both in the order of their
// lines. A report has the line of its place or time, and a reference only when
// the text gives it one; its source is left to the caller. An interval may lie in
// the future or in another age when the text puts it there.
func Read(text string, o Settings) ([]data.Report, []*data.RowError) {
	b := &bulletin{o: o, text: text, unread: map[int]string{}, told: map[[2]int64]bool{}, lent: map[int]bool{}, labels: map[int]record{}, spoken: map[int]string{}, stories: map[int]string{}}
	b.blocks = splitBlocks(text)
	markTitle(b.blocks)
	for i, bl := range b.blocks {
		b.clauses = append(b.clauses, splitClauses(bl, i, isUpper(bl.tokens))...)
	}
	b.findDates()
	b.checkWeekdays()
	b.walk()
	b.giveLocalities()
	b.dropRetold()
	b.checkSpare()
	b.checkAppeals()
	return b.reports()
}

func isUpper(t []when.Token) bool {
	words, upper := 0, 0
	for _, x := range t {
		if x.Kind == when.Word && len(x.Text) > 2 {
			words++
			if strings.ToUpper(x.Text) == x.Text {
				upper++
			}
		}
	}
	return words >= 4 && upper*10 > words*8
}

// reports returns what was found and the lines that gave nothing.
func (b *bulletin) reports() ([]data.Report, []*data.RowError) {
	b.findHeads()
	var reports []data.Report
	for _, f := range b.found {
		reports = append(reports, data.Report{
			Ref: b.record(f).ref, Offence: b.offence(f), Location: f.text, From: f.iv.From, To: f.iv.To, Precision: f.iv.Precision,
			DateRule: f.iv.Rule, Reported: f.report, Line: f.line,
		})
	}
	slices.SortStableFunc(reports, func(x, y data.Report) int {
		return cmp.Compare(x.Line, y.Line)
	})
	errs := b.refused
	for line, reason := range b.unread {
		errs = append(errs, &data.RowError{Line: line, Reason: reason, Unread: true})
	}
	slices.SortFunc(errs, func(x, y *data.RowError) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), strings.Compare(x.Reason, y.Reason))
	})
	return reports, errs
}

// firstOf returns the first clause of an account. Accounts are read in the order
// of the text.
func (b *bulletin) firstOf(run int) int {
	i, _ := slices.BinarySearchFunc(b.clauses, run, func(c clause, run int) int {
		return cmp.Compare(c.run, run)
	})
	return i
}

// words returns tokens [i, j) of a block as written.
func (b *bulletin) words(block, i, j int) string {
	t := b.blocks[block].tokens
	if i >= j {
		return ""
	}
	return b.text[t[i].Pos:t[j-1].End]
}
