package main

import (
	"testing"
	"time"
)

func TestParseMoment(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2015-09-17T02:00":          "2015-09-17T01:00:00Z",
		"2015-09-17 02:00:30":       "2015-09-17T01:00:30Z",
		"2015-09-17T02:00:00Z":      "2015-09-17T02:00:00Z",
		"2015-09-17T02:00:00+05:00": "2015-09-16T21:00:00Z",
		"2015-09-16":                "2015-09-16T23:00:00Z", // the end of that day
		"2015-10-25":                "2015-10-26T00:00:00Z", // 25 hours long
	} {
		got, err := parseMoment(text, london)
		if err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%q = %v, %v; want %s", text, got, err, want)
		}
	}
}
