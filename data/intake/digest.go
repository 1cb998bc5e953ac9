package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"spreewatch/data"
)

// Digest returns the input at path with the SHA-256 and the number of its bytes.
// Standard input, "-", can be read once only: it is read whole and o.Stdin made
// to give it again, so that its hash is known before its first report is stored.
// More than 1 GiB of it is refused, and so is a line that no reader would take, as
// soon as it is seen.
func Digest(path string, o *Options) (data.Input, int64, error) {
	in := data.Input{Source: filepath.Base(path), Received: o.Received}
	var r io.Reader
	if path == "-" {
		if o.Name != "" {
			in.Source = o.Name
		}
		all, err := readStdin(o.Stdin, maxStdin)
		if err != nil {
			return in, 0, err
		}
		o.Stdin = bytes.NewReader(all)
		r = bytes.NewReader(all)
	} else {
		f, err := os.Open(path)
		if err != nil {
			return in, 0, openError(in.Source, err)
		}
		defer f.Close()
		if st, err := f.Stat(); err == nil && st.IsDir() {
			return in, 0, folderError(in.Source)
		}
		r = f
	}
	h := sha256.New()
	size, err := io.Copy(h, r)
	if err != nil {
		return in, 0, openError(in.Source, err)
	}
	in.SHA256 = hex.EncodeToString(h.Sum(nil))
	return in, size, nil
}

// maxStdin is how many bytes of standard input are held in memory.
const maxStdin = 1 << 30

// readStdin reads no more than limit bytes. Of text it refuses a line that is too
// long without reading on.
func readStdin(r io.Reader, limit int64) ([]byte, error) {
	var all bytes.Buffer
	if r == nil {
		return nil, nil
	}
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
			return nil, &data.UserError{
				Msg:  fmt.Sprintf("standard input is larger than %d MiB", limit>>20),
				Hint: "name the file instead of piping it; a file is read piece by piece",
			}
		}
		for rest := chunk[:n]; !packed && len(rest) > 0; {
			k := bytes.IndexByte(rest, '\n')
			if k < 0 {
				line += len(rest)
				break
			}
			line, number, rest = 0, number+1, rest[k+1:]
		}
		if line > maxLine {
			return nil, longLine("standard input", number)
		}
		all.Write(chunk[:n])
		if err == io.EOF {
			return all.Bytes(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
	}
}
