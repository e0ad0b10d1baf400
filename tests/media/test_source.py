"""The vault's copy as instruments see it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from verifier.errors import Corrupt
from verifier.media.source import VaultSource


@pytest.fixture
def source(tmp_path: Path) -> VaultSource:
    (tmp_path / "copy").write_bytes(bytes(range(256)) * 400)
    return VaultSource(tmp_path / "copy")


def test_size_and_head(source: VaultSource) -> None:
    assert source.size == 102_400
    assert len(source.head) == 1 << 16 and source.head[:3] == b"\0\1\2"


def test_a_length_that_bytes_only_claim_costs_nothing(source: VaultSource) -> None:
    with source.open() as stream:
        stream.seek(102_390)
        assert len(stream.read(1 << 62)) == 10
        assert stream.read(1 << 62) == b""


def test_offsets_that_no_file_has(source: VaultSource) -> None:
    with source.open() as stream:
        assert stream.seek(1 << 80) == 102_400
        assert stream.read(1) == b""
        assert stream.seek(-10, os.SEEK_END) == 102_390
        assert stream.seek(-5, os.SEEK_CUR) == 102_385
        with pytest.raises(ValueError):
            stream.seek(-1)


def test_links_and_folders_are_not_copies(tmp_path: Path, source: VaultSource) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "copy")
    with pytest.raises(OSError):
        VaultSource(tmp_path / "link").open()
    with pytest.raises((Corrupt, OSError)):
        VaultSource(tmp_path).open()
