"""Every row of the table that decides pictures: one set of measures that it decides, and that no other row would."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from verifier.hashing.pictures.rules import CODES, OTHERWISE, RULES, Decision, Measures, decide, is_copy
from verifier.records import Relation, Tier

WHOLE = Measures(
    left=0.99, right=0.99, narrow=1.0, alike=True, mirrored=False, inliers=100,
    agreement=0.99, extent=0.6, inner=0.3, difference=0.01, changes=0, smallest_change=0.02,
)  # fmt: skip
BARRED = replace(WHOLE, agreement=0.9, difference=0.08, blocks=1)
PART = replace(
    WHOLE, agreement=0.55, difference=0.35, blocks=1, core=0.5, core_purity=0.95, core_thickness=0.9
)  # fmt: skip
NOTHING = replace(WHOLE, agreement=0.2, extent=0.1, difference=0.6, blocks=2)

# in the order of the table
EXAMPLES: tuple[tuple[str, Measures], ...] = (
    ("overlay_seen_elsewhere", replace(WHOLE, seen_elsewhere=True)),
    ("writing_changed", replace(WHOLE, writing=0.93, writing_places=1)),
    ("other_writing", replace(WHOLE, writing=0.6, writing_places=4)),
    ("other_view", replace(WHOLE, moved=0.5)),
    ("other_moment", replace(WHOLE, seconds_apart=4.0)),
    ("copies_bear_it_out", replace(NOTHING, borne_out=True)),
    ("small_part", replace(WHOLE, left=0.1, right=0.2)),
    ("seen_through_marks", replace(NOTHING, through_marks=True)),
    ("tones_turned", replace(WHOLE, toned=True)),
    ("pasted", replace(WHOLE, pasted=True)),
    ("pasted", replace(WHOLE, pasted=True, inliers=15)),
    ("small_change", replace(WHOLE, changes=1)),
    ("agrees", WHOLE),
    ("agrees", replace(WHOLE, inliers=15)),
    ("all_but_part", BARRED),
    ("all_but_part", replace(BARRED, inliers=15)),
    ("strip_covered", PART),
    ("part_pasted", replace(PART, left=0.95, right=0.4, core=0.45, agreement=0.48)),
    ("solid_part", replace(NOTHING, body_area=0.6)),
    ("block_differs", replace(BARRED, holes=0.2)),
    ("both_cut", replace(BARRED, border_cut=0.6)),
    ("other_moment", replace(WHOLE, inliers=9, seconds_apart=4.0)),
    ("little_texture", replace(WHOLE, extent=0.05)),
    ("little_texture", replace(BARRED, extent=0.05)),
    ("empty_block", replace(WHOLE, empty_cut=0.7)),
    ("empty_block", replace(BARRED, empty_cut=0.7)),
    ("few_points", replace(WHOLE, inliers=9)),
    ("few_points", replace(BARRED, inliers=9)),
    ("frames_other_pictures", replace(PART, holes=0.2)),
    ("behind_window", replace(PART, agreement=0.45, cut_one_sided=True)),
    ("behind_window", replace(PART, agreement=0.45)),
    ("much_differs", replace(PART, core=0.1, core_purity=0.5)),
    ("little_agrees", NOTHING),
    ("covers_other_pictures", replace(PART, agreement=0.45, core=0.2)),
    ("part_in_common", replace(PART, alike=False, agreement=0.35, core=0.2)),
    ("part_agrees", replace(PART, core=0.2)),
)  # fmt: skip


def test_every_row_has_an_example() -> None:
    assert [code for code, _ in EXAMPLES] == [rule.code for rule in RULES]


@pytest.mark.parametrize("number", range(len(RULES)))
def test_a_row_decides_what_no_other_row_would(number: int) -> None:
    code, measures = EXAMPLES[number]
    rule = RULES[number]
    told = decide(measures)
    assert (told.code, told.relation, told.tier) == (code, rule.relation, rule.tier)
    without = decide(measures, rules=RULES[:number] + RULES[number + 1 :])
    assert (without.code, without.relation, without.tier) != (told.code, told.relation, told.tier)


def test_what_no_row_knows_is_left_to_a_person() -> None:
    assert decide(WHOLE, rules=()) == Decision(
        code=OTHERWISE.code, relation=Relation.SHARED_OVERLAY, tier=Tier.REVIEW
    )  # fmt: skip


def test_a_copy_is_certain_only_where_nothing_speaks_against_it() -> None:
    assert decide(WHOLE).tier is Tier.CERTAIN
    for against in ({"changes": 1}, {"moved": 0.5}, {"writing": 0.5}, {"seconds_apart": 5.0}, {"seen_elsewhere": True}):
        told = decide(replace(WHOLE, **against))  # type: ignore[arg-type]
        assert (told.relation, told.tier) != (Relation.SAME_PICTURE, Tier.CERTAIN), against


def test_a_copy_that_was_not_searched_for_changes_is_not_certain() -> None:
    assert decide(replace(WHOLE, smallest_change=None)).tier is Tier.LIKELY


def test_clipped_tones_are_no_alteration_where_a_search_found_none() -> None:
    clipped = replace(WHOLE, agreement=0.9)
    assert decide(clipped).relation is Relation.SAME_PICTURE
    for other in ({"changes": 1}, {"smallest_change": None}, {"blocks": 1}):
        assert decide(replace(clipped, **other)).relation is Relation.ALTERED_PICTURE, other  # type: ignore[arg-type]


def test_two_moments_far_apart_are_likely_one_picture_at_most() -> None:
    told = decide(replace(WHOLE, seconds_apart=7200.0))
    assert (told.relation, told.tier) == (Relation.SAME_PICTURE, Tier.LIKELY)


def test_an_overlay_is_no_copy_even_where_all_agrees() -> None:
    assert is_copy(WHOLE)
    assert not is_copy(replace(WHOLE, seen_elsewhere=True))


@pytest.mark.parametrize("code", ["en", "fa"])
def test_every_rule_has_a_sentence(code: str) -> None:
    words = tomllib.loads((files("verifier.report") / "languages" / f"{code}.toml").read_text(encoding="utf-8"))
    assert sorted(words["picture_rule"]) == sorted(CODES)
