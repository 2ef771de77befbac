"""Two pairs of sneakers from the side: a high one of canvas, a low light one of mesh."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from devtools.demo.drawing import studio
from devtools.demo.drawing.studio import SCALE, Colour, Point, curve, mask_of

CREAM: Colour = (249, 246, 238)
CREAM_DARK: Colour = (196, 188, 172)
RUBBER: Colour = (58, 52, 46)


@dataclass(frozen=True)
class Shoe:
    """The lines of a shoe, toe to the left, the ground at y = 712."""

    upper: Sequence[Point]
    tongue: Sequence[Point]
    stay: Sequence[Point]  # where the eyelets sit
    eyelets: Sequence[tuple[Point, Point]]  # near row, far row
    cap: Sequence[Point]
    heel: Sequence[Point]
    sole: Sequence[Point]
    outsole: Sequence[Point]
    inside: Sequence[Point]
    light: Colour
    dark: Colour
    trim: Colour
    thread: float = 2.2
    rubber_cap: bool = True


def _read(name: str) -> Shoe:
    every = tomllib.loads((Path(__file__).parent / "shoes.toml").read_text("utf-8"))
    return Shoe(**{key: _tuples(value) for key, value in every[name].items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value


HIGH, LOW = _read("high"), _read("low")


def pair(shoe: Shoe, dice: Random) -> Image.Image:
    """Two shoes, the far one behind and a little higher."""
    canvas = studio.backdrop()
    _put(canvas, shoe, dice, by=(58, -62), far=True)
    _put(canvas, shoe, dice, by=(-14, 20), far=False)
    return studio.smaller(canvas)


def _put(canvas: Image.Image, shoe: Shoe, dice: Random, *, by: Point, far: bool) -> None:
    outline = [(96, 700), (400, 690), (706, 700), (712, 722), (400, 734), (98, 724)]
    ground = [(x + by[0], y + by[1]) for x, y in curve(outline)]
    studio.cast(canvas, ground, blur=26, strength=0.42, by=(14, 10))
    studio.cast(canvas, ground, blur=8, strength=0.6, by=(2, 2))
    layer = Image.new("RGB", studio.SIZE, (236, 228, 214))
    cover = Image.new("L", studio.SIZE, 0)
    _draw(layer, cover, shoe, dice)
    if far:
        layer = layer.point(lambda value: int(value * 0.9))
    offset = (int(by[0] * SCALE), int(by[1] * SCALE))
    canvas.paste(layer, offset, cover)


def _draw(layer: Image.Image, cover: Image.Image, shoe: Shoe, dice: Random) -> None:
    """All parts, the innermost first; `cover` collects what belongs to the shoe."""

    def part(
        points: Sequence[Point], light: Colour, dark: Colour, *, woven: bool = False, soft: float = 22
    ) -> None:
        mask = mask_of(curve(points))
        body = studio.shade(mask, light, dark, soft=soft)
        if woven:
            body = studio.cloth(mask, body, dice, thread=shoe.thread)
        studio.lay(layer, body, mask)
        cover.paste(255, mask=mask)

    trim_dark = _times(shoe.trim, 0.66)
    strong = (shoe.light, shoe.dark) if shoe.rubber_cap else (shoe.trim, trim_dark)
    part(shoe.inside, (70, 60, 54), (34, 28, 26))
    part(shoe.tongue, _times(shoe.light, 0.82), shoe.dark, woven=True)
    part(shoe.upper, shoe.light, shoe.dark, woven=True, soft=30)
    part(shoe.stay, *strong, woven=True, soft=14)
    part(shoe.heel, *strong, woven=True, soft=16)
    part(shoe.cap, *((CREAM, CREAM_DARK) if shoe.rubber_cap else strong), soft=20)
    part(shoe.sole, CREAM, CREAM_DARK, soft=10)
    part(shoe.outsole, (92, 82, 70), RUBBER, soft=4)
    _details(layer, shoe)
    _laces(layer, cover, shoe)


def _times(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(255, int(value * factor)) for value in colour)
    return red, green, blue


def _details(layer: Image.Image, shoe: Shoe) -> None:
    """Seams, and a line around the sole."""
    seam = shoe.trim if shoe.rubber_cap else _times(shoe.light, 1.5)
    for outline, inset in ((shoe.stay, 9), (shoe.heel, 8)):
        middle = (sum(x for x, _ in outline) / len(outline), sum(y for _, y in outline) / len(outline))
        inner = [_towards(point, middle, inset) for point in outline]
        studio.stitches(layer, [*curve(inner), inner[0]], seam)
    line = [(x, y + 22) for x, y in curve(shoe.sole[:5], closed=False)][14:]
    accent = shoe.light if shoe.rubber_cap else shoe.trim
    ImageDraw.Draw(layer).line(studio.scaled(line), fill=accent, width=int(4 * SCALE), joint="curve")


def _towards(point: Point, goal: Point, distance: float) -> Point:
    across, down = goal[0] - point[0], goal[1] - point[1]
    length = max(1.0, (across**2 + down**2) ** 0.5)
    return point[0] + across / length * distance, point[1] + down / length * distance


def _laces(layer: Image.Image, cover: Image.Image, shoe: Shoe) -> None:
    """Eyelets in a row, flat laces over the tongue, a small bow on top."""
    pen, outline = ImageDraw.Draw(layer), ImageDraw.Draw(cover)
    for near, far in shoe.eyelets:
        ends = studio.scaled([near, far])
        pen.line([(x + 3, y + 7) for x, y in ends], fill=shoe.dark, width=int(12 * SCALE))
        pen.line(ends, fill=(214, 206, 190), width=int(11 * SCALE))
        pen.line([(x, y - 4) for x, y in ends], fill=CREAM, width=int(7 * SCALE))
        outline.line(ends, fill=255, width=int(11 * SCALE))
        x, y = near[0] * SCALE, near[1] * SCALE
        pen.ellipse((x - 8 * SCALE, y - 8 * SCALE, x + 8 * SCALE, y + 8 * SCALE), fill=(150, 146, 138))
        pen.ellipse((x - 6 * SCALE, y - 7 * SCALE, x + 6 * SCALE, y + 5 * SCALE), fill=(206, 202, 194))
        pen.ellipse((x - 4 * SCALE, y - 4 * SCALE, x + 4 * SCALE, y + 4 * SCALE), fill=CREAM)
    _bow(pen, outline, shoe.eyelets[-1])


def _bow(pen: ImageDraw.ImageDraw, outline: ImageDraw.ImageDraw, top: tuple[Point, Point]) -> None:
    x, y = (top[0][0] + top[1][0]) / 2 + 4, (top[0][1] + top[1][1]) / 2 + 2
    loops = (
        [(x, y), (x - 34, y - 24), (x - 60, y - 4), (x - 36, y + 14), (x, y + 2)],
        [(x, y), (x + 36, y - 12), (x + 58, y + 16), (x + 30, y + 26), (x, y + 2)],
        [(x, y), (x - 20, y + 30), (x - 26, y + 66)],
        [(x, y), (x + 16, y + 34), (x + 30, y + 62)],
    )
    for colour, width in (((176, 166, 148), 10), (CREAM, 7)):
        for loop in loops:
            line = studio.scaled(curve(loop, closed=False))
            pen.line(line, fill=colour, width=int(width * SCALE), joint="curve")
            outline.line(line, fill=255, width=int(width * SCALE), joint="curve")
    knot = (x * SCALE - 9 * SCALE, y * SCALE - 8 * SCALE, x * SCALE + 9 * SCALE, y * SCALE + 9 * SCALE)
    pen.ellipse(knot, fill=CREAM, outline=(176, 166, 148), width=SCALE)
