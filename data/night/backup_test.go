package night

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"spreewatch/data"
	"spreewatch/data/export"
)

// Backups that are made while a run writes, at its steps and at any moment, are each
// the database as it was at one: they can be restored, and pass verify.
func TestBackupWhileARunWrites(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Who = nightAfter, "ann"
	few := 49
	o.Settings = o.Settings.With(Change{Replicates: &few})
	ran(t, o, Reading{Files: []string{file(t, "first.csv", calls[:4]...)}})
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var mu sync.Mutex
	var made []string
	backup := func(name string) {
		path := filepath.Join(dir, fmt.Sprintf("%s.age", name))
		if err := Backup(t.Context(), o, path, []string{key.Recipient().String()}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		mu.Lock()
		defer mu.Unlock()
		made = append(made, path)
	}
	ended := make(chan struct{})
	var others sync.WaitGroup
	others.Go(func() {
		for n := range 5 {
			select {
			case <-ended:
				return
			default:
				backup(fmt.Sprintf("any-%d", n))
			}
		}
	})
	run := o
	run.Step = func(step string) {
		if !strings.Contains(step, " ") { // of the stages, not of each file
			backup(step)
		}
	}
	w := Writing{Dir: filepath.Join(t.TempDir(), "out"), Audience: export.AudienceAnalyst}
	_, err = Run(t.Context(), run, Reading{Files: []string{file(t, "more.csv", calls...)}}, w)
	close(ended)
	others.Wait()
	if err != nil {
		t.Fatalf("the run beside which backups are made: %v", err)
	}
	backup("after")
	if len(made) < 8 {
		t.Fatalf("%d backups: want one at each stage at least", len(made))
	}
	held := map[int]bool{}
	for i, path := range made {
		back := o
		back.DB = filepath.Join(dir, fmt.Sprintf("restored-%d.db", i))
		if err := Restore(t.Context(), back, path, key.String()); err != nil {
			t.Fatalf("%s: %v", filepath.Base(path), err)
		}
		if v, err := Verify(t.Context(), back, ""); err != nil || len(v.Findings) > 0 {
			t.Errorf("%s: %v, %v", filepath.Base(path), v.Findings, err)
		}
		db, err := data.Read(t.Context(), back.DB)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := db.Kept(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
		held[len(kept)] = true
	}
	if len(held) != 2 { // a file is taken in whole or not at all
		t.Errorf("the backups hold %v reports: want those of before and of after the file was taken in", held)
	}
	left, err := os.ReadDir(filepath.Dir(o.DB))
	for _, e := range left {
		if end := strings.TrimPrefix(e.Name(), filepath.Base(o.DB)); end != "" && end != "-wal" && end != "-shm" && end != ".audit-pending" {
			t.Errorf("left beside the database: %s", e.Name())
		}
	}
	if err != nil {
		t.Error(err)
	}
}
