//go:build e2e

package page

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// These tests open the pages of whole folders in headless Chromium, without a
// network. `make e2e` makes the folders and names them by these variables; where one
// is not set, or Chromium or axe-core is not there, the tests fail.
const (
	folderVar = "SPREEWATCH_E2E"  // a folder with a folder of outputs for each audience, of odd names, and of a comparison
	axeVar    = "SPREEWATCH_AXE"  // axe.min.js of axe-core
	keepVar   = "SPREEWATCH_KEEP" // where pictures, printed pages and the saved choices go
)

// setting is the value of a variable without which nothing can be looked at.
func setting(t *testing.T, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Fatalf("%s is not set: these tests are run by make e2e", name)
	}
	return v
}

// A browser is one tab and what it was seen to ask for and to say.
type browser struct {
	ctx   context.Context
	mu    sync.Mutex
	asked []string // addresses, in order
	said  []string // messages of the console and of the browser, exceptions
}

// open starts Chromium with a fresh profile, where no name resolves and no proxy answers.
func open(t *testing.T) *browser {
	t.Helper()
	found := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if at, err := exec.LookPath(name); err == nil && found == "" {
			found = at
		}
	}
	if found == "" {
		t.Fatal("Chromium is missing, so no page was looked at")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(found), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), chromedp.ProxyServer("127.0.0.1:9"))
	limit, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(stop)
	allocated, stop := chromedp.NewExecAllocator(limit, options...)
	t.Cleanup(stop)
	ctx, stop := chromedp.NewContext(allocated)
	t.Cleanup(stop)
	b := &browser{ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	b.do(t, command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}))
	return b
}

// listen is told of each event, in order, on one goroutine.
func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	case *runtime.EventConsoleAPICalled:
		for _, arg := range e.Args {
			b.said = append(b.said, "console: "+string(arg.Value)+arg.Description)
		}
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, "exception: "+e.ExceptionDetails.Text+" "+e.ExceptionDetails.Exception.Description)
	case *log.EventEntryAdded:
		b.said = append(b.said, string(e.Entry.Level)+": "+e.Entry.Text)
	}
}

// command is a command of the protocol whose answer does not matter.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, params)
		return err
	})
}

func (b *browser) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// get is what an action returns.
func get[T any](t *testing.T, b *browser, action chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// eval runs a function of the page and waits for what it promises.
func eval[T any](t *testing.T, b *browser, function string) T {
	t.Helper()
	return get(t, b, chromedp.Evaluate[T]("("+function+")()", chromedp.EvalAwaitPromise))
}

func (b *browser) screen(t *testing.T, width, height int64) {
	t.Helper()
	b.do(t, command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600}))
}

// picture keeps what is on the screen.
func (b *browser) picture(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, get(t, b, chromedp.CaptureScreenshot()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tall makes the screen as high as the page.
func (b *browser) tall(t *testing.T, width int64) {
	t.Helper()
	b.screen(t, width, 800)
	b.screen(t, width, min(eval[int64](t, b, "() => document.documentElement.scrollHeight"), 12000))
}

// An opened page is one file in the browser, with the findings so far.
type opened struct {
	*browser
	address, keep, marking string
	findings               []string
}

func (o *opened) want(ok bool, format string, args ...any) {
	if !ok {
		o.findings = append(o.findings, fmt.Sprintf(format, args...))
	}
}

// look opens a file and looks for all that holds for every page of ours.
func look(t *testing.T, path, marking, axe, keep string) *opened {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	o := &opened{browser: open(t), address: (&url.URL{Scheme: "file", Path: absolute}).String(), marking: marking, keep: keep}
	o.screen(t, 1100, 1400)
	o.do(t, chromedp.Navigate(o.address))
	o.structure(t)
	for _, scheme := range []string{"light", "dark"} {
		o.do(t, media(scheme))
		o.contrast(t, scheme)
		o.tall(t, 1100)
		o.picture(t, o.keep+"-"+scheme+".png")
	}
	o.do(t, media(""))
	o.narrow(t)
	o.screen(t, 1100, 1400)
	o.do(t, sight(emulation.SetEmulatedVisionDeficiencyTypeAchromatopsia))
	o.picture(t, o.keep+"-grey.png")
	o.do(t, sight(emulation.SetEmulatedVisionDeficiencyTypeNone))
	o.paper(t)
	o.axe(t, axe)
	return o
}

// media asks for a colour scheme, as a reader's settings do.
func media(scheme string) chromedp.Action[chromedp.Void] {
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// sight shows the page as a reader sees it who sees no colours, or all.
func sight(kind emulation.SetEmulatedVisionDeficiencyType) chromedp.Action[chromedp.Void] {
	return command(emulation.SetEmulatedVisionDeficiency, emulation.SetEmulatedVisionDeficiencyParams{Type: kind})
}

// structure is what a reader's machine makes of the page: language, headings, words of each table and drawing.
func (o *opened) structure(t *testing.T) {
	t.Helper()
	said := eval[struct {
		Lang, Title, Weight          string
		H1, Tables, Drawings, Silent int
		Twice, Scripts               int
		Skipped                      bool
	}](t, o.browser, `() => {
		const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1]);
		const wordless = s => s.getAttribute('role') !== 'img' || (s.getAttribute('aria-labelledby') || 'none').split(' ').some(i => !(document.getElementById(i) || {textContent: ''}).textContent.trim());
		const marking = document.querySelector('.marking');
		return {
			lang: document.documentElement.lang, title: document.title, h1: levels.filter(l => l === 1).length,
			skipped: levels.some((l, i) => i > 0 && l > levels[i - 1] + 1),
			tables: [...document.querySelectorAll('table')].filter(t => !t.caption || !t.caption.textContent.trim()).length,
			drawings: document.querySelectorAll('svg').length,
			silent: [...document.querySelectorAll('svg')].filter(wordless).length,
			twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((v, i, a) => a.indexOf(v) !== i).length,
			weight: marking ? getComputedStyle(marking).fontWeight : '', scripts: document.scripts.length,
		};
	}`)
	o.want(said.Lang == "en-GB", "the language is %q", said.Lang)
	o.want(o.marking != "" && strings.Contains(said.Title, o.marking), "the title %q lacks the marking", said.Title)
	o.want(said.H1 == 1 && !said.Skipped, "the headings are not in steps from one h1")
	o.want(said.Tables == 0, "%d tables without a caption", said.Tables)
	o.want(said.Silent == 0, "%d of %d drawings without words", said.Silent, said.Drawings)
	o.want(said.Twice == 0, "%d ids stand twice", said.Twice)
	o.want(said.Weight == "700", "the style sheet of the page is not applied")
	o.want(said.Scripts == 1, "%d scripts", said.Scripts)
}

// contrast is that of WCAG 2.1, of every text against the first background behind it.
func (o *opened) contrast(t *testing.T, scheme string) {
	t.Helper()
	said := eval[struct {
		Bad   []string
		Texts int
	}](t, o.browser, `() => {
		const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
			return .2126 * r + .7152 * g + .0722 * b; };
		const rgb = s => (s.match(/[\d.]+/g) || []).map(Number);
		const bad = new Set(); let texts = 0;
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) {
			const e = walk.currentNode.parentElement;
			if (!walk.currentNode.data.trim() || e.closest('title, desc, script')) continue;
			texts++;
			const drawn = e.closest('svg');
			const fore = rgb(drawn ? getComputedStyle(e).fill : getComputedStyle(e).color).slice(0, 3);
			let back = drawn ? (e.classList.contains('rank') ? [26, 26, 26] : [240, 232, 244]) : [255, 255, 255];
			for (let p = e; p && !drawn; p = p.parentElement) {
				const c = rgb(getComputedStyle(p).backgroundColor);
				if (c.length === 3 || c[3] === 1) { back = c.slice(0, 3); break; }
			}
			const [a, b] = [lum(fore), lum(back)].sort((x, y) => y - x);
			if ((a + .05) / (b + .05) < 4.5) bad.add(e.tagName + '.' + e.getAttribute('class'));
		}
		return {bad: [...bad].sort(), texts: texts};
	}`)
	o.want(said.Texts > 0 && len(said.Bad) == 0, "too little contrast, %s: %q of %d texts", scheme, said.Bad, said.Texts)
}

// narrow is a telephone and a tablet: nothing scrolls sideways, nothing stands out.
func (o *opened) narrow(t *testing.T) {
	t.Helper()
	for _, width := range []int64{320, 390, 768} {
		o.screen(t, width, 800)
		said := eval[struct{ Wide, Screen, Out int64 }](t, o.browser, `() => ({
			wide: document.documentElement.scrollWidth, screen: innerWidth,
			out: [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'absolute' && !e.closest('thead')).length,
		})`)
		o.want(said.Wide <= width && said.Screen == width && said.Out == 0, "%d pixels wide: the page is %d, %d elements stand out", width, said.Wide, said.Out)
		if width == 390 {
			o.tall(t, width)
			o.picture(t, o.keep+"-narrow.png")
		}
	}
}

// paper is the page as printed: A4, with the marking above and below on every page.
func (o *opened) paper(t *testing.T) {
	t.Helper()
	printed := get(t, o.browser, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	file := o.keep + ".pdf"
	if err := os.WriteFile(file, printed, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal("pdftotext: ", err)
	}
	pages := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
	o.want(strings.TrimSpace(string(text)) != "" && len(pages) <= 60, "%d pages are printed", len(pages))
	for i, page := range pages {
		o.want(strings.Count(page, o.marking) >= 2, "printed page %d of %d lacks the marking at the top or the foot", i+1, len(pages))
	}
	size, err := exec.Command("pdfinfo", file).Output()
	if err != nil {
		t.Fatal("pdfinfo: ", err)
	}
	o.want(strings.Contains(string(size), "A4"), "the printed page is not A4")
	t.Logf("%s: %d printed pages", filepath.Base(o.address), len(pages))
}

// axe is what axe-core calls serious or critical. It runs outside the page's policy.
func (o *opened) axe(t *testing.T, script string) {
	t.Helper()
	get(t, o.browser, chromedp.Evaluate[*int](script+"; window.axe = window.axe || axe; null"))
	found := eval[[]string](t, o.browser, `() => axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
		.map(v => v.id + ' (' + v.nodes.length + '): ' + v.nodes[0].html.slice(0, 120)))`)
	for _, finding := range found {
		o.want(false, "axe-core: %s", finding)
	}
}

// quiet is the last look at a page: all that it asked for and said since it was opened.
func (o *opened) quiet() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, line := range o.said {
		o.want(false, "it says %s", line)
	}
	if !slices.Contains(o.asked, o.address) {
		o.want(false, "it did not ask for itself, so requests are not seen")
	}
	for _, asked := range o.asked {
		// by the two others Chromium itself shows grey, and saves what the page made
		if asked != o.address && !strings.HasPrefix(asked, "blob:") && !(strings.HasPrefix(asked, "data:") && strings.Contains(asked, "feColorMatrix")) {
			o.want(false, "it asks for %.80s", asked)
		}
	}
	slices.Sort(o.findings)
	return slices.Compact(o.findings)
}

// slide is what the slider of the briefing leaves in sight at its first step and at its last.
func (o *opened) slide(t *testing.T) {
	t.Helper()
	said := eval[*struct {
		All, Begin, First, Last int
		Said                    string
	}](t, o.browser, `() => {
		const range = document.querySelector('.slide:not([hidden]) input');
		if (!range) return null;
		const later = () => document.querySelectorAll('.later').length;
		const all = document.querySelectorAll('[data-step]').length, begin = later();
		const to = v => { range.value = v; range.dispatchEvent(new Event('input', {bubbles: true})); };
		to(range.min);
		const first = later(), said = document.querySelector('.slide output').textContent;
		to(range.max);
		return {all: all, begin: begin, first: first, last: later(), said: said};
	}`)
	if said == nil {
		o.want(false, "no slider")
		return
	}
	o.want(said.All > 1 && said.Begin == 0 && 0 < said.First && said.First < said.All && said.Last == 0 && strings.HasPrefix(said.Said, "up to "), "the slider leaves %+v", *said)
}

// cards are the cards of the page of decisions, at least one.
func (o *opened) cards(t *testing.T) int {
	t.Helper()
	n := eval[int](t, o.browser, "() => document.querySelectorAll('.card').length")
	o.want(n > 0, "no card")
	return n
}

// choose chooses on the first two cards of the page of decisions, and keeps what it would save.
func (o *opened) choose(t *testing.T) {
	t.Helper()
	saved := eval[string](t, o.browser, `() => new Promise(done => {
		const fields = [...document.querySelectorAll('fieldset[data-ref]')];
		if (!fields.length) { done(''); return; }
		const make = URL.createObjectURL;
		URL.createObjectURL = b => { b.text().then(done); URL.createObjectURL = make; return make.call(URL, b); };
		fields[0].querySelector('input[type=radio]').click();
		if (fields[1]) { fields[1].querySelector('.lat').value = '52.68'; fields[1].querySelector('.lon').value = '0.94'; }
		document.getElementById('save').click();
	})`)
	cards := o.cards(t)
	rows := strings.Split(saved, "\r\n")
	o.want(len(rows) >= 2+min(cards, 2) && rows[0] == "ref,decision,decision_lat,decision_lon", "of %d cards the choices are saved as %q", cards, saved)
	if err := os.WriteFile(filepath.Join(filepath.Dir(o.keep), "decisions.csv"), []byte(saved), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sorts clicks twice on two headings of the first table of a comparison.
func (o *opened) sorts(t *testing.T) {
	t.Helper()
	for _, column := range []int{2, 5} {
		said := eval[struct {
			Rows                    int
			Up, Down, Kept, Differs bool
			Said                    string
		}](t, o.browser, fmt.Sprintf(`() => {
			const table = document.querySelector('table.sort'), head = table.tHead.rows[0].cells[%d];
			const values = () => [...table.tBodies[0].rows].map(r => r.cells[%[1]d].dataset.sort).filter(v => v !== '').map(Number);
			const before = values().length;
			head.querySelector('button').click();
			const up = values();
			head.querySelector('button').click();
			const down = values();
			return {rows: before, up: up.every((v, i) => i === 0 || v >= up[i - 1]), down: down.every((v, i) => i === 0 || v <= down[i - 1]),
				kept: down.length === before, differs: up[0] !== up[up.length - 1], said: head.getAttribute('aria-sort')};
		}`, column))
		o.want(said.Rows > 1 && said.Up && said.Down && said.Kept && said.Differs && said.Said == "descending", "column %d does not sort: %+v", column, said)
	}
}

// Every page that a folder has is in order, and the folder has those that its audience may see.
func TestPages(t *testing.T) {
	folder, axe, keep := setting(t, folderVar), setting(t, axeVar), setting(t, keepVar)
	script, err := os.ReadFile(axe)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, c := range []struct {
		audience, page string
		there          bool
		own            func(*opened, *testing.T)
	}{
		{"analyst", "briefing.html", true, (*opened).slide},
		{"analyst", "review.html", true, (*opened).choose},
		{"supervisor", "briefing.html", true, (*opened).slide},
		{"supervisor", "review.html", false, nil},
		{"public", "briefing.html", false, nil},
		{"public", "review.html", false, nil},
		{"hostile", "briefing.html", true, (*opened).slide}, // every name is code
		{"hostile", "review.html", true, func(o *opened, t *testing.T) { o.cards(t) }},
		{"compared", "compare.html", true, (*opened).sorts},
	} {
		t.Run(c.audience+" "+c.page, func(t *testing.T) {
			path := filepath.Join(folder, c.audience, c.page)
			if _, err := os.Stat(path); (err == nil) != c.there {
				t.Fatalf("the page is there: %t, want %t (%v)", err == nil, c.there, err)
			} else if !c.there {
				if !errors.Is(err, fs.ErrNotExist) {
					t.Fatal(err)
				}
				return
			}
			o := look(t, path, marking(t, filepath.Join(folder, c.audience)), string(script), filepath.Join(keep, c.audience+"-"+strings.TrimSuffix(c.page, ".html")))
			c.own(o, t)
			for _, finding := range o.quiet() {
				t.Error(finding)
			}
			seen++
		})
	}
	if seen == 0 {
		t.Error("no page was looked at")
	}
}

// marking is what the manifest of a folder says of how it is marked.
func marking(t *testing.T, folder string) string {
	t.Helper()
	for _, name := range []string{"run.json", "compare.json"} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var manifest struct{ Marking string }
		if err := errors.Join(err, json.Unmarshal(b, &manifest)); err != nil {
			t.Fatal(err)
		}
		return manifest.Marking
	}
	t.Fatalf("%s has no manifest", folder)
	return ""
}

// A page with every fault is found at fault in every way: a look that finds nothing
// has then seen something.
func TestFaultsAreSeen(t *testing.T) {
	script, err := os.ReadFile(setting(t, axeVar))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "bad.html")
	if err := os.WriteFile(path, []byte(`<!DOCTYPE html><html><head><title>Bad</title></head><body><h1>One</h1><h3 id="a" style="color:#ddd">Three</h3><main id="a">
<table><tr><td><div style="width:2000px">wide</div></td></tr></table><svg width="9" height="9"></svg><img src="http://example.invalid/x.png">
<script>console.error('said'); throw new Error('thrown');</script><script></script></main></body></html>`), 0o600); err != nil {
		t.Fatal(err)
	}
	o := look(t, path, "OFFICIAL", string(script), filepath.Join(dir, "bad"))
	o.slide(t)
	got := strings.Join(o.quiet(), "\n")
	for _, want := range []string{
		"the language is", "lacks the marking\n", "headings are not in steps", "tables without a caption", "drawings without words", "ids stand twice",
		"style sheet of the page", "2 scripts", "too little contrast, light", "320 pixels wide", "printed page 1 of", "is not A4", "axe-core: image-alt",
		"it asks for http://example.invalid/x.png", `it says console: "said"`, "thrown", "ERR_", "no slider",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not among the findings:\n%s", want, got)
		}
	}
}
