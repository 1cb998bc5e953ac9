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
// An interval that ends before it starts counts as an instant.
func NewHourWeek(events []cluster.Window, zone *time.Location) HourWeek {
	events = slices.Clone(events)
	slices.SortFunc(events, compareWindows) // so that the order does not show in the last bits
	var h HourWeek
	for _, w := range events {
		h.add(w, zone)
	}
	return h
}

func compareWindows(a, b cluster.Window) int {
	if c := a.Start.Compare(b.Start); c != 0 {
		return c
	}
	return a.End.Compare(b.End)
}

func (h *HourWeek) add(w cluster.Window, zone *time.Location) {
	span := w.Duration()
	if span >= week {
		for hour := range h {
			for day := range h[hour] {
				h[hour][day] += 1.0 / 168
			}
		}
		return
	}
	at := w.Start.In(zone)
	if span <= 0 {
		*h.cell(at) += 1
		return
	}
	for at.Before(w.End) {
		next := nextHour(at)
		if next.After(w.End) {
			next = w.End.In(zone)
		}
		*h.cell(at) += float64(next.Sub(at)) / float64(span)
		at = next
	}
}

// cell is where a local time counts.
func (h *HourWeek) cell(local time.Time) *float64 {
	return &h[local.Hour()][(local.Weekday()+6)%7]
}

// nextHour is when the clock next shows another hour, or is changed.
func nextHour(local time.Time) time.Time {
	into := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	next := local.Add(time.Hour - into)
	if _, change := local.ZoneBounds(); !change.IsZero() && change.Before(next) {
		return change
	}
	return next
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
