package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"spreewatch/cluster/detect"
)

// NullNights returns the nights that were calibrated in the month before a moment, by
// night: what the next calibration, which rests on four weeks, need not make anew.
func (db *DB) NullNights(ctx context.Context, asOf time.Time) ([]detect.NullNight, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT hash, as_of, replicates, floor, events
		FROM null_night
		WHERE as_of <= ? AND as_of > ?
		ORDER BY as_of, hash`, asOf.Unix(), asOf.AddDate(0, -1, 0).Unix())
	if err != nil {
		return nil, fmt.Errorf("list calibrated nights: %w", err)
	}
	defer rows.Close()
	var out []detect.NullNight
	for rows.Next() {
		var n detect.NullNight
		var hash, events string
		var at int64
		if err := rows.Scan(&hash, &at, &n.Replicates, &n.Floor, &events); err != nil {
			return nil, fmt.Errorf("read calibrated night: %w", err)
		}
		if n.Hash, err = strconv.ParseUint(hash, 16, 64); err != nil {
			return nil, fmt.Errorf("read calibrated night: %w", err)
		}
		if err := json.Unmarshal([]byte(events), &n.Events); err != nil {
			return nil, fmt.Errorf("read calibrated night: %w", err)
		}
		n.AsOf = time.Unix(at, 0).UTC()
		out = append(out, n)
	}
	return out, rows.Err()
}

// StoreNullNights keeps calibrated nights, each in place of the same one made from
// other reports.
func (db *DB) StoreNullNights(ctx context.Context, nights []detect.NullNight) error {
	return db.transaction(ctx, func(tx *sql.Tx) error {
		for _, n := range nights {
			if _, err := tx.ExecContext(ctx, `
				DELETE FROM null_night
				WHERE as_of = ?`, n.AsOf.Unix()); err != nil {
				return fmt.Errorf("replace calibrated night: %w", err)
			}
			if _, err := tx.ExecContext(ctx, `
				INSERT INTO null_night (hash, as_of, replicates, floor, events)
				VALUES (?, ?, ?, ?, ?)`, fmt.Sprintf("%016x", n.Hash), n.AsOf.Unix(), n.Replicates, n.Floor, jsonText(n.Events)); err != nil {
				return fmt.Errorf("store calibrated night: %w", err)
			}
		}
		return nil
	})
}
