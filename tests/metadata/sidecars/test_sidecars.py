"""The readers of JSON sidecars: yt-dlp, Telegram, Takeout, Snapchat; what they tell and what they must not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metadata.reading import read, values
from verifier.instruments import Analyser
from verifier.metadata.sidecars import (
    auto_archiver,
    checksums,
    meta_export,
    snapchat,
    takeout,
    telegram,
    whatsapp,
    xmp_sidecar,
    yt_dlp,
)
from verifier.metadata.sidecars.telling import without_tokens
from verifier.records import Kind, Moment, Reading, Record

INFO = {
    "id": "dQw4w9WgXcQ",
    "title": "Protest",
    "extractor": "youtube",
    "webpage_url": "https://user:pw@www.youtube.com/watch?v=dQw4w9WgXcQ&token=SECRET1#t=1",
    "uploader": "someone",
    "timestamp": 1700000000,
    "upload_date": "20231114",
    "epoch": 1700000500,
    "width": 1280,
    "http_headers": {"Cookie": "SECRET2"},
    "cookies": "SECRET3",
    "url": "https://cdn.example/video?sig=SECRET4",
    "formats": [{"url": "https://cdn.example/SECRET5"}],
    "_version": {"version": "2024.01.01"},
}
CHAT = {
    "name": "Channel",
    "type": "public_channel",
    "id": 42,
    "messages": [
        {"id": 1, "type": "service", "date": "2023-01-02T03:04:05", "action": "create"},
        {
            "id": 2,
            "type": "message",
            "date": "2023-01-02T06:34:05",
            "date_unixtime": "1672628645",
            "from": "Channel",
            "forwarded_from": "Other",
            "file": "video_files/VID_1.mp4",
            "media_type": "video_file",
            "duration_seconds": 12,
            "location_information": {"latitude": 35.5, "longitude": 51.25},
            "text": ["Street ", {"type": "hashtag", "text": "#x"}],
        },
        {"id": 3, "type": "message", "date": "2023-01-02T06:34:05", "photo": "(File not included. Change settings)"},
    ],
}
TAKEN = {
    "title": "IMG_1.jpg",
    "photoTakenTime": {"timestamp": "1672628645"},
    "creationTime": {"timestamp": "1672700000"},
    "geoData": {"latitude": 0.0, "longitude": 0.0},
    "geoDataExif": {"latitude": 35.5, "longitude": 51.25, "altitude": 1200.5},
    "people": [{"name": "SECRET6"}],
    "url": "https://photos.google.com/photo/SECRET7",
    "googlePhotosOrigin": {"mobileUpload": {"deviceType": "ANDROID_PHONE"}},
}
MEMORIES = {
    "Saved Media": [
        {
            "Date": "2021-09-24 02:16:00 UTC",
            "Media Type": "Image",
            "Location": "Latitude, Longitude: 35.5, 51.25",
            "Download Link": "https://app.snapchat.com/dmd/memories?uid=x&sid=SECRET8"
            "&mid=00112233-4455-6677-8899-aabbccddeeff&sig=SECRET9",
        }
    ]
}
MESSAGES = {
    "participants": [{"name": "Sara"}],
    "messages": [
        {
            "sender_name": "Sara \u00d8\u00b3",
            "timestamp_ms": 1672628645123,
            "photos": [{"uri": "messages/inbox/x/photos/1.jpg", "creation_timestamp": 1672628000}],
        }
    ],
}
POSTS = [
    {
        "media": [
            {
                "uri": "media/posts/202301/2_n.mp4",
                "creation_timestamp": 1672628645,
                "media_metadata": {"video_metadata": {"exif_data": [{"latitude": 35.5, "longitude": 51.25}]}},
                "title": "street",
            }
        ]
    }
]
JSON_READERS = [
    yt_dlp.ANALYSER,
    telegram.ANALYSER,
    takeout.ANALYSER,
    snapchat.ANALYSER,
    meta_export.ANALYSER,
    whatsapp.ANALYSER,
]
EVERY = [*JSON_READERS, auto_archiver.ANALYSER, checksums.ANALYSER, xmp_sidecar.ANALYSER]


def told(analyser: Analyser, content: object) -> list[Record]:
    records, refusal = read(analyser, json.dumps(content).encode())
    assert not refusal
    return records


def subjects(records: list[Record]) -> set[str | None]:
    return {record.subject for record in records if isinstance(record, Reading)}


def iso(value: object) -> str:
    assert isinstance(value, Moment)
    return value.iso()


def test_yt_dlp() -> None:
    records = told(yt_dlp.ANALYSER, INFO)
    found = values(records)
    assert iso(found["yt-dlp:timestamp"]) == "2023-11-14T22:13:20Z"
    assert found["yt-dlp:upload_date"] == "2023-11-14"
    assert found["yt-dlp:webpage_url"] == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert found["yt-dlp:version"] == "2024.01.01"
    assert subjects(records) == {"ext:"}
    assert subjects(told(yt_dlp.ANALYSER, INFO | {"_filename": "/home/a/Protest [dQw4w9WgXcQ].mp4"})) == {"ext:mp4"}


def test_yt_dlp_says_which_of_the_files_beside_it_is_the_recording() -> None:
    thumbnails = [{"url": "https://i.example/a/hq.jpg?x=1"}, {"url": "https://i.example/a/hq.webp"}, {"url": None}]
    records = told(yt_dlp.ANALYSER, INFO | {"ext": "webm", "thumbnails": thumbnails})
    of_thumbnails = [r for r in records if isinstance(r, Reading) and r.subject in ("ext:jpg", "ext:webp")]
    assert [record.key for record in of_thumbnails] == ["yt-dlp:thumbnail_of"] * 2
    assert subjects([record for record in records if record not in of_thumbnails]) == {"ext:webm"}


def test_telegram() -> None:
    records = told(telegram.ANALYSER, CHAT)
    found = values(records)
    assert subjects(records) == {"video_files/VID_1.mp4"}
    assert iso(found["telegram:date"]) == "2023-01-02T03:04:05Z"
    assert iso(found["telegram:date_local"]) == "2023-01-02T06:34:05"
    assert found["telegram:text"] == "Street #x"
    assert (found["telegram:latitude"], found["telegram:longitude"]) == (35.5, 51.25)
    assert found["telegram:forwarded_from"] == "Other"
    whole = told(telegram.ANALYSER, {"chats": {"list": [CHAT, CHAT]}, "left_chats": {"list": [CHAT]}})
    assert len(whole) == 3 * len(records)


def test_takeout() -> None:
    records = told(takeout.ANALYSER, TAKEN)
    found = values(records)
    assert subjects(records) == {"title:IMG_1.jpg"}
    assert iso(found["takeout:photoTakenTime"]) == "2023-01-02T03:04:05Z"
    assert "takeout:geoData.latitude" not in found  # 0, 0 means none
    assert found["takeout:geoDataExif.altitude_m"] == 1200.5
    assert found["takeout:deviceType"] == "ANDROID_PHONE"
    assert found["takeout:people"] == 1


def test_snapchat() -> None:
    records = told(snapchat.ANALYSER, MEMORIES)
    assert subjects(records) == {"stem:2021-09-24_00112233-4455-6677-8899-aabbccddeeff-main"}
    found = values(records)
    assert iso(found["snapchat:date"]) == "2021-09-24T02:16:00Z"
    assert (found["snapchat:latitude"], found["snapchat:longitude"]) == (35.5, 51.25)


@pytest.mark.parametrize("content", [INFO, CHAT, TAKEN, MEMORIES])
def test_no_token_is_ever_told(content: object) -> None:
    for analyser in JSON_READERS:
        assert "SECRET" not in repr(told(analyser, content))


def test_each_reader_is_silent_on_the_others_files() -> None:
    files = (INFO, CHAT, TAKEN, MEMORIES, POSTS)
    spoke = [[bool(told(analyser, content)) for content in files] for analyser in JSON_READERS]
    assert spoke == [[row == column for column in range(5)] for row in range(6)]
    assert not told(telegram.ANALYSER, MESSAGES)


def test_facebook_and_instagram() -> None:
    found = values(told(meta_export.ANALYSER, MESSAGES))
    assert found["meta-export:from"] == "Sara س"
    assert iso(found["meta-export:sent"])[:19] == "2023-01-02T03:04:05"
    records = told(meta_export.ANALYSER, POSTS)
    assert subjects(records) == {"~/" + str(values(records)["meta-export:path"])}
    assert iso(values(records)["meta-export:creation_timestamp"]) == "2023-01-02T03:04:05Z"
    assert values(records)["meta-export:latitude"] == 35.5


def test_a_deep_export_is_walked_without_recursion() -> None:
    inner: object = {"uri": "a/b.jpg", "creation_timestamp": 1}
    for _ in range(900):
        inner = [inner]
    assert subjects(told(meta_export.ANALYSER, inner)) == {"~/a/b.jpg"}


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://x.com/a/status/1?s=20&access_token=abc", "https://x.com/a/status/1?s=20"),
        ("https://cdn.example:8443/a?X-Amz-Signature=1&Policy=2", "https://cdn.example:8443/a?Policy=2"),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("http://[bad", None),
        (7, None),
    ],
)
def test_addresses_lose_their_keys(address: object, kept: str | None) -> None:
    assert without_tokens(address) == kept


@pytest.mark.parametrize("analyser", EVERY, ids=lambda analyser: analyser.name)
def test_deep_cut_and_absurd_files_raise_only_what_an_instrument_may(analyser: Analyser) -> None:
    media_type = next(iter(analyser.media_types or ()))
    marks = b'"extractor" "webpage_url" "messages" "date" "photoTakenTime" "title" "Saved Media" '
    hostile = [
        b"[" * 100_000 + marks,
        b'{"messages": [' + b"9" * 5000 + b'], "date": 1, "photoTakenTime": 1, "title": 1, "Saved Media": 1}',
        json.dumps({"messages": {"a": 1}, "date": [], "extractor": [], "webpage_url": {}, "photoTakenTime": [],
                    "title": {}, "Saved Media": {"x": 1}}).encode(),
        b'{"photoTakenTime": {"timestamp": "1e999"}, "title": "\\ud800"}',
        b"\xff\xfe" + marks,
        b'{"messages": [{"timestamp_ms": ' + b"9" * 4000 + b', "photos": [{"uri": "x", "creation_timestamp": '
        + b"9" * 4000 + b"}]}]}",
        b"status,metadata,media\n" + b"x,{},[" + b"(" * 1000 + b"\n",
        b'status,metadata,media\nx,"' + b"a" * 300_000,
    ]  # fmt: skip
    for content in hostile:
        read(analyser, content, kind=Kind.SIDECAR, media_type=media_type)
    for whole in (INFO, CHAT, TAKEN, MEMORIES):
        raw = json.dumps(whole).encode()
        for cut in range(0, len(raw), 7):
            read(analyser, raw[:cut], kind=Kind.SIDECAR, media_type=media_type)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(json_values, json_values, json_values)
def test_any_json_in_any_place(one: object, two: object, three: object) -> None:
    told(yt_dlp.ANALYSER, INFO | {"timestamp": one, "_version": two, "webpage_url": three, "upload_date": one})
    told(
        telegram.ANALYSER,
        {"messages": [{"type": "message", "date": one, "date_unixtime": two, "file": "a", "text": three}]},
    )
    told(telegram.ANALYSER, {"messages": one, "date": 1, "chats": two})
    told(takeout.ANALYSER, TAKEN | {"photoTakenTime": one, "geoData": two, "googlePhotosOrigin": three})
    told(meta_export.ANALYSER, {"uri": "x", "creation_timestamp": one, "media_metadata": two, "title": three})
    told(
        meta_export.ANALYSER, {"messages": [{"photos": [{"uri": "x", "creation_timestamp": one}], "timestamp_ms": two}]}
    )
    told(snapchat.ANALYSER, {"Saved Media": [{"Date": one, "Location": two, "Download Link": three}, one]})
