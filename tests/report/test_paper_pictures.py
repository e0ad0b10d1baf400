"""Pages in Persian, compared as pictures: a reordered date, a lost letter or a broken table changes them.

`python -m tests.report.test_paper_pictures` draws the golden pictures anew; look at them before they are committed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.report.sample_case import PICTURE, case
from verifier.media.encode import decode_grey, jpeg
from verifier.report.writers import pdf_report

GOLDEN = Path(__file__).parent / "golden"
PAGES = {"fa-front": ("fa", 0), "fa-exhibit": ("fa", 3)}
PPI = 60
PREVIEW = jpeg(decode_grey(PICTURE))


def drawn(lang: str, workspace: Path) -> list[NDArray[np.uint8]]:
    """The pages in grey."""
    pages = pdf_report.preview(case(2), lambda _: PREVIEW, workspace, lang, PPI)
    return [np.asarray(cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8) for page in pages]


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The largest mean difference of any small tile, 0..255: one moved word is seen, one soft edge is not."""
    blurred = [cv2.GaussianBlur(picture, (5, 5), 0).astype(np.float32) for picture in (one, other)]
    return float(cv2.blur(np.abs(blurred[0] - blurred[1]), (24, 12)).max())


@pytest.mark.parametrize("name", PAGES)
def test_a_persian_page_looks_as_it_did(name: str, tmp_path: Path) -> None:
    lang, number = PAGES[name]
    page = drawn(lang, tmp_path)[number]
    golden = cv2.imread(str(GOLDEN / f"{name}.png"), cv2.IMREAD_GRAYSCALE)
    assert golden is not None and golden.shape == page.shape
    assert difference(page, np.asarray(golden, np.uint8)) < 12


def test_the_comparison_sees_a_swapped_word(tmp_path: Path) -> None:
    page = drawn("fa", tmp_path)[0]
    dark = np.argwhere(page[:, 20:-60] < 120)
    y, x = dark[len(dark) // 2]
    moved = page.copy()
    stretch = moved[y - 6 : y + 6, x : x + 60]
    moved[y - 6 : y + 6, x : x + 60] = stretch[:, ::-1]
    assert difference(page, moved) > 12


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for made, (code, at) in PAGES.items():
            cv2.imwrite(str(GOLDEN / f"{made}.png"), drawn(code, Path(folder))[at], [cv2.IMWRITE_PNG_COMPRESSION, 9])
