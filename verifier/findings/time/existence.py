"""By when an exhibit existed: what was uploaded, sent, signed or taken in cannot be younger.

Every bound names the reading it rests on and the weakest link on the way; a copy that holds the whole of an exhibit
lends it its bounds, visibly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.findings.codes import EDITED, POSTED, SOFT_POSTED
from verifier.findings.lending import Loan, loans_of, pieces_of
from verifier.findings.remembered import remembered
from verifier.findings.time.device_clocks import clocks_of, span_of
from verifier.findings.usable import reason_against
from verifier.geo.timezone import EASTMOST, WESTMOST, instant_of
from verifier.instants import shifted
from verifier.records import Moment, Value

# Live streams are dated by their start; servers and our own clock may be wrong by a zone.
MARGIN = timedelta(hours=24)
ACQUISITION, HAND_OVER = "acquisition", "batch note"  # bases of bounds that no sidecar states
_ORDER = {key: place for place, key in enumerate(POSTED)}
# Last parts of the keys that say how far the date of a sidecar can be relied on.
_SOFTENING = frozenset({"was_live", "live_status", "edited", "date_order", "release_timestamp", "timestamp"})
_COMPACT_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The content existed by `latest`. `is_firm` where nothing innocent explains a later capture, beyond the margin."""

    latest: datetime
    first: datetime | None = None  # the first instant that the written time may mean; None where it is `latest`
    basis: str
    what: str
    exhibit: str  # whose reading or acquisition it is
    is_firm: bool
    loan: Loan | None = None  # through which copy

    @property
    def reason(self) -> str:
        """ "uploaded (ytdlp:timestamp), from copy 3fa9…"."""
        through = f", from copy {self.loan.lender[:12]}" if self.loan else ""
        return f"{self.what} ({self.basis}){through}"


def bounds_of_existence(dossier: ExhibitDossier, case: CaseDossier) -> tuple[Bound, ...]:
    """Every time by which the content existed, firmest and earliest first; those of whole copies among them."""
    found = list(own_bounds(dossier, case))
    for loan in loans_of(dossier.exhibit.id, case):
        lender = case.exhibits.get(loan.lender)
        if lender is None:
            found += _bank_bounds(loan)
            continue
        for bound in own_bounds(lender, case):
            found.append(replace(bound, is_firm=bound.is_firm and loan.is_certain, loan=loan))
    return tuple(sorted(found, key=lambda bound: (not bound.is_firm, bound.latest, bound.basis, bound.exhibit)))


def bounds_of_pieces(dossier: ExhibitDossier, case: CaseDossier) -> tuple[tuple[Bound, str], ...]:
    """Bounds of exhibits that hold a part of this one, with what is shared: they speak of that part and no more."""
    found = []
    for lender, shared in pieces_of(dossier.exhibit.id, case):
        other = case.exhibits.get(lender)
        if other is not None:
            found += [(bound, shared) for bound in own_bounds(other, case) if bound.is_firm]
    return tuple(sorted(found, key=lambda pair: (pair[0].latest, pair[0].basis, pair[0].exhibit)))


@remembered
def own_bounds(dossier: ExhibitDossier, case: CaseDossier) -> tuple[Bound, ...]:
    """Without those that copies lend: what was posted, signed, taken in, and said to be received."""
    return tuple(_own_bounds(dossier, case))


def _own_bounds(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Bound]:
    yield from posted_bounds(dossier)
    signed = _signed(dossier)
    if signed is not None:
        yield signed
    for acquisition in dossier.acquisitions:
        instant = instant_of(acquisition.acquired_at)
        if instant is not None:
            yield Bound(latest=instant, basis=ACQUISITION, what="taken in", exhibit=dossier.exhibit.id, is_firm=True)
    received = {acquisition.batch for acquisition in dossier.acquisitions if acquisition.batch is not None}
    for batch in case.batches:
        instant = instant_of(batch.received_at) if batch.id in received else None
        if instant is not None:
            yield Bound(
                latest=instant,
                basis=HAND_OVER,
                what="said to be received",
                exhibit=dossier.exhibit.id,
                is_firm=False,
            )


@remembered
def posted_bounds(dossier: ExhibitDossier) -> tuple[Bound, ...]:
    """What sidecars say of when it was public, in the order of POSTED; the one judge of which of them is firm.

    Of an edited message the edit bounds what is in it now, and not the message's date. Not firm: a sidecar that was
    matched by a stem, a stream or a premiere that is dated by its start, an ambiguous order of day and month, and one
    after which a satellite time and the device's own clock say that it was taken, on one day: then the sidecar may be
    the one that is wrong.
    """
    return tuple(_posted_bounds(dossier))


def _posted_bounds(dossier: ExhibitDossier) -> Iterator[Bound]:
    soft = _softened(dossier)
    edited = {said.exhibit for said in dossier.readings if said.reading.key == EDITED}
    confirmed = _confirmed_day(dossier)
    posted = [said for said in dossier.readings if said.reading.key in POSTED]
    for said in sorted(posted, key=lambda said: _ORDER[said.reading.key]):
        key, value = said.reading.key, said.reading.value
        span = written_span(value)
        if span is None or (isinstance(value, Moment) and reason_against(value) is not None):
            continue
        if said.exhibit in edited and key.startswith("telegram:date"):
            continue  # a message says nothing of what an edit may have put into it later
        firm = (
            key not in SOFT_POSTED
            and (said.exhibit, key.partition(":")[0]) not in soft
            and not is_by_stem(said)
            and not (confirmed is not None and confirmed > shifted(span[1], MARGIN))
        )
        yield Bound(
            latest=span[1], first=span[0], basis=key, what=POSTED[key], exhibit=said.exhibit, is_firm=firm,
        )  # fmt: skip


def _confirmed_day(dossier: ExhibitDossier) -> datetime | None:
    """The satellite time, where the device's own clock shows that day too, a zone left aside."""
    clocks = [clock for clock in clocks_of(dossier) if not clock.is_reset]
    satellites = [clock for clock in clocks if clock.question == "gps_time"]
    devices = [clock for clock in clocks if clock.question == "captured_at"]
    for satellite in satellites:
        if any(abs(clock.wall - satellite.wall) < timedelta(days=1) for clock in devices):
            return satellite.earliest
    return None


def is_by_stem(said: Said) -> bool:
    """Whether the sidecar names the exhibit by a stem only, which several files may share."""
    return "[stem" in said.reading.location


def _softened(dossier: ExhibitDossier) -> set[tuple[str, str]]:
    """Sidecars whose date is no firm bound: a stream or premiere, an edited post, an ambiguous day and month."""
    found = set()
    times: dict[tuple[str, str], Value] = {}
    for said in dossier.readings:
        room, _, name = said.reading.key.partition(":")
        if name not in _SOFTENING:
            continue
        value = str(said.reading.value)
        times.setdefault((said.exhibit, said.reading.key), said.reading.value)
        streamed = name in ("was_live", "live_status") and value not in ("False", "not_live", "None")
        is_edited = name == "edited" and said.reading.key != EDITED
        if is_edited or streamed or (name == "date_order" and value.startswith("ambiguous")):
            found.add((said.exhibit, room))
    for exhibit, key in list(times):
        if key == "yt-dlp:release_timestamp":  # a page that was put up before its stream or premiere
            released, put_up = latest_of(times[(exhibit, key)]), latest_of(times.get((exhibit, "yt-dlp:timestamp")))
            if released is not None and put_up is not None and released > put_up:
                found.add((exhibit, "yt-dlp"))
    return found


def _signed(dossier: ExhibitDossier) -> Bound | None:
    """The time in a content credential; firm only where its signer stands on a list that was given."""
    readings = {said.reading.key: said for said in dossier.readings if said.exhibit == dossier.exhibit.id}
    state, at = readings.get("c2pa:state"), readings.get("c2pa:signed_at")
    if state is None or at is None or state.reading.value not in ("valid", "trusted"):
        return None
    latest = latest_of(at.reading.value)
    if latest is None:
        return None
    return Bound(
        latest=latest,
        basis="c2pa:signed_at",
        what="signed",
        exhibit=dossier.exhibit.id,
        is_firm=state.reading.value == "trusted",
    )


def _bank_bounds(loan: Loan) -> Iterator[Bound]:
    """A copy in a reference bank that is dated: "public on or before"."""
    if loan.public_by is None:
        return
    latest = latest_of(loan.public_by)
    if latest is not None:
        yield Bound(
            latest=latest,
            basis="reference bank",
            what="a copy was public",
            exhibit=loan.lender,
            is_firm=loan.is_certain,
            loan=loan,
        )


def latest_of(value: Value) -> datetime | None:
    """The last instant that a written time may mean: a day ends at its end in the last zone on Earth."""
    span = written_span(value)
    return span[1] if span else None


def written_span(value: Value) -> tuple[datetime, datetime] | None:
    """The first and the last instant that a written time may mean; a day is a day somewhere on Earth."""
    if isinstance(value, Moment):
        return span_of(value)
    if not isinstance(value, str):
        return None
    instant = instant_of(value)
    if instant is not None:
        return instant, instant
    day = _COMPACT_DAY.fullmatch(value.strip())
    if day is None:
        return None
    try:
        start = datetime(int(day[1]), int(day[2]), int(day[3]), tzinfo=UTC)
    except ValueError:
        return None
    return shifted(start, -EASTMOST), shifted(start, timedelta(days=1) - WESTMOST)
