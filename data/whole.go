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
)

// DraftPattern matches the names of drafts, so that those which a killed run left
// can be cleared away.
const DraftPattern = ".spreewatch-*.tmp"

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
	f, err := os.CreateTemp(filepath.Dir(path), DraftPattern) // mode 0600
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

// WriteWhole writes a file that only its owner may read. It appears whole under
// its name or not at all, and what was there before stays until then.
func WriteWhole(path string, write func(io.Writer) error) error {
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
