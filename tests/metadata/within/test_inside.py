"""Media inside media and documents: found by its bytes, kept with its place, never by a name alone."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.media.making import clip, scene, still
from tests.metadata.reading import Held, box, exhibit_of, read, values
from verifier.instruments import Picture
from verifier.media.frames import watch
from verifier.media.sniff import sniff
from verifier.metadata.containers import container
from verifier.metadata.within import embedded
from verifier.metadata.within.inside import ANALYSER
from verifier.records import Kind, Member, Reading, Record

JPEG, CLIP = still("JPEG"), clip("mp4", seconds=1.0)


def members(records: list[Record]) -> dict[str, bytes]:
    return {record.path.decode(): record.content for record in records if isinstance(record, Member)}


def places(records: list[Record]) -> list[str]:
    return [record.location for record in records if isinstance(record, Reading) and record.key == "inside:member"]


def office(*parts: tuple[str, bytes], first: str = "[Content_Types].xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(first, "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        for name, content in parts:
            archive.writestr(name, content)
    return stream.getvalue()


def animation(form: str, **options: object) -> bytes:
    pictures = [Image.fromarray(scene(96, 64, at=float(at))) for at in (0, 0, 2, 4)]
    stream = io.BytesIO()
    pictures[0].save(stream, form, save_all=True, append_images=pictures[1:], **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"\x00\x00\x30\x0a\x10\x00\x00\x00MotionPhoto_Data", b"SEFHk\x00\x00\x00\x01\x00\x00\x00SEFT"),
        (b"\x00" * 32, b""),
    ],
)
def test_the_clip_of_a_motion_photo_is_a_member(before: bytes, after: bytes) -> None:
    records, refusal = read(ANALYSER, JPEG + before + CLIP + after)
    assert list(members(records).values()) == [CLIP]
    assert places(records) == [f"byte {len(JPEG + before)}"]
    assert refusal == ""


def test_a_clip_inside_a_heif_box_is_a_member() -> None:
    heic = still("HEIF")
    records, _ = read(ANALYSER, heic + box("mpvd", CLIP))
    assert CLIP in members(records).values()


@pytest.mark.parametrize("tail", [b"ftyp", b"\x00\x00\x00\x18ftypmp42" + bytes(40), CLIP[: CLIP.index(b"mdat")]])
def test_a_word_alone_is_no_clip(tail: bytes) -> None:
    assert members(read(ANALYSER, JPEG + tail)[0]) == {}


def test_pictures_of_an_office_document_are_members() -> None:
    records, _ = read(ANALYSER, office(("word/media/image1.jpeg", JPEG), ("word/notes.jpg", b"no picture")))
    assert members(records) == {"word/media/image1.jpeg": JPEG}


def test_pictures_of_a_pdf_are_members() -> None:
    content = b"%PDF-1.7\n1 0 obj <</Filter /DCTDecode>>\nstream\r\n" + JPEG + b"\r\nendstream\nendobj\n%%EOF"
    assert list(members(read(ANALYSER, content)[0]).values()) == [JPEG]


def test_attachments_of_a_mail_are_members() -> None:
    message = EmailMessage()
    message["Subject"] = "a picture"
    message.set_content("see below")
    message.add_attachment(JPEG, maintype="image", subtype="jpeg", filename="../../gate.jpg")
    content = message.as_bytes()
    assert exhibit_of(content).media_type in ("text/plain", "text/csv")
    assert members(read(ANALYSER, content)[0]) == {"../../gate.jpg": JPEG}


def test_pictures_written_into_a_page_are_members() -> None:
    page = b"<!DOCTYPE html><html><img src='data:image/jpeg;base64," + base64.b64encode(JPEG) + b"'></html>"
    assert list(members(read(ANALYSER, page)[0]).values()) == [JPEG]


@pytest.mark.parametrize(
    ("form", "options"),
    [("WEBP", {"lossless": True}), ("PNG", {}), ("GIF", {}), ("TIFF", {}), ("AVIF", {})],
)
def test_further_frames_that_differ_are_members(form: str, options: dict[str, object]) -> None:
    content = animation(form, **options)
    found = members(read(ANALYSER, content)[0])
    assert 2 <= len(found) <= 3
    last = Image.open(io.BytesIO(list(found.values())[-1]))
    assert last.size == (96, 64)


def test_a_still_has_nothing_inside() -> None:
    for form in ("JPEG", "PNG", "WEBP", "GIF", "TIFF"):
        assert read(ANALYSER, still(form)) == ([], "")


@pytest.mark.parametrize("content", [JPEG + CLIP, office(("word/media/a.jpg", JPEG)), animation("WEBP")])
def test_every_prefix_is_read_or_refused(content: bytes) -> None:
    known = exhibit_of(content)
    for end in range(1, len(content), max(1, len(content) // 60)):
        read(ANALYSER, content[:end], media_type=known.media_type, kind=known.kind)


@given(content=st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_no_bytes_stop_the_search(content: bytes) -> None:
    boxed = struct.pack(">I", len(content)) + b"ftyp" + content + b"/DCTDecode stream" + content
    list(embedded.clips(bytes(16) + boxed))
    list(embedded.in_pdf(boxed + b"endstream"))
    list(embedded.in_mail(b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n--a\n" + content))
    list(embedded.in_page(b"data:image/png;base64," + content))


# ---------------------------------------------------------------- pictures one behind the other


def test_pictures_of_one_size_one_behind_the_other_are_a_recording() -> None:
    run = b"".join(still("JPEG", width=96, quality=60 + number) for number in range(8))
    assert sniff(run, len(run)) == (Kind.VIDEO, "video/x-motion-jpeg")
    shown = list(watch(Held(run), "video/x-motion-jpeg"))
    assert any(isinstance(item, Picture) for item in shown)
    found = values(read(container.ANALYSER, run)[0])
    assert found["container:video_codec"] == "mjpeg"
    assert not {"container:frame_rate", "container:duration_s", "container:measured_duration_s"} & set(found)


@pytest.mark.parametrize(
    "content", [JPEG, JPEG + JPEG, JPEG + still("JPEG", width=48, height=32) * 4, JPEG + CLIP, JPEG + bytes(5000)]
)
def test_other_bytes_behind_a_photo_make_no_recording_of_it(content: bytes) -> None:
    assert sniff(content, len(content)) == (Kind.PHOTO, "image/jpeg")


@pytest.mark.samples
def test_the_reported_files(samples: Path) -> None:
    folder = samples / "reported" / "10-inside" / "in"
    motion = read(ANALYSER, (folder / "PXL_20230504_064112000.MP.jpg").read_bytes())[0]
    assert list(members(motion).values()) == [(folder / "the same clip alone.mp4").read_bytes()]
    document = read(ANALYSER, (folder / "testimony.docx").read_bytes())[0]
    assert list(members(document).values()) == [(folder / "the same picture alone.jpg").read_bytes()]
    assert places(read(ANALYSER, (folder / "moving.webp").read_bytes())[0])[1] == "frame 3 of 4"
    run = (folder / "ipcam.mjpg").read_bytes()
    assert sniff(run[: 1 << 16], len(run))[0] is Kind.VIDEO
