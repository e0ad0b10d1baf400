"""Redacted reports of folders of samples, under three policies: how many are refused, and what they cost.

Run: python -m benchmarks.redaction_samples FOLDER …
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.commands.inside import inside

POLICIES = {
    "as usual": (),
    "unlinkable": ("--unlinkable",),
    "finest": ("--coordinates", "3", "--times", "exact"),
}
FORMATS = "html,json,csv,geojson,case"


def main() -> None:
    """Print the table."""
    print("| folder | policy | written | values searched | CPU s |\n|---|---|---|---|---|")
    for name in sys.argv[1:]:
        folder = Path(name)
        with tempfile.TemporaryDirectory() as made:
            case = Path(made) / "case"
            inside("ingest", folder, "--case", case, "--operator", "R-7", "--jobs", 2, "--quiet")
            for policy, chosen in POLICIES.items():
                begun = time.process_time()
                out = Path(made) / policy.replace(" ", "-")
                ran = inside("report", "--redacted", "--case", case, "--out", out, "--format", FORMATS, *chosen)
                said = ran.err.strip().splitlines()[-1] if ran.code else "yes"
                searched = next((word for word in ran.out.replace(",", "").split() if word.isdigit()), "–")
                print(
                    f"| {folder.name} | {policy} | {said} | {searched} | {time.process_time() - begun:.1f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
