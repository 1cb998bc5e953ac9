package main

import (
	"fmt"
	"io"
	"path"
	"runtime"

	"spreewatch/geo"
)

// printFault says that the program itself is at fault, and where, for who mends
// it: the run, once it has a name, the functions and lines that were at work, be it
// in a worker, and no value, which may be of a report.
func printFault(w io.Writer, fault any, run string) int {
	at := make([]uintptr, 64)
	at = at[:runtime.Callers(3, at)]
	if worker, ok := fault.(*geo.Fault); ok {
		fault, at = worker.Value, worker.At
	}
	if run != "" {
		run = " in run " + run
	}
	fmt.Fprintf(w, "spreewatch: a fault of the program (%s, %T)%s; what is stored is whole\n", versions()["spreewatch"], fault, run)
	fmt.Fprintln(w, "try: the same again, and report the lines below, which hold nothing of your data")
	frames := runtime.CallersFrames(at)
	for {
		frame, more := frames.Next()
		fmt.Fprintf(w, "  %s (%s:%d)\n", frame.Function, path.Base(frame.File), frame.Line)
		if !more {
			return exitFailed
		}
	}
}
