package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"spreewatch/geo"
)

// An Override is what an analyst decided of a location text. It is replayed
// before any look-up, on every later run.
type Override struct {
	Key     string    // the text, normalised
	Match   geo.Match // where it is; of geo.LevelNone when the text was rejected
	Who     string    // who decided
	Decided time.Time
}

// SetOverrides keeps the decisions in one transaction. A later decision on the
// same text replaces an earlier one.
func (db *DB) SetOverrides(ctx context.Context, overrides []Override) error {
	return db.transaction(ctx, func(tx *sql.Tx) error {
		for _, o := range overrides {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO override (key, match, who, decided)
				VALUES (?, ?, ?, ?)
				ON CONFLICT (key) DO UPDATE
				SET match = excluded.match, who = excluded.who, decided = excluded.decided`,
				o.Key, jsonText(o.Match), o.Who, o.Decided.Unix())
			if err != nil {
				return fmt.Errorf("store decision: %w", err)
			}
		}
		return nil
	})
}

// Overrides returns every decision by its key.
func (db *DB) Overrides(ctx context.Context) (map[string]Override, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT key, match, who, decided
		FROM override
		ORDER BY key`)
	if err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	defer rows.Close()
	out := map[string]Override{}
	for rows.Next() {
		var o Override
		var match string
		var decided int64
		if err := rows.Scan(&o.Key, &match, &o.Who, &decided); err != nil {
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
