"""Puts the sections that each benchmark wrote (benchmarks/results/*.md) together into benchmarks/results.md."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
FIRST = """# Results

Every figure here was printed by a script of this folder; each section names it. The machine has 2 cores that others
share, so seconds are CPU seconds and what counts is the ratio within one run. Where a goal was missed, it says so.
"""


def main() -> None:
    sections = [path.read_text(encoding="utf-8").strip() for path in sorted((HERE / "results").glob("*.md"))]
    (HERE / "results.md").write_text("\n\n".join([FIRST.strip(), *sections]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
