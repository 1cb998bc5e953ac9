package address

import "strings"

// counties are the names of counties that may follow a place, each with the
// outcodes that reach into it: whole postcode areas, or ranges of their districts
// (after GeoNames' postal codes). Durham and Stirling are left out: they are cities
// first.
var counties = func() map[string]Areas {
	set := map[string]Areas{}
	for line := range strings.Lines(`
bedfordshire,beds: lu mk17 mk40-45 sg5 sg15-19 pe19 nn10 nn29
berkshire,berks: rg1-20 rg30-45 sl1 sl3-7 sl60-95 gu47
buckinghamshire,bucks: hp5-27 mk1-19 mk43 mk46-77 sl0-4 sl6-9 lu6-7 nn13 ox6 ox8 rg9 wd3 ub
cambridgeshire,cambs: cb1-8 cb10 cb21-25 pe1-9 pe13-19 pe26-29 pe99 sg8 sg19
cheshire: ch1-4 ch25-99 cw sk1-12 sk15-16 wa st7 l1-36 l38 l67-80 m sy13-14
cornwall: tr pl10-15 pl17-18 pl22-35 ex22-23
cumbria: ca la5-23
derbyshire,derbys: de1-12 de14-73 de75-99 s18 s21 s32-33 s40-49 s80 sk1-8 sk13-23 ng10 ng16 ng19-20
devon: ex1-22 ex24-39 pl1-9 pl15-16 pl19-21 pl95 tq ta21
dorset: bh1-24 bh31 dt sp5-8 ba22 ta20
county durham,co durham: dh dl1-5 dl11-98 sr ts2 ts16 ts18-29 ne1-13 ne16-17 ne21 ne27-40 ne82-99
east sussex,e sussex: bn1-3 bn6-10 bn20-41 bn50-91 tn3 tn5-7 tn19-22 tn31-40 rh17-18
east yorkshire,e yorkshire,e yorks,east yorks,east riding,east riding of yorkshire: hu yo8 yo15-16 yo25 yo41-43 dn14
essex: cm0-20 cm22-99 co ss rm ig cb9-21 e en1-5 en9
gloucestershire,glos,gloucs: gl bs0-7 bs9-13 bs15-16 bs30 bs32-37 bs80-99 wr11-12
greater manchester,gtr manchester: m ol bl sk wn wa
hampshire,hants: so po1-17 po30-41 gu10-11 gu13-14 gu17 gu30-46 gu51-52 rg7 rg20-29 sp5-6 sp10-11 bh23-25
herefordshire: hr wr6 wr13 ld8 sy7-8
hertfordshire,herts: al wd sg1-14 en1-8 en10-11 hp1-4 hp23 cm20-21 cm23 lu2
isle of wight,iow: po
kent: ct me tn1-4 tn8-18 tn23-30 da br
lancashire,lancs: pr bb fy la1-6 l ol1-13 ol15-95 wn bl bd23
leicestershire,leics: le de12 de73-74 cv1-3 cv5-6 cv9 cv13 ng13 ng32-33
lincolnshire,lincs: ln pe6 pe9-13 pe20-25 dn8-9 dn15-21 dn31-41 ng23 ng31-34
merseyside: l ch wa pr
middlesex,middx: ub ha tw en
norfolk: nr1-31 nr34-99 pe13-14 pe30-38 ip20-22 ip24-27 ip98
north yorkshire,n yorkshire,n yorks,north yorks: yo1-14 yo17-41 yo51-91 hg dl2 dl6-11 bd20 bd22-24 ts1 ts3-15 ts17 ls17 ls21-22 ls24-25 ls29
northamptonshire,northants: nn mk19 pe8-9 cv1-3 cv5-6 cv23 ox17 le15-16
northumberland,northd: ne1-15 ne17-99 td12 td15 dh5 dh8
nottinghamshire,notts: ng1-9 ng11-25 ng70-90 dn10-11 dn21-22 s80-81
oxfordshire,oxon: ox rg4 rg8-9 gl7 gl56
rutland: le15 pe9
shropshire,salop: sy1-13 sy15 sy21-22 sy99 tf wv1-3 wv5-7 wv12-99 dy1-2 dy4-6 dy8 dy12 dy14
somerset: ta ba1-11 ba16-22 bs0-9 bs11-14 bs20-29 bs31 bs39-49 bs98-99 dt9
south yorkshire,s yorkshire,s yorks,south yorks: s1-17 s20 s25-26 s35-36 s60-99 dn1-14 dn55
staffordshire,staffs: st ws wv1-6 wv8-14 wv98 de6 de13-15 b1-31 b33-44 b63-75 b77-79 b90-93 b99 cw2-3
suffolk: ip1-24 ip27-33 co6-8 co10-11 cb8-9 nr32-35
surrey: gu1-10 gu12 gu15-16 gu18-27 gu95 kt rh1-9 sm cr tw tn16
tyne and wear: ne sr dh
warwickshire: cv1-12 cv21-47 b1-31 b33-44 b46 b49-50 b63-76 b78-96 b99 le10 gl56
west midlands,w midlands,w mids: b cv dy wv ws
west sussex,w sussex: rh10-17 rh19-77 po10 po18-41 bn5-6 bn11-18 bn42-45 bn91-99 gu27-29 gu31 gu33
west yorkshire,w yorkshire,w yorks,west yorks: ls1-23 ls25-99 bd1-22 bd97-99 hx wf hd
wiltshire,wilts: sn1-6 sn8-99 sp1-5 sp7 sp9 sp11 ba12-15
worcestershire,worcs: wr dy1-2 dy4-6 dy8-14 b1-45 b47-49 b60-75 b90-93 b96-99 gl19-20 hr8
clwyd: ll ch
dyfed: sa sy ld
gwent: np cf
gwynedd: ll13 ll21 ll23-78
powys: ld sy5 sy10 sy15-22 np sa1-3 sa5-13 sa80-99
south glamorgan,mid glamorgan,west glamorgan,s glamorgan,m glamorgan,w glamorgan,glamorgan: cf sa
yorkshire,yorks: yo hg dl2 dl6-11 bd ts1 ts3-15 ts17 ls s1-17 s20 s25-26 s35-36 s60-99 dn1-14 dn55 hu wf hx hd ol1-11 ol14-95
sussex: bn tn3 tn5-7 tn19-22 tn31-40 rh10-77 po10 po18-41 gu27-29 gu31 gu33
humberside,north humberside,south humberside: hu dn6 dn8-9 dn14-21 dn31-41 yo
cleveland: ts
avon: bs ba1-11 ba16-22 gl
huntingdonshire,hunts: pe1-9 pe13-19 pe26-29 pe99 sg8 sg19
cumberland: ca
westmorland: la5-23 ca
hereford and worcester: hr wr ld8 sy7-8 dy1-2 dy4-6 dy8-14 b1-45 b47-49 b60-75 b90-93 b96-99 gl19-20
greater london: e ec n nw se sw w wc br cr da en ha ig kt rm sm tw ub wd
isle of man: im
anglesey,isle of anglesey: ll
caernarfonshire,caernarvonshire: ll
carmarthenshire,carms: sa1-8 sa12-35 sa38-40 sa44 sa48 sa66 sa80-99
ceredigion,cardiganshire: sa1-3 sa5-8 sa12-13 sa38 sa40 sa43-48 sa80-99 sy20 sy23-25
denbighshire: ll11 ll13 ll15-22 ll24-32 ll34 ll58-62 ll64-78
flintshire: ch1 ch4-32 ch41-63 ll11-13 ll18-19 ll24-32 ll34 ll58-62 ll64-78
merionethshire: ll
monmouthshire: np
montgomeryshire: sy
pembrokeshire,pembs: sa1-3 sa5-8 sa12-13 sa34-37 sa41-43 sa61-99
radnorshire: ld hr
brecknockshire,breconshire: ld np
aberdeenshire: ab10-36 ab39-55 ab99 dd1 dd9-10
angus: dd1-5 dd7-11
argyll,argyllshire,argyll and bute: pa ph g ka
ayrshire,north ayrshire,south ayrshire,east ayrshire: ka pa
banffshire: ab
berwickshire: td eh
caithness: kw
clackmannanshire: fk
dumfriesshire,dumfries and galloway: dg
dunbartonshire,dumbartonshire: g
east lothian,midlothian,west lothian: eh
fife: ky dd1 dd6
highland,highlands: iv1-28 iv40-99 ph19-50 kw pa1-19 pa34 pa38 pa69 pa80
inverness shire: iv ph pa
kinross shire: ky
kirkcudbrightshire,wigtownshire: dg
lanarkshire,north lanarkshire,south lanarkshire: ml g
moray,morayshire: iv30-36 iv63-99 ab14 ab22 ab37-38 ab45 ab54-99
nairnshire: iv
orkney,orkney islands: kw
peeblesshire: eh
perthshire,perth and kinross: ph fk
renfrewshire: pa g
ross shire,ross and cromarty: iv
roxburghshire,selkirkshire,scottish borders: td
shetland,shetland islands: ze
stirlingshire: fk g
sutherland: iv kw
county antrim,co antrim: bt1-3 bt5-17 bt20-21 bt23 bt26-29 bt36-44 bt53-58
county armagh,co armagh: bt1-3 bt6-17 bt20-21 bt23 bt26 bt35 bt37 bt55 bt60-67
county down,co down: bt1-4 bt6-27 bt30-34 bt37 bt55
county fermanagh,co fermanagh: bt1-3 bt6-17 bt20-21 bt23 bt26 bt37 bt55 bt74 bt92-94
county londonderry,co londonderry: bt1-3 bt6-17 bt20-21 bt23 bt26 bt28 bt37 bt45-52 bt55
county tyrone,co tyrone: bt1-3 bt6-17 bt20-21 bt23 bt26 bt37 bt55 bt68-71 bt75-82
`) {
		names, ranges, _ := strings.Cut(strings.TrimSpace(line), ":")
		for name := range strings.SplitSeq(names, ",") {
			if name != "" {
				set[name] = parseAreas(ranges)
			}
		}
	}
	return set
}()

// Areas are the outcodes of a county; none stands for all.
type Areas []outcodeRange

// An outcodeRange is the districts of a postcode area from one number to another.
type outcodeRange struct {
	area     string
	from, to int
}

func parseAreas(text string) Areas {
	var areas Areas
	for word := range strings.FieldsSeq(text) {
		n := strings.IndexAny(word, "0123456789")
		if n < 0 {
			areas = append(areas, outcodeRange{word, 0, lastDistrict})
			continue
		}
		first, last, several := strings.Cut(word[n:], "-")
		r := outcodeRange{area: word[:n], from: leadingNumber(first)}
		if r.to = r.from; several {
			r.to = leadingNumber(last)
		}
		areas = append(areas, r)
	}
	return areas
}

// lastDistrict is the greatest number of a postcode district.
const lastDistrict = 99

func leadingNumber(s string) int {
	n := 0
	for i := 0; i < len(s) && IsDigit(s[i]); i++ {
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// Has reports whether a folded outcode is one of them.
func (a Areas) Has(outcode string) bool {
	n := 0
	for n < len(outcode) && !IsDigit(outcode[n]) {
		n++
	}
	district := leadingNumber(outcode[n:])
	for _, r := range a {
		if r.area == outcode[:n] && r.from <= district && district <= r.to {
			return n < len(outcode)
		}
	}
	return false
}

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
// where its name begins and its outcodes. A word such as "UK" after it, and a
// postcode, are passed over.
func County(ts *Tokens) (from int, areas Areas) {
	n := len(ts.List)
	if n == 0 {
		return 0, nil
	}
	for n > 1 && (wordClasses[string(ts.Word(n-1))] == ClassTail || isCode(ts, n-1)) {
		n--
	}
	if !countyEnds[string(ts.Word(n-1))] {
		return len(ts.List), nil
	}
	for from := max(1, n-longestCounty); from < n; from++ {
		if areas := counties[words(ts, from, n)]; areas != nil {
			return from, areas
		}
	}
	return len(ts.List), nil
}

// OnlyCounty reports whether the tokens are the name of a county, perhaps with its
// country, and nothing else.
func OnlyCounty(ts *Tokens) bool {
	n := len(ts.List)
	for n > 1 && wordClasses[string(ts.Word(n-1))] == ClassTail {
		n--
	}
	return n > 0 && countyEnds[string(ts.Word(n-1))] && counties[words(ts, 0, n)] != nil
}

// isCode reports whether token i is a postcode or a half of one.
func isCode(ts *Tokens, i int) bool {
	w := ts.Word(i)
	n := len(w)
	if !IsDigit(w[n-1]) && (n < 3 || !IsDigit(w[n-3])) {
		return false
	}
	_, in := IncodeNumber(w)
	return in || IsOutcode(w) || n > 4 && IsOutcode(w[:n-3])
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

// isCounty reports whether tokens [i, j) are a county or country.
func isCounty(ts *Tokens, i, j int) bool {
	if counties[words(ts, i, j)] != nil {
		return true
	}
	for k := i; k < j; k++ {
		if wordClasses[string(ts.Word(k))] != ClassTail {
			return false
		}
	}
	return true
}
