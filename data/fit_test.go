package data

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster/risk"
)

func TestRiskFitIsTheNewestOfItsShape(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	shape, other := strings.Repeat("a", 64), strings.Repeat("b", 64)
	at := func(day int) time.Time { return time.Date(2026, 3, day, 2, 0, 0, 0, time.UTC) }
	fit := func(day int, high float64) *risk.Fit {
		return &risk.Fit{AsOf: at(day), Days: 41.5, Resolution: 9, Parts: risk.DayParts(), High: high, Medium: high / 3,
			City: risk.OffenceFit{Incidents: 3, Day: risk.Learned{Weights: []float64{.1, .2, .7}, Rests: 12}}}
	}
	for _, f := range []*risk.Fit{fit(1, .1), fit(9, .2), fit(20, .3), fit(9, .25)} {
		if err := db.StoreRiskFit(ctx, shape, f); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.StoreRiskFit(ctx, other, fit(10, .9)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day  int
		want *risk.Fit
	}{{1, fit(1, .1)}, {8, fit(1, .1)}, {9, fit(9, .25)}, {19, fit(9, .25)}, {28, fit(20, .3)}} {
		got, err := db.RiskFit(ctx, shape, at(c.day))
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("on day %d: %v (-want +got):\n%s", c.day, err, diff)
		}
	}
	if got, err := db.RiskFit(ctx, shape, at(1).Add(-time.Second)); got != nil || err != nil {
		t.Errorf("before all of them: %v, %v", got, err)
	}
	if _, err := db.Erase(ctx, nil, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := db.RiskFit(ctx, shape, at(28)); got != nil || err != nil {
		t.Errorf("after an erasure: %v, %v: it rests on what is gone", got, err)
	}
	if _, err := db.sql.Exec(`INSERT INTO risk_fit (shape, as_of, fit) VALUES (?, 1, '[1]')`, shape); err != nil {
		t.Fatal(err)
	}
	if got, err := db.RiskFit(ctx, shape, at(1)); err == nil {
		t.Errorf("a damaged fit is taken: %v", got)
	}
}
