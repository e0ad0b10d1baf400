"""Whether a file's name and its bytes speak of the same kind of thing, and what is only a stand-in for a file.

Families are compared (a picture, a recording, a sound, a document, a program), never formats: a PNG named .jpg is
ordinary. One pair within a family is told because it misleads people so often: HEIC named .jpg.
"""

from __future__ import annotations

from collections.abc import Iterator

from verifier.dossier import CaseDossier, ExhibitDossier
from verifier.findings.own import own, ref
from verifier.instruments import Check
from verifier.records import Acquisition, Finding, FindingOutcome, Kind, Question

UNLIKE, UNRECOGNISED, HEIC_AS_JPEG = "name.unlike_content", "name.content_unrecognised", "name.heic_as_jpeg"
NOT_HERE = "placeholder.not_here"
CODES = (UNLIKE, UNRECOGNISED, HEIC_AS_JPEG, NOT_HERE)
MOST_NAMES = 5

PICTURE, MOVING, SOUND, DOCUMENT, ARCHIVE, PROGRAM = "picture", "video", "sound", "document", "archive", "program"
_EXTENSIONS = {
    PICTURE: "jpg jpeg jpe jfif png gif webp heic heif hif avif tif tiff bmp jp2 j2k jxl ico psd dng cr2 cr3 nef arw"
    " orf raf rw2 pef srw mpo",
    MOVING: "mp4 m4v mov qt avi mkv webm flv wmv 3gp 3g2 mpg mpeg mts m2ts mxf vob ogv dav 264 h264 265 h265 hevc",
    SOUND: "mp3 m4a aac wav flac ogg oga opus amr aiff aif wma caf au ac3",
    DOCUMENT: "pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt htm html csv json xml md log eml",
    ARCHIVE: "zip rar 7z gz bz2 xz tar tgz zst",
    PROGRAM: "exe dll scr com msi bat cmd apk jar dmg so sh ps1",
}  # fmt: skip
_FAMILY = {extension: family for family, listed in _EXTENSIONS.items() for extension in listed.split()}
_KINDS = {
    Kind.PHOTO: PICTURE, Kind.VIDEO: MOVING, Kind.AUDIO: SOUND, Kind.DOCUMENT: DOCUMENT, Kind.SIDECAR: DOCUMENT,
    Kind.ARCHIVE: ARCHIVE,
}  # fmt: skip
# Containers that hold pictures or only sound under one name.
_BOTH = frozenset(
    {"mp4", "m4a", "m4v", "mov", "3gp", "3g2", "webm", "mkv", "ogg", "oga", "ogv", "wma", "wmv", "mpg", "mpeg", "opus"}
)
_SHARED_TYPES = frozenset(
    {
        "audio/mp4", "video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2", "video/webm", "video/x-matroska",
        "audio/ogg", "video/ogg", "audio/x-ms-wma", "video/x-ms-asf", "video/mpeg",
    }
)  # fmt: skip
_ZIPS = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "apk", "jar"})  # every one of them is a ZIP


def check(dossier: ExhibitDossier, case: CaseDossier) -> Iterator[Finding]:
    """What the names of one exhibit say against its bytes; whether it is a stand-in for a file that is not here."""
    view, exhibit = own(dossier), dossier.exhibit
    service = view.first("placeholder:service")
    if service is not None:
        name = view.first("placeholder:name")
        stands_for = str(name.value) if name is not None else _stands_for(dossier)
        yield Finding(
            exhibit=exhibit.id,
            question=Question.INTEGRITY,
            outcome=FindingOutcome.NOTES,
            code=NOT_HERE,
            because=tuple(ref(reading) for reading in (name, service) if reading is not None),
            values={"service": str(service.value)} | ({"file": stands_for} if stands_for else {}),
        )
        return
    named: dict[str, list[str]] = {}
    for acquisition in dossier.acquisitions:
        extension = _extension(acquisition)
        if _FAMILY.get(extension) is not None:
            named.setdefault(extension, []).append(acquisition.name.decode("utf-8", "replace"))
    for extension, names in sorted(named.items()):
        code = _code(extension, dossier)
        if code is not None:
            yield Finding(
                exhibit=exhibit.id,
                question=Question.INTEGRITY,
                outcome=FindingOutcome.NOTES,
                code=code,
                because=tuple(f"name {name}" for name in dict.fromkeys(names[:MOST_NAMES])),
                values={"extension": f".{extension}", "named": _FAMILY[extension], "media_type": exhibit.media_type}
                | ({"content": _content(dossier)} if code == UNLIKE else {}),
            )


def _stands_for(dossier: ExhibitDossier) -> str | None:
    """What iCloud's own name says: `.NAME.icloud` stands for NAME."""
    for acquisition in dossier.acquisitions:
        name = acquisition.name.decode("utf-8", "replace")
        if name.startswith(".") and name.casefold().endswith(".icloud"):
            return name[1 : -len(".icloud")]
    return None


def _extension(acquisition: Acquisition) -> str:
    name = acquisition.name.decode("utf-8", "replace").rstrip(". ")
    stem, dot, extension = name.rpartition(".")
    return extension.casefold() if dot and stem else ""


def _content(dossier: ExhibitDossier) -> str:
    exhibit = dossier.exhibit
    return PROGRAM if exhibit.media_type == "application/x-executable" else _KINDS.get(exhibit.kind, "unknown")


def _code(extension: str, dossier: ExhibitDossier) -> str | None:
    """The code that fits a name's ending and the content; None where they agree, or nothing can be said."""
    named, content, media_type = _FAMILY[extension], _content(dossier), dossier.exhibit.media_type
    if content == "unknown":
        return UNRECOGNISED if named in (PICTURE, MOVING, SOUND) else None
    if named == content:
        is_heic = media_type in ("image/heic", "image/heif")
        return HEIC_AS_JPEG if is_heic and extension in ("jpg", "jpeg") else None
    if {named, content} == {MOVING, SOUND} and extension in _BOTH and media_type in _SHARED_TYPES:
        return None
    if content == ARCHIVE and extension in _ZIPS and media_type == "application/zip":
        return None
    if content == DOCUMENT and named in (PROGRAM, ARCHIVE):  # a script is text, and so is what a download page left
        return UNLIKE if named == ARCHIVE else None
    return UNLIKE


CHECK = Check(name="naming", version=1, codes=CODES, check=check)
