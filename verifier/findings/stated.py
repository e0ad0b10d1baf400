"""Whether an exhibit states a time, a position or a sound at all: said broadly, because an absence is said of it.

"It states no position" must not be said of a file in which one stands that was withheld, scrambled, read by a rule of
low rank or told by a sidecar. So any reading of such a kind counts, and so does anything that could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from verifier.dossier import ExhibitDossier
from verifier.records import FaultKind, Moment, Reading

_TIME = re.compile(r"date|time(?!d\b|scale)|when|IDIT|©day|first_fix_utc", re.IGNORECASE)
_NOT_OF_CAPTURE = re.compile(
    r"^(?:mp4:(?:mvhd|tkhd|mdhd)\.|container:tag\.creation_time|matroska:DateUTC|asf:CreationDate|exif:DateTime$"
    r"|exif:ExposureTime|xmp:(?:ModifyDate|MetadataDate)|archive:|jpeg:|icc:)|duration|timescale|frame_rate",
    re.IGNORECASE,
)
_POSITION = re.compile(
    r"latitude|longt?itude|gpsposition|iso6709|©xyz|loci|location|first_fix|_lat$|_lng$|_lon$|gps(?:dest|areainfo|sphere)"
    r"|problem|blocks_not_understood|city|country|sublocation|place",
    re.IGNORECASE,
)
_SOUND = re.compile(r"audio|sound|handler\.audio|sample_rate|channels", re.IGNORECASE)


def states_time(dossier: ExhibitDossier) -> bool:
    """Whether anything read in it or about it may state when it was captured, or something could not be read."""
    return _is_unread(dossier) or any(
        isinstance(reading.value, Moment)
        or (_TIME.search(reading.key) is not None and bool(str(reading.value).strip()))
        for reading in _readings(dossier)
        if _NOT_OF_CAPTURE.search(reading.key) is None
    )


def states_container_time(dossier: ExhibitDossier) -> bool:
    """Whether its container states when the file was made, which is no time of capture."""
    return "created_at" in dossier.facts


def states_position(dossier: ExhibitDossier) -> bool:
    """Whether anything read in it or about it may state where it was, or something could not be read."""
    return _is_unread(dossier) or any(_POSITION.search(reading.key) for reading in _readings(dossier))


def states_sound(dossier: ExhibitDossier) -> bool:
    """Whether a track of sound is there, decoded or not, or something could not be read."""
    return _is_unread(dossier) or any(
        _SOUND.search(reading.key) or (reading.key == "container:streams" and "audio" in str(reading.value))
        for reading in _readings(dossier)
    )


def _is_unread(dossier: ExhibitDossier) -> bool:
    return any(fault.kind is not FaultKind.ABSENT for fault in dossier.faults)


def _readings(dossier: ExhibitDossier) -> Iterator[Reading]:
    return (said.reading for said in dossier.readings if not said.reading.key.startswith("c2pa:state"))
