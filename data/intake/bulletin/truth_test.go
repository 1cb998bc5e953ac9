package bulletin_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spreewatch/data"
	"spreewatch/data/intake"
	"spreewatch/geo/address"
)

// A truth is what a person makes of an invented text.
type truth struct {
	Published string
	Family    string
	Incidents []struct {
		Street, Locality, From, To, Date, Overnight string
		FromDate                                    string   `json:"from_date"`
		ToDate                                      string   `json:"to_date"`
		StreetAlso                                  []string `json:"street_also"`
		Also                                        []struct{ From, To string }
		Optional                                    bool
	}
}

const wall = "2006-01-02T15:04"

func day(s string, add, hour int) string {
	d, _ := time.Parse("2006-01-02", s)
	return d.AddDate(0, 0, add).Add(time.Duration(hour) * time.Hour).Format(wall)
}

// intervals returns the readings of the time of an incident that are right.
func (t truth) intervals(i int) map[string]bool {
	e := t.Incidents[i]
	out := map[string]bool{}
	switch {
	case e.From != "":
		out[e.From+" "+e.To] = true
	case e.Date != "":
		out[day(e.Date, 0, 0)+" "+day(e.Date, 1, 0)] = true
	case e.Overnight != "":
		out[day(e.Overnight, 0, 20)+" "+day(e.Overnight, 1, 8)] = true
	default:
		out[day(e.FromDate, 0, 0)+" "+day(e.ToDate, 1, 0)] = true
	}
	for _, a := range e.Also {
		out[a.From+" "+a.To] = true
	}
	return out
}

func plain(s string) string {
	return strings.NewReplacer("'", "", "’", "", "junction of ", "", " and ", " / ").Replace(strings.ToLower(s))
}

// TestTruth reads the invented texts of testdata/truth and counts what is read as
// a person reads it. Those of tune were looked at while the weights were set;
// unseen
// were not until they had been measured once.
func TestTruth(t *testing.T) {
	for folder, least := range map[string]float64{"tune": 0.95, "unseen": 0.9} {
		right, all, invented := 0, 0, 0
		paths, err := filepath.Glob("testdata/truth/" + folder + "/*.json")
		if err != nil || len(paths) < 10 {
			t.Fatalf("%d texts in %s: %v", len(paths), folder, err)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var want truth
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			got := told(t, strings.TrimSuffix(path, ".json")+".txt", want.Published)
			used := make([]bool, len(got))
			for i, e := range want.Incidents {
				found := false
				streets := map[string]bool{plain(e.Street): true}
				for _, s := range e.StreetAlso {
					streets[plain(s)] = true
				}
				for k, g := range got {
					if !used[k] && streets[g.street] && g.town == plain(e.Locality) && want.intervals(i)[g.when] {
						found, used[k] = true, true
						break
					}
				}
				if e.Optional {
					continue
				}
				all++
				if found {
					right++
				} else {
					t.Logf("%s: incident %d is not read right", path, i+1)
				}
			}
			for k := range got {
				if !used[k] {
					invented++
				}
			}
		}
		t.Logf("%s: %d of %d right, %d reports that match none", folder, right, all, invented)
		if float64(right) < least*float64(all) {
			t.Errorf("%s: %d of %d right, want at least %.0f %%", folder, right, all, least*100)
		}
		if invented*20 > all {
			t.Errorf("%s: %d reports match no incident of %d", folder, invented, all)
		}
	}
}

type reported struct{ street, town, when string }

// told returns the reports of a text as they are compared.
func told(t *testing.T, path, received string) []reported {
	t.Helper()
	day, err := time.Parse("2006-01-02", received)
	if err != nil {
		t.Fatal(err)
	}
	var out []reported
	for r, err := range intake.Read(path, intake.Options{Today: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Received: day}) {
		var row *data.RowError
		if errors.As(err, &row) {
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		a := address.Parse(r.Location)
		street, town, ok := strings.Cut(r.Location, ", ")
		if !ok {
			street, town = "", street
			if a.Locality == "" {
				street, town = town, ""
			}
		}
		town, _, _ = strings.Cut(town, ", ")
		for _, lead := range []string{"off ", "near ", "outside "} {
			street = strings.TrimPrefix(street, lead)
		}
		out = append(out, reported{plain(street), plain(town), r.From.Format(wall) + " " + r.To.Format(wall)})
	}
	return out
}
