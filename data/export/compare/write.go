package compare

import (
	"fmt"
	"io"
	"path/filepath"

	"spreewatch/data"
	"spreewatch/data/export"
)

// Write writes the files of a comparison into a folder, which it makes, mode 0600.
// It takes the place of none of the files in use, nor of anything that is no earlier
// output.
func Write(r Result, dir string, inUse []string, more ...string) error {
	if err := export.MakeFolder(dir); err != nil {
		return err
	}
	for _, f := range []struct {
		name  string
		start string // by which an earlier one is told
		write func(io.Writer, Result) error
	}{
		{"compare.json", `{` + "\n" + ` "source":`, WriteJSON},
		{"compare.csv", csvHeader, WriteCSV},
	} {
		guard := data.Guard{Keep: append(append([]string{}, inUse...), more...), Ours: data.Begins(f.start)}
		if err := data.WriteWhole(filepath.Join(dir, f.name), guard, func(w io.Writer) error { return f.write(w, r) }); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}
