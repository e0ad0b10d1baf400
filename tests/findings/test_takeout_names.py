"""The names that Google Takeout gives, and which of them belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.findings.test_subjects import acquired
from verifier.dossier import Speaker
from verifier.findings.subjects import resolve
from verifier.findings.takeout_names import fits, folded

LONG = "123456789_123456789_123456789_123456789_DSCN0098"  # 48 characters
SUPPLEMENT = ".supplemental-metadata"


def spoken(files: list[str], *jsons: tuple[str, str]) -> list[list[str]]:
    """For every JSON (its name, its title), the files that it speaks of, all in one folder."""
    names = {f"{number:064d}": name for number, name in enumerate(files)}
    speakers = [
        Speaker(
            exhibit=f"{900 + number:064d}",
            subjects=(f"title:{title}",),
            acquisitions=(acquired(900 + number, f"T/{own}", None),),
        )
        for number, (own, title) in enumerate(jsons)
    ]
    found = resolve(speakers, [acquired(int(key), f"T/{name}", None) for key, name in names.items()], {})
    return [sorted(names[exhibit] for abouts in one.values() for exhibit, _ in abouts) for one in found]


@given(st.integers(0, len(SUPPLEMENT)), st.none() | st.integers(1, 12), st.sampled_from(["IMG_1.jpg", "a.b.HEIC", "x"]))
def test_any_cut_of_the_long_end_with_the_counter_behind_it(cut: int, counter: int | None, title: str) -> None:
    stem, dot, end = title.rpartition(".") if "." in title else (title, "", "")
    mark = f"({counter})" if counter else ""
    files = [f"{stem}{mark}{dot}{end}", f"{stem}(13){dot}{end}"]
    assert spoken(files, (f"{title}{SUPPLEMENT[:cut]}{mark}.json", title)) == [files[:1]]


def test_one_title_and_two_counters() -> None:
    files = ["IMG_1.JPG", "IMG_1(1).JPG"]
    jsons = [("IMG_1.JPG.su.json", "IMG_1.JPG"), ("IMG_1.JPG.su(1).json", "IMG_1.JPG")]
    assert spoken(files, *jsons) == [["IMG_1.JPG"], ["IMG_1(1).JPG"]]


@pytest.mark.parametrize(
    ("own", "title", "file"),
    [
        ("IMG_1(1).jpg.json", "IMG_1.jpg", "IMG_1(1).jpg"),  # the counter where the file bears it
        (
            "IMG_1(1).jpg.supplemental-metadata.json",
            "IMG_1(1).jpg",
            "IMG_1(1).jpg",
        ),  # a name that was so from the start
        ("IMG_1(1).jpg.supplemental-metadata(2).json", "IMG_1(1).jpg", "IMG_1(1)(2).jpg"),
        ("IMG_1.json", "IMG_1.jpg", "IMG_1.jpg"),
        ("IMG_1(3).json", "IMG_1.jpg", "IMG_1(3).jpg"),
        ("IMG_1.jpg.json", "", "IMG_1.jpg"),
        ("a_b_.jpg.json", "a:b?.jpg", "a_b_.jpg"),
        (f"{LONG}.jpg"[:46] + ".json", f"{LONG}.jpg", f"{LONG}.jpg"),
        (f"{LONG}.jpg"[:47] + ".json", f"{LONG}.jpg", f"{LONG[:47]}.jpg"),
        (f"{LONG}.jpg"[:46] + "(1).json", f"{LONG}.jpg", f"{LONG[:47]}(1).jpg"),
        ("عکس.jpg.supplem.json", "عکس.jpg", "عکس.jpg"),
    ],
)
def test_what_fits(own: str, title: str, file: str) -> None:
    assert spoken([file], (own, title)) == [[file]]


@pytest.mark.parametrize(
    ("own", "title", "file"),
    [
        ("IMG_1.jpg.su(1).json", "IMG_1.jpg", "IMG_1.jpg"),
        ("IMG_1.jpg.su.json", "IMG_1.jpg", "IMG_1(1).jpg"),
        ("IMG_1(1).jpg.su(2).json", "IMG_1.jpg", "IMG_1(1).jpg"),
        ("IMG_1(1).jpg.su(2).json", "IMG_1.jpg", "IMG_1(2).jpg"),
        ("IMG_1.jpg.json", "other.jpg", "IMG_1.jpg"),  # somebody renamed one of them
        ("IMG_1.jpg.metadata.json", "IMG_1.jpg", "IMG_1.png"),
        ("IMG_1.json", "IMG_1.png", "IMG_1.jpg"),
        ("metadata.json", "IMG_1.jpg", "IMG_1.jpg"),  # of the album
        (f"{LONG}.jpg"[:46] + ".json", f"{LONG[:46]}zz.jpg", f"{LONG}.jpg"),
    ],
)
def test_what_does_not_fit(own: str, title: str, file: str) -> None:
    assert spoken([file], (own, title)) == [[]]


@pytest.mark.parametrize("word", ["edited", "bearbeitet", "modifié", "editado", "edytowane", "編集済み", "ویرایش‌شده"])
def test_an_edit_has_the_json_of_its_original(word: str) -> None:
    files = ["IMG_1.jpg", f"IMG_1-{word}.jpg", "IMG_1(1).jpg", f"IMG_1-{word}(1).jpg"]
    jsons = [("IMG_1.jpg.json", "IMG_1.jpg"), ("IMG_1.jpg(1).json", "IMG_1.jpg")]
    assert spoken(files, *jsons) == [sorted(files[:2]), sorted(files[2:])]


def test_an_edit_with_a_json_of_its_own_is_not_spoken_of_by_another() -> None:
    jsons = [("IMG_1.jpg.json", "IMG_1.jpg"), ("IMG_1-edited.jpg.json", "IMG_1-edited.jpg")]
    assert spoken(["IMG_1.jpg", "IMG_1-edited.jpg"], *jsons) == [["IMG_1.jpg"], ["IMG_1-edited.jpg"]]


def test_an_edit_of_a_heic_is_a_jpeg() -> None:
    assert spoken(["IMG_1.HEIC", "IMG_1-edited.jpg"], ("IMG_1.HEIC.json", "IMG_1.HEIC")) == [
        ["IMG_1-edited.jpg", "IMG_1.HEIC"]
    ]


def test_a_live_photo_s_recording_has_the_json_of_its_picture() -> None:
    assert spoken(["IMG_1.HEIC", "IMG_1.MP4"], ("IMG_1.HEIC.json", "IMG_1.HEIC")) == [["IMG_1.HEIC", "IMG_1.MP4"]]
    jsons = [("IMG_1.HEIC.json", "IMG_1.HEIC"), ("IMG_1.MP4.json", "IMG_1.MP4")]
    assert spoken(["IMG_1.HEIC", "IMG_1.MP4"], *jsons) == [["IMG_1.HEIC"], ["IMG_1.MP4"]]
    assert spoken(["IMG_1.HEIC", "IMG_1(1).MP4"], ("IMG_1.HEIC.json", "IMG_1.HEIC")) == [["IMG_1.HEIC"]]


def test_two_files_of_one_cut_name_are_not_guessed_between() -> None:
    files = [f"{LONG[:47]}.jpg", f"{LONG[:46]}.jpg"]
    assert spoken(files, (f"{LONG}.jpg"[:46] + ".json", f"{LONG}.jpg")) == [[]]


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_names(own: str, title: str, file: str) -> None:
    fit = fits(f"{own}.json", title, file)
    assert fit is None or fit.form.extension in (folded("." + file.rpartition(".")[2]), "") or fit.is_edit
