from __future__ import annotations

import io

import av
import numpy as np
import pytest

from tests.metadata.reading import read, values
from verifier.metadata.containers.container import ANALYSER
from verifier.records import Moment


def recording(kind: str, codec: str, tags: dict[str, str]) -> bytes:
    """Five small grey pictures in a container, made by FFmpeg itself."""
    held = io.BytesIO()
    with av.open(held, "w", format=kind) as out:
        out.metadata.update(tags)
        stream = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), shade * 40, np.uint8), format="rgb24")
            out.mux(stream.encode(frame.reformat(format="yuv420p")))
        out.mux(stream.encode())
    return held.getvalue()


@pytest.mark.parametrize(
    ("kind", "codec"), [("matroska", "mpeg4"), ("flv", "flv"), ("avi", "mpeg4"), ("mpegts", "mpeg2video")]
)
def test_what_ffmpeg_reads_of_every_kind(kind: str, codec: str) -> None:
    records, refusal = read(ANALYSER, recording(kind, codec, {"title": "street"}))
    assert not refusal
    found = values(records)
    assert (found["container:width"], found["container:height"]) == (64, 48)
    assert found["container:video_codec"] == {"flv": "flv1"}.get(codec, codec)
    assert found["container:frame_rate"] == pytest.approx(10, abs=0.1)


def test_dates_among_tags_become_moments() -> None:
    content = recording("matroska", "mpeg4", {"creation_time": "2024-05-06T07:08:09.000000Z", "title": "street"})
    found = values(read(ANALYSER, content)[0])
    when = found["container:tag.creation_time"]
    assert isinstance(when, Moment)
    assert when.iso() == "2024-05-06T07:08:09.000000Z"
    assert found["container:tag.title"] == "street"


def test_a_broken_file_is_refused_and_a_foreign_one_unsupported() -> None:
    content = recording("flv", "flv", {})
    assert "cannot be opened" in read(ANALYSER, b"\x1aE\xdf\xa3" + bytes(100))[1]
    assert "no demuxer" in read(ANALYSER, content, media_type="video/x-unheard-of")[1]
    for cut in range(0, len(content), 97):
        read(ANALYSER, content[:cut], media_type="video/x-flv")
