#!/usr/bin/python3
"""Opens spreewatch.qgs in QGIS desktop, as a supervisor does, and checks the screen.

usage: DISPLAY=:99 qgis_desktop.py FOLDER SCREEN.png

Exit 1, with a line for each finding, when QGIS shows a message of its own (a
missing font, a missing grid, a layer that does not load), when a layer is not
drawn that is not off at first, when the time panel does not hold the whole span,
or when the map is blank. The same file runs inside QGIS, with SPREEWATCH_ANSWER in the environment.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

OFF = ["risk.geojson"]  # to be switched on: it lies over all others
PATIENCE = 600  # seconds until QGIS must have answered
DRAWN = 120  # seconds for the map to be drawn and to stay as it is
COLOURS = 8  # that a map with something on it has at least


def ask(folder, screen):
    """Starts QGIS with a fresh profile, and returns what it says of itself."""
    with tempfile.TemporaryDirectory(prefix="spreewatch-qgis-") as home:
        answer = os.path.join(home, "answer.json")
        env = dict(os.environ, SPREEWATCH_ANSWER=answer, SPREEWATCH_SCREEN=screen, XDG_RUNTIME_DIR=home)
        env.pop("QT_QPA_PLATFORM", None)
        with open(os.path.join(home, "log"), "w+", encoding="utf-8") as log:
            qgis = subprocess.Popen(["qgis", "--nologo", "--noversioncheck", "--noplugins", "--profiles-path", home,
                                     "--code", os.path.abspath(__file__), "--project", os.path.join(folder, "spreewatch.qgs")],
                                    env=env, stdout=log, stderr=log)
            end = time.monotonic() + PATIENCE
            while not os.path.exists(answer) and qgis.poll() is None and time.monotonic() < end:
                time.sleep(0.2)
            try:
                with open(answer, encoding="utf-8") as f:
                    return json.load(f)
            except FileNotFoundError:
                log.seek(0)
                sys.exit("FAIL QGIS desktop gave no answer\n" + log.read()[-2000:])
            finally:
                qgis.kill()
                qgis.wait()


def check(folder, screen):
    said = ask(folder, screen)
    with open(os.path.join(folder, "run.json"), encoding="utf-8") as f:
        run = json.load(f)
    features = {o["name"]: o["features"] for o in run["outputs"] if "features" in o}
    findings = [f"QGIS complains: {m}" for m in said["messages"]]

    def want(ok, what):
        if not ok:
            findings.append(what)

    want(os.path.realpath(said["project"]) == os.path.realpath(os.path.join(folder, "spreewatch.qgs")), f"the project is {said['project']}")
    want(sorted(said["layers"]) == sorted(features) and all(said["layers"].values()), f"layers of the project: {said['layers']}")
    missing = sorted(set(features) - set(said["drawn"]))
    want(missing == [f for f in OFF if f in features], f"layers not drawn: {missing}")
    want(said["times"] == said["count"], f"{said['times']} of {said['count']} layers follow the time panel")
    found = features["patrols.geojson"] or features["sprees.geojson"] or features["cells.geojson"]  # on a night without any there is nothing to draw
    want(not found or said["temporal"] and said["from"] and said["from"] < said["to"], f"the time panel is at {said['from']} to {said['to']}")
    want(said["expected"] == [said["from"], said["to"]], f"the features span {said['expected']}, the time panel {said['from']} to {said['to']}")
    want(said["labels"] >= min(2, features["patrols.geojson"] + features["sprees.geojson"]), f"{said['labels']} labels on the map")
    want(said["colours"] >= COLOURS or not found, f"{said['colours']} colours on the map")
    for line in findings:
        print("FAIL", line)
    if not findings:
        print("QGIS desktop shows", ", ".join(sorted(said["layers"])), "with", said["labels"], "labels, time panel", said["from"], "to", said["to"])
    return 1 if findings else 0


def colours(image):
    """How many colours a picture has, about."""
    return len({image.pixel(x, y) & 0xF8F8F8 for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)})


def drawn(canvas):
    """Draws all layers anew until two pictures in a row, both wholly rendered, have as many colours and labels, and enough of them for a map; the last picture where that takes too long.

    On a busy machine the window comes up, and is laid out, while layers are still being drawn. Where a label stands may differ from one drawing to the next, so pictures are not compared by the pixel."""
    from qgis.PyQt.QtCore import QCoreApplication, QEventLoop

    end, last = time.monotonic() + DRAWN, None
    while True:
        canvas.refreshAllLayers()
        canvas.waitWhileRendering()  # what is scheduled, too
        QCoreApplication.processEvents(QEventLoop.AllEvents, 500)
        image, labels = canvas.grab().toImage(), canvas.labelingResults()
        now = None if canvas.isDrawing() or labels is None else (colours(image), len(labels.labelsWithinRect(canvas.extent())))
        if now is not None and now == last and now[0] >= COLOURS or time.monotonic() > end:
            return image
        last = now


def answer():
    """Runs inside QGIS."""
    from qgis.core import QgsProject
    from qgis.utils import iface

    project, canvas = QgsProject.instance(), iface.mapCanvas()
    image = drawn(canvas)
    settings = canvas.mapSettings()
    form = "yyyy-MM-ddTHH:mm:ss"
    starts, ends = [], []
    layers = [l for l in project.mapLayers().values() if os.path.splitext(l.source().split("|")[0])[1] == ".geojson"]
    timed = [layer for layer in layers if "from_local" in layer.fields().names()]
    for layer in timed:
        for feature in layer.getFeatures():
            starts.append(feature["from_local"].toString(form))
            ends.append(feature["to_local"].toString(form))
    said = {
        "project": project.fileName(),
        "layers": {os.path.basename(l.source().split("|")[0]): l.isValid() for l in layers},
        "drawn": [os.path.basename(l.source().split("|")[0]) for l in canvas.layers()],
        "count": len(timed),
        "times": sum(l.temporalProperties().isActive() for l in timed),  # one without a feature has no time to follow
        "messages": [item.text() for item in iface.messageBar().items()],
        "temporal": settings.isTemporal(),
        "from": settings.temporalRange().begin().toString(form),
        "to": settings.temporalRange().end().toString(form),
        "expected": [min(starts, default=""), max(ends, default="")],
        "labels": len(canvas.labelingResults().labelsWithinRect(canvas.extent())) if canvas.labelingResults() else 0,
        "colours": colours(image),
    }
    iface.mainWindow().grab().save(os.environ["SPREEWATCH_SCREEN"])
    path = os.environ["SPREEWATCH_ANSWER"]
    with open(path + ".tmp", "w", encoding="utf-8") as f:
        json.dump(said, f)
    os.rename(path + ".tmp", path)


if "SPREEWATCH_ANSWER" in os.environ:
    from qgis.PyQt.QtCore import QTimer
    QTimer.singleShot(1000, answer)  # once the window is up
elif __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(check(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])))
