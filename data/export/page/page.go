// Package page is what every page has in common that a person opens in a browser:
// one file, which asks for nothing from elsewhere, with the marking on each printed
// sheet, a style for screens wide and narrow, for the night and for paper, and
// drawings whose words say what they show.
package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// A Shell is what stands around the body of a page.
type Shell struct {
	Title   string
	Marking string
	RunID   string
	Style   string // of this page alone, after the common one; CSS of our own
	Script  string // JavaScript of our own, "" for none; all must be there without it
}

// A Pair is a name and what is said of it.
type Pair struct{ Name, Text string }

//go:embed page.css
var style string

//go:embed page.html.tmpl
var shellText string

var shell = template.Must(template.New("page").Parse(shellText))

// New reads the template of a body. It may call "drawing" on a Drawing and "pairs"
// on a slice of Pair.
func New(body string) *template.Template {
	return template.Must(template.Must(shell.Clone()).New("body").Parse(body))
}

// Write writes the page with its body made of the value. The template escapes all
// text, and what commands a terminal (control characters of Unicode) is U+FFFD. The Content-Security-Policy allows the page's own style and script, each by
// its hash, and nothing else.
func Write(w io.Writer, s Shell, body *template.Template, value any) error {
	css := style + s.Style
	policy := "default-src 'none'; style-src " + hash(css)
	if s.Script != "" {
		policy += "; script-src " + hash(s.Script)
	}
	shown := transform.NewWriter(w, runes.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) {
			return unicode.ReplacementChar
		}
		return r
	}))
	err := body.ExecuteTemplate(shown, "page", struct {
		Shell
		CSS    template.CSS
		Code   template.JS
		Policy string
		Value  any
	}{s, template.CSS(css), template.JS(s.Script), policy + "; base-uri 'none'; form-action 'none'", value})
	return errors.Join(err, shown.Close())
}

// hash names a text as a Content-Security-Policy does.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Is reports whether a text begins as Write writes one.
func Is(start string) bool {
	return strings.Contains(start, `<meta name="generator" content="spreewatch `)
}
