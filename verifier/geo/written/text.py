"""A text of a place taken apart: links, codes, grids and coordinates in it, and the words that remain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from verifier.geo.letters import western_digits
from verifier.geo.position import Position
from verifier.geo.written.angles import read_angles, swapped
from verifier.geo.written.codes import GEOHASH, GEOHASH_BARE, ISO_6709, MGRS, read_geohash, read_iso_6709, read_mgrs
from verifier.geo.written.grids import UTM, read_utm
from verifier.geo.written.links import read_link
from verifier.geo.written.plus_codes import FULL, SHORT, decoded

_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,15}://\S+|geo:[-+\d]\S*(?:\([^)]*\))?|(?:www\.)?(?:[\w-]+\.)+(?:com|org|net|ir|io|app|gl|co|me|"
    r"codes|ru)/\S*)",
    re.IGNORECASE,
)
_THREE_WORDS = re.compile(r"(?:^|\s)///?[^\W\d_]+[.。・][^\W\d_]+[.。・][^\W\d_]+|what3words|w3w\.co", re.IGNORECASE)
_BARE_THREE_WORDS = re.compile(r"[^\W\d_]{3,}\.[^\W\d_]{3,}\.[^\W\d_]{3,}")
_FIGURE = r"([-+]?\d+(?:\.\d+)?)"
_WKT = re.compile(
    rf"(?:SRID=\d+;\s*)?POINT\s*(?:ZM?|M)?\s*\(\s*{_FIGURE}\s+{_FIGURE}(?:\s+[-\d.]+)*\s*\)", re.IGNORECASE
)
_GEOJSON = re.compile(r"\{.*\"coordinates\"\s*:\s*\[\s*([-\d.]+)\s*,\s*([-\d.]+)[^\]]*\].*\}", re.DOTALL)
_LABELS = re.compile(
    r"مختصات(?:\s*جغرافیایی)?|موقعیت(?:\s*مکانی)?|لوکیشن|نقطه|آدرس|"
    r"(?<![A-Za-z0-9])(?:coordinates?|coords?|gps|location|position|pin|latlo?ng|plus\s?code|mgrs|utm|wgs\s?84)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_LABEL_PAIR = re.compile(
    r"\b(?:lat(?:itude)?\s*[/,&-]\s*lo?ng?(?:itude)?|lo?ng?(?:itude)?\s*[/,&-]\s*lat(?:itude)?)\b", re.IGNORECASE
)
_ALONG = r"[\d\s.,;:°'\"/+\-−–—،؛٫٬′″’”º˚()\[\]=&]|(?<![^\W\d_])[NSEWnsewdms](?![^\W\d_]{2})"
_WORD_OF_ANGLES = (
    r"عرض\s*جغرافیایی|طول\s*جغرافیایی|عرض|طول|درجه|دقیقه|ثانیه|شمالی|جنوبی|شرقی|غربی|شمال|جنوب|شرق|غرب|و|latitude|longitude|"
    r"lat|lon|lng|long|north|south|east|west|degrees?|minutes?|seconds?|deg|min|sec|enlem|boylam"
)
_SPAN = re.compile(rf"(?:(?<![^\W\d_])(?:{_WORD_OF_ANGLES})(?![^\W\d_])|{_ALONG})+", re.IGNORECASE)
_FEW_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a text says in figures, and its other words; `is_ordered`: the writing says which is the latitude."""

    positions: tuple[Position, ...] = ()
    words: str = ""
    query: str = ""  # words that a link searched for
    short_codes: tuple[str, ...] = ()
    is_view: bool = False
    is_ordered: bool = True


def written_in(text: str) -> Written:
    """Take a text apart. Raises ValueError with a sentence for what is a position but cannot be read."""
    plain = western_digits(text)
    if _THREE_WORDS.search(plain) or _BARE_THREE_WORDS.fullmatch(plain.strip()):
        raise ValueError("what3words are words of a private list and are not read: give coordinates")
    links, rest = _links(plain)
    for reader in (_geometry, _codes, _grids):
        positions, short, rest = reader(rest)
        if positions or short:
            if links.positions:
                positions = (*links.positions, *positions)
            return Written(positions=positions, short_codes=short, words=_words(rest), is_view=links.is_view)
    if links.positions or links.query:
        return Written(positions=links.positions, words=_words(rest), query=links.query, is_view=links.is_view)
    return _angles(rest)


def _links(text: str) -> tuple[Written, str]:
    positions: list[Position] = []
    query, is_view = "", False
    for found in _LINK.finditer(text):
        linked = read_link(found.group())
        if linked.pins:
            positions += linked.pins
        elif linked.views:
            positions.append(linked.views[0])
            is_view = True
        query = query or linked.query
    return Written(positions=tuple(dict.fromkeys(positions)), query=query, is_view=is_view), _LINK.sub(" ", text)


Found = tuple[tuple[Position, ...], tuple[str, ...], str]


def _geometry(text: str) -> Found:
    """WKT and GeoJSON points have the longitude first."""
    for pattern in (_WKT, _GEOJSON):
        found = pattern.search(text)
        if found:
            point = read_angles(f"lon {found[1]} lat {found[2]}")
            if point is not None:
                return (point.position,), (), pattern.sub(" ", text)
    return (), (), text


def _codes(text: str) -> Found:
    edge = r"(?<![\w+]){}(?![\w+])"
    full = re.findall(edge.format(FULL.pattern), text, re.IGNORECASE)
    if full:
        rest = re.sub(edge.format(FULL.pattern), " ", text, flags=re.IGNORECASE)
        return tuple(decoded(code).position for code in full), (), rest
    short = tuple(re.findall(edge.format(SHORT.pattern), text, re.IGNORECASE))
    return (), short, re.sub(edge.format(SHORT.pattern), " ", text, flags=re.IGNORECASE) if short else text


def _grids(text: str) -> Found:
    whole = _LABELS.sub(" ", text).strip(" :,;،.")
    for pattern, reader, anywhere in (
        (GEOHASH, read_geohash, True), (MGRS, read_mgrs, True), (UTM, read_utm, True), (ISO_6709, read_iso_6709, False),
        (GEOHASH_BARE, read_geohash, False),
    ):  # fmt: skip
        found = pattern.fullmatch(whole)
        if found is None and anywhere:
            found = next((one for one in pattern.finditer(whole) if _stands_alone(whole, one)), None)
        if found is not None:
            return (reader(found),), (), f"{whole[: found.start()]} {whole[found.end() :]}"
    return (), (), text


def _stands_alone(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    has_digits = sum(letter.isdigit() for letter in found.group()) > _FEW_DIGITS
    return has_digits and not before.isalnum() and not after.isalnum()


def _angles(text: str) -> Written:
    """Two angles as the whole text, or as one stretch of it beside words."""
    order = _LABEL_PAIR.search(text)
    core = _LABELS.sub(" ", _LABEL_PAIR.sub(" ", text))
    core = "".join(
        letter for letter in core if letter == "°" or unicodedata.category(letter) not in ("So", "Sk", "Mn")
    ).strip(" :=\n")
    pair = read_angles(core)
    if pair is not None:
        other = swapped(pair.position) if order and order[0].lower().startswith("lo") else None
        return Written(positions=(other or pair.position,), is_ordered=pair.is_ordered or order is not None)
    for found in _SPAN.finditer(core):
        if sum(letter.isdigit() for letter in found.group()) < _FEW_DIGITS:
            continue
        try:
            pair = read_angles(found.group())
        except ValueError:
            continue  # a number among words that is no angle
        if pair is not None and not pair.is_plain:
            rest = f"{core[: found.start()]} {core[found.end() :]}"
            return Written(positions=(pair.position,), words=_words(rest), is_ordered=pair.is_ordered)
    words = _words(text)
    if not words and re.search(r"\d", text):
        raise ValueError(f"a position is written like 35.7000,51.3380, not {text.strip()[:80]!r}")
    return Written(words=words)


def _words(text: str) -> str:
    """The text without labels, marks and symbols; empty where no letters are left."""
    plain = _LABELS.sub(" ", text)
    return plain.strip() if re.search(r"[^\W\d_]", plain) else ""
