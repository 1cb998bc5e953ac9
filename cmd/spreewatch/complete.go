package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"spreewatch/data/export"
)

// complete prepares the commands for a shell that asks how a line may go on, by what
// their help says: a flag of a FILE or a DIR takes one, those with a few values take
// these, and no other takes a file. A shell shows the help without its marks.
func complete(root *cobra.Command, args []string) {
	if len(args) == 0 || args[0] != cobra.ShellCompRequestCmd && args[0] != cobra.ShellCompNoDescRequestCmd {
		return
	}
	values := map[string][]string{
		"audience":   {string(export.AudienceAnalyst), string(export.AudienceSupervisor), string(export.AudiencePublic)},
		"log-level":  {"debug", "info", "warn", "error"},
		"log-format": {"text", "json"},
	}
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		flag := func(f *pflag.Flag) {
			takes, usage := pflag.UnquoteUsage(f)
			then := cobra.ShellCompDirectiveNoFileComp
			switch takes {
			case "FILE":
				then = cobra.ShellCompDirectiveDefault
			case "DIR":
				then = cobra.ShellCompDirectiveFilterDirs
			}
			if _, there := cmd.GetFlagCompletionFunc(f.Name); !there {
				_ = cmd.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(offered(values[f.Name], usage), then))
			}
			f.Usage = usage
		}
		cmd.LocalFlags().VisitAll(flag)
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// offered are the values that the flag's help names: incidents has no list for the
// public.
func offered(values []string, usage string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !strings.Contains(usage, v) })
}
