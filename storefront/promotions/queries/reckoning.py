"""What promotions take off a basket: pure arithmetic in whole rupiah, explained by its own result.

Every piece of goods takes at most one automatic offer, the one that takes most off it, and so does every
parcel's delivery. One code may come on top, and counts from what is left. Conditions (a minimum, so many
pieces) are measured on the prices as they stand on the shelf, so that one offer never spoils another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from storefront.core.money import split
from storefront.promotions.models import Funder, PromotionKind

Cut = dict[int, int]
"""Rupiah taken off, by the key of a line or a parcel."""


@dataclass(frozen=True)
class Goods:
    """One line of a basket. `total` in rupiah."""

    key: int
    product_id: int
    facility_id: int
    quantity: int
    total: int


@dataclass(frozen=True)
class Delivery:
    """The delivery of one facility's parcel. `cost` in rupiah."""

    facility_id: int
    cost: int


@dataclass(frozen=True)
class Basket:
    """What is bought, what sending it costs (`is_priced` once that is known), and with which code."""

    goods: tuple[Goods, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    is_priced: bool = False
    fair_id: int | None = None
    code: str = ""

    @property
    def product_ids(self) -> frozenset[int]:
        return frozenset(line.product_id for line in self.goods)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A promotion as one basket sees it. `products` and `makers` are None where all of them count.

    `refused` says, in words for the buyer, why it cannot be had at all: over, used up, of another fair.
    """

    id: int
    name: str
    code: str
    kind: PromotionKind
    value: int
    pieces: int = 0
    minimum: int = 0
    maximum: int | None = None
    funder: Funder = Funder.OFFICE
    facility_id: int | None = None
    scope_words: str = ""
    products: frozenset[int] | None = None
    makers: frozenset[int] | None = None
    refused: str = ""

    @property
    def is_shipping(self) -> bool:
        """Is it taken off the delivery, and not off the goods?"""
        return self.kind is PromotionKind.FREE_SHIPPING

    def covers(self, line: Goods) -> bool:
        """Does it count for this line?"""
        return (self.products is None or line.product_id in self.products) and (
            self.makers is None or line.facility_id in self.makers
        )


@dataclass(frozen=True)
class Share:
    """What one offer took off: rupiah by line, or by the facility whose parcel is sent."""

    offer: Offer
    lines: Mapping[int, int] = field(default_factory=dict)
    parcels: Mapping[int, int] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        """Rupiah altogether."""
        return sum(self.lines.values()) + sum(self.parcels.values())


@dataclass(frozen=True)
class Near:
    """An offer that is within reach: so many rupiah or pieces are missing."""

    offer: Offer
    rupiah: int = 0
    pieces: int = 0


@dataclass(frozen=True)
class Reckoning:
    """What applies, what nearly would, and what became of the code.

    `waiting` are offers on the delivery whose conditions are met while nobody knows its price yet.
    """

    shares: tuple[Share, ...] = ()
    near: tuple[Near, ...] = ()
    waiting: tuple[Offer, ...] = ()
    code: str = ""
    code_offer: Offer | None = None
    code_near: Near | None = None

    @property
    def goods(self) -> int:
        """Rupiah off the goods."""
        return sum(sum(share.lines.values()) for share in self.shares)

    @property
    def shipping(self) -> int:
        """Rupiah off the delivery."""
        return sum(sum(share.parcels.values()) for share in self.shares)

    @property
    def discount(self) -> int:
        """Rupiah altogether: never more than goods and delivery cost."""
        return self.goods + self.shipping

    @property
    def code_counts(self) -> bool:
        """Does the code take something off, or will it once the delivery's price is known?"""
        offer = self.code_offer
        return offer is not None and (offer in self.waiting or any(s.offer is offer for s in self.shares))


def reckon(basket: Basket, offers: Iterable[Offer]) -> Reckoning:
    """Apply the offers to the basket. The same basket and offers always give the same rupiah."""
    known = sorted(offers, key=attrgetter("id"))
    fit = [offer for offer in known if not offer.refused and missing(offer, basket) is None]
    code = next((offer for offer in known if offer.code), None)
    automatic = [offer for offer in fit if not offer.code]
    shares = _goods(basket, automatic, code if code in fit else None)
    shares += _deliveries(basket, automatic, code if code in fit else None)
    return Reckoning(
        shares=tuple(shares),
        near=tuple(_near(basket, known)),
        waiting=tuple(offer for offer in fit if offer.is_shipping and not basket.is_priced),
        code=basket.code,
        code_offer=code,
        code_near=missing(code, basket) if code and not code.refused else None,
    )


def missing(offer: Offer, basket: Basket) -> Near | None:
    """What the basket lacks for this offer; None when nothing is missing."""
    covered = [line for line in basket.goods if offer.covers(line)]
    if not covered:
        return Near(offer, rupiah=offer.minimum, pieces=max(1, offer.pieces))
    rupiah = max(0, offer.minimum - sum(line.total for line in covered))
    pieces = max(0, offer.pieces - sum(line.quantity for line in covered))
    return Near(offer, rupiah, pieces) if rupiah or pieces else None


def _goods(basket: Basket, automatic: list[Offer], code: Offer | None) -> list[Share]:
    prices = {line.key: line.total for line in basket.goods}

    def bases(offer: Offer, left: Mapping[int, int]) -> Cut:
        return {line.key: left[line.key] for line in basket.goods if offer.covers(line)}

    asked = [(offer, _cut(offer, bases(offer, prices))) for offer in automatic if not offer.is_shipping]
    shares = [Share(offer, lines=cut) for offer, cut in _best(asked)]
    if code is not None and not code.is_shipping:
        cut = _cut(code, bases(code, _left(prices, (share.lines for share in shares))))
        shares += [Share(code, lines=cut)] if cut else []
    return shares


def _deliveries(basket: Basket, automatic: list[Offer], code: Offer | None) -> list[Share]:
    costs = {parcel.facility_id: parcel.cost for parcel in basket.deliveries}

    def bases(offer: Offer, left: Mapping[int, int]) -> Cut:
        makers = {line.facility_id for line in basket.goods if offer.covers(line)}
        return {key: amount for key, amount in left.items() if key in makers}

    asked = [(offer, _cut(offer, bases(offer, costs))) for offer in automatic if offer.is_shipping]
    shares = [Share(offer, parcels=cut) for offer, cut in _best(asked)]
    if code is not None and code.is_shipping:
        cut = _cut(code, bases(code, _left(costs, (share.parcels for share in shares))))
        shares += [Share(code, parcels=cut)] if cut else []
    return shares


def _cut(offer: Offer, bases: Cut) -> Cut:
    """What an offer takes off these amounts: shared out by largest remainder, never more than is there."""
    there = sum(bases.values())
    if there <= 0:
        return {}
    match offer.kind:
        case PromotionKind.AMOUNT:
            amount = min(offer.value, there)
        case PromotionKind.FREE_SHIPPING:
            amount = there
        case _:
            amount = there * offer.value // 100
    if offer.maximum is not None:
        amount = min(amount, offer.maximum)
    parts = split(amount, list(bases.values()))
    return {key: part for key, part in zip(bases, parts, strict=True) if part}


def _best(asked: list[tuple[Offer, Cut]]) -> list[tuple[Offer, Cut]]:
    """Of several offers for one thing only the one that takes most off it; of equal ones the older."""
    won: dict[int, Cut] = {}
    for key in dict.fromkeys(key for _offer, cut in asked for key in cut):
        place = max(range(len(asked)), key=lambda index: (asked[index][1].get(key, 0), -index))
        won.setdefault(place, {})[key] = asked[place][1][key]
    return [(asked[place][0], won[place]) for place in sorted(won)]


def _left(amounts: Mapping[int, int], cuts: Iterable[Mapping[int, int]]) -> Cut:
    left = dict(amounts)
    for cut in cuts:
        for key, amount in cut.items():
            left[key] -= amount
    return left


def _near(basket: Basket, offers: list[Offer]) -> list[Near]:
    """Automatic offers of which something is in the basket already, the nearest first."""
    found = []
    for offer in offers:
        lacks = missing(offer, basket)
        begun = any(offer.covers(line) for line in basket.goods)
        if lacks is not None and begun and not offer.code and not offer.refused:
            found.append(lacks)
    return sorted(found, key=lambda near: (near.rupiah, near.pieces, near.offer.id))[:2]
