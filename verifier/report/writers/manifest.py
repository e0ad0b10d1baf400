"""The manifest of a redacted report: what its recipient checks with `sha256sum --check SHA256SUMS` and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from verifier.report.redaction.policy import Policy
from verifier.report.writers.json_report import dumps

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
SCHEMA = "verify-redaction/1"


def manifest(
    files: Mapping[str, bytes], policy: Policy, left_out: Mapping[str, int], searched: int
) -> dict[str, bytes]:
    """`manifest.json` with the policy and every file's digest, and `SHA256SUMS` over all of them."""
    stated = {
        "schema": SCHEMA,
        "policy": {
            "coordinates": policy.coordinates,
            "times": policy.times,
            "digests": policy.digests,
            "pictures": "coarse" if policy.pictures else "none",
        },
        "left_out": dict(left_out),
        "searched_for": searched,
        "files": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }
    listed = {**files, MANIFEST: dumps(stated)}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(listed.items()))
    return {MANIFEST: listed[MANIFEST], SUMS: sums.encode("ascii")}
