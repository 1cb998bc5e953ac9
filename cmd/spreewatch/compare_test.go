package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

// An interrupt while a table is being read ends the comparison within a second, and it
// is said what is done.
func TestCompareStopsWhileItReads(t *testing.T) {
	t.Chdir(t.TempDir())
	endless, feed := io.Pipe()
	defer feed.Close()
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		io.WriteString(feed, "id,offence,date,lat,lon\n1,burglary,2026-01-01 10:00,52.7,0.95\n")
		stop()
	}()
	var out, errs strings.Builder
	g := &globals{in: endless, out: &out, errw: &errs}
	began := time.Now()
	if code := g.execute(ctx, []string{"compare", "-"}); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %s", took)
	}
	if want := "spreewatch: stopped while the past was read; nothing is compared, no file is written\nspreewatch: interrupted\n"; errs.String() != want {
		t.Errorf("said %q", errs.String())
	}
}
