"""A sealed case with something of everything a package carries, and its package."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.store.made import AT
from verifier.custody import seal as sealing
from verifier.evidence.acquire import Acquirer
from verifier.evidence.vault import Vault
from verifier.records import (
    Assessment,
    Batch,
    Claim,
    Exhibit,
    Incident,
    Member,
    Observation,
    Question,
    Skipped,
    Standing,
    Verdict,
)
from verifier.store import Store
from verifier.store.handing.bringing_in import SAID, identity_of
from verifier.workflow.handing.export import Exported, export
from verifier.workflow.integrity.seal import seal
from verifier.workflow.progress import silent

CONTENTS = tuple(b"\xff\xd8\xff\xe0 picture %d " % number + b"." * number * 700 for number in range(6))
IDS = tuple(hashlib.sha256(content).hexdigest() for content in CONTENTS)
HEARD = "heard of from "  # what only exhibit 0's records say begins so
WORDS_OF_OTHERS = ("IMG_SECRET_5.jpg", "the neighbour's words of 5")


def at(second: int) -> str:
    return f"2026-01-02T03:04:{second:02d}.000Z"


def make(case: Path, contents: tuple[bytes, ...] = CONTENTS, *, title: str = "The square", case_id: str = "") -> Path:
    """A case of these contents, each taken in as its own file, with readings and what people say, sealed."""
    Store.create(case, title=title, at=AT, tool_version="1")
    vault = Vault(case)
    vault.furnish()
    with Store.open(case, writing=True) as store:
        for number, content in enumerate(contents):
            take_in(store, vault, content, name=b"IMG_SECRET_%d.jpg" % number, second=number)
        ids = [hashlib.sha256(content).hexdigest() for content in contents]
        say(store, ids)
        if case_id:
            store.set_setting("case.id", case_id, actor="Oak", at=AT)
        store.judged({}, actor="Oak", at=AT, detail={})
        seal(store, sealing.new_key(), "oak", clock=lambda: at(30))
    return case


def take_in(
    store: Store, vault: Vault, content: bytes, *, name: bytes, second: int, batch: Batch | None = None
) -> Exhibit:
    """One file as a member of nothing: its bytes in the vault, its acquisition in the log."""

    ((exhibit, acquisition),) = Acquirer(vault).acquire_members(
        [("", Member(path=name, content=content))], at=at(second)
    )
    acquisition = replace(acquisition, inside=None, path=b"/media/" + name, batch=batch.id if batch else None)
    store.take_in([(exhibit, acquisition)], [], batch=batch, actor="Oak", at=at(second))
    return exhibit


def say(store: Store, ids: list[str]) -> None:
    for number, exhibit in enumerate(ids):
        told = Claim(id=f"c-{exhibit[:8]}", exhibit=exhibit, batch=None, by="K-1",
                     description=f"the neighbour's words of {number}", at=at(10))  # fmt: skip
        store.say([told], actor="Oak", at=at(10), action="claim")
    left, right = sorted(ids[:2])
    store.say([Verdict(left=left, right=right, decision="same", note="", by="Oak", at=at(11))], actor="Oak", at=at(11),
              action="verdict")  # fmt: skip
    store.say(
        [
            Assessment(id=f"a-{ids[0][:8]}", exhibit=ids[0], question=Question.PLACE, level="probable", analyst="Oak",
                       at=at(12)),
            Observation(id=f"o-{ids[0][:8]}", exhibit=ids[0], what="smoke", by="Oak", at=at(12)),
            Standing(id=f"s-{ids[0][:8]}", exhibit=ids[0], stage="triaged", reason=None, by="Oak", at=at(12)),
        ],
        actor="Oak", at=at(12), action="notes",
    )  # fmt: skip
    store.say([Incident(id="i-1", title="Noon", members=(ids[0], ids[1]), by="Oak", at=at(13))], actor="Oak",
              at=at(13), action="incident")  # fmt: skip
    store.take_in([], [Skipped(path=b"/media/IMG_SECRET_pipe", reason="a named pipe", at=at(14))], batch=None,
                  actor="Oak", at=at(14))  # fmt: skip


def package(case: Path, out: Path, *, exhibits: tuple[str, ...] = ()) -> Exported:
    with Store.open(case, writing=True) as store:
        return export(store, Vault(case), out, exhibits=exhibits, lang="en", actor="Ana", clock=lambda: at(40),
                      progress=silent)  # fmt: skip


def exported(folder: Path) -> Path:
    """The package of a case made there."""
    folder.mkdir(parents=True, exist_ok=True)
    return package(make(folder / "case"), folder / "out").folder


def state(case: Path) -> dict[str, Any]:
    """What has to be equal, however two cases were merged."""
    with Store.open(case, writing=False) as store:
        told: dict[str, Any] = {
            "exhibits": sorted(store.exhibits(), key=lambda one: one.id),
            "acquisitions": set(store.acquisitions()),
            "skipped": set(store.skipped()),
            "preserved": set(store.preserved()),
            "objects": {name for _, path, _ in Vault(case).objects() for name in [Path(path).name]},
        }
        for kind in SAID:
            said = store.said(kind)
            told[kind.__name__] = set(said)
            identity = identity_of(kind)
            if identity is not None:
                told[f"last {kind.__name__}"] = {identity(item): item for item in said}
        return told
