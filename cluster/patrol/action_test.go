package patrol

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
)

// What a patrol does suits the hour: the bank by day, elsewhere at night, and each by
// its time where the band lies over the edge.
func TestActionsSuitTheHour(t *testing.T) {
	banks := courierFraud
	banks.ActionFrom, banks.ActionTo, banks.ActionElse = "09:00", "17:30", "Look for the courier."
	shops := cluster.Profile{Action: "Be at the doors.", ActionFrom: "18:00", ActionTo: "01:00", ActionElse: "Ring them up."}
	any := cluster.Profile{Action: "Walk."}
	zone := london(t)
	at := func(day, hour, minute int) time.Time { return time.Date(2015, 9, day, hour, minute, 0, 0, zone) }
	for _, c := range []struct {
		name     string
		p        cluster.Profile
		from, to time.Time
		want     string
	}{
		{"by day", banks, at(17, 10, 0), at(17, 13, 0), "Call on banks and post offices."},
		{"at 23:00", banks, at(17, 23, 0), at(18, 2, 0), "Look for the courier."},
		{"over closing time", banks, at(17, 16, 0), at(17, 19, 0), "Until 17:30: Call on banks and post offices. Then: Look for the courier."},
		{"the whole day", banks, at(17, 7, 0), at(17, 19, 0), "Until 09:00: Look for the courier. Until 17:30: Call on banks and post offices. Then: Look for the courier."},
		{"hours over midnight", shops, at(17, 23, 30), at(18, 0, 30), "Be at the doors."},
		{"after those", shops, at(18, 0, 10), at(18, 1, 20), "Until 01:00: Be at the doors. Then: Ring them up."},
		{"at any hour", any, at(17, 3, 0), at(17, 5, 0), "Walk."},
		// On 25 October 2015 the hour from 1 comes twice.
		{"the hour that comes twice", cluster.Profile{Action: "A.", ActionFrom: "01:00", ActionTo: "02:00", ActionElse: "B."}, time.Date(2015, 10, 25, 0, 30, 0, 0, zone), time.Date(2015, 10, 25, 2, 30, 0, 0, zone), "Until 01:00: B. Until 02:00: A. Then: B."},
	} {
		all := acts(c.p, cluster.Window{Start: c.from, End: c.to}, zone)
		if got := actText(all, zone); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		s := Suggestion{Action: "?", Acts: all}
		for moment := c.from; moment.Before(c.to); moment = moment.Add(5 * time.Minute) {
			if got := s.ActAt(moment); !strings.Contains(c.want, got) {
				t.Errorf("%s: %q at %v", c.name, got, moment)
			}
		}
		if got := s.ActAt(c.to); got != "?" {
			t.Errorf("%s: after the band %q", c.name, got)
		}
	}
}

// No suggestion of the night sends anybody to a bank.
func TestNoBankAtNight(t *testing.T) {
	banks := courierFraud
	banks.ActionFrom, banks.ActionTo, banks.ActionElse = "09:00", "17:30", "Look for the courier."
	calls := dereham(t)
	for i := range calls {
		calls[i].From, calls[i].To = calls[i].From+8*3600, calls[i].To+8*3600
	}
	o := DefaultOptions()
	o.AsOf, o.Zone, o.Profiles = time.Date(2015, 9, 17, 6, 0, 0, 0, london(t)), london(t), []cluster.Profile{banks}
	got, err := Plan(calls, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	nights := 0
	for _, s := range got {
		if strings.HasPrefix(s.Shift, "night") {
			nights++
			if strings.Contains(s.Action, "banks") || s.AnyHour != banks.Action {
				t.Errorf("%s: %s", s.Band, s.Action)
			}
		}
	}
	if nights == 0 {
		t.Error("nothing is planned for the night, so nothing was looked at")
	}
}

func TestActionsThatMeanNothing(t *testing.T) {
	for name, change := range map[string]func(*cluster.Profile){
		"from alone":           func(p *cluster.Profile) { p.ActionFrom = "09:00" },
		"no time":              func(p *cluster.Profile) { p.ActionFrom, p.ActionTo, p.ActionElse = "nine", "17:00", "B" },
		"no length":            func(p *cluster.Profile) { p.ActionFrom, p.ActionTo, p.ActionElse = "09:00", "09:00", "B" },
		"nothing for the rest": func(p *cluster.Profile) { p.ActionFrom, p.ActionTo = "09:00", "17:00" },
	} {
		p := courierFraud
		change(&p)
		if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "action_") {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := courierFraud
	p.ActionFrom, p.ActionTo, p.ActionElse = "22:00", "06:00", "B"
	if err := p.Validate(); err != nil {
		t.Error(cmp.Diff(nil, err.Error()))
	}
}
