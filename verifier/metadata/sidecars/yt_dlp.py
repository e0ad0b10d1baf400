"""`NAME.info.json` of yt-dlp and youtube-dl: where a video was taken from, who put it there, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.sidecars.telling import (
    EXTENSION,
    Json,
    base_name,
    content,
    listing,
    mapping,
    parsed,
    plain,
    told,
    unix,
    without_tokens,
)
from verifier.records import Exhibit, Kind, Record, Value

_PLAIN = (
    "id", "display_id", "title", "extractor", "extractor_key", "uploader", "uploader_id", "channel", "channel_id",
    "upload_date", "release_date", "duration", "width", "height", "fps", "vcodec", "acodec", "format_id", "ext",
    "filesize", "description", "location", "live_status", "was_live", "availability", "view_count",
)  # fmt: skip
_TIMES = ("timestamp", "release_timestamp", "modified_timestamp", "epoch")
_PICTURES = frozenset({"jpg", "jpeg", "png", "webp", "gif", "avif"})
MOST_THUMBNAILS = 200
_ADDRESSES = ("webpage_url", "original_url", "uploader_url", "channel_url")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `yt-dlp:*`; `http_headers`, `cookies`, formats and stream addresses are never told."""
    raw = content(source)
    if b'"extractor' not in raw or b'"webpage_url"' not in raw:
        return
    said = mapping(parsed(raw))
    if "extractor" not in said:
        return
    extension = said.get("ext")
    if not isinstance(extension, str):
        name = said.get("_filename") or said.get("filename")
        extension = base_name(name).rpartition(".")[2] if isinstance(name, str) and "." in name else ""
    subject = EXTENSION + extension
    values: dict[str, Value] = {key: plain(said.get(key)) for key in _PLAIN}
    values |= {key: unix(said.get(key)) for key in _TIMES}
    values |= {key: without_tokens(said.get(key)) for key in _ADDRESSES}
    version = mapping(said.get("_version"))
    values["version"] = plain(version.get("version"))
    day = said.get("upload_date")
    if isinstance(day, str) and re.fullmatch(r"\d{8}", day):
        values["upload_date"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    yield from told("yt-dlp", values, "info.json", subject)
    thumbnails = listing(said.get("thumbnails"))[:MOST_THUMBNAILS]
    for form in dict.fromkeys(_form(mapping(one).get("url")) for one in thumbnails):
        if form is not None and form != extension:
            yield from told("yt-dlp", {"thumbnail_of": plain(said.get("id"))}, "thumbnails", EXTENSION + form)


def _form(address: Json) -> str | None:
    """The extension of a thumbnail's address, where it is one of a picture."""
    path = address.partition("?")[0] if isinstance(address, str) else ""
    form = path[-8:].rpartition(".")[2].lower()
    return form if form in _PICTURES else None


ANALYSER = Analyser(
    name="sidecar-yt-dlp",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/json"}),
    analyse=analyse,
)
