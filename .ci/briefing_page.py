#!/usr/bin/python3
"""Opens briefing.html and review.html in headless Chromium and checks what a reader would see.

usage: briefing_page.py FOLDER AXE.js [--picture PREFIX]

FOLDER is an output folder of spreewatch, AXE.js the axe.min.js of axe-core. Exit 1,
with a line for each finding, when axe finds anything serious, the slider moves
nothing, the choices are not saved, a page asks for anything but itself, the console says anything, a heading
level is skipped, a table has no caption or a drawing no words, a text has less
contrast than 4.5, a telephone's screen scrolls sideways, or a printed page lacks
the marking. Needs Debian's chromium-driver and poppler-utils. With --picture, PREFIX-wide.png,
PREFIX-narrow.png, PREFIX-grey.png and PREFIX.pdf are kept.
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

findings = []


def check(ok, what):
    if not ok:
        findings.append(what)


class Browser:
    """A session of chromedriver, which speaks W3C WebDriver."""

    def __init__(self, home):
        self.log = open(os.path.join(home, "driver.log"), "w+", encoding="utf-8")
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=self.log, stderr=subprocess.STDOUT)
        end = time.monotonic() + 60
        port = None
        while port is None and time.monotonic() < end and self.driver.poll() is None:
            time.sleep(0.1)
            with open(self.log.name, encoding="utf-8") as f:
                port = re.search(r"started successfully on port (\d+)", f.read())
        if port is None:
            sys.exit("FAIL chromedriver does not start")
        self.url = f"http://127.0.0.1:{port.group(1)}/session"
        options = {"args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
                            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={home}/profile"]}
        session = self.ask("POST", "", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
        self.url += "/" + session["sessionId"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is on this machine
        try:
            with opener.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as e:
            sys.exit("FAIL chromedriver: " + e.read().decode()[:500])

    def devtools(self, command, **params):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def run(self, script):
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def logged(self, kind):
        return self.ask("POST", "/se/log", {"type": kind})

    def screen(self, width, height, path=None):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        if path:
            shot = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=False)
            with open(path, "wb") as f:
                f.write(base64.b64decode(shot["data"]))

    def close(self):
        self.ask("DELETE", "")
        self.driver.terminate()
        self.driver.wait()


# the contrast of WCAG 2.1, of every text against the first background behind it
CONTRAST = """
const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
  return .2126 * r + .7152 * g + .0722 * b; };
const rgb = s => (s.match(/[\\d.]+/g) || []).map(Number);
const bad = []; let texts = 0;
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const e = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || e.closest('title, desc')) continue;
  texts++;
  const drawn = e.closest('svg');
  const fore = rgb(drawn ? getComputedStyle(e).fill : getComputedStyle(e).color).slice(0, 3);
  let back = drawn ? (e.classList.contains('rank') ? [26, 26, 26] : [240, 232, 244]) : [255, 255, 255];
  for (let p = e; p && !drawn; p = p.parentElement) {
    const c = rgb(getComputedStyle(p).backgroundColor);
    if (c.length === 3 || c[3] === 1) { back = c.slice(0, 3); break; }
  }
  const [a, b] = [lum(fore), lum(back)].sort((x, y) => y - x);
  if ((a + .05) / (b + .05) < 4.5) bad.push(e.tagName + '.' + e.getAttribute('class'));
}
return {bad: bad, texts: texts};
"""

STRUCTURE = """
const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1]);
return {
  lang: document.documentElement.lang, title: document.title, h1: levels.filter(l => l === 1).length,
  skipped: levels.some((l, i) => i > 0 && l > levels[i - 1] + 1),
  tables: [...document.querySelectorAll('table')].filter(t => !t.caption || !t.caption.textContent.trim()).length,
  drawings: document.querySelectorAll('svg').length,
  wordless: [...document.querySelectorAll('svg')].filter(s => s.getAttribute('role') !== 'img' || s.getAttribute('aria-labelledby').split(' ').some(i => !document.getElementById(i).textContent.trim())).length,
  ids: [...document.querySelectorAll('[id]')].map(e => e.id).filter((v, i, a) => a.indexOf(v) !== i).length,
  styled: getComputedStyle(document.querySelector('.marking')).fontWeight,
  scripts: document.scripts.length,
};
"""


AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
  r => done(r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => v.id + ' (' + v.nodes.length + '): ' + v.nodes[0].html.slice(0, 120))),
  e => done(['axe: ' + e]));
"""

# what the slider leaves in sight at its first step and at its last
SLIDE = """
const range = document.querySelector('.slide:not([hidden]) input');
if (!range) return null;
const later = () => document.querySelectorAll('.later').length;
const all = document.querySelectorAll('[data-step]').length, begin = later();
range.value = range.min; range.dispatchEvent(new Event('input', {bubbles: true}));
const first = later(), said = document.querySelector('.slide output').textContent;
range.value = range.max; range.dispatchEvent(new Event('input', {bubbles: true}));
return {all: all, begin: begin, first: first, last: later(), said: said};
"""

# chooses on the first two cards, and returns what would be saved
CHOOSE = """
const done = arguments[arguments.length - 1];
const fields = [...document.querySelectorAll('fieldset[data-ref]')];
if (!fields.length) { done(null); return; }
const make = URL.createObjectURL;
URL.createObjectURL = b => { b.text().then(done); URL.createObjectURL = make; return make.call(URL, b); };
fields[0].querySelector('input[type=radio]').click();
if (fields[1]) { fields[1].querySelector('.lat').value = '52.68'; fields[1].querySelector('.lon').value = '0.94'; }
document.getElementById('save').click();
"""


def check_page(browser, name, path, run, axe, keep):
    def want(ok, what):
        check(ok, f"{name}: {what}")

    address = "file://" + urllib.request.pathname2url(os.path.abspath(path))
    browser.logged("performance")
    browser.screen(1100, 1400)
    browser.ask("POST", "/url", {"url": address})
    said = browser.run(STRUCTURE)
    want(said["lang"] == "en-GB" and run["marking"] in said["title"], f"language {said['lang']}, title {said['title']}")
    want(said["h1"] == 1 and not said["skipped"], "the headings are not in steps from one h1")
    want(said["tables"] == 0, f"{said['tables']} tables without a caption")
    want((said["drawings"] > 0 or name == "review.html") and said["wordless"] == 0, f"{said['wordless']} of {said['drawings']} drawings without words")
    want(said["ids"] == 0, f"{said['ids']} ids stand twice")
    want(said["styled"] == "700", "the style sheet of the page is not applied")
    want(said["scripts"] == 1, f"{said['scripts']} scripts")
    for scheme in ("light", "dark"):
        browser.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        contrast = browser.run(CONTRAST)
        want(contrast["texts"] > 10 and not contrast["bad"], f"too little contrast, {scheme}: {sorted(set(contrast['bad']))} of {contrast['texts']} texts")
    browser.run(axe + "; return typeof axe;")
    for line in browser.ask("POST", "/execute/async", {"script": AXE, "args": []}):
        want(False, "axe-core: " + line)
    if name == "briefing.html":
        slide = browser.run(SLIDE)
        want(slide is not None, "no slider")
        if slide:
            want(slide["all"] > 1 and slide["begin"] == 0 and 0 < slide["first"] < slide["all"] and slide["last"] == 0 and slide["said"].startswith("up to "),
                 f"the slider leaves {slide}")
    height = browser.run("return document.documentElement.scrollHeight")
    browser.screen(1100, min(height, 12000), keep + "-wide.png")
    for width in (320, 390, 768):
        browser.screen(width, 800)
        wide = browser.run("return [document.documentElement.scrollWidth, innerWidth, "
                           "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'absolute' && !e.closest('thead')).length]")
        want(wide[0] <= width and wide[1] == width and wide[2] == 0, f"{width} pixels wide: the page is {wide[0]}, {wide[2]} elements stand out")
        if width == 390:
            height = browser.run("return document.documentElement.scrollHeight")
            browser.screen(width, min(height, 12000), keep + "-narrow.png")
    browser.screen(1100, 1400)
    browser.devtools("Emulation.setEmulatedVisionDeficiency", type="achromatopsia")
    browser.screen(1100, 1400, keep + "-grey.png")
    browser.devtools("Emulation.setEmulatedVisionDeficiency", type="none")

    with open(keep + ".pdf", "wb") as f:
        f.write(base64.b64decode(browser.devtools("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"]))
    pages = subprocess.run(["pdftotext", "-layout", keep + ".pdf", "-"], check=True, capture_output=True, text=True).stdout.split("\f")[:-1]
    want(len(pages) > 0, "nothing is printed")
    for i, page in enumerate(pages):
        want(page.count(run["marking"]) >= 2, f"printed page {i + 1} of {len(pages)} lacks the marking at the top or the foot")
    size = subprocess.run(["pdfinfo", keep + ".pdf"], check=True, capture_output=True, text=True).stdout
    want("A4" in size, "the printed page is not A4")
    if name == "review.html":
        saved = browser.ask("POST", "/execute/async", {"script": CHOOSE, "args": []})
        rows = saved.split("\r\n") if saved else []
        want(saved is None and browser.run("return document.querySelectorAll('.card').length") == 0 or rows and rows[0] == "ref,decision,decision_lat,decision_lon", f"the choices are saved as {saved!r}")
        with open(os.path.join(os.path.dirname(keep), "decisions.csv"), "w", encoding="utf-8", newline="") as f:
            f.write(saved or "")

    said = [m["message"] for m in browser.logged("browser")]
    want(not said, f"the console says {said}")
    asked = set()
    for entry in browser.logged("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent" and message["params"]["documentURL"] == address:
            url = message["params"]["request"]["url"]
            if "feColorMatrix" not in url and not url.startswith("blob:"):  # by which Chromium itself shows grey; and what is saved
                asked.add(url)
    want(asked == {address}, f"it asks for {sorted(asked - {address}) or 'nothing, not even itself'}")
    print("Chromium opened", name + ":", len(pages), "printed pages")


def main(folder, axe, picture):
    with open(os.path.join(folder, "run.json"), encoding="utf-8") as f:
        run = json.load(f)
    pages = {"briefing.html": run["audience"] != "public", "review.html": run["audience"] == "analyst"}
    for name, there in pages.items():
        check(os.path.exists(os.path.join(folder, name)) == there, f"{name} for the {run['audience']}: it is {'not ' if there else ''}there")
    with open(axe, encoding="utf-8") as f:
        axe = f.read()
    with tempfile.TemporaryDirectory(prefix="spreewatch-page-") as home:
        browser = Browser(home)
        for name in [n for n, there in pages.items() if there and os.path.exists(os.path.join(folder, n))]:
            keep = (picture or os.path.join(home, "page")) + "-" + name.replace(".html", "")
            check_page(browser, name, os.path.join(folder, name), run, axe, keep)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) not in (3, 5):
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]), sys.argv[2], os.path.abspath(sys.argv[4]) if len(sys.argv) == 5 else None)
    for line in findings:
        print("FAIL", line)
    sys.exit(1 if findings else 0)
