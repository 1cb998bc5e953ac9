package data

import (
	"context"
	"database/sql"
)

// A querier reads: a database, or a connection of it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// A snapshot is two connections that read the database as it is at one moment, each in
// a transaction of its own, and a third one that hears of changes.
type snapshot struct {
	witness *sql.Conn
	readers [2]*sql.Conn
	version int64 // of the data, as the witness has it
}

// snapshot begins to read. Between the beginnings of the two readers another program
// may have written: then both begin again.
func (db *DB) snapshot(ctx context.Context) (*snapshot, error) {
	s := &snapshot{}
	for _, c := range []**sql.Conn{&s.witness, &s.readers[0], &s.readers[1]} {
		var err error
		if *c, err = db.sql.Conn(ctx); err != nil {
			s.release()
			return nil, err
		}
	}
	for {
		err := s.begin(ctx)
		changed := false
		if err == nil {
			changed, err = s.changed(ctx)
		}
		if err != nil {
			s.release()
			return nil, err
		}
		if !changed {
			return s, nil
		}
		s.end()
	}
}

func (s *snapshot) begin(ctx context.Context) error {
	if err := s.witness.QueryRowContext(ctx, "PRAGMA data_version").Scan(&s.version); err != nil {
		return err
	}
	for _, c := range s.readers {
		if _, err := c.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, "SELECT count(*) FROM sqlite_schema"); err != nil {
			return err
		}
	}
	return nil
}

// changed reports whether another connection has changed the database since.
func (s *snapshot) changed(ctx context.Context) (bool, error) {
	var is int64
	err := s.witness.QueryRowContext(ctx, "PRAGMA data_version").Scan(&is)
	return is != s.version, err
}

// end ends the transactions.
func (s *snapshot) end() {
	for _, c := range s.readers {
		if c != nil {
			c.ExecContext(context.Background(), "ROLLBACK") // it has only read, or not begun
		}
	}
}

func (s *snapshot) release() {
	s.end()
	for _, c := range []*sql.Conn{s.witness, s.readers[0], s.readers[1]} {
		if c != nil {
			c.Close()
		}
	}
}
