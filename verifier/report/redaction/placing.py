"""Where in a file a leak stands: field of a JSON file, line of a text, page of a PDF; empty where unknown."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator

Tells = Callable[[bytes], bool]


def place_of(name: str, content: bytes, tells: Tells) -> str:
    """The smallest place of a file that tells the secret by itself."""
    if name.endswith((".json", ".jsonld", ".geojson")):
        return _field(content, tells)
    if content[:5] == b"%PDF-":
        return _page(content, tells)
    return _line(content, tells)


def _field(content: bytes, tells: Tells) -> str:
    """Downwards to the field that tells: never into a list or mapping whose parts do not tell by themselves."""
    try:
        node = json.loads(content)
    except ValueError:
        return _line(content, tells)
    path = ""
    while True:
        for step, below in _below(node, tells):
            if tells(json.dumps(below, ensure_ascii=False).encode("utf-8", "replace")):
                node, path = below, f"{path}{step}"
                break
        else:
            return path.removeprefix(".")


def _below(node: object, tells: Tells) -> Iterator[tuple[str, object]]:
    """The parts of a list or mapping; a key that is no plain word, or tells itself, is not named."""
    if isinstance(node, dict):
        for key, value in node.items():
            is_plain = str(key).isidentifier() and not tells(str(key).encode("utf-8", "replace"))
            yield (f".{key}" if is_plain else "[…]"), value
    elif isinstance(node, list):
        yield from ((f"[{number}]", value) for number, value in enumerate(node))


def _line(content: bytes, tells: Tells) -> str:
    """By halves, as long as one of them tells by itself."""
    lines = content.split(b"\n")
    first, last = 0, len(lines)
    while last - first > 1:
        middle = (first + last) // 2
        if tells(b"\n".join(lines[first:middle])):
            last = middle
        elif tells(b"\n".join(lines[middle:last])):
            first = middle
        else:
            return f"lines {first + 1} to {last}"
    return f"line {first + 1}" if len(lines) > 1 else ""


def _page(content: bytes, tells: Tells) -> str:
    from pypdf import PdfReader

    for number, page in enumerate(PdfReader(io.BytesIO(content)).pages, 1):
        if tells(page.extract_text().encode("utf-8", "replace")):
            return f"page {number}"
    return ""
