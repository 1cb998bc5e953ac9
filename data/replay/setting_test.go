package replay

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster/trial"
	"spreewatch/data"
)

func TestBlocksChangeTheWindowFirst(t *testing.T) {
	got := Blocks([]string{"6h", "3d"}, []string{"500m", "2km"}, []int{3, 4})
	want := []Block{{"6h", "500m", 3, ""}, {"3d", "500m", 3, ""}, {"6h", "500m", 4, ""}, {"3d", "500m", 4, ""},
		{"6h", "2km", 3, ""}, {"3d", "2km", 3, ""}, {"6h", "2km", 4, ""}, {"3d", "2km", 4, ""}}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Error(diff)
	}
}

func TestReadBlocks(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []Block
		err, hint  string
	}{
		{name: "two blocks", text: "[[setting]]\nwindow = \"3d\"\nradius = \"500m\"\nmin = 3\n[[setting]]\nwindow = \"3 h\"\noffence = \"arson\"\n",
			want: []Block{{"3d", "500m", 3, ""}, {"3 h", "", 0, "arson"}}},
		{name: "the hint is a file", text: settingHint, want: []Block{{"72h", "500m", 3, ""}}},
		{name: "another key", text: "[[setting]]\nlenght = \"3d\"\n", err: `pairs.toml is no file of settings to compare: line 2: no key "setting.lenght"`, hint: settingHint},
		{name: "another kind", text: "[[setting]]\n\nmin = \"3\"\n", hint: settingHint,
			err: "pairs.toml is no file of settings to compare: line 3: setting.min is of another kind: window and radius are texts, min is a whole number"},
		{name: "no block", text: "# nothing\n", err: "pairs.toml has no [[setting]]", hint: settingHint},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ReadBlocks(strings.NewReader(c.text), "pairs.toml")
			if c.err != "" {
				refused(t, err, false, c.err, c.hint)
				return
			}
			if diff := cmp.Diff(got, c.want); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
}

// What is wrong with a file's syntax is said with its line and none of its text.
func TestReadBlocksShowsNoText(t *testing.T) {
	_, err := ReadBlocks(strings.NewReader("[[setting]]\nwindow = secret street 7\n"), "pairs.toml")
	if err == nil || !strings.HasPrefix(err.Error(), "pairs.toml is no file of settings to compare: line 2: ") || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

func TestBlockSetting(t *testing.T) {
	for _, c := range []struct {
		name string
		b    Block
		want trial.Setting
		err  string
	}{
		{"as typed", Block{" 3d", "0.5 km ", 3, "arson"}, trial.Setting{Offence: "arson", Window: 72 * time.Hour, RadiusM: 500, Min: 3, WindowText: "3d", RadiusText: "0.5 km"}, ""},
		{"no window", Block{"", "500m", 3, ""}, trial.Setting{}, "window is not given"},
		{"no radius", Block{"72h", "", 3, ""}, trial.Setting{}, "radius is not given"},
		{"no minimum", Block{"72h", "500m", 0, ""}, trial.Setting{}, "min is not given"},
		{"no length", Block{"soon", "500m", 3, ""}, trial.Setting{}, `"soon" is not a length of time such as 12h or 7d`},
		{"no distance", Block{"72h", "far", 3, ""}, trial.Setting{}, `"far" is not a distance such as 400m or 15km`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.b.Setting()
			if c.err != "" {
				if err == nil || err.Error() != c.err {
					t.Errorf("got %v, want %s", err, c.err)
				}
				return
			}
			if diff := cmp.Diff(got, c.want); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
}

func TestParsePlants(t *testing.T) {
	got, err := ParsePlants([]string{"6,400m,40h", " 3, 1.5km, 2d"})
	if diff := cmp.Diff(got, []trial.Plant{{Size: 6, SpreadM: 400, Length: 40 * time.Hour}, {Size: 3, SpreadM: 1500, Length: 48 * time.Hour}}); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if got, err := ParsePlants(nil); got != nil || err != nil {
		t.Error("of none:", got, err)
	}
	for _, c := range []struct{ name, text, msg string }{
		{"one part", "6", `--plant: "6" is no size, spread and length such as 6,400m,40h`},
		{"no number", "six,400m,40h", `--plant: "six,400m,40h" is no size, spread and length such as 6,400m,40h`},
		{"too small", "1,400m,40h", "--plant: a planted spree has 2 to 100 incidents, within at most 100 km and 60 days"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParsePlants([]string{"6,400m,40h", c.text})
			refused(t, err, true, c.msg, "--plant 6,400m,40h")
		})
	}
}

// Whatever a file holds, it is blocks or an error with a hint.
func FuzzReadBlocks(f *testing.F) {
	f.Add(settingHint)
	f.Add("[[setting]]\nwindow = 3\n")
	f.Add("[setting]\nmin = -1")
	f.Fuzz(func(t *testing.T, text string) {
		blocks, err := ReadBlocks(strings.NewReader(text), "f.toml")
		if (err == nil) != (len(blocks) > 0) || err != nil && data.Hint(err) == "" {
			t.Errorf("%d blocks, %v", len(blocks), err)
		}
		for _, b := range blocks {
			b.Setting()
		}
	})
}

// A plant that is read can be planted.
func FuzzParsePlants(f *testing.F) {
	f.Add("6,400m,40h")
	f.Add("6,1e300km,9w")
	f.Fuzz(func(t *testing.T, text string) {
		plants, err := ParsePlants([]string{text})
		if err == nil && (len(plants) != 1 || plants[0].Validate() != nil) {
			t.Errorf("%q is %v", text, plants)
		}
	})
}
