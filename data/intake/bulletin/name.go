package bulletin

import (
	"strings"

	"spreewatch/data/intake/when"
)

// buildings end the names of places that stand for an address.
var buildings = when.Set(`hall farm hotel inn school church library hospital house lodge manor cottage barn mill pub garage stores supermarket
	centre club surgery chapel priory abbey nursery barracks caravan-park`)

// titles stand before the name of a person.
var titles = when.Set(`mr mrs ms miss dr sir lord lady cllr councillor pc pcso dc ds di dci dcs det detective inspector insp sergeant sgt superintendent
	supt constable officer con`)

var directions = when.Set(`north south east west upper lower central`)

// functionWords never belong to a name, nor end one.
var functionWords = when.Set(`at in on to from and or between the a an of by with near for is was were are been be has had have that which who whose
	when where while after before during about around until till it its they their he she his her this these those there then also both
	all as but not into over under up out off if so than via per each every some any no approximately shortly just later earlier again
	another further outside inside opposite behind next along close within across towards we our you your us i my me how why what can will would should
	could may might must do does did`)

// notPlaces are capitalised words that head a phrase which is no place.
var notPlaces = when.Set(`police constabulary operation action crimestoppers facebook twitter x whatsapp instagram pc pcso dc ds di dci dcs det detective
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
var crimeNouns = when.Set(`burglary burglaries theft thefts fraud frauds robbery robberies attempted attempt assault assaults arson vandalism damage
	criminal distraction courier courier-fraud calls call phone telephone scam scams shed garage garages vehicle vehicles car cars van vans
	bike bikes bicycle break-in break-ins breakin incident incidents offence offences crime crimes appeal warning update news press release
	report reports reported bogus rogue caller callers suspicious anti-social antisocial hare heating oil diesel fuel metal lead catalytic
	stolen stole taken broken entry two three four five six seven eight nine ten several various first second third fourth fifth sixth
	seventh eighth other others further another unknown male female man woman men women resident pensioner elderly couple victim home house houses
	property properties flat shop shops business businesses premises non-dwelling dwelling residential commercial outbuilding purse handbag
	mugging snatch graffiti drugs found lost wanted missing arrested charged details location date time between overnight yesterday today
	sometime shortly around approximately about just early late morning afternoon evening night
	somewhere someone somebody nobody everyone everybody one many most nil none nothing dear kind regards yours thank thanks sincerely member members hello hi`)

// name returns the end of the run of capitalised words at token i, with the
// small words inside a name ("Barton of the Wold") and the full stop of "St.".
func name(t []when.Token, i int, taken []bool) int {
	n := i
	for n < len(t) && !taken[n] && !t[n].Quoted {
		switch {
		case t[n].Kind == when.Word && (t[n].Capital() || n > i && t[n].Gap && roman(t[n].Text)):
			if functionWords[t[n].Low] && !(n == i && t[n].Is("the")) && !(n > i && when.StreetTypes[t[n].Low]) || n > i && notPlaces[t[n].Low] && !t[n].Is("new", "mini", "seat", "age", "golf", "call") {
				return n
			}
			n++
			if n < len(t) && t[n].Is(".") && !t[n].Gap && abbreviations[t[n-1].Low] && n+1 < len(t) && t[n+1].Capital() && !sentenceStarters[t[n+1].Low] {
				n++
			}
		case n > i && t[n].Kind == when.Word && t[n].Is("of", "the", "on", "by", "le", "next", "cum", "with", "under", "super", "de", "la", "en", "upon") && n+1 < len(t) && linksName(t, n, taken):
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
func linksName(t []when.Token, n int, taken []bool) bool {
	if t[n].Is("of") {
		// "Barton of Weeting" is rare, "Norwich Road of Dereham" is not a name.
		return false
	}
	if t[n].Is("on", "with", "the", "under") {
		return false
	}
	j := n + 1
	for j < len(t) && t[j].Is("the", "la") {
		j++
	}
	return j < len(t) && t[j].Capital() && !taken[j] && !functionWords[t[j].Low] && !notPlaces[t[j].Low] && !when.StreetTypes[t[n-1].Low]
}

var counties = when.Set(`norfolk suffolk essex kent surrey sussex dorset devon cornwall somerset cumbria rutland northumberland`)

func county(low string) bool {
	return notPlaces[low] && (strings.HasSuffix(low, "shire") || counties[low])
}
