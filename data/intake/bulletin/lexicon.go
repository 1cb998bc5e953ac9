package bulletin

import (
	"strings"

	"spreewatch/data/intake/when"
	"spreewatch/geo/address"
)

// The words that the reader knows. A new shape of bulletin should need a word
// here, or a weight in weights.go.
var (
	// titles stand before the name of a person.
	titles = when.Set(`mr mrs ms miss cllr councillor pc pcso pcsos dc ds di dci dcs det detective inspector insp sergeant sgt superintendent supt rev cllrs councillors messrs`)

	// pluralTitles stand before the names of several people.
	pluralTitles = when.Set(`cllrs councillors messrs pcsos`)

	// givenNames are given names that no settlement has.
	givenNames = when.Set(`adam adrian ahmed aisha alan alex alexander alice alison amanda amy andrea andrew andy angela anita ann anna anne anthony
		barbara becky ben beth bill bob brenda brian callum carl carol caroline charlotte chloe chris christine claire clare colin craig dan daniel
		darren dave david dawn dean debbie deborah denise derek diane donna doreen duncan ed eileen elaine elizabeth ellie emily emma eric fatima fiona
		frank fred gareth gary gavin gemma geoff george georgia gill gillian glenn gordon graham greg hannah harry hazel heather helen holly ian imran
		irene jack jackie jacob jake james jamie jan jane janet janice jason jean jeff jen jenny jess jessica jill jim jo joan joanne joe john jon
		jonathan josh joyce judith judy julia julie june karen kate kath katherine kathy katie keith kelly ken kerry kevin kim kirsty laura lauren lee
		leanne lesley liam linda lisa liz lorraine louise lucy luke lynn lynne maggie malcolm marcus margaret maria marian marie mark martin mary matt
		maureen megan mel michael michelle mick mike mohammed moira molly nadia natalie neil nick nicola nigel norman oliver olivia pam pat patricia
		paul paula pauline penny pete peter phil philip priya rachel ray rebecca richard rita rob robert robin roger ron rory rosie roy russell ruth
		ryan sally sam samantha sandra sanjay sarah sean sharon sheila shona simon sophie stacey stephanie stephen steve steven stuart sue susan
		suzanne tanya teresa terry tim tina toby tom tony tracey tracy trevor val vanessa vera vicky victoria wendy will yvonne zoe`)

	// speakers are what the speakers of a transcript are called.
	speakers = when.Set(`presenter host interviewer reporter newsreader caller narrator speaker announcer admin moderator resident neighbour q a`)

	// offices end the names of bodies, which are no places.
	offices = when.Set(`police constabulary council team unit fiscal crimestoppers watch standards university cid trust service services ltd plc
		partnership association federation magistrates bank times news magazine bbc shopwatch pubwatch farmwatch ruralwatch boatwatch bikewatch
		horsewatch speedwatch streetwatch traders retailers alliance forum network general infirmary campus scheme committee society department buses railway railways rail water ambulance hospitals`)

	// wide end the names of stretches of land and water.
	wide = when.Set(`broads coast downs fens heath hills hill isle island marshes moors peninsula plain sands sea wirral sheppey wight broad common wolds estate`)

	directions = when.Set(`north south east west upper lower central northeast northwest southeast southwest ne nw se sw`)

	// buildings end the names of premises that stand for an address.
	buildings = when.Set(`hall farm hotel inn school church library hospital house lodge manor cottage barn mill pub garage stores
		supermarket centre club surgery chapel priory abbey nursery barracks grange stables rectory vicarage academy college arms tavern pavilion`)

	// grounds end the names of places that stand for a street: "Tolver Jetty", "Craster harbour".
	grounds = when.Set(`carpark pier harbour marina slipway jetty quay boatyard reservoir cemetery churchyard allotments playground mart`)

	// seats are towns that bear the name of a county or a state, and are meant right behind a
	// street where no other town is.
	seats = when.Set(`antrim armagh carlow cavan cork donegal dublin galway kildare kilkenny limerick longford louth monaghan roscommon sligo tipperary virginia waterford wexford wicklow`)

	// gated are settlements whose names end as those of streets do, and are not streets elsewhere.
	gated = when.Set(`harrogate margate ramsgate reigate bathgate claygate ambergate halvergate galgate galway conway`)

	// markets stand before Market in names of streets, not of towns.
	markets = when.Set(`new old cattle hay corn fish butter poultry horse hog swine apple monday tuesday wednesday thursday friday saturday sunday upper lower`)

	// strongTypes make a street of a name whose type is in lower case, and of the
	// name of a person.
	strongTypes = when.Set(`road street lane avenue drive way crescent terrace gardens loke rd ave ln drove close`)

	// foreTypes stand before the names of streets, in Welsh, Irish and French: "Lon Isallt".
	foreTypes = when.Set(`ffordd lon lôn heol stryd rhodfa rue chemin sráid bóthar`)

	// beats are the parts of an area whose letter or number stands before a name: "Beat 4B
	// Lubenham".
	beats = when.Set(`beat sector area zone ward district division patch section`)

	// stops never belong to a name, nor end one.
	stops = when.Set(`at in on to from and or between a an of by with near for is was were are been be has had have that which who whose
		when where while after before during about around until till it its they their he his she her these those there then also both them him us whom
		all as but not into over under up out off if so than via per every some any no approximately shortly just later earlier again
		another further outside inside opposite behind next along within across towards we our you your us i my me how why what can will
		would should could might must do does did said says meanwhile overnight sometime only btw btwn
		we're we've we'll i'm i've it's there's that's they're you're you've who's let's here's what's`)

	// lineEnds may end a line of a list all the same.
	lineEnds = when.Set(`overnight earlier later again off out up over there then inside outside both all also not before when where`)

	// openers are capitalised words that open a sentence or a heading rather than a
	// name.
	openers = when.Set(`well raiders robbers vandals gunmen culprits same yes no yeah thanks sorry witness the this that other others someone somebody nobody everyone everybody anyone anybody one many most nil none nothing dear kind
		regards yours thank thanks hello hi please remember two three four five six seven eight nine ten eleven twelve several various first second third
		fourth fifth sixth seventeen today yesterday tomorrow early late morning afternoon evening night burglars thieves officers police youths
		offenders men women resident residents occupant occupier owner owners householder victim victims witnesses pensioners fire firefighters crews jewellery cash tools lead diesel copper windows somewhere
		message parish alert news bulletin update notice ring call report incident appeal keep lock set leave never always don't information similar`)

	// stirs are what somebody may have seen done, where no word says what was.
	stirs = when.Set(`trying fight fighting altercation brawl scuffle affray commotion`)

	// matters are words that say what happened, or name no place.
	matters = when.Set(`alarm alarms meeting meetings mass hut huts kiosk trailer caravan weekend burglary burglaries theft thefts fraud frauds robbery robberies attempted attempt assault assaults arson vandalism
		damage criminal distraction courier calls phone telephone scam scams shed sheds vehicle vehicles car cars van vans bike bikes bicycle
		cycle break-in break-ins incident incidents offence offences crime crimes warning update news press release report reports reported
		bogus rogue suspicious anti-social antisocial hare oil fuel metal stolen stole taken broken entry male males female man woman couple victim
		home house property flat shop shops business premises dwelling dwellings outbuilding purse handbag mugging snatch graffiti drugs lost missing arrested
		details location date time norfolk suffolk cambridgeshire lincolnshire lancashire yorkshire constabulary pin id atm cctv
		bbc uk england britain facebook twitter instagram whatsapp nhs hmrc bt amazon microsoft gmt bst hrs website internet email safer neighbourhood
		neighbourhoods team burg otd offs ip tfmv tomv asb dist crim dam mo cad log nhw snt type ref summary daily sheet weekly rtc rta misper duty
		published issued posted released updated extract bulletin list member members christmas easter boxing nothing shoplifting fight trespass nil rec'd rptd rpt occ occd recd csi sighting sightings disorder disturbance disturbances nuisance bladed caller callers informant patrol patrols year years minutes apologies planning grass highways finance agenda correspondence footpaths allotments cemetery
		weather sport gardening recipes letters editor sir madam page contents index notices diary notebook refs refreshments handover half-term term problem held present absent chair speeding parking dog fouling litter next mondays tuesdays wednesdays thursdays fridays saturdays sundays ditto suspects press line statement media tasking week transcript talk podcast episode radio retail reminder reminders`)

	// hard say what happened and begin no name of a street.
	hard = when.Set(`burglary burglaries theft thefts robbery robberies damage arson assault fraud attempted vandalism distraction suspicious graffiti
		tfmv tomv asb otd`)

	cars = when.Set(`ford vauxhall bmw audi volkswagen vw renault peugeot toyota nissan fiat mercedes kia hyundai honda mazda skoda seat volvo transit
		corsa fiesta focus astra golf land range iphone samsung apple stihl yamaha suzuki`)

	// heads follow a settlement in the title of a text.
	heads = when.Set(`co-ordinators coordinators co-ordinator coordinator community parish village villages policing residents residents' messenger mail times advertiser standard argus guardian examiner tribune telegraph gazette herald echo courier chronicle mercury observer journal pennant link diary minutes extract town village city area centre district beat station sector division sub-division subdivision notes note round-up roundup newsletter voice pulse matters`)

	// placeWords lead to a name.
	placeWords = when.Set(`in at near around across outside throughout within on along opposite behind off from to by into through inside towards toward
		of beside`)
	fillers = when.Set(`the nearby central north south east west mid village town city hamlet parish area outskirts centre edge neighbouring both`)

	// finite are words that only a sentence has.
	finite = when.Set(`was were is are am had has have been be will would can could should might did do does said says told went came got let's
		he she it they we you i who which that there anyone somebody someone`)

	agains = when.Set(`another second third fourth fifth sixth seventh further separate elsewhere meanwhile while similarly one also finally`)
	sames  = when.Set(`incident burglary theft offence offences break-in robbery call caller crime raid fraud attack assault arson thieves offenders
		offender intruder intruders suspect suspects man men incidents property house victim vehicle car bungalow shop cyclist collision pair`)
	plurals = when.Set(`incidents calls reports offences burglaries thefts residents people homes spate spree rash series several majority number areas streets victims
		households properties locations places addresses attempts cases dozen robberies scams break-ins crimes pensioners vehicles cars sheds garages vans
		bikes farms businesses shops bins tyres caravans boats three four five six seven eight nine ten both`)
	// sites are what stands at an address: "the same shed was opened again".
	sites = when.Set(`shed house shop garage property address premises store pub building barn yard church school flat bungalow lock-up site plot farm home outbuilding pavilion`)

	happenings = when.Set(`tried attempted targeted broken stolen called entered burgled taken attacked damaged robbed forced contacted phoned approached visited stole
		smashed received telephoned rang raided struck hit tricked conned defrauded reported ransacked vandalised snatched threatened assaulted broke
		scammed handed lost deceived persuaded happened occurred took went slashed drained siphoned grabbed pushed knocked thrown`)
)

// isType reports whether a word ends the names of streets.
func isType(t when.Token) bool {
	w := strings.TrimSuffix(t.Low, ".")
	if r := address.WordRoles[w]; r != nil && r.IsType && len(w) > 2 || address.ProseTypes[w] {
		return true
	}
	return t.Capital() && (w == "st" || w == "rd" || w == "dr" || w == "ln" || w == "cl")
}
