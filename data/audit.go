package data

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// An Act is a kind of what is done to personal data: Data Protection Act 2018,
// section 62(1).
type Act string

// The acts that are logged.
const (
	Collection   Act = "collection"   // reports were taken in
	Alteration   Act = "alteration"   // a person decided where a report is
	Consultation Act = "consultation" // somebody was shown reports or what they come to
	Disclosure   Act = "disclosure"   // outputs were written for an audience
	Combination  Act = "combination"  // reports were put together with each other or with a gazetteer
	Erasure      Act = "erasure"
)

// known reports whether the act is one of those that are logged.
func (a Act) known() bool {
	return slices.Contains([]Act{Collection, Alteration, Consultation, Disclosure, Combination, Erasure}, a)
}

// An Entry is one act, as logged. It holds no address, name of a victim or free
// text.
type Entry struct {
	N      int64 // its place in the log, from 1
	At     time.Time
	Who    string // the user of the system
	What   Act
	Run    string // "" where no run is behind it
	Detail string
	Hash   string // hexadecimal
	nonce  string
}

// noHash stands before the first entry.
var noHash = strings.Repeat("0", 2*sha256.Size)

// hash chains the entry to the one before it.
func (e Entry) hash(previous string) string {
	text, err := json.Marshal([]any{previous, e.N, e.nonce, e.At.Unix(), e.Who, e.What, e.Run, e.Detail})
	if err != nil {
		panic(fmt.Sprintf("data: entry of the audit log: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Audit adds the entries to the log, after those that wait (see AuditLater), in
// one transaction.
func (db *DB) Audit(ctx context.Context, entries ...Entry) error {
	release, err := Lock(ctx, db.pending()+".lock", 5*time.Second)
	if err != nil {
		return err
	}
	defer release()
	waiting, err := db.waiting()
	if err != nil {
		return err
	}
	if len(waiting)+len(entries) == 0 {
		return nil
	}
	for i := range entries {
		entries[i].nonce = rand.Text()
	}
	if err := db.transaction(ctx, func(tx *sql.Tx) error {
		n, previous, err := auditHead(ctx, tx)
		if err != nil {
			return err
		}
		for _, e := range append(waiting, entries...) {
			e.N = n + 1
			e.Hash = e.hash(previous)
			res, err := tx.ExecContext(ctx, `
				INSERT INTO audit (id, nonce, at, who, what, run, detail, previous, hash)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (nonce) DO NOTHING`,
				e.N, e.nonce, e.At.Unix(), e.Who, string(e.What), e.Run, e.Detail, previous, e.Hash)
			if err != nil {
				return fmt.Errorf("log %s: %w", e.What, err)
			}
			if added, err := res.RowsAffected(); err != nil || added == 0 { // chained before the file was cleared
				if err != nil {
					return err
				}
				continue
			}
			n, previous = e.N, e.Hash
		}
		return nil
	}); err != nil {
		return err
	}
	if err := os.Remove(db.pending()); err != nil && !gone(err) {
		return &UserError{Msg: "clear the entries that waited for the audit log", Err: PathCause(err)}
	}
	return nil
}

// auditHead returns the place and the hash of the last entry.
func auditHead(ctx context.Context, tx *sql.Tx) (n int64, hash string, err error) {
	err = tx.QueryRowContext(ctx, `
		SELECT id, hash
		FROM audit
		ORDER BY id DESC
		LIMIT 1`).Scan(&n, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, noHash, nil
	}
	return n, hash, err
}

// pending is the file of the entries of readers, which wait for no writer.
func (db *DB) pending() string { return db.path + ".audit-pending" }

// A pendingEntry is an entry as it waits, a line of JSON.
type pendingEntry struct {
	Nonce  string `json:"nonce"`
	At     int64  `json:"at"`
	Who    string `json:"who"`
	What   Act    `json:"what"`
	Run    string `json:"run"`
	Detail string `json:"detail"`
}

// AuditLater writes an entry beside the database, with mode 0600 and synced; the
// next Audit chains it. A reader calls it before it shows anything, so that what
// cannot be logged is not shown.
func (db *DB) AuditLater(ctx context.Context, e Entry) (err error) {
	defer func() {
		if err != nil && ctx.Err() == nil {
			err = &UserError{Msg: "log the consultation in " + filepath.Base(db.pending()), Err: PathCause(err), Hint: "what cannot be logged is not shown: make the folder of the database writable"}
		}
	}()
	release, err := Lock(ctx, db.pending()+".lock", 5*time.Second)
	if err != nil {
		return err
	}
	defer release()
	line, err := json.Marshal(pendingEntry{rand.Text(), e.At.Unix(), e.Who, e.What, e.Run, e.Detail})
	if err != nil {
		return err
	}
	f, err := os.OpenFile(db.pending(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// waiting returns the entries that wait.
func (db *DB) waiting() ([]Entry, error) {
	text, err := os.ReadFile(db.pending())
	if gone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, &UserError{Msg: "read " + filepath.Base(db.pending()), Err: PathCause(err)}
	}
	var out []Entry
	n := 0
	for line := range bytes.Lines(text) {
		n++
		line = bytes.TrimSuffix(line, []byte("\n"))
		var p pendingEntry
		if err := json.Unmarshal(line, &p); err != nil || p.Nonce == "" || !p.What.known() { // the machine stopped while it was written
			p = pendingEntry{Nonce: hashOf(fmt.Appendf(nil, "%d %s", n, line)), What: Consultation, Detail: "an entry that was cut off"}
		}
		out = append(out, Entry{At: time.Unix(p.At, 0).UTC(), Who: p.Who, What: p.What, Run: p.Run, Detail: p.Detail, nonce: p.Nonce})
	}
	return out, nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// AuditLog returns the entries of [since, before) in their order.
func (db *DB) AuditLog(ctx context.Context, since, before time.Time) ([]Entry, error) {
	entries, _, err := db.auditRows(ctx, "WHERE at >= ? AND at < ?", since.Unix(), before.Unix())
	return entries, err
}

// A Mark is an entry of the audit log that a manifest names, so that a log whose
// tail was cut off, which is well in itself, shows.
type Mark struct {
	Entry int64  `json:"entry"`
	Hash  string `json:"hash"`
}

// AuditMark returns the first entry about the newest run as of before the moment. A
// run done again has the same mark: the log has grown by then, and that entry stays.
// The first run has the mark of the log's beginning, entry 0 with the hash that
// stands before entry 1: a hash of its own night would hold the clock.
func (db *DB) AuditMark(ctx context.Context, asOf time.Time) (Mark, error) {
	m := Mark{Hash: noHash}
	err := db.sql.QueryRowContext(ctx, `
		SELECT audit.id, audit.hash
		FROM run JOIN audit ON audit.run = run.id
		WHERE run.as_of < ?
		ORDER BY run.as_of DESC, run.id, audit.id
		LIMIT 1`, asOf.Unix()).Scan(&m.Entry, &m.Hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Mark{}, fmt.Errorf("look up a mark of the audit log: %w", err)
	}
	return m, nil
}

// Marked reports whether the log has the entry of the mark. Its beginning every log
// has, and the zero mark names none.
func (db *DB) Marked(ctx context.Context, m Mark) (bool, error) {
	if m == (Mark{}) || m == (Mark{Hash: noHash}) {
		return true, nil
	}
	var hash string
	err := db.sql.QueryRowContext(ctx, "SELECT hash FROM audit WHERE id = ?", m.Entry).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look up an entry of the audit log: %w", err)
	}
	return hash == m.Hash, nil
}

// auditGaps returns what the runs know of the audit log and it does not: the marks
// in their manifests, and an entry about each of them.
func (db *DB) auditGaps(ctx context.Context, entries []Entry) ([]string, error) {
	hashes, told := make(map[int64]string), make(map[string]bool)
	for _, e := range entries {
		hashes[e.N], told[e.Run] = e.Hash, true
	}
	rows, err := db.sql.QueryContext(ctx, `
		SELECT id, audited, COALESCE(json_extract(manifest, '$.audit.entry'), 0), COALESCE(json_extract(manifest, '$.audit.hash'), '')
		FROM run
		ORDER BY as_of, id`)
	if err != nil {
		return nil, fmt.Errorf("hold the audit log against the runs: %w", err)
	}
	defer rows.Close()
	var findings []string
	for rows.Next() {
		var run string
		var audited bool
		var m Mark
		if err := rows.Scan(&run, &audited, &m.Entry, &m.Hash); err != nil {
			return nil, fmt.Errorf("hold the audit log against the runs: %w", err)
		}
		if audited && !told[run] {
			findings = append(findings, "the audit log has no entry about run "+run+": its end was cut off")
		}
		if m.Entry > 0 && hashes[m.Entry] != m.Hash {
			findings = append(findings, fmt.Sprintf("entry %d of the audit log is not the one that run %s names", m.Entry, run))
		}
	}
	return findings, rows.Err()
}

// AuditLogAndWaiting returns every entry, those last that wait to be chained.
func (db *DB) AuditLogAndWaiting(ctx context.Context) ([]Entry, error) {
	waiting, err := db.waiting() // first: an entry is chained before it leaves the file
	if err != nil {
		return nil, err
	}
	entries, _, err := db.auditRows(ctx, "")
	return append(entries, waiting...), err
}

// VerifyAudit checks that each entry of the log is as it was written and stands
// behind the one it was written behind, and that none is missing that a run rests
// on. It returns what is wrong, nothing where all is well, and the number and the
// hash of the last entry.
func (db *DB) VerifyAudit(ctx context.Context) (findings []string, n int64, head string, err error) {
	entries, previous, err := db.auditRows(ctx, "")
	if err != nil {
		return nil, 0, "", err
	}
	head = noHash
	for i, e := range entries {
		switch {
		case e.N != n+1:
			findings = append(findings, fmt.Sprintf("entries %d to %d of the audit log are missing", n+1, e.N-1))
		case previous[i] != head:
			findings = append(findings, fmt.Sprintf("entry %d of the audit log does not follow the one before it", e.N))
		}
		if e.hash(previous[i]) != e.Hash {
			findings = append(findings, fmt.Sprintf("entry %d of the audit log was changed", e.N))
		}
		n, head = e.N, e.Hash
	}
	gaps, err := db.auditGaps(ctx, entries)
	return append(findings, gaps...), n, head, err
}

func (db *DB) auditRows(ctx context.Context, where string, args ...any) (entries []Entry, previous []string, err error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT id, nonce, at, who, what, run, detail, previous, hash
		FROM audit
		`+where+`
		ORDER BY id`, args...)
	if err != nil {
		return nil, nil, fmt.Errorf("read the audit log: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		var at int64
		var before string
		if err := rows.Scan(&e.N, &e.nonce, &at, &e.Who, &e.What, &e.Run, &e.Detail, &before, &e.Hash); err != nil {
			return nil, nil, fmt.Errorf("read the audit log: %w", err)
		}
		e.At = time.Unix(at, 0).UTC()
		entries, previous = append(entries, e), append(previous, before)
	}
	return entries, previous, rows.Err()
}

// Verify checks the file itself: SQLite's own check of its pages and indexes, that
// nothing refers to what is not there, and that the packed days are as their reports
// are. It returns what is wrong.
func (db *DB) Verify(ctx context.Context) ([]string, error) {
	var findings []string
	for _, check := range []struct{ pragma, ok string }{{"integrity_check", "ok"}, {"foreign_key_check", ""}} {
		rows, err := db.sql.QueryContext(ctx, "PRAGMA "+check.pragma)
		if err != nil {
			return nil, fmt.Errorf("check the database: %w", err)
		}
		columns, err := rows.Columns()
		if err != nil {
			rows.Close()
			return nil, err
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(sql.NullString)
			}
			if err := rows.Scan(values...); err != nil {
				rows.Close()
				return nil, fmt.Errorf("check the database: %w", err)
			}
			first := values[0].(*sql.NullString).String
			switch {
			case check.ok != "" && first == check.ok:
			case check.ok != "":
				findings = append(findings, "the database is damaged: "+first)
			default:
				findings = append(findings, "a row of "+first+" refers to one that is not there")
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("check the database: %w", err)
		}
	}
	days, err := db.verifyDays(ctx)
	return append(findings, days...), err
}
