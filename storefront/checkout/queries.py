"""What the checkout shows before the button: parcels, ways to send them, and the sum."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from storefront.cart.queries import CartView, Group
from storefront.catalog.models import ShippingClass
from storefront.core import clock
from storefront.core.language import _, lazy
from storefront.orders.models import DeliveryMethod, Order, OrderStatus, Parcel, ParcelStatus
from storefront.orders.queries import ARRIVED, Said, said_of
from storefront.orders.services import came_back
from storefront.payments.models import (
    SEEN_BY_OFFICERS,
    AttemptStatus,
    PaymentAttempt,
    ProofStatus,
    Refund,
    TransferClaim,
)
from storefront.payments.providers import Bill, Method, Started, bill_of, offered, provider, too_much_for_qris
from storefront.payments.queries import attempts_of, claim_of, refunds_of
from storefront.payments.services.attempts import due_bill
from storefront.promotions.queries import Basket, Delivery, Reckoning, reckoned
from storefront.shipping.queries import PICKUP, ParcelSpec, Quote, quotes
from storefront.web.formats import long_date, moment

FREE = "free"
"""The way to pay an order that costs nothing."""


@dataclass(frozen=True)
class ParcelPlan:
    """One facility's part: how it reaches the buyer, and what else would be possible."""

    group: Group
    method: DeliveryMethod
    quote: Quote
    deliveries: tuple[Quote, ...]  # the cheapest first
    why_not: str
    chosen_pickup: bool
    day: date | None = None  # of a delivery that is made on chosen days only

    @property
    def delivery(self) -> Quote | None:
        """The way to bring it that was chosen, else the cheapest."""
        return self.quote if self.quote in self.deliveries else next(iter(self.deliveries), None)

    @property
    def may_travel(self) -> bool:
        """Did the buyer not ask to collect it, and do its goods allow sending?"""
        return not self.chosen_pickup and ShippingClass.PICKUP_ONLY not in self.group.classes


@dataclass(frozen=True)
class Plan:
    """The whole order as it would be placed now. Rupiah."""

    parcels: list[ParcelPlan]
    district_code: str | None
    offers: Reckoning = field(default_factory=Reckoning)

    @property
    def subtotal(self) -> int:
        return sum(parcel.group.subtotal for parcel in self.parcels)

    @property
    def shipping(self) -> int:
        return sum(parcel.quote.cost for parcel in self.parcels)

    @property
    def total(self) -> int:
        return self.subtotal + self.shipping - self.offers.discount

    @property
    def may_deliver(self) -> bool:
        """Could a parcel be sent somewhere, if only the district were known?"""
        return any(parcel.may_travel for parcel in self.parcels)

    @property
    def needs_district(self) -> bool:
        """Is the sum without a delivery that nobody can price before the district is known?"""
        return self.district_code is None and self.may_deliver

    @property
    def needs_address(self) -> bool:
        return any(parcel.method is DeliveryMethod.DELIVERY for parcel in self.parcels)


@dataclass(frozen=True)
class Way:
    """How a buyer wants a parcel brought: by which service, and on which day where days are chosen."""

    service: str = ""
    day: date | None = None


def parcel_specs(view: CartView) -> list[ParcelSpec]:
    """A cart's parcels as couriers see them."""
    return [
        ParcelSpec(
            group.facility_id, group.regency_code, group.weight, group.volume, group.classes,
            max((line.ready_by for line in group.lines if line.ready_by), default=None),
        )
        for group in view.groups
    ]  # fmt: skip


def make_plan(
    view: CartView,
    district_code: str | None,
    pickups: AbstractSet[int],
    ways: Mapping[int, Way] | None = None,
    people: Collection[str] = (),
) -> Plan:
    """How each parcel travels: as the buyer chose, and collected where delivery is impossible.

    `ways` by facility; a service or a day that is not (or no longer) possible gives the cheapest, and the
    nearest. `people` are the buyer's keys, as far as they are known: some promotions are limited for each.
    """
    possible = quotes(parcel_specs(view), district_code)
    parcels = []
    for group in view.groups:
        options = possible[group.facility_id]
        chosen = group.facility_id in pickups
        way = (ways or {}).get(group.facility_id, Way())
        wanted = next((one for one in options.deliveries if one.service == way.service), options.delivery)
        quote = PICKUP if chosen or wanted is None else wanted
        method = DeliveryMethod.PICKUP if quote is PICKUP else DeliveryMethod.DELIVERY
        day = way.day if way.day in quote.dates else next(iter(quote.dates), None)
        parcels.append(ParcelPlan(group, method, quote, options.deliveries, options.why_not, chosen, day))
    return _with_offers(Plan(parcels, district_code), view, people)


def _with_offers(plan: Plan, view: CartView, people: Collection[str]) -> Plan:
    """The plan, less what today's promotions take off its goods and its deliveries."""
    sent = (one for one in plan.parcels if one.method is DeliveryMethod.DELIVERY)
    deliveries = tuple(Delivery(one.group.facility_id, one.quote.cost) for one in sent)
    priced = not plan.needs_district
    basket = Basket(view.goods, deliveries, is_priced=priced, fair_id=view.fair_id, code=view.code)
    return replace(plan, offers=reckoned(basket, people))


def is_possible(plan: Plan, ways: Mapping[int, Way]) -> bool:
    """Is every parcel of the plan brought by the service, and on the day, that was asked for?"""
    for parcel in plan.parcels:
        way = ways.get(parcel.group.facility_id, Way())
        if parcel.chosen_pickup:
            continue
        if (way.service and way.service != parcel.quote.service) or (way.day and way.day != parcel.day):
            return False
    return True


def methods_for(plan: Plan) -> list[Method]:
    """The ways to pay that are configured and take this sum; never a button that leads nowhere.

    What promotions bear whole is not paid at all: then that is the only way.
    """
    if plan.total == 0:
        hint = _("Promosi menanggung seluruh pesanan ini.")
        return [Method(FREE, FREE, _("Tidak ada yang perlu dibayar"), hint, _("Pesan tanpa membayar"))]
    return offered(bill_for(plan))


def bill_for(plan: Plan) -> Bill:
    """What a plan asks for."""
    return Bill(plan.total, frozenset(parcel.group.facility_id for parcel in plan.parcels))


@dataclass(frozen=True)
class OrderPage:
    """All that an order's page says. `transfer` is the open attempt that officers look for, `qr` its code."""

    order: Order
    headline: str
    next_step: str
    can_pay: bool
    waits_for_card: bool
    methods: list[Method]
    transfer: PaymentAttempt | None
    qr: Started | None
    claim: TransferClaim | None
    refunds: list[Refund]
    said: dict[int, list[Said]]  # by parcel that has arrived
    due: int  # rupiah that it still lacks

    @property
    def above_qris(self) -> bool:
        """Is the sum more than a payment by QRIS may be, where smaller ones could be paid so?"""
        return too_much_for_qris(bill_of(self.order))

    @property
    def is_checked(self) -> bool:
        """Is an officer looking at the proof of the transfer?"""
        return self.claim is not None and self.claim.status in _LOOKING

    @property
    def is_over(self) -> bool:
        """Did nothing come of it, so that ordering again is all that is left to do?"""
        if self.order.needs_review or self.is_checked:
            return False
        if self.order.status is OrderStatus.PENDING:
            return not self.can_pay
        return self.order.status in (OrderStatus.EXPIRED, OrderStatus.CANCELLED)


def order_page(order: Order) -> OrderPage:
    """Put an order into words: what it is, and what happens next and by when."""
    attempts = attempts_of(order.id)
    open_ones = [a for a in attempts if a.status is AttemptStatus.STARTED]
    transfer = next((a for a in open_ones if a.provider in SEEN_BY_OFFICERS), None)
    claim = claim_of(transfer.id) if transfer else None
    can_pay = order.status is OrderStatus.PENDING and order.pay_by > clock.now()
    headline, next_step = _order_words(order, claim)
    bill = due_bill(order)
    return OrderPage(
        order=order,
        headline=headline,
        next_step=next_step,
        can_pay=can_pay,
        waits_for_card=can_pay and any(a.url for a in open_ones),
        methods=offered(bill) if can_pay else [],
        transfer=transfer if can_pay else None,
        qr=provider("qris").start(transfer, order, back="") if transfer and _is_code(transfer) else None,
        claim=claim,
        refunds=list(refunds_of(order.id)),
        said=said_of(order),
        due=bill.total,
    )


def _is_code(attempt: PaymentAttempt) -> bool:
    return attempt.provider == "qris" and attempt.account is not None


def _order_words(order: Order, claim: TransferClaim | None) -> tuple[str, str]:
    """A headline, and what happens next."""
    if order.refund_due > 0 and order.status is OrderStatus.CANCELLED:
        return _("Pesanan dibatalkan"), _("Dana Anda sedang kami kembalikan.")
    match order.status:
        case OrderStatus.PENDING if order.needs_review:
            return _("Pembayaran Anda sedang kami periksa"), _("Kami menghubungi Anda lewat WhatsApp.")
        case OrderStatus.PENDING if claim is not None and claim.status in _LOOKING:
            return (
                _("Bukti pembayaran sedang diperiksa"),
                _("Kami memeriksanya paling lambat hari kerja berikutnya."),
            )
        case OrderStatus.PENDING if order.pay_by <= clock.now():
            return _("Batas waktu pembayaran sudah lewat"), _("Silakan pesan lagi bila masih berminat.")
        case OrderStatus.PENDING:
            return (
                _("Menunggu pembayaran"),
                _("Bayar sebelum %(when)s. Barang kami simpan sampai saat itu.", when=moment(order.pay_by)),
            )
        case OrderStatus.PAID:
            return _("Lunas, terima kasih"), _parcels_words(order)
        case OrderStatus.COMPLETED:
            return _("Pesanan selesai"), _completed_words(order)
        case OrderStatus.EXPIRED if order.needs_review:
            return (
                _("Pembayaran Anda sedang kami periksa"),
                _("Dana Anda tercatat; kami menghubungi Anda."),
            )
        case OrderStatus.EXPIRED:
            return (
                _("Pesanan kedaluwarsa"),
                _("Pembayaran tidak kami terima sampai batas waktunya. Silakan pesan lagi."),
            )
        case _:
            return _("Pesanan dibatalkan"), _("Tidak ada yang perlu Anda lakukan.")


_LOOKING = {ProofStatus.SUBMITTED, ProofStatus.CHECKED}


def _parcels_words(order: Order) -> str:
    """How far the parcels of a paid order are, the most useful thing first."""
    statuses = {parcel.status for parcel in order.parcels}
    if any(came_back(parcel) for parcel in order.parcels):
        return _("Ada kiriman yang kembali sebelum sampai; Kantor Wilayah mengurusnya.")
    if statuses == {ParcelStatus.READY}:
        return _("Pesanan Anda siap diambil. Tempat dan kodenya ada di bawah.")
    if statuses == {ParcelStatus.SHIPPED}:
        return _("Semua kiriman sedang dalam perjalanan.")
    if ParcelStatus.READY in statuses:
        return _("Sebagian sudah siap diambil. Tempat dan kodenya ada di bawah.")
    if ParcelStatus.SHIPPED in statuses:
        return _("Sebagian kiriman sudah dalam perjalanan; perkembangannya ada di bawah.")
    if statuses & set(ARRIVED):
        return _("Sebagian kiriman sudah sampai; perkembangannya ada di bawah.")
    if len(order.parcels) == 1:
        return _("%(place)s menyiapkan kiriman Anda.", place=order.parcels[0].facility.name)
    return _("Setiap Lapas menyiapkan kirimannya sendiri; perkembangannya ada di bawah.")


def _completed_words(order: Order) -> str:
    if all(parcel.status in ARRIVED for parcel in order.parcels):
        return _("Semua kiriman sudah sampai di tangan Anda. Terima kasih.")
    return _("Tidak ada lagi yang berjalan; keterangan tiap kiriman ada di bawah.")


def parcel_words(parcel: Parcel) -> str:
    """What is happening to a parcel, in one sentence."""
    place = parcel.facility.name
    match parcel.status:
        case ParcelStatus.WAITING:
            return _("%(place)s segera mengerjakannya.", place=place) + _ready_words(parcel)
        case ParcelStatus.PROCESSING:
            return _("Sedang disiapkan oleh %(place)s.", place=place) + _ready_words(parcel)
        case ParcelStatus.PACKED if parcel.method is DeliveryMethod.PICKUP:
            return _("Sudah dikemas, segera dapat diambil.")
        case ParcelStatus.PACKED:
            return _("Sudah dikemas, menunggu diserahkan kepada kurir.")
        case ParcelStatus.SHIPPED:
            return _(
                "Dikirim dengan %(courier)s, nomor resi %(waybill)s.",
                courier=parcel.courier,
                waybill=parcel.waybill,
            )
        case ParcelStatus.READY:
            return _("Siap diambil di %(place)s.", place=place)
        case ParcelStatus.DELIVERED:
            return _("Sudah sampai.")
        case ParcelStatus.COLLECTED:
            return _("Sudah diambil.")
        case ParcelStatus.RETURNED:
            return _returned_words(parcel)
        case _:
            return _("Tidak jadi dikirim.")


def _returned_words(parcel: Parcel) -> str:
    if came_back(parcel):
        return _("Kembali ke %(place)s sebelum sampai kepada Anda.", place=parcel.facility.name)
    return _("Dikembalikan ke Lapas.")


def parcel_steps(parcel: Parcel) -> list[dict[str, Any]]:
    """The way of a parcel for its timeline: what was done and when, where it is, what comes."""
    when = {
        event.to_status: event.at
        for event in parcel.order.events
        if event.parcel_id == parcel.id and event.kind == "parcel"
    }
    way = _WAYS[parcel.method]
    if parcel.status not in way:  # cancelled or returned: what happened, and no more
        ended = [step for step in way if step in when]
        return [_step(parcel, step, when.get(step), "done") for step in [*ended, parcel.status]]
    here = way.index(parcel.status)
    states = ["done" if place < here or here == len(way) - 1 else "next" for place in range(len(way))]
    if here < len(way) - 1:
        states[here] = "now"
    return [_step(parcel, step, when.get(step), state) for step, state in zip(way, states, strict=True)]


_WAYS = {
    DeliveryMethod.DELIVERY: (
        ParcelStatus.WAITING, ParcelStatus.PROCESSING, ParcelStatus.PACKED, ParcelStatus.SHIPPED,
        ParcelStatus.DELIVERED,
    ),
    DeliveryMethod.PICKUP: (
        ParcelStatus.WAITING, ParcelStatus.PROCESSING, ParcelStatus.PACKED, ParcelStatus.READY,
        ParcelStatus.COLLECTED,
    ),
}  # fmt: skip
_STEPS = {
    ParcelStatus.WAITING: lazy("Menunggu dikerjakan"),
    ParcelStatus.PROCESSING: lazy("Disiapkan di bengkel"),
    ParcelStatus.PACKED: lazy("Dikemas"),
    ParcelStatus.SHIPPED: lazy("Dalam perjalanan"),
    ParcelStatus.READY: lazy("Siap diambil"),
    ParcelStatus.DELIVERED: lazy("Sampai di tujuan"),
    ParcelStatus.COLLECTED: lazy("Sudah diambil"),
    ParcelStatus.CANCELLED: lazy("Dibatalkan"),
    ParcelStatus.RETURNED: lazy("Dikembalikan ke Lapas"),
}


def _step(parcel: Parcel, status: ParcelStatus, at: datetime | None, state: str) -> dict[str, Any]:
    text = ""
    if status is ParcelStatus.WAITING and at is None and parcel.order.paid_at:
        at = parcel.order.paid_at
    if status is ParcelStatus.PROCESSING and state != "done":
        text = _ready_words(parcel).strip()
    if status is ParcelStatus.SHIPPED and parcel.waybill and state == "done":  # before, it stands above
        text = _("%(courier)s, nomor resi %(waybill)s", courier=parcel.courier, waybill=parcel.waybill)
    elif status is ParcelStatus.SHIPPED and parcel.days_max:
        text = _("%(first)s–%(last)s hari kerja di jalan", first=parcel.days_min, last=parcel.days_max)
    return {"title": str(_STEPS[status]), "at": at, "text": text, "state": state}


def _ready_words(parcel: Parcel) -> str:
    if not parcel.ready_by:
        return ""
    return " " + _("Dibuat sesuai pesanan, siap paling lambat %(day)s.", day=long_date(parcel.ready_by))
