"""Names that Google Takeout gives: whether `NAME.json` speaks of a file beside it.

The JSON is called after the file, then `.supplemental-metadata`, cut anywhere at some 46 characters; a second file of
one name gets a counter `(n)`, which the JSON bears behind everything (`IMG_1.jpg.su(2).json` for `IMG_1(2).jpg`) or
where the file bears it. Files are cut at some 47 characters, the title never. Counters must be equal and the title
must fit the file; else the JSON speaks of nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

SHORTEST_CUT = 40  # characters; Takeout cuts no shorter name
KEY_LENGTH = SHORTEST_CUT  # of a core, by which names are looked up
WHOLE, STEM, CUT = 3, 2, 1  # how much of the file's name the JSON's name holds
_SUPPLEMENT = "supplemental-metadata"
_COUNTER = re.compile(r"(.+)\((\d{1,4})\)")
_INNER_COUNTER = re.compile(r"(.+)\((\d{1,4})\)(\.[^.()]{1,5})")
_REPLACED = re.compile(r"""[\\/:*?"<>|&%'#]""")
EDITED = tuple(
    unicodedata.normalize("NFC", word).casefold()
    for word in (
        "edited", "bearbeitet", "bewerkt", "modifié", "modificato", "modificata", "editado", "editada", "ha editado",
        "editat", "edytowane", "edytowany", "redigerad", "redigeret", "redigert", "muokattu", "upraveno", "upravené",
        "upravljeno", "uređeno", "szerkesztett", "szerkesztve", "düzenlendi", "đã chỉnh sửa", "diedit", "επεξεργασμένο",
        "измененный", "изменено", "отредактировано", "змінено", "відредаговано", "編集済み", "已修改", "已编辑",
        "已編輯", "수정됨", "ویرایش‌شده", "ویرایش شده", "معدل", "تم التعديل", "נערך",
    )
)  # fmt: skip
STILLS = frozenset({".heic", ".heif", ".jpg", ".jpeg"})
MOVING = frozenset({".mov", ".mp4"})


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a file's name: what stands before counter and `-edited`, and what those say."""

    core: str
    extension: str
    counter: int | None
    is_edit: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """The JSON speaks of the file. `is_edit`: by way of the original, of which the file is an edit."""

    strength: int
    is_edit: bool
    form: Form


def folded(text: str) -> str:
    """Text as names are compared: composed, without case, with the characters replaced that Takeout replaces."""
    return unicodedata.normalize("NFC", _REPLACED.sub("_", text)).casefold()


def keys_of_file(name: str) -> set[str]:
    """What a file is looked up by."""
    return {form.core[:KEY_LENGTH] for form in forms(name)}


def keys_of_json(own: str) -> set[str]:
    """What files a JSON of this name can speak of are looked up by."""
    keys = set()
    for said, _ in _json_forms(own):
        keys |= {said[:KEY_LENGTH]}
        keys |= {said[:place][:KEY_LENGTH] for place, letter in enumerate(said) if letter == "." and place}
    return keys


@lru_cache(maxsize=4096)
def forms(name: str) -> tuple[Form, ...]:
    """Every reading of a file's name, the plainest first."""
    stem, dot, end = folded(name).rpartition(".")
    if not stem:
        stem, dot, end = end, "", ""
    extension = dot + end
    bare: list[tuple[str, int | None]] = [(stem, None)]
    counted = _COUNTER.fullmatch(stem)
    if counted is not None:
        bare.append((counted[1], int(counted[2])))
    found = [Form(core, extension, counter, is_edit=False) for core, counter in bare]
    for core, counter in bare:
        original = _without_edit(core, is_cut=len(name) >= SHORTEST_CUT)
        if original is None:
            continue
        found.append(Form(original, extension, counter, is_edit=True))
        counted = _COUNTER.fullmatch(original)
        if counted is not None and counter is None:
            found.append(Form(counted[1], extension, int(counted[2]), is_edit=True))
    return tuple(found)


def _without_edit(stem: str, *, is_cut: bool) -> str | None:
    head, dash, word = stem.rpartition("-")
    if not dash or not head:
        return None
    is_word = word in EDITED or (is_cut and len(word) >= 3 and any(known.startswith(word) for known in EDITED))
    return head if is_word else None


@lru_cache(maxsize=4096)
def _json_forms(own: str) -> tuple[tuple[str, int | None], ...]:
    """(what the JSON's name says of the file's name, counter) in every reading; nothing for another kind of name."""
    name = folded(own)
    if not name.endswith(".json"):
        return ()
    base = name.removesuffix(".json")
    heads: list[tuple[str, int | None]] = [(base, None)]
    counted = _COUNTER.fullmatch(base)
    if counted is not None:
        heads.append((counted[1], int(counted[2])))
    found = list(heads)
    for head, counter in heads:
        place = head.rfind(".")
        if place > 0 and _SUPPLEMENT.startswith(head[place + 1 :]):
            found.append((head[:place], counter))
    for said, counter in tuple(found):
        inner = _INNER_COUNTER.fullmatch(said) or _COUNTER.fullmatch(said)
        if inner is not None and counter in (None, int(inner[2])):
            found.append((inner[1] + (inner[3] if len(inner.groups()) > 2 else ""), int(inner[2])))
    return tuple(dict.fromkeys(found))


def fits(own: str, title: str, file: str) -> Fit | None:
    """The best way in which the JSON `own` with this title speaks of `file`, or None."""
    found = [
        Fit(strength, form.is_edit, form)
        for form in (_of_original(folded(title), form) for form in forms(file))
        if _is_titled(folded(title), form)
        for said, counter in _json_forms(own)
        if counter == form.counter
        for strength in _strengths(said, folded(title), form)
    ]
    return max(found, key=lambda fit: (not fit.is_edit, fit.strength), default=None)


def _of_original(title: str, form: Form) -> Form:
    """An edit is written as JPEG or MP4 whatever its original is; the title bears the original's extension."""
    stem, dot, end = title.rpartition(".")
    return replace(form, extension=dot + end) if form.is_edit and stem == form.core else form


def _is_titled(title: str, form: Form) -> bool:
    if title in ("", form.core, form.core + form.extension):
        return True
    stem, dot, end = title.rpartition(".")
    return len(form.core) >= SHORTEST_CUT and dot + end == form.extension and stem.startswith(form.core)


def _strengths(said: str, title: str, form: Form) -> Iterator[int]:
    whole = form.core + form.extension
    if said == whole:
        yield WHOLE
    elif said == form.core and title in ("", whole):
        yield STEM
    elif len(said) >= SHORTEST_CUT and title:
        is_of_title = title.startswith(said) or f"{title}.{_SUPPLEMENT}".startswith(said)
        if is_of_title and (whole.startswith(said) or said.startswith(form.core)):
            yield CUT


def is_pair(still: Form, moving: Form) -> bool:
    """Whether the names are those of a live photo: one name and counter, a picture and a recording."""
    return (
        (still.core, still.counter) == (moving.core, moving.counter)
        and not still.is_edit
        and not moving.is_edit
        and still.extension in STILLS
        and moving.extension in MOVING
    )
