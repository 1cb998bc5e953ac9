package data

import (
	"os"
	"path/filepath"
	"testing"
)

// Read opens what is there, makes nothing, and nothing can be stored through it.
func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if _, err := Read(t.Context(), path); err == nil {
		t.Error("opened a database that is not there")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("made a database")
	}
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	db, err = Read(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.GazetteerSources(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := db.ReplaceGazetteers(t.Context(), nil); err == nil {
		t.Error("stored a gazetteer through a database opened to read")
	}
	text := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(text, []byte("no database at all, only words that go on for a while"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(t.Context(), text); err == nil {
		t.Error("opened a text as a database")
	}
}
