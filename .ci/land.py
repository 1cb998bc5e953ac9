#!/usr/bin/python3
"""Makes land.bin.gz, the land of the world in small, out of Natural Earth 1:10m.

usage: land.py land-10m.json land.bin.gz

land-10m.json is the TopoJSON of npm's world-atlas 2.0.2, made of Natural Earth
4.1.0 (public domain). Land is cut at every second degree, each piece reaching a
hundredth of a degree over its edge so that no seam shows between two. The file
is gzip of varints: for each polygon the number of its rings, for each ring the
number of its points without the closing one, for each point the steps from the
point before, zigzag, in thousandths of a degree, longitude first. Needs Debian's
python3-gdal.
"""
import gzip
import json
import sys

from osgeo import ogr

ogr.UseExceptions()
UNIT, TILE, OVER, LEAST = 1000, 2, 0.01, 5e-6


def rings(topo):
    scale, move = topo["transform"]["scale"], topo["transform"]["translate"]
    arcs = []
    for arc in topo["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        arcs.append(line)
    for shape in topo["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"]:
            out = []
            for ring in polygon:
                points = []
                for i in ring:
                    line = arcs[i] if i >= 0 else arcs[~i][::-1]
                    points += line[1 if points else 0:]
                out.append(points)
            yield out


def shape(polygon):
    g = ogr.Geometry(ogr.wkbPolygon)
    for ring in polygon:
        r = ogr.Geometry(ogr.wkbLinearRing)
        for p in ring:
            r.AddPoint_2D(*p)
        r.CloseRings()
        g.AddGeometry(r)
    return g


def box(w, s, e, n):
    return shape([[(w, s), (e, s), (e, n), (w, n), (w, s)]])


def polygons(g):
    if g.GetGeometryType() == ogr.wkbPolygon:
        return [g] if not g.IsEmpty() else []
    return [p for i in range(g.GetGeometryCount()) for p in polygons(g.GetGeometryRef(i).Clone())]


def whole(g):
    """The polygons of a shape in whole units, each valid."""
    for _ in range(6):
        parts = []
        for p in polygons(g):
            out = []
            for i in range(p.GetGeometryCount()):
                r = p.GetGeometryRef(i)
                ring = []
                for k in range(r.GetPointCount()):
                    at = (round(r.GetX(k) * UNIT), round(r.GetY(k) * UNIT))
                    if not ring or ring[-1] != at:
                        ring.append(at)
                if len(ring) >= 4:
                    out.append(ring)
                elif i == 0:
                    break
            if out:
                q = shape([[(x / UNIT, y / UNIT) for x, y in ring] for ring in out])
                parts.append((q, out))
        if all(q.IsValid() for q, _ in parts):
            return [out for q, out in parts if q.GetArea() > LEAST]
        g = ogr.Geometry(ogr.wkbGeometryCollection)
        for q, _ in parts:
            g.AddGeometry(q if q.IsValid() else q.MakeValid())
    return [out for q, out in parts if q.IsValid() and q.GetArea() > LEAST]


def split(g, w, s, e, n, out):
    """Cuts down to tiles, by halves."""
    if g.IsEmpty():
        return
    if e - w <= TILE and n - s <= TILE:
        out.append(g)
        return
    if e - w >= n - s:
        m = w + max(TILE, (int((e - w) / TILE) // 2) * TILE)
        halves = ((w, s, m, n), (m, s, e, n))
    else:
        m = s + max(TILE, (int((n - s) / TILE) // 2) * TILE)
        halves = ((w, s, e, m), (w, m, e, n))
    for half in halves:
        cut = box(max(-180, half[0] - OVER), max(-90, half[1] - OVER), min(180, half[2] + OVER), min(90, half[3] + OVER))
        split(g.Intersection(cut), *half, out)


def varint(v, out):
    while v >= 0x80:
        out.append(v & 0x7F | 0x80)
        v >>= 7
    out.append(v)


def main(source, target):
    pieces = []
    for polygon in rings(json.load(open(source, encoding="utf-8"))):
        g = shape(polygon)
        if not g.IsValid():
            g = g.MakeValid()
        split(g, -180, -90, 180, 90, pieces)
    out = bytearray()
    count = points = 0
    for g in pieces:
        for polygon in whole(g):
            count += 1
            varint(len(polygon), out)
            for ring in polygon:
                ring = ring[:-1]
                points += len(ring)
                varint(len(ring), out)
                last = (0, 0)
                for at in ring:
                    for a, b in zip(at, last):
                        d = a - b
                        varint(d << 1 if d >= 0 else (-d << 1) - 1, out)
                    last = at
    with open(target, "wb") as f:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=f, mtime=0) as z:
            z.write(bytes(out))
    print(count, "polygons,", points, "points,", len(out), "bytes before packing")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
