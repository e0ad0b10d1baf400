"""`verify worker ADDRESS`: lend this computer to a cluster, or begin one."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from verifier.errors import ExtraMissing, UsageError

_ADDRESS = re.compile(r"(tcp|tls)://([A-Za-z0-9.\[\]:_-]+):([0-9]{1,5})")
_HERE = {"127.0.0.1", "localhost", "[::1]"}
OPEN = (
    "verify: whoever can reach {} may run programs on every worker. Use tls:// between computers (docs/team.md), or a "
    "network that is closed to others."
)


def worker(
    address: Annotated[str, typer.Argument(help="The scheduler: tls://HOST:PORT, or tcp://HOST:PORT.")],
    scheduler: Annotated[
        bool, typer.Option("--scheduler", help="Begin the cluster: be the scheduler at that address.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Workers (default: one a core).")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where copies of what is examined may lie for a while.")] = None,
) -> None:
    """Examine exhibits for other computers until interrupted. Evidence is read from the case's bucket."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise UsageError(f"{address} is no address of a scheduler; it looks like tls://HOST:8786.")
    if importlib.util.find_spec("distributed") is None:
        raise ExtraMissing("A cluster", "distributed", "team")
    protocol, host, port = found.groups()
    if protocol == "tcp" and host not in _HERE:
        typer.echo(OPEN.format(address), err=True)
    if scheduler:
        said = ["distributed.cli.dask_scheduler", "--host", f"{protocol}://{host}", "--port", port, "--no-dashboard"]
    else:
        said = ["distributed.cli.dask_worker", address, "--nthreads", "1", "--memory-limit", "0", "--no-dashboard"]
        said += ["--nworkers", str(workers or os.cpu_count() or 1)]
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            said += ["--local-directory", str(folder.absolute())]
    command = [sys.executable, "-P", "-m", *said]
    raise typer.Exit(subprocess.run(command, env=_environment(), check=False).returncode)  # noqa: S603 - our own interpreter


def _environment() -> dict[str, str]:
    """A task whose worker was lost goes to no other worker, and nothing is asked of the network besides."""
    return {
        **os.environ,
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        "DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT": "10 minutes",
        "DASK_DISTRIBUTED__VERSION_CHECK": "False",
    }


def register(app: typer.Typer) -> None:
    """Hang the verb on the app."""
    app.command()(worker)
