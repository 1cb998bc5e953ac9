package main

import (
	"encoding/json"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/data/night"
)

func auditCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Check and export the log of who did what to the data",
		Long: `Every collection, alteration, consultation, disclosure, combination and erasure of
reports is logged with who, when and in which run, in a log that is only ever added
to and whose entries are chained by their hashes.`,
		Example: "  spreewatch audit verify\n  spreewatch audit export --from 2026-11-01 --to 2026-11-30",
	}
	cmd.AddCommand(auditVerifyCmd(g), auditExportCmd(g))
	return cmd
}

func auditVerifyCmd(g *globals) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Find an entry that was changed, removed or inserted, and a cut end",
		Long: `Find an entry of the log that was changed, removed or inserted, and an end that was
cut off: each run in the database must have its entries, and the one that its
manifest names. --out holds the log against a folder too, which who alters the
database may not reach.`,
		Example: "  spreewatch audit verify\n  spreewatch audit verify --out tonight",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := night.VerifyAudit(cmd.Context(), g.night(), dir)
			if err != nil {
				return err
			}
			return printVerdict(g, v)
		},
	}
	cmd.Flags().StringVar(&dir, "out", "", "`DIR` of outputs to hold the log against")
	return cmd
}

func auditExportCmd(g *globals) *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Print the entries of a period as JSON lines",
		Example: "  spreewatch audit export --from 2026-11-01 --to 2026-11-30",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			since, before := time.Time{}, g.night().Now.Add(24*time.Hour)
			if from != "" {
				day, err := time.ParseInLocation(time.DateOnly, from, g.zone)
				if err != nil {
					return usagef("--from 2026-11-01", "--from %q is not a date", from)
				}
				since = day
			}
			if to != "" {
				end, err := parseMoment(to, g.zone)
				if err != nil {
					return usagef("--to 2026-11-30", "--to: %s", err)
				}
				before = end
			}
			entries, err := night.AuditLog(cmd.Context(), g.night(), since, before)
			if err != nil {
				return err
			}
			enc := json.NewEncoder(g.out)
			enc.SetEscapeHTML(false)
			for _, e := range entries {
				row := struct {
					N      int64   `json:"n"`
					At     string  `json:"at"`
					Who    string  `json:"who"`
					What   string  `json:"what"`
					Run    *string `json:"run_id"`
					Detail string  `json:"detail"`
					Hash   string  `json:"hash"`
				}{e.N, e.At.Format(time.RFC3339), e.Who, string(e.What), orNull(e.Run), e.Detail, e.Hash}
				if err := enc.Encode(row); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "first `DATE` (default the first entry's)")
	f.StringVar(&to, "to", "", "last `DATE`, or a time before which (default now)")
	return cmd
}
