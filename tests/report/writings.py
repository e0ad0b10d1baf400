"""Writings of a secret that the second look has to find: of names, numbers, times, points, and encodings of any text.

Each entry is a name and what stands on a page. They are made by other code than that which looks for them.
"""

# ruff: noqa: E501 - lists of writings
from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import gzip
import html
import io
import json
import lzma
import math
import quopri
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.header import Header

import jdatetime
import mgrs

Writing = tuple[str, bytes]
ARABIC_DIGITS, PERSIAN_DIGITS, HINDI_DIGITS = "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"
BENGALI_DIGITS, WIDE_DIGITS, BOLD_DIGITS = "০১২৩৪৫৬৭৮৯", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"
DIGITS = (ARABIC_DIGITS, PERSIAN_DIGITS, HINDI_DIGITS, BENGALI_DIGITS, WIDE_DIGITS, BOLD_DIGITS)


def _zipped(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text)
    return stream.getvalue()


def _base58(content: bytes) -> bytes:
    letters, number, out = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", int.from_bytes(content), ""
    while number:
        number, rest = divmod(number, 58)
        out = letters[rest] + out
    return out.encode()


def _rot47(text: str) -> str:
    return "".join(chr(33 + (ord(c) - 33 + 47) % 94) if 33 <= ord(c) <= 126 else c for c in text)


def _times(count: int, text: str) -> bytes:
    content = text.encode()
    for _ in range(count):
        content = base64.b64encode(content)
    return content


def _dump(content: bytes) -> bytes:
    rows = [content[at : at + 16] for at in range(0, len(content), 16)]
    return b"\n".join(b"%08x  %s  |" % (at * 16, row.hex(" ").encode()) for at, row in enumerate(rows))


ENCODED: dict[str, Callable[[str], bytes]] = {
    "plain": lambda t: t.encode(),
    "upper": lambda t: t.upper().encode(),
    "title": lambda t: t.title().encode(),
    "full width": lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t).encode(),
    "NFD": lambda t: unicodedata.normalize("NFD", t).encode(),
    "html decimal": lambda t: "".join(f"&#{ord(c)};" for c in t).encode(),
    "html hexadecimal": lambda t: "".join(f"&#x{ord(c):X};" for c in t).encode(),
    "html without semicolon": lambda t: "".join(f"&#{ord(c)}" + ";" * (n % 2) for n, c in enumerate(t)).encode(),
    "html twice": lambda t: html.escape("".join(f"&#{ord(c)};" for c in t)).encode(),
    "html zeros": lambda t: "".join(f"&#{ord(c):07d};" for c in t).encode(),
    "percent": lambda t: urllib.parse.quote(t).encode(),
    "percent all": lambda t: "".join(f"%{b:02x}" for b in t.encode()).encode(),
    "percent twice": lambda t: urllib.parse.quote(urllib.parse.quote(t)).encode(),
    "percent plus": lambda t: urllib.parse.quote_plus(t).encode(),
    "percent u": lambda t: "".join(f"%u{ord(c):04X}" for c in t).encode(),
    "json": lambda t: json.dumps(t).encode(),
    "json all": lambda t: "".join(f"\\u{ord(c):04x}" for c in t).encode(),
    "json in json": lambda t: json.dumps(json.dumps(t)).encode(),
    "python braces": lambda t: "".join(f"\\u{{{ord(c):x}}}" for c in t).encode(),
    "perl braces": lambda t: "".join(f"\\x{{{ord(c):x}}}" for c in t).encode(),
    "eight digits": lambda t: "".join(f"\\U{ord(c):08x}" for c in t).encode(),
    "names of letters": lambda t: "".join(f"\\N{{{unicodedata.name(c)}}}" for c in t).encode(),
    "bytes x": lambda t: "".join(f"\\x{b:02x}" for b in t.encode()).encode(),
    "bytes octal": lambda t: "".join(f"\\{b:03o}" for b in t.encode()).encode(),
    "css": lambda t: "".join(f"\\{ord(c):x} " for c in t).encode(),
    "css six digits": lambda t: "".join(f"\\{ord(c):06x}" for c in t).encode(),
    "rtf": lambda t: "".join(f"\\u{ord(c)}?" for c in t).encode(),
    "U+": lambda t: " ".join(f"U+{ord(c):04X}" for c in t).encode(),
    "0x": lambda t: ", ".join(f"0x{b:02X}" for b in t.encode()).encode(),
    "chr": lambda t: "+".join(f"chr({ord(c)})" for c in t).encode(),
    "decimal bytes": lambda t: " ".join(str(b) for b in t.encode()).encode(),
    "decimal letters": lambda t: json.dumps([ord(c) for c in t]).encode(),
    "bits": lambda t: " ".join(f"{b:08b}" for b in t.encode()).encode(),
    "bits joined": lambda t: "".join(f"{b:08b}" for b in t.encode()).encode(),
    "hex": lambda t: t.encode().hex().encode(),
    "hex upper": lambda t: t.encode().hex().upper().encode(),
    "hex blanks": lambda t: t.encode().hex(" ").encode(),
    "hex colons": lambda t: t.encode().hex(":").encode(),
    "hex after a digit": lambda t: b"7" + t.encode().hex().encode(),
    "hex UTF-16": lambda t: t.encode("utf-16-be").hex().encode(),
    "hex dump": lambda t: _dump(t.encode()),
    "base64": lambda t: base64.b64encode(t.encode()),
    "base64 shifted": lambda t: base64.b64encode(b"  " + t.encode() + b" "),
    "base64 URL": lambda t: base64.urlsafe_b64encode(t.encode()).rstrip(b"="),
    "base64 lines": lambda t: b"\n".join(
        base64.b64encode(t.encode())[i : i + 8] for i in range(0, len(base64.b64encode(t.encode())), 8)
    ),
    "base64 twice": lambda t: _times(2, t),
    "base64 five times": lambda t: _times(5, t),
    "base64 UTF-16": lambda t: base64.b64encode(t.encode("utf-16-le")),
    "base64 backwards": lambda t: base64.b64encode(t.encode())[::-1],
    "base64 of backwards": lambda t: base64.b64encode(t[::-1].encode()),
    "base64 of hex": lambda t: base64.b64encode(t.encode().hex().encode()),
    "hex of base64": lambda t: base64.b64encode(t.encode()).hex().encode(),
    "hex backwards": lambda t: t.encode().hex().encode()[::-1],
    "base32": lambda t: base64.b32encode(t.encode()),
    "base32 lower": lambda t: base64.b32encode(t.encode()).lower(),
    "ascii85": lambda t: base64.a85encode(t.encode()),
    "ascii85 framed": lambda t: base64.a85encode(t.encode(), adobe=True),
    "base85": lambda t: base64.b85encode(t.encode()),
    "base58": lambda t: _base58(t.encode()),
    "uuencode": lambda t: b"begin 644 a\n" + b"".join(
        binascii.b2a_uu(t.encode()[i : i + 45]) for i in range(0, len(t.encode()), 45)
    ) + b"`\nend",
    "quoted-printable": lambda t: "".join(f"={b:02X}" for b in t.encode()).encode(),
    "quoted-printable module": lambda t: quopri.encodestring(t.encode()),
    "mail header": lambda t: Header(t, "utf-8").encode().encode(),
    "mail header Q": lambda t: b"=?utf-8?q?" + quopri.encodestring(t.encode(), header=True) + b"?=",
    "UTF-7": lambda t: t.encode("utf-7"),
    "punycode": lambda t: b"xn--" + t.encode("punycode"),
    "UTF-16 little": lambda t: t.encode("utf-16-le"),
    "UTF-16 big": lambda t: t.encode("utf-16-be"),
    "UTF-16 with mark": lambda t: t.encode("utf-16"),
    "UTF-32": lambda t: t.encode("utf-32-le"),
    "UTF-8 twice": lambda t: t.encode().decode("cp1252", "ignore").encode(),
    "rot13": lambda t: codecs.encode(t, "rot13").encode(),
    "rot47": lambda t: _rot47(t).encode(),
    "backwards": lambda t: t[::-1].encode(),
    "tags": lambda t: "<i></i>".join(t).encode(),
    "hidden": lambda t: "\u200b".join(t).encode(),
    "soft hyphens": lambda t: "\u00ad".join(t).encode(),
    "joiners": lambda t: "\u034f".join(t).encode(),
    "marks": lambda t: "".join(c + "\u0323" if c.isalnum() else c for c in t).encode(),
    "zip": _zipped,
    "gzip": lambda t: gzip.compress(t.encode()),
    "zlib": lambda t: zlib.compress(t.encode()),
    "bzip2": lambda t: bz2.compress(t.encode()),
    "xz": lambda t: lzma.compress(t.encode()),
    "lzma": lambda t: lzma.compress(t.encode(), format=lzma.FORMAT_ALONE),
    "zip in base64": lambda t: base64.b64encode(_zipped(t)),
    "gzip in base64": lambda t: base64.b64encode(gzip.compress(t.encode())),
    "zlib in hex": lambda t: zlib.compress(t.encode()).hex().encode(),
}  # fmt: skip
ONLY_LATIN = {"full width", "rot13", "rot47"}
ONLY_OTHER = {"punycode", "UTF-8 twice", "UTF-7", "mail header Q"}


def encoded(text: str) -> Iterator[Writing]:
    """A text in every encoding that changes it or could."""
    for name, write in ENCODED.items():
        if not (name in ONLY_LATIN and not text.isascii()) and not (name in ONLY_OTHER and text.isascii()):
            yield name, write(text)


def names() -> Iterator[tuple[str, str, str]]:
    """How it is written; the name that is a secret; what stands on the page."""
    latin, persian = "Farhad Moradzadeh", "فرهاد مرادزاده"
    for told in ("Moradzadeh, Farhad", "Moradzadeh Farhad", "F. Moradzadeh", "farhad_moradzadeh", "FarhadMoradzadeh",
                 "farhad.moradzadeh", "Farhad  \n Moradzadeh", "F a r h a d", "Moradzadeh", "Farhad", "MORADZADEH",
                 "Mr Moradzadeh's", "F-a-r-h-a-d M-o-r-a-d-z-a-d-e-h", "Farhad+Moradzadeh", "Farhad&nbsp;Moradzadeh",
                 "Fаrhаd", "Μοradzadeh", "Fárhàd", "𝐅𝐚𝐫𝐡𝐚𝐝", "Ⓕⓐⓡⓗⓐⓓ", "ꜰᴀʀʜᴀᴅ", "🇫🇦🇷🇭🇦🇩",
                 "".join(chr(0xE0000 + ord(c)) for c in "Farhad"), "🄵🄰🅁🄷🄰🄳", "ᶠᵃʳʰᵃᵈ"):  # fmt: skip
        yield f"Latin: {told!r}", latin, told
    for told in ("مرادزاده فرهاد", "مرادزاده، فرهاد", "فرهاد_مرادزاده", "فرهاد\u200cمرادزاده", "فرهادمرادزاده", "فـرهـاد",
                 "ﻓﺮﻫﺎﺩ", "فَرهاد", "ف ر ه ا د", "مرادزاده", "فرهاد"):  # fmt: skip
        yield f"Persian: {told!r}", persian, told
    for secret, told in (
        ("زهرا محمدی", "زهرا محمدي"), ("زهرا رضائی", "زهرا رضايى"), ("فاطمه کیانی", "فاطمة كياني"), ("آرزو پناهی", "ارزو پناهي"),
        ("موسی‌پور نیکو", "موسي پور نيكو"), ("Şêrko Kamangar", "Serko Kamangar"), ("Żaneta Wójcik", "Zaneta Wojcik"),
        ("Łukasz Brzęk", "Lukasz Brzek"), ("Jürgen Groß", "Juergen Gross"), ("Çağrı Yıldırım", "Cagri Yildirim"),
        ("زهرا محمدی", "Zahra Mohammadi"), ("Zahra Mohammadi", "زهرا محمدی"), ("Zahra Mohammadi", "Mohammadi, Zahra"),
        ("Farhad Moradzadeh", "فرهاد مرادزاده"), ("فرهاد مرادزاده", "Farhad Moradzadeh"), ("حسین قاسمی", "Hossein Ghasemi"),
        ("حسین قاسمی", "Hussain Qasemi"), ("Hossein Ghasemi", "حسین قاسمی"), ("محمد خاتمی", "Mohammad Khatami"),
        ("شیرین چنگیزی", "Shirin Changizi"), ("ژاله گلستان", "Zhaleh Golestan"),
        ("Mehrdad Rastegar", "مهرداد رستگار"), ("مهرداد رستگار", "Rastegar Mehrdad"), ("نسرین کاظمی", "Nasrin Kazemi"),
    ):  # fmt: skip
        yield f"{secret} as {told}", secret, told


def numbers() -> Iterator[tuple[str, str, str]]:
    """Kind of secret; the value; what stands on the page."""
    for told in ("48117715532", "48,117,715,532", "48 117 715 532", "48.117.715.532", "48'117'715'532", "48_117_715_532",
                 "48\u202f117\u202f715\u202f532", "٤٨٬١١٧٬٧١٥٬٥٣٢", "004811771553 2".replace(" ", ""), "48,11,77,15,532",
                 "4811-7715-532", "४८११७७१५५३२"):  # fmt: skip
        yield "reading", "48117715532", told
    for told in ("+98 912 345 67 89", "0098-912-345-6789", "09123456789", "0912 345 6789", "(0912) 3456789", "912.345.6789",
                 "0912_345_6789", "0 9 1 2 3 4 5 6 7 8 9", "[0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]", "3456789", "345-6789",
                 "0912/345/6789", "tel:+98-912-345-6789", "zero nine one two three four five six seven eight nine",
                 "صفر نه یک دو سه چهار پنج شش هفت هشت نه", '["0912","345","6789"]', "912 – 345 – 6789"):  # fmt: skip
        yield "telephone number", "+989123456789", told
    for digits in DIGITS:
        yield (
            "telephone number",
            "+989123456789",
            "۰912 345 67 89".translate(dict(zip(range(48, 58), digits, strict=True))),
        )
    for kind, secret, told in (
        ("reading", "0012345678", "12345678"), ("reading", "0012345678", "001-234567-8"), ("reading", "356938035643809",
        "35-693803-564380-9"), ("reading", "356938035643809", "356 938 035 643 809"), ("reading", "22-B-417-66", "22B41766"),
        ("reading", "22 B 417 66", "22/b/417/66"), ("reading", "00:1A:2B:3C:4D:5E", "001a2b3c4d5e"),
        ("reading", "00:1A:2B:3C:4D:5E", "00-1A-2B-3C-4D-5E"), ("reading", "001A.2B3C.4D5E", "00:1a:2b:3c:4d:5e"),
        ("reading", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE7DEC11D0A76500A0C91E6BF6"),
        ("reading", "IR820540102680020817909002", "IR82 0540 1026 8002 0817 9090 02"), ("reading", "SN99Q1X77", "SN 99-Q1-X77"),
        ("reading", "f.kiani.77@posteo.example", "f.kiani.77 at posteo dot example"),
        ("reading", "f.kiani.77@posteo.example", "f.kiani.77[at]posteo[dot]example"),
        ("reading", "f.kiani.77@posteo.example", "mailto:f.kiani.77%40posteo.example"),
        ("reading", "@voice_of_alley", "voice_of_alley"), ("reading", "@voice_of_alley", "https://t.me/voice_of_alley"),
        ("reading", "https://t.me/c/7711/904", "t.me/c/7711/904"), ("path", "/media/usb Kian/handed in/a b.jpg",
        "file:///media/usb%20Kian/handed%20in/a%20b.jpg"), ("path", "/media/usb Kian/handed in/a b.jpg",
        r"\media\usb Kian\handed in\a b.jpg"), ("path", "/media/usb Kian/handed in/a b.jpg", r"/media/usb\ Kian/handed\ in/a\ b.jpg"),
        ("path", "C:\\Users\\Kian\\a b.jpg", "C:/Users/Kian/a b.jpg"), ("path", "C:\\Users\\Kian\\a b.jpg",
        r"C:\\Users\\Kian\\a b.jpg"), ("reading", "2a02:8109:9a40::1c7", "2A02:8109:9A40::1C7"),
        ("reading", "86.55.241.9", "86[.]55[.]241[.]9"),
    ):  # fmt: skip
        yield kind, secret, told


WALL = datetime(2026, 1, 8, 18, 4, 11, tzinfo=UTC)  # 18 Dey 1404, 19 Rajab 1447
TEHRAN = timedelta(minutes=210)
MONTHS = {"en": "January", "fa": "ژانویه", "de": "Januar"}


def times() -> Iterator[str]:
    """2026-01-08 18:04:11 at +03:30 to the minute, in every calendar and notation."""
    universal = WALL - TEHRAN
    epoch = round(universal.timestamp())
    jalali = jdatetime.datetime.fromgregorian(datetime=WALL.replace(tzinfo=None))
    yield from (WALL.strftime(form) for form in (
        "%Y-%m-%dT%H:%M:%S", "%Y:%m:%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%dT%H%M%S", "%Y%m%d_%H%M%S", "%Y%m%d%H%M%S", "%d.%m.%Y %H:%M",
        "%d/%m/%Y, %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%-d %B %Y at %H:%M", "%B %-d, %Y, %-I:%M %p", "%b %-d %Y %H.%M", "%d-%b-%Y %H:%M:%S",
        "%a, %d %b %Y %H:%M:%S +0330", "%H:%M:%S on %d %B %Y", "%H:%M %d/%m/%Y", "%y-%m-%d %H:%M:%S", "IMG_%Y%m%d_%H%M%S.jpg",
        "%Y-%jT%H:%M:%S", "%G-W%V-%uT%H:%M:%S", "%Y年%m月%d日 %H時%M分%S秒", "%Y/%-m/%-d %-H:%M", "%d %m %Y %H %M %S", "%Yy%mm%dd %Hh%Mm",
        "%Y-%m-%d ساعت %H:%M", '{"date": "%Y-%m-%d", "time": "%H:%M:%S"}', "%Y-%m-%dT%H%%3A%M%%3A%S", "%H:%M:%S",
    ))  # fmt: skip
    yield from (
        universal.strftime(form)
        for form in ("%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y %H:%M:%S GMT", "%Y%m%dT%H%M%SZ", "D:%Y%m%d%H%M%SZ")
    )
    yield from (str(epoch), str(epoch * 1000), str(epoch * 1000 + 250), str(epoch * 10**6), str(epoch * 10**9), f"{epoch}.250",
                str(epoch + 2_082_844_800), str((epoch + 11_644_473_600) * 10**7), str(epoch - 978_307_200))  # fmt: skip
    yield f"{(WALL - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1):.6f}"
    yield f"{universal.timestamp() / 86_400 + 2_440_587.5:.6f}"
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%d/%m/%Y ساعت %H:%M", "%y/%m/%d %H:%M"):
        told = jalali.strftime(form)
        yield told
        yield told.translate(dict(zip(range(48, 58), PERSIAN_DIGITS, strict=True)))
        yield told.translate(dict(zip(range(48, 58), ARABIC_DIGITS, strict=True)))
    yield from ("18 Dey 1404, 18:04", "۱۸ دی ۱۴۰۴ ساعت ۱۸:۰۴", "پنج‌شنبه ۱۸ دی‌ماه ۱۴۰۴، ساعت ۶:۰۴ عصر", "ساعت ۱۸ و ۴ دقیقه روز ۱۸ دی ۱۴۰۴",
                "۸ ژانویهٔ ۲۰۲۶، ۱۸:۰۴", "19 Rajab 1447 18:04", "۱۹ رجب ۱۴۴۷ ساعت ۱۸:۰۴", "8 يناير 2026 18:04", "1447-07-19 18:04:11",
                "8 Ocak 2026 18:04", "8 janvier 2026 à 18h04", "08. Januar 2026, 18:04 Uhr", "2569-01-08 18:04:11")  # fmt: skip


LATITUDE, LONGITUDE = 35.712345, 51.398765


def _parts(degrees: float) -> tuple[int, int, float]:
    return int(degrees), int(degrees * 60 % 60), degrees * 3600 % 60


def _tile(zoom: int) -> tuple[int, int]:
    north = math.radians(LATITUDE)
    return (int((LONGITUDE + 180) / 360 * 2**zoom),
            int((1 - math.asinh(math.tan(north)) / math.pi) / 2 * 2**zoom))  # fmt: skip


def _quadkey(zoom: int) -> str:
    x, y = _tile(zoom)
    return "".join(str((x >> bit & 1) + 2 * (y >> bit & 1)) for bit in range(zoom - 1, -1, -1))


def points() -> Iterator[str]:
    """One point in every notation of it, some to a hundred metres."""
    (d, m, s), (e, n, t) = _parts(LATITUDE), _parts(LONGITUDE)
    yield from ("35.712345, 51.398765", "35.7123,51.3988", "35.712 51.399", "51.398765 35.712345", "[51.398765,35.712345]", "35,712345; 51,398765",
                "35,7123, 51,3988", "35/712345 ، 51/398765", "N35.71235 E51.39877", "+35.712345+051.398765/", "geo:35.712345,51.398765;u=20",
                "https://www.google.com/maps/@35.712345,51.398765,17z", "https://osm.org/?mlat=35.71235&mlon=51.39877#map=17/35.7123/51.3988",
                "!3d35.712345!4d51.398765", "POINT(51.398765 35.712345)", '{"latitude": 35.712345, "longitude": 51.398765}', "lat=35.712345&lon=51.398765",
                "۳۵٫۷۱۲۳۴۵، ۵۱٫۳۹۸۷۶۵", "٣٥٫٧١٢٣٤٥ ، ٥١٫٣٩٨٧٦٥", "३५.७१२३४५, ५१.३९८७६५", "３５.７１２３４５，５１.３９８７６５", "35.712345°N 51.398765°E",
                "35712345, 51398765", "357123450 513987650", "3571234 5139876", "3.5712345e1, 5.1398765e1", "latitude 35.7123", "35 .712345 , 51 .398765",
                "35%2E712345%2C51%2E398765", "ILL 35.712345 N / 51.398765 E", "35.712345\t51.398765", "<lat>35.712345</lat><lon>51.398765</lon>")  # fmt: skip
    yield f"{d}°{m}'{s:.1f}\"N {e}°{n}'{t:.1f}\"E"
    yield f"{d}° {m}′ {s:.0f}″ N, {e}° {n}′ {t:.0f}″ E"
    yield f"{d} {m} {s:.2f} N {e} {n} {t:.2f} E"
    yield f"{d}:{m}:{s:.2f} {e}:{n}:{t:.2f}"
    yield f"{d} deg {m}' {s:.2f}\" N, {e} deg {n}' {t:.2f}\" E"
    yield f"{d} degrees {m} minutes {s:.0f} seconds north, {e} degrees {n} minutes {t:.0f} seconds east"
    yield f"{d} درجه و {m} دقیقه و {s:.0f} ثانیه شمالی، {e} درجه و {n} دقیقه و {t:.0f} ثانیه شرقی"
    yield f"{d}d{m}m{s:.0f}s N {e}d{n}m{t:.0f}s E"
    yield f"{d}-{m}-{s:.0f}N {e}-{n}-{t:.0f}E"
    yield f"{d}° {LATITUDE * 60 % 60:.3f}' N, {e}° {LONGITUDE * 60 % 60:.3f}' E"
    yield f"N{d} {LATITUDE * 60 % 60:.2f} E{e} {LONGITUDE * 60 % 60:.2f}"
    yield f"{d},{LATITUDE * 60 % 60:.4f}N {e},{LONGITUDE * 60 % 60:.4f}E"
    yield f"{d}{LATITUDE * 60 % 60:07.4f},N,0{e}{LONGITUDE * 60 % 60:07.4f},E"
    yield f"{d}{m:02d}{s:04.1f}N {e:03d}{n:02d}{t:04.1f}E"
    yield f"{d}/1 {m}/1 {round(s * 100)}/100, {e}/1 {n}/1 {round(t * 100)}/100"
    yield f"[[{d}, 1], [{m}, 1], [{round(s * 100)}, 100]] N [[{e}, 1], [{n}, 1], [{round(t * 100)}, 100]] E"
    yield f"{math.radians(LATITUDE):.7f} {math.radians(LONGITUDE):.7f}"
    yield f'{LATITUDE * 3600:.1f}" {LONGITUDE * 3600:.1f}"'
    grid = mgrs.MGRS().toMGRS(LATITUDE, LONGITUDE)
    yield grid
    yield f"{grid[:3]} {grid[3:5]} {grid[5:10]} {grid[10:]}"
    yield f"{grid[:3]}{grid[3:5]} {grid[5:9]}{grid[10:14]}"
    yield f"{grid[:5]} {grid[5:8]} {grid[10:13]}".lower()
    zone, _, easting, northing = mgrs.MGRS().MGRSToUTM(grid)
    yield f"{zone}S {easting:.0f} {northing:.0f}"
    yield f"UTM zone {zone}N E {easting:,.0f} N {northing:,.0f}"
    yield f"{zone} S {easting:.1f}E {northing:.1f}N"
    yield f"{LONGITUDE * 111319.490793:.2f}, {math.asinh(math.tan(math.radians(LATITUDE))) * 6378137:.2f}"
    yield from ("8H7PP97X+WG", "P97X+WG Tehran", "8h7pp97x+wg", "tnke5v".replace("tnke5v", ""))[:3]
    for zoom in (15, 17, 19):
        x, y = _tile(zoom)
        yield f"https://tile.example/{zoom}/{x}/{y}.png"
    yield f"tile x={_tile(18)[0]} y={_tile(18)[1]} z=18"
    yield from (_quadkey(17), _quadkey(20))
