// Package oracle gives tests the outside data that they compare with, where it is
// at hand: the folder "shared" beside the project's own, or the one that
// SPREEWATCH_SHARED names. It ships in no binary.
package oracle

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// Dir returns the folder of the outside data, and skips the test where there is
// none.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("SPREEWATCH_SHARED")
	if dir == "" {
		dir = filepath.Join(root(t), "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err != nil {
		t.Skip("skipped: no outside data; set SPREEWATCH_SHARED to their folder")
	}
	return dir
}

// root returns the project's own folder, the one with go.mod above the test's.
func root(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = filepath.Dir(dir)
	}
}

// ReadCSV returns the rows of a CSV file, its header first.
func ReadCSV(t testing.TB, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Number returns the number that a cell holds.
func Number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
