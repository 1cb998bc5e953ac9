package intake

import (
	"strings"
)

var streetTypes = set(`road rd street st lane ln close cl avenue ave drive dr way hill green row gardens gdns court ct crescent cres
	terrace place square sq walk park grove mews rise view loke drift broadway parade quay staithe plain gate bank chase croft dale end
	field fields fold garth heath mead meadow meadows path pightle promenade ride side strand vale wharf wynd yard bypass roundabout
	highway causeway alley passage hythe estate common marsh cottages villas buildings arcade precinct circus boulevard esplanade
	approach link loop orchard paddock paddocks copse spinney warren ridge brow bridge`)

// buildings end the names of places that stand for an address.
var buildings = set(`hall farm hotel inn school church library hospital house lodge manor cottage barn mill pub garage stores supermarket
	centre club surgery chapel priory abbey nursery barracks caravan-park`)

// titles stand before the name of a person.
var titles = set(`mr mrs ms miss dr sir lord lady cllr councillor pc pcso dc ds di dci dcs det detective inspector insp sergeant sgt superintendent
	supt constable officer con`)

var directions = set(`north south east west upper lower central`)

// functionWords never belong to a name, nor end one.
var functionWords = set(`at in on to from and or between the a an of by with near for is was were are been be has had have that which who whose
	when where while after before during about around until till it its they their he she his her this these those there then also both
	all as but not into over under up out off if so than via per each every some any no approximately shortly just later earlier again
	another further outside inside opposite behind next along close within across towards we our you your us i my me how why what can will would should
	could may might must do does did`)

// notPlaces are capitalised words that head a phrase which is no place.
var notPlaces = set(`police constabulary operation action crimestoppers facebook twitter x whatsapp instagram pc pcso dc ds di dci dcs det detective
	inspector insp sergeant sgt superintendent supt chief constable officer officers mr mrs ms miss dr sir lord lady cllr councillor mp
	pin id atm cctv bbc itv edp uk gb england britain scotland wales ireland east-anglia anglia photo visa bank-card norfolk suffolk essex cambridgeshire
	lincolnshire kent surrey sussex hampshire dorset devon cornwall somerset wiltshire gloucestershire oxfordshire berkshire buckinghamshire
	bedfordshire hertfordshire northamptonshire leicestershire nottinghamshire derbyshire staffordshire shropshire cheshire lancashire
	yorkshire cumbria durham-county northumberland warwickshire worcestershire herefordshire rutland
	anyone anybody witnesses witness people residents victims victim fraudsters fraudster suspects suspect offenders thieves burglars
	the this that these those it they he she we you your our his her their there never always neither do please remember if hang
	monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
	christmas boxing new-year easter good-friday bst gmt am pm hrs ford vauxhall bmw audi volkswagen vw renault peugeot toyota nissan fiat
	mercedes kia hyundai honda mazda skoda seat volvo mini land-rover range-rover transit corsa fiesta focus astra golf neighbourhood
	trading citizens age hmrc bt microsoft amazon royal-mail dvla nhs tv-licensing website internet email text media twitter crime call
	ref reference incident investigation enquiries inquiries team unit cid safer`)

// crimeNouns begin a heading or an item but name no place.
var crimeNouns = set(`burglary burglaries theft thefts fraud frauds robbery robberies attempted attempt assault assaults arson vandalism damage
	criminal distraction courier courier-fraud calls call phone telephone scam scams shed garage garages vehicle vehicles car cars van vans
	bike bikes bicycle break-in break-ins breakin incident incidents offence offences crime crimes appeal warning update news press release
	report reports reported bogus rogue caller callers suspicious anti-social antisocial hare heating oil diesel fuel metal lead catalytic
	stolen stole taken broken entry two three four five six seven eight nine ten several various first second third fourth fifth sixth
	seventh eighth other others further another unknown male female man woman men women resident pensioner elderly couple victim home house houses
	property properties flat shop shops business businesses premises non-dwelling dwelling residential commercial outbuilding purse handbag
	mugging snatch graffiti drugs found lost wanted missing arrested charged details location date time between overnight yesterday today
	sometime shortly around approximately about just early late morning afternoon evening night
	somewhere someone somebody nobody everyone everybody one many most nil none nothing dear kind regards yours thank thanks sincerely member members hello hi`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// name returns the end of the run of capitalised words at token i, with the
// small words inside a name ("Barton of the Wold") and the full stop of "St.".
func name(t []token, i int, taken []bool) int {
	n := i
	for n < len(t) && !taken[n] && !t[n].quoted {
		switch {
		case t[n].kind == word && (t[n].capital() || n > i && t[n].gap && roman(t[n].text)):
			if functionWords[t[n].low] && !(n == i && t[n].is("the")) && !(n > i && streetTypes[t[n].low]) || n > i && notPlaces[t[n].low] && !t[n].is("new", "mini", "seat", "age", "golf", "call") {
				return n
			}
			n++
			if n < len(t) && t[n].is(".") && !t[n].gap && abbreviations[t[n-1].low] && n+1 < len(t) && t[n+1].capital() && !sentenceStarters[t[n+1].low] {
				n++
			}
		case n > i && t[n].kind == word && t[n].is("of", "the", "on", "by", "le", "next", "cum", "with", "under", "super", "de", "la", "en", "upon") && n+1 < len(t) && linksName(t, n, taken):
			n++
		default:
			return n
		}
	}
	return n
}

func roman(s string) bool { return s == "II" || s == "III" }

// linksName reports whether the small word at n joins two parts of one name:
// "Newton by Castle Acre", "Wells next the Sea". "in" and "on" alone do not.
func linksName(t []token, n int, taken []bool) bool {
	if t[n].is("of") {
		// "Barton of Weeting" is rare, "Norwich Road of Dereham" is not a name.
		return false
	}
	if t[n].is("on", "with", "the", "under") {
		return false
	}
	j := n + 1
	for j < len(t) && t[j].is("the", "la") {
		j++
	}
	return j < len(t) && t[j].capital() && !taken[j] && !functionWords[t[j].low] && !notPlaces[t[j].low] && !streetTypes[t[n-1].low]
}

var counties = set(`norfolk suffolk essex kent surrey sussex dorset devon cornwall somerset cumbria rutland northumberland`)

func county(low string) bool {
	return notPlaces[low] && (strings.HasSuffix(low, "shire") || counties[low])
}
