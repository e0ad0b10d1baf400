"""The map of the brief: labels never cover each other, the frame is where most recordings lie, the rest is inset."""

from __future__ import annotations

import random
import re
from itertools import combinations

import pytest

from verifier.geo.position import Position
from verifier.report.language import language
from verifier.report.maps.brief_map import Box, Mark, brief_map, free_place, label_of, together
from verifier.report.maps.map import HEIGHT, WIDTH

EN, FA = language("en"), language("fa")


def mark(number: int, latitude: float, longitude: float, kind: str = "recorded") -> Mark:
    position = Position(latitude_degrees=latitude, longitude_degrees=longitude)
    return Mark(kind, number, position, f"<name {number}>")


@pytest.mark.parametrize("seed", range(8))
def test_labels_overlap_neither_each_other_nor_the_edge(seed: int) -> None:
    dice = random.Random(seed)
    taken: list[Box] = []
    for _ in range(60):
        box = free_place(dice.uniform(0, WIDTH), dice.uniform(0, HEIGHT), "1" * dice.randint(1, 12), taken)
        if box is not None:
            taken.append(box)
    assert len(taken) > 10
    assert not [pair for pair in combinations(taken, 2) if pair[0].meets(pair[1])]
    assert all(box.left >= 0 and box.top >= 0 and box.right <= WIDTH and box.bottom <= HEIGHT for box in taken)


def test_what_lies_far_away_does_not_shrink_the_map() -> None:
    near = tuple(mark(number, 35.70 + number / 500, 51.40) for number in range(1, 5))
    far = mark(5, 36.33, 59.52)
    assert together((*near, far)) == near
    alone, both = brief_map(near, "Case", EN), brief_map((*near, far), "Case", EN)
    assert alone.count("<svg") == 1 and both.count("<svg") == 2, "an inset, and only where something lies outside"
    degrees = [re.findall(r">(\d\d\.\d+)°N<", svg) for svg in (alone, both)]
    assert degrees[0] and degrees[0] == degrees[1], "the same zoom with and without it"
    assert ">5<" in both and ">5<" not in alone


def test_recordings_of_one_spot_share_a_mark_and_bear_their_numbers() -> None:
    svg = brief_map(tuple(mark(number, 35.7, 51.4) for number in (1, 2, 7)), "Case", EN)
    assert ">1, 2, 7<" in svg and svg.count('r="4.5"') == 1
    assert label_of(list(range(1, 10)), EN) == "1, 2, 3, 4, 5, 6 +3"
    assert "۱، ۲" in label_of([1, 2], FA) and label_of([1], FA)[0] == "\u2067", "or its numbers run the wrong way"


@pytest.mark.parametrize("words", [EN, FA])
def test_it_is_inert_and_speaks_its_language(words: object) -> None:
    svg = brief_map((mark(1, 35.7, 51.4), mark(2, -35.7, -151.4, "matched")), "<b>Case", words)  # type: ignore[arg-type]
    assert "<b>" not in svg and "<name" not in svg and "href" not in svg and "<script" not in svg
    if words is FA:
        assert "متر" in svg and " km<" not in svg


def test_the_ends_of_the_earth_can_be_drawn() -> None:
    for latitude, longitude in ((89.9, 0.0), (-89.9, 179.9), (0.0, -179.9)):
        assert brief_map((mark(1, latitude, longitude),), "Case", EN).count("</svg>") == 1
