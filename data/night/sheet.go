package night

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/intake"
)

// sheetHeader is the first row of the sheet. The last three columns are for the
// analyst.
var sheetHeader = []string{"ref", "source", "line", "offence", "location", "level", "confidence", "reason", "match", "candidate_1",
	"candidate_2", "candidate_3", "candidate_4", "candidate_5", "decision", "decision_lat", "decision_lon"}

// IsSheet tells a sheet by how it begins.
func IsSheet(start string) bool { return strings.HasPrefix(start, strings.Join(sheetHeader[:9], ",")) }

// WriteSheet writes the reports that need a person as a CSV for a spreadsheet, in
// which an analyst fills in the last three columns.
func WriteSheet(w io.Writer, open []Waiting) error {
	sheet := csv.NewWriter(w)
	if err := sheet.Write(sheetHeader); err != nil {
		return err
	}
	for _, l := range open {
		row := make([]string, len(sheetHeader))
		copy(row, []string{l.Ref, l.Source, strconv.Itoa(l.Line), l.Offence, l.Location, l.Match.Level.String(),
			strconv.FormatFloat(l.Match.Confidence, 'f', 2, 64), l.Reason.String()})
		if l.Match.Level.Located() {
			row[8] = export.PlaceText(l.Match.Name, l.Match.Locality, l.Match.Point)
		}
		for i, c := range l.Match.Candidates {
			row[9+i] = export.PlaceText(c.Name, c.Locality, c.Point)
		}
		for i, cell := range row {
			row[i] = export.CellText(cell)
		}
		if err := sheet.Write(row); err != nil {
			return err
		}
	}
	sheet.Flush()
	return sheet.Error()
}

// Untaken counts the decisions of a sheet that was filled in on reports that still wait:
// a new sheet in its place would lose them. What cannot be read as a sheet has none.
func Untaken(path string, open []Waiting) (n int) {
	in, err := intake.OpenRows(path, nil)
	if err != nil {
		return 0
	}
	defer in.Close()
	s := sheetOf(in)
	waits := make(map[string]bool, len(open))
	for _, l := range open {
		waits[l.Ref] = true
	}
	for {
		row, _, err := in.Next()
		if errors.Is(err, io.EOF) {
			return n
		}
		if _, bad := errors.AsType[*data.RowError](err); err != nil && !bad {
			return n
		}
		filled := s.cell(row, "decision") + s.cell(row, "decision_lat") + s.cell(row, "decision_lon")
		if filled != "" && waits[s.ref(row)] {
			n++
		}
	}
}

// A Taken is what became of a sheet's decisions.
type Taken struct {
	Decisions int
	Refused   []RefusedDecision
}

// A RefusedDecision is a row of a sheet that could not be taken.
type RefusedDecision struct {
	Source string
	Line   int
	Err    error
}

// OpenSheet opens a filled-in sheet, or standard input for "-".
func OpenSheet(path string, stdin io.Reader) (*intake.Rows, error) {
	return intake.OpenRows(path, stdin)
}

// TakeSheet takes each row's decision. A row that cannot be taken is returned with
// its line, and the others are taken all the same.
func TakeSheet(ctx context.Context, o Options, in *intake.Rows, who string) (Taken, error) {
	var taken Taken
	err := o.located(ctx, func(e *evening, all []data.Located) error {
		s := sheetOf(in)
		s.byRef, s.points = make(map[string]data.Located, len(all)), pointsOf(all)
		for _, name := range []string{"ref", "decision"} {
			if _, ok := s.column[name]; !ok {
				return &data.UserError{Msg: in.Source + " has no columns ref and decision", Hint: "spreewatch review export --out todo.csv"}
			}
		}
		for _, l := range all {
			s.byRef[l.Ref] = l
		}
		var overrides []data.Override
		for {
			row, line, err := in.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			var bad *data.RowError
			if err != nil && !errors.As(err, &bad) {
				return err
			}
			override, decided, err := s.take(e, row, err, who)
			switch {
			case err != nil:
				taken.Refused = append(taken.Refused, RefusedDecision{in.Source, line, err})
			case decided:
				overrides = append(overrides, override)
			}
		}
		taken.Decisions = len(overrides)
		return e.decide(ctx, all, overrides)
	})
	return taken, err
}

// A sheet is one that was filled in.
type sheet struct {
	column map[string]int
	byRef  map[string]data.Located
	points []orb.Point // where reports are
}

func sheetOf(in *intake.Rows) sheet {
	s := sheet{column: map[string]int{}}
	for i, name := range in.Header {
		if _, ok := s.column[name]; !ok {
			s.column[name] = i
		}
	}
	return s
}

func (s sheet) cell(row []string, name string) string {
	if i, ok := s.column[name]; ok && i < len(row) {
		return strings.TrimSpace(row[i])
	}
	return ""
}

func (s sheet) ref(row []string) string { return strings.TrimPrefix(s.cell(row, "ref"), "'") }

// take reads one row's decision; unread is why the row itself could not be.
func (s sheet) take(e *evening, row []string, unread error, who string) (o data.Override, decided bool, err error) {
	if unread != nil {
		return o, false, unread
	}
	d, decided, err := parseDecision(s.cell(row, "decision"), s.cell(row, "decision_lat"), s.cell(row, "decision_lon"))
	if err != nil || !decided {
		return o, false, err
	}
	ref := s.ref(row)
	l, known := s.byRef[ref]
	if !known {
		return o, false, fmt.Errorf("no report %q", ref)
	}
	o, err = e.override(l, d, s.points, who)
	return o, err == nil, err
}

// parseDecision reads the analyst's columns. Three empty ones are no decision.
func parseDecision(word, lat, lon string) (d Decision, decided bool, err error) {
	if lat != "" || lon != "" {
		y, errY := strconv.ParseFloat(lat, 64)
		x, errX := strconv.ParseFloat(lon, 64)
		if errY != nil || errX != nil || math.IsNaN(x+y) {
			return d, false, fmt.Errorf("decision_lat and decision_lon are not two numbers")
		}
		d.Point = &orb.Point{x, y}
	}
	switch word = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(strings.ToLower(word), "candidate"))); word {
	case "":
	case "accept", "yes":
		d.Accept = true
	case "reject", "no":
		d.Reject = true
	default:
		if d.Candidate, err = strconv.Atoi(word); err != nil || d.Candidate < 1 {
			return d, false, fmt.Errorf("the decision is not accept, reject or the number of a candidate")
		}
	}
	return d, d != Decision{}, nil
}
