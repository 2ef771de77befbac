"""What the drawings share: the ivory backdrop, smooth shapes, cloth, shadows. Three times too large."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SCALE = 3
WIDTH, HEIGHT = 800, 1000
SIZE = (WIDTH * SCALE, HEIGHT * SCALE)

Point = tuple[float, float]
Colour = tuple[int, int, int]


def backdrop() -> Image.Image:
    """Warm ivory, a little darker to the lower right, as in the rendered pictures."""
    corners = Image.new("RGB", (2, 2))
    corners.putpixel((0, 0), (240, 232, 220))
    corners.putpixel((1, 0), (246, 241, 230))
    corners.putpixel((0, 1), (243, 236, 225))
    corners.putpixel((1, 1), (240, 233, 222))
    return corners.resize(SIZE, Image.Resampling.BICUBIC)


def curve(points: Sequence[Point], *, closed: bool = True, steps: int = 14) -> list[Point]:
    """A smooth line through points (Catmull-Rom)."""
    count = len(points)
    spans = range(count) if closed else range(count - 1)

    def at(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    line = []
    for span in spans:
        line += _span([at(span + offset) for offset in (-1, 0, 1, 2)], steps)
    return line if closed else [*line, points[-1]]


def _span(corners: Sequence[Point], steps: int) -> list[Point]:
    """The part between the middle two of four points; centripetal, so that it never makes a loop."""
    knots = [0.0]
    for before, after in pairwise(corners):
        knots.append(knots[-1] + max(0.001, math.dist(before, after)) ** 0.5)

    def mix(a: Point, b: Point, from_: float, to: float, t: float) -> Point:
        part = (t - from_) / (to - from_)
        return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part

    found = []
    for step in range(steps):
        t = knots[1] + (knots[2] - knots[1]) * step / steps
        first = [mix(corners[i], corners[i + 1], knots[i], knots[i + 1], t) for i in range(3)]
        second = [mix(first[i], first[i + 1], knots[i], knots[i + 2], t) for i in range(2)]
        found.append(mix(second[0], second[1], knots[1], knots[2], t))
    return found


def scaled(points: Iterable[Point]) -> list[Point]:
    """From the picture's points to the large canvas."""
    return [(x * SCALE, y * SCALE) for x, y in points]


def mask_of(points: Sequence[Point]) -> Image.Image:
    """The inside of a closed line."""
    mask = Image.new("L", SIZE, 0)
    ImageDraw.Draw(mask).polygon(scaled(points), fill=255)
    return mask


def shade(
    mask: Image.Image, light: Colour, dark: Colour, *, angle: float = 70, soft: float = 26
) -> Image.Image:
    """A body of one colour: light from the upper left, darker edges, as if it were round."""
    base = Image.new("RGB", SIZE, light)
    ramp = Image.linear_gradient("L").rotate(angle - 90, resample=Image.Resampling.BICUBIC, expand=False)
    box = mask.getbbox() or (0, 0, *SIZE)
    ramp = ramp.crop((40, 40, 216, 216)).resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BICUBIC)
    fall = Image.new("L", SIZE, 0)
    fall.paste(ramp.point(lambda value: int(value * 0.75)), box[:2])
    edge = ImageChops.invert(mask.filter(ImageFilter.GaussianBlur(soft * SCALE)))
    edge = ImageChops.multiply(edge, mask)
    deep = ImageChops.lighter(fall, edge.point(lambda value: min(255, int(value * 1.3))))
    return Image.composite(Image.new("RGB", SIZE, dark), base, deep)


def cloth(
    mask: Image.Image, body: Image.Image, dice: Random, *, thread: float = 2.2, depth: int = 9
) -> Image.Image:
    """Lay a woven texture over a body."""
    weave = Image.new("L", SIZE, 128)
    pen = ImageDraw.Draw(weave)
    step = max(2, int(thread * SCALE))
    box = mask.getbbox() or (0, 0, *SIZE)
    for x in range(box[0] - (box[3] - box[1]), box[2], step):
        tone = 128 + dice.randint(-depth, depth)
        pen.line([(x, box[1]), (x + (box[3] - box[1]), box[3])], fill=tone, width=step // 2 + 1)
    for y in range(box[1], box[3], step):
        pen.line([(box[0], y), (box[2], y)], fill=128 + dice.randint(-depth, depth), width=max(1, step // 3))
    weave = weave.filter(ImageFilter.GaussianBlur(0.5 * SCALE))
    return ImageChops.overlay(body, Image.merge("RGB", (weave, weave, weave)))


def lay(canvas: Image.Image, body: Image.Image, mask: Image.Image) -> None:
    """Put a body onto the canvas with soft outlines."""
    canvas.paste(body, mask=mask.filter(ImageFilter.GaussianBlur(0.4 * SCALE)))


def cast(
    canvas: Image.Image, points: Sequence[Point], *, blur: float, strength: float, by: Point = (0, 0)
) -> None:
    """A shadow of a shape on what lies below."""
    moved = [(x + by[0], y + by[1]) for x, y in points]
    mask = mask_of(moved).filter(ImageFilter.GaussianBlur(blur * SCALE))
    canvas.paste((74, 58, 40), mask=mask.point(lambda value: int(value * strength)))


def stitches(
    canvas: Image.Image, line: Sequence[Point], colour: Colour, *, length: float = 7, gap: float = 4.5
) -> None:
    """A seam: dashes along a line."""
    pen = ImageDraw.Draw(canvas)
    walked, drawing, start = 0.0, True, line[0]
    for before, after in pairwise(line):
        walked += math.dist(before, after)
        if drawing and walked >= length:
            pen.line(scaled([start, after]), fill=colour, width=int(1.5 * SCALE))
            drawing, walked = False, 0.0
        elif not drawing and walked >= gap:
            start, drawing, walked = after, True, 0.0


def smaller(canvas: Image.Image) -> Image.Image:
    """The picture in its final size."""
    return canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
