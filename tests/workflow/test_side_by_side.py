"""How the left of two exhibits is laid so that it lies as the right one does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from verifier.dossier import CaseDossier
from verifier.records import Match, Medium, Relation, Tier, Transform
from verifier.workflow.looking.side_by_side import _lie


def case(*transforms: tuple[Transform, Tier]) -> CaseDossier:
    matches = tuple(
        Match(left="a", right="b", relation=Relation.CLIP, medium=Medium.VIDEO, method="m", score=0.5, tier=tier,
              transform=transform)
        for transform, tier in transforms
    )  # fmt: skip
    return cast(CaseDossier, SimpleNamespace(matches=matches))


@pytest.mark.parametrize(
    ("transform", "forward", "backward"),
    [
        (Transform(), (False, 0), (False, 0)),
        (Transform(rotation_degrees=88.0), (False, 1), (False, 3)),
        (Transform(rotation_degrees=-90.0), (False, 3), (False, 1)),
        (Transform(rotation_degrees=30.0), (False, 0), (False, 0)),
        (Transform(mirrored=True), (True, 0), (True, 0)),
        (Transform(mirrored=True, rotation_degrees=90.0), (True, 1), (True, 1)),
    ],
)
def test_turned_and_mirrored_either_way(
    transform: Transform, forward: tuple[bool, int], backward: tuple[bool, int]
) -> None:
    known = case((transform, Tier.LIKELY))
    assert (_lie(known, "a", "b"), _lie(known, "b", "a")) == (forward, backward)


def test_the_surest_link_is_taken() -> None:
    known = case((Transform(mirrored=True), Tier.REVIEW), (Transform(rotation_degrees=180.0), Tier.CERTAIN))
    assert _lie(known, "a", "b") == (False, 2) and _lie(known, "a", "c") == (False, 0)
