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

// Hint returns the hint of the first UserError in err's chain, "" for none.
func Hint(err error) string {
	var u *UserError
	if errors.As(err, &u) {
		return u.Hint
	}
	return ""
}
