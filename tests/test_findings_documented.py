"""Every rule of every check stands in docs/findings.md; those of metadata with meaning and rate."""

from __future__ import annotations

import re
from pathlib import Path

from verifier.executors.registry import load

PAGE = Path(__file__).parent.parent / "docs" / "findings.md"
METADATA = ("clocks", "lineage", "device", "checksums", "proofmode")


def entries() -> dict[str, str]:
    """Code -> its text; a heading may name several codes."""
    parts = re.split(r"^### (`[a-z0-9_.]+`(?:, `[a-z0-9_.]+`)*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {}
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        for code in re.findall(r"`([a-z0-9_.]+)`", heading):
            assert code not in found, f"{code} has two entries"
            found[code] = text
    return found


def test_every_code_of_every_check_has_an_entry() -> None:
    written = entries()
    wanted = {code for check in load().checks.values() for code in check.codes}
    assert len(wanted) > 50
    assert sorted(wanted - written.keys()) == []
    assert sorted(code for code in written if not written[code].strip()) == []


def test_the_entries_of_metadata_tell_meaning_and_rate() -> None:
    written = entries()
    for check in load().checks.values():
        if check.name in METADATA:
            for code in check.codes:
                assert "**Means:**" in written[code], code
                assert "**How often:**" in written[code], code


def test_no_entry_speaks_of_a_rule_that_is_no_more() -> None:
    known = {code for check in load().checks.values() for code in check.codes}
    assert sorted(entries().keys() - known) == []
