package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/schollz/progressbar/v3"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/night"
	"spreewatch/data/table"
	"spreewatch/geo"
	"spreewatch/geo/locate"
)

// matchHeader are the columns that a geocoded file gains.
var matchHeader = []string{"match_level", "match_lon", "match_lat", "match_radius_m", "match_confidence", "match_name", "match_locality",
	"match_rule", "match_corrections", "match_source", "match_candidates"}

// chunkRows is how many rows are in memory at once.
const chunkRows = 8192

// partialSuffix marks an output that was cut short.
const partialSuffix = ".partial"

// geocodeFile adds the match to every row of a CSV. It holds a chunk of rows at
// a time. The output is named FILE.partial until it is whole, and keeps that
// name, ending on a whole row, when the run is interrupted.
func geocodeFile(ctx context.Context, g *globals, o geocodeOptions) error {
	in, err := geo.Attend(ctx, func() (*table.Rows, error) { return table.OpenRows(o.file, g.in) })
	if err != nil {
		return err
	}
	defer in.Close()
	lookup, err := night.NewLookup(ctx, g.night())
	if err != nil {
		return err
	}
	out, name := io.WriteCloser(nopCloser{g.sheetOut()}), ""
	if o.out != "" && o.out != "-" {
		name = o.out + partialSuffix
		guard := g.night().Guard(geocoded, o.file)
		for _, path := range []string{o.out, name} {
			if err := guard.Check(path); err != nil {
				return err
			}
		}
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return &data.UserError{Msg: "write " + filepath.Base(name), Err: errors.Unwrap(err)}
		}
		out = f
	}
	var quality locate.Quality
	job := geocodeJob{lookup: lookup, quality: &quality, bar: g.progress(in.Size, "geocoding")}
	rows, refused, err := job.run(ctx, in, out, o)
	job.bar.Finish()
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if errors.Is(err, context.Canceled) && name != "" {
		fmt.Fprintf(g.errw, "spreewatch: stopped after %s, kept in %s\n", data.Count(rows, "row"), filepath.Base(name))
		return err
	}
	if err != nil {
		return err
	}
	if name != "" {
		if err := os.Rename(name, o.out); err != nil {
			return fmt.Errorf("rename %s: %w", filepath.Base(name), errors.Unwrap(err))
		}
	}
	for _, row := range refused {
		fmt.Fprintln(g.errw, row)
	}
	if o.report {
		if name == "" { // the rows are on standard output, and no text goes where errors go
			return errors.Join(printQuality(g, g.errw, quality.WithoutTexts()), review(refused))
		}
		if err := printQuality(g, g.out, &quality); err != nil {
			return err
		}
	}
	return review(refused)
}

// geocoded tells a file with matches by how it begins.
func geocoded(start string) bool {
	header, _, _ := strings.Cut(start, "\n")
	return strings.Contains(header, strings.Join(matchHeader, ","))
}

// review is the outcome of a file of which some rows were refused.
func review(refused []*data.RowError) error {
	if len(refused) > 0 {
		return errReview
	}
	return nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// A geocodeJob is one file being geocoded.
type geocodeJob struct {
	lookup  *night.Lookup
	quality *locate.Quality
	bar     *progressbar.ProgressBar
}

// run copies the rows with their matches, and returns how many and which could
// not be read.
func (j *geocodeJob) run(ctx context.Context, in *table.Rows, out io.Writer, o geocodeOptions) (rows int, refused []*data.RowError, err error) {
	column := slices.IndexFunc(in.Header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), o.column) })
	if column < 0 {
		return 0, nil, &data.UserError{Msg: fmt.Sprintf("%s has no column %q", in.Source, o.column), Hint: "name the column with --column HEADER; a file needs a header line"}
	}
	w := csv.NewWriter(out)
	if err := w.Write(guarded(slices.Concat(in.Header, matchHeader))); err != nil {
		return 0, nil, err
	}
	for done := false; !done; {
		if ctx.Err() != nil {
			w.Flush()
			return rows, refused, ctx.Err()
		}
		var chunk [][]string
		for len(chunk) < chunkRows && !done {
			row, _, err := in.Next()
			var bad *table.RowError
			switch {
			case errors.Is(err, io.EOF):
				done = true
			case errors.As(err, &bad):
				refused = append(refused, &data.RowError{Source: in.Source, Line: bad.Line, Field: bad.Field, Reason: bad.Reason})
			case err != nil:
				return rows, refused, err
			default:
				chunk = append(chunk, row)
			}
		}
		if err := j.write(w, chunk, column); err != nil {
			return rows, refused, err
		}
		rows += len(chunk)
		j.bar.Set64(in.Offset())
	}
	w.Flush()
	return rows, refused, w.Error()
}

func (j *geocodeJob) write(w *csv.Writer, chunk [][]string, column int) error {
	texts := make([]string, len(chunk))
	for i, row := range chunk {
		texts[i] = row[column]
	}
	for i, m := range j.lookup.Match(texts...) {
		j.quality.Add(texts[i], m)
		if err := w.Write(guarded(slices.Concat(chunk[i], matchCells(m)))); err != nil {
			return err
		}
	}
	return nil
}

// guarded are the cells as a spreadsheet runs none of them.
func guarded(cells []string) []string {
	for i, cell := range cells {
		cells[i] = export.CellText(cell)
	}
	return cells
}

// matchCells are the values of matchHeader. What is not known is empty.
func matchCells(m geo.Match) []string {
	candidates := make([]string, len(m.Candidates))
	for i, c := range m.Candidates {
		candidates[i] = export.PlaceText(c.Name, c.Locality, c.Point)
	}
	m.Candidates = nil
	row := newMatchRow(m)
	cell := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return []string{row.Level, cell(row.Lon), cell(row.Lat), cell(row.RadiusM), cell(&row.Confidence), text(row.Name), text(row.Locality),
		row.Rule, strings.Join(row.Corrections, "; "), text(row.Source), strings.Join(candidates, "; ")}
}
