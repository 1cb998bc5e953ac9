package data

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

func TestBackup(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	if _, err := db.Ingest(ctx, inputA, rowsOf(row{report: testReport("R1", "Mill Street, Elsing", 1)})); err != nil {
		t.Fatal(err)
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	guard := Guard{Ours: IsBackup, Keep: []string{db.path}}
	sealed, plain := filepath.Join(dir, "b.age"), filepath.Join(dir, "b.db")
	for range 2 { // the second writes over the first
		if err := db.Backup(ctx, sealed, guard, []string{key.Recipient().String()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Backup(ctx, plain, guard, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(sealed)
	if err != nil || bytes.Contains(text, []byte("Elsing")) || bytes.Contains(text, []byte("SQLite")) {
		t.Errorf("the sealed backup can be read: %v", err)
	}
	if st, err := os.Stat(sealed); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	entries, err := os.ReadDir(filepath.Dir(db.path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if end := strings.TrimPrefix(e.Name(), filepath.Base(db.path)); end != "" && end != "-wal" && end != "-shm" {
			t.Errorf("left behind: %s", e.Name())
		}
	}
	for name, tt := range map[string]struct{ backup, keys string }{"sealed": {sealed, key.String()}, "plain": {plain, ""}} {
		path := filepath.Join(dir, name)
		if err := Restore(ctx, tt.backup, path, tt.keys); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		back, err := Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		defer back.Close()
		if kept, err := back.Kept(ctx); err != nil || len(kept) != 1 || kept[0].Location != "Mill Street, Elsing" {
			t.Errorf("%s: %v, %v", name, kept, err)
		}
		if err := Restore(ctx, tt.backup, path, tt.keys); err == nil || !strings.Contains(err.Error(), "there already") {
			t.Errorf("%s: over a database: %v", name, err)
		}
	}
	altered := filepath.Join(dir, "altered.age")
	text[len(text)-1] ^= 1
	if err := os.WriteFile(altered, text, 0o600); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(dir, "short")
	if err := os.WriteFile(short, []byte("no"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ backup, keys, want string }{
		"another's key": {sealed, other.String(), "was not made for these keys"},
		"no key":        {sealed, "", "private keys cannot be read"},
		"altered":       {altered, key.String(), "restore altered.age"},
		"no backup":     {short, "", "is no backup"},
		"not there":     {filepath.Join(dir, "none"), "", "read none"},
	} {
		path := filepath.Join(dir, "new.db")
		if err := Restore(ctx, tt.backup, path, tt.keys); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(path); !gone(err) {
			t.Errorf("%s: something was written", name)
		}
	}
	if err := db.Backup(ctx, plain, guard, []string{"age1nonsense"}); err == nil {
		t.Error("a recipient that is none is taken")
	}
	if err := db.Backup(ctx, db.path, guard, nil); err == nil {
		t.Error("the backup takes the place of the database")
	}
}

// A backup is made while a writer writes, of what was there before.
func TestBackupWhileAWriterWrites(t *testing.T) {
	db := openTemp(t)
	writing, written, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		_, err := db.Ingest(t.Context(), inputA, func(yield func(Report, error) bool) {
			yield(testReport("R1", "Mill Street, Elsing", 1), nil)
			close(writing)
			<-written
		})
		ended <- err
	}()
	<-writing
	path := filepath.Join(t.TempDir(), "b.db")
	if err := db.Backup(t.Context(), path, Guard{}, nil); err != nil { // waiting would end in an error: the writer goes on
		t.Error(err)
	}
	close(written)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	back, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	if kept, err := back.Kept(t.Context()); len(kept) != 0 || err != nil {
		t.Errorf("%v, %v: want what was committed", kept, err)
	}
}

// What was deleted, and is still in the pages of the database, goes into no backup.
func TestBackupHoldsNothingDeleted(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	if _, err := db.Ingest(ctx, inputA, func(yield func(Report, error) bool) {
		for i := range 400 {
			yield(testReport(fmt.Sprintf("R%d", i), fmt.Sprintf("%d Canary Lane", i), 1), nil)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.sql.ExecContext(ctx, "PRAGMA secure_delete = OFF; DELETE FROM report; PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	holds := func(path string) bool {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(text, []byte("Canary Lane"))
	}
	if !holds(db.path) {
		t.Fatal("nothing of what was deleted is left in the database: the test shows nothing")
	}
	path := filepath.Join(t.TempDir(), "b.db")
	if err := db.Backup(ctx, path, Guard{}, nil); err != nil {
		t.Fatal(err)
	}
	if holds(path) {
		t.Error("the backup holds what was deleted")
	}
}

// A copy waits for another program with what it copies to, and no longer than told.
func TestBackupWaitsForAnotherProgram(t *testing.T) {
	db := openTemp(t)
	path := filepath.Join(t.TempDir(), "copy")
	other, err := sql.Open("sqlite3", "file:"+path+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	db.patience = 50 * time.Millisecond
	if err := db.copyTo(t.Context(), path); !Busy(err) {
		t.Errorf("%v: want that it is in use", err)
	}
	db.patience = time.Minute
	time.AfterFunc(100*time.Millisecond, func() { tx.Rollback() })
	if err := db.copyTo(t.Context(), path); err != nil {
		t.Error(err)
	}
	if findings, err := checkDraft(t.Context(), path); err != nil || len(findings) > 0 {
		t.Errorf("the copy: %v, %v", findings, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.copyTo(ctx, filepath.Join(t.TempDir(), "none")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v: want that it was interrupted", err)
	}
}

// A copy that a killed backup left is gone after the next, and after a purge.
func TestBackupClearsCopies(t *testing.T) {
	db := openTemp(t)
	left := db.path + copyMark + "1"
	for name, do := range map[string]func() error{
		"a backup": func() error {
			return db.Backup(t.Context(), filepath.Join(t.TempDir(), "b.db"), Guard{}, nil)
		},
		"a purge": func() error {
			_, err := db.Erase(t.Context(), nil, nil)
			return err
		},
	} {
		if err := os.WriteFile(left, []byte("the database"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := do(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := os.Lstat(left); !gone(err) {
			t.Errorf("%s leaves the copy: %v", name, err)
		}
	}
}
