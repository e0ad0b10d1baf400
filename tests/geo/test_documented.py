"""Every code that the checks of place and time can yield is explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from verifier.findings.place import daylight, distance, speed
from verifier.findings.time import timeline
from verifier.instruments import Check

PAGE = (Path(__file__).parents[2] / "docs" / "findings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("check", [distance.CHECK, timeline.CHECK, daylight.CHECK, speed.CHECK], ids=lambda c: c.name)
def test_every_code_has_an_entry_that_says_what_it_means(check: Check) -> None:
    for code in check.codes:
        _, heading, entry = PAGE.partition(f"### `{code}`\n")
        assert heading, code
        assert "**Means:**" in entry.partition("\n###")[0], code
