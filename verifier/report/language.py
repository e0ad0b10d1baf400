"""The words of a report in one language: a TOML file of sections and keys. A third language is one more file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from verifier.errors import UsageError


@dataclass(frozen=True, slots=True)
class Language:
    """All words of one language. `word(section, key)` of a code we have no word for is the code itself."""

    code: str
    words: dict[str, Any]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return str(self.words["direction"])

    def word(self, section: str, key: str, **values: object) -> str:
        """The word for a code; sentences are filled with values."""
        text = str(self.words.get(section, {}).get(key, key))
        return text.format(**values) if values else text


def codes() -> tuple[str, ...]:
    """The languages there are."""
    folder = files("verifier.report") / "languages"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def language(code: str) -> Language:
    """The language of that code. Raises UsageError."""
    if code not in codes():
        raise UsageError(f"There is no report language {code}; choose from {', '.join(codes())}.")
    text = (files("verifier.report") / "languages" / f"{code}.toml").read_text(encoding="utf-8")
    return Language(code=code, words=tomllib.loads(text))
