package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"spreewatch/data"
)

const (
	maxLine     = 1 << 20  // bytes of a line; no report needs as much
	maxBulletin = 16 << 20 // bytes of a bulletin, which is read whole
	maxWorkbook = 512 << 20
	sniffLen    = 64 << 10
)

type format uint8

const (
	formatBulletin format = iota
	formatCSV
	formatJSONL
	formatXLSX
)

// A source is an opened input: unzipped, in UTF-8, of a known format.
type source struct {
	name   string // base name, "-" for standard input
	format format
	r      *bufio.Reader
	file   *os.File // nil for standard input
	zip    bool     // gzipped
	utf8   bool     // a byte order mark said UTF-8 or UTF-16: any other byte is an error
}

func (s *source) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// open opens a file, or standard input for "-", and finds out what it holds.
func open(path string, stdin io.Reader) (*source, error) {
	s := &source{name: filepath.Base(path)}
	var r io.Reader
	if path == "-" {
		s.name, r = "-", stdin
		if stdin == nil {
			r = strings.NewReader("")
		}
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, openError(s.name, err)
		}
		info, err := f.Stat()
		if err == nil && info.IsDir() {
			f.Close()
			return nil, folderError(s.name)
		}
		s.file, r = f, f
	}
	if err := s.sniff(bufio.NewReaderSize(r, sniffLen)); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func folderError(name string) error {
	return &data.UserError{Msg: name + " is a folder, not a file of reports", Hint: "name the files in it, such as " + name + "/*.csv"}
}

func openError(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &data.UserError{Msg: "there is no file " + name, Hint: "check the name and the folder"}
	case errors.Is(err, fs.ErrPermission):
		return &data.UserError{Msg: name + " may not be read by you", Hint: "ask its owner for leave to read it"}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return &data.UserError{Msg: name + " cannot be opened", Err: err}
}

// sniff looks at the start of the input and sets up its decoding.
func (s *source) sniff(r *bufio.Reader) error {
	head, err := peek(r)
	if err != nil {
		return s.broken(err)
	}
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return s.broken(err)
		}
		s.zip = true
		r = bufio.NewReaderSize(z, sniffLen)
		if head, err = peek(r); err != nil {
			return s.broken(err)
		}
	}
	ext := strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(s.name), ".gz")))
	switch {
	case len(head) == 0:
		return &data.UserError{Msg: s.shown() + " is empty", Hint: "export it again"}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		s.format, s.r = formatXLSX, r
		return nil
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return &data.UserError{Msg: s.shown() + " is an old or a protected workbook", Hint: "save it as .xlsx without a password, or as .csv"}
	case ext == ".xlsx" || ext == ".xlsm":
		return &data.UserError{Msg: s.shown() + " is named as a workbook but is none", Hint: "export it again"}
	}
	if r, err = s.decode(r, head); err != nil {
		return err
	}
	if head, err = peek(r); err != nil {
		return s.broken(err)
	}
	if len(bytes.TrimSpace(head)) == 0 && len(head) < sniffLen/2 {
		return &data.UserError{Msg: s.shown() + " is empty", Hint: "export it again"}
	}
	s.r = r
	switch ext {
	case ".csv", ".tsv", ".tab", ".psv":
		s.format = formatCSV
	case ".jsonl", ".ndjson", ".json":
		s.format = formatJSONL
	case ".md", ".markdown":
		s.format = formatBulletin
	default:
		s.format = guess(head)
	}
	return nil
}

func peek(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(sniffLen / 2)
	if err == io.EOF || err == bufio.ErrBufferFull {
		err = nil
	}
	if err != nil && len(head) > 0 && errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // a cut-off archive is reported where it ends
	}
	return head, err
}

// decode returns a reader of UTF-8 without a byte order mark.
func (s *source) decode(r *bufio.Reader, head []byte) (*bufio.Reader, error) {
	var enc transform.Transformer
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		r.Discard(3)
		s.utf8 = true
		return r, nil
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		enc = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	default:
		switch wide(head) {
		case 'l':
			enc = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
		case 'b':
			enc = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
		default:
			if bytes.IndexByte(head, 0) >= 0 || controls(head) {
				return nil, s.binary()
			}
			return r, nil
		}
	}
	s.utf8 = true
	return bufio.NewReaderSize(transform.NewReader(r, enc), sniffLen), nil
}

// wide tells UTF-16 without a mark by the side on which the zero bytes lie: 'l',
// 'b', or 0 for neither.
func wide(head []byte) byte {
	n := len(head) &^ 1
	if n < 4 {
		return 0
	}
	even, odd := 0, 0
	for i := 0; i < n; i += 2 {
		if head[i] == 0 {
			even++
		}
		if head[i+1] == 0 {
			odd++
		}
	}
	switch {
	case odd*10 > n/2*8 && even == 0:
		return 'l'
	case even*10 > n/2*8 && odd == 0:
		return 'b'
	}
	return 0
}

// controls reports whether so many bytes are control characters that this is no
// text.
func controls(head []byte) bool {
	n := 0
	for _, c := range head {
		if c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x0b || c == 127 {
			n++
		}
	}
	return n*50 > len(head)
}

func (s *source) binary() error {
	return &data.UserError{Msg: s.shown() + " is not text", Hint: s.textHint()}
}

// textHint says what to do about a file that is not text; the name of some already
// says that they are.
func (s *source) textHint() string {
	switch strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(s.name), ".gz"))) {
	case ".csv", ".tsv", ".tab", ".psv", ".txt", ".jsonl", ".ndjson", ".json", ".md", ".markdown":
		return "export it again as plain text"
	}
	return "give it as .csv, .xlsx, .jsonl or .txt"
}

// shown names the source in a sentence.
func (s *source) shown() string {
	if s.name == "-" {
		return "standard input"
	}
	return s.name
}

// broken names an input that stops being readable.
func (s *source) broken(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &data.UserError{Msg: s.shown() + " is cut off", Hint: "copy or export it again"}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return &data.UserError{Msg: s.shown() + " is a damaged gzip file", Hint: "copy or export it again"}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	if s.zip {
		return &data.UserError{Msg: s.shown() + " is a damaged gzip file", Hint: "copy or export it again"}
	}
	return &data.UserError{Msg: s.shown() + " cannot be read", Err: err}
}

// guess tells the format by its first lines: JSON objects, a table of at least
// two columns, or a bulletin.
func guess(head []byte) format {
	text := bytes.TrimSpace(head)
	if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return formatJSONL
	}
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	for _, d := range delimiters {
		if bytes.Count(first, []byte{d}) >= 1 {
			names := splitHeader(string(first), rune(d))
			if len(names) >= 2 && recognised(names) >= 2 && (len(second) == 0 || bytes.IndexByte(second, d) >= 0) {
				return formatCSV
			}
		}
	}
	return formatBulletin
}

// A lineReader yields the lines of a source, decoded, and refuses one that is
// too long without reading it whole.
type lineReader struct {
	s      *source
	number int  // of the last line
	wide   bool // text beyond ASCII in UTF-8 has been seen: the file is UTF-8
	seen   int64
}

func longLine(source string, number int) error {
	return &data.UserError{
		Msg:  fmt.Sprintf("%s:%d: the line is longer than %d bytes", source, number, maxLine),
		Hint: "is it a text file with one report a line?",
	}
}

// errEncoding is why a line of a file in UTF-8 that is not UTF-8 is refused.
var errEncoding = errors.New("not valid UTF-8")

// next returns the next line with its line break. At the end it returns io.EOF
// and no line. errEncoding comes with the line it is about.
func (l *lineReader) next() ([]byte, error) {
	var line []byte
	for {
		part, err := l.s.r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, longLine(l.s.shown(), l.number+1)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF {
			if len(line) == 0 {
				return nil, io.EOF
			}
			break
		}
		if err != nil {
			return nil, l.s.broken(err)
		}
		break
	}
	l.number++
	l.seen += int64(len(line))
	if bytes.IndexByte(line, 0) >= 0 {
		return nil, &data.UserError{
			Msg:  fmt.Sprintf("%s:%d: the line has NUL bytes: this is not a text file", l.s.shown(), l.number),
			Hint: l.s.textHint(),
		}
	}
	if ascii(line) {
		return line, nil
	}
	if utf8.Valid(line) {
		l.wide = true
		return line, nil
	}
	if l.s.utf8 || l.wide {
		return line, errEncoding
	}
	// Windows-1252 leaves five bytes without a character.
	for _, c := range line {
		switch c {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d:
			return line, errEncoding
		}
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(line)
	if err != nil {
		return line, errEncoding
	}
	return decoded, nil
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// readText returns a whole bulletin with single line feeds.
func (s *source) readText() (string, error) {
	var b strings.Builder
	l := &lineReader{s: s}
	for {
		line, err := l.next()
		switch {
		case err == io.EOF:
			return b.String(), nil
		case err == errEncoding:
			return "", &data.UserError{
				Msg:  fmt.Sprintf("%s:%d: the line is neither UTF-8 nor Windows-1252", s.shown(), l.number),
				Hint: "save it as UTF-8",
			}
		case err != nil:
			return "", err
		}
		if b.Len()+len(line) > maxBulletin {
			return "", &data.UserError{
				Msg:  fmt.Sprintf("%s is larger than a bulletin can be (%d MiB)", s.shown(), maxBulletin>>20),
				Hint: "name a table of reports .csv or .jsonl",
			}
		}
		// A lone carriage return is a line break of old; it would hide lines.
		text := strings.TrimRight(string(line), "\r\n")
		b.WriteString(strings.ReplaceAll(text, "\r", " "))
		b.WriteByte('\n')
	}
}
