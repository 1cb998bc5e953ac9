package cluster

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// An Incident is a report that has a place and a time.
type Incident struct {
	ID         string  // unique; ties are broken by it
	Offence    string  // the offence profile's name
	PlaceName  string  // settlement, for people: "Dereham"
	From, To   Instant // event interval [From, To); To = From is an instant
	Reported   Instant // when it was known; zero where that is not said, and then from From on
	Until      Instant // when a correction took its place or it was taken back; zero where it stands
	Point      orb.Point
	RadiusM    float64 // the true place lies within this of Point
	Confidence float64 // of the geocode, 0 to 1
	Level      geo.Level
	Unsure     bool // so little confidence that a person has to look: it counts in a spree that others make, and makes none
}

// Interval returns the event interval.
func (in Incident) Interval() Window { return Window{in.From.Time(), in.To.Time()} }

// KnownOn reports whether the incident was known at a moment: reported by then, and not
// yet corrected to something else.
func (in Incident) KnownOn(at time.Time) bool {
	second := At(at)
	return in.Reported <= second && (in.Until.IsZero() || in.Until > second)
}

// SortIncidents sorts by From, then To, then ID. Of those that are by From only what
// begins at once is moved.
func SortIncidents(incidents []Incident) {
	for i := 0; i < len(incidents); {
		j := i + 1
		for j < len(incidents) && incidents[j].From == incidents[i].From {
			j++
		}
		if j < len(incidents) && incidents[j].From < incidents[i].From {
			slices.SortFunc(incidents, CompareTimes)
			return
		}
		slices.SortFunc(incidents[i:j], CompareTimes)
		i = j
	}
}

// CompareTimes is negative when a stands before b in the order of SortIncidents.
func CompareTimes(a, b Incident) int { return compareTimes(&a, &b) }

func compareTimes(a, b *Incident) int {
	if c := cmp.Compare(a.From, b.From); c != 0 {
		return c // as nearly all do: the rest is not compared in vain
	}
	if c := cmp.Compare(a.To, b.To); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}
