package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// An encodingKind is how the characters of a file are written.
type encodingKind uint8

const (
	bytewise  encodingKind = iota // UTF-8 or Windows-1252, line by line
	utf8Mark                      // UTF-8 with a byte order mark
	utf16Low                      // UTF-16, little end first
	utf16High                     // UTF-16, big end first
)

// sniffEncoding tells the encoding by the mark or by the side on which zero bytes
// lie. ok is false for what is no text.
func sniffEncoding(head []byte) (enc encodingKind, ok bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		return utf8Mark, true
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return utf16Low, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return utf16High, true
	}
	switch wide(head) {
	case 'l':
		return utf16Low, true
	case 'b':
		return utf16High, true
	}
	return bytewise, bytes.IndexByte(head, 0) < 0 && !controls(head)
}

// decoder returns a reader of UTF-8 without a mark; text that is written bytewise
// is left as it is, for its lines to be decoded one by one.
func (enc encodingKind) decoder(r io.Reader) io.Reader {
	switch enc {
	case utf8Mark:
		b := bufio.NewReader(r)
		b.Discard(3)
		return b
	case utf16Low:
		return transform.NewReader(r, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case utf16High:
		return transform.NewReader(r, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	}
	return r
}

func decodeHead(head []byte, enc encodingKind) ([]byte, error) {
	if enc == utf16Low || enc == utf16High {
		head = head[:len(head)&^1]
	}
	return io.ReadAll(enc.decoder(bytes.NewReader(head)))
}

// Decode returns r as UTF-8 without a mark where a byte order mark says how it is
// written, and anything else as it is.
func Decode(r io.Reader) io.Reader {
	b := bufio.NewReaderSize(r, sniffLen)
	mark, _ := b.Peek(3)
	enc, _ := sniffEncoding(mark)
	if enc == bytewise {
		return b
	}
	return enc.decoder(b)
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

// A Charset says how the bytes beyond ASCII of a file are read.
type Charset uint8

// The charsets of a file without a mark.
const (
	Undecided   Charset = iota // each line as what it can be, UTF-8 once some line was
	UTF8                       // a line that is not UTF-8 is refused
	Windows1252                // every line
)

var (
	errLongLine = errors.New("the line is longer than 1048576 bytes")
	errNUL      = errors.New("NUL byte")
	// errEncoding is why a line that is in neither encoding is refused.
	errEncoding = errors.New("not valid UTF-8")
)

func longLine(source string, number int) error {
	return &Error{Msg: fmt.Sprintf("%s:%d: %s", source, number, errLongLine), Try: "is it a text file with one report a line?"}
}

// lines yields the lines of a text, decoded, without their ends.
type lines struct {
	r        *bufio.Reader
	charset  Charset
	number   int // of the last line, from 1
	wide     int // lines beyond ASCII that are UTF-8
	narrow   int // lines that are not
	long     []byte
	longRows bool // a line that is too long is an error of its row and not of the file
}

// next returns the next line, good until the next call; io.EOF at the end, with no
// line. errEncoding and errNUL come with the line that they are about.
func (l *lines) next() ([]byte, error) {
	line, err := l.read()
	if err != nil {
		return nil, err
	}
	if bytes.IndexByte(line, 0) >= 0 {
		return line, errNUL
	}
	if ascii(line) {
		return line, nil
	}
	if l.charset != Windows1252 && utf8.Valid(line) {
		l.wide++
		return line, nil
	}
	l.narrow++
	if l.charset == UTF8 || l.charset == Undecided && l.wide > 0 {
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

// read returns the bytes of the next line.
func (l *lines) read() ([]byte, error) {
	l.long = l.long[:0]
	tooLong := false
	for {
		part, err := l.r.ReadSlice('\n')
		if err == nil && len(l.long) == 0 && !tooLong && len(part) <= MaxLine {
			l.number++
			return trimEnd(part), nil
		}
		if len(l.long)+len(part) > MaxLine+1 {
			if !l.longRows {
				l.number++
				return nil, errLongLine
			}
			tooLong, l.long = true, l.long[:0]
		}
		if !tooLong {
			l.long = append(l.long, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil && err != io.EOF:
			return nil, err
		case tooLong:
			l.number++
			return nil, errLongLine
		case err == io.EOF && len(l.long) == 0:
			return nil, io.EOF
		}
		l.number++
		return trimEnd(l.long), nil
	}
}

func trimEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte{'\n'})
	return bytes.TrimSuffix(b, []byte{'\r'})
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// lines opens the lines of the input.
func (in *Input) lines(c Charset) (*lines, io.Closer, error) {
	rc, err := in.unpacked()
	if err != nil {
		return nil, nil, err
	}
	if in.enc != bytewise {
		c = UTF8
	}
	return &lines{r: bufio.NewReaderSize(in.decoded(rc), 256<<10), charset: c}, rc, nil
}

// decoded is r as its encoding is read, with lines that end in a line feed.
func (in *Input) decoded(r io.Reader) io.Reader {
	if r = in.enc.decoder(r); in.bare {
		return &endings{r}
	}
	return r
}

// endings makes line feeds of carriage returns.
type endings struct{ r io.Reader }

func (e *endings) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// whole makes the error of a line one of the file, where it is not of its row.
func (in *Input) whole(err error, number int) error {
	switch {
	case err == errLongLine:
		return longLine(in.Shown(), number)
	case err == errNUL:
		return &Error{Msg: fmt.Sprintf("%s:%d: the line has NUL bytes: this is not a text file", in.Shown(), number), Try: in.textHint()}
	}
	return in.broken(err)
}

// Text returns the whole of a text of up to limit bytes, with single line feeds.
func (in *Input) Text(limit int) (string, error) {
	l, c, err := in.lines(Undecided)
	if err != nil {
		return "", err
	}
	defer c.Close()
	var b strings.Builder
	for {
		line, err := l.next()
		switch {
		case err == io.EOF:
			return b.String(), nil
		case err == errEncoding:
			return "", &Error{Msg: fmt.Sprintf("%s:%d: the line is neither UTF-8 nor Windows-1252", in.Shown(), l.number), Try: "save it as UTF-8"}
		case err != nil:
			return "", in.whole(err, l.number)
		}
		if b.Len()+len(line) > limit {
			return "", &Error{Msg: fmt.Sprintf("%s is larger than a bulletin can be (%d MiB)", in.Shown(), limit>>20), Try: "name a table of reports .csv or .jsonl"}
		}
		// A lone carriage return is a line break of old; it would hide lines.
		b.WriteString(strings.ReplaceAll(string(line), "\r", " "))
		b.WriteByte('\n')
	}
}
