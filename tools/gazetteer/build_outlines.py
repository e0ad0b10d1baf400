"""Writes verifier/geo/data/outlines.json.gz from `countries-50m.json` of the npm package world-atlas 2.0.2.

world-atlas (ISC) packs Natural Earth 1:50m cultural vectors, which are in the public domain. Rings are kept as
integers of 0.01 degree, each after the first point as differences. Run: npm pack world-atlas && tar xzf
world-atlas-2.0.2.tgz && python tools/gazetteer/build_outlines.py package/countries-50m.json
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "verifier" / "geo" / "data"
UNITS = 100  # per degree


def main() -> None:
    atlas = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    arcs = decoded(atlas)
    with (Path(__file__).parent / "sources" / "countries.csv").open(encoding="utf-8") as stream:
        codes = {int(row["numeric"]): row["code"] for row in csv.DictReader(stream) if int(row["numeric"])}
    countries: dict[str, list[list[int]]] = {}
    unnumbered = {"Kosovo": "XK"}
    for shape in atlas["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = codes.get(int(shape["id"])) if "id" in shape else unnumbered.get(name)
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [packed(joined(arcs, ring)) for polygon in polygons for ring in polygon]
        countries.setdefault(code or f"?{name}", []).extend(ring for ring in rings if len(ring) >= 8)
    text = json.dumps({"units_per_degree": UNITS, "countries": countries}, sort_keys=True, separators=(",", ":"))
    with (
        (DATA / "outlines.json.gz").open("wb") as stream,
        gzip.GzipFile(fileobj=stream, mode="wb", mtime=0, filename="") as out,
    ):
        out.write(text.encode())
    print(
        len(countries),
        "countries,",
        len(text),
        "bytes of text",
        sorted(code for code in countries if code.startswith("?")),
    )


def decoded(atlas: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """TopoJSON arcs as degrees."""
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for arc in atlas["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        arcs.append(line)
    return arcs


def joined(arcs: list[list[tuple[float, float]]], ring: list[int]) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for number in ring:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(line[1:] if points else line)
    return points


def packed(points: list[tuple[float, float]]) -> list[int]:
    """x0, y0, dx, dy, … in units; points that fall together are dropped."""
    whole = [(round(x * UNITS), round(y * UNITS)) for x, y in points]
    flat = list(whole[0])
    last = whole[0]
    for point in whole[1:]:
        if point != last:
            flat += [point[0] - last[0], point[1] - last[1]]
            last = point
    return flat


if __name__ == "__main__":
    main()
