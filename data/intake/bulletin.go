package intake

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
)

// A bulletin is the text of one press release on its way to reports.
type bulletin struct {
	o       Options
	source  string
	text    string
	blocks  []block
	clauses []clause
	almanac almanac
	dated   []day
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
	iv      interval
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

// readBulletin returns the reports of a bulletin and the lines that gave none,
// both in the order of their lines.
func readBulletin(text, source string, o Options) ([]data.Report, []*data.RowError) {
	b := &bulletin{o: o, source: source, text: text, unread: map[int]string{}, spoken: map[int]string{}}
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

func isUpper(t []token) bool {
	words, upper := 0, 0
	for _, x := range t {
		if x.kind == word && len(x.text) > 2 {
			words++
			if strings.ToUpper(x.text) == x.text {
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
			if f.clause == a.clause || f.iv.from.Before(a.iv.from) || f.iv.to.After(a.iv.to) {
				continue
			}
			finer := f.iv.to.Sub(f.iv.from) < a.iv.to.Sub(a.iv.from) || f.place.street != "" && a.place.street == ""
			if !finer {
				continue
			}
			if a.place.street != "" && strings.EqualFold(a.place.street, f.place.street) && a.iv.precision == data.PrecisionDay {
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
				if !w.dateOnly() {
					b.unread[b.blocks[c.block].tokens[p.start].line] = "an appeal or advice with a street and a time that no incident has"
				}
			}
		}
	}
}

// reports returns what was found, each once, and the lines that gave nothing.
func (b *bulletin) reports() ([]data.Report, []*data.RowError) {
	b.common = b.commonOffence()
	var reports []data.Report
	seen := map[string]bool{}
	for _, f := range b.found {
		r := data.Report{
			Offence: b.offence(f), Location: f.text, From: f.iv.from, To: f.iv.to, Precision: f.iv.precision,
			DateRule: f.iv.rule, Reported: f.report, Source: b.source, Line: f.line,
		}
		if reason := b.o.outOfRange(r.From, r.To); reason != "" {
			b.refused = append(b.refused, &data.RowError{Source: b.source, Line: f.line, Field: "from", Reason: reason})
			continue
		}
		if r.Ref = b.labelled(f, "ref"); r.Ref == "" {
			r.Ref = MakeRef(r)
		}
		if seen[r.Ref] {
			continue
		}
		seen[r.Ref] = true
		reports = append(reports, r)
	}
	slices.SortStableFunc(reports, func(x, y data.Report) int {
		return cmp.Compare(x.Line, y.Line)
	})
	errs := b.refused
	for line, reason := range b.unread {
		errs = append(errs, &data.RowError{Source: b.source, Line: line, Reason: reason, Unread: true})
	}
	slices.SortFunc(errs, func(x, y *data.RowError) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), strings.Compare(x.Reason, y.Reason))
	})
	return reports, errs
}

// offence names the offence of a finding: that of its own label, else that of
// the profile whose words its own sentence has most often, then its item or
// paragraph, then the text apart from other items and records.
func (b *bulletin) offence(f finding) string {
	if b.o.Offence != "" {
		return b.o.Offence
	}
	if s := b.labelled(f, "offence"); s != "" {
		return b.o.nameOffence(s)
	}
	c := b.clauses[f.clause]
	if name := nameOffence(b.words(c.block, c.start, c.end), b.o.Profiles); name != "" {
		return name
	}
	if name := b.blockOffence(c.block); name != "" {
		return name
	}
	for i := b.firstOf(c.run); i < len(b.clauses) && b.clauses[i].run == c.run; i++ {
		if o := b.clauses[i]; b.blocks[o.block].kind == field {
			if name := b.blockOffence(o.block); name != "" {
				return name
			}
		}
	}
	return b.common
}

// blockOffence names the offence that a block speaks of.
func (b *bulletin) blockOffence(block int) string {
	name, ok := b.spoken[block]
	if !ok {
		name = nameOffence(b.words(block, 0, len(b.blocks[block].tokens)), b.o.Profiles)
		b.spoken[block] = name
	}
	return name
}

// commonOffence names the offence that the text speaks of apart from the items
// of its lists and its records.
func (b *bulletin) commonOffence() string {
	var rest strings.Builder
	for _, bl := range b.blocks {
		if n := len(bl.tokens); n > 0 && bl.kind != field && bl.kind != item {
			rest.WriteString(b.text[bl.tokens[0].pos:bl.tokens[n-1].end])
			rest.WriteByte('\n')
		}
	}
	return nameOffence(rest.String(), b.o.Profiles)
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
	return b.text[t[i].pos:t[j-1].end]
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

// nameOffence returns the offence of the profile whose words occur most often in
// s, "" when none does. Ties go to the first name in the alphabet.
func nameOffence(s string, profiles []cluster.Profile) string {
	low := straighten(strings.ToLower(s))
	best, hits := "", 0
	for _, p := range profiles {
		n := 0
		for _, w := range p.Words {
			n += countWords(low, straighten(strings.ToLower(w)))
		}
		if n > hits || n == hits && n > 0 && p.Offence < best {
			best, hits = p.Offence, n
		}
	}
	return best
}
