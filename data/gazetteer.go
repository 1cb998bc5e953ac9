package data

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// A GazetteerSource is one gazetteer as imported.
type GazetteerSource struct {
	Name     string // "OS Open Names"; importing the same name again replaces it
	Format   string
	Release  string // a date or month where the source says one
	SHA256   string // of its file; of the sorted hashes, a line each, where it has several
	Licence  string
	Imported time.Time
	Kinds    []GazetteerCount // entries by kind
	LeftOut  []GazetteerCount // rows that are well formed and not wanted, by reason
	Refused  []GazetteerCount // rows that could not be used, by reason
}

// A GazetteerCount is a number of rows of one sort.
type GazetteerCount struct {
	What  string `json:"what"`
	Rows  int    `json:"rows"`
	First string `json:"first,omitempty"` // file and line of the first one refused
}

// A LeftOutError is a row of a gazetteer that is as it should be and not wanted:
// a river, a supermarket without a name.
type LeftOutError struct{ Reason string }

// Error returns the reason.
func (e *LeftOutError) Error() string { return e.Reason }

// Label names the source and its release.
func (s GazetteerSource) Label() string { return strings.TrimSpace(s.Name + " " + s.Release) }

// Entries returns the number of entries.
func (s GazetteerSource) Entries() int { return countRows(s.Kinds) }

// RefusedRows returns the number of rows refused.
func (s GazetteerSource) RefusedRows() int { return countRows(s.Refused) }

// LeftOutRows returns the number of rows left out.
func (s GazetteerSource) LeftOutRows() int { return countRows(s.LeftOut) }

func countRows(counts []GazetteerCount) int {
	n := 0
	for _, c := range counts {
		n += c.Rows
	}
	return n
}

// A Gazetteer is a source and its entries. A *LeftOutError or a *RowError among
// them is a row that gave no entry.
type Gazetteer struct {
	Source  GazetteerSource
	Entries iter.Seq2[index.Entry, error]
	Lines   iter.Seq[Line] // read after the entries; nil for none
}

// ReplaceGazetteers stores the gazetteers, each in place of the one of its name,
// all in one transaction: when one of them ends in an error other than those two,
// or holds no entry at all, nothing has changed. It returns the
// sources with their counts. The compiled index is dropped, since it no longer
// fits.
func (db *DB) ReplaceGazetteers(ctx context.Context, all []Gazetteer) ([]GazetteerSource, error) {
	var out []GazetteerSource
	err := db.transaction(ctx, func(tx *sql.Tx) error {
		// An index that grows row by row costs three times the load.
		if _, err := tx.ExecContext(ctx, "DROP INDEX gazetteer_entry_tile"); err != nil {
			return fmt.Errorf("prepare gazetteer: %w", err)
		}
		for _, g := range all {
			source, err := replaceGazetteer(ctx, tx, g)
			if err != nil {
				return err
			}
			out = append(out, source)
		}
		_, err := tx.ExecContext(ctx, `
			DELETE FROM gazetteer_index;
			CREATE INDEX gazetteer_entry_tile ON gazetteer_entry (tile)`)
		if err != nil {
			return fmt.Errorf("index gazetteer: %w", err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func replaceGazetteer(ctx context.Context, tx *sql.Tx, g Gazetteer) (GazetteerSource, error) {
	s := g.Source
	fail := func(err error) (GazetteerSource, error) {
		return s, fmt.Errorf("import %s: %w", s.Name, err)
	}
	_, err := tx.ExecContext(ctx, `
		DELETE FROM gazetteer_entry
		WHERE source_id IN (SELECT id FROM gazetteer_source WHERE name = ?)`, s.Name)
	if err != nil {
		return fail(err)
	}
	var id int64
	err = tx.QueryRowContext(ctx, `
		INSERT INTO gazetteer_source (name, format, release, sha256, licence, imported, kinds, left_out, refused)
		VALUES (?, ?, ?, ?, ?, ?, '[]', '[]', '[]')
		ON CONFLICT (name) DO UPDATE
		SET format = excluded.format, release = excluded.release, sha256 = excluded.sha256,
			licence = excluded.licence, imported = excluded.imported
		RETURNING id`, s.Name, s.Format, s.Release, s.SHA256, s.Licence, s.Imported.Unix()).Scan(&id)
	if err != nil {
		return fail(err)
	}
	insert, err := tx.PrepareContext(ctx, `
		INSERT INTO gazetteer_entry (source_id, entry_id, kind, name, aliases, number, locality, outcode, lon, lat, extent_m, error_m, tile)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return fail(err)
	}
	defer insert.Close()
	kinds, leftOut, refused := tally{}, tally{}, tally{}
	// With a context that can end, the driver starts a goroutine for each row.
	each := context.WithoutCancel(ctx)
	for e, err := range g.Entries {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		if err != nil {
			if !countLost(err, leftOut, refused) {
				return s, err
			}
			continue
		}
		_, err = insert.ExecContext(each, id, e.ID, int(e.Kind), e.Name, orNull(aliasText(e.Aliases)), orNull(e.Number),
			orNull(e.Locality), orNull(e.Outcode), e.Point.Lon(), e.Point.Lat(), e.ExtentM, e.ErrorM, gazetteerTile(e.Point))
		if err != nil {
			return fail(err)
		}
		kinds.add(e.Kind.String(), "")
	}
	if len(kinds) == 0 {
		return s, &UserError{Msg: s.Name + " holds no usable row, and was not imported"}
	}
	if err := replaceLines(ctx, tx, id, g.Lines); err != nil {
		return fail(err)
	}
	s.Kinds, s.LeftOut, s.Refused = kinds.sorted(), leftOut.sorted(), refused.sorted()
	_, err = tx.ExecContext(ctx, `
		UPDATE gazetteer_source
		SET kinds = ?, left_out = ?, refused = ?
		WHERE id = ?`, jsonText(s.Kinds), jsonText(s.LeftOut), jsonText(s.Refused), id)
	if err != nil {
		return fail(err)
	}
	return s, nil
}

// countLost counts a row that gave no entry, and reports whether err is about one.
func countLost(err error, leftOut, refused tally) bool {
	var left *LeftOutError
	var row *RowError
	switch {
	case errors.As(err, &left):
		leftOut.add(left.Reason, "")
	case errors.As(err, &row):
		what := row.Reason
		if row.Field != "" {
			what = row.Field + ": " + what
		}
		refused.add(what, fmt.Sprintf("%s:%d", row.Source, row.Line))
	default:
		return false
	}
	return true
}

// A tally counts rows by what they are.
type tally map[string]GazetteerCount

func (t tally) add(what, at string) {
	c, seen := t[what]
	if !seen {
		c = GazetteerCount{What: what, First: at}
	}
	c.Rows++
	t[what] = c
}

// sorted orders by falling count, then by name. It is never nil, so that it is
// written as a list even when it is empty.
func (t tally) sorted() []GazetteerCount {
	out := make([]GazetteerCount, 0, len(t))
	for _, c := range t {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b GazetteerCount) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.What, b.What))
	})
	return out
}

// aliasText joins aliases a line each: no name holds a line break.
func aliasText(aliases []string) string { return strings.Join(aliases, "\n") }

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// tileColumns is the number of tiles in one row of tiles, so that neighbours to
// east and west have neighbouring numbers.
const tileColumns = 3601

// gazetteerTile numbers the tenth of a degree that holds the point.
func gazetteerTile(p orb.Point) int64 {
	x, y := tileAt(p)
	return y*tileColumns + x
}

func tileAt(p orb.Point) (x, y int64) {
	return int64(math.Floor((p.Lon() + 180) * 10)), int64(math.Floor((p.Lat() + 90) * 10))
}

// A GazetteerName is a name and where it is.
type GazetteerName struct {
	Kind     index.Kind
	Name     string
	Locality string
	Point    orb.Point
	ErrorM   float64 // as of an index.Entry
}

// GazetteerNames returns the streets and settlements of every source in the area,
// as they were imported.
func (db *DB) GazetteerNames(ctx context.Context, area orb.Bound) ([]GazetteerName, error) {
	where, args := areaTiles(&area)
	rows, err := db.sql.QueryContext(ctx, `
		SELECT kind, name, locality, lon, lat, error_m
		FROM gazetteer_entry
		WHERE kind IN (?, ?)`+where+`
		ORDER BY rowid`, append([]any{int(index.KindStreet), int(index.KindPlace)}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	defer rows.Close()
	var out []GazetteerName
	for rows.Next() {
		var n GazetteerName
		var locality sql.NullString
		if err := rows.Scan(&n.Kind, &n.Name, &locality, &n.Point[0], &n.Point[1], &n.ErrorM); err != nil {
			return nil, fmt.Errorf("read names: %w", err)
		}
		n.Locality = locality.String
		if area.Contains(n.Point) {
			out = append(out, n)
		}
	}
	return out, rows.Err()
}

// GazetteerSources returns the imported gazetteers by name.
func (db *DB) GazetteerSources(ctx context.Context) ([]GazetteerSource, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT name, format, release, sha256, licence, imported, kinds, left_out, refused
		FROM gazetteer_source
		ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list gazetteers: %w", err)
	}
	defer rows.Close()
	var out []GazetteerSource
	for rows.Next() {
		var s GazetteerSource
		var imported int64
		var kinds, leftOut, refused string
		if err := rows.Scan(&s.Name, &s.Format, &s.Release, &s.SHA256, &s.Licence, &imported, &kinds, &leftOut, &refused); err != nil {
			return nil, fmt.Errorf("list gazetteers: %w", err)
		}
		s.Imported = time.Unix(imported, 0).UTC()
		err := errors.Join(json.Unmarshal([]byte(kinds), &s.Kinds), json.Unmarshal([]byte(leftOut), &s.LeftOut),
			json.Unmarshal([]byte(refused), &s.Refused))
		if err != nil {
			return nil, fmt.Errorf("list gazetteers: %w", err)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// GazetteerEntries reads the entries of every source, but those named in without,
// whose point lies in the area, its edges included; all of them where area is nil.
// They come ordered by source name, then as they were imported.
func (db *DB) GazetteerEntries(ctx context.Context, area *orb.Bound, without ...string) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		sources, err := db.GazetteerSources(ctx)
		if err != nil {
			yield(index.Entry{}, err)
			return
		}
		for _, s := range sources {
			if !slices.Contains(without, s.Name) && !db.sourceEntries(ctx, s, area, yield) {
				return
			}
		}
	}
}

func (db *DB) sourceEntries(ctx context.Context, s GazetteerSource, area *orb.Bound, yield func(index.Entry, error) bool) bool {
	fail := func(err error) bool {
		yield(index.Entry{}, fmt.Errorf("read gazetteer %s: %w", s.Name, err))
		return false
	}
	where, args := areaTiles(area)
	rows, err := db.sql.QueryContext(ctx, `
		SELECT entry_id, kind, name, aliases, number, locality, outcode, lon, lat, extent_m, error_m
		FROM gazetteer_entry
		WHERE source_id = (SELECT id FROM gazetteer_source WHERE name = ?)`+where+`
		ORDER BY rowid`, append([]any{s.Name}, args...)...)
	if err != nil {
		return fail(err)
	}
	defer rows.Close()
	label := s.Label()
	for rows.Next() {
		e := index.Entry{Source: label}
		var aliases, number, locality, outcode sql.NullString
		err := rows.Scan(&e.ID, &e.Kind, &e.Name, &aliases, &number, &locality, &outcode, &e.Point[0], &e.Point[1], &e.ExtentM, &e.ErrorM)
		if err != nil {
			return fail(err)
		}
		if area != nil && !area.Contains(e.Point) {
			continue
		}
		if aliases.Valid {
			e.Aliases = strings.Split(aliases.String, "\n")
		}
		e.Number, e.Locality, e.Outcode = number.String, locality.String, outcode.String
		if !yield(e, nil) {
			return false
		}
	}
	if err := rows.Err(); err != nil {
		return fail(err)
	}
	return true
}

// areaTiles narrows a query to the tiles that touch the area, a range for each
// row of tiles.
func areaTiles(area *orb.Bound) (where string, args []any) {
	if area == nil {
		return "", nil
	}
	x0, y0 := tileAt(area.Min)
	x1, y1 := tileAt(area.Max)
	var ranges []string
	for y := max(y0, 0); y <= min(y1, 1800); y++ {
		ranges = append(ranges, "tile BETWEEN ? AND ?")
		args = append(args, y*tileColumns+x0, y*tileColumns+x1)
	}
	switch {
	case len(ranges) == 0:
		return " AND FALSE", nil
	case len(ranges) > 100: // ten degrees; SQLite's limit is a thousand terms
		return " AND tile BETWEEN ? AND ?", []any{args[0], args[len(args)-1]}
	}
	return " AND (" + strings.Join(ranges, " OR ") + ")", args
}

// indexChunk is the size of one chunk of the compiled index in bytes.
const indexChunk = 4 << 20

// StoreGazetteerIndex keeps what write writes as the compiled index of an area,
// "" for that of all entries, in place of any before, in one transaction.
func (db *DB) StoreGazetteerIndex(ctx context.Context, area string, write func(io.Writer) error) error {
	err := db.transaction(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM gazetteer_index WHERE area = ?", area); err != nil {
			return err
		}
		w := &chunkWriter{ctx: ctx, tx: tx, area: area, buf: make([]byte, 0, indexChunk)}
		if err := write(w); err != nil {
			return err
		}
		return w.flush()
	})
	if err != nil {
		return fmt.Errorf("store gazetteer index: %w", err)
	}
	return nil
}

type chunkWriter struct {
	ctx   context.Context
	tx    *sql.Tx
	area  string
	chunk int
	buf   []byte
}

func (w *chunkWriter) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		k := min(len(b), cap(w.buf)-len(w.buf))
		w.buf = append(w.buf, b[:k]...)
		b = b[k:]
		if len(w.buf) == cap(w.buf) {
			if err := w.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

func (w *chunkWriter) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.tx.ExecContext(w.ctx, `
		INSERT INTO gazetteer_index (area, chunk, bytes)
		VALUES (?, ?, ?)`, w.area, w.chunk, w.buf)
	w.chunk++
	w.buf = w.buf[:0]
	return err
}

// GazetteerIndex returns the size in bytes of the compiled index of an area, ""
// for that of all entries, and a reader over it. The size is 0 where there is
// none. The reader holds some chunks at a time, and is to be closed once it was read
// from.
func (db *DB) GazetteerIndex(ctx context.Context, area string) (int64, io.ReadCloser, error) {
	var size int64
	err := db.sql.QueryRowContext(ctx, `
		SELECT coalesce(sum(length(bytes)), 0)
		FROM gazetteer_index
		WHERE area = ?`, area).Scan(&size)
	if err != nil {
		return 0, nil, fmt.Errorf("find gazetteer index: %w", err)
	}
	spent := make(chan []byte, 8)
	return size, &chunkReader{chunks: ahead(ctx, db.indexChunks(ctx, area, spent), 1), spent: spent}, nil
}

// indexChunks yields the chunks of a compiled index in their order, in the memory of
// those that are spent where there are any.
func (db *DB) indexChunks(ctx context.Context, area string, spent <-chan []byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for chunk := 0; ; chunk++ {
			var room []byte
			select {
			case room = <-spent:
			default:
			}
			bytes, err := db.indexChunk(ctx, area, chunk, room)
			if bytes == nil && err == nil {
				return
			}
			if err != nil {
				err = fmt.Errorf("read gazetteer index: %w", err)
			}
			if !yield(bytes, err) || err != nil {
				return
			}
		}
	}
}

// indexChunk returns a chunk of a compiled index, in room as far as that goes, or nil
// after the last.
func (db *DB) indexChunk(ctx context.Context, area string, chunk int, room []byte) ([]byte, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT bytes
		FROM gazetteer_index
		WHERE area = ? AND chunk = ?`, area, chunk)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	var bytes sql.RawBytes
	if err := rows.Scan(&bytes); err != nil {
		return nil, err
	}
	return append(room[:0], bytes...), nil
}

// A chunkReader reads chunks one after the other.
type chunkReader struct {
	chunks iter.Seq2[[]byte, error]
	spent  chan<- []byte
	whole  []byte                       // the chunk that buf is the end of
	next   func() ([]byte, error, bool) // nil until the first is asked for
	stop   func()
	buf    []byte
}

func (r *chunkReader) Read(b []byte) (int, error) {
	if r.next == nil {
		r.next, r.stop = iter.Pull2(r.chunks)
	}
	for len(r.buf) == 0 {
		select {
		case r.spent <- r.whole:
		default:
		}
		chunk, err, more := r.next()
		if !more {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		r.buf, r.whole = chunk, chunk
	}
	n := copy(b, r.buf)
	r.buf = r.buf[n:]
	return n, nil
}

func (r *chunkReader) Close() error {
	if r.stop != nil {
		r.stop()
	}
	return nil
}
