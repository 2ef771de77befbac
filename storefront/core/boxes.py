"""Which box a parcel goes into: what it weighs and takes up on the road is the box's, not only its goods'."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

Sides = tuple[int, int, int]
"""Length, width and height in cm, in any order."""


class Box(NamedTuple):
    """A size that a workshop packs in: cm inside, and what it weighs when empty (grams)."""

    name: str
    length: int
    width: int
    height: int
    weight: int

    @property
    def sides(self) -> Sides:
        return (self.length, self.width, self.height)

    @property
    def volume(self) -> int:
        """What it takes up, in cm³; walls are thin enough to be left out."""
        return self.length * self.width * self.height


class Packed(NamedTuple):
    """What a courier is told of a parcel: grams and cm³, and the box if one was found."""

    weight: int
    volume: int
    box: Box | None


class Goods(NamedTuple):
    """Pieces of one form: grams each; their sides are None where nobody measured them."""

    quantity: int
    weight: int
    sides: Sides | None


def box_for(boxes: Iterable[Box], goods: Sequence[Goods]) -> Box | None:
    """The smallest box that holds all by volume and each piece by its sides, turned any way.

    None where nothing holds it, and where the size of a piece is unknown: then nobody can say.
    """
    measured = [(piece.quantity, piece.sides) for piece in goods if piece.sides is not None]
    if not goods or len(measured) < len(goods):
        return None
    needed = sum(quantity * _volume(sides) for quantity, sides in measured)
    fitting = [
        box
        for box in boxes
        if box.volume >= needed and all(_fits(sides, box) for _quantity, sides in measured)
    ]
    return min(fitting, key=lambda box: (box.volume, box.weight, box.name), default=None)


def packed(boxes: Iterable[Box], goods: Sequence[Goods]) -> Packed:
    """What a parcel of these goods weighs and takes up: in its box where there is one, else by itself.

    Goods of unknown size take up nothing, as long as nobody measured them.
    """
    box = box_for(boxes, goods)
    weight = sum(piece.quantity * piece.weight for piece in goods)
    if box is not None:
        return Packed(weight + box.weight, box.volume, box)
    return Packed(weight, sum(piece.quantity * _volume(piece.sides) for piece in goods if piece.sides), None)


def _volume(sides: Sides) -> int:
    return sides[0] * sides[1] * sides[2]


def _fits(sides: Sides, box: Box) -> bool:
    return all(side <= room for side, room in zip(sorted(sides), sorted(box.sides), strict=True))
