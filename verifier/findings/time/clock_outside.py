"""Rules about times outside the file: its names, the file system, the taking in, and what sidecars say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from verifier.dossier import CaseDossier
from verifier.findings.own import Own, earliest, is_local, latest, name_ref, span, wall
from verifier.findings.time.clock_tags import (
    CAPTURED,
    CREATED,
    FARTHEST_SECONDS,
    GPS,
    TOLERANCE_SECONDS,
    finding,
    length_seconds,
    nearest,
)
from verifier.findings.time.existence import posted_bounds
from verifier.findings.usable import FIRST_YEAR, usable
from verifier.instants import shifted
from verifier.metadata.filename import NameReading, NameTime
from verifier.records import Finding, FindingOutcome, Moment, Reading, Scalar

DIGITISED = "exif:DateTimeDigitized"  # alone it says when a file was made, and programs set it anew
MARGIN = timedelta(hours=24)  # servers' and our own zone may be mistaken

NAME_AGREES, NAME_DIFFERS, NAME_BEFORE = "clock.name_agrees", "clock.name_differs", "clock.name_before_capture"
FILE_AGREES, FILE_BEFORE = "clock.file_time_agrees", "clock.file_time_before_capture"
FUTURE, AFTER_UPLOAD = "clock.future", "clock.after_upload"
CODES = (NAME_AGREES, NAME_DIFFERS, NAME_BEFORE, FILE_AGREES, FILE_BEFORE, FUTURE, AFTER_UPLOAD)

_LATER_TIMES = frozenset(
    {NameTime.MESSAGE, NameTime.DOWNLOAD, NameTime.SAVE, NameTime.UPLOAD, NameTime.RECEIVED, NameTime.EXPORT}
)

# ---------------------------------------------------------------- names


def names(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """Each name's time by the meaning of its rule."""
    for name in view.names:
        if name.time in (NameTime.CAPTURE, NameTime.SCREEN) and name.moment is not None:
            yield from _same_time(view, name, name.moment)
        elif name.time in _LATER_TIMES:
            yield from _not_before(view, name)


def _same_time(view: Own, name: NameReading, said: Moment) -> Iterator[Finding]:
    """A camera names a file by the time of capture, in UTC or local as its rule says."""
    compared: Reading | None = None
    apart = 0.0
    for keys in (CAPTURED, GPS, CREATED):
        found = view.moment(*keys)
        if found is None:
            continue
        compared = found[1]
        apart, offset = _apart(said, found[0], length_seconds(view), created=keys is not CAPTURED)
        if abs(apart) <= TOLERANCE_SECONDS:
            extra = f" if the clock ran {offset:+d} minutes from UTC" if offset else ""
            yield _named(
                view, name, compared, NAME_AGREES, FindingOutcome.SUPPORTS,
                f"The name's time and the file's agree to {abs(apart):.0f} s{extra}.",
                "A name can be given by anybody.", apart, offset_minutes=offset or None,
            )  # fmt: skip
            return
    if compared is not None:
        yield _named(
            view, name, compared, NAME_DIFFERS, FindingOutcome.INCONCLUSIVE,
            f"The name's time and the file's are {span(apart)} apart; by its rule, the name holds {name.meaning}.",
            "Renaming, a clock that was set in between, a copy made by an app, or a rule that does not fit explain it.",
            apart,
        )  # fmt: skip


def _apart(said: Moment, other: Moment, length: float, *, created: bool) -> tuple[float, int]:
    """(seconds that no zone explains, offset in minutes that was assumed) between a name's time and another."""
    first, second = said.instant, other.instant
    if first is not None and second is not None:
        seconds = (second - first).total_seconds()
        return min(seconds, seconds - length, key=abs), 0
    seconds = (wall(other) - wall(said)).total_seconds()
    if is_local(said) and not created:
        return min(seconds, seconds - length, key=abs), 0  # two readings of one local clock
    if abs(seconds) >= FARTHEST_SECONDS:
        return seconds, 0
    offset, left = nearest(seconds, length)
    return left, -offset if is_local(said) else offset


def _not_before(view: Own, name: NameReading) -> Iterator[Finding]:
    """What was sent, saved or uploaded had been captured by then."""
    captured = view.moment(*CAPTURED)
    until = latest(name.moment) if name.moment else _end_of(name.day)
    if captured is None or until is None:
        return
    early = (earliest(captured[0]) - until).total_seconds()
    if early > TOLERANCE_SECONDS:
        yield _named(
            view, name, captured[1], NAME_BEFORE, FindingOutcome.INCONCLUSIVE,
            f"By its name it was {_PAST.get(name.time, 'saved')} {span(early)} or more before the capture in its tags.",
            "A camera clock that ran ahead, a phone with a wrong date, or a renamed file explain it.", early,
            act=name.time.value,
        )  # fmt: skip


_PAST = {NameTime.MESSAGE: "sent", NameTime.DOWNLOAD: "downloaded", NameTime.UPLOAD: "uploaded",
         NameTime.RECEIVED: "received or sent", NameTime.EXPORT: "exported"}  # fmt: skip


def _end_of(day: str | None) -> datetime | None:
    """The last instant of a day anywhere on Earth."""
    if day is None:
        return None
    return shifted(datetime.fromisoformat(day).replace(tzinfo=UTC), timedelta(days=1, hours=12))


def _named(
    view: Own, name: NameReading, compared: Reading, code: str, outcome: FindingOutcome, statement: str, caveat: str,
    seconds: float, **more: Scalar,
) -> Finding:  # fmt: skip
    made = finding(
        view, code, outcome, statement, compared, caveat=caveat, seconds=round(seconds), rule=name.rule, **more
    )
    return Finding(
        exhibit=made.exhibit,
        question=made.question,
        outcome=made.outcome,
        code=made.code,
        statement=made.statement,
        because=(name_ref(name), *made.because),
        caveat=made.caveat,
        values=made.values,
    )


# ---------------------------------------------------------------- file system


def file_time(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """The file system's time: copying resets it, so it is only noted where it agrees, or lies before the capture."""
    captured = view.moment(*CAPTURED) or view.moment(*CREATED)
    stamps = [item.modified_ns for item in view.dossier.acquisitions if item.modified_ns is not None]
    if captured is None or not stamps:
        return
    stamp = shifted(datetime.fromtimestamp(0, UTC), timedelta(microseconds=min(stamps) // 1000))
    if stamp.year < FIRST_YEAR:
        return  # archives and copies without a time leave the first day of a counter
    early = (earliest(captured[0]) - stamp).total_seconds()
    seconds = (stamp - (captured[0].instant or wall(captured[0]))).total_seconds()
    length = length_seconds(view)
    left = nearest(seconds, length)[1] if is_local(captured[0]) else min(seconds, seconds - length, key=abs)
    fits = abs(left) <= TOLERANCE_SECONDS and abs(seconds) < FARTHEST_SECONDS
    if early > MARGIN.total_seconds():
        yield finding(
            view, FILE_BEFORE, FindingOutcome.INCONCLUSIVE,
            f"The file was last changed at least {span(early)} before the time of capture in its tags.", captured[1],
            caveat="Copying and unpacking set this time, some to a wrong zone or year; a camera clock may run ahead.",
            seconds=round(early), modified_at=stamp.isoformat(),
        )  # fmt: skip
    elif fits:
        yield finding(
            view, FILE_AGREES, FindingOutcome.NOTES,
            f"The file system's time is {abs(left):.0f} s from the time of capture, zones left aside.", captured[1],
            caveat="Programs can set it, and copying mostly resets it; that it does not agree would mean nothing.",
            seconds=round(left), modified_at=stamp.isoformat(),
        )  # fmt: skip


# ---------------------------------------------------------------- what cannot be


def future(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """Nothing was recorded after it was taken in."""
    taken = [_acquired(item.acquired_at) for item in view.dossier.acquisitions]
    known = [when for when in taken if when is not None]
    if not known:
        return
    for reading in view.all(*(key for key in CAPTURED if key != DIGITISED), *CREATED, *GPS):
        if isinstance(reading.value, Moment) and usable(reading.value):
            late = (earliest(reading.value) - min(known)).total_seconds()
            if late > MARGIN.total_seconds():
                yield finding(
                    view, FUTURE, FindingOutcome.CONTRADICTS,
                    f"This time lies at least {span(late)} after the file was taken in: it cannot be that of capture.",
                    reading, caveat="A camera clock set wrongly is the usual reason; it says nothing of the content.",
                    seconds=round(late),
                )  # fmt: skip
                return


def _acquired(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo is not None else None


def after_upload(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """Nothing was recorded after it was posted; what a firm bound is, `existence` alone decides."""
    captured = view.moment(*CAPTURED)
    if captured is None:
        return
    after = [
        (bound, late)
        for bound in posted_bounds(view.dossier)
        for late in [(earliest(captured[0]) - bound.latest - MARGIN).total_seconds()]
        if late > 0
    ]
    if not after:
        return
    bound, late = min(after, key=lambda pair: not pair[0].is_firm)  # the first firm one, else the first
    is_firm = bound.is_firm and captured[1].key != DIGITISED
    posted = next((item for item in view.beside if item.key == bound.basis), None)
    yield finding(
        view,
        AFTER_UPLOAD,
        FindingOutcome.CONTRADICTS if is_firm else FindingOutcome.INCONCLUSIVE,
        f"The capture in the tags lies more than {span(late)} after {bound.basis} says that it existed: "
        + ("it cannot be the time of capture." if is_firm else "one of the two, or the link, may be wrong."),
        captured[1],
        *((posted,) if posted else ()),
        caveat="A camera clock that ran ahead is the usual reason. Check that the sidecar speaks of this file.",
        seconds=round(late),
        posted=bound.basis,
    )
