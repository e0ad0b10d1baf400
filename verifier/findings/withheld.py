"""What stands in an exhibit and was not used: positions, times, lengths and models with a known problem, each with why.

A year of another calendar is told with what it would be in the Gregorian one, as a possibility. The hour 24, which the
standard does not know, is told with both instants that it can mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from verifier.calendars import BUDDHIST, SOLAR_HIJRI
from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.findings.claims import BEARS_CLAIMS, ReadClaim, claims_of
from verifier.findings.codes import AFTER_HAND_OVER, NO_DATE, OFFSET_UNUSABLE, POSTED, UNSET, WEEK_ROLLOVER
from verifier.findings.facts import ECHOES, ISO6709, QUESTIONS, is_length, is_number
from verifier.findings.time.clock_outside import DIGITISED
from verifier.findings.time.clock_tags import CAPTURED, CREATED, GPS
from verifier.findings.usable import handed_over, in_gregorian, is_after, reason_against, weeks_apart, written
from verifier.geo.timezone import EASTMOST, WESTMOST
from verifier.instants import shifted
from verifier.instruments import Check
from verifier.metadata.dates import is_blank
from verifier.metadata.iso6709 import parse_iso6709
from verifier.records import Finding, FindingOutcome, Moment, Question, Scalar

POSITION, MOMENT = "place.position_withheld", "time.moment_withheld"
CALENDAR, HOUR_24 = "time.other_calendar", "time.hour_24"
VALUE = "source.value_withheld"
MOST_TOLD = 6  # of one code about one exhibit

_TIMES = tuple(
    key for name in ("captured_at", "created_at", "gps_time") for key in (*QUESTIONS[name].keys, *QUESTIONS[name].also)
)
# Those after the hand-over that the rule of clocks about the future does not tell.
_NOT_OF_FUTURE = tuple(key for key in _TIMES if key == DIGITISED or key not in (*CAPTURED, *CREATED, *GPS))
_ALWAYS_DATES = ("exif:DateTimeOriginal", "exif:DateTimeDigitized", "exif:DateTime")
_ZERO = "mp4:mvhd.creation_time_zero"
_OFFSETS = tuple(f"exif:OffsetTime{end}.withheld" for end in ("Original", "Digitized", ""))
_STEMS = ("exif:GPS", "xmp:exif:GPS")


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """Every position, time, length and model that was withheld, once."""
    if dossier.exhibit.kind not in BEARS_CLAIMS:
        return
    own: dict[str, list[Said]] = {}
    for said in dossier.readings:
        if said.exhibit == dossier.exhibit.id and said.reading.subject is None:
            own.setdefault(said.reading.key, []).append(said)
    for found in (_positions(dossier, own), _times(dossier, own, case), _values(dossier, own)):
        seen: set[tuple[str, Scalar, Scalar]] = set()
        for finding in found:
            key = (finding.code, finding.values.get("reason"), finding.values.get("written"))
            if key not in seen and len(seen) < MOST_TOLD:
                seen.add(key)
                yield finding


def _told(
    dossier: ExhibitDossier, code: str, question: Question, said: Said, outcome: FindingOutcome,
    basis: str | None = None, **values: Scalar,
) -> Finding:  # fmt: skip
    return Finding(
        exhibit=dossier.exhibit.id,
        question=question,
        outcome=outcome,
        code=code,
        because=(f"{said.reading.key} ({said.reading.location}) of {said.exhibit[:12]}",),
        values={"basis": basis or said.reading.key, **values, "from": said.exhibit},
    )


# ---------------------------------------------------------------- positions


def _positions(dossier: ExhibitDossier, own: dict[str, list[Said]]) -> Iterator[Finding]:
    for key, stem in zip(("exif:GPSPosition.withheld", "xmp:GPSPosition.withheld"), _STEMS, strict=True):
        for said in own.get(key, ()):
            text = _written_position(stem, own)
            yield _withheld_position(dossier, said, key.removesuffix(".withheld"), text, str(said.reading.value))
    for key in (*ISO6709, *ECHOES):
        for said in own.get(key, ()):
            value = said.reading.value
            if isinstance(value, str) and value[:1] in "+-" and parse_iso6709(value) is None:
                digits = value.strip("+-/0. ")
                yield _withheld_position(dossier, said, key, value, "no_place" if digits else "placeholder")
    for stem in ("mp4:loci.", "gpmf:first_fix_", "camm:first_fix_"):
        for north, east in zip(own.get(f"{stem}latitude", ()), own.get(f"{stem}longitude", ()), strict=False):
            latitude, longitude = north.reading.value, east.reading.value
            if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
                continue
            if not latitude and not longitude:
                yield _withheld_position(dossier, north, stem.rstrip("._"), "0, 0", "placeholder")
            elif abs(latitude) > 90 or abs(longitude) > 180:
                yield _withheld_position(dossier, north, stem.rstrip("._"), f"{latitude}, {longitude}", "no_place")


def _written_position(stem: str, own: dict[str, list[Said]]) -> str:
    """ "-35/1 41/1 30/1 N, 51/1 25/1 0/1 E", as the tags stand."""
    sides = []
    for name in ("Latitude", "Longitude"):
        words = [str(said.reading.value) for key in (f"{stem}{name}", f"{stem}{name}Ref") for said in own.get(key, ())]
        sides.append(" ".join(word.strip("\x00 ") for word in words[:2]))
    return ", ".join(sides)[:160]


def _withheld_position(dossier: ExhibitDossier, said: Said, basis: str, text: str, reason: str) -> Finding:
    return _told(
        dossier, POSITION, Question.PLACE, said, FindingOutcome.NOTES, basis, written=text[:160], reason=reason
    )


# ---------------------------------------------------------------- times


def _times(dossier: ExhibitDossier, own: dict[str, list[Said]], case: CaseDossier) -> Iterator[Finding]:
    taken_in = handed_over(dossier)
    for key in _NOT_OF_FUTURE:
        for said in own.get(key, ()):
            value = said.reading.value
            if isinstance(value, Moment) and reason_against(value) is None and is_after(value, taken_in):
                yield _unused_moment(dossier, said, key, value.iso(), AFTER_HAND_OVER)
    claims = claims_of(dossier, case)
    for key in _TIMES:
        for said in own.get(key, ()):
            yield from _time(dossier, said, claims)
    for said in dossier.readings:  # what sidecars say, too, may be a counter that was never set
        if said.reading.key in POSTED and isinstance(said.reading.value, Moment):
            yield from _time(dossier, said, claims)
    for said in own.get(_ZERO, ()):
        yield _unused_moment(dossier, said, "mp4:mvhd.creation_time", "0", UNSET)
    for said in own.get("exif:GPSDateTime.withheld", ()):
        yield _unused_moment(dossier, said, "exif:GPSDateTime", _written_gps_time(own), str(said.reading.value))
    yield from _rolled_over(dossier, own)
    for key in _OFFSETS:
        for said in own.get(key, ()):
            tag = key.removesuffix(".withheld")
            text = str(own[tag][0].reading.value) if tag in own else ""
            yield _unused_moment(dossier, said, tag, text[:40], str(said.reading.value))


def _unused_moment(dossier: ExhibitDossier, said: Said, basis: str, text: str, reason: str) -> Finding:
    return _told(dossier, MOMENT, Question.TIME, said, FindingOutcome.NOTES, basis, written=text, reason=reason)


def _written_gps_time(own: dict[str, list[Said]]) -> str:
    words = [str(said.reading.value) for key in ("exif:GPSDateStamp", "exif:GPSTimeStamp") for said in own.get(key, ())]
    return " ".join(words)[:80]


def _time(dossier: ExhibitDossier, said: Said, claims: tuple[ReadClaim, ...]) -> Iterator[Finding]:
    value, key = said.reading.value, said.reading.key
    text = value.text if isinstance(value, Moment) else value if isinstance(value, str) else ""
    if isinstance(value, Moment):
        reason = reason_against(value)
    else:
        is_date = key in _ALWAYS_DATES or written(text) is not None
        is_told = text and not is_blank(text) and is_date and _is_whole(key, text)
        reason = (OFFSET_UNUSABLE if _is_possible(text) else NO_DATE) if is_told else None
    if reason is None:
        return
    gregorian = in_gregorian(value)
    if gregorian is not None:
        calendar = SOLAR_HIJRI if gregorian[:4] > text.strip()[:4] else BUDDHIST
        if isinstance(value, Moment):
            calendar = str(reason)
        yield _told(
            dossier, CALENDAR, Question.TIME, said, FindingOutcome.INCONCLUSIVE, written=_shown(value), reason=calendar,
            calendar=calendar, gregorian=gregorian, claim=_claim_touched(gregorian, claims),
        )  # fmt: skip
        return
    late = _hour_24(value)
    if late is not None:
        yield _told(
            dossier, HOUR_24, Question.TIME, said, FindingOutcome.INCONCLUSIVE, written=text.strip()[:40],
            reason="hour_24", same_day=late[0], next_day=late[1],
        )  # fmt: skip
        return
    yield _unused_moment(dossier, said, key, _shown(value), reason)


def _is_possible(text: str) -> bool:
    """Whether the digits are a date and time, so that only what follows them, an offset, can be wrong."""
    said = written(text)
    if said is None or said.hour is None:
        return False
    try:
        datetime(said.year, said.month, said.day, said.hour, said.minute, said.second, tzinfo=UTC)
    except ValueError:
        return False
    return True


def _is_whole(key: str, text: str) -> bool:
    """Whether a time of day is written too: a bare year or day is imprecise, and no fault."""
    said = written(text)
    return key in _ALWAYS_DATES or (said is not None and said.hour is not None)


def _shown(value: object) -> str:
    return value.iso() if isinstance(value, Moment) else str(value).strip()[:80]


def _hour_24(value: object) -> tuple[str, str] | None:
    """Both days' readings of `2019:01:01 24:04:20`: the start of the day as written, and of the next."""
    said = written(value) if isinstance(value, str) else None
    if said is None or said.hour != 24 or said.minute > 59 or said.second > 59:
        return None
    try:
        day = date(said.year, said.month, said.day)
        following = day + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    clock = f"T00:{said.minute:02d}:{said.second:02d}"
    return day.isoformat() + clock, following.isoformat() + clock


def _claim_touched(gregorian: str, claims: tuple[ReadClaim, ...]) -> str | None:
    """The first claim whose time the Gregorian reading touches, in some zone on Earth."""
    wall = datetime.fromisoformat(gregorian if "T" in gregorian else gregorian + "T00:00:00").replace(tzinfo=UTC)
    last = wall if "T" in gregorian else shifted(wall, timedelta(days=1))
    first, last = shifted(wall, -EASTMOST), shifted(last, -WESTMOST)
    for claim in claims:
        interval = claim.interval
        if interval is None or (interval.earliest is None and interval.latest is None):
            continue
        if (interval.latest is None or first <= interval.latest) and (
            interval.earliest is None or last >= interval.earliest
        ):
            return claim.claim.id
    return None


def _rolled_over(dossier: ExhibitDossier, own: dict[str, list[Said]]) -> Iterator[Finding]:
    """A satellite time that lies 1,024 weeks from the device's own."""
    device, satellite = (
        next((said for key in QUESTIONS[name].keys for said in own.get(key, ()) if _is_usable(said)), None)
        for name in ("captured_at", "gps_time")
    )
    if device is None or satellite is None:
        return
    one, other = device.reading.value, satellite.reading.value
    if not isinstance(one, Moment) or not isinstance(other, Moment):
        return
    seconds = (datetime.fromisoformat(one.wall[:19]) - datetime.fromisoformat(other.wall[:19])).total_seconds()
    if weeks_apart(seconds):
        yield _unused_moment(dossier, satellite, satellite.reading.key, other.iso(), WEEK_ROLLOVER)


def _is_usable(said: Said) -> bool:
    return isinstance(said.reading.value, Moment) and reason_against(said.reading.value) is None


# ---------------------------------------------------------------- lengths and models


def _values(dossier: ExhibitDossier, own: dict[str, list[Said]]) -> Iterator[Finding]:
    for key in QUESTIONS["model"].keys:
        for said in own.get(key, ()):
            value = said.reading.value
            text = "" if value is None or isinstance(value, Moment | bool) else str(value).strip("\x00 ")
            if text and is_number(text):
                yield _told(
                    dossier, VALUE, Question.SOURCE, said, FindingOutcome.NOTES, written=text[:80],
                    reason="model_is_number",
                )  # fmt: skip
    for key in QUESTIONS["duration_s"].keys:
        for said in own.get(key, ()):
            seconds = said.reading.value
            if isinstance(seconds, int | float) and not isinstance(seconds, bool) and not is_length(float(seconds)):
                yield _told(
                    dossier, VALUE, Question.SOURCE, said, FindingOutcome.NOTES, written=f"{seconds:g} s",
                    reason="length_unset",
                )  # fmt: skip


CHECK = Check(name="withheld", version=1, codes=(POSITION, MOMENT, CALENDAR, HOUR_24, VALUE), check=check)
