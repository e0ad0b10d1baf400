"""Copies found by the commands, and a person's verdict over them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from tests.commands.running import verify


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("alike")
    evidence = folder / "evidence"
    evidence.mkdir()
    astronaut, cat = Image.fromarray(data.astronaut()), Image.fromarray(data.chelsea())
    astronaut.save(evidence / "one.jpg", quality=92)
    astronaut.resize((300, 300)).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(evidence / "two.jpg", quality=60)
    cat.save(evidence / "cat.jpg", quality=90)
    ran = verify("ingest", evidence, "--case", folder / "case", "--operator", "A", "--jobs", 1)
    assert ran.code == 0, ran.err
    ids = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in evidence.iterdir()}
    return folder / "case", ids


def test_a_mirrored_copy_is_grouped_and_the_stranger_is_not(made: tuple[Path, dict[str, str]]) -> None:
    case, ids = made
    found = verify("dedup", "--case", case, "--json").json
    assert [group["members"] for group in found["groups"]] == [sorted((ids["one.jpg"], ids["two.jpg"]))]
    (link,) = found["matches"]
    assert link["relation"] == "same-picture" and link["transform"]["mirrored"] is True
    assert found["groups"][0]["best"] == ids["one.jpg"]


def test_comparing_again_compares_nothing_anew(made: tuple[Path, dict[str, str]]) -> None:
    case, _ = made
    before = verify("audit", "--no-record", "--case", case, "--json").json["events"]
    verify("dedup", "--case", case)
    assert verify("audit", "--no-record", "--case", case, "--json").json["events"] == before


def test_a_verdict_splits_the_group_and_outlives_a_new_comparison(
    made: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    case = Path(shutil.copytree(made[0], tmp_path / "case"))
    ids = made[1]
    said = verify("verdict", ids["one.jpg"][:12], ids["two.jpg"][:12], "different", "--operator", "A", "--case", case)
    assert said.code == 0, said.err
    assert verify("dedup", "--case", case, "--json").json["groups"] == []
    assert verify("dedup", "--all", "--case", case, "--json").json["groups"] == []
    assert verify("audit", "--case", case).code == 0


def test_a_file_is_matched_without_being_taken_in(made: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    case, ids = made
    Image.fromarray(data.astronaut()).rotate(90, expand=True).save(tmp_path / "turned.jpg", quality=70)
    ran = verify("match", tmp_path / "turned.jpg", "--case", case, "--json")
    assert ran.code == 0, ran.err
    assert {ids["one.jpg"], ids["two.jpg"]} == {
        other for match in ran.json["matches"] for other in (match["left"], match["right"])
    } - {ran.json["id"]}
    Image.fromarray(data.coffee()).save(tmp_path / "coffee.jpg")
    nothing = verify("match", tmp_path / "coffee.jpg", "--case", case)
    assert nothing.code == 1 and "3 photos" in nothing.out
    assert verify("audit", "--case", case, "--json").json["objects"] == 3
    assert not list((case / "tmp").iterdir())
