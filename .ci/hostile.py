#!/usr/bin/python3
"""Writes a gazetteer, reports and settings whose names are code somewhere.

usage: hostile.py FOLDER

Every name is a place, a street, a reference, an offence or a unit: markup, an
expression of QGIS, a formula of a spreadsheet, an escape sequence of a terminal, marks
that turn the direction of writing, an emoji, ten thousand letters. What would run
shows itself: the expression gives the word "evaxil", the markup asks for an address.
"""
import csv
import os
import sys

NAMES = [
    "<script>alert(1)</script>",
    "<img src=http://example.invalid/x.png onerror=alert(1)>",
    "[% 'eva' || 'xil' %]",
    "=cmd('calc')",
    "\x1b[31mred\x1b[0m",
    "\u202eltr\u202c \u2066x\u2069",
    "\U0001f6a8 Kilo \U0001f469\u200d\U0001f692",
    "Long" + "g" * 9_996,
    "' \" ]]> & \\n %s {{.}}",
]


PLAIN = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota"]


def main(folder):
    places, streets, reports = [], [], []
    for i, name in enumerate(NAMES):
        lat, lon = 52.66 + 0.03 * (i % 3), 0.9 + 0.05 * (i // 3)
        places.append([name, "", f"{lat:.4f}", f"{lon:.4f}", "place"])
        for street, off in ((f"{name} Road", 0.001), (f"{PLAIN[i]} Road", 0.0015)):
            streets.append([street, name, f"{lat + off:.4f}", f"{lon + off:.4f}", "street"])
        for hour in (9, 12):
            # the place by its plain street, so that its own name is what the outputs call it
            reports.append([f"{name}{hour}", "courier-fraud" if i % 2 else name, f"{PLAIN[i]} Road", f"2026-09-30T{hour + i % 4:02}:{3 * i:02}"])
        reports.append([f"R{name}", "courier-fraud", f"{name} Nowhere, {name}", "2026-09-30T10:00"])  # for a person to decide
    with open(os.path.join(folder, "settings.toml"), "w", encoding="utf-8") as f:
        f.write("[export]\nmarking = \"M [% 'eva' || 'xil' %] <b>\"\n\n[[unit]]\nname = \"[% 'eva' || 'xil' %] <script>\"\nlon = 0.94\nlat = 52.68\n")
    for file, head, rows in (("gazetteer.csv", ["name", "locality", "lat", "lon", "kind"], places + streets),
                             ("reports.csv", ["ref", "offence", "location", "from"], reports)):
        with open(os.path.join(folder, file), "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows([head] + rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]))
