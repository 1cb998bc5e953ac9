#!/usr/bin/python3
"""Opens compare.html in headless Chromium and checks what a planner would see.

usage: compare_page.py FOLDER AXE [--picture PREFIX]

FOLDER is an output folder of spreewatch compare, AXE the file axe.min.js of
axe-core. Exit 1, with a line for each finding, when the page asks for anything but
itself, the console says anything, a click on a heading does not sort the table, a
telephone's screen scrolls sideways, a printed page lacks the marking, or axe-core
finds anything serious. Needs what briefing_page.py needs. With --picture,
PREFIX-wide.png, PREFIX-narrow.png, PREFIX-grey.png and PREFIX.pdf are kept.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

from briefing_page import CONTRAST, STRUCTURE, Browser, check, findings

SORTED = """
const table = document.querySelector('table.sort'), column = %d;
const values = () => [...table.tBodies[0].rows].map(r => r.cells[column].dataset.sort).filter(v => v !== '').map(Number);
const before = values().length;
table.tHead.rows[0].cells[column].querySelector('button').click();
const up = values();
table.tHead.rows[0].cells[column].querySelector('button').click();
const down = values();
return {rows: before, up: up.every((v, i) => i === 0 || v >= up[i - 1]), down: down.every((v, i) => i === 0 || v <= down[i - 1]),
  kept: down.length === before, differs: up[0] !== up[up.length - 1], said: table.tHead.rows[0].cells[column].getAttribute('aria-sort')};
"""


def printed(browser, path, marking):
    with open(path, "wb") as f:
        f.write(base64.b64decode(browser.devtools("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"]))
    pages = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout.split("\f")[:-1]
    check(2 <= len(pages) <= 40, f"{len(pages)} pages are printed")
    for i, page in enumerate(pages):
        check(page.count(marking) >= 2, f"printed page {i + 1} of {len(pages)} lacks the marking at the top or the foot")
    size = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
    check("A4" in size, "the printed page is not A4")
    return len(pages)


def main(folder, axe, picture):
    path = os.path.join(folder, "compare.html")
    with open(os.path.join(folder, "compare.json"), encoding="utf-8") as f:
        compared = json.load(f)
    address = "file://" + urllib.request.pathname2url(os.path.abspath(path))
    with tempfile.TemporaryDirectory(prefix="spreewatch-page-") as home:
        keep = picture or os.path.join(home, "page")
        browser = Browser(home)
        browser.screen(1100, 1400)
        browser.ask("POST", "/url", {"url": address})
        said = browser.run(STRUCTURE)
        check(said["lang"] == "en-GB" and compared["marking"] in said["title"], f"language {said['lang']}, title {said['title']}")
        check(said["h1"] == 1 and not said["skipped"], "the headings are not in steps from one h1")
        check(said["tables"] == 0, f"{said['tables']} tables without a caption")
        check(said["drawings"] > 2 and said["wordless"] == 0, f"{said['wordless']} of {said['drawings']} drawings without words")
        check(said["ids"] == 0, f"{said['ids']} ids stand twice")
        check(said["styled"] == "700", "the style sheet of the page is not applied")
        contrast = browser.run(CONTRAST)
        check(contrast["texts"] > 20 and not contrast["bad"], f"too little contrast: {sorted(set(contrast['bad']))} of {contrast['texts']} texts")
        height = browser.run("return document.documentElement.scrollHeight")
        browser.screen(1100, min(height, 12000), keep + "-wide.png")
        for column in (2, 5):
            sort = browser.run(SORTED % column)
            check(sort["rows"] > 1 and sort["up"] and sort["down"] and sort["kept"] and sort["differs"] and sort["said"] == "descending", f"column {column} does not sort: {sort}")
        for width in (320, 390, 768):
            browser.screen(width, 800)
            wide = browser.run("return document.documentElement.scrollWidth")
            check(wide <= width, f"{width} pixels wide: the page is {wide}")
            if width == 390:
                browser.screen(width, 3000, keep + "-narrow.png")
        browser.screen(1100, 1400)
        browser.devtools("Emulation.setEmulatedVisionDeficiency", type="achromatopsia")
        browser.screen(1100, 1400, keep + "-grey.png")
        browser.devtools("Emulation.setEmulatedVisionDeficiency", type="none")
        pages = printed(browser, keep + ".pdf", compared["marking"])

        messages = [m["message"] for m in browser.logged("browser")]
        check(not messages, f"the console says {messages}")
        asked = set()
        for entry in browser.logged("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent" and message["params"]["documentURL"] == address:
                url = message["params"]["request"]["url"]
                if "feColorMatrix" not in url:  # by which Chromium itself shows grey
                    asked.add(url)
        check(asked == {address}, f"the page asks for {sorted(asked - {address}) or 'nothing, not even itself'}")

        # last, since it is not the page's own: the driver runs it outside the page's policy
        with open(axe, encoding="utf-8") as f:
            script = f.read()
        browser.run(script + "; window.axe = window.axe || axe; axe.run(document, {resultTypes: ['violations']}).then(r => { window.found = r.violations; });")
        violations = None
        for _ in range(100):
            violations = browser.run("return window.found ? window.found.map(v => ({id: v.id, impact: v.impact, at: v.nodes.map(n => n.target.join(' ')).slice(0, 3)})) : null")
            if violations is not None:
                break
        check(violations is not None, "axe-core did not end")
        bad = [v for v in violations or [] if v["impact"] in ("serious", "critical")]
        check(not bad, f"axe-core finds {bad}")
        browser.close()
        print("Chromium opened compare.html:", pages, "printed pages,", len(violations or []), "minor findings of axe-core")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 5):
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[4]) if len(sys.argv) == 5 else None)
    for line in findings:
        print("FAIL", line)
    sys.exit(1 if findings else 0)
