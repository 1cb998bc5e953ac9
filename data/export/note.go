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
		return incidents + " of an offence without a profile: no rule applies"
	case detect.NoteTooWide:
		return fmt.Sprintf("%s of %s placed less closely than the %.0f m of its rule: left out of the rule", incidents, n.Offence, n.RadiusM)
	case detect.NoteThin:
		why := fmt.Sprintf("history holds %s over %s: too thin for a permutation test, which needs at least %d over %s",
			incidents, data.Count(n.Days, "day"), n.Least, data.Count(n.LeastDays, "day"))
		if n.Offence == "" {
			return "all offences together: " + why
		}
		return n.Offence + ": " + why + "; found by the rule alone"
	case detect.NoteRuleAlone:
		return fmt.Sprintf("%s: %d of %d sprees meet the rule and are not borne out by the scan (p at most %.2g): chance alone may bring so many incidents together there",
			n.Offence, n.N, n.Of, n.P)
	case detect.NoteScans:
		return fmt.Sprintf("%d scans were run; p holds within each, not over all of them: by chance about %.2g sprees with p at most %.2g are to be expected in one analysis",
			n.N, float64(n.N)*n.P, n.P)
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
