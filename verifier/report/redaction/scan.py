"""The second look at a redacted report: every file, in every writing, for every secret of the case.

How a secret is searched for depends on how easily it could stand there by chance:

- ten letters or more: anywhere, also with blanks and tags taken out;
- six to nine (four and five of another script than Latin): anywhere, tags taken out;
- three to five, if it names a person, a device or a file: as a word of its own, in texts only;
- shorter: not at all; these are counted;
- numbers: from six digits on, not as a part of another number or word; positions from four decimals on; telephone
  numbers by their last nine digits however they are grouped.

A word that also stands in the files that the words of a report come from (templates, languages, our own modules) could
not be told from ours (a folder called `exhibits`), so it is not searched for. These are counted as well.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import ahocorasick

from verifier.report.redaction.letters import folded, squeezed
from verifier.report.redaction.secrets import Secret
from verifier.report.redaction.views import Unreadable, View, views

LONG, SHORT, SHORTEST = 10, 6, 3
SHORT_OTHER_SCRIPT = 4
LEAST_DIGITS = 6
PHONES = 2  # the place of that table among the three
PHONE_DIGITS = 9
DIGEST = re.compile(r"[0-9a-f]{64}|[0-9a-f]{128}")
DIGEST_SHOWN = 12
NUMBER = re.compile(r"[\d.:tz+-]+")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s()./_-]{1,3}(?=\d)")


@dataclass(frozen=True, slots=True)
class Leak:
    """A file that would have told a secret; the kind is said, never the value."""

    file: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How one secret is searched for."""

    kind: str
    length: int
    is_number: bool = False  # not as a part of another number or word
    is_word: bool = False  # as a word of its own
    is_prefix: bool = False  # of a longer number


class Scanner:
    """Looks for secrets in files. Built once; `ours` are files that hold nothing of the case, `told` may be told."""

    def __init__(
        self, secrets: Iterable[Secret], ours: Iterable[bytes] = (), told: frozenset[str] = frozenset()
    ) -> None:
        self.too_short = 0
        self._told = "\n".join(sorted(map(folded, told)))
        self._plain: dict[str, _Wanted] = {}
        self._joined: dict[str, _Wanted] = {}
        self._phones: dict[str, _Wanted] = {}
        for secret in sorted(secrets, key=lambda item: (item.kind, item.text, item.identity)):
            if secret.text not in told:
                self._want(secret)
        self._build()
        ours = (*ours, "\n".join(sorted(told)).encode("utf-8", "replace"))
        common = {
            key
            for content in ours
            for view in views(content)
            for key, wanted in self._found(view)
            if key[0] != PHONES and not wanted.is_number
        }
        for _, form in common:
            for table in (self._plain, self._joined):
                table.pop(form, None)
        self.in_our_words = len(common)
        self._build()

    @property
    def searched(self) -> int:
        """How many values are searched for."""
        return len(self._plain.keys() | self._joined.keys() | self._phones.keys())

    def leaks(self, files: Mapping[str, bytes]) -> list[Leak]:
        """What the files would tell, in order of file and kind."""
        found: set[tuple[str, str]] = set()
        for name, content in files.items():
            try:
                for view in self._with_name(name, content):
                    found.update((name, wanted.kind) for _, wanted in self._found(view))
            except Unreadable as error:
                found.add((name, f"nothing we can be sure of: {error}"))
        return [Leak(file, kind) for file, kind in sorted(found)]

    def _with_name(self, name: str, content: bytes) -> Iterator[View]:
        yield View(folded(name), False)
        yield from views(content)

    # ------------------------------------------------------------ what is searched for

    def _want(self, secret: Secret) -> None:
        form = folded(secret.text).strip()
        digits = re.sub(r"\D", "", form)
        if secret.kind == "telephone number" and len(digits) >= PHONE_DIGITS:
            self._phones.setdefault(digits[-PHONE_DIGITS:], _Wanted(secret.kind, PHONE_DIGITS))
            return
        if DIGEST.fullmatch(form):
            self._plain.setdefault(form[:DIGEST_SHOWN], _Wanted(secret.kind, DIGEST_SHOWN))
            encoded = folded(base64.b64encode(bytes.fromhex(form)[:30]).decode("ascii"))
            self._plain.setdefault(encoded, _Wanted(secret.kind, len(encoded)))
            return
        if NUMBER.fullmatch(form):
            self._want_number(secret, form, digits)
            return
        self._want_text(secret, form)

    def _want_number(self, secret: Secret, form: str, digits: str) -> None:
        if len(digits) < LEAST_DIGITS and secret.kind != "position":
            self.too_short += 1
            return
        if secret.kind != "position" and form in self._told:
            return  # a day or time that the policy lets be told, or a part of one
        is_position = secret.kind == "position"
        wanted = _Wanted(secret.kind, len(form), is_number=True, is_prefix=is_position)
        self._plain.setdefault(form, wanted)

    def _want_text(self, secret: Secret, form: str) -> None:
        length = len(form)
        if length >= SHORT or (length >= SHORT_OTHER_SCRIPT and not form.isascii()):
            self._plain.setdefault(form, _Wanted(secret.kind, length))
        elif length >= SHORTEST and secret.identity:
            self._plain.setdefault(form, _Wanted(secret.kind, length, is_word=True))
        else:
            self.too_short += 1
            return
        joined = squeezed(form)
        if len(joined) >= LONG:
            self._joined.setdefault(joined, _Wanted(secret.kind, len(joined)))

    # ------------------------------------------------------------ searching

    def _build(self) -> None:
        self._automata = [(_automaton(table), table) for table in (self._plain, self._joined, self._phones)]

    def _found(self, view: View) -> Iterator[tuple[tuple[int, str], _Wanted]]:
        grouped = (
            view.text if view.is_binary else BETWEEN_DIGITS.sub("", view.text)
        )  # a PDF is full of lists of numbers
        texts = (view.text, squeezed(view.text), "" if view.is_drawing else grouped)
        for number, ((automaton, table), text) in enumerate(zip(self._automata, texts, strict=True)):
            if automaton is None or not text:
                continue
            for end, form in automaton.iter(text):
                wanted = table[form]
                if number == PHONES or _stands(text, end, wanted, view):
                    yield (number, form), wanted


def _automaton(table: Mapping[str, _Wanted]) -> ahocorasick.Automaton | None:
    if not table:
        return None
    automaton = ahocorasick.Automaton()
    for form in table:
        automaton.add_word(form, form)
    automaton.make_automaton()
    return automaton


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
        return not (before.isalnum() or after.isalnum() or before == ".")
    return not (before.isdigit() or before == ".") and (wanted.is_prefix or not after.isdigit())
