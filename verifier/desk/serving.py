"""A desk from its first word to its last: the case read, the workers started when needed, the server run."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from verifier.desk.application import application
from verifier.desk.case_desk import CaseDesk
from verifier.desk.clips import Clips
from verifier.desk.handing import Handing
from verifier.desk.server import server
from verifier.desk.session import Session
from verifier.evidence.vault import Vault
from verifier.executors.local import LocalExecutor
from verifier.store import Store


def serve(
    store: Store,
    opened: socket.socket,
    begun: Callable[[str], None],
    *,
    actor: str,
    lang: str,
    clock: Callable[[], str],
    keep_defect: Callable[[BaseException], object],
    weaker: bool,
    idle_seconds: float,
    out: Path | None = None,
) -> None:
    """Serve the case until it is ended, idle or interrupted. `begun` is given the address once it can be asked.
    `out`: where what is handed on may be written."""
    vault = Vault(store.folder)
    objects, passing = vault.furnish()
    session = Session(port=int(opened.getsockname()[1]), actor=actor, lang=lang)
    with LocalExecutor(workers=1, vault_root=objects, readable=(passing,), weaker=weaker) as executor:
        desk = CaseDesk(
            store=store,
            vault=vault,
            executor=executor,
            session=session,
            clock=clock,
            weaker=weaker,
            clips=Clips(passing),
            handing=Handing(out),
            keep_defect=keep_defect,
        )
        desk.view.ledger.read()
        session.last_act = desk.view.ledger.last_of(actor) if actor else 0
        running = server(application(desk), session, idle_seconds=idle_seconds)

        def end() -> None:
            running.should_exit = True

        desk.end = end
        desk.view.laid()
        begun(session.address)
        running.run(sockets=[opened])
