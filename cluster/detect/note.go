package detect

import (
	"time"

	"spreewatch/geo"
)

// A NoteKind says what a Note is about.
type NoteKind string

// The kinds of note, with the fields of a Note that each has.
const (
	NoteRepeated      NoteKind = "repeated"       // N incidents had the ID of another: the better placed was kept
	NoteUnplaced      NoteKind = "unplaced"       // N incidents without a place were left out
	NoteRough         NoteKind = "rough"          // N incidents matched less well than Level were left out
	NoteLater         NoteKind = "later"          // N incidents after the as-of time were left out
	NoteNoProfile     NoteKind = "no profile"     // N incidents have no profile of their own: they are taken as Offence; no rule applies where that is ""
	NoteTooWide       NoteKind = "too wide"       // N incidents of Offence, placed less closely than RadiusM, were left out of its rule
	NoteTooLong       NoteKind = "too long"       // N incidents of Offence, timed to no better than two Windows, were left out of its rule
	NoteNotCalibrated NoteKind = "not calibrated" // N incidents over Days, where LeastDays are needed and Least of one offence: the rule stands alone
	NoteCalibrated    NoteKind = "calibrated"     // the scan raises Rate false sprees a week where P are asked for, by N nights
	NoteMerged        NoteKind = "merged"         // spree ID turned out to be what others were part of: N of them
	NoteSplit         NoteKind = "split"          // spree ID was found in more than one part
	NoteOtherLevel    NoteKind = "other level"    // what would be found at another least Level: Found, in place of AsItIs
)

// A Note is what a reader has to know of how sprees were found.
type Note struct {
	Kind            NoteKind
	Offence         string // the profile's; "" for all offences together
	ID              string // of a spree
	N               int
	Least           int
	Days, LeastDays int // whole days, rounded up
	Level           geo.Level
	RadiusM         float64
	Window          time.Duration
	P, Rate         float64
	Found, AsItIs   []int // the number of incidents of each spree
}

// counted is a note of n incidents, none where there are none.
func counted(kind NoteKind, n int) []Note {
	if n == 0 {
		return nil
	}
	return []Note{{Kind: kind, N: n}}
}

// wholeDays is a length of time in days, rounded up.
func wholeDays(d time.Duration) int { return int((d + 24*time.Hour - 1) / (24 * time.Hour)) }
