package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"spreewatch/data"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitReview = 3
)

// A usageError is a command line that cannot be carried out.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usagef makes a usageError with a hint.
func usagef(hint, format string, args ...any) error {
	return &usageError{&data.UserError{Msg: fmt.Sprintf(format, args...), Hint: hint}}
}

// errReview says that the work is done, and that some rows were refused or need
// a person. It prints nothing: the verb has already said which.
var errReview = errors.New("done, with rows that need review")

// errFound says that a check found something wrong, and has said what.
var errFound = errors.New("something is wrong")

// exitCode prints err for the person, one line and a hint if there is one, and
// returns the exit code.
func exitCode(ctx context.Context, w io.Writer, err error) int {
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errReview):
		return exitReview
	case errors.Is(err, errFound):
		return exitFailed
	case ctx.Err() != nil, errors.Is(err, context.Canceled): // what a statement that was cut off says is no news
		fmt.Fprintln(w, "spreewatch: interrupted")
		return exitFailed
	case data.Full(err):
		err = &data.UserError{Msg: "no space left on the disk; what was there before is untouched", Hint: "free some space, or name another place with --out and --db"}
	}
	if data.Busy(err) {
		err = &data.UserError{Msg: "the database is in use by another run", Hint: "wait for it to end, or let the program wait: --wait 10m"}
	}
	fmt.Fprintln(w, "spreewatch:", err)
	hint := data.Hint(err)
	if hint == "" && data.Corrupt(err) {
		hint = "a database of the last backup: spreewatch restore FILE --db another.db"
	}
	if hint != "" {
		fmt.Fprintln(w, "try:", hint)
	}
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}
