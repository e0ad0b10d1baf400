"""How long a report is, and what stands on a first screen: pages, repeated sentences, lines.

Run: python -m benchmarks.brief CASE      (a case of fixtures/demo, taken in with its batch note)
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from pypdf import PdfReader

from tests.test_demo import Sentences, exhibit_pages

GOALS = {"pages of the brief": "6", "pages of the annex an exhibit, median (mean)": "2",
         "largest count of one sentence": "3", "lines of `status`": "30",
         "its longest line but commands": "80"}  # fmt: skip


def ran(*words: object) -> str:
    """What a command says, in 80 columns."""
    command = [sys.executable, "-m", "verifier", *map(str, words)]
    surroundings = {**os.environ, "COLUMNS": "80"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings).stdout


def measured(case: Path, lang: str, out: Path) -> dict[str, str]:
    """The figures of a report in one language."""
    ran("report", "--case", case, "--out", out, "--format", "html,pdf", "--annex", "--lang", lang)
    annex = PdfReader(out / "annex.pdf")
    each = [after - before for before, after in pairwise(exhibit_pages(annex))]
    page = Sentences()
    page.feed((out / "report.html").read_text(encoding="utf-8"))
    page.end()
    return {
        "pages of the brief": str(len(PdfReader(out / "report.pdf").pages)),
        "pages of the annex": str(len(annex.pages)),
        "pages of the annex an exhibit, median (mean)": f"{statistics.median(each):.0f} ({statistics.mean(each):.1f})",
         "largest count of one sentence": "3", "lines of `status`": "30",
         "its longest line but commands": "80"}  # fmt: skip


def main(case: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        english, persian = (measured(case, lang, Path(folder) / lang) for lang in ("en", "fa"))
    status = ran("status", "--case", case).splitlines()
    english["lines of `status`"] = str(len(status))
    english["its longest line but commands"] = str(max(len(line) for line in status if "verify " not in line))
    print("| | en | fa | goal |\n|---|---|---|---|")
    for name, found in english.items():
        print(f"| {name} | {found} | {persian.get(name, '–')} | {GOALS.get(name, '')} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
