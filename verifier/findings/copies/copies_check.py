"""What copies of one recording say of each other's sound and length: replaced or removed sound, dropped stretches.

Real video with other sound laid over it is named in the field as a common manipulation of protest footage. A comparison
cannot say which of two copies is the altered one, so neither is accused: both are told, with their ranges.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.lending import matches_of
from verifier.hashing.clips import channel as clip_channel
from verifier.instruments import Check
from verifier.records import Finding, FindingOutcome, Match, Medium, Question, Relation, Scalar, Segment, Tier

DIFFERS, SILENT, DROPPED = "copies.sound_differs", "copies.sound_missing", "copies.stretch_missing"
SAME_SOUND = "copies.same_sound_other_pictures"
FOOTAGE = frozenset({Relation.SAME_PICTURE, Relation.ALTERED_PICTURE, Relation.CLIP})
NO_SOUND = frozenset({clip_channel.ONE_WITHOUT, clip_channel.ONE_SILENT})
CAVEAT = "Which of the two was changed, and why, a comparison cannot say: platforms mute and dub as well."


def _check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    own = dossier.exhibit.id
    for match in matches_of(own, case):
        if match.tier is Tier.REVIEW:
            continue
        said = str(match.because.get("channels", ""))
        if match.relation in FOOTAGE and match.medium is Medium.VIDEO:
            yield from _footage(own, match, said)
        elif match.relation is Relation.SAME_AUDIO and said == clip_channel.PICTURES_NOT_FOUND:
            yield _finding(
                own,
                match,
                Question.AUDIO,
                SAME_SOUND,
                "Its sound is also that of {other}, in which none of its pictures was found: another camera of one "
                "event, a dubbed copy, or pictures changed too much to be recognised{ranges}.",
                "Music from one source is heard in unrelated recordings too.",
            )


def _footage(own: str, match: Match, said: str) -> Iterator[Finding]:
    if said == clip_channel.DIFFERS:
        yield _finding(
            own, match, Question.AUDIO, DIFFERS,
            "Its pictures are those of {other}; its sound at the same time differs from that one's{ranges}.",
            CAVEAT,
        )  # fmt: skip
    elif said in NO_SOUND:
        yield _finding(
            own, match, Question.AUDIO, SILENT,
            "Its pictures are those of {other}, but one of the two has no sound or is silent{ranges}.", CAVEAT,
        )  # fmt: skip
    missing = str(match.because.get("missing_in_left" if own == match.left else "missing_in_right") or "")
    if missing:
        yield _finding(
            own, match, Question.ALTERATION, DROPPED,
            f"A longer copy, {{other}}, shows more between two stretches of this one: its {missing} s are not here.",
            "A cut can be as innocent as a platform's limit on length.", missing=missing,
        )  # fmt: skip


def _finding(
    own: str, match: Match, question: Question, code: str, statement: str, caveat: str, **more: Scalar
) -> Finding:
    other = match.right if own == match.left else match.left
    ranges = "; ".join(_range(segment, own == match.left) for segment in match.segments[:3])
    return Finding(
        exhibit=own,
        question=question,
        outcome=FindingOutcome.NOTES,
        code=code,
        statement=statement.format(other=other[:12], ranges=f" ({ranges})" if ranges else ""),
        because=(f"match {other[:12]} {match.relation.value} {match.tier.value}",),
        caveat=caveat,
        values={
            "other": other,
            "here": _spans(match, of_left=own == match.left),
            "there": _spans(match, of_left=own != match.left),
            **more,
        },
    )


def _spans(match: Match, *, of_left: bool) -> str | None:
    """The stretches of one side, seconds, for a sentence in any language; None where a side is a picture."""
    spans = [segment.left if of_left else segment.right for segment in match.segments[:3]]
    return ", ".join(f"{span[0]:.1f}–{span[1]:.1f} s" for span in spans if span is not None) or None


def _range(segment: Segment, is_left: bool) -> str:
    own, other = (segment.left, segment.right) if is_left else (segment.right, segment.left)
    told = [f"{span[0]:.1f}–{span[1]:.1f} s" if span else "a picture" for span in (own, other)]
    return f"{told[0]} here, {told[1]} there"


CHECK = Check(name="copies", version=2, codes=(DIFFERS, SILENT, DROPPED, SAME_SOUND), check=_check)
