from __future__ import annotations

import pytest

from tests.metadata.dossiers import about, case, dossier
from verifier.findings.subjects import resolve_subjects
from verifier.records import Kind

PHOTO, OTHER, SIDE = "a" * 64, "b" * 64, "c" * 64


def resolved(subject: str, sidecar: str, *names: tuple[str, str, str]) -> list[tuple[str, str]]:
    """[(exhibit, rule)] for a sidecar in /in that speaks of `subject`, among exhibits (id, name, folder)."""
    side = dossier(
        about("x:y", 1, subject, SIDE),
        identifier=SIDE,
        name=sidecar,
        kind=Kind.SIDECAR,
        media_type="application/json",
    )
    pictures = [dossier(identifier=identifier, name=name, folder=folder) for identifier, name, folder in names]
    return [(identifier, rule) for identifier, _, rule in resolve_subjects(case(side, *pictures))]


@pytest.mark.parametrize(
    ("subject", "sidecar", "name", "rule"),
    [
        ("IMG_1.jpg", "result.json", "IMG_1.jpg", "exact name"),
        ("img_1.JPG", "result.json", "IMG_1.jpg", "exact name"),
        ("clip.webm", "result.json", "clip.mp4", "stem"),
        (".", "Protest [abc].info.json", "Protest [abc].mp4", "stem, from the sidecar's own"),
        (".", "IMG_1.jpg.xmp", "IMG_1.jpg", "exact name, from the sidecar's own"),
        (".", "IMG_1.xmp", "IMG_1.CR2", "stem, from the sidecar's own"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-metadata.json", "IMG_1.jpg", "exact name"),
        ("other title.jpg", "IMG_1.jpg.supplemental-me.json", "IMG_1.jpg", "exact name, from the sidecar's own"),
        ("IMG_1.jpg", "IMG_1.jpg(2).json", "IMG_1(2).jpg", "exact name, from the sidecar's own"),
        ("sha256:" + PHOTO, "archive.csv", "renamed.bin", "digest"),
    ],
)
def test_the_rules(subject: str, sidecar: str, name: str, rule: str) -> None:
    assert resolved(subject, sidecar, (PHOTO, name, "/in")) == [(PHOTO, rule)]


def test_the_sidecar_s_own_folder_comes_first() -> None:
    assert resolved("a.jpg", "r.json", (PHOTO, "a.jpg", "/elsewhere"), (OTHER, "a.jpg", "/in")) == [
        (OTHER, "exact name")
    ]


def test_two_of_one_name_are_not_guessed_between() -> None:
    assert resolved("a.jpg", "r.json", (PHOTO, "a.jpg", "/one"), (OTHER, "a.jpg", "/two")) == []


def test_nothing_of_that_name() -> None:
    assert resolved("a.jpg", "r.json", (PHOTO, "b.jpg", "/in")) == []


def test_a_subject_that_is_no_digest_of_the_case() -> None:
    assert resolved("sha256:" + "9" * 64, "r.csv", (PHOTO, "b.jpg", "/in")) == []
