"""Subtitles and annotations, read by the programs they are for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pympi
import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.report.sample_case import HOSTILE, exhibit
from verifier.dossier import ExhibitDossier
from verifier.records import Event, Kind, Observation
from verifier.report.exchange.timed import Caption, captions_of, elan, srt, vtt


def seen(number: int, start: float | None, end: float | None = None, note: str = "") -> Observation:
    return Observation(id=f"o{number}", exhibit="x", what="speech", by="Ana", at="2026", start_seconds=start,
                       end_seconds=end, note=note or None)  # fmt: skip


@pytest.fixture
def recording() -> ExhibitDossier:
    said = [seen(1, 1.0, 4.0, "مرگ بر"), seen(2, 2.0, 3.0), seen(3, None, note="no time"), seen(4, 3725.5)]
    said += [seen(number, number, number + 0.2, text) for number, text in enumerate(HOSTILE, 10)]
    shots = tuple(Event(kind="impulse", start_seconds=at, end_seconds=at + 0.01, score=0.5) for at in (0.25, 0.3))
    return replace(exhibit(1, Kind.VIDEO, "video/mp4"), observations=tuple(said), events=shots)


def test_subtitles_say_every_timed_thing_once_with_its_time(recording: ExhibitDossier) -> None:
    captions = captions_of(recording)
    assert len(captions) == 2 + 3 + len(HOSTILE)
    for content, form in ((srt(captions), "srt"), (vtt(captions), "vtt")):
        lines = pysubs2.SSAFile.from_string(content.decode("utf-8"), format_=form)
        assert [(line.start, line.end) for line in lines] == [
            (round(one.start_seconds * 1000), round(one.end_seconds * 1000)) for one in captions
        ]
        for line, one in zip(lines, captions, strict=True):
            assert line.plaintext.startswith(f"[{one.tier}] ") and "\n" not in line.plaintext
        assert "مرگ بر" in "".join(line.plaintext for line in lines)


def test_people_and_machine_are_told_apart(recording: ExhibitDossier) -> None:
    assert {one.tier for one in captions_of(recording)} == {"observed by Ana", "machine: impulse"}
    assert "impulse" in captions_of(recording, "en")[0].text != captions_of(recording, "fa")[0].text


def test_elan_reads_every_tier_without_an_overlap(recording: ExhibitDossier, tmp_path: Path) -> None:
    captions = captions_of(recording)
    path = tmp_path / "a.eaf"
    path.write_bytes(elan(recording, captions))
    read = pympi.Elan.Eaf(path)
    found = []
    for tier in read.get_tier_names():
        spans = sorted(read.get_annotation_data_for_tier(tier))
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        found += [(start, end, text) for start, end, text, *_ in spans]
    wanted = [(round(one.start_seconds * 1000), round(one.end_seconds * 1000), one.text) for one in captions]
    assert sorted(found) == sorted(wanted)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.text(max_size=30)), min_size=1, max_size=8))
def test_any_words_at_any_time_stay_cues_of_their_own(found: list[tuple[float, float, str]]) -> None:
    said = [seen(number, start, end, text) for number, (start, end, text) in enumerate(found)]
    captions = captions_of(replace(exhibit(1), observations=tuple(said), events=()))
    assert len(captions) == len(found)
    assert len(pysubs2.SSAFile.from_string(srt(captions).decode("utf-8"), format_="srt")) == len(found)
    assert len(pysubs2.SSAFile.from_string(vtt(captions).decode("utf-8"), format_="vtt")) == len(found)


def test_a_moment_is_shown_for_a_second() -> None:
    (one,) = captions_of(replace(exhibit(1), observations=(seen(1, 2.0),), events=()))
    assert one == Caption(start_seconds=2.0, end_seconds=3.0, tier="observed by Ana", text="speech or chanting")
