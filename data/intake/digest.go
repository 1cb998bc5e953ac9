package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"

	"spreewatch/data"
	"spreewatch/data/table"
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
		all, err := table.Hold(o.Stdin)
		if err != nil {
			return in, 0, err
		}
		o.Stdin = bytes.NewReader(all)
		r = bytes.NewReader(all)
	} else {
		f, err := os.Open(path)
		if err != nil {
			return in, 0, table.OpenError(in.Source, err)
		}
		defer f.Close()
		if st, err := f.Stat(); err == nil && st.IsDir() {
			return in, 0, table.FolderError(in.Source)
		}
		r = f
	}
	h := sha256.New()
	size, err := io.Copy(h, r)
	if err != nil {
		return in, 0, table.OpenError(in.Source, err)
	}
	in.SHA256 = hex.EncodeToString(h.Sum(nil))
	return in, size, nil
}

// IsBulletin reports whether what Digest has read is running text. What cannot be
// opened is none.
func IsBulletin(path string, o *Options) bool {
	stdin := o.Stdin
	if again, ok := stdin.(*bytes.Reader); ok && path == "-" {
		copied := *again
		stdin = &copied
	}
	in, err := table.Open(path, stdin)
	return err == nil && in.Kind == table.Prose
}
