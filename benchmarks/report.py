"""Reports measured: size, time, first paint, reproducibility, hostile strings, accessibility.

    nice python -m benchmarks.report [exhibits] > benchmarks/results/70-report.md

The exhibits are made here (twelve findings, sixty readings, six links, a thumbnail each). First paint is that of a
real headless Chromium, of a file on the disk. axe-core is fetched by `npm pack` into a passing folder; without npm or a
network that part says so.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.report.browser import CHROMIUM, Browser
from tests.report.sample_case import HOSTILE, case, exhibit
from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.media.encode import encode_webp
from verifier.records import Kind, Match, Medium, Question, Reading, Relation, Segment, Tier
from verifier.report.redaction.policy import Policy
from verifier.report.redaction.redact import redact
from verifier.report.redaction.scan import Scanner
from verifier.report.redaction.secrets import secrets_of, told_of
from verifier.report.writers import case_uco, csv_tables, html_report, json_report, pdf_report
from verifier.workflow.redact import our_words

FIRST_PAINT = """new Promise(done => { const told = performance.getEntriesByName('first-contentful-paint');
  if (told.length) done(told[0].startTime); else new PerformanceObserver(list => {
    for (const entry of list.getEntriesByName('first-contentful-paint')) done(entry.startTime);
  }).observe({type: 'paint', buffered: true}); })"""


def thumbnail(derivative: str) -> bytes:
    """A grey picture with some noise, different for each exhibit; at least as many bytes as real ones (3.7 kB)."""
    seed = int(hashlib.sha256(derivative.encode()).hexdigest()[:8], 16)
    noise = np.random.default_rng(seed).integers(0, 256, (47, 84), np.uint8)
    return encode_webp(noise.repeat(4, axis=0).repeat(4, axis=1), 50)


def full(number: int) -> ExhibitDossier:
    """An exhibit with about as much to tell as a phone's recording has."""
    made = exhibit(number, Kind.VIDEO if number % 2 else Kind.PHOTO, "video/mp4" if number % 2 else "image/jpeg")
    questions = list(Question)
    findings = tuple(
        replace(made.findings[0], question=questions[index % 8], code=f"code.{index}") for index in range(12)
    )
    readings = tuple(
        Said(reading=Reading(key=f"exif:Tag{index:02d}", value=f"{number} {index}", location=f"IFD0 {index:#06x}"),
             instrument="exif", exhibit=made.exhibit.id)
        for index in range(60)
    )  # fmt: skip
    own = replace(made.derivatives[0], id=hashlib.sha256(f"thumb {number}".encode()).hexdigest())
    return replace(made, findings=findings, readings=made.readings + readings, derivatives=(own,), runs=made.runs * 15)


def large(count: int) -> CaseDossier:
    """A case of so many exhibits, each linked to five others."""
    exhibits = {dossier.exhibit.id: dossier for dossier in map(full, range(count))}
    ids = sorted(exhibits)
    matches = tuple(
        Match(
            left=ids[index], right=ids[index + step], relation=Relation.CLIP, medium=Medium.VIDEO, method="frames/1",
            score=0.9, tier=Tier.LIKELY, segments=(Segment(left=(1, 5), right=(0, 4), speed=1, medium=Medium.VIDEO),),
            because={"median_distance": 12},
        )
        for index in range(count)
        for step in (1, 2, 3)
        if index + step < count
    )  # fmt: skip
    return replace(case(2), exhibits=exhibits, matches=matches, groups=())


def spent() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(make: Callable[[], bytes]) -> tuple[bytes, float, float]:
    """What was made, wall seconds, CPU seconds."""
    wall, cpu = time.perf_counter(), spent()
    made = make()
    return made, time.perf_counter() - wall, spent() - cpu


def pages(count: int, folder: Path) -> None:
    """HTML of many exhibits: size, time, first paint."""
    many = large(count)
    page, wall, cpu = timed(lambda: html_report.render(many, thumbnail))
    path = folder / "many.html"
    path.write_bytes(page)
    print(f"| HTML of {count:,} exhibits, size | ≤ 25 MB | {len(page) / 1e6:.1f} MB |")
    print(f"| … written | ≤ 20 s | {wall:.1f} s ({cpu:.1f} CPU s, thumbnails included) |")
    if CHROMIUM is None:
        print("| … first paint | ≤ 2 s | not measured: no Chromium |")
        return
    times = []
    for _ in range(3):
        with Browser(Path(tempfile.mkdtemp(dir=folder)), height=1000) as browser:
            wall = time.perf_counter()
            browser.open(path)
            loaded = time.perf_counter() - wall
            times.append((browser.run(FIRST_PAINT) / 1000, loaded))
    paint, loaded = sorted(times)[1]
    print(f"| … first contentful paint, median of 3 | ≤ 2 s | {paint:.2f} s (whole page loaded: {loaded:.1f} s) |")


def papers(folder: Path) -> None:
    """PDF of one exhibit and of sixty."""
    for count, goal in ((1, 1), (60, 15)):
        some = large(count)
        page, wall, cpu = timed(lambda some=some: pdf_report.render(some, thumbnail, folder))  # type: ignore[misc]
        words = "one exhibit" if count == 1 else f"{count} exhibits"
        print(f"| PDF of {words} | ≤ {goal} s | {wall:.2f} s ({cpu:.2f} CPU s, {len(page) / 1e6:.1f} MB) |")


def redacted_paper(folder: Path) -> None:
    """PDF of sixty exhibits as it is given away: redacted, written, and searched for every secret of the case."""
    known = large(60)
    policy = Policy(coordinates="1", pictures=True)

    def make() -> bytes:
        hidden, ledger = redact(known, policy, bytes(32))
        page = pdf_report.render(hidden, lambda key: thumbnail(ledger.pictures[key]), folder)
        found = Scanner(secrets_of(known, policy, ()), our_words(), told_of(known, policy)).leaks({"report.pdf": page})
        if found:
            raise AssertionError(found[0])
        return page

    page, wall, cpu = timed(make)
    told = f"{wall:.2f} s ({cpu:.2f} CPU s, {len(page) / 1e6:.1f} MB)"
    print(f"| PDF of 60 exhibits, redacted and searched for secrets | ≤ 15 s | {told} |")


def formats(known: CaseDossier, folder: Path) -> Mapping[str, Callable[[], bytes]]:
    """Every format as one byte string."""
    return {
        "JSON": lambda: json_report.render(known),
        "HTML": lambda: html_report.render(known, thumbnail),
        "HTML (Persian)": lambda: html_report.render(known, thumbnail, "fa"),
        "PDF": lambda: pdf_report.render(known, thumbnail, folder),
        "PDF (Persian)": lambda: pdf_report.render(known, thumbnail, folder, "fa"),
        "CSV": lambda: b"".join(content for _, content in sorted(csv_tables.render(known).items())),
        "CASE/UCO": lambda: case_uco.render(known),
    }


def same(folder: Path) -> None:
    """The same data twice."""
    known = case(12)
    differing = [name for name, make in formats(known, folder).items() if make() != make()]
    print(f"| the same data twice | byte-identical | {'identical' if not differing else 'differ: ' + str(differing)} |")


def hostile(folder: Path) -> None:
    """Strings that would do something if any format obeyed them."""
    known = case(12)
    made = {name: make() for name, make in formats(known, folder).items()}
    page = made["HTML"].decode("utf-8")
    broken = [
        name
        for name, is_broken in {
            "HTML: markup": any(text in page for text in HOSTILE[:2]),
            "HTML: hidden characters": bool(re.search("[\\u202a-\\u202e\\x00\\x07\\x1b]", page)),
            "JSON: hidden characters": bool(re.search(b"[\\x00-\\x09\\x0b-\\x1f]|\\xe2\\x80\\xae", made["JSON"])),
            "CSV: formula": any(
                cell.strip('"\r\n').startswith(("=", "+", "-", "@"))
                for line in made["CSV"].decode("utf-8-sig").splitlines()
                for cell in re.findall(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)', line)
                if not re.fullmatch(r"-?[\d.]+", cell.strip('"'))
            ),
            "PDF: script or action": bool(re.search(rb"/JavaScript|/OpenAction|/Launch|/URI", made["PDF"])),
        }.items()
        if is_broken
    ]
    told = broken or "inert in every format"
    print(f"| {len(HOSTILE)} hostile strings in names, tags, claims, titles | inert | {told} |")


def requests(folder: Path) -> None:
    """Whether the page asks for anything."""
    if CHROMIUM is None:
        print("| requests of the page | none | not measured: no Chromium |")
        return
    path = folder / "asked.html"
    path.write_bytes(html_report.render(case(12), thumbnail))
    with Browser(Path(tempfile.mkdtemp(dir=folder))) as browser:
        browser.open(path)
        asked = [address for address in browser.requests if not address.startswith(("data:", "file:"))]
    print(f"| requests beside the file itself | none | {asked or 'none'} |")


def axe(folder: Path) -> None:
    """axe-core's findings in both languages, fetched for this run only."""
    source = _axe_source(folder)
    if source is None or CHROMIUM is None:
        print("| axe-core | nothing serious | not measured: no npm, network or Chromium |")
        return
    for lang in ("en", "fa"):
        path = folder / f"axe-{lang}.html"
        path.write_bytes(html_report.render(case(12), thumbnail, lang))
        with Browser(Path(tempfile.mkdtemp(dir=folder))) as browser:
            browser.open(path)
            browser.run("document.querySelectorAll('details').forEach(part => part.open = true)")
            browser.run(source + "; 1")
            found = json.loads(browser.run(
                "axe.run({runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})"
                ".then(r => JSON.stringify({version: axe.version, passes: r.passes.length, violations: "
                "r.violations.map(v => [v.impact, v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)])}))"
            ))  # fmt: skip
        serious = [v for v in found["violations"] if v[0] in {"serious", "critical"}]
        other = [v for v in found["violations"] if v not in serious]
        print(f"| axe-core {found['version']}, {lang}, everything unfolded | nothing serious | {len(serious)} serious, "
              f"{len(other)} lesser {other or ''} {serious or ''}; {found['passes']} rules pass |")  # fmt: skip


def _axe_source(folder: Path) -> str | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    done = subprocess.run(
        [npm, "pack", "axe-core", "--silent"], cwd=folder, capture_output=True, check=False, timeout=120
    )
    packed = next(folder.glob("axe-core-*.tgz"), None)
    if done.returncode or packed is None:
        return None
    with tarfile.open(fileobj=io.BytesIO(packed.read_bytes())) as archive:
        member = archive.extractfile("package/axe.min.js")
        return member.read().decode("utf-8") if member is not None else None


def main() -> None:
    """All of it as one table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print("## Reports (`python -m benchmarks.report`, 2 shared cores)\n")
    print("| what | goal | measured |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages(count, folder)
        papers(folder)
        redacted_paper(folder)
        same(folder)
        hostile(folder)
        requests(folder)
        axe(folder)


if __name__ == "__main__":
    main()
