package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"spreewatch/cluster"
)

// A Run is one analysis, as stored.
type Run struct {
	ID       string
	AsOf     time.Time
	Manifest json.RawMessage // the content of run.json
	Sprees   []cluster.Spree
	Dormant  []cluster.Spree // ended before, and remembered
}

// StoreRun keeps a run and its sprees in one transaction. A run with the same ID
// is replaced: the same data and settings give the same ID.
func (db *DB) StoreRun(ctx context.Context, run Run) error {
	return db.transaction(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM run WHERE id = ?", run.ID); err != nil {
			return fmt.Errorf("replace run %s: %w", run.ID, err)
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO run (id, as_of, manifest, audited)
			VALUES (?, ?, ?, 1)`, run.ID, run.AsOf.Unix(), string(run.Manifest))
		if err != nil {
			return fmt.Errorf("store run %s: %w", run.ID, err)
		}
		for i, s := range slices.Concat(run.Sprees, run.Dormant) {
			if err := storeSpree(ctx, tx, run.ID, s, i >= len(run.Sprees)); err != nil {
				return fmt.Errorf("store spree %s: %w", s.ID, err)
			}
		}
		return nil
	})
}

// FindRun returns the run of the ID without its sprees, and false where there is
// none.
func (db *DB) FindRun(ctx context.Context, id string) (Run, bool, error) {
	run := Run{ID: id}
	var asOf int64
	var manifest string
	err := db.sql.QueryRowContext(ctx, `
		SELECT as_of, manifest
		FROM run
		WHERE id = ?`, id).Scan(&asOf, &manifest)
	if errors.Is(err, sql.ErrNoRows) {
		return Run{}, false, nil
	}
	if err != nil {
		return Run{}, false, fmt.Errorf("find run %s: %w", id, err)
	}
	run.AsOf, run.Manifest = time.Unix(asOf, 0).UTC(), json.RawMessage(manifest)
	return run, true, nil
}

// HasInput reports whether an input of the SHA-256 was taken in.
func (db *DB) HasInput(ctx context.Context, sha256 string) (bool, error) {
	var n int
	err := db.sql.QueryRowContext(ctx, "SELECT count(*) FROM input WHERE sha256 = ?", sha256).Scan(&n)
	return n > 0, err
}

func storeSpree(ctx context.Context, tx *sql.Tx, run string, s cluster.Spree, dormant bool) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO spree (run_id, spree_id, status, offence, method, dormant, detail)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, run, s.ID, string(s.Status), s.Offence, string(s.Method), dormant, jsonText(s))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO spree_incident (run_id, spree_id, ref)
		SELECT ?, ?, value
		FROM json_each(?)
		ORDER BY value`, run, s.ID, jsonText(append([]string{}, s.Life()...))) // a list, though an empty one
	return err
}

// SpreesBefore returns the sprees of the run with the latest as-of time before
// the given one, by ID: what the night before saw and remembered. Of two runs as of one moment
// the one stored last counts, since it knew more. None is no error.
func (db *DB) SpreesBefore(ctx context.Context, asOf time.Time) ([]cluster.Spree, error) {
	var id string
	err := db.sql.QueryRowContext(ctx, `
		SELECT id
		FROM run
		WHERE as_of < ?
		ORDER BY as_of DESC, rowid DESC
		LIMIT 1`, asOf.Unix()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the run before: %w", err)
	}
	return db.sprees(ctx, id)
}

func (db *DB) sprees(ctx context.Context, run string) ([]cluster.Spree, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT detail
		FROM spree
		WHERE run_id = ?
		ORDER BY spree_id`, run)
	if err != nil {
		return nil, fmt.Errorf("list sprees of run %s: %w", run, err)
	}
	out, err := readSprees(rows)
	if err != nil {
		return nil, fmt.Errorf("read sprees of run %s: %w", run, err)
	}
	return out, nil
}

// readSprees reads the details of sprees, and closes the rows.
func readSprees(rows *sql.Rows) ([]cluster.Spree, error) {
	defer rows.Close()
	var out []cluster.Spree
	for rows.Next() {
		var detail string
		if err := rows.Scan(&detail); err != nil {
			return nil, fmt.Errorf("read spree: %w", err)
		}
		var s cluster.Spree
		if err := json.Unmarshal([]byte(detail), &s); err != nil {
			return nil, fmt.Errorf("the detail of a spree: %w", err)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// PastSprees returns every spree that the runs as of a moment or before saw, by ID, each
// as it was seen last.
func (db *DB) PastSprees(ctx context.Context, asOf time.Time) ([]cluster.Spree, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT detail
		FROM (
			SELECT spree.spree_id, spree.detail, row_number() OVER (
				PARTITION BY spree.spree_id
				ORDER BY run.as_of DESC, run.rowid DESC) AS age
			FROM spree
			JOIN run ON run.id = spree.run_id
			WHERE run.as_of <= ?)
		WHERE age = 1
		ORDER BY spree_id`, asOf.Unix())
	if err != nil {
		return nil, fmt.Errorf("list past sprees: %w", err)
	}
	return readSprees(rows)
}

// LastRun returns the as-of time of the run that was stored last, the zero time
// where there is none.
func (db *DB) LastRun(ctx context.Context) (time.Time, error) {
	var asOf int64
	err := db.sql.QueryRowContext(ctx, `
		SELECT as_of
		FROM run
		ORDER BY rowid DESC
		LIMIT 1`).Scan(&asOf)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("find the last run: %w", err)
	}
	return time.Unix(asOf, 0).UTC(), nil
}
