"""The guide names what there is: every command has its page, every option and link on a page exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from verifier.commands.app import app

GUIDE = Path(__file__).parents[1] / "docs" / "guide"
PAGES = sorted(GUIDE.rglob("*.md"))


def commands() -> dict[str, Any]:
    root: Any = typer.main.get_command(app)
    return dict(root.commands)


def options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from (name for name in parameter.opts if name.startswith("-"))
    for inner in getattr(command, "commands", {}).values():
        yield from options(inner)


def test_every_command_has_a_page_and_a_row() -> None:
    pages = {path.stem for path in (GUIDE / "commands").glob("*.md")}
    assert set(commands()) <= pages
    index = (GUIDE / "index.md").read_text(encoding="utf-8")
    assert all(f"(commands/{name}.md)" in index for name in commands())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_option_on_a_page_exists(path: Path) -> None:
    known = {name for command in commands().values() for name in options(command)}
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known
    for verb in re.findall(r"(?m)(?:^|`)verify ([a-z]+)", text):
        assert verb in commands(), verb


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in (GUIDE / "pictures").glob("*.png")}
    assert sizes and sum(sizes.values()) <= 600_000
    assert (GUIDE.parent / "pictures" / "report.png").stat().st_size <= 150_000
