package gazetteer

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"spreewatch/data"
	"spreewatch/data/table"
	"spreewatch/geo/index"
)

// Options say how far to trust the files.
type Options struct {
	// MaxUnpacked is how many bytes a zip or gzip may unpack to. Independent of
	// it, none may grow more than two hundredfold past 64 MiB.
	MaxUnpacked int64
	// Read is called with the number of unpacked bytes after each read of a file
	// by Entries, to show progress or to stop: an error ends the reading. nil for
	// none.
	Read func(n int) error
}

// DefaultOptions allow 8 GiB: OS Open Names, the largest, unpacks to 1.7 GB.
func DefaultOptions() Options { return Options{MaxUnpacked: 8 << 30} }

// Validate refuses a limit that lets nothing through.
func (o Options) Validate() error {
	if o.MaxUnpacked <= 0 {
		return fmt.Errorf("limit of unpacked bytes is not above 0")
	}
	return nil
}

// A Set is the files of one gazetteer, ready to read.
type Set struct {
	Source data.GazetteerSource // without what only reading tells: counts and time
	Bytes  int64                // unpacked size, -1 where not known
	format format
	parts  []part
	header []string // column names that stand in a file of their own
	read   func(int) error
	lines  iter.Seq[data.Line] // known once the entries have been read; nil for none
}

// Files are the gazetteers found under some paths.
type Files struct {
	Sets    []*Set   // sorted by Source.Name
	Ignored []string // files in folders and zips that are no gazetteer, by name
	Bad     []error  // of the paths that were passed over, one each, and of the sets that Import could not read
	close   func()
}

// Close releases the files. Sets cannot be read after it.
func (f *Files) Close() { f.close() }

// Open looks at the files, folders and zips at the paths, tells the format of
// each by its content, and groups those of one gazetteer: nine monthly files of
// one police force are one source. It reads the whole of every file once, for
// its SHA-256, and none of its entries. A path that cannot be read or holds no
// gazetteer at all is Bad, and an error where there is no other; a stray file in a
// folder or a zip is Ignored.
func Open(paths []string, opts Options) (*Files, error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	parts, bad, closeAll := listParts(paths, opts.MaxUnpacked)
	files := &Files{Bad: bad, close: closeAll}
	err := files.group(parts, opts)
	if err == nil && len(files.Sets) == 0 {
		err = files.Bad[0]
	}
	if err != nil {
		closeAll()
		return nil, err
	}
	return files, nil
}

func (f *Files) group(parts []part, opts Options) error {
	byName := map[string]*Set{}
	headers := map[string][]string{} // by root
	release := map[string]string{}
	used := map[string]bool{}
	for _, p := range parts {
		found, err := sniff(p)
		if err != nil {
			f.Bad, used[p.root] = append(f.Bad, err), true
			continue
		}
		if found.header != nil {
			headers[p.root] = found.header
		}
		if found.released != "" {
			release[p.root] = max(release[p.root], found.released)
		}
		if found.format.read == nil {
			if found.packed || p.path == p.root && p.size >= 0 && !strings.Contains(p.name, ":") && found.header == nil {
				f.Bad, used[p.root] = append(f.Bad, unknownFormat(p, found)), true
				continue
			}
			f.Ignored = append(f.Ignored, p.name)
			continue
		}
		used[p.root] = true
		s := byName[found.source]
		if s == nil {
			s = &Set{format: found.format, read: opts.Read}
			s.Source = data.GazetteerSource{Name: found.source, Format: found.format.name, Licence: found.format.licence}
			byName[found.source] = s
			f.Sets = append(f.Sets, s)
		} else if s.format.name != found.format.name {
			return &data.UserError{Msg: fmt.Sprintf("two files of different formats would both be the source %q", found.source), Hint: "rename one of them"}
		}
		p.layer = found.layer
		s.parts = append(s.parts, p)
		s.Source.Release = max(s.Source.Release, found.release)
	}
	for _, p := range parts {
		if !used[p.root] {
			used[p.root] = true
			f.Bad = append(f.Bad, &data.UserError{Msg: filepath.Base(p.root) + " holds no gazetteer that spreewatch knows", Hint: formatsHint})
		}
	}
	slices.SortFunc(f.Sets, func(a, b *Set) int { return cmp.Compare(a.Source.Name, b.Source.Name) })
	for _, s := range f.Sets {
		root := s.parts[0].root
		s.header = headers[root]
		if err := s.identify(release[root]); err != nil {
			return err
		}
	}
	return nil
}

const formatsHint = "OS Open Names, OS Open Roads, Code-Point Open, ONSPD or NSPL, AddressBase with its header row, GeoNames, data.police.uk, an OSM .pbf, or a CSV with the columns name, locality, lat, lon, kind"

func unknownFormat(p part, found sniffed) error {
	if found.almost != "" {
		return &data.UserError{Msg: p.name + " " + found.almost, Hint: cmp.Or(found.instead, "a first line such as name,locality,lat,lon,kind")}
	}
	return &data.UserError{Msg: p.name + " is no gazetteer that spreewatch knows", Hint: formatsHint}
}

// identify sets the hash, size and release of the set. The release is what the
// content says, else what came with it, else the day the newest file in the zip
// was made, else the first digits of the hash.
func (s *Set) identify(released string) error {
	var hashes []string
	for i, p := range s.parts {
		switch {
		case p.size < 0:
			s.Bytes = -1
		case s.Bytes >= 0:
			s.Bytes += p.size
		}
		if i > 0 && p.path == s.parts[i-1].path {
			continue
		}
		hash, err := fileHash(p.path)
		if err != nil {
			return err
		}
		hashes = append(hashes, hash)
	}
	s.Source.SHA256 = joinHashes(hashes)
	if s.Source.Release == "" {
		s.Source.Release = released
	}
	if s.Source.Release == "" {
		for _, p := range s.parts {
			if strings.Contains(p.name, ":") && p.changed.Year() > 1980 {
				s.Source.Release = max(s.Source.Release, p.changed.UTC().Format("2006-01-02"))
			}
		}
	}
	if s.Source.Release == "" {
		s.Source.Release = "sha256 " + s.Source.SHA256[:8]
	}
	return nil
}

// joinHashes is the hash itself for one file, as sha256sum prints it; for
// several, the hash of their sorted hashes, a line each, so that it does not
// depend on names or order.
func joinHashes(hashes []string) string {
	slices.Sort(hashes)
	if len(hashes) == 1 {
		return hashes[0]
	}
	sum := sha256.Sum256([]byte(strings.Join(hashes, "\n") + "\n"))
	return hex.EncodeToString(sum[:])
}

func fileHash(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fileError(path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fileError(path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Entries reads the set. A row that cannot be used comes as a *data.RowError and
// one that is not wanted as a *data.LeftOutError, neither with any of its content,
// and reading goes on; any other error is the last thing that comes. Entries are in
// an order that depends on the files alone, and no two have one ID.
func (s *Set) Entries() iter.Seq2[index.Entry, error] { return withEveryday(s.format.read(s)) }

// Lines returns the lines of the set, for which Entries must have been read to the
// end: few formats have any.
func (s *Set) Lines() iter.Seq[data.Line] {
	return func(yield func(data.Line) bool) {
		if s.lines != nil {
			s.lines(yield)
			s.lines = nil
		}
	}
}

// label is the Source of the entries.
func (s *Set) label() string { return s.Source.Label() }

// open opens a part for reading and reports its progress.
func (s *Set) open(p part) (io.ReadCloser, error) {
	rc, err := p.open()
	if err != nil || s.read == nil {
		return rc, err
	}
	return &counted{rc, s.read}, nil
}

type counted struct {
	io.ReadCloser
	read func(int) error
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	if stop := c.read(n); stop != nil {
		return 0, stop
	}
	return n, err
}

// rows reads every row of every text part; a delimiter of 0 is found for each. A line that cannot be split comes as
// a *data.RowError; the error of a file comes last.
func (s *Set) rows(delim byte, quoted bool) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for _, p := range s.parts {
			if !s.partRows(p, delim, quoted, yield) {
				return
			}
		}
	}
}

// A row is one line of a text file.
type row struct {
	file   string
	line   int
	first  bool // the first row of its file
	fields []string
}

// refuse makes the error of a row that cannot be used.
func (r row) refuse(field, reason string) error {
	return &data.RowError{Source: r.file, Line: r.line, Field: field, Reason: reason}
}

// check refuses an entry that no index would take.
func (r row) check(e *index.Entry) error {
	if err := e.Check(); err != nil {
		return r.refuse("", err.Error())
	}
	return nil
}

// leave makes the error of a row that is not wanted.
func leave(reason string) error { return &data.LeftOutError{Reason: reason} }

func (s *Set) partRows(p part, delim byte, quoted bool, yield func(row, error) bool) bool {
	if p.layer != "" {
		return s.namedPlaces(p, yield)
	}
	rc, err := s.open(p)
	if err != nil {
		yield(row{}, err)
		return false
	}
	defer rc.Close()
	t := table.NewReader(rc, table.Dialect{Delim: delim, Plain: !quoted, OneRow: true})
	first := true
	for {
		fields, line, err := t.Next()
		if err == io.EOF {
			return true
		}
		r := row{file: p.name, line: line, first: first, fields: fields}
		var bad *table.RowError
		switch {
		case err == nil:
		case errors.As(err, &bad):
			err = r.refuse("", bad.Reason)
		default:
			var user *data.UserError
			if !errors.As(err, &user) {
				err = fmt.Errorf("%s:%d: %w", p.name, t.Line()+1, err)
			}
			yield(row{}, err)
			return false
		}
		first = false
		if !yield(r, err) {
			return false
		}
	}
}

// each makes an entry of every row that can be used, in order, and sets its
// Source.
func (s *Set) each(delim byte, quoted bool, make func(row) (index.Entry, error)) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		label := s.label()
		for r, err := range s.rows(delim, quoted) {
			var e index.Entry
			if err == nil {
				if e, err = make(r); err == nil {
					err = r.check(&e)
				}
				e.Source = label
			}
			if !yield(e, err) {
				return
			}
		}
	}
}
