"""The office's sheet: one row an exhibit, columns that stay, of which people may write into some.

`verify import` reads the same sheet back. `basis` holds a digest of what the writable cells of the row said when they
were written, so that a cell which nobody touched is told from one that was changed, also where the case has moved on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from verifier.dossier import CaseDossier
from verifier.records import Claim, Observation
from verifier.report.exchange.rows import Row, rows_of
from verifier.report.writers.csv_tables import cell, inert, written
from verifier.visible import visible

KNOWN = (
    "exhibit", "names", "kind", "media_type", "size_bytes", "duration_s", "captured_at", "captured_zone",
    "captured_basis", "latitude", "longitude", "position_basis", "recording", "copies", "incidents", "received_at",
    "batch", "contradictions", "faults", "published_at", "other_claims", "observations",
)  # fmt: skip
STAGE = ("stage", "stage_reason")
CLAIM = ("claim_by", "claim_place", "claim_time", "claim_description")
NOTE = "new_note"  # always empty when it is written
BASIS = "basis"
WRITABLE = (*STAGE, *CLAIM, NOTE)
COLUMNS = (*KNOWN, *WRITABLE, BASIS)
BASIS_VERSION = "1"
LONGEST_SAID = 8_000  # letters of a line
_DIGITS = 16


def sheet(case: CaseDossier) -> tuple[Sequence[str], list[list[object]]]:
    """Columns and rows; every cell inert, a number or empty."""
    return COLUMNS, [[told[name] for name in COLUMNS] for told in _rows(case)]


def render(case: CaseDossier) -> bytes:
    """The sheet as CSV."""
    return written(*sheet(case))


def _rows(case: CaseDossier) -> Iterator[Mapping[str, object]]:
    for row in rows_of(case):
        said = writable(row)
        known = {name: cell(value) for name, value in _known(row).items()}
        yield known | said | {NOTE: "", BASIS: basis(said)}


def writable(row: Row) -> dict[str, str]:
    """The cells of a row that people may change, as they are written."""
    claim, standing = row.claim, row.standing
    said: tuple[object, ...] = (None,) * 4
    if claim is not None:
        said = (claim.by, claim.place, claim.time, claim.description)
    stood = (standing.stage, standing.reason) if standing is not None else (None, None)
    return {name: said_cell(value) for name, value in zip((*STAGE, *CLAIM), (*stood, *said), strict=True)}


def said_cell(text: object) -> str:
    """People's words in a cell: lines stay lines, what could hide or reorder something is spelt out, no formula."""
    if text is None:
        return ""
    return inert("\n".join(visible(line, LONGEST_SAID) for line in trimmed(str(text)).split("\n")))


def basis(said: Mapping[str, str]) -> str:
    """What the writable cells said, as a digest for each group of them."""
    return ":".join((BASIS_VERSION, group_digest(said, STAGE), group_digest(said, CLAIM)))


def group_digest(said: Mapping[str, str], names: Sequence[str]) -> str:
    """Of some cells; blanks at their ends and the kind of line break do not count, a spreadsheet changes them."""
    text = "\x1f".join(trimmed(said.get(name, "")) for name in names)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def trimmed(text: str) -> str:
    """A cell without what a spreadsheet may have done to it."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def _known(row: Row) -> dict[str, object]:
    captured, place, recording = row.captured, row.place, row.recording
    told: dict[str, object] = {
        "exhibit": row.exhibit.id,
        "names": " | ".join(row.names),
        "kind": row.exhibit.kind.value,
        "media_type": row.exhibit.media_type,
        "size_bytes": row.exhibit.size,
        "duration_s": row.duration_seconds,
        "captured_at": captured.text if captured else None,
        "captured_zone": captured.zone if captured else None,
        "captured_basis": captured.basis if captured else None,
        "latitude": place.latitude_degrees if place else None,
        "longitude": place.longitude_degrees if place else None,
        "position_basis": place.basis if place else None,
        "recording": recording.id[:12] if recording else None,
        "copies": len(recording.copies) if recording else None,
        "incidents": " | ".join(row.incidents),
        "received_at": row.received_at,
        "batch": " | ".join(row.batches),
        "contradictions": row.contradictions,
        "faults": " | ".join(row.faults),
        "published_at": " | ".join(row.addresses),
        "other_claims": " | ".join(claim_text(claim) for claim in row.other_claims),
        "observations": " | ".join(observation_text(one) for one in row.observations),
    }
    return told


def claim_text(claim: Claim) -> str:
    """Who says what, in one line."""
    said = [value for value in (claim.place, claim.time, claim.description) if value]
    return f"{claim.by}: {'; '.join(said)}"


def observation_text(said: Observation) -> str:
    """What was seen or heard, when within the exhibit, how many, by whom."""
    parts = [said.what]
    if said.start_seconds is not None:
        parts.append(f"{said.start_seconds:g}–{said.end_seconds:g} s" if said.end_seconds is not None
                     else f"{said.start_seconds:g} s")  # fmt: skip
    if said.least is not None or said.most is not None:
        parts.append(f"{'?' if said.least is None else said.least}–{'?' if said.most is None else said.most}")
    parts += [
        *said.alternatives,
        *([f"expert: {said.expert}"] if said.expert else []),
        *([said.note] if said.note else []),
    ]
    return f"{said.by}: {', '.join(parts)}"
