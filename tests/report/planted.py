"""A case full of secrets that we planted: at least 200 of at least 20 kinds, each known by its kind."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from tests.report import sample_case
from verifier.dossier import CaseDossier, ExhibitDossier, Said
from verifier.records import (
    Acquisition,
    Assessment,
    Batch,
    Claim,
    CustodyEvent,
    Fact,
    Fault,
    FaultKind,
    Fingerprint,
    Group,
    Incident,
    MatchedFeature,
    Moment,
    Observation,
    Question,
    Reading,
    Skipped,
    Sourced,
    Standing,
    Verdict,
    Worksheet,
    Zone,
)

NAMES = ("Farhad Moradzadeh", "نسرین کاظمی", "Dilovan Azîzî", "Şêrko Kamangar", "مهرداد رستگار", "Ofelia Brandt",
         "Żaneta Wójcik", "Golnar Etemadi", "آرزو پناهی", "Bijan Sohrabpour",
         "Rojîn Hêvî", "شیرین گلستان", "Teodora Vlahović")  # fmt: skip
COUNT = 13


class Planting:
    """Keeps every secret by its kind while the case is made."""

    def __init__(self) -> None:
        self.known: dict[str, set[str]] = {}

    def __call__(self, kind: str, text: str) -> str:
        self.known.setdefault(kind, set()).add(text)
        return text


def fingerprint(number: int) -> Fingerprint:
    return Fingerprint(algorithm="pdq", bits=hashlib.sha256(f"bits {number}".encode()).digest(), quality=90)


def planted() -> tuple[CaseDossier, dict[str, set[str]], list[Fingerprint]]:
    """The case, its secrets by kind, and its fingerprints."""
    plant = Planting()
    base = sample_case.case(COUNT)
    exhibits = {}
    for number, dossier in enumerate(base.exhibits.values()):
        exhibits[dossier.exhibit.id] = _exhibit(dossier, number, plant)
    ids = list(exhibits)
    prints = [fingerprint(number) for number in range(COUNT)]
    for item in prints:
        plant("fingerprint", item.bits.hex())
    case = replace(
        base,
        id=plant("case id", "c4se-0d1e2f3a"),
        title=plant("case title", "Operation Lindenbaum"),
        custody_root=plant("custody root", hashlib.sha256(b"root of it").hexdigest()),
        custody_checkpoint=plant("checkpoint", "verify/case/c4se-0d1e2f3a\n7\nq83vEjRWeJA="),
        exhibits=exhibits,
        batches=(
            Batch(
                id=plant("batch id", "batch-Kestrel-77"),
                title=plant("batch title", "Second drop by the baker"),
                channel=plant("channel", "Threema via Erbil"),
                relay_chain=(plant("relay", "Kingfisher-3"), plant("relay", "بازدار-۹")),
                claimed_place=plant("claimed place", "Kooy-e Zhaleh, house with the green gate"),
                note=plant("batch note", f"ring {plant('telephone number', '+98 912 345 67 89')} before noon"),
                consent=plant("consent", "only to counsel Annika Lüdtke"),
            ),
        ),
        skipped=(
            Skipped(path=plant("skipped path", "/media/Hêvî/notes-of-Rojîn.odt").encode(), reason="empty",
                    at="2026-02-01T10:00:00.000Z"),
        ),
        verdicts=(
            Verdict(left=ids[0], right=ids[1], decision="same", note=plant("verdict note", "the limp gives him away"),
                    by=plant("reviewer", "Quillfeather"), at="2026-02-02T10:00:00.000Z"),
        ),
        groups=(
            Group(id="g1", members=(ids[0], ids[1]), best=ids[0], earliest=ids[1], reason="clip",
                  notes=(plant("group note", "first kept by Zîlan"),)),
        ),
        incidents=(
            Incident(id="i1", title=plant("incident title", "Funeral of Kian's cousin"), members=tuple(ids[:3]),
                     by=plant("reviewer", "Quillfeather"), at="2026-02-02T10:00:00.000Z",
                     place=plant("incident place", "Behesht-e Zahra plot 41"),
                     independence=(plant("independence", "Sîrwan filmed from the pharmacy"),),
                     note=plant("incident note", "the mother knows both")),
        ),
        custody=(
            CustodyEvent(seq=1, at="2026-02-01T10:00:00.000Z", actor=plant("operator", "Thistledown"), action="take in",
                         subject="case", detail={}, records_digest="0" * 64, previous="0" * 64,
                         digest=plant("custody digest", hashlib.sha256(b"event").hexdigest())),
        ),
        settings={"events.source": plant("setting", "told by the switchboard at Karaj")},
    )  # fmt: skip
    return case, plant.known, prints


def _exhibit(dossier: ExhibitDossier, number: int, plant: Planting) -> ExhibitDossier:
    identity, name = dossier.exhibit.id, NAMES[number]
    plant("exhibit digest", identity)
    plant("exhibit digest", dossier.exhibit.sha512)
    file_name = plant("file name", f"{name} {number}7 at the bridge.jpg")
    path = plant("path", f"/media/usb-{name.split()[0]}/handed-{number}4/{file_name}")
    north, east = 35.712345 + number * 0.0131, 51.398765 + number * 0.0173
    plant("position", f"{north:.6f}")
    plant("position", f"{east:.6f}")
    taken = Moment(text=f"2026:01:08 18:{number + 10}:37", wall=f"2026-01-08T18:{number + 10}:37", zone=Zone.LOCAL)
    plant("exact time", taken.wall)
    serial = plant("device serial", f"SN{number}9Q{number}X77Z{number}4")
    facts = {
        "captured_at": _fact("captured_at", taken),
        "serial": _fact("serial", serial),
        "make": _fact("make", plant("device make", f"Zephyrion{number} Optik")),
        "model": _fact("model", plant("device model", f"ZX-{number}81 Peregrine")),
        "lens": _fact("lens", plant("lens", f"Heliar {number}5mm f/1.{number} #{number}4431")),
        "software": _fact("software", plant("software", f"Retusche {number}.4.{number}1 (Farhad's build)")),
        "width": _fact("width", 4000),
        "position_latitude": _fact("position_latitude", north),
        "position_longitude": _fact("position_longitude", east),
    }
    said = (
        _said(identity, "exif:Artist", plant("author", f"{name} and daughter {number}")),
        _said(identity, "exif:UserComment", plant("comment", f"for uncle {number}8, do not share: he lives above")),
        _said(identity, "xmp:DocumentID", plant("document id", f"xmp.did:7f{number}e-41c2-{number}{number}aa-90fe")),
        _said(identity, "telegram:peer", plant("sidecar id", f"48{number}1177{number}5532"), "ef" * 32),
        _said(identity, "yt-dlp:uploader", plant("sidecar uploader", f"@voice_of_{number}_alley"), "ef" * 32),
        _said(
            identity, "yt-dlp:webpage_url", plant("sidecar link", f"https://t.me/c/77{number}1/{number}904"), "ef" * 32
        ),
        Said(reading=Reading(key="c2pa:state", value="none", location="file"), instrument="c2pa", exhibit=identity),
    )
    by = plant("analyst", f"Wolfsbane{number}")
    at = "2026-02-03T09:00:00.000Z"
    claim = f"{name} says his brother stands third from left, row {number}"
    return replace(
        dossier,
        acquisitions=(
            Acquisition(exhibit=identity, path=path.encode(), name=file_name.encode(), size=1000, device=1,
                        modified_ns=int(plant("file system time", f"17678812340{number}7654321")),
                        inode=int(plant("inode", f"88{number}4417{number}2")),
                        acquired_at=at, batch="batch-Kestrel-77", operator="Thistledown"),
        ),
        facts=facts,
        readings=said,
        claims=(
            Claim(id=f"c{number}", exhibit=identity, batch=None, by=plant("claimant", f"Marrow-{number}K"),
                  place=plant("claimed place", f"behind bakery {number}3, Zhaleh lane"),
                  description=plant("claim", claim)),
        ),
        faults=(Fault(kind=FaultKind.CORRUPT, instrument="jpeg",
                      detail=plant("fault", f"tag Owner '{name} jr' is cut")),),
        findings=tuple(
            replace(f, statement=plant("finding", f"{name} was in district {number}6 at 18:04 by GPS"),
                    caveat=plant("caveat", f"clock set by Wolfsbane{number} himself"))
            for f in dossier.findings
        ),
        assessments=(
            Assessment(id=f"a{number}", exhibit=identity, question=Question.PLACE, level="probable", analyst=by, at=at,
                       because=(plant("basis", f"sign of tailor Xodro {number}"),),
                       note=plant("assessment note", f"matches what aunt {number} said on the phone")),
        ),
        observations=(
            Observation(id=f"o{number}", exhibit=identity, what="text", by=by, at=at,
                        note=plant("observation note", f"plate 22-B-{number}17 readable"),
                        expert=plant("expert", f"Dr. Hemlock the {number}th")),
        ),
        standings=(Standing(id=f"s{number}", exhibit=identity, stage="triaged", by=by, at=at,
                            reason=plant("reason", f"asked for by cousin {number}2")),),
        worksheets=(
            Worksheet(id=f"w{number}", exhibit=identity, by=by, at=at, precision="exact",
                      latitude_degrees=float(plant("camera", f"{north + 0.0007:.6f}")),
                      longitude_degrees=float(plant("camera", f"{east + 0.0009:.6f}")),
                      features=(MatchedFeature(number=1, description=plant("feature", f"blue door of no. {number}45"),
                                               reference=plant("reference", f"street picture {number}, 2019")),)),
        ),
    )  # fmt: skip


def _fact(question: str, value: object) -> Fact:
    return Fact(question=question, best=Sourced(value=value, basis=f"exif:{question}", location="Exif"))  # type: ignore[arg-type]


def _said(exhibit: str, key: str, value: str, by: str | None = None) -> Said:
    return Said(reading=Reading(key=key, value=value, location="somewhere"), instrument="exif", exhibit=by or exhibit)
