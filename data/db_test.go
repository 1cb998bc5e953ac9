package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func openTemp(t *testing.T) *DB {
	t.Helper()
	db, err := Open(context.Background(), filepath.Join(t.TempDir(), "spreewatch.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// A key that SQLite's driver does not know is ignored in silence, so each is
// read back, on two connections at once.
func TestPragmas(t *testing.T) {
	db := openTemp(t)
	var held []*sql.Conn
	for range 2 {
		conn, err := db.sql.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	want := map[string]string{"journal_mode": "wal", "synchronous": "1", "busy_timeout": "5000", "foreign_keys": "1"}
	for i, conn := range held {
		for pragma, w := range want {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil {
				t.Fatal(err)
			}
			if got != w {
				t.Errorf("connection %d: %s = %s, want %s", i, pragma, got, w)
			}
		}
		conn.Close()
	}
}

// Without _txlock=immediate one of two read-then-write transactions fails at
// once, whatever the busy timeout.
func TestTransactionsWait(t *testing.T) {
	db := openTemp(t)
	if _, err := db.sql.Exec("CREATE TABLE n (v INTEGER); INSERT INTO n VALUES (0)"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	errs := make(chan error, 8)
	for range 8 {
		wg.Go(func() {
			errs <- db.transaction(t.Context(), func(tx *sql.Tx) error {
				var v int
				if err := tx.QueryRow("SELECT v FROM n").Scan(&v); err != nil {
					return err
				}
				_, err := tx.Exec("UPDATE n SET v = ?", v+1)
				return err
			})
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	var v int
	if err := db.sql.QueryRow("SELECT v FROM n").Scan(&v); err != nil || v != 8 {
		t.Errorf("counter = %d, %v; want 8", v, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	write := func(content string) func(string) error {
		return func(path string) error { return os.WriteFile(path, []byte(content), 0o600) }
	}
	exec := func(statement string) func(string) error {
		return func(path string) error {
			db, err := Open(context.Background(), path)
			if err != nil {
				return err
			}
			defer db.Close()
			_, err = db.sql.Exec(statement)
			return err
		}
	}
	for _, tt := range []struct {
		name    string
		prepare func(path string) error
		want    string
	}{
		{"text file", write(strings.Repeat("not a database, a letter\n", 60)), "not a spreewatch database"},
		{"short text file", write("hello"), "not a spreewatch database"},
		{"newer by one", exec(fmt.Sprintf("PRAGMA user_version = %d", SchemaVersion()+1)), fmt.Sprintf("newer spreewatch: schema %d, and this program knows up to %d", SchemaVersion()+1, SchemaVersion())},
		{"folder", func(path string) error { return os.Mkdir(path, 0o700) }, "is a folder"},
		{"another program's", func(path string) error {
			other, err := sql.Open("sqlite3", path)
			if err != nil {
				return err
			}
			defer other.Close()
			_, err = other.Exec("CREATE TABLE theirs (a)")
			return err
		}, "another program"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			if err := tt.prepare(path); err != nil {
				t.Fatal(err)
			}
			before, _ := os.ReadFile(path)
			db, err := Open(t.Context(), path)
			if err == nil {
				db.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q, want one with %q", err, tt.want)
			}
			var u *UserError
			if !errors.As(err, &u) || u.Hint == "" {
				t.Errorf("error %q has no hint", err)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpenCreatesPrivateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c#d%41.db")
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no file at %q: %v", path, err)
	}
	for _, file := range files {
		st, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%o", st.Mode().Perm()); got != "600" {
			t.Errorf("%s has mode %s, want 600", filepath.Base(file), got)
		}
		if !strings.HasPrefix(filepath.Base(file), "a b?c#d%41.db") {
			t.Errorf("stray file %q", filepath.Base(file))
		}
	}
}

// What is sorted, or has to be undone, is kept in memory on every connection, not in a file
// beside the store.
func TestNoTemporaryFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.db")
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reader, err := Read(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for _, db := range []*DB{db, reader} {
		for range 2 {
			conn, err := db.sql.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			var where int
			if err := conn.QueryRowContext(t.Context(), "PRAGMA temp_store").Scan(&where); err != nil || where != 2 {
				t.Errorf("temp_store %d, %v; want 2, memory", where, err)
			}
		}
	}
}
