package export

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"spreewatch/data"
)

// A stage holds files that are complete but not yet under their names.
type stage struct {
	dir     string
	files   []stagedFile
	removed []string // names that shall be gone after commit
}

type stagedFile struct {
	name   string
	temp   string // path
	sha256 string
	bytes  int64
}

const tempPattern = ".spreewatch-*.tmp"

// newStage makes the folder, or takes the one that is there with the mode it
// has. It clears what a killed run left in it: such a file may hold more than
// the audience of this run may see.
func newStage(dir string) (*stage, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, folderError(err)
	}
	left, err := filepath.Glob(filepath.Join(escapeGlob(dir), tempPattern))
	if err != nil {
		return nil, fmt.Errorf("read output folder: %w", err)
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("clear output folder: %w", err)
		}
	}
	return &stage{dir: dir}, nil
}

// folderError says why the folder could not be made.
func folderError(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		if st, statErr := os.Stat(at.Path); statErr == nil && !st.IsDir() {
			return &data.UserError{Msg: filepath.Base(at.Path) + " is a file, not a folder", Hint: "name another folder: --out DIR"}
		}
		err = at.Err
	}
	return &data.UserError{Msg: "make output folder", Err: err, Hint: "name a folder that you may write to: --out DIR"}
}

// escapeGlob keeps the special characters of a folder's name from matching.
func escapeGlob(dir string) string {
	if runtime.GOOS == "windows" { // where a backslash separates and cannot escape
		return dir
	}
	var out []rune
	for _, r := range dir {
		switch r {
		case '*', '?', '[', '\\':
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}

// add writes one file in full, mode 0600, and flushes it to the disk.
func (s *stage) add(name string, write func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", name, err)
		}
	}()
	if st, err := os.Lstat(filepath.Join(s.dir, name)); err == nil && !st.Mode().IsRegular() {
		return errors.New("there is something of that name that is not a file")
	}
	f, err := os.CreateTemp(s.dir, tempPattern) // mode 0600
	if err != nil {
		return err
	}
	s.files = append(s.files, stagedFile{name: name, temp: f.Name()})
	hash := sha256.New()
	w := bufio.NewWriterSize(io.MultiWriter(f, hash), 1<<16)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	var size int64
	if err == nil {
		size, err = f.Seek(0, io.SeekCurrent)
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	last := &s.files[len(s.files)-1]
	last.sha256, last.bytes = hex.EncodeToString(hash.Sum(nil)), size
	return err
}

// remove marks a file of an earlier run that must not stay.
func (s *stage) remove(name string) { s.removed = append(s.removed, name) }

// outputs describes the files added so far.
func (s *stage) outputs(layers []Layer) []Output {
	outs := make([]Output, 0, len(s.files))
	for _, f := range s.files {
		out := Output{Name: f.name, SHA256: f.sha256, Bytes: f.bytes}
		for _, l := range layers {
			if l.File == f.name {
				n := len(l.features)
				out.Features = &n
			}
		}
		outs = append(outs, out)
	}
	return outs
}

// commit puts the files under their names in the order in which they were added.
func (s *stage) commit() error {
	for _, name := range s.removed {
		if err := os.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the %s of an earlier run: %w", name, err)
		}
	}
	for len(s.files) > 0 {
		f := s.files[0]
		if err := os.Rename(f.temp, filepath.Join(s.dir, f.name)); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
		s.files = s.files[1:]
	}
	return syncDir(s.dir)
}

// syncDir makes the renames last through a loss of power. A file system that
// cannot sync a folder is no reason to call the run a failure.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync output folder: %w", err)
	}
	_ = d.Sync()
	return d.Close()
}

// discard removes the files that were not put in place.
func (s *stage) discard() {
	for _, f := range s.files {
		_ = os.Remove(f.temp)
	}
}
