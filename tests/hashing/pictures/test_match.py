"""Pictures alike, end to end on real photographs: copies are joined, and what only shares an overlay is not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from benchmarks import attacks_pictures as attacks
from benchmarks.pictures_set import features
from verifier.hashing.pictures.features import PictureFeatures
from verifier.hashing.pictures.match import Matcher, build, match_all, match_one
from verifier.hashing.pictures.relations import not_comparable
from verifier.records import Match, Moment, Relation, Tier, Zone

JOINED = {Relation.SAME_PICTURE, Relation.ALTERED_PICTURE}


def joined(match: Match | None) -> bool:
    return match is not None and match.relation in JOINED and match.tier is not Tier.REVIEW


def link(left: np.ndarray, right: np.ndarray) -> Match | None:
    """The match of two pictures; `left` comes first as text."""
    found = list(match_all({"a": features(left), "b": features(right)}))
    assert all((match.left, match.right) == ("a", "b") for match in found)
    return found[0] if found else None


COPIES = {
    "whatsapp": (Relation.SAME_PICTURE, Tier.CERTAIN),
    "crop40": (Relation.SAME_PICTURE, Tier.CERTAIN),
    "mirror": (Relation.SAME_PICTURE, Tier.CERTAIN),
    "rot90": (Relation.SAME_PICTURE, Tier.CERTAIN),
    "rot270": (Relation.SAME_PICTURE, Tier.CERTAIN),
    "letterbox": (Relation.SAME_PICTURE, Tier.CERTAIN),
    "vert9x16blur": (Relation.SAME_PICTURE, Tier.CERTAIN),
    "screenphoto": (Relation.SAME_PICTURE, Tier.CERTAIN),
    "phoneshot": (Relation.ALTERED_PICTURE, Tier.CERTAIN),
    "logo": (Relation.ALTERED_PICTURE, Tier.CERTAIN),
    "banner+logo": (Relation.ALTERED_PICTURE, None),
    "c9 crop40>phone>480q40": (Relation.ALTERED_PICTURE, None),
    "o3 circle in phone": (Relation.ALTERED_PICTURE, None),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_joined_with_the_right_relation(name: str) -> None:
    attacks.PARTNERS[:] = [data.coffee()]
    original = data.astronaut()
    match = link(original, attacks.ATTACKS[name](original, attacks.rng(3), 1))
    relation, tier = COPIES[name]
    assert joined(match)
    assert match is not None
    assert match.relation is relation
    assert tier is None or match.tier is tier
    assert match.transform is not None
    turn = (match.transform.rotation_degrees - attacks.TURNED.get(name, 0) + 180) % 360 - 180
    assert match.transform.mirrored is (name in attacks.MIRRORED)
    assert abs(turn) <= (8 if name == "screenphoto" else 1)


def test_the_region_that_differs_is_told() -> None:
    original = data.astronaut()
    match = link(original, attacks.banner(original, 2, 0.2))
    assert match is not None
    assert match.because["region_top"] == pytest.approx(0.8, abs=0.08)
    assert match.because["region_bottom"] == pytest.approx(1.0, abs=0.02)


def test_turns_and_scale_follow_the_contract() -> None:
    """Mirrored left to right first, then turned clockwise: a transposed picture is a mirror and 270 degrees."""
    original = data.coffee()
    match = link(original, np.ascontiguousarray(original.transpose(1, 0, 2)))
    assert match is not None and match.transform is not None
    assert match.transform.mirrored
    assert match.transform.rotation_degrees == 270
    half = link(original, cv2.resize(original, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    assert half is not None and half.transform is not None
    assert half.transform.scale == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("number", range(4))
def test_one_phone_screen_with_two_photographs_is_no_pair(number: int) -> None:
    match = link(attacks.phone(data.astronaut(), number), attacks.phone(data.coffee(), number))
    assert not joined(match)


@pytest.mark.parametrize("draw", [attacks.subtitles, attacks.label, lambda a, n: attacks.logo(attacks.banner(a, n), n)])
def test_a_shared_banner_is_no_pair(draw) -> None:
    pictures = {name: features(draw(getattr(data, name)(), 1)) for name in ("astronaut", "coffee", "chelsea", "rocket")}
    assert not [match for match in match_all(pictures) if joined(match)]


def test_a_shared_banner_is_told_as_such() -> None:
    match = link(attacks.banner(data.chelsea(), 1, 0.28), attacks.banner(data.coffee(), 1, 0.28))
    assert match is not None
    assert match.relation is Relation.SHARED_OVERLAY


def test_a_collage_is_linked_to_its_parts_but_merges_nothing() -> None:
    parts = {"a": data.astronaut(), "c": data.coffee()}
    pictures = {name: features(picture) for name, picture in parts.items()}
    pictures["b"] = features(attacks.collage(list(parts.values()), 2))
    found = {(match.left, match.right): match for match in match_all(pictures)}
    assert set(found) == {("a", "b"), ("b", "c")}
    for match in found.values():
        assert joined(match)
        assert match.relation is Relation.ALTERED_PICTURE  # which joins no groups
        assert match.because["inset"] is True


def test_an_overlay_learnt_from_others_does_not_carry_a_pair() -> None:
    """A small photograph on a busy screen: two such screens agree nearly everywhere; five of them say why."""
    names = ("astronaut", "coffee", "chelsea", "rocket", "camera")
    screens = {}
    for name in names:
        picture = getattr(data, name)()
        picture = np.repeat(picture[..., None], 3, 2) if picture.ndim == 2 else picture
        screen = attacks.wallpaper(1080, 540, 2)
        screen[300:530, 150:380] = cv2.resize(picture, (230, 230), interpolation=cv2.INTER_AREA)
        screens[name] = features(screen)
    found = list(match_all(screens))
    assert not [match for match in found if joined(match)]
    assert any(match.relation is Relation.SHARED_OVERLAY for match in found)


def test_flat_and_dark_pictures_are_called_incomparable() -> None:
    assert not_comparable(features(np.full((480, 640, 3), 12, np.uint8))) is not None
    assert not_comparable(features(data.coffee())) is None


def with_moment(picture: np.ndarray, wall: str) -> PictureFeatures:
    made = features(picture)
    moment = Moment(text=wall, wall=wall, zone=Zone.LOCAL)
    return PictureFeatures(hashes=made.hashes, local=made.local, grey_content=made.grey_content, captured=moment)


def test_two_moments_of_one_camera_are_not_one_picture() -> None:
    first, later = data.coffee(), attacks.jpeg(data.coffee(), 90)
    frames = {"a": with_moment(first, "2024-05-01T10:00:00"), "b": with_moment(later, "2024-05-01T10:00:01")}
    (match,) = match_all(frames)
    assert match.relation is Relation.SAME_SCENE
    assert match.because["captured_seconds_apart"] == 1
    frames["b"] = with_moment(later, "2024-05-01T10:00:00")
    (match,) = match_all(frames)
    assert (match.relation, match.tier) == (Relation.SAME_PICTURE, Tier.CERTAIN)


def test_one_more_picture_costs_one_question_and_finds_the_same() -> None:
    names = ("astronaut", "coffee", "chelsea", "rocket", "page", "brick")
    known = {}
    for name in names:
        picture = getattr(data, name)()
        known[name] = features(np.repeat(picture[..., None], 3, 2) if picture.ndim == 2 else picture)
    index = build(known)
    stranger = features(attacks.crop(data.coffee(), attacks.rng(1), 0.25))
    (match,) = match_one("new", stranger, index)
    assert (match.left, match.right) == ("coffee", "new")
    assert joined(match)
    everything = list(match_all({**known, "new": stranger}))
    assert everything == list(match_all({**known, "new": stranger}, ["new"])) == [match]


@pytest.mark.samples
def test_published_copies_are_joined_and_others_apart(samples: Path) -> None:
    folder = samples / "similarity/images"
    bridge = [*sorted((folder / "bridge-mods").glob("*.jpg")), *sorted((folder / "reg-test-input-dih").glob("*.jpg"))]
    copies = [*sorted((folder / "ukbench").glob("ukbench00120*.jpg"))]
    others = [path for path in sorted((folder / "ukbench").glob("*.jpg")) if path not in copies]
    group = {f"{path.parent.name}/{path.name}": (1, path) for path in bridge}
    group |= {f"ukbench/{path.name}": (2, path) for path in copies}
    group |= {f"ukbench/{path.name}": (place + 3, path) for place, path in enumerate(others)}
    pictures, of = {}, {}
    for name, (number, path) in group.items():
        pixels = cv2.imread(str(path))
        if pixels is not None:  # one of the samples is damaged on purpose
            pictures[name], of[name] = features(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)), number
    links = [match for match in match_all(pictures) if joined(match)]
    assert not [match for match in links if of[match.left] != of[match.right]]
    for number in (1, 2):
        members = sorted(name for name in of if of[name] == number)
        found = {(match.left, match.right) for match in links}
        wanted = {(a, b) for place, b in enumerate(members) for a in members[:place]}
        assert len(found & wanted) >= 0.98 * len(wanted), sorted(wanted - found)


def test_what_an_earlier_comparison_joined_counts_but_is_not_verified_again() -> None:
    original = data.astronaut()
    attacks.PARTNERS[:] = [data.coffee()]
    names = ("whatsapp", "crop25", "mirror", "o6 banner of 28 %")
    pictures = {name: features(attacks.ATTACKS[name](original, attacks.rng(5), 1)) for name in names}
    everything = {(match.left, match.right): match for match in match_all(pictures)}
    new = "crop25"
    known = [key for key, match in everything.items() if new not in key and joined(match)]
    matcher = Matcher(build(pictures), known)
    matcher.ask(new)
    matcher.expand()
    assert not set(known) & set(matcher.pairs)
    found = {(match.left, match.right): match for match in matcher.matches()}
    of_new = {key: match for key, match in everything.items() if new in key}
    assert {key: joined(match) for key, match in found.items() if new in key} == {
        key: joined(match) for key, match in of_new.items()
    }


def test_flat_frames_of_one_camera_label_are_left_to_a_person() -> None:
    """All that two empty frames share is the text along an edge: it is no picture in common."""
    frames = {
        f"{number}": features(attacks.jpeg(attacks.label(attacks.flat_frame(number), 1), 75)) for number in (1, 8)
    }
    assert not [match for match in match_all(frames) if joined(match)]
