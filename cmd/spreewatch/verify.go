package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"spreewatch/data/night"
)

func verifyCmd(g *globals) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "verify [RUN]",
		Short: "Check the database, its audit log and a folder, or do a run again",
		Long: `Check that the database is whole, that nothing in it refers to what is not there,
that its audit log is unbroken and not cut short, and, with --out, that each file of
the folder is as its manifest says.

With the run_id of a RUN, do it again from its manifest and from what was known
then, and compare every file with the one that it wrote, to the byte. Where one
differs, what is gone since is named: an input, a gazetteer, reports that were
erased or decided otherwise. Nothing is changed. Exit 1 where something is wrong.`,
		Example: "  spreewatch verify\n  spreewatch verify --out tonight\n  spreewatch verify 20150917T0200-9d2f0c41",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && dir != "" {
				return usagef("spreewatch verify --out tonight", "verify takes a run or --out, not both")
			}
			var v night.Verdict
			var err error
			if len(args) > 0 {
				v, err = night.VerifyRun(cmd.Context(), g.night(), args[0])
			} else {
				v, err = night.Verify(cmd.Context(), g.night(), dir)
			}
			if err != nil {
				return err
			}
			return printVerdict(g, v)
		},
	}
	cmd.Flags().StringVar(&dir, "out", "", "`DIR` of outputs to check too")
	return cmd
}

// printVerdict prints what is wrong, a line each, and what was looked at.
func printVerdict(g *globals, v night.Verdict) error {
	if g.json {
		if err := json.NewEncoder(g.out).Encode(map[string]any{"findings": append([]string{}, v.Findings...), "audit_entries": v.Entries, "audit_head": v.Head,
			"outputs": v.Outputs, "run_id": orNull(v.Run)}); err != nil {
			return err
		}
	} else {
		for _, finding := range v.Findings {
			fmt.Fprintln(g.out, finding)
		}
		if !g.quiet {
			if v.Again {
				fmt.Fprintf(g.out, "done again  run %s: %d files as it wrote them, to the byte\n", v.Run, v.Outputs)
			} else {
				fmt.Fprintf(g.out, "audit log   %d entries, head %s\n", v.Entries, v.Head)
			}
			if v.Outputs > 0 && !v.Again {
				fmt.Fprintf(g.out, "outputs     %d as run %s wrote them\n", v.Outputs, v.Run)
			}
		}
	}
	if len(v.Findings) > 0 {
		return errFound
	}
	if !g.json && !g.quiet {
		fmt.Fprintln(g.out, "all is well")
	}
	return nil
}
