"""A small case with names that attack a page, links of every tier, claims, and a file that cannot be examined."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.commands.test_the_whole_way import picture
from tests.desk.running import Client, Opened
from tests.media.making import clip
from verifier.records import Match, Medium, Relation, Tier
from verifier.store import Store

AT = "2026-01-02T03:04:05.678Z"
HOSTILE = (
    "<script>alert(1)</script>.jpg".replace("/", "\u2044"),
    '"><img src=x onerror=alert(1)>.jpg',
    "evil\u202egpj.exe.jpg",
    "{{ session.cookie }}{% raw %}.jpg",
)


def link(left: str, right: str, tier: Tier, score: float) -> Match:
    one, other = sorted((left, right))
    return Match(
        left=one, right=other, relation=Relation.SAME_SCENE, medium=Medium.IMAGE, method="made/1", score=score,
        tier=tier, because={"inliers": 19, "rule": "<b>bold</b>"},
    )  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Do not open it to write: copy it."""
    folder = tmp_path_factory.mktemp("desk")
    evidence = folder / "evidence"
    evidence.mkdir()
    for number, name in enumerate(("a.jpg", "b.jpg", "c.jpg", *HOSTILE), start=1):
        picture(evidence / name, number)
    (evidence / "clip.mp4").write_bytes(clip(seconds=1.0))
    (evidence / "strange.bin").write_bytes(b"\x00\x01strange")
    case = folder / "case"
    ran = verify("ingest", evidence, "--case", case, "--operator", "Ben", "--jobs", 1, "--no-dedup", "--quiet")
    assert ran.code == 1, ran.err
    ids = named(case)
    with Store.open(case, writing=True) as store:
        pairs = [
            link(ids["a.jpg"], ids["b.jpg"], Tier.REVIEW, 0.9), link(ids["a.jpg"], ids["c.jpg"], Tier.REVIEW, 0.8),
            link(ids["b.jpg"], ids[HOSTILE[0]], Tier.REVIEW, 0.7),
            link(ids["c.jpg"], ids[HOSTILE[1]], Tier.LIKELY, 0.6),
        ]  # fmt: skip
        store.compared(pairs, (), actor="Ben", at=AT, detail={})
    claimed = verify(
        "claim", ids["a.jpg"], "--by", "<i>K</i>", "--place", "Tehran", "--case", case, "--operator", "Ben"
    )
    assert claimed.code == 0, claimed.err
    return case


def named(case: Path) -> dict[str, str]:
    """Ids by name."""
    with Store.open(case, writing=False) as store:
        return {
            dossier.acquisitions[0].name.decode("utf-8"): key for key, dossier in store.dossier().exhibits.items()
        }  # fmt: skip


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


@pytest.fixture
def ids(made: Path) -> dict[str, str]:
    return named(made)


@pytest.fixture
def client(case: Path) -> Iterator[Client]:
    """A browser that has entered a desk on its own copy of the case."""
    with Opened(case) as opened:
        yield opened.enter()
