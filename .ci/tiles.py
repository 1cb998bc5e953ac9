#!/usr/bin/python3
"""Makes base maps of one colour about Dereham, and serves one as tiles.

usage: tiles.py FOLDER

Writes red.mbtiles, green.gpkg (National Grid), two.gpkg (two sets of tiles: a is
blue), features.gpkg (none) and empty.mbtiles into FOLDER. Then serves yellow tiles on
a port of this machine, which it writes to FOLDER/port, and notes each one asked for in
FOLDER/asked, until it is stopped. Needs Debian's python3-gdal.
"""
import http.server
import os
import sys

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
WGS84 = (0.5, 53.0, 1.5, 52.4)  # west, north, east, south
GRID = (570000.0, 340000.0, 640000.0, 280000.0)


def plain(colour, epsg, box, size=256):
    """A picture of one colour over a box."""
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    picture = gdal.GetDriverByName("MEM").Create("", size, size, 3)
    picture.SetGeoTransform((box[0], (box[2] - box[0]) / size, 0, box[1], 0, (box[3] - box[1]) / size))
    picture.SetProjection(system.ExportToWkt())
    for band, value in enumerate(colour, 1):
        picture.GetRasterBand(band).Fill(value)
    return picture


def main(folder):
    gdal.Translate(os.path.join(folder, "red.mbtiles"), plain((255, 0, 0), 4326, WGS84), format="MBTiles", creationOptions=["TILE_FORMAT=PNG"])
    gdal.Translate(os.path.join(folder, "green.gpkg"), plain((0, 255, 0), 27700, GRID), format="GPKG", creationOptions=["TILE_FORMAT=PNG"])
    two = os.path.join(folder, "two.gpkg")
    for table, colour in (("b", (90, 90, 90)), ("a", (0, 0, 255))):
        options = ["TILE_FORMAT=PNG", "RASTER_TABLE=" + table]
        gdal.Translate(two, plain(colour, 4326, WGS84), format="GPKG", creationOptions=options + (["APPEND_SUBDATASET=YES"] if os.path.exists(two) else []))
    ogr.GetDriverByName("GPKG").CreateDataSource(os.path.join(folder, "features.gpkg")).CreateLayer("points", None, ogr.wkbPoint)
    open(os.path.join(folder, "empty.mbtiles"), "w").close()

    gdal.GetDriverByName("PNG").CreateCopy(os.path.join(folder, "tile.png"), plain((255, 255, 0), 3857, (0, 0, 1, -1)))
    with open(os.path.join(folder, "tile.png"), "rb") as f:
        tile = f.read()

    class Tiles(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with open(os.path.join(folder, "asked"), "a", encoding="ascii") as f:
                f.write(self.path + "\n")
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(tile)))
            self.end_headers()
            self.wfile.write(tile)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    with open(os.path.join(folder, "port.new"), "w", encoding="ascii") as f:
        f.write(str(server.server_port))
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]))
