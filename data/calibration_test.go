package data

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/scales"
)

func TestNullNights(t *testing.T) {
	db := openTemp(t)
	at := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	night := func(days int, hash uint64) detect.NullNight {
		return detect.NullNight{AsOf: at.AddDate(0, 0, -days), Hash: hash, Replicates: 60, Floor: 3.25,
			Events: []scales.Event{{Replicate: 4, After: 3.5, G: 7.125}}}
	}
	want := []detect.NullNight{night(2, 1<<63+7), night(1, 5)}
	if err := db.StoreNullNights(t.Context(), append(want, night(0, 9), night(40, 4))); err != nil {
		t.Fatal(err)
	}
	got, err := db.NullNights(t.Context(), at.Add(-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("what was not yet, or is long past, or is changed: %s", d)
	}
	// A night made from other reports stands in place of the same one.
	if err := db.StoreNullNights(t.Context(), []detect.NullNight{night(1, 6)}); err != nil {
		t.Fatal(err)
	}
	want[1].Hash = 6
	if got, err = db.NullNights(t.Context(), at.Add(-time.Second)); err != nil || gocmp.Diff(want, got) != "" {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

// What has ended is remembered without being shown, and comes back to the next run
// with all that it says; a spree that returned can be stored.
func TestDormantSprees(t *testing.T) {
	db := openTemp(t)
	at := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	for _, ref := range []string{"R1", "R2"} {
		if _, err := db.Ingest(t.Context(), inputA, rowsOf(row{report: testReport(ref, "Mill Street, Elsing", 1)})); err != nil {
			t.Fatal(err)
		}
	}
	spree := func(id string, status cluster.Status) cluster.Spree {
		return cluster.Spree{ID: id, Status: status, Offence: "robbery", Method: cluster.MethodScan, Incidents: []string{"R1"}, Joined: []string{"R2"},
			Window: cluster.Window{Start: at, End: at}, Raised: cluster.Thresholds{RadiusM: 500, Window: time.Hour, MinIncidents: 3, AlertsPerWeek: 2},
			First: at, Last: at, Ended: at, Merged: []string{"x"}}
	}
	run := Run{ID: "r", AsOf: at, Manifest: []byte("{}"), Sprees: []cluster.Spree{spree("a", cluster.StatusReturned)}, Dormant: []cluster.Spree{spree("b", cluster.StatusEnded)}}
	if err := db.StoreRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	got, err := db.SpreesBefore(t.Context(), at.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff([]cluster.Spree{run.Sprees[0], run.Dormant[0]}, got); d != "" {
		t.Error(d)
	}
}
