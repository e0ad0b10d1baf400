"""Small alterations that matter, and changes of the whole picture that alter nothing: for `benchmarks.alterations`.

Every alteration gives the two pictures of a pair and the changed box (left, top, right, bottom, pixels): some change
both (a sign with another number), most the second only. The area of the box is the asked share of the picture.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from benchmarks import attacks_pictures as attacks

Picture = np.ndarray
Box = tuple[int, int, int, int]
Altered = tuple[Picture, Picture, Box]
Alteration = Callable[[Picture, np.random.Generator, float], Altered]
Benign = Callable[[Picture, np.random.Generator], Picture]

LEAST_TEXTURE = 14.0  # grey levels: what is blurred where nothing is to be seen is not changed


def place(a: Picture, r: np.random.Generator, share: float, ratio: float = 1.0) -> Box:
    """A box of that share of the picture and that width by height, on texture."""
    height, width = a.shape[:2]
    grey = cv2.cvtColor(a, cv2.COLOR_RGB2GRAY)
    down = int(np.sqrt(share * height * width / ratio))
    across = int(share * height * width / down)
    best, most = (0, 0, across, down), -1.0
    for _ in range(40):
        x = int(r.integers(width // 20, max(width // 20 + 1, width - across - width // 20)))
        y = int(r.integers(height // 20, max(height // 20 + 1, height - down - height // 20)))
        spread = float(grey[y : y + down, x : x + across].std())
        if spread > most:
            best, most = (x, y, x + across, y + down), spread
        if spread >= LEAST_TEXTURE * 1.5:
            break
    return best


def _in(a: Picture, box: Box, change: Callable[[Picture], Picture], soft: bool = True) -> Picture:
    """`change` inside an ellipse (or the box) only."""
    x0, y0, x1, y1 = box
    out = a.copy()
    part = a[y0:y1, x0:x1]
    mask = np.ones(part.shape[:2], np.float32)
    if soft:
        mask[:] = 0
        middle = (x1 - x0) // 2, (y1 - y0) // 2
        cv2.ellipse(mask, middle, middle, 0, 0, 360, 1.0, -1)
        mask = cv2.GaussianBlur(mask, (0, 0), max(0.6, (y1 - y0) / 40))
    mixed = part * (1 - mask[..., None]) + change(part).astype(np.float32) * mask[..., None]
    out[y0:y1, x0:x1] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return out


def pixelated(a: Picture, r: np.random.Generator, share: float) -> Altered:
    box = place(a, r, share, 0.8)
    return a, _in(a, box, lambda part: attacks.pixelate(part, max(4, part.shape[0] // 6)), soft=False), box


def blurred(a: Picture, r: np.random.Generator, share: float) -> Altered:
    box = place(a, r, share, 0.8)
    return a, _in(a, box, lambda part: cv2.GaussianBlur(part, (0, 0), max(2.5, part.shape[0] / 7))), box


def covered(a: Picture, r: np.random.Generator, share: float) -> Altered:
    box = place(a, r, share, float(r.choice([0.8, 1.0, 3.0])))
    colour = np.array([(0, 0, 0), (255, 255, 255), (200, 30, 30), (128, 128, 128)][int(r.integers(0, 4))], np.uint8)
    return a, _in(a, box, lambda part: np.broadcast_to(colour, part.shape), soft=bool(r.integers(0, 2))), box


def painted_over(a: Picture, r: np.random.Generator, share: float) -> Altered:
    box = place(a, r, share, 0.9)
    x0, y0, x1, y1 = box
    mask = np.zeros(a.shape[:2], np.uint8)
    cv2.ellipse(mask, ((x0 + x1) // 2, (y0 + y1) // 2), ((x1 - x0) // 2, (y1 - y0) // 2), 0, 0, 360, 255, -1)
    return a, cv2.inpaint(a, mask, 5, cv2.INPAINT_TELEA), box


def cloned(a: Picture, r: np.random.Generator, share: float) -> Altered:
    """Something removed: what lies beside is copied over it."""
    box = place(a, r, share, 0.5)
    x0, y0, x1, y1 = box
    width = x1 - x0
    step = width if x1 + width <= a.shape[1] else -width
    beside = a[y0:y1, max(0, x0 + step) : max(0, x0 + step) + width]
    return a, _in(a, box, lambda part: beside if beside.shape == part.shape else part[::-1]), box


def added(a: Picture, r: np.random.Generator, share: float) -> Altered:
    box = place(a, r, share, 0.5)
    other = attacks.partner(r)

    def change(part: Picture) -> Picture:
        y, x = (int(r.integers(0, max(1, n - m))) for n, m in zip(other.shape[:2], part.shape[:2], strict=True))
        found = other[y : y + part.shape[0], x : x + part.shape[1]]
        return found if found.shape == part.shape else cv2.resize(other, part.shape[1::-1])

    return a, _in(a, box, change), box


def inset(a: Picture, r: np.random.Generator, share: float) -> Altered:
    box = place(a, r, share, 4 / 3)
    other = attacks.partner(r)
    return a, _in(a, box, lambda part: cv2.resize(other, part.shape[1::-1], interpolation=cv2.INTER_AREA), False), box


def _written(a: Picture, box: Box, text: str, ground: tuple[int, ...] | None, ink: tuple[int, ...]) -> Picture:
    out = a.copy()
    x0, y0, x1, y1 = box
    if ground is not None:
        out[y0:y1, x0:x1] = ground
    scale = 0.62 * (y1 - y0) / 21
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 2)
    scale *= min(1.0, 0.9 * (x1 - x0) / max(1, width))
    thick = max(1, round(scale * 2.4))
    at = x0 + int(0.05 * (x1 - x0)), y0 + ((y1 - y0) + int(height * min(1.0, 0.9 * (x1 - x0) / max(1, width)))) // 2
    cv2.putText(out, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, ink, thick, cv2.LINE_AA)
    return out


def _number(r: np.random.Generator, count: int) -> tuple[str, str]:
    digits = r.integers(0, 10, count)
    return "".join(map(str, digits)), "".join(map(str, (digits + r.integers(1, 10, count)) % 10))


def sign(a: Picture, r: np.random.Generator, share: float) -> Altered:
    """One sign with two numbers."""
    box = place(a, r, share, 2.2)
    one, other = _number(r, 3)
    ground, ink = ((240, 240, 235), (20, 20, 30)) if r.integers(0, 2) else ((20, 70, 150), (250, 250, 250))
    return _written(a, box, one, ground, ink), _written(a, box, other, ground, ink), box


def clock(a: Picture, r: np.random.Generator, share: float) -> Altered:
    """A camera's clock in a corner."""
    height, width = a.shape[:2]
    down = int(np.sqrt(share * height * width / 3.6))
    across, gap = int(down * 3.6), max(2, height // 50)
    x = gap if r.integers(0, 2) else width - across - gap
    y = gap if r.integers(0, 2) else height - down - gap
    box = (x, y, x + across, y + down)
    one, other = _number(r, 4)
    ground, ink = ((0, 0, 0), (255, 255, 255)) if r.integers(0, 2) else (None, (255, 240, 90))
    return (
        _written(a, box, f"{one[:2]}:{one[2:]}", ground, ink),
        _written(a, box, f"{other[:2]}:{other[2:]}", ground, ink),
        box,
    )


def recoloured(a: Picture, r: np.random.Generator, share: float) -> Altered:
    """Another colour of the same lightness: grey pictures say nothing."""
    box = place(a, r, share, 0.8)

    def change(part: Picture) -> Picture:
        ycc = cv2.cvtColor(part, cv2.COLOR_RGB2YCrCb).astype(np.int16)
        angle = r.uniform(0, 2 * np.pi)
        ycc[..., 1] += int(70 * np.cos(angle))
        ycc[..., 2] += int(70 * np.sin(angle))
        return cv2.cvtColor(np.clip(ycc, 16, 240).astype(np.uint8), cv2.COLOR_YCrCb2RGB)

    return a, _in(a, box, change), box


ALTERATIONS: dict[str, Alteration] = {
    "pixelated": pixelated, "blurred": blurred, "covered": covered, "painted over": painted_over, "removed": cloned,
    "added": added, "inset": inset, "sign": sign, "clock": clock, "recoloured": recoloured,
}  # fmt: skip


def webp(a: Picture, quality: int) -> Picture:
    ok, content = cv2.imencode(".webp", cv2.cvtColor(a, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, quality])
    assert ok
    return cv2.cvtColor(cv2.imdecode(content, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def sharpened(a: Picture, amount: float) -> Picture:
    return np.clip(a + amount * (a.astype(np.float32) - cv2.GaussianBlur(a, (0, 0), 2)), 0, 255).astype(np.uint8)


def equalised(a: Picture) -> Picture:
    lab = cv2.cvtColor(a, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(3.0, (8, 8)).apply(lab[..., 0])
    return cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)


def vignetted(a: Picture) -> Picture:
    height, width = a.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    away = ((x - width / 2) / width) ** 2 + ((y - height / 2) / height) ** 2
    return np.clip(a * (1 - 1.3 * away)[..., None], 0, 255).astype(np.uint8)


def saturated(a: Picture, factor: float) -> Picture:
    hsv = cv2.cvtColor(a, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 1] = np.clip(hsv[..., 1] * factor, 0, 255)
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)


_OLD = (
    "whatsapp", "telegram", "heavy480q20", "dark", "lowcontrast", "gray", "blur", "sepia", "noise", "stretch75",
    "pixelate3", "crop10", "crop25", "crop40", "mirror", "rot90", "rot180", "rot270", "rot5crop", "bright", "contrast",
    "gamma2", "colourfilter", "screenphoto",
)  # fmt: skip
BENIGN: dict[str, Benign] = {name: (lambda a, r, name=name: attacks.ATTACKS[name](a, r, 0)) for name in _OLD} | {
    "webp20": lambda a, r: webp(attacks.fit(a, 900), 20),
    "sharpened": lambda a, r: attacks.jpeg(sharpened(a, 1.0), 85),
    "median": lambda a, r: attacks.jpeg(cv2.medianBlur(attacks.fit(a, 900), 5), 80),
    "denoised": lambda a, r: attacks.jpeg(cv2.bilateralFilter(attacks.fit(a, 900), 9, 40, 5), 80),
    "equalised": lambda a, r: attacks.jpeg(equalised(a), 80),
    "vignetted": lambda a, r: attacks.jpeg(vignetted(a), 80),
    "saturated": lambda a, r: attacks.jpeg(saturated(a, 1.8), 80),
    "faded": lambda a, r: attacks.jpeg(saturated(attacks.tone(a, 0.8, 30), 0.4), 70),
    "thrice": lambda a, r: attacks.jpeg(attacks.jpeg(attacks.jpeg(attacks.fit(a, 800), 50), 40), 60),
    "small": lambda a, r: attacks.jpeg(attacks.fit(a, 320), 75),
    "crop+dark": lambda a, r: attacks.jpeg(attacks.tone(attacks.crop(a, r, 0.15), 0.7), 70),
    "mirror+small": lambda a, r: attacks.jpeg(attacks.fit(attacks.mirror(a), 480), 60),
}
AFTERWARDS: dict[str, Benign] = {
    "": lambda a, r: attacks.jpeg(a, 90),
    "q70": lambda a, r: attacks.jpeg(attacks.fit(a, 1000), 70),
    "small": lambda a, r: attacks.jpeg(attacks.fit(a, 640), 75),
    "tone": lambda a, r: attacks.jpeg(attacks.tone(a, 1.15, -8), 80),
    "dark": lambda a, r: attacks.jpeg(attacks.tone(a, 0.7, 5), 75),
}
