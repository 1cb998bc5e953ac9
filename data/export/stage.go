package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// A stage holds files that are complete but not yet under their names.
type stage struct {
	dir     string
	tasks   []task
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

// A task is a file that is to be written.
type task struct {
	path     string
	write    func(io.Writer) error
	features *int // of a layer
	apart    bool // it is none of the folder's, and the manifest does not list it
}

// add has one file of the folder written by the next write.
func (s *stage) add(name string, write func(io.Writer) error) {
	s.tasks = append(s.tasks, task{path: filepath.Join(s.dir, name), write: write})
}

// addElsewhere is add of a file that is none of the folder's: it is put in place with
// them, and the manifest does not list it.
func (s *stage) addElsewhere(path string, write func(io.Writer) error) {
	s.tasks = append(s.tasks, task{path: path, write: write, apart: true})
}

// addLayer is add of the GeoJSON file of a layer.
func (s *stage) addLayer(t layer.Table, stamp layer.Stamp) {
	n := t.Len()
	s.tasks = append(s.tasks, task{path: filepath.Join(s.dir, t.About().File()), features: &n,
		write: func(w io.Writer) error { return layer.WriteGeoJSON(w, t, stamp) }})
}

// heeding writes until the context is done.
type heeding struct {
	ctx context.Context
	io.Writer
}

func (h heeding) Write(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.Writer.Write(p)
}

// atOnce is how many files are written at once: a disk takes longest to say that a
// file is safe.
const atOnce = 4

// write writes the files in full that were added since the last one. Nobody sees them
// until commit. Once the context is done no more is written, and its error returned.
func (s *stage) write(ctx context.Context) error {
	drafts, errs := make([]*data.Draft, len(s.tasks)), make([]error, len(s.tasks))
	geo.Each(atOnce, len(s.tasks), func(_, i int) {
		drafts[i], errs[i] = data.NewDraft(s.tasks[i].path, func(w io.Writer) error { return s.tasks[i].write(heeding{ctx, w}) })
	})
	for i, d := range drafts {
		if d == nil {
			continue
		}
		s.files = append(s.files, d)
		if t := s.tasks[i]; !t.apart {
			s.outputs = append(s.outputs, Output{Name: filepath.Base(t.path), SHA256: d.SHA256, Bytes: d.Bytes, Features: t.features})
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, err := range errs {
		switch name := filepath.Base(s.tasks[i].path); {
		case err == nil:
		case s.tasks[i].apart:
			return &data.UserError{Msg: "write " + name, Err: data.PathCause(err), Hint: "name a file in a folder that you may write to"}
		default:
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	s.tasks = nil
	return nil
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
