"""Finds the instruments: walks the four rooms and reads the constants. No decorator, no list to edit.

A module that cannot be imported becomes a `FailedModule`, visible in `verify doctor`, never a crash: an analyst without
an optional library still gets every other instrument.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from importlib.abc import InspectLoader
from typing import TypeVar

from verifier import __version__
from verifier.instruments import Analyser, Check, Viewer
from verifier.records import Kind

T = TypeVar("T")

ROOMS = ("metadata", "hashing", "geo", "audio", "findings")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedModule:
    """A module of a room that could not be imported, and why."""

    module: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Every instrument that loaded, by name, and every module that did not."""

    analysers: dict[str, Analyser]
    viewers: dict[str, Viewer]
    checks: dict[str, Check]
    failed: tuple[FailedModule, ...]

    def for_exhibit(self, kind: Kind, media_type: str) -> tuple[Analyser | Viewer, ...]:
        """The instruments that accept such an exhibit, in order of name."""
        accepting: list[Analyser | Viewer] = [
            analyser
            for analyser in self.analysers.values()
            if kind in analyser.accepts and (analyser.media_types is None or media_type in analyser.media_types)
        ]
        accepting += [viewer for viewer in self.viewers.values() if kind in viewer.accepts]
        return tuple(sorted(accepting, key=lambda instrument: instrument.name))

    def instrument(self, name: str) -> Analyser | Viewer:
        """The analyser or viewer of that name. Raises KeyError."""
        return self.analysers[name] if name in self.analysers else self.viewers[name]


def origin() -> str:
    """What a run records about where its instrument came from."""
    return f"built-in {__version__}"


@cache
def load(*, examining: bool = False, judging: bool = False) -> Registry:
    """Import every module of the rooms once and collect its constants. Two instruments of one name: ValueError.

    `examining`: import only modules whose text declares an `ANALYSER` or a `VIEWER`, for a worker that starts sooner
    and holds less; `judging`: only those that declare a `CHECK`. All that these modules declare is collected.
    """
    wanted = _EXAMINING if examining else _JUDGING if judging else None
    registry = Registry(analysers={}, viewers={}, checks={}, failed=())
    failed: list[FailedModule] = []
    for room in ROOMS:
        package = importlib.import_module(f"verifier.{room}")
        for info in pkgutil.walk_packages(package.__path__, f"verifier.{room}."):
            if wanted is not None and not _declares(info, wanted):
                continue
            try:
                module = importlib.import_module(info.name)
            except ImportError as error:
                failed.append(FailedModule(module=info.name, reason=str(error)))
                continue
            _add(registry.analysers, getattr(module, "ANALYSER", None), "name")
            _add(registry.viewers, getattr(module, "VIEWER", None), "name")
            _add(registry.checks, getattr(module, "CHECK", None), "name")
    return Registry(
        analysers=registry.analysers,
        viewers=registry.viewers,
        checks=registry.checks,
        failed=tuple(failed),
    )


_EXAMINING = re.compile(r"^(ANALYSER|VIEWER)\b", re.MULTILINE)
_JUDGING = re.compile(r"^CHECK\b", re.MULTILINE)


def _declares(info: pkgutil.ModuleInfo, wanted: re.Pattern[str]) -> bool:
    """Whether a module's text declares an instrument of a kind; True where there is no text to look at."""
    spec = info.module_finder.find_spec(info.name, None)
    if spec is None or not isinstance(spec.loader, InspectLoader):
        return True
    text = spec.loader.get_source(info.name)
    return text is None or wanted.search(text) is not None


def _add(shelf: dict[str, T], instrument: T | None, label: str) -> None:
    if instrument is None:
        return
    name = str(getattr(instrument, label))
    if name in shelf:
        raise ValueError(f"two instruments are called {name!r}")
    shelf[name] = instrument
