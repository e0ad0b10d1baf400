"""`verify bank`: make, fill, exchange and list banks of earlier footage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.commands.opening import JsonOption, reading
from verifier.errors import BadBank, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from verifier.hashing.banks.bank import Bank, BankItem
    from verifier.hashing.banks.lists import ListForm
    from verifier.settings import Settings
    from verifier.workflow.banks.keep import OpenBank

GUARD = (
    "A bank holds no pictures, but its hashes can be turned back into recognisable ones: guard it as you guard them, "
    "and seal it when it leaves (verify bank export --passphrase-file)."
)

NameArgument = Annotated[Path, typer.Argument(metavar="BANK", help="The bank's file (.bank is added).")]
FromOption = Annotated[Path | None, typer.Option("--from", metavar="CASE", help="Fill it from this case.")]
ExhibitOption = Annotated[
    list[str] | None, typer.Option("--exhibit", metavar="ID", help="Only this exhibit of the case; repeat.")
]
DatedOption = Annotated[
    str | None, typer.Option("--dated-by", metavar="DAY", help="YYYY-MM-DD: all of it existed by then, you say.")
]
KeyOption = Annotated[Path | None, typer.Option("--key", help="Sign with this private key (Ed25519, PEM).")]
KeyPassOption = Annotated[Path | None, typer.Option(help="File with the passphrase of that key.")]
PassOption = Annotated[Path | None, typer.Option("--passphrase-file", help="File with the bank's passphrase.")]
TrustOption = Annotated[list[Path] | None, typer.Option("--trust", help="Public key (PEM) that you trust; repeat.")]
AgainstOption = Annotated[
    list[Path] | None,
    typer.Option("--against", metavar="BANK", help="Hold exhibits against this bank of earlier footage; repeat."),
]

banks_app = typer.Typer(no_args_is_help=True, help="Banks of earlier footage: fingerprints only, no media.")


@banks_app.command()
def create(
    name: NameArgument,
    source: FromOption = None,
    exhibit: ExhibitOption = None,
    dated_by: DatedOption = None,
    key: KeyOption = None,
    key_passphrase_file: KeyPassOption = None,
) -> None:
    """Make a bank, empty or filled from a case."""
    from verifier.workflow.banks import keep as banks

    path = banks.path_of(name)
    made = banks.create(path)
    if source is not None:
        made = banks.added(path, made, _items(source, exhibit, dated_by))
    _said(banks.write(path, made, _key(key, key_passphrase_file)), guard=True)


@banks_app.command()
def add(
    name: NameArgument,
    source: Annotated[Path, typer.Option("--from", metavar="CASE", help="The case.", show_default=False)],
    exhibit: ExhibitOption = None,
    dated_by: DatedOption = None,
    key: KeyOption = None,
    key_passphrase_file: KeyPassOption = None,
    passphrase_file: PassOption = None,
) -> None:
    """Add what a case knows to a bank."""
    from verifier.workflow.banks import keep as banks

    known = banks.read(name, passphrase(passphrase_file))
    _grown(known, banks.added(known.path, known.bank, _items(source, exhibit, dated_by)), key, key_passphrase_file,
           passphrase_file)  # fmt: skip


@banks_app.command("import")
def import_(
    name: NameArgument,
    file: Annotated[Path, typer.Argument(help="PDQ hashes: plain, CSV or JSON; or a vPDQ list of one clip.")],
    form: Annotated[str | None, typer.Option(help="plain, csv, json or vpdq (else told by its look).")] = None,
    dated_by: DatedOption = None,
    key: KeyOption = None,
    key_passphrase_file: KeyPassOption = None,
    passphrase_file: PassOption = None,
) -> None:
    """Read a hash list of others into a bank, which is made if there is none."""
    from verifier.workflow.banks import keep as banks

    chosen = None if form is None else _form(form)
    items = banks.read_list(file, chosen, latest=_day(dated_by))
    path = banks.path_of(name)
    if not path.exists():
        made = banks.added(path, banks.create(path), items)
        _said(banks.write(path, made, _key(key, key_passphrase_file), passphrase(passphrase_file)), guard=True)
        return
    known = banks.read(path, passphrase(passphrase_file))
    _grown(known, banks.added(path, known.bank, items), key, key_passphrase_file, passphrase_file)


@banks_app.command()
def export(
    name: NameArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write.", show_default=False)],
    form: Annotated[str, typer.Option(help="bank, or for other tools: plain, csv, json, vpdq.")] = "bank",
    item: Annotated[list[str] | None, typer.Option("--item", help="Only items whose id begins so; repeat.")] = None,
    seal_with: Annotated[
        Path | None, typer.Option("--passphrase-file", help="Seal it with the passphrase in this file.")
    ] = None,
    opened_with: Annotated[Path | None, typer.Option("--open-with", help="Passphrase file of a sealed bank.")] = None,
    key: KeyOption = None,
    key_passphrase_file: KeyPassOption = None,
) -> None:
    """Write a bank for somebody else: sealed with a passphrase, or as a plain list for other tools."""
    from verifier.commands.console import say, warn
    from verifier.visible import visible
    from verifier.workflow.banks import keep as banks

    known = banks.read(name, passphrase(opened_with))
    if form == "bank":
        if item:
            raise UsageError("A bank is exported whole; --item is for lists.")
        if seal_with is None:
            warn(GUARD)
        _said(banks.write_out(out, known, _key(key, key_passphrase_file), passphrase(seal_with)), guard=False)
        return
    if seal_with is not None:
        raise UsageError("Only a bank can be sealed: leave --form away, or encrypt the list by other means.")
    warn(GUARD)
    count = banks.write_list(out, known, _form(form), item or ())
    say(f"Wrote {count} items to {visible(str(out))}.")


@banks_app.command("list")
def list_(
    names: Annotated[list[Path] | None, typer.Argument(metavar="BANK…", help="Banks (else *.bank here).")] = None,
    trust: TrustOption = None,
    passphrase_file: PassOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what banks hold: items, the days they cover, who signed them."""
    from verifier.commands.console import say, say_json, table
    from verifier.workflow.banks import keep as banks

    paths = names or sorted(Path.cwd().glob(f"*{banks.SUFFIX}"))
    opened = [banks.read(path, passphrase(passphrase_file)) for path in paths]
    trusted = _trusted(trust or ())
    rows = [(one, one.bank.coverage) for one in opened]
    if as_json:
        say_json([_plain(one, trusted) for one in opened])
        return
    table(
        ("Bank", "Revision", "Items", "Hashes", "From", "To", "Signature", "SHA-256"),
        [
            (one.bank.name, one.bank.revision, len(one.bank), len(one.bank.owner), first or "-", last or "-",
             one.state(trusted), one.digest[:16])
            for one, (first, last) in rows
        ],
    )  # fmt: skip
    if not opened:
        say("No bank here. Make one with: verify bank create NAME --from CASE")


def _plain(one: OpenBank, trusted: Sequence[str]) -> dict[str, object]:
    first, last = one.bank.coverage
    return {
        "path": str(one.path),
        "name": one.bank.name,
        "revision": one.bank.revision,
        "digest": one.digest,
        "items": len(one.bank),
        "hashes": len(one.bank.owner),
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
        "signers": list(one.signers),
        "signature": one.state(trusted),
        "sealed": one.was_sealed,
    }


# ---------------------------------------------------------------- for the other verbs


def opened(against: Sequence[Path] | None, settings: Settings, case: Path) -> list[OpenBank]:
    """The banks that were named, and those of the case's settings (paths from the case folder on)."""
    if not against and not settings.banks:
        return []
    from verifier.workflow.banks import keep as banks

    known = [banks.read(path) for path in [*(against or ()), *(case / name for name in settings.banks)]]
    return list({one.digest: one for one in known}.values())


def passphrase(file: Path | None) -> bytes | None:
    """The first line of a file, without its end."""
    if file is None:
        return None
    try:
        words = file.read_bytes().split(b"\n", 1)[0].rstrip(b"\r")
    except OSError as error:
        raise UsageError(f"The passphrase file {file} cannot be read: {error.strerror}.") from error
    if not words:
        raise UsageError(f"There is no passphrase in {file}.")
    return words


# ---------------------------------------------------------------- parts


def _items(source: Path, exhibit: Sequence[str] | None, dated_by: str | None) -> list[BankItem]:
    from verifier.evidence.vault import Vault
    from verifier.workflow.banks import keep as banks

    root = source.absolute()
    with reading(root) as store:
        only = {store.exhibit(prefix).id for prefix in exhibit or ()}
        return list(banks.items_of(store, Vault(root), only=only, latest=_day(dated_by)))


def _grown(
    known: OpenBank, grown: Bank, key: Path | None, key_passphrase: Path | None, passphrase_file: Path | None
) -> None:
    from verifier.commands.console import say, warn
    from verifier.workflow.banks import keep as banks

    if grown is known.bank:
        say("Nothing new: every item is in the bank already.")
        return
    if known.signers and key is None:
        warn("The bank was signed; with what was added it is not. Sign it anew with --key.")
    sealed_with = passphrase(passphrase_file) if known.was_sealed else None
    _said(banks.write(known.path, grown, _key(key, key_passphrase), sealed_with), guard=True)


def _said(written: OpenBank, *, guard: bool) -> None:
    from verifier.commands.console import say, warn
    from verifier.visible import visible

    first, last = written.bank.coverage
    covering = f", covering {first} to {last}" if first else ", without dates"
    sealed = "; sealed" if written.was_sealed else ""
    say(
        f"{visible(str(written.path))}: revision {written.bank.revision}, {len(written.bank)} items{covering}; "
        f"{written.state()}{sealed}; SHA-256 {written.digest[:16]}"
    )
    if guard:
        warn(GUARD)


def _key(path: Path | None, passphrase_file: Path | None) -> Ed25519PrivateKey | None:
    if path is None:
        return None
    from verifier.custody.seal import BadSeal, read_private

    try:
        return read_private(path.read_bytes(), passphrase(passphrase_file))
    except (OSError, BadSeal) as error:
        raise UsageError(f"The key {path} cannot be used: {error}.") from error


def _trusted(paths: Sequence[Path]) -> list[str]:
    from verifier.custody.bank_envelope import fingerprint
    from verifier.custody.seal import BadSeal, read_public

    found = []
    for path in paths:
        try:
            found.append(fingerprint(read_public(path.read_bytes())))
        except (OSError, BadSeal) as error:
            raise BadBank(path, str(error)) from error
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{text} is no day; write it as 2019-11-20.") from error


def _form(text: str) -> ListForm:
    from verifier.hashing.banks.lists import ListForm

    try:
        return ListForm(text)
    except ValueError as error:
        raise UsageError(f"{text} is none of {', '.join(form.value for form in ListForm)}.") from error


def register(app: typer.Typer) -> None:
    """Hang the verbs on the app."""
    app.add_typer(banks_app, name="bank")
