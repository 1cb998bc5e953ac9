package data

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// A Class is how much of a road a line is.
type Class uint8

// The classes, the greatest first.
const (
	ClassMotorway Class = iota + 1
	ClassTrunk
	ClassPrimary
	ClassSecondary
	ClassTertiary
	ClassStreet
	ClassPath // for feet, or behind the houses
)

// Through reports whether the road leads from one town to another.
func (c Class) Through() bool { return c <= ClassTertiary }

// A Line is a road or a street as the map draws it.
type Line struct {
	Class  Class
	Name   string // "" where it has none
	Number string // "A47"; "" where it has none
	Points orb.LineString
}

// lineUnit is how many steps of a stored coordinate are a degree: one is a tenth
// of a metre.
const lineUnit = 1e6

// A lineTile gathers the lines that begin in one tile.
type lineTile struct {
	bound orb.Bound
	bytes []byte
}

// replaceLines stores the lines of a source in place of those it had. Lines of
// fewer than two points are left out.
func replaceLines(ctx context.Context, tx *sql.Tx, source int64, lines iter.Seq[Line]) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM gazetteer_line WHERE source_id = ?", source); err != nil {
		return err
	}
	if lines == nil {
		return nil
	}
	type key struct {
		tile    int64
		through bool
	}
	tiles := make(map[key]*lineTile)
	var keys []key
	for l := range lines {
		if len(l.Points) < 2 {
			continue
		}
		k := key{gazetteerTile(l.Points[0]), l.Class.Through()}
		t := tiles[k]
		if t == nil {
			t = &lineTile{bound: l.Points.Bound()}
			tiles[k] = t
			keys = append(keys, k)
		}
		t.bound = t.bound.Union(l.Points.Bound())
		t.bytes = l.appendTo(t.bytes)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.tile, b.tile), cmp.Compare(flag(a.through), flag(b.through)))
	})
	insert, err := tx.PrepareContext(ctx, `
		INSERT INTO gazetteer_line (source_id, tile, through, west, south, east, north, lines)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, k := range keys {
		t := tiles[k]
		if _, err := insert.ExecContext(ctx, source, k.tile, flag(k.through), t.bound.Min[0], t.bound.Min[1], t.bound.Max[0], t.bound.Max[1], t.bytes); err != nil {
			return err
		}
	}
	return nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Lines returns the lines of every source that meet the area, only those of
// through roads where through says so, in the order in which they were imported.
func (db *DB) Lines(ctx context.Context, area orb.Bound, through bool) ([]Line, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT lines
		FROM gazetteer_line
		WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? AND through >= ?
		ORDER BY source_id, tile, through`, area.Max[0], area.Min[0], area.Max[1], area.Min[1], flag(through))
	if err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	defer rows.Close()
	var out []Line
	for rows.Next() {
		var b sql.RawBytes
		if err := rows.Scan(&b); err != nil {
			return nil, fmt.Errorf("read lines: %w", err)
		}
		for len(b) > 0 {
			var l Line
			if l, b, err = readLine(b); err != nil {
				return nil, fmt.Errorf("read lines: %w", err)
			}
			if l.Points.Bound().Intersects(area) {
				out = append(out, l)
			}
		}
	}
	return out, rows.Err()
}

// appendTo appends the line: class, name, number, the number of points, and each
// as its steps from the one before, varints of a tenth of a metre.
func (l Line) appendTo(b []byte) []byte {
	b = append(b, byte(l.Class))
	for _, s := range []string{l.Name, l.Number} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	b = binary.AppendUvarint(b, uint64(len(l.Points)))
	var last [2]int64
	for _, p := range l.Points {
		for i := range last {
			at := int64(math.Round(p[i] * lineUnit))
			b = binary.AppendVarint(b, at-last[i])
			last[i] = at
		}
	}
	return b
}

var errLine = errors.New("a line is damaged; import the gazetteer again")

// readLine reads one line and returns the rest.
func readLine(b []byte) (l Line, rest []byte, err error) {
	l.Class, b = Class(b[0]), b[1:]
	count := func() int {
		n, used := binary.Uvarint(b)
		if used <= 0 || n > uint64(len(b)) { // what is counted takes a byte at least
			err = errLine
			return 0
		}
		b = b[used:]
		return int(n)
	}
	for _, s := range []*string{&l.Name, &l.Number} {
		n := count()
		if err != nil || n > len(b) {
			return l, nil, errLine
		}
		*s, b = string(b[:n]), b[n:]
	}
	n := count()
	if err != nil {
		return l, nil, err
	}
	l.Points = make(orb.LineString, n)
	var last [2]int64
	for k := range l.Points {
		for i := range last {
			d, used := binary.Varint(b)
			if used <= 0 {
				return l, nil, errLine
			}
			last[i], b = last[i]+d, b[used:]
			l.Points[k][i] = float64(last[i]) / lineUnit
		}
	}
	return l, b, nil
}
