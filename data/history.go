package data

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"spreewatch/geo"
)

// A Version is what a report said at one time.
type Version struct {
	Report
	Known time.Time // since when it stood; zero for the first, which stood from its Reported on
}

// A Membership is a spree that a run put a report in.
type Membership struct {
	RunID   string
	AsOf    time.Time
	SpreeID string
	Status  string
	Offence string
}

// A History is all that the store knows of one report.
type History struct {
	Versions []Version  // the oldest first; the last one stands
	Match    *geo.Match // of the standing version; nil before it was looked up
	Sprees   []Membership
}

// ErrNoReport is that the store has no report of the reference.
var ErrNoReport = errors.New("no report with this reference")

// History returns what the store knows of the report with the reference, and
// ErrNoReport where there is none.
func (db *DB) History(ctx context.Context, ref string) (History, error) {
	var h History
	rows, err := db.sql.QueryContext(ctx, `
		SELECT report.ref, version.offence, version.offence_text, version.location, version.from_utc, version.to_utc, version.precision,
			version.date_rule, version.reported, version.lon, version.lat, input.source, version.line, version.bulletin,
			version.withdrawn, report.own, version.known, version.version AS number
		FROM report
		JOIN report_version AS version ON version.report_id = report.id
		JOIN input ON input.id = version.input_id
		WHERE report.ref = ?1
		UNION ALL
		SELECT `+reportColumns+`, report.known, 1000000000
		FROM report
		JOIN input ON input.id = report.input_id
		WHERE report.ref = ?1
		ORDER BY number`, ref)
	if err != nil {
		return History{}, fmt.Errorf("look up the report: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v Version
		var known sql.NullInt64
		var number int
		dest, fill := scanReport(&v.Report, words{})
		if err := rows.Scan(append(dest, &known, &number)...); err != nil {
			return History{}, fmt.Errorf("read a version of the report: %w", err)
		}
		fill()
		if known.Valid {
			v.Known = time.Unix(known.Int64, 0).UTC()
		}
		h.Versions = append(h.Versions, v)
	}
	if err := rows.Err(); err != nil {
		return History{}, err
	}
	if len(h.Versions) == 0 {
		return History{}, ErrNoReport
	}
	if err := db.historyMatch(ctx, ref, &h); err != nil {
		return History{}, err
	}
	h.Sprees, err = db.memberships(ctx, ref)
	return h, err
}

// historyMatch fills in where the standing version was found.
func (db *DB) historyMatch(ctx context.Context, ref string, h *History) error {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT `+locatedColumns+`
		FROM report
		JOIN input ON input.id = report.input_id
		JOIN match ON match.report_id = report.id
		WHERE report.ref = ?
		ORDER BY report.id`, ref)
	if err != nil {
		return fmt.Errorf("look up the match: %w", err)
	}
	return eachRow(rows, func(l *Located) error {
		if h.Match == nil {
			match := l.Match
			h.Match = &match
		}
		return nil
	})
}

// memberships lists the sprees that held the report, run by run, each spree where
// it first did and where its status changed.
func (db *DB) memberships(ctx context.Context, ref string) ([]Membership, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT run.id, run.as_of, spree.spree_id, spree.status, spree.offence
		FROM spree_incident
		JOIN spree ON spree.run_id = spree_incident.run_id AND spree.spree_id = spree_incident.spree_id
		JOIN run ON run.id = spree.run_id
		WHERE spree_incident.ref = ?
		ORDER BY run.as_of, run.id, spree.spree_id`, ref)
	if err != nil {
		return nil, fmt.Errorf("list sprees of the report: %w", err)
	}
	defer rows.Close()
	var out []Membership
	for rows.Next() {
		var m Membership
		var asOf int64
		if err := rows.Scan(&m.RunID, &asOf, &m.SpreeID, &m.Status, &m.Offence); err != nil {
			return nil, fmt.Errorf("read spree of the report: %w", err)
		}
		m.AsOf = time.Unix(asOf, 0).UTC()
		out = append(out, m)
	}
	return out, rows.Err()
}

// Withdraw marks the report with the reference as taken back since a moment: it
// is kept, and what stood before is history. It reports false where that was so
// already, and ErrNoReport where there is none.
func (db *DB) Withdraw(ctx context.Context, ref string, since time.Time) (bool, error) {
	done := false
	err := db.transaction(ctx, func(tx *sql.Tx) error {
		var id, input int64
		var withdrawn bool
		err := tx.QueryRowContext(ctx, `
			SELECT id, input_id, withdrawn
			FROM report
			WHERE ref = ?
			ORDER BY id`, ref).Scan(&id, &input, &withdrawn)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return ErrNoReport
		case err != nil:
			return fmt.Errorf("look up the report: %w", err)
		case withdrawn:
			return nil
		}
		w, err := prepareIngest(ctx, tx, input)
		if err != nil {
			return err
		}
		defer w.close()
		if _, err := w.keep.ExecContext(ctx, id); err != nil {
			return fmt.Errorf("keep the version before: %w", err)
		}
		done = true
		_, err = tx.ExecContext(ctx, `
			UPDATE report
			SET withdrawn = 1, known = ?
			WHERE id = ?`, since.Unix(), id)
		return err
	})
	return done, err
}

// Distinguish keeps that the report with the reference repeats no other one, and
// returns ErrNoReport where there is none.
func (db *DB) Distinguish(ctx context.Context, ref string) error {
	res, err := db.sql.ExecContext(ctx, `
		UPDATE report
		SET own = 1
		WHERE ref = ?`, ref)
	if err != nil {
		return fmt.Errorf("keep what was said of the report: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, ErrNoReport)
	}
	return nil
}
