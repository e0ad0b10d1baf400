"""What evidence text looks like when it is shown."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from verifier.visible import exact_name, left_to_right, visible, visible_name


def test_an_override_is_spelt_out() -> None:
    assert visible("evil\u202egpj.exe") == "evil⟦RLO⟧gpj.exe"


def test_an_escape_sequence_is_spelt_out() -> None:
    assert visible("\x1b[31mred\x1b[0m\r\n") == "⟦ESC⟧[31mred⟦ESC⟧[0m⟦CR⟧⟦LF⟧"


def test_persian_keeps_its_joiner_but_not_elsewhere() -> None:
    assert visible("می‌خواهم") == "می‌خواهم"
    assert visible("\u200cabc") == "⟦U+200C⟧abc"


def test_bytes_that_are_no_text_are_shown() -> None:
    assert visible_name(b"a\xff\xfe.jpg") == "a⟦xFF⟧⟦xFE⟧.jpg"
    assert exact_name(b"a\xff.jpg").encode("utf-8", "surrogateescape") == b"a\xff.jpg"


def test_long_text_is_cut_and_says_so() -> None:
    assert visible("x" * 1000, 10) == "x" * 10 + "… (1000 characters)"
    assert visible_name(b"x" * 20, 10).endswith("… (20 characters)")


def test_isolates_surround() -> None:
    assert left_to_right("2026-01-08") == "\u20662026-01-08\u2069"


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    for character in visible(text):
        assert character in "\u200c\u200d" or unicodedata.category(character) not in {
            "Cc",
            "Cf",
            "Cs",
            "Co",
            "Zl",
            "Zp",
        }


@given(st.binary(max_size=60))
def test_any_name_can_be_shown(name: bytes) -> None:
    assert visible_name(name).isprintable() or "\u200c" in visible_name(name) or "\u200d" in visible_name(name)
