"""Sony's NonRealTimeMeta: model, serial number, moment of capture with its offset, position.

An XML document that XAVC cameras put into a `meta` box of the movie and, for the same clip, beside it on the card
(`C0001.MP4`, `C0001M01.XML`). Its times bear an offset; its position is Exif's, in degrees, minutes and seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from verifier.metadata.moments import from_text
from verifier.records import Reading, Value

ROOT = b"NonRealTimeMeta"
LARGEST = 1 << 20  # bytes
LONGEST_TEXT = 256  # characters
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--[\s\S]*?-->\s*)*<(?:\w+:)?NonRealTimeMeta\b"
)
_DEGREES = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)")


def is_sony(raw: bytes) -> bool:
    """Whether the document's first element is Sony's."""
    return _BEGINNING.match(raw) is not None


def readings(raw: bytes, location: str, subject: str | None = None) -> Iterator[Reading]:
    """`sony:*` of one document; `sony:problem` where it cannot be read. Silent about any other XML."""
    if not is_sony(raw):
        return
    try:
        root = fromstring(raw[:LARGEST].rstrip(b"\x00"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        yield Reading(key="sony:problem", value=f"the XML cannot be read: {type(error).__name__}", location=location)
        return
    for key, value in _values(root):
        if value is not None:
            yield Reading(key=f"sony:{key}", value=value, location=location, subject=subject)


def _values(root: Element) -> Iterator[tuple[str, Value]]:
    position: dict[str, str] = {}
    for element in root.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name == "CreationDate":
            said = element.get("value", "")[:LONGEST_TEXT]
            yield "CreationDate", from_text(said) or said or None
        elif name == "Device":
            for attribute in ("manufacturer", "modelName", "serialNo"):
                yield attribute, element.get(attribute, "").strip()[:LONGEST_TEXT] or None
        elif name == "Lens":
            yield "lens", element.get("modelName", "").strip()[:LONGEST_TEXT] or None
        elif name == "Group" and element.get("name") == "ExifGPS":
            position = {item.get("name", ""): item.get("value", "") for item in element}
    yield from _position(position)


def _position(said: dict[str, str]) -> Iterator[tuple[str, Value]]:
    """Degrees of both coordinates, or nothing; a receiver without a fix (`Status` V) states none."""
    north = _degrees(said.get("Latitude", ""), said.get("LatitudeRef", ""), "NS", 90.0)
    east = _degrees(said.get("Longitude", ""), said.get("LongitudeRef", ""), "EW", 180.0)
    if north is None or east is None or (north == 0 and east == 0):
        return
    if said.get("Status", "A") == "V":
        yield "problem", "a position stands there, and the receiver says that it had no fix"
        return
    yield "GPSPosition.latitude", north
    yield "GPSPosition.longitude", east


def _degrees(text: str, reference: str, letters: str, most: float) -> float | None:
    found = _DEGREES.fullmatch(text.strip())
    if found is None or reference not in (letters[0], letters[1]):
        return None
    degrees, minutes, seconds = (float(part) for part in found.groups())
    if minutes >= 60 or seconds >= 60:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return round(-value if reference == letters[1] else value, 7) if value <= most else None
