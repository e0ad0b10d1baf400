"""Truthful synthetic cases: true claims beside metadata that is missing, wrong, stale, reset or stripped.

Rates follow what was counted on real files: a stated offset in 23 of 418, a camera clock more than 15 hours off in 11
of 50 that carry a satellite time, a placeholder position in 4 of 101, reset dates in 2 of 393; the others are assumed
and stand in RATES. Nothing here is real; every exhibit is true to its claim, so a "contradicts" is a false accusation.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from benchmarks.truthful_kinds import KIND_RATES, with_problems, with_soft_sidecars
from verifier.calendars import GREGORIAN_MONTHS, JALALI_MONTHS, gregorian_to_jalali
from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.geo.gazetteer import Place, built_in
from verifier.geo.position import Position, destination
from verifier.geo.timezone import TEHRAN, zone
from verifier.records import (
    Acquisition,
    Batch,
    Claim,
    Exhibit,
    Kind,
    Match,
    Medium,
    Moment,
    Reading,
    Relation,
    Segment,
    Tier,
    Transform,
    Value,
    Verdict,
    Zone,
)

RATES = {
    "metadata stripped by a messenger": 0.55,
    "position in the file": 0.45,
    "placeholder or absurd position": 4 / 101,
    "stale last-known position": 0.05,
    "satellite time beside the position": 0.7,
    "stated offset": 23 / 418,
    "clock more than 15 hours off": 11 / 50,
    "reset clock": 2 / 393,
    "offset of another zone": 0.03,
    "digitised differs from original": 12 / 393,
    "saved again later": 119 / 371,
    "sidecar with a date": 0.4,
    "live stream dated by its start": 0.03,
    "copy in the case": 0.3,
    "compilation with older material": 0.05,
    "second camera of the event": 0.15,
    **KIND_RATES,
}


@dataclass(slots=True)
class Making:
    """One case in the making."""

    rng: random.Random
    number: int
    dossiers: list[ExhibitDossier] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    wrong_clocks: set[str] = field(default_factory=set)

    def chance(self, name: str) -> bool:
        return self.rng.random() < RATES[name]

    def name(self) -> str:
        return f"{self.rng.getrandbits(256):064x}"


@dataclass(frozen=True, slots=True)
class Device:
    """A camera with its own constant clock error and habits."""

    model: str
    serial: str
    error: timedelta
    is_reset: bool
    offset_minutes: int

    @property
    def is_wrong(self) -> bool:
        """Whether its clock is more than an hour off."""
        return self.is_reset or abs(self.error) > timedelta(hours=1)


def truthful_case(number: int, seed: int = 20260108) -> CaseDossier:
    """The case of that number; the same number gives the same case."""
    making = Making(random.Random(seed * 1_000_003 + number), number)
    rng = making.rng
    happened = datetime(2019, 11, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(int(6.3 * 365 * 86400)))
    place, words = _claimed_place(rng)
    for _ in range(rng.randint(1, 3)):
        device = _device(making)
        for _ in range(rng.randint(1, 3)):
            at = happened + timedelta(minutes=rng.uniform(-20, 20))
            _record(making, device, place, words, at)
    received = happened + timedelta(days=rng.uniform(0.02, 40))
    return CaseDossier(
        id=f"case-{number}", title="", created_at=_iso(received), tool_name="verify", tool_version="0",
        custody_size=0, custody_root="", custody_checkpoint=None,
        exhibits={one.exhibit.id: one for one in sorted(making.dossiers, key=lambda one: one.exhibit.id)},
        matches=tuple(making.matches), verdicts=tuple(making.verdicts),
        batches=(Batch(id="b", received_at=_iso(received)),),
        settings={f"truth.wrong_clock.{name}": True for name in making.wrong_clocks},
    )  # fmt: skip


def _claimed_place(rng: random.Random) -> tuple[Place, str]:
    """A place of the gazetteer, or a spot near one, and true words for it."""
    places = built_in().places
    while True:
        place = places[rng.randrange(len(places))]
        if place.country == "IR" or rng.random() < 0.02:
            break
    name = rng.choice([place.name, place.persian or place.name])
    if place.level == "district":
        words = f"{place.city}, {place.name}" if rng.random() < 0.6 else name
    elif place.level == "city" and place.country == "IR":
        parents = [p for p in places if p.level == "province" and p.region == place.region]
        words = f"{name}، {parents[0].persian}" if parents and rng.random() < 0.3 else name
    else:
        words = name
    return place, rng.choice(["", "", "near ", "نزدیک "]) + words


def _spot(rng: random.Random, place: Place) -> tuple[float, float]:
    """A point within the named circle (a country's or province's: near its centre), drawn evenly over its area."""
    reach = min(place.radius_metres, 30_000.0) if place.level in ("province", "country") else place.radius_metres
    return destination(place.position, rng.uniform(0, 360), reach * rng.random() ** 0.5)


def _device(making: Making) -> Device:
    rng = making.rng
    error = timedelta(seconds=rng.uniform(-50, 50))
    if making.chance("clock more than 15 hours off"):
        error = timedelta(
            hours=rng.choice([-22, 24, -24, 8766, -8766, rng.uniform(15, 60_000), -rng.uniform(15, 60_000)])
        )
    home = 60 if making.chance("offset of another zone") else 0
    return Device("Pencil", f"S{rng.randrange(10**6)}", error, making.chance("reset clock"), home)


def _record(making: Making, device: Device, place: Place, words: str, at: datetime) -> None:
    rng = making.rng
    own = making.name()
    spot = _spot(rng, place)
    readings: list[Said] = []
    if device.is_wrong:
        making.wrong_clocks.add(own)
    kind = rng.choice([Kind.PHOTO, Kind.VIDEO])
    if not making.chance("metadata stripped by a messenger"):
        readings += _tags(making, device, own, spot, at, kind)
    if kind is Kind.VIDEO:
        readings.append(_said("mp4:duration_s", 30.0, own))
    taken_in = at + timedelta(days=rng.uniform(0.01, 60))
    claims = [_claim(rng, own, words, at, taken_in)]
    first_public = at + timedelta(minutes=rng.uniform(1, 3000))
    readings = with_problems(making.chance, rng, own, kind, at, readings)
    readings += _sidecar(making, first_public, at)
    readings += with_soft_sidecars(making.chance, rng, making.name(), at)
    making.dossiers.append(_dossier(own, kind, readings, claims, taken_in))
    _links_that_lend_nothing(making, own, kind, at, taken_in)
    if making.chance("copy in the case"):
        _copy(making, own, kind, first_public, taken_in, words, at)
    if kind is Kind.VIDEO and making.chance("compilation with older material"):
        _compilation(making, own, taken_in)
    if kind is Kind.VIDEO and making.chance("second camera of the event"):
        _second_camera(making, own, place, words, at, taken_in)


def _tags(making: Making, device: Device, own: str, spot: tuple[float, float], at: datetime, kind: Kind) -> list[Said]:
    rng = making.rng
    local_zone = zone(TEHRAN)
    shown = datetime(2002, 12, 8, 12, 0, 41, tzinfo=UTC) if device.is_reset else at + device.error
    local = shown.astimezone(local_zone)
    wall = local.strftime("%Y-%m-%dT%H:%M:%S")
    offset = round((local.utcoffset() or timedelta(0)).total_seconds() / 60)
    if making.chance("stated offset"):
        written: Moment = Moment(text=wall, wall=wall, zone=Zone.OFFSET, offset_minutes=device.offset_minutes or offset)
        if device.offset_minutes:  # a phone that kept its home zone shows that zone's wall clock
            there = shown + timedelta(minutes=device.offset_minutes)
            written = replace(written, wall=there.strftime("%Y-%m-%dT%H:%M:%S"))
    else:
        written = Moment(text=wall, wall=wall, zone=Zone.LOCAL)
    readings = [
        _said("exif:Model", device.model, own, "IFD0 0x0110"),
        _said("exif:BodySerialNumber", device.serial, own, "ExifIFD 0xA431"),
    ]
    if kind is Kind.PHOTO:
        readings.append(_said("exif:DateTimeOriginal", written, own))
        digitised = written
        if making.chance("digitised differs from original"):
            digitised = Moment(text="", wall=(shown + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S"), zone=Zone.LOCAL)
        readings.append(_said("exif:DateTimeDigitized", digitised, own, "ExifIFD 0x9004"))
        if making.chance("saved again later"):
            later = (shown + timedelta(days=rng.uniform(0, 30))).strftime("%Y-%m-%dT%H:%M:%S")
            readings.append(_said("exif:ModifyDate", Moment(text=later, wall=later, zone=Zone.LOCAL), own))
    else:
        utc_wall = shown.strftime("%Y-%m-%dT%H:%M:%S")
        readings.append(_said("mp4:mvhd.creation_time", Moment(text=utc_wall, wall=utc_wall, zone=Zone.UTC), own))
        if rng.random() < 0.4:
            readings.append(_said("quicktime:com.apple.quicktime.creationdate", written, own))
    if making.chance("position in the file"):
        readings += _position(making, own, spot, at)
    return readings


def _position(making: Making, own: str, spot: tuple[float, float], at: datetime) -> list[Said]:
    rng = making.rng
    fix_at = at
    if making.chance("placeholder or absurd position"):
        spot = rng.choice([(0.0, 0.0), (35.0, 51.0), (95.0, 51.0)])
        if spot == (35.0, 51.0):
            spot = (0.0, 0.0)
    elif making.chance("stale last-known position"):
        start = Position(latitude_degrees=spot[0], longitude_degrees=spot[1])
        spot = destination(start, rng.uniform(0, 360), rng.uniform(500, 45_000))
        fix_at = at - timedelta(minutes=rng.uniform(15, 600))
    else:
        start = Position(latitude_degrees=spot[0], longitude_degrees=spot[1])
        spot = destination(start, rng.uniform(0, 360), min(rng.expovariate(1 / 30), 3_000))
    readings = [
        _said("exif:GPSPosition.latitude", spot[0], own),
        _said("exif:GPSPosition.longitude", spot[1], own),
    ]
    if making.chance("satellite time beside the position"):
        wall = (fix_at - timedelta(seconds=rng.uniform(0, 60))).strftime("%Y-%m-%dT%H:%M:%S")
        readings.append(_said("exif:GPSDateTime", Moment(text=wall, wall=wall, zone=Zone.UTC), own))
    return readings


def _claim(rng: random.Random, own: str, words: str, at: datetime, made: datetime) -> Claim:
    """True words for the time: a day, a part of it, an hour, in either calendar, with or without a year."""
    local = at.astimezone(zone(TEHRAN))
    year, month, day = gregorian_to_jalali(local.date())
    forms = [
        f"{day} {JALALI_MONTHS[month - 1][0]} {year}",
        f"{day} {JALALI_MONTHS[month - 1][1]} {year}".translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        f"{local:%Y-%m-%d}",
        f"{local.day} {GREGORIAN_MONTHS[local.month - 1][0]} {local.year}",
        f"{JALALI_MONTHS[month - 1][1]} {year}",
        f"{day} {JALALI_MONTHS[month - 1][0]}",
    ]
    text = rng.choice(forms)
    parts = {"morning": (5, 12), "afternoon": (12, 19), "evening": (16, 24), "شب": (19, 24), "صبح": (5, 12)}
    if rng.random() < 0.4 and not text.startswith(JALALI_MONTHS[month - 1][1]):
        fitting = [name for name, (start, end) in parts.items() if start <= local.hour < end]
        if fitting:
            text = f"{rng.choice(fitting)} {text}"
    at_text = _iso(made) if rng.random() < 0.8 else None
    return Claim(id=f"c-{own[:8]}", exhibit=own, batch="b", by="K-17", place=words, time=text, at=at_text)


def _sidecar(making: Making, public: datetime, at: datetime) -> list[Said]:
    rng, readings = making.rng, []
    if not making.chance("sidecar with a date"):
        return []
    sidecar = making.name()
    wall = public.strftime("%Y-%m-%dT%H:%M:%S")
    which = rng.choice(["yt-dlp", "telegram", "whatsapp"])
    if which == "yt-dlp":
        if making.chance("live stream dated by its start"):
            started = (at - timedelta(hours=rng.uniform(0, 10))).strftime("%Y-%m-%dT%H:%M:%S")
            readings.append(_said("yt-dlp:timestamp", Moment(text=started, wall=started, zone=Zone.UTC), sidecar))
            return readings
        readings.append(_said("yt-dlp:timestamp", Moment(text=wall, wall=wall, zone=Zone.UTC), sidecar))
        readings.append(_said("yt-dlp:upload_date", f"{public:%Y-%m-%d}", sidecar))
    elif which == "telegram":
        readings.append(_said("telegram:date", Moment(text=wall, wall=wall, zone=Zone.UTC), sidecar))
    else:
        local = public.astimezone(zone(TEHRAN)).strftime("%Y-%m-%dT%H:%M:%S")
        readings.append(_said("whatsapp:date", Moment(text=local, wall=local, zone=Zone.LOCAL), sidecar))
    return readings


def _copy(making: Making, own: str, kind: Kind, public: datetime, taken_in: datetime, words: str, at: datetime) -> None:
    rng, copy = making.rng, making.name()
    readings = _sidecar(making, public + timedelta(minutes=rng.uniform(1, 5000)), at)
    if kind is Kind.VIDEO:
        readings.append(_said("mp4:duration_s", 30.0, copy))
    claims = [_claim(rng, copy, words, at, taken_in)]
    making.dossiers.append(_dossier(copy, kind, readings, claims, taken_in))
    left, right = sorted((own, copy))
    segments = (Segment(left=(0.0, 29.5), right=(0.0, 29.5), speed=1.0, medium=Medium.VIDEO),)
    making.matches.append(
        Match(
            left=left, right=right, relation=Relation.SAME_PICTURE, score=0.99, method="test",
            medium=Medium.VIDEO if kind is Kind.VIDEO else Medium.IMAGE,
            tier=rng.choice([Tier.CERTAIN, Tier.LIKELY]), segments=segments if kind is Kind.VIDEO else (),
            transform=Transform(coverage_left=0.98, coverage_right=0.98),
        )
    )  # fmt: skip


def _compilation(making: Making, own: str, taken_in: datetime) -> None:
    """A later video that holds ten seconds of this one, and twenty of something public years before."""
    compilation, old, sidecar = making.name(), making.name(), making.name()
    readings = [_said("mp4:duration_s", 60.0, compilation)]
    making.dossiers.append(_dossier(compilation, Kind.VIDEO, readings, [], taken_in))
    past = Moment(text="", wall="2017-01-05T10:00:00", zone=Zone.UTC)
    old_readings = [_said("yt-dlp:timestamp", past, sidecar), _said("mp4:duration_s", 20.0, old)]
    making.dossiers.append(_dossier(old, Kind.VIDEO, old_readings, [], taken_in))
    for other, mine, theirs in ((own, (0.0, 10.0), (5.0, 15.0)), (old, (20.0, 40.0), (0.0, 20.0))):
        left, right = sorted((compilation, other))
        spans = (mine, theirs) if left == compilation else (theirs, mine)
        making.matches.append(
            Match(
                left=left, right=right, relation=Relation.CLIP, medium=Medium.VIDEO, method="test", score=0.9,
                tier=Tier.CERTAIN,
                segments=(Segment(left=spans[0], right=spans[1], speed=1.0, medium=Medium.VIDEO),),
            )
        )  # fmt: skip


def _links_that_lend_nothing(making: Making, own: str, kind: Kind, at: datetime, taken_in: datetime) -> None:
    """Older material that a comparison links with this exhibit, and that says nothing of its time."""
    rng = making.rng
    for name in (
        "link to another moment", "photo in a later recording", "collage that holds the picture",
        "link that a person refused",
    ):  # fmt: skip
        if not making.chance(name) or (name == "photo in a later recording" and kind is not Kind.PHOTO):
            continue
        other, sidecar = making.name(), making.name()
        past = at - timedelta(days=rng.uniform(30, 1_500))
        wall = past.strftime("%Y-%m-%dT%H:%M:%S")
        moment = Moment(text=wall, wall=wall, zone=Zone.UTC)
        readings = [
            _said("exif:DateTimeOriginal", Moment(text=wall, wall=wall, zone=Zone.LOCAL), other),
            _said("exif:GPSDateTime", moment, other),
            _said("exif:GPSPosition.latitude", 36.334, other), _said("exif:GPSPosition.longitude", 59.5205, other),
        ]  # fmt: skip
        if name != "link to another moment":
            readings.append(_said("yt-dlp:timestamp", moment, sidecar))
        other_kind = Kind.VIDEO if name == "photo in a later recording" else kind
        if other_kind is Kind.VIDEO:
            readings.append(_said("mp4:duration_s", 30.0, other))
        making.dossiers.append(_dossier(other, other_kind, readings, [], taken_in))
        left, right = sorted((own, other))
        segments: tuple[Segment, ...] = ()
        if other_kind is not kind:
            span = (1.0, 2.0)
            sides = (None, span) if left == own else (span, None)
            segments = (Segment(left=sides[0], right=sides[1], speed=1.0, medium=Medium.VIDEO),)
        elif kind is Kind.VIDEO:
            segments = (Segment(left=(0.0, 29.5), right=(0.0, 29.5), speed=1.0, medium=Medium.VIDEO),)
        share = 0.2 if name == "collage that holds the picture" else 0.98
        coverage = (0.98, share) if left == own else (share, 0.98)
        making.matches.append(
            Match(
                left=left, right=right, relation=Relation.CLIP if other_kind is not kind else Relation.SAME_PICTURE,
                score=0.9, method="test", medium=Medium.VIDEO if Kind.VIDEO in (kind, other_kind) else Medium.IMAGE,
                tier=Tier.LIKELY if name == "link to another moment" else Tier.CERTAIN, segments=segments,
                transform=Transform(coverage_left=coverage[0], coverage_right=coverage[1]),
            )
        )  # fmt: skip
        if name == "link that a person refused":
            making.verdicts.append(
                Verdict(left=left, right=right, decision="different", note="", by="K-17", at=_iso(taken_in))
            )


def _second_camera(making: Making, own: str, place: Place, words: str, at: datetime, taken_in: datetime) -> None:
    """Another device at the same event; its clock is right or wrong by the same rates."""
    other, device = making.name(), _device(making)
    if device.is_wrong:
        making.wrong_clocks.add(other)
    readings = _tags(making, device, other, _spot(making.rng, place), at, Kind.VIDEO)
    claims = [_claim(making.rng, other, words, at, taken_in)]
    making.dossiers.append(_dossier(other, Kind.VIDEO, readings, claims, taken_in))
    left, right = sorted((own, other))
    making.matches.append(
        Match(left=left, right=right, relation=Relation.SAME_EVENT, medium=Medium.AUDIO, method="test", score=0.9,
              tier=Tier.LIKELY)
    )  # fmt: skip


def _dossier(own: str, kind: Kind, readings: list[Said], claims: list[Claim], taken_in: datetime) -> ExhibitDossier:
    return ExhibitDossier(
        exhibit=Exhibit(id=own, sha512="", size=1, kind=kind, media_type="image/jpeg"),
        acquisitions=(
            Acquisition(exhibit=own, path=b"x", name=b"x", size=1, modified_ns=None, device=None, inode=None,
                        acquired_at=_iso(taken_in), batch="b"),
        ),
        readings=tuple(readings), claims=tuple(claims),
    )  # fmt: skip


def _said(key: str, value: Value, exhibit: str, location: str = "") -> Said:
    return Said(reading=Reading(key=key, value=value, location=location or key), instrument="test", exhibit=exhibit)


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
