package data

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// A Kept is a report as far as its retention goes.
type Kept struct {
	Ref      string
	Offence  string // profile name or the source's word
	Location string // as written
	To       time.Time
}

// Kept returns every report, standing or withdrawn, and every earlier version of
// one, in the order of their references.
func (db *DB) Kept(ctx context.Context) ([]Kept, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT ref, offence, location, to_utc
		FROM report
		UNION ALL
		SELECT report.ref, report_version.offence, report_version.location, report_version.to_utc
		FROM report_version
		JOIN report ON report.id = report_version.report_id
		ORDER BY 1, 4, 3`)
	if err != nil {
		return nil, fmt.Errorf("list what is kept: %w", err)
	}
	defer rows.Close()
	var out []Kept
	for rows.Next() {
		var k Kept
		var to int64
		if err := rows.Scan(&k.Ref, &k.Offence, &k.Location, &to); err != nil {
			return nil, fmt.Errorf("list what is kept: %w", err)
		}
		k.To = time.Unix(to, 0).UTC()
		out = append(out, k)
	}
	return out, rows.Err()
}

// An Erased counts what was erased.
type Erased struct {
	Reports   int64 `json:"reports"`
	Versions  int64 `json:"earlier_versions"`
	Matches   int64 `json:"matches"`
	Sprees    int64 `json:"sprees"` // as seen by one run
	Decisions int64 `json:"decisions"`
}

// Erase removes the reports of the references with all that was made of them:
// earlier versions, matches, the sprees that they were in, and the decisions on
// the location texts, which are given normalised. What is erased is overwritten in
// the file, and the log of changes beside it is emptied; a copy that a killed backup
// left is removed.
func (db *DB) Erase(ctx context.Context, refs, texts []string) (Erased, error) {
	var e Erased
	release, err := db.copies(ctx)
	if err != nil {
		return e, err
	}
	release()
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return e, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA secure_delete = ON"); err != nil {
		return e, fmt.Errorf("erase: %w", err)
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return e, err
	}
	defer tx.Rollback()
	if err := e.erase(ctx, tx, refs, texts); err != nil {
		return Erased{}, fmt.Errorf("erase: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return Erased{}, fmt.Errorf("erase: %w", err)
	}
	for _, statement := range []string{"PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return e, fmt.Errorf("overwrite what was erased: %w", err)
		}
	}
	return e, nil
}

func (e *Erased) erase(ctx context.Context, tx *sql.Tx, refs, texts []string) error {
	if _, err := tx.ExecContext(ctx, "CREATE TEMP TABLE erased (ref TEXT PRIMARY KEY)"); err != nil {
		return err
	}
	for _, ref := range refs {
		if _, err := tx.ExecContext(ctx, "INSERT INTO erased (ref) VALUES (?) ON CONFLICT DO NOTHING", ref); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		statement string
		n         *int64
	}{
		{"DELETE FROM spree WHERE (run_id, spree_id) IN (SELECT run_id, spree_id FROM spree_incident WHERE ref IN (SELECT ref FROM erased))", &e.Sprees},
		{"DELETE FROM spree_incident WHERE ref IN (SELECT ref FROM erased)", nil},
		{"DELETE FROM match WHERE report_id IN (SELECT id FROM report WHERE ref IN (SELECT ref FROM erased))", &e.Matches},
		{"DELETE FROM report_version WHERE report_id IN (SELECT id FROM report WHERE ref IN (SELECT ref FROM erased))", &e.Versions},
		// The commonest texts without a place stand in the manifests.
		{"UPDATE run SET manifest = json_set(manifest, '$.geocoding.unmatched', json_array()) WHERE json_extract(manifest, '$.geocoding.unmatched') IS NOT NULL", nil},
		{"DELETE FROM null_night", nil}, // made anew from what is left, as are the next
		{"DELETE FROM cell_book", nil},
		{"DELETE FROM risk_fit", nil},
		{"DELETE FROM report WHERE ref IN (SELECT ref FROM erased)", &e.Reports},
		{"DROP TABLE erased", nil},
	} {
		res, err := tx.ExecContext(ctx, step.statement)
		if err != nil {
			return err
		}
		if step.n != nil {
			if *step.n, err = res.RowsAffected(); err != nil {
				return err
			}
		}
	}
	for _, text := range texts {
		res, err := tx.ExecContext(ctx, "DELETE FROM decision WHERE key = ?", text)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		e.Decisions += n
	}
	return nil
}
