package data

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// limitLength is SQLite's SQLITE_LIMIT_LENGTH.
const limitLength = 0

// maxForeignValue is the longest text or blob in bytes that is taken from another
// program's file.
const maxForeignValue = 16 << 20

// A Foreign is an SQLite file that another program wrote, such as a GeoPackage,
// opened to read a table of it. It is not trusted: nothing in it is run, views and
// virtual tables are not seen.
type Foreign struct {
	sql  *sql.DB
	name string
}

// OpenForeign opens the file. Nothing is written, to it or beside it, and so a file
// that another program has open for writing is refused.
func OpenForeign(ctx context.Context, path string) (*Foreign, error) {
	name := filepath.Base(path)
	if st, err := os.Stat(path + "-wal"); err == nil && st.Size() > 0 {
		return nil, &UserError{Msg: name + " is open in another program, which has not written it out", Hint: "close it there and try again"}
	}
	f := &Foreign{name: name}
	var err error
	if f.sql, err = openUntrusted(ctx, path); err != nil {
		return nil, f.failed(err)
	}
	return f, nil
}

// openUntrusted opens a file of SQLite that another program wrote as it lies on the
// disk, on one connection: what is in it runs no function that is not safe, and no
// value is longer than 16 MiB.
func openUntrusted(ctx context.Context, path string) (*sql.DB, error) {
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "mode=ro&immutable=1&_query_only=1"}
	db := sql.OpenDB(source(dsn.String()))
	db.SetMaxOpenConns(1)
	if err := harden(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func harden(ctx context.Context, db *sql.DB) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.ExecContext(ctx, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON"); err != nil {
		return err
	}
	return c.Raw(func(driver any) error {
		driver.(interface{ SetLimit(id, to int) int }).SetLimit(limitLength, maxForeignValue)
		return nil
	})
}

// Close closes the file.
func (f *Foreign) Close() error { return f.sql.Close() }

// failed says whose file an error is of, and nothing of what is in it.
func (f *Foreign) failed(err error) error {
	if damaged(err) {
		return &UserError{Msg: f.name + " is broken or cut off", Hint: "download it again"}
	}
	return fmt.Errorf("read %s: %w", f.name, err)
}

// Tables gives the columns of each table, by the name of the table.
func (f *Foreign) Tables(ctx context.Context) (map[string][]string, error) {
	rows, err := f.sql.QueryContext(ctx, `
		SELECT s.name, c.name FROM sqlite_schema AS s, pragma_table_info(s.name) AS c
		WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY s.name, c.cid`)
	if err != nil {
		return nil, f.failed(err)
	}
	defer rows.Close()
	tables := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, f.failed(err)
		}
		tables[table] = append(tables[table], column)
	}
	if err := rows.Err(); err != nil {
		return nil, f.failed(err)
	}
	return tables, nil
}

// Rows reads the columns of a table in the order of its rows: numbers and text as
// text, a blob as its bytes, NULL as nil. A name of a column that is "" gives nil in
// every row. The values last until the next row.
func (f *Foreign) Rows(ctx context.Context, table string, columns []string) iter.Seq2[[][]byte, error] {
	return func(yield func([][]byte, error) bool) {
		quoted := make([]string, len(columns))
		for i, c := range columns {
			quoted[i] = "NULL"
			if c != "" {
				quoted[i] = identifier(c)
			}
		}
		rows, err := f.sql.QueryContext(ctx, "SELECT "+strings.Join(quoted, ", ")+" FROM "+identifier(table))
		if err != nil {
			yield(nil, f.failed(err))
			return
		}
		defer rows.Close()
		raw := make([]sql.RawBytes, len(columns))
		into := make([]any, len(columns))
		for i := range raw {
			into[i] = &raw[i]
		}
		values := make([][]byte, len(columns))
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				yield(nil, f.failed(err))
				return
			}
			for i, v := range raw {
				values[i] = v
			}
			if !yield(values, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, f.failed(err))
		}
	}
}
