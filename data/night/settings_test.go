package night

import (
	"testing"
	"time"

	"spreewatch/geo/locate"
)

// A settings file that names one key of an offence leaves its others alone.
func TestConfigOverlay(t *testing.T) {
	var c Settings
	for _, text := range []string{string(DefaultSettings), "[offence.courier-fraud]\nmin_incidents = 5\n"} {
		if err := decodeSettings([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
	}
	got := c.Offences["courier-fraud"]
	if got.MinIncidents != 5 || got.Radius != 15_000 || time.Duration(got.Window) != 12*time.Hour {
		t.Errorf("courier-fraud = %d incidents in %s and %s, want 5 in 15km and 12h", got.MinIncidents, got.Radius, got.Window)
	}
	if len(c.Offences) < 2 {
		t.Errorf("%d offences left", len(c.Offences))
	}
}

// The threshold of review that ships is the one the confidences were calibrated
// for.
func TestConfigMinConfidence(t *testing.T) {
	c, err := LoadSettings("")
	if err != nil {
		t.Fatal(err)
	}
	if c.Geocode.MinConfidence != locate.DefaultMinConfidence {
		t.Errorf("geocode.min_confidence = %v, want %v", c.Geocode.MinConfidence, locate.DefaultMinConfidence)
	}
}

func TestSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{"12h": 12 * time.Hour, "7d": 168 * time.Hour, "2w": 336 * time.Hour, "90m": 90 * time.Minute,
		"1.5d": 36 * time.Hour, "1h30m": 90 * time.Minute, "30s": 30 * time.Second, "0s": 0} {
		var d Span
		if err := d.UnmarshalText([]byte(text)); err != nil || time.Duration(d) != want {
			t.Errorf("%q = %v, %v; want %v", text, time.Duration(d), err, want)
		}
		var back Span
		if err := back.UnmarshalText([]byte(d.String())); err != nil || back != d {
			t.Errorf("%q written as %q reads back as %v, %v", text, d, time.Duration(back), err)
		}
	}
	for _, text := range []string{"", "h", "-1h", "-2d", "7 years", "1e300d", "NaNd"} {
		var d Span
		if err := d.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q read as %v", text, time.Duration(d))
		}
	}
}

func TestMetres(t *testing.T) {
	for text, want := range map[string]Metres{"400m": 400, "15km": 15000, "0.5 km": 500, "20": 20, "1.5KM": 1500} {
		var m Metres
		if err := m.UnmarshalText([]byte(text)); err != nil || m != want {
			t.Errorf("%q = %v, %v; want %v", text, float64(m), err, float64(want))
		}
		var back Metres
		if err := back.UnmarshalText([]byte(m.String())); err != nil || back != m {
			t.Errorf("%q written as %q reads back as %v, %v", text, m, float64(back), err)
		}
	}
	for _, text := range []string{"", "km", "-1m", "NaN", "Infm", "5 miles"} {
		var m Metres
		if err := m.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q read as %v", text, float64(m))
		}
	}
}
