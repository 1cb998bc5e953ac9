package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/night"
)

func reviewExportCmd(g *globals) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write a sheet for an analyst to fill in",
		Long: `Write a CSV for a spreadsheet. The analyst writes accept, reject or the number of
a candidate under decision, or a point under decision_lat and decision_lon, and
leaves the rest alone.`,
		Example: "  spreewatch review export --out todo.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			open, err := night.Review(cmd.Context(), g.night())
			if err != nil {
				return err
			}
			if out == "" {
				return night.WriteSheet(g.sheetOut(), open)
			}
			if n := night.Untaken(out, open); n > 0 {
				return &data.UserError{Msg: fmt.Sprintf("%s holds %s that the database has not: it is not written over", filepath.Base(out), data.Count(n, "decision")),
					Hint: "spreewatch review import takes them; or name another file"}
			}
			return data.WriteWhole(out, g.night().Guard(night.IsSheet), func(w io.Writer) error { return night.WriteSheet(w, open) })
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write to `FILE` (default standard output)")
	return cmd
}

func reviewImportCmd(g *globals) *cobra.Command {
	var who string
	cmd := &cobra.Command{
		Use:     "import FILE",
		Short:   "Take the decisions of a sheet that was filled in",
		Example: "  spreewatch review import todo.csv --who jsmith",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := night.OpenSheet(args[0], g.in)
			if err != nil {
				return err
			}
			defer in.Close()
			taken, err := night.TakeSheet(cmd.Context(), g.night(), in, who)
			if err != nil {
				return err
			}
			for _, r := range taken.Refused {
				fmt.Fprintf(g.errw, "%s:%d: %s\n", r.Source, r.Line, r.Err)
			}
			switch {
			case g.json:
				err = json.NewEncoder(g.out).Encode(map[string]int{"taken": taken.Decisions, "refused": len(taken.Refused)})
			case !g.quiet:
				_, err = fmt.Fprintf(g.out, "%s taken, %d refused\n", data.Count(taken.Decisions, "decision"), len(taken.Refused))
			}
			if err == nil && len(taken.Refused) > 0 {
				err = errReview
			}
			return err
		},
	}
	cmd.Flags().StringVar(&who, "who", person(), "`NAME` of who decided")
	return cmd
}
