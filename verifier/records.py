"""Every noun of the house, frozen.

Three nouns are kept apart everywhere: what bytes *say* (`Reading`), what it *means* (`Finding`), and what we *could
not do* (`Fault`). Records are frozen, slotted, keyword-only dataclasses; `canonical` turns each into JSON and back.
Units stand in names. Digests and ids are lower-case hexadecimal text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """What an exhibit is, decided by its first bytes, never by its name."""

    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    SIDECAR = "sidecar"
    OTHER = "other"


class Zone(StrEnum):
    """How a time is tied to the Earth: UTC itself, a stated offset, or a local clock of unknown zone."""

    UTC = "utc"
    OFFSET = "offset"
    LOCAL = "local"


class FaultKind(StrEnum):
    """Why something could not be done."""

    ABSENT = "absent"  # a tool or extra that is not installed
    CORRUPT = "corrupt"
    UNSUPPORTED = "unsupported"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    DEFECT = "defect"  # our own mistake


class Question(StrEnum):
    """What a finding is about; the order of the judges' guide."""

    INTEGRITY = "integrity"
    PROVENANCE = "provenance"
    SOURCE = "source"
    TIME = "time"
    PLACE = "place"
    CONTENT = "content"
    ALTERATION = "alteration"
    AUDIO = "audio"


class FindingOutcome(StrEnum):
    """Which way a finding points. `CONTRADICTS` is reserved for what cannot be innocent within its stated bounds."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    NOTES = "notes"
    INCONCLUSIVE = "inconclusive"
    NOT_ASSESSED = "not_assessed"


class Relation(StrEnum):
    """How two exhibits are alike."""

    SAME_STREAMS = "same-streams"
    SAME_PICTURE = "same-picture"
    ALTERED_PICTURE = "altered-picture"
    SAME_SCENE = "same-scene"
    SHARED_OVERLAY = "shared-overlay"
    CLIP = "clip"
    SAME_AUDIO = "same-audio"
    SAME_EVENT = "same-event"


class Medium(StrEnum):
    """Which sense a match speaks of."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


class Tier(StrEnum):
    """How sure a match is: certain and likely may join groups; review waits for a person."""

    CERTAIN = "certain"
    LIKELY = "likely"
    REVIEW = "review"


_WALL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as it was written, with its basis; no naive date-time can stand for an instant.

    `wall` is the clock reading `YYYY-MM-DDTHH:MM:SS[.fraction]` in the stated zone, with exactly the precision that was
    written. `offset_minutes` is given for `Zone.OFFSET` only. Text that is no possible date is no Moment: ValueError.
    """

    text: str
    wall: str
    zone: Zone
    offset_minutes: int | None = None

    def __post_init__(self) -> None:
        if not _WALL.fullmatch(self.wall):
            raise ValueError(f"not a clock reading: {self.wall!r}")
        datetime.fromisoformat(self.wall[:19])  # refuses 30 February
        if (self.offset_minutes is None) is (self.zone is Zone.OFFSET):
            raise ValueError("an offset belongs to, and only to, a time of stated offset")
        if self.offset_minutes is not None and abs(self.offset_minutes) > 18 * 60:
            raise ValueError(f"no place on Earth is {self.offset_minutes} minutes from UTC")

    @property
    def instant(self) -> datetime | None:
        """The instant in UTC, or None where the zone is not known."""
        if self.zone is Zone.LOCAL:
            return None
        naive = datetime.fromisoformat(_microseconds(self.wall))
        try:
            return naive.replace(tzinfo=timezone(timedelta(minutes=self.offset_minutes or 0))).astimezone(UTC)
        except OverflowError:  # the first and last day of the calendar have no neighbour
            return None

    def iso(self) -> str:
        """RFC 3339; a local time of unknown zone has no suffix."""
        if self.zone is Zone.UTC:
            return self.wall + "Z"
        if self.zone is Zone.LOCAL or self.offset_minutes is None:
            return self.wall
        sign = "-" if self.offset_minutes < 0 else "+"
        hours, minutes = divmod(abs(self.offset_minutes), 60)
        return f"{self.wall}{sign}{hours:02d}:{minutes:02d}"


def _microseconds(wall: str) -> str:
    head, _, fraction = wall.partition(".")
    return f"{head}.{fraction[:6]:0<6}" if fraction else head


Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = Scalar | Moment


# ---------------------------------------------------------------- evidence and how it came


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One byte stream, known for ever by its SHA-256."""

    id: str
    sha512: str
    size: int  # bytes
    kind: Kind
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """One act of taking an exhibit in; an exhibit may have many."""

    exhibit: str
    path: bytes  # as the file system gave it; names are bytes
    name: bytes  # last part of `path`
    size: int
    modified_ns: int | None  # file system's time, nanoseconds since 1970 UTC
    device: int | None
    inode: int | None
    acquired_at: str  # RFC 3339 UTC
    batch: str | None = None
    operator: str | None = None
    inside: str | None = None  # the archive exhibit it was a member of
    preserved: bool = True  # False where only referenced, not copied


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A directory entry that did not become an exhibit, and why."""

    path: bytes
    reason: str
    at: str
    batch: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One hand-over. Everything here is what somebody says, kept as claims."""

    id: str
    title: str | None = None
    channel: str | None = None
    relay_chain: tuple[str, ...] = ()  # pseudonyms
    received_at: str | None = None
    claimed_place: str | None = None
    claimed_time: str | None = None
    consent: str | None = None
    restriction: str | None = None
    operator: str | None = None
    note: str | None = None


# ---------------------------------------------------------------- what instruments yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the bytes say, verbatim, and where they say it.

    `key` is `room:Tag` (`exif:DateTimeOriginal`, `quicktime:com.apple.quicktime.creationdate`); `location` is where a
    person finds it (`IFD0 0x0132`, `moov/mvhd`). `subject` names another exhibit that a sidecar speaks of.
    """

    key: str
    value: Value
    location: str
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """A comparable hash of what can be seen or heard. Low quality is stored, not hidden: the comparer declines it."""

    algorithm: str
    bits: bytes
    quality: int | None = None  # 0..100
    variant: str = "full"  # or "box": the content without bars, blurred borders, a phone's frame
    offset_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivative:
    """Bytes that *we* made: a thumbnail, key frame, feature table, track. Never evidence.

    `id` is the SHA-256 of `content`. Content travels from the worker to the vault and is not kept in the database.
    """

    id: str
    recipe: str  # name/version of what made it, e.g. "thumbnail/1"
    media_type: str
    content: bytes = field(repr=False)
    offset_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file found inside an archive; it becomes an exhibit with an acquisition of its own ("inside X")."""

    path: bytes
    content: bytes = field(repr=False)
    modified_wall: str | None = None  # archives keep local clock readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens at a time within an exhibit: a candidate impulse, a burst, a cut, a frozen run."""

    kind: str
    start_seconds: float
    end_seconds: float
    score: float | None = None
    measures: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What we could not do. Never about the evidence's worth, only about our ability."""

    kind: FaultKind
    detail: str
    instrument: str


Record: TypeAlias = Reading | Fingerprint | Derivative | Member | Event | Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An instrument met an exhibit."""

    exhibit: str
    instrument: str
    version: int
    origin: str  # "built-in 0.1.0", or package, version and digest
    parameters_digest: str
    elapsed_seconds: float
    result: str  # "done" or a FaultKind


# ---------------------------------------------------------------- likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """How the left picture becomes the right one: mirror first, then turn clockwise, then scale."""

    mirrored: bool = False
    rotation_degrees: float = 0.0
    scale: float | None = None
    coverage_left: float | None = None  # share of the left picture that is in the right one, 0..1
    coverage_right: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of the left exhibit that is a stretch of the right one; a photo's side has no range.

    Where it is played backwards the speed is negative and the right range's end is the smaller.
    """

    left: tuple[float, float] | None  # start and end, seconds
    right: tuple[float, float] | None
    speed: float  # seconds of the right exhibit per second of the left one
    medium: Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Two exhibits are alike, how, how sure, and why. `left` < `right` as text, so a pair has one form."""

    left: str
    right: str
    relation: Relation
    medium: Medium
    method: str
    score: float  # 0..1
    tier: Tier
    transform: Transform | None = None
    segments: tuple[Segment, ...] = ()
    because: Mapping[str, Scalar] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()  # ids of derivatives to look at


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Exhibits that are copies of one picture or recording."""

    id: str
    members: tuple[str, ...]
    best: str
    earliest: str | None
    reason: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """An exhibit that shows a part of another one; in its segments `left` is the excerpt."""

    exhibit: str
    of: str
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakest:
    """The link without which a recording would fall apart."""

    left: str
    right: str
    relation: str  # a relation, or "verdict"
    tier: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One original. `id` is the digest of all its exhibits."""

    id: str
    copies: tuple[str, ...]
    excerpts: tuple[Excerpt, ...] = ()
    best: str
    earliest: str | None = None
    weakest: Weakest | None = None

    @property
    def members(self) -> tuple[str, ...]:
        """Copies and excerpts, in order of id."""
        return tuple(sorted({*self.copies, *(excerpt.exhibit for excerpt in self.excerpts)}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a composite holds of an exhibit; in its segments `left` is the composite, `coverage` is of it."""

    recording: str | None
    exhibit: str
    segments: tuple[Segment, ...] = ()
    coverage: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """An exhibit that is made of parts of several recordings, or of one and of something else."""

    exhibit: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """All originals of a case, in order of id, and all composites, in order of their exhibits."""

    recordings: tuple[Recording, ...]
    composites: tuple[Composite, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person decided of a pair; it outlives every re-run."""

    left: str
    right: str
    decision: str  # "same" | "different" | "unsure"
    note: str
    by: str
    at: str


# ---------------------------------------------------------------- what people say


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says of an exhibit (or of a whole batch). Kept word for word; bounds where they could be read."""

    id: str
    exhibit: str | None
    batch: str | None
    by: str  # who says so: a pseudonym, "batch", "sidecar X"
    place: str | None = None
    latitude_degrees: float | None = None
    longitude_degrees: float | None = None
    radius_metres: float | None = None
    time: str | None = None
    earliest: str | None = None  # RFC 3339 UTC
    latest: str | None = None
    description: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A person's conclusion on one question; the second person's is filed blind."""

    id: str
    exhibit: str
    question: Question
    level: str  # established | probable | possible | not-established | contradicted
    analyst: str
    at: str
    earliest: str | None = None
    latest: str | None = None
    precision: str | None = None
    because: tuple[str, ...] = ()
    contrary: tuple[str, ...] = ()
    note: str | None = None
    review_of: str | None = None  # the first assessment that this one was filed blind beside
    resolves: str | None = None  # the first of two disagreeing assessments that this one settles


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an exhibit stands in people's work: received, triaged, analysed, second-reviewed, finalised, excluded."""

    id: str
    exhibit: str
    stage: str
    reason: str | None
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedFeature:
    """One thing seen in an exhibit and found again on a reference picture or map, by a person."""

    number: int
    description: str
    reference: str  # what it was found on: an id or a description, never a link that is followed
    reference_date: str | None = None
    offset_seconds: float | None = None
    x: float | None = None  # share of the picture's width from the left, 0..1
    y: float | None = None  # share of its height from the top
    latitude_degrees: float | None = None
    longitude_degrees: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """A person's geolocation of an exhibit: what was matched, where the camera stood, what was excluded."""

    id: str
    exhibit: str
    by: str
    at: str
    latitude_degrees: float
    longitude_degrees: float
    precision: str  # exact | vicinity | locality | city | province | country
    features: tuple[MatchedFeature, ...] = ()
    bearing_degrees: float | None = None
    field_of_view_degrees: float | None = None
    negatives: tuple[str, ...] = ()  # features looked for and not found
    alternatives: tuple[str, ...] = ()  # other places considered and why they were excluded
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a person saw or heard at a time in an exhibit; no inference."""

    id: str
    exhibit: str
    what: str  # a word of the vocabulary
    by: str
    at: str
    start_seconds: float | None = None
    end_seconds: float | None = None
    least: int | None = None
    most: int | None = None
    alternatives: tuple[str, ...] = ()
    expert: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Exhibits that a person says show one event."""

    id: str
    title: str
    members: tuple[str, ...]
    by: str
    at: str
    place: str | None = None
    earliest: str | None = None
    latest: str | None = None
    independence: tuple[str, ...] = ()  # why recordings are independent, in a person's words
    note: str | None = None


# ---------------------------------------------------------------- what it means


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A sentence an analyst must weigh. `code` names the rule (docs/findings.md); `values` fill it in any language."""

    exhibit: str
    question: Question
    outcome: FindingOutcome
    code: str
    statement: str = ""  # empty: the language files have the code's sentence
    because: tuple[str, ...] = ()
    contrary: tuple[str, ...] = ()
    caveat: str | None = None
    values: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """One value and the reading it comes from."""

    value: Value
    basis: str  # the reading's key
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The best value for one question, where it comes from, and every other value that was read."""

    question: str  # "captured_at", "make", "width" …: a name of CONTRACT's `facts`
    best: Sourced
    others: tuple[Sourced, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEvent:
    """One link of the log. `digest` covers every other field; `records_digest` covers the records it speaks of."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Scalar]
    records_digest: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something of a case that is not what it was: where, and what is wrong with it."""

    where: str
    what: str
