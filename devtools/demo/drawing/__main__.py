"""Draws every stand-in anew into photos/, always the same."""

from pathlib import Path
from random import Random

from devtools.demo.drawing import food, shoes, slip

PHOTOS = Path(__file__).parents[1] / "photos"


def main() -> None:
    """Write the files."""
    pictures = {
        "sepatu-rutira-high": shoes.pair(shoes.HIGH, Random(1)),  # noqa: S311
        "sepatu-rutira-romp": shoes.pair(shoes.LOW, Random(2)),  # noqa: S311
        "tape-uli-kotak": food.tape_uli(Random(3)),  # noqa: S311
        "bukti-transfer-contoh": slip.transfer_slip(),
    }
    for name, picture in pictures.items():
        picture.save(PHOTOS / f"{name}.webp", quality=88, method=6)
        print(name)


if __name__ == "__main__":
    main()
