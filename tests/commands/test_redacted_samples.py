"""A clean redacted report of real files is never refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.inside import inside


@pytest.mark.samples
@pytest.mark.parametrize("policy", [(), ("--unlinkable",), ("--coordinates", "3", "--times", "exact")], ids=str)
@pytest.mark.parametrize("folder", ["reported-geo", "reported", "reported-security"])
def test_a_clean_report_is_not_refused(samples: Path, folder: str, policy: tuple[str, ...], tmp_path: Path) -> None:
    taken = inside("ingest", samples / folder, "--case", tmp_path / "case", "--operator", "R-7", "--quiet")
    assert taken.code in (0, 1), taken.err
    ran = inside("report", "--redacted", "--case", tmp_path / "case", "--out", tmp_path / "out", *policy)
    assert ran.code == 0, ran.err
