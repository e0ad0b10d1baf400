"""Metadata blocks written by the tests themselves, byte by byte, so that each can be right or wrong in one place."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from tests.media.making import still

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL, DOUBLE = 1, 2, 3, 4, 5, 7, 10, 12
_SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1, SRATIONAL: 8, DOUBLE: 8}

# (type, value): text or bytes, a number, a sequence of numbers, a sequence of (numerator, denominator)
Field: TypeAlias = tuple[int, object]
Directory: TypeAlias = Mapping[int, Field]

PLACE: Directory = {
    1: (ASCII, "S"),
    2: (RATIONAL, [(35, 1), (41, 1), (3000, 100)]),
    3: (ASCII, "W"),
    4: (RATIONAL, [(51, 1), (25, 1), (1200, 100)]),
    5: (BYTE, 1),
    6: (RATIONAL, [(1234, 10)]),
    7: (RATIONAL, [(10, 1), (57, 1), (59, 2)]),
    17: (RATIONAL, [(901, 10)]),
    29: (ASCII, "2024:05:06"),
}


def _packed(order: str, kind: int, value: object) -> tuple[int, bytes]:
    """Count and bytes of a value."""
    if isinstance(value, str):
        data = value.encode() + b"\x00"
        return len(data), data
    if isinstance(value, bytes):
        return len(value) // _SIZES[kind], value
    values = list(value) if isinstance(value, Sequence) else [value]
    letter = {BYTE: "B", SHORT: "H", LONG: "I", RATIONAL: "II", SRATIONAL: "ii", DOUBLE: "d"}[kind]
    if len(letter) == 2:
        return len(values), b"".join(struct.pack(order + letter, *pair) for pair in values)
    return len(values), b"".join(struct.pack(order + letter, one) for one in values)


def _directory(order: str, fields: Directory, at: int, following: int = 0) -> bytes:
    """A directory that begins at `at`, with its values behind it."""
    data_at = at + 2 + 12 * len(fields) + 4
    entries, data = b"", b""
    for tag, (kind, value) in sorted(fields.items()):
        count, packed = _packed(order, kind, value)
        entries += struct.pack(order + "HHI", tag, kind, count)
        if len(packed) <= 4:
            entries += packed.ljust(4, b"\x00")
        else:
            entries += struct.pack(order + "I", data_at + len(data))
            data += packed + b"\x00" * (len(packed) & 1)
    return struct.pack(order + "H", len(fields)) + entries + struct.pack(order + "I", following) + data


def exif(
    ifd0: Directory | None = None,
    camera: Directory | None = None,
    gps: Directory | None = None,
    thumbnail: bytes | None = None,
    *,
    order: str = "<",
    magic: int = 42,
) -> bytes:
    """A TIFF structure with IFD0 and, where given, an Exif, a GPS and a thumbnail directory."""
    main = dict(ifd0 or {})
    parts: list[bytes] = []

    def end() -> int:
        return 8 + length + sum(map(len, parts))

    for tag, fields in ((0x8769, camera), (0x8825, gps)):
        if fields is not None:
            main[tag] = (LONG, 0)
    length = len(_directory(order, main, 8))
    for tag, fields in ((0x8769, camera), (0x8825, gps)):
        if fields is not None:
            main[tag] = (LONG, end())
            parts.append(_directory(order, fields, end()))
    following = 0
    if thumbnail is not None:
        following = end()
        small: dict[int, Field] = {0x0103: (SHORT, 6), 0x0201: (LONG, 0), 0x0202: (LONG, len(thumbnail))}
        small[0x0201] = (LONG, following + len(_directory(order, small, following)))
        parts += [_directory(order, small, following), thumbnail]
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", magic, 8)
    return head + _directory(order, main, 8, following) + b"".join(parts)


CAMERA: Directory = {
    0x9003: (ASCII, "2024:05:06 07:08:09"),
    0x9004: (ASCII, "2024:05:06 07:08:10"),
    0x9011: (ASCII, "+03:30"),
    0x9291: (ASCII, "250"),
    0xA431: (ASCII, "SN-77"),
    0xA434: (ASCII, "35mm f/2"),
}
MAIN: Directory = {
    0x010F: (ASCII, "Maker"),
    0x0110: (ASCII, "Model 5  "),
    0x0112: (SHORT, 6),
    0x0131: (ASCII, "Firmware 1.2"),
    0x0132: (ASCII, "2024:05:06 07:08:09"),
}


def whole_exif(**changes: Directory) -> bytes:
    """An Exif block with everything in it, or with one directory replaced."""
    given: dict[str, Directory] = {"ifd0": MAIN, "camera": CAMERA, "gps": PLACE} | changes
    return exif(given["ifd0"], given["camera"], given["gps"], still("JPEG", 16, 8))


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def jpeg(*segments: bytes, picture: bytes | None = None, behind: bytes = b"") -> bytes:
    """A real JPEG with segments put behind its first marker, and bytes behind its end."""
    picture = picture if picture is not None else still("JPEG", 16, 8)
    return picture[:2] + b"".join(segments) + picture[2:] + behind


def jpeg_with_exif(block: bytes) -> bytes:
    return jpeg(segment(0xE1, b"Exif\x00\x00" + block))


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*before: bytes, behind: Sequence[bytes] = ()) -> bytes:
    """A real PNG with chunks before its picture and behind it."""
    picture = still("PNG", 16, 8)
    header, rest, end = picture[:33], picture[33:-12], picture[-12:]
    return header + b"".join(before) + rest + b"".join(behind) + end


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def packet(inside: str, attributes: str = "") -> bytes:
    """An XMP packet with the usual prefixes declared."""
    names = {
        "xmp": "http://ns.adobe.com/xap/1.0/", "xmpMM": "http://ns.adobe.com/xap/1.0/mm/", "rdf": RDF,
        "exif": "http://ns.adobe.com/exif/1.0/", "dc": "http://purl.org/dc/elements/1.1/",
        "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", "dcterms": "http://purl.org/dc/terms/",
        "tiff": "http://ns.adobe.com/tiff/1.0/",
    }  # fmt: skip
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in names.items())
    return (
        f'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {declared}>'
        f'<rdf:Description rdf:about="" {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


def jpeg_with_xmp(content: bytes) -> bytes:
    return jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + content))


def resource(number: int, content: bytes) -> bytes:
    """A Photoshop image resource."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content + b"\x00" * (len(content) & 1)


def dataset(record: int, number: int, data: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(data)) + data


def psd(*resources: bytes, width: int = 20, height: int = 10) -> bytes:
    """A Photoshop file as far as its image resources."""
    body = b"".join(resources)
    return (
        b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, height, width, 8, 3) + bytes(4) + struct.pack(">I", len(body)) + body
    )
