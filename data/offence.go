package data

import (
	"context"
	"fmt"
)

// An OffenceCount is how many reports call their offence by one text.
type OffenceCount struct {
	Text    string // of the source's column; the word of a bulletin's label; "" where neither says
	Profile string // as which it counts, "" for none
	Reports int
}

// Offences counts the reports that stand by what they call their offence and the
// profile that it went to: those of no profile first, then the most frequent, then
// by text.
func (db *DB) Offences(ctx context.Context, profiles []string) ([]OffenceCount, error) {
	rows, err := db.sql.QueryContext(ctx, `
		SELECT CASE WHEN offence_text <> '' THEN offence_text WHEN known.value IS NULL THEN offence ELSE '' END AS said,
			coalesce(known.value, '') AS profile, count(*) AS reports
		FROM report
		LEFT JOIN json_each(?) AS known ON known.value = report.offence
		WHERE withdrawn = 0
		GROUP BY said, profile
		ORDER BY profile <> '', reports DESC, said, profile`, jsonText(profiles))
	if err != nil {
		return nil, fmt.Errorf("count offences: %w", err)
	}
	defer rows.Close()
	var out []OffenceCount
	for rows.Next() {
		var c OffenceCount
		if err := rows.Scan(&c.Text, &c.Profile, &c.Reports); err != nil {
			return nil, fmt.Errorf("read offence: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
