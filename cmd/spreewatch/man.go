package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"spreewatch/data"
)

// manCmd writes the manual; `make install` calls it.
func manCmd(*globals) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the manual pages, one a verb",
		Example: "  spreewatch man /usr/local/share/man/man1",
		Hidden:  true,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return &data.UserError{Msg: "make the folder of the manual", Err: data.PathCause(err)}
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // a date would differ from build to build
			epoch := time.Unix(0, 0).UTC()
			header := &doc.GenManHeader{Title: "SPREEWATCH", Section: "1", Source: "spreewatch", Date: &epoch}
			return doc.GenManTree(root, header, args[0])
		},
	}
}
