package night

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spreewatch/data"
)

// What is past its retention is gone from the file, to the byte, and what is not
// stays, with what was made of it.
func TestPurge(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Who = nightAfter, "ann"
	p := o.Settings.Offences["courier-fraud"]
	p.Keep = Span(30 * 24 * time.Hour)
	o.Settings.Offences["courier-fraud"] = p
	rows := append(calls, "F1,courier-fraud,97 Canaryhouse Lane nowhere,2015-09-16T10:20", "R1,robbery,\"Neville Close, Dereham\",2015-09-16T10:20", "R2,robbery,nowhere to be found,2015-09-16T10:20")
	ran(t, o, Reading{Files: []string{file(t, "calls.csv", rows...)}})
	// a correction: what it said before is a version
	ran(t, o, Reading{Files: []string{file(t, "again.csv", calls[0], "C2,courier-fraud,\"98 Canarycorrected Road\",2015-09-16T11:15")}})
	for _, ref := range []string{"F1", "R2"} {
		if err := Decide(t.Context(), o, ref, Decision{Reject: true}, "ann"); err != nil {
			t.Fatal(err)
		}
	}
	planted := [][]byte{[]byte("Canaryhouse"), []byte("canaryhouse"), []byte("Canarycorrected"), []byte("Holme Hale"), []byte("Wallace Close, Dereham")}
	held := func() (n int) {
		t.Helper()
		for _, suffix := range []string{"", "-wal"} {
			text, err := os.ReadFile(o.DB + suffix)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			for _, p := range planted {
				if bytes.Contains(text, p) {
					n++
				}
			}
		}
		return n
	}
	if held() < len(planted) {
		t.Fatal("what is planted is not in the file before")
	}
	certificate := filepath.Join(t.TempDir(), "erasure.json")
	o.Now = time.Date(2015, 10, 16, 9, 20, 0, 0, time.UTC) // thirty days after the event, to the minute, is not longer ago
	due, err := PurgePreview(t.Context(), o)
	if err != nil || due.Offences[0].Reports != 1 || due.Doubtful() { // 10:15
		t.Errorf("%+v, %v: want one report", due.Offences, err)
	}
	o.Now = o.Now.AddDate(0, 1, 0)
	due, err = PurgePreview(t.Context(), o)
	if err != nil || len(due.Offences) != 1 || due.Offences[0].Offence != "courier-fraud" || due.Offences[0].Reports != 6 || due.Done || due.Reports != 0 {
		t.Errorf("%+v, %v", due, err)
	}
	// a month after the newest report the clock is doubted: it may be years ahead
	var hinted *data.UserError
	if due, err := PurgeNow(t.Context(), o, certificate, false); !due.Doubtful() || due.Done || !errors.As(err, &hinted) || !strings.Contains(hinted.Hint, "--clock-is-right") {
		t.Errorf("by a clock that is far ahead: %+v, %v", due, err)
	}
	if _, err := os.Stat(certificate); !os.IsNotExist(err) || held() < len(planted) {
		t.Errorf("something was erased, or certified, by a clock that is far ahead: %v", err)
	}
	done, err := PurgeNow(t.Context(), o, certificate, true)
	if err != nil || !done.Done || done.Reports != 6 || done.Versions != 1 || done.Matches != 6 || done.Sprees == 0 || done.Decisions != 1 {
		t.Errorf("%+v, %v", done, err)
	}
	if n := held(); n != 0 {
		t.Errorf("%d of what was planted are still in the file", n)
	}
	text, err := os.ReadFile(certificate)
	if err != nil || !bytes.Contains(text, []byte(`"erased": true`)) || !bytes.Contains(text, []byte(`"reports": 6`)) || bytes.Contains(text, []byte("C1")) {
		t.Errorf("the certificate: %s, %v", text, err)
	}
	if v, err := Verify(t.Context(), o, ""); err != nil || len(v.Findings) > 0 || v.Head != done.AuditHead {
		t.Errorf("%+v, %v", v, err)
	}
	all, waiting, err := Locate(t.Context(), o)
	if err != nil || len(all) != 2 || waiting != 0 { // the decision on R2's text stands
		t.Errorf("%d reports are left, of which %d wait, %v", len(all), waiting, err)
	}
	again, err := PurgeNow(t.Context(), o, certificate, true)
	if err != nil || again.Done || len(again.Offences) != 0 {
		t.Errorf("nothing is left to erase: %+v, %v", again, err)
	}
	o.Now = time.Date(2015, 10, 16, 0, 0, 0, 0, time.UTC)
	if due, err := PurgePreview(t.Context(), o); err != nil || due.Doubtful() {
		t.Errorf("nothing is past its retention, and the clock is doubted: %v", err)
	}
	o.Settings.Retain.Keep = Span(time.Hour)
	if due, err := PurgePreview(t.Context(), o); err != nil || len(due.Offences) != 1 || due.Offences[0].Offence != "robbery" {
		t.Errorf("by the retention of all: %+v, %v", due, err)
	}
}
