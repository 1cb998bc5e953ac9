package data

import (
	"context"
	"database/sql"
	"fmt"
	"hash/crc32"

	"spreewatch/cluster"
)

// groundFormat is that of what cluster.Ground packs.
const groundFormat = 1

// mostGround bounds what is kept of the ground, in bytes: that of a big force takes a
// fifth of it. Where reports have coordinates of their own, asking again costs less than
// keeping all.
const mostGround = 4 << 20

// Ground returns what H3 was asked on nights before, and one that knows nothing where
// nothing is kept, or what is kept is damaged.
func (db *DB) Ground(ctx context.Context) (*cluster.Ground, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT packed, checksum
		FROM ground
		WHERE format = ?
		ORDER BY id`, groundFormat)
	if err != nil {
		return nil, fmt.Errorf("read what is known of the ground: %w", err)
	}
	defer rows.Close()
	var all []byte
	for rows.Next() {
		var packed sql.RawBytes
		var checksum int64
		if err := rows.Scan(&packed, &checksum); err != nil {
			return nil, fmt.Errorf("read what is known of the ground: %w", err)
		}
		if int64(crc32.ChecksumIEEE(packed)) == checksum {
			all = append(all, packed...)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read what is known of the ground: %w", err)
	}
	if g, err := cluster.ReadGround(all); err == nil {
		return g, nil
	}
	return cluster.NewGround(), nil
}

// StoreGround keeps what was not known of the ground before, and forgets all where it is
// too much.
func (db *DB) StoreGround(ctx context.Context, g *cluster.Ground) error {
	packed := g.New()
	if len(packed) == 0 {
		return nil
	}
	return db.transaction(ctx, func(tx *sql.Tx) error {
		if len(g.Packed()) > mostGround {
			if _, err := tx.ExecContext(ctx, "DELETE FROM ground"); err != nil {
				return fmt.Errorf("forget the ground: %w", err)
			}
			return nil
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO ground (format, checksum, packed)
			VALUES (?, ?, ?)`, groundFormat, crc32.ChecksumIEEE(packed), packed); err != nil {
			return fmt.Errorf("store what is known of the ground: %w", err)
		}
		return nil
	})
}
