package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/night"
)

func purgeCmd(g *globals) *cobra.Command {
	var dryRun, clockRight bool
	var certificate string
	cmd := &cobra.Command{
		Use:   "purge",
		Short: "Erase the reports that are past their retention",
		Long: `Erase from the database the reports whose event ended longer ago than
[retention] keep, or the keep of their offence, says, with what was made of them:
earlier versions, matches, the sprees that they were in, and decisions on texts
that no other report has. What is erased is overwritten. Counts stay, in the
certificate and in the audit log. The files that the reports came in, and folders
written earlier, are yours to remove.

What is past its retention is so by the clock. Where that is over a month ahead of the
newest report it may be wrong, and nothing is erased without --clock-is-right.`,
		Example: "  spreewatch purge --dry-run\n  spreewatch purge --certificate erasure-2026-11.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dryRun == (certificate != "") {
				return usagef("spreewatch purge --dry-run", "purge needs --dry-run, or --certificate FILE")
			}
			var p night.Purge
			var err error
			if dryRun {
				p, err = night.PurgePreview(cmd.Context(), g.night())
			} else {
				p, err = night.PurgeNow(cmd.Context(), g.night(), certificate, clockRight)
			}
			if err != nil {
				return err
			}
			return printPurge(g, p)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would be erased, and change nothing")
	cmd.Flags().StringVar(&certificate, "certificate", "", "erase, and write the certificate to `FILE`")
	cmd.Flags().BoolVar(&clockRight, "clock-is-right", false, "erase, though the newest report is over a month old")
	return cmd
}

func printPurge(g *globals, p night.Purge) error {
	if g.json {
		enc := json.NewEncoder(g.out)
		enc.SetIndent("", "  ")
		return enc.Encode(p)
	}
	if g.quiet {
		return nil
	}
	if len(p.Offences) == 0 {
		_, err := fmt.Fprintln(g.out, "nothing is past its retention")
		return err
	}
	for _, o := range p.Offences {
		if _, err := fmt.Fprintf(g.out, "%-22s kept %-6s  %s, events of %s to %s\n", o.Offence, o.Keep, data.Count(o.Reports, "report"),
			o.First.In(g.zone).Format(time.DateOnly), o.Last.In(g.zone).Format(time.DateOnly)); err != nil {
			return err
		}
	}
	if !p.Done {
		said := "nothing was erased"
		if p.Doubtful() {
			said += "; the newest report is " + data.Days(p.At.Sub(p.Newest)) + " old: look at the clock first, then add --clock-is-right"
		}
		_, err := fmt.Fprintln(g.out, said)
		return err
	}
	_, err := fmt.Fprintf(g.out, "erased: %s, %s, %d matches, %s, %s\n", data.Count(int(p.Reports), "report"), data.Count(int(p.Versions), "earlier version"),
		p.Matches, data.Count(int(p.Sprees), "spree"), data.Count(int(p.Decisions), "decision"))
	return err
}
