"""Two pages of one template are told apart by their words, and copies of one page are not."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.drawn_pages import KINDS
from benchmarks.pictures_set import features
from verifier.hashing.pictures.evidence import DIFFERS, link_pictures
from verifier.hashing.pictures.match import match_all
from verifier.hashing.pictures.measures.pixels import Framed, framed
from verifier.hashing.pictures.measures.writing import compared, is_page
from verifier.hashing.pictures.verify import prepare
from verifier.records import Match, Relation, Tier

JOINED = {Relation.SAME_PICTURE, Relation.ALTERED_PICTURE}


def link(left: np.ndarray, right: np.ndarray) -> Match | None:
    return next(iter(match_all({"a": features(left), "b": features(right)})), None)


def pages(kind: str) -> tuple[np.ndarray, np.ndarray]:
    r = attacks.rng(7)
    return KINDS[kind](r, 0), KINDS[kind](r, 0)


def laid(left: np.ndarray, right: np.ndarray) -> Framed:
    one, other = prepare(features(left)), prepare(features(right))
    scale = np.diag([other.size[0] / one.size[0], other.size[1] / one.size[1], 1.0])
    found = framed(one.grey, other.grey, scale, np.array(one.size) / 2, 640)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "icons"])
def test_other_words_are_no_copy(kind: str) -> None:
    match = link(*pages(kind))
    assert match is None or match.relation not in JOINED or match.tier is Tier.REVIEW


def test_two_posts_of_one_account_are_one_template_with_other_words() -> None:
    left, right = pages("posts")
    match = link(left, right)
    assert match is not None
    assert (match.relation, match.because["rule"]) == (Relation.SHARED_OVERLAY, "other_writing")
    assert float(str(match.because["same_writing"])) < 0.9
    shown = link_pictures(features(left), features(right))
    assert shown is not None
    words = slice(int(0.33 * len(shown.cells)), int(0.5 * len(shown.cells)))
    head = slice(0, int(0.25 * len(shown.cells)))
    assert (shown.cells[words] == DIFFERS).mean() > 0.5 > 0.1 > (shown.cells[head] == DIFFERS).mean()


@pytest.mark.parametrize(
    ("kind", "attack"),
    [*((kind, attack) for kind in ("posts", "forms", "tables") for attack in ("whatsapp", "heavy480q20", "crop10")),
     ("posts", "screenphoto"), ("tables", "screenphoto")],
)  # fmt: skip
def test_copies_of_a_page_have_the_same_words(kind: str, attack: str) -> None:
    page, _ = pages(kind)
    match = link(page, attacks.ATTACKS[attack](page, attacks.rng(2), 0))
    assert match is not None
    assert match.relation in JOINED
    assert match.tier is not Tier.REVIEW


def test_one_other_entry_is_left_to_a_person() -> None:
    page, _ = pages("certificates")
    changed = page.copy()
    changed[120:165, 420:640] = page[5, 400]
    attacks.text(changed, "OTHER NAME", 430, 155, 18, (10, 10, 80))
    match = link(page, changed)
    assert match is not None
    assert (match.relation, match.tier) == (Relation.ALTERED_PICTURE, Tier.REVIEW)
    assert match.because["rule"] == "writing_changed"
    assert 0.1 < float(str(match.because["region_top"])) < 0.25


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket"])
def test_a_photograph_is_no_page(name: str) -> None:
    picture = getattr(data, name)()
    assert not is_page(laid(picture, attacks.jpeg(picture, 70)))
    assert compared(laid(picture, attacks.subtitles(picture, 1))) is None
