"""What the checkout shows before the button: parcels, ways to send them, and the sum."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from storefront.cart.queries import CartView, Group
from storefront.catalog.models import ShippingClass
from storefront.core import clock
from storefront.facilities.queries import office_account
from storefront.orders.models import DeliveryMethod, Order, OrderStatus, Parcel, ParcelStatus
from storefront.payments.models import AttemptStatus, PaymentAttempt, ProofStatus, Refund, TransferClaim
from storefront.payments.providers import CARD_MINIMUM, card_provider
from storefront.payments.queries import attempts_of, claim_of, refunds_of
from storefront.shipping.queries import PICKUP, ParcelSpec, Quote, quotes
from storefront.web.formats import long_date, moment


@dataclass(frozen=True)
class ParcelPlan:
    """One facility's part: how it reaches the buyer, and what else would be possible."""

    group: Group
    method: DeliveryMethod
    quote: Quote
    delivery: Quote | None
    why_not: str
    chosen_pickup: bool

    @property
    def may_travel(self) -> bool:
        """Did the buyer not ask to collect it, and do its goods allow sending?"""
        return not self.chosen_pickup and ShippingClass.PICKUP_ONLY not in self.group.classes

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
        chosen = group.facility_id in pickups
        parcels.append(ParcelPlan(group, method, quote, options.delivery, options.why_not, chosen))
    return Plan(parcels, district_code)


def methods_for(total: int) -> list[Method]:
    """The ways to pay that are configured and take this sum; never a button that leads nowhere."""
    methods = []
    if office_account(clock.today()) is not None:
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


@dataclass(frozen=True)
class OrderPage:
    """All that an order's page says. `transfer` is the open transfer, with what is known of it."""

    order: Order
    headline: str
    next_step: str
    can_pay: bool
    waits_for_card: bool
    methods: list[Method]
    transfer: PaymentAttempt | None
    claim: TransferClaim | None
    refunds: list[Refund]

    @property
    def parcel_names(self) -> dict[int, str]:
        """Whose parcel an event tells of."""
        return {parcel.id: f"Kiriman {parcel.facility.name}" for parcel in self.order.parcels}


def order_page(order: Order) -> OrderPage:
    """Put an order into words: what it is, and what happens next and by when."""
    attempts = attempts_of(order.id)
    open_ones = [a for a in attempts if a.status is AttemptStatus.STARTED]
    transfer = next((a for a in open_ones if a.provider == "transfer"), None)
    claim = claim_of(transfer.id) if transfer else None
    can_pay = order.status is OrderStatus.PENDING and order.pay_by > clock.now()
    headline, next_step = _order_words(order, claim)
    return OrderPage(
        order=order,
        headline=headline,
        next_step=next_step,
        can_pay=can_pay,
        waits_for_card=can_pay and any(a.provider == "stripe" for a in open_ones),
        methods=methods_for(order.total) if can_pay else [],
        transfer=transfer if can_pay else None,
        claim=claim,
        refunds=list(refunds_of(order.id)),
    )


def _order_words(order: Order, claim: TransferClaim | None) -> tuple[str, str]:
    """A headline, and what happens next."""
    if order.refund_due > 0 and order.status is OrderStatus.CANCELLED:
        return "Pesanan dibatalkan", "Dana Anda sedang kami kembalikan."
    match order.status:
        case OrderStatus.PENDING if order.needs_review:
            return "Pembayaran Anda sedang kami periksa", "Kami menghubungi Anda lewat WhatsApp."
        case OrderStatus.PENDING if claim is not None and claim.status in _LOOKING:
            return "Bukti transfer sedang diperiksa", "Kami memeriksanya paling lambat hari kerja berikutnya."
        case OrderStatus.PENDING if order.pay_by <= clock.now():
            return "Batas waktu pembayaran sudah lewat", "Silakan pesan lagi bila masih berminat."
        case OrderStatus.PENDING:
            return (
                "Menunggu pembayaran",
                f"Bayar sebelum {moment(order.pay_by)}. Barang kami simpan sampai saat itu.",
            )
        case OrderStatus.PAID:
            return "Lunas, terima kasih", _parcels_words(order)
        case OrderStatus.COMPLETED:
            return "Pesanan selesai", "Semua kiriman sudah sampai di tangan Anda. Terima kasih."
        case OrderStatus.EXPIRED if order.needs_review:
            return (
                "Pembayaran Anda sedang kami periksa",
                "Dana Anda tercatat; kami menghubungi Anda.",
            )
        case OrderStatus.EXPIRED:
            return (
                "Pesanan kedaluwarsa",
                "Pembayaran tidak kami terima sampai batas waktunya. Silakan pesan lagi.",
            )
        case _:
            return "Pesanan dibatalkan", "Tidak ada yang perlu Anda lakukan."


_LOOKING = {ProofStatus.SUBMITTED, ProofStatus.CHECKED}


def _parcels_words(order: Order) -> str:
    moving = [parcel for parcel in order.parcels if parcel.status is ParcelStatus.SHIPPED]
    if moving and len(moving) == len(order.parcels):
        return "Semua kiriman sedang dalam perjalanan."
    return "Setiap Lapas menyiapkan kirimannya sendiri; perkembangannya ada di bawah."


def parcel_words(parcel: Parcel) -> str:
    """What is happening to a parcel, in one sentence."""
    place = parcel.facility.name
    match parcel.status:
        case ParcelStatus.WAITING:
            return f"Menunggu dikerjakan oleh {place}.{_ready_words(parcel)}"
        case ParcelStatus.PROCESSING:
            return f"Sedang disiapkan oleh {place}.{_ready_words(parcel)}"
        case ParcelStatus.PACKED if parcel.method is DeliveryMethod.PICKUP:
            return "Sudah dikemas, segera dapat diambil."
        case ParcelStatus.PACKED:
            return "Sudah dikemas, menunggu diserahkan kepada kurir."
        case ParcelStatus.SHIPPED:
            return f"Dikirim dengan {parcel.courier}, nomor resi {parcel.waybill}."
        case ParcelStatus.READY:
            return f"Siap diambil di {place}."
        case ParcelStatus.DELIVERED:
            return "Sudah sampai."
        case ParcelStatus.COLLECTED:
            return "Sudah diambil."
        case ParcelStatus.RETURNED:
            return "Dikembalikan ke Lapas."
        case _:
            return "Tidak jadi dikirim."


def _ready_words(parcel: Parcel) -> str:
    return (
        f" Dibuat sesuai pesanan, siap paling lambat {long_date(parcel.ready_by)}." if parcel.ready_by else ""
    )
