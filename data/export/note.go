package export

import (
	"fmt"
	"strings"

	"spreewatch/cluster/detect"
	"spreewatch/data"
	"spreewatch/geo"
)

// NoteText puts a note of the detection into words, without an address: for the
// notes of run.json, the page and the terminal alike.
func NoteText(n detect.Note) string {
	incidents := data.Count(n.N, "incident")
	switch n.Kind {
	case detect.NoteRepeated:
		return incidents + " with the ID of another: the better placed was kept"
	case detect.NoteUnplaced:
		return incidents + " without a place: left out"
	case detect.NoteRough:
		return fmt.Sprintf("%s matched less well than %s: left out", incidents, n.Level)
	case detect.NoteLater:
		return incidents + " after the as-of time: left out"
	case detect.NoteNoProfile:
		if n.Offence != "" {
			return fmt.Sprintf("%s of an offence without a profile of its own: taken as %s", incidents, n.Offence)
		}
		return incidents + " of an offence without a profile: no rule applies"
	case detect.NoteTooWide:
		return fmt.Sprintf("%s of %s placed less closely than the %.0f m of its rule: left out of the rule", incidents, n.Offence, n.RadiusM)
	case detect.NoteTooLong:
		return fmt.Sprintf("%s of %s timed to no better than %.0f h, two windows of its rule: left out of the rule", incidents, n.Offence, 2*n.Window.Hours())
	case detect.NoteNotCalibrated:
		return fmt.Sprintf("not calibrated: %s of history; that needs %d, with %d incidents of one offence: the rule stands alone", data.Count(n.Days, "day"), n.LeastDays, n.Least)
	case detect.NoteCalibrated:
		if n.Rate < 0.75*n.P {
			return fmt.Sprintf("alerts set to %.3g a week; the thresholds of the offences hold them at %.2g, by %s of %s of history with times shuffled", n.P, n.Rate, data.Count(n.N, "night"), data.Count(n.Days, "day"))
		}
		return fmt.Sprintf("alerts set to %.3g a week; the threshold is at %.2g, by %s of %s of history with times shuffled", n.P, n.Rate, data.Count(n.N, "night"), data.Count(n.Days, "day"))
	case detect.NoteMerged:
		return fmt.Sprintf("spree %s and %d more turned out to be one: it keeps the older id", n.ID, n.N)
	case detect.NoteSplit:
		return fmt.Sprintf("spree %s was found in more than one part: it keeps its id", n.ID)
	case detect.NoteOtherLevel:
		words := "from incidents matched to a street or better alone"
		if n.Level < geo.LevelStreet {
			words = "with incidents matched to a place, a district or a postcode"
		}
		return fmt.Sprintf("%s: %s; as it is: %s", words, sizesText(n.Found), sizesText(n.AsItIs))
	}
	return string(n.Kind)
}

// NoteTexts puts the notes into words.
func NoteTexts(notes []detect.Note) []string {
	var out []string
	for _, n := range notes {
		out = append(out, NoteText(n))
	}
	return out
}

// sizesText writes how many sprees there are and how many incidents each has.
func sizesText(sizes []int) string {
	if len(sizes) == 0 {
		return "no spree"
	}
	counts := make([]string, len(sizes))
	for i, n := range sizes {
		counts[i] = fmt.Sprint(n)
	}
	return fmt.Sprintf("%s (of %s incidents)", data.Count(len(sizes), "spree"), strings.Join(counts, ", "))
}
