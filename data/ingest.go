package data

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// An Input is a file that reports were read from.
type Input struct {
	Source   string    // base name, "-" for standard input
	SHA256   string    // of its bytes, hexadecimal
	Received time.Time // when it came in; zero where not known
	Moment   time.Time // since when its corrections are known: Received, else the moment of the run
}

// A Tally counts what an input held. Read = Added + Corrected + Known + Clashes.
// All but Added, Corrected and Known are the same when the input is ingested again.
type Tally struct {
	Read        int // reports
	Stored      int // reports that the store has from this input
	Added       int // reports that were new
	Corrected   int // reports that the store had with other content, which is history now
	Corrections int // reports that this input corrected, now or when it was read first
	Known       int // reports that the store, or an earlier line, already had
	Refused     int // lines that were refused, Clashes among them
	Unread      int // lines that name a place or a time and were not understood
	Clashes     int // reports whose reference another report of the same input has
}

// Ingest stores the reports of an input in one transaction and returns what it
// counted. A report is known when its reference is: its own, or the one made
// from its content. One with a known reference and other content is a correction:
// it stands from then on, and what stood before is history, unless the input was
// read before and its line was not refused as Future then. Where the other content is of the same input and no more than another
// offence at the same place and time, it is a report of its own (see nth); of any
// other content the first line is kept and the other refused. A *RowError among the rows is stored; any other
// error undoes the whole input. Ingesting an input again changes nothing.
func (db *DB) Ingest(ctx context.Context, in Input, rows iter.Seq2[Report, error]) (Tally, error) {
	var t Tally
	err := db.transaction(ctx, func(tx *sql.Tx) error {
		id, fresh, err := insertInput(ctx, tx, in)
		if err != nil {
			return err
		}
		usual, err := cachePages(ctx, tx, ingestCache)
		if err != nil {
			return err
		}
		defer cachePages(context.WithoutCancel(ctx), tx, usual)
		w, err := prepareIngest(ctx, tx, id)
		if err != nil {
			return err
		}
		defer w.close()
		w.fresh, w.moment = fresh, in.Moment
		if !fresh {
			if err := w.forgetFuture(ctx, tx); err != nil {
				return err
			}
		}
		if err := w.take(ctx, rows, &t); err != nil {
			return err
		}
		if err := dropDays(ctx, tx, id); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `
			SELECT (SELECT count(*) FROM report WHERE input_id = ?1)
				+ (SELECT count(DISTINCT report_id) FROM report_version WHERE input_id = ?1
					AND report_id NOT IN (SELECT id FROM report WHERE input_id = ?1)),
				(SELECT count(*) FROM report WHERE input_id = ?1 AND known IS NOT NULL)
				+ (SELECT count(DISTINCT report_id) FROM report_version WHERE input_id = ?1 AND version > 1
					AND report_id NOT IN (SELECT id FROM report WHERE input_id = ?1))
			ORDER BY 1`, id).Scan(&t.Stored, &t.Corrections)
	})
	if err != nil {
		return Tally{}, err
	}
	return t, nil
}

// ingestCache is how much of the database is kept in memory while a file is taken in,
// as SQLite counts it: 32 MB. Each report goes to three places of a big force's indexes,
// and a page that is not there is written out and read again.
const ingestCache = -32_000

// cachePages says how much of the database the connection keeps in memory, and returns
// how much it did.
func cachePages(ctx context.Context, tx *sql.Tx, size int) (was int, err error) {
	if err := tx.QueryRowContext(ctx, "PRAGMA cache_size").Scan(&was); err != nil {
		return 0, fmt.Errorf("ask how much is kept in memory: %w", err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = %d", size)); err != nil {
		return 0, fmt.Errorf("keep more in memory: %w", err)
	}
	return was, nil
}

// dropDays unpacks the days of the input's reports: they say of all theirs in which
// gazetteer they were looked up.
func dropDays(ctx context.Context, tx *sql.Tx, input int64) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM day WHERE day IN (SELECT from_utc / 86400 FROM report WHERE input_id = ?)", input); err != nil {
		return fmt.Errorf("unpack the days of new reports: %w", err)
	}
	return nil
}

// SetClock mends what a clock that ran ahead has left: corrections that would be
// known only after now are known from the moment on. It returns how many they are.
func (db *DB) SetClock(ctx context.Context, now, moment time.Time) (int, error) {
	n := 0
	err := db.transaction(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"report", "report_version"} {
			res, err := tx.ExecContext(ctx, "UPDATE "+table+" SET known = ? WHERE known > ?", moment.Unix(), now.Unix())
			if err != nil {
				return fmt.Errorf("mend what the clock has left: %w", err)
			}
			changed, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += int(changed)
		}
		return nil
	})
	return n, err
}

// insertInput stores an input and returns its number, and whether it is new.
func insertInput(ctx context.Context, tx *sql.Tx, in Input) (id int64, fresh bool, err error) {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO input (sha256, source, received)
		VALUES (?, ?, ?)
		ON CONFLICT (sha256) DO NOTHING`,
		in.SHA256, in.Source, unixOrNil(in.Received))
	if err != nil {
		return 0, false, fmt.Errorf("store input %s: %w", in.Source, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, false, err
	}
	err = tx.QueryRowContext(ctx, `
		SELECT id
		FROM input
		WHERE sha256 = ?
		ORDER BY id`, in.SHA256).Scan(&id)
	return id, n == 1, err
}

// ingest holds the statements of one Ingest.
type ingest struct {
	input  int64
	fresh  bool           // the input was not read before
	moment time.Time      // since when its corrections are known
	future map[int]bool   // lines that were refused before as of the future, and are read as if for the first time
	told   map[int64]bool // reports of other inputs that this one told again

	insert, known, refused       *sql.Stmt
	said, keep, correct, unmatch *sql.Stmt
}

func prepareIngest(ctx context.Context, tx *sql.Tx, input int64) (*ingest, error) {
	w := &ingest{input: input}
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&w.insert, `
			INSERT INTO report (ref, content, offence, offence_text, location, from_utc, to_utc, precision,
				date_rule, reported, lon, lat, within_m, input_id, line, bulletin, withdrawn)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (ref) DO NOTHING`},
		{&w.known, `
			SELECT id, content, input_id, offence, location, from_utc, to_utc, lon, lat, withdrawn, line
			FROM report
			WHERE ref = ?
			ORDER BY id`},
		{&w.said, `
			SELECT count(*)
			FROM report_version
			WHERE report_id = ? AND content = ?
			ORDER BY 1`},
		{&w.keep, `
			INSERT INTO report_version (report_id, version, content, offence, offence_text, location, from_utc, to_utc, precision,
				date_rule, reported, lon, lat, input_id, line, bulletin, known, withdrawn, match)
			SELECT report.id, 1 + (SELECT count(*) FROM report_version WHERE report_id = report.id), content, offence, offence_text,
				location, from_utc, to_utc, precision, date_rule, reported, report.lon, report.lat, input_id, line, bulletin,
				known, withdrawn,
				CASE WHEN match.report_id IS NULL THEN NULL ELSE json_object('level', match.level, 'lon', match.lon, 'lat', match.lat,
					'radius_m', match.radius_m, 'confidence', match.confidence, 'name', match.name, 'locality', match.locality,
					'rule', match.rule, 'corrections', json(match.corrections), 'source', match.source, 'candidates', json(match.candidates)) END
			FROM report
			LEFT JOIN match ON match.report_id = report.id
			WHERE report.id = ?
			ORDER BY report.id`},
		{&w.correct, `
			UPDATE report
			SET content = ?, offence = ?, offence_text = ?, location = ?, from_utc = ?, to_utc = ?, precision = ?, date_rule = ?, reported = ?,
				lon = ?, lat = ?, within_m = ?, input_id = ?, line = ?, bulletin = ?, withdrawn = ?, known = ?
			WHERE id = ?`},
		{&w.unmatch, `
			DELETE FROM match
			WHERE report_id = ?`},
		{&w.refused, `
			INSERT INTO refused (input_id, line, field, reason, unread)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (input_id, line, field, reason) DO NOTHING`},
	} {
		stmt, err := tx.PrepareContext(ctx, p.text)
		if err != nil {
			w.close()
			return nil, err
		}
		*p.to = stmt
	}
	return w, nil
}

func (w *ingest) close() {
	for _, stmt := range []*sql.Stmt{w.insert, w.known, w.refused, w.said, w.keep, w.correct, w.unmatch} {
		if stmt != nil {
			stmt.Close()
		}
	}
}

// Future is why a line is refused whose event the clock has not come to: by another
// clock it may be read.
const Future = "the event is in the future"

// forgetFuture takes back what was refused of the input as of the future, which is
// refused again where it still is.
func (w *ingest) forgetFuture(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `
		DELETE FROM refused
		WHERE input_id = ? AND reason = ?
		RETURNING line`, w.input, Future)
	if err != nil {
		return fmt.Errorf("take back what was refused as of the future: %w", err)
	}
	defer rows.Close()
	w.future = map[int]bool{}
	for rows.Next() {
		var line int
		if err := rows.Scan(&line); err != nil {
			return fmt.Errorf("take back what was refused as of the future: %w", err)
		}
		w.future[line] = true
	}
	return rows.Err()
}

// atOnce is how many rows are stored between two looks at the context.
const atOnce = 256

// take stores rows, and reads on meanwhile.
func (w *ingest) take(ctx context.Context, rows iter.Seq2[Report, error], t *Tally) error {
	each := context.WithoutCancel(ctx) // a statement that can be stopped costs a goroutine
	for r, err := range ahead(ctx, withContent(rows), atOnce) {
		var row *RowError
		switch {
		case errors.As(err, &row):
			err = w.refuse(each, row, t)
		case err == nil:
			err = w.add(each, r.Report, r.content, t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A hashed report is one with its content.
type hashed struct {
	Report
	content string
}

// withContent are the reports with their contents.
func withContent(rows iter.Seq2[Report, error]) iter.Seq2[hashed, error] {
	return func(yield func(hashed, error) bool) {
		for r, err := range rows {
			var h hashed
			if err == nil {
				h = hashed{r, r.Content()}
			}
			if !yield(h, err) {
				return
			}
		}
	}
}

func (w *ingest) add(ctx context.Context, r Report, content string, t *Tally) error {
	t.Read++
	stored, err := w.store(ctx, r, content)
	switch {
	case err != nil:
		return err
	case stored:
		t.Added++
		return nil
	}
	return w.again(ctx, r, content, t)
}

// store inserts a report unless the store has its reference.
func (w *ingest) store(ctx context.Context, r Report, content string) (bool, error) {
	lon, lat := lonLat(r)
	res, err := w.insert.ExecContext(ctx, r.Ref, content, r.Offence, r.OffenceText, r.Location, r.From.Unix(), r.To.Unix(),
		string(r.Precision), r.DateRule, unixOrNil(r.Reported), lon, lat, r.WithinM, w.input, r.Line, r.Bulletin, r.Withdrawn)
	if err != nil {
		return false, fmt.Errorf("store report at %s:%d: %w", r.Source, r.Line, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// again takes in a report whose reference the store has.
func (w *ingest) again(ctx context.Context, r Report, content string, t *Tally) error {
	family, err := w.family(ctx, r)
	if err != nil {
		return err
	}
	for _, s := range family {
		if s.content == content {
			if w.told == nil {
				w.told = map[int64]bool{}
			}
			w.told[s.id] = true
			t.Known++
			return nil
		}
	}
	if done, err := w.correctOne(ctx, family, content, r, t); done || err != nil {
		return err
	}
	for _, s := range family {
		var said int
		if err := w.said.QueryRowContext(ctx, s.id, content).Scan(&said); err != nil {
			return fmt.Errorf("look up report at %s:%d: %w", r.Source, r.Line, err)
		}
		if said > 0 && s.input != w.input {
			t.Known++ // what the file said when it was read before
			return nil
		}
	}
	t.Clashes++
	row := clash(r)
	if slices.ContainsFunc(family, func(s standing) bool { return s.input == w.input && s.line == r.Line }) {
		row.Field, row.Reason = "", rereadReason
	}
	return w.refuse(ctx, row, t)
}

// correctOne takes in what a new input says of an incident that the store has, where
// that is a correction or another offence: one of the same offence is corrected
// before any other.
func (w *ingest) correctOne(ctx context.Context, family []standing, content string, r Report, t *Tally) (done bool, err error) {
	if !w.fresh && !w.future[r.Line] {
		return false, nil
	}
	scene := r.scene()
	old, alike, beside := -1, false, false
	for i, s := range family {
		if s.input != w.input && (old < 0 || !alike && s.offence == r.Offence) {
			old, alike = i, s.offence == r.Offence
		}
		beside = beside || (s.input == w.input || w.told[s.id]) && s.scene() == scene
	}
	switch {
	case beside && !alike:
		r.Ref = nth(r.Ref, len(family)+1)
		t.Added++
		_, err := w.store(ctx, r, content)
		return true, err
	case old >= 0:
		t.Corrected++
		return true, w.replace(ctx, family[old], content, r)
	}
	return false, nil
}

// family returns the report that has a reference, and those of the other offences of
// the same incident.
func (w *ingest) family(ctx context.Context, r Report) ([]standing, error) {
	var out []standing
	for {
		var s standing
		err := w.known.QueryRowContext(ctx, nth(r.Ref, len(out)+1)).Scan(&s.id, &s.content, &s.input, &s.offence, &s.location, &s.from, &s.to, &s.lon, &s.lat, &s.withdrawn, &s.line)
		if errors.Is(err, sql.ErrNoRows) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("look up report at %s:%d: %w", r.Source, r.Line, err)
		}
		out = append(out, s)
	}
}

// nth is the reference of the nth offence of an incident, counted from 1, where a
// file has a line for each: "A7", "A7+2", "A7+3".
func nth(ref string, n int) string {
	if n == 1 {
		return ref
	}
	return ref + "+" + strconv.Itoa(n)
}

const clashReason = "another line of this file has this reference and other content"

// rereadReason is that of a line of a file that was read before, which another zone,
// order of dates or column makes another report of.
const rereadReason = "this file was read before, and this line otherwise, by another zone, order of dates or column: it stays as it was read first"

// clash refuses a report whose reference another line of its file has.
func clash(r Report) *RowError {
	return &RowError{Source: r.Source, Line: r.Line, Field: "ref", Reason: clashReason}
}

// Clashes reports whether a line was refused for a reference that another line of its
// file has: it was read, and counts as such.
func Clashes(row *RowError) bool { return row.Reason == clashReason }

// Once yields the rows of one file as an empty store would take them: a report whose
// reference came before with other content is refused, unless it is another offence
// of the same incident.
func Once(rows iter.Seq2[Report, error]) iter.Seq2[Report, error] {
	return func(yield func(Report, error) bool) {
		type telling struct {
			scene    string
			contents []string
		}
		before := map[string]*telling{}
		for r, err := range rows {
			if err == nil {
				content, scene := r.Content(), r.scene()
				t := before[r.Ref]
				if t == nil {
					t = &telling{scene: scene}
					before[r.Ref] = t
				}
				at := slices.Index(t.contents, content)
				if at < 0 && t.scene == scene {
					at = len(t.contents)
					t.contents = append(t.contents, content)
				}
				if at < 0 {
					r, err = Report{}, clash(r)
				} else {
					r.Ref = nth(r.Ref, at+1)
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// A standing is what the store says of a report now.
type standing struct {
	id        int64
	content   string
	input     int64
	offence   string
	location  string
	from, to  int64
	lon, lat  sql.NullFloat64
	withdrawn bool
	line      int
}

// scene is that of the report that stands.
func (s standing) scene() string {
	r := Report{Location: s.location, From: time.Unix(s.from, 0), To: time.Unix(s.to, 0), Withdrawn: s.withdrawn}
	if s.lon.Valid {
		r.Point = &orb.Point{s.lon.Float64, s.lat.Float64}
	}
	return r.scene()
}

// replace makes a correction stand, and history of what stood before. Where the
// place is the same it is not looked for again.
func (w *ingest) replace(ctx context.Context, was standing, content string, r Report) error {
	if _, err := w.keep.ExecContext(ctx, was.id); err != nil {
		return fmt.Errorf("keep the version before %s:%d: %w", r.Source, r.Line, err)
	}
	lon, lat := lonLat(r)
	_, err := w.correct.ExecContext(ctx, content, r.Offence, r.OffenceText, r.Location, r.From.Unix(), r.To.Unix(), string(r.Precision), r.DateRule,
		unixOrNil(r.Reported), lon, lat, r.WithinM, w.input, r.Line, r.Bulletin, r.Withdrawn, max(0, w.moment.Unix()), was.id)
	if err != nil {
		return fmt.Errorf("correct the report of %s:%d: %w", r.Source, r.Line, err)
	}
	same := was.location == r.Location && was.lon.Valid == (r.Point != nil)
	if same && r.Point != nil {
		same = was.lon.Float64 == r.Point.Lon() && was.lat.Float64 == r.Point.Lat()
	}
	if same {
		return nil
	}
	if _, err := w.unmatch.ExecContext(ctx, was.id); err != nil {
		return fmt.Errorf("forget where the report of %s:%d was: %w", r.Source, r.Line, err)
	}
	return nil
}

func lonLat(r Report) (lon, lat any) {
	if r.Point == nil {
		return nil, nil
	}
	return r.Point.Lon(), r.Point.Lat()
}

func (w *ingest) refuse(ctx context.Context, row *RowError, t *Tally) error {
	if row.Unread {
		t.Unread++
	} else {
		t.Refused++
	}
	if _, err := w.refused.ExecContext(ctx, w.input, row.Line, row.Field, row.Reason, row.Unread); err != nil {
		return fmt.Errorf("store refused line %s:%d: %w", row.Source, row.Line, err)
	}
	return nil
}

// Content tells two reports apart that share a reference, as 64 hexadecimal digits
// of what was done, where and when. Case and spacing of the text do not count.
func (r Report) Content() string {
	b := make([]byte, 0, 256)
	b = strconv.AppendQuote(b, folded(r.Offence))
	b = strconv.AppendQuote(append(b, ' '), folded(r.Location))
	b = strconv.AppendInt(append(b, ' '), r.From.Unix(), 10)
	b = strconv.AppendInt(append(b, ' '), r.To.Unix(), 10)
	b = append(b, ' ')
	if r.Point != nil {
		b = strconv.AppendFloat(b, r.Point.Lon(), 'f', 7, 64)
		b = strconv.AppendFloat(append(b, ' '), r.Point.Lat(), 'f', 7, 64)
	}
	if r.Withdrawn {
		b = append(b, " withdrawn"...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// scene is the content without what was done: where and when.
func (r Report) scene() string {
	r.Offence = ""
	return r.Content()
}

// folded returns the text in small letters with single spaces.
func folded(s string) string {
	b := make([]byte, 0, 64)
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return strings.ToLower(strings.Join(strings.Fields(s), " "))
		case c == ' ' || c >= '\t' && c <= '\r':
			if len(b) > 0 && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(bytes.TrimSuffix(b, []byte(" ")))
}

func unixOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// A Refusal is a line that gave no report, as stored.
type Refusal struct {
	RowError
	SHA256 string // of its input
}

// Refusals returns the lines of the inputs with these hashes that gave no
// report, by source and line.
func (db *DB) Refusals(ctx context.Context, hashes []string) ([]Refusal, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT input.source, refused.line, refused.field, refused.reason, refused.unread, input.sha256
		FROM refused
		JOIN input ON input.id = refused.input_id
		WHERE input.sha256 IN (SELECT value FROM json_each(?))
		ORDER BY input.source, input.sha256, refused.line, refused.field, refused.reason`, jsonText(hashes))
	if err != nil {
		return nil, fmt.Errorf("list refused lines: %w", err)
	}
	defer rows.Close()
	var out []Refusal
	for rows.Next() {
		var r Refusal
		if err := rows.Scan(&r.Source, &r.Line, &r.Field, &r.Reason, &r.Unread, &r.SHA256); err != nil {
			return nil, fmt.Errorf("read refused line: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
