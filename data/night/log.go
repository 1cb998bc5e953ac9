package night

import (
	"context"
	"log/slog"
)

// A heldLog keeps what a run says before it has its name, which rests on what was
// taken in, so that every line of its log can say in which run it is.
type heldLog struct {
	slog.Handler // of the log, which knows what is wanted of it
	said         []slog.Record
}

// Handle keeps the line, with its own time.
func (h *heldLog) Handle(_ context.Context, r slog.Record) error {
	h.said = append(h.said, r.Clone())
	return nil
}

// holdLog keeps what is logged until name, or close, lets it go.
func (e *evening) holdLog() { e.Log = slog.New(&heldLog{Handler: e.Log.Handler()}) }

// name says what the run is called, in each line of the log too.
func (e *evening) name(run string) {
	e.Named(run)
	e.letGo("run", run)
}

// letGo writes what was kept, and logs with the attributes from here on.
func (e *evening) letGo(attributes ...any) {
	held, keeps := e.Log.Handler().(*heldLog)
	if !keeps {
		e.Log = e.Log.With(attributes...)
		return
	}
	e.Log = slog.New(held.Handler).With(attributes...)
	for _, r := range held.said {
		_ = e.Log.Handler().Handle(context.Background(), r) // a logger too drops what cannot be written
	}
}
