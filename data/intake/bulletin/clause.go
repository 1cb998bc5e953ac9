package bulletin

import (
	"slices"

	"spreewatch/data/intake/when"
)

// A clause is a sentence of a bulletin, or the part of one before or after a
// colon, with the places and times in it.
type clause struct {
	block      int
	start, end int // tokens of the block
	class      clauseClass
	intro      bool // what follows, up to the end of the block or of its list, shares its time and locality
	places     []place
	whens      []*when.Expression
	summary    bool // speaks of several incidents at once
	again      bool // opens another incident: "a second", "elsewhere"
	ordinal    bool // "a second was entered": more of what was told before
	same       bool // goes on with the incident before it: "the burglary happened"
	happened   bool // says that something was done to somebody
	part       bool // one item of a list that runs on in a sentence
	run        int  // number of the account it was read in, from 1
}

type clauseClass uint8

const (
	account   clauseClass = iota // tells what happened
	appeal                       // asks witnesses to come forward
	advice                       // tells people what to do, or how to get in touch
	speech                       // a quotation and who said it
	aftermath                    // arrests, courts, what is planned
	dateline                     // the publication date
)

var (
	imperatives = when.Set(`always never do don't please remember if keep ensure hang call contact report visit check make be ask tell wait use
		lock ring phone follow download sign consider avoid give hand share speak talk take trust beware stay fit close shut leave mark
		register install protect store email write search click see note`)
	summaryWords = when.Set(`incidents calls reports offences burglaries thefts residents people homes spate series several majority number
		areas streets victims households properties locations places addresses attempts cases dozen robberies scams break-ins crimes pensioners
		vehicles cars sheds garages vans bikes farms businesses shops`)
	againWords = when.Set(`another second third fourth fifth sixth further separate elsewhere meanwhile also again later similarly next
		subsequently additional finally`)
	ordinalWords  = when.Set(`another second third fourth fifth sixth further`)
	happenedWords = when.Set(`targeted broken stolen called entered burgled taken attacked damaged robbed forced contacted phoned approached visited
		stole smashed received telephoned rang raided struck hit tricked conned defrauded reported ransacked vandalised burgled snatched
		threatened assaulted assaulted broke scammed handed lost deceived persuaded happened occurred took`)
	aftermathWords = when.Set(`arrested charged bailed bail court sentenced jailed remanded custody pleaded convicted magistrates`)
	sameNouns      = when.Set(`incident burglary theft offence offences break-in robbery call caller crime raid fraud attack assault arson thieves offenders
		offender intruder intruders suspect suspects man men incidents property house victim vehicle car`)
)

// splitClauses divides a block into clauses and reads each.
func splitClauses(b block, index int, upper bool) []clause {
	t := b.tokens
	taken := make([]bool, len(t))
	var whens []*when.Expression
	for i := 0; i < len(t); i++ {
		if t[i].Quoted || when.Telephone(t, i) {
			continue
		}
		w := when.At(t, i)
		if w == nil || w.End <= i {
			continue
		}
		whens = append(whens, w)
		for k := i; k < w.End; k++ {
			taken[k] = true
		}
		i = w.End - 1
	}
	var out []clause
	for _, s := range sentences(t) {
		for start := s.start; start < s.end; {
			end := colonCut(t, taken, start, s.end)
			c := clause{block: index, start: start, end: end, intro: t[end-1].Is(":")}
			out = append(out, c)
			start = end
		}
	}
	r := placeReader{t, taken, upper}
	w := 0
	for k := range out {
		c := &out[k]
		for w < len(whens) && whens[w].Start < c.end {
			c.whens = append(c.whens, whens[w])
			w++
		}
		lead := k == 0 && (b.kind == item || b.kind == headline && len(t) <= 5 || b.kind == field && (b.label == "place" || b.label == "street" || b.label == "locality")) ||
			k > 0 && out[k-1].intro && (b.kind == item || len(out[k-1].places) == 0)
		c.places = r.places(c.start, c.end, lead)
		if b.kind == item && len(c.places) == 0 && len(c.whens) > 0 {
			c.places = r.placesBetweenMarks(c.start, c.end)
		}
		c.classify(t)
		c.dropVague()
	}
	var parted []clause
	for _, c := range out {
		parted = append(parted, c.parts(t)...)
	}
	return parted
}

// dropVague takes out "recently" where another time is told or it is said of no
// place; elsewhere it keeps a place from the date of its neighbour.
func (c *clause) dropVague() {
	if c.intro || len(c.places) == 0 || slices.ContainsFunc(c.whens, func(w *when.Expression) bool { return !w.Vague }) {
		c.whens = slices.DeleteFunc(slices.Clone(c.whens), func(w *when.Expression) bool { return w.Vague })
	}
}

// colonCut returns the end of the clause that starts at token start: after a
// colon that has a gap behind it, after the last semicolon before such a colon,
// or end.
func colonCut(t []when.Token, taken []bool, start, end int) int {
	for i := start + 1; i < end-1; i++ {
		if !t[i].Is(":") || taken[i] || t[i].Quoted || !t[i+1].Gap {
			continue
		}
		// "...; Thursday 12 November: ..." opens a part of its own.
		for k := i - 1; k > start; k-- {
			if t[k].Is(";") {
				return k + 1
			}
		}
		return i + 1
	}
	return end
}

// places returns the places among tokens [start, end).
func (r placeReader) places(start, end int, lead bool) []place {
	var out []place
	sub := placeReader{r.t[:end], r.taken[:end], r.upper}
	first := true
	for i := start; i < end; {
		if sub.taken[i] || sub.t[i].Quoted || sub.t[i].Kind == when.Mark {
			i++
			continue
		}
		again := i > start && sub.t[i-1].Is(";") && lead
		afterName := len(out) > 0 && sub.joined(out[len(out)-1].end, i)
		p, ok := sub.placeAt(i, lead && first || again, afterName)
		first = false
		if !ok || p.end <= i {
			i++
			continue
		}
		p.weak = p.weak || when.AnyWord(sub.t, start, p.start, "told", "instructed", "ordered")
		out = append(out, p)
		i = p.end
	}
	return out
}

// placesBetweenMarks returns the first bare name of an item that stands behind a
// comma, a dash or a time: "Wed 20 Mar 10:45 Criminal damage, Toftwood, Dereham".
func (r placeReader) placesBetweenMarks(start, end int) []place {
	sub := placeReader{r.t[:end], r.taken[:end], r.upper}
	for i := start + 1; i < end; i++ {
		if sub.taken[i] || sub.t[i].Quoted || sub.t[i].Kind == when.Mark || !(sub.taken[i-1] || sub.t[i-1].Is(",", ":", "|", "(") || sub.t[i-1].Dash()) {
			continue
		}
		if p, ok := sub.placeAt(i, true, false); ok && p.end > i {
			return []place{p}
		}
	}
	return nil
}

// joined reports whether only a comma or "and" stands between the place that
// ended at a and token b, so that a bare name there is one more of the list.
func (r placeReader) joined(a, b int) bool {
	if b == a || b-a > 2 {
		return false
	}
	for _, t := range r.t[a:b] {
		if !t.Is(",", "and", "&") {
			return false
		}
	}
	return true
}

// classify settles what a clause is for.
func (c *clause) classify(t []when.Token) {
	quoted, words := 0, 0
	var low []string
	for _, x := range t[c.start:c.end] {
		if x.Quoted {
			quoted++
			continue
		}
		if x.Kind != when.Mark {
			words++
			low = append(low, x.Low)
		}
		c.summary = c.summary || summaryWords[x.Low]
		c.happened = c.happened || happenedWords[x.Low]
	}
	has := func(list ...string) bool {
		for _, w := range low {
			for _, x := range list {
				if w == x {
					return true
				}
			}
		}
		return false
	}
	pairs := func(a string, b ...string) bool {
		for i := 0; i+1 < len(low); i++ {
			for _, x := range b {
				if low[i] == a && low[i+1] == x {
					return true
				}
			}
		}
		return false
	}
	first := ""
	if len(low) > 0 {
		first = low[0]
	}
	for i, w := range low {
		if i < 8 && againWords[w] {
			c.again = true
		}
		c.ordinal = c.ordinal || i < 3 && ordinalWords[w]
	}
	if len(low) > 1 {
		c.same = (first == "the" || first == "this") && (sameNouns[low[1]] || low[1] == "happened") || first == "it" || first == "they" || first == "this" ||
			first == "happened" || first == "the" && len(low) > 2 && sameNouns[low[2]]
		if c.again {
			c.same = false
		}
	}
	street, clock := false, false
	for _, p := range c.places {
		street = street || p.street != "" && !p.weak
	}
	for _, w := range c.whens {
		clock = clock || !w.DateOnly()
	}
	touch := has("101", "0800", "0345", "0300", "crimestoppers", "quoting", "www", "http", "https", "email", "call", "contact", "ring", "telephone")
	switch {
	case t[c.end-1].Is(":") && has("said", "added", "says") && c.end < len(t) && t[c.end].Quoted:
		c.class = speech
	case quoted > 4 || quoted > 0 && has("said", "added", "says"):
		c.class = speech
	case has("anyone", "anybody", "witnesses", "witness") && (touch || has("asked", "urged", "encouraged", "should", "information", "saw", "witnessed", "noticed") || first == "anyone" || first == "anybody") &&
		!(has("after", "following") && (has("appealing", "appeal", "seeking") || pairs("for", "witnesses"))):
		c.class = appeal
	case has("you", "your", "you're", "you've", "yourself", "we", "our", "us") && !(street && clock && (c.happened || has("was", "were", "been")) && !has("if", "should", "will")):
		c.class = advice
	case imperatives[first] && !(len(low) > 1 && has("was", "were", "at") && len(c.places) > 0 && clock) || has("should", "must", "advised", "reminded", "reminding") && !(street && clock):
		c.class = advice
	case touch && has("to", "please", "can") && !(street && clock):
		c.class = advice
	case has("will", "planned", "tomorrow") && !pairs("will", "never") || pairs("due", "to"):
		c.class = aftermath
	case c.endsInCourt(t, low):
		c.class = aftermath
	}
}

// endsInCourt reports whether the clause tells of an arrest or a court rather
// than of the incident behind it.
func (c *clause) endsInCourt(t []when.Token, low []string) bool {
	cue := false
	for _, w := range low {
		cue = cue || aftermathWords[w]
	}
	if !cue {
		return false
	}
	behind := false
	for i := c.start; i < c.end; i++ {
		behind = behind || t[i].Is("after", "following", "connection", "when", "suspicion")
		for _, p := range c.places {
			if behind && p.start > i && !p.weak && !(p.start > 0 && t[p.start-1].Is("of")) {
				return false
			}
		}
	}
	return true
}
