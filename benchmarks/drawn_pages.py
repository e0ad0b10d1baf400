"""Pages of writing on flat ground: posts, forms, receipts, chats, tables, certificates, subtitles, letters; and icons.

Two pages of one kind and account share all but their words. Drawn with the font that Pillow brings along.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from skimage import data

Picture = np.ndarray
Colour = tuple[int, int, int]
WORDS = (
    "harbour", "minister", "of", "water", "smoke", "the", "street", "people", "fire", "photo", "cabinet",
    "hospital", "road", "before", "witness", "bridge", "seven", "train", "school", "checkpoint", "nobody", "rain",
    "power", "morning", "city", "north", "market", "trucks", "old", "night", "square", "after",
)  # fmt: skip
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


class Sheet:
    """A page being drawn."""

    def __init__(self, width: int, height: int, ground: Colour, ink: Colour = BLACK) -> None:
        self.picture = Image.new("RGB", (width, height), ground)
        self.pen, self.ink = ImageDraw.Draw(self.picture), ink

    def write(self, x: float, y: float, text: str, size: int, ink: Colour | None = None) -> None:
        self.pen.text((x, y), text, font=ImageFont.load_default(size), fill=ink or self.ink)

    def wrapped(self, x: int, y: int, text: str, size: int, width: int, step: float = 1.4) -> int:
        """Writes in lines; the place below the last."""
        font, line, place = ImageFont.load_default(size), "", float(y)
        for word in [*text.split(), ""]:
            if word and self.pen.textlength(f"{line} {word}", font=font) <= width:
                line = f"{line} {word}".strip()
                continue
            self.write(x, place, line, size)
            line, place = word, place + size * step
        return int(place)

    def done(self) -> Picture:
        return np.asarray(self.picture)


def said(r: np.random.Generator, words: int) -> str:
    return " ".join(str(word) for word in r.choice(WORDS, words))


def post(r: np.random.Generator, account: int, dark: bool = False) -> Picture:
    ground, ink, soft = ((21, 32, 43), WHITE, (136, 153, 166)) if dark else (WHITE, (15, 20, 25), (83, 100, 113))
    sheet = Sheet(720, 540, ground, ink)
    face = (data.chelsea, data.astronaut, data.coffee)[account % 3]()[:300, :300]
    sheet.picture.paste(Image.fromarray(cv2.resize(face, (80, 80), interpolation=cv2.INTER_AREA)), (27, 73))
    sheet.write(27, 16, "<   Post", 26)
    sheet.write(120, 80, ("City Desk", "Harbour Watch", "North News")[account % 3], 26)
    sheet.write(120, 116, ("@citydesk", "@harbourwatch", "@north")[account % 3], 22, soft)
    below = sheet.wrapped(27, 176, said(r, int(r.integers(8, 30))), 25, 650)
    clock = f"{r.integers(0, 24):02d}:{r.integers(0, 60):02d}"
    sheet.write(27, below + 20, f"{clock} - {r.integers(1, 30)} Mar 2024", 20, soft)
    sheet.pen.line((27, 400, 693, 400), fill=soft)
    counts = f"{r.integers(1, 999)} Reposts   {r.integers(1, 99)} Quotes   {r.integers(100, 9999)} Likes"
    sheet.write(27, 412, counts, 20)
    sheet.write(40, 470, "Reply       Repost       Like       Share", 22, soft)
    return sheet.done()


def dark_post(r: np.random.Generator, account: int) -> Picture:
    return post(r, account, True)


def form(r: np.random.Generator, account: int) -> Picture:
    sheet = Sheet(640, 900, (250, 250, 246))
    sheet.write(40, 30, ("MINISTRY OF THE INTERIOR", "CITY HOSPITAL ADMISSIONS", "PORT AUTHORITY")[account % 3], 22)
    sheet.write(40, 62, "Register of incidents - form 12-B", 16)
    columns = (40, 190, 360, 500, 600)
    for row in range(20):
        y = 100 + 37 * row
        sheet.pen.rectangle((40, y, 600, y + 37), outline=BLACK)
        date = f"{r.integers(1, 29):02d}.{r.integers(1, 13):02d}.2023"
        entries = (date, said(r, 2), str(r.integers(100000, 999999)), said(r, 1))
        for x, entry in zip(columns, entries, strict=False):
            sheet.pen.line((x, y, x, y + 37), fill=BLACK)
            sheet.write(x + 8, y + 9, entry, 15)
    return sheet.done()


def receipt(r: np.random.Generator, account: int) -> Picture:
    sheet = Sheet(420, 700, WHITE)
    sheet.write(90, 24, ("CORNER MARKET", "PHARMACY 24", "FUEL STATION")[account % 3], 26)
    sheet.write(80, 62, "12 North Road  Tel 555-0101", 14)
    for row in range(int(r.integers(6, 14))):
        y = 105 + 28 * row
        sheet.write(28, y, said(r, 1), 18)
        sheet.write(240, y, f"{r.integers(1, 5)} x {r.integers(50, 9000) / 100:8.2f}", 18)
    sheet.write(28, 560, f"TOTAL        {r.integers(500, 90000) / 100:9.2f}", 18)
    sheet.write(28, 600, f"{r.integers(1, 29):02d}/0{r.integers(1, 9)}/2023   No {r.integers(1000, 9999)}", 18)
    sheet.write(130, 650, "THANK YOU", 18)
    return sheet.done()


def chat(r: np.random.Generator, account: int) -> Picture:
    sheet = Sheet(480, 860, (236, 229, 221))
    sheet.pen.rectangle((0, 0, 480, 74), fill=(0, 95, 84))
    sheet.write(74, 22, ("Family", "Work team", "Neighbours")[account % 3], 24, WHITE)
    y = 100
    while y < 720:
        is_own = bool(r.integers(0, 2))
        x, text = (140 if is_own else 20), said(r, int(r.integers(2, 14)))
        lines = -(-len(text) // 28)
        sheet.pen.rounded_rectangle((x, y, x + 320, y + 26 * lines + 26), 10, fill=(220, 248, 198) if is_own else WHITE)
        y = max(sheet.wrapped(x + 12, y + 9, text, 18, 295), y + 26 * lines + 26) + 10
    sheet.pen.rounded_rectangle((14, 800, 410, 846), 22, fill=WHITE)
    sheet.write(40, 810, "Message", 18, (120, 120, 120))
    return sheet.done()


def table(r: np.random.Generator, account: int) -> Picture:
    sheet = Sheet(800, 540, WHITE)
    sheet.write(27, 20, ("Casualties by district", "Prices by week", "Train times")[account % 3], 24)
    for row in range(14):
        y = 66 + 31 * row
        if row % 2:
            sheet.pen.rectangle((27, y, 773, y + 31), fill=(238, 242, 248))
        sheet.write(34, y + 6, WORDS[(row * 3 + account) % len(WORDS)].title(), 16)
        for column in range(6):
            sheet.write(220 + 94 * column, y + 6, str(r.integers(0, 9999)), 16)
    return sheet.done()


def certificate(r: np.random.Generator, account: int) -> Picture:
    sheet = Sheet(800, 570, (252, 248, 235))
    sheet.pen.rectangle((17, 17, 783, 553), outline=(120, 80, 20), width=4)
    title = ("CERTIFICATE OF BIRTH", "CERTIFICATE OF DEATH", "TITLE TO A HOUSE")[account % 3]
    sheet.write(160, 55, title, 36, (60, 30, 0))
    lines = ("This is to certify that", "born on the day of", "in the municipality of", "is registered under number",
             "and is confirmed by the office of the registrar.")  # fmt: skip
    date = f"{r.integers(1, 29)} {r.choice(['March', 'April', 'May', 'June'])} {r.integers(1950, 2010)}"
    entries = (said(r, 2).title(), date, said(r, 1).title(), str(r.integers(10000, 99999)), "")
    for row, (line, entry) in enumerate(zip(lines, entries, strict=True)):
        sheet.write(80, 134 + 60 * row, line, 20)
        sheet.write(430, 132 + 60 * row, entry, 24, (10, 10, 80))
    sheet.write(80, 470, "Signature ____________      Stamp", 20)
    sheet.pen.ellipse((567, 427, 674, 534), outline=(40, 40, 160), width=4)
    return sheet.done()


def subtitle(r: np.random.Generator, account: int) -> Picture:
    sheet = Sheet(854, 480, BLACK, WHITE)
    sheet.write(720, 26, ("NEWS 24", "CITY TV", "CHANNEL 5")[account % 3], 24)
    sheet.wrapped(90, 380, said(r, int(r.integers(4, 14))), 28, 680)
    return sheet.done()


def letter(r: np.random.Generator, account: int) -> Picture:
    sheet = Sheet(600, 800, WHITE)
    sheet.write(54, 20, ("REPORT 2023", "MINUTES", "DAILY NOTES")[account % 3], 18)
    sheet.wrapped(54, 54, said(r, 180), 15, 490, 1.3)
    return sheet.done()


def icon(r: np.random.Generator, account: int) -> Picture:
    """Signs of one set: one ground and outline, another sign within."""
    sheet = Sheet(256, 256, WHITE)
    colour = ((30, 110, 220), (220, 60, 40), (40, 150, 80))[account % 3]
    sheet.pen.rounded_rectangle((12, 12, 244, 244), 50, fill=colour)
    for _ in range(4):
        x, y = (int(n) for n in r.integers(50, 150, 2))
        w, h = (int(n) for n in r.integers(16, 70, 2))
        draw = sheet.pen.ellipse if r.integers(0, 2) else sheet.pen.rectangle
        draw((x, y, x + w, y + h), fill=WHITE if r.integers(0, 3) else colour)
    sheet.write(100, 190, str(r.choice(list("ABCDEFGHKLMNPRSTUVWXYZ"))), 40, WHITE)
    return sheet.done()


KINDS: dict[str, Callable[[np.random.Generator, int], Picture]] = {
    "posts": post, "dark posts": dark_post, "forms": form, "receipts": receipt, "chats": chat, "tables": table,
    "certificates": certificate, "subtitles on black": subtitle, "letters": letter, "icons": icon,
}  # fmt: skip
