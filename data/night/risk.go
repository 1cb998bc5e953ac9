package night

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/cluster/risk"
	"spreewatch/data"
	"spreewatch/geo"
)

// riskShape names what shapes a fit of the risk beside the incidents, as 64
// hexadecimal digits: a fit of other cells, shifts or offences is another one.
func (e *evening) riskShape() string {
	o := e.Settings.PlanOptions(e.Zone, e.Now)
	h := sha256.New()
	fmt.Fprintf(h, "1 %d %s\n", o.Resolution, e.Zone) // 1 is the form of the mixture
	for _, s := range o.Shifts {
		fmt.Fprintf(h, "%q %q %q\n", s.Name, s.Start, s.End)
	}
	for _, p := range o.Profiles {
		fmt.Fprintf(h, "%q\n", p.Offence)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// learnRisk takes the fit that the store has for the moment of the plan, or learns
// one where there is none or it is old.
func (e *evening) learnRisk(ctx context.Context, a *analysis, incidents []cluster.Incident, o patrol.Options) error {
	known, err := e.db.RiskFit(ctx, e.riskShape(), a.asOf)
	if err != nil {
		return err
	}
	if known != nil && !known.Old(a.asOf) {
		a.fit = known
		return nil
	}
	if a.fit, err = learnFit(ctx, incidents, o); err != nil {
		return fmt.Errorf("learn the risk: %w", err)
	}
	a.fitted = true
	return nil
}

// learnFit learns the risk for as long as nobody stops it.
func learnFit(ctx context.Context, incidents []cluster.Incident, o patrol.Options) (*risk.Fit, error) {
	return geo.Attend(ctx, func() (*risk.Fit, error) { return patrol.Learn(incidents, o) })
}

// FitRisk returns what a plan as of the moment of the options rests on: what was
// learnt before, or with anew what is learnt now, which is kept.
func FitRisk(ctx context.Context, o Options, anew bool) (*risk.Fit, error) {
	e, err := o.alter(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	a := &analysis{asOf: o.Moment()}
	g, _, err := e.gather(ctx, a.asOf.Add(-time.Duration(e.Settings.Detect.History)), a.asOf, nil)
	if err != nil {
		return nil, err
	}
	a.gathering = g
	incidents, opt := e.planned(a), e.Settings.PlanOptions(e.Zone, a.asOf)
	if anew {
		a.fit, err = learnFit(ctx, incidents, opt)
		a.fitted = true
	} else {
		err = e.learnRisk(ctx, a, incidents, opt)
	}
	if err != nil || !a.fitted {
		return a.fit, err
	}
	if err := e.db.Audit(ctx, e.entry(data.Combination, "", "the risk learnt of %s", data.Count(len(incidents), "incident"))); err != nil {
		return nil, err
	}
	return a.fit, e.db.StoreRiskFit(ctx, e.riskShape(), a.fit)
}
