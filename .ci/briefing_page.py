#!/usr/bin/python3
"""Opens briefing.html in headless Chromium and checks what a reader would see.

usage: briefing_page.py FOLDER [--picture PREFIX]

FOLDER is an output folder of spreewatch. Exit 1, with a line for each finding,
when the page asks for anything but itself, the console says anything, a heading
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


def main(folder, picture):
    path = os.path.join(folder, "briefing.html")
    with open(os.path.join(folder, "run.json"), encoding="utf-8") as f:
        run = json.load(f)
    if run["audience"] == "public":
        check(not os.path.exists(path), "the public gets a briefing")
        return
    address = "file://" + urllib.request.pathname2url(os.path.abspath(path))
    with tempfile.TemporaryDirectory(prefix="spreewatch-page-") as home:
        keep = picture or os.path.join(home, "page")
        browser = Browser(home)
        browser.screen(1100, 1400)
        browser.ask("POST", "/url", {"url": address})
        said = browser.run(STRUCTURE)
        check(said["lang"] == "en-GB" and run["marking"] in said["title"], f"language {said['lang']}, title {said['title']}")
        check(said["h1"] == 1 and not said["skipped"], "the headings are not in steps from one h1")
        check(said["tables"] == 0, f"{said['tables']} tables without a caption")
        check(said["drawings"] > 0 and said["wordless"] == 0, f"{said['wordless']} of {said['drawings']} drawings without words")
        check(said["ids"] == 0, f"{said['ids']} ids stand twice")
        check(said["styled"] == "700", "the style sheet of the page is not applied")
        check(said["scripts"] == 0, f"{said['scripts']} scripts")
        for scheme in ("light", "dark"):
            browser.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            contrast = browser.run(CONTRAST)
            check(contrast["texts"] > 20 and not contrast["bad"], f"too little contrast, {scheme}: {sorted(set(contrast['bad']))} of {contrast['texts']} texts")
        height = browser.run("return document.documentElement.scrollHeight")
        browser.screen(1100, min(height, 12000), keep + "-wide.png")
        for width in (320, 390, 768):
            browser.screen(width, 800)
            wide = browser.run("return [document.documentElement.scrollWidth, innerWidth, "
                               "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'absolute' && !e.closest('thead')).length]")
            check(wide[0] <= width and wide[1] == width and wide[2] == 0, f"{width} pixels wide: the page is {wide[0]}, {wide[2]} elements stand out")
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
        check(len(pages) > 0, "nothing is printed")
        for i, page in enumerate(pages):
            check(page.count(run["marking"]) >= 2, f"printed page {i + 1} of {len(pages)} lacks the marking at the top or the foot")
        size = subprocess.run(["pdfinfo", keep + ".pdf"], check=True, capture_output=True, text=True).stdout
        check("A4" in size, "the printed page is not A4")

        said = [m["message"] for m in browser.logged("browser")]
        check(not said, f"the console says {said}")
        asked = set()
        for entry in browser.logged("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent" and message["params"]["documentURL"] == address:
                url = message["params"]["request"]["url"]
                if "feColorMatrix" not in url:  # by which Chromium itself shows grey
                    asked.add(url)
        check(asked == {address}, f"the page asks for {sorted(asked - {address}) or 'nothing, not even itself'}")
        browser.close()
        print("Chromium opened briefing.html:", len(pages), "printed pages")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[3]) if len(sys.argv) == 4 else None)
    for line in findings:
        print("FAIL", line)
    sys.exit(1 if findings else 0)
