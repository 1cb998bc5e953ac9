package export

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"spreewatch/data"
	"spreewatch/data/export/layer"
)

// A stage holds files that are complete but not yet under their names.
type stage struct {
	dir     string
	files   []*data.Draft
	outputs []Output
	removed []string // names that shall be gone after commit
	earlier earlier
}

// newStage makes the folder, or takes the one that is there with the mode it
// has. It clears what a killed run left in it: such a file may hold more than
// the audience of this run may see.
func newStage(dir string) (*stage, error) {
	if err := MakeFolder(dir); err != nil {
		return nil, err
	}
	if err := data.ClearDrafts(dir); err != nil {
		return nil, fmt.Errorf("clear output folder: %w", err)
	}
	return &stage{dir: dir, earlier: earlierIn(dir)}, nil
}

// MakeFolder makes the folder of the outputs, with mode 0700, where there is none.
func MakeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return folderError(err)
	}
	return nil
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

// add writes one file in full.
func (s *stage) add(name string, write func(io.Writer) error) error {
	d, err := data.NewDraft(filepath.Join(s.dir, name), write)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	s.files = append(s.files, d)
	s.outputs = append(s.outputs, Output{Name: name, SHA256: d.SHA256, Bytes: d.Bytes})
	return nil
}

// addElsewhere writes a file that is none of the folder's: it is put in place with
// them, and the manifest does not list it.
func (s *stage) addElsewhere(path string, write func(io.Writer) error) error {
	d, err := data.NewDraft(path, write)
	if err != nil {
		return &data.UserError{Msg: "write " + filepath.Base(path), Err: data.PathCause(err), Hint: "name a file in a folder that you may write to"}
	}
	s.files = append(s.files, d)
	return nil
}

// addLayer writes the GeoJSON file of a layer.
func (s *stage) addLayer(t layer.Table, stamp layer.Stamp) error {
	err := s.add(t.About().File(), func(w io.Writer) error { return layer.WriteGeoJSON(w, t, stamp) })
	if err == nil {
		n := t.Len()
		s.outputs[len(s.outputs)-1].Features = &n
	}
	return err
}

// remove marks a file of an earlier run that must not stay. One of that name that
// is somebody's own stays.
func (s *stage) remove(name string) {
	if s.earlier.wrote(name) {
		s.removed = append(s.removed, name)
	}
}

// commit puts the files under their names in the order in which they were added.
func (s *stage) commit(step func(string)) error {
	if step == nil {
		step = func(string) {}
	}
	for _, name := range s.removed {
		step("remove " + name)
		if err := os.Remove(filepath.Join(s.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the %s of an earlier run: %w", name, data.PathCause(err))
		}
	}
	for _, d := range s.files {
		step("rename " + filepath.Base(d.Path))
		if err := d.Commit(); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Base(d.Path), data.PathCause(err))
		}
	}
	return data.SyncFolder(s.dir)
}

// discard removes the files that were not put in place.
func (s *stage) discard() {
	for _, d := range s.files {
		d.Discard()
	}
}
