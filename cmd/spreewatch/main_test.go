package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"spreewatch": func() { os.Exit(run()) },
	})
}

// TestScripts runs each command as a user would: testdata/<verb>_<case>.txtar
// holds the input, the command and what it prints.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "runid": runID},
	})
}

// exits N COMMAND... runs the command and wants the exit code N. Its output goes
// to the files stdout and stderr of the script as with exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if want := args[0]; want != strconv.Itoa(code) {
		ts.Fatalf("exit code %d, want %s\n%s", code, want, ts.ReadFile("stderr"))
	}
}

// runID NAME FOLDER sets the variable NAME to the run that wrote the folder.
func runID(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: runid NAME FOLDER")
	}
	var run struct {
		ID string `json:"run_id"`
	}
	if err := json.Unmarshal([]byte(ts.ReadFile(filepath.Join(args[1], "run.json"))), &run); err != nil || run.ID == "" {
		ts.Fatalf("run.json of %s: %v", args[1], err)
	}
	ts.Setenv(args[0], run.ID)
}
