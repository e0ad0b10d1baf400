"""One case by a laptop, and one in PostgreSQL with objects in a bucket examined by a cluster, say the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.inside import inside
from tests.servers import local_cluster
from verifier.commands import opening

AT = "2026-11-01T10:00:00.000Z"
OWN = {"elapsed_s", "custody", "proofs"}  # what belongs to a run and its log, and not to what was found
CHOSEN = (
    "phone/IMG_20260108_154402.jpg", "whatsapp/IMG-20260108-WA0007.jpg", "whatsapp/PTT-20260108-WA0003.opus",
    "odd/photos.zip", "odd/truncated.jpg",
)  # fmt: skip


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, objects: str) -> Iterator[str]:
    pytest.importorskip("distributed")
    with local_cluster(tmp_path_factory.mktemp("dask")) as address:
        yield address


@pytest.fixture(scope="module")
def reports(
    tmp_path_factory: pytest.TempPathFactory, fixtures: Path, database: str, objects: str, cluster: str
) -> Iterator[tuple[Path, Path, str]]:
    folder = tmp_path_factory.mktemp("team")
    for name in CHOSEN:
        (folder / "evidence" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fixtures / "demo" / name, folder / "evidence" / name)
    address = f"{database}&schema=team_test"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(opening, "now", lambda: AT)
        common = ("evidence", "--title", "T", "--operator", "Ana", "--jobs", "1", "--quiet")
        alone = inside("ingest", *common, "--case", "alone")
        team = inside("ingest", *common, "--case", address, "--objects", objects, "--cluster", cluster)
        assert (alone.code, team.code) == (1, 1), alone.err + team.err  # the damaged picture has a fault
        for case, out in (("alone", "a"), (address, "b")):
            ran = inside("report", "--case", case, "--out", out, "--format", "json", "--quiet")
            assert ran.code == 0, ran.err
        yield folder / "a" / "report.json", folder / "b" / "report.json", address


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            if name not in OWN:
                yield from differences(one.get(name), other.get(name), f"{place}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{place}[{number}]")
    elif one != other:
        yield f"{place}: {one!r:.80} {other!r:.80}"


def test_the_reports_are_equal(reports: tuple[Path, Path, str]) -> None:
    one, other = (json.loads(path.read_text(encoding="utf-8")) for path in reports[:2])
    assert len(one["exhibits"]) > len(CHOSEN) - 1  # the archive's members came too
    del one["case"]["id"], other["case"]["id"]
    found = list(differences(one, other))
    assert not found, "\n".join(found)


def test_the_team_s_case_is_sound_and_a_second_machine_joins_it(
    reports: tuple[Path, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    audited = inside("audit", "--case", reports[2], "--json", "--quiet")
    assert audited.code == 0, audited.out + audited.err
    assert "s3://" in (tmp_path / "team_test.case" / "storage.toml").read_text()
    shown = inside("list", "--case", "team_test.case", "--json")
    assert shown.code == 0 and len(json.loads(shown.out)["exhibits"]) == len(
        json.loads(reports[1].read_text(encoding="utf-8"))["exhibits"]
    )
