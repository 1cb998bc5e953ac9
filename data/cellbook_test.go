package data

import (
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
)

// What is known of cells is kept, is as it was, and goes when reports are erased; one that is damaged
// is as none.
func TestCellBookIsKeptUntilReportsAreErased(t *testing.T) {
	db, ctx := openTemp(t), t.Context()
	known := func() int {
		t.Helper()
		g, err := db.CellBook(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return len(g.Packed())
	}
	if known() != 0 {
		t.Error("a new store knows of cells")
	}
	ask := func(lon float64) *cluster.CellBook {
		t.Helper()
		g, err := db.CellBook(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.Cells([]*cluster.Incident{{ID: "a", Point: orb.Point{lon, 52.68}}}, 9); err != nil {
			t.Fatal(err)
		}
		if err := db.StoreCellBook(ctx, g); err != nil {
			t.Fatal(err)
		}
		return g
	}
	first := ask(.94)
	n := known()
	if n == 0 || n != len(first.Packed()) {
		t.Errorf("%d bytes are kept of %d", n, len(first.Packed()))
	}
	if len(ask(.94).New()) != 0 {
		t.Error("what is kept was asked for again")
	}
	if g := ask(1.29); known() != 2*n || len(g.New()) != n {
		t.Errorf("%d bytes are kept, of which %d are new; want one place more", known(), len(g.New()))
	}
	if _, err := db.sql.Exec("UPDATE cell_book SET packed = zeroblob(length(packed))"); err != nil {
		t.Fatal(err)
	}
	if known() != 0 {
		t.Error("a damaged book is read")
	}
	ask(.94)
	if _, err := db.Erase(ctx, nil, nil); err != nil {
		t.Fatal(err)
	}
	if known() != 0 {
		t.Error("what is known of cells is kept when reports are erased")
	}
}
