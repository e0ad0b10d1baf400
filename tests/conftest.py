"""What every test may ask for."""

from __future__ import annotations

import compileall
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demonstration import Demo, demonstration
from tests.servers import changed_environment, database_server, object_server

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT.parent / "shared" / "samples"


def pytest_configure(config: pytest.Config) -> None:
    """Compile the program once: each of the hundreds of commands and workers that tests start would do it anew."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(ROOT / "verifier", quiet=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SAMPLES.is_dir():
        return
    for item in items:
        if "samples" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="the folder of real sample media is not here"))


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return ROOT / "fixtures"


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demonstration's report.json and case."""
    return demonstration(tmp_path_factory)


@pytest.fixture(scope="session")
def _object_server() -> Iterator[dict[str, str]]:
    with object_server() as environment:
        yield environment


@pytest.fixture(scope="module")
def objects(_object_server: dict[str, str], request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty prefix in a bucket of a real server, reachable by the environment."""
    with changed_environment(_object_server):
        yield f"s3://cases/{request.module.__name__.replace('.', '/')}"


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The address of a real PostgreSQL server's database; each test takes a schema of its own."""
    with database_server() as address:
        yield address
