"""What of a case can be found by words: a text for every record that says something, folded as a search folds.

A finding is found by its sentence in every language, by its code and by its outcome; a reading where its value is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from verifier.geo.letters import folded
from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    Fault,
    Finding,
    Incident,
    Moment,
    Observation,
    Reading,
    Skipped,
    Standing,
    Verdict,
    Worksheet,
)
from verifier.report.language import codes, language
from verifier.report.sentences import plain, statement
from verifier.store.search.index import Text

# Every kind of text, in the order in which hits are shown.
NAME, CLAIM, HAND_OVER, FINDING, SEEN, CONCLUSION = "name", "claim", "hand-over", "finding", "observation", "conclusion"
STAGE, VERDICT, INCIDENT, PLACED, METADATA = "stage", "verdict", "incident", "geolocation", "metadata"
FAULT, SKIPPED = "not examined", "skipped"
KINDS = (
    NAME, CLAIM, HAND_OVER, FINDING, SEEN, CONCLUSION, VERDICT, INCIDENT, PLACED, STAGE, METADATA, FAULT, SKIPPED
)  # fmt: skip
RECORDS: tuple[type, ...] = (
    Acquisition, Assessment, Batch, Claim, Fault, Finding, Incident, Observation, Reading, Skipped, Standing, Verdict,
    Worksheet,
)  # fmt: skip
MOST_LETTERS = 4000  # of one text; what follows is not searched
_ARABIC = re.compile(r"[\u0600-\u06ff]+")
_PACKED = re.compile(r"[0-9a-fA-F]{24,}|[A-Za-z0-9+/=_-]{80,}")  # digests and base64: nobody searches a middle of it
_LETTER = re.compile(r"[^\W_]")


def texts_of(entry: int, subject: str | None, record: object) -> Iterator[Text]:
    """The texts of one record; none where it has no words."""
    for exhibit, batch, kind, where, text, more in _said(subject, record):
        shown = text[:MOST_LETTERS]
        if not _LETTER.search(shown):
            continue
        words = words_of(f"{shown} {more}")
        yield Text(
            entry=entry, exhibit=exhibit, batch=batch, kind=kind, where=where, text=shown, folded=words,
            joined=_joined(words),
        )  # fmt: skip


def _said(subject: str | None, record: object) -> Iterator[tuple[str | None, str | None, str, str, str, str]]:
    """(exhibit, hand-over, kind, where it stands, text that is shown, further words that find it)."""
    match record:
        case Acquisition():
            yield record.exhibit, None, NAME, "", _name(record.path), ""
        case Reading():
            if isinstance(record.value, str) and not _PACKED.fullmatch(record.value.strip()):
                yield subject, None, METADATA, record.key, record.value, ""
            elif isinstance(record.value, Moment):
                yield subject, None, METADATA, record.key, record.value.text, record.value.iso()
        case Finding():
            words = [plain(statement(record, language(name))) for name in codes()]
            english = plain(statement(record, language("en")))
            yield record.exhibit, None, FINDING, record.code, english, " ".join([*words, record.code, record.outcome])
        case Fault():
            yield subject, None, FAULT, record.instrument, record.detail, record.kind
        case Skipped():
            yield None, record.batch, SKIPPED, "", f"{_name(record.path)}: {record.reason}", ""
        case _:
            yield from _by_people(record)


def _by_people(record: object) -> Iterator[tuple[str | None, str | None, str, str, str, str]]:
    match record:
        case Claim():
            said = _sentence(record.place, record.time, record.description, record.by)
            yield record.exhibit, record.batch, CLAIM, "", said, ""
        case Batch():
            said = _sentence(
                record.title, record.channel, *record.relay_chain, record.claimed_place, record.claimed_time,
                record.consent, record.restriction, record.note,
            )  # fmt: skip
            yield None, record.id, HAND_OVER, "", said, record.id
        case Observation():
            yield record.exhibit, None, SEEN, "", _sentence(record.what, record.note, record.expert), record.by
        case Assessment():
            said = _sentence(record.question, record.level, record.note, *record.because, *record.contrary)
            yield record.exhibit, None, CONCLUSION, record.question, said, record.analyst
        case Standing():
            yield record.exhibit, None, STAGE, "", _sentence(record.stage, record.reason), record.by
        case Worksheet():
            seen = [feature.description for feature in record.features]
            said = _sentence(*seen, *record.negatives, *record.alternatives, record.note)
            yield record.exhibit, None, PLACED, "", said, record.by
        case Verdict():
            for one in (record.left, record.right):
                yield one, None, VERDICT, "", _sentence(record.decision, record.note), record.by
        case Incident():
            said = _sentence(record.title, record.place, record.note, *record.independence)
            for member in record.members or (None,):
                yield member, None, INCIDENT, record.id, said, record.by


def _name(path: bytes) -> str:
    return path.decode("utf-8", "replace")


def _sentence(*parts: str | None) -> str:
    return "; ".join(part for part in parts if part)


def _joined(words: str) -> str:
    """Neighbours in Arabic letters as one word: whoever writes "تهرانپارس" finds "تهران‌پارس" as well."""
    tokens = words.split()
    return " ".join(
        one + other for one, other in pairwise(tokens) if _ARABIC.fullmatch(one) and _ARABIC.fullmatch(other)
    )


def words_of(text: str) -> str:
    """The folded words of a text with a space between them: what is indexed, and what is asked for."""
    return " ".join(token for token in re.findall(r"\w+", folded(text)) if token.strip("_"))


def query_of(words: str) -> str | None:
    """The FTS5 query for one argument of a search: its words in this order, the last as the beginning of a word."""
    tokens = words_of(words).split()
    if not tokens:
        return None
    phrase = f'"{" ".join(tokens)}" *'
    return phrase if len(tokens) > 2 else f'{phrase} OR "{"".join(tokens)}" *'


def order_of(texts: Sequence[Text]) -> int:
    """Where a hit stands among others: what a person named it by goes before what a machine read."""
    return min((KINDS.index(text.kind) for text in texts), default=len(KINDS))
