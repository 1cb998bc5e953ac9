package detect

import (
	"time"

	"spreewatch/geo"
)

// A NoteKind says what a Note is about.
type NoteKind string

// The kinds of note, with the fields of a Note that each has.
const (
	NoteRepeated   NoteKind = "repeated"    // N incidents had the ID of another: the better placed was kept
	NoteUnplaced   NoteKind = "unplaced"    // N incidents without a place were left out
	NoteRough      NoteKind = "rough"       // N incidents matched less well than Level were left out
	NoteLater      NoteKind = "later"       // N incidents after the as-of time were left out
	NoteNoProfile  NoteKind = "no profile"  // no rule applies to N incidents
	NoteTooWide    NoteKind = "too wide"    // N incidents of Offence, placed less closely than RadiusM, were left out of its rule
	NoteThin       NoteKind = "thin"        // Offence has N incidents over Days, and a permutation test needs Least over LeastDays
	NoteRuleAlone  NoteKind = "rule alone"  // N of Of sprees of Offence meet the rule and have no p of at most P
	NoteScans      NoteKind = "scans"       // N scans were run, and chance brings P of a spree to each
	NoteOtherLevel NoteKind = "other level" // what would be found at another least Level: Found, in place of AsItIs
)

// A Note is what a reader has to know of how sprees were found.
type Note struct {
	Kind            NoteKind
	Offence         string // the profile's; "" for all offences together
	N, Of           int
	Least           int
	Days, LeastDays int // whole days, rounded up
	Level           geo.Level
	RadiusM, P      float64
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
