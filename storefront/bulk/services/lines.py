"""One line of a table read: each cell in its field, each field believable, or said why not."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from storefront.bulk.services import cells
from storefront.bulk.services.columns import FIELDS
from storefront.bulk.services.surroundings import Surroundings
from storefront.catalog.models import Product, Supply
from storefront.catalog.services.variants import MAX_VALUE
from storefront.core.language import _
from storefront.core.words import normalise

MAX_SKU = 40
MAX_DESCRIPTION = 5000
MAX_PHOTOS = 8
_NOT_SKU = re.compile(r"[^A-Z0-9]+")
_DEFAULT = ["default", "title"]  # Shopify's word for a product with a single form

PRODUCT = (
    *("title", "summary", "description", "materials", "care", "size_note", "technique", "work_hours"),
    *("category_id", "workshop_id", "supply", "lead_days", "weekly_capacity", "is_unique"),
)
VARIANT = ("price", "weight", "length_cm", "width_cm", "height_cm")


@dataclass
class Line:
    """What was read in a line. `problems` and `notes` are [column, words]."""

    sku: str = ""
    family: str = ""
    is_parent: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """The heading of a field's column, or what the field is called where the table has none."""
        return self.titles.get(name) or str(FIELDS[name])


def _longest(name: str) -> int:
    return getattr(Product.__table__.c[name].type, "length", None) or MAX_DESCRIPTION


READERS: dict[str, Callable[[str], Any]] = {
    "title": partial(cells.line, longest=_longest("title"), shortest=3),
    "summary": partial(cells.line, longest=_longest("summary")),
    "description": partial(cells.text, longest=MAX_DESCRIPTION),
    "materials": partial(cells.line, longest=_longest("materials")),
    "care": partial(cells.line, longest=_longest("care")),
    "size_note": partial(cells.line, longest=_longest("size_note")),
    "technique": partial(cells.line, longest=_longest("technique")),
    "work_hours": partial(cells.count, least=1, most=2_000),
    "price": cells.price,
    "stock": cells.stock,
    "weight": cells.grams,
    "weight_kg": partial(cells.weight_in, unit=Decimal(1000)),
    "weight_lb": partial(cells.weight_in, unit=Decimal("453.59237")),
    "length_cm": cells.side,
    "width_cm": cells.side,
    "height_cm": cells.side,
    "lead_days": partial(cells.count, least=0, most=365),
    "weekly_capacity": partial(cells.count, least=1, most=100_000),
    "on_demand": cells.yes,
    "is_unique": cells.yes,
    "category": partial(cells.line, longest=500),
    "workshop": partial(cells.line, longest=120),
    "facility": partial(cells.line, longest=120),
    "option1_name": partial(cells.line, longest=MAX_VALUE),
    "option2_name": partial(cells.line, longest=MAX_VALUE),
    "option1": partial(cells.line, longest=500),
    "option2": partial(cells.line, longest=500),
}
"""How each field is read; each reader raises ValueError with words for the person."""


def sku_of(cell: str, around: Surroundings) -> str:
    """A SKU as the shop writes it: 'Tas 01' -> 'LPCLG-TAS-01'. Raises ValueError.

    One that begins with the code of another facility is refused in the same words, there or not.
    """
    bare = _NOT_SKU.sub("-", cell.strip().upper()).strip("-")
    if not bare:
        raise ValueError(_("Tulis SKU dengan huruf dan angka."))
    if not bare.startswith(around.prefix):
        if bare.partition("-")[0] in around.other_codes and "-" in bare:
            raise ValueError(_("SKU dimulai dengan kode Lapas lain. Pakai %(prefix)s.", prefix=around.prefix))
        bare = around.prefix + bare
    if len(bare) > MAX_SKU:
        raise ValueError(_("SKU terlalu panjang: paling banyak %(most)s huruf.", most=MAX_SKU))
    return bare


def read_line(row: list[str], mapping: list[str], headings: list[str], around: Surroundings) -> Line:
    """Read the mapped cells of a line; empty ones say nothing."""
    found = Line(titles=dict(zip(mapping, headings, strict=True)))
    raw: dict[str, Any] = {}
    photos: list[str] = []
    for cell, name, heading in zip(row, mapping, headings, strict=True):
        if not name or not cell:
            continue
        try:
            cells.refuse_formula(cell)
            if name == "sku":
                found.sku = sku_of(cell, around)
            elif name == "group":
                found.family = family_of(cell)
            elif name == "photos":
                photos += cells.photo_names(cell)
            else:
                raw[name] = READERS[name](cells.unwrapped(cell))
        except ValueError as error:
            found.problems.append([heading or str(FIELDS[name]), str(error)])
    _fill(found, raw, around)
    found.values["photos"] = list(dict.fromkeys(photos))[:MAX_PHOTOS]
    return found


def family_of(cell: str) -> str:
    """What variants of one product share, as it is compared."""
    return _NOT_SKU.sub("-", cell.strip().upper()).strip("-")[:60]


def _fill(found: Line, raw: dict[str, Any], around: Surroundings) -> None:
    """Turn what the cells say into the fields of product and variant."""
    values = found.values
    for unit in ("weight_lb", "weight_kg"):
        if unit in raw:
            raw.setdefault("weight", raw[unit])
    values |= {name: raw[name] for name in (*PRODUCT, *VARIANT, "stock") if raw.get(name) not in (None, "")}
    if "facility" in raw and normalise(raw["facility"]) not in around.names:
        found.problems.append([found.column("facility"), _("Baris ini bukan milik Lapas Anda.")])
    if "category" in raw:
        _shelve(found, raw["category"], around)
    if "workshop" in raw:
        room = around.workshops.get(normalise(raw["workshop"]))
        if room is not None:
            values["workshop_id"] = room.id
        else:
            words = _(
                "Bengkel “%(name)s” tidak ada di Lapas Anda; bagian ini dilewati.", name=raw["workshop"]
            )
            found.notes.append([found.column("workshop"), words])
    if raw.get("on_demand") or raw.get("lead_days"):
        values["supply"] = Supply.MADE_TO_ORDER.value
    elif "on_demand" in raw:
        values["supply"] = Supply.READY.value
    _options(values, raw)


def _shelve(found: Line, words: str, around: Surroundings) -> None:
    """The deepest shelf of the first path: 'Busana > Tas, Obral' is Tas."""
    path = words.split(",", maxsplit=1)[0].split("|", maxsplit=1)[0]
    for name in reversed(re.split(r"[>/]", path)):
        shelf = around.shelves.get(normalise(name))
        if shelf is not None:
            found.values["category_id"] = shelf.id
            return
    note = _("Kategori “%(name)s” tidak ada di toko; bagian ini dilewati.", name=words[:60])
    found.notes.append([found.column("category"), note])


def _options(values: dict[str, Any], raw: dict[str, Any]) -> None:
    pairs = [(raw.get(f"option{n}_name", ""), raw.get(f"option{n}", "")) for n in (1, 2)]
    pairs = [pair for pair in pairs if pair[1] and pair[1].lower().split() != _DEFAULT]
    values["options"] = [value for _name, value in pairs]
    values["option_names"] = [name for name, _value in pairs]
