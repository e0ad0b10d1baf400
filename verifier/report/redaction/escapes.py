"""Escapes of a text resolved: HTML, JSON, PDF, percent signs, quoted-printable, those of programs and style sheets."""

from __future__ import annotations

import html
import re
import unicodedata
import urllib.parse

ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\u\{[0-9a-fA-F]{1,6}\}|\\x[0-9a-fA-F]{2}|\\[0-7]{3}|\\([/\"'()\\ ])")
ONE_BYTE = re.compile(r"\\x[0-9a-fA-F]{2}|\\[0-7]{3}")
BYTES_ESCAPED = re.compile(r"(?:\\x[89a-fA-F][0-9a-fA-F]|\\[23][0-7]{2})(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+")
CODE_POINT = re.compile(r"%u([0-9a-fA-F]{4})|[Uu]\+([0-9a-fA-F]{4,6})[ ,;]?")
BARE_ENTITY = re.compile(r"&#(\d{2,7}|[xX][0-9a-fA-F]{2,6});?")
QUOTED = re.compile(r"((?:=[0-9A-Fa-f]{2})+)")
OF_PROGRAMS = re.compile(
    r"\\U([0-9a-fA-F]{8})|\\x\{([0-9a-fA-F]{1,6})\}|\\N\{([A-Z0-9 -]{3,80})\}|(?:chr|char)\((\d{1,7})\)[+.,&| ]*",
    re.IGNORECASE,
)
OF_STYLES = re.compile(r"(?:\\[0-9a-fA-F]{1,6}[ \t\r\n]?){3,}")
ONE_OF_STYLES = re.compile(r"\\([0-9a-fA-F]{1,6})[ \t\r\n]?")
OF_RTF = re.compile(r"\\u(-?\d{2,6})[?]?(?: |(?=\\|[^\d]|$))|\\'([0-9a-fA-F]{2})")
MOST = 0x10FFFF


def unescaped(text: str) -> str:
    """The usual escapes resolved once."""
    if "&" in text:
        text = html.unescape(BARE_ENTITY.sub(_entity, text) if "&#" in text else text)
    if "\\" in text:
        text = BYTES_ESCAPED.sub(_unescape_bytes, text)
        text = ESCAPE.sub(_unescape, text)
    if "%u" in text or "U+" in text or "u+" in text:
        text = CODE_POINT.sub(lambda found: _letter(int(found[1] or found[2], 16)), text)
    if "=\n" in text or "=\r\n" in text:
        text = re.sub(r"=\r?\n", "", text)
    if "%" in text:
        text = urllib.parse.unquote(text, errors="replace")
    if "=" in text and re.search(r"=[0-9A-Fa-f]{2}=[0-9A-Fa-f]{2}", text):
        found = QUOTED.sub(lambda m: "%" + m[1][1:].replace("=", "%"), text)
        text = urllib.parse.unquote(found, errors="replace")
    return text


def of_programs(text: str) -> list[str]:
    r"""A text with escapes of programs (\U…, \x{…}, \N{…}, chr(…)), style sheets and RTF resolved, where it has any."""
    found: list[str] = []
    if "\\" in text or "(" in text:
        found.append(OF_PROGRAMS.sub(_of_program, text))
    if "\\" in text:
        found.append(OF_STYLES.sub(_of_style, text))
        found.append(OF_RTF.sub(_of_rtf, text))
    return [one for one in found if one != text]


def _letter(code: int) -> str:
    return chr(code) if 0 <= code <= MOST and not 0xD800 <= code < 0xE000 else "\ufffd"


def _entity(found: re.Match[str]) -> str:
    number = found[1]
    return _letter(int(number[1:], 16) if number[0] in "xX" else int(number))


def _of_program(found: re.Match[str]) -> str:
    if found[3]:
        try:
            return unicodedata.lookup(found[3])
        except KeyError:
            return found[0]
    code = int(found[4]) if found[4] else int(found[1] or found[2], 16)
    return _letter(code)


def _of_style(run: re.Match[str]) -> str:
    return "".join(_letter(int(code, 16)) for code in ONE_OF_STYLES.findall(run[0]))


def _of_rtf(found: re.Match[str]) -> str:
    if found[2]:
        return bytes([int(found[2], 16)]).decode("cp1256", "replace")
    return _letter(int(found[1]) % 65_536)


def _unescape_bytes(found: re.Match[str]) -> str:
    units = [
        bytes([int(one[2:], 16) if one[1] == "x" else int(one[1:], 8) & 0xFF]) for one in ONE_BYTE.findall(found[0])
    ]
    return b"".join(units).decode("utf-8", "replace")


def _unescape(found: re.Match[str]) -> str:
    whole = found[0]
    if found[1]:
        return found[1]
    if whole.startswith("\\u{"):
        return _letter(int(whole[3:-1], 16))
    if whole.startswith("\\u"):
        return bytes.fromhex(whole.replace("\\u", "")).decode("utf-16-be", "replace")
    return chr(int(whole[2:], 16)) if whole.startswith("\\x") else chr(int(whole[1:], 8) & 0xFF)
