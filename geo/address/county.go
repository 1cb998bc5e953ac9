package address

import "strings"

// counties are the names of counties that may follow a place, each with the
// postcode areas that reach into it. Durham is left out: it is a city first.
var counties = func() map[string]string {
	set := map[string]string{}
	for line := range strings.Lines(`
bedfordshire,beds: lu mk sg pe nn
berkshire,berks: rg sl gu
buckinghamshire,bucks: hp mk sl lu nn ox rg wd ub
cambridgeshire,cambs: cb pe sg
cheshire: ch cw sk wa st l m sy
cornwall: tr pl ex
cumbria: ca la dg
derbyshire: de s sk ng st
devon: ex pl tq ta
dorset: bh dt sp ba ta
county durham,co durham: dh dl sr ts ne
east sussex: bn tn rh
east yorkshire,east riding of yorkshire: hu yo dn
essex: cm co ss rm ig cb e en
gloucestershire,glos: gl bs wr
greater manchester: m ol bl sk wn wa
hampshire,hants: so po gu rg sp bh
herefordshire: hr wr ld sy
hertfordshire,herts: al wd sg en hp cm lu
isle of wight: po
kent: ct me tn da br
lancashire,lancs: pr bb fy la l ol wn bl bd
leicestershire,leics: le de cv ng
lincolnshire,lincs: ln pe dn ng
merseyside: l ch wa pr
middlesex: ub ha tw en
norfolk: nr pe ip
north yorkshire: yo hg dl bd ts ls
northamptonshire,northants: nn mk pe cv ox le
northumberland: ne td dh
nottinghamshire,notts: ng dn s ln
oxfordshire,oxon: ox rg hp gl
rutland: le pe
shropshire,salop: sy tf wv dy
somerset: ta ba bs dt sp
south yorkshire: s dn
staffordshire,staffs: st ws wv de b cw
suffolk: ip co cb nr
surrey: gu kt rh sm cr tw sl tn
tyne and wear: ne sr dh
warwickshire: cv b le gl
west midlands: b cv dy wv ws
west sussex: rh po bn gu
west yorkshire: ls bd hx wf hd
wiltshire,wilts: sn sp ba
worcestershire,worcs: wr dy b gl hr
clwyd: ll ch
dyfed: sa sy ld
gwent: np cf
gwynedd: ll
powys: ld sy np sa
south glamorgan,mid glamorgan,west glamorgan: cf sa
`) {
		names, areas, _ := strings.Cut(strings.TrimSpace(line), ":")
		for name := range strings.SplitSeq(names, ",") {
			if name != "" {
				set[name] = areas + " "
			}
		}
	}
	return set
}()

// countyEnds are the last words of their names.
var countyEnds = func() map[string]bool {
	set := map[string]bool{}
	for name := range counties {
		set[name[strings.LastIndexByte(name, ' ')+1:]] = true
	}
	return set
}()

// longestCounty is the number of words of the longest county's name.
const longestCounty = 4

// County finds a county at the end of the tokens, after another: it returns
// where its name begins and the postcode areas that reach into it, each between
// spaces. A word such as "UK" after it is passed over.
func County(ts *Tokens) (from int, areas string) {
	n := len(ts.List)
	if n == 0 {
		return 0, ""
	}
	for n > 1 && wordClasses[string(ts.Word(n-1))] == ClassTail {
		n--
	}
	if !countyEnds[string(ts.Word(n-1))] {
		return len(ts.List), ""
	}
	for from := max(1, n-longestCounty); from < n; from++ {
		if areas := counties[words(ts, from, n)]; areas != "" {
			return from, areas
		}
	}
	return len(ts.List), ""
}

// words returns tokens [i, j) with single spaces between them.
func words(ts *Tokens, i, j int) string {
	var b strings.Builder
	for k := i; k < j; k++ {
		if k > i {
			b.WriteByte(' ')
		}
		b.Write(ts.Word(k))
	}
	return b.String()
}

// InAreas reports whether a folded outcode belongs to one of the areas that
// County returns.
func InAreas(outcode, areas string) bool {
	n := 0
	for n < len(outcode) && !IsDigit(outcode[n]) {
		n++
	}
	return n > 0 && strings.Contains(areas, " "+outcode[:n]+" ")
}

// isCounty reports whether tokens [i, j) are a county or country.
func isCounty(ts *Tokens, i, j int) bool {
	if counties[words(ts, i, j)] != "" {
		return true
	}
	for k := i; k < j; k++ {
		if wordClasses[string(ts.Word(k))] != ClassTail {
			return false
		}
	}
	return true
}
