package data

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func foreign(t *testing.T, statements string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "theirs.gpkg")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
	return path
}

// A table of another program is read as text and bytes, a column that is asked for
// by no name is nil, and neither the file nor its folder is written.
func TestForeign(t *testing.T) {
	path := foreign(t, `CREATE TABLE "a b" (n INTEGER, x REAL, s TEXT, g BLOB); INSERT INTO "a b" VALUES (7, 2.5, 'Lane', x'00ff'), (NULL, 1e6, '', NULL);
		CREATE VIEW v AS SELECT * FROM "a b"; CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);`)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	f, err := OpenForeign(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := f.Tables(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"n", "x", "s", "g"}, tables["a b"]); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if tables["v"] != nil || tables["r"] != nil {
		t.Errorf("a view or a virtual table is seen: %v", tables)
	}
	var got []string
	for values, err := range f.Rows(ctx, "a b", []string{"s", "", "n", "x", "g"}) {
		if err != nil {
			t.Fatal(err)
		}
		if values[1] != nil {
			t.Errorf("a column without a name gives %q", values[1])
		}
		var parts []string
		for _, v := range values {
			parts = append(parts, string(v))
		}
		got = append(got, strings.Join(parts, "|"))
	}
	if diff := cmp.Diff([]string{"Lane||7|2.5|\x00\xff", "|||1e+06|"}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(before) != string(after) {
		t.Error("the file was written to")
	}
	if beside, _ := filepath.Glob(path + "-*"); len(beside) != 0 {
		t.Errorf("files beside it: %v", beside)
	}
}

// A value beyond what memory is set aside for is an error, and so is a stop.
func TestForeignIsBounded(t *testing.T) {
	path := foreign(t, `CREATE TABLE big (g BLOB); INSERT INTO big VALUES (zeroblob(20000000))`)
	f, err := OpenForeign(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var user *UserError
	for _, err := range f.Rows(context.Background(), "big", []string{"g"}) {
		if !errors.As(err, &user) {
			t.Errorf("20 MB in one value: %v", err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	for _, err := range f.Rows(ctx, "big", []string{"g"}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after a stop: %v", err)
		}
	}
}
