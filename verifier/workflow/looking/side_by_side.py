"""Two exhibits side by side in one derived clip, from the moment that a stored link holds to be the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from verifier.confinement import Protection
from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.errors import Corrupt, InstrumentError, PathNotFound, UsageError
from verifier.evidence.vault import Vault
from verifier.executors.confined import Confined
from verifier.hashing.local_features import GREY_RECIPE
from verifier.media import plane
from verifier.media.side import MOST_BYTES, MOST_MEMORY_BYTES, MOST_SECONDS, PROCESS_SECONDS, Side, side_by_side
from verifier.records import Kind, Medium, Scalar, Segment, Tier
from verifier.store import Store
from verifier.workflow.gather import gather
from verifier.workflow.progress import Clock
from verifier.workflow.sandboxing import admit

STILL_SECONDS = 5.0
QUARTER_DEGREES = 10.0  # so far from a quarter turn is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the clip shows: seconds from which each side runs, its length, and whether a link aligned it."""

    left: str
    right: str
    left_start: float
    right_start: float
    seconds: float
    is_aligned: bool
    missing: tuple[str, ...] = ()  # layers of the sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The clip, what it shows, and what held while it was made. Nobody may see it before it is noted."""

    content: bytes
    shown: Shown
    colour: bool
    sound: bool
    layers: tuple[Protection, ...]

    def note(self, store: Store, *, weaker: bool, actor: str, clock: Clock) -> tuple[str, ...]:
        """Note that a copy of evidence is handed out; the missing layers of the sandbox, if that is allowed."""
        missing = admit(self.layers, store, weaker=weaker, actor=actor, clock=clock)
        detail: dict[str, Scalar] = {
            "right": self.shown.right, "seconds": round(self.shown.seconds, 2), "colour": self.colour,
            "sound": self.sound,
        }  # fmt: skip
        store.note("show side by side", self.shown.left, detail, actor=actor, at=clock())
        return missing


def compare(
    store: Store,
    vault: Vault,
    one: str,
    other: str,
    out: Path,
    *,
    colour: bool,
    sound: bool,
    weaker: bool,
    actor: str,
    clock: Clock,
) -> Shown:
    """Write the clip; `one` is shown left. It is noted in the log, for a copy of evidence leaves the case.

    Raises UsageError where it cannot be made.
    """
    if out.exists():
        raise UsageError(f"{out} is there already; nothing is overwritten.")
    left, right = store.exhibit(one).id, store.exhibit(other).id
    made = beside(gather(store), vault, left, right, colour=colour, sound=sound, weaker=weaker)
    missing = made.note(store, weaker=weaker, actor=actor, clock=clock)
    try:
        out.write_bytes(made.content)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}. The log says that it was made.") from error
    return replace(made.shown, missing=missing)


def beside(
    case: CaseDossier, vault: Vault, left: str, right: str, *, colour: bool, sound: bool, weaker: bool
) -> Beside:
    """The clip of two exhibits of a case (whole ids), made in the sandbox. Raises UsageError where it cannot be."""
    if left == right:
        raise UsageError("Compare two different exhibits.")
    segment = _segment(case, left, right)
    mirrored, quarter_turns = _lie(case, left, right)
    sides = [_side(case.exhibits[name], vault) for name in (left, right)]
    starts = (_start(segment.left), _start(segment.right)) if segment else (0.0, 0.0)
    seconds = _seconds([case.exhibits[left], case.exhibits[right]], segment)
    speed = abs(segment.speed) if segment and segment.speed else 1.0
    title = f"Derived for comparison, not evidence: {left[:12]} {right[:12]}"
    program = Confined(
        seconds=PROCESS_SECONDS, memory_bytes=MOST_MEMORY_BYTES, most_bytes=MOST_BYTES, weaker=weaker
    )  # fmt: skip

    def run(command: Sequence[str], descriptors: Sequence[int]) -> tuple[int, bytes, str]:
        ran = program.run(command, descriptors=descriptors)
        return ran.code, ran.output, ran.said

    try:
        content = side_by_side(
            replace(sides[0], start=starts[0], mirrored=mirrored, quarter_turns=quarter_turns),
            replace(sides[1], start=starts[1], speed=speed),
            seconds=seconds,
            run=run,
            colour=colour,
            sound=sound,
            title=title,
        )
    except InstrumentError as error:
        raise UsageError(f"These two cannot be shown beside one another: {error}.") from error
    shown = Shown(
        left=left,
        right=right,
        left_start=starts[0],
        right_start=starts[1],
        seconds=seconds,
        is_aligned=segment is not None,
    )
    return Beside(content=content, shown=shown, colour=colour, sound=sound, layers=program.layers)


def _segment(case: CaseDossier, left: str, right: str) -> Segment | None:
    """The longest stretch of pictures (else of sound) that a link holds to be the same, with `left` as its left."""
    found = [
        _turned(segment) if match.left == right else segment
        for match in case.matches
        if {match.left, match.right} == {left, right}
        for segment in match.segments
    ]
    return max(found, key=lambda one: (one.medium is not Medium.AUDIO, _length(one)), default=None)


def _lie(case: CaseDossier, left: str, right: str) -> tuple[bool, int]:
    """Whether the left one is mirrored, and how often it is then turned, to lie as the right one: by the surest link.

    A link says how its left exhibit becomes its right one. Turned the other way round, a mirrored one is turned alike.
    """
    links = [
        match for match in case.matches if {match.left, match.right} == {left, right} and match.transform is not None
    ]
    best = max(links, key=lambda match: (-list(Tier).index(match.tier), match.score), default=None)
    if best is None or best.transform is None:
        return False, 0
    degrees = best.transform.rotation_degrees
    if best.left != left and not best.transform.mirrored:
        degrees = -degrees
    turns = round(degrees / 90)
    is_quarter = abs(degrees - 90 * turns) <= QUARTER_DEGREES
    return best.transform.mirrored, turns % 4 if is_quarter else 0


def _turned(segment: Segment) -> Segment:
    speed = 1 / segment.speed if segment.speed else 1.0
    return Segment(left=segment.right, right=segment.left, speed=speed, medium=segment.medium)


def _length(segment: Segment) -> float:
    if segment.left is not None:
        return abs(segment.left[1] - segment.left[0])
    return abs(segment.right[1] - segment.right[0]) if segment.right is not None else 0.0


def _start(span: tuple[float, float] | None) -> float:
    return 0.0 if span is None else max(0.0, min(span))


def _seconds(dossiers: list[ExhibitDossier], segment: Segment | None) -> float:
    """Of the clip: the segment's length, else the longer exhibit's; of stills alone a few seconds."""
    if segment is not None and _length(segment) > 0:
        return min(MOST_SECONDS, max(1.0, _length(segment)))
    return min(MOST_SECONDS, max([STILL_SECONDS, *(_duration(dossier) for dossier in dossiers)]))


def _duration(dossier: ExhibitDossier) -> float:
    fact = dossier.facts.get("duration_s")
    return float(fact.best.value) if fact is not None and isinstance(fact.best.value, int | float) else 0.0


def _side(dossier: ExhibitDossier, vault: Vault) -> Side:
    """The vault's copy of a recording; of a photo our own grey picture of it."""
    exhibit = dossier.exhibit
    if exhibit.kind is Kind.VIDEO:
        if not vault.holds(exhibit.id):
            raise PathNotFound(f"the vault's copy of {exhibit.id[:12]}")
        has_sound = "audio_codec" in dossier.facts
        return Side(path=vault.at_hand(exhibit.id), media_type=exhibit.media_type, has_sound=has_sound)
    made = next((item for item in dossier.derivatives if item.recipe == GREY_RECIPE), None)
    if exhibit.kind is not Kind.PHOTO or made is None:
        raise UsageError(f"{exhibit.id[:12]} is neither a recording nor a photo that was examined.")
    try:
        return Side(still=plane.unpack(vault.read_derivative(made.id)))
    except Corrupt as error:
        raise UsageError(f"The reduced picture of {exhibit.id[:12]} is damaged; run verify audit.") from error
