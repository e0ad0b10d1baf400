"""What other catalogues import: Atlos, Bayanat with its duplicates, Uwazi, TimeMap. One row an exhibit of media.

Nothing is claimed for these tools: what a person has not said is left empty, or told in the careful way.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence

from verifier.dossier import CaseDossier
from verifier.records import Claim, Match, Relation, Verdict
from verifier.report.exchange.rows import Row, media_of
from verifier.report.exchange.sheet import claim_text, observation_text
from verifier.report.writers.csv_tables import cell, written
from verifier.visible import visible

EPOCH = (2000, 1, 1, 0, 0, 0)
ATLOS = ("status", "description", "sensitive", "date", "latitude", "longitude", "location", "more_info")
BAYANAT = (
    "originid", "title", "title_ar", "description", "comments", "publish_date", "documentation_date", "source_link",
    "latitude", "longitude", "labels",
)  # fmt: skip
DUPLICATES = ("query_video", "match_video", "distance", "unique_index", "notes")
UWAZI = (
    "title", "exhibit", "kind", "names", "captured_on", "captured_at", "captured_zone", "geolocation", "position_basis",
    "duration_s", "claims", "observations", "stage", "recording", "published_at",
)  # fmt: skip
ATLOS_STATUS = "In Progress"  # a word that every version of Atlos has had
ATLOS_SENSITIVE = "Graphic Violence"  # until somebody who looked says otherwise: Atlos then shows it in grey
ATLOS_SHORTEST, ATLOS_LONGEST = 8, 240  # letters of a description
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:\||, )-?\d+(?:\.\d+)?")
# links that say one recording; of a scene, a sound or an event in common Bayanat would make duplicates
DUPLICATE = frozenset({Relation.SAME_STREAMS, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE, Relation.CLIP})


def atlos(case: CaseDossier) -> bytes:
    """Rows for Atlos' bulk import: one incident an exhibit; `source_1` … where a sidecar says it was published."""
    rows = list(media_of(case))
    most = max((len(row.addresses) for row in rows), default=0)
    columns = (*ATLOS, *(f"source_{number}" for number in range(1, most + 1)))
    blank = [None] * most
    return _table(columns, ([*_atlos(row), *row.addresses, *blank[len(row.addresses) :]] for row in rows))


def _atlos(row: Row) -> list[object]:
    said = [row.title, *(claim_text(claim) for claim in _claims(row)[:1])]
    text = visible(" – ".join(said), ATLOS_LONGEST * 4)
    text = text if len(text) <= ATLOS_LONGEST else text[: ATLOS_LONGEST - 1] + "…"
    place = row.place
    more = [f"SHA-256 {row.exhibit.id}", *(f"claimed by {claim_text(claim)}" for claim in _claims(row)),
            *(observation_text(one) for one in row.observations)]  # fmt: skip
    if place is not None:
        more.append(f"position: {place.basis}")
    return [
        ATLOS_STATUS,
        text if len(text) >= ATLOS_SHORTEST else f"exhibit {row.exhibit.id[:12]} {text}".strip(),
        ATLOS_SENSITIVE,
        row.captured.day if row.captured else None,
        place.latitude_degrees if place else None,
        place.longitude_degrees if place else None,
        f"{place.latitude_degrees}, {place.longitude_degrees}" if place else None,
        "; ".join(more),
    ]


def bayanat(case: CaseDossier) -> bytes:
    """Rows for Bayanat's importer, one bulletin an exhibit; `originid` is what its duplicates are told by."""
    return _table(BAYANAT, (_bulletin(row) for row in media_of(case)))


def _bulletin(row: Row) -> list[object]:
    captured, place = row.captured, row.place
    return [
        row.exhibit.id,
        row.title,
        None,
        "; ".join(claim_text(claim) for claim in _claims(row)),
        "; ".join(observation_text(one) for one in row.observations),
        None,
        captured.day if captured else None,
        row.addresses[0] if row.addresses else None,
        place.latitude_degrees if place else None,
        place.longitude_degrees if place else None,
        row.exhibit.kind.value,
    ]


def duplicates(case: CaseDossier) -> bytes:
    """Pairs of one recording in the form that `flask dedup-import` reads: names are `originid`s, distance 0 is equal.

    A pair that a person called different is not among them; one that was called the same has distance 0.
    """
    decided = {(min(one.left, one.right), max(one.left, one.right)): one
               for one in sorted(case.verdicts, key=lambda one: one.at)}  # fmt: skip
    best: dict[tuple[str, str], Match] = {}
    for match in case.matches:
        pair = (match.left, match.right)
        if match.relation in DUPLICATE and (pair not in best or match.score > best[pair].score):
            best[pair] = match
    pairs = sorted({*best, *(pair for pair, one in decided.items() if one.decision == "same")})
    return _table(DUPLICATES, (_pair(pair, best.get(pair), decided.get(pair)) for pair in pairs
                              if (one := decided.get(pair)) is None or one.decision != "different"))  # fmt: skip


def _pair(pair: tuple[str, ...], match: Match | None, verdict: Verdict | None) -> list[object]:
    left, right = pair
    notes = [f"{match.relation.value}, {match.tier.value}, {match.method}"] if match is not None else []
    is_same = verdict is not None and verdict.decision == "same"
    if is_same and verdict is not None:
        notes.append(f"called the same by {verdict.by}")
    distance = 0.0 if is_same or match is None else round(1.0 - match.score, 4)
    return [left, right, max(0.0, distance), f"{left}-{right}", "; ".join(notes)]


def uwazi(case: CaseDossier) -> bytes:
    """A ZIP with `import.csv`, whose columns are the names of a template's properties. No file goes with it.

    Uwazi reads a line of several values between `|`, a position as `lat|lon`, a day as YYYY-MM-DD.
    """
    content = _table(UWAZI, (_entity(row) for row in media_of(case)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            zipfile.ZipInfo("import.csv", EPOCH), content.removeprefix(b"\xef\xbb\xbf"), zipfile.ZIP_DEFLATED
        )
    return out.getvalue()


def _entity(row: Row) -> list[object]:
    captured, place = row.captured, row.place
    return [
        f"{row.title.replace('|', '¦')} ({row.exhibit.id[:12]})",
        row.exhibit.id,
        row.exhibit.kind.value,
        "; ".join(row.names),
        captured.day if captured else None,
        captured.text if captured else None,
        captured.zone if captured else None,
        f"{place.latitude_degrees}|{place.longitude_degrees}" if place else None,
        place.basis if place else None,
        row.duration_seconds,
        "; ".join(claim_text(claim) for claim in _claims(row)),
        "; ".join(observation_text(one) for one in row.observations),
        row.standing.stage if row.standing else None,
        row.recording.id[:12] if row.recording else None,
        f"{row.addresses[0]}|{row.addresses[0]}" if row.addresses else None,
    ]


def timemap(case: CaseDossier) -> bytes:
    """Events of TimeMap: every value is text; an event has a day or a position, else it is no event and is left out."""
    events = [_event(row) for row in media_of(case) if row.place is not None or (row.captured and row.captured.day)]
    text = json.dumps(events, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8")


def _event(row: Row) -> dict[str, object]:
    captured, place = row.captured, row.place
    day = captured.day if captured else None
    return {
        "id": row.exhibit.id,
        "description": visible("; ".join((row.title, *(claim_text(claim) for claim in _claims(row)))), 2000),
        "date": f"{day[5:7]}/{day[8:10]}/{day[:4]}" if day else "",
        "time": (captured.clock or "") if captured else "",
        "time_precision": f"camera clock, zone: {captured.zone}" if captured else "",
        "location": place.basis if place else "",
        "latitude": str(place.latitude_degrees) if place else "",
        "longitude": str(place.longitude_degrees) if place else "",
        "category": row.exhibit.kind.value,
        "associations": [],
        "sources": [row.exhibit.id],
        "comments": visible("; ".join(observation_text(one) for one in row.observations), 2000),
    }


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Cells inert; a pair of numbers in one cell stays as the importer reads it, though its sign begins a formula."""
    return written(columns, ([_cell(value) for value in row] for row in rows))


def _cell(value: object) -> object:
    return value if isinstance(value, str) and _NUMBERS.fullmatch(value) else cell(value)


def _claims(row: Row) -> list[Claim]:
    """The newest claim of the exhibit itself first."""
    return [*([row.claim] if row.claim is not None else []), *row.other_claims]
