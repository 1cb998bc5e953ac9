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
		Use:   "verify",
		Short: "Check the database, its audit log and a folder of outputs",
		Long: `Check that the database is whole, that nothing in it refers to what is not there,
that its audit log is unbroken, and, with --out, that each file of the folder is as
its manifest says. Nothing is changed. Exit 1 where something is wrong.`,
		Example: "  spreewatch verify\n  spreewatch verify --out tonight",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := night.Verify(cmd.Context(), g.night(), dir)
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
			fmt.Fprintf(g.out, "audit log   %d entries, head %s\n", v.Entries, v.Head)
			if v.Run != "" {
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
