"""A box of tape uli: black sticky rice on a banana leaf, slabs of uli, the box behind."""

import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from devtools.demo.drawing import studio
from devtools.demo.drawing.studio import SCALE, Colour, Point, curve, mask_of

Corner = tuple[float, float, float]
ORIGIN = (372.0, 640.0)
ZOOM = 1.32


def at(x: float, y: float, z: float) -> Point:
    """Where a point of the table (x to the right, y to the back, z up) lies in the picture."""
    return ORIGIN[0] + (x + 0.3 * y) * ZOOM, ORIGIN[1] - (0.5 * y + 0.92 * z) * ZOOM


def tape_uli(dice: Random) -> Image.Image:
    """The whole still life."""
    canvas = studio.backdrop()
    _box(canvas, (-150, 150, 0), (300, 150, 130), ((214, 178, 132), (190, 150, 104), (164, 124, 82)))
    _label(canvas)
    _leaf(canvas, dice)
    _rice(canvas, dice)
    for x, y, z in ((86, -12, 0), (142, -46, 0), (84, -96, 0), (116, -40, 30)):
        _slab(canvas, (x, y, z), dice)
    return studio.smaller(canvas)


def _box(
    canvas: Image.Image,
    corner: Corner,
    size: Corner,
    colours: tuple[Colour, Colour, Colour],
    *,
    blur: float = 16,
) -> None:
    """A cuboid: its shadow, then top, front and right side."""
    (x, y, z), (w, d, h) = corner, size
    floor = [at(x, y, z), at(x + w, y, z), at(x + w, y + d, z), at(x, y + d, z)]
    studio.cast(canvas, floor, blur=blur, strength=0.55, by=(blur * 0.7, blur * 0.25))
    faces = (
        ([at(x, y, z + h), at(x + w, y, z + h), at(x + w, y + d, z + h), at(x, y + d, z + h)], colours[0]),
        ([at(x, y, z), at(x + w, y, z), at(x + w, y, z + h), at(x, y, z + h)], colours[1]),
        ([at(x + w, y, z), at(x + w, y + d, z), at(x + w, y + d, z + h), at(x + w, y, z + h)], colours[2]),
    )
    for face, colour in faces:
        mask = mask_of(face)
        dark = (int(colour[0] * 0.88), int(colour[1] * 0.88), int(colour[2] * 0.88))
        studio.lay(canvas, studio.shade(mask, colour, dark, soft=6), mask)


def _label(canvas: Image.Image) -> None:
    """The name on the front of the box, and the fold of its lid."""
    pen = ImageDraw.Draw(canvas)
    pen.line(studio.scaled([at(-150, 150, 96), at(150, 150, 96)]), fill=(150, 112, 74), width=2 * SCALE)
    pen.line(studio.scaled([at(150, 150, 96), at(150, 300, 96)]), fill=(132, 96, 62), width=2 * SCALE)
    left, top = at(-92, 150, 84)
    right, bottom = at(92, 150, 18)
    box = (left * SCALE, top * SCALE, right * SCALE, bottom * SCALE)
    pen.rounded_rectangle(box, radius=8 * SCALE, fill=(246, 240, 226))
    inner = (box[0] + 5 * SCALE, box[1] + 5 * SCALE, box[2] - 5 * SCALE, box[3] - 5 * SCALE)
    pen.rounded_rectangle(inner, radius=5 * SCALE, outline=(122, 42, 52), width=SCALE)
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    pen.text(middle, "Tape Uli", font=ImageFont.load_default(40 * SCALE), fill=(122, 42, 52), anchor="mm")


def _leaf(canvas: Image.Image, dice: Random) -> None:
    """A piece of banana leaf under everything, ribbed from its middle vein."""
    outline = curve([at(-250, -40, 0), at(-200, -130, 0), at(-40, -176, 0), at(150, -168, 0),
                     at(262, -100, 0), at(270, 20, 0), at(160, 96, 0), at(-30, 116, 0),
                     at(-190, 70, 0)])  # fmt: skip
    studio.cast(canvas, outline, blur=9, strength=0.5, by=(7, 8))
    mask = mask_of(outline)
    body = studio.shade(mask, (110, 152, 78), (62, 104, 52), soft=30)
    pen = ImageDraw.Draw(body)
    for step in range(-300, 320, 9):
        tone = dice.randint(-10, 10)
        colour = (84 + tone, 128 + tone, 62 + tone)
        pen.line(studio.scaled([at(step - 60, -200, 0), at(step, -30, 0)]), fill=colour, width=SCALE)
        pen.line(studio.scaled([at(step - 60, 150, 0), at(step, -30, 0)]), fill=colour, width=SCALE)
    pen.line(studio.scaled([at(-300, -30, 0), at(300, -30, 0)]), fill=(158, 186, 112), width=5 * SCALE)
    studio.lay(canvas, body.filter(ImageFilter.GaussianBlur(0.6 * SCALE)), mask)


def _rice(canvas: Image.Image, dice: Random) -> None:
    """A mound of dark grains, each with its own light; the far ones first."""
    floor = [at(-84 + 124 * math.cos(a / 20), -34 + 96 * math.sin(a / 20), 0) for a in range(126)]
    studio.cast(canvas, floor, blur=8, strength=0.6, by=(7, 5))
    ground = studio.mask_of(floor)
    studio.lay(canvas, Image.new("RGB", studio.SIZE, (52, 20, 40)), ground)
    grains = []
    for _ in range(1900):
        radius, angle = dice.random() ** 0.5, dice.uniform(0, math.tau)
        x, y = radius * math.cos(angle), radius * math.sin(angle)
        height = 62 * max(0.0, 1 - radius**2.4)
        grains.append((-84 + 120 * x, -34 + 92 * y, height))
    pen = ImageDraw.Draw(canvas)
    for x, y, z in sorted(grains, key=lambda grain: (-grain[1], grain[2])):
        _grain(pen, at(x, y, z), (x + 84) / 120, z / 62, dice)


def _grain(pen: ImageDraw.ImageDraw, middle: Point, across: float, height: float, dice: Random) -> None:
    light = 0.55 + 0.4 * height - 0.22 * across + dice.uniform(-0.1, 0.1)
    colour = tuple(int(min(255, value * light)) for value in (96, 44, 74))
    turn, long, wide = dice.uniform(0, math.pi), dice.uniform(9, 11), dice.uniform(4.4, 5.6)
    pen.polygon(studio.scaled(_ellipse(middle, long, wide, turn)), fill=colour)
    glint = (middle[0] - 1.6, middle[1] - 1.8)
    shine = tuple(int(min(255, value * light + 58)) for value in (120, 74, 104))
    pen.polygon(studio.scaled(_ellipse(glint, long * 0.42, wide * 0.26, turn)), fill=shine)


def _ellipse(middle: Point, long: float, wide: float, turn: float) -> Sequence[Point]:
    points = []
    for step in range(16):
        a = step / 16 * math.tau
        x, y = long * math.cos(a), wide * math.sin(a)
        points.append((middle[0] + x * math.cos(turn) - y * math.sin(turn),
                       middle[1] + (x * math.sin(turn) + y * math.cos(turn)) * 0.8))  # fmt: skip
    return points


def _slab(canvas: Image.Image, corner: Corner, dice: Random) -> None:
    """A slab of pounded rice: off-white, a little speckled."""
    size = (92.0, 40.0, 29.0)
    _box(canvas, corner, size, ((252, 248, 238), (236, 229, 213), (216, 207, 188)), blur=6)
    pen = ImageDraw.Draw(canvas)
    (x, y, z), (w, d, h) = corner, size
    for _ in range(60):
        u, v, tone = x + 3 + dice.random() * (w - 6), dice.random(), dice.randint(-14, 6)
        on_front = dice.random() < 0.5
        spot = at(u, y, z + 3 + v * (h - 6)) if on_front else at(u, y + 3 + v * (d - 6), z + h)
        colour = (240 + tone, 233 + tone, 216 + tone)
        pen.polygon(studio.scaled(_ellipse(spot, 2.6, 1.4, dice.uniform(0, 3))), fill=colour)
