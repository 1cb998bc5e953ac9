package table

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// MaxLine is how many bytes a line of text may have; no report needs as much.
	MaxLine = 1 << 20
	// maxHeld is how many bytes of standard input, or of a file inside a zip, are
	// held in memory.
	maxHeld = 1 << 30
	// A packed file may grow maxRatio times once it is past ratioFrom bytes:
	// deflate can reach a thousand, tables pack five to fifteen times.
	maxRatio  = 200
	ratioFrom = 64 << 20
	sniffLen  = 64 << 10
)

// A Kind is what a file holds.
type Kind uint8

// The kinds of input.
const (
	Prose    Kind = iota // running text, which is no table
	CSV                  // text with separators
	JSON                 // one JSON object a line, or an array of them
	Workbook             // XLSX
)

// String returns the name of the kind for a person.
func (k Kind) String() string { return [...]string{"text", "CSV", "JSON lines", "workbook"}[k] }

// An Input is an opened file, or standard input, that can be read more than once.
type Input struct {
	Name   string // base name, "-" for standard input
	Kind   Kind
	Packed string // "gzip" or "zip" where it was unpacked, else ""

	path string // "" for what is held in memory
	held []byte
	head []byte // of the unpacked and decoded start
	enc  encodingKind
	bare bool  // lines end in a carriage return alone, as an old Mac's do
	part *part // of a group of its rows; else nil
}

// Open opens a file, or standard input for "-", and finds out what it holds. It
// reads no more than its start, except of what cannot be read twice.
func Open(path string, stdin io.Reader) (*Input, error) {
	if path == "-" {
		return FromReader("-", stdin)
	}
	in := &Input{Name: filepath.Base(path), path: path}
	info, err := os.Stat(path)
	if err != nil {
		return nil, OpenError(in.Name, err)
	}
	if info.IsDir() {
		return nil, FolderError(in.Name)
	}
	if !info.Mode().IsRegular() { // a pipe is read once only
		f, err := os.Open(path)
		if err != nil {
			return nil, OpenError(in.Name, err)
		}
		in.held, err = hold(f, maxHeld)
		f.Close()
		if err != nil {
			return nil, err
		}
		in.path = ""
	}
	return in, in.sniff()
}

// FromReader opens what r gives, which it holds in memory, under a name; "-" is
// standard input.
func FromReader(name string, r io.Reader) (*Input, error) {
	all, err := Hold(r)
	if err != nil {
		return nil, err
	}
	in := &Input{Name: name, held: all}
	return in, in.sniff()
}

// AsTable takes what would be read as prose for a text with separators.
func (in *Input) AsTable() {
	if in.Kind == Prose {
		in.Kind = CSV
	}
}

// OpenError says why a file cannot be opened, by its base name.
func OpenError(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Error{Msg: "there is no file " + name, Try: "check the name and the folder"}
	case errors.Is(err, fs.ErrPermission):
		return &Error{Msg: name + " may not be read by you", Try: "ask its owner for leave to read it"}
	}
	return &Error{Msg: name + " cannot be opened", Err: pathCause(err)}
}

// FolderError says that a folder is no file of reports.
func FolderError(name string) error {
	return &Error{Msg: name + " is a folder, not a file of reports", Try: "name the files in it, such as " + name + "/*.csv"}
}

func pathCause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Hold reads all of standard input into memory: more than 1 GiB of it is refused, and
// so is a line that no reader would take, as soon as it is seen. nil gives nothing.
func Hold(stdin io.Reader) ([]byte, error) {
	if stdin == nil {
		return nil, nil
	}
	return hold(stdin, maxHeld)
}

// hold reads all of r, up to limit bytes. Of text it refuses a line that is too
// long as soon as it is seen, without reading on.
func hold(r io.Reader, limit int64) ([]byte, error) {
	var all bytes.Buffer
	packed := false
	line, number := 0, 1
	chunk := make([]byte, 64<<10)
	for {
		n, err := r.Read(chunk)
		if all.Len() < 2 {
			head := append(bytes.Clone(all.Bytes()), chunk[:min(n, 2)]...)
			packed = bytes.HasPrefix(head, []byte{0x1f, 0x8b}) || bytes.HasPrefix(head, []byte("PK"))
		}
		if int64(all.Len()+n) > limit {
			return nil, &Error{Msg: fmt.Sprintf("standard input is larger than %d MiB", limit>>20), Try: "name the file instead of piping it; a file is read piece by piece"}
		}
		for rest := chunk[:n]; !packed && len(rest) > 0; {
			k := bytes.IndexByte(rest, '\n')
			if k < 0 {
				line += len(rest)
				break
			}
			line, number, rest = 0, number+1, rest[k+1:]
		}
		if line > MaxLine {
			return nil, longLine("standard input", number)
		}
		all.Write(chunk[:n])
		if err == io.EOF {
			return all.Bytes(), nil
		}
		if err != nil {
			return nil, &Error{Msg: "standard input cannot be read", Err: err}
		}
	}
}

// Shown names the input in a sentence.
func (in *Input) Shown() string {
	if in.Name == "-" {
		return "standard input"
	}
	return in.Name
}

// raw opens the bytes of the input as they are stored.
func (in *Input) raw() (io.ReadCloser, int64, error) {
	if in.path == "" {
		return io.NopCloser(bytes.NewReader(in.held)), int64(len(in.held)), nil
	}
	f, err := os.Open(in.path)
	if err != nil {
		return nil, 0, OpenError(in.Name, err)
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, OpenError(in.Name, err)
	}
	return f, st.Size(), nil
}

// unpacked opens the bytes of the input without gzip, and of a zip its only table.
func (in *Input) unpacked() (io.ReadCloser, error) {
	rc, size, err := in.raw()
	if err != nil {
		return nil, err
	}
	if in.Packed != "gzip" {
		return rc, nil
	}
	z, err := gzip.NewReader(bufio.NewReader(rc))
	if err != nil {
		rc.Close()
		return nil, in.broken(err)
	}
	return &bounded{in: in, r: z, c: rc, left: max(ratioFrom, size*maxRatio)}, nil
}

// bounded stops what unpacks to more than is safe.
type bounded struct {
	in   *Input
	r    io.Reader
	c    io.Closer
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &Error{Msg: b.in.Shown() + " unpacks to more than is safe", Try: "unpack it yourself if you trust it"}
	}
	return n, err
}

func (b *bounded) Close() error { return b.c.Close() }

// sniff looks at the start of the input and settles its kind and encoding.
func (in *Input) sniff() error {
	rc, _, err := in.raw()
	if err != nil {
		return err
	}
	magic := make([]byte, 4)
	n, err := io.ReadFull(rc, magic)
	rc.Close()
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return in.broken(err)
	}
	magic = magic[:n]
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		in.Packed = "gzip"
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		if found, err := in.unzip(); err != nil || !found {
			return err
		}
	}
	r, err := in.unpacked()
	if err != nil {
		return err
	}
	defer r.Close()
	head, err := peek(bufio.NewReaderSize(r, sniffLen))
	if err != nil {
		return in.broken(err)
	}
	ext := in.ext()
	switch {
	case len(head) == 0:
		return in.empty()
	case bytes.HasPrefix(head, []byte("PK\x03\x04")): // a workbook that was gzipped
		all, err := in.readPacked(r)
		if err != nil {
			return err
		}
		in.held, in.path, in.Packed, in.Kind = all, "", "", Workbook
		return nil
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return &Error{Msg: in.Shown() + " is an old or a protected workbook", Try: "save it as .xlsx without a password, or as .csv"}
	case ext == ".xlsx" || ext == ".xlsm":
		return &Error{Msg: in.Shown() + " is named as a workbook but is none", Try: "export it again"}
	}
	var ok bool
	if in.enc, ok = sniffEncoding(head); !ok {
		return in.binary()
	}
	if in.head, err = decodeHead(head, in.enc); err != nil {
		return in.binary()
	}
	if in.bare = bytes.IndexByte(in.head, '\r') >= 0 && bytes.IndexByte(in.head, '\n') < 0; in.bare {
		in.head = bytes.ReplaceAll(in.head, []byte{'\r'}, []byte{'\n'})
	}
	if len(bytes.TrimSpace(in.head)) == 0 && len(head) < sniffLen/2 {
		return in.empty()
	}
	if what := markup(in.head); what != "" {
		return &Error{Msg: in.Shown() + " is " + what + ", not text", Try: "open it and save it again: a table as .csv or .xlsx, running text as .txt"}
	}
	switch ext {
	case ".csv", ".tsv", ".tab", ".psv":
		in.Kind = CSV
	case ".jsonl", ".ndjson", ".json", ".geojson":
		in.Kind = JSON
	case ".md", ".markdown": // a table in it is one of the text
		if in.Kind = guess(in.head); in.Kind == JSON || bytes.HasPrefix(bytes.TrimSpace(in.head), []byte("|")) {
			in.Kind = Prose
		}
	default:
		in.Kind = guess(in.head)
	}
	return nil
}

// readPacked reads again, whole, what sniffing began to read.
func (in *Input) readPacked(io.Reader) ([]byte, error) {
	r, err := in.unpacked()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	all, err := io.ReadAll(io.LimitReader(r, maxHeld))
	if err != nil {
		return nil, in.broken(err)
	}
	return all, nil
}

// ext is the extension of the name in lower case, without that of the packing.
func (in *Input) ext() string {
	return strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(in.Name), ".gz")))
}

// Named reports whether the name of the input says that it is a table: reports.csv is one,
// and a text that only looks like one, or standard input, is not.
func (in *Input) Named() bool {
	return in.Kind != CSV || slices.Contains(delimited, in.ext())
}

// delimited are the extensions of tables in text.
var delimited = []string{".csv", ".tsv", ".tab", ".psv"}

// unzip tells a workbook from a zip that holds one file, which it takes in place
// of the zip. found means that there is such a file to look at.
func (in *Input) unzip() (found bool, err error) {
	rc, size, err := in.raw()
	if err != nil {
		return false, err
	}
	defer rc.Close()
	at, ok := rc.(io.ReaderAt)
	if !ok {
		at = bytes.NewReader(in.held)
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		return false, in.damagedBook()
	}
	var files []*zip.File
	for _, f := range z.File {
		if f.Name == "[Content_Types].xml" {
			in.Kind = Workbook
			return false, nil
		}
		base := filepath.Base(f.Name)
		if f.Mode().IsRegular() && !strings.HasPrefix(base, ".") && !strings.HasPrefix(f.Name, "__MACOSX/") {
			files = append(files, f)
		}
	}
	tables := slices.DeleteFunc(slices.Clone(files), func(f *zip.File) bool {
		ext := strings.ToLower(filepath.Ext(f.Name))
		return !slices.Contains(delimited, ext) && !slices.Contains([]string{".json", ".jsonl", ".ndjson"}, ext)
	})
	if len(tables) == 0 {
		tables = files
	}
	if len(tables) != 1 {
		return false, &Error{Msg: in.Shown() + " is a zip of several files", Try: "unpack it and name the files"}
	}
	f := tables[0]
	r, err := f.Open()
	if err != nil {
		return false, in.damagedZip()
	}
	defer r.Close()
	limit := min(maxHeld, max(ratioFrom, int64(min(f.CompressedSize64, 1<<40))*maxRatio))
	if f.UncompressedSize64 > uint64(limit) {
		return false, &Error{Msg: in.Shown() + " unpacks to more than is safe", Try: "unpack it yourself if you trust it"}
	}
	var all bytes.Buffer // of the size that it says of itself: one that grows would take three times as much
	all.Grow(int(f.UncompressedSize64) + bytes.MinRead)
	if n, err := io.Copy(&all, io.LimitReader(r, int64(f.UncompressedSize64)+1)); err != nil || uint64(n) != f.UncompressedSize64 {
		return false, in.damagedZip()
	}
	in.held, in.path, in.Packed = all.Bytes(), "", "zip"
	in.Name += ":" + filepath.Base(f.Name)
	return true, nil
}

func (in *Input) damagedZip() error {
	return &Error{Msg: in.Shown() + " is a damaged zip", Try: "copy or export it again"}
}

func (in *Input) empty() error {
	return &Error{Msg: in.Shown() + " is empty", Try: "export it again"}
}

func (in *Input) binary() error {
	return &Error{Msg: in.Shown() + " is not text", Try: in.textHint()}
}

// textHint says what to do about a file that is not text; the name of some already
// says that they are.
func (in *Input) textHint() string {
	switch in.ext() {
	case ".csv", ".tsv", ".tab", ".psv", ".txt", ".jsonl", ".ndjson", ".json", ".md", ".markdown":
		return "export it again as plain text"
	}
	return "give it as .csv, .xlsx, .jsonl or .txt"
}

// broken names an input that stops being readable.
func (in *Input) broken(err error) error {
	var own *Error
	switch {
	case errors.As(err, &own):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Msg: in.Shown() + " is cut off", Try: "copy or export it again"}
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), in.Packed == "gzip":
		return &Error{Msg: in.Shown() + " is a damaged gzip file", Try: "copy or export it again"}
	}
	return &Error{Msg: in.Shown() + " cannot be read", Err: pathCause(err)}
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

// markup names what a text is that a program made for another one to show, "" for
// none: the words of a report stand in it among tags that are none.
func markup(head []byte) string {
	start := strings.ToLower(string(bytes.TrimSpace(head[:min(len(head), 512)])))
	for _, m := range []struct{ start, what string }{
		{"<!doctype html", "a web page (HTML)"}, {"<html", "a web page (HTML)"}, {"<head", "a web page (HTML)"}, {"<body", "a web page (HTML)"},
		{"<table", "a table of a web page (HTML)"}, {"<?xml", "XML"}, {"{\\rtf", "a document of a word processor (RTF)"}, {"%pdf-", "a PDF"},
	} {
		if strings.HasPrefix(start, m.start) {
			return m.what
		}
	}
	return ""
}

// tabular reports whether lines are a table although none of its headers is known: a
// first line of short names without a number, and lines with numbers that are
// divided as often.
func tabular(head []byte) bool {
	lines := strings.Split(string(head), "\n")
	if len(head) >= sniffLen/4 {
		lines = lines[:len(lines)-1] // the last may be cut off
	}
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" })
	if len(lines) < 3 || strings.ContainsAny(lines[0], "0123456789.") || strings.HasPrefix(lines[0], "|") {
		return false
	}
	for _, d := range delimiters {
		names := splitLine(lines[0], d)
		if len(names) < 3 || slices.ContainsFunc(names, func(n string) bool { return strings.TrimSpace(n) == "" || len(n) > 40 }) {
			continue
		}
		if !slices.ContainsFunc(lines[1:min(len(lines), headerRows)], func(l string) bool {
			return len(splitLine(l, d)) != len(names) || !strings.ContainsAny(l, "0123456789")
		}) {
			return true
		}
	}
	return false
}

// guess tells the kind of a text by its first lines: JSON objects, a table of at
// least two columns of which two are known, or that has the shape of one, or prose.
func guess(head []byte) Kind {
	text := bytes.TrimSpace(head)
	if bytes.HasPrefix(text, []byte("{")) {
		return JSON
	}
	if array, ok := bytes.CutPrefix(text, []byte("[")); ok { // and not "[13/09/2022, 21:14] somebody: …"
		if array = bytes.TrimSpace(array); len(array) == 0 || bytes.IndexByte([]byte(`{["]`), array[0]) >= 0 {
			return JSON
		}
	}
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	for _, d := range delimiters {
		if bytes.IndexByte(first, d) < 0 || len(second) > 0 && bytes.IndexByte(second, d) < 0 {
			continue
		}
		if names := splitLine(string(first), d); len(names) >= 2 && recognised(names) >= 2 {
			return CSV
		}
	}
	if tabular(text) {
		return CSV
	}
	return Prose
}
