package data

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"spreewatch/geo"
)

// A store that was closed, as one whose disk went away, says so in every call.
func TestClosedStore(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"Ingest":     func() error { _, err := db.Ingest(ctx, inputA, rowsOf()); return err },
		"Refusals":   func() error { _, err := db.Refusals(ctx, []string{"x"}); return err },
		"Unlocated":  func() error { _, err := db.Unlocated(ctx, "g"); return err },
		"Group":      func() error { return lastError(db.UnlocatedOf(ctx, "g", Group{})) },
		"NotLooked":  func() error { _, err := db.NotLookedUp(ctx); return err },
		"Brief":      func() error { return eachBrief(ctx, db, time.Time{}, time.Now(), nil) },
		"LocatedOf":  func() error { _, err := db.LocatedOf(ctx, nil, true); return err },
		"Located":    func() error { _, err := db.Located(ctx, time.Time{}, time.Now()); return err },
		"Older":      func() error { _, _, err := db.Older(ctx, time.Now()); return err },
		"Store":      func() error { return db.StoreMatches(ctx, "g", nil) },
		"Overrides":  func() error { _, err := db.Overrides(ctx); return err },
		"Set":        func() error { return db.SetOverrides(ctx, nil) },
		"StoreRun":   func() error { return db.StoreRun(ctx, Run{}) },
		"Before":     func() error { _, err := db.SpreesBefore(ctx, time.Now()); return err },
		"PastSprees": func() error { _, err := db.PastSprees(ctx, time.Now()); return err },
		"LastRun":    func() error { _, err := db.LastRun(ctx); return err },
		"Sources":    func() error { _, err := db.GazetteerSources(ctx); return err },
		"Index":      func() error { _, _, err := db.GazetteerIndex(ctx, ""); return err },
		"Replace":    func() error { _, err := db.ReplaceGazetteers(ctx, nil); return err },
		"StoreIndex": func() error { return db.StoreGazetteerIndex(ctx, "", func(io.Writer) error { return nil }) },
		"Entries": func() error {
			for _, err := range db.GazetteerEntries(ctx, nil) {
				return err
			}
			return nil
		},
	} {
		if err := call(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestOlderAndLastRun(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	if n, newest, err := db.Older(ctx, time.Now()); n != 0 || !newest.IsZero() || err != nil {
		t.Errorf("of no reports: %d, %v, %v", n, newest, err)
	}
	if last, err := db.LastRun(ctx); !last.IsZero() || err != nil {
		t.Errorf("of no runs: %v, %v", last, err)
	}
	first := testReport("R1", "Mill Street, Elsing", 1)
	second := testReport("R2", "Norwich Road, Dereham", 2)
	second.From, second.To = first.From.Add(time.Hour), first.From.Add(time.Hour)
	if _, err := db.Ingest(ctx, inputA, rowsOf(row{report: first}, row{report: second})); err != nil {
		t.Fatal(err)
	}
	// on the second itself a report is not older
	if n, newest, err := db.Older(ctx, second.From); n != 1 || !newest.Equal(second.From) || err != nil {
		t.Errorf("%d older, newest %v, %v", n, newest, err)
	}
	if n, err := db.NotLookedUp(ctx); n != 2 || err != nil {
		t.Errorf("%d not looked up, %v", n, err)
	}
	if err := db.StoreMatches(ctx, "g", []Located{{Report: first, Match: geo.Match{Rule: "x"}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := db.NotLookedUp(ctx); n != 1 || err != nil {
		t.Errorf("%d not looked up, %v", n, err)
	}
	night := time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC)
	for i, asOf := range []time.Time{night, night.Add(-time.Hour)} {
		if err := db.StoreRun(ctx, Run{ID: fmt.Sprint(i), AsOf: asOf, Manifest: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
	}
	if last, err := db.LastRun(ctx); !last.Equal(night.Add(-time.Hour)) || err != nil {
		t.Errorf("last run as of %v, %v: want that stored last", last, err)
	}
}

// What a damaged row holds is an error that names the report, not a wrong answer.
func TestDamagedRows(t *testing.T) {
	for column, value := range map[string]string{"level": "'roof'", "corrections": "'7'", "candidates": `'{"a":1}'`} {
		db := openTemp(t)
		report := testReport("R1", "Mill Street, Elsing", 1)
		if _, err := db.Ingest(t.Context(), inputA, rowsOf(row{report: report})); err != nil {
			t.Fatal(err)
		}
		if err := db.StoreMatches(t.Context(), "g", []Located{{Report: report, Match: geo.Match{Rule: "x"}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.sql.Exec("UPDATE match SET " + column + " = " + value); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Located(t.Context(), time.Time{}, time.Now()); err == nil || !strings.Contains(err.Error(), "report R1") {
			t.Errorf("%s: %v, %v", column, got, err)
		}
	}
	db := openTemp(t)
	if err := db.StoreMatches(t.Context(), "g", []Located{{Report: Report{Ref: "R9"}}}); err == nil || !strings.Contains(err.Error(), "R9") {
		t.Errorf("a match of no report: %v", err)
	}
	if _, err := db.sql.Exec(`INSERT INTO run (id, as_of, manifest) VALUES ('r', 1, '{}');
		INSERT INTO spree (run_id, spree_id, status, offence, method, dormant, detail) VALUES ('r', 's', 'new', '', 'rule', 0, '[1]');
		INSERT INTO decision (key, match, who, decided) VALUES ('k', '[1]', 'w', 1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SpreesBefore(t.Context(), time.Now()); err == nil || !strings.Contains(err.Error(), "run r") {
		t.Errorf("a damaged spree: %v", err)
	}
	if _, err := db.Overrides(t.Context()); err == nil {
		t.Error("a damaged decision is taken")
	}
}

// failing returns the error that SQLite gives when its database is made to.
func failing(t *testing.T, pragma string) error {
	t.Helper()
	db := openTemp(t)
	conn, err := db.sql.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), pragma); err != nil {
		t.Fatal(err)
	}
	_, err = conn.ExecContext(t.Context(), "CREATE TABLE big AS SELECT zeroblob(1000000) AS b")
	if err == nil {
		t.Fatalf("%s and no error", pragma)
	}
	return err
}

func TestOpenErrors(t *testing.T) {
	full := failing(t, "PRAGMA max_page_count = 1")
	for want, err := range map[string]error{
		"no space left for database x.db":                 full,
		"database x.db cannot be written":                 failing(t, "PRAGMA query_only = 1"),
		"open database x.db: something else":              errors.New("something else"),
		"database x.db was written by a newer spreewatch": &newerError{have: 9, know: 3},
	} {
		if got := openError("x.db", err).Error(); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if !Full(fmt.Errorf("write: %w", syscall.ENOSPC)) || !Full(full) || Full(io.EOF) {
		t.Error("a full disk is not told from another error")
	}
	if SQLiteVersion() < "3.3" {
		t.Errorf("SQLite %q", SQLiteVersion())
	}
}

func TestWriteWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "pairs.csv")
	write := func(text string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			if _, werr := io.WriteString(w, text); werr != nil {
				return werr
			}
			return err
		}
	}
	if err := WriteWhole(path, Guard{}, write("first", nil)); err != nil {
		t.Fatal(err)
	}
	broken, ours := errors.New("broken"), Guard{Ours: Begins("fir")}
	if err := WriteWhole(path, ours, write("second", broken)); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if got, err := os.ReadFile(path); string(got) != "first" || err != nil {
		t.Errorf("after a failure the file holds %q, %v", got, err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	input, link, empty := filepath.Join(dir, "input"), filepath.Join(dir, "link"), filepath.Join(dir, "empty")
	if err := errors.Join(os.WriteFile(input, []byte("first of my own"), 0o600), os.Symlink(path, link), os.WriteFile(empty, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		path string
		g    Guard
	}{
		"nothing is ours":        {path, Guard{}},
		"another's":              {path, Guard{Ours: Begins("second")}},
		"an input":               {input, Guard{Ours: Begins("first"), Keep: []string{"-", "", filepath.Join(dir, ".", "input")}}},
		"an input by a link":     {link, Guard{Ours: Begins("first"), Keep: []string{path}}},
		"a link":                 {link, ours},
		"an input that is empty": {empty, Guard{Keep: []string{empty}}},
	} {
		if err := WriteWhole(tt.path, tt.g, write("x", nil)); err == nil || Hint(err) == "" {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if err := WriteWhole(empty, Guard{}, write("x", nil)); err != nil {
		t.Errorf("an empty file: %v", err)
	}
	if err := WriteWhole(path, ours, write("first", nil)); err != nil {
		t.Errorf("an earlier output: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, draftPattern))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	for name, in := range map[string]string{"a folder in the way": dir, "no such folder": filepath.Join(dir, "no", "x.csv")} {
		err := WriteWhole(in, Guard{}, write("x", nil))
		var u *UserError
		if !errors.As(err, &u) || strings.Contains(u.Error(), ".tmp") {
			t.Errorf("%s: %v", name, err)
		}
	}
	d, err := NewDraft(filepath.Join(dir, "other"), write("abc", nil))
	if err != nil || d.Bytes != 3 || d.SHA256 != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" { // FIPS 180-2, B.1
		t.Errorf("%+v, %v", d, err)
	}
	d.Discard()
	if _, err := os.Stat(d.Path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a draft that was discarded: %v", err)
	}
}

func TestErrors(t *testing.T) {
	inner := &UserError{Msg: "no column", Hint: "--column"}
	outer := fmt.Errorf("read: %w", inner)
	if Hint(outer) != "--column" || Hint(io.EOF) != "" || Hint(nil) != "" {
		t.Errorf("hints %q, %q", Hint(outer), Hint(io.EOF))
	}
	wrapped := &UserError{Msg: "read x", Err: io.EOF}
	if wrapped.Error() != "read x: EOF" || !errors.Is(wrapped, io.EOF) {
		t.Errorf("%v", wrapped)
	}
	for want, row := range map[string]*RowError{
		"x.csv:7: no time":       {Source: "x.csv", Line: 7, Reason: "no time"},
		"x.csv:7: from: no time": {Source: "x.csv", Line: 7, Field: "from", Reason: "no time"},
	} {
		if row.Error() != want {
			t.Errorf("got %q, want %q", row.Error(), want)
		}
	}
	if err := PathCause(&fs.PathError{Op: "open", Path: "/home/jo", Err: syscall.EACCES}); err != syscall.EACCES {
		t.Errorf("%v", err)
	}
}
