"""The page in a real browser: it looks like something, works without scripts, and asks the network for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.report.browser import CHROMIUM, Browser
from tests.report.sample_case import PICTURE, case
from verifier.report.writers import html_report

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH: the page was not tried in a browser")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module", params=["en", "fa"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("page") / f"{request.param}.html"
    path.write_bytes(html_report.render(case(12), lambda _: PICTURE, request.param))
    return path


@pytest.mark.parametrize("scripts", [True, False])
def test_it_shows_itself_and_asks_for_nothing(browser: Browser, page: Path, scripts: bool) -> None:
    browser.open(page, scripts=scripts)
    asked = [address for address in browser.requests if not address.startswith("data:")]
    assert asked == [page.as_uri()]
    seen = cv2.imdecode(np.frombuffer(browser.picture(), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert seen is not None
    assert 0.005 < float((seen < 128).mean()) < 0.5, "words on paper, neither blank nor black"


def test_without_scripts_every_word_is_reachable(browser: Browser, page: Path) -> None:
    browser.open(page, scripts=False)
    document = browser.call("DOM.getDocument")["root"]["nodeId"]

    def count(selector: str) -> int:
        return len(browser.call("DOM.querySelectorAll", nodeId=document, selector=selector)["nodeIds"])

    assert count("article") == 12
    assert count("#tools:not([hidden])") == 0, "the tools need the script, so they stay away without it"
    assert count("article details > summary") > 12 * 5
    assert count("#annex:not([open])") == 1 and count("#annex article") == 12, "the brief first, the rest folded"


def test_the_policy_lets_no_other_script_run(browser: Browser, page: Path, tmp_path: Path) -> None:
    poisoned = tmp_path / "poisoned.html"
    text = page.read_text(encoding="utf-8")
    poisoned.write_text(
        text.replace("</main>", '<script>document.title="run"</script><img src=x onerror="document.title=1"></main>')
    )
    browser.open(poisoned)
    assert browser.run("document.title") not in {"run", "1"}
    browser.open(page)
    assert browser.run("document.getElementById('tools').hidden") is False, "ours does run"


def test_hostile_text_stays_text(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.run("document.scripts.length") == 1
    assert browser.run("document.querySelectorAll('main script, iframe, object, embed, link, form, base').length") == 0
    assert "<script>alert(1)</script>" in browser.run("document.querySelector('main').textContent")


def test_what_the_brief_links_to_is_unfolded(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.run("document.getElementById('annex').open") is False
    browser.run("document.querySelector('#s-key_recordings a').click()")
    assert browser.run("document.querySelector(location.hash).tagName") == "ARTICLE"
    waited = "new Promise(done => setTimeout(() => done(document.getElementById('annex').open), 200))"
    assert browser.run(waited) is True


def test_filter_sort_and_blur(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.getElementById('annex').open = true")
    tell = "field.dispatchEvent(new Event('input'))"
    browser.run(f"field = document.getElementById('f-is'); field.value = 'against'; {tell}")
    assert browser.run("document.querySelectorAll('article:not([hidden])').length") == 6
    browser.run(f"field.value = ''; {tell}; field = document.getElementById('f-sort'); field.value = 'size'; {tell}")
    sizes = browser.run("[...document.querySelectorAll('article')].map(a => +a.dataset.size)")
    assert sizes == sorted(sizes, reverse=True)
    blur = "getComputedStyle(document.querySelector('article .picture img')).filter"
    assert "blur" in browser.run(blur) and "grayscale" in browser.run(blur)
    browser.run("document.querySelector('article .picture input').click()")
    assert "blur" not in browser.run(blur) and "grayscale" in browser.run(blur)
    browser.run("document.getElementById('blur').click()")
    assert "blur" in browser.run(blur)


def test_a_range_reads_left_to_right_in_persian(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "fa.html"
    path.write_bytes(html_report.render(case(12), lambda _: PICTURE, "fa"))
    browser.open(path)
    assert browser.run("getComputedStyle(document.body).direction") == "rtl"
    exact = "/^35\\.\\d+, 51\\.\\d+$|^\\d{4}-\\d\\d-\\d\\d/"
    found = f"[...document.querySelectorAll('bdi')].filter(b => {exact}.test(b.textContent))"
    assert browser.run(f"{found}.length") > 12
    assert browser.run(f"{found}.every(b => getComputedStyle(b).direction === 'ltr')")
