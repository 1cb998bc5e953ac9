package layer

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"pgregory.net/rapid"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// encoded is what the library's encoder makes of it.
func encoded(t interface{ Fatal(...any) }, v any) string {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}

// What is written without the encoder is what the encoder writes.
func TestPutIsTheEncoders(t *testing.T) {
	number := rapid.OneOf(
		rapid.Float64Range(-180, 180),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1e-7, -1e-7, 9.9e-7, 1e-6, 1e20, 1e21, 52.1234567, -3, math.MaxFloat64}),
	)
	value := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.Int(), func(v int) any { return v }),
		rapid.Map(number, func(v float64) any { return Decimal(v) }),
		rapid.Map(rapid.String(), func(v string) any { return v }),
		rapid.Map(rapid.StringMatching("[ -~\x00-\x1f\u2028é<>&]{0,6}"), func(v string) any { return v }),
	)
	ring := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(number, 2, 2), func(v []float64) orb.Point { return orb.Point{v[0], v[1]} }), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		var buf jsonBuffer
		v := value.Draw(t, "value")
		if err := buf.put(v); err != nil {
			t.Fatal(err)
		}
		if want := encoded(t, v); buf.String() != want {
			t.Fatalf("%#v: got %s, want %s", v, buf.String(), want)
		}
		area := orb.Polygon{}
		for _, points := range rapid.SliceOfN(ring, 0, 3).Draw(t, "rings") {
			area = append(area, orb.Ring(points))
		}
		buf.Reset()
		if err := buf.putShape(area); err != nil {
			t.Fatal(err)
		}
		if want := encoded(t, (*geometry)(geojson.NewGeometry(area))); buf.String() != want {
			t.Fatalf("%v: got %s, want %s", area, buf.String(), want)
		}
	})
	if err := new(jsonBuffer).putNumber(math.NaN()); err == nil {
		t.Error("what JSON has no number for is written")
	}
}

// BenchmarkGeoJSON writes the risk of two thousand cells in three shifts.
func BenchmarkGeoJSON(b *testing.B) {
	middle, err := geo.CellAt(orb.Point{0.94, 52.68}, 9)
	if err != nil {
		b.Fatal(err)
	}
	evening := time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC)
	var items []ShiftRisk
	for k, shift := range []string{"early", "late", "night"} {
		start := evening.Add(time.Duration(8*k) * time.Hour)
		for i, c := range middle.Disk(26) {
			items = append(items, ShiftRisk{Cell: c, Shift: shift, Window: cluster.Window{Start: start, End: start.Add(8 * time.Hour)}, Expected: 1 / float64(i+3)})
		}
	}
	set, err := risks.filled(items, Stamp{Zone: time.UTC})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := WriteGeoJSON(io.Discard, set, Stamp{}); err != nil {
			b.Fatal(err)
		}
	}
}
