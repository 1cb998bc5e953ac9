package data

import (
	"context"
	"database/sql"
	"strings"
)

// rowsAtOnce is how many rows one statement stores: a statement a row costs as much
// for its call as for the row.
const rowsAtOnce = 32

// A bulk stores rows of one table, one by one or rowsAtOnce with a statement.
type bulk struct {
	one, many *sql.Stmt
}

// prepareBulk prepares both statements; text is that of one that stores the rows of
// VALUES, each of so many columns. The rows have to fall side by side in each index of
// the table: SQLite keeps what a statement that may fail has changed, and writes it to a
// file of its own where that is more than 16 pages.
func prepareBulk(ctx context.Context, tx *sql.Tx, columns int, text func(values string) string) (bulk, error) {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", columns), ", ") + ")"
	var b bulk
	var err error
	if b.one, err = tx.PrepareContext(ctx, text("VALUES "+row)); err != nil {
		return bulk{}, err
	}
	if b.many, err = tx.PrepareContext(ctx, text("VALUES "+strings.TrimSuffix(strings.Repeat(row+", ", rowsAtOnce), ", "))); err != nil {
		b.close()
		return bulk{}, err
	}
	return b, nil
}

func (b bulk) close() {
	for _, stmt := range []*sql.Stmt{b.one, b.many} {
		if stmt != nil {
			stmt.Close()
		}
	}
}

// fitting is the statement to begin with where so many rows are to be stored, and how
// many of them it stores.
func (b bulk) fitting(rows int) (stmt *sql.Stmt, n int) {
	if rows >= rowsAtOnce {
		return b.many, rowsAtOnce
	}
	return b.one, 1
}
