package night

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
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

func TestSettingsThatMeanNothing(t *testing.T) {
	for text, want := range map[string]string{
		"[area]\nbounds = [1.0, 52.0, 0.0, 53.0]":                "area.bounds: want west, south, east, north",
		"[area]\nbounds = [0.0, 52.0, 1.0, 95.0]":                "area.bounds: ",
		"[area]\nbounds = [0.0]":                                 "area.bounds: want",
		"[detect]\nmin_level = \"roof\"":                         "detect.min_level: ",
		"[detect]\nresolution = 4":                               "detect.resolution: want 5 to 12",
		"[detect]\nresolution = 13":                              "detect.resolution: want 5 to 12",
		"[detect]\nstep = \"59s\"":                               "detect.step: ",
		"[detect]\nhistory = \"0s\"":                             "detect.history: ",
		"[detect]\nhistory = \"soon\"":                           "line 2: ",
		"[scan]\nreplicates = -1":                                "scan.replicates: ",
		"[scan]\nmax_p = 0.0":                                    "scan.max_p: ",
		"[geocode]\nmin_confidence = 1.5":                        "geocode.min_confidence: ",
		"[export]\nmin_count = 0":                                "export.min_count: ",
		"[export]\nmarking = \"\"":                               "export.marking: ",
		"[detect]\nalerts_per_week = \"2\"":                      "line 2: detect.alerts_per_week: want a number",
		"[patrol]\nper_shift = 2.5":                              "line 2: patrol.per_shift: want a whole number",
		"[export]\nmarking = 2":                                  "line 2: export.marking: want a text in quotes",
		"[area]\nbounds = \"1, 2\"":                              "line 2: area.bounds: want a list in [brackets]",
		"[retention]\nkeep = 365":                                "retention.keep is a number without a unit",
		"[Retention]\nkeep = 365":                                "Retention.keep is a number without a unit",
		"[offence.robbery]\nlookback = 3":                        "offence.robbery.lookback is a number without a unit",
		"[export]\naudience = \"press\"":                         "export.audience: ",
		"[columns]\nplace = \"Where\"":                           "columns: ",
		"[offence.robbery]\nradius = \"0m\"":                     "robbery",
		"[[shift]]\nname = \"day\"\nstart = \"9\"\nend = \"17\"": "shift",
		"[patrol]\nper_shift = 0":                                "",
		"timezone = \"":                                          "line 1: ",
		"[detect]\nlookbak = \"1d\"":                             `line 2: no setting "detect.lookbak"`,
	} {
		path := filepath.Join(t.TempDir(), "own.toml")
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := LoadSettings(path)
		if err == nil || !strings.HasPrefix(err.Error(), "own.toml: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one of own.toml with %q", text, err, want)
		}
		if strings.Contains(text, "lookbak") && data.Hint(err) != "detect.lookback" {
			t.Errorf("hint %q", data.Hint(err))
		}
	}
	if _, err := LoadSettings(filepath.Join(t.TempDir(), "none.toml")); err == nil || data.Hint(err) == "" {
		t.Errorf("a file that there is not: %v", err)
	}
}

// Nothing and for ever need no unit.
func TestZeroNeedsNoUnit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.toml")
	if err := os.WriteFile(path, []byte("[retention]\nkeep = 0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSettings(path); err != nil {
		t.Error(err)
	}
}

func TestSettingsOfAForce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own.toml")
	text := "[[shift]]\nname = \"day\"\nstart = \"09:00\"\nend = \"17:00\"\n\n[offence.arson]\nwords = [\"fire\"]\nradius = \"1km\"\nwindow = \"2d\"\nmin_incidents = 3\ndecay = \"400m\"\ndecay_time = \"3d\"\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := LoadSettings(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Shifts) != 1 || c.Shifts[0].Name != "day" {
		t.Errorf("shifts %+v, want the one of the file in place of those that ship", c.Shifts)
	}
	i := slices.IndexFunc(c.Profiles(), func(p cluster.Profile) bool { return p.Offence == "arson" })
	if i < 0 || c.Profiles()[i].Lookback != time.Duration(c.Detect.Lookback) || c.Profiles()[i].RadiusM != 1000 {
		t.Errorf("profiles %+v: want arson with the lookback of all", c.Profiles())
	}
}
