package night

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"spreewatch/data"
	"spreewatch/data/export"
)

// Of runs at one time on one database one is done and the others say who has it;
// where they wait, all are done, and what is left is whole.
func TestRunsAtOneTime(t *testing.T) {
	for _, wait := range []time.Duration{0, time.Minute} {
		o := optionsFor(t)
		o.AsOf, o.Wait = nightAfter, wait
		r := Reading{Files: []string{file(t, "calls.csv", calls...)}}
		w := Writing{Dir: filepath.Join(t.TempDir(), "out")}
		done, refused := 0, 0
		var mu sync.Mutex
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				_, err := Run(t.Context(), o, r, w)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					done++
				case strings.Contains(err.Error(), "night.db is in use by another run (process "):
					refused++
				default:
					t.Errorf("wait %v: %v", wait, err)
				}
			})
		}
		group.Wait()
		if done == 0 || done+refused != 4 || wait > 0 && done != 4 {
			t.Errorf("wait %v: %d done, %d refused", wait, done, refused)
		}
		text, err := os.ReadFile(filepath.Join(w.Dir, "run.json"))
		var run export.Run
		if err != nil || json.Unmarshal(text, &run) != nil {
			t.Fatalf("wait %v: run.json: %v", wait, err)
		}
		entries, err := os.ReadDir(w.Dir)
		if err != nil || len(entries) != len(run.Outputs)+1 {
			t.Errorf("wait %v: %d files, and the manifest lists %d", wait, len(entries), len(run.Outputs))
		}
	}
}

// Two databases share no lock, and their runs may not share a folder.
func TestTwoDatabasesOneFolder(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	dir := t.TempDir()
	release, err := data.Lock(t.Context(), filepath.Join(dir, data.LockName), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	_, err = Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", calls...)}}, Writing{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "the outputs in "+filepath.Base(dir)+" is in use") {
		t.Errorf("error %v", err)
	}
}

// Who reads waits for no writer: the list of the review, a plan and a folder come
// while a file is being taken in.
func TestReadersReadWhileAWriterWrites(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{file(t, "more.csv", calls[0], "D1,robbery,nowhere known,2015-09-16T10:00")}}); err != nil {
		t.Fatal(err)
	}
	db, err := data.Open(t.Context(), o.DB)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	writing, written, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		_, err := db.Ingest(t.Context(), data.Input{SHA256: strings.Repeat("a", 64), Source: "slow.csv"}, func(yield func(data.Report, error) bool) {
			yield(data.Report{Ref: "S1", Location: "x", From: nightAfter, To: nightAfter, Precision: data.PrecisionExact, Line: 1}, nil)
			close(writing)
			<-written
		})
		ended <- err
	}()
	<-writing
	// Whoever waited for the writer would end in an error: it goes on all the while.
	open, err := Review(t.Context(), o)
	if err != nil || len(open) != 2 { // the village, and the text that was never looked up
		t.Errorf("review: %d wait, %v", len(open), err)
	}
	if plan, err := Plan(t.Context(), o); err != nil || len(plan.Suggestions) == 0 {
		t.Errorf("plan: %d suggestions, %v", len(plan.Suggestions), err)
	}
	if _, err := Export(t.Context(), o, Writing{Dir: t.TempDir()}); err != nil {
		t.Errorf("export: %v", err)
	}
	close(written)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
