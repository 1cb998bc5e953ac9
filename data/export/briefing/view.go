package briefing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
)

// A view is the page in words and drawings, as its template reads it.
type view struct {
	Title    string
	RunID    string
	AsOf     string
	Analyst  bool
	New      []string // three lines
	Sprees   []spreeView
	Shifts   []shiftView
	Week     *page.Drawing // nil without incidents
	WeekText string
	Review   []Decision
	More     int // lines of the review list that are not on the page
	Quality  string
	Share    *page.Drawing // of Quality; nil without reports
	Levels   []levelRow
	Notes    []string
	Budget   string
	Settings []page.Pair
	Sources  []page.Pair
	Inputs   []page.Pair
	Zone     string
}

type spreeView struct {
	Heading string
	Facts   []page.Pair
	Map     page.Drawing
	Hours   page.Drawing
	Last    int           // step of the slider
	Labels  string        // of its steps
	Rows    []incidentRow // for an analyst
}

type incidentRow struct{ Ref, When, Place, Level, Within string }

type shiftView struct {
	Name   string
	Units  bool
	Rows   []patrolRow
	Routes []routeView
}

// A routeView is what one unit drives in the shift.
type routeView struct {
	Heading string
	Stops   []stopRow
}

type stopRow struct {
	N, Rank     int
	When, Where string
	Drive       string // to it
}

type patrolRow struct {
	Rank                                   int
	Where, When, Visits, Priority, Offence string
	Unit, Reason, Action, Expires, Streets string
	Columns                                int
}

type levelRow struct{ Level, N, Share string }

func (p Page) view(ctx context.Context) (view, error) {
	v := view{
		Title: "Patrol briefing as of " + p.AsOf.In(p.Zone).Format("Mon 2 Jan 2006 15:04"), RunID: p.RunID,
		AsOf: p.AsOf.In(p.Zone).Format("Monday 2 January 2006, 15:04"), Analyst: p.Analyst, Zone: p.Zone.String(),
		New: p.news(), Shifts: p.shifts(), Notes: p.Notes, Budget: p.Budget, Settings: p.Settings, Sources: p.Sources, Inputs: p.Inputs,
	}
	byID := make(map[string]layer.Incident) // of those in sprees: of a year's million they are few
	for _, in := range p.Incidents {
		if in.Member != nil {
			byID[in.ID] = in
		}
	}
	for i, s := range p.sprees() {
		if err := ctx.Err(); err != nil {
			return view{}, err
		}
		v.Sprees = append(v.Sprees, p.spree(i+1, s, byID))
	}
	if len(p.Incidents) > 0 {
		v.Week, v.WeekText = p.week()
	}
	v.Review = p.Review[:min(len(p.Review), maxReview)]
	v.More = len(p.Review) - len(v.Review)
	v.Quality, v.Levels = p.quality()
	if p.Quality.Rate != nil {
		d := shareBar(*p.Quality.Rate, p.Quality.Line)
		v.Share = &d
	}
	return v, nil
}

// sprees are those of the page: what is new first, what has ended last, and the
// most incidents first among equals.
func (p Page) sprees() []cluster.Spree {
	order := []cluster.Status{cluster.StatusNew, cluster.StatusReturned, cluster.StatusGrowing, cluster.StatusOngoing, cluster.StatusEnded}
	out := slices.Clone(p.Layers.Sprees.Items)
	slices.SortStableFunc(out, func(a, b cluster.Spree) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Status), slices.Index(order, b.Status)), cmp.Compare(len(b.Incidents), len(a.Incidents)), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// news are three lines: the sprees, the reports, the patrols.
func (p Page) news() []string {
	byStatus := make(map[cluster.Status][]string)
	for _, s := range p.sprees() {
		byStatus[s.Status] = append(byStatus[s.Status], fmt.Sprintf("%s of %d%s", offence(s.Offence), len(s.Incidents), around(s.Places)))
	}
	var parts []string
	for _, status := range []cluster.Status{cluster.StatusNew, cluster.StatusReturned, cluster.StatusGrowing, cluster.StatusEnded} {
		if names := byStatus[status]; len(names) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", len(names), status, strings.Join(names, "; ")))
		}
	}
	if n := len(byStatus[cluster.StatusOngoing]); n > 0 {
		parts = append(parts, fmt.Sprintf("%d as last night", n))
	}
	line := "Sprees: " + strings.Join(parts, ", ") + "."
	if len(parts) == 0 {
		line = "Sprees: none."
	}

	day, inSpree := 0, 0
	for _, in := range p.Incidents {
		known := in.Reported
		if known.IsZero() {
			known = in.From
		}
		if known.After(p.AsOf.Add(-24*time.Hour)) && !known.After(p.AsOf) {
			day++
			if in.Member != nil {
				inSpree++
			}
		}
	}
	reports := fmt.Sprintf("Incidents of the last 24 hours: %d, %d of them in a spree.", day, inSpree)
	if len(p.Review) > 0 {
		reports += fmt.Sprintf(" %s for a person to decide.", upperFirst(data.Count(len(p.Review), "line")))
	}

	suggestions := p.Layers.Patrols.Items
	patrols := "Patrols: none is suggested."
	if len(suggestions) > 0 {
		high := 0
		for _, s := range suggestions {
			if s.Priority == "high" {
				high++
			}
		}
		first := suggestions[0]
		patrols = fmt.Sprintf("Patrols: %s, %d of high priority; first to do is %s, %s.", data.Count(len(suggestions), "suggestion"), high,
			placeOr(first.PlaceName), p.span(first.Band.Start, first.Band.End))
	}
	return []string{line, reports, patrols}
}

func (p Page) spree(n int, s cluster.Spree, byID map[string]layer.Incident) spreeView {
	var members []layer.Incident
	for _, id := range s.Incidents {
		if in, ok := byID[id]; ok {
			members = append(members, in)
		}
	}
	slices.SortFunc(members, func(a, b layer.Incident) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.ID, b.ID))
	})
	v := spreeView{
		Heading: fmt.Sprintf("Spree %d: %s, %s (%s)", n, offence(s.Offence), data.Count(len(s.Incidents), "incident"), s.Status),
		Map:     p.spreeMap(n, s, members),
		Hours:   p.hours(n, s, members),
	}
	t := p.timeline(s)
	v.Last, v.Labels = t.n-1, p.labels(t)
	fact := func(name, text string) {
		if text != "" {
			v.Facts = append(v.Facts, page.Pair{Name: name, Text: text})
		}
	}
	fact("Where", strings.Join(s.Places, ", "))
	fact("When", p.span(s.Window.Start, s.Window.End))
	fact("How far apart", apart(members))
	fact("Holds all of it", "a circle of "+distance(s.RadiusM)+" radius")
	fact("Found by", foundBy(s))
	fact("Confidence", fmt.Sprintf("%.2f of 1, from how well its places and times are known", s.Confidence))
	if len(s.Joined) > 0 {
		fact("Joined", data.Count(len(s.Joined), "incident")+" before or after, not counted above")
	}
	var ranks []string
	for _, sg := range p.Layers.Patrols.Items {
		if sg.SpreeID == s.ID {
			ranks = append(ranks, fmt.Sprint(sg.Rank))
		}
	}
	fact("Patrols for it", strings.Join(ranks, ", "))
	if p.Analyst {
		for _, in := range members {
			v.Rows = append(v.Rows, incidentRow{in.ID, p.span(in.From.Time(), in.To.Time()), in.PlaceName, in.Level.String(), distance(in.RadiusM)})
		}
	}
	return v
}

// foundBy says what raised the spree and how sure that is.
func foundBy(s cluster.Spree) string {
	if s.Statistic == nil {
		return fmt.Sprintf("its rule: at least %d within %s and %.0f hours; not put to a test", s.Raised.MinIncidents, distance(s.Raised.RadiusM), s.Raised.Window.Hours())
	}
	st := s.Statistic
	return fmt.Sprintf("%s: %.3g seen, %.3g expected, p = %.2g; chance alone brings a night as strong once %s", s.Method, s.Observed, st.Expected, st.P, data.Often(st.Recurrence.Hours()/24))
}

// shifts are the suggestions by shift, the shift that comes first at the top.
func (p Page) shifts() []shiftView {
	items := slices.Clone(p.Layers.Patrols.Items)
	var names []string
	begin := make(map[string]time.Time)
	units := make(map[string]bool)
	for _, s := range items {
		if b, ok := begin[s.Shift]; !ok || s.Band.Start.Before(b) {
			begin[s.Shift] = s.Band.Start
		}
		if !slices.Contains(names, s.Shift) {
			names = append(names, s.Shift)
		}
		units[s.Shift] = units[s.Shift] || s.Unit != ""
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Or(begin[a].Compare(begin[b]), strings.Compare(a, b)) })
	var out []shiftView
	for _, name := range names {
		v := shiftView{Name: name, Units: units[name]}
		if name == "" {
			v.Name = "no shift given"
		}
		for _, s := range items {
			if s.Shift == name {
				v.Rows = append(v.Rows, p.patrolRow(s, v.Units))
			}
		}
		v.Routes = p.routes(name)
		out = append(out, v)
	}
	return out
}

// routes are those of the shift with their stops in order, by unit.
func (p Page) routes(shift string) []routeView {
	var out []routeView
	of := map[string]int{}
	for _, r := range p.Layers.Routes.Items {
		if r.Shift == shift {
			of[layer.RouteID(r)] = len(out)
			out = append(out, routeView{Heading: fmt.Sprintf("Route of %s: leaves at %s, back by %s; %s, %s on the road", r.Unit.Name,
				r.Leave.In(p.Zone).Format("15:04"), r.Back.In(p.Zone).Format("15:04"), data.Count(len(r.Stops), "stop"), distance(r.Metres))})
		}
	}
	for _, s := range p.Layers.Stops.Items {
		if i, ok := of[layer.RouteID(s.Route)]; ok {
			out[i].Stops = append(out[i].Stops, stopRow{s.N, s.Area.Rank, s.At.Start.In(p.Zone).Format("15:04") + "–" + s.At.End.In(p.Zone).Format("15:04"), placeOr(s.Area.PlaceName), distance(s.Metres)})
		}
	}
	return out
}

func (p Page) patrolRow(s patrol.Suggestion, units bool) patrolRow {
	row := patrolRow{Rank: s.Rank, Where: placeOr(s.PlaceName), When: p.span(s.Band.Start, s.Band.End),
		Visits: fmt.Sprintf("%s of %.0f min", data.Count(s.Visits, "visit"), s.Dwell.Minutes()), Priority: s.Priority, Offence: offence(s.Offence),
		Streets: strings.Join(s.Streets, ", "), Unit: s.Unit, Reason: s.Reason, Action: s.Action, Columns: 6}
	if units {
		row.Columns++
	}
	if !s.Expires.IsZero() {
		row.Expires = "Stop acting on it at " + p.stamp(s.Expires) + "."
	}
	return row
}

// quality says how well the reports were located, in words and by level.
func (p Page) quality() (string, []levelRow) {
	q := p.Quality
	if q.Rate == nil {
		return "There were no reports to locate.", nil
	}
	met := "under"
	if q.Met {
		met = "over"
	}
	text := fmt.Sprintf("%d of %d reports were located to a street or better, %.1f %%: %s the line of %.0f %% under which a crime map is not to be trusted (Ratcliffe 2004). %d of them within 500 m and sure enough to be used without a person.",
		q.Precise, q.Reports, 100**q.Rate, met, 100*q.Line, q.Sure)
	var rows []levelRow
	for _, l := range p.Levels {
		rows = append(rows, levelRow{l.Level.String(), fmt.Sprint(l.N), fmt.Sprintf("%.1f %%", 100*float64(l.N)/float64(q.Reports))})
	}
	return text, rows
}

func offence(name string) string {
	if name == "" {
		return "all offences"
	}
	return name
}

func placeOr(name string) string {
	if name == "" {
		return "place not named"
	}
	return name
}

// around names the first two places.
func around(places []string) string {
	switch len(places) {
	case 0:
		return ""
	case 1:
		return " in " + places[0]
	}
	return " around " + places[0] + " and " + places[1]
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
