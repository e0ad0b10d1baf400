"""Answers about a dossier or a case, kept while it is judged: a dozen checks ask the same questions of it.

A key holds the identity of dossiers and cases, which are frozen, and the value of everything else. The arguments are
kept beside the answer, so that no identity is given to another object while it is a key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from verifier.dossier import CaseDossier, ExhibitDossier

P = ParamSpec("P")
R = TypeVar("R")

MOST_KEPT = 64  # an exhibit and the copies that lend to it


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """The function with its last MOST_KEPT answers kept. It must be pure; what it raises is not kept."""
    kept: OrderedDict[tuple[object, ...], tuple[object, R]] = OrderedDict()

    @wraps(function)
    def answer(*args: P.args, **named: P.kwargs) -> R:
        key = (*map(_key, args), *((name, _key(value)) for name, value in named.items()))
        known = kept.get(key)
        if known is not None:
            return known[1]
        result = function(*args, **named)
        kept[key] = ((args, named), result)
        if len(kept) > MOST_KEPT:
            kept.popitem(last=False)
        return result

    return answer


def _key(value: object) -> object:
    return ("object", id(value)) if isinstance(value, ExhibitDossier | CaseDossier) else value
