"""What the public pages of the catalogue are made of: small rows without a database behind them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from storefront.catalog.models import LicenceKind, ShippingClass, Supply
from storefront.core import clock
from storefront.core.language import _, _n
from storefront.core.money import rupiah
from storefront.core.pauses import Pause
from storefront.feedback.queries.published import ReviewsRow

FEW_LEFT = 3
"""From this many on a page says how many are left."""

NEW_FOR = timedelta(days=14)

PAGE_SIZE = 24
"""How many products a page of a list shows."""


class PhotoRow(NamedTuple):
    """A picture as the macro `photo` wants it."""

    key: str
    alt: str
    width: int
    height: int
    tone: str
    widths: list[int]
    has_avif: bool


class Badge(NamedTuple):
    """The one thing worth knowing before opening a product; `kind` chooses its colour."""

    kind: str
    label: str


class CardRow(NamedTuple):
    """A product on a shelf. `rating` is the mean of its published `reviews`; None without any."""

    id: int
    slug: str
    title: str
    summary: str
    facility_name: str
    price_from: int
    price_to: int
    photo: PhotoRow | None
    badge: Badge | None
    available: bool
    reviews: int
    rating: float | None


@dataclass(frozen=True, kw_only=True)
class CardPage:
    """One page of a list of `total` products, numbered from 1."""

    items: list[CardRow]
    number: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return last_page(self.total)

    @property
    def has_next(self) -> bool:
        """Is there more of this list?"""
        return self.number < self.last

    @property
    def shown_from(self) -> int:
        """The place in the whole list of the first product of this page, from 1."""
        return offset_of(self.number) + 1

    @property
    def shown_to(self) -> int:
        """The same of its last product."""
        return min(self.number * PAGE_SIZE, self.total)


def last_page(total: int) -> int:
    """The number of the last page of `total` products, at least 1."""
    return max(1, -(-total // PAGE_SIZE))


def offset_of(number: int) -> int:
    """How many products stand before a page."""
    return (number - 1) * PAGE_SIZE


class CategoryRow(NamedTuple):
    """A shelf with how many products stand on it and below; `photo` is its newest product's."""

    slug: str
    name: str
    products: int
    photo: PhotoRow | None


class FacilityRow(NamedTuple):
    """A facility in a list, with how many products it sells."""

    slug: str
    name: str
    town: str
    products: int
    workshops: tuple[str, ...]
    photo: PhotoRow | None


class Crumb(NamedTuple):
    """One step of the way here."""

    label: str
    url: str


@dataclass(frozen=True)
class VariantRow:
    """A form of a product that can be chosen. `available` is None for work made to order."""

    id: int
    sku: str
    label: str
    values: tuple[str, ...]
    price: int
    weight: int
    available: int | None
    dimensions: tuple[int, int, int] | None

    @property
    def can_buy(self) -> bool:
        return self.available is None or self.available > 0

    @property
    def few_left(self) -> int | None:
        """How many are left, when that is few enough to be said."""
        few = self.available is not None and 0 < self.available <= FEW_LEFT
        return self.available if few else None


def badge_of(
    *,
    supply: Supply | None,
    available: int,
    paused: bool = False,
    unique: bool = False,
    lead_days: int | None,
    shipping_class: ShippingClass,
    published_at: datetime | None,
) -> Badge | None:
    """At most one: paused, sold out, the only one, few left, made to order, collect only, new."""
    if paused:
        return Badge("habis", _("Dijeda"))
    if supply is Supply.READY and available <= 0:
        return Badge("habis", _("Terjual") if unique else _("Habis"))
    if supply is Supply.READY and unique:
        return Badge("sisa", _("Satu-satunya"))
    if supply is Supply.READY and available <= FEW_LEFT:
        return Badge("sisa", _("Sisa %(n)s", n=available))
    if supply is Supply.MADE_TO_ORDER and lead_days:
        return Badge("pesan", _n("Pesan dulu %(n)s hari", lead_days))
    if shipping_class is ShippingClass.PICKUP_ONLY:
        return Badge("ambil", _("Hanya ambil di tempat"))
    if published_at is not None and clock.now() - published_at <= NEW_FOR:
        return Badge("baru", _("Baru"))
    return None


@dataclass(frozen=True)
class ProductPage:
    """Everything on the page of a product."""

    id: int
    slug: str
    title: str
    summary: str
    description: str
    materials: str
    care: str
    size_note: str
    personalisation: str
    card_key: str  # the picture beside shared links; empty until it is drawn
    option_names: tuple[str, ...]
    shipping_class: ShippingClass
    made_to_order: bool
    lead_days: int | None
    max_per_order: int | None
    is_unique: bool
    price_from: int
    price_to: int
    badge: Badge | None
    ready_by: date | None  # None: not made to order, or the workshop is full for half a year
    photos: list[PhotoRow]
    variants: list[VariantRow]
    facility: "MakerRow"
    workshop: str
    craft: str
    crumbs: list[Crumb]
    more: list[CardRow]
    alike: list[CardRow]
    technique: str
    work_hours: int | None
    licences: list["LicenceRow"]
    reviews: ReviewsRow
    pause: Pause | None

    @property
    def first(self) -> VariantRow | None:
        """The variant that is chosen when the page opens: the first that can be bought."""
        buyable = (variant for variant in self.variants if variant.can_buy)
        return next(buyable, self.variants[0] if self.variants else None)

    @property
    def can_buy(self) -> bool:
        """Can anything of it be put into a cart now?"""
        if not self.facility.is_open or self.pause or (self.made_to_order and self.ready_by is None):
            return False
        return any(variant.can_buy for variant in self.variants)

    @property
    def groups(self) -> list[tuple[str, list[VariantRow]]]:
        """The variants by their first option: ('hitam', [39, 40, …]). One nameless group without two."""
        if len(self.option_names) < 2:
            return [("", self.variants)]
        groups: dict[str, list[VariantRow]] = {}
        for variant in self.variants:
            groups.setdefault(variant.values[0] if variant.values else "", []).append(variant)
        return list(groups.items())

    @property
    def first_options(self) -> list["Option"]:
        """The values of the first of two options, to be chosen before the second."""
        return [Option(name, name, any(row.can_buy for row in rows)) for name, rows in self.groups]

    def options_of(self, rows: list[VariantRow]) -> list["Option"]:
        """Forms as they are chosen: those of one group by their second option alone."""
        return [
            Option(
                row.id, row.values[-1] if row.values else row.label, row.can_buy, self._note(row), row.price
            )
            for row in rows
        ]

    def _note(self, row: VariantRow) -> str:
        """What sets a form apart: that few are left, that it costs more or less than the one first shown."""
        few = _("Sisa %(n)s", n=row.few_left) if row.few_left and not self.is_unique else ""
        other = rupiah(row.price) if self.first and row.price != self.first.price else ""
        return " · ".join(part for part in (few, other) if part)

    @property
    def weights(self) -> tuple[int, int] | None:
        """The lightest and the heaviest form as it travels, in grams; None when no form was weighed."""
        known = [variant.weight for variant in self.variants if variant.weight]
        return (min(known), max(known)) if known else None

    @property
    def dimensions(self) -> tuple[int, int, int] | None:
        """Length, width and height in cm of the parcel, when every form travels in the same."""
        sizes = {variant.dimensions for variant in self.variants}
        return sizes.pop() if len(sizes) == 1 else None

    @property
    def most(self) -> int:
        """The largest quantity that the form offers; the cart checks again."""
        if self.is_unique:
            return 1
        pieces = [v.available for v in self.variants if v.available is not None]
        return max(1, min(self.max_per_order or 99, max(pieces, default=99)))


class Option(NamedTuple):
    """A chip of the component `variant_chips`; `price` is None where choosing it decides no price yet."""

    value: int | str
    label: str
    available: bool
    note: str = ""
    price: int | None = None


class LicenceRow(NamedTuple):
    """A permit of a food product that holds today; `last_day` is None where it names none."""

    kind: LicenceKind
    number: str
    holder: str
    last_day: date | None


class MakerRow(NamedTuple):
    """Where a product comes from: as close as the public gets to a maker."""

    slug: str
    name: str
    town: str
    regency_code: str
    address: str
    pickup_hours: str
    pickup_note: str
    is_open: bool
