"""Write the reports of a case into a folder, and nothing outside it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from verifier.dossier import CaseDossier
from verifier.report import csv_tables, html_report, json_report
from verifier.store import Store
from verifier.vault import Vault
from verifier.workflow.gather import gather
from verifier.workflow.telling import Progress

Writer = Callable[[CaseDossier, Callable[[str], bytes], str], Mapping[str, bytes]]

WRITERS: Mapping[str, Writer] = {
    "json": lambda case, pictures, lang: {"report.json": json_report.render(case)},
    "html": lambda case, pictures, lang: {"report.html": html_report.render(case, pictures, lang)},
    "csv": lambda case, pictures, lang: csv_tables.render(case),
}


def report(
    store: Store,
    vault: Vault,
    out: Path,
    *,
    formats: Sequence[str],
    exhibits: Sequence[str],
    lang: str,
    progress: Progress,
) -> tuple[Path, ...]:
    """The written files. `exhibits` (whole ids) narrows the report; none means all."""
    case = gather(store)
    if exhibits:
        case = only(case, frozenset(exhibits))
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    written: list[Path] = []
    for done, name in enumerate(formats):
        progress("write", done, len(formats), name)
        for file_name, content in WRITERS[name](case, vault.read_derivative, lang).items():
            written.append(_write(out / file_name, content))
    return tuple(written)


def only(case: CaseDossier, chosen: frozenset[str]) -> CaseDossier:
    """The case narrowed to some exhibits, with every match that touches them."""
    return replace(
        case,
        exhibits={key: value for key, value in case.exhibits.items() if key in chosen},
        matches=tuple(match for match in case.matches if match.left in chosen or match.right in chosen),
        groups=tuple(group for group in case.groups if chosen & set(group.members)),
        limits=(*case.limits, f"This report is narrowed to {len(chosen)} of {len(case.exhibits)} exhibits."),
    )


def _write(path: Path, content: bytes) -> Path:
    """All or nothing: a report that was interrupted never looks whole."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_bytes(content)
        temporary.chmod(0o600)
        os.replace(temporary, path)  # noqa: PTH105
    finally:
        temporary.unlink(missing_ok=True)
    return path
