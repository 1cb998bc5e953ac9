package locate

import (
	"bytes"
	"runtime"
	"slices"
	"sync"
	"testing"

	"spreewatch/geo/address"
	"spreewatch/geo/index"
	"spreewatch/geo/nation"
)

// benchmarkMatch asks the texts in turn on all cores.
func benchmarkMatch(b *testing.B, x *index.Index, texts []string) {
	l := New(x)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			l.Match(texts[i%len(texts)], Context{})
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
}

func noisyTexts(maker *noiseMaker, n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = maker.make().text
	}
	return texts
}

// BenchmarkMatchNorfolk asks the queries of the geocoding oracle.
func BenchmarkMatchNorfolk(b *testing.B) {
	x, _ := norfolkIndex(b)
	var texts []string
	for _, q := range oracleQueries(b) {
		texts = append(texts, q.text)
	}
	benchmarkMatch(b, x, texts)
}

// BenchmarkMatchNorfolkNoise asks queries of all the kinds that the noise maker
// writes.
func BenchmarkMatchNorfolkNoise(b *testing.B) {
	maker, entries := newNoiseMaker(slices.Collect(norfolkEntries(b)), 7)
	x, err := index.New(slices.Values(entries))
	if err != nil {
		b.Fatal(err)
	}
	benchmarkMatch(b, x, noisyTexts(maker, 20_000))
}

func BenchmarkParseAddress(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		address.Parse(bulletin[i%len(bulletin)].text)
	}
}

var britain = sync.OnceValues(func() (*index.Index, []string) {
	maker, entries := newNoiseMaker(slices.Collect(nation.Entries(nation.GB())), 7)
	x, err := index.New(slices.Values(entries))
	if err != nil {
		panic(err)
	}
	return x, noisyTexts(maker, 50_000)
})

// BenchmarkMatchGB asks noisy queries of a gazetteer as large as Great Britain.
func BenchmarkMatchGB(b *testing.B) {
	x, texts := britain()
	benchmarkMatch(b, x, texts)
}

// BenchmarkReadIndexGB reads that gazetteer's compiled form until it is ready to
// answer.
func BenchmarkReadIndexGB(b *testing.B) {
	x, _ := britain()
	var compiled bytes.Buffer
	if _, err := x.WriteTo(&compiled); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(compiled.Len()))
	for b.Loop() {
		if _, err := index.Read(bytes.NewReader(compiled.Bytes()), int64(len(compiled.Bytes()))); err != nil {
			b.Fatal(err)
		}
	}
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.HeapAlloc)/(1<<20), "MiB-live")
}
