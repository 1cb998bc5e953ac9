package patrol

import (
	"fmt"
	"strings"
	"time"

	"spreewatch/cluster"
)

// An Act is what a patrol does in a part of a time band.
type Act struct {
	Window cluster.Window
	Text   string
}

// acts are what a patrol does against the offence in the window, in order: what suits
// the hour by the local clock. Nobody calls at a bank at 23:00.
func acts(p cluster.Profile, w cluster.Window, zone *time.Location) []Act {
	if p.ActionFrom == "" {
		return []Act{{w, p.Action}}
	}
	from, to := quarterOfClock(p.ActionFrom), quarterOfClock(p.ActionTo)
	suits := func(t time.Time) bool {
		q := quarterOfDay(t.In(zone))
		if from < to {
			return from <= q && q < to
		}
		return q >= from || q < to
	}
	var out []Act
	for t := w.Start; t.Before(w.End); {
		end := t.Truncate(quarter).Add(quarter)
		if end.After(w.End) {
			end = w.End
		}
		text := p.ActionElse
		if suits(t) {
			text = p.Action
		}
		if n := len(out); n > 0 && out[n-1].Text == text {
			out[n-1].Window.End = end
		} else {
			out = append(out, Act{cluster.Window{Start: t, End: end}, text})
		}
		t = end
	}
	return out
}

// quarterOfClock is the quarter of the day that a time of day lies in.
func quarterOfClock(clock string) int {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		panic("patrol: a profile's hours were checked before")
	}
	return quarterOfDay(t)
}

// actText writes the acts of a window: the one there is, or each with its end.
func actText(all []Act, zone *time.Location) string {
	if len(all) == 1 {
		return all[0].Text
	}
	var parts []string
	for i, a := range all {
		until := fmt.Sprintf("Until %s: ", clock(a.Window.End, zone))
		if i == len(all)-1 {
			until = "Then: "
		}
		parts = append(parts, until+a.Text)
	}
	return strings.Join(parts, " ")
}

// ActAt is what to do at the area at the moment.
func (s Suggestion) ActAt(t time.Time) string {
	for _, a := range s.Acts {
		if a.Window.Contains(t) {
			return a.Text
		}
	}
	return s.Action
}
