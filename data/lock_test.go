package data

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "night.db.lock")
	// what a killed process left: a file that nobody has locked
	if err := os.WriteFile(path, []byte("pid 99999999 since 2020-01-01T00:00:00Z\nand more of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	release, err := Lock(t.Context(), path, 0)
	if err != nil {
		t.Fatalf("a stale lock: %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), fmt.Sprintf("pid %d since 20", os.Getpid())) || strings.Count(string(text), "\n") != 1 {
		t.Errorf("the lock says %q, %v", text, err)
	}
	_, err = Lock(t.Context(), path, 0)
	if err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("night.db is in use by another run (process %d, since 20", os.Getpid())) || !strings.Contains(Hint(err), "--wait") {
		t.Fatalf("a lock that is held: %v", err)
	}
	start := time.Now()
	if _, err := Lock(t.Context(), path, 300*time.Millisecond); err == nil || time.Since(start) < 300*time.Millisecond {
		t.Errorf("waited %v, %v", time.Since(start), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Lock(ctx, path, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a wait that was called off: %v", err)
	}
	time.AfterFunc(200*time.Millisecond, release)
	again, err := Lock(t.Context(), path, time.Minute)
	if err != nil {
		t.Fatalf("waiting for its end: %v", err)
	}
	again()
	if _, err := os.Stat(path); !gone(err) {
		t.Errorf("the lock stays behind: %v", err)
	}
	if _, err := Lock(t.Context(), filepath.Join(t.TempDir(), "no", LockName), 0); err == nil || !strings.HasPrefix(err.Error(), "write to the folder of the outputs in no: ") {
		t.Errorf("no such folder: %v", err)
	}
}
