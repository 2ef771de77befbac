"""Changes to a cart. The browser holds a token; every function finds the cart by it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import contains_eager

from storefront.cart.models import Cart, CartLine
from storefront.cart.queries import pause_words
from storefront.catalog.models import Product, Supply, Variant
from storefront.catalog.queries.product import work_of
from storefront.core import clock
from storefront.core.db import db, for_update
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _
from storefront.core.pauses import pause_of
from storefront.core.tokens import new_token, token_hash
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.inventory.queries import availability, calendar
from storefront.promotions.queries import code_offer
from storefront.promotions.services import normal_code

MAX_LINES = 50
MAX_QUANTITY = 999


@dataclass(frozen=True)
class Added:
    """What became of an addition: the cart's token, and words when less was put in than asked."""

    token: str
    title: str
    quantity: int
    notice: str = ""


def add(
    token: str | None, variant_id: int, quantity: int, *, note: str = "", fair_id: int | None = None
) -> Added:
    """Put pieces of a variant into the cart, making the cart when the token is unknown.

    Puts in less, and says so, when fewer are left. Raises Invalid when nothing can be added and
    NotFound when the variant is not on sale.
    """
    if not 1 <= quantity <= MAX_QUANTITY:
        raise Invalid(
            {"jumlah": _("Tulis jumlah antara %(least)s dan %(most)s.", least=1, most=MAX_QUANTITY)}
        )
    with transaction():
        variant = _on_sale(variant_id)
        title = variant.product.title  # read here: the commit forgets it
        note = note if variant.product.personalisation else ""
        cart, token = _open(token, fair_id)
        lines = {(line.variant_id, line.note): line for line in cart.lines}
        in_cart = sum(line.quantity for line in cart.lines if line.variant_id == variant_id)
        allowed = most(variant) - in_cart
        if allowed <= 0:
            raise Invalid({"jumlah": _why_not(variant, in_cart)})
        taken = min(quantity, allowed)
        line = lines.get((variant_id, note))
        if line is not None:
            line.quantity += taken
        else:
            _add_line(cart, variant, taken, note)
        cart.updated_at = clock.now()
    notice = ""
    if taken < quantity:
        notice = _("Hanya %(n)s yang dapat ditambahkan. Kami sudah menyesuaikan jumlahnya.", n=taken)
    return Added(token, title, taken, notice)


def set_quantity(token: str | None, line_id: int, quantity: int) -> str:
    """Change a line's quantity; 0 removes it. Returns words when less was possible, else ''.

    Raises NotFound for a line of another cart and Invalid for a senseless number.
    """
    if not 0 <= quantity <= MAX_QUANTITY:
        raise Invalid(
            {"jumlah": _("Tulis jumlah antara %(least)s dan %(most)s.", least=0, most=MAX_QUANTITY)}
        )
    with transaction():
        cart = _mine(token)
        line = next((line for line in cart.lines if line.id == line_id), None)
        if line is None:
            raise NotFound
        cart.updated_at = clock.now()
        if quantity == 0:
            cart.lines.remove(line)
            return ""
        others = sum(x.quantity for x in cart.lines if x.variant_id == line.variant_id and x is not line)
        allowed = most(line.variant) - others
        if allowed <= 0:
            return _("Produk ini sedang tidak tersedia. Hapus dari keranjang untuk melanjutkan.")
        line.quantity = min(quantity, allowed)
        limited = line.variant.product.max_per_order == allowed + others
    if quantity > allowed:
        if limited:
            return _(
                "Paling banyak %(n)s per pesanan. Kami sudah menyesuaikan jumlahnya.", n=allowed + others
            )
        return _("Stok tinggal %(n)s. Kami sudah menyesuaikan jumlahnya.", n=allowed)
    return ""


def accept_changes(token: str | None) -> None:
    """The buyer has read what changed: today's prices are now the ones that were seen."""
    with transaction():
        for line in _mine(token).lines:
            line.price_seen = line.variant.price or line.price_seen


def set_district(token: str | None, code: str) -> None:
    """Remember the district that the goods go to."""
    with transaction():
        db.session.execute(
            update(Cart).where(Cart.token_hash == token_hash(token or "")).values(district_code=code)
        )


def set_code(token: str | None, typed: str) -> str:
    """Remember a voucher's code; '' forgets it. Returns the code as it is kept.

    A code whose minimum is not reached yet stays, and the cart says what is missing. Raises Invalid for
    one that nobody knows or that is over, NotFound without a cart.
    """
    code = normal_code(typed)
    if code:
        offer = code_offer(code)
        if offer is None:
            raise Invalid({"kode": _("Kode ini tidak kami kenal. Periksa huruf dan angkanya.")})
        if offer.refused:
            raise Invalid({"kode": _("Kode ini tidak dapat dipakai. %(why)s", why=offer.refused)})
    with transaction():
        _mine(token).code = code
    return code


def most(variant: Variant) -> int:
    """How many pieces of a variant one order can have now: stock, capacity and the product's limit."""
    product = variant.product
    if pause_of(product, product.facility):
        return 0
    if product.supply is Supply.MADE_TO_ORDER:
        work = work_of(product)
        rest = calendar([work]).makeable(work)
    else:
        rest = availability([variant.id]).get(variant.id, 0)
    return min(rest, product.max_per_order or MAX_QUANTITY, MAX_QUANTITY)


def delete_stale(days: int = 90) -> int:
    """Forget carts that nobody touched for so long; returns how many.

    Of one that became an order only what was in it: its id stays taken, because the order is found by it
    and SQLite would give the highest id once more, to a stranger.
    """
    stale = Cart.updated_at < clock.now() - timedelta(days=days)
    bought = select(Cart.id).where(stale, Cart.closed_at.is_not(None))
    with transaction():
        db.session.execute(delete(CartLine).where(CartLine.cart_id.in_(bought)))
        gone = db.session.execute(
            delete(Cart).where(stale, Cart.closed_at.is_(None)).returning(Cart.id)
        ).all()
    return len(gone)


def _by_token(token: str | None) -> Select[Cart]:
    return select(Cart).where(Cart.token_hash == token_hash(token or ""), Cart.closed_at.is_(None))


def _on_sale(variant_id: int) -> Variant:
    variant = db.session.scalar(
        select(Variant)
        .join(Variant.product)
        .join(Product.facility)
        .options(contains_eager(Variant.product).contains_eager(Product.facility))
        .where(
            Variant.id == variant_id,
            Variant.is_active,
            Product.is_on_sale,
            Facility.is_open,
        )
    )
    if variant is None:
        raise NotFound(_("Produk ini sedang tidak dijual."))
    return variant


def _open(token: str | None, fair_id: int | None) -> tuple[Cart, str]:
    cart = db.session.scalar(for_update(_by_token(token)))
    if cart is None or token is None:
        token = new_token()
        moment = clock.now()
        cart = Cart(token_hash=token_hash(token), created_at=moment, updated_at=moment)
        db.session.add(cart)
    if fair_id is not None:
        cart.fair_id = fair_id
    return cart, token


def _mine(token: str | None) -> Cart:
    cart = db.session.scalar(for_update(_by_token(token)))
    if cart is None:
        raise NotFound(_("Keranjang ini sudah tidak ada."))
    return cart


def _add_line(cart: Cart, variant: Variant, quantity: int, note: str) -> None:
    if len(cart.lines) >= MAX_LINES:
        raise Invalid({"jumlah": _("Keranjang memuat paling banyak %(n)s jenis barang.", n=MAX_LINES)})
    cart.lines.append(
        CartLine(
            variant_id=variant.id,
            quantity=quantity,
            note=note,
            price_seen=variant.price or 0,
            added_at=clock.now(),
        )
    )


def _why_not(variant: Variant, in_cart: int) -> str:
    if pause := pause_of(variant.product, variant.product.facility):
        return pause_words(pause)
    if in_cart:
        return _("Semua yang tersedia (%(n)s) sudah ada di keranjang Anda.", n=in_cart)
    return _("%(title)s sudah habis.", title=variant.product.title)
