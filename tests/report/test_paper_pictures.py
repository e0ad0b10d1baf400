"""Pages in Persian, compared as pictures: a reordered date, a lost letter or a broken table changes them.

`python -m tests.report.test_paper_pictures` draws the golden pictures anew; look at them before they are committed.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.report.sample_case import PICTURE, case
from verifier.media.encode import decode_grey, jpeg
from verifier.report.blocks import Exact, Inline, Report, Section, Shown, Text
from verifier.report.pages.whole import annex_report, brief_report
from verifier.report.writers import pdf_report

GOLDEN = Path(__file__).parent / "golden"
PAGES = {"fa-front": (brief_report, 0), "fa-exhibit": (annex_report, 3)}
PPI = 60
PREVIEW = jpeg(decode_grey(PICTURE))


def drawn(pages: Report, workspace: Path, lang: str = "fa", ppi: float = PPI) -> list[NDArray[np.uint8]]:
    """The pages in grey."""
    made = pdf_report.preview(pages, lambda _: PREVIEW, workspace, lang, ppi)
    return [np.asarray(cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8) for page in made]


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The largest mean difference of any small tile, 0..255: one moved word is seen, one soft edge is not."""
    blurred = [cv2.GaussianBlur(picture, (5, 5), 0).astype(np.float32) for picture in (one, other)]
    return float(cv2.blur(np.abs(blurred[0] - blurred[1]), (24, 12)).max())


@pytest.mark.parametrize("name", PAGES)
def test_a_persian_page_looks_as_it_did(name: str, tmp_path: Path) -> None:
    kind, number = PAGES[name]
    page = drawn(kind(case(2), "fa"), tmp_path)[number]
    golden = cv2.imread(str(GOLDEN / f"{name}.png"), cv2.IMREAD_GRAYSCALE)
    assert golden is not None and golden.shape == page.shape
    assert difference(page, np.asarray(golden, np.uint8)) < 12


def test_the_comparison_sees_a_swapped_word(tmp_path: Path) -> None:
    page = drawn(brief_report(case(2), "fa"), tmp_path)[0]
    dark = np.argwhere(page[:, 20:-60] < 120)
    y, x = dark[len(dark) // 2]
    moved = page.copy()
    stretch = moved[y - 6 : y + 6, x : x + 60]
    moved[y - 6 : y + 6, x : x + 60] = stretch[:, ::-1]
    assert difference(page, moved) > 12


# ---------------------------------------------------------------- what is copied and compared, as it is printed

DIGEST = hashlib.sha256(b"a digest").hexdigest()
ENGLISH = "\u201c\u062a\u0647\u0631\u0627\u0646\u201d could not be held against a position: none is recorded."


def alone(*inlines: Inline) -> Report:
    """A page with one line of our choice."""
    line = Section("line", "–", (Text(tuple(inlines)),))
    return Report(title=(), banner=Text(()), note="", front=(line,), entries=(), back=(), foot=())


def printed(lang: str, workspace: Path, *inlines: Inline) -> list[NDArray[np.uint8]]:
    """The lines that are printed as pictures, each cut to its ink."""
    page = drawn(alone(*inlines), workspace, lang, 150)[0]
    empty = drawn(alone(), workspace, lang, 150)[0]
    ink = np.abs(page.astype(int) - empty) > 60
    rows = np.flatnonzero(ink.any(axis=1))
    lines = []
    for stretch in np.split(rows, np.flatnonzero(np.diff(rows) > 3) + 1):
        columns = np.flatnonzero(ink[stretch].any(axis=0))
        lines.append(page[stretch[0] : stretch[-1] + 1, columns[0] : columns[-1] + 1])
    return lines


def unlike(one: list[NDArray[np.uint8]], other: list[NDArray[np.uint8]]) -> float:
    """The largest difference of two lines; of as many lines, and as long ones, to a dot or two."""
    assert all(abs(a.shape[1] - b.shape[1]) <= 2 for a, b in zip(one, other, strict=True))
    found = []
    for a, b in zip(one, other, strict=True):
        tall, wide = min(a.shape[0], b.shape[0]), min(a.shape[1], b.shape[1])
        found.append(difference(a[:tall, :wide], b[:tall, :wide]))
    return max(found)


@pytest.mark.parametrize("inline", [
    Exact(DIGEST, mono=True), Exact(DIGEST * 2, mono=True), Exact(DIGEST[:12], mono=True),
    Exact("2026-01-08 11:30–13:31 UTC"), Exact("35.76170, 51.33060"), Shown(ENGLISH, is_english=True),
], ids=["sha256", "sha512", "id", "range", "position", "english"])  # fmt: skip
def test_what_reads_left_to_right_looks_the_same_on_a_persian_page(inline: Inline, tmp_path: Path) -> None:
    assert unlike(printed("en", tmp_path, inline), printed("fa", tmp_path, inline)) < 40


def test_the_picture_of_a_digest_tells_its_pieces_apart(tmp_path: Path) -> None:
    pieces = [DIGEST[at : at + 8] for at in range(0, 64, 8)]
    turned = printed("en", tmp_path, Exact("".join(reversed(pieces)), mono=True))
    assert unlike(printed("en", tmp_path, Exact(DIGEST, mono=True)), turned) > 45


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for made, (report_of, at) in PAGES.items():
            page_of = drawn(report_of(case(2), "fa"), Path(folder))[at]
            cv2.imwrite(str(GOLDEN / f"{made}.png"), page_of, [cv2.IMWRITE_PNG_COMPRESSION, 9])
