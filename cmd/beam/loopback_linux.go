package main

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// toLoopback binds the sockets of this process that listen on a port to the loopback
// device, so that no packet from elsewhere reaches them. It fails where none listens, or
// one could not be bound.
func toLoopback(port int) error {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return fmt.Errorf("%w: %w", errNoLoopback, err)
	}
	bound := 0
	for _, entry := range open {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil || !listensOn(fd, port) {
			continue
		}
		if err := unix.BindToDevice(fd, "lo"); err != nil {
			return fmt.Errorf("%w: %w", errNoLoopback, err)
		}
		bound++
	}
	if bound == 0 {
		return fmt.Errorf("%w: nothing listens on its port", errNoLoopback)
	}
	return nil
}

// listensOn reports whether a file is a socket that takes connections on the port.
func listensOn(fd, port int) bool {
	if listens, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN); err != nil || listens == 0 {
		return false
	}
	at, err := unix.Getsockname(fd)
	if err != nil {
		return false
	}
	switch at := at.(type) {
	case *unix.SockaddrInet4:
		return at.Port == port
	case *unix.SockaddrInet6:
		return at.Port == port
	}
	return false
}
