"""`NAME.info.json` of yt-dlp and youtube-dl: where a video was taken from, who put it there, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.sidecars.telling import (
    BESIDE,
    base_name,
    content,
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
_ADDRESSES = ("webpage_url", "original_url", "uploader_url", "channel_url")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `yt-dlp:*`; `http_headers`, `cookies`, formats and stream addresses are never told."""
    raw = content(source)
    if b'"extractor' not in raw or b'"webpage_url"' not in raw:
        return
    said = mapping(parsed(raw))
    if "extractor" not in said:
        return
    name = said.get("_filename") or said.get("filename")
    subject = base_name(name) if isinstance(name, str) and name else BESIDE
    values: dict[str, Value] = {key: plain(said.get(key)) for key in _PLAIN}
    values |= {key: unix(said.get(key)) for key in _TIMES}
    values |= {key: without_tokens(said.get(key)) for key in _ADDRESSES}
    version = mapping(said.get("_version"))
    values["version"] = plain(version.get("version"))
    day = said.get("upload_date")
    if isinstance(day, str) and re.fullmatch(r"\d{8}", day):
        values["upload_date"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    yield from told("yt-dlp", values, "info.json", subject)


ANALYSER = Analyser(
    name="sidecar-yt-dlp",
    version=1,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/json"}),
    analyse=analyse,
)
