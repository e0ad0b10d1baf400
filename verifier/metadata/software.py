"""Names of programs in tags: editors, muxers, platforms, screen recorders, generators (data/software.json)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "software.json"
KINDS = ("editors", "tools", "platforms", "screens", "generators", "cameras")


@cache
def _table() -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    loaded = json.loads(TABLE.read_text(encoding="utf-8"))
    return {
        kind: tuple((re.compile(f"(?<![a-z])(?:{row['pattern']})", re.IGNORECASE), row["name"]) for row in loaded[kind])
        for kind in KINDS
    }


def named(kind: str, text: str) -> str | None:
    """The program of that kind that a text names, or None."""
    return next((name for pattern, name in _table()[kind] if pattern.search(text[:2048])), None)
