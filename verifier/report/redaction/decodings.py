"""What the letters and digits of a file can hold in an encoding: bases 16 to 85, lists of numbers, bits, punycode.

Nothing here knows whether it decodes what was encoded: what comes out is looked through like any file.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from collections.abc import Iterator

import numpy as np

RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}(?:\\?\r?\n[ \t]?[A-Za-z0-9+/_-]+)*={0,2}")
SHORT_LINES = re.compile(rb"(?:[A-Za-z0-9+/_-]{4,11}\r?\n){2,}[A-Za-z0-9+/_-]*={0,2}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}[ :\n-]?){6,}[0-9a-fA-F]?")
DUMP = re.compile(rb"(?m)^[0-9a-fA-F]{4,8}:?[ \t]+((?:[0-9a-fA-F]{2,4} {1,2}){1,16}[0-9a-fA-F]{0,4})")
PREFIXED = re.compile(rb"(?:(?:0x|\\x|\$)[0-9a-fA-F]{2}[,; ]{0,2}){4,}")
BASE32 = re.compile(rb"[A-Z2-7]{16,}|[a-z2-7]{16,}")
BASE58 = re.compile(rb"[1-9A-HJ-NP-Za-km-z]{12,200}")
LETTERS_58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BITS = re.compile(rb"(?:[01]{8}[ ,]?){4,}")
NUMBERED = re.compile(rb"\d{2,4}(?:[,; ]{1,2}\d{2,4}){4,}")  # the numbers of letters or bytes, as a list
LONGEST_COUNT = 16  # letters of the alphabet in their order that a text may hold
UUENCODED = re.compile(rb"(?m)^([!-M][ -`]{4,84})\r?$")
UTF_7 = re.compile(rb"(?:[ -~]{0,40}\+[A-Za-z0-9+/]{3,}-?)+[ -~]{0,40}")
PUNYCODE = re.compile(rb"xn--((?:[a-z0-9 ]{0,40}-)?[a-z0-9]{4,63})(?![a-z0-9])", re.IGNORECASE)
ALPHABETS_85 = (
    bytes(range(33, 118)),  # Ascii85
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~",
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#",  # Z85
)
PACKED = (b"\x78", b"\x1f", b"B", b"P", b"\xfd", b"\x5d")  # first bytes of zlib, gzip, bzip2, ZIP, xz and LZMA
SENSE = re.compile(rb"(?:[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){7,}")


def decoded(content: bytes, *, is_text: bool = True) -> Iterator[bytes]:
    """Everything that runs of the content hold; short ones put together, long ones alone.

    What is no text (`is_text`) is asked for bases 64 and 16 alone: of the rest, noise has too much.
    """
    yield from _of_base64(content)
    yield from _of_hexadecimal(content)
    if not is_text:
        return
    small = list(_of_lists(content))
    for found in BASE32.finditer(content):
        if len(found[0]) % 8 not in (1, 3, 6):
            with contextlib.suppress(binascii.Error):
                small.append(base64.b32decode(found[0].upper() + b"=" * (-len(found[0]) % 8)))
    small += [inner for found in BASE58.finditer(content) if (inner := _of_58(found[0]))]
    small += [inner for found in PUNYCODE.finditer(content) if (inner := _puny(found[1]))]
    small += [found[0].decode("utf-7", "replace").encode("utf-8", "replace") for found in UTF_7.finditer(content)]
    if b"\n" in content or content[:1] in b"$%&'()*+,-./012345":
        lines = [line for found in UUENCODED.finditer(content) if (line := _uudecoded(found[1])) is not None]
        small.append(b"".join(lines))
    for alphabet in ALPHABETS_85:
        small += _of_85(content, alphabet)
    whole = b"\n".join(filter(None, small))
    if whole:
        yield whole


def _of_base64(content: bytes) -> Iterator[bytes]:
    gathered: list[list[bytes]] = [[], [], [], []]
    for found in (*RUN.finditer(content), *SHORT_LINES.finditer(content)):
        run = re.sub(rb"[^A-Za-z0-9+/_-]", b"", found[0]).translate(bytes.maketrans(b"-_", b"+/"))
        for shift in range(4):
            piece = run[shift:]
            inner = binascii.a2b_base64(piece[: len(piece) // 4 * 4] + _rest(piece))
            if shift == 0 and (len(inner) > 256 or inner[:1] in PACKED):
                yield inner
            else:
                gathered[shift].append(inner)
    yield from (b"\n".join(pieces) for pieces in gathered if pieces)


def _rest(piece: bytes) -> bytes:
    left = piece[len(piece) // 4 * 4 :]
    return left + b"=" * (4 - len(left)) if len(left) > 1 else b""


def _of_hexadecimal(content: bytes) -> Iterator[bytes]:
    both: list[list[bytes]] = [[], []]
    runs = [found[0] for found in HEX.finditer(content)]
    dumped = b"".join(found[1] for found in DUMP.finditer(content))
    prefixed = [re.sub(rb"0x|\\x|\$", b"", found[0]) for found in PREFIXED.finditer(content)]
    for run in (*runs, *prefixed, *([dumped] if dumped else [])):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", run)
        for shift in (0, 1):
            piece = digits[shift:]
            inner = bytes.fromhex(piece[: len(piece) // 2 * 2].decode("ascii"))
            if shift == 0 and inner[:1] in PACKED:
                yield inner
            both[shift].append(inner)
    yield from (b"\n".join(pieces) for pieces in both if pieces)


def _of_lists(content: bytes) -> Iterator[bytes]:
    for found in NUMBERED.finditer(content):
        numbers = [int(number) for number in re.findall(rb"\d+", found[0])]
        if len(numbers) > LONGEST_COUNT and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            continue  # the numbers of a PDF's marked pieces, one after another: no text runs through its alphabet
        yield (bytes(numbers) if max(numbers) < 256 else "".join(map(chr, numbers)).encode("utf-8", "replace"))
    for found in BITS.finditer(content):
        digits = re.sub(rb"[ ,]", b"", found[0])
        yield int(digits, 2).to_bytes(len(digits) // 8)


def _of_58(run: bytes) -> bytes:
    """The text that a run is in base 58; empty where it is none."""
    number = 0
    for letter in run:
        number = number * 58 + LETTERS_58.index(letter)
    inner = number.to_bytes((number.bit_length() + 7) // 8)
    return inner if SENSE.fullmatch(inner) else b""


def _puny(run: bytes) -> bytes:
    try:
        return run.decode("punycode").encode("utf-8", "replace")
    except (UnicodeError, OverflowError, ValueError):
        return b""


def _uudecoded(line: bytes) -> bytes | None:
    count = line[0] - 32
    if len(line) - 1 != (count + 2) // 3 * 4:
        return None
    with contextlib.suppress(binascii.Error):
        return binascii.a2b_uu(line)
    return None


def _of_85(content: bytes, alphabet: bytes) -> Iterator[bytes]:
    """Groups of five letters at every alignment; only stretches that make sense as text."""
    table = np.full(256, -1, np.int64)
    table[list(alphabet)] = np.arange(85)
    letters = table[np.frombuffer(re.sub(rb"\s+", b"", content), np.uint8)]
    weights = 85 ** np.arange(4, -1, -1)
    for shift in range(5):
        padded = np.concatenate([letters[shift:], np.full(5, -1, np.int64)])
        groups = padded[: len(padded) // 5 * 5].reshape(-1, 5)
        is_end = (groups[:, :2] >= 0).all(axis=1) & (groups < 0).any(axis=1)  # a last group may be short
        valid = (groups >= 0).all(axis=1) | is_end
        values = np.where(groups < 0, 84, groups) @ weights
        valid &= values < 1 << 32
        yield from SENSE.findall(np.where(valid, values, 0).astype(">u4").tobytes())
