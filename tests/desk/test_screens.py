"""What the pages say, in both languages; names of evidence stay text whatever they hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.desk.conftest import HOSTILE
from tests.desk.running import Client, Opened, Tags
from verifier.records import Kind
from verifier.store import Store

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069\u200f"


def pages(client: Client, ids: dict[str, str]) -> dict[str, str]:
    pair = "/".join(sorted((ids["b.jpg"], ids[HOSTILE[0]])))
    found = {"start": client.laid()}
    for path in ("/exhibits", "/list/pairs", "/list/unexamined", "/list/copies", "/list/against", f"/pair/{pair}",
                 *(f"/exhibit/{key}" for key in ids.values())):  # fmt: skip
        found[path] = client.page(path)
    return found


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_hostile_names_stay_text(case: Path, ids: dict[str, str], lang: str) -> None:
    with Opened(case, lang=lang) as opened:
        for path, text in pages(opened.enter(), ids).items():
            tags = Tags(text)
            scripts = [tag.get("src") for tag in tags.of("script")]
            assert scripts == ["/static/desk.js", "/static/player.js"], path
            assert not [name for _, attributes in tags.found for name in attributes if name.startswith("on")], path
            assert not [attributes for _, attributes in tags.found if "style" in attributes], path
            assert not any(character in text for character in BIDI), path
            assert "7777777" not in text and "<i>K" not in text and "<b>bold" not in text
            for tag, attributes in tags.found:
                for name in ("src", "href", "action"):
                    address = attributes.get(name)
                    assert address is None or re.fullmatch(r"(/[^/\\].*|/|#\w+)", address), (path, tag, address)
            assert tags.of("html")[0] == {"lang": lang, "dir": "rtl" if lang == "fa" else "ltr"}


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_every_word_has_a_translation(case: Path, ids: dict[str, str], lang: str) -> None:
    """A word that is not known is printed as its key."""
    with Opened(case, lang=lang) as opened:
        for path, text in pages(opened.enter(), ids).items():
            words = re.sub(r"<[^>]+>", " ", text)
            words = words.replace("strange_", "")
            assert not re.search(r"(?<![\w.:/])(?:told|look|observe|claim|against|new|keys)_[a-z]+\b", words), path


def test_the_start_tells_what_the_status_tells(case: Path, client: Client) -> None:
    told = verify("status", "--case", case, "--json").json
    text = client.laid()
    for number in (told["summary"]["files_received"], told["summary"]["exhibits"], told["summary"]["skipped"]):
        assert f"<b>{number}</b>" in text
    waiting = re.search(r'id="l-pairs">[^<]*<span class="count">(\d+)<', text)
    assert waiting is not None and int(waiting[1]) == len(told["links_waiting"]) == 3
    assert "strange.bin" in text and "not supported" in text


def test_what_is_not_known_yet_is_not_said_to_be_none(case: Path, client: Client, ids: dict[str, str]) -> None:
    pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
    text = client.page(f"/pair/{pair}")
    assert "Pairs that wait: 0" not in text


def test_exhibits_are_turned_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch, ids: dict[str, str]) -> None:
    monkeypatch.setattr("verifier.desk.screens.A_PAGE", 4)
    seen: list[str] = []
    path: str | None = "/exhibits"
    pages_of: list[list[str]] = []
    while path:
        text = client.page(path)
        here = re.findall(r'href="/exhibit/([0-9a-f]{64})"', text)
        pages_of.append(here)
        seen += here
        following = re.search(r'href="([^"]+)" rel="next"', text)
        path = following[1].replace("&amp;", "&") if following else None
    assert seen == sorted(ids.values())
    assert [len(page) for page in pages_of[:-1]] == [4] * (len(pages_of) - 1)
    back = re.search(r'href="([^"]+)" rel="prev"', text)
    assert back is not None
    again = client.page(back[1].replace("&amp;", "&"))
    assert re.findall(r'href="/exhibit/([0-9a-f]{64})"', again) == pages_of[-2]
    videos = client.page("/exhibits?kind=video")
    assert re.findall(r'href="/exhibit/([0-9a-f]{64})"', videos) == [ids["clip.mp4"]]


def test_an_exhibit_tells_its_claim_facts_faults_and_links(client: Client, ids: dict[str, str]) -> None:
    text = client.page(f"/exhibit/{ids['a.jpg']}")
    for told in ("a.jpg", "&lt;i&gt;K&lt;/i&gt;", "Tehran", "2026-01-08", "image/jpeg", "320×240", ids["a.jpg"][:12]):
        assert told in text, told
    assert {f"/pair/{'/'.join(sorted((ids['a.jpg'], ids[other])))}" for other in ("b.jpg", "c.jpg")} <= set(
        re.findall(r'href="(/pair/[^"]+)"', text)
    )
    assert "Sets of checks" in text, "the letter that the ledger names is told on the page itself"
    assert "[note" not in text, "and no number of a note that stands elsewhere"
    broken = client.page(f"/exhibit/{ids['strange.bin']}")
    assert "no instrument examined it" in broken
    assert client.get(f"/exhibit/{ids['a.jpg'][:16]}").status == 200, "a beginning is enough"


def test_a_pair_says_why_in_words_and_numbers(client: Client, ids: dict[str, str]) -> None:
    left, right = sorted((ids["a.jpg"], ids["b.jpg"]))
    text = client.page(f"/pair/{right}/{left}")
    assert "same scene, another moment or camera" in text and "for a person to decide" in text
    assert "0.90" in text and "inliers" in text and "&lt;b&gt;bold&lt;/b&gt;" in text
    unlinked = "/".join(sorted((ids["a.jpg"], ids["clip.mp4"])))
    assert "No comparison linked these two" in client.page(f"/pair/{unlinked}")


def test_words_are_found_where_they_stand(client: Client, ids: dict[str, str]) -> None:
    found = client.page("/find?q=clip")
    assert f"/exhibit/{ids['clip.mp4']}" in found and f"/exhibit/{ids['c.jpg']}" not in found
    assert f"/exhibit/{ids['a.jpg']}" in client.page("/find?q=Tehran")
    assert "Nothing." in client.page("/find?q=nowhere+at+all") and "Nothing." in client.page("/find?q=")
    hostile = client.page("/find?q=%3Cscript%3Ealert%281%29%22+%22x")
    assert len(Tags(hostile).of("script")) == 2, "the two of the page itself"


def test_the_next_one_is_the_strongest_pair_that_waits(client: Client, ids: dict[str, str]) -> None:
    client.laid()
    assert client.get("/next").location == f"/pair/{'/'.join(sorted((ids['a.jpg'], ids['b.jpg'])))}"


def test_what_others_do_is_seen_without_opening_the_desk_again(case: Path, client: Client, ids: dict[str, str]) -> None:
    client.laid()
    ran = verify("verdict", ids["a.jpg"], ids["b.jpg"], "different", "--operator", "Ben", "--case", case)
    assert ran.code == 0, ran.err
    pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
    assert "a person says: different" in client.page(f"/pair/{pair}")
    assert pair not in client.page("/list/pairs")
    assert verify("claim", ids["c.jpg"], "--by", "Zoe", "--place", "Shiraz", "--case", case).code == 0
    assert "Zoe" in client.page(f"/exhibit/{ids['c.jpg']}")


def test_the_language_is_changed_on_every_page(client: Client) -> None:
    assert client.post("/settings", lang="fa", back="/exhibits").location == "/exhibits"
    assert 'lang="fa" dir="rtl"' in client.page("/exhibits")
    for back in ("//evil.example", "https://evil.example", "/\\evil", "/\nx", ""):
        assert client.post("/settings", lang="en", back=back).location in ("/",), back


def test_a_failed_audit_is_said_on_every_page(case: Path, ids: dict[str, str]) -> None:
    changed = next(path for path in (case / "objects").rglob("*") if path.is_file())
    changed.chmod(0o600)
    changed.write_bytes(changed.read_bytes() + b"\0")
    assert verify("audit", "--case", case, "--quiet").code == 3
    with Opened(case) as opened:
        client = opened.enter()
        pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
        for path in ("/", "/exhibits", f"/exhibit/{ids['a.jpg']}", f"/pair/{pair}", "/list/pairs"):
            client.laid()
            assert "The last audit found" in client.page(path), path
        assert "No audit has hashed it again yet" not in client.page(f"/exhibit/{ids['a.jpg']}")


def test_a_page_asks_only_for_what_it_shows(case: Path, ids: dict[str, str]) -> None:
    """The work of a list or an exhibit is its own: no question goes through all exhibits."""
    with Store.open(case, writing=False) as store:
        glances = store.glances
        assert glances.page(after="", count=2) == tuple(sorted(ids.values()))[:2]
        assert glances.page(after=sorted(ids.values())[1], count=2) == tuple(sorted(ids.values()))[2:4]
        assert glances.page(after="g", count=3, backwards=True) == tuple(sorted(ids.values()))[-3:]
        assert glances.page(after="", count=9, kind=Kind.VIDEO) == (ids["clip.mp4"],)
        asked = (ids["strange.bin"], ids["a.jpg"], "0" * 64)
        known = glances.of(asked)
        assert list(known) == [ids["strange.bin"], ids["a.jpg"]]
        assert known[ids["a.jpg"]].thumbnail and known[ids["strange.bin"]].faults == ("unsupported",)
        for key, glance in glances.of(tuple(ids.values())).items():
            dossier = store.exhibit_dossier(key)
            assert set(glance.faults) == {fault.kind.value for fault in dossier.faults}
            assert glance.name == dossier.acquisitions[0].name
        assert glances.taken_in(ids["a.jpg"]) == tuple(store.taken_in()[ids["a.jpg"]])
        assert glances.taken_in_after(0) == len(ids)
