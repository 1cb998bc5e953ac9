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
	"path"
	"path/filepath"
	"strings"

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

// folderName is a name that every file system takes: that of the force in lower case,
// and where that is not all of it, some of its hash.
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
	if strings.EqualFold(name, force) && name != "all" {
		return name
	}
	sum := sha256.Sum256([]byte(force))
	return strings.TrimPrefix(name+"-"+hex.EncodeToString(sum[:4]), "-")
}

// featureStart is how a sequence of GeoJSON features begins.
const featureStart = `{"type":"Feature"`

// write writes a file whole, in the place of an earlier one, which begins so: a bundle
// that is tried again writes the same again. On this machine it is its owner's alone to
// read, and takes the place of no other file.
func (f folder) write(ctx context.Context, name, begins string, content func(io.Writer) error) error {
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
	w, err := fs.OpenWrite(ctx, path.Join(string(f), name))
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
