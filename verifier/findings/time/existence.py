"""By when an exhibit existed: what was uploaded, sent, signed or taken in cannot be younger.

Every bound names the reading it rests on and the weakest link on the way; a copy that holds the whole of an exhibit
lends it its bounds, visibly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.lending import Loan, loans_of, pieces_of
from verifier.findings.time.device_clocks import span_of
from verifier.geo.timezone import WESTMOST, instant_of
from verifier.instants import shifted
from verifier.records import Moment, Value

# Live streams are dated by their start; servers and our own clock may be wrong by a zone.
MARGIN = timedelta(hours=24)
# What sidecars say of a moment after which the content cannot have been made. Capture times are not among them.
POSTED = {
    "yt-dlp:timestamp": "uploaded",
    "yt-dlp:upload_date": "uploaded",
    "yt-dlp:release_timestamp": "published",
    "yt-dlp:release_date": "published",
    "yt-dlp:epoch": "fetched from the web",
    "telegram:date": "posted on Telegram",
    "telegram:date_local": "posted on Telegram",
    "whatsapp:date": "sent by WhatsApp",
    "takeout:creationTime": "uploaded to Google Photos",
    "auto-archiver:timestamp": "posted",
    "auto-archiver:upload_date": "posted",
    "auto-archiver:_processed_at": "archived",
    "snapchat:date": "saved by Snapchat",
    "meta-export:creation_timestamp": "put on Facebook or Instagram",
    "meta-export:sent": "sent by Messenger or Instagram",
}
# A post whose medium can be exchanged, a stream that is dated by its start, and a date whose order is a guess are soft.
_SOFT_KEYS = frozenset({"snapchat:date"})
_COMPACT_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The content existed by `latest`. `is_firm` where nothing innocent explains a later capture, beyond the margin."""

    latest: datetime
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
    found = list(_own_bounds(dossier, case))
    for loan in loans_of(dossier.exhibit.id, case):
        lender = case.exhibits.get(loan.lender)
        if lender is None:
            found += _bank_bounds(loan)
            continue
        for bound in _own_bounds(lender, case):
            found.append(
                Bound(
                    latest=bound.latest,
                    basis=bound.basis,
                    what=bound.what,
                    exhibit=bound.exhibit,
                    is_firm=bound.is_firm and loan.is_certain,
                    loan=loan,
                )
            )
    return tuple(sorted(found, key=lambda bound: (not bound.is_firm, bound.latest, bound.basis, bound.exhibit)))


def bounds_of_pieces(dossier: ExhibitDossier, case: CaseDossier) -> tuple[tuple[Bound, str], ...]:
    """Bounds of exhibits that hold a part of this one, with what is shared: they speak of that part and no more."""
    found = []
    for lender, shared in pieces_of(dossier.exhibit.id, case):
        other = case.exhibits.get(lender)
        if other is not None:
            found += [(bound, shared) for bound in _own_bounds(other, case) if bound.is_firm]
    return tuple(sorted(found, key=lambda pair: (pair[0].latest, pair[0].basis, pair[0].exhibit)))


def _own_bounds(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Bound]:
    soft = _softened(dossier)
    for said in dossier.readings:
        what = POSTED.get(said.reading.key)
        latest = latest_of(said.reading.value) if what is not None else None
        if what is not None and latest is not None:
            source = (said.exhibit, said.reading.key.partition(":")[0])
            firm = said.reading.key not in _SOFT_KEYS and source not in soft
            yield Bound(latest=latest, basis=said.reading.key, what=what, exhibit=said.exhibit, is_firm=firm)
    signed = _signed(dossier)
    if signed is not None:
        yield signed
    for acquisition in dossier.acquisitions:
        instant = instant_of(acquisition.acquired_at)
        if instant is not None:
            yield Bound(latest=instant, basis="acquisition", what="taken in", exhibit=dossier.exhibit.id, is_firm=True)
    received = {acquisition.batch for acquisition in dossier.acquisitions if acquisition.batch is not None}
    for batch in case.batches:
        instant = instant_of(batch.received_at) if batch.id in received else None
        if instant is not None:
            yield Bound(
                latest=instant,
                basis="batch note",
                what="said to be received",
                exhibit=dossier.exhibit.id,
                is_firm=False,
            )


def _softened(dossier: ExhibitDossier) -> set[tuple[str, str]]:
    """Sidecars whose date is no firm bound: an edited message, a live stream, an ambiguous order of day and month."""
    found = set()
    for said in dossier.readings:
        room, _, name = said.reading.key.partition(":")
        value = str(said.reading.value)
        streamed = name in ("was_live", "live_status") and value not in ("False", "not_live", "None")
        if name == "edited" or streamed or (name == "date_order" and value.startswith("ambiguous")):
            found.add((said.exhibit, room))
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
    if isinstance(value, Moment):
        span = span_of(value)
        return span[1] if span else None
    if isinstance(value, str):
        instant = instant_of(value)
        if instant is not None:
            return instant
        day = _COMPACT_DAY.fullmatch(value.strip())
        if day:
            try:
                start = datetime(int(day[1]), int(day[2]), int(day[3]), tzinfo=UTC)
            except ValueError:
                return None
            return shifted(start, timedelta(days=1) - WESTMOST)
    return None
