"""The house's rules; each broken one becomes a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent / "verifier"

FLOORS = {
    "__main__": 11, "commands": 10,
    "desk": 9,
    "workflow": 8,
    "report": 7,
    "store": 6, "executors": 6, "compare": 6,
    "findings": 5,
    "evidence": 4, "custody": 4,
    "metadata": 3, "hashing": 3, "geo": 3, "audio": 3,
    "media": 2,
    "instruments": 1, "dossier": 1, "chain": 1, "settings": 1, "guarded": 1,
    "storage": 1,
    "records": 0, "confinement": 0, "errors": 0, "canonical": 0, "visible": 0, "calendars": 0, "instants": 0,
    "lengths": 0,
}  # fmt: skip
SUBJECTS = {  # what each floor is for, as docs/architecture.md prints it
    10: "says it to people",
    9: "the same in a browser on this computer",
    8: "tells the story",
    7: "a dossier becomes pages; sees no store",
    6: "services, strangers to each other",
    5: "what it means",
    4: "bytes enter once; what binds the records",
    3: "expertise, strangers to each other",
    2: "opens bytes safely",
    1: "shapes of promises",
    0: "nouns and refusals",
}

# Inside hashing, pictures and sound are strangers, clips may use both, banks stand on top.
HASHING_FLOORS = {"banks": 3, "clips": 2, "pictures": 1, "sound": 1}
DOSSIER_ROOMS = {"findings", "compare", "report", "store", "workflow", "commands", "desk"}
LARGEST_ROOM = 20  # modules in one folder, commands apart

# A library may be imported only by its home; cv2 serves media to decode and hashing to describe.
HOMES = {
    "exifread": {"metadata"},
    "defusedxml": {"metadata", "geo", "report"},
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
    "jdatetime": {"calendars"},
    "mgrs": {"geo"},
    "geographiclib": {"geo"},
    "sqlalchemy": {"store"},
    "obstore": {"evidence"},
    "distributed": {"executors"},
    "alembic": {"store"},
    "rfc3161_client": {"custody"},
    "pyrage": {"custody"},
    "sqlite3": {"store"},
    "psycopg": {"store"},
    "jinja2": {"report"},
    "markupsafe": {"report", "desk"},
    "starlette": {"desk"},
    "uvicorn": {"desk"},
    "anyio": {"desk"},
    "typst": {"report"},
    "openpyxl": {"report"},
    "pypdf": {"report"},
    "ahocorasick": {"report"},
    "typer": {"commands"},
    "rich": {"commands"},
}
NETWORK = {"socket", "ssl", "urllib.request", "http.client", "ftplib", "smtplib", "requests", "asyncio"}
LISTENING = {"socket", "asyncio"}  # what the desk may import of these
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


def test_pictures_and_sound_are_strangers_and_banks_stand_on_clips() -> None:
    broken = []
    for path in modules():
        parts = path.relative_to(HOUSE).parts
        if parts[0] != "hashing":
            continue
        here = HASHING_FLOORS.get(parts[1], 0)
        for name, line in imports(path):
            there = name.split(".")
            if there[:2] != ["verifier", "hashing"] or len(there) < 3 or there[2] == parts[1]:
                continue
            if HASHING_FLOORS.get(there[2], 0) >= here and there[2] in HASHING_FLOORS:
                broken.append(f"{parts[1]} must not import {there[2]} ({path.relative_to(HOUSE)}:{line})")
    assert not broken, "\n".join(broken)


def test_only_rooms_that_judge_keep_compare_or_tell_see_a_dossier() -> None:
    broken = [
        f"{path.relative_to(HOUSE)}:{line} imports {name}"
        for path in modules()
        for name, line in imports(path)
        if name == "verifier.dossier" and room(path) not in DOSSIER_ROOMS | {"instruments"}
    ]
    assert not broken, "\n".join(broken)


def test_no_room_is_crowded() -> None:
    crowded = []
    for folder in {path.parent for path in modules()}:
        count = len([path for path in folder.glob("*.py") if path.stem != "__init__"])
        if count > LARGEST_ROOM and folder.name != "commands":
            crowded.append(f"{folder.relative_to(HOUSE)} has {count} modules: does one want a sub-room?")
    assert not crowded, "\n".join(crowded)


def floor_table() -> str:
    """The floors as docs/architecture.md prints them."""
    lines = []
    for floor in sorted(SUBJECTS, reverse=True):
        rooms = " · ".join(name for name, number in FLOORS.items() if number == floor)
        lines.append(f"{floor}  {rooms:<86}{SUBJECTS[floor]}")
    return "\n".join(lines)


def test_the_documented_floors_are_the_real_ones() -> None:
    page = (HOUSE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert floor_table() in page, "docs/architecture.md must print:\n" + floor_table()


def test_every_library_has_one_home() -> None:
    broken = []
    for path in modules():
        for name, line in imports(path):
            library = name.split(".")[0]
            if library in HOMES and room(path) not in HOMES[library]:
                broken.append(f"{library} lives in {sorted(HOMES[library])}, not in {path.relative_to(HOUSE)}:{line}")
    assert not broken, "\n".join(broken)


def test_nothing_opens_a_socket_but_the_desk_that_listens_on_loopback() -> None:
    broken = [
        f"{path.relative_to(HOUSE)}:{line} imports {name}"
        for path in modules()
        for name, line in imports(path)
        if name in NETWORK and not (room(path) == "desk" and name in LISTENING)
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
                # the guard gives its child a scrubbed environment, and the child ends itself; onnxruntime's telemetry
                # is switched off by a variable that must be set before its library is loaded
                if path.relative_to(HOUSE).parts[0] == "executors" or path.name == "embedding.py":
                    continue
                broken.append(f"{path.relative_to(HOUSE)}:{node.lineno} uses {ast.unparse(node)}")
    assert not broken, "\n".join(broken)


def test_only_the_guard_catches_everything() -> None:
    """The one broad except stands in guarded.py."""
    broken = []
    for path in modules():
        if path.relative_to(HOUSE).as_posix() == "guarded.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = {ast.unparse(node.type)} if node.type is not None else {"everything"}
                if names & {"everything", "Exception", "BaseException"}:
                    broken.append(f"{path.relative_to(HOUSE)}:{node.lineno} catches {', '.join(names)}")
    assert not broken, "\n".join(broken)
