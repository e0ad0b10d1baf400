"""What exhibits are called for people: the name under which each was first taken in, safe to show."""

from __future__ import annotations

from collections.abc import Callable, Collection

from verifier.store import Store
from verifier.visible import visible_name

NAME_LETTERS = 40


def naming(store: Store, exhibits: Collection[str]) -> Callable[[str], str]:
    """What some exhibits are called for people, by their id."""
    names = store.tallies.first_names(list(exhibits))
    return lambda key: visible_name(names[key], NAME_LETTERS) if key in names else key[:12]
