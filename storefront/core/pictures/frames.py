"""How a picture is cut out of its photo: turned by right angles, then a box of it. Nothing here decodes."""

from dataclasses import dataclass

WHOLE = 1000
"""Positions and sizes are per mille, so that they mean the same at every resolution."""
SMALLEST = 50
"""Per mille of the photo that a cut leaves at least, each way."""


@dataclass(frozen=True)
class Frame:
    """Turned `turn` degrees clockwise (0, 90, 180, 270), then the box at x, y of size w, h in per mille.

    Raises ValueError for anything that is no such frame.
    """

    turn: int = 0
    x: int = 0
    y: int = 0
    w: int = WHOLE
    h: int = WHOLE

    def __post_init__(self) -> None:
        inside = self.x >= 0 and self.y >= 0 and self.x + self.w <= WHOLE and self.y + self.h <= WHOLE
        if self.turn not in {0, 90, 180, 270} or not inside or min(self.w, self.h) < SMALLEST:
            raise ValueError("not a frame")

    def turned(self, quarters: int = 1) -> "Frame":
        """What is seen of it after turning by so many right angles clockwise: the same pixels."""
        frame = self
        for _ in range(quarters % 4):
            frame = Frame((frame.turn + 90) % 360, WHOLE - frame.y - frame.h, frame.x, frame.h, frame.w)
        return frame

    def cut(self, x: int, y: int, w: int, h: int) -> "Frame":
        """A box of what is seen, in per mille of it; never less than SMALLEST of the photo.

        Raises ValueError for a box that is not inside.
        """
        if min(x, y) < 0 or min(w, h) <= 0 or max(x + w, y + h) > WHOLE:
            raise ValueError("not inside")
        left, width = _within(self.x, self.w, x, w)
        top, height = _within(self.y, self.h, y, h)
        return Frame(self.turn, left, top, width, height)

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The box in pixels of the turned photo: left, upper, right, lower; at least one pixel each way."""
        left, right = _pixels(self.x, self.w, width)
        upper, lower = _pixels(self.y, self.h, height)
        return left, upper, right, lower


def _within(start: int, size: int, part: int, length: int) -> tuple[int, int]:
    """A part (per mille of a stretch) as a stretch of the whole."""
    first = start + part * size // WHOLE
    longest = max(SMALLEST, length * size // WHOLE)
    return min(first, start + size - min(longest, size)), min(longest, size)


def _pixels(start: int, size: int, pixels: int) -> tuple[int, int]:
    first = min(start * pixels // WHOLE, pixels - 1)
    return first, max(first + 1, min(pixels, -(-(start + size) * pixels // WHOLE)))
