"""The picture that stands beside a shared link: photo, name, price, maker, in the shop's own letters."""

import hashlib
from dataclasses import astuple, dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

CARD_WIDTH, CARD_HEIGHT = 1200, 630
"""What every chat app and network shows without cutting."""
LARGEST = 300_000
"""Bytes: some chat apps leave a larger picture out."""
STYLE = 1
"""Raise it when the drawing changes: every card gets a new name, and is drawn anew."""

FONT = Path(__file__).parents[3] / "static" / "fonts" / "plus-jakarta-sans.woff2"
PAPER, INK, SOFT, INDIGO, SOGA = "#fbf8f2", "#201a14", "#5e5347", "#23356b", "#8c4a1f"
PHOTO_WIDTH = 504  # 4:5 at the full height
MARGIN = 56
BAND = 36
TITLE_SIZES = (64, 56, 50, 44, 40)
TITLE_ROOM = 290


@dataclass(frozen=True)
class LinkCard:
    """What a card says. `detail` is the price or the dates; `maker` the facility or the place."""

    title: str
    detail: str
    maker: str
    shop: str
    photo: str = ""  # the storage key of the photo; empty without one

    @property
    def name(self) -> str:
        """A file name that changes with anything that the card shows."""
        said = "\0".join((str(STYLE), *astuple(self)))
        return f"{hashlib.sha256(said.encode()).hexdigest()[:24]}.jpg"


def draw_card(card: LinkCard, photo: bytes | None) -> bytes:
    """The card as a JPEG of at most LARGEST bytes. Raises OSError when photo or font cannot be read."""
    image = Image.new("RGB", (CARD_WIDTH, CARD_HEIGHT), PAPER)
    left = MARGIN
    if photo is not None:
        with Image.open(BytesIO(photo)) as opened:
            image.paste(ImageOps.fit(opened.convert("RGB"), (PHOTO_WIDTH, CARD_HEIGHT)), (0, 0))
        left += PHOTO_WIDTH
    pen = ImageDraw.Draw(image)
    _band(pen, left - MARGIN if photo is not None else 0)
    _words(pen, card, left)
    return _small(image)


def _words(pen: ImageDraw.ImageDraw, card: LinkCard, left: int) -> None:
    """Shop, name, price and maker, each from where the one before ended."""
    width = CARD_WIDTH - MARGIN - left
    pen.text((left, 52), card.shop, font=_font(30, 700), fill=INDIGO)
    font, lines = _fitted(pen, card.title, width)
    top = 122
    step = round(font.size * 1.22)
    for line in lines:
        pen.text((left, top), line, font=font, fill=INK)
        top += step
    detail = _lines(pen, card.detail, _font(40, 700), width)[:2]
    maker = _lines(pen, card.maker, _font(28, 500), width)[:2]
    top = CARD_HEIGHT - BAND - 36 - len(maker) * 38 - len(detail) * 52
    for line in detail:
        pen.text((left, top), line, font=_font(40, 700), fill=SOGA)
        top += 52
    for line in maker:
        pen.text((left, top), line, font=_font(28, 500), fill=SOFT)
        top += 38


def _fitted(pen: ImageDraw.ImageDraw, text: str, width: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which a title finds room; one that finds none is cut at a word."""
    for size in TITLE_SIZES:
        font = _font(size, 800)
        lines = _lines(pen, text, font, width)
        if len(lines) * size * 1.22 <= TITLE_ROOM:
            return font, lines
    most = int(TITLE_ROOM // (TITLE_SIZES[-1] * 1.22))
    return font, [*lines[: most - 1], f"{lines[most - 1]} …"] if len(lines) > most else lines


def _lines(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """A text broken between words; a word that is wider than a line is broken inside."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font=font) <= width:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if pen.textlength(lines[-1] + letter, font=font) > width:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def _band(pen: ImageDraw.ImageDraw, left: int) -> None:
    """The lozenges of the shop's band along the lower edge."""
    top, half = CARD_HEIGHT - BAND, BAND // 2
    pen.rectangle((left, top, CARD_WIDTH, CARD_HEIGHT), fill="#f3ecdf")
    for number, x in enumerate(range(left + 2 * half, CARD_WIDTH + BAND, BAND + half)):
        for share, colour in (
            (0.82, (SOGA, INDIGO)[number % 2]),
            (0.5, PAPER),
            (0.26, (INDIGO, SOGA)[number % 2]),
        ):
            wide, high = round(BAND * share * 0.72), round(half * share)
            middle = top + half
            pen.polygon(
                ((x, middle - high), (x + wide, middle), (x, middle + high), (x - wide, middle)), colour
            )


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """The shop's font; it is one file with all weights in it."""
    font = ImageFont.truetype(FONT, size)
    font.set_variation_by_axes([weight])
    return font


def _small(image: Image.Image) -> bytes:
    """As JPEG, no larger than chat apps take."""
    data = b""
    for quality in (84, 72, 60, 45):
        out = BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        data = out.getvalue()
        if len(data) <= LARGEST:
            break
    return data
