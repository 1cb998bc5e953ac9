package data

import (
	"context"
	"database/sql"
	"fmt"
	"hash/crc32"

	"spreewatch/cluster"
)

// bookFormat is that of what cluster.CellBook packs.
const bookFormat = 1

// mostBook bounds what is kept of cells, in bytes: that of a big force takes a
// fifth of it. Where reports have coordinates of their own, asking again costs less than
// keeping all.
const mostBook = 4 << 20

// CellBook returns what H3 was asked on nights before, and one that knows nothing where
// nothing is kept, or what is kept is damaged.
func (db *DB) CellBook(ctx context.Context) (*cluster.CellBook, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT packed, checksum
		FROM cell_book
		WHERE format = ?
		ORDER BY id`, bookFormat)
	if err != nil {
		return nil, fmt.Errorf("read what is known of cells: %w", err)
	}
	defer rows.Close()
	var all []byte
	for rows.Next() {
		var packed sql.RawBytes
		var checksum int64
		if err := rows.Scan(&packed, &checksum); err != nil {
			return nil, fmt.Errorf("read what is known of cells: %w", err)
		}
		if int64(crc32.ChecksumIEEE(packed)) == checksum {
			all = append(all, packed...)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read what is known of cells: %w", err)
	}
	if g, err := cluster.ReadCellBook(all); err == nil {
		return g, nil
	}
	return cluster.NewCellBook(), nil
}

// StoreCellBook keeps what was not known of cells before, and forgets all where it is
// too much.
func (db *DB) StoreCellBook(ctx context.Context, g *cluster.CellBook) error {
	packed := g.New()
	if len(packed) == 0 {
		return nil
	}
	return db.transaction(ctx, func(tx *sql.Tx) error {
		if len(g.Packed()) > mostBook {
			if _, err := tx.ExecContext(ctx, "DELETE FROM cell_book"); err != nil {
				return fmt.Errorf("forget what is known of cells: %w", err)
			}
			return nil
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO cell_book (format, checksum, packed)
			VALUES (?, ?, ?)`, bookFormat, crc32.ChecksumIEEE(packed), packed); err != nil {
			return fmt.Errorf("store what is known of cells: %w", err)
		}
		return nil
	})
}
