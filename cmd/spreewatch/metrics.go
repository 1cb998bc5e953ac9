package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/night"
)

// metricsStart is how the file begins, by which an earlier one is known.
const metricsStart = "# HELP spreewatch_last_run_success "

// writeMetrics writes counts of a run in the text format of Prometheus, for the
// textfile collector of node_exporter. Since that is another user of the system,
// and there are only counts in it, everybody may read the file.
func writeMetrics(g *globals, path string, out night.Outcome, good bool, took time.Duration) error {
	err := data.WriteWhole(path, g.night().Guard(data.Begins(metricsStart)), func(w io.Writer) error {
		var failed error
		gauge := func(name, help string, value float64) {
			if failed == nil {
				_, failed = fmt.Fprintf(w, "# HELP spreewatch_%s %s\n# TYPE spreewatch_%s gauge\nspreewatch_%s %v\n", name, help, name, name, value)
			}
		}
		success := 0.0
		if good {
			success = 1
		}
		gauge("last_run_success", "Whether the last run came to its end.", success)
		gauge("last_run_timestamp_seconds", "When the last run ended.", float64(time.Now().Unix()))
		gauge("last_run_duration_seconds", "How long the last run took.", layer.Decimals(took.Seconds(), 3))
		if !good {
			return failed
		}
		t := out.Run.Tallies
		gauge("as_of_timestamp_seconds", "The moment of the analysis.", float64(out.AsOf.Unix()))
		gauge("reports_read", "Reports that were read, repeats among them.", float64(t.Read))
		gauge("lines_rejected", "Lines that were refused.", float64(t.Rejected))
		gauge("lines_unread", "Lines that were not understood.", float64(t.Unread))
		gauge("files_rejected", "Files of the inbox that could not be read.", float64(len(out.Rejected)))
		gauge("files_left", "Files that stay in the inbox for another night.", float64(len(out.Left)))
		gauge("incidents", "Reports with a place and a time.", float64(t.Incidents))
		gauge("sprees", "Sprees found.", float64(t.Sprees))
		gauge("suggestions", "Patrols suggested.", float64(t.Suggestions))
		gauge("review_rows", "Rows that a person must decide.", float64(t.Review))
		if rate := out.Run.HitRate.Rate; rate != nil {
			gauge("hit_rate", "Share of the reports located precisely.", layer.Decimals(*rate, 4))
		}
		return failed
	})
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o644); err != nil {
		return &data.UserError{Msg: "write " + path, Err: data.PathCause(err)}
	}
	return nil
}
