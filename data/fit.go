package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"spreewatch/cluster/risk"
)

// RiskFit returns the newest fit of the shape, 64 hexadecimal digits, that was
// learnt up to the moment or before, and nil where there is none.
func (db *DB) RiskFit(ctx context.Context, shape string, asOf time.Time) (*risk.Fit, error) {
	var text string
	err := db.sql.QueryRowContext(ctx, `
		SELECT fit
		FROM risk_fit
		WHERE shape = ? AND as_of <= ?
		ORDER BY as_of DESC
		LIMIT 1`, shape, asOf.Unix()).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up the fit of the risk: %w", err)
	}
	var fit risk.Fit
	if err := json.Unmarshal([]byte(text), &fit); err != nil {
		return nil, fmt.Errorf("read the fit of the risk: %w", err)
	}
	return &fit, nil
}

// StoreRiskFit keeps a fit of the shape, in place of one of the same moment.
func (db *DB) StoreRiskFit(ctx context.Context, shape string, fit *risk.Fit) error {
	if _, err := db.sql.ExecContext(ctx, `
		INSERT OR REPLACE INTO risk_fit (shape, as_of, fit)
		VALUES (?, ?, ?)`, shape, fit.AsOf.Unix(), jsonText(fit)); err != nil {
		return fmt.Errorf("store the fit of the risk: %w", err)
	}
	return nil
}
