package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/night"
)

func backupCmd(g *globals) *cobra.Command {
	var to string
	var recipients []string
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Copy the database, encrypted, while others work with it",
		Long: `Copy the database to a file while others work with it. A file named .age is
encrypted for the recipients, public keys of age (age1…); any of them can restore
it.`,
		Example: "  spreewatch backup --to spreewatch.db.age --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch sealed := strings.HasSuffix(to, ".age"); {
			case to == "":
				return usagef("spreewatch backup --to spreewatch.db.age --recipient age1…", "backup needs --to FILE")
			case sealed && len(recipients) == 0:
				return usagef("--recipient age1…", "%s is to be encrypted, and no --recipient is given", filepath.Base(to))
			case !sealed && len(recipients) > 0:
				return usagef("--to "+filepath.Base(to)+".age", "an encrypted backup is named .age")
			}
			if err := night.Backup(cmd.Context(), g.night(), to, recipients); err != nil {
				return err
			}
			return g.wrote(to)
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "`FILE` to write")
	cmd.Flags().StringArrayVar(&recipients, "recipient", nil, "public `KEY` of age that can restore it; repeatable")
	return cmd
}

func restoreCmd(g *globals) *cobra.Command {
	var identity string
	cmd := &cobra.Command{
		Use:     "restore FILE",
		Short:   "Make a database of a backup",
		Long:    "Write the database of a backup to --db, where there must be none. A backup that was\naltered, or holds no whole database, is refused and nothing is written.",
		Example: "  spreewatch restore spreewatch.db.age --identity key.txt --db restored.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var keys string
			if identity != "" {
				text, err := os.ReadFile(identity)
				if err != nil {
					return &data.UserError{Msg: "read " + filepath.Base(identity), Err: data.PathCause(err)}
				}
				keys = string(text)
			}
			if err := night.Restore(cmd.Context(), g.night(), args[0], keys); err != nil {
				return err
			}
			return g.wrote(g.dbFile)
		},
	}
	cmd.Flags().StringVar(&identity, "identity", "", "`FILE` of the private key, as age-keygen writes it")
	return cmd
}
