"""What an exhibit is, by its bytes: an allow-list of signatures, never a name.

Text never becomes a video or a sound. A decoder that is handed a playlist (HLS, ffconcat, SDP …) opens what the
playlist *names*, and then describes another file as this exhibit; so whatever reads as text is a document or a sidecar
before a demuxer sees it. Standard library only: the parent process calls this for every file it takes in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from verifier.media.structure.boxes import brands, top_level_types, tracks
from verifier.media.structure.elementary import byte_stream, in_step
from verifier.media.structure.leading import begins_at
from verifier.media.structure.text import text_type
from verifier.records import Kind

Answer: TypeAlias = tuple[Kind, str]

EMPTY: Answer = (Kind.OTHER, "application/x-empty")
UNKNOWN: Answer = (Kind.OTHER, "application/octet-stream")
PROGRAM: Answer = (Kind.OTHER, "application/x-executable")
PLACEHOLDER: Answer = (Kind.OTHER, "application/x-cloud-placeholder")

# (offset, bytes, answer): the first that fits wins. Sources: PRONOM, the formats' own specifications.
_SIGNATURES: tuple[tuple[int, bytes, Answer], ...] = (
    (0, b"\xff\xd8\xff", (Kind.PHOTO, "image/jpeg")),
    (0, b"\x89PNG\r\n\x1a\n", (Kind.PHOTO, "image/png")),
    (0, b"GIF87a", (Kind.PHOTO, "image/gif")),
    (0, b"GIF89a", (Kind.PHOTO, "image/gif")),
    (0, b"8BPS\x00\x01", (Kind.PHOTO, "image/vnd.adobe.photoshop")),
    (0, b"8BPS\x00\x02", (Kind.PHOTO, "image/vnd.adobe.photoshop")),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", (Kind.PHOTO, "image/jp2")),
    (0, b"\xff\x4f\xff\x51\x00", (Kind.PHOTO, "image/j2c")),
    (0, b"\xff\x0a", (Kind.PHOTO, "image/jxl")),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", (Kind.PHOTO, "image/jxl")),
    (0, b"FUJIFILMCCD-RAW ", (Kind.PHOTO, "image/x-fuji-raf")),
    (0, b"FOVb", (Kind.PHOTO, "image/x-sigma-x3f")),
    (0, b"IIU\x00", (Kind.PHOTO, "image/x-panasonic-rw2")),
    (0, b"\x00MRM", (Kind.PHOTO, "image/x-minolta-mrw")),
    (0, b"IIRO", (Kind.PHOTO, "image/x-olympus-orf")),
    (0, b"IIRS", (Kind.PHOTO, "image/x-olympus-orf")),
    (0, b"MMOR", (Kind.PHOTO, "image/x-olympus-orf")),
    (0, b"\x1aE\xdf\xa3", (Kind.VIDEO, "video/x-matroska")),
    (0, b"FLV\x01", (Kind.VIDEO, "video/x-flv")),
    (0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), (Kind.VIDEO, "video/x-ms-asf")),
    (0, bytes.fromhex("060e2b34020501010d0102"), (Kind.VIDEO, "application/mxf")),
    (0, b"\x00\x00\x01\xba", (Kind.VIDEO, "video/mpeg")),
    (0, b"\x00\x00\x01\xb3", (Kind.VIDEO, "video/mpv")),
    (0, b"\x00\x00\x01\xb0", (Kind.VIDEO, "video/mp4v-es")),
    (0, b"IMKH", (Kind.VIDEO, "video/x-hikvision")),
    (0, b"DHAV", (Kind.VIDEO, "video/x-dahua")),
    (0, b"DAHUA", (Kind.VIDEO, "video/x-dahua")),
    (0, b"DKIF\x00\x00", (Kind.VIDEO, "video/x-ivf")),
    (0, b"\x1f\x07\x00", (Kind.VIDEO, "video/x-dv")),
    (0, b".RMF\x00\x00\x00", (Kind.OTHER, "application/vnd.rn-realmedia")),
    (0, b"fLaC", (Kind.AUDIO, "audio/flac")),
    (0, b"#!AMR\n", (Kind.AUDIO, "audio/amr")),
    (0, b"#!AMR-WB\n", (Kind.AUDIO, "audio/amr-wb")),
    (0, b"caff\x00\x01", (Kind.AUDIO, "audio/x-caf")),
    (0, b".snd\x00\x00\x00", (Kind.AUDIO, "audio/basic")),
    (0, b"\x0b\x77", (Kind.AUDIO, "audio/ac3")),
    (0, b"PK\x03\x04", (Kind.ARCHIVE, "application/zip")),
    (0, b"PK\x05\x06", (Kind.ARCHIVE, "application/zip")),
    (0, b"PK\x07\x08", (Kind.ARCHIVE, "application/zip")),
    (0, b"\x1f\x8b\x08", (Kind.ARCHIVE, "application/gzip")),
    (0, b"BZh", (Kind.ARCHIVE, "application/x-bzip2")),
    (0, b"\xfd7zXZ\x00", (Kind.ARCHIVE, "application/x-xz")),
    (0, b"\x28\xb5\x2f\xfd", (Kind.ARCHIVE, "application/zstd")),
    (0, b"7z\xbc\xaf\x27\x1c", (Kind.ARCHIVE, "application/x-7z-compressed")),
    (0, b"Rar!\x1a\x07", (Kind.ARCHIVE, "application/vnd.rar")),
    (257, b"ustar", (Kind.ARCHIVE, "application/x-tar")),
    (0, b"%PDF-", (Kind.DOCUMENT, "application/pdf")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (Kind.DOCUMENT, "application/x-ole-storage")),
    (0, b"{\\rtf", (Kind.DOCUMENT, "application/rtf")),
    (0, b"DEVC\x00\x01", (Kind.OTHER, "application/x-gpmf")),
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
    (0, b"\xce\xfa\xed\xfe", PROGRAM),
    (0, b"\xca\xfe\xba\xbe", PROGRAM),
    (0, b"dex\n03", PROGRAM),
    (0, b"SQLite format 3\x00", (Kind.OTHER, "application/vnd.sqlite3")),
)

# How a ZIP says in its first member that it is an office document.
_ZIP_DOCUMENTS: tuple[tuple[bytes, str], ...] = (
    (b"mimetypeapplication/vnd.oasis.opendocument.", "application/vnd.oasis.opendocument"),
    (b"mimetypeapplication/epub+zip", "application/epub+zip"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)

_TIFF_RAW: tuple[tuple[bytes, str], ...] = (
    (b"NIKON", "image/x-nikon-nef"),
    (b"SONY", "image/x-sony-arw"),
    (b"PENTAX", "image/x-pentax-pef"),
    (b"SAMSUNG", "image/x-samsung-srw"),
)

_AUDIO_ONLY_ASF = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")  # ASF_Audio_Media
_VIDEO_ASF = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")  # ASF_Video_Media


def sniff(head: bytes, size: int, tail: bytes = b"") -> Answer:
    """Kind and media type from the first bytes (64 KiB is plenty), the size, and, where known, the last bytes.

    `tail` tells a sound-only MP4 whose index lies at the end from a video. Nothing recognised: OTHER.
    """
    if not head or not size:
        return EMPTY
    known = _direct(head, size, tail)
    if known is not UNKNOWN:
        return known
    start = begins_at(head)
    return _direct(head[start:], size - start, tail) if start else UNKNOWN


def leading_bytes(head: bytes, size: int) -> int:
    """How many bytes stand before the file that `sniff` recognised; nearly always 0."""
    return begins_at(head) if head and _direct(head, size, b"") is UNKNOWN else 0


def _direct(head: bytes, size: int, tail: bytes) -> Answer:
    for look in (_riff, _iso_media, _tiff):
        answer = look(head, size, tail)
        if answer is not None:
            return answer
    for offset, magic, known in _SIGNATURES:
        if head.startswith(magic, offset):
            if known[1] == "image/jpeg":
                return _jpeg(head, known, size)
            refine = _REFINEMENTS.get(known[1])
            return refine(head, known) if refine else known
    text = text_type(head, whole=size <= len(head))
    if text is not None:
        return PLACEHOLDER if text[1] == "application/xml" and b">NSURLNameKey<" in head else text
    if head.startswith(b"bplist00"):
        return PLACEHOLDER if b"NSURLNameKey" in head else (Kind.OTHER, "application/x-plist")
    return _weak(head, size) or UNKNOWN


# ---------------------------------------------------------------- containers whose first bytes need a second look


def _riff(head: bytes, size: int, tail: bytes) -> Answer | None:
    if head[:4] not in (b"RIFF", b"RF64", b"RIFX"):
        return None
    return {
        b"WAVE": (Kind.AUDIO, "audio/x-wav"),
        b"AVI ": (Kind.VIDEO, "video/x-msvideo"),
        b"AVIX": (Kind.VIDEO, "video/x-msvideo"),
        b"WEBP": (Kind.PHOTO, "image/webp"),
    }.get(head[8:12], UNKNOWN)


def _iso_media(head: bytes, size: int, tail: bytes) -> Answer | None:
    types = top_level_types(head)
    if not types:
        return None
    if types[0] == b"ftyp":
        return _branded(head, tail)
    if types[0] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        # QuickTime of before 2001, and of cameras to this day, has no ftyp.
        return (Kind.AUDIO, "audio/mp4") if tracks(head, tail) == {b"soun"} else (Kind.VIDEO, "video/quicktime")
    if types[0] in (b"styp", b"moof", b"sidx"):
        return (Kind.VIDEO, "video/mp4")
    return None


_STILL_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"heis": "image/heic", b"hevc": "image/heic",
    b"hevx": "image/heic", b"avif": "image/avif", b"avis": "image/avif", b"crx ": "image/x-canon-cr3",
}  # fmt: skip
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})


def _branded(head: bytes, tail: bytes) -> Answer:
    major, compatible = brands(head)
    for brand in (major, *compatible) if major in (b"mif1", b"msf1", b"miaf") else (major,):
        if brand in _STILL_BRANDS:
            return Kind.PHOTO, _STILL_BRANDS[brand]
    if major in (b"mif1", b"msf1", b"miaf"):
        return Kind.PHOTO, "image/heif"
    if major in _SOUND_BRANDS or tracks(head, tail) == {b"soun"}:
        return Kind.AUDIO, "audio/mp4"
    if major == b"qt  ":
        return Kind.VIDEO, "video/quicktime"
    if major[:2] in (b"3g", b"kd", b"mm"):
        return Kind.VIDEO, "video/3gpp2" if major[:3] == b"3g2" else "video/3gpp"
    return Kind.VIDEO, "video/mp4"


def _tiff(head: bytes, size: int, tail: bytes) -> Answer | None:
    if head[:4] not in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return None
    if head[8:10] == b"CR":
        return Kind.PHOTO, "image/x-canon-cr2"
    version = b"\x12\xc6\x01\x00\x04\x00\x00\x00" if head[:2] == b"II" else b"\xc6\x12\x00\x01\x00\x00\x00\x04"
    if version in head or version in tail:  # DNGVersion, tag 50706, four bytes
        return Kind.PHOTO, "image/x-adobe-dng"
    sub_ifds = b"\x4a\x01" if head[:2] == b"II" else b"\x01\x4a"  # only raw files hide their picture in SubIFDs
    if sub_ifds in head[:1024]:
        for maker, media_type in _TIFF_RAW:
            if maker in head[:4096].upper():
                return Kind.PHOTO, media_type
    return Kind.PHOTO, "image/tiff"


def _zip(head: bytes, known: Answer) -> Answer:
    name = head[30:120]
    for sign, media_type in _ZIP_DOCUMENTS:
        if name.startswith(sign):
            return Kind.DOCUMENT, media_type
    if name.startswith((b"[Content_Types].xml", b"_rels/")):
        for sign, media_type in _ZIP_DOCUMENTS[2:]:
            if sign in head:
                return Kind.DOCUMENT, media_type
        return Kind.DOCUMENT, "application/vnd.openxmlformats-officedocument"
    return known


def _matroska(head: bytes, known: Answer) -> Answer:
    return (Kind.VIDEO, "video/webm") if b"\x42\x82\x84webm" in head[:64] else known


def _asf(head: bytes, known: Answer) -> Answer:
    if _AUDIO_ONLY_ASF in head and _VIDEO_ASF not in head:
        return Kind.AUDIO, "audio/x-ms-wma"
    return known


def _hikvision(head: bytes, known: Answer) -> Answer:
    """Behind the recorder's header stands a program stream, or something that is not read."""
    start = head.find(b"\x00\x00\x01\xba", 0, 4096)
    return known if start > 0 else (Kind.OTHER, "application/x-hikvision")


def _jpeg(head: bytes, known: Answer, size: int) -> Answer:
    """Pictures of one size, one behind the other, are a recording (Motion JPEG); with an MPF index they are a photo."""
    end = head.find(b"\xff\xd9")
    if end < 0 or b"MPF\x00" in head[:end] or size < 2.5 * (end + 2):
        return known
    second = head[end + 2 :].lstrip(b"\r\n\x00")
    first_size = _frame_size(head[:end])
    if second.startswith(b"\xff\xd8\xff") and first_size is not None and first_size == _frame_size(second):
        return Kind.VIDEO, "video/x-motion-jpeg"
    return known


def _frame_size(jpeg: bytes) -> bytes | None:
    """Height and width as a JPEG's frame header has them, or None where it does not lie in these bytes."""
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return jpeg[at + 5 : at + 9]
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return None


_REFINEMENTS: dict[str, Callable[[bytes, Answer], Answer]] = {
    "application/zip": _zip,
    "video/x-matroska": _matroska,
    "video/x-ms-asf": _asf,
    "video/x-hikvision": _hikvision,
}


# ---------------------------------------------------------------- signatures too short to come before text


def _weak(head: bytes, size: int) -> Answer | None:
    if head.startswith(b"OggS\x00"):
        video = any(sign in head[:512] for sign in (b"\x80theora", b"BBCD\x00", b"\x01video"))
        return (Kind.VIDEO, "video/ogg") if video else (Kind.AUDIO, "audio/ogg")
    if head[:2] == b"BM" and len(head) >= 26 and head[6:10] == b"\x00\x00\x00\x00":
        return Kind.PHOTO, "image/bmp"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return Kind.AUDIO, "audio/x-aiff"
    if in_step(head) is not None:
        return Kind.VIDEO, "video/mp2t"
    stream = byte_stream(head)
    if stream is not None:
        return Kind.VIDEO, stream
    if head[:2] == b"MZ" and b"PE\x00\x00" in head[:4096]:
        return PROGRAM
    if head[:4] == b"\x00\x00\x01\x00" and _is_icon(head, size):
        return Kind.PHOTO, "image/x-icon"
    if head[:3] == b"ID3" and len(head) > 10:
        return _behind_id3(head)
    if head[0] == 0xFF and len(head) > 3:
        if head[1] & 0xF6 == 0xF0:
            return Kind.AUDIO, "audio/aac"  # ADTS: layer bits are zero
        if head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C:
            return Kind.AUDIO, "audio/mpeg"
    return None


def _behind_id3(head: bytes) -> Answer:
    """An ID3 tag stands before MP3, and before the AAC of HTTP live streams and some FLAC as well."""
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    behind = head[10 + size :][:4]
    if behind.startswith(b"fLaC"):
        return Kind.AUDIO, "audio/flac"
    return Kind.AUDIO, "audio/aac" if behind[:1] == b"\xff" and behind[1] & 0xF6 == 0xF0 else "audio/mpeg"


def _is_icon(head: bytes, size: int) -> bool:
    """Whether every entry of an icon's directory points into the file."""
    count = int.from_bytes(head[4:6], "little")
    entries = [head[6 + 16 * index : 22 + 16 * index] for index in range(count)] if 0 < count <= 64 else []
    return bool(entries) and all(
        len(entry) == 16
        and entry[3] == 0
        and int.from_bytes(entry[12:16], "little") + int.from_bytes(entry[8:12], "little") <= size
        for entry in entries
    )
