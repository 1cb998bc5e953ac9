package patrol

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// reason says in a sentence or two why the area is suggested. It names
// settlements at most.
func (p pick) reason(behind []cluster.Incident, o Options) string {
	var b strings.Builder
	b.WriteString(p.count(len(behind)))
	window, timed := windowOf(behind), behind
	if p.spree != nil {
		window, timed = p.spree.Window, within(behind, p.spree.Window)
		fmt.Fprintf(&b, " %s%s", spell(window, o.Zone), around(p.spree.Places))
		if p.closingIn(timed) {
			b.WriteString(", closing in on this area")
		}
	} else {
		fmt.Fprintf(&b, " within %s of here since %s", atMost(p.farthest(behind)), window.Start.In(o.Zone).Format("2 Jan 2006"))
	}
	last := latest(timed)
	fmt.Fprintf(&b, "; the last %s, %s from here.", moment(last, window, o.Zone), metres(geo.Distance(last.Point, p.area.Centre)))
	b.WriteString(p.makers(behind, window, o))
	b.WriteString(p.hoursText(behind, o))
	if n := rough(behind); n > 0 {
		fmt.Fprintf(&b, " %d of the %d placed to a settlement or district only.", n, len(behind))
	}
	return b.String()
}

const (
	mostMakers = 3   // incidents that are named one by one
	leastMaker = .05 // of the risk
)

// makers says which incidents make most of the risk, and what else is to be
// expected. One incident alone has been named.
func (p pick) makers(behind []cluster.Incident, w cluster.Window, o Options) string {
	byID := make(map[string]cluster.Incident, len(behind))
	for _, in := range behind {
		byID[in.ID] = in
	}
	var named []string
	for _, s := range p.sources {
		if s.Offence != p.profile.Offence {
			continue
		}
		if in, ok := byID[s.ID]; ok && len(behind) > 1 && len(named) < mostMakers && s.Share >= leastMaker {
			named = append(named, fmt.Sprintf("%s (%.0f %%)", moment(in, w, o.Zone), 100*s.Share))
		}
	}
	text := ""
	switch len(named) {
	case 0:
	case 1:
		text = " Most of the risk comes of that " + named[0] + "."
	default:
		text = " Most of the risk comes of those " + and(named) + "."
	}
	for _, offence := range slices.Sorted(maps.Keys(p.others)) {
		if part := p.others[offence]; part >= leastOther {
			text += fmt.Sprintf(" %.0f %% of it is %s.", 100*part, offence)
		}
	}
	return text
}

// leastOther is the part of the risk from which another offence is named.
const leastOther = .1

// and joins the parts of a list.
func and(parts []string) string {
	n := len(parts)
	if n == 1 {
		return parts[0]
	}
	return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
}

// hoursText says when in the shift the risk is highest, and so only where the
// band holds more of the shift's weight than of its time.
func (p pick) hoursText(behind []cluster.Incident, o Options) string {
	held, _ := p.hours.sum(p.band, o.Zone)
	all, _ := p.hours.sum(p.duty.window, o.Zone)
	even := all * float64(p.band.Duration()) / float64(p.duty.window.Duration())
	if held <= even*1.001 {
		return " No hours of this shift stand out."
	}
	text := fmt.Sprintf(" In this shift the risk is highest %s to %s", clock(p.band.Start, o.Zone), clock(p.band.End, o.Zone))
	if n := p.inBand(behind, o); len(behind) >= 10 && n > 0 {
		text += fmt.Sprintf(", hours that hold about %.0f of them", n)
	}
	return text + "."
}

// within returns the incidents whose events lie in the spree's window, all when
// none does: one that may have happened at any time of a day is not the last.
func within(incidents []cluster.Incident, w cluster.Window) []cluster.Incident {
	var out []cluster.Incident
	for _, in := range incidents {
		if !in.From.Before(w.Start) && !in.To.After(w.End) {
			out = append(out, in)
		}
	}
	if len(out) == 0 {
		return incidents
	}
	return out
}

// inBand returns the weight of the incidents at the hours of the band, whatever
// the day, in whole incidents.
func (p pick) inBand(behind []cluster.Incident, o Options) float64 {
	hours := weighHours(cluster.DistinctOf(behind, nil), o)
	sum, _ := hours.sum(p.band, o.Zone)
	return math.Round(sum)
}

func (p pick) count(n int) string {
	if n == 1 {
		return "1 " + p.profile.Offence + " incident"
	}
	return fmt.Sprintf("%d %s incidents", n, p.profile.Offence)
}

func rough(incidents []cluster.Incident) int {
	n := 0
	for _, in := range incidents {
		if !in.Level.Precise() {
			n++
		}
	}
	return n
}

// latest returns the incident that ended last, of equal ones the first by ID.
func latest(incidents []cluster.Incident) cluster.Incident {
	last := incidents[0]
	for _, in := range incidents[1:] {
		if in.To > last.To || in.To == last.To && in.ID < last.ID {
			last = in
		}
	}
	return last
}

func windowOf(incidents []cluster.Incident) cluster.Window {
	w := incidents[0].Interval()
	for _, in := range incidents[1:] {
		if in.From.Before(w.Start) {
			w.Start = in.From.Time()
		}
		if in.To.After(w.End) {
			w.End = in.To.Time()
		}
	}
	return w
}

// spell writes a window: "on Wed 16 Sep between 10:00 and 17:30".
func spell(w cluster.Window, zone *time.Location) string {
	from, to := w.Start.In(zone), w.End.In(zone)
	day := "Mon 2 Jan"
	switch {
	case from.Equal(to):
		return fmt.Sprintf("on %s at %s", from.Format(day), from.Format("15:04"))
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return fmt.Sprintf("on %s between %s and %s", from.Format(day), from.Format("15:04"), to.Format("15:04"))
	}
	return fmt.Sprintf("between %s and %s", from.Format(day+" 15:04"), to.Format(day+" 15:04"))
}

// moment writes when an incident was: "at 17:30", with the day when the window
// spans several, "between 10:00 and 14:30" when the time is not known.
func moment(in cluster.Incident, w cluster.Window, zone *time.Location) string {
	sameDay := w.Start.In(zone).Format(time.DateOnly) == w.End.In(zone).Format(time.DateOnly)
	switch {
	case !sameDay:
		return spell(in.Interval(), zone)
	case in.To > in.From:
		return fmt.Sprintf("between %s and %s", clock(in.From.Time(), zone), clock(in.To.Time(), zone))
	}
	return "at " + clock(in.From.Time(), zone)
}

func clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// around lists up to four places.
func around(places []string) string {
	switch n := len(places); {
	case n == 0:
		return ""
	case n == 1:
		return " in " + places[0]
	case n <= 4:
		return " around " + and(places)
	default:
		return fmt.Sprintf(" around %s and %d more places", strings.Join(places[:3], ", "), n-3)
	}
}

// metres writes a distance as people say it: "300 m", "1.2 km", "14 km".
func metres(d float64) string {
	switch {
	case d < 75:
		return "under 100 m"
	case d < 950:
		return fmt.Sprintf("%.0f m", 100*float64(int(d/100+0.5)))
	case d < 9950:
		return fmt.Sprintf("%.1f km", d/1000)
	}
	return fmt.Sprintf("%.0f km", d/1000)
}

// atMost writes a distance rounded up, so that "within" holds.
func atMost(d float64) string {
	if d < 9900 {
		return metres(100 * math.Max(1, math.Ceil(d/100)))
	}
	return metres(1000 * math.Ceil(d/1000))
}

func (p pick) farthest(incidents []cluster.Incident) float64 {
	most := 0.0
	for _, in := range incidents {
		most = math.Max(most, geo.Distance(in.Point, p.area.Centre))
	}
	return most
}

const closeM = 1500 // the last incidents of a spree that closes in lie within this

// closingIn reports whether the later half of the incidents lies, in the mean,
// at most half as far from the area as the earlier half, and the last two within
// closeM of it. They are put in order by the middle of their intervals. Fewer
// than six are too few to say.
func (p pick) closingIn(behind []cluster.Incident) bool {
	if len(behind) < 6 {
		return false
	}
	behind = slices.Clone(behind)
	slices.SortFunc(behind, func(a, b cluster.Incident) int {
		return cmp.Or(cmp.Compare(middle(a), middle(b)), cmp.Compare(a.ID, b.ID))
	})
	from := func(in cluster.Incident) float64 { return geo.Distance(in.Point, p.area.Centre) }
	mean := func(incidents []cluster.Incident) float64 {
		sum := 0.0
		for _, in := range incidents {
			sum += from(in)
		}
		return sum / float64(len(incidents))
	}
	n, half := len(behind), len(behind)/2
	for _, in := range []cluster.Incident{behind[n-2], behind[n-1], latest(behind)} {
		if from(in) > closeM {
			return false
		}
	}
	return mean(behind[n-half:]) <= mean(behind[:half])/2
}

func middle(in cluster.Incident) cluster.Instant { return in.From + (in.To-in.From)/2 }
