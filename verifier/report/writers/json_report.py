"""report.json: canonical, readable, and inert even where a viewer prints it raw."""

from __future__ import annotations

import json
import unicodedata

from verifier.dossier import CaseDossier
from verifier.guarded import UNGUARDED, Guard
from verifier.report.document import Plain, document


def render(case: CaseDossier, lang: str = "en", guard: Guard = UNGUARDED) -> bytes:
    """UTF-8 JSON with sorted keys; the same dossier gives the same bytes."""
    return dumps(document(case, lang, guard))


def dumps(plain: Plain) -> bytes:
    """Sorted, indented; format and control characters (bidi overrides …) stand as \\u escapes. No NaN."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False)
    if not text.isascii():
        text = "".join(character if _harmless(character) else _escape(character) for character in text)
    return (text + "\n").encode("utf-8")


def _harmless(character: str) -> bool:
    return character.isascii() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
