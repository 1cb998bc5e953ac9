package scan

import (
	"strings"
	"testing"
	"time"
)

// Each option that has no meaning is refused by its own words.
func TestOptionsWithoutMeaning(t *testing.T) {
	if err := DefaultOptions().Validate(); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for want, change := range map[string]func(*Options){
		"unknown mode 7":                  func(o *Options) { o.Mode = 7 },
		"unknown rule of overlap 9":       func(o *Options) { o.Overlap = 9 },
		`unknown adjustment "moon"`:       func(o *Options) { o.Adjust = "moon" },
		"unknown kind of location 9":      func(o *Options) { o.Locations = 9 },
		"step 30h0m0s is not":             func(o *Options) { o.Step = 30 * time.Hour },
		"step 1s is not":                  func(o *Options) { o.Step = time.Second },
		"ends before it starts":           func(o *Options) { o.From, o.To = at, at },
		"radius must be 0 or more":        func(o *Options) { o.MaxRadiusM = -1 },
		"share of cases":                  func(o *Options) { o.MaxShare = 1.01 },
		"shorter than a step":             func(o *Options) { o.MaxWindow = time.Hour },
		"must not be negative":            func(o *Options) { o.Cadence = -1 },
		"belong to a prospective scan":    func(o *Options) { o.Mode, o.Lookback = Retrospective, time.Hour },
		"at least 1 case":                 func(o *Options) { o.MinCases = 0 },
		"resolution 16 is not":            func(o *Options) { o.Locations, o.Resolution = Cells, 16 },
		"-1 replicates":                   func(o *Options) { o.Replicates = -1 },
		`unknown method for p "guess"`:    func(o *Options) { o.PMethod = "guess" },
		"stops after 1 replicate or more": func(o *Options) { o.PMethod, o.StopAfter = Sequential, 0 },
		"-1 workers":                      func(o *Options) { o.Workers = -1 },
	} {
		o := DefaultOptions()
		change(&o)
		if err := o.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// What overlaps is decided by place for a night and by time in retrospect, unless
// the options say.
func TestWhichOverlapHolds(t *testing.T) {
	for _, c := range []struct {
		mode Mode
		told Overlap
		want Overlap
	}{{Prospective, OverlapDefault, OverlapSpace}, {Retrospective, OverlapDefault, OverlapTime}, {Retrospective, OverlapSpace, OverlapSpace}, {Prospective, OverlapTime, OverlapTime}} {
		if got := (Options{Mode: c.mode, Overlap: c.told}).overlap(); got != c.want {
			t.Errorf("mode %d, told %d: %d, want %d", c.mode, c.told, got, c.want)
		}
	}
	if got := (Options{Step: 7 * 24 * time.Hour}).cadence(); got != 7*24*time.Hour {
		t.Errorf("steps of a week are scanned every %v", got)
	}
	if got := (Options{}).zone(); got != time.UTC {
		t.Errorf("no zone is %v", got)
	}
}
