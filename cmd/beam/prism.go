package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners/universal"
)

// runPrism runs a pipeline in this process. Prism listens on every interface of the
// machine, and what passes it is where victims live: before it gets any work its socket
// is bound to the loopback device, and where that cannot be, nothing is run.
func runPrism(ctx context.Context, p *beam.Pipeline) (beam.PipelineResult, error) {
	// Beam leaves an empty file of each job among the temporary ones.
	dir, err := os.MkdirTemp("", "spreewatch-beam-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	before, there := os.LookupEnv("TMPDIR")
	if err := os.Setenv("TMPDIR", dir); err != nil {
		return nil, err
	}
	defer func() {
		if os.Unsetenv("TMPDIR"); there {
			os.Setenv("TMPDIR", before)
		}
	}()
	if *jobopts.Endpoint == "" {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		if _, err := prism.CreateJobServer(ctx, prism.Options{Port: port}); err != nil {
			return nil, fmt.Errorf("start prism: %w", err)
		}
		if err := toLoopback(port); err != nil {
			return nil, fmt.Errorf("keep prism on this machine: %w", err)
		}
		*jobopts.Endpoint = fmt.Sprintf("localhost:%d", port)
		if *jobopts.EnvironmentType == "" {
			*jobopts.EnvironmentType = "loopback"
		}
	}
	return universal.Execute(ctx, p)
}

// errNoLoopback is why prism is not run: another runner may be.
var errNoLoopback = errors.New("its socket cannot be bound to the loopback device here; --runner=universal --endpoint=HOST:PORT takes a runner of your own")

// freePort is a port that nothing listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
