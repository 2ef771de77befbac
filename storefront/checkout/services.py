"""Placing an order: one transaction in which everything is looked at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.cart import services as cart_services
from storefront.cart.models import Cart
from storefront.cart.queries import CartView, Group, LineRow, view_of
from storefront.checkout.queries import ParcelPlan, Plan, Way, bill_for, is_possible, make_plan
from storefront.core import clock
from storefront.core.db import db, for_update
from storefront.core.errors import DomainError, Invalid, NotFound, Unavailable
from storefront.core.gallery import held_keys
from storefront.core.language import _, language, lazy
from storefront.core.privatephotos import store_private
from storefront.core.storage import storage
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import is_inside, transaction
from storefront.facilities.models import Workshop
from storefront.inventory.services import Wish, hold
from storefront.orders.models import DeliveryMethod, Order, OrderDiscount, OrderLine, Parcel, ParcelItem
from storefront.orders.queries import by_cart
from storefront.orders.services import letters, new_number, record
from storefront.orders.services.claims import owner_of
from storefront.payments.services.attempts import hold_until, shown_attempt
from storefront.payments.services.free import settle_free
from storefront.payments.services.transfers import submit_proof
from storefront.promotions.services import Person, person_of, take

MOST_PER_ORDER = 2_000_000_000
"""Rupiah, without a transfer's unique code: what a sum of the tables holds (32 bits on PostgreSQL)."""


class EmptyCart(DomainError):
    """There is nothing to buy."""

    default = lazy("Keranjang Anda masih kosong.")


class CartChanged(DomainError):
    """Something in the cart cannot be bought as it is; the cart page says what."""

    default = lazy("Ada yang berubah di keranjang Anda. Periksa dahulu, lalu lanjutkan.")


class TotalChanged(DomainError):
    """The sum is not the one that the buyer agreed to."""

    default = lazy("Totalnya berubah sejak Anda membuka halaman ini. Periksa lagi, lalu tekan Bayar.")


class TooMuch(DomainError):
    """More than one order can hold."""

    default = lazy(
        "Pesanan sebesar ini dilayani langsung oleh Kantor Wilayah. Kurangi jumlahnya, atau hubungi kami."
    )


class WayGone(TotalChanged):
    """A service or a day of delivery that the buyer chose is not possible any more."""

    default = lazy("Pilihan pengiriman Anda sudah tidak tersedia. Pilih lagi, lalu tekan Bayar.")


@dataclass(frozen=True)
class Buyer:
    """Who buys and where it goes. `address` is empty when everything is collected."""

    name: str
    phone: str
    email: str = ""
    address: dict[str, Any] = field(default_factory=dict)
    district_code: str | None = None


@dataclass(frozen=True)
class Placed:
    """The order that a cart became, now or by an earlier click."""

    id: int
    number: str
    token: str
    is_new: bool


def place_order(
    cart_token: str, buyer: Buyer, *, payment_method: str, pickups: frozenset[int] = frozenset(),
    ways: Mapping[int, Way] | None = None,
    seen_total: int | None = None, channel: str = "web", is_demo: bool = False, buyer_id: int | None = None,
) -> Placed:  # fmt: skip
    """Turn a cart into a pending order with its stock held, or leave everything as it was.

    Ten clicks or two tabs give the same order: the cart's row is locked first, and it is closed together
    with placing its order. `pickups` are the facilities where the buyer collects, `ways` how others bring
    it; `seen_total` is the sum that the button showed. The order is `buyer_id`'s, or of whose e-mail address
    it has; its letters are written in the language of the moment. One that promotions bear whole is paid at
    once.
    Raises EmptyCart, CartChanged, TooMuch, TotalChanged, OfferGone, OutOfStock, Invalid.
    """
    place = partial(
        _place, cart_token, buyer, payment_method=payment_method, pickups=pickups, ways=ways or {},
        seen_total=seen_total, channel=channel, is_demo=is_demo, buyer_id=buyer_id,
    )  # fmt: skip
    try:
        return place()
    except IntegrityError:  # of two orders that drew the same number, the second draws again
        if is_inside():
            raise
        return place()


def _place(
    cart_token: str, buyer: Buyer, *, payment_method: str, pickups: frozenset[int], ways: Mapping[int, Way],
    seen_total: int | None, channel: str, is_demo: bool, buyer_id: int | None,
) -> Placed:  # fmt: skip
    with transaction():
        cart = db.session.scalar(for_update(select(Cart).filter_by(token_hash=token_hash(cart_token))))
        if cart is None:
            raise EmptyCart
        if cart.closed_at is not None:
            return _standing(cart)
        view = view_of(cart)
        _check(view)
        person = person_of(buyer.phone, buyer.email)
        plan = make_plan(view, buyer.district_code, pickups, ways, person.keys)
        _refuse_huge(plan)
        _agree(plan, ways, seen_total)
        order = _order(cart, view, plan, buyer, payment_method=payment_method, channel=channel)
        order.is_demo = is_demo
        order.buyer_id = buyer_id or owner_of(buyer.email)
        db.session.add(order)
        db.session.flush()
        record(order, "order", after=order.status)
        letters.write("placed", order)
        cart.closed_at = clock.now()
        db.session.flush()
        _take_off(order, view.lines, plan, person)
        _promise(order, view.lines)
        if order.total == 0:
            settle_free(order)
        return Placed(order.id, order.number, order.token, is_new=True)  # read here: the commit forgets it


def _standing(cart: Cart) -> Placed:
    """The order that a closed cart became. Raises EmptyCart where there is none."""
    order = by_cart(cart.id)
    if order is None:
        raise EmptyCart
    return Placed(order.id, order.number, order.token, is_new=False)


def _check(view: CartView) -> None:
    if not view.lines:
        raise EmptyCart
    if view.problems:
        raise CartChanged(f"{view.problems[0][0].upper()}{view.problems[0][1:]}")


def _refuse_huge(plan: Plan) -> None:
    """Raises TooMuch for a sum that is no order of a shop any more, nor fits into its tables."""
    if plan.subtotal + plan.shipping > MOST_PER_ORDER:
        raise TooMuch


def _agree(plan: Plan, ways: Mapping[int, Way], seen_total: int | None) -> None:
    """Is it still what the buyer saw and agreed to? Raises WayGone, Invalid, TotalChanged."""
    if not is_possible(plan, ways):
        raise WayGone
    if plan.needs_district:
        raise Invalid({"tujuan": _("Tulis kecamatan tujuan kiriman.")})
    if seen_total is not None and seen_total != plan.total:
        raise TotalChanged


def _order(
    cart: Cart, view: CartView, plan: Plan, buyer: Buyer, *, payment_method: str, channel: str
) -> Order:
    moment = clock.now()
    order = Order(
        number=new_number(),
        token=new_token(),
        cart_id=cart.id,
        channel=channel,
        fair_id=cart.fair_id,
        customer_name=buyer.name,
        phone=buyer.phone,
        email=buyer.email,
        method=DeliveryMethod.DELIVERY if plan.needs_address else DeliveryMethod.PICKUP,
        address=buyer.address if plan.needs_address else {},
        subtotal=plan.subtotal,
        shipping=plan.shipping,
        discount=plan.offers.discount,
        total=plan.total,
        language=language(),
        payment_method=payment_method,
        pay_by=hold_until(payment_method, bill_for(plan)),
        placed_at=moment,
    )
    workshops = _workshop_names(view.lines)
    photos = held_keys({line.photo.key for line in view.lines if line.photo})
    for number, parcel in enumerate(plan.parcels, start=1):
        order.parcels.append(_parcel(order, number, parcel, workshops, photos))
    return order


def _parcel(
    order: Order, number: int, plan: ParcelPlan, workshops: dict[int, str], photos: set[str]
) -> Parcel:
    group = plan.group
    parcel = Parcel(
        facility_id=group.facility_id,
        code=f"{order.number}-{number}",
        method=plan.method,
        service=plan.quote.service,
        service_label=plan.quote.label,
        days_min=plan.quote.days_min,
        days_max=plan.quote.days_max,
        shipping_cost=plan.quote.cost,
        weight=group.weight,
        deliver_on=plan.day,
        ready_by=max((line.ready_by for line in group.lines if line.ready_by), default=None),
    )
    for line in group.lines:
        copied = _line(group, line, workshops, photos)
        order.lines.append(copied)
        parcel.items.append(ParcelItem(line=copied, quantity=copied.quantity))
    return parcel


def _line(group: Group, line: LineRow, workshops: dict[int, str], photos: set[str]) -> OrderLine:
    """Everything that was sold, copied: later changes of the product change no order.

    `photos` are the pictures that are still public; one that was taken down meanwhile is not copied.
    """
    photo = line.photo if line.photo and line.photo.key in photos else None
    return OrderLine(
        facility_id=group.facility_id,
        variant_id=line.variant_id,
        sku=line.sku,
        title=line.title,
        options=line.options,
        note=line.note,
        workshop=workshops.get(line.workshop_id or 0, ""),
        facility_name=group.name,
        photo=None
        if photo is None
        else {"key": photo.key, "alt": photo.alt, "width": photo.width, "height": photo.height,
              "tone": photo.tone, "widths": photo.widths, "has_avif": photo.has_avif},
        unit_price=line.unit_price,
        quantity=line.quantity,
        total=line.total,
        weight=line.weight,
        made_to_order=line.made_to_order,
        ready_by=line.ready_by,
    )  # fmt: skip


def _take_off(order: Order, lines: Sequence[LineRow], plan: Plan, person: Person) -> None:
    """Write down what promotions took off and who bears it, and hold their uses. Raises OfferGone."""
    sold = {line.id: copied.id for line, copied in zip(lines, order.lines, strict=True)}
    sent = {parcel.facility_id: parcel.id for parcel in order.parcels}
    for share in plan.offers.shares:
        offer = share.offer
        facts = {
            "order_id": order.id, "promotion_id": offer.id, "label": offer.name, "code": offer.code,
            "funder": offer.funder, "facility_id": offer.facility_id,
        }  # fmt: skip
        goods = (OrderDiscount(order_line_id=sold[key], amount=n, **facts) for key, n in share.lines.items())
        sending = (OrderDiscount(parcel_id=sent[key], amount=n, **facts) for key, n in share.parcels.items())
        db.session.add_all([*goods, *sending])
    take(order.id, {share.offer.id: share.amount for share in plan.offers.shares}, person)


def _promise(order: Order, lines: Sequence[LineRow]) -> None:
    """Hold the stock last: the hottest rows are locked for the shortest time."""
    places = {line.variant_id: line.facility_id for line in order.lines}
    wishes = [
        Wish(
            variant_id=line.variant_id,
            product_id=line.product_id,
            facility_id=places[line.variant_id],
            title=line.title,
            quantity=line.quantity,
            made_to_order=line.made_to_order,
            lead_days=line.lead_days,
            weekly_capacity=line.weekly_capacity,
            workshop_id=line.workshop_id,
        )
        for line in lines
    ]
    hold(order.id, wishes, until=order.pay_by)


def _workshop_names(lines: Sequence[LineRow]) -> dict[int, str]:
    ids = {line.workshop_id for line in lines if line.workshop_id is not None}
    if not ids:
        return {}
    return dict(db.session.execute(select(Workshop.id, Workshop.name).where(Workshop.id.in_(ids))).all())


def buy_again(order_id: int, cart_token: str | None) -> tuple[str | None, list[tuple[str, str]]]:
    """Add what an order had, as far as it is still sold, to a cart.

    Returns the cart's token and, for the page, (kind, sentence): what was added, what not and why.
    """
    lines = db.session.scalars(select(OrderLine).filter_by(order_id=order_id).order_by(OrderLine.id)).all()
    wishes = [(line.variant_id, line.title, line.quantity, line.note) for line in lines]
    added, words = 0, []
    for variant_id, title, quantity, note in wishes:
        try:
            if variant_id is None:
                raise NotFound(_("Produk ini sedang tidak dijual."))
            result = cart_services.add(cart_token, variant_id, quantity, note=note)
        except DomainError as error:
            words.append(("info", _("%(title)s tidak ditambahkan: %(why)s", title=title, why=error.message)))
            continue
        cart_token, added = result.token, added + 1
        if result.notice:
            words.append(("info", f"{title}: {result.notice}"))
    if added == len(wishes):
        words.insert(0, ("success", _("Semua barang dari pesanan itu ada di keranjang.")))
    elif added:
        words.insert(0, ("success", _("Barang yang masih dijual ada di keranjang.")))
    return cart_token, words


def send_proof(order_id: int, data: bytes, *, sender: str) -> None:
    """Keep the proof of a transfer or a QRIS payment, privately and without the metadata of its photo.

    Raises BadPicture (Invalid) for anything that is not a picture, NotPayable when the order no
    longer waits, AlreadyDecided when an officer is looking; then no file is left behind. While too many
    photos are read that is said at the field `bukti`.
    """
    try:
        key = store_private(data, "private/bukti")
    except Unavailable as error:
        raise Invalid({"bukti": str(error)}) from error
    try:
        submit_proof(shown_attempt(order_id), key, sender=sender)
    except BaseException:
        storage().delete(key)
        raise
