"""`verify seal`, `verify log`, `verify anchor`: what makes it impossible to rewrite the custody log in silence."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from verifier.commands.opening import CaseOption, case_path, clock, operator_of, settings_of
from verifier.errors import UsageError

OperatorOption = Annotated[str | None, typer.Option(help="Your name or pseudonym; it is signed with this.")]


def seal(
    key: Annotated[Path, typer.Option("--key", help="Your private key (Ed25519, PEM).", show_default=False)],
    make_key: Annotated[bool, typer.Option("--make-key", help="Make a new key at that place first.")] = False,
    ssh: Annotated[
        Path | None,
        typer.Option(
            "--ssh",
            metavar="FILE",
            help="Write the checkpoint there too, with FILE.sig, for ssh-keygen -Y verify.",
            show_default=False,
        ),
    ] = None,
    case: CaseOption = None,
    operator: OperatorOption = None,
) -> None:
    """Sign the custody log as it is now. Give the printed checkpoint away: then nothing before it can be rewritten.

    Refuses (3) where records, seals or derivatives are not what was written: a seal over them would cover that up.
    The passphrase is asked for on a terminal, else taken from $VERIFY_PASSPHRASE.
    """
    from verifier.commands.console import say, warn
    from verifier.commands.opening import writing
    from verifier.evidence.vault import Vault
    from verifier.visible import visible
    from verifier.workflow.integrity import seal as sealing
    from verifier.workflow.integrity.look import look_first
    from verifier.workflow.integrity.ssh import check_place, write_for_ssh

    root = case_path(case)
    if ssh is not None:
        check_place(root, ssh.absolute())
    name = operator_of(operator, settings_of(root))
    if not name:
        raise UsageError("Somebody must sign this: give --operator NAME (a pseudonym will do).")
    passphrase = _passphrase(new=make_key)
    with writing(root) as store:
        look_first(store, Vault(root))
        if make_key:
            sealing.make_key(key, passphrase)
        signer = sealing.read_key(key, passphrase)
        sealed = sealing.seal(store, signer, name, clock=clock())
    if ssh is not None:
        write_for_ssh(root, ssh.absolute(), sealed, name, signer)
    if make_key and passphrase is None:
        warn("The new key has no passphrase: whoever reads that file can sign as you.")
    say(sealed.note)
    if ssh is not None:
        file = visible(ssh.name, 200)
        words = f"-f {file}.signers -I {name} -n verify-checkpoint -s {file}.sig"
        say(f"Checked with: ssh-keygen -Y verify {words} < {file}")
    say(f"Sealed {sealed.size} events. Print this, read it to counsel, or have it time-stamped: verify anchor")


def log(
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write, e.g. custody.jsonl", show_default=False)],
    case: CaseOption = None,
    operator: OperatorOption = None,
) -> None:
    """Write the custody log out, one event a line, for a stranger who checks it with sha256sum (docs/custody.md)."""
    from verifier.commands.console import say
    from verifier.commands.opening import writing
    from verifier.workflow.integrity.seal import write_log
    from verifier.workflow.progress import NOT_STATED

    root = case_path(case)
    with writing(root) as store:
        count = write_log(store, out.absolute(), actor=operator_of(operator, settings_of(root)) or NOT_STATED,
                          clock=clock())  # fmt: skip
    say(f"Wrote {count} events.")


def anchor(
    make_query: Annotated[
        Path | None, typer.Option("--make-query", metavar="OUT.tsq", help="Write a query on the newest checkpoint.")
    ] = None,
    answer: Annotated[
        Path | None, typer.Option("--import", metavar="FILE.tsr", help="Check and keep an authority's answer.")
    ] = None,
    authority: Annotated[
        list[Path] | None, typer.Option("--root", metavar="CA.pem", help="The authority's root certificate; repeat.")
    ] = None,
    case: CaseOption = None,
    operator: OperatorOption = None,
) -> None:
    """Time stamps (RFC 3161) on the newest checkpoint. Nothing is sent: carry the query to an authority yourself."""
    from verifier.commands.console import say
    from verifier.commands.opening import reading, writing
    from verifier.visible import visible
    from verifier.workflow.integrity import seal as sealing
    from verifier.workflow.progress import NOT_STATED

    if (make_query is None) == (answer is None):
        raise UsageError("Give either --make-query OUT.tsq or --import FILE.tsr.")
    root = case_path(case)
    if make_query is not None:
        with reading(root) as store:
            sealing.query(store, make_query.absolute())
        say("Wrote the query; only the digest of the checkpoint is in it. Carry the answer back, then: --import")
        return
    if answer is None or not authority:
        raise UsageError("Name the authority's root certificate with --root CA.pem; nobody is trusted unasked.")
    actor = operator_of(operator, settings_of(root)) or NOT_STATED
    with writing(root) as store:
        stamp = sealing.anchor(store, answer, authority, actor=actor, clock=clock())
    say(f"The checkpoint existed at {stamp.at}, says {visible(stamp.authority, 300)}.")


def _passphrase(*, new: bool) -> bytes | None:
    given = os.environ.get("VERIFY_PASSPHRASE")
    if given is None and sys.stdin.isatty() and sys.stderr.isatty():
        given = typer.prompt(
            "Passphrase of the key (Enter: none)", default="", show_default=False, hide_input=True, err=True,
            confirmation_prompt=new,
        )  # fmt: skip
    return given.encode() if given else None


def register(app: typer.Typer) -> None:
    """Hang the verbs on the app."""
    app.command()(seal)
    app.command()(log)
    app.command()(anchor)
