"""A small case with bytes behind every record, sealed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.store.made import AT, exhibit
from verifier.custody import seal as sealing
from verifier.evidence.acquire import Acquirer
from verifier.evidence.vault import Vault
from verifier.instruments import Outcome
from verifier.records import Claim, Derivative, Member, Run
from verifier.store import Store
from verifier.workflow.integrity.seal import seal

CONTENTS = (b"one", b"two", b"three " * 1000, b"\xff\xd8\xff\xe0 a picture")
IDS = sorted(hashlib.sha256(content).hexdigest() for content in CONTENTS)


def sealed_case(folder: Path) -> Path:
    """A case of four exhibits, one with a derivative, with a claim and a seal."""
    case = folder / "case"
    Store.create(case, title="The square", at=AT, tool_version="1")
    vault = Vault(case)
    vault.furnish()
    with Store.open(case, writing=True) as store:
        members = [(exhibit(1).id, Member(path=b"in/%d.jpg" % number, content=content))
                   for number, content in enumerate(CONTENTS)]  # fmt: skip
        store.take_in(Acquirer(vault).acquire_members(members, at=AT), [], batch=None, actor="Oak", at=AT)
        grey = Derivative(
            id=hashlib.sha256(b"grey").hexdigest(), recipe="r/1", media_type="image/webp", content=b"grey"
        )
        vault.keep_derivative(grey)
        told = Run(exhibit=IDS[0], instrument="still", version=1, origin="built-in", parameters_digest="0" * 64,
                   elapsed_seconds=0.1, result="done")  # fmt: skip
        store.record([Outcome(exhibit=IDS[0], runs=(told,), records={"still": (grey,)})], actor="Oak", at=AT)
        said = Claim(id="c-1", exhibit=IDS[0], batch=None, by="Oak", description="seen from the roof")
        store.say([said], actor="Oak", at=AT, action="claim")
        seal(store, sealing.new_key(), "oak", clock=lambda: AT)
    return case
