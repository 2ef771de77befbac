"""What a cart shows: lines by facility, what changed since adding, and what cannot be bought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Row, func, select

from storefront.cart.models import Cart, CartLine
from storefront.catalog.models import Product, ShippingClass, Supply, Variant
from storefront.catalog.queries.cards import newest
from storefront.catalog.queries.product import work_of
from storefront.catalog.queries.rows import CardRow
from storefront.core.boxes import Box, Goods, Packed, Sides, packed
from storefront.core.db import db
from storefront.core.gallery import public_or_none
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.core.money import rupiah
from storefront.core.pauses import Pause, pause_of
from storefront.core.tokens import token_hash
from storefront.facilities.models import Facility
from storefront.facilities.queries import boxes_of
from storefront.inventory.queries import availability, calendar
from storefront.promotions.queries import Basket, Reckoning, reckoned
from storefront.promotions.queries import Goods as OfferedGoods
from storefront.web.formats import long_date


@dataclass(frozen=True)
class LineRow:
    """One line as the buyer sees it. `problem` stops the checkout, `notices` only inform."""

    id: int
    variant_id: int
    product_id: int
    slug: str
    title: str
    options: str
    note: str
    sku: str
    photo: Picture | None
    workshop_id: int | None
    unit_price: int
    quantity: int
    weight: int
    sides: Sides | None  # cm, None when unknown
    shipping_class: ShippingClass
    made_to_order: bool
    lead_days: int
    weekly_capacity: int
    ready_by: date | None
    most: int
    is_unique: bool = False
    problem: str = ""
    notices: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Rupiah for the whole line."""
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class Group:
    """The lines of one facility: they will travel as one parcel."""

    facility_id: int
    code: str
    name: str
    slug: str
    town: str
    regency_code: str
    address: str
    pickup_hours: str
    lines: list[LineRow]
    boxes: Sequence[Box] = ()

    @property
    def subtotal(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def weight(self) -> int:
        """Grams of the whole parcel, with its box."""
        return self.packed.weight

    @property
    def volume(self) -> int:
        """Cubic centimetres of the whole parcel: of its box, or of what was measured of its goods."""
        return self.packed.volume

    @property
    def packed(self) -> Packed:
        """How it travels."""
        return packed(self.boxes, [Goods(line.quantity, line.weight, line.sides) for line in self.lines])

    @property
    def classes(self) -> set[ShippingClass]:
        return {line.shipping_class for line in self.lines}


@dataclass(frozen=True)
class CartView:
    """A whole cart, ready to be shown or bought."""

    id: int | None = None
    fair_id: int | None = None
    district_code: str | None = None
    code: str = ""  # of a voucher
    groups: list[Group] = field(default_factory=list)

    @property
    def lines(self) -> list[LineRow]:
        return [line for group in self.groups for line in group.lines]

    @property
    def subtotal(self) -> int:
        return sum(group.subtotal for group in self.groups)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def problems(self) -> list[str]:
        return [
            f"{line.title}: {line.problem[:1].lower()}{line.problem[1:]}"
            for line in self.lines
            if line.problem
        ]

    @property
    def has_notices(self) -> bool:
        return any(line.notices for line in self.lines)

    @property
    def goods(self) -> tuple[OfferedGoods, ...]:
        """The lines as promotions see them."""
        return tuple(
            OfferedGoods(line.id, line.product_id, group.facility_id, line.quantity, line.total)
            for group in self.groups
            for line in group.lines
        )


def contents(token: str | None) -> CartView:
    """The cart of a token; an empty one when there is none. Three queries, however many lines."""
    if not token:
        return CartView()
    cart = db.session.execute(
        select(Cart.id, Cart.fair_id, Cart.district_code, Cart.code).where(
            Cart.token_hash == token_hash(token), Cart.closed_at.is_(None)
        )
    ).one_or_none()
    return CartView() if cart is None else view_of(cart)


def view_of(cart: Cart | Row[int, int | None, str | None, str]) -> CartView:
    """The contents of a cart that is at hand. Two queries, however many lines."""
    return CartView(cart.id, cart.fair_id, cart.district_code, cart.code, _groups(_rows(cart.id)))


def offers_of(view: CartView) -> Reckoning:
    """What promotions take off the goods, before anybody knows what sending them costs."""
    return reckoned(Basket(view.goods, fair_id=view.fair_id, code=view.code))


def pieces(token: str | None) -> int:
    """How many pieces the cart holds: the number beside the cart sign."""
    if not token:
        return 0
    return (
        db.session.scalar(
            select(func.coalesce(func.sum(CartLine.quantity), 0))
            .join(CartLine.cart)
            .where(Cart.token_hash == token_hash(token), Cart.closed_at.is_(None))
        )
        or 0
    )


def from_others(view: CartView, limit: int = 4) -> list[CardRow]:
    """The newest products of facilities that are not in the cart yet: one more thing to discover."""
    here = [group.facility_id for group in view.groups]
    return newest(Product.facility_id.not_in(here), limit=limit)


def _rows(cart_id: int) -> Sequence[Row[CartLine, Variant, Product, Facility, Picture | None]]:
    return db.session.execute(
        select(CartLine, Variant, Product, Facility, Picture)
        .join(CartLine.variant)
        .join(Variant.product)
        .join(Product.facility)
        .outerjoin(Product.photo)
        .where(CartLine.cart_id == cart_id)
        .order_by(Facility.name, CartLine.id)
    ).all()


def _groups(
    rows: Sequence[Row[CartLine, Variant, Product, Facility, Picture | None]],
) -> list[Group]:
    made = {row.Variant.id: row.Product for row in rows if row.Product.supply is Supply.MADE_TO_ORDER}
    stock = availability({row.Variant.id for row in rows if row.Variant.id not in made})
    weeks = calendar(work_of(product) for product in made.values())
    wanted = _wanted(row.CartLine for row in rows)
    stock |= {variant_id: weeks.makeable(work_of(product)) for variant_id, product in made.items()}
    # In the order in which placing the order books them: who comes later in a week is ready later.
    in_turn = sorted(made, key=lambda variant_id: (made[variant_id].id, variant_id))
    ready = {key: weeks.take(work_of(made[key]), wanted[key]) for key in in_turn}
    measured = {row.Facility.id for row in rows if row.Variant.sides is not None}
    boxes = boxes_of(measured) if measured else {}
    groups: dict[int, Group] = {}
    for row in rows:
        place = row.Facility
        if place.id not in groups:
            groups[place.id] = Group(
                place.id, place.code, place.name, place.slug, place.town, place.regency_code,
                place.address, place.pickup_hours, [], boxes.get(place.id, ()),
            )  # fmt: skip
        key = row.Variant.id
        groups[place.id].lines.append(_line(row, stock.get(key, 0), wanted[key], ready.get(key)))
    return list(groups.values())


def _wanted(lines: Iterable[CartLine]) -> dict[int, int]:
    """Pieces per variant over all lines: the same variant in two lines counts together."""
    wanted: dict[int, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    return wanted


def _line(
    row: Row[CartLine, Variant, Product, Facility, Picture | None],
    rest: int,
    wanted: int,
    ready: date | None,
) -> LineRow:
    line, variant, product = row.CartLine, row.Variant, row.Product
    on_sale = product.is_on_sale and variant.is_active and row.Facility.is_open and variant.price is not None
    pause = pause_of(product, row.Facility)
    most = min(rest, product.max_per_order or rest) if on_sale and not pause else 0
    return LineRow(
        id=line.id,
        variant_id=variant.id,
        product_id=product.id,
        slug=product.slug,
        title=product.title,
        options=variant.label,
        note=line.note,
        sku=variant.sku,
        photo=public_or_none(row.Picture),
        workshop_id=product.workshop_id,
        unit_price=variant.price or line.price_seen,
        quantity=line.quantity,
        weight=variant.weight or 1,
        sides=variant.sides,
        shipping_class=product.shipping_class,
        made_to_order=product.supply is Supply.MADE_TO_ORDER,
        lead_days=product.lead_days or 0,
        weekly_capacity=product.weekly_capacity or 0,
        ready_by=ready,
        most=most,
        is_unique=product.is_unique,
        problem=_problem(on_sale=on_sale, pause=pause, most=most, wanted=wanted, limited=most < rest),
        notices=_price_notice(line.price_seen, variant.price),
    )


def pause_words(pause: Pause) -> str:
    """What a cart says of a product that takes no orders for a while."""
    return _("Dijeda sampai %(day)s: %(why)s", day=long_date(pause.until), why=pause.note)


def _problem(*, on_sale: bool, pause: Pause | None, most: int, wanted: int, limited: bool) -> str:
    if not on_sale:
        return _("Sedang tidak dijual. Hapus dari keranjang untuk melanjutkan.")
    if pause:
        return pause_words(pause) + " " + _("Hapus dari keranjang untuk melanjutkan.")
    if most <= 0:
        return _("Sudah habis. Hapus dari keranjang untuk melanjutkan.")
    if wanted > most:
        if limited:
            return _("Paling banyak %(n)s per pesanan. Kurangi jumlahnya untuk melanjutkan.", n=most)
        return _("Stok tinggal %(n)s. Kurangi jumlahnya untuk melanjutkan.", n=most)
    return ""


def _price_notice(seen: int, price: int | None) -> tuple[str, ...]:
    if price is None or price == seen:
        return ()
    words = {"before": rupiah(seen), "now": rupiah(price)}
    if price > seen:
        return (_("Harga naik dari %(before)s menjadi %(now)s sejak Anda menambahkannya.", **words),)
    return (_("Harga turun dari %(before)s menjadi %(now)s sejak Anda menambahkannya.", **words),)
