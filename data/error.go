package data

import "errors"

// A UserError is a mistake that the person at the keyboard can mend: one line
// that says what is wrong, and a hint. Neither holds an address, a name or free
// text of a report.
type UserError struct {
	Msg  string
	Hint string // a command or a setting to try; "" where none helps
	Err  error  // what caused it, nil where Msg says all
}

// Error returns the line without the hint.
func (e *UserError) Error() string {
	if e.Err != nil {
		return e.Msg + ": " + e.Err.Error()
	}
	return e.Msg
}

// Unwrap returns the cause.
func (e *UserError) Unwrap() error { return e.Err }

// Hinted returns the hint.
func (e *UserError) Hinted() string { return e.Hint }

// Hint returns the hint of the first error in err's chain that has one to give, ""
// for none.
func Hint(err error) string {
	var h interface {
		error
		Hinted() string
	}
	if errors.As(err, &h) {
		return h.Hinted()
	}
	return ""
}
