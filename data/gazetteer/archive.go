package gazetteer

import (
	"archive/zip"
	"bufio"
	"cmp"
	"compress/gzip"
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

const (
	// maxRatio is how many times its packed size a file may grow by unpacking,
	// once it passes ratioFrom bytes. The gazetteers read here pack five to
	// fifteen times; deflate can reach a thousand.
	maxRatio  = 200
	ratioFrom = 64 << 20
	// sniffSize is how much of a file is looked at to tell its format.
	sniffSize = 16 << 10
)

// A part is one file to read: a file on disk, or one inside a zip.
type part struct {
	path    string // of the file on disk
	name    string // for messages: base name, with the name inside a zip behind a colon
	root    string // the argument that it was found under
	size    int64  // unpacked, -1 where not known before reading
	changed time.Time
	layer   string // the table to read of a GeoPackage; "" for a file of another kind
	open    func() (io.ReadCloser, error)
}

// listParts returns the files under the paths: folders walked, zips opened, each
// file once, sorted by path. close releases the zips.
// The errors of those that cannot be read come beside them.
func listParts(paths []string, limit int64) (parts []part, bad []error, closeAll func()) {
	var open []io.Closer
	closeAll = func() {
		for _, c := range open {
			c.Close()
		}
	}
	seen := map[string]bool{}
	for _, root := range paths {
		files, err := listFiles(root)
		if err != nil {
			bad = append(bad, err)
		}
		for _, path := range files {
			if abs, err := filepath.Abs(path); err == nil {
				if seen[abs] {
					continue
				}
				seen[abs] = true
			}
			of, c, err := fileParts(root, path, limit)
			if c != nil {
				open = append(open, c)
			}
			if err != nil {
				bad = append(bad, err)
			}
			parts = append(parts, of...)
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.name, b.name)) })
	return parts, bad, closeAll
}

// listFiles returns the file at root, or the regular files below the folder at
// root in sorted order, apart from hidden ones.
func listFiles(root string) ([]string, error) {
	st, err := os.Stat(root)
	if err != nil {
		return nil, fileError(root, err)
	}
	if !st.IsDir() {
		return []string{root}, nil
	}
	var files []string
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path != root && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.Type().IsRegular() || d.Type()&fs.ModeSymlink != 0 && isFile(path) {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, fileError(root, err)
	}
	if len(files) == 0 {
		return nil, &data.UserError{Msg: filepath.Base(root) + " holds no files"}
	}
	slices.Sort(files)
	return files, nil
}

func isFile(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular()
}

// fileParts returns the parts of the file at path, and what has to stay open
// while they are read.
func fileParts(root, path string, limit int64) ([]part, io.Closer, error) {
	base := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fileError(path, err)
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, fileError(path, err)
	}
	if !st.Mode().IsRegular() {
		f.Close()
		return nil, nil, &data.UserError{Msg: base + " is not a file that can be read twice", Hint: "save it to disk and name that file"}
	}
	magic := make([]byte, 4)
	n, err := io.ReadFull(f, magic)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		f.Close()
		return nil, nil, fileError(path, err)
	}
	switch {
	case n == 4 && (string(magic) == "PK\x03\x04" || string(magic) == "PK\x05\x06"):
		parts, err := zipParts(f, st.Size(), part{path: path, name: base, root: root}, limit)
		return parts, f, err
	case n >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		f.Close()
		return []part{gzipPart(root, path, st, limit)}, nil, nil
	}
	f.Close()
	p := part{path: path, name: base, root: root, size: st.Size(), changed: st.ModTime()}
	p.open = func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, fileError(path, err)
		}
		return f, nil
	}
	return []part{p}, nil, nil
}

func zipParts(f io.ReaderAt, size int64, zipFile part, limit int64) ([]part, error) {
	r, err := zip.NewReader(f, size)
	if err != nil {
		return nil, &data.UserError{Msg: zipFile.name + " is a broken or cut-off zip", Err: err, Hint: "download it again"}
	}
	var parts []part
	var all uint64
	for _, file := range r.File {
		if !file.Mode().IsRegular() || strings.HasSuffix(file.Name, "/") {
			continue
		}
		p := zipFile
		p.name = zipFile.name + ":" + file.Name
		p.size = int64(min(file.UncompressedSize64, 1<<62))
		p.changed = file.Modified
		// A header may lie, so the bytes are counted again as they are read.
		allowed := allowedSize(int64(min(file.CompressedSize64, 1<<62)), limit)
		if all += uint64(p.size); all > uint64(limit) {
			return nil, tooLarge(zipFile.name, limit)
		}
		if p.size > allowed {
			return nil, tooLarge(p.name, allowed)
		}
		p.open = func() (io.ReadCloser, error) {
			rc, err := file.Open()
			if err != nil {
				return nil, broken(p.name, err)
			}
			return unpacked(rc, rc, p.name, allowed), nil
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func gzipPart(root, path string, st fs.FileInfo, limit int64) part {
	p := part{path: path, name: filepath.Base(path), root: root, size: -1, changed: st.ModTime()}
	p.open = func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, fileError(path, err)
		}
		z, err := gzip.NewReader(bufio.NewReader(f))
		if err != nil {
			f.Close()
			return nil, broken(p.name, err)
		}
		return unpacked(z, f, p.name, allowedSize(st.Size(), limit)), nil
	}
	return p
}

// allowedSize is how far a file of the packed size may unpack.
func allowedSize(packed, limit int64) int64 {
	if packed > limit/maxRatio {
		return limit
	}
	return min(limit, max(ratioFrom, packed*maxRatio))
}

// unpacked reads r, names the file in its errors and stops at the limit.
func unpacked(r io.Reader, c io.Closer, name string, limit int64) io.ReadCloser {
	return &unpacker{r: r, Closer: c, name: name, limit: limit, left: limit}
}

type unpacker struct {
	r io.Reader
	io.Closer
	name        string
	limit, left int64
}

func (u *unpacker) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	if u.left -= int64(n); u.left < 0 {
		return 0, tooLarge(u.name, u.limit)
	}
	if err != nil && err != io.EOF {
		err = broken(u.name, err)
	}
	return n, err
}

func tooLarge(name string, limit int64) error {
	return &data.UserError{
		Msg:  fmt.Sprintf("%s unpacks to over %d MiB, more than is safe", name, limit>>20),
		Hint: "unpack it yourself if you trust it, and import the folder",
	}
}

func broken(name string, err error) error {
	return &data.UserError{Msg: name + " is broken or cut off", Err: err, Hint: "download it again"}
}

// fileError names the file by its base name alone.
func fileError(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &data.UserError{Msg: "no file " + filepath.Base(path)}
	}
	return &data.UserError{Msg: "read " + filepath.Base(path), Err: err}
}
