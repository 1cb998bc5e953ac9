package night

import (
	"math"
	"testing"

	"spreewatch/cluster/scan"
)

func TestReach(t *testing.T) {
	for _, c := range []struct {
		text, back    string
		radius, share float64 // of the scan's options, whose own share is a half
	}{
		{"5km", "5km", 5000, 0.5},
		{" 250 m ", "250m", 250, 0.5},
		{"0", "0m", 0, 0.5},
		{"25%", "25%", math.Inf(1), 0.25},
		{" 0.5 % ", "0.5%", math.Inf(1), 0.005},
	} {
		r, o := Reach{Metres: 1, Share: 0.1}, scan.DefaultOptions()
		err := r.Set(c.text)
		r.Limit(&o)
		if err != nil || r.String() != c.back || o.MaxRadiusM != c.radius || o.MaxShare != c.share {
			t.Errorf("%q: %q, radius %v, share %v, %v; want %q, %v and %v", c.text, r, o.MaxRadiusM, o.MaxShare, err, c.back, c.radius, c.share)
		}
	}
	for _, text := range []string{"", "%", "0%", "50.1%", "-5%", "NaN%", "80%", "-1km", "far"} {
		var r Reach
		if err := r.Set(text); err == nil {
			t.Errorf("%q is read as %q", text, r)
		}
	}
}

// FuzzReach writes what it read and reads that back.
func FuzzReach(f *testing.F) {
	for _, text := range []string{"5km", "50%", " 0.5 % ", "7%", "1e3m", "0x1p-3%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r, again Reach
		if r.Set(text) != nil {
			return
		}
		if r.Share < 0 || r.Share > 0.5 {
			t.Errorf("%q is a share of %v", text, r.Share)
		}
		if err := again.Set(r.String()); err != nil {
			t.Errorf("%q reads as %q, and that not: %v", text, r, err)
		}
		if math.Abs(again.Share-r.Share) > 1e-12 || math.Abs(float64(again.Metres-r.Metres)) > 1e-9*float64(r.Metres) {
			t.Errorf("%q reads as %v and back as %v", text, r, again)
		}
	})
}
