package data

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"spreewatch/geo"
)

// A Brief is what an analysis needs of every report that was looked up.
type Brief struct {
	Ref      string
	Offence  string
	From, To time.Time
	Reported time.Time // zero where not known
	Bulletin bool
	Match    geo.Match // without its rule, its candidates and, but for a settlement, its name
	SHA256   string    // of the input
}

// Brief is what is needed of every report.
func (l *Located) Brief() Brief {
	m := l.Match
	if m.Rule, m.Candidates = "", nil; m.Level != geo.LevelPlace {
		m.Name = ""
	}
	return Brief{l.Ref, l.Offence, l.From, l.To, l.Reported, l.Bulletin, m, l.SHA256}
}

// briefSpans is into how many spans of equal length a history is cut to read two at a
// time.
const briefSpans = 24

// EachBrief gives the reports of EachLocated in brief, which of a year's is half the
// work. Of one that was corrected since, it gives all of what stood then too: the store
// has it no more as one of its reports. Both last until each returns. Two readers, who
// see the database as it is at one moment, read a span of the time each.
func (db *DB) EachBrief(ctx context.Context, since, before time.Time, each func(b *Brief, stood *Located) error) error {
	readers, release, err := db.readers(ctx)
	if err != nil {
		return fmt.Errorf("list incidents: %w", err)
	}
	defer release()
	corrected, err := stoodThen(ctx, readers[0], since, before)
	if err != nil {
		return err
	}
	inputs, err := inputHashes(ctx, readers[0])
	if err != nil {
		return err
	}
	var next [len(readers)]func() ([]Brief, error, bool)
	for r, q := range readers {
		var stop func()
		next[r], stop = iter.Pull2(ahead(ctx, briefsOf(ctx, q, inputs, since, before, r), 1))
		defer stop()
	}
	stood := func(l *Located) error {
		b := l.Brief()
		return each(&b, l)
	}
	for k := range briefSpans {
		briefs, err, _ := next[k%len(readers)]()
		if err != nil {
			return err
		}
		for i := range briefs {
			b := &briefs[i]
			for len(corrected) > 0 && compareBegins(corrected[0].From, corrected[0].Ref, b.From, b.Ref) < 0 {
				if err := stood(&corrected[0]); err != nil {
					return err
				}
				corrected = corrected[1:]
			}
			if err := each(b, nil); err != nil {
				return err
			}
		}
	}
	for i := range corrected {
		if err := stood(&corrected[i]); err != nil {
			return err
		}
	}
	return nil
}

// briefsOf yields the reports of every second span of the time, from the first-th on.
func briefsOf(ctx context.Context, q querier, inputs map[int64]string, since, before time.Time, first int) iter.Seq2[[]Brief, error] {
	from, length := since.Unix(), before.Unix()-since.Unix()
	edge := func(k int) int64 { return from + length/briefSpans*int64(k) + length%briefSpans*int64(k)/briefSpans }
	return func(yield func([]Brief, error) bool) {
		n := 0
		for k := first; k < briefSpans; k += 2 {
			briefs, err := briefsIn(ctx, q, inputs, edge(k), edge(k+1), before.Unix(), n)
			if !yield(briefs, err) || err != nil {
				return
			}
			n = len(briefs)
		}
	}
}

// briefsIn returns the reports that began in [from, to), as known at a moment: Unix
// seconds. There may be about as many as expected.
func briefsIn(ctx context.Context, q querier, inputs map[int64]string, from, to, known int64, expected int) ([]Brief, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT report.ref, report.offence, report.from_utc, report.to_utc, report.reported, report.bulletin,
			match.level, match.lon, match.lat, match.radius_m, match.confidence, CASE match.level WHEN 'place' THEN match.name ELSE '' END,
			match.locality, nullif(match.corrections, 'null'), match.source, report.input_id`+knownThen(""), from, to, known)
	if err != nil {
		return nil, fmt.Errorf("list incidents: %w", err)
	}
	defer rows.Close()
	briefs := make([]Brief, 0, expected+expected/8)
	var b Brief
	dest, fill := scanBrief(&b, inputs)
	for rows.Next() {
		b = Brief{}
		if err := rows.Scan(dest...); err != nil {
			return nil, fmt.Errorf("read incident: %w", err)
		}
		if err := fill(); err != nil {
			return nil, err
		}
		briefs = append(briefs, b)
	}
	return briefs, rows.Err()
}

// A querier reads: a database, or a connection of it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readers are two connections that read the database as it is at one moment, each in a
// transaction of its own. Between the beginnings of the two another program may have
// written: then both begin again.
func (db *DB) readers(ctx context.Context) (readers [2]*sql.Conn, release func(), err error) {
	var witness *sql.Conn
	release = func() {
		for _, c := range []*sql.Conn{witness, readers[0], readers[1]} {
			if c != nil {
				c.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // it has only read, or not begun
				c.Close()
			}
		}
	}
	defer func() {
		if err != nil {
			release()
		}
	}()
	for _, c := range []**sql.Conn{&witness, &readers[0], &readers[1]} {
		if *c, err = db.sql.Conn(ctx); err != nil {
			return readers, release, err
		}
	}
	for {
		var was, is int64
		if err := witness.QueryRowContext(ctx, "PRAGMA data_version").Scan(&was); err != nil {
			return readers, release, err
		}
		for _, c := range readers {
			if _, err := c.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
				return readers, release, err
			}
			if _, err := c.ExecContext(ctx, "SELECT count(*) FROM sqlite_schema"); err != nil {
				return readers, release, err
			}
		}
		if err := witness.QueryRowContext(ctx, "PRAGMA data_version").Scan(&is); err != nil || is == was {
			return readers, release, err
		}
		for _, c := range readers {
			if _, err := c.ExecContext(ctx, "ROLLBACK"); err != nil {
				return readers, release, err
			}
		}
	}
}

// inputHashes are the SHA-256 of the inputs by their numbers.
func inputHashes(ctx context.Context, q querier) (map[int64]string, error) {
	rows, err := q.QueryContext(ctx, "SELECT id, sha256 FROM input ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("list inputs: %w", err)
	}
	defer rows.Close()
	out := make(map[int64]string)
	for rows.Next() {
		var id int64
		var sum string
		if err := rows.Scan(&id, &sum); err != nil {
			return nil, fmt.Errorf("read input: %w", err)
		}
		out[id] = sum
	}
	return out, rows.Err()
}

// scanBrief is scanLocated for EachBrief.
func scanBrief(b *Brief, inputs map[int64]string) (dest []any, fill func() error) {
	var from, to, input int64
	var reported sql.NullInt64
	var level string
	var lon, lat sql.NullFloat64
	var corrections sql.NullString
	w := words{}
	m := &b.Match
	dest = []any{&b.Ref, word[string]{&b.Offence, w}, &from, &to, &reported, &b.Bulletin, word[string]{&level, w}, &lon, &lat, &m.RadiusM, &m.Confidence,
		word[string]{&m.Name, w}, word[string]{&m.Locality, w}, &corrections, word[string]{&m.Source, w}, &input}
	return dest, func() error {
		b.From, b.To, b.SHA256 = time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC(), inputs[input]
		if reported.Valid {
			b.Reported = time.Unix(reported.Int64, 0).UTC()
		}
		return fillMatch(m, b.Ref, level, lon, lat, cmp.Or(corrections.String, "null"))
	}
}
