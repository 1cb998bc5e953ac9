package main

import (
	"github.com/paulmach/orb"

	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// A matchRow is a match as `geocode --json` prints it.
type matchRow struct {
	Level       string         `json:"level"`
	Lon         *float64       `json:"lon"`
	Lat         *float64       `json:"lat"`
	RadiusM     *float64       `json:"radius_m"`
	Confidence  float64        `json:"confidence"`
	Name        *string        `json:"name"`
	Locality    *string        `json:"locality"`
	Rule        string         `json:"rule"`
	Corrections []string       `json:"corrections"`
	Source      *string        `json:"source"`
	Candidates  []candidateRow `json:"candidates"`
}

type candidateRow struct {
	Name       string  `json:"name"`
	Locality   *string `json:"locality"`
	Lon        float64 `json:"lon"`
	Lat        float64 `json:"lat"`
	RadiusM    float64 `json:"radius_m"`
	Confidence float64 `json:"confidence"`
	Source     string  `json:"source"`
}

func newMatchRow(m geo.Match) matchRow {
	row := matchRow{
		Level: m.Level.String(), Confidence: layer.Decimals(m.Confidence, 4), Name: orNull(m.Name), Locality: orNull(m.Locality),
		Rule: m.Rule, Corrections: append([]string{}, m.Corrections...), Source: orNull(m.Source), Candidates: []candidateRow{},
	}
	if m.Level.Located() {
		p := orb.Round(m.Point, 1e7).(orb.Point)
		radius := layer.Decimals(m.RadiusM, 1)
		row.Lon, row.Lat, row.RadiusM = &p[0], &p[1], &radius
	}
	for _, c := range m.Candidates {
		p := orb.Round(c.Point, 1e7).(orb.Point)
		row.Candidates = append(row.Candidates, candidateRow{Name: c.Name, Locality: orNull(c.Locality), Lon: p[0], Lat: p[1],
			RadiusM: layer.Decimals(c.RadiusM, 1), Confidence: layer.Decimals(c.Confidence, 4), Source: c.Source})
	}
	return row
}
