"""`verify doctor`: does everything work here, what is missing, what is weaker than it could be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from verifier.commands.opening import CaseOption, JsonOption, case_path
from verifier.errors import EXIT_ENVIRONMENT, UsageError


def doctor(
    case: CaseOption = None,
    as_json: JsonOption = False,
    share: Annotated[
        Path | None,
        typer.Option("--share", help="Write what may be told of a defect to this new file: no names, paths or ids."),
    ] = None,
) -> None:
    """Run the self-test; name versions, optional tools, and what guards this computer from hostile files."""
    from tempfile import TemporaryDirectory

    from verifier import __version__
    from verifier.commands.console import say_json
    from verifier.executors.local import LocalExecutor
    from verifier.executors.registry import load
    from verifier.workflow import dwelling, selftest

    trials = list(selftest.trials())
    registry = load()
    with TemporaryDirectory() as empty, LocalExecutor(workers=1, vault_root=Path(empty)) as executor:
        layers, decoders = executor.layers, dict(executor.decoders)
    found: dict[str, Any] = {
        "version": __version__,
        "trials": [{"name": t.name, "passed": t.passed, "detail": t.detail} for t in trials],
        "versions": selftest.versions(),
        "extras": {name: here for name, (here, _) in selftest.extras().items()},
        "tools": {name: path for name, (path, _) in selftest.tools().items()},
        "guards": {item.layer.value: f"{item.state}{f' ({item.detail})' if item.detail else ''}" for item in layers},
        "decoders": decoders,
        "instruments": {name: item.version for name, item in sorted(registry.analysers.items())}
        | {name: item.version for name, item in sorted(registry.viewers.items())},
        "checks": {name: item.version for name, item in sorted(registry.checks.items())},
        "degraded": selftest.degraded(layers, registry),
        "folder": {state.code: state.sentence for state in dwelling.told(case_path(case))},
    }
    if share is not None:
        _share(found, share, case_path(case))
    if as_json:
        say_json(found)
    else:
        _tell(found)
    if not all(trial.passed for trial in trials) or "missing" in found["versions"].values():
        raise typer.Exit(EXIT_ENVIRONMENT)


def _tell(found: dict[str, Any]) -> None:
    from verifier.commands.console import pairs, say, table
    from verifier.workflow import selftest

    say(f"verify {found['version']}\n")
    table(
        ("Self-test", "", ""),
        [(t["name"], "passed" if t["passed"] else "FAILED", t["detail"]) for t in found["trials"]],
    )
    say("\nGuards around every decoder")
    pairs(found["guards"] | found["decoders"])
    say("\nLibraries")
    pairs(found["versions"])
    say("\nOptional")
    rows = [
        (name, "here" if found["extras"][name] else "not here", use) for name, (_, use) in selftest.extras().items()
    ]
    rows += [(name, found["tools"][name] or "not here", use) for name, (_, use) in selftest.tools().items()]
    table(("What", "", "What for"), rows)
    say("\nInstruments: " + ", ".join(f"{name}/{version}" for name, version in found["instruments"].items()))
    say("Checks: " + ", ".join(f"{name}/{version}" for name, version in found["checks"].items()))
    for sentence in found["folder"].values():
        say(f"The case's folder: {sentence}")
    for sentence in found["degraded"]:
        say(f"Weaker here: {sentence}")
    if not found["degraded"]:
        say(f"Nothing is weaker here than it could be; in force: {', '.join(found['guards'])}.")


def _share(found: dict[str, Any], out: Path, case: Path) -> None:
    """What helps to find a defect and names nothing: versions, guards, self-test, defects; no path, name or id."""
    import platform

    from verifier.commands.outermost import defects
    from verifier.report.writers.json_report import dumps

    told = {
        "schema": "verify-shared/1",
        "version": found["version"],
        "system": platform.system(),
        "machine": platform.machine(),
        "trials": {trial["name"]: trial["passed"] for trial in found["trials"]},
        "versions": found["versions"],
        "extras": found["extras"],
        "tools": {name: path is not None for name, path in found["tools"].items()},
        "guards": {name: state.split(" (", 1)[0] for name, state in found["guards"].items()},
        "instruments": found["instruments"],
        "checks": found["checks"],
        "folder": sorted(found["folder"]),
        "defects": defects(case),
    }
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(out, flags, 0o600), "wb") as stream:
            stream.write(dumps(told))
    except FileExistsError as error:
        raise UsageError(f"There is already something at {out}; name a new file.") from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"There is no folder for {out}.") from error


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(doctor)
