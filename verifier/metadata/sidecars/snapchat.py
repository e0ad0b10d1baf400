"""`memories_history.json` of Snapchat: when and where a memory was saved; the files themselves are stripped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.moments import from_text
from verifier.metadata.sidecars.telling import STEM, content, coordinates, listing, mapping, parsed, plain, told
from verifier.records import Exhibit, Kind, Record, Value

_PLACE = re.compile(r"Latitude, Longitude:\s*(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)")
_MEMORY = re.compile(r"[?&]mid=([0-9A-Fa-f-]{36})")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `snapchat:*`; the subject is the name that Snapchat gives the file. Download addresses are not told."""
    raw = content(source)
    if b'"Saved Media"' not in raw:
        return
    for index, item in enumerate(map(mapping, listing(mapping(parsed(raw)).get("Saved Media")))):
        date = item.get("Date")
        values: dict[str, Value] = {"media_type": plain(item.get("Media Type"))}
        if isinstance(date, str):
            values["date"] = from_text(date) or date[:64]
        place = _PLACE.match(str(item.get("Location") or "")[:200])
        position = coordinates(*place.groups()) if place else None
        if position:
            values["latitude"], values["longitude"] = position
        link = _MEMORY.search(str(item.get("Download Link") or item.get("Media Download Url") or "")[:8192])
        if link and isinstance(date, str):
            yield from told("snapchat", values, f"Saved Media[{index}]", f"{STEM}{date[:10]}_{link.group(1)}-main")
        else:
            yield from told("snapchat", values, f"Saved Media[{index}]", f"{STEM}memory {index} of this list")


ANALYSER = Analyser(
    name="sidecar-snapchat",
    version=2,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"application/json"}),
    analyse=analyse,
)
