package main

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	"golang.org/x/sys/unix"
)

// Prism, which asks for every interface, is left with the loopback device.
func TestLoopback(t *testing.T) {
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	if err := toLoopback(port); err == nil {
		t.Error("nothing listens, and no error")
	}
	if _, err := prism.CreateJobServer(context.Background(), prism.Options{Port: port}); err != nil {
		t.Fatal(err)
	}
	if got := devices(t, port); len(got) != 1 || got[0] != "" {
		t.Fatalf("before: %q, want one socket of no device", got)
	}
	if err := toLoopback(port); err != nil {
		t.Fatal(err)
	}
	if got := devices(t, port); len(got) != 1 || got[0] != "lo" {
		t.Fatalf("after: %q, want one socket of lo", got)
	}
	c, err := net.Dial("tcp", net.JoinHostPort("localhost", strconv.Itoa(port)))
	if err != nil {
		t.Fatalf("from this machine: %v", err)
	}
	c.Close()
}

// devices are those that the sockets listening on a port are bound to.
func devices(t *testing.T, port int) (out []string) {
	t.Helper()
	open, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range open {
		fd, err := strconv.Atoi(filepath.Base(path))
		if err != nil || !listensOn(fd, port) {
			continue
		}
		name, err := unix.GetsockoptString(fd, unix.SOL_SOCKET, unix.SO_BINDTODEVICE)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.TrimRight(name, "\x00"))
	}
	return out
}
