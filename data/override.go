package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"spreewatch/geo"
)

// An Override is what an analyst decided of a location text. It is replayed
// before any look-up, on every later run.
type Override struct {
	Number  int64     // by which it can be undone; given by the store
	Key     string    // the text, normalised
	Match   geo.Match // where it is; of geo.LevelNone when the text was rejected
	Who     string    // who decided
	Decided time.Time
}

// SetOverrides keeps the decisions in one transaction. A later decision on the
// same text stands before an earlier one.
func (db *DB) SetOverrides(ctx context.Context, overrides []Override) error {
	return db.transaction(ctx, func(tx *sql.Tx) error {
		for _, o := range overrides {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO decision (key, match, who, decided)
				VALUES (?, ?, ?, ?)`,
				o.Key, jsonText(o.Match), o.Who, o.Decided.Unix())
			if err != nil {
				return fmt.Errorf("store decision: %w", err)
			}
		}
		return nil
	})
}

// Overrides returns the decisions that stand by their key.
func (db *DB) Overrides(ctx context.Context) (map[string]Override, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT number, key, match, who, decided
		FROM decision
		WHERE undone IS NULL
		ORDER BY number`)
	if err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	defer rows.Close()
	out := map[string]Override{}
	for rows.Next() {
		var o Override
		var match string
		var decided int64
		if err := rows.Scan(&o.Number, &o.Key, &match, &o.Who, &decided); err != nil {
			return nil, fmt.Errorf("read decision: %w", err)
		}
		if err := json.Unmarshal([]byte(match), &o.Match); err != nil {
			return nil, fmt.Errorf("read decision: %w", err)
		}
		o.Decided = time.Unix(decided, 0).UTC()
		out[o.Key] = o
	}
	return out, rows.Err()
}

// ErrNoDecision is that no decision of the number stands.
var ErrNoDecision = errors.New("no decision of this number stands")

// UndoOverride takes back the decision of the number, and returns its key. An
// earlier decision on the same text stands again. ErrNoDecision where none of the
// number stands.
func (db *DB) UndoOverride(ctx context.Context, number int64, at time.Time) (key string, err error) {
	err = db.sql.QueryRowContext(ctx, `
		UPDATE decision
		SET undone = ?
		WHERE number = ? AND undone IS NULL
		RETURNING key`, at.Unix(), number).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNoDecision
	}
	if err != nil {
		return "", fmt.Errorf("undo decision: %w", err)
	}
	return key, nil
}

// Forget forgets where the reports with the references were found, so that they
// are looked up again.
func (db *DB) Forget(ctx context.Context, refs []string) error {
	_, err := db.sql.ExecContext(ctx, `
		DELETE FROM match
		WHERE report_id IN (SELECT id FROM report WHERE ref IN (SELECT value FROM json_each(?)))`, jsonText(refs))
	if err != nil {
		return fmt.Errorf("forget matches: %w", err)
	}
	return nil
}
