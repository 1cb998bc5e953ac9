package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"spreewatch/data"
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
	Reason     Reason          // what is to be decided, without an address
	Candidates []geo.Candidate // best first; an analyst alone sees them
}

// A Why is the kind of a Reason.
type Why string

// The kinds of reason. WhyNot is that of a row that nobody need look at.
const (
	WhyNot       Why = ""
	WhyNotFound  Why = "not found"
	WhyAmbiguous Why = "ambiguous"
	WhyUnsure    Why = "unsure"
	WhyRejected  Why = "rejected" // read and refused
	WhyUnread    Why = "unread"
	WhyRepeat    Why = "repeat" // of a bulletin, and likely told in a table too
)

// A Reason says why a person must look at a row.
type Reason struct {
	Why               Why
	Confidence, Least float64        // of WhyUnsure: what the match has, and what it should have
	Corrections       []string       // of WhyUnsure: what was done to the text
	Row               *data.RowError // of WhyRejected and WhyUnread
	Source            string         // of WhyRepeat: where the table tells it
	Line              int
}

// Refused is the reason of a line that gave no report.
func Refused(row *data.RowError) Reason {
	if row.Unread {
		return Reason{Why: WhyUnread, Row: row}
	}
	return Reason{Why: WhyRejected, Row: row}
}

// String says it in words, without an address.
func (r Reason) String() string {
	switch r.Why {
	case WhyNotFound:
		return "not found"
	case WhyAmbiguous:
		return "ambiguous: choose one of the candidates"
	case WhyUnsure:
		// Cut, not rounded: 0.9496 is not shown as the 0.95 that it is under.
		text := fmt.Sprintf("confidence %.2f is under %.2f", math.Floor(r.Confidence*100)/100, r.Least)
		for _, c := range r.Corrections {
			text += "; " + c
		}
		return text
	case WhyRepeat:
		return fmt.Sprintf("likely the incident of %s line %d, and not counted again: spreewatch report REF --withdraw, or --distinct", CellText(r.Source), r.Line)
	case WhyRejected:
		return "rejected: " + Rejection(r.Row)
	case WhyUnread:
		return "not understood: " + r.Row.Reason
	}
	return ""
}

// Rejection says why a line was refused, with the field at fault.
func Rejection(row *data.RowError) string {
	if row.Field == "" {
		return row.Reason
	}
	return row.Field + ": " + row.Reason
}

// ReviewColumns is the header of review.csv.
var ReviewColumns = []string{"source", "line", "ref", "offence", "location", "level", "confidence", "match", "reason", "candidates", "run_id", "marking"}

// writeReview writes the rows in the order given.
func writeReview(w io.Writer, rows []ReviewRow, o Options) error {
	cw := csv.NewWriter(w)
	if err := cw.Write(ReviewColumns); err != nil {
		return err
	}
	for _, r := range rows {
		err := cw.Write([]string{
			CellText(r.Source), strconv.Itoa(r.Line), CellText(r.Ref), CellText(r.Offence), CellText(r.Location),
			r.Level.String(), strconv.FormatFloat(r.Confidence, 'f', 2, 64), CellText(matchText(r.Match)), CellText(r.Reason.String()),
			CellText(candidateText(r.Candidates)), CellText(o.RunID), CellText(o.Marking),
		})
		if err != nil {
			return err
		}
	}
	cw.Flush()
	return cw.Error()
}

// inOrder are the rows by source and line; where they are so already, those given.
func inOrder(rows []ReviewRow) []ReviewRow {
	if slices.IsSortedFunc(rows, CompareReview) {
		return rows
	}
	return slices.SortedStableFunc(slices.Values(rows), CompareReview)
}

// CompareReview orders by source and line.
func CompareReview(a, b ReviewRow) int {
	if c := strings.Compare(a.Source, b.Source); c != 0 {
		return c
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	if c := strings.Compare(a.Ref, b.Ref); c != 0 {
		return c
	}
	return strings.Compare(a.Reason.String(), b.Reason.String())
}

// candidateText lists the candidates in one cell, with the coordinates that a
// decision needs.
func candidateText(candidates []geo.Candidate) string {
	parts := make([]string, len(candidates))
	for i, c := range candidates {
		parts[i] = fmt.Sprintf("%d: %s (%.6f %.6f, %.2f)", i+1, fullName(c.Name, c.Locality), c.Point.Lat(), c.Point.Lon(), c.Confidence)
	}
	return strings.Join(parts, "; ")
}

// matchText writes what was taken, "" for nothing.
func matchText(c geo.Candidate) string {
	if c.Point == (orb.Point{}) {
		return fullName(c.Name, c.Locality)
	}
	return strings.TrimSpace(PlaceText(c.Name, c.Locality, c.Point))
}

// PlaceText writes a name, its locality and its point, latitude first as on a
// radio.
func PlaceText(name, locality string, p orb.Point) string {
	return fmt.Sprintf("%s (%.6f %.6f)", fullName(name, locality), p.Lat(), p.Lon())
}

// fullName is the name with its settlement.
func fullName(name, locality string) string {
	if locality == "" || locality == name {
		return name
	}
	return name + ", " + locality
}

// CellText keeps a spreadsheet from running a cell as a formula: text from
// outside that begins with one of its signs, wide or narrow, gets an apostrophe
// before it, and NUL, which some readers stop at, is dropped. A number is no
// formula.
func CellText(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if len(s) < 2 { // one sign alone is no formula, and "-" is standard input
		return s
	}
	first, _ := utf8.DecodeRuneInString(s)
	if strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) && !plainNumber.MatchString(s) {
		return "'" + s
	}
	return s
}

var plainNumber = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)
