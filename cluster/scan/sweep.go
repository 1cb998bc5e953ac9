package scan

import (
	"encoding/binary"
	"slices"
)

// scanWord searches a block whose replicates have one word of counters each.
// Replicate r of the block is from+r of the worker's.
//
// Here as in the other loops a count is first held against the threshold of the
// block's poorest best, the same for all its replicates, and only what reaches
// that against the replicate's own.
func (w *worker) scanWord(b *block, from int) {
	words, level, add, high := w.words[:b.n], w.level[from:from+b.n], w.k.add, w.k.high[0]
	poorest := w.table[slices.Min(level)]
	clear(words)
	for i, n := range w.near {
		row := rowOf(w.cases[i])
		least := poorest[row]
		for _, e := range b.entries[b.start[n.place]:b.start[n.place+1]] {
			r := e >> classBits
			word := words[r] + add[e&classMask]
			words[r] = word
			if (word+least)&high == 0 {
				continue
			}
			if hit := (word + w.table[level[r]][row]) & high; hit != 0 {
				w.look(from, int(r), i, word, hit, 0, 0)
			}
		}
	}
}

// scanRows searches a block whose replicates have the same few words of counters.
func (w *worker) scanRows(b *block, from int) {
	k := w.k.words
	words, level, add, high := w.words[:b.n*k], w.level[from:from+b.n], w.k.add, w.k.high
	poorest := w.table[slices.Min(level)]
	clear(words)
	for i, n := range w.near {
		row := rowOf(w.cases[i]) * k
		least := poorest[row : row+k][:len(high)]
		for _, e := range b.entries[b.start[n.place]:b.start[n.place+1]] {
			r, class := int(e>>classBits), int(e&classMask)
			counts := words[r*k : r*k+k][:len(high)]
			adds := add[class*k : class*k+k][:len(high)]
			hit := uint64(0)
			for j, h := range high {
				word := counts[j] + adds[j]
				counts[j] = word
				hit |= (word + least[j]) & h
			}
			if hit == 0 {
				continue
			}
			lane := 0
			for j, word := range counts {
				if hit := (word + w.table[level[r]][row+j]) & high[j]; hit != 0 {
					w.look(from, r, i, word, hit, j, lane)
				}
				lane += len(w.k.fields[j])
			}
		}
	}
}

// scanSlides searches a block whose replicates have a word of counters for each
// end of a window.
func (w *worker) scanSlides(b *block, from int) {
	size := w.k.bytes / 8
	words, level, add, high := w.words[:b.n*size], w.level[from:from+b.n], w.k.add, w.k.high[0]
	poorest := w.table[slices.Min(level)]
	clear(words)
	for i, n := range w.near {
		row := rowOf(w.cases[i])
		least := poorest[row]
		for _, e := range b.entries[b.start[n.place]:b.start[n.place+1]] {
			r, run := int(e>>classBits), w.k.runs[e&classMask]
			counts := words[r*size+int(run.at):][:run.n]
			hit := uint64(0)
			for j, a := range add[run.from:][:len(counts)] {
				word := counts[j] + a
				counts[j] = word
				hit |= word + least
			}
			if hit&high == 0 {
				continue
			}
			for j, word := range counts {
				if hit := (word + w.table[level[r]][row]) & high; hit != 0 {
					w.look(from, r, i, word, hit, 0, (int(run.at)+j)*len(w.k.fields[0]))
				}
			}
		}
	}
}

// scanScattered searches a block in which a class says itself where it counts.
func (w *worker) scanScattered(b *block, from int) {
	size, ops, first, level := w.k.bytes, w.k.ops, w.k.first, w.level[from:from+b.n]
	guards := len(w.k.guards)
	poorest := w.table[slices.Min(level)]
	clear(w.bytes[:b.n*size])
	for i, n := range w.near {
		row := rowOf(w.cases[i]) * guards
		least := poorest[row : row+guards]
		for _, e := range b.entries[b.start[n.place]:b.start[n.place+1]] {
			r, class := int(e>>classBits), e&classMask
			counts := w.bytes[r*size : (r+1)*size]
			hit := uint64(0)
			for _, o := range ops[first[class]:first[class+1]] {
				at := counts[o.at : o.at+8]
				word := binary.LittleEndian.Uint64(at) + o.add
				binary.LittleEndian.PutUint64(at, word)
				hit |= (word + least[o.guard]) & o.high
			}
			if hit == 0 {
				continue
			}
			for _, o := range ops[first[class]:first[class+1]] {
				word := binary.LittleEndian.Uint64(counts[o.at:])
				if hit := (word + w.table[level[r]][row+int(o.guard)]) & o.high; hit != 0 {
					w.look(from, r, i, word, hit, int(o.guard), int(o.lane))
				}
			}
		}
	}
}
