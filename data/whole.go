package data

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
	"strings"
	"syscall"
)

// draftPattern matches the names of drafts.
const draftPattern = ".spreewatch-*.tmp"

// ClearDrafts removes the drafts that a killed run left in a folder. One that is not
// there has none.
func ClearDrafts(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if is, _ := filepath.Match(draftPattern, e.Name()); !is {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// A Draft is a file that is complete and on the disk, but not yet under its name.
type Draft struct {
	Path   string // its name once it is put in place
	SHA256 string
	Bytes  int64
	temp   string
}

// NewDraft writes a file in full under another name in the folder of path, mode
// 0600, and flushes it to the disk. On an error nothing is left of it.
func NewDraft(path string, write func(io.Writer) error) (*Draft, error) {
	if st, err := os.Lstat(path); err == nil && !st.Mode().IsRegular() {
		return nil, errors.New("there is something of that name that is not a file")
	}
	f, err := os.CreateTemp(filepath.Dir(path), draftPattern) // mode 0600
	if err != nil {
		return nil, err
	}
	d := &Draft{Path: path, temp: f.Name()}
	hash := sha256.New()
	w := bufio.NewWriterSize(io.MultiWriter(f, hash), 1<<16)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		d.Bytes, err = f.Seek(0, io.SeekCurrent)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		d.Discard()
		return nil, err
	}
	d.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return d, nil
}

// Commit puts the file under its name, in place of one that is there. The rename
// lasts through a loss of power once SyncFolder has been called.
func (d *Draft) Commit() error {
	if err := os.Rename(d.temp, d.Path); err != nil {
		return err
	}
	d.temp = ""
	return nil
}

// Discard removes a draft that was not put in place.
func (d *Draft) Discard() {
	if d.temp != "" {
		_ = os.Remove(d.temp)
	}
}

// SyncFolder makes the renames in a folder last through a loss of power. A file
// system that cannot sync a folder is no reason to call the work a failure.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", PathCause(err))
	}
	_ = d.Sync()
	return d.Close()
}

// A Guard keeps an output from taking the place of what is not an output.
type Guard struct {
	Keep []string                // files that are in use: the database, what is read
	Ours func(start string) bool // tells an earlier output by how it begins
}

// guardBytes is how much of a file a Guard looks at.
const guardBytes = 4096

// Check refuses a path that is one of the files in use, or that holds something
// else than an earlier output. An empty file is nobody's.
func (g Guard) Check(path string) error {
	there, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // making the folder says it better
		if _, err := os.Lstat(path); err == nil {
			return &UserError{Msg: filepath.Base(path) + " is a link to nothing", Hint: "name another file"}
		}
		return nil
	}
	if err != nil {
		return &UserError{Msg: "look at " + filepath.Base(path), Err: PathCause(err)}
	}
	for _, kept := range g.Keep {
		if st, err := os.Stat(kept); err == nil && os.SameFile(st, there) {
			return &UserError{Msg: filepath.Base(path) + " is in use as the database or an input, and is not written over", Hint: "name another file or folder for the output"}
		}
	}
	if there.IsDir() {
		return &UserError{Msg: filepath.Base(path) + " is a folder, not a file", Hint: "name another file"}
	}
	if there.Mode().IsRegular() && there.Size() == 0 {
		return nil
	}
	if ours, err := g.ours(path); err != nil || ours {
		return err
	}
	return &UserError{Msg: filepath.Base(path) + " is there and is no earlier output of spreewatch: it is not written over", Hint: "move it away, or name another file or folder for the output"}
}

func (g Guard) ours(path string) (bool, error) {
	if st, err := os.Lstat(path); err != nil || !st.Mode().IsRegular() {
		return false, err
	}
	f, err := os.Open(path)
	if err != nil {
		return false, &UserError{Msg: "read " + filepath.Base(path), Err: PathCause(err)}
	}
	defer f.Close()
	start := make([]byte, guardBytes)
	n, err := io.ReadFull(f, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, &UserError{Msg: "read " + filepath.Base(path), Err: PathCause(err)}
	}
	return g.Ours != nil && g.Ours(string(start[:n])), nil
}

// Begins tells a file by its first words.
func Begins(words string) func(string) bool {
	return func(start string) bool { return strings.HasPrefix(start, words) }
}

// WriteWhole writes a file that only its owner may read. It appears whole under
// its name or not at all, and what was there before stays until then.
func WriteWhole(path string, g Guard, write func(io.Writer) error) error {
	if err := g.Check(path); err != nil {
		return err
	}
	d, err := NewDraft(path, write)
	if err == nil {
		defer d.Discard()
		err = d.Commit()
	}
	if err == nil {
		err = SyncFolder(filepath.Dir(path))
	}
	if err != nil {
		return &UserError{Msg: "write " + path, Err: PathCause(err)}
	}
	return nil
}

// PathCause is a file error without the path, which may be that of a draft or
// name a person.
func PathCause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
