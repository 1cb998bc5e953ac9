package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/night"
)

func initCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:     "init",
		Short:   "Write a commented settings file with every default",
		Example: "  spreewatch init\n  spreewatch init --config norfolk.toml",
		Args:    cobra.NoArgs,
		// The settings file is about to be written, so it is not read first.
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return noneEmpty(cmd) },
		RunE: func(*cobra.Command, []string) error {
			name := g.configFile
			if name == "" {
				name = night.SettingsName
			}
			f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if errors.Is(err, fs.ErrExist) {
				return &data.UserError{Msg: name + " is there already", Hint: "spreewatch init --config another.toml"}
			}
			if err != nil {
				return &data.UserError{Msg: "write " + name, Err: errors.Unwrap(err)}
			}
			_, err = f.Write(night.DefaultSettings)
			if closeErr := f.Close(); err == nil {
				err = closeErr
			}
			if err != nil {
				_ = os.Remove(name) // an empty one would be taken for settings
				return &data.UserError{Msg: "write " + name, Err: errors.Unwrap(err)}
			}
			return g.wrote(name)
		},
	}
}
