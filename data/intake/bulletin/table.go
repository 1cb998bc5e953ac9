package bulletin

import (
	"context"
	"slices"
	"strings"

	"spreewatch/data"
	"spreewatch/data/intake/when"
	"spreewatch/data/table"
)

// readTables gives the tokens of each row of a table the names of their columns, as the
// values of a record have their keys, and masks what names neither place nor time.
func (r *reading) readTables() {
	var names []string // of the columns, "" for those that nothing names
	for i := range r.blocks {
		b := &r.blocks[i]
		if b.keys != nil {
			b.maskRecord()
			continue
		}
		cells := cellsOf(b.tokens)
		if heads := b.headers(cells); heads != nil {
			names = columnsOf(r.blocks[i+1:], heads)
			b.masked = slices.Repeat([]bool{true}, len(b.tokens))
			continue
		}
		if names == nil && b.kind != paragraph && b.row && (i == 0 || !r.blocks[i-1].row) {
			names = columnsOf(r.blocks[i:], nil)
		}
		if columns := r.columnsIn(b, cells, len(names)); columns != nil {
			b.name(cells, columns, names)
			b.maskRecord()
		}
	}
}

// RowAside returns why a row of a table tells of no incident, as a row inside a bulletin is
// asked by the header over it; "" where it may.
func RowAside(ctx context.Context, header, cells []string) string {
	read := readText(ctx, rowText(header, cells), noNames{})
	for i := range read.clauses {
		if c := &read.clauses[i]; c.aside != "" && c.doubt && read.blocks[c.block].keys != nil {
			return c.aside
		}
	}
	return ""
}

// ReadRow reads a row of a table by the header over it as Read reads one inside a bulletin,
// whose times are those of its remarks where they give any; nil where it gives no report, or
// several.
func ReadRow(header, cells []string, o Settings) *data.Report {
	if reports, _ := Read(rowText(header, cells), o); len(reports) == 1 {
		return &reports[0]
	}
	return nil
}

// rowText is a table of one row.
func rowText(header, cells []string) string {
	var b strings.Builder
	for _, line := range [][]string{header, cells} {
		b.WriteByte('|')
		for _, s := range line {
			b.WriteString(" " + rowMarks.Replace(s) + " |")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// rowMarks takes out of a cell what would part it.
var rowMarks = strings.NewReplacer("|", "/", "\n", " ", "\r", " ", "\t", " ", `"`, "'")

// headers returns what a row of headers says that the columns under it hold, nil where a
// block is no such.
func (b *block) headers(cells [][2]int) []string {
	var out []string
	heads, place, time := 0, 0, 0
	for _, c := range cells {
		if slices.ContainsFunc(b.tokens[c[0]:c[1]], func(t when.Token) bool { return t.Is(":") || t.Kind == when.Number }) {
			return nil // a row that labels its own cells
		}
		name := headerOf(textOf(b.tokens[c[0]:c[1]]))
		out = append(out, name)
		switch label := labels[name]; {
		case label == "place", label == "street", label == "locality":
			place, heads = 1, heads+1
		case label == "time", label == "date":
			time, heads = 1, heads+1
		case label != "", columnKinds[name]:
			heads++
		}
	}
	if len(cells) < 3 || heads < 2 || (b.kind == paragraph || heads < 3 || heads*3 < len(cells)*2) && place+time < 2 {
		return nil
	}
	return out
}

// columnsIn returns the column of a table that each cell of a row stands in, nil where it
// is no row of it. White space that parts cells leaves out those that are empty: tabs tell
// how many, and where spaces do not the row is none.
func (r *reading) columnsIn(b *block, cells [][2]int, names int) []int {
	if len(cells) < 2 || len(cells) > names || b.kind == paragraph && !b.row {
		return nil
	}
	var out []int
	for k, c := range cells {
		n := k
		switch mark := max(0, c[0]-1); {
		case k == 0 || b.tokens[mark].End > b.tokens[mark].Pos || c[0] == len(b.tokens):
		case strings.Contains(r.text[b.tokens[mark].Pos:b.tokens[c[0]].Pos], "\t"):
			n = out[k-1] + strings.Count(r.text[b.tokens[mark].Pos:b.tokens[c[0]].Pos], "\t")
		case len(cells) < names:
			return nil
		}
		if n >= names || k > 0 && n <= out[k-1] {
			return nil
		}
		out = append(out, n)
	}
	return out
}

// name gives the tokens of a row the names of the columns that they stand in.
func (b *block) name(cells [][2]int, columns []int, names []string) {
	full := slices.ContainsFunc(names, func(s string) bool { return labels[s] == "street" || labels[s] == "place" }) &&
		slices.ContainsFunc(names, func(s string) bool { return labels[s] == "time" || labels[s] == "date" || labels[s] == "reported" })
	b.keys = make([]string, len(b.tokens))
	for k, c := range slices.Backward(cells) {
		name := names[columns[k]]
		for j := c[0]; j < c[1]; j++ {
			x, label := &b.tokens[j], labels[name]
			named := x.Kind == when.Number || x.Capital() && !dayName(x.Low) && when.Months[x.Low] == 0
			if columnKinds[name] || label != "" && label != "offence" && (label != "details" || full) || full && named {
				b.keys[j] = name
			} else if label == "offence" {
				b.keys[j] = asTold
			}
		}
		at, word := c[0], ""
		if lead := leadOf[name]; name == "between" && when.AnyWord(b.tokens, c[0], c[1], "and", "to", "-", "–", "&") || lead == "overnight" && c[0] < c[1] {
			word = lead
		} else if x := b.tokens[c[0]:c[1]]; labels[name] == "date" && len(x) == 1 && x[0].Kind == when.Number && len(x[0].Text) < 3 {
			at, word = c[1], "th" // a day of the month that stands over the table
		}
		if word != "" {
			pos := b.tokens[c[0]].Pos
			if at > c[0] {
				pos = b.tokens[c[0]].End
			}
			b.tokens = slices.Insert(b.tokens, at, when.Token{Text: word, Low: word, Kind: when.Word, Line: b.tokens[c[0]].Line, Pos: pos, End: pos, Gap: at == c[0]})
			b.keys = slices.Insert(b.keys, at, name)
		}
	}
}

// leadOf are the words that the headers of columns say before what stands in their cells.
var leadOf = map[string]string{"between": "between", "night of": "overnight"}

// asTold is the key of what a cell tells in words of a sentence, which may name a place
// and a time too.
const asTold = "told"

// columnKinds are the headers of columns whose cells name neither place nor time.
var columnKinds = when.Set(`ref reference no number offence crime type details log incident inc mo notes remarks category description id beat urn value result results outcome status summary
	officer unit grade disposal loss property`)

// mostRows is how many rows show what the columns of a table hold.
const mostRows = 20

// columnsOf returns what the columns of a table hold, in the words of headers, by those
// that it has, nil for none, and the rows that blocks begin with: one time, or the first
// and the last, and names of settlements; "" for the rest. nil where that is no table.
func columnsOf(blocks []block, heads []string) []string {
	if len(blocks) == 0 || blocks[0].kind == paragraph || !blocks[0].row || blocks[0].keys != nil {
		return heads
	}
	n := len(cellsOf(blocks[0].tokens))
	var rows [][]([]when.Token)
	for i := range blocks[:min(len(blocks), mostRows)] {
		cells := cellsOf(blocks[i].tokens)
		if len(cells) != n || !blocks[i].row {
			break
		}
		var row [][]when.Token
		for _, c := range cells {
			row = append(row, blocks[i].tokens[c[0]:c[1]])
		}
		rows = append(rows, row)
	}
	names := slices.Clone(heads)
	if heads == nil {
		names = make([]string, n)
	}
	if len(names) != n || heads == nil && (n < 4 || len(rows) < 2) {
		return heads
	}
	all := func(k int, is func([]when.Token) bool) bool {
		some := false
		for _, row := range rows {
			if len(row[k]) > 0 && !is(row[k]) {
				return false
			}
			some = some || len(row[k]) > 0
		}
		return some && labels[names[k]] == "" && !columnKinds[names[k]]
	}
	var times []int
	has := map[byte]bool{}
	for _, s := range names {
		if labels[s] == "time" {
			has[bounds[s]] = true
		}
	}
	for k := range names {
		if !has[0] && len(has) < 2 && all(k, func(t []when.Token) bool { return timeCell(t, heads != nil) }) {
			times = append(times, k)
		}
	}
	switch {
	case len(times) == 1 && has['e']:
		names[times[0]] = "start"
	case len(times) == 2 && len(has) == 0 && (heads != nil || times[1] == times[0]+1):
		names[times[0]], names[times[1]] = "start", "end"
	case heads == nil:
		return nil
	}
	town := slices.ContainsFunc(names, func(s string) bool { return labels[s] == "locality" })
	for k := range names {
		if heads != nil && !town && all(k, func(t []when.Token) bool { return atlas()[NameKey(textOf(t))].settlement }) {
			names[k], town = "town", true
		}
	}
	return names
}

// timeCell reports whether a cell holds a time and nothing else, of a day or not.
func timeCell(t []when.Token, dated bool) bool {
	w := when.Latent(t, 0)
	return w != nil && w.End == len(t) && (dated || !w.Dated())
}

// maskRecord masks the values of a record that name neither place nor time.
func (b *block) maskRecord() {
	b.masked = make([]bool, len(b.tokens))
	b.bounds = make([]byte, len(b.tokens))
	for i, k := range b.keys {
		if k != "" && k != asTold {
			k = longForm(k)
			b.bounds[i] = bounds[k]
			b.masked[i] = !slices.Contains([]string{"place", "street", "locality", "time", "date"}, labels[k])
			if labels[k] == "reported" {
				b.bounds[i], b.masked[i] = 'r', false
			}
		}
	}
	b.tellTimes(slices.ContainsFunc(b.keys, func(k string) bool { return bounds[longForm(k)] != 0 }))
}

// tellTimes lets the times be read that the remarks of a row give of when it was, as stretches
// or as its ends: "between 18:00 10/11 and 09:15 11/11", "last seen 22:00"; where no column
// gives those, the time of a deed and a night too, and where none gives an hour, that which
// they begin with: "phone taken at 21:58", "15:40. Phone".
func (b *block) tellTimes(ends bool) {
	hours := ends || b.givesHour()
	for i := 0; i < len(b.keys); i++ {
		if labels[longForm(b.keys[i])] != "details" {
			continue
		}
		from := i
		for from > 0 && b.keys[from-1] == b.keys[i] {
			from--
		}
		if x := timeAt(b.tokens, i, block{kind: item}); x != nil && x.End <= len(b.keys) && b.keys[x.End-1] == b.keys[i] && !x.DateOnly() {
			told := x.Span || slices.Contains([]byte{'s', 'e'}, role(b.tokens, from, x, block{})) || !ends && (x.Night() || b.tellsBefore(&element{start: x.Start})) ||
				!hours && x.Start <= when.SkipWords(b.tokens, from, "at", "about")
			for ; i < x.End; i++ {
				b.masked[i] = !told
			}
			i--
		}
	}
}

// givesHour reports whether a column of a row gives an hour.
func (b *block) givesHour() bool {
	for i, k := range b.keys {
		if l := labels[longForm(k)]; l == "time" || l == "reported" || l == "date" {
			if x := timeAt(b.tokens, i, block{kind: item}); x != nil && !x.DateOnly() {
				return true
			}
		}
	}
	return false
}

// shortForms are what keys and headers of columns are cut down to.
var shortForms = map[string]string{"detail": "details", "text": "details", "narrative": "details", "comments": "details", "comment": "details", "outcome": "details", "disposal": "details", "result": "details", "category": "offence", "nature": "offence", "locn": "location", "addr": "address", "st": "street", "rd": "road", "twn": "town", "vill": "village",
	"beg": "start", "begin": "start", "strt": "start", "started": "start", "fin": "end", "fr": "from", "frm": "from", "dt": "date", "tm": "time", "off": "offence", "desc": "description", "occ": "occurred", "occd": "occurred", "rcvd": "reported", "recd": "reported", "rptd": "reported",
	"opened": "reported", "raised": "reported", "logged": "reported", "received": "reported", "created": "reported",
	"night": "night of", "nights": "night of", "first": "start", "last": "end", "began": "start", "road": "street", "locality": "town", "scene": "place", "cad": "ref", "oic": "officer"}

func longForm(s string) string {
	if l := shortForms[s]; l != "" {
		return l
	}
	return s
}

// fieldNames are the headers that say what columns of tables hold.
var fieldNames = map[table.Field]string{table.Ref: "ref", table.Offence: "offence", table.Location: "place", table.Street: "street", table.Locality: "town", table.Postcode: "postcode",
	table.Date: "date", table.Day: "date", table.Weekday: "date", table.From: "from", table.FromTime: "from", table.To: "to", table.ToTime: "to",
	table.Reported: "reported", table.ReportedTime: "reported", table.Status: "status"}

// headerOf returns what a column holds by its header, in the words of labels: as the whole
// of it is known here or in the tables of systems, else by the word of it that says so:
// "from" of "Day from", or the first.
func headerOf(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !letterOrDigit(r) })
	if whole := longForm(strings.Join(words, " ")); labels[whole] != "" || columnKinds[whole] {
		return whole
	}
	if name := fieldNames[table.FieldOf(s)]; name != "" {
		return name
	}
	name := ""
	for _, w := range words {
		if w = longForm(w); name == "" || bounds[w] != 0 {
			name = w
		}
	}
	return name
}

// cellsOf returns the tokens [from, to) of each cell of a row.
func cellsOf(t []when.Token) [][2]int {
	var out [][2]int
	start := 0
	for i := 0; i <= len(t); i++ {
		if i < len(t) && !t[i].Is("|", ";") {
			continue
		}
		if i > start || i > 0 && i < len(t) && start > 0 {
			out = append(out, [2]int{start, i})
		}
		start = i + 1
	}
	return out
}
