package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// unlocked leaves out SQLite's own lock on a connection: database/sql lets one goroutine
// use it at a time.
const unlocked = "_mutex=no"

// pragmas go in the DSN, because an Exec reaches one pooled connection only.
const pragmas = unlocked + "&_journal_mode=WAL&_synchronous=NORMAL&_txlock=immediate&_foreign_keys=on"

// connections keep in memory what SQLite sorts and what it has to undo where a statement
// fails: a temporary file would hold reports, outside of the store.
var connections = &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
	_, err := c.Exec("PRAGMA temp_store = MEMORY", nil)
	return err
}}

// A source is a database that connections lead to, by its DSN.
type source string

func (s source) Connect(context.Context) (driver.Conn, error) { return connections.Open(string(s)) }
func (s source) Driver() driver.Driver                        { return connections }

// Patience is how long a statement waits for another program that has locked the
// database.
const Patience = 5 * time.Second

// A DB is an open store.
type DB struct {
	sql      *sql.DB
	path     string
	patience time.Duration // of a transaction with another program's lock
	ReadOnly bool          // opened by Read: nothing can be stored
}

// Open opens the store at path, creates it with mode 0600 where there is none,
// and brings its tables up to date. It refuses a file that is not an SQLite
// database and one that a newer spreewatch wrote, and changes neither. Its statements
// wait for another program with Patience.
func Open(ctx context.Context, path string) (*DB, error) {
	return OpenPatiently(ctx, path, Patience)
}

// OpenPatiently opens the store as Open does, and its transactions wait as long as told
// for another program that has locked the database. SQLite hears of no interrupt while
// it waits, so that it waits with Patience at most, and again.
func OpenPatiently(ctx context.Context, path string, patience time.Duration) (*DB, error) {
	name := filepath.Base(path)
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		return nil, &UserError{Msg: fmt.Sprintf("%s is a folder, not a database", name), Hint: "name a file: --db " + filepath.Join(name, "spreewatch.db")}
	}
	if err := peek(path); err != nil {
		return nil, err
	}
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: fmt.Sprintf("%s&_busy_timeout=%d", pragmas, min(patience, Patience).Milliseconds())}
	conn := sql.OpenDB(source(dsn.String()))
	db := &DB{sql: conn, path: path, patience: patience}
	if err := db.migrate(ctx); err != nil {
		conn.Close()
		return nil, openError(name, err)
	}
	return db, nil
}

// Read opens the store at path to look something up in it. It makes none, brings no
// table up to date and writes nothing.
func Read(ctx context.Context, path string) (*DB, error) {
	name := filepath.Base(path)
	if _, err := os.Stat(path); err != nil {
		return nil, &UserError{Msg: "open database " + name, Err: PathCause(err), Hint: "name another file with --db FILE"}
	}
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: fmt.Sprintf("mode=ro&%s&_busy_timeout=%d&_query_only=1", unlocked, Patience.Milliseconds())}
	conn := sql.OpenDB(source(dsn.String()))
	var version int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		conn.Close()
		return nil, openError(name, err)
	}
	return &DB{sql: conn, path: path, ReadOnly: true}, nil
}

// applicationID marks a file as spreewatch's: "spre" in ASCII.
const applicationID = 0x73707265

// peek creates an empty file where there is none, and otherwise reads the
// header of the file (SQLite file format, section 1.3) to refuse one that is
// not ours before SQLite writes to it: changing to WAL mode would.
func peek(path string) error {
	name := filepath.Base(path)
	const hint = "name another file with --db FILE"
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return &UserError{Msg: "open database " + name, Err: PathCause(err), Hint: hint}
	}
	defer f.Close()
	header := make([]byte, 100)
	switch n, err := io.ReadFull(f, header); {
	case errors.Is(err, io.EOF):
		return f.Chmod(0o600) // an empty file that was there may be open to others
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return &UserError{Msg: "read database " + name, Err: PathCause(err), Hint: hint}
	case n < len(header) || string(header[:16]) != "SQLite format 3\x00":
		return &UserError{Msg: name + " is not a spreewatch database", Hint: hint}
	case binary.BigEndian.Uint32(header[28:]) == 1:
		return nil // one page: no table yet, as a first run that was killed leaves it
	case binary.BigEndian.Uint32(header[68:]) != applicationID:
		return &UserError{Msg: name + " belongs to another program", Hint: hint}
	}
	return nil
}

// Close closes the store.
func (db *DB) Close() error { return db.sql.Close() }

// newerError is a database with more migrations than this program knows.
type newerError struct{ have, know int }

func (e *newerError) Error() string {
	return fmt.Sprintf("schema %d, and this program knows up to %d", e.have, e.know)
}

func openError(name string, err error) error {
	var newer *newerError
	var lite sqlite3.Error
	switch {
	case errors.As(err, &newer):
		return &UserError{Msg: fmt.Sprintf("database %s was written by a newer spreewatch", name), Err: newer, Hint: "install the newer spreewatch, or name another file with --db FILE"}
	case errors.As(err, &lite) && lite.Code == sqlite3.ErrNotADB:
		return &UserError{Msg: name + " is not a spreewatch database", Hint: "name another file with --db FILE"}
	case Full(err):
		return &UserError{Msg: "no space left for database " + name, Hint: "free some space, or name another place with --db FILE"}
	case errors.As(err, &lite) && (lite.Code == sqlite3.ErrReadonly || lite.Code == sqlite3.ErrCantOpen || lite.Code == sqlite3.ErrPerm):
		return &UserError{Msg: "database " + name + " cannot be written", Hint: "name another file with --db FILE"}
	case Busy(err):
		return &UserError{Msg: "database " + name + " is in use by another run", Hint: "wait for it to end"}
	}
	return fmt.Errorf("open database %s: %w", name, err)
}

// migrate applies the migrations that the file lacks, all in one transaction.
func (db *DB) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	// A reader must not wait for a writer, and a transaction here is a writer's.
	var version int
	if err := db.sql.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil || version == len(files) {
		return err
	}
	return db.transaction(ctx, func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
			return err
		}
		if have > len(files) {
			return &newerError{have: have, know: len(files)}
		}
		for i, file := range files {
			number, err := strconv.Atoi(strings.SplitN(filepath.Base(file), "_", 2)[0])
			if err != nil || number != i+1 {
				panic("data: migrations are not numbered 0001, 0002, …")
			}
			if number <= have {
				continue
			}
			text, err := fs.ReadFile(migrations, file)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("migration %04d: %w", number, err)
			}
		}
		if have == len(files) {
			return nil
		}
		if err := fillCells(ctx, tx); err != nil {
			return fmt.Errorf("cells of what was located before: %w", err)
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(files)))
		return err
	})
}

// transaction runs f in one transaction: all of it is kept or none.
func (db *DB) transaction(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := db.begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// begin begins a transaction that writes, once no other program does.
func (db *DB) begin(ctx context.Context) (*sql.Tx, error) {
	deadline := time.Now().Add(db.patience)
	for {
		tx, err := db.sql.BeginTx(ctx, nil)
		if !Busy(err) || ctx.Err() != nil || !time.Now().Before(deadline) {
			return tx, err
		}
	}
}

// copyStep is how many pages are copied between two looks at the context: 1 MB.
const copyStep = 256

// copyTo fills the file, which is empty, with the database as it is at one moment, by
// SQLite's backup. It reads in one transaction, so that a page which a writer changes
// meanwhile does not begin the copy again.
func (db *DB) copyTo(ctx context.Context, path string) error {
	from, err := db.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err := from.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
		return err
	}
	defer from.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // it has only read
	if _, err := from.ExecContext(ctx, "SELECT count(*) FROM sqlite_schema"); err != nil {
		return err
	}
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: fmt.Sprintf("_busy_timeout=%d", min(db.patience, Patience).Milliseconds())}
	opened, err := connections.Open(dsn.String())
	if err != nil {
		return err
	}
	defer opened.Close()
	return from.Raw(func(conn any) error {
		b, err := opened.(*sqlite3.SQLiteConn).Backup("main", conn.(*sqlite3.SQLiteConn), "main")
		if err != nil {
			return err
		}
		return errors.Join(copyPages(ctx, b), b.Finish())
	})
}

// copyPages copies the pages, some at a time. A step waits where another program has
// either file locked, and tells of having waited in vain by nothing but what is left.
func copyPages(ctx context.Context, b *sqlite3.SQLiteBackup) error {
	for left := -1; ; left = b.Remaining() {
		done, err := b.Step(copyStep)
		if done || err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if b.Remaining() == left {
			return sqlite3.Error{Code: sqlite3.ErrBusy}
		}
	}
}

// column reads rows of one column, and closes them.
func column[T any](rows *sql.Rows) ([]T, error) {
	defer rows.Close()
	var out []T
	for rows.Next() {
		var x T
		if err := rows.Scan(&x); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// byNumber returns what a query gives beside each number.
func byNumber[T any](ctx context.Context, q querier, what, query string, args ...any) (map[int64]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	defer rows.Close()
	out := make(map[int64]T)
	for rows.Next() {
		var number int64
		var x T
		if err := rows.Scan(&number, &x); err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		out[number] = x
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

// SQLiteVersion returns the version of the SQLite library.
func SQLiteVersion() string {
	v, _, _ := sqlite3.Version()
	return v
}

// SchemaVersion returns the number of the newest migration.
func SchemaVersion() int {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(fmt.Sprintf("data: %v", err))
	}
	return len(files)
}

// Busy reports whether err is a database that another process keeps locked.
func Busy(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && (lite.Code == sqlite3.ErrBusy || lite.Code == sqlite3.ErrLocked)
}

// Corrupt reports whether err is a database with pages that cannot be read.
func Corrupt(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && lite.Code == sqlite3.ErrCorrupt
}

// damaged reports whether err is a file that is no database, a broken one, or one
// with a value larger than is taken.
func damaged(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && (lite.Code == sqlite3.ErrCorrupt || lite.Code == sqlite3.ErrNotADB || lite.Code == sqlite3.ErrIoErr || lite.Code == sqlite3.ErrTooBig)
}

// Full reports whether err is a disk, or a database, without space left.
func Full(err error) bool {
	var lite sqlite3.Error
	if errors.As(err, &lite) && (lite.Code == sqlite3.ErrFull || full(lite.SystemErrno)) {
		return true
	}
	var of syscall.Errno
	return errors.As(err, &of) && full(of)
}

// full tells the errors of a disk, a quota and a limit of a file's size.
func full(e syscall.Errno) bool {
	return e == syscall.ENOSPC || e == syscall.EDQUOT || e == syscall.EFBIG
}
