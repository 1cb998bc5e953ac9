package data

import (
	"database/sql"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// SCHEMA.md names the columns of the two views, in their order, and its examples run.
func TestSchemaPageIsTrue(t *testing.T) {
	page, err := os.ReadFile("SCHEMA.md")
	if err != nil {
		t.Fatal(err)
	}
	db := openTemp(t)
	sections := regexp.MustCompile(`(?m)^## `).Split(string(page), -1)[1:]
	var views []string
	for _, section := range sections {
		view, _, _ := strings.Cut(section, "\n")
		views = append(views, view)
		var told []string
		for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9_]+)` \\| .+ \\|$").FindAllStringSubmatch(section, -1) {
			told = append(told, m[1])
		}
		rows, err := db.sql.Query("SELECT * FROM " + view)
		if err != nil {
			t.Fatal(err)
		}
		are, err := rows.Columns()
		rows.Close()
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(are, told); d != "" {
			t.Errorf("SCHEMA.md tells other columns of %s:\n%s", view, d)
		}
		examples := regexp.MustCompile(`(?m)^    (SELECT .+;)$`).FindAllStringSubmatch(section, -1)
		if len(examples) == 0 {
			t.Errorf("%s has no example", view)
		}
		for _, m := range examples {
			if rows, err = db.sql.Query(m[1]); err != nil {
				t.Errorf("%s: %v", m[1], err)
				continue
			}
			rows.Close()
		}
	}
	if d := cmp.Diff([]string{"incident", "bucket"}, views); d != "" {
		t.Errorf("other views:\n%s", d)
	}
}

func TestViewsHoldCellsAndWeights(t *testing.T) {
	db := openTemp(t)
	at := orb.Point{0.94, 52.68}
	begin := time.Date(2026, 3, 1, 9, 40, 0, 0, time.UTC)
	span, instant, none, gone := testReport("R1", "Mill Street, Elsing", 1), testReport("R2", "Mill Street, Elsing", 2), testReport("R3", "Mill Street, Elsing", 3), testReport("R4", "Mill Street, Elsing", 4)
	span.From, span.To = begin, begin.Add(2*time.Hour)
	instant.From, instant.To = begin.Add(time.Hour), begin.Add(time.Hour)
	gone.Withdrawn = true
	if _, err := db.Ingest(t.Context(), inputA, rowsOf(row{report: span}, row{report: instant}, row{report: none}, row{report: gone})); err != nil {
		t.Fatal(err)
	}
	street := geo.Match{Level: geo.LevelStreet, Point: at, RadiusM: 100, Rule: "x"}
	if err := db.StoreMatches(t.Context(), "g", []Located{{Report: span, Match: street}, {Report: instant, Match: street}, {Report: none, Match: geo.Match{Rule: "x"}}, {Report: gone, Match: street}}); err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		var h3, h8, h5 string
		var n int
		if err := db.sql.QueryRow("SELECT min(h3), min(h3_8), min(h3_5), count(*) FROM incident").Scan(&h3, &h8, &h5, &n); err != nil {
			t.Fatal(err)
		}
		own, err := geo.CellAt(at, 9)
		if err != nil || h3 != own.String() {
			t.Errorf("cell %s, want %s, %v", h3, own, err)
		}
		for resolution, got := range map[int]string{8: h8, 5: h5} {
			if want, err := own.Parent(resolution); err != nil || got != want.String() {
				t.Errorf("parent of resolution %d is %s, want %s, %v", resolution, got, want, err)
			}
		}
		if n != 2 {
			t.Errorf("%d incidents, want the two that are located and stand", n)
		}
	}
	check()
	rows, err := db.sql.Query("SELECT hour_utc, weight FROM bucket ORDER BY hour_utc")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	origin := begin.Truncate(time.Hour)
	want := make([]float64, 3)
	for i, w := range cluster.StepWeights(cluster.Window{Start: span.From, End: span.To}, origin, time.Hour) {
		want[i] = w
	}
	want[1]++ // the instant at 10:40
	for i := 0; rows.Next(); i++ {
		var hour int64
		var weight float64
		if err := rows.Scan(&hour, &weight); err != nil {
			t.Fatal(err)
		}
		if i >= 3 || hour != origin.Add(time.Duration(i)*time.Hour).Unix() || math.Abs(weight-want[i]) > 1e-9 {
			t.Errorf("hour %d holds %v, want %v", i, weight, want)
		}
	}
	// A file of before has no cells: they are filled in as it is opened.
	if _, err := db.sql.Exec("UPDATE match SET h3 = NULL"); err != nil {
		t.Fatal(err)
	}
	if err := db.transaction(t.Context(), func(tx *sql.Tx) error { return fillCells(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	check()
}
