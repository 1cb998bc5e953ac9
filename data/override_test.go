package data

import (
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
