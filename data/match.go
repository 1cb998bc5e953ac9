package data

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Located is a report and where it was found. A report that was looked up in
// vain has a Match of geo.LevelNone or geo.LevelAmbiguous.
type Located struct {
	Report
	Match  geo.Match
	SHA256 string // of the input that the report came in
}

const reportColumns = `
	report.ref, report.offence, report.offence_text, report.location, report.from_utc, report.to_utc, report.precision,
	report.date_rule, report.reported, report.lon, report.lat, input.source, report.line, report.bulletin, report.withdrawn, report.own`

// words keeps one copy of each text that many rows have: a year's reports share a
// few offences, sources and rules, and some thousand streets.
type words map[string]string

// A word is where such a text of a row goes.
type word[T ~string] struct {
	to    *T
	words words
}

// Scan takes the text of a column.
func (w word[T]) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("%T in a column of text", src)
	}
	*w.to = T(one(w.words, s))
	return nil
}

// one returns the copy that is kept of a text.
func one[T string | []byte](w words, s T) string {
	kept, ok := w[string(s)]
	if !ok {
		kept = strings.Clone(string(s))
		w[kept] = kept
	}
	return kept
}

// scanReport returns the destinations for reportColumns and a function that
// fills r from them, for one row after the other.
func scanReport(r *Report, w words) (dest []any, fill func()) {
	var from, to int64
	var reported sql.NullInt64
	var lon, lat sql.NullFloat64
	dest = []any{&r.Ref, word[string]{&r.Offence, w}, word[string]{&r.OffenceText, w}, &r.Location, &from, &to, word[Precision]{&r.Precision, w}, word[string]{&r.DateRule, w},
		&reported, &lon, &lat, word[string]{&r.Source, w}, &r.Line, &r.Bulletin, &r.Withdrawn, &r.Own}
	return dest, func() {
		r.From, r.To = time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()
		if reported.Valid {
			r.Reported = time.Unix(reported.Int64, 0).UTC()
		}
		if lon.Valid {
			r.Point = &orb.Point{lon.Float64, lat.Float64}
		}
	}
}

// A Group is what waits of one input to be looked up.
type Group struct {
	input    int64
	Reports  int
	bulletin bool
}

// Unlocated returns the inputs with reports that have not been looked up in this
// gazetteer, in the order in which they were read.
func (db *DB) Unlocated(ctx context.Context, gazetteer string) ([]Group, error) {
	held, err := heldDays(ctx, db.sql, "gazetteer = ?", gazetteer)
	if err != nil {
		return nil, err
	}
	from, args := "report", []any{gazetteer}
	if len(held) > 0 { // what is new is beside them
		from = "json_each(?2) AS span CROSS JOIN report ON report.from_utc >= span.value ->> 0 AND report.from_utc < span.value ->> 1"
		args = append(args, jsonText(beside(slices.Sorted(maps.Keys(held)))))
	}
	rows, err := db.sql.QueryContext(ctx, `
		SELECT report.input_id, count(*), max(report.bulletin)
		FROM `+from+`
		LEFT JOIN match ON match.report_id = report.id
		WHERE match.gazetteer IS NULL OR match.gazetteer <> ?1
		GROUP BY report.input_id
		ORDER BY report.input_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("list reports to geocode: %w", err)
	}
	defer rows.Close()
	var out []Group
	for rows.Next() {
		var g Group
		if err := rows.Scan(&g.input, &g.Reports, &g.bulletin); err != nil {
			return nil, fmt.Errorf("list reports to geocode: %w", err)
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// beside are the spans of time, Unix seconds, [from, to), that none of the days holds.
func beside(days []int64) [][2]int64 {
	var spans [][2]int64
	from := int64(-1 << 62)
	for _, day := range days {
		if at := day * secondsOfDay; from < at {
			spans = append(spans, [2]int64{from, at})
		}
		from = (day + 1) * secondsOfDay
	}
	return append(spans, [2]int64{from, 1 << 62})
}

// unlocatedAtOnce is how many reports of a table are looked up at once.
const unlocatedAtOnce = 4096

// UnlocatedOf yields the reports of the group, some at a time, in the order of their
// lines; those of a bulletin, which help one another, all at once.
func (db *DB) UnlocatedOf(ctx context.Context, gazetteer string, g Group) iter.Seq2[[]Report, error] {
	return func(yield func([]Report, error) bool) {
		rows, err := db.sql.QueryContext(ctx, `
			SELECT `+reportColumns+`, report.within_m
			FROM report
			JOIN input ON input.id = report.input_id
			LEFT JOIN match ON match.report_id = report.id
			WHERE report.input_id = ? AND (match.gazetteer IS NULL OR match.gazetteer <> ?)
			ORDER BY report.line, report.ref`, g.input, gazetteer)
		if err != nil {
			yield(nil, fmt.Errorf("list reports to geocode: %w", err))
			return
		}
		defer rows.Close()
		var next []Report
		var r Report
		dest, fill := scanReport(&r, words{})
		dest = append(dest, &r.WithinM)
		for rows.Next() {
			r = Report{}
			if err := rows.Scan(dest...); err != nil {
				yield(nil, fmt.Errorf("read report: %w", err))
				return
			}
			fill()
			if next = append(next, r); len(next) < unlocatedAtOnce || g.bulletin {
				continue
			}
			if !yield(next, nil) {
				return
			}
			next = make([]Report, 0, unlocatedAtOnce)
		}
		if err := rows.Err(); err != nil || len(next) > 0 {
			yield(next, err)
		}
	}
}

// NotLookedUp returns the number of reports that have not been looked up in any
// gazetteer.
func (db *DB) NotLookedUp(ctx context.Context) (int, error) {
	var n int
	err := db.sql.QueryRowContext(ctx, `
		SELECT count(*)
		FROM report
		WHERE NOT EXISTS (SELECT 1 FROM match WHERE match.report_id = report.id)`).Scan(&n)
	return n, err
}

// StoreMatches keeps where the reports were found in this gazetteer, in one
// transaction. It replaces an earlier match.
func (db *DB) StoreMatches(ctx context.Context, gazetteer string, located []Located) error {
	return db.StoreEachMatch(ctx, gazetteer, func(yield func([]Located, error) bool) { yield(located, nil) })
}

// StoreEachMatch is StoreMatches of what is looked up meanwhile, some at a time; an
// error there undoes the whole.
func (db *DB) StoreEachMatch(ctx context.Context, gazetteer string, located iter.Seq2[[]Located, error]) error {
	return db.transaction(ctx, func(tx *sql.Tx) error {
		one, err := tx.PrepareContext(ctx, storeMatches(1))
		if err != nil {
			return err
		}
		defer one.Close()
		many, err := tx.PrepareContext(ctx, storeMatches(matchesAtOnce))
		if err != nil {
			return err
		}
		defer many.Close()
		each := context.WithoutCancel(ctx) // as in take
		args := make([]any, 0, matchesAtOnce*matchColumns)
		for some, err := range ahead(ctx, located, 1) {
			if err != nil {
				return err
			}
			for len(some) > 0 {
				stmt, n := one, 1
				if len(some) >= matchesAtOnce {
					stmt, n = many, matchesAtOnce
				}
				if err := storeMatchesOf(each, stmt, gazetteer, some[:n], args); err != nil {
					return err
				}
				some = some[n:]
			}
		}
		return nil
	})
}

// matchesAtOnce is how many matches a statement stores: one for each costs as much for its
// call as for its row. Their reports lie side by side, and so do they.
const matchesAtOnce = 32

// matchColumns is how many values storeMatchesOf tells of each.
const matchColumns = 14

// storeMatches is the statement that stores so many matches.
func storeMatches(n int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", matchColumns), ", ") + ")"
	return `
		WITH found (ref, level, lon, lat, radius_m, confidence, name, locality, rule, corrections, source, candidates, gazetteer, h3)
			AS (VALUES ` + strings.TrimSuffix(strings.Repeat(row+", ", n), ", ") + `)
		INSERT INTO match (report_id, level, lon, lat, radius_m, confidence, name, locality, rule,
			corrections, source, candidates, gazetteer, h3)
		SELECT report.id, level, found.lon, found.lat, radius_m, confidence, name, locality, rule, corrections, source, candidates, gazetteer, h3
		FROM found
		CROSS JOIN report ON report.ref = found.ref
		WHERE true
		ON CONFLICT (report_id) DO UPDATE
		SET level = excluded.level, lon = excluded.lon, lat = excluded.lat,
			radius_m = excluded.radius_m, confidence = excluded.confidence, name = excluded.name,
			locality = excluded.locality, rule = excluded.rule, corrections = excluded.corrections,
			source = excluded.source, candidates = excluded.candidates, gazetteer = excluded.gazetteer, h3 = excluded.h3`
}

// storeMatchesOf stores as many as the statement has rows for, with args to write in.
func storeMatchesOf(ctx context.Context, stmt *sql.Stmt, gazetteer string, some []Located, args []any) error {
	for i := range some {
		m := &some[i].Match
		var lon, lat, cell any
		if m.Level.Located() {
			lon, lat, cell = m.Point.Lon(), m.Point.Lat(), cellOf(m.Point)
		}
		args = append(args, some[i].Ref, m.Level.String(), lon, lat, m.RadiusM, m.Confidence, m.Name, m.Locality,
			m.Rule, jsonText(m.Corrections), m.Source, jsonText(m.Candidates), gazetteer, cell)
	}
	res, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("store matches from report %s: %w", some[0].Ref, err)
	}
	n, err := res.RowsAffected()
	if err == nil && n != int64(len(some)) {
		err = fmt.Errorf("%d rows written of %d", n, len(some))
	}
	if err != nil {
		return fmt.Errorf("store matches from report %s: %w", some[0].Ref, err)
	}
	return nil
}

// cellResolution is that of the cells that the store keeps; coarser ones are their
// parents.
const cellResolution = 9

// cellOf is the cell of a point as the store keeps it, nil where there is none.
func cellOf(p orb.Point) any {
	cell, err := geo.CellAt(p, cellResolution)
	if err != nil {
		return nil
	}
	return int64(cell)
}

// fillCells gives the matches of an older file their cells.
func fillCells(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT report_id, lon, lat
		FROM match
		WHERE h3 IS NULL AND lon IS NOT NULL
		ORDER BY report_id`)
	if err != nil {
		return err
	}
	cells := make(map[int64]any)
	for rows.Next() {
		var id int64
		var p orb.Point
		if err := rows.Scan(&id, &p[0], &p[1]); err != nil {
			rows.Close()
			return err
		}
		cells[id] = cellOf(p)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for id, cell := range cells {
		if _, err := tx.ExecContext(ctx, "UPDATE match SET h3 = ? WHERE report_id = ?", cell, id); err != nil {
			return err
		}
	}
	return nil
}

// Begun returns the number of reports whose event began in [since, before).
func (db *DB) Begun(ctx context.Context, since, before time.Time) (int, error) {
	var n int
	if err := db.sql.QueryRowContext(ctx, "SELECT count(*) FROM report WHERE from_utc >= ? AND from_utc < ?", since.Unix(), before.Unix()).Scan(&n); err != nil {
		return 0, fmt.Errorf("count incidents: %w", err)
	}
	return n, nil
}

// Located returns the reports of EachLocated.
func (db *DB) Located(ctx context.Context, since, before time.Time) ([]Located, error) {
	n, err := db.Begun(ctx, since, before)
	if err != nil {
		return nil, err
	}
	out := make([]Located, 0, n) // growing it would copy a year's reports many times
	err = db.EachLocated(ctx, since, before, func(l *Located) error {
		out = append(out, *l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// locatedColumns are those of a Located.
const locatedColumns = reportColumns + `, match.level, match.lon, match.lat, match.radius_m, match.confidence,
	match.name, match.locality, match.rule, match.corrections, match.source, match.candidates, input.sha256`

// knownThen are the reports that began in [?1, ?2) as they were known at ?3, with what
// is joined to them beside their matches.
func knownThen(join string) string {
	return `
	FROM report
	` + join + `
	JOIN match ON match.report_id = report.id
	WHERE report.from_utc >= ?1 AND report.from_utc < ?2 AND (report.reported IS NULL OR report.reported <= ?3)
		AND (report.known IS NULL OR report.known <= ?3) AND report.withdrawn = 0
	ORDER BY report.from_utc, report.ref`
}

// EachLocated gives the reports that have been looked up and whose event began in
// [since, before), in the order of their begin and reference, each as it was known
// at the end: a report that came in later than that is left out where its time of
// reporting is known, and of one that was corrected later the version that stood
// then counts, so that an analysis of a past night sees what was known on it. What
// was withdrawn by then is left out. What is given lasts until each returns, and an
// error of it ends the reading.
func (db *DB) EachLocated(ctx context.Context, since, before time.Time, each func(*Located) error) error {
	corrected, err := stoodThen(ctx, db.sql, since, before)
	if err != nil {
		return err
	}
	rows, err := db.sql.QueryContext(ctx, `
		SELECT `+locatedColumns+knownThen("JOIN input ON input.id = report.input_id"), since.Unix(), before.Unix(), before.Unix())
	if err != nil {
		return fmt.Errorf("list incidents: %w", err)
	}
	err = eachRow(rows, func(l *Located) error {
		for len(corrected) > 0 && ByBegin(corrected[0], *l) < 0 {
			if err := each(&corrected[0]); err != nil {
				return err
			}
			corrected = corrected[1:]
		}
		return each(l)
	})
	if err != nil {
		return err
	}
	for i := range corrected {
		if err := each(&corrected[i]); err != nil {
			return err
		}
	}
	return nil
}

// ByBegin is the order of EachLocated.
func ByBegin(a, b Located) int { return compareBegins(a.From, a.Ref, b.From, b.Ref) }

func compareBegins(from time.Time, ref string, thanFrom time.Time, thanRef string) int {
	return cmp.Or(from.Compare(thanFrom), cmp.Compare(ref, thanRef))
}

// stoodThen are the versions that stood at the moment before, of reports that were
// corrected later, in the order of EachLocated.
func stoodThen(ctx context.Context, q querier, since, before time.Time) ([]Located, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT report.ref, version.offence, version.offence_text, version.location, version.from_utc, version.to_utc, version.precision,
			version.date_rule, version.reported, version.lon, version.lat, input.source, version.line, version.bulletin, version.withdrawn, report.own,
			version.match ->> 'level', version.match ->> 'lon', version.match ->> 'lat', version.match ->> 'radius_m', version.match ->> 'confidence',
			version.match ->> 'name', version.match ->> 'locality', version.match ->> 'rule', version.match -> 'corrections',
			version.match ->> 'source', version.match -> 'candidates', input.sha256
		FROM report
		JOIN report_version AS version ON version.report_id = report.id
		JOIN input ON input.id = version.input_id
		WHERE report.known > ?2 AND version.match IS NOT NULL AND version.withdrawn = 0
			AND version.from_utc >= ?1 AND version.from_utc < ?2 AND (version.reported IS NULL OR version.reported <= ?2)
			AND version.version = (
				SELECT max(version)
				FROM report_version AS earlier
				WHERE earlier.report_id = report.id AND (earlier.known IS NULL OR earlier.known <= ?2))
		ORDER BY version.from_utc, report.ref`, since.Unix(), before.Unix())
	if err != nil {
		return nil, fmt.Errorf("list what was corrected: %w", err)
	}
	var out []Located
	err = eachRow(rows, func(l *Located) error {
		out = append(out, *l)
		return nil
	})
	return out, err
}

// LocatedOf returns the reports with the references as they stand, by begin and
// reference, with the candidates that their places were chosen from or, which is
// quicker, without. Those that were never looked up are left out.
func (db *DB) LocatedOf(ctx context.Context, refs []string, candidates bool) ([]Located, error) {
	all, middle := make([]Located, len(refs)), len(refs)/2
	halves := [2][]Located{all[:0:middle], all[middle:middle]}
	var errs [2]error
	geo.Each(len(halves), len(halves), func(_, i int) {
		halves[i], errs[i] = db.locatedOf(ctx, [...][]string{refs[:middle], refs[middle:]}[i], candidates, halves[i])
	})
	out := append(all[:len(halves[0])], halves[1]...) // within the same room
	slices.SortStableFunc(out, ByBegin)
	return out, cmp.Or(errs[:]...)
}

// locatedOf adds them to out.
func (db *DB) locatedOf(ctx context.Context, refs []string, candidates bool, out []Located) ([]Located, error) {
	columns := locatedColumns
	if !candidates {
		columns = strings.Replace(columns, "match.candidates", "'null'", 1)
	}
	rows, err := db.sql.QueryContext(ctx, `
		SELECT `+columns+`
		FROM json_each(?) AS wanted
		JOIN report ON report.ref = wanted.value
		JOIN input ON input.id = report.input_id
		JOIN match ON match.report_id = report.id
		ORDER BY report.from_utc, report.ref`, jsonText(refs))
	if err != nil {
		return nil, fmt.Errorf("look up reports: %w", err)
	}
	err = eachRow(rows, func(l *Located) error {
		out = append(out, *l)
		return nil
	})
	return out, err
}

// BulletinStreets returns the streets, or other names, at which the reports of running
// text of a period were found, each once and sorted: those that a table may tell too.
func (db *DB) BulletinStreets(ctx context.Context, since, before time.Time) ([]string, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT match.name
		FROM report
		JOIN match ON match.report_id = report.id
		WHERE report.bulletin = 1 AND report.from_utc >= ?1 AND report.from_utc < ?2
		UNION
		SELECT version.match ->> 'name'
		FROM report_version AS version
		WHERE version.bulletin = 1 AND version.match IS NOT NULL AND version.from_utc >= ?1 AND version.from_utc < ?2
		ORDER BY 1`, since.Unix(), before.Unix())
	if err != nil {
		return nil, fmt.Errorf("list the streets of bulletins: %w", err)
	}
	out, err := column[string](rows)
	if err != nil {
		return nil, fmt.Errorf("read the street of a bulletin: %w", err)
	}
	return out, nil
}

// A Stood is what a report said for a time.
type Stood struct {
	Located
	Known time.Time // since when; zero for the first, which stood from its Reported on
	Until time.Time // when another took its place or it was taken back; zero where it stands
}

// Corrected returns what was said, by the moment, of the reports that were corrected or
// taken back by then, in the order of references and of when it was said: what Located
// would return of them on every night up to the moment. What was never looked up is
// left out.
func (db *DB) Corrected(ctx context.Context, moment time.Time) ([]Stood, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT report.ref, said.offence, said.offence_text, said.location, said.from_utc, said.to_utc, said.precision,
			said.date_rule, said.reported, said.lon, said.lat, input.source, said.line, said.bulletin, said.withdrawn, report.own,
			said.match ->> 'level', said.match ->> 'lon', said.match ->> 'lat', said.match ->> 'radius_m', said.match ->> 'confidence',
			said.match ->> 'name', said.match ->> 'locality', said.match ->> 'rule', said.match -> 'corrections',
			said.match ->> 'source', said.match -> 'candidates', input.sha256, said.known, said.until
		FROM (
			SELECT report_id, version, offence, offence_text, location, from_utc, to_utc, precision, date_rule, reported, lon, lat,
				input_id, line, bulletin, withdrawn, match, known, min(known) OVER (
					PARTITION BY report_id
					ORDER BY version
					ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS until
			FROM (
				SELECT report_id, version, offence, offence_text, location, from_utc, to_utc, precision, date_rule, reported, lon, lat,
					input_id, line, bulletin, withdrawn, match, known
				FROM report_version
				UNION ALL
				SELECT report.id, 1000000000, offence, offence_text, location, from_utc, to_utc, precision, date_rule, reported, report.lon, report.lat,
					input_id, line, bulletin, withdrawn,
					CASE WHEN match.report_id IS NULL THEN NULL ELSE json_object('level', match.level, 'lon', match.lon, 'lat', match.lat,
						'radius_m', match.radius_m, 'confidence', match.confidence, 'name', match.name, 'locality', match.locality,
						'rule', match.rule, 'corrections', json(match.corrections), 'source', match.source, 'candidates', json(match.candidates)) END,
					known
				FROM report
				LEFT JOIN match ON match.report_id = report.id
				WHERE known IS NOT NULL)
			WHERE known IS NULL OR known <= ?1) AS said
		JOIN report ON report.id = said.report_id
		JOIN input ON input.id = said.input_id
		WHERE report.known IS NOT NULL AND said.match IS NOT NULL AND said.withdrawn = 0
			AND said.from_utc < ?1 AND (said.reported IS NULL OR said.reported <= ?1)
		ORDER BY report.ref, said.version`, moment.Unix())
	if err != nil {
		return nil, fmt.Errorf("list what was corrected: %w", err)
	}
	defer rows.Close()
	var out []Stood
	var one Stood
	var known, until sql.NullInt64
	dest, fill := scanLocated(&one.Located, words{})
	dest = append(dest, &known, &until)
	for rows.Next() {
		one = Stood{}
		if err := rows.Scan(dest...); err != nil {
			return nil, fmt.Errorf("read what was corrected: %w", err)
		}
		if err := fill(); err != nil {
			return nil, err
		}
		if known.Valid {
			one.Known = time.Unix(known.Int64, 0).UTC()
		}
		if until.Valid {
			one.Until = time.Unix(until.Int64, 0).UTC()
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// eachRow gives the report of each row, and closes the rows.
func eachRow(rows *sql.Rows, each func(*Located) error) error {
	defer rows.Close()
	var l Located
	dest, fill := scanLocated(&l, words{})
	for rows.Next() {
		l = Located{}
		if err := rows.Scan(dest...); err != nil {
			return fmt.Errorf("read incident: %w", err)
		}
		if err := fill(); err != nil {
			return err
		}
		if err := each(&l); err != nil {
			return err
		}
	}
	return rows.Err()
}

// scanLocated returns where a row of a report with its match is scanned to, and what
// fills l in afterwards.
func scanLocated(l *Located, w words) (dest []any, fill func() error) {
	var level, corrections, candidates string
	var lon, lat sql.NullFloat64
	m := &l.Match
	dest, report := scanReport(&l.Report, w)
	dest = append(dest, word[string]{&level, w}, &lon, &lat, &m.RadiusM, &m.Confidence, word[string]{&m.Name, w}, word[string]{&m.Locality, w}, word[string]{&m.Rule, w},
		word[string]{&corrections, w}, word[string]{&m.Source, w}, &candidates, word[string]{&l.SHA256, w})
	return dest, func() (err error) {
		report()
		if err := fillMatch(m, l.Ref, level, lon, lat, corrections); err != nil {
			return err
		}
		if err := readJSON(candidates, &m.Candidates); err != nil {
			return fmt.Errorf("read candidates of report %s: %w", l.Ref, err)
		}
		return nil
	}
}

// fillMatch fills in what of a match a column does not hold as it is.
func fillMatch(m *geo.Match, ref, level string, lon, lat sql.NullFloat64, corrections string) (err error) {
	if m.Level, err = geo.ParseLevel(level); err != nil {
		return fmt.Errorf("read match of report %s: %w", ref, err)
	}
	if lon.Valid {
		m.Point = orb.Point{lon.Float64, lat.Float64}
	}
	if err := readJSON(corrections, &m.Corrections); err != nil {
		return fmt.Errorf("read corrections of report %s: %w", ref, err)
	}
	return nil
}

// jsonText writes a value of our own types as JSON, a nil slice as null.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("data: %T as JSON: %v", v, err))
	}
	return string(b)
}

// readJSON reads what jsonText wrote. Most of a year's matches have neither
// corrections nor candidates, and are not worth a parser.
func readJSON(text string, v any) error {
	if text == "null" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}

// Older returns the number of reports whose event began before the given time,
// and when the newest of all reports began; the zero time where there is none.
func (db *DB) Older(ctx context.Context, than time.Time) (n int, newest time.Time, err error) {
	var last sql.NullInt64
	err = db.sql.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM report WHERE from_utc < ?), (SELECT max(from_utc) FROM report)`, than.Unix()).Scan(&n, &last)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("find the newest report: %w", err)
	}
	if last.Valid {
		newest = time.Unix(last.Int64, 0).UTC()
	}
	return n, newest, nil
}
