package data

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func entryAt(hour int, what Act, detail string) Entry {
	return Entry{At: time.Date(2026, 3, 5, hour, 0, 0, 0, time.UTC), Who: "ann", What: what, Detail: detail}
}

func verified(t *testing.T, db *DB) (findings []string, n int64, head string) {
	t.Helper()
	findings, n, head, err := db.VerifyAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return findings, n, head
}

func TestAudit(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	if findings, n, head := verified(t, db); len(findings) != 0 || n != 0 || head != noHash {
		t.Errorf("an empty log: %v, %d, %s", findings, n, head)
	}
	if err := db.Audit(ctx, entryAt(1, Collection, "8 reports"), entryAt(2, Disclosure, "to a supervisor")); err != nil {
		t.Fatal(err)
	}
	for _, detail := range []string{"the list of the review", "the plan"} {
		if err := db.AuditLater(ctx, entryAt(3, Consultation, detail)); err != nil {
			t.Fatal(err)
		}
	}
	st, err := os.Stat(db.pending())
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("what waits: %v, %v", st, err)
	}
	if _, n, _ := verified(t, db); n != 2 {
		t.Errorf("%d entries before the next writer", n)
	}
	waiting, err := os.ReadFile(db.pending())
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Audit(ctx, entryAt(4, Alteration, "1 decision")); err != nil {
		t.Fatal(err)
	}
	// a writer that was killed between the commit and the clearing
	if err := os.WriteFile(db.pending(), append(waiting, []byte(`{"nonce":"cut o`)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Audit(ctx, entryAt(5, Alteration, "2 decisions")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(db.pending()); !gone(err) {
		t.Errorf("what waited is still there: %v", err)
	}
	all, err := db.AuditLog(ctx, time.Time{}, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var details []string
	for _, e := range all {
		details = append(details, e.Detail)
	}
	want := []string{"8 reports", "to a supervisor", "the list of the review", "the plan", "1 decision", "an entry that was cut off", "2 decisions"}
	if diff := cmp.Diff(want, details); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	if some, err := db.AuditLog(ctx, time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC), time.Date(2026, 3, 5, 4, 0, 0, 0, time.UTC)); err != nil || len(some) != 3 {
		t.Errorf("%d entries of two hours, %v", len(some), err)
	}
	if findings, n, head := verified(t, db); len(findings) != 0 || n != 7 || head != all[6].Hash {
		t.Errorf("the whole log: %v, %d, %s", findings, n, head)
	}
	for _, statement := range []string{"UPDATE audit SET who = 'bob'", "DELETE FROM audit WHERE id = 3"} {
		if _, err := db.sql.Exec(statement); err == nil || !strings.Contains(err.Error(), "only ever added to") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// Who has the file can drop the triggers; what he changes shows all the same.
func TestAuditShowsWhatWasDoneToIt(t *testing.T) {
	for name, tt := range map[string]struct {
		statement string
		want      []string
	}{
		"changed":  {"UPDATE audit SET detail = 'to nobody' WHERE id = 2", []string{"entry 2 of the audit log was changed"}},
		"removed":  {"DELETE FROM audit WHERE id IN (2, 3)", []string{"entries 2 to 3 of the audit log are missing"}},
		"moved up": {"DELETE FROM audit WHERE id = 2; UPDATE audit SET id = id - 1 WHERE id > 2", []string{"entry 2 of the audit log does not follow the one before it", "entry 2 of the audit log was changed", "entry 3 of the audit log was changed"}},
		"inserted": {"UPDATE audit SET id = 5 WHERE id = 4; INSERT INTO audit SELECT 4, 'x', at, who, what, run, detail, hash, '" + strings.Repeat("f", 64) + "' FROM audit WHERE id = 3",
			[]string{"entry 4 of the audit log was changed", "entry 5 of the audit log does not follow the one before it", "entry 5 of the audit log was changed"}},
	} {
		db := openTemp(t)
		if err := db.Audit(t.Context(), entryAt(1, Collection, "8 reports"), entryAt(2, Disclosure, "to a supervisor"), entryAt(3, Combination, ""), entryAt(4, Erasure, "")); err != nil {
			t.Fatal(err)
		}
		if _, err := db.sql.Exec("DROP TRIGGER audit_stays; DROP TRIGGER audit_is_as_it_was; " + tt.statement); err != nil {
			t.Fatal(name, err)
		}
		findings, _, _ := verified(t, db)
		if diff := cmp.Diff(tt.want, findings); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAuditLaterRefuses(t *testing.T) {
	db := openTemp(t)
	if err := os.Mkdir(db.pending(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := db.AuditLater(t.Context(), entryAt(1, Consultation, "")); err == nil || !strings.Contains(Hint(err), "not shown") {
		t.Errorf("error %v with hint %q", err, Hint(err))
	}
	if err := db.Audit(t.Context(), entryAt(1, Collection, "")); err == nil {
		t.Error("a writer passes over what waits")
	}
}

func TestVerify(t *testing.T) {
	db := openTemp(t)
	if findings, err := db.Verify(t.Context()); len(findings) != 0 || err != nil {
		t.Errorf("a new database: %v, %v", findings, err)
	}
	conn, err := db.sql.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "PRAGMA foreign_keys = off; INSERT INTO refused (input_id, line, field, reason, unread) VALUES (99, 1, '', 'x', 0)"); err != nil {
		t.Fatal(err)
	}
	findings, err := db.Verify(t.Context())
	if diff := cmp.Diff([]string{"a row of refused refers to one that is not there"}, findings); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// A log whose tail was cut off is well in itself; the runs know what is missing.
func TestCutTailShowsByTheRuns(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	night := func(n int) time.Time { return time.Date(2026, 3, n, 2, 0, 0, 0, time.UTC) }
	for n := 1; n <= 3; n++ {
		id := "run" + string(rune('0'+n))
		about := entryAt(n, Combination, "analysed")
		about.Run = id
		if err := db.Audit(ctx, entryAt(n, Collection, "a file"), about); err != nil {
			t.Fatal(err)
		}
		mark, err := db.AuditMark(ctx, night(n))
		if err != nil || n == 1 && mark != (Mark{Hash: noHash}) || n > 1 && mark.Entry != int64(2*n-2) {
			t.Fatalf("night %d rests on %+v, %v", n, mark, err)
		}
		manifest := []byte(jsonText(map[string]any{"audit": mark}))
		if err := db.StoreRun(ctx, Run{ID: id, AsOf: night(n), Manifest: manifest}); err != nil {
			t.Fatal(err)
		}
		for _, m := range []struct {
			mark Mark
			want bool
		}{{mark, true}, {Mark{}, true}, {Mark{Hash: noHash}, true}, {Mark{Hash: mark.Hash}, n == 1}, {Mark{Entry: 99, Hash: mark.Hash}, false}, {Mark{Entry: 1, Hash: noHash}, false}} {
			if known, err := db.Marked(ctx, m.mark); err != nil || known != m.want {
				t.Errorf("night %d: %+v known: %v, %v", n, m.mark, known, err)
			}
		}
	}
	if again, err := db.AuditMark(ctx, night(2)); err != nil || again.Entry != 2 {
		t.Errorf("night 2 done again rests on %+v, %v: want what it rested on", again, err)
	}
	if findings, n, _ := verified(t, db); len(findings) != 0 || n != 6 {
		t.Fatalf("%d entries: %v", n, findings)
	}
	if _, err := db.sql.Exec("DROP TRIGGER audit_stays"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		keep int
		want []string
	}{
		{5, []string{"the audit log has no entry about run run3: its end was cut off"}},
		{3, []string{"the audit log has no entry about run run2: its end was cut off", "the audit log has no entry about run run3: its end was cut off",
			"entry 4 of the audit log is not the one that run run3 names"}},
	} {
		if _, err := db.sql.Exec("DELETE FROM audit WHERE id > ?", c.keep); err != nil {
			t.Fatal(err)
		}
		findings, _, _ := verified(t, db)
		if diff := cmp.Diff(c.want, findings); diff != "" {
			t.Errorf("after entry %d was the last (-want +got):\n%s", c.keep, diff)
		}
	}
	// A run from before there was a log is no gap.
	if _, err := db.sql.Exec("UPDATE run SET audited = 0, manifest = '{}'"); err != nil {
		t.Fatal(err)
	}
	if findings, _, _ := verified(t, db); len(findings) != 0 {
		t.Errorf("runs without a log: %v", findings)
	}
}

// Whatever stands in the file of the entries that wait, each of its lines is an entry
// with a nonce: one that was cut off is not lost.
func FuzzPending(f *testing.F) {
	f.Add([]byte(`{"nonce":"n","at":1442455200,"who":"ann","what":"consultation","run":"","detail":"the plan"}` + "\n"))
	f.Add([]byte(`{"nonce":"n","at":14424552` + "\n" + `{}` + "\n\n"))
	f.Add([]byte("\x00\xff"))
	db := &DB{path: filepath.Join(f.TempDir(), "x.db")}
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(db.pending(), text, 0o600); err != nil {
			t.Fatal(err)
		}
		entries, err := db.waiting()
		if err != nil {
			return
		}
		lines := bytes.Count(text, []byte("\n"))
		if len(text) > 0 && text[len(text)-1] != '\n' {
			lines++
		}
		if len(entries) != lines {
			t.Errorf("%d entries of %d lines", len(entries), lines)
		}
		for _, e := range entries {
			if e.nonce == "" || !e.What.known() {
				t.Errorf("%q gives an entry that cannot be chained: %+v", text, e)
			}
		}
	})
}
