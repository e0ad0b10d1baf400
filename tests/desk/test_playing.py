"""Recordings that play: covered unless asked, made while a page waits, noted before they are seen, never evidence."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from tests.desk.running import Client, Opened, Tags
from verifier.desk.clips import MOST_FILES, MOST_WAITING, Clips, Made, Making
from verifier.errors import UsageError
from verifier.records import CustodyEvent
from verifier.store import Store


def noted(case: Path) -> list[CustodyEvent]:
    with Store.open(case, writing=False) as store:
        return [event for event in store.custody() if event.action == "reveal clip"]


def video(text: str) -> dict[str, str | None]:
    (tag,) = Tags(text).of("video")
    return tag


def seen(content: bytes) -> tuple[np.ndarray, list[str]]:
    """The first frame, and the kinds of streams."""
    with av.open(io.BytesIO(content)) as container:
        kinds = [stream.type for stream in container.streams]
        return next(iter(container.decode(video=0))).to_ndarray(format="rgb24").astype(int), kinds


def edges(frame: np.ndarray) -> float:
    return float(np.abs(np.diff(frame.mean(axis=2), axis=1)).mean())


def test_covered_unless_asked_and_noted_before_it_is_seen(case: Path, client: Client, ids: dict[str, str]) -> None:
    here = f"/exhibit/{ids['clip.mp4']}"
    covered = video(client.shown(client.post(f"{here}/play")).text)
    assert "muted" in covered and "controls" in covered and "autoplay" not in covered
    assert noted(case) == [], "nothing was uncovered"
    grey, kinds = seen(client.get(str(covered["src"])).body)
    assert kinds == ["video"] and int(np.ptp(grey, axis=2).max()) <= 4
    sharp = video(client.shown(client.post(f"{here}/play", sharp="1", colour="1", sound="1")).text)
    (event,) = noted(case)
    assert (event.subject, event.actor) == (ids["clip.mp4"], "Ana")
    assert (event.detail["sharp"], event.detail["colour"], event.detail["sound"]) == (True, True, True)
    shown, kinds = seen(client.get(str(sharp["src"])).body)
    assert kinds == ["video", "audio"] and "muted" not in sharp and int(np.ptp(shown, axis=2).max()) > 60
    assert edges(grey) < edges(shown) / 2, "blurred in the clip itself"
    objects = {path.read_bytes() for path in (case / "objects").rglob("*") if path.is_file()}
    assert client.get(str(sharp["src"])).body not in objects
    client.shown(client.post(f"{here}/play", sharp="1", colour="1", sound="1"))
    assert len(noted(case)) == 2, "each look is an event, made anew or not"
    assert "Unblurred pictures in this sitting: 2" in client.page("/exhibits")
    assert not [path for path in (case / "tmp").rglob("*") if path.is_file()], "no clip has a name in the case"


def test_the_page_that_plays_says_where_it_is(client: Client, ids: dict[str, str]) -> None:
    text = client.shown(client.post(f"/exhibit/{ids['clip.mp4']}/play")).text
    (player,) = [tag for tag in Tags(text).of("figure") if "data-player" in tag]
    assert (player["data-rate"], player["data-start"]) == ("10.0", "0.0")
    assert any("data-playhead" in tag for tag in Tags(text).of("input"))
    keys = {tag.get("data-key") for tag in Tags(text).of("button")}
    assert {"ArrowLeft", "ArrowRight", "Space", "KeyP", "KeyV"} <= keys


def test_a_long_recording_is_played_from_where_one_says(
    client: Client, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = f"/exhibit/{ids['clip.mp4']}"
    assert 'name="start"' not in client.page(here), "it fits into one clip"
    monkeypatch.setattr("verifier.desk.screens.A_PART_SECONDS", 0.4)
    assert 'name="start" dir="ltr" maxlength="12" value="0:00"' in client.page(here)
    text = client.shown(client.post(f"{here}/play", start="0:00.5")).text
    (player,) = [tag for tag in Tags(text).of("figure") if "data-player" in tag]
    assert player["data-start"] == "0.5"
    with av.open(io.BytesIO(client.get(str(video(text)["src"])).body)) as container:
        assert len(list(container.decode(video=0))) == 5, "half of a second at ten frames"


def test_what_cannot_be_played_is_a_sentence(case: Path, client: Client, ids: dict[str, str]) -> None:
    for name, fields in (
        ("a.jpg", {}),
        ("strange.bin", {}),
        ("clip.mp4", {"start": "8:20"}),
        ("clip.mp4", {"start": "soon"}),
    ):
        answer = client.post(f"/exhibit/{ids[name]}/play", **fields)
        assert answer.status == 400, name
    (case / "objects" / "sha256" / ids["clip.mp4"][:2] / ids["clip.mp4"]).unlink()
    gone = client.shown(client.post(f"/exhibit/{ids['clip.mp4']}/play"))
    assert gone.status == 400 and str(case) not in gone.text
    assert client.get("/making/none").status == 404 and client.get("/clip/none").status == 404


def test_nobody_uncovers_without_a_name(case: Path, ids: dict[str, str]) -> None:
    with Opened(case, actor="") as opened:
        client = opened.enter()
        assert client.post(f"/exhibit/{ids['clip.mp4']}/play", sharp="1").status == 400
        assert client.shown(client.post(f"/exhibit/{ids['clip.mp4']}/play")).status == 200, "covered shows nobody"
    assert noted(case) == []


def test_while_another_writes_nothing_is_uncovered(
    case: Path, client: Client, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verifier.desk.case_desk.SECONDS_TO_WAIT_FOR_ANOTHER", 0.1)
    with Store.open(case, writing=True):
        answer = client.shown(client.post(f"/exhibit/{ids['clip.mp4']}/play", sharp="1"))
        assert answer.status == 409 and "Another verify is working" in answer.text
    assert noted(case) == [] and "Unblurred pictures in this sitting: 0" in client.page("/exhibits")


def asking(key: int) -> Making:
    return Making(exhibits=(str(key),), back="/", rate=25.0, start=0.0, has_sound=False, key=key, is_look=False)


def made(clips: Clips, key: int, content: bytes = b"x") -> str:
    name = clips.ask(asking(key), lambda told: Made(content=content, note=lambda: None))
    while (known := clips.asked(name)) is not None and known.kept is None and known.error is None:
        threading.Event().wait(0.002)
    return name


def test_the_oldest_go_first_and_who_reads_still_reads(tmp_path: Path) -> None:
    clips = Clips(tmp_path)
    first = made(clips, 0, b"0123456789")
    known = clips.asked(first)
    assert known is not None and known.kept is not None
    last = [made(clips, number) for number in range(1, MOST_FILES + 1)][-1]
    assert clips.asked(first) is None and clips.asked(last) is not None
    assert known.kept.read(2, 3) == b"234" and known.kept.read(8, 10) == b"89" and known.kept.read(10, 1) == b""
    assert list(tmp_path.iterdir()) == []
    clips.forget()
    assert clips.asked(last) is None


def test_too_many_at_once_are_refused_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    clips, go = Clips(tmp_path), threading.Event()

    def fails(told: object) -> Made:
        go.wait(10)
        raise UsageError("It cannot be.")

    names = [clips.ask(asking(number), fails) for number in range(MOST_WAITING)]
    with pytest.raises(UsageError, match="being made already"):
        clips.ask(asking(99), fails)
    go.set()
    for name in names:
        while (known := clips.asked(name)) is not None and known.error is None:
            threading.Event().wait(0.002)
        assert isinstance(known and known.error, UsageError)
    good = clips.asked(made(clips, 100))
    assert good is not None and good.kept is not None


def test_what_may_not_be_noted_is_not_seen(tmp_path: Path) -> None:
    clips, looks = Clips(tmp_path), []

    def refused() -> None:
        raise UsageError("Not now.")

    name = clips.ask(asking(1), lambda told: Made(content=b"x", note=refused), lambda: looks.append(1))
    while (known := clips.asked(name)) is not None and known.error is None:
        threading.Event().wait(0.002)
    assert known is not None and known.kept is None and looks == []
