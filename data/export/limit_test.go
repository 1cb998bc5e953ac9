//go:build unix

package export

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDiskFull runs Write in a process that may not write files above a size, so
// that a write fails half-way as it does on a full disk: the night before stays
// whole, with no remains beside it.
func TestDiskFull(t *testing.T) {
	if dir := os.Getenv("SPREEWATCH_FULL_DISK"); dir != "" {
		limit := syscall.Rlimit{Cur: 8 << 10, Max: 8 << 10}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Skip("skipped: no limit on the size of files:", err)
		}
		r := sampleResult(t)
		r.Sprees[0].RadiusM++ // so that a rewritten file would differ
		o := sampleOptions(t, dir)
		o.Audience = AudienceAnalyst
		_, err := Write(t.Context(), r, o)
		if err == nil {
			t.Fatal("no error, although the cells are longer than a file may be")
		}
		if !strings.HasPrefix(err.Error(), "write cells.geojson: ") {
			t.Fatal("the message does not name the file: ", err)
		}
		return
	}
	dir, _ := writeSample(t, AudienceAnalyst)
	before := readDir(t, dir)
	if n := len(before["cells.geojson"]); n <= 8<<10 {
		t.Fatalf("cells.geojson has only %d bytes", n)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestDiskFull$", "-test.v")
	cmd.Env = append(os.Environ(), "SPREEWATCH_FULL_DISK="+dir)
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), "--- SKIP") {
		t.Skipf("skipped: %s", out)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(before, readDir(t, dir)); diff != "" {
		t.Errorf("the folder changed:\n%s", diff)
	}
}
