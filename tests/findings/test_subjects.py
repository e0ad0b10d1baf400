"""Whom a sidecar speaks of: a file of its own tree, by the path that it writes or by its own name, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.metadata.dossiers import about, case, dossier
from verifier.dossier import ExhibitDossier, Speaker
from verifier.findings.subjects import resolve, resolve_subjects
from verifier.metadata.sidecars.telling import BESIDE, EXPORT, EXTENSION, STEM, TITLED
from verifier.records import Acquisition, Kind

PHOTO, OTHER, SIDE = "a" * 64, "b" * 64, "c" * 64


def sidecar(subject: str, path: str, **came: str) -> ExhibitDossier:
    folder, _, name = path.rpartition("/")
    side = dossier(
        about("x:y", 1, subject, SIDE),
        identifier=SIDE,
        name=name,
        folder=folder,
        kind=Kind.SIDECAR,
        media_type="text/csv",
    )
    return moved(side, path, **came)


def moved(one: ExhibitDossier, path: str, **came: str) -> ExhibitDossier:
    raw = path.encode()
    (acquisition,) = one.acquisitions
    return replace(
        one,
        acquisitions=(replace(acquisition, path=raw, name=raw.rpartition(b"/")[2], **came),),  # type: ignore[arg-type]
    )


def resolved(subject: str, path: str, *files: tuple[str, str]) -> list[tuple[str, str]]:
    """[(exhibit, rule)] for a sidecar at `path` that speaks of `subject`, among files (exhibit, path)."""
    pictures = [moved(dossier(identifier=identifier), where) for identifier, where in files]
    return [(found, rule) for found, _, rule in resolve_subjects(case(sidecar(subject, path), *pictures))]


@pytest.mark.parametrize(
    ("subject", "side", "path", "rule"),
    [
        ("IMG_1.jpg", "/in/_chat.txt", "/in/IMG_1.jpg", "exact path"),
        ("photos/IMG_1.jpg", "/in/result.json", "/in/photos/img_1.JPG", "exact path"),
        ("./photos\\a.jpg", "/in/result.json", "/in/photos/a.jpg", "exact path"),
        ("photos/a%20b.jpg", "/in/messages.html", "/in/photos/a b.jpg", "exact path"),
        ("photos/é.jpg", "/in/result.json", "/in/photos/e\u0301.jpg", "exact path"),
        ("chats/chat_1/photos/a.jpg", "/in/result.json", "/in/chats/chat_1/photos/a.jpg", "exact path"),
        ("chats/chat_1/photos/a.jpg", "/in/chats/chat_1/messages.html", "/in/chats/chat_1/photos/a.jpg", "exact path"),
        ("../../chats/chat_1/a.jpg", "/in/chats/chat_1/messages.html", "/in/chats/chat_1/a.jpg", "exact path"),
        ("ext:mp4", "/in/P [abc].info.json", "/in/P [abc].mp4", "exact name, from the sidecar's own"),
        ("ext:webm", "/in/P [abc].info.json", "/in/P [abc].mkv", "stem, from the sidecar's own"),
        ("ext:", "/in/P [abc].info.json", "/in/P [abc].mp4", "stem, from the sidecar's own"),
        ("ext:mp4", "/in/DJI_0042.SRT", "/in/DJI_0042.MP4", "exact name, from the sidecar's own"),
        ("ext:CR2", "/in/IMG_1.xmp", "/in/IMG_1.CR2", "exact name, from the sidecar's own"),
        (".", "/in/IMG_1.jpg.xmp", "/in/IMG_1.jpg", "exact name, from the sidecar's own"),
        (".", "/in/IMG_1.xmp", "/in/IMG_1.CR2", "stem, from the sidecar's own"),
        ("title:IMG_1.jpg", "/in/IMG_1.jpg.json", "/in/IMG_1.jpg", "exact name, from the sidecar's own"),
        ("stem:2023-05-04_X-main", "/in/json/m.json", "/in/memories/2023-05-04_X-main.mp4", "exact path"),
        ("~/messages/inbox/x/photos/1.jpg", "/in/messages/inbox/x/message_1.json", "/in/messages/inbox/x/photos/1.jpg",
         "exact path"),
        ("~/media/posts/1.jpg", "/in/your_instagram_activity/content/posts_1.json", "/in/media/posts/1.jpg",
         "exact path"),
        ("sha256:" + PHOTO, "/in/archive.csv", "/elsewhere/renamed.bin", "digest"),
    ],
)  # fmt: skip
def test_the_rules(subject: str, side: str, path: str, rule: str) -> None:
    assert resolved(subject, side, (PHOTO, path)) == [(PHOTO, rule)]


@pytest.mark.parametrize(
    ("subject", "side", "path"),
    [
        ("files/IMG_1.jpg", "/in/export/result.json", "/in/camera/IMG_1.jpg"),
        ("files/IMG_1.jpg", "/in/export/result.json", "/in/export/IMG_1.jpg"),
        ("IMG_1.jpg", "/in/A/_chat.txt", "/in/a/IMG_1.jpg"),
        ("../B/IMG_1.jpg", "/in/A/result.json", "/in/B/IMG_1.jpg"),
        ("/in/IMG_1.jpg", "/in/SHA256SUMS", "/in/IMG_1.jpg"),
        ("title:IMG_1.jpg", "/in/A/IMG_1.jpg.json", "/in/B/IMG_1.jpg"),
        ("ext:mp4", "/in/N.info.json", "/in/N.webp"),
        ("ext:mp4", "/in/A/N.info.json", "/in/B/N.mp4"),
        ("~/media/posts/1.jpg", "/in/notes/posts_1.json", "/in/media/posts/1.jpg"),
        ("IMG_1.jpg", "/in/a/a/_chat.txt", "/in/a/IMG_1.jpg"),
        ("a/IMG_1.jpg", "/in/a/a/_chat.txt", "/in/a/IMG_1.jpg"),
        ("clip.webm", "/in/result.json", "/in/clip.mp4"),
        ("", "/in/result.json", "/in/clip.mp4"),
        ("sha256:" + "9" * 64, "/in/r.csv", "/in/b.jpg"),
    ],
)
def test_what_is_not_spoken_of(subject: str, side: str, path: str) -> None:
    assert resolved(subject, side, (PHOTO, path)) == []


def test_two_that_fit_equally_are_not_guessed_between() -> None:
    assert resolved(".", "/in/IMG_1.xmp", (PHOTO, "/in/IMG_1.CR2"), (OTHER, "/in/IMG_1.JPG")) == []
    assert resolved("a.jpg", "/in/_chat.txt", (PHOTO, "/in/A.JPG"), (OTHER, "/in/a.JPG")) == []


def test_the_nearest_spelling_comes_first() -> None:
    assert resolved("a.jpg", "/in/r", (PHOTO, "/in/a.jpg"), (OTHER, "/in/A.JPG")) == [(PHOTO, "exact path")]
    assert resolved("a%20b.jpg", "/in/r", (PHOTO, "/in/a b.jpg"), (OTHER, "/in/a%20b.jpg")) == [(OTHER, "exact path")]


def test_an_archive_is_a_tree_of_its_own() -> None:
    """The same paths in two archives and on disk: each list speaks of its own."""
    side = sidecar("photos/a.jpg", "export/result.json", inside="1" * 64)
    inside = moved(dossier(identifier=PHOTO), "export/photos/a.jpg", inside="1" * 64)
    others = [
        moved(dossier(identifier=OTHER), "export/photos/a.jpg", inside="2" * 64),
        moved(dossier(identifier="d" * 64), "/export/photos/a.jpg"),
    ]
    assert [found for found, _, _ in resolve_subjects(case(side, inside, *others))] == [PHOTO]
    assert resolve_subjects(case(side, *others)) == []


def test_another_hand_over_under_the_same_path_is_another_tree() -> None:
    side = sidecar("a.jpg", "/stick/_chat.txt", batch="one")
    assert resolve_subjects(case(side, moved(dossier(identifier=PHOTO), "/stick/a.jpg", batch="two"))) == []
    assert resolve_subjects(case(side, moved(dossier(identifier=PHOTO), "/stick/a.jpg", batch="one"))) != []


# ---------------------------------------------------------------- any tree

NAMES = ("IMG_1.jpg", "IMG_1(1).jpg", "IMG_1-edited.jpg", "video.mp4", "video.webp", "IMG_1.mp4", "IMG_1.CR2")
FOLDERS = ("a", "b", "a/a", "a/b", "A", "photos", "a/photos", "b/photos", "json", "content", "messages/inbox/x")
SIDES = ("result.json", "IMG_1.jpg.json", "IMG_1.json", "IMG_1.jpg.su(1).json", "video.info.json", "IMG_1.xmp")
WRITTEN = [
    *(
        f"{mark}{below}{name}"
        for mark in ("", "./", EXPORT)
        for below in ("", "photos/", "a/", "../")
        for name in NAMES
    ),
    *(TITLED + name for name in (*NAMES, "")),
    *(EXTENSION + form for form in ("", "mp4", "jpg", "CR2", "webp")),
    *(STEM + name for name in ("IMG_1", "video")),
    BESIDE,
]


def acquired(number: int, path: str, inside: str | None) -> Acquisition:
    raw = path.encode() if inside else b"/case/" + path.encode()
    return Acquisition(
        exhibit=f"{number:064d}", path=raw, name=raw.rpartition(b"/")[2], size=1, modified_ns=None, device=None,
        inode=None, acquired_at="2024-06-01T12:00:00Z", inside=inside,
    )  # fmt: skip


PLACES = st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES), st.sampled_from((None, "1" * 64, "2" * 64)))


@given(
    st.lists(PLACES, unique=True, max_size=12),
    st.lists(
        st.tuples(st.sampled_from(FOLDERS), st.sampled_from(SIDES), st.sampled_from((None, "1" * 64))), max_size=4
    ),
    st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=6),
)
def test_no_sidecar_speaks_outside_its_own_tree(
    files: list[tuple[str, str, str | None]], sides: list[tuple[str, str, str | None]], written: list[str]
) -> None:
    """Every file has bytes of its own, so an exhibit tells where it lay."""
    named = {f"{number:064d}": acquired(number, f"{f}/{n}", inside) for number, (f, n, inside) in enumerate(files)}
    speakers = [
        Speaker(
            exhibit=f"{900 + i:064d}", subjects=tuple(written), acquisitions=(acquired(900 + i, f"{f}/{n}", inside),)
        )
        for i, (f, n, inside) in enumerate(sides)
    ]
    for speaker, found in zip(speakers, resolve(speakers, named.values(), {}), strict=True):
        (own,) = speaker.acquisitions
        for subject, abouts in found.items():
            for exhibit, _ in abouts:
                assert within_tree(own, named[exhibit], subject), (own.path, named[exhibit].path, subject)


def within_tree(side: Acquisition, file: Acquisition, subject: str) -> bool:
    """The file lies below the sidecar's folder; exports of known layout may be left by their known folders only."""
    folder = side.path.rpartition(b"/")[0] + b"/"
    if subject.startswith((EXPORT, STEM)) and folder.endswith((b"content/", b"inbox/x/", b"json/")):
        return side.inside == file.inside
    return side.inside == file.inside and file.path.startswith(folder)
