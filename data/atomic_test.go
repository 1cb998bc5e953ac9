package data

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/risk"
	"spreewatch/cluster/scales"
	"spreewatch/geo"
)

// content returns every row of every table, in an order of its own.
func content(t *testing.T, db *DB) string {
	t.Helper()
	var out []string
	for _, table := range tables(t, db) {
		rows, err := db.sql.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			line := table
			for _, v := range values {
				line += fmt.Sprintf("|%v", *v.(*any))
			}
			out = append(out, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func tables(t *testing.T, db *DB) []string {
	t.Helper()
	rows, err := db.sql.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// again returns the store as its image has it, in place of what it became.
func again(t *testing.T, db *DB, image []byte) *DB {
	t.Helper()
	db.Close()
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Remove(db.path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(db.path, image, 0o600); err != nil {
		t.Fatal(err)
	}
	old, err := Open(t.Context(), db.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { old.Close() })
	return old
}

// Whatever row a call cannot write, it says so and leaves the store as it was.
func TestEveryCallIsWholeOrNothing(t *testing.T) {
	at := time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC)
	run := func(id string) Run {
		return Run{ID: id, AsOf: at, Manifest: []byte(`{"geocoding":{"unmatched":[]}}`),
			Sprees: []cluster.Spree{{ID: "s1", Status: cluster.StatusNew, Offence: "robbery", Method: cluster.MethodRule, Incidents: []string{"R1"}, Joined: []string{"R2"}}}}
	}
	nulls := []detect.NullNight{{AsOf: at, Hash: 7, Replicates: 19, Floor: 1, Events: []scales.Event{{}}}}
	decided := Override{Key: "mill street elsing", Match: geo.Match{Level: geo.LevelAddress, Rule: "decided"}, Who: "ann", Decided: at}
	refuse := &RowError{Source: "b.csv", Line: 3, Reason: "no date"}

	db := openTemp(t)
	ctx := t.Context()
	first, second := testReport("R1", "Mill Street, Elsing", 1), testReport("R2", "Norwich Road, Dereham", 2)
	corrected := testReport("R1", "Mill Lane, Elsing", 1)
	for what, err := range map[string]error{
		"ingest": func() error {
			_, err := db.Ingest(ctx, inputA, rowsOf(row{report: first}, row{report: second}))
			return err
		}(),
		"match":  db.StoreMatches(ctx, "g", []Located{{Report: first, Match: geo.Match{Rule: "x"}}}),
		"run":    db.StoreRun(ctx, run("r1")),
		"nulls":  db.StoreNullNights(ctx, nulls),
		"decide": db.SetOverrides(ctx, []Override{decided}),
		"audit":  db.Audit(ctx, Entry{At: at, Who: "ann", What: Collection, Detail: "a"}),
		"places": func() error {
			_, err := db.ReplaceGazetteers(ctx, []Gazetteer{{Source: testSource("streets", "1"), Entries: entrySeq(alphaLane)}})
			return err
		}(),
	} {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	calls := map[string]func(context.Context) error{
		"Ingest": func(ctx context.Context) error {
			_, err := db.Ingest(ctx, night("b", 1), rowsOf(row{report: corrected}, row{report: testReport("R3", "Neville Close", 4)}, row{err: refuse}))
			return err
		},
		"StoreMatches": func(ctx context.Context) error {
			return db.StoreMatches(ctx, "g", []Located{{Report: second, Match: geo.Match{Rule: "y"}}})
		},
		"StoreRun": func(ctx context.Context) error { return db.StoreRun(ctx, run("r1")) },
		"StoreNullNights": func(ctx context.Context) error {
			return db.StoreNullNights(ctx, append(nulls, detect.NullNight{AsOf: at.Add(time.Hour), Hash: 8, Replicates: 19}))
		},
		"StoreRiskFit": func(ctx context.Context) error {
			return db.StoreRiskFit(ctx, strings.Repeat("a", 64), &risk.Fit{AsOf: at})
		},
		"SetOverrides": func(ctx context.Context) error { return db.SetOverrides(ctx, []Override{decided, decided}) },
		"UndoOverride": func(ctx context.Context) error { _, err := db.UndoOverride(ctx, 1, at); return err },
		"Forget":       func(ctx context.Context) error { return db.Forget(ctx, []string{"R1"}) },
		"Withdraw":     func(ctx context.Context) error { _, err := db.Withdraw(ctx, "R1", at); return err },
		"Distinguish":  func(ctx context.Context) error { return db.Distinguish(ctx, "R1") },
		"Audit": func(ctx context.Context) error {
			return db.Audit(ctx, Entry{At: at, Who: "ann", What: Erasure, Detail: "b"})
		},
		"ReplaceGazetteers": func(ctx context.Context) error {
			_, err := db.ReplaceGazetteers(ctx, []Gazetteer{{Source: testSource("streets", "2"), Entries: entrySeq(number12)}})
			return err
		},
		"Erase": func(ctx context.Context) error {
			_, err := db.Erase(ctx, []string{"R1"}, []string{"mill street elsing"})
			return err
		},
	}
	writes := map[string]int{ // how many kinds of row each call writes at the least
		"Ingest": 4, "StoreMatches": 1, "StoreRun": 5, "StoreNullNights": 2, "StoreRiskFit": 1, "SetOverrides": 1, "UndoOverride": 1, "Forget": 1,
		"Withdraw": 2, "Distinguish": 1, "Audit": 1, "ReplaceGazetteers": 4, "Erase": 5,
	}
	before := content(t, db)
	if _, err := db.sql.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	image, err := os.ReadFile(db.path)
	if err != nil {
		t.Fatal(err)
	}
	failed := map[string][]string{}
	for name, call := range calls {
		for _, table := range tables(t, db) {
			for _, act := range []string{"INSERT", "UPDATE", "DELETE"} {
				if _, err := db.sql.Exec(fmt.Sprintf("CREATE TRIGGER broken BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, 'broken'); END", act, table)); err != nil {
					t.Fatal(err)
				}
				err := call(ctx)
				if _, err := db.sql.Exec("DROP TRIGGER broken"); err != nil {
					t.Fatal(err)
				}
				if err != nil {
					failed[name] = append(failed[name], act+" "+table)
					if after := content(t, db); after != before {
						t.Errorf("%s without %s: %v, and the store became\n%s\nfrom\n%s", name, act+" "+table, err, after, before)
					}
					continue
				}
				db = again(t, db, image)
			}
		}
	}
	for name := range calls {
		if len(failed[name]) < writes[name] {
			t.Errorf("%s failed without %q alone, want %d kinds of row at the least", name, failed[name], writes[name])
		}
	}
}
