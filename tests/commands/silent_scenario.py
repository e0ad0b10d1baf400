"""Every command of `verify` over one small case, in an order in which each has something to do."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from tests.geo.test_worksheet import SHEET
from tests.hashing.test_embedding import model
from verifier.custody.seal import private_pem
from verifier.store import Store
from verifier.workflow.gather import gather

DEMO = Path(__file__).parent.parent.parent / "fixtures" / "demo"
PHOTO, COPY = "IMG_20260108_154210.jpg", "IMG-20260108-WA0007.jpg"
CLIP = "IMG_4823.MOV"
INCIDENT = "the incident"
BECKONING = "http://leak.invalid/"
TOLD_IN_XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{BECKONING}manifest.c2pa"/>
</rdf:RDF></x:xmpmeta>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command; it must end with 0, so that it is known to have done its work."""

    command: tuple[str, ...]
    arguments: tuple[object, ...]


def furnish(work: Path) -> dict[str, str]:
    """The files of the scenario under `work`; the ids of its exhibits by name. Some name an address to be fetched."""
    evidence = work / "evidence"
    evidence.mkdir(parents=True)
    for place in ("phone/" + PHOTO, "phone/" + CLIP, "whatsapp/" + COPY, "odd/photos.zip"):
        shutil.copyfile(DEMO / place, evidence / Path(place).name)
    picture = Image.radial_gradient("L").resize((200, 160)).convert("RGB")
    picture.save(evidence / "provenance.jpg", xmp=TOLD_IN_XMP.encode())
    (evidence / "playlist.mp4").write_text(f"#EXTM3U\n#EXTINF:1,\n{BECKONING}clip.ts\n#EXT-X-ENDLIST\n", "utf-8")
    (evidence / "drawing.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{BECKONING}a.png"/></svg>', "utf-8"
    )
    (work / "sheet.toml").write_text(SHEET, "utf-8")
    (work / "list.json").write_text(json.dumps([{"pdq_hash": "a7" * 32, "date": "2021-02-03"}]), "utf-8")
    (work / "words").write_text("correct horse battery\n", "utf-8")
    (work / "signing.pem").write_bytes(private_pem(Ed25519PrivateKey.generate(), None))
    model(work / "model.onnx")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in evidence.iterdir()}


def steps(work: Path, out: Path) -> Iterator[Step]:
    """The commands, to be run one after another in the folder `work`."""
    ids = furnish(work)
    case, signed = ("--case", out / "case"), ("--operator", "Ana", "--case", out / "case")
    one, other = ids[PHOTO], ids[COPY]
    assessed = ("--question", "place", "--level", "probable", "--because", "jpeg:width")
    for command, arguments in (
        (("doctor",), ()),
        (("ingest",), ("evidence", "--jobs", 1, "--makernotes", *signed)),
        (("dedup",), ("--embedder", "model.onnx", *signed)),
        (("status",), case),
        (("list",), ("--place", "Tehran", *case)),
        (("find",), ("evidence", *case)),
        (("match",), (f"evidence/{COPY}", *case)),
        (("bank", "create"), (out / "old", "--from", out / "case", "--dated-by", "2025-11-20", "--key", "signing.pem")),
        (("bank", "add"), (out / "old", "--from", out / "case", "--exhibit", other, "--key", "signing.pem")),
        (("bank", "import"), (out / "old", "list.json", "--key", "signing.pem")),
        (("bank", "export"), (out / "old", "--out", out / "gift.bank", "--passphrase-file", "words")),
        (("bank", "list"), (out / "gift.bank", "--passphrase-file", "words")),
        (("evidence",), (one, other, "--out", out / "shown", *case)),
        (("compare",), (ids[CLIP], one, "--out", out / "side.mp4", *signed)),
        (("verdict",), (one, other, "same", *signed)),
        (("claim",), (one, "--by", "K-1", "--place", "Punak, Tehran", "--time", "18 Dey 1404", *signed)),
        (("observe",), (one, "--what", "text", "--note", "a sign", *signed)),
        (("stage",), (one, "triaged", *signed)),
        (("geolocate",), (one, "sheet.toml", "--by", "Ana", *case)),
        (("assess",), (one, *assessed, *signed)),
        (("review",), (one, *assessed, "--operator", "Ben", *case)),
        (("incident", "create"), ("Punak", "--exhibit", one, *signed)),
        (("incident", "add"), (INCIDENT, "--exhibit", other, *signed)),
        (("incident", "show"), case),
        (("incident", "suggest"), case),
        (("check",), signed),
        (("notes", "export"), ("--out", out / "notes.yaml", *case)),
        (("notes", "import"), (out / "notes.yaml", "--yes", *signed)),
        (
            ("sun",),
            ("--place", "Tehran", "--time", "18 Dey 1404", "--height", "2", "--length", "4", "--out", out / "day.svg"),
        ),
        (("report",), ("--out", out / "report", "--format", "html,pdf,json,csv", *case)),
        (("report",), ("--out", out / "redacted", "--format", "json", "--redacted", *case)),
        (("seal",), ("--key", out / "key.pem", "--make-key", *signed)),
        (("anchor",), ("--make-query", out / "query.tsq", *case)),
        (("log",), ("--out", out / "custody.jsonl", *signed)),
        (("export",), ("--to", out / "package", *signed)),
        (("export",), ("--as", "xlsx", "--to", out / "case.xlsx", *signed)),
        (("import",), (out / "case.xlsx", "--yes", *signed)),
        (("import",), (out / "package", "--jobs", 1, *signed)),
        (("show",), (one, "--readings", *case)),
        (("desk",), ("--no-open", "--idle-minutes", "0.01", *signed)),
        (("audit",), case),
        (("recover",), ("--operator", "Ana", "--case", out / "lost")),
    ):
        if command == ("recover",):
            _lose_database(out)
        known = (_incident(out / "case") if word is INCIDENT else word for word in arguments)
        yield Step(command=command, arguments=tuple(known))


def _lose_database(out: Path) -> None:
    """A copy of the case without its database, once there is a case."""
    if (out / "case").exists():
        shutil.copytree(out / "case", out / "lost")
        for name in ("case.db", "case.db-wal", "case.db-shm"):
            (out / "lost" / name).unlink(missing_ok=True)


def _incident(case: Path) -> str:
    """The id of the one incident; of none before there is a case."""
    if not (case / "case.db").exists():
        return INCIDENT
    with Store.open(case, writing=False) as store:
        return gather(store).incidents[0].id
