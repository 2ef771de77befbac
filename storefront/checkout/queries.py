"""What the checkout shows before the button: parcels, ways to send them, and the sum."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from storefront.cart.queries import CartView, Group
from storefront.orders.models import DeliveryMethod
from storefront.payments.providers import CARD_MINIMUM, card_provider
from storefront.payments.queries import office_account
from storefront.shipping.queries import PICKUP, ParcelSpec, Quote, quotes


@dataclass(frozen=True)
class ParcelPlan:
    """One facility's part: how it reaches the buyer, and what else would be possible."""

    group: Group
    method: DeliveryMethod
    quote: Quote
    delivery: Quote | None
    why_not: str

    @property
    def can_choose(self) -> bool:
        """May the buyer choose between delivery and collecting?"""
        return self.delivery is not None


@dataclass(frozen=True)
class Plan:
    """The whole order as it would be placed now. Rupiah."""

    parcels: list[ParcelPlan]
    district_code: str | None

    @property
    def subtotal(self) -> int:
        return sum(parcel.group.subtotal for parcel in self.parcels)

    @property
    def shipping(self) -> int:
        return sum(parcel.quote.cost for parcel in self.parcels)

    @property
    def total(self) -> int:
        return self.subtotal + self.shipping

    @property
    def needs_address(self) -> bool:
        return any(parcel.method is DeliveryMethod.DELIVERY for parcel in self.parcels)


@dataclass(frozen=True)
class Method:
    """A way to pay that is offered for this sum."""

    code: str
    label: str
    hint: str


def make_plan(view: CartView, district_code: str | None, pickups: AbstractSet[int]) -> Plan:
    """How each parcel travels: as the buyer chose, and collected where delivery is impossible."""
    specs = [
        ParcelSpec(group.facility_id, group.regency_code, group.weight, group.volume, group.classes)
        for group in view.groups
    ]
    possible = quotes(specs, district_code)
    parcels = []
    for group in view.groups:
        options = possible[group.facility_id]
        collects = group.facility_id in pickups or options.delivery is None
        quote = PICKUP if collects or options.delivery is None else options.delivery
        method = DeliveryMethod.PICKUP if collects else DeliveryMethod.DELIVERY
        parcels.append(ParcelPlan(group, method, quote, options.delivery, options.why_not))
    return Plan(parcels, district_code)


def methods_for(total: int) -> list[Method]:
    """The ways to pay that are configured and take this sum; never a button that leads nowhere."""
    methods = []
    if office_account() is not None:
        methods.append(
            Method(
                "transfer",
                "Transfer bank",
                "Ditambah kode unik Rp1–Rp999 agar transfer Anda cepat dikenali. Batas bayar 24 jam.",
            )
        )
    if card_provider() is not None and total >= CARD_MINIMUM:
        methods.append(
            Method("card", "Kartu debit atau kredit", "Visa, Mastercard, JCB lewat halaman bayar Stripe.")
        )
    return methods
