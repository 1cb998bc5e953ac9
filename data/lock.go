package data

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// LockName is the name of the lock of a folder of outputs.
const LockName = ".spreewatch.lock"

// errLocked says that another process holds the lock.
var errLocked = errors.New("locked")

// Lock takes the lock of the name, a file that holds the process and the time of
// who has it, and waits for it as long as asked. What a killed process left is no
// lock. The lock is to be released.
func Lock(ctx context.Context, path string, wait time.Duration) (release func(), err error) {
	deadline := time.Now().Add(wait)
	for unsaid := 0; ; {
		release, err := tryLock(path)
		switch {
		case err == nil:
			return release, nil
		case !errors.Is(err, errLocked):
			return nil, &UserError{Msg: "write to the folder of " + lockedThing(path), Err: PathCause(err), Hint: "name a place that you may write to with --db and --out"}
		case !time.Now().Before(deadline):
			who, said := lockedBy(path)
			if said || unsaid == 10 {
				return nil, &UserError{Msg: who, Hint: "wait for it to end, or let the program wait: --wait 10m"}
			}
			unsaid++ // who has it has not written its name yet, or is taking it away
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(100*time.Millisecond, max(5*time.Millisecond, time.Until(deadline)))):
		}
	}
}

// lockedBy says who holds the lock; said is false where the file does not.
func lockedBy(path string) (who string, said bool) {
	what := lockedThing(path)
	text, err := os.ReadFile(path)
	var pid int
	var since string
	if _, scanErr := fmt.Sscanf(string(text), "pid %d since %s", &pid, &since); err != nil || scanErr != nil {
		return what + " is in use by another run", false
	}
	return fmt.Sprintf("%s is in use by another run (process %d, since %s)", what, pid, since), true
}

// lockedThing is what a lock is of: a database, or a folder of outputs.
func lockedThing(path string) string {
	if filepath.Base(path) == LockName {
		return "the outputs in " + filepath.Base(filepath.Dir(path))
	}
	return strings.TrimSuffix(filepath.Base(path), ".lock")
}

// holder is what a lock says of this process.
func holder() []byte {
	return fmt.Appendf(nil, "pid %d since %s\n", os.Getpid(), time.Now().UTC().Format("2006-01-02T15:04:05Z"))
}

// gone reports whether a file is not there.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
