"""Evidence text made safe to look at: names, tags and messages are hostile until shown.

A right-to-left override makes `evil<U+202E>gpj.exe` look like a picture; an escape sequence can repaint a terminal.
Every control, format, surrogate, private or line-separating character becomes a visible `⟦…⟧`. The zero-width
non-joiner and joiner stay between letters: Persian needs them (ISIRI 6219). Stored values are never changed; only what
is shown is.
"""

from __future__ import annotations

import os
import unicodedata

_NAMES = {
    0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
    0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
    0x200E: "LRM", 0x200F: "RLM", 0x061C: "ALM", 0xFEFF: "BOM", 0x200B: "ZWSP",
    0x0A: "LF", 0x0D: "CR", 0x09: "TAB", 0x1B: "ESC", 0x00: "NUL", 0x07: "BEL",
    0x2028: "LSEP", 0x2029: "PSEP",
}  # fmt: skip
_JOINERS = {0x200C, 0x200D}
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LONGEST = 300
FIRST_STRONG_ISOLATE, LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE = "\u2068", "\u2066", "\u2069"
RIGHT_TO_LEFT_ISOLATE = "\u2067"


def visible(text: str, longest: int = LONGEST) -> str:
    """The text with every character that could hide or reorder something spelt out, cut at `longest` characters."""
    if len(text) <= longest and text.isprintable():  # neither control, format, surrogate, private nor separating
        return text
    shown: list[str] = []
    for index, character in enumerate(text[: longest + 1]):
        if index == longest:
            shown.append(f"… ({len(text)} characters)")
            break
        code = ord(character)
        if code in _JOINERS and 0 < index < len(text) - 1 and text[index - 1].isalpha() and text[index + 1].isalpha():
            shown.append(character)
        elif unicodedata.category(character) in _HIDDEN_CATEGORIES:
            shown.append(f"⟦{_NAMES.get(code, f'U+{code:04X}')}⟧")
        else:
            shown.append(character)
    return "".join(shown)


def visible_name(name: bytes, longest: int = LONGEST) -> str:
    """A file name as text: bytes that are not UTF-8 become visible as ⟦xHH⟧."""
    decoded = name.decode("utf-8", "surrogateescape")
    parts = [f"⟦x{ord(c) - 0xDC00:02X}⟧" if 0xDC80 <= ord(c) <= 0xDCFF else visible(c, 1) for c in decoded[:longest]]
    # joiners need their neighbours: re-run on the whole where every byte was text
    text = visible(decoded, longest) if not any(0xDC80 <= ord(c) <= 0xDCFF for c in decoded) else "".join(parts)
    return text if len(decoded) <= longest else text.split("… (")[0] + f"… ({len(decoded)} characters)"


def exact_name(name: bytes) -> str:
    """A file name as text that keeps every byte (surrogate escapes): for comparison, never for display."""
    return os.fsdecode(name) if os.name == "nt" else name.decode("utf-8", "surrogateescape")


def isolated(text: str) -> str:
    """A value that keeps its own direction inside a sentence of the other (Unicode isolates, UAX 9)."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def left_to_right(text: str) -> str:
    """A date, range, coordinate, digest or unit that must read left to right even in Persian."""
    return f"{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}"


def right_to_left(text: str) -> str:
    """Our own words of a language that is written from the right, isolated: within a drawing nothing else says so."""
    return f"{RIGHT_TO_LEFT_ISOLATE}{text}{POP_ISOLATE}"
