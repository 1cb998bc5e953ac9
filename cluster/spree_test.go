package cluster

import (
	"strings"
	"testing"
	"time"
)

// An event just after midnight by the local clock is on the day before in UTC:
// the ID of its spree says neither day.
func TestSpreeIDWithoutDate(t *testing.T) {
	first := Incident{ID: "a", From: At(time.Date(2015, 9, 16, 23, 20, 0, 0, time.UTC))}
	id := spreeID("courier-fraud", first)
	if suffix, ok := strings.CutPrefix(id, "courier-fraud-"); !ok || len(suffix) != 12 {
		t.Errorf("got %s, want the offence and 12 hex digits", id)
	}
	later := first
	later.From += 86400
	if other := spreeID("courier-fraud", later); other != id {
		t.Errorf("a corrected time changed the ID: %s, %s", id, other)
	}
	if spreeID("", first) == spreeID("robbery", first) {
		t.Error("two offences share an ID")
	}
}
