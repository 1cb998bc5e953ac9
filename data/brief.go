package data

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"slices"
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

// Briefs are the reports that had been looked up and whose event began in a span, in
// brief, as they were known at its end and as the store is at one moment.
type Briefs struct {
	db            *DB
	at            *snapshot
	since, before int64 // Unix seconds
	inputs        map[int64]string
	corrected     []Located
	chunks        []chunk
	fresh         []packedDay // read row by row, and not yet kept
	spare         chan []dayRow
	packed        int // reports of packed days
}

// A chunk is some days in sequence, which are all packed in the store or none.
type chunk struct {
	first, last int64
	packed      bool
}

// A packedDay is one that is or will be in the store.
type packedDay struct {
	day     int64
	reports int
	briefs  string
}

// Briefs begins to read the reports whose event began in [since, before). Whoever
// reads them closes them.
func (db *DB) Briefs(ctx context.Context, since, before time.Time) (*Briefs, error) {
	at, err := db.snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("list incidents: %w", err)
	}
	b := &Briefs{db: db, at: at, since: since.Unix(), before: before.Unix()}
	q := at.readers[0]
	if b.corrected, err = stoodThen(ctx, q, since, before); err == nil {
		if b.inputs, err = inputHashes(ctx, q); err == nil {
			err = b.lay(ctx, q)
		}
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// Close ends the reading.
func (b *Briefs) Close() { b.at.release() }

// Limits of a chunk.
const (
	chunkDays = 4   // a day of a big force is 3,000 reports
	maxChunks = 200 // where reports lie years apart
)

// lay cuts the span into chunks.
func (b *Briefs) lay(ctx context.Context, q querier) error {
	const begun = "FROM report WHERE from_utc >= ?1 AND from_utc < ?2"
	rows, err := q.QueryContext(ctx, "SELECT min(from_utc) "+begun+" UNION ALL SELECT max(from_utc) "+begun, b.since, b.before)
	if err != nil {
		return fmt.Errorf("list incidents: %w", err)
	}
	ends, err := column[sql.NullInt64](rows)
	if err != nil || !ends[0].Valid {
		return err
	}
	first, last := dayOf(min(ends[0].Int64, ends[1].Int64)), dayOf(max(ends[0].Int64, ends[1].Int64))
	packed, err := heldDays(ctx, q, "day BETWEEN ? AND ?", first, last)
	if err != nil {
		return err
	}
	most := max(chunkDays, (last-first)/maxChunks)
	for day := first; day <= last; day++ {
		n, is := packed[day]
		b.packed += n
		if k := len(b.chunks) - 1; k >= 0 && b.chunks[k].packed == is && day-b.chunks[k].first < most {
			b.chunks[k].last = day
			continue
		}
		b.chunks = append(b.chunks, chunk{day, day, is})
	}
	return nil
}

// heldDays returns by day how many reports are packed of those that the condition holds.
func heldDays(ctx context.Context, q querier, condition string, args ...any) (map[int64]int, error) {
	return byNumber[int](ctx, q, "list the packed days", "SELECT day, reports FROM day INDEXED BY day_held WHERE format = ? AND "+condition, append([]any{dayFormat}, args...)...)
}

// Most returns how many reports Each gives at the most, but for those corrected since.
func (b *Briefs) Most(ctx context.Context) (int, error) {
	most := b.packed
	for _, c := range b.chunks {
		if c.packed {
			continue
		}
		n := 0
		if err := b.at.readers[0].QueryRowContext(ctx, "SELECT count(*) FROM report WHERE from_utc >= ? AND from_utc < ?",
			max(b.since, c.first*secondsOfDay), min(b.before, (c.last+1)*secondsOfDay)).Scan(&n); err != nil {
			return 0, fmt.Errorf("count incidents: %w", err)
		}
		most += n
	}
	return most, nil
}

// dayOf is the day of UTC of a moment, since 1 January 1970.
func dayOf(unix int64) int64 {
	day := unix / secondsOfDay
	if unix%secondsOfDay < 0 {
		day--
	}
	return day
}

// Each gives the reports in the order of their begin and reference. Of one that was
// corrected since, it gives all of what stood then too: the store has it no more as one
// of its reports. Both last until each returns.
func (b *Briefs) Each(ctx context.Context, each func(b *Brief, stood *Located) error) error {
	var next [len(b.at.readers)]func() (read, error, bool)
	for r, q := range b.at.readers {
		var stop func()
		next[r], stop = iter.Pull2(ahead(ctx, b.every(ctx, q, r), 1))
		defer stop()
	}
	g := giver{b: b, each: each, corrected: b.corrected, corrections: map[string][]string{}}
	b.fresh, b.spare = nil, make(chan []dayRow, 2*len(next))
	for k := range b.chunks {
		got, err, _ := next[k%len(next)]()
		if err != nil {
			return err
		}
		b.fresh = append(b.fresh, got.fresh...)
		for i := range got.rows {
			if err := g.give(&got.rows[i]); err != nil {
				return err
			}
		}
		select {
		case b.spare <- got.rows[:0]:
		default:
		}
	}
	return g.rest()
}

// A giver hands out rows among which it puts what was corrected since.
type giver struct {
	b           *Briefs
	each        func(b *Brief, stood *Located) error
	corrected   []Located
	corrections map[string][]string
	brief       Brief
}

func (g *giver) give(r *dayRow) error {
	if !r.stood(g.b.since, g.b.before) {
		return nil
	}
	if err := r.fill(&g.brief, g.corrections); err != nil {
		return err
	}
	g.brief.SHA256 = g.b.inputs[r.input]
	for len(g.corrected) > 0 && compareBegins(g.corrected[0].From, g.corrected[0].Ref, g.brief.From, g.brief.Ref) < 0 {
		if err := g.stood(); err != nil {
			return err
		}
	}
	return g.each(&g.brief, nil)
}

// stood hands out the first of what was corrected.
func (g *giver) stood() error {
	l := &g.corrected[0]
	g.corrected = g.corrected[1:]
	brief := l.Brief()
	return g.each(&brief, l)
}

func (g *giver) rest() error {
	for len(g.corrected) > 0 {
		if err := g.stood(); err != nil {
			return err
		}
	}
	return nil
}

// keptAfter is how many seconds after its end a day is packed: most reports have come
// in by then.
const keptAfter = 2 * secondsOfDay

// A read chunk is rows, and the whole days among them packed that were not yet.
type read struct {
	rows  []dayRow
	fresh []packedDay
}

// every yields every second chunk, from the first-th on.
func (b *Briefs) every(ctx context.Context, q querier, first int) iter.Seq2[read, error] {
	return func(yield func(read, error) bool) {
		n, w := 0, words{}
		for k := first; k < len(b.chunks); k += len(b.at.readers) {
			var got read
			var err error
			if c := b.chunks[k]; c.packed {
				select {
				case got.rows = <-b.spare:
				default:
				}
				got.rows, err = unpacked(ctx, q, c, w, got.rows)
			} else {
				got.rows, err = rowsIn(ctx, q, c, w, n)
				got.fresh = packed(got.rows, c, b.before)
				n = len(got.rows)
			}
			if !yield(got, err) || err != nil {
				return
			}
		}
	}
}

// eachPackedDay gives the days of a chunk, each until the next.
func eachPackedDay(ctx context.Context, q querier, c chunk, each func(day int64, reports int, briefs []byte) error) error {
	rows, err := q.QueryContext(ctx, "SELECT day, reports, briefs FROM day WHERE day BETWEEN ? AND ? ORDER BY day", c.first, c.last)
	if err != nil {
		return fmt.Errorf("read packed days: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var day int64
		var reports int
		var briefs sql.RawBytes
		if err := rows.Scan(&day, &reports, &briefs); err != nil {
			return fmt.Errorf("read packed days: %w", err)
		}
		if err := each(day, reports, briefs); err != nil {
			return err
		}
	}
	return rows.Err()
}

// unpacked adds the rows of a chunk that is packed.
func unpacked(ctx context.Context, q querier, c chunk, w words, rows []dayRow) ([]dayRow, error) {
	err := eachPackedDay(ctx, q, c, func(_ int64, reports int, briefs []byte) error {
		rows = slices.Grow(rows, reports)
		day := readDay(briefs, w)
		for day.next() {
			rows = append(rows, day.row)
		}
		if day.bad {
			return errDay
		}
		return nil
	})
	return rows, err
}

// packed packs the days of a chunk that ended long enough before a moment. Before 1970
// none is packed, since the store takes the days on both sides of it for one.
func packed(rows []dayRow, c chunk, before int64) []packedDay {
	var out []packedDay
	for day := c.first; day <= c.last; day++ {
		var p dayPacker
		for len(rows) > 0 && dayOf(rows[0].from) == day {
			p.add(&rows[0])
			rows = rows[1:]
		}
		if day > 0 && (day+1)*secondsOfDay+keptAfter <= before {
			out = append(out, packedDay{day, int(p.n), string(p.pack())})
		}
	}
	return out
}

// rowsIn returns the reports that began on the days of a chunk, which may be about as
// many as expected.
func rowsIn(ctx context.Context, q querier, c chunk, w words, expected int) ([]dayRow, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT report.ref, report.offence, report.from_utc, report.to_utc, report.reported, report.known, report.bulletin, report.withdrawn,
			match.level, match.lon, match.lat, match.radius_m, match.confidence, CASE match.level WHEN 'place' THEN match.name ELSE '' END,
			match.locality, match.corrections, match.source, report.input_id
		FROM report
		JOIN match ON match.report_id = report.id
		WHERE report.from_utc >= ? AND report.from_utc < ?
		ORDER BY report.from_utc, report.ref`, c.first*secondsOfDay, (c.last+1)*secondsOfDay)
	if err != nil {
		return nil, fmt.Errorf("list incidents: %w", err)
	}
	defer rows.Close()
	out := make([]dayRow, 0, expected+expected/8)
	var r dayRow
	dest := []any{&r.ref, word[string]{&r.offence, w}, &r.from, &r.to, &r.reported, &r.known, &r.bulletin, &r.withdrawn,
		word[string]{&r.level, w}, &r.lon, &r.lat, &r.radiusM, &r.confidence, word[string]{&r.name, w},
		word[string]{&r.locality, w}, word[string]{&r.changes, w}, word[string]{&r.source, w}, &r.input}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, fmt.Errorf("read incident: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// oneGazetteer is that in which all reports were looked up, ” where it is not one.
const oneGazetteer = "CASE WHEN count(*) = count(match.gazetteer) AND min(match.gazetteer) = max(match.gazetteer) THEN min(match.gazetteer) ELSE '' END"

// Keep packs the days that Each read row by row into the store, where no program has
// changed the store since, none is changing it now and there is room: it is only for
// speed.
func (b *Briefs) Keep(ctx context.Context) error {
	if len(b.fresh) == 0 || b.db.ReadOnly {
		return nil
	}
	b.at.end()
	err := b.db.transaction(ctx, func(tx *sql.Tx) error {
		if changed, err := b.at.changed(ctx); err != nil || changed {
			return err
		}
		stmt, err := tx.PrepareContext(ctx, `
			INSERT INTO day (day, format, reports, briefs, gazetteer)
			SELECT ?1, ?2, ?3, ?4, `+oneGazetteer+`
			FROM report
			LEFT JOIN match ON match.report_id = report.id
			WHERE report.from_utc >= ?1 * 86400 AND report.from_utc < (?1 + 1) * 86400
			ON CONFLICT (day) DO UPDATE SET format = excluded.format, reports = excluded.reports, briefs = excluded.briefs, gazetteer = excluded.gazetteer`)
		if err != nil {
			return err
		}
		defer stmt.Close()
		for _, p := range b.fresh {
			if _, err := stmt.ExecContext(ctx, p.day, dayFormat, p.reports, []byte(p.briefs)); err != nil {
				return err
			}
		}
		return nil
	})
	b.fresh = nil
	if Busy(err) || Full(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("keep days packed: %w", err)
	}
	return nil
}

// verifyDays returns the packed days that are not as their reports are.
func (db *DB) verifyDays(ctx context.Context) ([]string, error) {
	at, err := db.snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("check the packed days: %w", err)
	}
	defer at.release()
	q := at.readers[0]
	rows, err := q.QueryContext(ctx, "SELECT day FROM day WHERE format = ? ORDER BY day", dayFormat)
	if err != nil {
		return nil, fmt.Errorf("check the packed days: %w", err)
	}
	days, err := column[int64](rows)
	if err != nil {
		return nil, fmt.Errorf("check the packed days: %w", err)
	}
	said, err := byNumber[string](ctx, q, "list the gazetteers of packed days", "SELECT day, gazetteer FROM day INDEXED BY day_held WHERE gazetteer <> '' AND format = ?", dayFormat)
	if err != nil {
		return nil, err
	}
	found, err := byNumber[string](ctx, q, "list the gazetteers of packed days", `
		SELECT report.from_utc / 86400, `+oneGazetteer+`
		FROM report
		LEFT JOIN match ON match.report_id = report.id
		GROUP BY 1`)
	if err != nil {
		return nil, err
	}
	var findings []string
	w := words{}
	for _, day := range days {
		c := chunk{first: day, last: day}
		var kept []packedDay
		if err := eachPackedDay(ctx, q, c, func(day int64, reports int, briefs []byte) error {
			kept = append(kept, packedDay{day, reports, string(briefs)})
			return nil
		}); err != nil {
			return nil, err
		}
		rows, err := rowsIn(ctx, q, c, w, 0)
		if err != nil {
			return nil, err
		}
		if !slices.Equal(packed(rows, c, math.MaxInt64), kept) {
			findings = append(findings, "the packed reports of "+dateOf(day)+" are not as the reports are")
		}
		if said[day] != "" && said[day] != found[day] {
			findings = append(findings, "the reports of "+dateOf(day)+" were not all looked up in the gazetteer that their packed day names")
		}
	}
	return findings, nil
}

func dateOf(day int64) string { return time.Unix(day*secondsOfDay, 0).UTC().Format(time.DateOnly) }

// inputHashes are the SHA-256 of the inputs by their numbers.
func inputHashes(ctx context.Context, q querier) (map[int64]string, error) {
	return byNumber[string](ctx, q, "list inputs", "SELECT id, sha256 FROM input")
}
