package night

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Whatever stands in a run.json, checking its folder looks at no file outside it and
// ends.
func FuzzManifest(f *testing.F) {
	f.Add(`{"run_id":"20150917T0200-0a1b2c3d","audience":"analyst","outputs":[{"name":"a.csv","sha256":"00","bytes":2}]}`)
	f.Add(`{"outputs":[{"name":"../secret"},{"name":"/etc/passwd"},{"name":""},{"name":"."},{"name":"a\u0000b"}]}`)
	f.Add(`{"as_of":"no time","audit":{"entry":-1},"outputs":null}`)
	f.Add(`[[[[[[`)
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte("x\n"), 0o600); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(dir, "run.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var v Verdict
		if _, err := v.folder(dir); err == nil && v.Outputs > 0 && len(text) < 64 {
			t.Errorf("%d outputs are as %q says, which names no hash", v.Outputs, text)
		}
	})
}

// Whatever stands in the columns of a decision, one that is taken is one thing and
// has a place on the globe.
func FuzzDecision(f *testing.F) {
	f.Add("accept", "", "")
	f.Add("candidate 2", "", "")
	f.Add("", "52.68", "0.94")
	f.Add("no", "NaN", "1e999")
	f.Fuzz(func(t *testing.T, word, lat, lon string) {
		d, decided, err := parseDecision(word, lat, lon)
		if err != nil || !decided {
			return
		}
		if d.Candidate < 0 || d.Accept && d.Reject || d.Point == nil && !d.Accept && !d.Reject && d.Candidate == 0 {
			t.Errorf("%q, %q, %q is %+v", word, lat, lon, d)
		}
	})
}

// Whatever stands in a file of settings, what is taken is fit for a night.
func FuzzSettings(f *testing.F) {
	f.Add(string(DefaultSettings))
	f.Add("[detect]\nhistory = \"365d\"\nalerts_per_week = 2\n")
	f.Add("[area]\nbounds = [1, 2, 3, 4]\n[offence.x]\nradius = \"-1km\"\n")
	f.Add("timezone = \"Local\"\n[retention]\nkeep = \"99999999999d\"\n")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(dir, "s.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := LoadSettings(path)
		if err != nil {
			return
		}
		if len(c.Profiles()) == 0 || c.Detect.History <= 0 || c.Export.MinCount < 1 {
			t.Errorf("%q gives %d profiles, %v of history, counts from %d", text, len(c.Profiles()), time.Duration(c.Detect.History), c.Export.MinCount)
		}
	})
}
