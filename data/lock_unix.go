//go:build unix

package data

import (
	"os"
	"syscall"
)

// tryLock takes an advisory lock on the file, which the system takes back when the
// process ends, however it ends.
func tryLock(path string) (release func(), err error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			f.Close()
			if err == syscall.EWOULDBLOCK {
				return nil, errLocked
			}
			return nil, err
		}
		// Who had it may have removed the file between the opening and the lock.
		held, err := f.Stat()
		if err != nil {
			f.Close()
			return nil, err
		}
		if named, err := os.Lstat(path); gone(err) || err == nil && !os.SameFile(held, named) {
			f.Close()
			continue
		}
		err = f.Truncate(0)
		if err == nil {
			_, err = f.WriteAt(holder(), 0)
		}
		if err != nil {
			f.Close()
			return nil, err
		}
		return func() {
			_ = os.Remove(path)
			f.Close()
		}, nil
	}
}
