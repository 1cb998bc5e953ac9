package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A shell is told every verb and every flag, each with what its help says.
func TestCompletionsNameEveryVerbAndFlag(t *testing.T) {
	told := func(args ...string) map[string]string {
		t.Helper()
		out, _ := does(t, 0, append([]string{"__complete"}, args...)...)
		lines := map[string]string{}
		for line := range strings.Lines(out) {
			name, says, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			lines[name] = says
		}
		return lines
	}
	verbs, flags := 0, 0
	var walk func(cmd *cobra.Command, path []string)
	walk = func(cmd *cobra.Command, path []string) {
		subs, shown := told(append(path, "")...), told(append(path, "--")...)
		check := func(f *pflag.Flag) {
			if f.Hidden {
				return
			}
			flags++
			if says, ok := shown["--"+f.Name]; !ok || says == "" || strings.Contains(says, "`") {
				t.Errorf("%s --%s: told %q, %t", cmd.CommandPath(), f.Name, says, ok)
			}
		}
		cmd.LocalFlags().VisitAll(check)
		cmd.InheritedFlags().VisitAll(check)
		for _, sub := range cmd.Commands() {
			if sub.Hidden || sub.Name() == "help" || sub.Name() == "completion" {
				continue
			}
			verbs++
			if subs[sub.Name()] != sub.Short {
				t.Errorf("%s: told %q, want %q", sub.CommandPath(), subs[sub.Name()], sub.Short)
			}
			walk(sub, append(slices.Clone(path), sub.Name()))
		}
	}
	walk(rootCmd(&globals{}), nil)
	if verbs < 28 || flags < 400 {
		t.Errorf("%d verbs and %d flags were looked for", verbs, flags)
	}
}

// What a flag takes is what the shell offers: files, folders, its few values, or
// nothing.
func TestCompletionsOfValues(t *testing.T) {
	for line, want := range map[string]string{
		"export --audience":    "analyst\nsupervisor\npublic\n:4\n",
		"incidents --audience": "analyst\nsupervisor\n:4\n",
		"run --log-format":     "text\njson\n:4\n",
		"doctor --log-level":   "debug\ninfo\nwarn\nerror\n:4\n",
		"run --config":         ":0\n",
		"run --inbox":          ":16\n",
		"purge --wait":         ":4\n",
	} {
		got, _ := does(t, 0, append(append([]string{"__complete"}, strings.Fields(line)...), "")...)
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	for shell, says := range map[string]string{"bash": "complete -o default -F __start_spreewatch spreewatch", "zsh": "#compdef spreewatch", "fish": "complete -c spreewatch"} {
		if script, _ := does(t, 0, "completion", shell); !strings.Contains(script, says) {
			t.Errorf("%s: its script has no %q", shell, says)
		}
	}
}
