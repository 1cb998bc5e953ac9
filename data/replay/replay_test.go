package replay

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/night"
	"spreewatch/geo"
)

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// every are n incidents of an offence, so far apart from New Year 2026 on, each an instant
// that was reported two hours later.
func every(apart time.Duration, n int, offence string) []cluster.Incident {
	var out []cluster.Incident
	for i := range n {
		at := newYear.Add(10*time.Hour + time.Duration(i)*apart)
		out = append(out, cluster.Incident{ID: fmt.Sprintf("%s %03d", offence, i), Offence: offence, From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at.Add(2 * time.Hour)),
			Point: orb.Point{.95 + .001*float64(i%7), 52.68 + .001*float64(i%5)}, Level: geo.LevelStreet, Confidence: 1})
	}
	return out
}

// days are the same as dates alone: midnights, each known when its day is over.
func days(incidents []cluster.Incident) []cluster.Incident {
	for i := range incidents {
		at := incidents[i].From.Time().Truncate(24 * time.Hour)
		incidents[i].From, incidents[i].To, incidents[i].Reported = cluster.At(at), cluster.At(at), cluster.At(at.Add(24*time.Hour))
	}
	return incidents
}

// shipped are the settings that ship.
func shipped(t *testing.T) night.Settings {
	t.Helper()
	t.Chdir(t.TempDir()) // in which there are no others
	c, err := night.LoadSettings("")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// refused checks an error's line, hint and kind.
func refused(t *testing.T, err error, typed bool, msg, hint string) {
	t.Helper()
	if err == nil || err.Error() != msg || data.Hint(err) != hint {
		t.Errorf("got %v, try: %s\nwant %s, try: %s", err, data.Hint(err), msg, hint)
	}
	var usage *UsageError
	var user *data.UserError
	if errors.As(err, &usage) != typed || errors.As(err, &user) == typed {
		t.Errorf("%T, want typed wrongly to be %v", err, typed)
	}
}
