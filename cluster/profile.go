package cluster

import (
	"fmt"
	"time"
)

// A Profile is what is known of an offence: how far and how long a spree of it
// reaches, and what a patrol can do.
type Profile struct {
	Offence      string        // name, such as "courier-fraud"
	Words        []string      // words in a report's text that mean this offence
	Codes        []string      // classes of the Home Office Counting Rules that mean it, such as "28E", or "28" for all of 28
	Not          []string      // words in a column of offences that mean it is another
	RadiusM      float64       // incidents of one spree lie within this of a common centre, metres
	Window       time.Duration // incidents of one spree lie within this
	MinIncidents int           // fewer are not a spree
	Lookback     time.Duration // a spree that ended up to this long before the analysis is still raised
	DecayM       float64       // distance at which the near-repeat risk has fallen to 1/e, metres
	DecayTime    time.Duration // time in which it does
	Action       string        // what a patrol does there, in a sentence
	ActionFrom   string        // by the local clock when the action suits, such as "09:00"; "" for at any hour
	ActionTo     string        // until when, such as "17:30"
	ActionElse   string        // what it does at other hours
}

// Validate refuses a profile that can find nothing or everything.
func (p Profile) Validate() error {
	switch {
	case p.Offence == "":
		return fmt.Errorf("a profile has no offence name")
	case !(p.RadiusM > 0 && p.RadiusM <= 200_000):
		return fmt.Errorf("profile %s: radius must be over 0 and at most 200 km", p.Offence)
	case p.Window <= 0:
		return fmt.Errorf("profile %s: window must be over 0", p.Offence)
	case p.MinIncidents < 2:
		return fmt.Errorf("profile %s: min_incidents must be at least 2", p.Offence)
	case p.Lookback < 0:
		return fmt.Errorf("profile %s: lookback must not be negative", p.Offence)
	case !(p.DecayM > 0) || p.DecayTime <= 0:
		return fmt.Errorf("profile %s: decay distance and time must be over 0", p.Offence)
	case (p.ActionFrom == "") != (p.ActionTo == ""):
		return fmt.Errorf("profile %s: action_from and action_to go together", p.Offence)
	case p.ActionFrom != "" && (!isClock(p.ActionFrom) || !isClock(p.ActionTo) || p.ActionFrom == p.ActionTo):
		return fmt.Errorf("profile %s: action_from and action_to are two times of day such as 09:00 and 17:30", p.Offence)
	case p.ActionFrom != "" && p.ActionElse == "":
		return fmt.Errorf("profile %s: action_else is what a patrol does outside action_from and action_to", p.Offence)
	}
	return nil
}

func isClock(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil
}
