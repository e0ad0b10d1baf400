from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.metadata.filename import NameTime, read_name, rules

# name, rule, time in the name (RFC 3339, a day, or None)
NAMES = [
    ("IMG-20250305-WA0002.jpg", "whatsapp-android", "2025-03-05"),
    ("VID-20250305-WA0012 (1).mp4", "whatsapp-android", "2025-03-05"),
    ("WhatsApp Image 2025-03-05 at 10.14.33.jpeg", "whatsapp-desktop", "2025-03-05T10:14:33"),
    ("WhatsApp Image 2025-03-05 at 1.14.33 PM.jpeg", "whatsapp-desktop", "2025-03-05T13:14:33"),
    ("WhatsApp Video 2025-03-05 at 12.14.33\u202fAM_0a1b2c3d.mp4", "whatsapp-desktop", "2025-03-05T00:14:33"),
    ("00000012-PHOTO-2025-03-05-10-14-33.jpg", "whatsapp-ios-export", "2025-03-05T10:14:33"),
    ("signal-2023-07-21-10-20-30-123.jpg", "signal", "2023-07-21T10:20:30.123"),
    ("signal-2021-01-02-102030.jpg", "signal", "2021-01-02T10:20:30"),
    ("photo_2023-05-06_07-08-09.jpg", "telegram-desktop", "2023-05-06T07:08:09"),
    ("photo_12@06-05-2023_07-08-09.jpg", "telegram-desktop-export", "2023-05-06T07:08:09"),
    ("FB_IMG_1600000000123.jpg", "facebook-app", "2020-09-13T12:26:40.123Z"),
    ("received_1234567890123.jpeg", "facebook-messenger", None),
    ("12345678_10151234567890_1234567_n.jpg", "meta-cdn", None),
    ("IMG-0123456789abcdef0123456789abcdef-V.jpg", "viber-android", None),
    ("viber_image_2020-01-02_03-04-05-678.jpg", "viber", "2020-01-02T03:04:05.678"),
    ("mmexport1600000000123.jpg", "wechat-export", "2020-09-13T12:26:40.123Z"),
    ("Screenshot_20230102-030405_Telegram.jpg", "screenshot-android", "2023-01-02T03:04:05"),
    ("Screenshot_2023-01-02-03-04-05-678_org.telegram.messenger.jpg", "screenshot-android", "2023-01-02T03:04:05.678"),
    ("Screen Shot 2020-01-02 at 3.04.05 PM.png", "screenshot-macos", "2020-01-02T15:04:05"),
    ("Screen_Recording_20230102-030405.mp4", "screen-recording-android", "2023-01-02T03:04:05"),
    ("screen-20230102-030405.mp4", "screen-recording-android", "2023-01-02T03:04:05"),
    ("RPReplay_Final1600000000.MP4", "screen-recording-ios", "2020-09-13T12:26:40Z"),
    ("PXL_20230102_030405678.jpg", "pixel", "2023-01-02T03:04:05.678Z"),
    ("PXL_20230102_030405678.MP.jpg", "pixel", "2023-01-02T03:04:05.678Z"),
    ("IMG_20230102_030405.jpg", "android-camera", "2023-01-02T03:04:05"),
    ("VID_20230102_030405678.mp4", "android-camera", "2023-01-02T03:04:05.678"),
    ("20230102_030405.mp4", "samsung-camera", "2023-01-02T03:04:05"),
    ("WIN_20230102_03_04_05_Pro.jpg", "windows-camera", "2023-01-02T03:04:05"),
    ("GX010234.MP4", "gopro", None),
    ("IMG_E4120.JPG", "ios-edited", None),
    ("IMG_4120.HEIC", "ios-camera", None),
    ("DSC_0042.NEF", "camera-counter", None),
    ("InShot_20230102_030405678.mp4", "editor-inshot", "2023-01-02T03:04:05.678"),
    ("output-2.mp4", "ffmpeg-user", None),
    ("Protest in the square [dQw4w9WgXcQ].webm", "yt-dlp", None),
    ("7106594312292453675.mp4", "tiktok-id", "2022-06-07T15:31:21Z"),
    ("AlArabiya_1541234567890123456.mp4", "twitter-status", "2022-06-27T01:23:04.521Z"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rule", "time"), NAMES)
def test_the_table(name: str, rule: str, time: str | None) -> None:
    found = read_name(name.encode())
    assert found is not None
    assert found.rule == rule
    assert (found.moment.iso() if found.moment else found.day) == time or rule in ("tiktok-id", "twitter-status")
    if rule in ("tiktok-id", "twitter-status"):
        assert found.moment is not None
        assert found.moment.iso()[:7] == (time or "")[:7]


def test_persian_digits_are_digits() -> None:
    found = read_name("IMG_۲۰۲۳۰۱۰۲_۰۳۰۴۰۵.jpg".encode())
    assert found is not None
    assert found.moment is not None
    assert found.moment.iso() == "2023-01-02T03:04:05"


def test_a_copy_mark_is_noticed_and_does_not_hide_the_rule() -> None:
    for mark in (" (1)", "~2", " copy", "_copy", " - Copy"):
        found = read_name(f"DSC_0042{mark}.jpg".encode())
        assert found is not None
        assert found.is_copy


def test_an_impossible_date_is_no_time() -> None:
    found = read_name(b"IMG_20231341_030405.jpg")
    assert found is not None
    assert found.moment is None
    assert found.day is None


@pytest.mark.parametrize("name", ["holiday.jpg", "مظاهره.mp4", "", "a" * 5000, "photo.jpg", "spring_1440x960.heic"])
def test_names_of_people_mean_nothing(name: str) -> None:
    assert read_name(name.encode()) is None


def test_meanings() -> None:
    message = read_name(b"signal-2023-07-21-10-20-30-123.jpg")
    assert message is not None
    assert message.time is NameTime.MESSAGE
    source = read_name(b"Protest [dQw4w9WgXcQ].webm")
    assert source is not None
    assert (source.identifier, source.role) == ("dQw4w9WgXcQ", "downloader")


def test_every_rule_is_complete_and_has_a_name_that_it_reads() -> None:
    ids = [rule.said["id"] for rule in rules()]
    assert len(ids) == len(set(ids))
    for rule in rules():
        assert rule.said["confidence"] in ("high", "medium", "low")
        assert rule.said["zone"] in ("utc", "local")
        NameTime(rule.said["time"])
        assert not re.search(r"\)[*+]\)?[*+]", rule.pattern.pattern)


@given(st.binary(max_size=300))
def test_any_name_is_read_or_not(name: bytes) -> None:
    read_name(name)
