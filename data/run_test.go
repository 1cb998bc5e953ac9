package data

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

func TestRuns(t *testing.T) {
	db := openTemp(t)
	report := testReport("R1", "Mill Street, Elsing", 1)
	if _, err := db.Ingest(t.Context(), inputA, rowsOf(row{report: report})); err != nil {
		t.Fatal(err)
	}
	night := time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC)
	spree := func(id string) cluster.Spree {
		return cluster.Spree{ID: id, Status: cluster.StatusNew, Offence: "courier-fraud", Method: cluster.MethodRule, Incidents: []string{"R1"},
			Zone: []geo.Cell{0x8919424a54fffff}, Window: cluster.Window{Start: report.From, End: report.To}, Centre: orb.Point{1.03, 52.71},
			Observed: 1, Statistic: &cluster.Statistic{Expected: 0.2, LLR: 1.5, P: 0.01}, Places: []string{"Elsing"}, Confidence: 0.9}
	}
	// The identifiers fall so that the order of storing and that of names differ.
	for _, run := range []Run{
		{ID: "z", AsOf: night, Manifest: []byte("{}"), Sprees: []cluster.Spree{spree("early")}},
		{ID: "a", AsOf: night, Manifest: []byte("{}"), Sprees: []cluster.Spree{spree("late")}},
		{ID: "b", AsOf: night.Add(-24 * time.Hour), Manifest: []byte("{}")},
		{ID: "c", AsOf: night.Add(24 * time.Hour), Manifest: []byte("{}"), Sprees: []cluster.Spree{spree("next")}},
	} {
		if err := db.StoreRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name string
		asOf time.Time
		want []cluster.Spree
	}{
		{"nothing before the first", night.Add(-24 * time.Hour), nil},
		{"a run that found nothing", night, nil},
		{"the one stored last of a moment", night.Add(time.Second), []cluster.Spree{spree("late")}},
		{"the newest", night.Add(48 * time.Hour), []cluster.Spree{spree("next")}},
	} {
		got, err := db.SpreesBefore(t.Context(), tt.asOf)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}

	again := Run{ID: "a", AsOf: night, Manifest: []byte("{}"), Sprees: []cluster.Spree{spree("other")}}
	if err := db.StoreRun(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if got, err := db.SpreesBefore(t.Context(), night.Add(time.Second)); err != nil || len(got) != 1 || got[0].ID != "other" {
		t.Errorf("after the run again: %v, %v; want its new spree alone", got, err)
	}
	unknown := Run{ID: "d", AsOf: night, Manifest: []byte("{}"), Sprees: []cluster.Spree{{ID: "x", Status: cluster.StatusNew, Incidents: []string{"R9"}}}}
	if err := db.StoreRun(t.Context(), unknown); err == nil {
		t.Error("a spree of a report that is not stored was taken")
	}
}
