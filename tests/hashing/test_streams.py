from __future__ import annotations

import io

import av
import pytest

from tests.media.making import clip, exhibit, stored
from verifier.hashing import streams
from verifier.media.source import VaultSource
from verifier.records import Reading


def remuxed(content: bytes, form: str) -> bytes:
    """The same packets in another container."""
    target = io.BytesIO()
    with av.open(io.BytesIO(content)) as known, av.open(target, "w", format=form) as made:
        into = {stream.index: made.add_stream_from_template(stream) for stream in known.streams}
        for packet in known.demux():
            if packet.dts is not None:
                packet.stream = into[packet.stream.index]
                made.mux(packet)
    return target.getvalue()


def digests(tmp_path, content: bytes) -> dict[str, object]:
    subject = exhibit(content)
    records = streams.ANALYSER.analyse(subject, VaultSource(stored(tmp_path, content)), {})
    return {record.key: record.value for record in records if isinstance(record, Reading)}


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg4"])
@pytest.mark.parametrize("form", ["matroska", "mpegts", "mov"])
def test_another_container_keeps_the_digests(tmp_path, codec: str, form: str) -> None:
    content = clip("mp4", codec=codec, seconds=2)
    again = remuxed(content, form)
    first, second = digests(tmp_path, content), digests(tmp_path, again)
    assert first["stream:audio.digest"] == second["stream:audio.digest"]
    if codec == "mpeg4" and form == "mpegts":
        return  # a transport stream repeats this codec's header in every key frame
    assert first["stream:video.digest"] == second["stream:video.digest"]


def test_another_encoding_has_other_digests(tmp_path) -> None:
    one, other = clip("mp4", codec="libx264"), clip("mp4", codec="libx264", size=(96, 66))
    assert digests(tmp_path, one)["stream:video.digest"] != digests(tmp_path, other)["stream:video.digest"]
