"""Whether bytes are text, and which: what reads as text must never reach a demuxer."""

from __future__ import annotations

import codecs
import re
from typing import TypeAlias

from verifier.records import Kind

Answer: TypeAlias = tuple[Kind, str]

_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}
_PRINTABLE = bytes(set(range(32, 127)) | {9, 10, 13})
_PLAYLISTS = (
    b"#extm3u", b"ffconcat", b"v=0", b"[playlist]", b"<asx", b"[reference]", b"<smil", b"<mpd", b"rtsptext", b"rtsp://",
)  # fmt: skip
_MARKUP = re.compile(rb"<([a-z_][\w.:-]*)[\s>/]", re.IGNORECASE)
_MARKUP_TYPES = {
    b"html": (Kind.DOCUMENT, "text/html"),
    b"svg": (Kind.DOCUMENT, "image/svg+xml"),
    b"mpd": (Kind.DOCUMENT, "application/dash+xml"),
    b"smil": (Kind.DOCUMENT, "application/smil+xml"),
    b"gpx": (Kind.SIDECAR, "application/gpx+xml"),
    b"kml": (Kind.SIDECAR, "application/vnd.google-earth.kml+xml"),
    b"x:xmpmeta": (Kind.SIDECAR, "application/rdf+xml"),
    b"rdf:rdf": (Kind.SIDECAR, "application/rdf+xml"),
}


def text_type(head: bytes, *, whole: bool) -> Answer | None:
    """Kind and media type of text, or None for bytes that are not. `whole`: `head` is the entire exhibit.

    A playlist is recognised however much binary follows it, because a demuxer would.
    """
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n\x00")[:1024].lower()
    if start.startswith(_PLAYLISTS):
        return Kind.DOCUMENT, "text/x-playlist"
    sample = _decoded(head[:16384], whole=whole and len(head) <= 16384)
    return None if sample is None else _which(sample)


def _decoded(sample: bytes, *, whole: bool) -> bytes | None:
    """The sample as UTF-8 if it is text in UTF-8, UTF-16 with a mark, or an 8-bit code; else None."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text, _ = codecs.utf_16_decode(sample, "replace", False)
        encoded = text.encode("utf-8", "replace")
        return encoded if "�" not in text and not _CONTROLS.intersection(encoded) else None
    if _CONTROLS.intersection(sample):
        return None
    try:
        codecs.utf_8_decode(sample, "strict", whole)
    except UnicodeDecodeError:
        # A code page: text has mostly printable ASCII or a run of letters; short binary has not.
        printable = len(sample) - len(sample.translate(None, _PRINTABLE))
        return sample if len(sample) >= 16 and printable >= 0.7 * len(sample) else None
    return sample


def _which(sample: bytes) -> Answer:
    text = sample.removeprefix(codecs.BOM_UTF8).lstrip()
    if text[:18].lower() == b"[internetshortcut]":
        return Kind.SIDECAR, "text/plain"
    if text.startswith((b"{", b"[")):
        return Kind.SIDECAR, "application/json"
    if text.startswith(b"%!PS"):
        return Kind.DOCUMENT, "application/postscript"
    if text.startswith((b"#EXTM3U", b"ffconcat")):
        return Kind.DOCUMENT, "text/x-playlist"
    if text.startswith(b"<"):
        return _markup(text)
    if text.startswith((b"-----BEGIN PGP SIGNATURE", b"-----BEGIN PGP SIGNED")):
        return Kind.SIDECAR, "application/pgp-signature"
    if text.startswith((b"-----BEGIN PGP PUBLIC", b"-----BEGIN PGP MESSAGE")):
        return Kind.SIDECAR, "application/pgp-keys"
    return (Kind.SIDECAR, "text/csv") if _is_table(text) else (Kind.SIDECAR, "text/plain")


def _markup(text: bytes) -> Answer:
    if text[:9].lower() == b"<!doctype" and b"html" in text[:64].lower():
        return Kind.DOCUMENT, "text/html"
    for found in _MARKUP.finditer(text[:4096]):
        name = found.group(1).lower()
        return _MARKUP_TYPES.get(name, (Kind.SIDECAR, "application/xml"))
    return Kind.SIDECAR, "application/xml"


def _is_table(text: bytes) -> bool:
    """At least two lines of the same number (two or more) of separated cells."""
    lines = [line for line in text.splitlines()[:8] if line.strip()]
    for separator in (b",", b";", b"\t"):
        counts = {line.count(separator) for line in lines[:-1] or lines}
        if len(lines) >= 2 and len(counts) == 1 and counts.pop() >= 1:
            return True
    return False
