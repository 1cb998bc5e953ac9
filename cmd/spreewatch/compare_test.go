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

// What is typed wrongly is wrong usage, be it found before the past is read or on it; what
// the past cannot give is not.
func TestReplayExitCodes(t *testing.T) {
	t.Chdir(t.TempDir())
	const table = "id,offence,date,lat,lon\n1,burglary,2026-01-01 10:00,52.7,0.95\n2,burglary,2026-02-01 10:00,52.7,0.95\n"
	for _, c := range []struct {
		args string
		code int
		hint string
	}{
		{"compare - --alerts-per-week 0", exitUsage, "--alerts-per-week 2"},
		{"compare - --plant 6", exitUsage, "--plant 6,400m,40h"},
		{"compare - --from soon", exitUsage, "--from 2026-01-01"},
		{"compare - --window soon", exitUsage, "--window 72h --radius 500m --min 3"},
		{"compare - --offence fraud", exitFailed, `--window 24h,72h --radius 500m,2km --min 3 --offence "burglary"`},
		{"evaluate - --every 0", exitUsage, "--every 3"},
		{"evaluate - --to soon", exitUsage, "--to 2022-07-01"},
		{"evaluate - --offence fraud", exitFailed, "leave --offence out: each offence is scored"},
	} {
		t.Run(c.args, func(t *testing.T) {
			var out, errs strings.Builder
			g := &globals{in: strings.NewReader(table), out: &out, errw: &errs}
			if code := g.execute(t.Context(), strings.Fields(c.args)); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if want := "try: " + c.hint + "\n"; !strings.HasSuffix(errs.String(), want) {
				t.Errorf("said %q, want the hint %q", errs.String(), want)
			}
		})
	}
}
