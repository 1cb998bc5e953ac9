// Command spreewatch turns reported street addresses into patrol suggestions.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	g := &globals{in: os.Stdin, out: os.Stdout, errw: os.Stderr}
	return g.execute(ctx, os.Args[1:])
}
