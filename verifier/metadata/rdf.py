"""RDF as XMP uses it (ISO 16684-1), read from one stream of events into flat (path, value) pairs.

A property is `prefix:name`; a field of a structure adds `.name`, an item of a list `[n]`, a language alternative
`[language]` unless it is the default. DTDs and entities are refused by defusedxml; sizes, depth and counts are bounded.
What was read before damage is kept: the caller asks `Packet.flaw`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

MOST_PROPERTIES = 4000
MOST_DEPTH = 40
MOST_VALUE_CHARACTERS = 2000

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
_META = "adobe:ns:meta/"

# The usual prefix of a namespace, whatever the writer called it; beginnings, because writers vary the ends.
_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/bj/": "xmpBJ",
    "http://ns.adobe.com/xap/1.0/t/pg/": "xmpTPg",
    "http://ns.adobe.com/xap/1.0/g/img/": "xmpGImg",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
    "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://cipa.jp/exif/2.32/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.microsoft.com/photo/1.0": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://ns.google.com/photos/1.0/camera/": "GCamera",
    "http://ns.google.com/photos/1.0/container/": "GContainer",
    "http://ns.google.com/photos/1.0/panorama/": "GPano",
    "http://ns.apple.com/HDRGainMap/1.0/": "HDRGainMap",
    "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm",
}
_UNBOUND = re.compile(rb"[<\s]([A-Za-z_][\w.\-]*):[A-Za-z_]")
_DECLARED = re.compile(rb"xmlns:([A-Za-z_][\w.\-]*)\s*=")


@dataclass(slots=True)
class Packet:
    """What one packet says: (path, value) in document order, and the sentence that ended the reading early."""

    properties: list[tuple[str, str]] = field(default_factory=list)
    flaw: str | None = None


@dataclass(slots=True)
class _Level:
    kind: str  # "outer" | "node" | "property" | "list" | "item"
    path: str
    items: int = 0
    text: list[str] = field(default_factory=list)
    filled: bool = False


class _Reader:
    """The target that defusedxml's parser feeds."""

    def __init__(self, packet: Packet) -> None:
        self._packet = packet
        self._levels: list[_Level] = [_Level("outer", "")]
        self._declared: dict[str, str] = {}

    def start_ns(self, prefix: str, uri: str) -> None:
        self._declared.setdefault(uri, prefix or "default")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._levels) > MOST_DEPTH:
            raise _TooMuch(f"nested deeper than {MOST_DEPTH} levels")
        above = self._levels[-1]
        above.filled = True
        level = self._level(tag, attributes, above)
        self._levels.append(level)
        for name, value in attributes.items():
            self._attribute(name, value, level, tag)

    def _level(self, tag: str, attributes: dict[str, str], above: _Level) -> _Level:
        if tag in (f"{{{_RDF}}}RDF", f"{{{_META}}}xmpmeta", f"{{{_META}}}xapmeta"):
            return _Level("outer", "")
        if tag == f"{{{_RDF}}}Description":
            return _Level("node", above.path)
        if tag in (f"{{{_RDF}}}Bag", f"{{{_RDF}}}Seq", f"{{{_RDF}}}Alt"):
            return _Level("list", above.path)
        if tag == f"{{{_RDF}}}li":
            above.items += 1
            language = attributes.get(f"{{{_XML}}}lang")
            if language is None:
                return _Level("item", f"{above.path}[{above.items}]")
            return _Level("item", above.path if language == "x-default" else f"{above.path}[{language[:20]}]")
        return _Level("property", self._path(tag, above.path))

    def _path(self, name: str, above: str) -> str:
        uri, _, local = name[1:].rpartition("}")
        if not uri:
            return f"{above}.{name}" if above else name
        if above:
            return f"{above}.{local}"
        return f"{_PREFIXES.get(uri) or self._declared.get(uri, 'unknown')}:{local}"

    def _attribute(self, name: str, value: str, level: _Level, tag: str) -> None:
        if name.startswith(f"{{{_XML}}}"):
            return
        if name == f"{{{_META}}}xmptk":
            self._add("x:xmptk", value)
        elif name == f"{{{_RDF}}}resource":
            self._add(level.path, value)
            level.filled = True
        elif name.startswith(f"{{{_RDF}}}") or name in ("about", "parseType", "resource"):
            return
        elif tag != f"{{{_RDF}}}RDF":
            self._add(self._path(name, level.path), value)
            level.filled = True

    def data(self, text: str) -> None:
        level = self._levels[-1]
        if level.kind in ("property", "item") and len(level.text) < 10_000:
            level.text.append(text)

    def end(self, tag: str) -> None:
        level = self._levels.pop()
        if level.kind in ("property", "item"):
            text = "".join(level.text).strip()
            if text or not level.filled:
                self._add(level.path, text)

    def close(self) -> None:
        return None

    def _add(self, path: str, value: str) -> None:
        if len(self._packet.properties) >= MOST_PROPERTIES:
            raise _TooMuch(f"more than {MOST_PROPERTIES} properties")
        if len(value) > MOST_VALUE_CHARACTERS:
            value = f"{value[:MOST_VALUE_CHARACTERS]} … ({len(value)} characters)"
        self._packet.properties.append((path[:300], value))


class _TooMuch(Exception):
    """A bound of this reader was met."""


def read_rdf(content: bytes) -> Packet:
    """Every property of one packet of bytes, as far as it can be read."""
    packet = _parse(_prepared(content))
    if packet.flaw and "unbound prefix" in packet.flaw:
        return _parse(_bound(_prepared(content)))
    return packet


def _parse(content: bytes) -> Packet:
    packet = Packet()
    parser = DefusedXMLParser(target=_Reader(packet), forbid_dtd=True)
    try:
        parser.feed(content)
        parser.close()
    except ParseError as error:
        packet.flaw = f"not well-formed: {error}"[:200]
    except DefusedXmlException:
        packet.flaw = "it declares a document type or entities, which no XMP needs"
    except _TooMuch as error:
        packet.flaw = str(error)
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        packet.flaw = f"not readable: {error}"[:200]
    return packet


def _prepared(content: bytes) -> bytes:
    """From the first tag to the last, in UTF-8; the packet's wrapper and padding are left out."""
    content = _utf8(content)
    start = max(content.find(b"<x:xmpmeta"), content.find(b"<x:xapmeta"))
    if start < 0:
        start = content.find(b"<rdf:RDF")
    for end_tag in (b"</x:xmpmeta>", b"</x:xapmeta>", b"</rdf:RDF>"):
        end = content.find(end_tag, max(start, 0))
        if end >= 0:
            return content[max(start, 0) : end + len(end_tag)]
    return content[max(start, 0) :].rstrip(b"\x00")


def _utf8(content: bytes) -> bytes:
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:]
    for mark, code in ((b"<\x00\x00\x00", "utf-32-le"), (b"\x00\x00\x00<", "utf-32-be"), (b"<\x00", "utf-16-le"),
                       (b"\x00<", "utf-16-be"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):  # fmt: skip
        if content.startswith(mark):
            return content.decode(code, "replace").encode()
    return content


def _bound(content: bytes) -> bytes:
    """The packet with the prefixes that its writer forgot to declare."""
    declared = set(_DECLARED.findall(content)) | {b"xml", b"xmlns"}
    missing = sorted(set(_UNBOUND.findall(content)) - declared)[:50]
    known = {prefix.encode(): uri.encode() for uri, prefix in _PREFIXES.items()}
    known |= {b"rdf": _RDF.encode(), b"x": _META.encode()}
    more = b"".join(b' xmlns:%s="%s"' % (name, known.get(name, b"urn:undeclared:" + name)) for name in missing)
    end = re.search(rb"<[\w:.\-]+", content)
    return content if end is None else content[: end.end()] + more + content[end.end() :]
