"""The findings of one exhibit as issues, the strongest first: what is one matter stands under one lead finding.

Severity: what cannot be within its bounds (`contradicts`), a reason to doubt (`doubts`), what agrees (`supports`), what
is worth knowing (`notes`), and what was asked and could not be told (`untold`, one issue for all of it). Within a
severity the order is: firmness of the rule, then directness (the exhibit's own bytes before those of a copy), then the
size of the difference, then the code.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from verifier.records import Finding, FindingOutcome


class Severity(StrEnum):
    """How much an issue asks of its reader; the order is the order of issues."""

    CONTRADICTS = "contradicts"
    DOUBTS = "doubts"
    SUPPORTS = "supports"
    NOTES = "notes"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One matter: its strongest finding, and the others that say the same, strongest first.

    `subject` is a key of the section `issue` of the language files; of a rule from outside, of the section `question`.
    """

    severity: Severity
    subject: str
    lead: Finding
    reasons: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> FindingOutcome:
        """That of the lead."""
        return self.lead.outcome

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The lead and its reasons."""
        return (self.lead, *self.reasons)

    @property
    def is_against(self) -> bool:
        """Whether it argues against what is claimed or written."""
        return self.severity in (Severity.CONTRADICTS, Severity.DOUBTS)


UNTOLD = "untold"  # the subject of the issue of all that could not be told
CLAIMED_TIME, CLAIMED_PLACE, CLOCKS, POSITIONS = "claimed_time", "claimed_place", "clocks", "positions"
EARLIER, MADE, CHANGED, SOUND, SIGNED = "earlier_footage", "made", "changed", "sound", "signed"
DEVICE, WORDS, WITHHELD, BOUNDS = "device", "claim_words", "withheld", "bounds"

# The matter of a code, by its longest beginning that stands here; a rule from outside is a matter of its own question.
_SUBJECTS: Mapping[str, str] = {
    "clock.": CLOCKS, "lineage.": MADE, "device.": DEVICE, "name.": MADE, "placeholder.": MADE,
    "checksums.": SIGNED, "proofmode.": SIGNED, "c2pa.": SIGNED, "bank.": EARLIER, "daylight.": CLAIMED_TIME,
    "structure.": CHANGED, "recording.": CHANGED, "copies.sound": SOUND, "copies.same_sound": SOUND,
    "copies.stretch_missing": CHANGED, "readers.": WITHHELD, "source.value_withheld": WITHHELD,
    "place.position_fits_claim": CLAIMED_PLACE, "place.position_contradicts_claim": CLAIMED_PLACE,
    "place.position_off_claim": CLAIMED_PLACE, "place.offset_": CLAIMED_PLACE, "place.claim_": WORDS,
    "place.position_withheld": WITHHELD, "place.": POSITIONS,
    "time.bounds": BOUNDS, "time.known_event": BOUNDS, "time.moment_withheld": WITHHELD,
    "time.other_calendar": WITHHELD, "time.hour_24": WITHHELD, "time.claim_": WORDS, "time.": CLAIMED_TIME,
}  # fmt: skip

# Reasons to doubt by firmness, the firmest first: what a record or a measure says, what a device or program wrote,
# what a name or a build suggests.
_DOUBTS: tuple[frozenset[str], ...] = (
    frozenset({"time.said_before_claim", "time.part_existed_before_claim", "bank.match", "c2pa.changed",
               "proofmode.broken", "checksums.differ"}),
    frozenset({"place.position_off_claim", "place.positions_disagree", "place.speed_between_exhibits",
               "clock.after_upload", "lineage.generator_marked", "lineage.edited"}),
    frozenset({"time.clock_off_claim", "clock.gps_differs", "clock.name_before_capture", "clock.modified_earlier",
               "clock.container_earlier", "clock.reset", "daylight.misfits_claim", "structure.thumbnail_differs",
               "recording.hidden", "copies.stretch_missing", "readers.differ"}),
    frozenset({"clock.offset_differs", "clock.name_differs", "place.offset_differs_from_claim", "lineage.camera_named",
               "device.makes_differ", "structure.appended", "structure.leading", "name.unlike_content",
               "name.content_unrecognised"}),
)  # fmt: skip
DOUBTS = frozenset().union(*_DOUBTS)

# Contradictions by what they rest on: a signature or a record of publication, a measured position or two clocks, and
# last what contradicts no claim but only a clock. One that is not named stands between.
_FIRMNESS: Mapping[str, int] = {
    "c2pa.changed": 0, "time.existed_before_claim": 0, "time.copy_existed_before_claim": 0,
    "place.position_contradicts_claim": 1, "time.two_clocks_contradict_claim": 1,
    "time.two_cameras_contradict_claim": 2, "daylight.contradicts_claim": 3, "clock.after_upload": 4, "clock.future": 5,
}  # fmt: skip
_UNNAMED = 2

# Looked at, and something was seen, though not what it means.
_SEEN = frozenset({"c2pa.malformed", "c2pa.unreadable", "time.other_calendar", "time.hour_24",
                   "clock.file_time_before_capture"})  # fmt: skip
_COPY = "copy"  # the value that names the exhibit through which a finding speaks
_SIZES = ("seconds_before", "metres_outside", "seconds_away", "seconds", "metres")
_WHENCE = frozenset({"claim", "from"})  # two findings that differ in these alone say the same


def issues_of(findings: Iterable[Finding]) -> tuple[Issue, ...]:
    """The issues of one exhibit, the strongest first; what says the same twice is kept once."""
    gathered: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in _once(sorted(findings, key=rank)):
        severity = severity_of(finding)
        subject = UNTOLD if severity is Severity.UNTOLD else subject_of(finding)
        gathered.setdefault((severity, subject), []).append(finding)
    return tuple(
        Issue(severity=severity, subject=subject, lead=of[0], reasons=tuple(of[1:]))
        for (severity, subject), of in gathered.items()
    )


def severity_of(finding: Finding) -> Severity:
    """How much a finding asks of its reader."""
    outcome, code = finding.outcome, finding.code
    if outcome is FindingOutcome.CONTRADICTS:
        return Severity.CONTRADICTS
    if outcome is FindingOutcome.SUPPORTS:
        return Severity.SUPPORTS
    if outcome is FindingOutcome.NOT_ASSESSED:
        return Severity.UNTOLD
    if code in DOUBTS:
        return Severity.DOUBTS
    is_untold = outcome is FindingOutcome.INCONCLUSIVE and code not in _SEEN
    return Severity.UNTOLD if is_untold else Severity.NOTES


def subject_of(finding: Finding) -> str:
    """Which matter a finding is of: a key of the section `issue` of the language files."""
    fitting = [start for start in _SUBJECTS if finding.code.startswith(start)]
    return _SUBJECTS[max(fitting, key=len)] if fitting else finding.question.value


def rank(finding: Finding) -> tuple[int, int, bool, float, str, str]:
    """Strongest first; the same whatever order the findings come in."""
    severity = list(Severity).index(severity_of(finding))
    lent = finding.values.get(_COPY) is not None
    values = str(sorted((name, str(value)) for name, value in finding.values.items()))
    return severity, _firmness(finding), lent, -_size(finding), finding.code, values


def _firmness(finding: Finding) -> int:
    if finding.outcome is FindingOutcome.CONTRADICTS:
        return _FIRMNESS.get(finding.code, _UNNAMED)
    return next((place for place, codes in enumerate(_DOUBTS) if finding.code in codes), len(_DOUBTS))


def _size(finding: Finding) -> float:
    """By how much what was read differs from what is said, in the unit of its rule; 0 where it states none."""
    for name in _SIZES:
        value = finding.values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return abs(float(value))
    return 0.0


def _once(findings: Iterable[Finding]) -> Iterable[Finding]:
    seen = set()
    for finding in findings:
        values = frozenset((name, str(value)) for name, value in finding.values.items() if name not in _WHENCE)
        said = (finding.code, finding.outcome, finding.question, values, finding.statement if not values else "")
        if said not in seen:
            seen.add(said)
            yield finding
