"""Media inside other files' bytes: clips behind pictures, pictures in PDF, mail and pages. Where they begin and end."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

MOST_FOUND = 500
_TOP_LEVEL = frozenset(
    {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moof", b"mfra", b"sidx", b"styp", b"udta"}
)
_PDF_PICTURE = re.compile(rb"/(DCTDecode|JPXDecode)\b")
_DATA_ADDRESS = re.compile(rb"data:(image|video|audio)/([\w.+-]{1,40})(?:;[\w=.-]{1,40})*;base64,([A-Za-z0-9+/=\s%]+)")
_MAIL = re.compile(rb"^(?:MIME-Version:|Content-Type:\s*multipart/)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One piece of media: a name that says what and where it is, and its bytes."""

    name: str
    place: str
    content: bytes


def clips(data: bytes) -> Iterator[Found]:
    """MP4 and QuickTime files that begin after the first bytes: of motion photos (Google, Samsung), or appended."""
    at, count = data.find(b"ftyp", 16), 0
    while at >= 0 and count < MOST_FOUND:
        end = _end_of_movie(data, at - 4)
        if end is not None:
            count += 1
            yield Found(name=f"clip at byte {at - 4}.mp4", place=f"byte {at - 4}", content=data[at - 4 : end])
        at = data.find(b"ftyp", end if end is not None else at + 4)


def _end_of_movie(data: bytes, start: int) -> int | None:
    """Where a chain of top-level boxes with an index or fragments and with data ends; None where it is none."""
    at, names = start, set()
    for _ in range(4096):
        if at + 8 > len(data):
            break
        size, name = struct.unpack_from(">I4s", data, at)
        if size == 1 and at + 16 <= len(data):
            (size,) = struct.unpack_from(">Q", data, at + 8)
        elif size == 0:
            size = len(data) - at
        if name not in _TOP_LEVEL or size < 8 or (name == b"ftyp" and at > start):
            break
        names.add(name)
        at = min(at + size, len(data))
    return at if names & {b"moov", b"moof"} and b"mdat" in names else None


def in_pdf(data: bytes) -> Iterator[Found]:
    """Pictures that a PDF holds as whole JPEG and JPEG 2000 files."""
    for count, found in enumerate(_PDF_PICTURE.finditer(data)):
        if count >= MOST_FOUND:
            return
        begin = data.find(b"stream", found.end(), found.end() + 4096)
        end = data.find(b"endstream", begin) if begin >= 0 else -1
        if end < 0:
            continue
        content = data[begin + 6 : end].lstrip(b"\r\n")
        sign, suffix = (b"\xff\xd8\xff", "jpg") if found.group(1) == b"DCTDecode" else (b"", "jp2")
        if content.startswith(sign) and content:
            place = f"byte {begin}"
            yield Found(name=f"picture at byte {begin}.{suffix}", place=place, content=content.rstrip(b"\r\n"))


def is_mail(head: bytes) -> bool:
    """Whether text is a mail or a saved page with parts (RFC 2045, MHTML)."""
    return _MAIL.search(head[:16384]) is not None


def in_mail(data: bytes) -> Iterator[Found]:
    """The decoded parts of a mail or of a page saved with its pictures, mails inside it included."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for number, part in enumerate(message.walk()):
        if number >= MOST_FOUND:
            return
        if part.is_multipart():
            continue
        try:
            content = part.get_payload(decode=True)
            name = part.get_filename()
        except (LookupError, ValueError, TypeError, AttributeError):
            continue
        if isinstance(content, bytes) and content:
            yield Found(name=str(name or f"part {number}"), place=f"part {number}", content=content)


def in_page(data: bytes) -> Iterator[Found]:
    """Pictures written into a page as data: addresses."""
    for count, found in enumerate(_DATA_ADDRESS.finditer(data)):
        if count >= MOST_FOUND:
            return
        try:
            content = base64.b64decode(re.sub(rb"\s", b"", found.group(3)), validate=True)
        except (binascii.Error, ValueError):
            continue
        suffix = found.group(2).decode("ascii").split("+")[0]
        yield Found(name=f"picture at byte {found.start()}.{suffix}", place=f"byte {found.start()}", content=content)
