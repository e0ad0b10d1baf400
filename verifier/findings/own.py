"""What an exhibit's own bytes say, by key: sidecars' readings are kept apart, because another file says them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from verifier.dossier import ExhibitDossier
from verifier.findings.remembered import remembered
from verifier.findings.usable import usable
from verifier.instants import shifted
from verifier.lengths import time_length, told
from verifier.metadata.filename import NameReading, read_name
from verifier.records import Moment, Reading, Zone

EASTMOST, WESTMOST = timedelta(hours=14), timedelta(hours=12)  # of all zones on Earth
LONGEST_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Own:
    """Readings by key in the order in which they were read, and what the names mean."""

    dossier: ExhibitDossier
    by_key: dict[str, list[Reading]]
    beside: list[Reading]  # what sidecars say of it
    names: tuple[NameReading, ...]

    def first(self, *keys: str) -> Reading | None:
        """The first reading of the first of these keys that there is."""
        for key in keys:
            if key in self.by_key:
                return self.by_key[key][0]
        return None

    def all(self, *keys: str) -> Iterator[Reading]:
        """Every reading of these keys."""
        for key in keys:
            yield from self.by_key.get(key, ())

    def moment(self, *keys: str) -> tuple[Moment, Reading] | None:
        """The first date of these keys that a device can have meant, with its reading."""
        for reading in self.all(*keys):
            if isinstance(reading.value, Moment) and usable(reading.value):
                return reading.value, reading
        return None

    def text(self, *keys: str) -> str:
        """The first text of these keys; "" where there is none."""
        found = next((item for item in self.all(*keys) if isinstance(item.value, str | int) and str(item.value)), None)
        return str(found.value).strip() if found else ""


@remembered
def own(dossier: ExhibitDossier) -> Own:
    """The view of one dossier."""
    by_key: dict[str, list[Reading]] = {}
    beside = []
    for said in dossier.readings:
        if said.reading.subject is not None:
            if said.exhibit != dossier.exhibit.id:
                beside.append(said.reading)
        elif said.exhibit == dossier.exhibit.id:
            by_key.setdefault(said.reading.key, []).append(said.reading)
    known = {acquisition.name: read_name(acquisition.name) for acquisition in dossier.acquisitions}
    return Own(dossier, by_key, beside, tuple(name for name in known.values() if name is not None))


def ref(reading: Reading) -> str:
    """How a finding names a reading: key, value, place."""
    value = reading.value.iso() if isinstance(reading.value, Moment) else str(reading.value)
    cut = value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 1] + "…"
    return f"{reading.key}: {cut} ({reading.location})"


def name_ref(name: NameReading) -> str:
    """How a finding names a file name."""
    return f"name {name.name[:LONGEST_SHOWN]} (rule {name.rule}, {name.confidence})"


def wall(moment: Moment) -> datetime:
    """The clock reading alone, to be compared with others of its kind; tagged UTC only to have one type."""
    return datetime.fromisoformat(moment.wall[:19]).replace(tzinfo=UTC)


def earliest(moment: Moment) -> datetime:
    """The earliest instant that it can mean; a local clock may be the eastmost."""
    return moment.instant or shifted(wall(moment), -EASTMOST)


def latest(moment: Moment) -> datetime:
    """The latest instant that it can mean; a local clock may be the westmost."""
    return moment.instant or shifted(wall(moment), WESTMOST)


def is_local(moment: Moment) -> bool:
    """Whether its zone is unknown."""
    return moment.zone is Zone.LOCAL


def quarter(seconds: float) -> tuple[int, float]:
    """(nearest multiple of a quarter of an hour in minutes, seconds that are left): offsets of zones are multiples."""
    nearest = round(seconds / 900)
    return nearest * 15, seconds - nearest * 900


def span(seconds: float) -> str:
    """A length of time in words."""
    return told(time_length(seconds))
