"""Cases built of plain records, for checks that open no media."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.records import (
    Acquisition,
    Claim,
    Exhibit,
    Kind,
    Match,
    Medium,
    Moment,
    Reading,
    Relation,
    Scalar,
    Segment,
    Tier,
    Transform,
    Value,
    Zone,
)

ONE, OTHER, THIRD = "a" * 64, "b" * 64, "c" * 64
PUNAK, MASHHAD = (35.7617, 51.3306), (36.3340, 59.5205)


def utc(wall: str) -> Moment:
    return Moment(text=wall, wall=wall, zone=Zone.UTC)


def tehran(wall: str, minutes: int = 210) -> Moment:
    return Moment(text=wall, wall=wall, zone=Zone.OFFSET, offset_minutes=minutes)


def local(wall: str) -> Moment:
    return Moment(text=wall, wall=wall, zone=Zone.LOCAL)


def said(key: str, value: Value, exhibit: str = ONE) -> Said:
    homes = {"exif:Make": "IFD0 0x010F", "exif:Model": "IFD0 0x0110", "exif:BodySerialNumber": "ExifIFD 0xA431"}
    location = homes.get(key, f"of {key}")
    return Said(reading=Reading(key=key, value=value, location=location), instrument="test", exhibit=exhibit)


def position(point: tuple[float, float], exhibit: str = ONE) -> list[Said]:
    return [
        said("exif:GPSPosition.latitude", point[0], exhibit),
        said("exif:GPSPosition.longitude", point[1], exhibit),
    ]


def claim(place: str | None = None, time: str | None = None, number: str = "c1") -> Claim:
    return Claim(id=number, exhibit=ONE, batch=None, by="K-17", place=place, time=time, at="2026-01-20T10:00:00Z")


def dossier(
    readings: Iterable[Said] = (),
    claims: Iterable[Claim] = (),
    exhibit: str = ONE,
    kind: Kind = Kind.PHOTO,
    acquired_at: str = "2026-01-20T09:00:00Z",
) -> ExhibitDossier:
    return ExhibitDossier(
        exhibit=Exhibit(id=exhibit, sha512="", size=1, kind=kind, media_type="image/jpeg"),
        acquisitions=(
            Acquisition(
                exhibit=exhibit, path=b"x", name=b"x", size=1, modified_ns=None, device=None, inode=None,
                acquired_at=acquired_at,
            ),
        ),
        readings=tuple(readings),
        claims=tuple(claims),
    )  # fmt: skip


def case(
    *dossiers: ExhibitDossier, matches: tuple[Match, ...] = (), settings: dict[str, Scalar] | None = None
) -> CaseDossier:
    return CaseDossier(
        id="case", title="", created_at="2026-01-20T08:00:00Z", tool_name="verify", tool_version="0", custody_size=0,
        custody_root="", custody_checkpoint=None, exhibits={one.exhibit.id: one for one in dossiers}, matches=matches,
        settings=settings or {},
    )  # fmt: skip


def match(
    left: str = ONE,
    right: str = OTHER,
    relation: Relation = Relation.SAME_PICTURE,
    tier: Tier = Tier.CERTAIN,
    segments: tuple[Segment, ...] = (),
    transform: Transform | None = None,
    because: dict[str, Scalar] | None = None,
) -> Match:
    return Match(
        left=left, right=right, relation=relation, medium=Medium.IMAGE, method="test", score=1.0, tier=tier,
        segments=segments, transform=transform, because=because or {},
    )  # fmt: skip


def with_claims(one: ExhibitDossier, *claims: Claim) -> ExhibitDossier:
    return replace(one, claims=claims)
