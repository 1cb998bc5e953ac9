package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkScan runs the steps of a scan of 100,000 invented incidents of one force one
// after another, and tells the time and the bytes that each hands on, by row: what the
// sums in README.md for a nation rest on.
func BenchmarkScan(b *testing.B) {
	for _, parts := range []int{1, 8} {
		b.Run(fmt.Sprintf("parts=%d", parts), func(b *testing.B) {
			const rows = 100_000
			file := filepath.Join(b.TempDir(), "nation.csv")
			text, err := exec.Command("go", "run", "./nation", "-rows", fmt.Sprint(rows)).Output()
			if err == nil {
				err = os.WriteFile(file, text, 0o600)
			}
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				steps(b, file, parts, rows)
			}
		})
	}
}

func steps(b *testing.B, file string, parts, rows int) {
	var f flags
	f.bind(flagSet())
	f.Kind, f.inputs, f.Output, f.Partitions, f.Force, f.radius = "scan", file, b.TempDir(), parts, "none", "2km"
	f.Scan.Locations = "cells"
	j, err := f.ready()
	if err != nil {
		b.Fatal(err)
	}
	begin := time.Now()
	step := func(name string, texts [][]byte, err error) {
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, text := range texts {
			n += len(text)
		}
		b.ReportMetric(float64(time.Since(begin).Microseconds())/float64(rows), name+"-µs/row")
		b.ReportMetric(float64(n)/float64(rows), name+"-B/row")
		begin = time.Now()
	}
	ctx := b.Context()
	keep := func(to *[][]byte) func(string, []byte) {
		return func(_ string, text []byte) { *to = append(*to, text) }
	}
	var batches, pieces, found, notes [][]byte
	note := func(text []byte) { notes = append(notes, text) }
	r := readFn{work{job: j}}
	err = r.ProcessElement(ctx, file, nil, keep(&batches), note)
	step("read", batches, err)
	p := partsFn{work{job: j}}
	err = p.ProcessElement(ctx, "", iterate(batches), keep(&pieces), note)
	step("parts", pieces, err)
	s := searchFn{work{job: j}}
	for _, piece := range pieces {
		if err = s.ProcessElement(ctx, "", iterate([][]byte{piece}), keep(&found)); err != nil {
			break
		}
	}
	step("search", found, err)
	var all []byte
	for _, text := range found {
		if all, err = (withFn{}).MergeAccumulators(all, text); err != nil {
			break
		}
	}
	step("combine", [][]byte{all}, err)
	w := sprees{work{job: j}}
	step("write", nil, w.ProcessElement(ctx, "", iterate(batches), iterate([][]byte{all}), note))
	if !strings.Contains(string(notes[len(notes)-1]), "used") {
		b.Fatalf("the last note is %s", notes[len(notes)-1])
	}
}
