"""What happens to a photograph on its way: 44 published classes of change and eight of our own, and overlays to share.

Pictures are RGB uint8. Every attack is a function of (picture, random generator, overlay number); overlays are drawn
from their number alone, so that different photographs can carry the very same banner, logo or phone screen.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

Picture = np.ndarray
Attack = Callable[[Picture, np.random.Generator, int], Picture]


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def jpeg(a: Picture, quality: int) -> Picture:
    _, content = cv2.imencode(".jpg", cv2.cvtColor(a, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.cvtColor(cv2.imdecode(content, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def fit(a: Picture, longest: int) -> Picture:
    scale = min(1.0, longest / max(a.shape[:2]))
    size = max(1, round(a.shape[1] * scale)), max(1, round(a.shape[0] * scale))
    return cv2.resize(a, size, interpolation=cv2.INTER_AREA) if scale < 1 else a.copy()


def resize(a: Picture, width: int, height: int) -> Picture:
    shrink = width < a.shape[1]
    return cv2.resize(a, (width, height), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_CUBIC)


def tone(a: Picture, gain: float = 1.0, offset: float = 0.0, gamma: float = 1.0) -> Picture:
    values = np.clip(np.arange(256) * gain + offset, 0, 255)
    table = np.clip(255 * (values / 255) ** gamma, 0, 255).astype(np.uint8)
    return table[a]


def crop(a: Picture, r: np.random.Generator, loss: float) -> Picture:
    h, w = a.shape[:2]
    ch, cw = int(h * (1 - loss)), int(w * (1 - loss))
    y, x = int(r.integers(0, h - ch + 1)), int(r.integers(0, w - cw + 1))
    return a[y : y + ch, x : x + cw].copy()


def turn(a: Picture, degrees: float, cut: bool) -> Picture:
    h, w = a.shape[:2]
    m = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1.0)
    out = cv2.warpAffine(a, m, (w, h), flags=cv2.INTER_LINEAR)
    if cut:
        k = 0.12
        out = out[int(h * k) : int(h * (1 - k)), int(w * k) : int(w * (1 - k))]
    return np.ascontiguousarray(out)


# ---------------------------------------------------------------- overlays


WORDS = (
    "LIVE", "NEWS", "CITY", "SOURCE", "REPORT", "UPDATE", "CHANNEL", "STREET", "MORNING", "WITNESS", "VIDEO",
    "OFFICIAL", "MARKET", "BRIDGE", "NORTH", "SOUTH", "TODAY", "AGENCY", "CENTRAL", "PEOPLE", "POLICE", "RESCUE",
    "WATER", "SQUARE", "SAID", "AFTER", "NIGHT", "GATE", "ROAD", "HOSPITAL", "SCHOOL",
)  # fmt: skip


def sentence(r: np.random.Generator, words: int) -> str:
    return " ".join(str(r.choice(WORDS)) for _ in range(words))


def text(a: Picture, s: str, x: int, y: int, height: float, colour: tuple[int, ...], thick: int = 0) -> None:
    size = height / 22
    cv2.putText(a, s, (x, y), cv2.FONT_HERSHEY_DUPLEX, size, colour, thick or max(1, round(size * 1.6)), cv2.LINE_AA)


def banner(a: Picture, number: int, share: float = 0.17) -> Picture:
    a, r = a.copy(), rng(9000 + number)
    h, w = a.shape[:2]
    top = int(h * (1 - share))
    colours = [tuple(int(v) for v in r.integers(20, 200, 3)) for _ in range(3)]
    a[top:] = colours[0]
    a[top : top + int(h * share * 0.5), : int(w * r.uniform(0.2, 0.4))] = colours[1]
    text(a, sentence(r, 2), int(w * 0.02), top + int(h * share * 0.4), h * share * 0.3, (255, 255, 255))
    text(a, sentence(r, 7), int(w * 0.02), top + int(h * share * 0.85), h * share * 0.26, (255, 255, 230))
    return a


def logo(a: Picture, number: int) -> Picture:
    a, r = a.copy(), rng(9100 + number)
    h, w = a.shape[:2]
    s = int(min(h, w) * r.uniform(0.14, 0.2))
    x = int(w * 0.03) if r.random() < 0.5 else w - s - int(w * 0.03)
    y = int(h * 0.04)
    mark = np.full((s, s, 3), r.integers(30, 230, 3), np.uint8)
    for _ in range(5):
        c = tuple(int(v) for v in r.integers(0, 255, 3))
        p = r.integers(0, s, (3, 2)).astype(np.int32)
        cv2.fillPoly(mark, [p], c)
    text(mark, str(r.choice(WORDS))[:4], 2, int(s * 0.65), s * 0.3, (255, 255, 255))
    a[y : y + s, x : x + s] = cv2.addWeighted(a[y : y + s, x : x + s], 0.15, mark, 0.85, 0)
    return a


def subtitles(a: Picture, number: int) -> Picture:
    a, r = a.copy(), rng(9200 + number)
    h, w = a.shape[:2]
    for line in range(2):
        s, y = sentence(r, 5), int(h * (0.84 + 0.09 * line))
        text(a, s, int(w * 0.08), y, h * 0.05, (0, 0, 0), max(3, round(h * 0.012)))
        text(a, s, int(w * 0.08), y, h * 0.05, (255, 255, 255))
    return a


def label(a: Picture, number: int) -> Picture:
    """A trail camera's or dashboard camera's text bars."""
    a, r = a.copy(), rng(9300 + number)
    h, w = a.shape[:2]
    bar = max(14, int(h * 0.07))
    a[-bar:] = (10, 10, 10)
    said = f"{sentence(r, 1)} CAM{number:02d} 2024-06-1{number % 9} 14:3{number % 6}"
    text(a, said, 6, h - bar // 4, bar * 0.55, (235, 235, 235))
    cv2.circle(a, (w - bar, h - bar // 2), bar // 3, (230, 120, 20), -1)
    return a


def wallpaper(h: int, w: int, number: int) -> Picture:
    """Phone backgrounds with texture: doodles, fractal clouds, blobs, stripes."""
    r = rng(9400 + number)
    ground = np.full((h, w, 3), r.integers(60, 230, 3), np.uint8)
    kind = number % 4
    if kind == 0:
        for _ in range(260):
            x, y, s = int(r.integers(0, w)), int(r.integers(0, h)), int(r.integers(6, 26))
            c = tuple(int(v) for v in np.clip(ground[0, 0].astype(int) - r.integers(20, 70), 0, 255))
            shape = r.integers(0, 4)
            if shape == 0:
                cv2.circle(ground, (x, y), s, c, 2, cv2.LINE_AA)
            elif shape == 1:
                cv2.rectangle(ground, (x, y), (x + s, y + s), c, 2)
            elif shape == 2:
                cv2.ellipse(ground, (x, y), (s, s // 2), float(r.integers(0, 180)), 0, 270, c, 2, cv2.LINE_AA)
            else:
                cv2.line(ground, (x, y), (x + s, y - s), c, 2, cv2.LINE_AA)
        return ground
    if kind == 1:
        field = np.zeros((h, w), np.float32)
        for octave in (4, 8, 16, 32, 64):
            field += cv2.resize(r.normal(0, 1, (octave * h // w + 1, octave)).astype(np.float32), (w, h)) / octave**0.7
        field = (field - field.min()) / np.ptp(field)
        colours = r.integers(0, 255, (2, 3))
        return (colours[0] * field[..., None] + colours[1] * (1 - field[..., None])).astype(np.uint8)
    if kind == 2:
        for _ in range(160):
            c = tuple(int(v) for v in r.integers(0, 255, 3))
            centre = int(r.integers(0, w)), int(r.integers(0, h))
            cv2.circle(ground, centre, int(r.integers(8, 70)), c, -1, cv2.LINE_AA)
        return cv2.GaussianBlur(ground, (0, 0), 1.5)
    yy, xx = np.mgrid[:h, :w]
    wave = np.sin(xx / r.uniform(8, 20) + np.sin(yy / r.uniform(10, 40)) * 3) * 60
    return np.clip(ground + wave[..., None], 0, 255).astype(np.uint8)


def phone(a: Picture, number: int, circle: bool = False) -> Picture:
    """A screenshot of a phone: number % 4 is 0 viewer on black, 1 chat on flat ground, 2 and 3 chat on a wallpaper."""
    r = rng(9500 + number)
    w, h = 540, 1170 if number % 2 else 1080
    kind = number % 4
    if kind == 0:
        screen = np.full((h, w, 3), r.integers(0, 24, 3), np.uint8)
    elif kind == 1:
        screen = np.full((h, w, 3), r.integers(215, 250, 3), np.uint8)
    else:
        screen = wallpaper(h, w, number // 4 + number)
    bar = tuple(int(v) for v in r.integers(0, 90, 3))
    screen[:100] = bar
    text(screen, f"14:3{number % 9}", 20, 34, 22, (255, 255, 255))
    text(screen, f"5G 8{number % 9}%", w - 120, 34, 20, (255, 255, 255))
    cv2.circle(screen, (60, 70), 24, tuple(int(v) for v in r.integers(90, 255, 3)), -1, cv2.LINE_AA)
    text(screen, sentence(r, 2), 100, 80, 24, (255, 255, 255))
    width = w if kind == 0 else int(w * r.uniform(0.72, 0.86))
    height = min(int(width * a.shape[0] / a.shape[1]), int(h * 0.58))
    width = min(width, int(height * a.shape[1] / a.shape[0]))
    x, y = (0 if kind == 0 else int(w * 0.05)), int(h * r.uniform(0.14, 0.3))
    x = (w - width) // 2 if kind == 0 else x
    inset = resize(a, width, height)
    if circle:
        mask = np.zeros((height, width), np.uint8)
        cv2.circle(mask, (width // 2, height // 2), min(width, height) // 2 - 2, 255, -1)
        place = screen[y : y + height, x : x + width]
        place[mask > 0] = inset[mask > 0]
    else:
        screen[y : y + height, x : x + width] = inset
    for line in range(3):
        top = y + height + 24 + line * 74
        if top + 60 < h - 110:
            long = int(w * r.uniform(0.4, 0.8))
            ground = (225, 245, 215) if line % 2 else (250, 250, 250)
            screen[top : top + 58, 24 : 24 + long] = ground
            text(screen, sentence(r, 3), 34, top + 38, 19, (30, 30, 30))
    screen[-90:] = bar
    for button in range(4):
        cv2.circle(screen, (70 + button * 130, h - 45), 20, (210, 210, 210), 3, cv2.LINE_AA)
        text(screen, str(r.choice(WORDS))[:5], 44 + button * 130, h - 8, 12, (200, 200, 200))
    return screen


def bars(a: Picture, vertical: bool) -> Picture:
    h, w = a.shape[:2]
    k = int((h if vertical else w) * 0.17)
    return cv2.copyMakeBorder(a, *((k, k, 0, 0) if vertical else (0, 0, k, k)), cv2.BORDER_CONSTANT, value=(0, 0, 0))


def upright(a: Picture) -> Picture:
    """9:16 with an enlarged, blurred copy as fill."""
    w, h = 720, 1280
    scale = max(w / a.shape[1], h / a.shape[0])
    fill = resize(a, int(a.shape[1] * scale) + 1, int(a.shape[0] * scale) + 1)
    y, x = (fill.shape[0] - h) // 2, (fill.shape[1] - w) // 2
    out = tone(cv2.GaussianBlur(fill[y : y + h, x : x + w], (0, 0), 18), 0.7)
    inset = resize(a, w, min(h, round(a.shape[0] * w / a.shape[1])))
    top = (h - inset.shape[0]) // 2
    out[top : top + inset.shape[0]] = inset
    return out


def meme(a: Picture, number: int) -> Picture:
    h, w = a.shape[:2]
    out = cv2.copyMakeBorder(a, int(h * 0.22), 0, 0, 0, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    r = rng(9600 + number)
    text(out, sentence(r, 4), int(w * 0.03), int(h * 0.09), h * 0.055, (0, 0, 0))
    text(out, sentence(r, 4), int(w * 0.03), int(h * 0.18), h * 0.055, (0, 0, 0))
    return out


def filmed(a: Picture, r: np.random.Generator) -> Picture:
    """Photographed off a screen: perspective, moire, uneven light, noise."""
    h, w = a.shape[:2]
    corner = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    moved = corner + r.uniform(-0.09, 0.09, (4, 2)).astype(np.float32) * np.float32([w, h])
    m = cv2.getPerspectiveTransform(corner, moved)
    out = cv2.warpPerspective(a, m, (w, h), borderMode=cv2.BORDER_CONSTANT, borderValue=(25, 25, 30)).astype(np.float32)
    yy, xx = np.mgrid[:h, :w]
    out *= (1 + 0.06 * np.sin(xx * 1.9 + yy * 0.3) * np.sin(yy * 2.1))[..., None]
    out *= (0.75 + 0.4 * xx / w)[..., None]
    return np.clip(out + r.normal(0, 6, out.shape), 0, 255).astype(np.uint8)


def inset(a: Picture, partner: Picture, share: float, corner: int) -> Picture:
    """A small picture in a corner of another."""
    out = fit(partner, 1000)
    h, w = out.shape[:2]
    small = fit(a, int(share * min(h, w) * 1.2))
    small = small[: int(h * 0.9), : int(w * 0.9)]
    y = h - small.shape[0] - 10 if corner & 1 else 10
    x = w - small.shape[1] - 10 if corner & 2 else 10
    out[y : y + small.shape[0], x : x + small.shape[1]] = small
    return out


def collage(parts: list[Picture], columns: int) -> Picture:
    cell = [resize(p, 420, 420 * p.shape[0] // p.shape[1]) for p in parts]
    height = min(p.shape[0] for p in cell)
    cell = [p[(p.shape[0] - height) // 2 :][:height] for p in cell]
    rows = [np.hstack(cell[i : i + columns]) for i in range(0, len(cell), columns)]
    return np.vstack(rows)


def pixelate(a: Picture, k: int) -> Picture:
    h, w = a.shape[:2]
    return cv2.resize(resize(a, max(1, w // k), max(1, h // k)), (w, h), interpolation=cv2.INTER_NEAREST)


def sepia(a: Picture) -> Picture:
    m = np.float32([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
    return np.clip(a.astype(np.float32) @ m.T, 0, 255).astype(np.uint8)


def stickers(a: Picture, r: np.random.Generator) -> Picture:
    a = a.copy()
    h, w = a.shape[:2]
    for _ in range(3):
        c = tuple(int(v) for v in r.integers(60, 255, 3))
        cv2.circle(a, (int(r.integers(0, w)), int(r.integers(0, h))), int(min(h, w) * 0.09), c, -1, cv2.LINE_AA)
    p = r.uniform(0.1, 0.9, (2, 2)) * [w, h]
    cv2.arrowedLine(a, tuple(p[0].astype(int)), tuple(p[1].astype(int)), (255, 0, 0), max(3, w // 120), cv2.LINE_AA)
    axes = w // 5, h // 5
    cv2.ellipse(a, (int(w * 0.5), int(h * 0.5)), axes, 0, 0, 360, (255, 0, 0), max(3, w // 120), cv2.LINE_AA)
    return a


def redacted(a: Picture, r: np.random.Generator) -> Picture:
    a = a.copy()
    h, w = a.shape[:2]
    for _ in range(2):
        bh, bw = int(h * 0.25), int(w * 0.2)
        y, x = int(r.integers(0, h - bh)), int(r.integers(0, w - bw))
        a[y : y + bh, x : x + bw] = pixelate(a[y : y + bh, x : x + bw], max(4, bw // 4))
    return a


def mirror(a: Picture) -> Picture:
    return np.ascontiguousarray(a[:, ::-1])


def turned(a: Picture, quarter: int) -> Picture:
    """Clockwise quarter turns."""
    return np.ascontiguousarray(np.rot90(a, -quarter))


def whatsapp(a: Picture) -> Picture:
    return jpeg(fit(a, 1280), 60)


def telegram(a: Picture) -> Picture:
    return jpeg(fit(a, 1280), 80)


PARTNERS: list[Picture] = []  # held-out photographs for collages and insets; set by the benchmark


def partner(r: np.random.Generator) -> Picture:
    return PARTNERS[int(r.integers(0, len(PARTNERS)))]


ATTACKS: dict[str, Attack] = {
    "whatsapp": lambda a, r, n: whatsapp(a),
    "telegram": lambda a, r, n: telegram(a),
    "heavy480q20": lambda a, r, n: jpeg(fit(a, 480), 20),
    "dark": lambda a, r, n: jpeg(tone(a, 0.4), 80),
    "lowcontrast": lambda a, r, n: jpeg(tone(a, 0.4, 80), 80),
    "gray": lambda a, r, n: jpeg(np.repeat(cv2.cvtColor(a, cv2.COLOR_RGB2GRAY)[..., None], 3, 2), 80),
    "blur": lambda a, r, n: jpeg(cv2.GaussianBlur(fit(a, 1000), (0, 0), 2.5), 80),
    "sepia": lambda a, r, n: jpeg(sepia(a), 80),
    "noise": lambda a, r, n: np.clip(fit(a, 1000) + r.normal(0, 14, fit(a, 1000).shape), 0, 255).astype(np.uint8),
    "stretch75": lambda a, r, n: jpeg(resize(a, int(a.shape[1] * 0.75), a.shape[0]), 80),
    "pixelate3": lambda a, r, n: pixelate(fit(a, 800), 3),
    "crop10": lambda a, r, n: jpeg(crop(a, r, 0.1), 80),
    "crop25": lambda a, r, n: jpeg(crop(a, r, 0.25), 80),
    "crop40": lambda a, r, n: jpeg(crop(a, r, 0.4), 80),
    "screenphoto": lambda a, r, n: jpeg(filmed(fit(a, 1000), r), 75),
    "pip40": lambda a, r, n: jpeg(inset(a, partner(r), 0.4, int(r.integers(0, 4))), 80),
    "mirror": lambda a, r, n: jpeg(mirror(a), 80),
    "rot90": lambda a, r, n: jpeg(turned(a, 1), 80),
    "rot180": lambda a, r, n: jpeg(turned(a, 2), 80),
    "rot270": lambda a, r, n: jpeg(turned(a, 3), 80),
    "rot5black": lambda a, r, n: jpeg(turn(a, 5, False), 80),
    "rot5crop": lambda a, r, n: jpeg(turn(a, 5, True), 80),
    "letterbox": lambda a, r, n: jpeg(bars(a, True), 80),
    "pillarbox": lambda a, r, n: jpeg(bars(a, False), 80),
    "vert9x16blur": lambda a, r, n: jpeg(upright(a), 70),
    "bright": lambda a, r, n: jpeg(tone(a, 1.4, 20), 80),
    "contrast": lambda a, r, n: jpeg(tone(a, 1.6, -60), 80),
    "gamma2": lambda a, r, n: jpeg(tone(a, gamma=2.0), 80),
    "colourfilter": lambda a, r, n: jpeg(np.clip(a * np.float32([1.3, 0.8, 0.5]), 0, 255).astype(np.uint8), 80),
    "memebar": lambda a, r, n: jpeg(meme(a, n), 75),
    "logo": lambda a, r, n: jpeg(logo(a, n), 75),
    "banner+logo": lambda a, r, n: jpeg(logo(banner(a, n), n), 75),
    "subtitles": lambda a, r, n: jpeg(subtitles(a, n), 75),
    "phoneshot": lambda a, r, n: jpeg(phone(a, n), 80),
    "collage2": lambda a, r, n: jpeg(collage([a, partner(r)] if n & 1 else [partner(r), a], 2), 75),
    "c1 wa>crop25>logo>tg": lambda a, r, n: telegram(logo(crop(whatsapp(a), r, 0.25), n)),
    "c2 mirror+crop10+banner+q40": lambda a, r, n: jpeg(banner(crop(mirror(a), r, 0.1), n), 40),
    "c3 banner>phone>wa": lambda a, r, n: whatsapp(phone(banner(a, n), n + 1)),
    "c4 mirror+subs>9x16>wa": lambda a, r, n: whatsapp(upright(subtitles(mirror(a), n))),
    "c5 screenphoto>640q30": lambda a, r, n: jpeg(fit(filmed(fit(a, 1000), r), 640), 30),
    "c6 rot90+crop25+q50": lambda a, r, n: jpeg(crop(turned(a, 1), r, 0.25), 50),
    "c7 crop25>320q30": lambda a, r, n: jpeg(fit(crop(a, r, 0.25), 320), 30),
    "c8 pixelate+logo+dark": lambda a, r, n: jpeg(tone(logo(pixelate(fit(a, 900), 2), n), 0.6), 70),
    "c9 crop40>phone>480q40": lambda a, r, n: jpeg(fit(phone(crop(a, r, 0.4), n), 1040), 40),
    # our own
    "o1 stickers+arrow": lambda a, r, n: jpeg(stickers(fit(a, 1000), r), 70),
    "o2 redacted": lambda a, r, n: jpeg(redacted(fit(a, 1000), r), 70),
    "o3 circle in phone": lambda a, r, n: jpeg(phone(a, n, circle=True), 75),
    "o4 collage of four": lambda a, r, n: jpeg(collage([partner(r), a, partner(r), partner(r)], 2), 75),
    "o5 thumbnail 200": lambda a, r, n: jpeg(fit(a, 200), 70),
    "o6 banner of 28 %": lambda a, r, n: jpeg(banner(a, n + 40, 0.28), 70),
    "o7 phone filmed": lambda a, r, n: jpeg(filmed(phone(a, n), r), 70),
    "o8 rot30": lambda a, r, n: jpeg(turn(a, 30, False), 75),
}
MIRRORED = {"mirror", "c2 mirror+crop10+banner+q40", "c4 mirror+subs>9x16>wa"}
TURNED = {
    "rot90": 90, "rot180": 180, "rot270": 270, "c6 rot90+crop25+q50": 90, "rot5black": -5, "rot5crop": -5,
    "o8 rot30": -30,
}  # fmt: skip


def dark_frame(number: int) -> Picture:
    r = rng(9700 + number)
    a = np.clip(r.normal(8, 2.5, (480, 640, 3)), 0, 255).astype(np.uint8)
    for _ in range(int(r.integers(0, 3))):
        centre = int(r.integers(0, 640)), int(r.integers(0, 420))
        cv2.circle(a, centre, int(r.integers(2, 8)), (90, 80, 60), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(a, (0, 0), 1.2)


def flat_frame(number: int) -> Picture:
    r = rng(9800 + number)
    low, high = r.integers(0, 255, 3), r.integers(0, 255, 3)
    ramp = np.linspace(0, 1, 480)[:, None, None]
    return np.broadcast_to(low * (1 - ramp) + (low * 0.8 + high * 0.2) * ramp, (480, 640, 3)).astype(np.uint8)


def hard_negatives(photographs: list[Picture], first: int = 0) -> list[tuple[str, int, Picture]]:
    """(name, photograph's place or a negative number of its own, picture): shared overlays on different photographs."""
    out: list[tuple[str, int, Picture]] = []
    for place, a in enumerate(photographs):
        a = fit(a, 1000)
        n = place % 3
        out.append((f"hn banner {n}", place, jpeg(logo(banner(a, first + n), first + n), 70)))
        out.append((f"hn phone {place % 8}", place, jpeg(phone(a, first + place % 8), 70)))
        out.append((f"hn wallpaper {2 + place % 2}", place, jpeg(phone(a, first + 2 + place % 2), 75)))
        out.append((f"hn subtitles {n}", place, jpeg(subtitles(a, first + n), 70)))
        out.append((f"hn wide banner {n}", place, jpeg(banner(a, first + n + 40, 0.28), 70)))
        out.append((f"hn label {n}", place, jpeg(label(a, first + n), 70)))
    for number in range(30):
        out.append((f"hn dark {number}", -1 - number, jpeg(label(dark_frame(number), first + number % 3), 75)))
        out.append((f"hn flat {number}", -100 - number, jpeg(label(flat_frame(number), first + number % 3), 75)))
        frame = dark_frame(number + 50) if number % 2 else flat_frame(number + 50)
        out.append((f"hn empty phone {number}", -200 - number, jpeg(phone(frame, first + number % 8), 75)))
    return out
