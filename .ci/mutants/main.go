// Mutants breaks the program on purpose, one line at a time, in a copy of the
// tree, and says which breaks the suite does not notice.
//
//	go run ./.ci/mutants [-only WORDS] [-list] [FILE]
//
// FILE (default .ci/mutants.txt) holds the breaks. Each must build and turn the
// suite red on the project's own data; exit 1 when one does not, or no longer
// stands in the source.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// A mutant is one break: in File the text From, which stands there once, becomes To.
type mutant struct {
	Line           int
	File, Why      string
	From, To       string
	fromSet, toSet bool
}

func main() {
	only := flag.String("only", "", "try those alone whose file or reason holds this text")
	list := flag.Bool("list", false, "check that each still applies, and run nothing")
	flag.Parse()
	file := ".ci/mutants.txt"
	if flag.NArg() > 0 {
		file = flag.Arg(0)
	}
	if err := run(file, *only, *list); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(file, only string, list bool) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	mutants, err := parse(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	dir, err := copyTree()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if !list {
		if out, err := suite(dir, "./..."); err != nil {
			return fmt.Errorf("the suite is red before any break:\n%s", tail(out))
		}
	}
	tried, bad := 0, 0
	for _, m := range mutants {
		if !strings.Contains(m.File+" "+m.Why, only) {
			continue
		}
		tried++
		start := time.Now()
		verdict, ok := try(dir, m, list)
		if !ok {
			bad++
		}
		fmt.Printf("%-9s %3.0fs  %s: %s\n", verdict, time.Since(start).Seconds(), m.File, m.Why)
	}
	if list {
		fmt.Printf("mutants: %d stand in the source, %d do not\n", tried-bad, bad)
	} else {
		fmt.Printf("mutants: %d tried, %d noticed, %d not\n", tried, tried-bad, bad)
	}
	switch {
	case tried == 0:
		return errors.New("nothing was tried")
	case bad > 0:
		return fmt.Errorf("%d of %d breaks are not noticed, do not build or no longer apply", bad, tried)
	}
	return nil
}

// parse reads blocks of lines: "FILE: WHY", "- FROM", "+ TO", the last two of one
// line or more. Blank lines and lines that begin with # stand between them.
func parse(text string) ([]mutant, error) {
	var out []mutant
	for i, line := range strings.Split(text, "\n") {
		n := i + 1
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "- "):
			if len(out) == 0 || out[len(out)-1].toSet {
				return nil, fmt.Errorf("line %d: a - line without a file above it", n)
			}
			out[len(out)-1].From = joined(out[len(out)-1].From, out[len(out)-1].fromSet, line[2:])
			out[len(out)-1].fromSet = true
		case strings.HasPrefix(line, "+"):
			if len(out) == 0 || !out[len(out)-1].fromSet {
				return nil, fmt.Errorf("line %d: a + line without a - line above it", n)
			}
			out[len(out)-1].To = joined(out[len(out)-1].To, out[len(out)-1].toSet, strings.TrimPrefix(line[1:], " "))
			out[len(out)-1].toSet = true
		default:
			file, why, ok := strings.Cut(line, ": ")
			if !ok {
				return nil, fmt.Errorf("line %d: want FILE: WHY", n)
			}
			out = append(out, mutant{Line: n, File: file, Why: why})
		}
	}
	for _, m := range out {
		if !m.toSet || m.From == m.To {
			return nil, fmt.Errorf("line %d: a break needs a - line and a + line that differ", m.Line)
		}
	}
	return out, nil
}

// joined is the text with one more line.
func joined(text string, begun bool, line string) string {
	if !begun {
		return line
	}
	return text + "\n" + line
}

// copyTree copies the files that git knows, as they are in the working tree, to
// a new folder with nothing beside it.
func copyTree() (string, error) {
	names, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return "", fmt.Errorf("git ls-files: %w", err)
	}
	top, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return "", err
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		b, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) { // removed and not yet committed
			continue
		}
		if err != nil {
			return "", err
		}
		to := filepath.Join(top, "tree", name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			return "", err
		}
	}
	return filepath.Join(top, "tree"), nil
}

// try applies one break, runs the suite and takes the break back.
func try(dir string, m mutant, list bool) (verdict string, ok bool) {
	name := filepath.Join(dir, filepath.FromSlash(m.File))
	whole, err := os.ReadFile(name)
	if err != nil {
		return "NO FILE", false
	}
	if n := bytes.Count(whole, []byte(m.From)); n != 1 {
		return fmt.Sprintf("%d PLACES", n), false
	}
	if list {
		return "stands", true
	}
	if err := os.WriteFile(name, bytes.Replace(whole, []byte(m.From), []byte(m.To), 1), 0o644); err != nil {
		return "NOT WRITTEN", false
	}
	defer os.WriteFile(name, whole, 0o644)
	own := "./" + path.Dir(m.File)
	if _, err := command(dir, "build", "./..."); err != nil {
		return "NO BUILD", false
	}
	if _, err := suite(dir, own); err != nil {
		return "noticed", true
	}
	if _, err := suite(dir, "./..."); err != nil {
		return "noticed", true
	}
	return "UNNOTICED", false
}

// suite runs the tests of packages without the outside data.
func suite(dir, packages string) ([]byte, error) {
	return command(dir, "test", "-failfast", "-vet=off", "-timeout=10m", packages)
}

func command(dir string, args ...string) ([]byte, error) {
	gobin := os.Getenv("GO")
	if gobin == "" {
		gobin = "go"
	}
	cmd := exec.Command(gobin, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath", "SPREEWATCH_SHARED="+filepath.Join(dir, "none"))
	return cmd.CombinedOutput()
}

func tail(b []byte) []byte { return b[max(0, len(b)-4000):] }
