package export

import (
	"testing"

	"spreewatch/cluster/detect"
	"spreewatch/geo"
)

func TestNoteText(t *testing.T) {
	for want, n := range map[string]detect.Note{
		"8 incidents with the ID of another: the better placed was kept":                                     {Kind: detect.NoteRepeated, N: 8},
		"2 incidents without a place: left out":                                                              {Kind: detect.NoteUnplaced, N: 2},
		"4 incidents matched less well than street: left out":                                                {Kind: detect.NoteRough, N: 4, Level: geo.LevelStreet},
		"1 incident after the as-of time: left out":                                                          {Kind: detect.NoteLater, N: 1},
		"1 incident of an offence without a profile: no rule applies":                                        {Kind: detect.NoteNoProfile, N: 1},
		"1 incident of courier-fraud placed less closely than the 15000 m of its rule: left out of the rule": {Kind: detect.NoteTooWide, Offence: "courier-fraud", N: 1, RadiusM: 15_000},
		"courier-fraud: history holds 8 incidents over 1 day: too thin for a permutation test, which needs at least 30 over 14 days; found by the rule alone": {Kind: detect.NoteThin, Offence: "courier-fraud", N: 8, Days: 1, Least: 30, LeastDays: 14},
		"all offences together: history holds 5 incidents over 1 day: too thin for a permutation test, which needs at least 30 over 28 days":                  {Kind: detect.NoteThin, N: 5, Days: 1, Least: 30, LeastDays: 28},
		"robbery: 3 of 4 sprees meet the rule and are not borne out by the scan (p at most 0.05): chance alone may bring so many incidents together there":    {Kind: detect.NoteRuleAlone, Offence: "robbery", N: 3, Of: 4, P: 0.05},
		"3 scans were run; p holds within each, not over all of them: by chance about 0.15 sprees with p at most 0.05 are to be expected in one analysis":     {Kind: detect.NoteScans, N: 3, P: 0.05},
		"from incidents matched to a street or better alone: 1 spree (of 4 incidents); as it is: 2 sprees (of 8, 3 incidents)":                                {Kind: detect.NoteOtherLevel, Level: geo.LevelStreet, Found: []int{4}, AsItIs: []int{8, 3}},
		"with incidents matched to a place, a district or a postcode: 1 spree (of 8 incidents); as it is: no spree":                                           {Kind: detect.NoteOtherLevel, Level: geo.LevelPlace, Found: []int{8}},
	} {
		if got := NoteText(n); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
