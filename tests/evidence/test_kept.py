"""Blocks that are kept come back as they were, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import CaseUnwritable
from verifier.evidence.kept import FOLDER, KeptBlocks


def content(kept: KeptBlocks) -> list[bytes] | None:
    blocks = kept.read()
    return None if blocks is None else [bytes(block) for _, block in blocks]


def test_nothing_is_kept_before_the_first_time(tmp_path: Path) -> None:
    assert KeptBlocks(tmp_path, "one").read() is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.binary(max_size=40), max_size=5), min_size=1, max_size=5))
def test_the_last_blocks_that_were_kept_come_back(tmp_path_factory: pytest.TempPathFactory, states) -> None:
    case = tmp_path_factory.mktemp("case")
    kept = KeptBlocks(case, "one")
    for blocks in states:
        known = {bytes(block): digest for digest, block in kept.read() or []}
        kept.keep([known.get(block, block) for block in blocks])
        assert content(kept) == blocks
    assert len(list((case / FOLDER / "one").iterdir())) == 1 + len(set(states[-1]))  # no block of an earlier state


def test_names_are_apart_and_can_be_forgotten(tmp_path: Path) -> None:
    one, other = KeptBlocks(tmp_path, "one"), KeptBlocks(tmp_path, "other")
    one.keep([b"1"])
    other.keep([b"2", b"3"])
    assert (content(one), content(other)) == ([b"1"], [b"2", b"3"])
    one.forget()
    assert (content(one), content(other)) == (None, [b"2", b"3"])


def _changed(folder: Path, block: Path) -> None:
    block.chmod(0o600)
    block.write_bytes(b"otherwise")


def _linked(folder: Path, block: Path) -> None:
    outside = folder.parent / "outside"
    outside.write_bytes(block.read_bytes())
    block.unlink()
    block.symlink_to(outside)


def _folder(folder: Path, block: Path) -> None:
    block.unlink()
    block.mkdir()


def _listed(text: bytes):
    def change(folder: Path, block: Path) -> None:
        (folder / "list").chmod(0o600)
        (folder / "list").write_bytes(text)

    return change


@pytest.mark.parametrize(
    "damage",
    [_changed, _linked, _folder, lambda folder, block: block.unlink(), _listed(b"../../case.db\n"),
     _listed(b"0" * 63 + b"\n"), _listed(b"0" * 64), _listed(b"\xff" * 65), _listed(b"0" * 64 + b"\n")],
    ids=["changed", "a link", "a folder", "gone", "a path", "too short", "cut off", "no digests", "not there"],
)  # fmt: skip
def test_what_is_not_what_it_was_is_not_read(damage, tmp_path: Path) -> None:
    kept = KeptBlocks(tmp_path, "one")
    kept.keep([b"a block", b"another"])
    folder = tmp_path / FOLDER / "one"
    damage(folder, next(path for path in sorted(folder.iterdir()) if path.name != "list"))
    assert kept.read() is None
    if damage is not _folder:
        kept.keep([b"made again"])
        assert content(kept) == [b"made again"]


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file is in the way")
    with pytest.raises(CaseUnwritable):
        KeptBlocks(tmp_path, "one").keep([b"1"])
