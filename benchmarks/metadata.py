"""How far our readers agree with ExifTool on real files, what they cost, and whether they read C2PA rightly.

`python -m benchmarks.metadata [SAMPLES]` prints the tables, writes benchmarks/results/metadata.md and the marked
section of docs/metadata.md. SAMPLES holds truth.jsonl and c2pa_truth.jsonl (default: the sample folder beside the
checkout). Every analyser of the registry runs as the registry hands it out; facts are established by `metadata.facts`.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import exifread

from verifier.dossier import Said
from verifier.errors import Corrupt, Unsupported
from verifier.executors.registry import Registry, load
from verifier.findings.facts import establish
from verifier.media.sniff import sniff
from verifier.media.source import VaultSource
from verifier.media.structure.block import EXIF
from verifier.media.structure.blocks import blocks
from verifier.records import Exhibit, Kind, Moment, Reading

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "shared" / "samples" / "metadata"
PAGE = HERE.parent / "docs" / "metadata.md"
MARKS = ("<!-- agreement: begin (written by benchmarks/metadata.py) -->", "<!-- agreement: end -->")
APART = frozenset({"DNG", "NEF", "CR2", "CR3", "ARW", "RW2", "RAF", "ORF", "X3F", "PEF", "SRW", "PSD"})

Truth = dict[str, Any]


@dataclass
class Examined:
    """What our readers say of one file."""

    exhibit: Exhibit
    said: list[Said] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    derivatives: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.facts: dict[str, Any] = {}

    def first(self, *keys: str) -> Any:
        return next((s.reading.value for key in keys for s in self.said if s.reading.key == key), None)

    def fact(self, question: str) -> Any:
        found = self.facts.get(question)
        return None if found is None else found.best.value

    def has(self, room: str) -> bool:
        return any(s.reading.key.startswith(f"{room}:") and not s.reading.key.endswith("problem") for s in self.said)


def examine(path: Path, registry: Registry, parameters: dict[str, Any]) -> Examined:
    """Every analyser that accepts the file, inline."""
    source = VaultSource(path)
    with path.open("rb") as stream:
        stream.seek(max(0, source.size - (1 << 16)))
        tail = stream.read()
    kind, media_type = sniff(source.head, source.size, tail)
    exhibit = Exhibit(id=path.parent.name, sha512="", size=source.size, kind=kind, media_type=media_type)
    found = Examined(exhibit)
    begun = time.process_time()
    for instrument in registry.for_exhibit(kind, media_type):
        if instrument.name not in registry.analysers:
            continue
        try:
            for record in registry.analysers[instrument.name].analyse(exhibit, source, parameters):
                if isinstance(record, Reading):
                    found.said.append(Said(reading=record, instrument=instrument.name, exhibit=exhibit.id))
                elif hasattr(record, "recipe"):
                    found.derivatives.append(record.recipe)
        except (Corrupt, Unsupported) as refusal:
            found.refusals.append(f"{instrument.name}: {refusal}")
        except Exception as error:  # noqa: BLE001 - a crash is what this script counts
            found.crashes.append(f"{instrument.name}: {type(error).__name__}: {error}")
    found.seconds = time.process_time() - begun
    found.facts = establish(found.said, exhibit)
    return found


# ---------------------------------------------------------------- what is compared, and when it is equal


def iso(value: Any) -> Any:
    return value.iso() if isinstance(value, Moment) else value


def same_text(ours: Any, truth: Any) -> bool:
    return " ".join(str(ours).split()) == " ".join(str(truth).split())


def same_date(ours: Any, truth: Any) -> bool:
    """Equal to the second; offset equal where the truth has one (Z is +00:00)."""

    def parts(text: str) -> tuple[str, str]:
        rest = text[19:].lstrip(".0123456789")
        return text[:19], {"Z": "+00:00"}.get(rest, rest)

    return parts(str(ours)) == parts(str(truth))


def near(tolerance: float) -> Callable[[Any, Any], bool]:
    return lambda ours, truth: abs(float(ours) - float(truth)) <= tolerance


def same_position(ours: Any, truth: Any) -> bool:
    return all(abs(a - b) <= 1e-4 for a, b in zip(ours, truth, strict=True))


def same_duration(ours: Any, truth: Any) -> bool:
    return abs(ours - truth) <= max(0.03 * truth, 0.01)


def same_instant(ours: Any, truth: Any) -> bool:
    return str(ours)[:19].rstrip("Z") == str(truth)[:19].rstrip("Z")


def pair(truth: Truth, first: str, second: str) -> Any:
    return None if truth[first] is None or truth[second] is None else (truth[first], truth[second])


def turn(truth: Truth) -> Any:
    value = truth["rotation_deg"]
    if value is None or truth["mime_type"].startswith("video"):
        return value
    return (4 - int(value)) % 4 * 90 if value in (1, 3) else int(value) * 90  # HEIF: quarter turns, numbered


def gps(found: Examined) -> Any:
    point = found.fact("position_latitude"), found.fact("position_longitude")
    return None if None in point else point


def time_of_gps(found: Examined) -> Any:
    value = found.fact("gps_time")
    return value.iso()[:19] + "Z" if isinstance(value, Moment) else value


@dataclass(frozen=True)
class Group:
    """A field group: what the truth says, what we say, when both are equal, and when our rules withhold a value."""

    truth: Callable[[Truth], Any]
    ours: Callable[[Examined], Any]
    equal: Callable[[Any, Any], bool]
    fields: tuple[str, ...]
    withheld: Callable[[Truth], bool] = lambda truth: False


def placeholder(truth: Truth) -> bool:
    return (truth["gps_lat"] == 0 and truth["gps_lon"] == 0) or "out-of-range" in str(truth["gps_source"])


GROUPS: dict[str, Group] = {
    "capture time": Group(lambda t: t["capture_datetime"], lambda f: iso(f.fact("captured_at")), same_date,
                          ("capture_datetime",)),
    "position": Group(lambda t: pair(t, "gps_lat", "gps_lon"), gps, same_position, ("gps_lat", "gps_lon"), placeholder),
    "altitude": Group(lambda t: t["gps_alt"], lambda f: f.fact("position_altitude_m"), near(0.5), ("gps_alt",),
                      lambda t: placeholder(t) or abs(t["gps_alt"] or 0) > 1e5),
    "GPS time": Group(lambda t: t["gps_timestamp"], time_of_gps, same_text, ("gps_timestamp",)),
    "image direction": Group(lambda t: t["gps_img_direction"], lambda f: f.first("exif:GPSImgDirection.degrees"),
                             near(0.01), ("gps_img_direction",)),
    "make": Group(lambda t: t["make"], lambda f: f.fact("make"), same_text, ("make",)),
    "model": Group(lambda t: t["model"], lambda f: f.fact("model"), same_text, ("model",)),
    "software": Group(lambda t: t["software"], lambda f: f.fact("software"), same_text, ("software",)),
    "serial number": Group(lambda t: t["serial"], lambda f: f.fact("serial"), same_text, ("serial",)),
    "lens": Group(lambda t: t["lens"], lambda f: f.fact("lens"), same_text, ("lens",)),
    "orientation": Group(lambda t: t["orientation"], lambda f: f.fact("orientation"), same_text, ("orientation",)),
    "stored size": Group(lambda t: pair(t, "width", "height"),
                         lambda f: None if f.fact("width") is None else (f.fact("width"), f.fact("height")),
                         lambda a, b: tuple(a) == tuple(b), ("width", "height", "dims")),
    "rotation": Group(turn, lambda f: f.fact("rotation_degrees"), near(0.5), ("rotation_deg",)),
    "duration": Group(lambda t: t["duration_s"], lambda f: f.fact("duration_s"), same_duration, ("duration_s",)),
    "video codec": Group(lambda t: t.get("video_codec"), lambda f: f.fact("video_codec"), same_text, ("video_codec",)),
    "container time": Group(lambda t: t["container_creation_utc"], lambda f: iso(f.fact("created_at")), same_instant,
                            ("container_creation_utc",)),
    "major brand": Group(lambda t: t.get("major_brand"),
                         lambda f: f.first("mp4:major_brand") if f.exhibit.kind is Kind.VIDEO else None, same_text,
                         ("major_brand",)),
    "video handler": Group(lambda t: t.get("handler_video"), lambda f: f.first("mp4:handler.video"), same_text,
                           ("handler_video",)),
    "XMP creator tool": Group(lambda t: t["xmp_creator_tool"], lambda f: f.first("xmp:CreatorTool"), same_text,
                              ("xmp_creator_tool",)),
    "XMP document id": Group(lambda t: t["xmp_document_id"], lambda f: f.first("xmp:xmpMM:DocumentID"), same_text,
                             ("xmp_document_id",)),
    "Exif present": Group(lambda t: t["has_exif"] or None, lambda f: f.has("exif") or None, same_text, ("has_exif",)),
    "XMP present": Group(lambda t: t["has_xmp"] or None, lambda f: f.has("xmp") or None, same_text, ("has_xmp",)),
    "IPTC present": Group(lambda t: t["has_iptc"] or None, lambda f: f.has("iptc") or None, same_text, ("has_iptc",)),
    "thumbnail present": Group(
        lambda t: t["has_thumbnail"] or None,
        lambda f: (f.first("exif:thumbnail.bytes", "exif:thumbnail.JPEGInterchangeFormat") is not None
                   or (f.first("psd:thumbnail.width") is not None and f.exhibit.media_type.endswith("shop"))) or None,
        same_text, ("has_thumbnail",)),
}  # fmt: skip


@dataclass
class Score:
    """Counts of one field group."""

    n: int = 0
    equal: int = 0
    withheld: int = 0
    null: int = 0
    invented: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def percent(self) -> str:
        asked = self.n - self.withheld
        return "–" if not asked else f"{100 * self.equal / asked:.1f}"


def score(truths: list[Truth], examined: dict[str, Examined], apart: bool) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    for truth in truths:
        if (truth["file_type"] in APART) is not apart:
            continue
        found = examined[truth["file"]]
        for name, group in GROUPS.items():
            if set(group.fields) & set(truth["uncorroborated"]):
                continue
            expected, ours, tally = group.truth(truth), group.ours(found), scores[name]
            if expected is None:
                tally.null += 1
                if ours is not None:
                    tally.invented += 1
                    tally.notes.append(f"{truth['file']}: truth none, ours {ours}")
                continue
            tally.n += 1
            if ours is None and group.withheld(truth):
                tally.withheld += 1
            elif ours is not None and group.equal(ours, expected):
                tally.equal += 1
            else:
                tally.notes.append(f"{truth['file']}: truth {expected}, ours {ours}")
    return scores


# ---------------------------------------------------------------- C2PA


def c2pa_rows(samples: Path, registry: Registry) -> tuple[list[str], int, int]:
    anchors = json.loads((samples / "c2pa" / "test_trust_settings.json").read_text())["trust"]["trust_anchors"]
    rows, right, asked = [], 0, 0
    for line in (samples / "c2pa_truth.jsonl").read_text().splitlines():
        truth = json.loads(line)
        states = []
        for column, parameters in (("no_trust_list", {}), ("test_trust_list_cawg_off", {"c2pa_trust": anchors})):
            found = examine(samples / truth["file"], registry, parameters)
            expected = {"Valid": "valid", "Trusted": "trusted", "Invalid": "invalid", "no_manifest": "none",
                        "error": "remote"}[truth["c2pa"][column]["state"]]  # fmt: skip
            state = found.first("c2pa:state")
            asked += 1
            right += state == expected
            states.append(f"{state}{'' if state == expected else f' (truth: {expected})'}")
        rows.append(f"| `{Path(truth['file']).name}` | {states[0]} | {states[1]} |")
    return rows, right, asked


# ---------------------------------------------------------------- cost


def cost(samples: Path, truths: list[Truth], registry: Registry) -> tuple[list[str], int]:
    """CPU of our readers over CPU of `exifread.process_file(details=False)` on the same block, photo by photo."""
    exif_ratio, all_ratio, ours_ms, theirs_ms = [], [], [], []
    for truth in truths:
        source = VaultSource(samples / truth["file"])
        kind, media_type = sniff(source.head, source.size)
        if kind is not Kind.PHOTO or not truth["has_exif"] or media_type not in _TIMED:
            continue
        exhibit = Exhibit(id="", sha512="", size=source.size, kind=kind, media_type=media_type)
        whole = [block for block in blocks(source, media_type) if block.kind == EXIF]
        if not whole or whole[0].whole:
            continue
        theirs = _cpu(lambda w=whole, p=samples / truth["file"]: _exifread(p, w[0].content))
        exif = _cpu(lambda e=exhibit, s=source: _drain(registry, ("exif",), e, s))
        every = _cpu(lambda e=exhibit, s=source: _drain(registry, _READERS, e, s))
        exif_ratio.append(exif / theirs)
        all_ratio.append(every / theirs)
        ours_ms.append(1000 * every)
        theirs_ms.append(1000 * theirs)
    rows = [
        f"| exif alone | {statistics.median(exif_ratio):.2f} | {max(exif_ratio):.2f} |",
        f"| exif, xmp, iptc, psd, jpeg, dimensions, c2pa together | {statistics.median(all_ratio):.2f} "
        f"| {max(all_ratio):.2f} |",
    ]
    return [*rows, f"| (median CPU a photo: ours together {statistics.median(ours_ms):.2f} ms, ExifRead "
            f"{statistics.median(theirs_ms):.2f} ms) | | |"], len(exif_ratio)  # fmt: skip


_READERS = ("exif", "xmp", "iptc", "psd", "jpeg", "dimensions", "c2pa")
_TIMED = frozenset({"image/jpeg"})


def _exifread(path: Path, content: bytes) -> None:
    """Reading and parsing, as a user of ExifRead would: the block in memory, no MakerNote, no thumbnail."""
    path.read_bytes()
    exifread.process_file(io.BytesIO(content), details=False)


def _drain(registry: Registry, names: tuple[str, ...], exhibit: Exhibit, source: VaultSource) -> None:
    for name in names:
        analyser = registry.analysers[name]
        if analyser.media_types is not None and exhibit.media_type not in analyser.media_types:
            continue
        try:
            for _ in analyser.analyse(exhibit, source, {}):
                pass
        except (Corrupt, Unsupported):
            continue


def _cpu(work: Callable[[], None], rounds: int = 5) -> float:
    work()
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


# ---------------------------------------------------------------- the page


def table(scores: dict[str, Score]) -> list[str]:
    rows = ["| field group | n | equal | withheld by rule | agreement, % | truth has none | we state one |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    for name in GROUPS:
        s = scores.get(name, Score())
        if s.n or s.invented:
            rows.append(f"| {name} | {s.n} | {s.equal} | {s.withheld} | {s.percent} | {s.null} | {s.invented} |")
    return rows


def main() -> None:
    arguments = [one for one in sys.argv[1:] if not one.startswith("-")]
    samples = Path(arguments[0]) if arguments else SAMPLES
    registry = load()
    truths = [json.loads(line) for line in (samples / "truth.jsonl").read_text().splitlines()]
    examined = {truth["file"]: examine(samples / truth["file"], registry, {}) for truth in truths}
    ordinary, apart = score(truths, examined, apart=False), score(truths, examined, apart=True)
    rows, right, asked = c2pa_rows(samples, registry)
    ratios, photos = cost(samples, truths, registry)
    slowest = max(examined.values(), key=lambda found: found.seconds)
    crashes = Counter(crash for found in examined.values() for crash in found.crashes)
    invented = sum(s.invented for s in (*ordinary.values(), *apart.values()))
    nulls = sum(s.null for s in (*ordinary.values(), *apart.values()))
    text = "\n".join([
        "## Metadata (`python -m benchmarks.metadata`)", "",
        f"{len(truths)} real files whose truth is ExifTool 13.58, checked against a second library; equal means: to "
        "the second, to 0.0001 degrees, to 0.5 m, to 3 % of duration, else exactly. *Withheld by rule*: positions 0,0 "
        "or "
        "outside the Earth and absurd altitudes, which we record as problems and never state as a fact; they do not "
        "count in the agreement.", "",
        *table(ordinary), "", "Raw files and PSD:", "", *table(apart), "",
        f"A value where the truth has none: **{invented} of {nulls}** ({100 * invented / max(nulls, 1):.2f} %; "
        "goal < 1 %). "
        f"Crashes: **{sum(crashes.values())}**. Slowest file: {slowest.seconds:.2f} s CPU (goal: none over 5 s).", "",
        f"C2PA states: **{right} of {asked}** right.", "",
        "| file | no trust list | test trust list |", "|---|---|---|", *rows, "",
        f"CPU a photo over `exifread.process_file(details=False)` on the same block ({photos} JPEG files; goal ≤ 3):",
        "",
        "| readers | median ratio | worst ratio |", "|---|---|---|", *ratios, "",
    ])  # fmt: skip
    print(text)
    for scores in (ordinary, apart):
        for name, s in scores.items():
            for note in s.notes:
                print(f"- {name}: {note}", file=sys.stderr)
    for crash in crashes:
        print(f"- crash: {crash}", file=sys.stderr)
    if "--dry" not in sys.argv:
        publish(text)


def publish(text: str) -> None:
    (HERE / "results" / "metadata.md").write_text(text, encoding="utf-8")
    if PAGE.exists():
        page = PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(MARKS[0])
        _, _, after = rest.partition(MARKS[1])
        body = text.replace("## Metadata (`python -m benchmarks.metadata`)", "").strip()
        PAGE.write_text(f"{before}{MARKS[0]}\n{body}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
