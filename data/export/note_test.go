package export

import (
	"slices"
	"testing"
	"time"

	"spreewatch/cluster/detect"
	"spreewatch/geo"
)

func TestNoteText(t *testing.T) {
	for want, n := range map[string]detect.Note{
		"8 incidents with the ID of another: the better placed was kept":                                                                   {Kind: detect.NoteRepeated, N: 8},
		"2 incidents without a place: left out":                                                                                            {Kind: detect.NoteUnplaced, N: 2},
		"4 incidents matched less well than street: left out":                                                                              {Kind: detect.NoteRough, N: 4, Level: geo.LevelStreet},
		"1 incident after the as-of time: left out":                                                                                        {Kind: detect.NoteLater, N: 1},
		"1 incident of an offence without a profile: no rule applies":                                                                      {Kind: detect.NoteNoProfile, N: 1},
		"1 incident of courier-fraud placed less closely than the 15000 m of its rule: left out of the rule":                               {Kind: detect.NoteTooWide, Offence: "courier-fraud", N: 1, RadiusM: 15_000},
		"4 incidents of arson timed to no better than 96 h, two windows of its rule: left out of the rule":                                 {Kind: detect.NoteTooLong, Offence: "arson", N: 4, Window: 48 * time.Hour},
		"not calibrated: 6 days of history; that needs 7, with 20 incidents of one offence: the rule stands alone":                         {Kind: detect.NoteNotCalibrated, N: 8, Days: 6, LeastDays: 7, Least: 20},
		"alerts set to 2 a week; the threshold is at 1.9, by 28 nights of 200 days of history with times shuffled":                         {Kind: detect.NoteCalibrated, P: 2, Rate: 1.94, N: 28, Days: 200},
		"alerts set to 2 a week; the thresholds of the offences hold them at 0.5, by 28 nights of 200 days of history with times shuffled": {Kind: detect.NoteCalibrated, P: 2, Rate: 0.5, N: 28, Days: 200},
		"spree x and 1 more turned out to be one: it keeps the older id":                                                                   {Kind: detect.NoteMerged, ID: "x", N: 1},
		"spree x was found in more than one part: it keeps its id":                                                                         {Kind: detect.NoteSplit, ID: "x"},
		"1 incident of an offence without a profile of its own: taken as other":                                                            {Kind: detect.NoteNoProfile, N: 1, Offence: "other"},
		"from incidents matched to a street or better alone: 1 spree (of 4 incidents); as it is: 2 sprees (of 8, 3 incidents)":             {Kind: detect.NoteOtherLevel, Level: geo.LevelStreet, Found: []int{4}, AsItIs: []int{8, 3}},
		"with incidents matched to a place, a district or a postcode: 1 spree (of 8 incidents); as it is: no spree":                        {Kind: detect.NoteOtherLevel, Level: geo.LevelPlace, Found: []int{8}},
	} {
		if got := NoteText(n); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestNoteTexts(t *testing.T) {
	got := NoteTexts([]detect.Note{{Kind: detect.NoteUnplaced, N: 2}, {Kind: "a kind to come"}})
	if want := []string{"2 incidents without a place: left out", "a kind to come"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
