package night

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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

// complete returns the files of an inbox that are complete: regular ones, neither
// hidden nor named .part or .tmp, that have been as they are for a minute. They
// are in the order of their names.
func complete(inbox string, now time.Time) ([]string, error) {
	entries, err := os.ReadDir(inbox)
	if err != nil {
		return nil, &data.UserError{Msg: "read the inbox " + filepath.Base(inbox), Err: data.PathCause(err), Hint: "name a folder: --inbox DIR"}
	}
	var files []string
	for _, e := range entries {
		name := e.Name()
		switch strings.ToLower(filepath.Ext(name)) {
		case ".part", ".tmp":
			continue
		}
		if strings.HasPrefix(name, ".") || !e.Type().IsRegular() {
			continue
		}
		st, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, &data.UserError{Msg: "look at a file of the inbox", Err: data.PathCause(err)}
		}
		if now.Sub(st.ModTime()) >= stillFor {
			files = append(files, filepath.Join(inbox, name))
		}
	}
	return files, nil
}

// digestInbox hashes the files of the inbox that are complete. One that cannot be
// read is moved away with its reason, and the others are taken all the same.
func digestInbox(r *Reading, now time.Time) (inputs []Ingested, rejected []RejectedFile, err error) {
	files, err := complete(r.Inbox, now)
	if err != nil {
		return nil, nil, err
	}
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
