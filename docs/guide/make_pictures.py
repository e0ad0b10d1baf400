"""Make the pictures of the guide from `fixtures/demo`: take it in, file what people say, write the report, look at it.

    python docs/guide/make_pictures.py

Needs Chromium, and a few minutes. Everything that it takes in is drawn and invented; nobody is on the pictures.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME))

from tests.report.browser import Browser  # noqa: E402 - the clone is not installed

PICTURES = HOME / "docs" / "guide" / "pictures"
COLOURS = 96
# what is out of sight is not laid out until it is scrolled to; a picture of it needs it now
ALL_DRAWN = """for (const part of document.querySelectorAll('article')) part.style.contentVisibility = 'visible';
for (const image of document.images) image.loading = 'eager';
Promise.all([...document.images].map(image => image.decode())).then(() => 1)"""


def verify(case: Path, *words: str, by: str | None = None) -> None:
    """One command on the case. A demo case has faults on purpose, so 1 is a good end."""
    signed = ["--operator", by] if by else []
    done = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, "-m", "verifier", *words, "--case", str(case), *signed], cwd=HOME, check=False
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(f"verify {' '.join(words)}: {done.returncode}")


def ids(case: Path, folder: Path) -> dict[str, str]:
    """The exhibits' ids by their names."""
    verify(case, "report", "--out", str(folder), "--format", "json", "--quiet")
    known: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {name: exhibit["id"] for exhibit in known["exhibits"] for name in exhibit["names"]}


def people(case: Path, named: dict[str, str]) -> None:
    """What two people write down about the batch: as in the guide."""
    video, other = named["VID_20260108_155044.mp4"], named["IMG_4822.MOV"]
    copy = named["VID-20260108-WA0012.mp4"]
    hour = "2026-01-08T12:20Z/2026-01-08T12:23Z"
    because = ("--because", "clock.name_agrees", "--because", "time.bounds")
    for verb, who, level in (("assess", "analyst 3", "probable"), ("review", "analyst 5", "probable")):
        verify(case, verb, video, "-q", "time", "-l", level, "--interval", hour, *because, by=who)
        verify(case, verb, video, "-q", "place", "-l", "possible", "--precision", "locality",
               "--because", "place.recorded_position of a photo of the same gate", by=who)  # fmt: skip
    verify(case, "observe", video, "--what", "force", "--at", "0:02.0-0:06.5", "--least", "2", "--most", "4",
           "--alternative", "unknown uniform", "--note", "at the gate, seen from above", by="analyst 3")  # fmt: skip
    verify(case, "observe", other, "--what", "force", "--at", "0:01.0-0:05.0", "--least", "3", by="analyst 3")
    members = [word for member in (video, other, copy) for word in ("--exhibit", member)]
    verify(case, "incident", "create", "The gate at Punak, 15:50", *members, "--place", "Punak, Tehran",
           "--independent", "two cameras on opposite sides of the street", by="analyst 3")  # fmt: skip
    verify(case, "stage", video, "second-reviewed", by="analyst 5")
    verify(case, "stage", named["gate-camera-1640.mp4"], "excluded", "--reason", "another camera's test loop",
           by="analyst 3")  # fmt: skip


def kept(content: bytes, path: Path) -> None:
    """A picture in few colours: these are words and lines."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(HOME)} {path.stat().st_size // 1000} kB")


def look(folder: Path, named: dict[str, str]) -> None:
    """Pictures of the parts that the guide speaks of."""
    video = f"#x{named['VID_20260108_155044.mp4'][:12]}"
    with Browser(folder / "profile", width=1000, height=1250) as browser:
        browser.open(folder / "en" / "report.html")
        kept(browser.picture(), HOME / "docs" / "pictures" / "report.png")
        kept(browser.picture("#s-against", 700), PICTURES / "attention.png")
        kept(browser.picture("#s-when figure", 620), PICTURES / "timeline.png")
        browser.run("document.getElementById('annex').open = true")
        kept(browser.picture("#s-incidents", 1250), PICTURES / "incident.png")
        browser.run(ALL_DRAWN)
        kept(browser.picture(video, 760), PICTURES / "box.png")
        browser.run(f"document.querySelector('{video} details.time').open = true")
        kept(browser.picture(f"{video} details.time", 700), PICTURES / "time.png")
        browser.open(folder / "fa" / "report.html")
        browser.run("document.getElementById('annex').open = true")
        browser.run(ALL_DRAWN)
        kept(browser.picture(video, 700), PICTURES / "box-fa.png")


def main() -> None:
    """The whole way."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case = folder / "case"
        if len(sys.argv) > 1:  # a case that was made before
            case = Path(sys.argv[1]).resolve()
        else:
            verify(case, "ingest", "fixtures/demo", "--batch", "fixtures/demo/batch.toml", "--title", "Punak, 18 Dey",
                   "--quiet", by="analyst 3")  # fmt: skip
        named = ids(case, folder / "ids")
        people(case, named)
        for lang in ("en", "fa"):
            verify(case, "report", "--out", str(folder / lang), "--format", "html", "--lang", lang, "--quiet")
        look(folder, named)


if __name__ == "__main__":
    main()
