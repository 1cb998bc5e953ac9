package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is set by the Makefile from git.
var version = "dev"

func versionCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version and those of the libraries that decide the output",
		Example: "  spreewatch version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := versions()
			if g.json {
				return json.NewEncoder(g.out).Encode(v)
			}
			_, err := fmt.Fprintf(g.out, "spreewatch %s (%s, H3 %s, SQLite driver %s)\n", v["spreewatch"], v["go"], v["h3-go"], v["go-sqlite3"])
			return err
		},
	}
}

// versions names this program and the libraries that decide its output.
func versions() map[string]string {
	v := map[string]string{"spreewatch": version}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v["go"] = build.GoVersion
	for _, dep := range build.Deps {
		for _, name := range []string{"h3-go", "go-sqlite3", "orb"} {
			if strings.Contains(dep.Path+"/", "/"+name+"/") {
				v[name] = dep.Version
			}
		}
	}
	return v
}
