//go:build !linux

package main

// toLoopback fails: sockets are bound to a device on Linux alone.
func toLoopback(int) error { return errNoLoopback }
