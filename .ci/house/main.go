// House holds the tree against the rules of the house: which folder may import
// which, where a C library lives, and what the pure folders may not touch. It
// reads imports and names from the source, prints one line a finding and exits 1
// when there is one.
package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const module = "spreewatch/"

// order holds, for each folder, the folders of ours that it may import; a name
// that ends in /... stands for the folder and all below it. A folder that is not
// listed is refused: a new room says first where it stands.
var order = map[string][]string{
	"geo":                  {},
	"geo/address":          {"geo"},
	"geo/index":            {"geo", "geo/address"},
	"geo/locate":           {"geo", "geo/address", "geo/index"},
	"cluster":              {"geo"},
	"cluster/rule":         {"geo", "cluster"},
	"cluster/scales":       {"geo", "cluster"},
	"cluster/scan":         {"geo", "cluster"},
	"cluster/nearrepeat":   {"geo", "cluster"},
	"cluster/risk":         {"geo", "cluster"},
	"cluster/detect":       {"geo", "cluster/..."},
	"cluster/patrol":       {"geo", "cluster/..."},
	"cluster/trial":        {"geo", "cluster/..."},
	"data":                 {"geo/...", "cluster/..."},
	"data/table":           {"geo"},
	"data/intake/when":     {"geo/...", "cluster", "data", "data/table"},
	"data/intake/bulletin": {"geo/...", "cluster", "data", "data/table", "data/intake/when"},
	"data/intake":          {"geo/...", "cluster", "data", "data/table", "data/intake/..."},
	"data/events":          {"geo/...", "cluster/...", "data", "data/table"},
	"data/gazetteer":       {"geo/...", "data", "data/table", "data/gazetteer/..."},
	"data/gazetteer/osm":   {"geo/..."},
	"data/export/layer":    {"geo/...", "cluster/...", "data"},
	"data/export/qgis":     {"geo/...", "cluster/...", "data", "data/export/layer", "data/export/page"},
	"data/export/gpkg":     {"geo/...", "cluster/...", "data", "data/export/layer", "data/export/qgis"},
	"data/export/ground":   {},
	"data/export/page":     {"geo"},
	"data/export/scanned":  {"geo", "cluster/scan", "data/export/layer"},
	"data/export/briefing": {"geo/...", "cluster/...", "data", "data/export/layer", "data/export/page"},
	"data/export":          {"geo/...", "cluster/...", "data", "data/export/..."},
	"data/export/compare":  {"geo/...", "cluster/...", "data", "data/export/..."},
	"data/export/scored":   {"geo/...", "cluster/...", "data", "data/export/..."},
	"data/night":           {"geo/...", "cluster/...", "data/..."},
	"data/replay":          {"geo/...", "cluster/...", "data", "data/export", "data/export/compare", "data/night"},
	"cmd/spreewatch":       {"geo/...", "cluster/...", "data/..."},
}

// testOnly are folders that only tests may import, with what they may import.
var testOnly = map[string][]string{
	"geo/nation":     {"geo/..."},
	"geo/oracle":     {},
	"cluster/sample": {"geo", "cluster"},
}

// together may be imported as a whole by data/night alone.
var together = []string{"data/intake", "data/gazetteer", "cluster/detect", "cluster/patrol", "data/export"}

// homes are the files that may import a library.
var homes = map[string]string{
	"github.com/uber/h3-go/v4":       "geo/cell.go",
	"github.com/mattn/go-sqlite3":    "data/db.go",
	"github.com/xuri/excelize/v2":    "data/table/",
	"golang.org/x/text/encoding/...": "data/table/",
}

// impure are the packages that geo and cluster may not import, and pureOnly the
// names that they may use of those that they may.
var (
	impure   = []string{"os", "io/fs", "io/ioutil", "log", "net", "database/sql", "syscall", "path/filepath", "embed", "flag"}
	banned   = map[string][]string{"time": {"Now", "Since", "Until", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Sleep", "Local"}}
	pureOnly = map[string][]string{
		"runtime":      {"GOMAXPROCS", "Callers"}, // where a worker panicked
		"math/rand":    {"New", "NewSource", "NewZipf", "Rand", "Source", "Source64", "Zipf"},
		"math/rand/v2": {"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"},
	}
)

type house struct {
	findings []string
	imports  map[string]map[string]bool // folder → folders of ours that it imports, tests left out
}

func main() {
	h := house{imports: map[string]map[string]bool{}}
	for _, top := range []string{"cmd", "geo", "cluster", "data"} {
		err := filepath.WalkDir(top, func(file string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && file != top && hasModule(file) {
				return fs.SkipDir
			}
			if !d.IsDir() && strings.HasSuffix(file, ".go") {
				return h.file(filepath.ToSlash(file))
			}
			return nil
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, "house:", err)
			os.Exit(1)
		}
	}
	h.wholes()
	slices.SortFunc(h.findings, cmp.Compare[string])
	for _, f := range slices.Compact(h.findings) {
		fmt.Fprintln(os.Stderr, "house:", f)
	}
	if len(h.findings) > 0 {
		os.Exit(1)
	}
	fmt.Printf("house: %d folders stand where they should\n", len(h.imports))
}

// hasModule reports whether a folder is a module of its own.
func hasModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func (h *house) complain(format string, args ...any) {
	h.findings = append(h.findings, fmt.Sprintf(format, args...))
}

// file checks the imports and the names of one file.
func (h *house) file(name string) error {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
	if err != nil {
		return err
	}
	dir, test := path.Dir(name), strings.HasSuffix(name, "_test.go")
	if h.imports[dir] == nil {
		h.imports[dir] = map[string]bool{}
	}
	local := map[string]string{} // the name in this file → the import
	for _, spec := range f.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		as := path.Base(imported)
		if as == "v2" {
			as = path.Base(path.Dir(imported))
		}
		if spec.Name != nil {
			as = spec.Name.Name
		}
		local[as] = imported
		h.library(name, imported, test)
		if to, ours := strings.CutPrefix(imported, module); ours {
			h.edge(dir, to, test)
		}
		if pure(dir) && !test {
			h.impureImport(name, imported, as)
		}
	}
	if pure(dir) && !test {
		h.names(set, f, local)
	}
	return nil
}

// edge checks that one folder of ours may import another.
func (h *house) edge(from, to string, test bool) {
	if _, only := testOnly[to]; only {
		if _, same := testOnly[from]; !test && !same {
			h.complain("%s imports %s, which is for tests alone", from, to)
		}
		return
	}
	if test {
		// a test may look down any staircase, never up one
		if floor(to) > floor(from) {
			h.complain("the tests of %s import %s, which stands above it", from, to)
		}
		return
	}
	may, known := order[from]
	if !known {
		may, known = testOnly[from]
	}
	if !known {
		h.complain("%s has no place in the house: say in .ci/house what it may import", from)
		return
	}
	h.imports[from][to] = true
	if !slices.ContainsFunc(may, func(p string) bool { return covers(p, to) }) {
		h.complain("%s imports %s", from, to)
	}
}

// floor is how high the top folder of a package stands.
func floor(dir string) int {
	top, _, _ := strings.Cut(dir, "/")
	return slices.Index([]string{"geo", "cluster", "data", "cmd"}, top)
}

// covers reports whether a pattern, a folder or one with /..., holds a folder.
func covers(pattern, dir string) bool {
	root, all := strings.CutSuffix(pattern, "/...")
	return dir == root || all && strings.HasPrefix(dir, root+"/")
}

// wholes checks that only data/night imports the stages together.
func (h *house) wholes() {
	for dir, to := range h.imports {
		n := 0
		for _, t := range together {
			if to[t] {
				n++
			}
		}
		if n == len(together) && dir != "data/night" {
			h.complain("%s imports intake, gazetteer, detect, patrol and export together: only data/night knows the order of the stages", dir)
		}
	}
}

// library checks that a library is imported in its home alone.
func (h *house) library(name, imported string, test bool) {
	for lib, home := range homes {
		if home == "" || !covers(lib, imported) || test && strings.HasSuffix(home, "/") {
			continue
		}
		if name != home && !(strings.HasSuffix(home, "/") && strings.HasPrefix(name, home)) {
			h.complain("%s imports %s, whose home is %s", name, imported, home)
		}
	}
}

// pure reports whether a folder holds pure code.
func pure(dir string) bool {
	if _, only := testOnly[dir]; only {
		return false
	}
	return covers("geo/...", dir) || covers("cluster/...", dir)
}

func (h *house) impureImport(name, imported, as string) {
	for _, p := range impure {
		if covers(p+"/...", imported) {
			h.complain("%s imports %s: geo and cluster are pure", name, imported)
		}
	}
	if as == "." {
		h.complain("%s imports %s with a dot, which hides what it uses", name, imported)
	}
}

// names checks what a pure file uses of clocks, random sources and the runtime.
func (h *house) names(set *token.FileSet, f *ast.File, local map[string]string) {
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok || id.Obj != nil { // a variable of the name of a package
			return true
		}
		imported, ok := local[id.Name]
		if !ok {
			return true
		}
		use := sel.Sel.Name
		if slices.Contains(banned[imported], use) {
			h.complain("%s uses %s.%s: geo and cluster know no clock", set.Position(sel.Pos()), imported, use)
		}
		if only, listed := pureOnly[imported]; listed && !slices.Contains(only, use) {
			h.complain("%s uses %s.%s: geo and cluster may use %s of it", set.Position(sel.Pos()), imported, use, strings.Join(only, ", "))
		}
		return true
	})
}
