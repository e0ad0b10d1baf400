"""One form for all writings of a text: both what is searched for and what is looked through are brought to it.

Compatibility forms, case, digits of every script as Latin ones, no hidden characters, no marks; the shapes of Arabic
and Persian letters that are typed for one another, and Cyrillic and Greek letters that look like Latin ones, are one.
"""

from __future__ import annotations

import re
import unicodedata

BLANKS = re.compile(r"\s+")
HIDDEN = {code: None for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"} | {0xAD: None}
DIGITS = {
    code: str(unicodedata.decimal(chr(code)))
    for code in range(0x80, 0x20000)
    if unicodedata.decimal(chr(code), None) is not None
}  # every script's
LETTERS: dict[int, str | None] = {
    **dict.fromkeys((0x064A, 0x0649, 0x06D2, 0x06D3, 0x06CE, 0x0626, 0x06D0, 0x06CD), "ی"),  # yeh of every shape
    **dict.fromkeys((0x0643, 0x06AA), "ک"),
    **dict.fromkeys((0x06C0, 0x06C1, 0x06C2, 0x06BE, 0x06D5, 0x0629, 0x06C3), "ه"),  # heh of every shape
    **dict.fromkeys((0x0622, 0x0623, 0x0625, 0x0671), "ا"),
    0x0624: "و", 0x0640: None,  # waw with hamza; the long stroke
}  # fmt: skip
LIKE_LATIN: dict[int, str | None] = {  # Cyrillic and Greek letters that look like Latin ones
    ord(other): latin
    for other, latin in zip(
        "авекмнорстухіјѕԁɡӏһԛԝ" + "αβεικνορτυχγμηζ", "abekmhopctyxijsdglhqw" + "abeikvoptuxymhz", strict=True
    )
}
OF_LATIN: dict[int, str | None] = {  # Latin letters that no mark can be taken off, and small capitals
    **dict(zip(map(ord, "ıøłđħŧəƒɪʏ"), "iolhhtefiy", strict=True)), ord("đ"): "d",
    **dict(zip(map(ord, "ᴀʙᴄᴅᴇꜰɢʜᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡᴢ"), "abcdefghjklmnoprstuvwz", strict=True)),
    ord("æ"): "ae", ord("œ"): "oe",
}  # fmt: skip
FRAMED: dict[int, str | None] = {  # letters in frames, flags and tags that no form of compatibility resolves
    **{0x1F1E6 + at: chr(97 + at) for at in range(26)},
    **{start + at: chr(97 + at) for start in (0x1F130, 0x1F150, 0x1F170) for at in range(26)},
    **{0xE0000 + at: chr(at) for at in range(0x20, 0x7F)},
}
MARKS = {0x2032: "'", 0x2019: "'", 0x066B: ".", 0x066C: ","}  # minutes of an angle; Arabic points of a number
CELLS = '",;{}|'  # between the cells and fields of a table: what stands in two of them is not one text
SEPARATORS = re.compile(rf"(?:[^\w{re.escape(CELLS)}]|_)+")
NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) not in CELLS)
FOLDING: dict[int, str | None] = {**HIDDEN, **DIGITS, **LETTERS, **MARKS, **FRAMED}
UNMARKED: dict[int, str | None] = {code: None for code in range(0x110000) if unicodedata.category(chr(code)) == "Mn"}
BARING: dict[int, str | None] = {**FOLDING, **UNMARKED, **LIKE_LATIN, **OF_LATIN}


def folded(text: str) -> str:
    """One form for all writings of a text: compatibility forms and case, Latin digits, no hidden characters."""
    if text.isascii():
        return BLANKS.sub(" ", text.lower())
    plain = unicodedata.normalize("NFKC", text).translate(FOLDING)
    bare = unicodedata.normalize("NFKD", plain.casefold()).translate(BARING)
    return BLANKS.sub(" ", unicodedata.normalize("NFKC", bare))


def squeezed(text: str) -> str:
    """The letters and digits of a folded text alone: what was broken or joined within a cell is whole again."""
    if text.isascii():
        return text.encode("ascii").translate(None, NO_LETTERS).decode("ascii")
    return SEPARATORS.sub("", text)
