//go:build !unix

package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// tryLock makes the file, which must not be there. One whose process has ended is
// removed first.
func tryLock(path string) (release func(), err error) {
	var pid int
	if text, err := os.ReadFile(path); err == nil {
		if _, err := fmt.Sscanf(string(text), "pid %d", &pid); err == nil {
			if p, err := os.FindProcess(pid); err != nil {
				_ = os.Remove(path)
			} else {
				_ = p.Release()
			}
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, errLocked
	}
	if err != nil {
		return nil, err
	}
	_, err = f.Write(holder())
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		_ = os.Remove(path)
		return nil, err
	}
	return func() { _ = os.Remove(path) }, nil
}
