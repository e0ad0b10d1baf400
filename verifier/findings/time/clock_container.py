"""Rules about the dates that containers and their tracks bear. Rates: measured over 65 videos."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier
from verifier.findings.own import Own, is_local, span, wall
from verifier.findings.time.clock_tags import (
    CAPTURED,
    CREATED,
    FARTHEST_SECONDS,
    finding,
    hours,
    length_seconds,
    nearest,
)
from verifier.records import Finding, FindingOutcome, Moment

SLACK_SECONDS = 60  # container against key, beside the length of the recording
_TOGETHER = "Whoever changes both keeps them in step."

CONTAINER_AGREES, CONTAINER_LOCAL = "clock.container_agrees", "clock.container_local"
CONTAINER_LATER, CONTAINER_EARLIER = "clock.container_later", "clock.container_earlier"
TRACKS_DIFFER, EPOCH_1970 = "clock.tracks_differ", "clock.epoch_1970"
CODES = (CONTAINER_AGREES, CONTAINER_LOCAL, CONTAINER_LATER, CONTAINER_EARLIER, TRACKS_DIFFER, EPOCH_1970)


def container(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """The container's creation time (UTC, often the end of recording) against the moment of capture."""
    created = view.moment(*CREATED)
    captured = view.moment(*(key for key in CAPTURED if not key.startswith("exif:")))
    if created is None or captured is None:
        return
    length = length_seconds(view)
    seconds = (wall(created[0]) - wall(captured[0])).total_seconds()
    offset = captured[0].offset_minutes
    apart = seconds + (offset or 0) * 60
    because = (created[1], captured[1])
    if is_local(captured[0]):
        minutes, left = nearest(seconds, length)
        if abs(left) <= SLACK_SECONDS and abs(seconds) < FARTHEST_SECONDS:
            yield finding(view, CONTAINER_AGREES, FindingOutcome.SUPPORTS,
                          f"Container and capture times agree if the camera's clock ran at UTC{hours(-minutes)}.",
                          *because, caveat=_TOGETHER, offset_minutes=-minutes)  # fmt: skip
        return
    if -SLACK_SECONDS <= apart <= length + SLACK_SECONDS:
        yield finding(view, CONTAINER_AGREES, FindingOutcome.SUPPORTS,
                      f"The container was created {apart:.0f} s after the capture; it is {length:.0f} s long.",
                      *because, caveat=_TOGETHER, seconds=round(apart))  # fmt: skip
    elif offset and -SLACK_SECONDS <= seconds <= length + SLACK_SECONDS:
        yield finding(view, CONTAINER_LOCAL, FindingOutcome.NOTES,
                      "The container's creation time, which ought to be UTC, holds the local time of capture.",
                      *because, caveat="Many cameras write local time there.", offset_minutes=offset)  # fmt: skip
    elif apart > 0:
        yield finding(view, CONTAINER_LATER, FindingOutcome.NOTES,
                      f"The container was written {span(apart)} after the capture.",
                      *because, caveat="Sharing, trimming and exporting write a new container.",
                      seconds=round(apart))  # fmt: skip
    else:
        yield finding(view, CONTAINER_EARLIER, FindingOutcome.INCONCLUSIVE,
                      f"The container says it was created {span(apart)} before the capture: one of the two is wrong.",
                      *because, caveat="A wrong zone, or a capture time that was set by hand, explains it.",
                      seconds=round(apart))  # fmt: skip


def tracks(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """A camera gives movie and tracks one creation time."""
    whole = view.moment("mp4:mvhd.creation_time")
    if whole is None:
        return
    for reading in view.all("mp4:tkhd.creation_time"):
        if isinstance(reading.value, Moment):
            seconds = (wall(reading.value) - wall(whole[0])).total_seconds()
            if abs(seconds) > 2:
                yield finding(
                    view,
                    TRACKS_DIFFER,
                    FindingOutcome.NOTES,
                    f"A track was created {span(seconds)} {'after' if seconds > 0 else 'before'} its movie.",
                    whole[1],
                    reading,
                    caveat="Putting tracks of several files together, or a long recording, has this effect.",
                    seconds=round(seconds),
                )
                return


def epoch(view: Own, case: CaseDossier) -> Iterator[Finding]:
    """Seconds since 1970 where the standard counts from 1904."""
    flag = view.first("mp4:mvhd.creation_time_epoch_1970")
    date = view.first("mp4:mvhd.creation_time")
    if flag is not None and date is not None:
        yield finding(
            view,
            EPOCH_1970,
            FindingOutcome.NOTES,
            "The container's date counts from 1970, though the standard says 1904; it is read as such.",
            date,
            caveat="Some programs and cameras do so always: it hints at the program, not at a change.",
        )
