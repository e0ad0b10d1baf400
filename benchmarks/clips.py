"""Clips alike: recall by attack, false pairs, segments on both time axes, sound, photos; beside vPDQ's way of matching.

    python benchmarks/clips.py [--half tuning|test] [--each 5] [--keep DIR] [--out benchmarks/results/clips.md]

The recordings are real samples, drawn streets and photographs with a wandering camera; every attack is a real encode,
decoded and fingerprinted by the product. Constants were chosen on the tuning half only.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from clips_set import Half, Query, half, heard

from verifier.hashing.clips.features import ClipFeatures
from verifier.hashing.clips.frames import bits as frame_bits
from verifier.hashing.clips.match import ClipIndex, match_one
from verifier.hashing.clips.photos.match import match_photo
from verifier.records import Match, Medium, Relation, Tier

FOOTAGE = (Relation.CLIP, Relation.SAME_PICTURE, Relation.ALTERED_PICTURE)
SURE = (Tier.CERTAIN, Tier.LIKELY)
Span = tuple[float, float, float, float]  # begin and end in the query, begin and end in the known clip


@dataclass
class Tally:
    """Counts of one attack."""

    pairs: int = 0
    found: int = 0
    false: int = 0
    recall: list[float] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    sounds: int = 0
    heard: int = 0


@dataclass
class Scores:
    """Counts of one way of matching."""

    name: str
    by: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    edges: list[float] = field(default_factory=list)
    unrelated: int = 0
    to_review: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


def length(spans: list[tuple[float, float]]) -> float:
    total, end = 0.0, -1e9
    for begin, stop in sorted(spans):
        total += max(0.0, stop - max(begin, end))
        end = max(end, stop)
    return total


def shares(found: list[Span], truth: list[Span]) -> tuple[float, float]:
    """Precision and recall of one pair: product over both time axes (the VCSL benchmark's definition)."""

    def one(many: list[Span], others: list[Span]) -> float:
        product = 1.0
        for axis in (0, 2):
            common = sum(
                length(
                    [
                        (max(a[axis], b[axis]), min(a[axis + 1], b[axis + 1]))
                        for b in others
                        if min(a[1], b[1]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[2], b[2])
                    ]
                )
                for a in many
            )
            product *= common / max(1e-9, sum(a[axis + 1] - a[axis] for a in many))
        return product

    if not found or not truth:
        return (1.0, 0.0) if truth else (0.0, 1.0)
    return one(found, truth), one(truth, found)


def spans(match: Match, query: str) -> list[Span]:
    here, there = ("left", "right") if match.left == query else ("right", "left")
    return [(*getattr(s, here), *getattr(s, there)) for s in match.segments if s.medium is Medium.VIDEO]


def judge(scores: Scores, query: Query, known: str, found: list[Span], *, sure: bool) -> None:
    """Count one pair of a query and a known clip."""
    truth = [(*one.here, *one.there) for one in query.pictures if one.source == known]
    tally = scores.by[query.attack]
    if not truth:
        scores.unrelated += 1
        if found and sure:
            tally.false += 1
            tally.precision.append(0.0)
            scores.notes.append(f"false: {query.name} ({query.of}) is no {known}: {np.round(found, 1).tolist()}")
        return
    precision, recall = shares(found, truth)
    tally.pairs += 1
    tally.recall.append(recall)
    if found:
        tally.found += 1
        tally.precision.append(precision)
        if len(found) == len(truth) == 1:
            scores.edges += [abs(a - b) for a, b in zip(found[0], truth[0], strict=True)]
    if not found or precision * recall < 0.8:
        scores.notes.append(
            f"{'weak' if found else 'missed'}: {query.name} ({query.of}) in {known}: {np.round(found, 1).tolist()}"
            f" for {np.round(truth, 1).tolist()}"
        )


def ours(data: Half) -> Scores:
    """The product's matching."""
    scores = Scores("verify")
    clips = {name: ClipFeatures(name, content) for name, content in data.known.items()}
    sounds = {name: found for name, content in data.known.items() if (found := heard(content)) is not None}
    index = ClipIndex(clips, sounds)
    for query in data.queries:
        name = "~" + query.name
        begun = time.process_time()
        matches = {m.left if m.right == name else m.right: m for m in match_one(name, query.clip, query.sound, index)}
        scores.seconds += time.process_time() - begun
        for known in clips:
            match = matches.get(known)
            is_footage = match is not None and match.relation in FOOTAGE
            if match is not None and match.tier is Tier.REVIEW:
                scores.to_review[match.relation.value] += 1
            found = spans(match, name) if match is not None and is_footage else []
            judge(scores, query, known, found, sure=match is not None and match.tier in SURE)
            _count_sound(scores, query, known, match)
    _one_view(scores, data, clips, sounds, index)
    return scores


def _count_sound(scores: Scores, query: Query, known: str, match: Match | None) -> None:
    has_sound = match is not None and any(one.medium is Medium.AUDIO for one in match.segments)
    if any(one.source == known for one in query.sounds):
        scores.by[query.attack].sounds += 1
        scores.by[query.attack].heard += has_sound
    elif has_sound and query.attack != "shared music":
        scores.notes.append(f"false sound: {query.name} ({query.of}) is no {known}")


def _one_view(scores: Scores, data: Half, clips: dict[str, ClipFeatures], sounds: dict, index: ClipIndex) -> None:
    """Known recordings against each other: one view at different times, one signer with different signs."""
    for name, clip in clips.items():
        for match in match_one(name, clip, sounds.get(name), index):
            if match.tier in SURE and match.relation in FOOTAGE:
                scores.by["known against known"].false += 1
                scores.notes.append(f"false: {match.left} is no {match.right}")
        scores.unrelated += len(clips) - 1
        scores.by["known against known"].pairs += 0


def vpdq_way(data: Half) -> Scores:
    """vPDQ: PDQ once a second, within 31 bits at a quality of 50, a bag of frames; a pair is three matching frames."""
    scores = Scores("vPDQ's way")
    known = {name: ClipFeatures(name, content).frames for name, content in data.known.items()}
    for query in data.queries:
        frames = query.clip.frames
        begun = time.process_time()
        mine = np.arange(0, len(frames), 4)
        rows, good = frames.wide[frames.run[mine]], frames.quality[frames.run[mine]] >= 50
        answers = {}
        for name, others in known.items():
            theirs = np.arange(0, len(others), 4)
            near = frame_bits.between(rows, others.wide[others.run[theirs]]) <= 31
            near &= good[:, None] & (others.quality[others.run[theirs]] >= 50)[None, :]
            here, there = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
            if len(here) >= min(3, int(good.sum())) and len(here):
                a, b = frames.times[mine[here]], others.times[theirs[there]]
                answers[name] = [(float(a[0]), float(a[-1]) + 1, float(b[0]), float(b[-1]) + 1)]
        scores.seconds += time.process_time() - begun
        for name in known:
            judge(scores, query, name, answers.get(name, []), sure=True)
    return scores


def photo_scores(data: Half) -> tuple[dict[str, list[bool]], list[float], int, list[str]]:
    """By kind, whether the recording was found; how far off in time; false pairs at certain or likely; notes."""
    index = ClipIndex({name: ClipFeatures(name, content) for name, content in data.known.items()})
    found: dict[str, list[bool]] = defaultdict(list)
    apart, false, notes = [], 0, []
    for kind, source, when, features in data.photos:
        hit = False
        for match in match_photo("~photo", features, index):
            if match.relation is not Relation.CLIP:
                continue
            known = match.left if match.right == "~photo" else match.right
            (segment,) = match.segments
            span = segment.left if match.left == known else segment.right
            if known == source and span is not None:
                hit = True
                apart.append(max(0.0, span[0] - when, when - span[1]))
            elif match.tier in SURE:
                false += 1
                notes.append(f"false photo: {kind} of {source} is no {known}: {dict(match.because)}")
        found[kind].append(hit)
        if not hit:
            notes.append(f"missed photo: {kind} of {source} at {when:.1f} s")
    return found, apart, false, notes


def mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def totals(scores: Scores) -> dict[str, float]:
    every = list(scores.by.values())
    recall = mean([value for one in every for value in one.recall])
    precision = mean([value for one in every for value in one.precision])
    return {
        "pairs": sum(one.pairs for one in every),
        "recall": sum(one.found for one in every) / max(1, sum(one.pairs for one in every)),
        "false": sum(one.false for one in every),
        "segment recall": recall,
        "segment precision": precision,
        "F1": 2 * recall * precision / max(1e-9, recall + precision),
    }


def report(name: str, data: Half, rows: list[Scores], photos: tuple) -> str:
    lines = [f"## Clips, {name} half", ""]
    lines += [
        f"{len(data.known)} known recordings, {len(data.queries)} queries, {len(data.photos)} photos.", "",
        "| | pairs | pair recall | false pairs of unrelated | segment recall | segment precision | segment F1 "
        "| CPU ms a query |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for scores in rows:
        all_of = totals(scores)
        lines.append(
            f"| {scores.name} | {all_of['pairs']:.0f} | {all_of['recall']:.3f} | {all_of['false']:.0f} of "
            f"{scores.unrelated} | {all_of['segment recall']:.3f} | {all_of['segment precision']:.3f} "
            f"| {all_of['F1']:.3f} | {1e3 * scores.seconds / len(data.queries):.0f} |"
        )
    mine, other = rows
    heard_all = sum(t.heard for t in mine.by.values()), sum(t.sounds for t in mine.by.values())
    only = mine.by["sound only"]
    found, apart, false, _ = photos
    hits = [hit for some in found.values() for hit in some]
    lines += [
        "",
        f"Boundaries: median {np.median(mine.edges):.2f} s, 90 % within {np.percentile(mine.edges, 90):.2f} s. "
        f"Sound: {heard_all[0]} of {heard_all[1]} copies, sound only {only.heard} of {only.sounds}. "
        f"Photos in videos: {sum(hits)} of {len(hits)} ({np.mean(hits):.3f}), {false} false, "
        f"90 % within {np.percentile(apart or [0], 90):.2f} s. "
        f"For review only: {dict(mine.to_review)}.",
        "",
        "| attack | pairs found | segment recall | segment precision | sound | vPDQ's way |",
        "|---|---|---|---|---|---|",
    ]
    for attack, tally in mine.by.items():
        theirs = other.by[attack]
        lines.append(
            f"| {attack} | {tally.found}/{tally.pairs}{f', {tally.false} false' if tally.false else ''} "
            f"| {mean(tally.recall):.2f} | {mean(tally.precision):.2f} | {tally.heard}/{tally.sounds} "
            f"| {theirs.found}/{theirs.pairs}{f', {theirs.false} false' if theirs.false else ''} |"
        )
    lines += ["", "| photo | found |", "|---|---|"]
    lines += [f"| {kind} | {sum(some)}/{len(some)} |" for kind, some in found.items()]
    return "\n".join(lines).replace("nan", "–") + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tuning", "test"), default="test")
    parser.add_argument("--each", type=int, default=5, help="recordings that every attack is tried on")
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared" / "samples")
    parser.add_argument("--keep", type=Path, help="scratch folder for the features that were made")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    data = half(options.half, options.samples, options.each, options.keep)
    photos = photo_scores(data)
    rows = [ours(data), vpdq_way(data)]
    for note in [*rows[0].notes, *photos[3]]:
        print(note, file=sys.stderr)
    text = report(options.half, data, rows, photos)
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
