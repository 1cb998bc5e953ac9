#!/usr/bin/python3
"""Opens spreewatch.qgs in real QGIS and checks what a supervisor would see.

usage: qgis_project.py FOLDER [--picture OUT.png]
       qgis_project.py FOLDER --names odd
       qgis_project.py --gpkg FILE FOLDER
       qgis_project.py --basemap COLOUR FOLDER

FOLDER is an output folder of spreewatch. Exit 1, with a line for each finding,
when a layer does not load, its features are not those of run.json, a geometry
is invalid, a style, a label or the time slider is missing, a label of a spree or patrol area is cut, lies over another or over a
badge, or is not there, a path is absolute, a GeoJSON opened alone is not styled and
labelled, or the printed page is blank; with --basemap, when the base map is not drawn
in COLOUR (as ff0000) where the map looks, or, where COLOUR is "none", when there is
one or the ground is not drawn. Needs Debian's python3-qgis and no display.
"""
import json
import os
import shutil
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
HOME = tempfile.mkdtemp(prefix="spreewatch-qgis-")
os.environ["XDG_RUNTIME_DIR"] = HOME
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = HOME  # a fresh profile: no setting of this machine helps

from qgis.core import (  # noqa: E402
    Qgis, QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsDateTimeRange, QgsExpression,
    QgsExpressionContext, QgsExpressionContextUtils, QgsFeatureRequest, QgsGeometry,
    QgsLayoutExporter, QgsLayoutItemLabel, QgsLayoutItemLegend, QgsLayoutItemMap, QgsMapRendererSequentialJob,
    QgsMapSettings, QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle, QgsRenderContext, QgsVectorLayer, QgsVectorLayerTemporalContext, QgsWkbTypes)
from qgis.PyQt.QtCore import NULL, QDateTime, QSize, QVariant  # noqa: E402

# file: geometry, renderer, labels, fields that have to be read as date-times
WANT = {
    "patrols.geojson": ("Polygon", "categorizedSymbol", True, ("from_local", "to_local", "from_utc", "to_utc", "expires_local")),
    "sprees.geojson": ("Polygon", "categorizedSymbol", True, ("from_local", "to_local", "from_utc", "to_utc")),
    "cells.geojson": ("Polygon", "graduatedSymbol", True, ("from_local", "to_local")),
    "incidents.geojson": ("Point", "categorizedSymbol", True, ("from_local", "to_local", "from_utc", "to_utc")),
    "risk.geojson": ("Polygon", "graduatedSymbol", True, ("from_local", "to_local")),
    "routes.geojson": ("LineString", "categorizedSymbol", True, ("from_local", "to_local", "from_utc", "to_utc")),
    "stops.geojson": ("Point", "categorizedSymbol", True, ("from_local", "to_local", "from_utc", "to_utc")),
}
# what lies under them, which has no time: geometry, renderer, labels
GROUND = {
    "settlements.geojson": ("Point", "singleSymbol", True, ()),
    "streets.geojson": ("Point", "singleSymbol", True, ()),
    "roads.geojson": ("LineString", "RuleRenderer", True, ()),
    "land.geojson": ("Polygon", "singleSymbol", False, ()),
}
WANT.update(GROUND)
# shown at the instant of to_local too: an event at an instant has no other moment
TO_THE_END = ("sprees.geojson", "incidents.geojson")
EVIL = "evaxil"  # what an expression in a name of hostile.py gives, and nothing else
BADGE_MM = 6.4  # of the rank of a patrol area
findings = []


def check(ok, what):
    if not ok:
        findings.append(what)
    return ok


def in_time(layer, begin, end):
    """The features that the layer shows while the time panel stands at [begin, end)."""
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    frame = QgsDateTimeRange(begin, end, True, False)
    expression = layer.temporalProperties().createFilterString(context, frame)
    if not expression:
        return layer.featureCount()
    request = QgsFeatureRequest(QgsExpression(expression))
    return sum(1 for _ in layer.getFeatures(request))


def check_layer(layer, name, want, audience, settings):
    """Checks one layer, and returns how many labels it has and its areas: the suggestions are a layer a shift, and an area is labelled once."""
    geometry, renderer, labels, times = WANT[name]
    if not check(layer.isValid(), f"{name}: does not load: {layer.error().message()}"):
        return 0, set()
    check(layer.crs().authid() == "EPSG:4326", f"{name}: CRS is {layer.crs().authid()}")
    check(layer.featureCount() == want, f"{name}: {layer.featureCount()} features, run.json says {want}")
    check(layer.renderer() is not None and layer.renderer().type() == renderer, f"{name}: renderer is not {renderer}")
    check(layer.labelsEnabled() == labels and (layer.labeling() is not None) == labels, f"{name}: labels are not {labels}")
    check((layer.mapTipTemplate() != "") == (name not in GROUND), f"{name}: map tip {layer.mapTipTemplate()!r}")
    for i, field in enumerate(layer.fields()):
        check(layer.attributeAlias(i) != "", f"{name}: field {field.name()} has no plain name")

    temporal = layer.temporalProperties()
    if name in GROUND:
        check(not temporal.isActive(), f"{name}: it comes and goes with the time slider")
        for feature in layer.getFeatures():
            shape = feature.geometry()
            check(not shape.isEmpty() and shape.isGeosValid(), f"{name}: feature {feature.id()} has an invalid geometry")
        return 0, set()
    check(temporal.isActive(), f"{name}: the time slider is off")
    check((temporal.startField(), temporal.endField()) == ("from_local", "to_local"), f"{name}: time fields are {temporal.startField()}, {temporal.endField()}")
    if want == 0:
        return 0, set()
    check(QgsWkbTypes.displayString(QgsWkbTypes.singleType(layer.wkbType())) == geometry, f"{name}: geometry is {QgsWkbTypes.displayString(layer.wkbType())}")
    for field in times:
        i = layer.fields().indexOf(field)
        if not check(i >= 0 and layer.fields().at(i).type() == QVariant.DateTime, f"{name}: {field} is not read as a date-time"):
            return 0, set()

    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    display = QgsExpression(layer.displayExpression())
    label = QgsExpression(layer.labeling().settings().fieldName) if labels else None
    starts, undrawn, labelled, areas = [], 0, 0, set()
    renderer = layer.renderer().clone()
    context.setFields(layer.fields())
    render = QgsRenderContext()
    render.setExpressionContext(context)
    renderer.startRender(render, layer.fields())
    for feature in layer.getFeatures():
        shape = feature.geometry()
        # an area whose place the public may not know has neither cell nor geometry
        withheld = name == "patrols.geojson" and audience == "public" and feature["h3"] == NULL
        if withheld:
            check(shape.isNull(), f"{name}: feature {feature.id()} has a geometry and no cell")
        else:
            check(not shape.isNull() and not shape.isEmpty() and shape.isGeosValid() and not shape.validateGeometry(QgsGeometry.ValidatorGeos),
                  f"{name}: feature {feature.id()} has an invalid geometry")
        starts.append((feature["from_local"], feature["to_local"]))
        context.setFeature(feature)
        render.setExpressionContext(context)
        if renderer.symbolForFeature(feature, render) is None:
            undrawn += 1
        value = display.evaluate(context)
        check(not display.hasEvalError() and isinstance(value, str) and value != "", f"{name}: feature {feature.id()} has no name: {display.evalErrorString()}")
        if label and not withheld:
            value = label.evaluate(context)
            check(not label.hasEvalError(), f"{name}: feature {feature.id()}: label: {label.evalErrorString()}")
            labelled += isinstance(value, str) and value.strip() != ""
            areas.add(feature["h3"] if name == "patrols.geojson" else feature.id())
    renderer.stopRender(render)
    check(undrawn == 0, f"{name}: {undrawn} features have no symbol")

    # the slider: each feature is there at its own start, and none the year before
    first = min(s for s, _ in starts)
    check(in_time(layer, first.addDays(-365), first.addDays(-364)) == 0, f"{name}: features are shown a year too early")
    for begin in sorted({s for s, _ in starts}, key=lambda t: t.toMSecsSinceEpoch())[:50]:
        end = begin.addSecs(60)
        expect = sum(1 for s, e in starts if s < end and (e > begin or (e == begin and name in TO_THE_END)))
        got = in_time(layer, begin, end)
        check(got == expect, f"{name}: {got} features at {begin.toString('yyyy-MM-ddTHH:mm')}, expected {expect}")
    return labelled, areas


def map_context(settings):
    """What an expression is told of the map when QGIS itself draws it."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(None))
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    return context


def render(project, extent, frame=None, layers=None):
    settings = QgsMapSettings()
    settings.setLayers(project.layerTreeRoot().checkedLayers() if layers is None else layers)
    settings.setDestinationCrs(project.crs())
    settings.setTransformContext(project.transformContext())
    settings.setExtent(extent)
    settings.setOutputSize(QSize(800, 600))
    if frame is not None:
        settings.setIsTemporal(True)
        settings.setTemporalRange(frame)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def boxes(layer, crs):
    """The box of each part of each feature in the system: an area cut at 180° has a part at either end of the world."""
    over = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance())
    return [over.transformBoundingBox(part.boundingBox()) for f in layer.getFeatures() if not f.geometry().isNull() for part in f.geometry().asGeometryCollection()]


def middle(feature):
    """The middle of a feature's first part, of its way, or of the circle about a spree."""
    if "centre_lon" in feature.fields().names() and feature["centre_lon"] != NULL:
        return QgsPointXY(feature["centre_lon"], feature["centre_lat"])
    part = feature.geometry().asGeometryCollection()[0]
    if QgsWkbTypes.geometryType(part.wkbType()) == QgsWkbTypes.LineGeometry:
        return part.interpolate(part.length() / 2).asPoint()
    return part.centroid().asPoint()


def metres(layer):
    """A system of metres about the layer, on both sides of 180° where it lies there."""
    at = middle(next(f for f in layer.getFeatures() if not f.geometry().isNull()))
    zone = min(60, 1 + int((at.x() + 180) // 6))
    return QgsCoordinateReferenceSystem(f"EPSG:{(32700 if at.y() < 0 else 32600) + zone}")


def check_labels(project, layers):
    """Zoomed in on each spree and patrol area: every spree in sight is labelled, no label of ours is cut or lies over another or over a badge."""
    mm = 96 / 25.4  # pixels
    patrols, sprees = layers.get("patrols.geojson", []), layers.get("sprees.geojson", [])
    over = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), project.crs(), project)
    middles = sorted({(p.x(), p.y()) for l in patrols + sprees for p in (over.transform(middle(f)) for f in l.getFeatures() if not f.geometry().isNull())})
    badges = sorted({(p.x(), p.y()) for l in patrols for p in (over.transform(middle(f)) for f in l.getFeatures() if not f.geometry().isNull())})
    # QGIS lays each thing of a map across 180° twice, and has less room there
    across = any(abs(f.geometry().boundingBox().width()) > 180 for l in patrols + sprees for f in l.getFeatures())
    page = project.layoutManager().layoutByName("Briefing A4")
    whole = [i for i in page.items() if isinstance(i, QgsLayoutItemMap)][0].scale() if page else 0
    for scale in (s for s in (5_000, 25_000, 100_000) if s < 1.3 * whole):  # farther off than the whole lies all in one heap
        width = 1200 / mm / 1000 * scale
        for x, y in middles[:: max(1, len(middles) // 8)]:
            extent = QgsRectangle.fromCenterAndSize(QgsPointXY(x, y), width, width * 0.7)
            settings = QgsMapSettings()
            settings.setLayers(project.layerTreeRoot().checkedLayers())
            settings.setDestinationCrs(project.crs())
            settings.setTransformContext(project.transformContext())
            settings.setOutputSize(QSize(1200, 840))
            settings.setOutputDpi(96)
            settings.setExtent(extent)
            settings.setLabelingEngineSettings(project.labelingEngineSettings())
            settings.setExpressionContext(map_context(settings))
            job = QgsMapRendererSequentialJob(settings)
            job.start()
            job.waitForFinished()
            # one label may be listed several times
            found = list({(l.layerID, l.featureId, l.labelRect.toString()): l for l in job.takeLabelingResults().labelsWithinRect(extent)}.values())
            at = f"labels at 1:{scale} about {x:.0f}, {y:.0f}"
            own = [l for l in found if any(l.layerID == m.id() for m in patrols + sprees)]
            said = {l.featureId for l in own if any(l.layerID == m.id() for m in sprees)}
            for layer in sprees:  # QGIS draws nothing of one that has no cell in sight
                for f in layer.getFeatures():
                    shape = f.geometry()
                    shape.transform(over)
                    check(f.id() in said or not shape.intersects(extent), f"{at}: the spree {f['id']} has none")
            inner = extent.buffered(width / 1200)
            for i, l in enumerate(own):
                check(inner.contains(l.labelRect), f"{at}: cut: {l.labelText!r}")
                for other in own[:i]:
                    check((l.layerID, l.featureId) == (other.layerID, other.featureId) or not l.labelRect.buffered(-width / 1200).intersects(other.labelRect.buffered(-width / 1200)), f"{at}: {l.labelText!r} and {other.labelText!r} lie over each other")
            if scale < (25_000 if across else 100_000):
                roomy = extent.buffered(-0.2 * width)
                areas = {f["h3"] for l in patrols for f in l.getFeatures() if f["h3"] != NULL and roomy.contains(over.transform(middle(f)))}
                named = {f["h3"] for l in patrols for f in l.getFeatures() if any((m.layerID, m.featureId) == (l.id(), f.id()) for m in own)}
                check(areas <= named, f"{at}: no label at the areas {sorted(areas - named)}")
            for layer in layers.get("streets.geojson", []) if scale == 5_000 else []:  # near enough for most names of an area
                inside = [f for f in layer.getFeatures() if f["patrol_m"] != NULL and f["patrol_m"] > 30 and roomy.contains(over.transform(middle(f)))]
                named = {l.featureId for l in found if l.layerID == layer.id()}
                check(2 * sum(f.id() in named for f in inside) >= len(inside), f"{at}: {sum(f.id() in named for f in inside)} of {len(inside)} streets of a patrol area have their names")
            for bx, by in badges:
                reach = 0.8 * BADGE_MM / 2 * mm * width / 1200  # the number in it
                badge = QgsRectangle(bx - reach * 0.7, by - reach * 0.7, bx + reach * 0.7, by + reach * 0.7)
                for l in found:
                    check(not l.labelRect.intersects(badge), f"{at}: {l.labelText!r} lies over a badge")


def colours(image):
    """How many colours a picture has, with the last bits of each left out."""
    seen = set()
    for y in range(0, image.height(), 2):
        for x in range(0, image.width(), 2):
            seen.add(image.pixel(x, y) & 0xF8F8F8)
    return len(seen)


def check_alone(folder):
    """Each GeoJSON by itself, in a folder with nothing but its style: what QGIS makes of it when it is dropped in."""
    for name, (geometry, renderer, labels, _) in WANT.items():
        source = os.path.join(folder, name)
        if not os.path.exists(source):
            continue
        place = tempfile.mkdtemp(dir=HOME)
        for file in (name, name.replace(".geojson", ".qml")):
            shutil.copy(os.path.join(folder, file), place)
        layer = QgsVectorLayer(os.path.join(place, name), name, "ogr")
        if not check(layer.isValid(), f"{name} alone: does not load"):
            continue
        if layer.featureCount() == 0:
            continue  # of an empty file QGIS cannot tell whether it is points or areas, and takes no style
        check(layer.renderer().type() == renderer, f"{name} alone: opens without its style")
        check(layer.labelsEnabled() == labels, f"{name} alone: labels are not {labels}")
        check(all(layer.attributeAlias(i) for i in range(layer.fields().count())), f"{name} alone: a field has no plain name")
        shown = [f for f in layer.getFeatures() if not f.geometry().isNull()]
        if not shown or name in GROUND:  # small streets and villages come with the scale
            continue
        # at the scale of a county every feature is to be seen: 150 km on 1200 pixels
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(metres(layer))
        box = QgsRectangle()
        for part in boxes(layer, settings.destinationCrs()):
            box.combineExtentWith(part)
        settings.setExtent(QgsRectangle.fromCenterAndSize(box.center(), 250e3, 250e3))
        settings.setOutputSize(QSize(1200, 1200))
        settings.setExpressionContext(map_context(settings))
        job = QgsMapRendererSequentialJob(settings)
        job.start()
        job.waitForFinished()
        image, pixels = job.renderedImage(), settings.mapToPixel()
        over = QgsCoordinateTransform(layer.crs(), settings.destinationCrs(), QgsProject.instance())
        for feature in shown:
            at = pixels.transform(over.transform(middle(feature)))
            if not check(0 < at.x() < 1198 and 0 < at.y() < 1198, f"{name} alone: feature {feature.id()} is off the map of its own county"):
                continue
            near = {image.pixel(int(at.x()) + i, int(at.y()) + j) & 0xFFFFFF for i in range(-2, 3) for j in range(-2, 3)}
            check(near != {0xFFFFFF}, f"{name} alone: feature {feature.id()} is not to be seen at the scale of a county")
        found = job.takeLabelingResults().labelsWithinRect(settings.extent())
        if name in ("patrols.geojson", "sprees.geojson"):
            check(found, f"{name} alone: no label at the scale of a county")


# columns of numbers that are null on a night without history, and yet numbers
NUMBERS = {"settlements": (), "streets": (), "roads": (), "land": (), "patrols": ("risk",), "sprees": ("expected", "p_value", "ri_days"), "cells": ("expected", "risk"), "incidents": ("radius_m",), "routes": ("length_m", "risk"), "stops": ("drive_m",), "risk": ("expected",)}


def check_gpkg(path, folder):
    """Each layer of the GeoPackage: what the folder holds, styled, with typed columns."""
    run = json.load(open(os.path.join(folder, "run.json"), encoding="utf-8"))
    for output in run["outputs"]:
        if "features" not in output:
            continue
        name = output["name"].replace(".geojson", "")
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        if not check(layer.isValid(), f"gpkg: {name} does not load"):
            continue
        geometry, renderer, labels, _ = WANT[output["name"]]
        check(layer.featureCount() == output["features"], f"gpkg: {name} has {layer.featureCount()} features, want {output['features']}")
        check(layer.crs().authid() == "EPSG:4326", f"gpkg: {name} is in {layer.crs().authid()}")
        check(QgsWkbTypes.displayString(QgsWkbTypes.singleType(layer.wkbType())) == geometry, f"gpkg: {name} is {QgsWkbTypes.displayString(layer.wkbType())}")
        check(layer.renderer().type() == renderer and layer.labelsEnabled() == labels, f"gpkg: {name} opens without its style")
        for column in NUMBERS[name]:
            i = layer.fields().indexOf(column)
            check(i >= 0 and layer.fields().at(i).type() == QVariant.Double, f"gpkg: {column} of {name} is no number")
        for feature in layer.getFeatures():
            shape = feature.geometry()
            check(shape.isNull() or shape.isGeosValid(), f"gpkg: {name} {feature.id()} has an invalid geometry")


def check_pages(layout, marking, suggestions, out):
    """The pages after the map's: the marking above and below, every suggestion once, and nothing beyond its own box or page."""
    count, ranks = layout.pageCollection().pageCount(), []
    check((count > 1) == (suggestions > 0), f"layout: {count} pages for {suggestions} suggestions")
    for n in range(count):
        labels = [i for i in layout.items() if isinstance(i, QgsLayoutItemLabel) and i.page() == n]
        check(sum(i.currentText() == marking for i in labels) >= 2, f"layout: page {n + 1} lacks the marking above or below")
        for item in labels:
            check(item.pagePos().y() + item.rect().height() <= 210.01, f"layout: {item.id()} stands out of page {n + 1}")
            if item.id().startswith("row-"):
                size = item.sizeForText()
                lines = size.height() * max(1, -(-size.width() // item.rect().width()))
                check(lines <= item.rect().height() + 4, f"layout: {item.id()} needs {lines:.0f} mm and has {item.rect().height():.0f}")
                if item.id().endswith("-0"):
                    ranks.append(int(item.currentText()))
        if n > 0:
            printed = QgsLayoutExporter(layout).renderPageToImage(n, QSize(), 110)
            check(colours(printed) >= 2, f"layout: page {n + 1} is empty")
            printed.save(out.replace(".png", f"-{n + 1}.png"))
    check(sorted(ranks) == list(range(1, suggestions + 1)), f"layout: the table has the ranks {sorted(ranks)}")


def check_names(project, layout):
    """A name is shown and nowhere evaluated: not on the pages, not in a map tip, not in a label or in the legend."""
    shown = [i.currentText() for i in layout.items() if isinstance(i, QgsLayoutItemLabel)] if layout else []
    for layer in project.mapLayers().values():
        shown.append(layer.name())
        if not isinstance(layer, QgsVectorLayer):
            continue
        shown += [item.label() for item in layer.renderer().legendSymbolItems()]
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        texts = [layer.displayExpression()] + ([layer.labeling().settings().fieldName] if layer.labeling() else [])
        for feature in layer.getFeatures():
            context.setFeature(feature)
            tip = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
            check("<script" not in tip and "<img" not in tip, f"{layer.name()}: a name is markup in the map tip")
            shown += [tip] + [str(QgsExpression(t).evaluate(context)) for t in texts]
    for text in shown + [project.metadata().abstract(), project.title()]:
        check(EVIL not in (text or ""), f"a name is evaluated: {text[:120]!r}")


def check_project(folder, picture, tidy):
    run = json.load(open(os.path.join(folder, "run.json"), encoding="utf-8"))
    features = {o["name"]: o["features"] for o in run["outputs"] if "features" in o}
    path = os.path.join(folder, "spreewatch.qgs")
    text = open(path, encoding="utf-8").read()
    for word in (folder, os.path.realpath(folder), "file:", "<datasource>/", 'source="/'):
        check(word not in text, f"spreewatch.qgs: an absolute path ({word})")

    project = QgsProject.instance()
    if not check(project.read(path), f"spreewatch.qgs: {project.error()}"):
        return
    check(run["marking"] in (project.metadata().abstract() or ""), "spreewatch.qgs: no marking")
    check(project.crs().isValid() and not project.crs().isGeographic(), f"spreewatch.qgs: map CRS is {project.crs().authid()!r}")
    found = any(n for name, n in features.items() if name not in GROUND)  # on a night without any there is no span of time and no page
    check(project.timeSettings().temporalRange().isInfinite() != found, "spreewatch.qgs: the time range does not go with the features")

    layers = {}
    for l in project.mapLayers().values():
        layers.setdefault(os.path.basename(l.source().split("|")[0]), []).append(l)
    settings = QgsMapSettings()
    settings.setLayers(project.layerTreeRoot().checkedLayers())
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(800, 600))
    settings.setExtent(QgsRectangle(0, 0, 25e3, 25e3))  # the scale of a district
    check(set(layers) == set(features), f"spreewatch.qgs: layers {sorted(layers)}, run.json has {sorted(features)}")
    for name, parts in sorted(layers.items()):
        labelled, areas = 0, set()
        want = features.get(name, -1)
        check(sum(l.featureCount() for l in parts) == want, f"{name}: {[l.featureCount() for l in parts]} features, run.json says {want}")
        for layer in parts:
            check(os.path.realpath(layer.source().split("|")[0]) == os.path.realpath(os.path.join(folder, name)), f"{name}: read from {layer.source()}")
            some, of = check_layer(layer, name, layer.featureCount() if len(parts) > 1 else want, run["audience"], settings)
            labelled += some
            areas |= of
        if name == "incidents.geojson":  # one outside any spree has its label from the scale of a town, one under a badge none
            over = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), project.crs(), project)
            badges = [over.transform(middle(f)) for l in layers.get("patrols.geojson", []) for f in l.getFeatures() if not f.geometry().isNull()]
            areas = {f.id() for l in parts for f in l.getFeatures()
                     if f["spree_id"] != NULL and all(over.transform(middle(f)).distance(b) > 1.25e-3 * BADGE_MM * settings.scale() + 2 for b in badges)}
        # the label of a cell is there from the scale of a street, which is not this one
        check(labelled == (len(areas) if WANT[name][2] and name not in ("cells.geojson", "risk.geojson") and name not in GROUND else 0), f"{name}: {labelled} labels for {len(areas)} areas")
    for layer in layers.get("risk.geojson", []):  # a layer a shift, to switch on
        node = project.layerTreeRoot().findLayer(layer)
        check(not node.itemVisibilityChecked() and len({f["shift"] for f in layer.getFeatures()}) <= 1, f"risk.geojson: {layer.name()} is shown from the first, or is of several shifts")
    shifts = {f["shift"] for l in layers.get("patrols.geojson", []) for f in l.getFeatures()}
    check(len(layers.get("patrols.geojson", [])) == max(1, len(shifts)), f"spreewatch.qgs: {len(layers.get('patrols.geojson', []))} layers of patrols for {len(shifts)} shifts")
    for name in ("routes.geojson", "stops.geojson"):  # beside the suggestions of their shift
        for layer in layers.get(name, []):
            check({f["shift"] for f in layer.getFeatures()} <= shifts and layer.featureCount() <= features[name], f"{name}: a shift that has no suggestion")
    groups = [g for g in project.layerTreeRoot().findGroups() if g.findLayers()]
    grouped = sum(len(g.findLayers()) for g in groups)
    check(len(groups) >= 3 and grouped == sum(map(len, layers.values())), f"spreewatch.qgs: {grouped} of {len(project.mapLayers())} layers in {len(groups)} groups")

    if tidy:
        check_labels(project, layers)
    print("QGIS", Qgis.version(), "opened", ", ".join(f"{n} ({features[n]})" for n in sorted(layers)), "in", project.crs().authid())
    layout = project.layoutManager().layoutByName("Briefing A4")
    check_names(project, layout)
    if not found:
        check(layout is None, "spreewatch.qgs: a page without a map")
        return
    if not check(layout is not None, "spreewatch.qgs: no layout to print"):
        return
    page = [i for i in layout.items() if isinstance(i, QgsLayoutItemMap)][0]
    legend = [i for i in layout.items() if isinstance(i, QgsLayoutItemLegend)]
    check(len(legend) == 1, "layout: no legend")
    extent = page.extent()
    for name, layer in ((n, l) for n, parts in layers.items() for l in parts):
        if name in ("patrols.geojson", "sprees.geojson") and features.get(name) and layer.isValid():
            check(all(extent.contains(box) for box in boxes(layer, project.crs())), f"layout: {name} is not wholly on the page")

    whole = render(project, extent)
    check(colours(whole) >= 8, f"map: {colours(whole)} colours, so nothing is drawn")
    early = project.timeSettings().temporalRange().begin().addDays(-400)
    frame = QgsDateTimeRange(early, early.addSecs(3600))
    ground = [l for l in project.layerTreeRoot().checkedLayers() if os.path.basename(l.source().split("|")[0]) in GROUND]
    check(render(project, extent, frame) == render(project, extent, None, ground), "map: more than the ground a year before the first event, so the slider hides nothing")
    check(not any(n in GROUND for n in features) or colours(render(project, extent, None, ground)) > 1, "map: there is a ground and it is not drawn")

    out = picture or os.path.join(HOME, "page.png")
    printed = QgsLayoutExporter(layout).renderPageToImage(0, QSize(), 110)
    check(colours(printed) >= 8, f"layout: {colours(printed)} colours on the page")
    check(printed.save(out), f"layout: {out} cannot be written")
    check_pages(layout, run["marking"], features.get("patrols.geojson", 0), out)


def check_basemap(folder, colour):
    """The base map of a project: it loads, it is drawn where the map looks, and it is owed to somebody. Or there is none, and the ground is there."""
    project = QgsProject.instance()
    if not check(project.read(os.path.join(folder, "spreewatch.qgs")), f"spreewatch.qgs: {project.error()}"):
        return
    rasters = [l for l in project.mapLayers().values() if isinstance(l, QgsRasterLayer)]
    ground = [l for l in project.layerTreeRoot().checkedLayers() if os.path.basename(l.source().split("|")[0]) in GROUND]
    said = [n for n in json.load(open(os.path.join(folder, "run.json"), encoding="utf-8"))["notes"] if "base map" in n]
    page = project.layoutManager().layoutByName("Briefing A4")
    extent = [i for i in page.items() if isinstance(i, QgsLayoutItemMap)][0].extent()
    if colour == "none":
        check(not rasters and ground and said, f"base map: {len(rasters)} layers, {len(ground)} of the ground, said {said}")
        check(colours(render(project, extent)) >= 8, "base map: without it the map is blank")
        return
    if not check(len(rasters) == 1 and rasters[0].isValid() and not ground, f"base map: {[(l.source(), l.isValid()) for l in rasters]}, {len(ground)} layers of the ground over it"):
        return
    image = render(project, extent, None, rasters)
    at = image.pixel(400, 300) & 0xFFFFFF
    want = int(colour, 16)
    check(all(abs((at >> s & 255) - (want >> s & 255)) <= 24 for s in (0, 8, 16)), f"base map: {at:06x} in the middle of the map, want {colour}")
    foot = [i.currentText() for i in page.items() if isinstance(i, QgsLayoutItemLabel) and i.id() == "run"]
    check(foot and "Base map: " in foot[0], f"base map: the page says {foot}")
    print("QGIS drew the base map", rasters[0].name(), "in", rasters[0].crs().authid())


def main(argv):
    if argv[1] == "--basemap":
        check_basemap(os.path.abspath(argv[3]), argv[2])
        QgsProject.instance().clear()
        for f in findings:
            print("FAIL", f)
        return 1 if findings else 0
    if argv[1] == "--gpkg":
        check_gpkg(os.path.abspath(argv[2]), os.path.abspath(argv[3]))
        for f in findings:
            print("FAIL", f)
        return 1 if findings else 0
    folder, picture = os.path.abspath(argv[1]), None
    if len(argv) == 4 and argv[2] == "--picture":
        picture = os.path.abspath(argv[3])
    check_project(folder, picture, tidy=argv[2:3] != ["--names"])  # names of ten thousand letters find no room
    check_alone(folder)
    QgsProject.instance().clear()
    for f in findings:
        print("FAIL", f)
    return 1 if findings else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    app = QgsApplication([], False)
    app.initQgis()
    code = main(sys.argv)
    sys.stdout.flush()
    app.exitQgis()
    sys.exit(code)
