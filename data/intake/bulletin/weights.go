package bulletin

// The costs of a reading. What costs least is read; they are weighed against each
// other, so only their differences matter.
const (
	costSentence  = 1.0 // between a place and its time: another sentence
	costAgain     = 1.5 // a word that opens another incident: "a second", "while"
	costSemicolon = 1.2
	costBlock     = 2.5 // another paragraph
	costLine      = 1.5 // the next line, with no blank line between
	costItem      = 6.0 // another item of a list
	costField     = 0.3 // another labelled line of one record
	costPerToken  = 0.02

	// What speaks for a bare name being a street, and against it.
	nameHouse      = 3.0  // a house number, or a building of more than one word
	nameFollowed   = 1.5  // a comma and another name
	nameOn         = 1.5  // "on" or "along" leads to it
	nameThe        = 1.0  // "in The Nook"
	nameEnding     = 1.0  // "Northgate"
	nameStreet     = 0.75 // the gazetteer has such a street; again where it lies near what follows
	nameSettlement = -1.0 // such a settlement; again where it is a neighbour of what follows

	costTimeUnread  = 4.0 // a time that no place takes
	costTimeBack    = 0.3 // a time of what went before the incident
	costAway        = 3.0 // a stretch of it, which completes a day: "She had been out between 9am and 2.30pm"
	costTimeLent    = 1.5 // a date that holds for what follows
	costStreetAlone = 3.5 // a street that takes a time lent to it
	costItemAlone   = 2.0
	costTownAlone   = 0.4 // a settlement that is lent to streets
	costSummary     = 1.5 // an incident in a sentence that sums up
	costHeading     = 2.0 // an incident in a heading
	costWeak        = 1.5 // where somebody came from
	costMore        = 0.6 // one more place that no comma or "and" joins
	costUntold      = 2.0 // one more place in a sentence in which nothing is done and that has no time
	costTimes       = 1.5 // two times that do not complete each other
	costSince       = 0.3 // a first time, and one at which it was seen
	costSwitch      = 1.0 // place, time, place
	costOrder       = 0.3 // the order of place and time changes within the text

	costTownBeside = 0.6 // an incident in a settlement whose sentence names a street

	doubtGroup = 0.1 // a reading that costs less than this less than its rival is listed
	doubtTown  = 0.9 // as is a settlement, in natural logarithms of the odds
	doubtKind  = 2.6 // and a sentence that is set aside by less
	doubtEntry = 3.4 // and an entry of a log

	leastEntry = 1.0 // the same of what an entry of a log or a table tells
	leastAside = 2.0 // by how much a sentence is rather another kind than an account, in natural logarithms of the odds
)
