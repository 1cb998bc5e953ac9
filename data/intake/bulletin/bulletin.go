// Package bulletin reads the reports out of the prose of a press office: bullets,
// labelled lines, tables and running sentences. Text goes through blocks, clauses
// and the places and times in them to incidents; what names a place or a time and
// gave none is listed. It opens no file.
package bulletin

import (
	"spreewatch/data/intake/when"

	"cmp"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
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
	refused []*data.RowError
	run     int            // number of the account that is read
	common  string         // offence of the text at large
	spoken  map[int]string // block → offence
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
// lines that name a place or a time and gave none, both in the order of their
// lines. A report has the line of its place or time, and a reference only when
// the text gives it one; its source is left to the caller. An interval may lie in
// the future or in another age when the text puts it there.
func Read(text string, o Settings) ([]data.Report, []*data.RowError) {
	b := &bulletin{o: o, text: text, unread: map[int]string{}, spoken: map[int]string{}}
	b.blocks = splitBlocks(text)
	for i, bl := range b.blocks {
		b.clauses = append(b.clauses, splitClauses(bl, i, isUpper(bl.tokens))...)
	}
	b.findDates()
	b.walk()
	b.giveLocalities()
	b.dropRetold()
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

// dropRetold takes out an incident that the text tells again in more detail,
// and what only sums several up.
func (b *bulletin) dropRetold() {
	b.found = slices.DeleteFunc(b.found, func(a finding) bool {
		if a.listed {
			return false
		}
		inside := 0
		for _, f := range b.found {
			if f.clause == a.clause || f.iv.From.Before(a.iv.From) || f.iv.To.After(a.iv.To) {
				continue
			}
			finer := f.iv.To.Sub(f.iv.From) < a.iv.To.Sub(a.iv.From) || f.place.street != "" && a.place.street == ""
			if !finer {
				continue
			}
			if a.place.street != "" && strings.EqualFold(a.place.street, f.place.street) && a.iv.Precision == data.PrecisionDay {
				return true
			}
			if a.place.street != "" || b.clauses[a.clause].again {
				continue
			}
			if len(f.place.localities) > 0 && strings.EqualFold(f.place.localities[0], a.text) {
				return true
			}
			if a.summary && a.clause < f.clause {
				inside++
			}
			if inside > 1 {
				return true
			}
		}
		return false
	})
}

// checkAppeals lists an appeal to witnesses, or advice, that names a street and a
// clock time of which no incident tells.
func (b *bulletin) checkAppeals() {
	for i := range b.clauses {
		c := &b.clauses[i]
		if c.class != appeal && c.class != advice {
			continue
		}
		for _, p := range c.places {
			told := slices.ContainsFunc(b.found, func(f finding) bool { return strings.EqualFold(f.place.street, p.street) })
			if told || p.street == "" {
				continue
			}
			for _, w := range c.whens {
				if !w.DateOnly() {
					b.unread[b.blocks[c.block].tokens[p.start].Line] = "an appeal or advice with a street and a time that no incident has"
				}
			}
		}
	}
}

// reports returns what was found and the lines that gave nothing.
func (b *bulletin) reports() ([]data.Report, []*data.RowError) {
	b.common = b.commonOffence()
	var reports []data.Report
	for _, f := range b.found {
		reports = append(reports, data.Report{
			Ref: b.labelled(f, "ref"), Offence: b.offence(f), Location: f.text, From: f.iv.From, To: f.iv.To, Precision: f.iv.Precision,
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

// labelled returns what the record of a finding says under a label.
func (b *bulletin) labelled(f finding, label string) string {
	run := b.clauses[f.clause].run
	for i := b.firstOf(run); i < len(b.clauses) && b.clauses[i].run == run; i++ {
		bl := b.blocks[b.clauses[i].block]
		if bl.kind == field && bl.label == label && len(bl.tokens) > 0 {
			return strings.TrimSpace(b.words(b.clauses[i].block, 0, len(bl.tokens)))
		}
	}
	return ""
}
