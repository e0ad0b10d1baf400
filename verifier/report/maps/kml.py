"""KML 2.2 of what is drawn, for globes: points, precision circles, view cones."""

from __future__ import annotations

import re

from verifier.report.maps.drawn import Drawn

_COLOURS = {"recorded": "ff1f77d0", "claimed": "ffb05f1f", "matched": "ff2ca02c", "track": "ff7f7f7f"}  # aabbggrr
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """Text that is safe between tags and inside quoted attributes of XML; what XML cannot hold becomes U+FFFD."""
    plain = _NOT_XML.sub("\ufffd", text)
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        plain = plain.replace(sign, entity)
    return plain


def kml(things: tuple[Drawn, ...], title: str) -> str:
    """A KML document."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>',
        f"<name>{escaped(title)}</name>",
    ]
    for kind, colour in sorted(_COLOURS.items()):
        lines.append(
            f'<Style id="{kind}"><IconStyle><color>{colour}</color></IconStyle><LineStyle><color>{colour}</color>'
            f"<width>2</width></LineStyle><PolyStyle><color>40{colour[2:]}</color></PolyStyle></Style>"
        )
    for thing in things:
        position = thing.position
        height = "" if position.altitude_metres is None else f",{position.altitude_metres:.1f}"
        shapes = [f"<Point><coordinates>{position.longitude_degrees:.6f},{position.latitude_degrees:.6f}{height}"
                  "</coordinates></Point>"]  # fmt: skip
        for ring in (thing.ring, thing.view):
            if ring is not None:
                corners = " ".join(f"{longitude:.6f},{latitude:.6f}" for longitude, latitude in ring)
                shapes.append(
                    "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
                    f"{corners}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
                )
        lines.append(
            f"<Placemark><name>{escaped(thing.title)}</name><description>{escaped(f'{thing.kind}: {thing.note}')}"
            f"</description><styleUrl>#{thing.kind if thing.kind in _COLOURS else 'track'}</styleUrl>"
            f"<MultiGeometry>{''.join(shapes)}</MultiGeometry></Placemark>"
        )
    return "\n".join([*lines, "</Document></kml>", ""])
