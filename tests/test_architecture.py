"""The house's rules; each broken one becomes a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent / "verifier"

FLOORS = {
    "__main__": 9, "commands": 8,
    "workflow": 7,
    "store": 6, "executors": 6, "custody": 6, "report": 6, "settings": 6,
    "acquire": 5, "borrow": 5, "examine": 5, "compare": 5, "judge": 5,
    "registry": 4, "vault": 4, "walk": 4, "intake": 4, "durable": 3,
    "metadata": 3, "hashing": 3, "geo": 3, "audio": 3,
    "media": 2,
    "instruments": 1, "dossier": 1, "chain": 1, "bounds": 1,
    "records": 0, "errors": 0, "canonical": 0, "visible": 0,
}  # fmt: skip

# A library may be imported only by its home; cv2 serves media to decode and hashing to describe.
HOMES = {
    "exifread": {"metadata"},
    "defusedxml": {"metadata", "geo"},
    "c2pa": {"metadata"},
    "pysequoia": {"metadata"},
    "imagehash": {"hashing"},
    "faiss": {"hashing"},
    "onnxruntime": {"hashing"},
    "cv2": {"media", "hashing"},
    "av": {"media"},
    "PIL": {"media"},
    "pillow_heif": {"media"},
    "ffmpeg": {"media"},
    "imageio_ffmpeg": {"media"},
    "tzfpy": {"geo"},
    "jdatetime": {"geo"},
    "mgrs": {"geo"},
    "openlocationcode": {"geo"},
    "geographiclib": {"geo"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "rfc3161_client": {"custody"},
    "sqlite3": {"store"},
    "psycopg": {"store"},
    "jinja2": {"report"},
    "typst": {"report"},
    "pypdf": {"report"},
    "ahocorasick": {"report"},
    "typer": {"commands"},
    "rich": {"commands"},
}
NETWORK = {"socket", "ssl", "urllib.request", "http.client", "ftplib", "smtplib", "requests", "asyncio"}
FORBIDDEN_NAMES = {"utils", "common", "helpers", "misc"}


def modules() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Absolute names of all modules that a file imports, with lines; those for type checking only count as well."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            base = node.module or ""
            yield base, node.lineno
            for name in node.names:
                yield f"{base}.{name.name}", node.lineno


def house_room(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "verifier" and len(parts) > 1 and parts[1] in FLOORS else None


def test_imports_only_go_downstairs_and_strangers_never_meet() -> None:
    broken = []
    for path in modules():
        here = room(path)
        if here == "__init__":
            continue
        assert here in FLOORS, f"{here} has no floor; give it one in the plan"
        for name, line in imports(path):
            there = house_room(name)
            if there is None or there == here:
                continue
            type_only = here == "instruments" and there == "dossier"
            if FLOORS[there] >= FLOORS[here] and not type_only:
                broken.append(f"{here} must not import {there} ({path.relative_to(HOUSE)}:{line})")
    assert not broken, "\n".join(broken)


def test_every_library_has_one_home() -> None:
    broken = []
    for path in modules():
        for name, line in imports(path):
            library = name.split(".")[0]
            if library in HOMES and room(path) not in HOMES[library]:
                broken.append(f"{library} lives in {sorted(HOMES[library])}, not in {path.relative_to(HOUSE)}:{line}")
    assert not broken, "\n".join(broken)


def test_nothing_opens_a_socket() -> None:
    broken = [
        f"{path.relative_to(HOUSE)}:{line} imports {name}"
        for path in modules()
        for name, line in imports(path)
        if name in NETWORK
    ]
    assert not broken, "\n".join(broken)


def test_no_room_without_a_subject() -> None:
    assert not [path for path in modules() if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES]


def test_only_commands_print_exit_or_read_the_environment() -> None:
    broken = []
    for path in modules():
        if room(path) in {"commands", "__main__"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "exit"}:
                broken.append(f"{path.relative_to(HOUSE)}:{node.lineno} calls {node.func.id}")
            if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "sys.exit"}:
                # the guard gives its child a scrubbed environment, and the child ends itself
                if path.relative_to(HOUSE).parts[0] == "executors":
                    continue
                broken.append(f"{path.relative_to(HOUSE)}:{node.lineno} uses {ast.unparse(node)}")
    assert not broken, "\n".join(broken)


def test_only_examine_and_the_worker_catch_everything() -> None:
    """The one broad except stands in examine.py."""
    broken = []
    for path in modules():
        if path.relative_to(HOUSE).as_posix() == "examine.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = {ast.unparse(node.type)} if node.type is not None else {"everything"}
                if names & {"everything", "Exception", "BaseException"}:
                    broken.append(f"{path.relative_to(HOUSE)}:{node.lineno} catches {', '.join(names)}")
    assert not broken, "\n".join(broken)
