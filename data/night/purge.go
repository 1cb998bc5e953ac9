package night

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"spreewatch/data"
	"spreewatch/geo/address"
)

// A Purge says what is past its retention, and what was erased of it. It is the
// certificate of the erasure, and holds counts alone.
type Purge struct {
	At       time.Time      `json:"at"`
	Who      string         `json:"who"`
	Done     bool           `json:"erased"` // false where nothing was erased yet
	Offences []PurgeOffence `json:"offences"`
	data.Erased
	AuditHead string    `json:"audit_head,omitempty"`  // with the entry of the erasure
	Newest    time.Time `json:"newest_event,omitzero"` // of all reports that are kept; zero for none
	refs      []string
	texts     []string // decisions on them are past their use
}

// A PurgeOffence counts the reports of an offence that are past its retention.
type PurgeOffence struct {
	Offence string    `json:"offence"` // "other" for those that are none of the settings
	Keep    string    `json:"keep"`
	Reports int       `json:"reports"`
	First   time.Time `json:"first"` // the earliest event
	Last    time.Time `json:"last"`
}

// farAhead is by how much the clock may be ahead of the newest event before it is
// doubted: a clock that runs years ahead would have everything erased. A run's moment
// is no witness, since it is by the same clock.
const farAhead = 31 * 24 * time.Hour

// Doubtful reports whether the clock is so far ahead of the newest report that it may
// be wrong.
func (p Purge) Doubtful() bool { return p.At.Sub(p.Newest) > farAhead && len(p.Offences) > 0 }

// PurgePreview says what PurgeNow would erase, and changes nothing.
func PurgePreview(ctx context.Context, o Options) (Purge, error) {
	e, err := o.open(ctx)
	if err != nil {
		return Purge{}, err
	}
	defer e.close()
	return e.due(ctx)
}

// PurgeNow erases the reports whose event ended longer ago than their offence's
// retention says, with all that was made of them, and writes the certificate to
// the file. Nothing is erased unless the certificate can be written, and where the
// clock is doubtful, unless it was said to be right.
func PurgeNow(ctx context.Context, o Options, certificate string, clockRight bool) (Purge, error) {
	guard := o.Guard(data.Begins("{\n  \"at\": "))
	if err := guard.Check(certificate); err != nil {
		return Purge{}, err
	}
	e, err := o.alter(ctx)
	if err != nil {
		return Purge{}, err
	}
	defer e.close()
	p, err := e.due(ctx)
	if err != nil || len(p.refs) == 0 {
		return p, err
	}
	if p.Doubtful() && !clockRight {
		return p, &data.UserError{Msg: fmt.Sprintf("by the clock it is %s, %s after the newest report: nothing is erased by a clock that may be wrong", p.At.In(e.Zone).Format(time.DateOnly), data.Days(p.At.Sub(p.Newest))),
			Hint: "set the clock, or say that it is right: --clock-is-right"}
	}
	write := func() error {
		return data.WriteWhole(certificate, guard, func(w io.Writer) error {
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			return enc.Encode(p)
		})
	}
	if err := write(); err != nil { // it says that nothing is erased yet
		return p, err
	}
	if err := e.db.Audit(ctx, e.entry(data.Erasure, "", "%s past their retention", data.Count(len(p.refs), "report"))); err != nil {
		return p, err
	}
	if p.Erased, err = e.db.Erase(ctx, p.refs, p.texts); err != nil {
		return p, err
	}
	if _, _, p.AuditHead, err = e.db.VerifyAudit(ctx); err != nil {
		return p, err
	}
	p.Done = true
	return p, write()
}

// due finds the reports that are past their retention: those of which the standing
// version and every earlier one is.
func (e *evening) due(ctx context.Context) (Purge, error) {
	kept, err := e.db.Kept(ctx)
	if err != nil {
		return Purge{}, err
	}
	stays := map[string]bool{}
	var newest time.Time
	for _, k := range kept {
		if k.To.After(newest) {
			newest = k.To
		}
		keep := e.Settings.keep(k.Offence)
		if keep == 0 || !k.To.Add(keep).Before(e.Now) {
			stays[k.Ref] = true
		}
	}
	p := Purge{At: e.Now.UTC().Truncate(time.Second), Who: e.Who, Offences: []PurgeOffence{}, Newest: newest}
	byOffence, needed, due := map[string]*PurgeOffence{}, map[string]bool{}, map[string]bool{}
	for _, k := range kept {
		text := address.Normalise(k.Location)
		if stays[k.Ref] {
			needed[text] = true
			continue
		}
		due[text] = true
		if len(p.refs) > 0 && p.refs[len(p.refs)-1] == k.Ref {
			continue // another version of it
		}
		p.refs = append(p.refs, k.Ref)
		offence := k.Offence
		if _, known := e.Settings.Offences[offence]; !known {
			offence = "other"
		}
		po := byOffence[offence]
		if po == nil {
			po = &PurgeOffence{Offence: offence, Keep: Span(e.Settings.keep(k.Offence)).String(), First: k.To, Last: k.To}
			byOffence[offence] = po
		}
		po.Reports++
		if k.To.Before(po.First) {
			po.First = k.To
		}
		if k.To.After(po.Last) {
			po.Last = k.To
		}
	}
	for text := range due {
		if text != "" && !needed[text] {
			p.texts = append(p.texts, text)
		}
	}
	slices.Sort(p.texts)
	for _, po := range slices.SortedFunc(maps.Values(byOffence), func(a, b *PurgeOffence) int { return cmp.Compare(a.Offence, b.Offence) }) {
		p.Offences = append(p.Offences, *po)
	}
	return p, nil
}
