// Package table reads tables as the world writes them: CSV with any separator,
// workbooks and JSON lines, plain, gzipped or alone in a zip. What belongs to the
// file is decided once for the file, with evidence that can be shown: where the
// header is, which column is which field, whether dates are day first, what the
// coordinates are. No error or note holds a value of a row.
package table

import (
	"fmt"
)

// An Error is a file that cannot be read as a whole, in one line for a person,
// with what to try.
type Error struct {
	Msg  string
	Try  string // a command or an action; "" where none helps
	Also string // another command of the same kind, "" for none
	Err  error  // what caused it, nil where Msg says all
}

// Error returns the line without the hint.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Msg + ": " + e.Err.Error()
	}
	return e.Msg
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hinted returns what to try.
func (e *Error) Hinted() string {
	if e.Also != "" {
		return e.Try + "\n or: " + e.Also
	}
	return e.Try
}

// A RowError is one row that cannot be used. Reading goes on after it.
type RowError struct {
	Line   int
	Field  string // the field or column at fault, "" for the whole row
	Reason string
}

// Error says where and why, without a value of the row.
func (e *RowError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d: %s: %s", e.Line, e.Field, e.Reason)
}

// A fieldError is a value that cannot be used, before its line is known.
type fieldError struct{ field, reason string }

func (e *fieldError) Error() string { return e.field + ": " + e.reason }
