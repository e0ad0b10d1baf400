"""Every rule of this room stands in docs/findings.md with its meaning and how often it fires."""

from __future__ import annotations

import re
from pathlib import Path

from verifier.registry import load

PAGE = Path(__file__).parent.parent.parent / "docs" / "findings.md"


def entries() -> dict[str, str]:
    """Code -> its text."""
    parts = re.split(r"^### `([a-z0-9_.]+)`$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def codes(*names: str) -> set[str]:
    return {code for check in load().checks.values() if check.name in names for code in check.codes}


def test_every_code_of_metadata_has_an_entry_with_meaning_and_rate() -> None:
    written = entries()
    wanted = codes("clocks", "lineage", "device", "checksums", "proofmode", "c2pa", "structure")
    assert len(wanted) > 30
    assert sorted(wanted - written.keys()) == []
    for code in wanted:
        assert "**Means:**" in written[code], code
        assert "**How often:**" in written[code], code


def test_no_entry_speaks_of_a_rule_that_is_no_more() -> None:
    known = {code for check in load().checks.values() for code in check.codes}
    rooms = ("clock.", "lineage.", "device.", "checksums.", "proofmode.", "c2pa.", "structure.")
    assert [code for code in entries() if code.startswith(rooms) and code not in known] == []
