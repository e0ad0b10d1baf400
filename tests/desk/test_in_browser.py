"""The desk in a real browser: worked by keyboard, nothing asked of anywhere else, no error of a script or policy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.running import Client, Opened
from tests.desk.test_acts import verdicts
from tests.desk.test_pictures import looks
from tests.report.browser import CHROMIUM, Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH: the desk was not tried in a browser")
SECONDS = 60.0


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile"), 1280, 800, reaches_loopback=True) as opened:
        yield opened


def until(browser: Browser, expression: str) -> None:
    """Wait until it is true in the page, and the page is there with its script."""
    expression = f"document.readyState === 'complete' && ({expression})"
    end = time.monotonic() + SECONDS
    while browser.run(expression) is not True:
        assert time.monotonic() < end, (expression, browser.run("document.body.innerText"))
        time.sleep(0.05)


def entered(browser: Browser, client: Client) -> None:
    """Open the printed address; the client shares the cookie from then on."""
    browser.visit("about:blank")  # what the page before still asked for is heard before this one
    browser.run("1")
    browser.requests.clear()
    browser.complaints.clear()
    browser.call("Network.clearBrowserCookies")
    browser.visit(client.address)
    until(browser, "document.querySelector('.tiles') !== null && document.readyState === 'complete'")
    (cookie,) = browser.call("Network.getCookies", urls=[client.address])["cookies"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    client.cookie = f"{cookie['name']}={cookie['value']}"


def asked_elsewhere(browser: Browser, port: int) -> list[str]:
    return [address for address in browser.requests if not address.startswith(f"http://127.0.0.1:{port}/")]


def test_pairs_are_decided_by_keyboard(browser: Browser, case: Path) -> None:
    with Opened(case) as client:
        entered(browser, client)
        browser.press("KeyJ", "j")
        until(browser, "location.pathname.startsWith('/pair/')")
        for number, (code, key) in enumerate((("KeyS", "س"), ("KeyD", "ی"), ("KeyU", "u")), start=1):
            before = browser.run("location.pathname")
            browser.press(code, key)
            until(browser, f"document.querySelector('[role=status]') !== null && "
                           f"(location.pathname !== '{before}' || {number} === 3)")  # fmt: skip
            end = time.monotonic() + SECONDS
            while len(verdicts(case)) < number:
                assert time.monotonic() < end
        assert [one.decision for one in verdicts(case)] == ["same", "different", "unsure"]
        until(browser, "document.readyState === 'complete'")
        browser.press("KeyN", "n")
        assert browser.run("document.activeElement.tagName") == "TEXTAREA"
        browser.press("KeyS", "s")
        browser.press("Escape")
        assert browser.run("document.activeElement.tagName") == "BODY"
        assert len(verdicts(case)) == 3, "within a note, letters are letters"
        browser.press("KeyZ", "z")
        end = time.monotonic() + SECONDS
        while len(verdicts(case)) < 4:
            assert time.monotonic() < end
        assert asked_elsewhere(browser, client.port) == [] and browser.complaints == []


def test_pictures_are_blurred_until_a_key_asks(browser: Browser, case: Path, ids: dict[str, str]) -> None:
    with Opened(case) as client:
        entered(browser, client)
        base = f"http://127.0.0.1:{client.port}"
        browser.call("Network.clearBrowserCache")
        browser.visit(f"{base}/pair/{'/'.join(sorted((ids['a.jpg'], ids['b.jpg'])))}")
        filters = "[...document.querySelectorAll('.side img')].map(i => getComputedStyle(i).filter).join()"
        assert browser.run(filters).count("blur(22px)") == 2
        browser.press("KeyB", "b")
        until(browser, "document.querySelectorAll('.side img.sharp').length === 2 && "
                       "[...document.querySelectorAll('.side img')].every(i => i.naturalWidth === 320)")  # fmt: skip
        assert browser.run(filters) == "none,none"
        assert sorted(event.subject for event in looks(case)) == sorted((ids["a.jpg"], ids["b.jpg"]))
        browser.press("Escape")
        assert browser.run(filters).count("blur(40px)") == 2
        browser.press("Escape")
        browser.press("KeyB", "b")
        until(browser, "document.querySelectorAll('.side img.blurred').length === 2")
        assert len(looks(case)) == 2, "to blur is no look"
        assert asked_elsewhere(browser, client.port) == [] and browser.complaints == []


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_every_screen_fits_and_complains_of_nothing(
    browser: Browser, case: Path, ids: dict[str, str], lang: str
) -> None:
    with Opened(case, lang=lang) as client:
        entered(browser, client)
        base = f"http://127.0.0.1:{client.port}"
        pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
        for path in ("/", "/exhibits", f"/exhibit/{ids['a.jpg']}", f"/pair/{pair}", "/list/unexamined", "/find?q=jpg",
                     f"/exhibit/{ids['clip.mp4']}", f"/exhibit/{ids['a.jpg']}/conclude", "/timeline", "/map",
                     "/incidents", "/hand-on"):  # fmt: skip
            browser.visit(base + path)
            assert browser.run("document.documentElement.dir") == ("rtl" if lang == "fa" else "ltr")
            assert browser.run("document.documentElement.scrollWidth <= innerWidth"), path
            nameless = browser.run(
                "[...document.querySelectorAll('button, a, input:not([type=hidden]), select, textarea')].filter(e => "
                "!(e.textContent || e.ariaLabel || (e.labels && e.labels.length) || '').toString().trim()).length"
            )
            assert nameless == 0, path
            assert browser.run("document.querySelectorAll('h1').length") == 1
            assert browser.run(
                "(ids => ids.length === new Set(ids).size)([...document.querySelectorAll('[id]')].map(e => e.id))"
            ), path
        assert asked_elsewhere(browser, client.port) == [] and browser.complaints == []
