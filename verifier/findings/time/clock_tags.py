"""Rules about the times that stand in the file itself. Rates and tolerances: measured over 719 photos and 65 videos."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.own import Own, is_local, own, quarter, ref, span, wall
from verifier.findings.remembered import remembered
from verifier.findings.usable import usable, weeks_apart
from verifier.records import Finding, FindingOutcome, Moment, Question, Reading, Scalar

TOLERANCE_SECONDS = 120
FARTHEST_SECONDS = 15 * 3600  # no zone is farther from UTC
EPOCHS = frozenset({"2000-01-01"})  # beside what can be no time of capture, which `withheld` tells
FIRST_YEAR = 1995  # of consumer cameras with Exif

GPS_AGREES, GPS_DIFFERS, OFFSET_DIFFERS = "clock.gps_agrees", "clock.gps_differs", "clock.offset_differs"
DIGITISED_DIFFERS = "clock.digitised_differs"
MODIFIED_LATER, MODIFIED_EARLIER = "clock.modified_later", "clock.modified_earlier"
RESET = "clock.reset"
CODES = (
    GPS_AGREES, GPS_DIFFERS, OFFSET_DIFFERS, DIGITISED_DIFFERS, MODIFIED_LATER, MODIFIED_EARLIER, RESET,
)  # fmt: skip

CAPTURED = (
    "exif:DateTimeOriginal", "xmp:exif:DateTimeOriginal", "quicktime:com.apple.quicktime.creationdate",
    "sony:CreationDate", "nikon:DateTimeOriginal", "quicktime:©day", "avi:IDIT",
    "avi:strd.DateTimeOriginal", "h264:MDPM.DateTimeOriginal", "exif:DateTimeDigitized",
)  # fmt: skip
CREATED = ("mp4:mvhd.creation_time", "matroska:DateUTC", "asf:CreationDate")
GPS = ("exif:GPSDateTime", "gpmf:first_fix_utc", "novatek:first_fix_utc")


def finding(
    view: Own,
    code: str,
    outcome: FindingOutcome,
    statement: str,
    *because: Reading,
    caveat: str | None = None,
    **values: Scalar,
) -> Finding:
    """A finding on time about this exhibit."""
    return Finding(
        exhibit=view.dossier.exhibit.id,
        question=Question.TIME,
        outcome=outcome,
        code=code,
        statement=statement,
        because=tuple(ref(reading) for reading in because),
        caveat=caveat,
        values=values,
    )


def length_seconds(view: Own) -> float:
    """Of the recording; 0 for a photo."""
    keys = ("mp4:duration_s", "matroska:duration_s", "avi:duration_s", "asf:duration_s", "container:duration_s")
    found = view.first(*keys)
    return float(found.value) if found is not None and isinstance(found.value, int | float) else 0.0


def hours(minutes: int) -> str:
    """An offset from UTC as `+03:30`."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def nearest(seconds: float, length: float) -> tuple[int, float]:
    """(offset in minutes, seconds left) where the later clock was read at the start or at the end of a recording."""
    return min(quarter(seconds), quarter(seconds - length), key=lambda found: abs(found[1]))


# ---------------------------------------------------------------- camera against GPS


def _gps_difference(view: Own) -> tuple[float, Moment, Reading, Reading] | None:
    captured, gps = view.moment("exif:DateTimeOriginal"), view.moment(*GPS)
    if captured is None or gps is None:
        return None
    return (wall(captured[0]) - wall(gps[0])).total_seconds(), captured[0], captured[1], gps[1]


def against_gps(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """Local camera time and GPS time must lie a multiple of a quarter of an hour apart, less than 15 hours."""
    found = _gps_difference(view)
    if found is None:
        return
    seconds, captured, local, gps = found
    offset, left = quarter(seconds)
    if captured.offset_minutes is not None and abs(seconds - captured.offset_minutes * 60) > TOLERANCE_SECONDS:
        yield finding(
            view,
            OFFSET_DIFFERS,
            FindingOutcome.INCONCLUSIVE,
            f"The camera's stated offset is {hours(captured.offset_minutes)}, "
            f"but its time is {_signed(seconds)} from GPS time.",
            local,
            gps,
            caveat="A GPS time of an older fix, a clock not set after a journey, or summer time explain it as well.",
            stated_minutes=captured.offset_minutes,
            seconds=round(seconds),
        )
    elif abs(left) <= TOLERANCE_SECONDS and abs(seconds) < FARTHEST_SECONDS:
        yield finding(
            view,
            GPS_AGREES,
            FindingOutcome.SUPPORTS,
            f"Camera time and GPS time agree to {abs(left):.0f} s if the camera's clock ran at UTC{hours(offset)}.",
            local,
            gps,
            caveat="Whoever changes both together keeps them in step.",
            offset_minutes=offset,
            seconds=round(left),
        )
    elif not weeks_apart(seconds):  # a receiver that counts weeks wrongly is told by `withheld`
        yield _differs(view, case, seconds, local, gps)


def _differs(view: Own, case: CaseDossier, seconds: float, local: Reading, gps: Reading) -> Finding:
    same, others = _constant(view, case, seconds)
    known = f" {same} of {others} other exhibits of this device show the same difference." if others else ""
    return finding(
        view,
        GPS_DIFFERS,
        FindingOutcome.INCONCLUSIVE,
        f"Camera time and GPS time are {_signed(seconds)} apart, which is no zone's offset.{known}",
        local,
        gps,
        caveat="Usually the camera's clock was set wrongly, then the difference is the same in a whole series; "
        "or the GPS time is of an older fix.",
        seconds=round(seconds),
        same_device=others,
        same_difference=same,
    )


def device_of(view: Own) -> tuple[str, str, str]:
    """Make, model and serial number, as far as they are there."""
    return view.text("exif:Make"), view.text("exif:Model"), view.text("exif:BodySerialNumber")


def _constant(view: Own, case: CaseDossier, seconds: float) -> tuple[int, int]:
    """(other exhibits of the device with this difference, other exhibits of the device with both clocks)."""
    known = _differences(case).get(device_of(view), [seconds])
    same = bisect_right(known, seconds + TOLERANCE_SECONDS) - bisect_left(known, seconds - TOLERANCE_SECONDS)
    return same - 1, len(known) - 1  # itself is among them


@remembered
def _differences(case: CaseDossier) -> dict[tuple[str, str, str], list[float]]:
    """Of every device that names itself, the differences of its two clocks, in order."""
    table: dict[tuple[str, str, str], list[float]] = {}
    for dossier in case.exhibits.values():
        other = own(dossier)
        found = _gps_difference(other)
        if found is not None and device_of(other)[1]:
            table.setdefault(device_of(other), []).append(found[0])
    for differences in table.values():
        differences.sort()
    return table


def ties(dossier: ExhibitDossier) -> Iterator[str]:
    """The device, where both clocks are there: their difference is counted among its exhibits."""
    view = own(dossier)
    if _gps_difference(view) is not None:
        yield "\n".join(device_of(view))


def _signed(seconds: float) -> str:
    return f"{'-' if seconds < 0 else '+'}{span(seconds)}"


# ---------------------------------------------------------------- the order of tags


def digitised(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """A camera writes both times together."""
    taken, made = view.moment("exif:DateTimeOriginal"), view.moment("exif:DateTimeDigitized")
    if taken is None or made is None:
        return
    seconds = (wall(made[0]) - wall(taken[0])).total_seconds()
    if abs(seconds) > 1:
        yield finding(
            view,
            DIGITISED_DIFFERS,
            FindingOutcome.NOTES,
            f"The time of digitising is {span(seconds)} {'after' if seconds > 0 else 'before'} the time of capture.",
            taken[1],
            made[1],
            caveat="Scans have two times by nature, and some programs correct only one of them.",
            seconds=round(seconds),
        )


def modified(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """A later change is common (a third of ordinary photos); one before the capture cannot be as it is written."""
    taken, changed = view.moment("exif:DateTimeOriginal"), view.moment("exif:DateTime")
    if taken is None or changed is None:
        return
    both_known = not is_local(taken[0]) and not is_local(changed[0])
    first, second = taken[0].instant, changed[0].instant
    if both_known and first is not None and second is not None:
        seconds = (second - first).total_seconds()
    else:
        seconds = (wall(changed[0]) - wall(taken[0])).total_seconds()
    if seconds > 2:
        yield finding(
            view,
            MODIFIED_LATER,
            FindingOutcome.NOTES,
            f"The file was changed {span(seconds)} after the capture, by its own tags.",
            taken[1],
            changed[1],
            *view.all("exif:Software"),
            caveat="Turning, copying to a computer and every editor do this; it is so in a third of ordinary photos.",
            seconds=round(seconds),
        )
    elif seconds < -2:
        yield finding(
            view,
            MODIFIED_EARLIER,
            FindingOutcome.INCONCLUSIVE,
            f"The time of change is {span(seconds)} before the time of capture: one of the two is wrong.",
            taken[1],
            changed[1],
            caveat="A program that writes its own zone, or a corrected time of capture, explains it; 1 in 100 has it.",
            seconds=round(seconds),
        )


def reset(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """Dates that clocks have before they are set."""
    for reading in view.all(*CAPTURED, *CREATED):
        if not isinstance(reading.value, Moment) or not usable(reading.value):
            continue
        day, clock = reading.value.wall[:10], reading.value.wall[11:16]
        new_year = day[5:] == "01-01" and clock == "00:00"
        if day in EPOCHS or int(day[:4]) < FIRST_YEAR or new_year:
            yield finding(
                view,
                RESET,
                FindingOutcome.INCONCLUSIVE,
                f"The date {day} is one that clocks show before they are set, or older than cameras that write dates.",
                reading,
                caveat="A picture may have been taken on that day; scans may bear the date of the original.",
                date=day,
            )
            return
