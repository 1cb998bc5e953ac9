package replay

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/night"
)

// A Block is a setting that is asked for, each value as typed: one [[setting]] of a file,
// or a window with a radius and a minimum of the command line.
type Block struct {
	Window  string `toml:"window"`
	Radius  string `toml:"radius"`
	Min     int    `toml:"min"`
	Offence string `toml:"offence"` // "" is each that is compared
}

// Blocks are every window with every radius and every minimum, the windows changing
// first.
func Blocks(windows, radii []string, least []int) []Block {
	var out []Block
	for _, r := range radii {
		for _, n := range least {
			for _, w := range windows {
				out = append(out, Block{Window: w, Radius: r, Min: n})
			}
		}
	}
	return out
}

// settingHint is a file of one setting, on one line.
const settingHint = `setting = [{window = "72h", radius = "500m", min = 3}]`

// ReadBlocks reads the [[setting]] blocks of a TOML file; name is what messages call it.
// A file without one, with another key or with a value of another kind is refused, with
// the line.
func ReadBlocks(r io.Reader, name string) ([]Block, error) {
	var file struct {
		Setting []Block `toml:"setting"`
	}
	d := toml.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, &data.UserError{Msg: name + " is no file of settings to compare", Err: tomlCause(err), Hint: settingHint}
	}
	if len(file.Setting) == 0 {
		return nil, &data.UserError{Msg: name + " has no [[setting]]", Hint: settingHint}
	}
	return file.Setting, nil
}

// tomlCause says where a TOML file is wrong, without its text.
func tomlCause(err error) error {
	var unknown *toml.StrictMissingError
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		line, _ := unknown.Errors[0].Position()
		return fmt.Errorf("line %d: no key %q", line, strings.Join(unknown.Errors[0].Key(), "."))
	case errors.As(err, &syntax):
		line, _ := syntax.Position()
		if key := strings.Join(syntax.Key(), "."); key != "" {
			return fmt.Errorf("line %d: %s is of another kind: window and radius are texts, min is a whole number", line, key)
		}
		return fmt.Errorf("line %d: %w", line, err)
	}
	return err
}

// Setting reads the block's values. Whether it can find anything, Setting.Validate says.
func (b Block) Setting() (trial.Setting, error) {
	for _, f := range []struct {
		name  string
		given bool
	}{{"window", b.Window != ""}, {"radius", b.Radius != ""}, {"min", b.Min != 0}} {
		if !f.given {
			return trial.Setting{}, fmt.Errorf("%s is not given", f.name)
		}
	}
	s := trial.Setting{Offence: b.Offence, Min: b.Min, WindowText: strings.TrimSpace(b.Window), RadiusText: strings.TrimSpace(b.Radius)}
	var window night.Span
	var radius night.Metres
	if err := window.Set(b.Window); err != nil {
		return s, err
	}
	if err := radius.Set(b.Radius); err != nil {
		return s, err
	}
	s.Window, s.RadiusM = time.Duration(window), float64(radius)
	return s, nil
}

// ParsePlants reads planted sprees of SIZE,SPREAD,LENGTH, such as 6,400m,40h, nil where
// none is given. What is none is a *UsageError.
func ParsePlants(texts []string) ([]trial.Plant, error) {
	var out []trial.Plant
	for _, text := range texts {
		p, err := parsePlant(text)
		if err != nil {
			return nil, usagef("--plant 6,400m,40h", "--plant: %s", err)
		}
		out = append(out, p)
	}
	return out, nil
}

func parsePlant(text string) (trial.Plant, error) {
	parts := strings.Split(text, ",")
	bad := fmt.Errorf("%q is no size, spread and length such as 6,400m,40h", text)
	if len(parts) != 3 {
		return trial.Plant{}, bad
	}
	size, err := strconv.Atoi(strings.TrimSpace(parts[0]))
	var spread night.Metres
	var length night.Span
	if err != nil || spread.Set(parts[1]) != nil || length.Set(parts[2]) != nil {
		return trial.Plant{}, bad
	}
	p := trial.Plant{Size: size, SpreadM: float64(spread), Length: time.Duration(length)}
	return p, p.Validate()
}
