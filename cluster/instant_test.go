package cluster

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// An instant is the second that a moment lies in, and compares as moments do.
func TestInstant(t *testing.T) {
	if !At(time.Time{}).IsZero() || !Instant(0).Time().IsZero() {
		t.Error("the zero value is another moment than that of time.Time")
	}
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			return time.Unix(rapid.Int64Range(-3e9, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC()
		})
		a, b := moment.Draw(t, "a"), moment.Draw(t, "b")
		whole := time.Unix(a.Unix(), 0).UTC()
		if got := At(a); got.Time() != whole || got.Unix() != a.Unix() {
			t.Fatalf("%v is taken for %v", a, got.Time())
		}
		if At(a).After(b) != whole.After(b) || At(a).Before(b) != whole.Before(b) {
			t.Fatalf("%v against %v: after %v, before %v", whole, b, At(a).After(b), At(a).Before(b))
		}
		if got, want := At(a).Sub(At(b)), time.Duration(a.Unix()-b.Unix())*time.Second; got != want {
			t.Fatalf("%v is %v after %v, want %v", a, got, b, want)
		}
	})
	if got := Instant(math.MaxInt64 / 4).Sub(0); got < 292*365*24*time.Hour {
		t.Errorf("the longest way is %v", got)
	}
}
