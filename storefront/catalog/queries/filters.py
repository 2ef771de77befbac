"""What a visitor asked of a list, read from its address and written back into addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from storefront.core.language import _, lazy
from storefront.core.money import parse_rupiah

SORTS = {
    "relevansi": lazy("Paling sesuai"),
    "terbaru": lazy("Terbaru"),
    "terlaris": lazy("Terlaris"),
    "termurah": lazy("Termurah"),
    "termahal": lazy("Termahal"),
}
PARAMETERS = ("q", "kategori", "lapas", "harga_min", "harga_max", "siap_kirim", "urut", "hal")
READ = {"harga_min": "price_min", "harga_max": "price_max"}
"""What was typed, and the number that was read from it."""
MAX_QUERY = 80
MAX_CHOICES = 20


@dataclass(frozen=True)
class Filters:
    """A list's filters: within a facet any of the choices, all facets together.

    `harga_min` and `harga_max` are what was typed; `price_min` and `price_max` rupiah, None when
    empty or unreadable (then `errors` says so beside the field).
    """

    q: str = ""
    kategori: tuple[str, ...] = ()
    lapas: tuple[str, ...] = ()
    harga_min: str = ""
    harga_max: str = ""
    siap_kirim: bool = False
    urut: str = ""
    hal: int = 1
    price_min: int | None = None
    price_max: int | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def sort(self) -> str:
        """The order in force: what was asked for, else the best match of a search, else the newest."""
        usual = "relevansi" if self.q else "terbaru"
        known = self.urut in SORTS and (self.urut != "relevansi" or self.q)
        return self.urut if known else usual

    @property
    def sorts(self) -> dict[str, str]:
        """The orders that this list offers."""
        return {word: label for word, label in SORTS.items() if word != "relevansi" or self.q}

    @property
    def is_filtered(self) -> bool:
        """Is anything chosen besides order and page?"""
        return any((self.q, self.kategori, self.lapas, self.harga_min, self.harga_max, self.siap_kirim))

    def without(self, name: str, value: str = "") -> "Filters":
        """The same list with one choice taken back, from its first page."""
        before = getattr(self, name)
        after: Any = type(before)()  # nothing chosen
        if isinstance(before, tuple):
            after = tuple(choice for choice in before if choice != value)
        changes: dict[str, Any] = {name: after}
        if name in READ:
            changes[READ[name]] = None
        return replace(self, hal=1, **changes)

    def sorted_by(self, word: str) -> "Filters":
        """The same list in another order, from its first page."""
        return replace(self, urut=word, hal=1)

    def on_page(self, number: int) -> "Filters":
        """The same list, another page."""
        return replace(self, hal=number)

    def address(self, path: str) -> str:
        """The address of this list below `path`."""
        pairs = [
            ("q", self.q),
            *(("kategori", slug) for slug in self.kategori),
            *(("lapas", slug) for slug in self.lapas),
            ("harga_min", self.harga_min),
            ("harga_max", self.harga_max),
            ("siap_kirim", "1" if self.siap_kirim else ""),
            ("urut", self.urut),
            ("hal", str(self.hal) if self.hal > 1 else ""),
        ]
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"{path}?{query}" if query else path


def read_filters(values: Mapping[str, Sequence[str]], page: int) -> Filters:
    """Read the parameters of an address; `values` maps each name to everything given for it.

    Nothing raises: an unreadable price becomes an error beside its field, nonsense is left out.
    """

    def first(name: str, longest: int) -> str:
        return (list(values.get(name, ())) or [""])[0].replace("\0", "").strip()[:longest]

    errors: dict[str, str] = {}
    low, high = first("harga_min", 30), first("harga_max", 30)
    price_min, price_max = _price("harga_min", low, errors), _price("harga_max", high, errors)
    if price_min is not None and price_max is not None and price_min > price_max:
        errors["harga_max"] = _("Harga tertinggi lebih kecil daripada harga terendah.")
        price_max = None
    sort = first("urut", 20)
    return Filters(
        q=" ".join(first("q", MAX_QUERY).split()),
        kategori=_choices(values.get("kategori", ())),
        lapas=_choices(values.get("lapas", ())),
        harga_min=low,
        harga_max=high,
        siap_kirim=first("siap_kirim", 5).lower() in {"1", "ya", "on", "true"},
        urut=sort if sort in SORTS else "",
        hal=page,
        price_min=price_min,
        price_max=price_max,
        errors=errors,
    )


def _choices(given: Sequence[str]) -> tuple[str, ...]:
    """Slugs, each once and sorted, so that one list has one key."""
    slugs = {slug.strip() for slug in given if slug.strip() and len(slug) <= 80 and "\0" not in slug}
    return tuple(sorted(slugs)[:MAX_CHOICES])


def _price(name: str, text: str, errors: dict[str, str]) -> int | None:
    if not text:
        return None
    try:
        return parse_rupiah(text)
    except ValueError as error:
        errors[name] = str(error)
        return None
