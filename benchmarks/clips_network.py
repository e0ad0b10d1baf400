"""Two ways of aligning clips in time, beside each other: Hough lines (the product's), and a temporal network.

    python benchmarks/clips_network.py [--half tuning|test] [--keep DIR] [--out benchmarks/results/clips-network.md]

The network is the baseline of the VCSL benchmark (after Tan, Ngo and Chua, "Scalable detection of partial
near-duplicate videos by visual-temporal consistency", 2009), written anew: pairs of frames that look
alike are nodes, edges lead forward in both clips within a bounded step, and the heaviest path is a stretch; its nodes
are taken out and the next is sought. Everything else (votes, layings, motion that decides) is the same for both.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
from clips import Scores, ours, totals
from clips_set import half

from verifier.hashing.clips import local as clip_local
from verifier.hashing.clips import pair as clip_pair
from verifier.hashing.clips.align import LEAST_FRAMES, LEAST_SCORE, MOST_LINES, Floats, Line, Votes

PER_FRAME = 5  # nodes of a query frame: its heaviest votes
STEP_SECONDS, KNOWN_STEP_SECONDS = 2.0, 4.0  # of an edge
SLOWEST, FASTEST = 0.45, 2.2


def heaviest(votes: Votes) -> Votes:
    """At most so many of each query frame."""
    order = np.lexsort((-votes.weight, votes.query))
    rank = np.arange(len(order)) - np.searchsorted(votes.query[order], votes.query[order], "left")
    keep = np.zeros(len(votes), bool)
    keep[order[rank < PER_FRAME]] = True
    chosen = votes.only(keep)
    order = np.lexsort((chosen.known, chosen.query))
    return Votes(query=chosen.query[order], known=chosen.known[order], weight=chosen.weight[order])


def heaviest_path(nodes: Votes, times: Floats, known_times: Floats, alive: np.ndarray) -> list[int]:
    """Numbers of the nodes on the heaviest path forward in both clips."""
    here, there = times[nodes.query], known_times[nodes.known]
    score, before = np.where(alive, nodes.weight, -1.0).astype(np.float64), np.full(len(nodes), -1)
    starts = np.searchsorted(nodes.query, np.arange(len(times) + 1))
    first = np.searchsorted(times, times - STEP_SECONDS, "left")
    for frame in range(len(times)):
        own = np.arange(starts[frame], starts[frame + 1])
        past = np.arange(starts[first[frame]], starts[frame])
        past = past[alive[past]]
        if len(own) == 0 or len(past) == 0:
            continue
        step, known_step = here[own][:, None] - here[past][None], there[own][:, None] - there[past][None]
        allowed = (known_step > 0.02) & (known_step <= KNOWN_STEP_SECONDS)
        allowed &= (known_step < FASTEST * step + 0.3) & (known_step > SLOWEST * step - 0.3)
        reached = np.where(allowed, score[past][None], -1.0)
        best = reached.argmax(axis=1)
        gain = reached[np.arange(len(own)), best]
        good = (gain > 0) & alive[own]
        score[own[good]] += gain[good]
        before[own[good]] = past[best[good]]
    path = [int(score.argmax())]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path[::-1]


def network_lines(votes: Votes, times: Floats, known_times: Floats, least_score: float = LEAST_SCORE) -> Iterator[Line]:
    """As `clip_align.lines`."""
    nodes = heaviest(votes)
    alive = np.ones(len(nodes), bool)
    for _ in range(MOST_LINES):
        if alive.sum() < LEAST_FRAMES:
            return
        path = heaviest_path(nodes, times, known_times, alive)
        total = float(nodes.weight[path].sum())
        if len(path) < LEAST_FRAMES or total < least_score:
            return
        here, there, weight = times[nodes.query[path]], known_times[nodes.known[path]], nodes.weight[path]
        speed = 1.0
        if np.ptp(here) >= 4.0:
            slope = float(np.polyfit(here.astype(np.float64), there.astype(np.float64), 1, w=np.sqrt(weight))[0])
            speed = slope if abs(slope - 1) > 0.03 and SLOWEST < slope < FASTEST else 1.0
        shift = float(np.median(there - speed * here))
        begin, end = float(here[0]), float(here[-1])
        yield Line(speed=speed, shift=shift, begin=begin, end=end, frames=len(path), score=total)
        near = np.abs(known_times[nodes.known] - speed * times[nodes.query] - shift) <= 0.4
        alive &= ~(near & (times[nodes.query] >= begin) & (times[nodes.query] <= end))
        alive[path] = False


def both_lines(votes: Votes, times: Floats, known_times: Floats, least_score: float = LEAST_SCORE) -> Iterator[Line]:
    """What either proposes."""
    yield from HOUGH(votes, times, known_times, least_score)
    yield from network_lines(votes, times, known_times, least_score)


HOUGH = clip_pair.lines
WAYS = {"Hough lines": HOUGH, "temporal network": network_lines, "both": both_lines}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("tuning", "test"), default="test")
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared" / "samples")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    data = half(options.half, options.samples, options.each, options.keep)
    rows = [
        f"## Hough lines and a temporal network, {options.half} half", "",
        "| alignment | pairs | pair recall | false pairs of unrelated | segment F1 "
        "| boundaries, median s | CPU ms a query |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, way in WAYS.items():
        with patch.object(clip_pair, "lines", way), patch.object(clip_local, "lines", way):
            scores: Scores = ours(data)
        found = totals(scores)
        rows.append(
            f"| {name} | {found['pairs']:.0f} | {found['recall']:.3f} | {found['false']:.0f} of {scores.unrelated} "
            f"| {found['F1']:.3f} | {np.median(scores.edges):.2f} | {1e3 * scores.seconds / len(data.queries):.0f} |"
        )
        print(rows[-1], flush=True)
    text = "\n".join(rows) + "\n"
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
