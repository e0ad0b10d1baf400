"""Pictures come from workers: small, grey and blurred at first; each unblurred one is asked for and noted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

from tests.commands.test_no_decoder_in_parent import NAILED, NEVER_IMPORTED
from tests.desk.running import Client, Opened, Tags
from verifier.desk.session import MOST_SHOWN, MOST_SHOWN_BYTES, Look, Session
from verifier.records import CustodyEvent
from verifier.store import Store


def looks(case: Path) -> list[CustodyEvent]:
    with Store.open(case, writing=False) as store:
        return [event for event in store.custody() if event.action == "reveal"]


def decoded(content: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def is_grey(picture: np.ndarray) -> bool:
    spread = picture.max(axis=2).astype(int) - picture.min(axis=2)
    return float(spread.mean()) < 2.0


def test_what_is_shown_unasked_is_small_grey_and_blurred(case: Path, client: Client, ids: dict[str, str]) -> None:
    pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
    for path in ("/exhibits", f"/exhibit/{ids['a.jpg']}", f"/pair/{pair}", "/list/pairs"):
        client.laid()
        pictures = Tags(client.page(path)).of("img")
        assert pictures, path
        for tag in pictures:
            assert tag["class"] == "blurred" and str(tag["src"]).startswith("/small/")
            answer = client.get(str(tag["src"]))
            assert answer.headers["content-type"] == "image/jpeg"
            shown = decoded(answer.body)
            assert max(shown.shape[:2]) <= 160 and is_grey(shown)
    assert "blur(" in client.get("/static/desk.css").text
    assert looks(case) == []


def test_each_look_is_noted_before_it_is_shown(case: Path, client: Client, ids: dict[str, str]) -> None:
    json = {"Accept": "application/json"}
    grey = client.post(f"/exhibit/{ids['a.jpg']}/look", json)
    assert grey.status == 200, grey.text
    (noted,) = looks(case)
    assert (noted.subject, noted.actor) == (ids["a.jpg"], "Ana")
    shown = decoded(client.get(grey.json["picture"]).body)
    assert shown.shape[:2] == (240, 320) and is_grey(shown)
    coloured = client.post(f"/exhibit/{ids['a.jpg']}/look", json, colour="1").json["picture"]
    assert not is_grey(decoded(client.get(coloured).body))
    moving = client.post(f"/exhibit/{ids['clip.mp4']}/look", json).json["picture"]
    assert decoded(client.get(moving).body).shape[:2] == (64, 96)
    assert len(looks(case)) == 3
    evidence = {path.read_bytes() for path in (case / "objects").rglob("*") if path.is_file()}
    assert not evidence & {client.get(address).body for address in (grey.json["picture"], coloured, moving)}
    assert "Unblurred pictures in this sitting: 3" in client.page("/exhibits")


def test_without_a_script_the_page_itself_shows_it(case: Path, client: Client, ids: dict[str, str]) -> None:
    left, right = sorted((ids["a.jpg"], ids["b.jpg"]))
    here = f"/pair/{left}/{right}"
    first = client.post(f"/exhibit/{left}/look", back=here, side="look_a")
    assert first.status == 303 and first.location.startswith(f"{here}?look_a=")
    text = client.page(first.location)
    assert [tag["class"] for tag in Tags(text).of("img")] == ["sharp", "blurred"]
    kept = re.search(r'name="kept_look_a" value="([^"]+)"', text)
    assert kept is not None
    second = client.post(f"/exhibit/{right}/look", back=here, side="look_b", kept_look_a=kept[1])
    assert [tag["class"] for tag in Tags(client.page(second.location)).of("img")] == ["sharp", "sharp"]
    assert [tag["class"] for tag in Tags(client.page(here)).of("img")] == ["blurred", "blurred"]
    swapped = second.location.replace("look_a", "x").replace("look_b", "look_a")
    assert "sharp" not in [tag["class"] for tag in Tags(client.page(swapped)).of("img")], "each side its own"
    for back in ("//evil.example/pair/", "https://evil.example", "/settings"):
        assert client.post(f"/exhibit/{left}/look", back=back).location.startswith(f"/exhibit/{left}?look=")
    client.post("/settings", hide="1", back=here)
    assert [tag["class"] for tag in Tags(client.page(second.location)).of("img")] == ["blurred", "blurred"]


def test_nobody_looks_without_a_name(case: Path, ids: dict[str, str]) -> None:
    with Opened(case, actor="") as opened:
        client = opened.enter()
        answer = client.post(f"/exhibit/{ids['a.jpg']}/look", {"Accept": "application/json"})
        assert answer.status == 400 and "sign" in answer.json["sentence"]
        assert looks(case) == []
        client.post("/settings", actor="  Ana   B ", back="/")
        assert client.post(f"/exhibit/{ids['a.jpg']}/look").status == 303
    assert [event.actor for event in looks(case)] == ["Ana B"]


def test_what_has_no_picture_is_a_sentence(case: Path, client: Client, ids: dict[str, str]) -> None:
    answer = client.post(f"/exhibit/{ids['strange.bin']}/look", {"Accept": "application/json"})
    assert answer.status == 400 and "neither a photo nor a recording" in answer.json["sentence"]
    (case / "objects" / "sha256" / ids["a.jpg"][:2] / ids["a.jpg"]).unlink()
    gone = client.post(f"/exhibit/{ids['a.jpg']}/look")
    assert gone.status == 400 and "There is nothing at" in gone.text and str(case) not in gone.text
    assert looks(case) == []


def test_after_many_looks_a_break_is_proposed(client: Client, ids: dict[str, str], monkeypatch: object) -> None:
    from verifier.desk import session

    monkeypatch.setattr(session, "LOOKS_BEFORE_A_BREAK", 2)  # type: ignore[attr-defined]
    for expected in (False, True):
        client.post(f"/exhibit/{ids['a.jpg']}/look")
        assert ("Look away" in client.page("/exhibits")) is expected
    client.post("/settings", rest="1", back="/exhibits")
    assert "Look away" not in client.page("/exhibits")


def played(case: Path) -> list[CustodyEvent]:
    with Store.open(case, writing=False) as store:
        return [event for event in store.custody() if event.action == "show side by side"]


def test_two_run_beside_one_another_once_it_is_noted(case: Path, client: Client, ids: dict[str, str]) -> None:
    left, right = sorted((ids["a.jpg"], ids["clip.mp4"]))
    here = f"/pair/{left}/{right}"
    assert Tags(client.page(here)).of("video") == []
    answer = client.post(f"{here}/play")
    assert answer.status == 303, answer.text
    shown = client.shown(answer)
    (event,) = played(case)
    assert (event.subject, event.detail["right"], event.actor) == (left, right, "Ana")
    assert (event.detail["colour"], event.detail["sound"]) == (False, False)
    (tag,) = Tags(shown.text).of("video")
    assert "muted" in tag and "controls" in tag and "autoplay" not in tag
    whole = client.get(str(tag["src"]))
    assert whole.status == 200 and whole.headers["content-type"] == "video/mp4" and whole.body[4:8] == b"ftyp"
    size = len(whole.body)
    for wanted, first, last in (
        ("bytes=0-99", 0, 99), ("bytes=100-", 100, size - 1), ("bytes=-50", size - 50, size - 1),
        (f"bytes=0-{10 * size}", 0, size - 1),
    ):  # fmt: skip
        part = client.get(str(tag["src"]), Range=wanted)
        assert part.status == 206 and part.body == whole.body[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
    assert client.get(str(tag["src"]), Range=f"bytes={size}-").status == 416
    for strange in ("bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=" + "9" * 40 + "-"):
        assert client.get(str(tag["src"]), Range=strange).body == whole.body
    other = f"/pair/{'/'.join(sorted((ids['a.jpg'], ids['b.jpg'])))}"
    name = str(tag["src"]).rpartition("/")[2]
    assert Tags(client.page(f"{other}?clip={name}")).of("video") == []
    assert Tags(client.page(f"/exhibit/{ids['clip.mp4']}?clip={name}")).of("video") == []
    client.post("/settings", hide="1", back=here)
    assert client.get(str(tag["src"])).status == 404, "forgotten"


def test_what_cannot_run_beside_another_is_a_sentence(case: Path, client: Client, ids: dict[str, str]) -> None:
    pair = "/".join(sorted((ids["strange.bin"], ids["clip.mp4"])))
    answer = client.shown(client.post(f"/pair/{pair}/play"))
    assert answer.status == 400 and "neither a recording nor a photo" in answer.text
    assert client.shown(client.post(f"/pair/{ids['clip.mp4']}/{ids['clip.mp4']}/play")).status == 400
    assert played(case) == []


def test_the_newest_picture_is_always_kept() -> None:
    session = Session(port=1, actor="", lang="en")
    small = [session.keep(Look(exhibits=(str(n),), content=b"x", media_type="image/jpeg")) for n in range(MOST_SHOWN)]
    large = session.keep(Look(exhibits=("a",), content=b"x" * (MOST_SHOWN_BYTES + 1), media_type="video/mp4"))
    assert session.shown(large) is not None and all(session.shown(name) is None for name in small)


def test_no_derivative_but_a_picture_is_given(case: Path, client: Client) -> None:
    """Tables of features lie beside the pictures; what is no JPEG, PNG or WebP has no address."""
    given = refused = 0
    for path in (case / "derived").rglob("*"):
        if path.is_file():
            answer = client.get(f"/small/{path.name}")
            is_picture = path.read_bytes()[:3] == b"\xff\xd8\xff" or path.read_bytes()[:4] in (b"\x89PNG", b"RIFF")
            assert (answer.status == 200) is is_picture
            given, refused = given + is_picture, refused + (not is_picture)
    assert given and refused


def test_the_desk_itself_decodes_nothing(case: Path, ids: dict[str, str]) -> None:
    """OpenCV and Pillow of the serving process have their decoders nailed shut."""
    command = [sys.executable, "-c", NAILED.format(never=NEVER_IMPORTED), "desk", "--case", str(case), "--no-open",
               "--operator", "Ana", "--idle-minutes", "5"]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("VERIFY_")},
    ) as running:  # fmt: skip
        assert running.stdout is not None and running.stderr is not None
        client = Client(running.stdout.readline().strip()).enter()
        client.laid()
        pair = "/".join(sorted((ids["a.jpg"], ids["b.jpg"])))
        for path in ("/exhibits", f"/exhibit/{ids['a.jpg']}", f"/pair/{pair}", "/next"):
            client.page(path)
        for name in ("a.jpg", "clip.mp4"):
            assert client.post(f"/exhibit/{ids[name]}/look").status == 303
        assert client.shown(client.post(f"/exhibit/{ids['clip.mp4']}/play", sharp="1")).status == 200
        client.post("/end")
        said = running.stderr.read()
        assert running.wait(60) == 0, said
    assert "IMPORTED" not in said and "OPENED" not in said, said
