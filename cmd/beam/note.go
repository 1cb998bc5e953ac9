package main

import (
	"encoding/json"
	"fmt"
)

// A note is what a step says beside its result: a row that it refused, by file and line
// and never by what it says, or how many it took.
type note struct {
	Force  string `json:"force,omitempty"`
	Source string `json:"source,omitempty"` // base name of the file
	File   string `json:"file,omitempty"`   // where it is, which tells it from another of its name; on the way only
	Nth    int    `json:"nth,omitempty"`    // of the file's events or of its refused rows, which may share a line; on the way only

	// Of a refused row.
	Line   int    `json:"line,omitempty"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason,omitempty"`

	Count *count `json:"count,omitempty"` // of rows, where the note is none of a refused one
}

// A count is how many rows a step saw.
type count struct {
	Read  int `json:"read,omitempty"`       // in a file
	Taken int `json:"taken_back,omitempty"` // of them, reports that were taken back
	Used  int `json:"used,omitempty"`       // of a force, by its job
}

func (n note) encode() []byte {
	text, err := json.Marshal(n)
	if err != nil {
		panic(fmt.Sprintf("beam: a note that is no JSON: %v", err))
	}
	return text
}
