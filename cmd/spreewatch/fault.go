package main

import (
	"fmt"
	"io"
	"path"
	"runtime"
)

// printFault says that the program itself is at fault, and where, for who mends
// it: the functions and lines that were at work, and no value, which may be of a
// report.
func printFault(w io.Writer, fault any) int {
	fmt.Fprintf(w, "spreewatch: a fault of the program (%s, %T); what is stored is whole\n", versions()["spreewatch"], fault)
	fmt.Fprintln(w, "try: the same again, and report the lines below, which hold nothing of your data")
	at := make([]uintptr, 64)
	frames := runtime.CallersFrames(at[:runtime.Callers(3, at)])
	for {
		frame, more := frames.Next()
		fmt.Fprintf(w, "  %s (%s:%d)\n", frame.Function, path.Base(frame.File), frame.Line)
		if !more {
			return exitFailed
		}
	}
}
