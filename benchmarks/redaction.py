"""Planted secrets in redacted reports: how many are told, how many leaks the second look catches, and what it costs.

Run: python -m benchmarks.redaction
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.report.planted import planted
from tests.report.test_redaction import ENCODINGS
from verifier.report.redaction.pieces import Secret
from verifier.report.redaction.policy import Policy
from verifier.report.redaction.redact import redact
from verifier.report.redaction.scan import Scanner
from verifier.report.redaction.secrets import secrets_of
from verifier.workflow.progress import silent
from verifier.workflow.redact import our_words, write_all

FORMATS = ("html", "pdf", "json", "csv", "case", "geojson")
LONG_ENOUGH = 10


def _nothing(identity: str) -> bytes:
    raise FileNotFoundError(identity)


def main() -> None:
    """Print the tables."""
    case, known, prints = planted()
    policy = Policy()
    begun = time.process_time()
    scanner = Scanner(secrets_of(case, policy, prints), our_words())
    built = time.process_time() - begun
    with tempfile.TemporaryDirectory() as folder:
        print("| format | bytes | secrets found | search, CPU s | s per MB |")
        print("|---|---|---|---|---|")
        hidden, _ = redact(case, policy, bytes(32))
        for name in FORMATS:
            files = write_all(hidden, _nothing, (name,), "en", Path(folder), silent)
            size = sum(map(len, files.values()))
            begun = time.process_time()
            leaks = scanner.leaks(files)
            spent = time.process_time() - begun
            print(f"| {name} | {size:,} | {len(leaks)} | {spent:.2f} | {spent / size * 1e6:.1f} |")
    count = sum(map(len, known.values()))
    print(
        f"\nPlanted: {count} secrets of {len(known)} kinds; searched for: {scanner.searched} values; "
        f"too short: {scanner.too_short}; our own words: {scanner.in_our_words}; list built in {built:.1f} CPU s.\n"
    )
    print("| writing | secrets leaked alone | caught |")
    print("|---|---|---|")
    texts = sorted({text for found in known.values() for text in found if len(text) >= LONG_ENOUGH})[::8]
    for name, encoding in ENCODINGS.items():
        caught = sum(bool(Scanner([Secret("planted", text, True)]).leaks({"page": encoding(text)})) for text in texts)
        print(f"| {name} | {len(texts)} | {caught} |")


if __name__ == "__main__":
    main()
