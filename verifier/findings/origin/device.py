"""Exhibits that seem to come from one device: a hint for sorting, and a danger to whoever owns it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.own import Own, own, ref
from verifier.findings.remembered import remembered
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Question, Reading

SAME_SERIAL, SAME_LENS = "device.same_serial", "device.same_lens"
SAME_SERIES, MAKES_DIFFER = "device.same_series", "device.makes_differ"
CODES = (SAME_SERIAL, SAME_LENS, SAME_SERIES, MAKES_DIFFER)
MOST_NAMED = 20
NEAR = 200  # counters of one series lie so near to each other
_PRIVACY = "A device can lead to its owner: think before this leaves the case. Serial numbers can be copied."
_COUNTER = re.compile(r"^([A-Za-z_]{2,6})[_-]?(\d{4,6})(?:\D|$)")
_SERIAL = ("exif:BodySerialNumber", "exif:CameraSerialNumber", "gpmf:serial", "xmp:aux:SerialNumber", "sony:serialNo",
           "nikon:SerialNumber")  # fmt: skip
_MODEL = ("exif:Model", "quicktime:com.apple.quicktime.model", "gpmf:model", "quicktime:©mod", "sony:modelName",
          "nikon:Model")  # fmt: skip
_MAKES = ("exif:Make", "xmp:tiff:Make", "quicktime:com.apple.quicktime.make")


@dataclass(slots=True)
class _Shelves:
    """Exhibits of the case by what identifies a device; the value is the counter in the name, where that counts."""

    serials: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    lenses: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    series: dict[tuple[str, ...], list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """Clusters that this exhibit belongs to, and makes that disagree."""
    view, shelves = own(dossier), _shelves(case)
    serial, lens, series = _serial(view), _lens(view), _series(view)
    if serial is not None:
        yield from _cluster(
            view, SAME_SERIAL, FindingOutcome.SUPPORTS, shelves.serials[serial[0]], "the same model and serial number",
            serial[1],
        )  # fmt: skip
    if lens is not None:
        yield from _cluster(
            view, SAME_LENS, FindingOutcome.NOTES, shelves.lenses[lens[0]], "the same lens's serial number", lens[1]
        )
    if serial is None and series is not None:
        shelf = shelves.series[series[0]]
        first, last = bisect_left(shelf, (series[1] - NEAR, "")), bisect_left(shelf, (series[1] + NEAR + 1, ""))
        near = [who for _, who in shelf[first:last]]
        yield from _cluster(
            view, SAME_SERIES, FindingOutcome.NOTES, near,
            "the same model, program and picture coding, and a counter near to its own", *view.all(*_MODEL),
        )  # fmt: skip
    yield from _makes(view)


@remembered
def _shelves(case: CaseDossier) -> _Shelves:
    """Built once a case: the check is asked about every exhibit of it."""
    shelves = _Shelves()
    for dossier in case.exhibits.values():
        view = own(dossier)
        serial, lens, series = _serial(view), _lens(view), _series(view)
        if serial is not None:
            shelves.serials[serial[0]].append(dossier.exhibit.id)
        if lens is not None:
            shelves.lenses[lens[0]].append(dossier.exhibit.id)
        if series is not None:
            shelves.series[series[0]].append((series[1], dossier.exhibit.id))
    for shelf in shelves.series.values():
        shelf.sort()
    return shelves


def ties(dossier: ExhibitDossier) -> Iterator[str]:
    """One for each cluster that it may belong to; of a series, two, so that counters that are near share one."""
    view = own(dossier)
    serial, lens, series = _serial(view), _lens(view), _series(view)
    if serial is not None:
        yield "serial " + "\n".join(serial[0])
    if lens is not None:
        yield "lens " + "\n".join(lens[0])
    if series is not None:
        stretch = series[1] // NEAR
        yield from ("\n".join((f"series {part}", *series[0])) for part in (stretch, stretch + 1))


def _number(reading: Reading | None) -> str | None:
    """A serial number that can tell devices apart; zeros and short ones cannot."""
    text = "".join(str(reading.value).split()).casefold() if reading is not None else ""
    return text if len(text) >= 4 and len(set(text)) > 1 else None


def _serial(view: Own) -> tuple[tuple[str, str], Reading] | None:
    reading = view.first(*_SERIAL)
    number, model = _number(reading), view.text(*_MODEL)
    return ((model.casefold(), number), reading) if reading is not None and number and model else None


def _lens(view: Own) -> tuple[tuple[str, str], Reading] | None:
    reading = view.first("exif:LensSerialNumber")
    number = _number(reading)
    return ((view.text("exif:LensModel").casefold(), number), reading) if reading is not None and number else None


def _series(view: Own) -> tuple[tuple[str, ...], int] | None:
    """What exhibits without a serial number share when they are of one series."""
    model, coding = view.text(*_MODEL), view.text("jpeg:quantisation.luma.digest", "mp4:tree")
    if not model or not coding:
        return None
    for acquisition in view.dossier.acquisitions:
        found = _COUNTER.match(acquisition.name.decode("utf-8", "replace"))
        if found:
            words = (model, view.text("exif:Software", "quicktime:com.apple.quicktime.software"), coding)
            return (*words, found.group(1).casefold()), int(found.group(2))
    return None


def _cluster(
    view: Own, code: str, outcome: FindingOutcome, members: list[str], what: str, *because: Reading
) -> Iterator[Finding]:
    others = len(members) - 1  # itself is among them; the case names exhibits in order
    if others < 1:
        return
    shown = [one for one in members[: MOST_NAMED + 1] if one != view.dossier.exhibit.id][:MOST_NAMED]
    count = f"{others} other exhibit{'s' if others > 1 else ''}"
    yield Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.SOURCE,
        outcome=outcome,
        code=code,
        statement=f"{count} of this case bear{'' if others > 1 else 's'} {what}.",
        because=(*(ref(reading) for reading in because[:3]), *(f"exhibit {one[:12]}" for one in shown)),
        caveat=_PRIVACY,
        values={"others": others},
    )


def _makes(view: Own) -> Iterator[Finding]:
    """Two makers in one file: tags of two cameras were put together."""
    said = [reading for key in _MAKES for reading in view.all(key) if isinstance(reading.value, str)]
    makers = {re.sub(r"[^a-z0-9]", "", str(reading.value).casefold()) for reading in said}
    makers.discard("")
    shortest = min(makers, key=len, default="")
    if len(makers) > 1 and not all(maker.startswith(shortest) for maker in makers):
        yield Finding(
            exhibit=view.dossier.exhibit.id,
            question=Question.SOURCE,
            outcome=FindingOutcome.INCONCLUSIVE,
            code=MAKES_DIFFER,
            statement="The file names more than one maker of its camera.",
            because=tuple(ref(reading) for reading in said[:4]),
            caveat="A picture put together of several, copied tags, or two names of one maker explain it.",
        )


CHECK = Check(name="device", version=2, codes=CODES, check=check, ties=ties)
