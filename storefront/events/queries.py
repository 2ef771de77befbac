"""What the pages about fairs read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from storefront.catalog.models import Product
from storefront.catalog.queries.cards import card_columns, cards
from storefront.catalog.queries.choices import choosable, chosen
from storefront.catalog.queries.rows import CardRow
from storefront.core import clock
from storefront.core.db import db, found
from storefront.core.errors import NotFound
from storefront.core.models import Picture
from storefront.events.models import Fair, FairFacility, FairProduct
from storefront.facilities.models import Facility

PAST_SHOWN = 12
OTHERS_SHOWN = 3
CHOICES_SHOWN = 120
_CODE = re.compile(r"[A-Z0-9-]{3,16}")


class Phase(StrEnum):
    """Where a fair stands today (WIB)."""

    RUNNING = "running"
    COMING = "coming"
    PAST = "past"


@dataclass(frozen=True, kw_only=True)
class FairCard:
    """A fair in a list."""

    id: int
    code: str
    slug: str
    name: str
    venue: str
    organiser: str
    starts_on: date
    ends_on: date
    target: int | None
    is_published: bool
    picture: Picture | None
    facilities: int
    products: int

    @property
    def phase(self) -> Phase:
        """Running, coming or past, by today's date."""
        return phase_of(self.starts_on, self.ends_on)

    @property
    def days_left(self) -> int:
        """Days until it begins; 0 or less once it runs."""
        return days_until(self.starts_on)


@dataclass(frozen=True, kw_only=True)
class PublicFairs:
    """The public list: what runs now, what comes (soonest first), what was (latest first)."""

    running: Sequence[FairCard]
    coming: Sequence[FairCard]
    past: Sequence[FairCard]


def days_until(day: date) -> int:
    """From today (WIB) to a day; negative for a day that is over."""
    return (day - clock.today()).days


def phase_of(starts_on: date, ends_on: date) -> Phase:
    """Where these dates stand today (WIB)."""
    today = clock.today()
    if today < starts_on:
        return Phase.COMING
    return Phase.PAST if today > ends_on else Phase.RUNNING


# --- the public ---------------------------------------------------------------------------------------


def public_fairs() -> PublicFairs:
    """The published fairs, by where they stand today; of the past ones the latest."""
    today = clock.today()
    coming = _cards(Fair.is_published.is_(True), Fair.ends_on >= today)
    past = _cards(Fair.is_published.is_(True), Fair.ends_on < today, newest_first=True, limit=PAST_SHOWN)
    return PublicFairs(
        running=[card for card in coming if card.phase is Phase.RUNNING],
        coming=[card for card in coming if card.phase is Phase.COMING],
        past=past,
    )


def running_fair() -> FairCard | None:
    """The published fair that runs today, for the home page; of several the one that ends first."""
    today = clock.today()
    cards = _cards(Fair.is_published.is_(True), Fair.starts_on <= today, Fair.ends_on >= today)
    return min(cards, key=lambda card: card.ends_on, default=None)


def fairs_with(facility_id: int) -> list[FairCard]:
    """The published fairs that a facility takes part in, running and coming, the soonest first."""
    takes_part = select(FairFacility.fair_id).where(FairFacility.facility_id == facility_id)
    return _cards(Fair.is_published.is_(True), Fair.ends_on >= clock.today(), Fair.id.in_(takes_part))


def other_fairs(fair_id: int) -> list[FairCard]:
    """Where to go besides this fair: published ones that run or come, the soonest first."""
    return _cards(
        Fair.is_published.is_(True), Fair.ends_on >= clock.today(), Fair.id != fair_id, limit=OTHERS_SHOWN
    )


def published_fair(slug: str) -> Fair:
    """A fair's public page, with picture and facilities. Raises NotFound."""
    fair = db.session.scalar(
        select(Fair)
        .where(Fair.slug == slug, Fair.is_published)
        .options(joinedload(Fair.picture), selectinload(Fair.facilities))
    )
    if fair is None:
        raise NotFound
    return fair


def shown_cards(fair_id: int) -> list[CardRow]:
    """What the fair shows to the public: chosen and on sale now, in the promoter's order."""
    return cards(
        card_columns()
        .join(FairProduct, FairProduct.product_id == Product.id)
        .where(FairProduct.fair_id == fair_id)
        .order_by(FairProduct.position, Product.id)
    )


def fair_by_code(code: str | None) -> int | None:
    """The id of the published fair with this code, as a cookie or an address brings it; else None."""
    wanted = (code or "").upper()
    if not _CODE.fullmatch(wanted):
        return None
    return db.session.scalar(select(Fair.id).where(Fair.code == wanted, Fair.is_published))


def slug_by_code(code: str) -> str:
    """Where a short link leads. Raises NotFound."""
    fair_id = fair_by_code(code)
    if fair_id is None:
        raise NotFound
    return found(Fair, fair_id).slug


# --- the promoter -------------------------------------------------------------------------------------


def all_fairs() -> list[FairCard]:
    """Every fair, drafts too, the latest first."""
    return _cards(newest_first=True)


def fair_card(fair_id: int) -> FairCard:
    """One fair as in a list. Raises NotFound."""
    cards = _cards(Fair.id == fair_id)
    if not cards:
        raise NotFound
    return cards[0]


def fair_to_edit(fair_id: int) -> Fair:
    """A fair with its picture and facilities, published or not. Raises NotFound."""
    return found(Fair, fair_id)


def open_facilities() -> list[tuple[int, str]]:
    """Facilities that may take part: (id, name)."""
    rows = db.session.execute(
        select(Facility.id, Facility.name).where(Facility.is_open).order_by(Facility.name)
    )
    return [(row.id, row.name) for row in rows]


def picked_products(fair_id: int) -> list[Product]:
    """What was chosen, in order, with photo and facility; what has left the shelf is still there."""
    return chosen(FairProduct, FairProduct.fair_id == fair_id)


def product_choices(fair_id: int, words: str = "") -> Mapping[str, Sequence[Product]]:
    """Products on sale that were not chosen yet, by facility name; facilities that take part first.

    `words` must all occur in the title or the facility's name. At most CHOICES_SHOWN products.
    """
    takes_part = select(FairFacility.facility_id).where(FairFacility.fair_id == fair_id)
    picked = select(FairProduct.product_id).where(FairProduct.fair_id == fair_id)
    rows = db.session.scalars(
        choosable(words)
        .where(Product.id.not_in(picked))
        .order_by(Facility.id.not_in(takes_part), Facility.name, Product.title, Product.id)
        .limit(CHOICES_SHOWN)
    )
    groups: dict[str, list[Product]] = {}
    for product in rows:
        groups.setdefault(product.facility.name, []).append(product)
    return groups


def _cards(
    *conditions: ColumnElement[bool], newest_first: bool = False, limit: int | None = None
) -> list[FairCard]:
    facilities = select(func.count()).where(FairFacility.fair_id == Fair.id).correlate(Fair).scalar_subquery()
    products = (
        select(func.count())
        .select_from(FairProduct)
        .join(Product)
        .where(FairProduct.fair_id == Fair.id, Product.is_on_sale)
        .correlate(Fair)
        .scalar_subquery()
    )
    order = (Fair.starts_on.desc(), Fair.id.desc()) if newest_first else (Fair.starts_on, Fair.id)
    rows = db.session.execute(
        select(Fair, facilities.label("facilities"), products.label("products"))
        .where(*conditions)
        .options(joinedload(Fair.picture))
        .order_by(*order)
        .limit(limit)
    )
    return [_card(fair, count, shown) for fair, count, shown in rows]


def _card(fair: Fair, facilities: int, products: int) -> FairCard:
    return FairCard(
        id=fair.id,
        code=fair.code,
        slug=fair.slug,
        name=fair.name,
        venue=fair.venue,
        organiser=fair.organiser,
        starts_on=fair.starts_on,
        ends_on=fair.ends_on,
        target=fair.target,
        is_published=fair.is_published,
        picture=fair.picture,
        facilities=facilities,
        products=products,
    )
