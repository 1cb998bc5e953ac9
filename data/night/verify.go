package night

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"spreewatch/data"
	"spreewatch/data/export"
)

// A Verdict is what a check of the database and a folder came to.
type Verdict struct {
	Findings []string // what is wrong, none where all is well
	Entries  int64    // of the audit log
	Head     string   // the hash of its last entry
	Outputs  int      // files of the folder that are as the manifest says
	Run      string   // that the folder is of, "" where there is none
	Again    bool     // the run was done again, and Outputs are as they were written
}

// Verify checks the database (its pages, its references, its audit log) and, where
// dir is not "", that each file of the folder is as its manifest says and that the
// database knows the run. It changes nothing.
func Verify(ctx context.Context, o Options, dir string) (Verdict, error) {
	e, err := o.open(ctx)
	if err != nil {
		return Verdict{}, err
	}
	defer e.close()
	var v Verdict
	if v.Findings, err = e.db.Verify(ctx); err != nil {
		return Verdict{}, err
	}
	findings, n, head, err := e.db.VerifyAudit(ctx)
	if err != nil {
		return Verdict{}, err
	}
	v.Findings, v.Entries, v.Head = append(v.Findings, findings...), n, head
	return v, e.verifyFolder(ctx, &v, dir)
}

// verifyFolder checks a folder, where one is named, against its manifest, and the
// audit log against the folder: the log has the entry that the manifest names, and
// one that the folder was written.
func (e *evening) verifyFolder(ctx context.Context, v *Verdict, dir string) error {
	if dir == "" {
		return nil
	}
	run, err := v.folder(dir)
	if err != nil {
		return err
	}
	known, err := e.db.Marked(ctx, run.Audit)
	if err != nil {
		return err
	}
	if !known {
		v.Findings = append(v.Findings, fmt.Sprintf("entry %d of the audit log is not the one that run.json names", run.Audit.Entry))
	}
	log, err := e.db.AuditLogAndWaiting(ctx)
	if err != nil {
		return err
	}
	if run.RunID != "" && !slices.ContainsFunc(log, func(l data.Entry) bool {
		to, _, _ := strings.Cut(l.Detail, ": ") // whom
		return l.What == data.Disclosure && (l.Run == run.RunID && to == "for "+string(run.Audience) || to == "for "+string(run.Audience)+" as "+run.RunID)
	}) {
		v.Findings = append(v.Findings, "the audit log has no entry that this folder was written: its end was cut off")
	}
	return nil
}

// folder checks the files of a folder against its manifest, and returns this.
func (v *Verdict) folder(dir string) (export.Run, error) {
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		return export.Run{}, &data.UserError{Msg: "read run.json", Err: data.PathCause(err), Hint: "name a folder that a run has written: --out DIR"}
	}
	var run export.Run
	if err := json.Unmarshal(text, &run); err != nil || len(run.Outputs) == 0 { // what lists nothing vouches for nothing
		v.Findings = append(v.Findings, "run.json is no manifest")
		return export.Run{}, nil
	}
	v.Run = run.RunID
	for _, out := range run.Outputs {
		if out.Name != filepath.Base(out.Name) {
			v.Findings = append(v.Findings, "run.json lists a file outside its folder")
			continue
		}
		sum, err := hashFile(filepath.Join(dir, out.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			v.Findings = append(v.Findings, out.Name+" is missing")
		case err != nil:
			return export.Run{}, &data.UserError{Msg: "read " + out.Name, Err: data.PathCause(err)}
		case sum != out.SHA256:
			v.Findings = append(v.Findings, out.Name+" is not as it was written")
		default:
			v.Outputs++
		}
	}
	return run, nil
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// VerifyAudit checks the audit log alone, and, where dir is not "", holds it against
// a folder as Verify does.
func VerifyAudit(ctx context.Context, o Options, dir string) (Verdict, error) {
	e, err := o.open(ctx)
	if err != nil {
		return Verdict{}, err
	}
	defer e.close()
	var v Verdict
	if v.Findings, v.Entries, v.Head, err = e.db.VerifyAudit(ctx); err != nil {
		return Verdict{}, err
	}
	return v, e.verifyFolder(ctx, &v, dir)
}

// AuditLog returns the entries of [since, before). Reading it is a consultation.
func AuditLog(ctx context.Context, o Options, since, before time.Time) ([]data.Entry, error) {
	e, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if err := e.db.AuditLater(ctx, e.entry(data.Consultation, "", "the audit log")); err != nil {
		return nil, err
	}
	return e.db.AuditLog(ctx, since, before)
}

// A Health is how one thing is that a night needs.
type Health struct {
	What  string
	State State
	Says  string
}

// A State is whether a night can be run.
type State int

// The states, from the best.
const (
	Well State = iota
	SeeTo
	Unusable
)

// String returns the state's word.
func (s State) String() string { return [...]string{"well", "see to", "not usable"}[s] }

// Limits past which somebody should see to it.
const (
	gazetteerAge = 200 * 24 * time.Hour // OS Open Names comes out twice a year
	lastRunAge   = 36 * time.Hour       // a night was missed
	littleDisk   = 1 << 30              // bytes
	leastDisk    = 50 << 20
)

// Doctor looks at what a night needs: the database, the gazetteer, the room on its
// disk, the clock, the last run and, where one is named, the inbox. The settings were
// read before. It changes nothing.
func Doctor(ctx context.Context, o Options, inbox string) []Health {
	var out []Health
	say := func(what string, state State, format string, args ...any) {
		out = append(out, Health{what, state, fmt.Sprintf(format, args...)})
	}
	say("settings", Well, "%s, %s", data.Count(len(o.Settings.Profiles()), "offence profile"), data.Count(len(o.Settings.Shifts), "shift"))
	switch free, err := data.FreeBytes(filepath.Dir(o.DB)); {
	case errors.Is(err, errors.ErrUnsupported):
		say("disk", Well, "not looked at on this system")
	case err != nil:
		say("disk", Unusable, "the folder of the database: %v", data.PathCause(err))
	case free < leastDisk:
		say("disk", Unusable, "%d MB are free beside the database", free>>20)
	case free < littleDisk:
		say("disk", SeeTo, "%d MB are free beside the database", free>>20)
	default:
		say("disk", Well, "%d GB are free beside the database", free>>30)
	}
	if inbox != "" {
		doctorInbox(inbox, o.Now, say)
	}
	e, err := o.open(ctx)
	if err != nil {
		if hint := data.Hint(err); hint != "" {
			err = fmt.Errorf("%w: %s", err, hint)
		}
		say("database", Unusable, "%v", err)
		return out
	}
	defer e.close()
	switch findings, err := e.db.Verify(ctx); {
	case err != nil:
		say("database", Unusable, "%v", err)
		return out
	case len(findings) > 0:
		say("database", Unusable, "%s", findings[0])
	default:
		say("database", Well, "schema %d, whole", data.SchemaVersion())
	}
	switch findings, n, _, err := e.db.VerifyAudit(ctx); {
	case err != nil:
		say("audit log", Unusable, "%v", err)
	case len(findings) > 0:
		say("audit log", Unusable, "%s", findings[0])
	default:
		say("audit log", Well, "%d entries, unbroken", n)
	}
	e.doctorGazetteer(ctx, say)
	last, err := e.db.LastRun(ctx)
	switch {
	case err != nil:
		say("last run", Unusable, "%v", err)
	case last.IsZero():
		say("last run", SeeTo, "there is none yet")
	case last.After(o.Now.Add(time.Hour)):
		say("clock", SeeTo, "the last run is as of a moment that the clock has not come to")
	case o.Now.Sub(last) > lastRunAge:
		say("last run", SeeTo, "it is as of %s ago", data.Days(o.Now.Sub(last)))
	default:
		say("last run", Well, "as of %s", last.In(o.Zone).Format("Mon 2 Jan 2006 15:04"))
	}
	return out
}

func (e *evening) doctorGazetteer(ctx context.Context, say func(what string, state State, format string, args ...any)) {
	h, err := e.hold(ctx)
	if err != nil {
		say("gazetteer", Unusable, "%v", err)
		return
	}
	if h.Sample {
		say("gazetteer", SeeTo, "none is imported: the small Norfolk sample is used")
		return
	}
	entries, oldest := 0, e.Now
	for _, s := range h.Sources {
		entries += s.Entries()
		if s.Imported.Before(oldest) {
			oldest = s.Imported
		}
	}
	if age := e.Now.Sub(oldest); age > gazetteerAge {
		say("gazetteer", SeeTo, "%d entries, imported %s ago", entries, data.Days(age))
		return
	}
	say("gazetteer", Well, "%d entries of %s", entries, data.Count(len(h.Sources), "source"))
}
