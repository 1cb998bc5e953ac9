package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A ReviewRow is a report that a person must decide: not matched, ambiguous, of
// low confidence, rejected or unread.
type ReviewRow struct {
	Source     string // base name of the file
	Line       int    // from 1
	Ref        string // the report's reference; an analyst alone sees it
	Offence    string
	Location   string // as written; an analyst alone sees it
	Level      geo.Level
	Confidence float64
	Match      geo.Candidate   // what was taken, zero for nothing; an analyst alone sees it
	Reason     string          // what is to be decided, without an address
	Candidates []geo.Candidate // best first; an analyst alone sees them
}

// ReviewColumns is the header of review.csv.
var ReviewColumns = []string{"source", "line", "ref", "offence", "location", "level", "confidence", "match", "reason", "candidates", "run_id", "marking"}

// writeReview writes the rows by source and line.
func writeReview(w io.Writer, rows []ReviewRow, o Options) error {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, compareReview)
	cw := csv.NewWriter(w)
	if err := cw.Write(ReviewColumns); err != nil {
		return err
	}
	for _, r := range rows {
		err := cw.Write([]string{
			CellText(r.Source), strconv.Itoa(r.Line), CellText(r.Ref), CellText(r.Offence), CellText(r.Location),
			r.Level.String(), strconv.FormatFloat(r.Confidence, 'f', 2, 64), CellText(matchText(r.Match)), CellText(r.Reason),
			CellText(candidateText(r.Candidates)), CellText(o.RunID), CellText(o.Marking),
		})
		if err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

func compareReview(a, b ReviewRow) int {
	if c := strings.Compare(a.Source, b.Source); c != 0 {
		return c
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	if c := strings.Compare(a.Ref, b.Ref); c != 0 {
		return c
	}
	return strings.Compare(a.Reason, b.Reason)
}

// candidateText lists the candidates in one cell, with the coordinates that a
// decision needs.
func candidateText(candidates []geo.Candidate) string {
	parts := make([]string, len(candidates))
	for i, c := range candidates {
		parts[i] = fmt.Sprintf("%d: %s (%.6f %.6f, %.2f)", i+1, fullName(c), c.Point.Lat(), c.Point.Lon(), c.Confidence)
	}
	return strings.Join(parts, "; ")
}

// matchText writes what was taken, "" for nothing.
func matchText(c geo.Candidate) string {
	if c.Point == (orb.Point{}) {
		return fullName(c)
	}
	return strings.TrimSpace(fmt.Sprintf("%s (%.6f %.6f)", fullName(c), c.Point.Lat(), c.Point.Lon()))
}

// fullName is the name with its settlement.
func fullName(c geo.Candidate) string {
	if c.Locality == "" || c.Locality == c.Name {
		return c.Name
	}
	return c.Name + ", " + c.Locality
}

// CellText keeps a spreadsheet from running a cell as a formula: text from
// outside that begins with one of its signs gets an apostrophe before it, and
// NUL, which some readers stop at, is dropped.
func CellText(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) > 1 && strings.ContainsRune("=+-@\t\r", rune(s[0])) { // one sign alone is no formula, and "-" is standard input
		return "'" + s
	}
	return s
}
