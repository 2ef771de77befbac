"""Invented buyers: given names of many islands, telephone numbers that nobody has, real districts."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import select

from storefront.checkout.services import Buyer
from storefront.core.db import db
from storefront.core.regions import queries as regions
from storefront.core.regions.models import District

NAMES: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
AREAS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("banten", 45, ("36.",)),
    ("jabodetabek", 28, ("31.", "32.01.", "32.16.", "32.75.", "32.76.")),
    ("java", 18, ("32.", "33.", "34.", "35.")),
    ("beyond", 9, ("12.", "13.", "16.", "18.", "51.", "64.", "73.")),
)
"""Where orders come from: name, share in percent, beginnings of district codes."""

LANDMARKS = ("", "", "", "dekat musala", "pagar hijau", "seberang warung", "sebelah sekolah")


@dataclass
class Town:
    """The districts that buyers live in, by area."""

    codes: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Town":
        """Load the codes once."""
        every = list(db.session.scalars(select(District.code).order_by(District.code)))
        db.session.rollback()
        return cls({name: [c for c in every if c.startswith(starts)] for name, _, starts in AREAS})


def somebody(dice: Random, town: Town, *, near: bool = False, letters: bool = False) -> Buyer:
    """A buyer with an address; in Banten when `near`, with an e-mail address when `letters`.

    Most have none: a year of letters would only fill a folder.
    """
    names = [dice.choice(NAMES["given"]), *([dice.choice(NAMES["family"])] if dice.random() < 0.8 else [])]
    area = "banten" if near else dice.choices([a[0] for a in AREAS], [a[1] for a in AREAS])[0]
    code = dice.choice(town.codes[area])
    place = regions.district(code)
    village = dice.choice(regions.villages(code))
    street = f"Jl. {dice.choice(NAMES['streets'])} No. {dice.randint(1, 140)}"
    block = f"RT {dice.randint(1, 12):02}/RW {dice.randint(1, 9):02}"
    address = {
        "district": code,
        "district_label": place.label if place else "",
        "village": village.name,
        "postal_code": village.postal_code,
        "street": f"{street}, {block}",
        "landmark": dice.choice(LANDMARKS),
    }
    return Buyer(
        name=" ".join(names),
        phone=f"+628120000{dice.randint(0, 9999):04}",
        email=f"{names[0].lower()}@contoh.example" if letters else "",
        address=address,
        district_code=code,
    )
