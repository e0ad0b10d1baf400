"""What holds for every address of the desk: whoever adds one is asked how it is refused, and what it does with hostile
words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

import verifier.desk
from tests.desk.conftest import HOSTILE
from tests.desk.running import FORM, Client, Opened, Tags
from tests.desk.test_gate import shows_nothing
from verifier.commands.opening import now
from verifier.desk.application import routes_of
from verifier.desk.case_desk import CaseDesk
from verifier.desk.clips import Clips
from verifier.desk.gate import HEADERS, MOST_BODY_BYTES, MOST_FIELDS
from verifier.desk.handing import Handing
from verifier.desk.session import Session
from verifier.evidence.vault import Vault
from verifier.executors.local import LocalExecutor
from verifier.store import Store

TEMPLATES = Path(verifier.desk.__file__).parent / "templates"
TRICKS = ("..%2f..%2fcase.db", "%00", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "a" * 300, "%E2%80%AEgpj", "0", "%ff")
WORDS = '"><script>alert(1)</script>\u202e{{ session.cookie }}'
ENDS = "/end"
ASKED = ("q", "kind", "from", "to", "after", "before", "at", "question", "look", "look_a", "look_b", "clip")
SCRIPTS = ("desk", "player")


@pytest.fixture(scope="module")
def table(made: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Method and address of every route but the last, which answers whatever is left."""
    with Store.open(made, writing=False) as store:
        vault = Vault(made)
        desk = CaseDesk(
            store=store, vault=vault, executor=LocalExecutor(workers=1, vault_root=made), clock=now, weaker=False,
            session=Session(port=1, actor="", lang="en"), clips=Clips(tmp_path_factory.mktemp("clips")),
            handing=Handing(None), keep_defect=lambda error: None,
        )  # fmt: skip
        routes = routes_of(desk)
    assert routes[-1].path == "/{anything:path}"
    return [
        ("POST" if "POST" in (route.methods or ()) else "GET", route.path) for route in routes[:-1]
    ]  # fmt: skip


@pytest.fixture
def filled(ids: dict[str, str]) -> dict[str, str]:
    """What stands for each name in an address. A name that is not here is a new one: say what it may be."""
    left, right = sorted((ids["a.jpg"], ids["clip.mp4"]))
    return {"exhibit": ids["a.jpg"], "left": left, "right": right, "name": "n" * 22, "derivative": "0" * 64,
            "look": "n" * 22, "recording": "0" * 64, "incident": "0" * 12, "suggestion": "0" * 16}  # fmt: skip


def names(path: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", path)


def at(path: str, filled: dict[str, str], **others: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: {**filled, **others}[found[1]], path)


def body_of(client: Client, **fields: str) -> bytes:
    client.post("/settings", back="/")  # so that the word of the forms is known
    return urlencode({"form": client.form, **fields}).encode("ascii")


def events(case: Path) -> int:
    with Store.open(case, writing=False) as store:
        return len(list(store.custody()))


def test_every_address_is_refused_to_whoever_may_not_ask(
    case: Path, client: Client, table: list[tuple[str, str]], filled: dict[str, str]
) -> None:
    before, body = events(case), body_of(client)
    for method, path in table:
        here, sent = at(path, filled), body if method == "POST" else None
        kind = {"Content_Type": FORM} if method == "POST" else {}
        for refused, headers in ((403, {"Cookie": ""}), (403, {"Cookie": "verify-desk-1=x"}), (421, {"Host": "evil"}),
                                 (421, {"Host": f"evil:{client.port}"})):  # fmt: skip
            answer = client.ask(method, here, sent, **kind, **headers)
            assert answer.status == refused and shows_nothing(answer.text), (method, here, headers)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, here
        if method == "GET":
            continue
        for refused, headers, content in (
            (403, {"Origin": "http://evil.example"}, body), (403, {"Sec_Fetch_Site": "cross-site"}, body),
            (403, {}, b"form=guess"), (403, {}, b""), (415, {"Content_Type": "application/json"}, b"{}"),
            (415, {"Content_Type": "multipart/form-data; boundary=x"}, b"--x"),
            (413, {}, b"form=" + b"x" * MOST_BODY_BYTES),
        ):  # fmt: skip
            answer = client.ask(method, here, content, **{"Content_Type": FORM, **headers})
            assert answer.status == refused and shows_nothing(answer.text), (here, headers)
        assert client.get(here).status in (200, 404), "to look at is another route, or none"
    assert events(case) == before


def test_no_address_leads_elsewhere(
    case: Path, client: Client, table: list[tuple[str, str]], filled: dict[str, str]
) -> None:
    body = body_of(client)
    for method, path in table:
        for name in names(path):
            for trick in TRICKS:
                here = at(path, filled, **{name: trick})
                sent = {"Content_Type": FORM} if method == "POST" else {}
                answer = client.ask(method, here, body if sent else None, **sent)
                assert answer.status in (303, 400, 404, 405), (method, here, answer.status)
                assert b"SQLite format" not in answer.body and str(case).encode() not in answer.body
                assert b"<script>alert" not in answer.body and "\u202e".encode() not in answer.body
                assert re.fullmatch(r"|/[^/\\].*|/", answer.location), answer.location


def test_hostile_words_in_every_field_stay_words(
    case: Path, client: Client, table: list[tuple[str, str]], filled: dict[str, str]
) -> None:
    fields = {
        name for path in TEMPLATES.glob("*.j2") for name in re.findall(r'\bname="(\w+)"', path.read_text("utf-8"))
    }
    fields |= {"reason_1"}
    fields -= {"form", "viewport", "actor", "lang"}
    halves = [sorted(fields)[side::2] for side in (0, 1)]
    assert len(halves[0]) < MOST_FIELDS, "else they are sent in three"
    for method, path in table:
        for half in halves if method == "POST" else [ASKED]:
            sent, here = dict.fromkeys(half, WORDS), at(path, filled)
            if path == ENDS:
                continue
            answers = [client.get(f"{here}?{urlencode(sent)}") if method == "GET" else client.post(here, **sent)]
            while answers[-1].status == 303:
                answers.append(client.get(answers[-1].location.partition("#")[0]))
            for answer in answers:
                assert answer.status in (200, 303, 400, 404), (method, here, answer.status, answer.text[-500:])
                if answer.headers.get("content-type", "").startswith("text/html"):
                    tags = Tags(answer.text)
                    assert {tag.get("src") for tag in tags.of("script")} == {f"/static/{name}.js" for name in SCRIPTS}
                    assert "\u202e" not in answer.text and not [tag for _, tag in tags.found if "style" in tag], here


def headings(text: str) -> Iterator[int]:
    for tag, _ in Tags(text).found:
        if re.fullmatch("h[1-6]", tag):
            yield int(tag[1])


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_every_page_can_be_used_without_a_mouse_and_without_eyes(
    case: Path, table: list[tuple[str, str]], filled: dict[str, str], lang: str
) -> None:
    """WCAG 2.2, as far as the page itself tells: language, title, landmarks, names of fields, pictures and buttons."""
    with Opened(case, lang=lang) as opened:
        client = opened.enter()
        client.laid()
        pages = {at(path, filled) for method, path in table if method == "GET"} | {
            f"/exhibit/{filled[side]}" for side in ("left", "right")
        }  # fmt: skip
        for path in sorted(pages):
            text = client.get(path).text
            if "<html" not in text:
                continue
            tags = Tags(text)
            assert tags.of("html")[0]["lang"] == lang, path
            assert len(tags.of("main")) == len(tags.of("h1")) == 1 and tags.of("nav") and tags.of("footer"), path
            assert tags.of("a")[0] == {"class": "skip", "href": "#main"}, path
            identities = [tag["id"] for _, tag in tags.found if "id" in tag]
            assert len(identities) == len(set(identities)), (path, identities)
            for label in (tag["aria-labelledby"] for _, tag in tags.found if "aria-labelledby" in tag):
                assert set(str(label).split()) <= set(identities), (path, label)
            assert all("alt" in tag for tag in tags.of("img")), path
            levels = list(headings(text))
            assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (path, levels)
            assert unnamed(text) == [], path
            assert not [tag for _, tag in tags.found if tag.get("tabindex", "0") not in ("0", "-1")], path


def unnamed(text: str) -> list[str]:
    """Fields without a label, and buttons and links without a word."""
    labels = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', text))
    bare = re.sub(r"<label\b.*?</label>", "", text, flags=re.S)
    found = []
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", bare):
        name = re.search(r'\bid="([^"]+)"', tag)
        if 'type="hidden"' not in tag and "aria-label" not in tag and (name is None or name[1] not in labels):
            found.append(tag)
    for tag, inner in re.findall(r"<(button|a)\b[^>]*>(.*?)</(?:button|a)>", text, flags=re.S):
        if not re.sub(r"<[^>]+>", "", inner).strip() and "<img" not in inner and "<title>" not in inner:
            found.append(tag)
    return found


def test_hostile_names_are_among_the_exhibits(ids: dict[str, str]) -> None:
    assert set(HOSTILE) <= set(ids)
