//go:build !linux

package data

import "errors"

// FreeBytes returns errors.ErrUnsupported: only Linux is asked.
func FreeBytes(string) (int64, error) { return 0, errors.ErrUnsupported }
