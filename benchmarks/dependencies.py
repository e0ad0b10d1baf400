"""What the packages of both lock files could do beyond their work: signs of network, telemetry, updates, home folders.

`python -m benchmarks.dependencies` looks through every file of every locked package that is installed. A sign is no
verdict: it says where a person must look. What was found out stands in `docs/security.md`, one row a package, and
`tests/test_dependencies.py` holds the two against each other, so that a new package, or a version that has learnt a new
trick, fails until somebody has looked.
"""

from __future__ import annotations

import importlib.metadata
import mmap
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock")
REVIEW = ROOT / "docs" / "security.md"
LEAST_NATIVE_BYTES = 1 << 12
MAGICS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")

# sign: what Python source says, and what stands in native code
PYTHON: dict[str, re.Pattern[bytes]] = {
    "client": re.compile(
        rb"^\s*(?:from|import)\s+(?:socket|ssl|urllib\.request|http\.client|requests|urllib3|httpx|aiohttp|ftplib"
        rb"|smtplib|xmlrpc|websockets?|pycurl|fsspec|pooch|huggingface_hub|webbrowser)\b",
        re.MULTILINE,
    ),
    "download": re.compile(rb"\burlopen\s*\(|\burlretrieve\s*\(|\brequests\.(?:get|post|request|Session)\s*\("),
    "telemetry": re.compile(rb"telemetry|analytics|posthog|sentry_sdk|do_not_track", re.IGNORECASE),
    "update": re.compile(
        rb"check_for_updates?|update_check|version_check\b|pypi\.org/pypi"
        rb"|new (?:version|release) (?:of \S+ )?is available",
        re.IGNORECASE,
    ),
    "home": re.compile(
        rb"\bexpanduser\b|Path\.home\(|XDG_[A-Z]+_(?:HOME|DIR)|\b(?:appdirs|platformdirs)\b|\buser_(?:cache|data|config)_dir\b"
    ),
}
NATIVE: dict[str, tuple[bytes, ...]] = {
    "client": (b"getaddrinfo", b"gethostbyname", b"WSAStartup", b"curl_easy_perform"),
    "telemetry": (b"telemetry", b"Telemetry", b"posthog", b"sentry_"),
    "update": (b"pypi.org/pypi", b"check_for_update", b"api.github.com"),
    "home": (b"XDG_CACHE_HOME", b"XDG_DATA_HOME", b"XDG_CONFIG_HOME"),
}
SIGNS = tuple(PYTHON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The signs of one package, each with a file that shows it. `version`: None where it is not installed."""

    name: str
    version: str | None
    signs: dict[str, str]


def locked() -> list[str]:
    """The names in both lock files, as package indexes write them."""
    names: set[str] = set()
    for lock in LOCKS:
        text = (ROOT / lock).read_text(encoding="utf-8")
        names |= {_plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
    return sorted(names)


def look(name: str) -> Seen:
    """Look through one package."""
    try:
        found = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return Seen(name=name, version=None, signs={})
    signs: dict[str, str] = {}
    for file in found.files or ():
        if not {"test", "tests", "testing"} & set(file.parts):
            for sign in _signs(Path(str(found.locate_file(file))), set(SIGNS) - set(signs)):
                signs[sign] = str(file)
    return Seen(name=name, version=found.version, signs=signs)


def reviewed(text: str) -> dict[str, set[str]]:
    """Packages that somebody has looked at, and the signs that were explained: from the table of `docs/security.md`."""
    part = text.partition("## What our dependencies could do")[2].partition("\n## ")[0]
    found: dict[str, set[str]] = {}
    for row in re.findall(r"^\| (`.+?`) \| ([a-z, –]+) \|", part, re.MULTILINE):
        for name in re.findall(r"`([^`]+)`", row[0]):
            found[_plain(name)] = set(re.findall(r"[a-z]+", row[1]))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _signs(path: Path, wanted: Iterable[str]) -> Iterator[str]:
    try:
        size = path.stat().st_size
        if not size:
            return
        if path.suffix == ".py":
            content = path.read_bytes()
            yield from (sign for sign in wanted if PYTHON[sign].search(content))
        elif size >= LEAST_NATIVE_BYTES and path.suffix not in {".pyc", ".pyi", ".txt", ".csv", ".json"}:
            with path.open("rb") as stream:
                if not stream.read(4).startswith(MAGICS):
                    return
                with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as code:
                    yield from [sign for sign in wanted if any(code.find(word) >= 0 for word in NATIVE.get(sign, ()))]
    except FileNotFoundError:
        return  # the record of an installation may name what was never written


def main() -> None:
    """Print the table and keep it."""
    seen = [look(name) for name in locked()]
    rows = [
        f"| {one.name} {one.version} | {', '.join(sorted(one.signs))} | "
        f"{'; '.join(f'{sign}: `{file}`' for sign, file in sorted(one.signs.items()))} |"
        for one in seen
        if one.signs
    ]
    absent = [one.name for one in seen if one.version is None]
    quiet = sum(1 for one in seen if one.version and not one.signs)
    table = (
        "## What dependencies could do (`python -m benchmarks.dependencies`)\n\n"
        f"{len(seen)} packages in both lock files; {quiet} show no sign; "
        f"not installed here: {', '.join(absent) or 'none'}. "
        "What each sign comes to is in `docs/security.md`.\n\n"
        "| package | signs | first file that shows each |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )
    print(table)
    (ROOT / "benchmarks" / "results" / "dependencies.md").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
