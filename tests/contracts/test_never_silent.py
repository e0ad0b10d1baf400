"""Every exhibit, whatever its bytes and its name, has something found in it or a fault that says why there is none."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.commands.running import verify
from tests.contracts.samples import exhibits
from tests.media.making import clip, still
from verifier.media import sniff as sniffing
from verifier.store import Store

EXTENSIONS = (
    *("jpg", "jpeg", "png", "heic", "webp", "tif", "dng", "mp4", "mov", "avi", "mkv", "webm", "3gp", "ts", "mts"),
    *("dav", "264", "265", "mp3", "m4a", "wav", "opus", "amr", "pdf", "docx", "xlsx", "zip", "rar", "7z", "txt"),
    *("json", "xml", "csv", "icloud", "crypt12", "crypt14", "crypt15", "gdoc", "exe", "bin", "dat"),
)


def made() -> dict[str, bytes]:
    """Small files: whole ones, every signature with nothing behind it, random and empty ones with each extension."""
    chance = random.Random(1)
    files = {f"whole-{number}": content for number, content in enumerate(exhibits().values())}
    for number, (offset, magic, _) in enumerate(sniffing._SIGNATURES):
        files[f"signature-{number}"] = bytes([number + 1]) * offset + magic + chance.randbytes(300)
    for extension in EXTENSIONS:
        files[f"random.{extension}"] = b"\xfe" + chance.randbytes(700)
        files[f"words.{extension}"] = f"a note about {extension}, of no form that is known\n".encode()
    files["empty.jpg"] = b""
    transport = clip("mpegts", codec="libx264", seconds=0.3)
    files |= {
        "bare.264": clip("h264", codec="libx264", sound=None, seconds=0.3),
        "cut.ts": transport[100:],
        "padded.jpg": bytes(16) + still(),
        "recorder.mp4": b"IMKH" + bytes(36) + b"\x00\x00\x01\xba" + bytes(60),
        "recorder2.mp4": b"IMKH" + bytes(100),
        "recorder.dav": b"DHAV\xfd" + bytes(60),
        "letter.docx": b"PK\x03\x04" + bytes(26) + b"word/document.xml" + bytes(60),
    }
    return files


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    root = tmp_path_factory.mktemp("silence")
    folder = root / "in"
    folder.mkdir()
    for name, content in made().items():
        (folder / name).write_bytes(content)
    ran = verify("ingest", folder, "--case", root / "case", "--json", "--jobs", 2, "--no-dedup", "--no-check")
    assert ran.code == 1, ran.err
    return root / "case", ran.json["not_fully_examined"]


def test_no_exhibit_is_silent_and_ingest_counts_those_with_a_fault(case: tuple[Path, int]) -> None:
    with Store.open(case[0], writing=False) as store:
        dossiers = list(store.dossier().exhibits.values())
    silent = [
        dossier.acquisitions[0].name
        for dossier in dossiers
        if not dossier.faults and not dossier.readings and not dossier.derivatives
    ]
    assert silent == []
    assert len(dossiers) > 100
    assert sum(bool(dossier.faults) for dossier in dossiers) == case[1]
    defects = {(f.instrument, f.detail) for dossier in dossiers for f in dossier.faults if f.kind.value == "defect"}
    assert defects == set()


def test_what_no_reader_understood_says_so(case: tuple[Path, int]) -> None:
    with Store.open(case[0], writing=False) as store:
        by_name = {dossier.acquisitions[0].name.decode(): dossier for dossier in store.dossier().exhibits.values()}
    for name, dossier in by_name.items():
        if name.startswith(("words.", "random.")) or name in ("empty.jpg", "letter.docx", "recorder2.mp4"):
            assert dossier.faults, name


def test_the_next_ingest_tells_the_same_number(case: tuple[Path, int], tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "whole.png").write_bytes(still("PNG", 40, 30))
    ran = verify("ingest", tmp_path / "more", "--case", case[0], "--json", "--no-dedup", "--no-check")
    assert (ran.code, ran.json["not_fully_examined"]) == (1, case[1])
