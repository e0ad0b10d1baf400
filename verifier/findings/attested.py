"""Whether what a sidecar says of a file fits the file: its size, dimensions, length and kind.

A path or a name is enough to find a file, not to know it: another one may lie there now. Where the sidecar states a
measure and the file has another, nothing that it says in the same place is lent to the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from verifier.dossier import ExhibitDossier, Said
from verifier.findings.facts import establish
from verifier.findings.subjects import BY_DIGEST, OF_ORIGINAL, OF_PAIR
from verifier.records import Exhibit, Kind, Value

LONGEST_LIVE_PHOTO_SECONDS = 6.0
LENGTH_MARGIN_SECONDS, LENGTH_MARGIN_SHARE = 2.0, 0.1  # sidecars state whole seconds, of another container
_KINDS = {
    "image": frozenset({Kind.PHOTO, Kind.VIDEO, Kind.DOCUMENT}),  # an animation is stored as a recording
    "photo": frozenset({Kind.PHOTO, Kind.VIDEO, Kind.DOCUMENT}),
    "video": frozenset({Kind.VIDEO, Kind.AUDIO}),  # a container may hold sound alone
    "audio": frozenset({Kind.VIDEO, Kind.AUDIO}),
}
_LENGTHS = (("telegram:duration_seconds", False), ("yt-dlp:duration", True), ("srt:duration_s", True))
_UPLOADED = frozenset({"takeout:creationTime", "takeout:photoLastModifiedTime"})
_EXAMINED = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.AUDIO})


@dataclass(slots=True)
class _File:
    """What is known of the file's own bytes; facts are established when a statement needs them."""

    exhibit: Exhibit
    readings: Sequence[Said]
    known: dict[str, float | None] = field(default_factory=dict)

    def number(self, question: str) -> float | None:
        if not self.known:
            facts = establish(self.readings, self.exhibit)
            for name in ("width", "height", "duration_s"):
                value = facts[name].best.value if name in facts else None
                self.known[name] = float(value) if isinstance(value, int | float) else None
        return self.known[question]


def fitting(dossier: ExhibitDossier, lent: Iterable[Said]) -> tuple[Said, ...]:
    """Of readings that sidecars make about the exhibit, those of statements that fit its bytes."""
    file = _File(dossier.exhibit, dossier.readings)
    statements: dict[tuple[str, str, str | None], list[Said]] = defaultdict(list)
    some = list(lent)
    for said in some:
        statements[_statement(said)].append(said)
    fits = {
        key: _fits({said.reading.key: said.reading.value for said in of}, key[1], file)
        for key, of in statements.items()
    }
    return tuple(said for said in some if fits[_statement(said)] and not _is_of_original_alone(said))


def _is_of_original_alone(said: Said) -> bool:
    """When the original was uploaded or changed says nothing of an edit that was made of it later."""
    return said.reading.key in _UPLOADED and said.reading.location.endswith(f"[{OF_ORIGINAL}]")


def _statement(said: Said) -> tuple[str, str, str | None]:
    return said.exhibit, said.reading.location, said.reading.subject


def _fits(said: Mapping[str, Value], location: str, file: _File) -> bool:
    if location.endswith(f"[{BY_DIGEST}]"):
        return True
    if location.endswith(f"[{OF_PAIR}]"):
        length = file.number("duration_s")
        return length is not None and length <= LONGEST_LIVE_PHOTO_SECONDS
    return all(rule(said, file) for rule in _RULES)


def _size(said: Mapping[str, Value], file: _File) -> bool:
    sizes = [said[key] for key in ("telegram:file_size", "telegram:photo_file_size") if key in said]
    return not sizes or file.exhibit.size in sizes


def _kind(said: Mapping[str, Value], file: _File) -> bool:
    for key in ("telegram:mime_type", "snapchat:media_type"):
        kinds = _KINDS.get(str(said.get(key, "")).partition("/")[0].lower())
        if kinds is not None and file.exhibit.kind in _EXAMINED and file.exhibit.kind not in kinds:
            return False
    return True


def _dimensions(said: Mapping[str, Value], file: _File) -> bool:
    """Of photos only: what a message says of a recording was measured by the sender's program."""
    stated = [said.get(f"telegram:{name}") for name in ("width", "height")]
    if file.exhibit.kind is not Kind.PHOTO or not all(isinstance(one, int | float) and one > 0 for one in stated):
        return True
    own = [file.number("width"), file.number("height")]
    return None in own or sorted(map(str, map(_whole, own))) == sorted(map(str, map(_whole, stated)))


def _whole(value: Value) -> int:
    return round(value) if isinstance(value, int | float) else 0


def _length(said: Mapping[str, Value], file: _File) -> bool:
    """As long as stated; what was downloaded or trimmed may be shorter than at its source."""
    for key, may_be_shorter in (
        ("telegram:duration_seconds", False),
        ("yt-dlp:duration", True),
        ("srt:duration_s", True),
    ):
        stated = said.get(key)
        if not isinstance(stated, int | float) or isinstance(stated, bool) or stated <= 0:
            continue
        own = file.number("duration_s")
        if own is None:
            continue
        margin = max(LENGTH_MARGIN_SECONDS, LENGTH_MARGIN_SHARE * stated)
        if own > stated + margin or (own < stated - margin and not may_be_shorter):
            return False
    return True


_RULES: tuple[Callable[[Mapping[str, Value], _File], bool], ...] = (_size, _kind, _dimensions, _length)
