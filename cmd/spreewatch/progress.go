package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress returns a bar over bytes (-1 where their number is not known) on
// standard error, a silent one where that is no terminal or --quiet is given.
func (g *globals) progress(size int64, what string) *progressbar.ProgressBar {
	if g.quiet || !terminal(g.console) {
		return progressbar.DefaultBytesSilent(size, what)
	}
	return progressbar.NewOptions64(size,
		progressbar.OptionSetWriter(g.console),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)
}
