package page

import "testing"

// A badge goes where no other is.
func TestPlace(t *testing.T) {
	var taken []Box
	for range 12 {
		b := Place(100, 100, 40, 20, func(b Box) bool {
			for _, o := range taken {
				if b.Meets(o) {
					return false
				}
			}
			return b.Inside(300, 300)
		})
		for _, o := range taken {
			if b.Meets(o) {
				t.Fatalf("%v lies over %v", b, o)
			}
		}
		taken = append(taken, b)
	}
}

func TestNiceLength(t *testing.T) {
	for m, want := range map[float64]float64{1: 1, 1.9: 1, 2: 2, 4999: 2000, 5000: 5000, 99999: 50000} {
		if got := NiceLength(m); got != want {
			t.Errorf("within %v m: %v, want %v", m, got, want)
		}
	}
}
