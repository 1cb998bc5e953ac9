package risk

import (
	"slices"
	"time"

	"spreewatch/cluster"
)

// An HourWeek holds expected counts by local time: 24 hours × 7 days of the
// week, Monday first.
type HourWeek [24][7]float64

// week is the span from which an interval says nothing of the hour of the week.
const week = 7 * 24 * time.Hour

// NewHourWeek spreads each event over the hours of the week in which it may have
// happened, by the share of its interval that falls in each (Ratcliffe 2000,
// 2002). An instant, or an event without an end, counts whole in the hour that
// holds it. A span of 168 h or more counts 1/168 in every hour, never less and
// never nothing. The cells add up to the number of events.
//
// Hours are those of the clock in zone, and shares are of time that passed: an
// interval across a clock change has one hour of the clock less, or one twice.
// An interval that ends before it starts counts as an instant. Events are taken to the
// second.
func NewHourWeek(events []cluster.Window, zone *time.Location) HourWeek {
	events = slices.Clone(events)
	slices.SortFunc(events, compareWindows) // so that the order does not show in the last bits
	w := newWeek(zone)
	for _, event := range events {
		w.add(cluster.At(event.Start), cluster.At(event.End))
	}
	return w.table()
}

func compareWindows(a, b cluster.Window) int {
	if c := a.Start.Compare(b.Start); c != 0 {
		return c
	}
	return a.End.Compare(b.End)
}

// A weekCount counts events in the hours of the local week.
type weekCount struct {
	dial  *cluster.Dial
	hours [7 * 24]float64
}

func newWeek(zone *time.Location) *weekCount {
	return &weekCount{dial: cluster.NewDial(zone, time.Hour)}
}

func (w *weekCount) add(from, to cluster.Instant) {
	if to-from >= cluster.Instant(week/time.Second) {
		for i := range w.hours {
			w.hours[i] += 1.0 / 168
		}
		return
	}
	w.dial.Add(w.hours[:], from, to, 1)
}

func (w *weekCount) table() (h HourWeek) {
	for i, x := range w.hours {
		h[i%24][i/24] = x
	}
	return h
}

// Total is the sum of the cells.
func (h *HourWeek) Total() float64 {
	sum := 0.0
	for hour := range h {
		for _, v := range h[hour] {
			sum += v
		}
	}
	return sum
}
