package scan

import "fmt"

// The words of the command line for what is counted from 0.
var (
	modeWords     = [...]string{Prospective: "prospective", Retrospective: "retrospective"}
	locationWords = [...]string{Points: "points", Cells: "cells"}
	overlapWords  = [...]string{OverlapDefault: "", OverlapSpace: "space", OverlapTime: "time"}
)

// ParseMode reads the word that String writes: "prospective" or "retrospective".
func ParseMode(s string) (Mode, error) {
	for i, word := range modeWords {
		if s == word {
			return Mode(i), nil
		}
	}
	return Prospective, fmt.Errorf("no mode %q", s)
}

// String returns the mode's word.
func (m Mode) String() string {
	if m >= 0 && int(m) < len(modeWords) {
		return modeWords[m]
	}
	return fmt.Sprintf("mode(%d)", int(m))
}

// ParseLocations reads the word that String writes: "points" or "cells".
func ParseLocations(s string) (Locations, error) {
	for i, word := range locationWords {
		if s == word {
			return Locations(i), nil
		}
	}
	return Points, fmt.Errorf("no kind of location %q", s)
}

// String returns the word for the kind of location.
func (l Locations) String() string {
	if l >= 0 && int(l) < len(locationWords) {
		return locationWords[l]
	}
	return fmt.Sprintf("locations(%d)", int(l))
}

// ParseOverlap reads the word that String writes: "space", "time", or "" for what the
// mode asks for.
func ParseOverlap(s string) (Overlap, error) {
	for i, word := range overlapWords {
		if s == word {
			return Overlap(i), nil
		}
	}
	return OverlapDefault, fmt.Errorf("no rule of overlap %q", s)
}

// String returns the rule's word, "" for OverlapDefault.
func (o Overlap) String() string {
	if o >= 0 && int(o) < len(overlapWords) {
		return overlapWords[o]
	}
	return fmt.Sprintf("overlap(%d)", int(o))
}

// ParseAdjustment reads the text of an Adjustment: "weekday", or "" for none.
func ParseAdjustment(s string) (Adjustment, error) {
	switch a := Adjustment(s); a {
	case AdjustNone, AdjustWeekday:
		return a, nil
	}
	return AdjustNone, fmt.Errorf("no pattern %q", s)
}

// ParsePMethod reads the word of the command line for a method: "monte-carlo",
// "gumbel" or "sequential". It is not the text of the method, which has a blank where
// the word, so that a shell takes it for one, has a hyphen.
func ParsePMethod(s string) (PMethod, error) {
	switch s {
	case "monte-carlo":
		return MonteCarlo, nil
	case "gumbel":
		return Gumbel, nil
	case "sequential":
		return Sequential, nil
	}
	return MonteCarlo, fmt.Errorf("no method for p %q", s)
}
