package night

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"spreewatch/cluster"
	"spreewatch/cluster/nearrepeat"
	"spreewatch/data"
)

// A Lesson is what a force's own near repeats say of a profile and, where they say
// nothing, its past sprees; or why neither does.
type Lesson struct {
	Offence  string
	Learnt   nearrepeat.Learnt     // zero where near repeats say nothing
	Sprees   nearrepeat.SpreeReach // nothing but their number where they are too few
	Reports  int                   // located precisely
	From, To time.Time             // of their events, in the zone of the options
	Seed     uint64
	Refused  string // why nothing was learnt, with the number; "" otherwise
}

// Learn learns radius, window and decay of an offence, or of every one where none
// is named, in the order of their names: from all reports located precisely whose
// event began before the moment of the analysis; or, where these do not bear it, radius
// and window from the sprees that the nights up to then found. It changes nothing.
func Learn(ctx context.Context, o Options, offence string) ([]Lesson, error) {
	names := slices.Sorted(maps.Keys(o.Settings.Offences))
	if offence != "" {
		if !slices.Contains(names, offence) {
			return nil, &data.UserError{Msg: fmt.Sprintf("there is no offence %q in the settings", offence), Hint: "--offence takes one of " + strings.Join(names, ", ")}
		}
		names = []string{offence}
	}
	e, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	located, err := e.db.Located(ctx, time.Time{}, o.Moment())
	if err != nil {
		return nil, err
	}
	located = slices.DeleteFunc(located, func(l data.Located) bool { return !l.Match.Precise(o.Settings.Geocode.MinConfidence) })
	byOffence := map[string][]cluster.Incident{}
	for _, in := range o.Settings.incidentsOf(located) {
		byOffence[in.Offence] = append(byOffence[in.Offence], in)
	}
	past, err := e.db.PastSprees(ctx, o.Moment())
	if err != nil {
		return nil, err
	}
	sprees := map[string][]cluster.Spree{}
	for _, s := range past {
		sprees[s.Offence] = append(sprees[s.Offence], s)
	}
	var lessons []Lesson
	for _, name := range names {
		l, err := o.learn(ctx, name, byOffence[name], sprees[name])
		if err != nil {
			return nil, err
		}
		lessons = append(lessons, l)
	}
	return lessons, nil
}

// mostLearnt bounds the pairs that a profile is learnt from; nearer bands are
// taken where there are more.
const mostLearnt = 50_000_000

// learn learns one profile, with bands about its own radius and window.
func (o Options) learn(ctx context.Context, offence string, incidents []cluster.Incident, sprees []cluster.Spree) (Lesson, error) {
	l := Lesson{Offence: offence, Seed: o.Seed, Reports: len(incidents), Sprees: nearrepeat.LearnSprees(sprees, o.Seed)}
	for _, in := range incidents {
		if l.From.IsZero() || in.From.Before(l.From) {
			l.From = in.From.Time().In(o.Zone)
		}
		if in.From.After(l.To) {
			l.To = in.From.Time().In(o.Zone)
		}
	}
	no := learnBands(o.Settings.Offences[offence])
	no.Seed, no.Zone = o.Seed, o.Zone
	for {
		var err error
		l.Learnt, err = nearrepeat.Learn(ctx, incidents, no)
		var thin *nearrepeat.ThinError
		var many *nearrepeat.TooManyPairsError
		switch {
		case errors.As(err, &thin):
			if l.Learnt = (nearrepeat.Learnt{}); !l.bySprees() {
				l.Refused = fmt.Sprintf("%s; %s of the scan, and learning needs %d", thin, data.Count(l.Sprees.Sprees, "past spree"), nearrepeat.LeastSprees)
			}
			return l, nil
		case errors.As(err, &many) && len(no.Distance) > 3:
			no.Distance = no.Distance[:len(no.Distance)-1]
		default:
			return l, err
		}
	}
}

// learnBands are bands from a quarter to three times the profile's radius, and from
// a seventh to four times its window: of a window of a week whole days, and
// otherwise hours.
func learnBands(p offenceSettings) nearrepeat.Options {
	no := nearrepeat.DefaultOptions()
	no.Metric, no.Replicates, no.MaxPairs = nearrepeat.GreatCircle, 199, mostLearnt
	no.Distance, no.Time = []float64{0}, []time.Duration{0}
	for _, by := range []float64{.25, .5, .75, 1, 1.5, 2, 3} {
		if d := max(10, math.Round(by*float64(p.Radius)/10)*10); d > no.Distance[len(no.Distance)-1] {
			no.Distance = append(no.Distance, d)
		}
	}
	unit := time.Hour
	if time.Duration(p.Window) >= 4*24*time.Hour {
		unit = 24 * time.Hour
	}
	for _, sevenths := range []time.Duration{1, 2, 3, 5, 7, 10, 14, 21, 28} {
		if t := max(unit, (time.Duration(p.Window) * sevenths / 7).Round(unit)); t > no.Time[len(no.Time)-1] {
			no.Time = append(no.Time, t)
		}
	}
	return no
}

// learntMark begins the comment above what was learnt.
const learntMark = "# Learnt: "

// settings are the keys that the lesson sets, in the order in which they are
// written.
func (l Lesson) settings() [][2]string {
	metres := func(v float64) string { return Metres(math.Max(10, math.Round(v/10)*10)).String() }
	span := func(d time.Duration) string { return Span(max(time.Hour, d.Round(time.Hour))).String() }
	if l.Learnt.Incidents == 0 {
		return [][2]string{{"radius", metres(l.Sprees.Radius.Value)}, {"window", span(l.Sprees.Window.Value)}}
	}
	return [][2]string{
		{"radius", metres(l.Learnt.Radius.Value)}, {"window", span(l.Learnt.Window.Value)},
		{"decay", metres(l.Learnt.Decay.Value)}, {"decay_time", span(l.Learnt.DecayTime.Value)},
	}
}

// bySprees reports whether past sprees say something.
func (l Lesson) bySprees() bool { return l.Sprees.Sprees >= nearrepeat.LeastSprees }

// Rests says in a line what the values rest on, and what the past sprees say beside
// near repeats.
func (l Lesson) Rests() string {
	past := fmt.Sprintf("%d past sprees of the scan, of which nine in ten kept within ", l.Sprees.Sprees)
	if l.Learnt.Incidents == 0 {
		return fmt.Sprintf("%sthese; too few near repeats; seed %d", past, l.Seed)
	}
	out := fmt.Sprintf("%d reports, %s to %s, seed %d; %.0f near repeats where chance makes %.0f, p %.3g",
		l.Learnt.Incidents, l.From.Format(time.DateOnly), l.To.Format(time.DateOnly), l.Seed, l.Learnt.Observed, l.Learnt.Expected, l.Learnt.P)
	if l.bySprees() {
		out += fmt.Sprintf("; %s%s and %s", past, Metres(math.Round(l.Sprees.Radius.Value/10)*10), Span(max(time.Hour, l.Sprees.Window.Value.Round(time.Hour))))
	}
	return out
}

// Block is the profile's block of the settings, to paste, with 90 % intervals.
func (l Lesson) Block() string {
	between := func(low, high fmt.Stringer) string { return low.String() + " to " + high.String() }
	metres := func(e nearrepeat.Estimate[float64]) string {
		return between(Metres(math.Round(e.Low/10)*10), Metres(math.Round(e.High/10)*10))
	}
	span := func(e nearrepeat.Estimate[time.Duration]) string {
		return between(Span(e.Low.Round(time.Hour)), Span(e.High.Round(time.Hour)))
	}
	intervals := []string{metres(l.Learnt.Radius), span(l.Learnt.Window), metres(l.Learnt.Decay), span(l.Learnt.DecayTime)}
	if l.Learnt.Incidents == 0 {
		intervals = []string{metres(l.Sprees.Radius), span(l.Sprees.Window)}
	}
	var w strings.Builder
	fmt.Fprintf(&w, "%s%s\n[offence.%s]\n", learntMark, l.Rests(), tomlKey(l.Offence))
	for i, kv := range l.settings() {
		fmt.Fprintf(&w, "%-22s # 90 %%: %s\n", kv[0]+` = "`+kv[1]+`"`, intervals[i])
	}
	return w.String()
}

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func tomlKey(name string) string {
	if bareKey.MatchString(name) {
		return name
	}
	return fmt.Sprintf("%q", name)
}

// SaveLesson puts what was learnt into the settings file: the offence's four keys
// and a comment line above them. Every other byte stays. A file whose block of the
// offence is written so that this cannot be done is refused and stays as it is.
func SaveLesson(file string, l Lesson) error {
	if file == "" {
		file = SettingsName
	}
	name := filepath.Base(file)
	old, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return &data.UserError{Msg: "there is no settings file " + name, Hint: "spreewatch init writes one"}
	}
	if err != nil {
		return &data.UserError{Msg: "read settings " + name, Err: data.PathCause(err)}
	}
	text, err := l.into(old)
	if err != nil {
		return &data.UserError{Msg: fmt.Sprintf("%s: the block of %s cannot be changed: %s", name, l.Offence, err), Hint: "paste the block that is printed without --save"}
	}
	return data.WriteWhole(file, data.Guard{Ours: func(string) bool { return true }}, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// into returns the settings with the lesson in its place, and makes sure that
// nothing else says anything else.
func (l Lesson) into(old []byte) ([]byte, error) {
	lines := strings.SplitAfter(string(old), "\n")
	from, to := blockOf(lines, l.Offence)
	end := "\n"
	if strings.Contains(string(old), "\r\n") {
		end = "\r\n"
	}
	comment := learntMark + l.Rests() + end
	var text string
	if from < 0 {
		text = string(old)
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += end
		}
		text += end + "[offence." + tomlKey(l.Offence) + "]" + end + comment
		for _, kv := range l.settings() {
			text += kv[0] + ` = "` + kv[1] + `"` + end
		}
	} else {
		text = strings.Join(lines[:from], "") + l.rewrite(lines[from:to], comment, end) + strings.Join(lines[to:], "")
	}
	var was, is map[string]any
	if err := toml.Unmarshal(old, &was); err != nil {
		return nil, err
	}
	if err := toml.Unmarshal([]byte(text), &is); err != nil {
		return nil, errors.New("it is not written line by line")
	}
	if was == nil {
		was = map[string]any{}
	}
	offences, _ := was["offence"].(map[string]any)
	if offences == nil {
		offences = map[string]any{}
		was["offence"] = offences
	}
	own, _ := offences[l.Offence].(map[string]any)
	if own == nil {
		own = map[string]any{}
		offences[l.Offence] = own
	}
	for _, kv := range l.settings() {
		own[kv[0]] = kv[1]
	}
	if !reflect.DeepEqual(was, is) {
		return nil, errors.New("it is not written line by line")
	}
	return []byte(text), nil
}

var tableHeader = regexp.MustCompile(`^\s*\[`)

// blockOf returns the lines [from, to) of an offence's table without its header,
// from −1 where there is none.
func blockOf(lines []string, offence string) (from, to int) {
	header := regexp.MustCompile(`^\s*\[\s*offence\s*\.\s*["']?` + regexp.QuoteMeta(offence) + `["']?\s*\]\s*(#.*)?\r?\n?$`)
	from = slices.IndexFunc(lines, header.MatchString) + 1
	if from == 0 {
		return -1, -1
	}
	to = from
	for to < len(lines) && !tableHeader.MatchString(lines[to]) {
		to++
	}
	// Blank lines and comments before the next header are that table's.
	for to > from && (strings.TrimSpace(lines[to-1]) == "" || strings.HasPrefix(strings.TrimSpace(lines[to-1]), "#")) {
		to--
	}
	return from, to
}

// rewrite puts the values into the lines of a block. A key that is there keeps its
// line and what stands beside it; the others come first, under the comment.
func (l Lesson) rewrite(lines []string, comment, end string) string {
	var out bytes.Buffer
	missing := ""
	kept := slices.Clone(lines)
	kept = slices.DeleteFunc(kept, func(line string) bool { return strings.HasPrefix(line, learntMark) })
	for _, kv := range l.settings() {
		key := regexp.MustCompile(`^(\s*` + kv[0] + `\s*=\s*)("[^"\r\n]*"|'[^'\r\n]*')`)
		i := slices.IndexFunc(kept, key.MatchString)
		if i < 0 {
			missing += kv[0] + ` = "` + kv[1] + `"` + end
			continue
		}
		m := key.FindStringSubmatchIndex(kept[i])
		kept[i] = kept[i][:m[3]] + `"` + kv[1] + `"` + kept[i][m[1]:]
	}
	out.WriteString(comment + missing)
	for _, line := range kept {
		out.WriteString(line)
	}
	return out.String()
}
