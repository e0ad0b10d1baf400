"""The second look at a redacted report: every file, in every writing, for every secret of the case.

Both what is searched for and what is looked through are brought to one form (`letters`), and numbers are compared as
numbers (`figures`, `points`, `times`), names also as their consonants (`persons`). How a secret is searched for depends
on how easily it could stand there by chance:

- ten letters or more: anywhere, whatever stands between the letters;
- six to nine (four and five of another script than Latin): anywhere, tags taken out; torn apart as a word of its own;
- three to five, if it names a person, a device or a file: as a word of its own, in texts only;
- shorter: not at all; these are counted;
- numbers: from six digits on, not as a part of another number or word, however grouped; positions by two numbers
  to a hundred metres, one number from four decimals on; times to the minute; telephone numbers by their last nine
  digits anywhere and their last seven alone.

A word that also stands in the files that the words of a report come from (templates, languages, our own modules) could
not be told from ours (a folder called `exhibits`), so it is not searched for. These are counted as well.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import TypeAlias

import ahocorasick

from verifier.report.redaction import figures
from verifier.report.redaction.letters import SEPARATORS, folded, squeezed
from verifier.report.redaction.persons import Persons
from verifier.report.redaction.pieces import PEOPLE, Form, Secret
from verifier.report.redaction.placing import place_of
from verifier.report.redaction.points import Points, unpacked
from verifier.report.redaction.times import Times, named_months
from verifier.report.redaction.views import Unreadable, View, plain_views, views

LONG, SHORT, SHORTEST = 10, 6, 3
SHORT_OTHER_SCRIPT = SHORTEST_TORN = 4
LEAST_DIGITS = 6
LONGEST_BINARY = 4096  # letters of bytes that are no text, up to which its numbers are put together
PLAIN, JOINED, PHONES = range(3)  # the places of the tables
PHONE_DIGITS, LAST_DIGITS = 9, (8, 7)
DIGEST = re.compile(r"[0-9a-f]{64}|[0-9a-f]{128}")
DIGEST_SHOWN = 12
NUMBER = re.compile(r"[\d.:tz+-]+")
CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]).*", re.DOTALL)  # letters and digits: a serial number, a plate
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s()./_,\"'–—-]{1,3}(?=\d)")
AT, POINT = (
    re.compile(r"\s*[\[({<]\s*at\s*[\])}>]\s*|\s+at\s+"),
    re.compile(r"\s*[\[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+dot\s+"),
)
IN_WORDS_ALONE = re.compile(  # as a name is: capitals, or a script without them
    r"[A-ZÀ-ÞĀ-Ž][^\W\d_]+(?:[ -][A-ZÀ-ÞĀ-Ž][^\W\d_]+){0,3}|"
    r"[\u0620-\u06ff\u200c]{3,}(?: [\u0620-\u06ff\u200c]{2,}){0,3}"
)
IN_WORDS = re.compile(r"\bat\W[^@]{0,80}\bdot\W|\[(?:\.|dot|at)\]")
Key: TypeAlias = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Leak:
    """A file that would have told a secret, and the kind, exhibit and field of it; never the value."""

    file: str
    kind: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How one secret is searched for."""

    kind: str
    length: int
    where: str = ""
    is_number: bool = False  # not as a part of another number or word
    is_word: bool = False  # as a word of its own
    is_prefix: bool = False  # of a longer number
    is_torn: bool = False  # of the joined: as a word of its own whose letters were all torn apart or not at all


class Scanner:
    """Looks for secrets in files. Built once; `ours` are files that hold nothing of the case, `told` may be told."""

    def __init__(
        self, secrets: Iterable[Secret], ours: Iterable[bytes] = (), told: frozenset[str] = frozenset()
    ) -> None:
        self.too_short = 0
        self._told = "\n".join(sorted(map(folded, told)))
        self._tables: tuple[dict[str, _Wanted], ...] = ({}, {}, {})
        self._digits: dict[str, _Wanted] = {}
        self._names: dict[str, _Wanted] = {}
        points: dict[tuple[float, float], _Wanted] = {}
        moments: dict[datetime, tuple[int | None, _Wanted]] = {}
        days: dict[date, _Wanted] = {}
        told_points: set[tuple[float, float]] = set()
        for secret in sorted(secrets, key=_people_first):
            wanted = _Wanted(secret.kind, 0, secret.where)
            match secret.form:
                case Form.POINT | Form.TOLD_POINT:
                    north, east = map(float, secret.text.split())
                    if secret.form is Form.POINT:
                        points.setdefault((north, east), wanted)
                    else:
                        told_points.add((north, east))
                case Form.MOMENT:
                    wall, _, offset = secret.text.partition(" ")
                    moments.setdefault(datetime.fromisoformat(wall), (int(offset) if offset else None, wanted))
                case Form.DAY:
                    days.setdefault(date.fromisoformat(secret.text), wanted)
                case Form.TEXT:
                    if secret.text not in told:
                        self._want(secret)
        self._points, self._of_points = Points(points, told_points), points
        self._times = Times(((wall, offset) for wall, (offset, _) in moments.items()), days)
        self._of_times: dict[datetime | date, _Wanted] = {wall: wanted for wall, (_, wanted) in moments.items()} | days
        self._persons = Persons(self._names)
        self._build()
        self.in_our_words = self._without_ours((*ours, "\n".join(sorted(told)).encode("utf-8", "replace")))

    def _without_ours(self, ours: tuple[bytes, ...]) -> int:
        """Forget what stands in our own words as well; how many were forgotten."""
        common: set[str] = set()
        names: set[str] = set()
        for view in (view for content in ours for view in _views_of_ours(content)):
            common.update(
                form
                for (table, form), wanted in self._in_tables(view, view.text)
                if table != PHONES and not wanted.is_number
            )
            names.update(self._persons.found(view.text))
        for form in common:
            for table in self._tables[:PHONES]:
                table.pop(form, None)
        self._persons = self._persons.without(frozenset(names))
        self._build()
        return len(common)

    @property
    def searched(self) -> int:
        """How many values are searched for."""
        plain, joined, phones = self._tables
        return len(plain.keys() | joined.keys() | phones.keys()) + len(self._of_points) + len(self._of_times)

    def leaks(self, files: Mapping[str, bytes]) -> list[Leak]:
        """What the files would tell, in order of file and kind."""
        found: list[Leak] = []
        for name, content in sorted(files.items()):
            try:
                told = {wanted.kind: wanted.where for wanted in sorted(self._of(name, content), key=_order)}
                found += [Leak(name, kind, where) for kind, where in sorted(told.items())]
            except Unreadable as error:
                found.append(Leak(name, f"nothing we can be sure of: {error}"))
        return found

    def place(self, leak: Leak, content: bytes) -> str:
        """The file of a leak and where in it the secret stands; a name that tells it is not repeated."""
        named = "a file by its name" if self._tells(leak.kind, leak.file.encode("utf-8", "replace")) else leak.file
        place = place_of(leak.file, content, partial(self._tells, leak.kind))
        return f"{named} ({place})" if place else named

    def _of(self, name: str, content: bytes) -> set[_Wanted]:
        seen: set[int] = set()
        found = set(self._found(View(folded(name), False), seen))
        for view in views(content):
            found.update(self._found(view, seen))
        return found

    def _tells(self, kind: str, part: bytes) -> bool:
        try:
            return any(wanted.kind == kind for view in views(part) for wanted in self._found(view, set()))
        except Unreadable:
            return False

    # ------------------------------------------------------------ what is searched for

    def _want(self, secret: Secret) -> None:
        form = folded(secret.text).strip()
        digits = re.sub(r"\D", "", form)
        if secret.kind == "telephone number" and len(digits) >= PHONE_DIGITS:
            self._put(PHONES, digits[-PHONE_DIGITS:], secret)
            for last in LAST_DIGITS:  # without the noughts before them, as long as enough digits are left
                if len(bare := digits[-last:].lstrip("0")) >= LEAST_DIGITS:
                    self._digits.setdefault(bare, _Wanted(secret.kind, last, secret.where))
            return
        if DIGEST.fullmatch(form):
            self._put(PLAIN, form[:DIGEST_SHOWN], secret)
            self._put(PLAIN, folded(base64.b64encode(bytes.fromhex(form)[:30]).decode("ascii")), secret)
            return
        if NUMBER.fullmatch(form):
            self._want_number(secret, form, digits)
            return
        self._want_text(secret, form)

    def _put(self, table: int, form: str, secret: Secret, **how: bool) -> None:
        self._tables[table].setdefault(form, _Wanted(secret.kind, len(form), secret.where, **how))

    def _want_number(self, secret: Secret, form: str, digits: str) -> None:
        is_position = secret.kind == "position"
        if len(digits) < LEAST_DIGITS and not is_position:
            self.too_short += 1
            return
        if not is_position and form in self._told:
            return  # a day or time that the policy lets be told, or a part of one
        self._put(PLAIN, form, secret, is_number=True, is_prefix=is_position)
        bare = digits.lstrip("0")
        if not secret.kind.startswith("position") and len(bare) >= LEAST_DIGITS and form.isdigit():
            self._digits.setdefault(bare, _Wanted(secret.kind, len(bare), secret.where))

    def _want_text(self, secret: Secret, form: str) -> None:
        length = len(form)
        if secret.kind in PEOPLE or (secret.identity and IN_WORDS_ALONE.fullmatch(secret.text)):
            self._names.setdefault(form, _Wanted(secret.kind, length, secret.where))
        if length >= SHORT or (length >= SHORT_OTHER_SCRIPT and not form.isascii()):
            self._put(PLAIN, form, secret)
        elif length >= SHORTEST and secret.identity:
            self._put(PLAIN, form, secret, is_word=True)
        else:
            self.too_short += 1
            return
        joined = squeezed(form)
        if len(joined) >= LONG:
            self._put(JOINED, joined, secret)
        elif (secret.identity and len(joined) >= SHORTEST_TORN) or (len(joined) >= SHORT and CODE.fullmatch(joined)):
            self._put(JOINED, joined, secret, is_word=True, is_torn=not CODE.fullmatch(joined))

    # ------------------------------------------------------------ searching

    def _build(self) -> None:
        self._automata = [(_automaton(table), table) for table in self._tables]

    def _found(self, view: View, seen: set[int]) -> Iterator[_Wanted]:
        """`seen` are the numbers of readings that were looked through."""
        spelt = view.text if view.is_binary or view.is_turned else figures.spelt(view.text)
        yield from (wanted for _, wanted in self._in_tables(view, spelt))
        if view.is_turned or view.is_drawing or (view.is_binary and len(view.text) > LONGEST_BINARY):
            return
        if not view.is_binary:
            yield from (self._names[name] for name in self._persons.found(view.text))
        if view.is_glued:
            return
        signature = figures.signature(spelt)
        if signature not in seen:
            seen.add(signature)
            if self._digits and not view.is_binary:
                yield from (self._digits[one] for one in figures.joined(spelt) if one in self._digits)
            yield from self._in_numbers(view.text)

    def _in_numbers(self, text: str) -> Iterator[_Wanted]:
        if not self._of_points and not self._of_times:
            return
        plain = figures.without_powers(text)
        for reading in dict.fromkeys(filter(None, (plain, figures.with_points(plain), unpacked(plain)))):
            numbers = figures.figures(reading)
            yield from (self._of_points[point] for point in self._points.found(numbers, reading))
        if self._of_times:
            reading = named_months(text)
            yield from (self._of_times[one] for one in self._times.found(figures.figures(reading), text))

    def _in_tables(self, view: View, spelt: str) -> Iterator[tuple[Key, _Wanted]]:
        address = POINT.sub(".", AT.sub("@", view.text)) if IN_WORDS.search(view.text) else ""
        grouped = spelt if view.is_binary else BETWEEN_DIGITS.sub("", spelt)
        texts = ((PLAIN, view.text), (JOINED, view.text), (PLAIN, address), (JOINED, address),
                 (PHONES, "" if view.is_drawing or view.is_turned else grouped))  # fmt: skip
        for number, whole in texts:
            automaton, table = self._automata[number]
            text = squeezed(whole) if number == JOINED else whole
            if automaton is None or not text:
                continue
            kept: list[int] = []
            for end, form in automaton.iter(text):
                wanted = table[form]
                if number == JOINED and wanted.is_word:
                    kept = kept or _kept(whole)
                    if view.is_binary or not _torn(whole, kept, end, wanted):
                        continue
                elif number == PLAIN and not _stands(text, end, wanted, view):
                    continue
                yield (number, form), wanted


@lru_cache(maxsize=1024)
def _views_of_ours(content: bytes) -> tuple[View, ...]:
    """They are the same for every case."""
    return tuple(view for view in plain_views(content) if not view.is_turned)


def _people_first(secret: Secret) -> tuple[bool, str, str, bool, str]:
    return secret.kind not in PEOPLE, secret.kind, secret.text, secret.identity, secret.where


def _order(wanted: _Wanted) -> tuple[str, str]:
    return wanted.kind, wanted.where


def _automaton(table: Mapping[str, _Wanted]) -> ahocorasick.Automaton | None:
    if not table:
        return None
    automaton = ahocorasick.Automaton()
    for form in table:
        automaton.add_word(form, form)
    automaton.make_automaton()
    return automaton


def _kept(text: str) -> list[int]:
    """The places of the letters that are left of a squeezed text."""
    places: list[int] = []
    last = 0
    for found in SEPARATORS.finditer(text):
        places.extend(range(last, found.start()))
        last = found.end()
    places.extend(range(last, len(text)))
    return places


def _torn(text: str, kept: list[int], end: int, wanted: _Wanted) -> bool:
    """Whether a squeezed word stands in the text as a word of its own; `is_torn`: torn at every letter, or whole."""
    first, last = kept[end - wanted.length + 1], kept[end]
    if (first > 0 and text[first - 1].isalnum()) or (last + 1 < len(text) and text[last + 1].isalnum()):
        return False
    if not wanted.is_torn:
        return True
    gaps = sum(kept[at + 1] - kept[at] > 1 for at in range(end - wanted.length + 1, end))
    return gaps in (0, wanted.length - 1)


def _stands(text: str, end: int, wanted: _Wanted, view: View) -> bool:
    """Whether what was found stands there on its own, as far as that is asked."""
    if not (wanted.is_number or wanted.is_word):
        return True
    if (wanted.is_word and view.is_binary) or (wanted.is_number and view.is_drawing):
        return False
    start = end - wanted.length + 1
    before = text[start - 1] if start > 0 else " "
    after = text[end + 1] if end + 1 < len(text) else " "
    if wanted.is_word:
        return not (before.isalnum() or before == "_") and not (after.isalnum() or after == "_")
    if text[start : end + 1].isdigit():  # within a digest, six digits in a row are nothing
        return not (
            before.isalnum() or (after.isalnum() and not (wanted.is_prefix and after.isdigit())) or before == "."
        )
    return not (before.isdigit() or before == ".") and (wanted.is_prefix or not after.isdigit())
