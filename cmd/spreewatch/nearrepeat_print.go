package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"spreewatch/cluster/nearrepeat"
	"spreewatch/data/export"
	"spreewatch/data/export/layer"
)

// nearRepeatResult is the JSON of the verb. Matrices have a row a distance band;
// null is a value that does not exist.
type nearRepeatResult struct {
	DistanceBands []jsonBand          `json:"distance_bands"` // metres
	TimeBands     []jsonBand          `json:"time_bands"`     // days
	Observed      [][]layer.Statistic `json:"observed"`
	Mean          [][]layer.Statistic `json:"mean"`
	Median        [][]layer.Statistic `json:"median"`
	Ratio         [][]layer.Statistic `json:"ratio"`
	MedianRatio   [][]layer.Statistic `json:"median_ratio"`
	P             [][]layer.Statistic `json:"p_value"`
	Cases         int                 `json:"cases"`
	Pairs         int64               `json:"pairs"`
	Rejected      int                 `json:"rejected"`
	Replicates    int                 `json:"replicates"`
	Seed          uint64              `json:"seed"`
	Metric        nearrepeat.Metric   `json:"metric"`
	Precision     string              `json:"precision"`
	Aoristic      bool                `json:"aoristic"`
	Chains        *jsonChains         `json:"chains,omitempty"`
}

// jsonBand is [from, to); to is null where the band is open. [0, 0] is the same
// place.
type jsonBand [2]layer.Statistic

type jsonChains struct {
	DistanceM layer.Statistic `json:"distance_m"` // null where no band is significant
	Days      layer.Statistic `json:"days"`
	Chains    []jsonChain     `json:"chains"`
}

type jsonChain struct {
	Incidents []string  `json:"incident_ids"` // the first is the originator
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
}

func newNearRepeatResult(t nearrepeat.Table, o nearrepeat.Options) nearRepeatResult {
	res := nearRepeatResult{
		DistanceBands: jsonBands(t.Distance), TimeBands: jsonBands(t.Time),
		Observed: jsonMatrix(t.Observed), Mean: jsonMatrix(t.Mean), Median: jsonMatrix(t.Median),
		Ratio: jsonMatrix(t.Ratio), MedianRatio: jsonMatrix(t.MedianRatio), P: jsonMatrix(t.P),
		Cases: t.Cases, Pairs: t.Pairs, Replicates: t.Replicates, Seed: o.Seed, Metric: o.Metric, Precision: "double",
	}
	if o.Single {
		res.Precision = "single"
	}
	return res
}

func jsonBands(bands []nearrepeat.Band) []jsonBand {
	out := make([]jsonBand, len(bands))
	for i, b := range bands {
		out[i] = jsonBand{layer.Statistic(b.From), layer.Statistic(b.To)}
	}
	return out
}

func jsonMatrix(m [][]float64) [][]layer.Statistic {
	out := make([][]layer.Statistic, len(m))
	for r, row := range m {
		out[r] = make([]layer.Statistic, len(row))
		for c, v := range row {
			out[r][c] = layer.Statistic(v)
		}
	}
	return out
}

// writePairs writes the close pairs; lags are in days, from the least to the
// greatest that the times allow.
func writePairs(w io.Writer, pairs []nearrepeat.Pair) error {
	c := csv.NewWriter(w)
	if err := c.Write([]string{"originator", "near_repeat", "distance_m", "lag_days", "lag_days_max", "probability"}); err != nil {
		return err
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	days := func(d time.Duration) string { return number(math.Round(d.Hours()/24*1e6) / 1e6) }
	for _, p := range pairs {
		row := []string{export.CellText(p.Originator), export.CellText(p.NearRepeat), number(math.Round(p.DistanceM*1e3) / 1e3), days(p.LagMin), days(p.LagMax), number(math.Round(p.Probability*1e6) / 1e6)}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// printNearRepeat prints a line a cell row: observed, ratio to the mean, p.
func printNearRepeat(w io.Writer, t nearrepeat.Table, res nearRepeatResult) error {
	fmt.Fprintf(w, "%d events, %d pairs, %s distance, %d replicates, seed %d\n", t.Cases, t.Pairs, res.Metric, t.Replicates, res.Seed)
	fmt.Fprint(w, "observed, × mean by chance, p (* under .05, ** .001 or less)\n\n")
	tab := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprint(tab, "metres")
	for _, b := range t.Time {
		fmt.Fprintf(tab, "\t%s", bandText(b, " d"))
	}
	fmt.Fprintln(tab)
	for r, b := range t.Distance {
		fmt.Fprint(tab, bandText(b, ""))
		for c := range t.Time {
			fmt.Fprintf(tab, "\t%s", cellText(t.Observed[r][c], t.Ratio[r][c], t.P[r][c]))
		}
		fmt.Fprintln(tab)
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	if res.Chains == nil {
		return nil
	}
	return printChains(w, *res.Chains)
}

func bandText(b nearrepeat.Band, unit string) string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case b == nearrepeat.Band{}:
		return "same place"
	case math.IsInf(b.To, 0):
		return number(b.From) + unit + " or more"
	}
	return number(b.From) + " to " + number(b.To) + unit
}

func cellText(observed, ratio, p float64) string {
	parts := []string{strconv.FormatFloat(math.Round(observed*100)/100, 'f', -1, 64)}
	if !math.IsNaN(ratio) {
		parts = append(parts, fmt.Sprintf("×%.2f", ratio))
	}
	if !math.IsNaN(p) {
		stars := ""
		if p <= 0.001 {
			stars = "**"
		} else if p < 0.05 {
			stars = "*"
		}
		parts = append(parts, fmt.Sprintf("p %.3f%s", p, stars))
	}
	return strings.Join(parts, " ")
}

// printChains prints how many chains there are of each length.
func printChains(w io.Writer, c jsonChains) error {
	if math.IsNaN(float64(c.DistanceM)) {
		_, err := fmt.Fprint(w, "\nno chains: no band has p under .05; name one with --chain-distance and --chain-days\n")
		return err
	}
	fmt.Fprintf(w, "\nchains of events under %v m and %v days apart: %d\n", float64(c.DistanceM), float64(c.Days), len(c.Chains))
	for first := 0; first < len(c.Chains); {
		size, next := len(c.Chains[first].Incidents), first
		for next < len(c.Chains) && len(c.Chains[next].Incidents) == size {
			next++
		}
		if _, err := fmt.Fprintf(w, "%6d of %d\n", next-first, size); err != nil {
			return err
		}
		first = next
	}
	return nil
}
