package geo

import "testing"

// An outcode or a place never counts against the line of 85 %, a full postcode does.
func TestPreciseLevels(t *testing.T) {
	want := map[Level]bool{LevelAddress: true, LevelJunction: true, LevelStreet: true, LevelPostcode: true}
	for _, l := range Levels() {
		if l.Precise() != want[l] {
			t.Errorf("%s: precise %v, want %v", l, l.Precise(), want[l])
		}
		if back, err := ParseLevel(l.String()); back != l || err != nil {
			t.Errorf("%s reads as %s, %v", l, back, err)
		}
		if l.Located() != (l != LevelNone && l != LevelAmbiguous) {
			t.Errorf("%s: located %v", l, l.Located())
		}
	}
	if len(Levels()) != LevelCount {
		t.Errorf("%d levels listed, want %d", len(Levels()), LevelCount)
	}
	if _, err := ParseLevel("village"); err == nil {
		t.Error("no error for a level that there is none of")
	}
	if Level(99).String() != "level(99)" {
		t.Errorf("got %s", Level(99))
	}
}

// A match is precise at a level that counts, within a street's reach, as surely as
// said.
func TestPreciseMatch(t *testing.T) {
	for _, c := range []struct {
		m    Match
		want bool
	}{
		{Match{Level: LevelStreet, RadiusM: 500, Confidence: 0.95}, true},
		{Match{Level: LevelStreet, RadiusM: 501, Confidence: 1}, false},
		{Match{Level: LevelStreet, RadiusM: 250, Confidence: 0.949}, false},
		{Match{Level: LevelOutcode, RadiusM: 250, Confidence: 1}, false},
		{Match{Level: LevelPlace, RadiusM: 250, Confidence: 1}, false},
		{Match{Level: LevelPostcode, RadiusM: 100, Confidence: 0.98}, true},
	} {
		if got := c.m.Precise(0.95); got != c.want {
			t.Errorf("%+v: precise %v, want %v", c.m, got, c.want)
		}
	}
}

func TestGiven(t *testing.T) {
	m := Given([2]float64{0.94, 52.68}, "reports.csv")
	if m.Level != LevelAddress || m.RadiusM != 100 || m.Point.Lat() != 52.68 || m.Source != "reports.csv" {
		t.Errorf("got %+v", m)
	}
}
