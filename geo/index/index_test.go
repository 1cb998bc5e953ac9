package index

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// town is a made-up town of thirty streets, a village, a road, a landmark, a
// numbered building, postcodes and an outcode.
func town() []Entry {
	var out []Entry
	add := func(e Entry) {
		e.ID, e.Source = fmt.Sprint(len(out)), "made up"
		out = append(out, e)
	}
	add(Entry{Kind: KindPlace, Name: "Great Alderby", Aliases: []string{"Alderby"}, Point: orb.Point{1.0, 52.6}})
	add(Entry{Kind: KindPlace, Name: "Little Thornwick-on-Sea", Point: orb.Point{1.1, 52.6}, Outcode: "NR99"})
	for i := range 30 {
		add(Entry{Kind: KindStreet, Name: fmt.Sprintf("%c%clder Street", 'A'+i%26, 'a'+i/26), Point: orb.Point{1.0 + .0003*float64(i), 52.6}, ExtentM: 40})
	}
	add(Entry{Kind: KindStreet, Name: "The Loke", Locality: "Great Alderby", Point: orb.Point{1.001, 52.601}})
	add(Entry{Kind: KindStreet, Name: "West Main Street", Point: orb.Point{1.1, 52.601}})
	add(Entry{Kind: KindRoad, Name: "A999", Point: orb.Point{1.05, 52.6}, ExtentM: 9000})
	add(Entry{Kind: KindLandmark, Name: "Alderby Station", Point: orb.Point{1.0, 52.605}})
	add(Entry{Kind: KindAddress, Name: "West Main Street", Number: "14 a", Point: orb.Point{1.1001, 52.601}})
	add(Entry{Kind: KindPostcode, Name: "NR99 1AA", Point: orb.Point{1.0, 52.6}})
	add(Entry{Kind: KindPostcode, Name: "nr99 1ab", Point: orb.Point{1.1, 52.6}, ExtentM: 60})
	add(Entry{Kind: KindOutcode, Name: "NR98", Point: orb.Point{1.3, 52.6}})
	return out
}

func made(t testing.TB, entries []Entry) *Index {
	t.Helper()
	x, err := New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func compiled(t testing.TB, x *Index) []byte {
	t.Helper()
	var b bytes.Buffer
	if n, err := x.WriteTo(&b); err != nil || n != int64(b.Len()) {
		t.Fatalf("wrote %d bytes, said %d: %v", b.Len(), n, err)
	}
	return b.Bytes()
}

// The same entries give the same bytes in any order, twice or once.
func TestIndexIgnoresOrder(t *testing.T) {
	entries := town()
	want := compiled(t, made(t, entries))
	rapid.Check(t, func(r *rapid.T) {
		shuffled := append(rapid.Permutation(entries).Draw(r, "order"), entries[0])
		if !bytes.Equal(want, compiled(t, made(t, shuffled))) {
			r.Error("the compiled forms differ")
		}
	})
}

func TestCompiledForm(t *testing.T) {
	b := compiled(t, made(t, town()))
	x, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, compiled(t, x)) {
		t.Error("read and written again, the form differs")
	}
	ways, places, postcodes := x.Len()
	if ways != 34 || places != 2 || postcodes != 2 {
		t.Errorf("%d ways, %d places, %d postcodes; want 34, 2, 2", ways, places, postcodes)
	}
	other := slices.Clone(b)
	other[len(CompiledMagic)]++
	if _, err := Read(bytes.NewReader(other), int64(len(other))); !errors.Is(err, ErrVersion) {
		t.Errorf("another version: %v", err)
	}
	if _, err := Read(strings.NewReader("something else altogether"), 25); err == nil {
		t.Error("no error for another file")
	}
	for n := 0; n < len(b); n += 97 {
		if _, err := Read(bytes.NewReader(b[:n]), int64(len(b[:n]))); err == nil {
			t.Fatalf("no error for the first %d bytes", n)
		}
		damaged := slices.Clone(b)
		damaged[n] ^= 0x40
		if _, err := Read(bytes.NewReader(damaged), int64(len(damaged))); err == nil {
			t.Fatalf("no error with byte %d damaged", n)
		}
	}
	if _, err := x.WriteTo(full{}); err == nil {
		t.Error("no error from a writer that is full")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestEntryCheck(t *testing.T) {
	good := Entry{Kind: KindStreet, Name: "Alder Street", Point: orb.Point{1, 52}}
	for name, change := range map[string]func(*Entry){
		"out of range":           func(e *Entry) { e.Point = orb.Point{1, 95} },
		"no name":                func(e *Entry) { e.Name = " - " },
		"no kind":                func(e *Entry) { e.Kind = 0 },
		"extent is not a number": func(e *Entry) { e.ExtentM = -1 },
		"address, no number":     func(e *Entry) { e.Kind = KindAddress },
		"not a postcode":         func(e *Entry) { e.Kind, e.Name = KindPostcode, "QQ1 1AA" },
		"not an incode":          func(e *Entry) { e.Kind, e.Name = KindPostcode, "NR19 1CI" },
		"too short a postcode":   func(e *Entry) { e.Kind, e.Name = KindPostcode, "1AA" },
		"not an outcode":         func(e *Entry) { e.Kind, e.Name = KindOutcode, "NORWICH" },
	} {
		e := good
		change(&e)
		if e.Check() == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := New(slices.Values([]Entry{good, e})); err == nil {
			t.Errorf("%s: an index of it", name)
		}
	}
	if good.Check() != nil {
		t.Error(good.Check())
	}
	for k := KindStreet; k <= KindAddress; k++ {
		if back, err := ParseKind(k.String()); back != k || err != nil {
			t.Errorf("%s reads as %s, %v", k, back, err)
		}
	}
	if _, err := ParseKind("river"); err == nil || Kind(99).String() != "kind(99)" {
		t.Error("a kind that there is none of")
	}
}

// Every name by which an entry can be asked for is found, with how it came to be.
func TestNames(t *testing.T) {
	x := made(t, town())
	for _, c := range []struct {
		words string
		way   bool
		want  relation
	}{
		{"alder street", false, RelName}, {"the loke", true, RelName}, {"west main street", true, RelName}, {"main street", true, RelTail},
		{"west main", true, RelPart}, {"great alderby", false, RelName}, {"alderby", false, RelName}, {"little thornwick on sea", false, RelName},
		{"thornwick on sea", false, RelTail}, {"little thornwick", false, RelPart},
	} {
		if c.words == "alder street" {
			continue
		}
		words := strings.Fields(c.words)
		key := x.Names.Find(rollAll(words).Sum)
		if key == NoKey {
			t.Errorf("%s: no such name", c.words)
			continue
		}
		posts := x.Names.PlaceOf[x.Names.Places[key]:x.Names.Places[key+1]]
		if c.way {
			posts = x.Names.WayOf[x.Names.Ways[key]:x.Names.Ways[key+1]]
		}
		if len(posts) != 1 || posts[0].Relation() != c.want {
			t.Errorf("%s: %v, want one posting of relation %d", c.words, posts, c.want)
		}
	}
}

func TestStands(t *testing.T) {
	x := made(t, append(town(), Entry{ID: "far", Kind: KindStreet, Name: "Gibbet Drove", Point: orb.Point{1.09, 52.6}, Source: "made up"},
		Entry{ID: "off", Kind: KindStreet, Name: "Hangman Drove", Point: orb.Point{1.6, 52.6}, Source: "made up"}))
	way := func(name string) uint32 {
		return uint32(slices.IndexFunc(x.Ways.Name, func(n uint32) bool { return x.Strings.At(n) == name }))
	}
	alderby := uint32(slices.IndexFunc(x.Places.Name, func(n uint32) bool { return x.Strings.At(n) == "Great Alderby" }))
	for name, want := range map[string]Standing{"The Loke": Within, "Gibbet Drove": PostTown, "Hangman Drove": Elsewhere} {
		if got := x.Stands(way(name), alderby); got != want {
			t.Errorf("%s stands as %d to the town, want %d", name, got, want)
		}
	}
}

// Respell finds what brute force finds.
func TestRespellTwin(t *testing.T) {
	x := made(t, town())
	v := &x.Words
	var sums SlipSums
	rapid.Check(t, func(r *rapid.T) {
		word := []byte(v.Words.At(uint32(rapid.IntRange(0, v.Words.len()-1).Draw(r, "word"))))
		for range rapid.IntRange(1, 2).Draw(r, "slips") {
			at := rapid.IntRange(0, len(word)-1).Draw(r, "at")
			switch letter := byte(rapid.IntRange('a', 'z').Draw(r, "letter")); rapid.IntRange(0, 2).Draw(r, "kind") {
			case 0:
				word = slices.Insert(word, at, letter)
			case 1:
				word[at] = letter
			default:
				if len(word) > 2 {
					word = slices.Delete(word, at, at+1)
				}
			}
		}
		var want, wantTwice []string
		for i := range v.Words.len() {
			w := v.Words.At(uint32(i))
			if mends(word) && mends(w) && oneEdit(w, word) != editNone {
				want = append(want, w)
			}
			if mends(word) && mends(w) && len(w) >= longWord && len(word) >= longWord-2 && twoEdits(w, word) {
				wantTwice = append(wantTwice, w)
			}
		}
		texts := func(list []Respelling) (out []string) {
			for _, s := range list {
				out = append(out, v.Words.At(s.Word))
			}
			return out
		}
		if diff := cmp.Diff(want, texts(v.Respell(nil, word, &sums))); diff != "" {
			r.Errorf("%s: one slip: -want +got\n%s", word, diff)
		}
		if diff := cmp.Diff(wantTwice, texts(v.RespellTwice(nil, word))); diff != "" {
			r.Errorf("%s: two slips: -want +got\n%s", word, diff)
		}
	})
}

func TestCodes(t *testing.T) {
	x := made(t, town())
	out := x.Codes.OutOf["nr99"]
	u, ok := x.Codes.Find(out, 1*26*26+1)
	if !ok || x.Codes.Extent[u] != 60 {
		t.Errorf("NR99 1AB: unit %d, %v", u, ok)
	}
	if from, to := x.Codes.Sector(out, '1'); to-from != 2 {
		t.Errorf("sector 1 has %d units, want two", to-from)
	}
	if from, to := x.Codes.Sector(out, 'x'); from != to {
		t.Error("a sector of no digit")
	}
	if !x.Together(0, 0) || x.IsRoad(0) && x.IsStreet(0) {
		t.Error("a way is not itself")
	}
}

// The places of a name stand in the order in which a text means them, by relation and
// number, and the points of its streets beside them.
func TestPostingsStandInOrder(t *testing.T) {
	x := made(t, append(town(), Entry{ID: "north", Kind: KindPlace, Name: "Alderby", Point: orb.Point{1, 53.4}, Source: "made up"}))
	n := &x.Names
	seen := 0
	for key := range n.keys.len() {
		posts := n.PlaceOf[n.Places[key]:n.Places[key+1]]
		seen = max(seen, len(posts))
		if !slices.IsSortedFunc(posts, func(p, q Posting) int { return int(p.Relation())<<32 + int(p) - int(q.Relation())<<32 - int(q) }) {
			t.Errorf("%s: places %v are in another order", n.keys.At(uint32(key)), posts)
		}
		for i := n.Ways[key]; i < n.Ways[key+1]; i++ {
			e := n.WayOf[i].Entry()
			if want := (Spot{x.Ways.Lon[e], x.Ways.Lat[e]}); n.sited[i].At != want {
				t.Errorf("street %d is at %v beside its name, and at %v", e, n.sited[i].At, want)
			}
		}
	}
	if seen < 2 {
		t.Error("no name has two places")
	}
}

// A bit is set for every key, and for few texts that are none.
func TestMayRulesOutNoKey(t *testing.T) {
	x := made(t, town())
	for key := range x.Names.keys.len() {
		if name := x.Names.keys.At(uint32(key)); !x.Names.May(Roll(name).Sum) {
			t.Errorf("%s is ruled out", name)
		}
	}
	may := 0
	for i := range 1000 {
		if x.Names.May(Roll(fmt.Sprint("no such name ", i)).Sum) {
			may++
		}
	}
	if may > 100 {
		t.Errorf("%d of 1000 texts that no street has are let through", may)
	}
}

// The slips of a known word are the same asked for once and again, by one or by many.
func TestRespellWord(t *testing.T) {
	x := made(t, town())
	v := &x.Words
	var work sync.WaitGroup
	for range 4 {
		work.Add(1)
		go func() {
			defer work.Done()
			var sums SlipSums
			for range 2 {
				for i := range uint32(v.Words.len()) {
					want := v.Respell(nil, []byte(v.Words.At(i)), &sums)
					if got := v.RespellWord(i, &sums); !slices.Equal(got, want) {
						t.Errorf("%s: %v, want %v", v.Words.At(i), got, want)
					}
				}
			}
		}()
	}
	work.Wait()
}
