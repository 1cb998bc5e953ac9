package cluster

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/geo"
)

func threeCalls() []*Incident {
	return []*Incident{{ID: "a", Point: orb.Point{.94, 52.68}}, {ID: "b", Point: orb.Point{1.29, 52.63}}, {ID: "c", Point: orb.Point{.94, 52.68}}}
}

// A book says what H3 says: with nothing kept, from what it keeps, and from what was
// packed.
func TestCellBookSaysWhatH3Says(t *testing.T) {
	in := threeCalls()
	var want [2][]geo.Cell
	var shapes []Shape
	for k, r := range []int{9, 11} {
		for _, i := range in {
			c, err := geo.CellAt(i.Point, r)
			if err != nil {
				t.Fatal(err)
			}
			want[k] = append(want[k], c)
		}
	}
	for _, c := range want[0][:2] {
		shapes = append(shapes, Shape{c.Centre(), c.AreaM2()})
	}
	g := NewCellBook()
	check := func(name string, g *CellBook) {
		t.Helper()
		got, err := g.Cells(in, 9, 11)
		if err != nil || gocmp.Diff(want[:], got) != "" {
			t.Errorf("%s: %v, %v; want %v", name, got, err, want)
		}
		if got := g.Shapes(want[0][:2], false); got[0].Centre != shapes[0].Centre || got[1].Centre != shapes[1].Centre {
			t.Errorf("%s: %v, want the middles of %v", name, got, shapes)
		}
		if d := gocmp.Diff(shapes, g.Shapes(want[0][:2], true)); d != "" {
			t.Errorf("%s: -want +got:\n%s", name, d)
		}
	}
	check("none", nil)
	check("new", g)
	check("asked before", g)
	if len(g.New()) == 0 || len(g.New()) != len(g.Packed()) {
		t.Errorf("%d of %d bytes are new, want all", len(g.New()), len(g.Packed()))
	}
	read, err := ReadCellBook(g.Packed())
	if err != nil {
		t.Fatal(err)
	}
	check("packed", read)
	if len(read.New()) != 0 {
		t.Error("what was packed was asked for again")
	}
}

// What is kept is not looked up, at its own resolution alone.
func TestCellBookLooksUpOnce(t *testing.T) {
	in := threeCalls()
	g := NewCellBook()
	want, err := g.Cells(in, 9, 11)
	if err != nil {
		t.Fatal(err)
	}
	g.cells[9][in[1].Point] = want[0][0]
	if got, err := g.Cells(in, 9, 11); err != nil || got[0][1] != want[0][0] || got[0][0] != want[0][0] || got[1][1] != want[1][1] {
		t.Errorf("%v, %v; want what is kept of %v", got, err, in[1].Point)
	}
	g.shapes[want[0][0]] = Shape{in[0].Point, 7}
	if got := g.Shapes(want[0][:1], true); got[0] != g.shapes[want[0][0]] {
		t.Errorf("%v, want what is kept", got)
	}
}

func TestReadCellBookRefusesDamage(t *testing.T) {
	g := NewCellBook()
	cells, err := g.Cells(threeCalls(), 9)
	if err != nil {
		t.Fatal(err)
	}
	g.Shapes(cells[0][:1], true)
	for _, cut := range []int{1, 24, 26, len(g.Packed()) - 1} {
		if _, err := ReadCellBook(g.Packed()[:cut]); err == nil {
			t.Errorf("%d of %d bytes are read", cut, len(g.Packed()))
		}
	}
	if _, err := ReadCellBook(append([]byte{geo.MaxResolution + 1}, g.Packed()...)); err == nil {
		t.Error("a record of no kind is read")
	}
}

func TestCellBookNamesWhatHasNoCell(t *testing.T) {
	in := append(threeCalls(), &Incident{ID: "d", Point: orb.Point{0, 91}})
	if _, err := NewCellBook().Cells(in, 9); err == nil {
		t.Error("a place beyond the pole has a cell")
	}
}
