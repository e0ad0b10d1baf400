"""Records that the store's tests write."""

from __future__ import annotations

import hashlib
from pathlib import Path

from verifier.instruments import Outcome
from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    Derivative,
    Event,
    Exhibit,
    Fault,
    FaultKind,
    Finding,
    FindingOutcome,
    Fingerprint,
    Group,
    Incident,
    Kind,
    Match,
    MatchedFeature,
    Medium,
    Member,
    Moment,
    Observation,
    Question,
    Reading,
    Record,
    Relation,
    Run,
    Segment,
    Skipped,
    Standing,
    Tier,
    Transform,
    Verdict,
    Worksheet,
    Zone,
)
from verifier.store import Store

AT = "2026-01-02T03:04:05.678Z"
PARAMETERS = "0" * 64


def exhibit(number: int) -> Exhibit:
    content = str(number).encode()
    return Exhibit(
        id=hashlib.sha256(content).hexdigest(),
        sha512=hashlib.sha512(content).hexdigest(),
        size=len(content),
        kind=Kind.PHOTO if number % 2 else Kind.VIDEO,
        media_type="image/jpeg" if number % 2 else "video/mp4",
    )


def acquisition(number: int, path: bytes | None = None, **more: object) -> Acquisition:
    path = path if path is not None else b"/from/\xff name %d.jpg" % number
    fields: dict[str, object] = {
        "exhibit": exhibit(number).id,
        "path": path,
        "name": path.rsplit(b"/", 1)[-1],
        "size": exhibit(number).size,
        "modified_ns": 1_700_000_000_000_000_000 + number,
        "device": 2**64 - 1,
        "inode": 2**63 + number,
        "acquired_at": AT,
    }
    return Acquisition(**{**fields, **more})  # type: ignore[arg-type]


def taken(*numbers: int, **more: object) -> list[tuple[Exhibit, Acquisition]]:
    return [(exhibit(number), acquisition(number, **more)) for number in numbers]


RECORDS: tuple[Record, ...] = (
    Reading(key="exif:Make", value="Cañón \x00\u202e", location="IFD0 0x010F"),
    Reading(
        key="exif:DateTimeOriginal",
        value=Moment(text="2020:02:03 04:05:06", wall="2020-02-03T04:05:06", zone=Zone.OFFSET, offset_minutes=-210),
        location="Exif 0x9003",
    ),
    Reading(key="exif:ISO", value=2**80, location="Exif 0x8827", subject="beside me"),
    Reading(key="exif:Zoom", value=-0.0, location="Exif 0xA404"),
    Reading(key="exif:Flash", value=True, location="Exif 0x9209"),
    Reading(key="exif:Nothing", value=None, location="Exif 0x9209"),
    Fingerprint(algorithm="pdq", bits=bytes(range(32)), quality=100),
    Fingerprint(algorithm="pdq", bits=bytes(32), quality=0, variant="box", offset_seconds=1.25),
    Fingerprint(algorithm="phash", bits=b"\xff" * 8),
    Derivative(id="d" * 64, recipe="thumbnail/1", media_type="image/webp", content=b"grey"),
    Event(kind="cut", start_seconds=-0.0, end_seconds=1e-9, score=0.1 + 0.2, measures={"frames": 3, "why": None}),
    Member(path=b"inside/a.jpg", content=b"1"),
)


def run(
    number: int, instrument: str = "exif", version: int = 1, result: str = "done", parameters: str = PARAMETERS
) -> Run:
    return Run(
        exhibit=exhibit(number).id,
        instrument=instrument,
        version=version,
        origin="built-in 0.1.0",
        parameters_digest=parameters,
        elapsed_seconds=0.25,
        result=result,
    )


def outcome(number: int, *records: Record, **more: object) -> Outcome:
    told = run(number, **more)  # type: ignore[arg-type]
    return Outcome(exhibit=told.exhibit, runs=(told,), records={told.instrument: records})


def failed(number: int, instrument: str = "exif", kind: FaultKind = FaultKind.CORRUPT) -> Outcome:
    told = run(number, instrument, result=kind.value)
    fault = Fault(kind=kind, detail="the first marker is no marker", instrument=instrument)
    return Outcome(exhibit=told.exhibit, runs=(told,), records={}, faults=(fault,))


def finding(number: int, statement: str = "The clock was an hour off.") -> Finding:
    return Finding(
        exhibit=exhibit(number).id,
        question=Question.TIME,
        outcome=FindingOutcome.NOTES,
        code="time.offset",
        statement=statement,
        because=("exif:DateTimeOriginal", "gps:GPSTimeStamp"),
        values={"hours": 1.0},
    )


def match(first: int, second: int) -> Match:
    left, right = sorted((exhibit(first).id, exhibit(second).id))
    return Match(
        left=left,
        right=right,
        relation=Relation.CLIP,
        medium=Medium.VIDEO,
        method="pdq",
        score=1,
        tier=Tier.CERTAIN,
        transform=Transform(mirrored=True, rotation_degrees=90),
        segments=(Segment(left=None, right=(0.5, 2.0), speed=1.0, medium=Medium.VIDEO),),
        because={"distance": 4},
        evidence=("e" * 64,),
    )


def group(*numbers: int) -> Group:
    members = tuple(sorted(exhibit(number).id for number in numbers))
    return Group(
        id=members[0][:16], members=members, best=members[0], earliest=None, reason="same picture", notes=("x",)
    )


STATEMENTS = (
    Batch(id="batch-1", title="Phone of a neighbour", relay_chain=("Oak", "Elm"), claimed_place="Azadi Square"),
    Claim(id="claim-1", exhibit=exhibit(1).id, batch=None, by="Oak", latitude_degrees=35.7, longitude_degrees=51.3),
    Claim(id="claim-2", exhibit=None, batch="batch-1", by="Elm", description="seen from the roof"),
    Verdict(left="a", right="b", decision="different", note="another street", by="analyst", at=AT),
    Assessment(id="a-1", exhibit=exhibit(1).id, question=Question.PLACE, level="probable", analyst="analyst", at=AT),
    Observation(id="o-1", exhibit=exhibit(2).id, what="smoke", by="analyst", at=AT, least=2, alternatives=("dust",)),
    Standing(id="s-1", exhibit=exhibit(1).id, stage="triaged", reason=None, by="analyst", at=AT),
    Worksheet(
        id="w-1",
        exhibit=exhibit(1).id,
        by="analyst",
        at=AT,
        latitude_degrees=35.7,
        longitude_degrees=51.4,
        precision="vicinity",
        features=(MatchedFeature(number=1, description="a minaret", reference="satellite picture", x=0.2, y=0.4),),
    ),
    Incident(id="i-1", title="The square", members=(exhibit(1).id, exhibit(2).id), by="analyst", at=AT),
)


def new_case(folder: Path) -> Path:
    case = folder / "case"
    Store.create(case, title="A case", at=AT, tool_version="0.1.0")
    return case


def full_case(folder: Path) -> Path:
    """A case with rows in every table, superseded entries among them."""
    case = new_case(folder)
    with Store.open(case, writing=True) as store:
        store.say(STATEMENTS, actor="Oak", at=AT, action="claim")
        store.take_in(
            taken(1, 2, 3, batch="batch-1", operator="Oak"),
            [Skipped(path=b"/from/\xfe", reason="a named pipe", at=AT)],
            batch=Batch(id="batch-1"),
            actor="Oak",
            at=AT,
        )
        store.record([outcome(1, *RECORDS), outcome(2, *RECORDS), failed(3)], actor="Oak", at=AT)
        store.record([outcome(1, *RECORDS, version=2)], actor="Oak", at=AT)
        store.compared([match(1, 2), match(2, 3)], [group(1, 2)], actor="Oak", at=AT, detail={"comparers": "pdq/1"})
        store.judged({exhibit(1).id: [finding(1)]}, actor="Oak", at=AT, detail={})
        store.judged({exhibit(1).id: [finding(1)], exhibit(2).id: [finding(2)]}, actor="Oak", at=AT, detail={})
        store.compared([match(1, 2)], [group(1, 2)], actor="Oak", at=AT, detail={})
        store.set_setting("timezone", "Asia/Tehran", actor="Oak", at=AT)
        store.set_setting("timezone", None, actor="Oak", at=AT)
        store.note("export", "report.json", {"sha256": "f" * 64}, actor="Oak", at=AT)
    return case
