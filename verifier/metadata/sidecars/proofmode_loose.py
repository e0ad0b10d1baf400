"""`HASH.proof.csv` and `HASH.proof.json` of ProofMode beside the picture: a bundle that was unpacked.

The account is about the medium of the SHA-256 that it states. Its signatures lie in other files and are not checked
here; only in a bundle are they at hand together with the medium and the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.instruments import Analyser, Parameters, Source
from verifier.metadata.sidecars.proofmode import account, accounts, stated_digest
from verifier.metadata.sidecars.telling import DIGEST, content, told
from verifier.records import Exhibit, Kind, Record

_MARKS = (b"File Hash SHA256", b"Proof Generated")


def analyse(exhibit: Exhibit, source: Source, parameters: Parameters) -> Iterator[Record]:
    """Readings `proofmode:*`, one account after the other. Silent on other tables and on other JSON."""
    if not all(mark in source.head for mark in _MARKS):
        return
    form = "json" if exhibit.media_type == "application/json" else "csv"
    for number, said in enumerate(accounts(content(source), form), 1):
        digest = stated_digest(said)
        if digest is not None:
            yield from told("proofmode", {"file_hash": digest, **account(said)}, f"proof {number}", DIGEST + digest)


ANALYSER = Analyser(
    name="sidecar-proofmode",
    version=1,
    accepts=frozenset({Kind.SIDECAR}),
    media_types=frozenset({"text/csv", "text/plain", "application/json"}),
    analyse=analyse,
)
