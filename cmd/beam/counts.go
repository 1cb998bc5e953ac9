package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
)

// Counts are what became of the rows of a job.
type Counts struct {
	Read    int            `json:"read"`
	Refused int            `json:"refused"`    // each is a line of refused.ndjson
	Taken   int            `json:"taken_back"` // reports that their own status takes back
	Used    int            `json:"used"`
	Forces  map[string]int `json:"forces"` // rows used of each, by the column's text
	Unsaid  []note         `json:"not_answered,omitempty"`
}

// How the files of the account begin.
const (
	countsStart  = `{"read":`
	refusedStart = `{"`
)

// countPipeline gathers the notes of all steps and closes the account.
func countPipeline(s beam.Scope, text []byte, notes []beam.PCollection) {
	beam.ParDo0(s, &closeFn{work{Job: text}}, beam.GroupByKey(s, beam.AddFixedKey(s, beam.Flatten(s, notes...))))
}

// closeFn writes the refused rows, in the order of files and lines, and the counts. A
// job whose rows do not add up fails.
type closeFn struct{ work }

func (f *closeFn) ProcessElement(ctx context.Context, _ int, notes func(*[]byte) bool) error {
	var all []note
	for text := []byte(nil); notes(&text); {
		var n note
		if err := json.Unmarshal(text, &n); err != nil {
			return fmt.Errorf("read a note: %w", err)
		}
		all = append(all, n)
	}
	counts, refused, err := account(all)
	if err != nil {
		return err
	}
	var texts [][]byte
	for _, n := range refused {
		texts = append(texts, n.encode())
	}
	if err := f.job.top().write(ctx, "refused.ndjson", refusedStart, lines(texts)); err != nil {
		return err
	}
	return f.job.top().write(ctx, "counts.json", countsStart, asJSON(counts))
}

// account adds up the notes, each once however often its bundle was tried, and puts the
// refused rows in order. Every row that was read has to be refused, taken back or used.
func account(notes []note) (Counts, []note, error) {
	out := Counts{Forces: map[string]int{}}
	var refused []note
	slices.SortFunc(notes, compareNotes)
	notes = slices.CompactFunc(notes, func(a, b note) bool { return compareNotes(a, b) == 0 })
	for _, n := range notes {
		switch {
		case n.Count != nil:
			out.Read, out.Taken, out.Used = out.Read+n.Count.Read, out.Taken+n.Count.Taken, out.Used+n.Count.Used
			if n.Count.Used > 0 {
				out.Forces[n.Force] = n.Count.Used
			}
		case n.Line > 0:
			out.Refused++
			n.File, n.Nth = "", 0
			refused = append(refused, n)
		default:
			out.Unsaid = append(out.Unsaid, n)
		}
	}
	if out.Read != out.Refused+out.Taken+out.Used {
		return out, refused, fmt.Errorf("%d rows were read, and %d refused, %d taken back and %d used", out.Read, out.Refused, out.Taken, out.Used)
	}
	return out, refused, nil
}

func compareNotes(a, b note) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Nth, b.Nth), cmp.Compare(a.Force, b.Force), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Reason, b.Reason))
}
