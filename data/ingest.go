package data

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
)

// An Input is a file that reports were read from.
type Input struct {
	Source   string    // base name, "-" for standard input
	SHA256   string    // of its bytes, hexadecimal
	Received time.Time // when it came in; zero where not known
}

// A Tally counts what an input held. Read = Added + Known + Clashes. All but
// Added and Known are the same when the input is ingested again.
type Tally struct {
	Read    int // reports
	Stored  int // reports that the store has from this input
	Added   int // reports that were new
	Known   int // reports that the store, or an earlier line, already had
	Refused int // lines that were refused, Clashes among them
	Unread  int // lines that name a place or a time and were not understood
	Clashes int // reports whose reference another report already has
}

// Ingest stores the reports of an input in one transaction and returns what it
// counted. A report is known when its reference is: its own, or the one made
// from its content. One with a known reference and other content is refused with
// its line, and the first is kept. A *RowError among the rows is stored; any
// other error undoes the whole input. Ingesting an input again adds nothing.
func (db *DB) Ingest(ctx context.Context, in Input, rows iter.Seq2[Report, error]) (Tally, error) {
	var t Tally
	err := db.transaction(ctx, func(tx *sql.Tx) error {
		id, err := insertInput(ctx, tx, in)
		if err != nil {
			return err
		}
		w, err := prepareIngest(ctx, tx, id)
		if err != nil {
			return err
		}
		defer w.close()
		for report, err := range rows {
			var row *RowError
			switch {
			case errors.As(err, &row):
				err = w.refuse(ctx, row, &t)
			case err == nil:
				err = w.add(ctx, report, &t)
			}
			if err != nil {
				return err
			}
		}
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM report WHERE input_id = ?", id).Scan(&t.Stored)
	})
	if err != nil {
		return Tally{}, err
	}
	return t, nil
}

func insertInput(ctx context.Context, tx *sql.Tx, in Input) (int64, error) {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO input (sha256, source, received)
		VALUES (?, ?, ?)
		ON CONFLICT (sha256) DO NOTHING`,
		in.SHA256, in.Source, unixOrNil(in.Received))
	if err != nil {
		return 0, fmt.Errorf("store input %s: %w", in.Source, err)
	}
	var id int64
	err = tx.QueryRowContext(ctx, `
		SELECT id
		FROM input
		WHERE sha256 = ?
		ORDER BY id`, in.SHA256).Scan(&id)
	return id, err
}

// ingest holds the statements of one Ingest.
type ingest struct {
	input                  int64
	insert, known, refused *sql.Stmt
}

func prepareIngest(ctx context.Context, tx *sql.Tx, input int64) (*ingest, error) {
	w := &ingest{input: input}
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&w.insert, `
			INSERT INTO report (ref, content, offence, location, from_utc, to_utc, precision,
				date_rule, reported, lon, lat, input_id, line, bulletin)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (ref) DO NOTHING`},
		{&w.known, `
			SELECT content
			FROM report
			WHERE ref = ?
			ORDER BY id`},
		{&w.refused, `
			INSERT INTO refused (input_id, line, field, reason, unread)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (input_id, line, field, reason) DO NOTHING`},
	} {
		stmt, err := tx.PrepareContext(ctx, p.text)
		if err != nil {
			w.close()
			return nil, err
		}
		*p.to = stmt
	}
	return w, nil
}

func (w *ingest) close() {
	for _, stmt := range []*sql.Stmt{w.insert, w.known, w.refused} {
		if stmt != nil {
			stmt.Close()
		}
	}
}

func (w *ingest) add(ctx context.Context, r Report, t *Tally) error {
	t.Read++
	content := contentHash(r)
	var lon, lat any
	if r.Point != nil {
		lon, lat = r.Point.Lon(), r.Point.Lat()
	}
	res, err := w.insert.ExecContext(ctx, r.Ref, content, r.Offence, r.Location, r.From.Unix(), r.To.Unix(),
		string(r.Precision), r.DateRule, unixOrNil(r.Reported), lon, lat, w.input, r.Line, r.Bulletin)
	if err != nil {
		return fmt.Errorf("store report at %s:%d: %w", r.Source, r.Line, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		t.Added++
		return err
	}
	var first string
	if err := w.known.QueryRowContext(ctx, r.Ref).Scan(&first); err != nil {
		return fmt.Errorf("look up report at %s:%d: %w", r.Source, r.Line, err)
	}
	if first == content {
		t.Known++
		return nil
	}
	t.Clashes++
	return w.refuse(ctx, &RowError{Source: r.Source, Line: r.Line, Field: "ref",
		Reason: "another report with this reference and other content is already stored"}, t)
}

func (w *ingest) refuse(ctx context.Context, row *RowError, t *Tally) error {
	if row.Unread {
		t.Unread++
	} else {
		t.Refused++
	}
	if _, err := w.refused.ExecContext(ctx, w.input, row.Line, row.Field, row.Reason, row.Unread); err != nil {
		return fmt.Errorf("store refused line %s:%d: %w", row.Source, row.Line, err)
	}
	return nil
}

// contentHash tells two reports apart that share a reference. Case and spacing
// of the text do not count.
func contentHash(r Report) string {
	fold := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	at := ""
	if r.Point != nil {
		at = fmt.Sprintf("%.7f %.7f", r.Point.Lon(), r.Point.Lat())
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %d %d %s", fold(r.Offence), fold(r.Location), r.From.Unix(), r.To.Unix(), at))
	return hex.EncodeToString(sum[:])
}

func unixOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// A Refusal is a line that gave no report, as stored.
type Refusal struct {
	RowError
	SHA256 string // of its input
}

// Refusals returns the lines of the inputs with these hashes that gave no
// report, by source and line.
func (db *DB) Refusals(ctx context.Context, hashes []string) ([]Refusal, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT input.source, refused.line, refused.field, refused.reason, refused.unread, input.sha256
		FROM refused
		JOIN input ON input.id = refused.input_id
		WHERE input.sha256 IN (SELECT value FROM json_each(?))
		ORDER BY input.source, input.sha256, refused.line, refused.field, refused.reason`, jsonText(hashes))
	if err != nil {
		return nil, fmt.Errorf("list refused lines: %w", err)
	}
	defer rows.Close()
	var out []Refusal
	for rows.Next() {
		var r Refusal
		if err := rows.Scan(&r.Source, &r.Line, &r.Field, &r.Reason, &r.Unread, &r.SHA256); err != nil {
			return nil, fmt.Errorf("read refused line: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
