package export

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

func TestIncidentTableByAudience(t *testing.T) {
	at := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)
	incidents := []cluster.Incident{
		{ID: "ref-1", Offence: "theft", From: cluster.At(at), To: cluster.At(at), Point: orb.Point{.94, 52.68}, Level: geo.LevelStreet},
		{ID: "ref-2", Offence: "theft", From: cluster.At(at.AddDate(0, 0, -3)), To: cluster.At(at), Point: orb.Point{.94, 52.68}, Level: geo.LevelStreet},
		{ID: "ref-3", Offence: "=free text", From: cluster.At(at), To: cluster.At(at), Point: orb.Point{.94, 52.68}, Level: geo.LevelStreet},
	}
	o := DefaultOptions()
	o.RunID, o.Offences, o.Audience = "incidents", []string{"theft"}, AudienceSupervisor
	table, err := IncidentTable(incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteTableCSV(&b, table); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	// Two thefts on days three apart; the other is free text, which only an analyst sees.
	if len(lines) != 3 || !strings.Contains(lines[2], ",theft,2,2026-02-26T00:00:00,2026-03-02T00:00:00,") || strings.Contains(b.String(), "ref-") || strings.Contains(b.String(), "free text") {
		t.Errorf("a supervisor gets\n%s", b.String())
	}
	o.Audience = AudienceAnalyst
	if table, err = IncidentTable(incidents, o); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if err := WriteTableCSV(&b, table); err != nil || !strings.Contains(b.String(), "ref-3,'=free text,") || !strings.Contains(b.String(), ",0.9400000,52.6800000") {
		t.Errorf("an analyst gets\n%s%v", b.String(), err)
	}
	b.Reset()
	if err := WriteTableGeoJSON(&b, table, o); err != nil || strings.Count(b.String(), `"type":"Point"`) != 3 {
		t.Errorf("and as GeoJSON\n%s%v", b.String(), err)
	}
	for _, c := range []struct {
		start string
		want  bool
	}{
		{"ref,offence,from_local,to_local,from_utc,to_utc,level,radius_m,confidence,spree_id,h3,in_spree,run_id,marking,lon,lat\n", true},
		{"h3,offence,incidents,from_local,to_local,run_id,marking,lon,lat\n8919", true},
		{"ref,offence,location,from,to\nA-1,theft,", false}, // somebody's reports
		{"ref,offence,from_local\n", false},
		{"", false},
	} {
		if got := IsIncidentCSV(c.start); got != c.want {
			t.Errorf("IsIncidentCSV(%q) = %v", c.start, got)
		}
	}
	o.Audience = AudiencePublic
	if _, err := IncidentTable(incidents, o); err == nil {
		t.Error("the public gets a list of incidents")
	}
}
