"""A small case of our own making, hostile strings included, for the tests of every report format."""

from __future__ import annotations

import hashlib

from verifier.dossier import CaseDossier, ExhibitDossier, Made, Said
from verifier.records import (
    Acquisition,
    Batch,
    Claim,
    Event,
    Exhibit,
    Fact,
    Fault,
    FaultKind,
    Finding,
    FindingOutcome,
    Group,
    Kind,
    Match,
    Medium,
    Moment,
    Question,
    Reading,
    Relation,
    Run,
    Segment,
    Skipped,
    Sourced,
    Tier,
    Transform,
    Zone,
)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://evil.example")',
    "evil\u202egpj.exe",
    "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    '#read("/etc/passwd")',
    "{{ 7*7 }}",
    "[bold]x[/]",
    "a\x00b\r\nSet-Cookie: x",
    "javascript:alert(1)",
)
PICTURE = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def exhibit(number: int, kind: Kind = Kind.PHOTO, media_type: str = "image/jpeg") -> ExhibitDossier:
    identity = digest(f"exhibit {number}")
    hostile = HOSTILE[number % len(HOSTILE)]
    taken = Moment(text="2026:01:08 18:04:11", wall="2026-01-08T18:04:11.25", zone=Zone.OFFSET, offset_minutes=210)
    return ExhibitDossier(
        exhibit=Exhibit(
            id=identity,
            sha512=hashlib.sha512(identity.encode()).hexdigest(),
            size=1000 + number,
            kind=kind,
            media_type=media_type,
        ),
        acquisitions=(
            Acquisition(
                exhibit=identity,
                path=f"/media/تحویل/{hostile}".encode(),
                name=hostile.encode(),
                size=1000 + number,
                modified_ns=1_767_880_000_000_000_000 + number,
                device=1,
                inode=number,
                acquired_at="2026-02-01T10:00:00.000Z",
                batch="b1",
                operator="R-7",
            ),
        ),
        facts={
            "captured_at": Fact(
                question="captured_at",
                best=Sourced(value=taken, basis="exif:DateTimeOriginal", location="Exif 0x9003"),
                others=(Sourced(value=hostile, basis="xmp:CreateDate", location="XMP"),),
            ),
            "make": Fact(question="make", best=Sourced(value=hostile, basis="exif:Make", location="IFD0 0x010F")),
            "width": Fact(question="width", best=Sourced(value=4000, basis="picture:width", location="SOF0")),
            "position_latitude": Fact(
                question="position_latitude", best=Sourced(value=35.70021, basis="exif:GPSLatitude", location="GPS")
            ),
            "position_longitude": Fact(
                question="position_longitude", best=Sourced(value=51.40103, basis="exif:GPSLongitude", location="GPS")
            ),
        },
        readings=(
            Said(
                reading=Reading(key="exif:Make", value=hostile, location="IFD0 0x010F"),
                instrument="exif",
                exhibit=identity,
            ),
            Said(
                reading=Reading(key="exif:DateTimeOriginal", value=taken, location="Exif 0x9003"),
                instrument="exif",
                exhibit=identity,
            ),
            Said(reading=Reading(key="c2pa:state", value="none", location="file"), instrument="c2pa", exhibit=identity),
        ),
        derivatives=(
            Made(
                id=digest("thumb"), recipe="thumbnail/1", media_type="image/webp", offset_seconds=None, instrument="t"
            ),
        ),
        events=(Event(kind="impulse", start_seconds=1.25, end_seconds=1.3, score=0.8, measures={"peak_db": 31.5}),),
        faults=(Fault(kind=FaultKind.CORRUPT, detail=hostile, instrument="jpeg"),),
        runs=(
            Run(
                exhibit=identity,
                instrument="exif",
                version=1,
                origin="built-in 0.1.0",
                parameters_digest=digest("{}"),
                elapsed_seconds=0.01,
                result="done",
            ),
        ),
        claims=(
            Claim(id=f"c{number}", exhibit=identity, batch=None, by="R-7", place="تهران، پونک", time="۱۸ دی ۱۴۰۴"),
        ),
        findings=(
            Finding(
                exhibit=identity,
                question=Question.TIME,
                outcome=FindingOutcome.CONTRADICTS if number % 2 else FindingOutcome.SUPPORTS,
                code="TIME-TEST",
                statement=f"The camera's clock says 2026-01-08; {hostile}",
                because=("exif:DateTimeOriginal",),
                contrary=("the file name",),
                caveat="Clocks can be wrong.",
            ),
        ),
    )


def case(count: int = 12) -> CaseDossier:
    exhibits = {dossier.exhibit.id: dossier for dossier in (exhibit(number) for number in range(count))}
    left, right = sorted(exhibits)[:2]
    return CaseDossier(
        id="case-1",
        title=HOSTILE[0],
        created_at="2026-02-01T09:00:00.000Z",
        tool_name="verify",
        tool_version="0.1.0",
        custody_size=7,
        custody_root=digest("root"),
        custody_checkpoint=None,
        exhibits=exhibits,
        batches=(Batch(id="b1", title=HOSTILE[1], channel="Signal", relay_chain=("R-1", HOSTILE[3])),),
        matches=(
            Match(
                left=left,
                right=right,
                relation=Relation.CLIP,
                medium=Medium.VIDEO,
                method="frames",
                score=0.93217,
                tier=Tier.CERTAIN,
                transform=Transform(mirrored=True, rotation_degrees=90.0, scale=0.5),
                segments=(Segment(left=(1.0, 4.5), right=(0.0, 3.5), speed=1.0, medium=Medium.VIDEO),),
                because={"median_distance": 12, "note": HOSTILE[0]},
            ),
        ),
        groups=(Group(id="g1", members=(left, right), best=left, earliest=None, reason="clip", notes=(HOSTILE[1],)),),
        skipped=(Skipped(path=b"/media/\xff\xfe<b>.jpg", reason="symbolic link", at="2026-02-01T10:00:00.000Z"),),
        limits=("No bank was searched.",),
    )
