package data

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/geo"
)

func TestOverrides(t *testing.T) {
	db := openTemp(t)
	at := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	first := Override{Key: "mill st", Match: geo.Match{Level: geo.LevelPlace, Point: orb.Point{1, 52}}, Who: "a", Decided: at}
	later := Override{Key: "mill st", Match: geo.Match{Level: geo.LevelStreet, Point: orb.Point{1.034762, 52.717193}, RadiusM: 250, Confidence: 1, Rule: "decided"}, Who: "b", Decided: at.Add(time.Hour)}
	rejected := Override{Key: "somewhere", Match: geo.Match{Rule: "rejected"}, Who: "b", Decided: at}
	for _, batch := range [][]Override{{first}, {rejected, later}} {
		if err := db.SetOverrides(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	got, err := db.Overrides(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rejected.Number, later.Number = 2, 3
	if diff := cmp.Diff(map[string]Override{"mill st": later, "somewhere": rejected}, got); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
	if err := db.SetOverrides(t.Context(), []Override{{Key: "a", Who: "a"}, {Key: "", Who: "a"}}); err == nil {
		t.Error("a decision on no text was taken")
	}
	if got, err := db.Overrides(t.Context()); err != nil || len(got) != 2 {
		t.Errorf("%d decisions after a batch that was refused, %v; want 2", len(got), err)
	}
}

// A decision that is undone leaves the one before it, and its number is not used
// again.
func TestUndoOverride(t *testing.T) {
	db := openTemp(t)
	at := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	for _, who := range []string{"a", "b"} {
		if err := db.SetOverrides(t.Context(), []Override{{Key: "mill st", Who: who, Decided: at}}); err != nil {
			t.Fatal(err)
		}
	}
	if key, err := db.UndoOverride(t.Context(), 2, at); err != nil || key != "mill st" {
		t.Fatalf("undo: %q, %v", key, err)
	}
	if _, err := db.UndoOverride(t.Context(), 2, at); !errors.Is(err, ErrNoDecision) {
		t.Errorf("undone twice: %v, want %v", err, ErrNoDecision)
	}
	if got, err := db.Overrides(t.Context()); err != nil || got["mill st"].Who != "a" {
		t.Errorf("%+v stands, %v; want the first", got["mill st"], err)
	}
	if err := db.SetOverrides(t.Context(), []Override{{Key: "mill st", Who: "c", Decided: at}}); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Overrides(t.Context()); err != nil || got["mill st"].Number != 3 {
		t.Errorf("number %d, %v; want 3", got["mill st"].Number, err)
	}
}
