package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"spreewatch/data"
	"spreewatch/data/export"
)

// A folder is where files are written, on this machine or wherever Beam can write.
type folder string

// folder is that of a force.
func (j job) folder(force string) folder {
	if local(j.Output) {
		return folder(filepath.Join(j.Output, folderName(force)))
	}
	return folder(strings.TrimSuffix(j.Output, "/") + "/" + folderName(force))
}

// top is the folder of the whole job.
func (j job) top() folder { return folder(j.Output) }

// folderName is a name that every file system takes and that no two forces share: that
// of the force where it is in lower case and plain, else as much of it as is, and some of
// its hash.
func folderName(force string) string {
	if force == "" {
		return "all"
	}
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(force)), "-")
	if name == force && name != "all" && len(name) <= longestName {
		return name
	}
	sum := sha256.Sum256([]byte(force))
	return strings.TrimPrefix(name[:min(len(name), longestName)]+"-"+hex.EncodeToString(sum[:4]), "-")
}

// longestName is how much of a force's name a folder has.
const longestName = 60

// writing is held by who writes: a program that is stopped waits for it, so that no
// half of a file is left.
var writing sync.RWMutex

// featureStart is how a sequence of GeoJSON features begins.
const featureStart = `{"type":"Feature"`

// write writes a file whole, in the place of an earlier one, which begins so: a bundle
// that is tried again writes the same again. On this machine it is its owner's alone to
// read, and takes the place of no other file.
func (f folder) write(ctx context.Context, name, begins string, content func(io.Writer) error) error {
	writing.RLock()
	defer writing.RUnlock()
	if local(string(f)) {
		if err := export.MakeFolder(string(f)); err != nil {
			return err
		}
		return data.WriteWhole(filepath.Join(string(f), name), data.Guard{Ours: data.Begins(begins)}, content)
	}
	fs, err := filesystem.New(ctx, string(f))
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer fs.Close()
	w, err := fs.OpenWrite(ctx, string(f)+"/"+name)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	out := bufio.NewWriter(w)
	err = content(out)
	if err == nil {
		err = out.Flush()
	}
	if closed := w.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// check refuses a folder of this machine that cannot be written to, or that holds
// somebody's own files under the names of a job's, before there is work in vain.
func (f folder) check() error {
	if !local(string(f)) {
		return nil
	}
	if err := export.MakeFolder(string(f)); err != nil {
		return err
	}
	draft, err := data.NewDraft(filepath.Join(string(f), "counts.json"), func(io.Writer) error { return nil })
	if err != nil {
		return fmt.Errorf("write to the output folder: %w", data.PathCause(err))
	}
	draft.Discard()
	for name, begins := range map[string]string{"counts.json": countsStart, "refused.ndjson": refusedStart} {
		if err := (data.Guard{Ours: data.Begins(begins)}).Check(filepath.Join(string(f), name)); err != nil {
			return err
		}
	}
	return nil
}

// remove removes what an earlier job of this machine wrote under a name, and nothing
// else, where there is no answer in its place.
func (f folder) remove(name, begins string) error {
	path := filepath.Join(string(f), name)
	if st, err := os.Lstat(path); !local(string(f)) || err != nil || !st.Mode().IsRegular() || (data.Guard{Ours: data.Begins(begins)}).Check(path) != nil {
		return nil
	}
	return os.Remove(path)
}

// copyFrom writes the files of a folder of this machine into f, which is elsewhere.
func (f folder) copyFrom(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		err = f.write(ctx, e.Name(), "", func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lines writes each text as a line.
func lines(texts [][]byte) func(io.Writer) error {
	return func(w io.Writer) error {
		for _, text := range texts {
			if _, err := fmt.Fprintf(w, "%s\n", text); err != nil {
				return err
			}
		}
		return nil
	}
}

func asJSON(v any) func(io.Writer) error {
	return func(w io.Writer) error { return json.NewEncoder(w).Encode(v) }
}
