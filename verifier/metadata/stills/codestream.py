"""The size that a JPEG XL codestream states in its first bits (ISO 18181-1, SizeHeader)."""

from __future__ import annotations

from verifier.media.structure.boxes import walk

_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def jxl_size(head: bytes) -> tuple[int, int, str] | None:
    """Width, height and place; None where no codestream begins in the first bytes."""
    at = 0
    if head[:2] != b"\xff\x0a":
        at = next(
            (
                start + (4 if name == b"jxlp" else 0)
                for name, start, _ in walk(head, 0, 1 << 62)
                if name in (b"jxlc", b"jxlp")
            ),
            -1,
        )
        if at < 0 or head[at : at + 2] != b"\xff\x0a":
            return None
    bits = int.from_bytes(head[at + 2 : at + 18], "little")

    def take(width: int) -> int:
        nonlocal bits
        value = bits & ((1 << width) - 1)
        bits >>= width
        return value

    def side() -> int:
        return take((9, 13, 18, 30)[take(2)]) + 1

    small = take(1)
    height = (take(5) + 1) * 8 if small else side()
    ratio = take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        width = height * across // down
    else:
        width = (take(5) + 1) * 8 if small else side()
    return width, height, f"codestream at byte {at}"
