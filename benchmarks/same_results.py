"""Whether two revisions give the same answers over `fixtures/demo`: fingerprints, matches, groups, findings, readings.

Usage: python -m benchmarks.same_results BASE [OTHER]. Each revision is checked out beside the other and run with this
interpreter. Left out of the comparison: times, durations, ids of runs and the tool's own version. Instruments and
checks by the same name and version must say the same; sentences are compared by code and values.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LEFT_OUT = {"elapsed_s", "acquired_at", "modified_at", "statement", "caveat", "at", "event", "previous", "digest"}


def answers(revision: str, work: Path) -> dict[str, Any]:
    """What a revision says of the demo."""
    checkout = work / "checkout"
    subprocess.run(
        ["git", "-C", str(ROOT), "worktree", "add", "--quiet", "--detach", str(checkout), revision], check=True
    )
    try:
        environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
        case, out, demo = work / "case", work / "out", checkout / "fixtures" / "demo"
        common = ["--case", str(case)]
        for arguments in (
            ["ingest", str(demo), *common, "--batch", str(demo / "batch.toml"), "--operator", "demo", "--quiet"],
            ["report", *common, "--out", str(out), "--format", "json"],
        ):
            done = subprocess.run(
                [sys.executable, "-m", "verifier", *arguments],
                env=environment,
                cwd=work,
                capture_output=True,
                check=False,
            )
            assert done.returncode in (0, 1), done.stderr[-2000:]
        report = json.loads((out / "report.json").read_bytes())
        return {**_parts(report), "fingerprints": _fingerprints(case / "case.db")}
    finally:
        subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(checkout)], check=True)


def _parts(report: dict[str, Any]) -> dict[str, Any]:
    exhibits = report["exhibits"]
    return {
        "exhibits": sorted(item["id"] for item in exhibits),
        "facts": _by_exhibit(exhibits, "facts"),
        "readings": _by_exhibit(exhibits, "readings"),
        "findings": _by_exhibit(exhibits, "findings"),
        "faults": _by_exhibit(exhibits, "faults"),
        "events": _by_exhibit(exhibits, "events"),
        "matches": _bare(report["matches"]),
        "groups": _bare(report["groups"]),
        "skipped": sorted(item["reason"] for item in report["skipped"]),
    }


def _by_exhibit(exhibits: list[dict[str, Any]], part: str) -> dict[str, Any]:
    return {item["id"]: _bare(item[part]) for item in exhibits}


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        taken_in = {"not_after"} if value.get("not_after_basis") == "acquisition" else set()
        return {key: _bare(inner) for key, inner in value.items() if key not in LEFT_OUT | taken_in}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value


def _fingerprints(database: Path) -> list[list[str]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(fingerprints)")]
        kept = [name for name in columns if name not in {"entry", "id", "rowid"}]
        return sorted(
            [repr(cell) for cell in row]
            for row in connection.execute(f"SELECT {', '.join(kept)} FROM fingerprints")  # noqa: S608 - our own names
        )


def main() -> None:
    """Print one line a part: equal, or how many differ; exit 1 where anything does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("other", nargs="?", default="HEAD")
    given = parser.parse_args()
    said = []
    for revision in (given.base, given.other):
        with tempfile.TemporaryDirectory() as work:
            said.append(answers(revision, Path(work)))
    one, other = said
    differing = 0
    for part in one:
        same = one[part] == other[part]
        differing += not same
        count = len(one[part])
        print(f"{part}: {count} {'equal' if same else 'DIFFER'}")
        if not same and isinstance(one[part], dict):
            print("  at", [key[:12] for key in one[part] if one[part][key] != other[part].get(key)][:10])
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
