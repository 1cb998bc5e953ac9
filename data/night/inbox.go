package night

import (
	"context"
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
	e.Log.Warn("files of the inbox are dated in the future, and are watched for a minute", "files", len(ahead))
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

// pause waits so long.
func pause(ctx context.Context, d time.Duration) error {
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
// read is moved away with its reason, and the others are taken all the same.
func digestInbox(r *Reading, files []string) (inputs []Ingested, rejected []RejectedFile, err error) {
	for _, file := range files {
		one := *r
		one.Files = []string{file}
		in, err := digest(&one)
		if err != nil {
			if rejected, err = r.reject(rejected, file, err); err != nil {
				return nil, nil, err
			}
			continue
		}
		inputs = append(inputs, in...)
	}
	return inputs, rejected, nil
}

// reject moves a file away with its reason, where it is the file that is at fault.
func (r *Reading) reject(rejected []RejectedFile, file string, fault error) ([]RejectedFile, error) {
	var theirs interface {
		error
		Hinted() string
	}
	if !errors.As(fault, &theirs) || data.Full(fault) || data.Busy(fault) {
		return rejected, fault
	}
	to, err := moveAway(file, filepath.Join(r.Inbox, rejectedFolder))
	if err != nil {
		return rejected, err
	}
	err = data.WriteWhole(to+".reason.txt", data.Guard{}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s\ntry: %s\n", theirs, theirs.Hinted())
		return err
	})
	return append(rejected, RejectedFile{filepath.Base(file), theirs}), err
}

// moveAway moves a file into a folder, which is made, under its name or, where
// there is one of that name, the name with a number.
func moveAway(file, folder string) (to string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", &data.UserError{Msg: "make the folder " + filepath.Base(folder) + " of the inbox", Err: data.PathCause(err)}
	}
	name, ext := filepath.Base(file), filepath.Ext(file)
	for n := 1; ; n++ {
		to = filepath.Join(folder, name)
		if n > 1 {
			to = filepath.Join(folder, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext))
		}
		_, err := os.Lstat(to)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return "", &data.UserError{Msg: "move a file of the inbox", Err: data.PathCause(err)}
		}
	}
	if err := os.Rename(file, to); err != nil {
		return "", &data.UserError{Msg: "move a file of the inbox", Err: errors.Unwrap(err)}
	}
	return to, data.SyncFolder(folder)
}

// ingestInbox stores the reports of each file of the inbox; one whose reading ends
// in an error is moved away, and nothing of it is stored.
func (e *evening) ingestInbox(ctx context.Context, r *Reading, inputs []Ingested, rejected []RejectedFile) ([]Ingested, []RejectedFile, error) {
	var kept []Ingested
	for _, in := range inputs {
		one := []Ingested{in}
		err := e.ingest(ctx, one, r.Intake)
		if err != nil {
			if rejected, err = r.reject(rejected, in.File, err); err != nil {
				return nil, nil, err
			}
			continue
		}
		kept = append(kept, one...)
	}
	return kept, rejected, nil
}

// clearInbox moves what was taken in to the folder of what is done.
func clearInbox(r Reading, inputs []Ingested) error {
	for _, in := range inputs {
		if _, err := moveAway(in.File, filepath.Join(r.Inbox, doneFolder)); err != nil {
			return err
		}
	}
	return nil
}
