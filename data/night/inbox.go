package night

import (
	"context"
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
)

// stillFor is how long a file of an inbox has to be unchanged to be taken for
// complete.
const stillFor = time.Minute

// The folders of an inbox to which its files go.
const (
	doneFolder     = "done"
	rejectedFolder = "rejected"
)

// A RejectedFile is a file of the inbox that could not be read at all.
type RejectedFile struct {
	Name string
	Err  error
	hint string
}

// A LeftFile is a file of the inbox that stays where it is, for another night.
type LeftFile struct {
	Name string
	Why  string
}

// Why a file stays in the inbox.
const (
	leftYoung      = "it was changed less than a minute ago"
	leftUnfinished = "its name says that it is not finished"
	leftNoFile     = "it is a link, a folder or something else that is no file"
	leftAhead      = "its date lies in the future, and it was changed within a minute of being looked at"
)

// A waiting file of an inbox is as it was when it was looked at.
type waiting struct {
	path    string
	size    int64
	changed time.Time
}

// look sorts what lies in an inbox, each in the order of the names: what is complete,
// regular files that have been as they are for a minute; what is dated in the future,
// as another machine's clock or one that was set back leaves it, of which the date does
// not say since when it is as it is; and what is left. Hidden files are nobody's.
func look(inbox string, now time.Time) (whole []string, ahead []waiting, left []LeftFile, err error) {
	entries, err := os.ReadDir(inbox)
	if err != nil {
		return nil, nil, nil, &data.UserError{Msg: "read the inbox " + filepath.Base(inbox), Err: data.PathCause(err), Hint: "name a folder: --inbox DIR"}
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || e.IsDir() && (name == doneFolder || name == rejectedFolder) {
			continue
		}
		if ext := strings.ToLower(filepath.Ext(name)); ext == ".part" || ext == ".tmp" {
			left = append(left, LeftFile{name, leftUnfinished})
			continue
		}
		if !e.Type().IsRegular() {
			left = append(left, LeftFile{name, leftNoFile})
			continue
		}
		st, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, nil, nil, &data.UserError{Msg: "look at a file of the inbox", Err: data.PathCause(err)}
		}
		switch path := filepath.Join(inbox, name); {
		case st.ModTime().Sub(now) >= stillFor:
			ahead = append(ahead, waiting{path, st.Size(), st.ModTime()})
		case now.Sub(st.ModTime()) < stillFor:
			left = append(left, LeftFile{name, leftYoung})
		default:
			whole = append(whole, path)
		}
	}
	return whole, ahead, left, nil
}

// complete returns the files of an inbox that are complete, in the order of their
// names, and what stays. Files that are dated in the future are watched for a minute.
func (e *evening) complete(ctx context.Context, inbox string) ([]string, []LeftFile, error) {
	whole, ahead, left, err := look(inbox, e.Now)
	if err != nil || len(ahead) == 0 {
		return whole, left, err
	}
	e.Log.Info("files of the inbox are dated in the future, and are watched for a minute", "files", len(ahead))
	if err := e.Pause(ctx, stillFor); err != nil {
		return nil, nil, err
	}
	for _, w := range ahead {
		st, err := os.Lstat(w.path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, nil, &data.UserError{Msg: "look at a file of the inbox", Err: data.PathCause(err)}
		case st.Mode().IsRegular() && st.Size() == w.size && st.ModTime().Equal(w.changed):
			whole = append(whole, w.path)
		default:
			left = append(left, LeftFile{filepath.Base(w.path), leftAhead})
		}
	}
	slices.Sort(whole)
	return whole, left, nil
}

// Pause waits so long.
func Pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// doctorInbox says what a night would take of an inbox, and what it would not.
func doctorInbox(inbox string, now time.Time, say func(what string, state State, format string, args ...any)) {
	whole, ahead, left, err := look(inbox, now)
	if err != nil {
		say("inbox", Unusable, "%v", err)
		return
	}
	state, notes := Well, []string{data.Count(len(whole), "file") + " to take in"}
	if len(ahead) > 0 {
		state = SeeTo
		notes = append(notes, data.Count(len(ahead), "file")+" dated in the future, taken in if still as they are after a minute")
	}
	for _, why := range []string{leftYoung, leftUnfinished, leftNoFile} {
		n := 0
		for _, l := range left {
			if l.Why == why {
				n++
			}
		}
		if n > 0 {
			notes = append(notes, fmt.Sprintf("%d left: %s", n, why))
			if why == leftNoFile {
				state = SeeTo
			}
		}
	}
	say("inbox", state, "%s", strings.Join(notes, "; "))
}

// digestInbox hashes the files of the inbox that are complete. One that cannot be
// read is rejected, and the others are taken all the same.
func digestInbox(r *Reading, files []string) (inputs []Ingested, rejected []RejectedFile, err error) {
	for _, file := range files {
		one := *r
		one.Files = []string{file}
		in, err := digest(&one)
		if err != nil {
			if rejected, err = reject(rejected, file, err); err != nil {
				return nil, nil, err
			}
			continue
		}
		inputs = append(inputs, in...)
	}
	return inputs, rejected, nil
}

// reject adds a file to those that are going to be moved away with their reason, where
// it is the file that is at fault.
func reject(rejected []RejectedFile, file string, fault error) ([]RejectedFile, error) {
	var theirs interface {
		error
		Hinted() string
	}
	if !errors.As(fault, &theirs) || data.Full(fault) || data.Busy(fault) {
		return rejected, fault
	}
	return append(rejected, RejectedFile{filepath.Base(file), theirs, theirs.Hinted()}), nil
}

// ingestInbox stores the reports of each file of the inbox; one whose reading ends
// in an error is rejected, and nothing of it is stored.
func (e *evening) ingestInbox(ctx context.Context, r *Reading, inputs []Ingested, rejected []RejectedFile) ([]Ingested, []RejectedFile, error) {
	var kept []Ingested
	for _, in := range inputs {
		one := []Ingested{in}
		err := e.ingest(ctx, one, r.Intake)
		if err != nil {
			if rejected, err = reject(rejected, in.File, err); err != nil {
				return nil, nil, err
			}
			continue
		}
		kept = append(kept, one...)
	}
	return kept, rejected, nil
}

// A clearing is what a run moves out of an inbox once it is done. It is kept beside
// the database meanwhile, so that the rerun of one that was killed puts it back first
// and takes in all that the killed one took in.
type clearing struct {
	Inbox string   `json:"inbox"` // where it is, from the root on
	Moves []moving `json:"moves"`
}

// A moving is a file of an inbox and where in it it goes.
type moving struct {
	Name   string `json:"name"`
	To     string `json:"to"`
	reason string // that is written beside it; "" for none
}

// clearing is the name of the file that keeps what is being moved.
func (o Options) clearing() string { return o.DB + ".clearing" }

// clearInbox moves what was taken in to the folder of what is done, and what was
// rejected to the other, with its reason.
func (o Options) clearInbox(inbox string, in taken) error {
	if len(in.inputs)+len(in.rejected) == 0 {
		return nil
	}
	root, err := filepath.Abs(inbox)
	if err != nil {
		return err
	}
	c := clearing{Inbox: root}
	for _, f := range in.rejected {
		if err := c.add(f.Name, rejectedFolder, fmt.Sprintf("%s\ntry: %s\n", f.Err, f.hint)); err != nil {
			return err
		}
	}
	for _, f := range in.inputs {
		if err := c.add(filepath.Base(f.File), doneFolder, ""); err != nil {
			return err
		}
	}
	err = data.WriteWhole(o.clearing(), data.Guard{Ours: data.Begins("{\"inbox\":")}, func(w io.Writer) error { return json.NewEncoder(w).Encode(c) })
	if err != nil {
		return err
	}
	for _, m := range c.Moves {
		to := filepath.Join(root, m.To)
		if m.reason != "" {
			reason := func(w io.Writer) error {
				_, err := io.WriteString(w, m.reason)
				return err
			}
			if err := data.WriteWhole(to+".reason.txt", data.Guard{Ours: func(string) bool { return true }}, reason); err != nil {
				return err
			}
		}
		o.Step("move " + m.To)
		if err := os.Rename(filepath.Join(root, m.Name), to); err != nil {
			return &data.UserError{Msg: "move a file of the inbox", Err: errors.Unwrap(err)}
		}
	}
	o.Step("the inbox is clear")
	return o.cleared(root)
}

// add plans where a file goes: into a folder, which is made, under its name or, where
// there is one of that name, the name with a number.
func (c *clearing) add(name, folder, reason string) error {
	if err := os.MkdirAll(filepath.Join(c.Inbox, folder), 0o700); err != nil {
		return &data.UserError{Msg: "make the folder " + folder + " of the inbox", Err: data.PathCause(err)}
	}
	ext := filepath.Ext(name)
	for n := 1; ; n++ {
		to := filepath.Join(folder, name)
		if n > 1 {
			to = filepath.Join(folder, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext))
		}
		_, err := os.Lstat(filepath.Join(c.Inbox, to))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &data.UserError{Msg: "move a file of the inbox", Err: data.PathCause(err)}
		}
		if err != nil && !slices.ContainsFunc(c.Moves, func(m moving) bool { return m.To == to }) {
			c.Moves = append(c.Moves, moving{name, to, reason})
			return nil
		}
	}
}

// cleared says that an inbox is as it is to be.
func (o Options) cleared(inbox string) error {
	for _, folder := range []string{doneFolder, rejectedFolder, "."} {
		if err := data.SyncFolder(filepath.Join(inbox, folder)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(o.clearing()); err != nil {
		return &data.UserError{Msg: "remove " + filepath.Base(o.clearing()), Err: data.PathCause(err)}
	}
	return data.SyncFolder(filepath.Dir(o.DB))
}

// putBack puts back what a killed run has moved out of an inbox.
func (o Options) putBack() error {
	text, err := os.ReadFile(o.clearing())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &data.UserError{Msg: "read " + filepath.Base(o.clearing()), Err: data.PathCause(err)}
	}
	var c clearing
	if err := json.Unmarshal(text, &c); err != nil {
		return &data.UserError{Msg: filepath.Base(o.clearing()) + " is not as a run has left it", Hint: "remove it: what the inbox holds is read in any case"}
	}
	for _, m := range c.Moves {
		from, to := filepath.Join(c.Inbox, m.Name), filepath.Join(c.Inbox, m.To)
		if _, err := os.Lstat(from); !errors.Is(err, fs.ErrNotExist) {
			continue // it was not moved, or there is a new one of its name
		}
		if err := os.Rename(to, from); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &data.UserError{Msg: "put back a file of the inbox", Err: errors.Unwrap(err)}
		}
	}
	if err := data.ClearDrafts(filepath.Join(c.Inbox, rejectedFolder)); err != nil { // of a reason
		return &data.UserError{Msg: "clear the folder " + rejectedFolder + " of the inbox", Err: data.PathCause(err)}
	}
	return o.cleared(c.Inbox)
}
