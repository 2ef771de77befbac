"""Prices, stocks or statuses of many things changed at once: first shown, then done, all or none."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from storefront.bulk.models import BulkEdit
from storefront.bulk.services.surroundings import hold
from storefront.catalog.models import Product, ProductStatus, Supply, Variant
from storefront.catalog.services import (
    STATUS_WORDS,
    missing_for_publication,
    submit_product,
    take_back,
    update_variant,
    withdraw_product,
)
from storefront.catalog.services.variants import MAX_PRICE
from storefront.core import clock
from storefront.core.db import db, insert_once
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, _n, lazy
from storefront.core.transactions import transaction
from storefront.inventory.models import Location, LocationKind, StockLevel
from storefront.inventory.services import count, receive

MOST = 100
"""Lines in one go: more is done by an import."""
MAX_STOCK = 100_000
_STEP = 100
_MARK = re.compile(r"([0-9]{1,18}):")


class Kind(StrEnum):
    PRICE = "price"
    PERCENT = "percent"
    COUNT = "count"
    RECEIVE = "receive"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    WITHDRAW = "withdraw"


KIND_WORDS = {
    Kind.PRICE: lazy("Pasang harga (Rp)"),
    Kind.PERCENT: lazy("Naik atau turunkan harga (persen)"),
    Kind.COUNT: lazy("Stok hasil hitung (buah di rak)"),
    Kind.RECEIVE: lazy("Barang masuk dari bengkel (buah)"),
    Kind.SUBMIT: lazy("Kirim untuk kurasi"),
    Kind.TAKE_BACK: lazy("Tarik kembali dari kurasi"),
    Kind.WITHDRAW: lazy("Tarik dari toko"),
}
BOUNDS: dict[Kind, tuple[int, int]] = {
    Kind.PRICE: (1, MAX_PRICE),
    Kind.PERCENT: (-90, 500),
    Kind.COUNT: (0, MAX_STOCK),
    Kind.RECEIVE: (1, MAX_STOCK),
}
"""What may be asked for: rupiah, per cent, pieces. The other kinds ask for no number."""
PRICES = {Kind.PRICE, Kind.PERCENT}
STOCKS = {Kind.COUNT, Kind.RECEIVE}
_TO = {
    Kind.SUBMIT: ProductStatus.SUBMITTED,
    Kind.TAKE_BACK: ProductStatus.DRAFT,
    Kind.WITHDRAW: ProductStatus.ARCHIVED,
}
_FROM = {
    Kind.SUBMIT: {ProductStatus.DRAFT, ProductStatus.RETURNED},
    Kind.TAKE_BACK: {ProductStatus.SUBMITTED},
    Kind.WITHDRAW: {ProductStatus.PUBLISHED, ProductStatus.DRAFT, ProductStatus.RETURNED},
}


class Moved(DomainError):
    """Something is not as it was shown any more."""

    default = lazy("Ada yang berubah sejak halaman ini dibuka. Lihat sekali lagi, lalu simpan.")


class Change(NamedTuple):
    """What would become of one variant (or its product): before, after, or why not."""

    variant_id: int
    product_id: int
    name: str
    sku: str
    before: int | str | None
    after: int | str | None
    problem: str = ""

    @property
    def mark(self) -> str:
        """What was shown, as the confirmation sends it back."""
        return f"{self.variant_id}:{self.before}:{self.after}"


def leaps(kind: Kind, change: Change) -> bool:
    """Does a price fall below half or rise above double? A nought too few or too many looks like that."""
    before, after = change.before, change.after
    if kind not in PRICES or not isinstance(before, int) or not isinstance(after, int):
        return False
    return after * 2 < before or after > before * 2


def plan(facility_id: int, kind: Kind, amount: int | None, variant_ids: Sequence[int]) -> list[Change]:
    """What the edit would do to these variants of the facility; others' ids are simply not there.

    Raises Invalid at `amount` or `items`.
    """
    bounds = BOUNDS.get(kind)
    if bounds and (amount is None or not bounds[0] <= amount <= bounds[1]):
        raise Invalid({"amount": _("Isi angka %(least)s sampai %(most)s.", least=bounds[0], most=bounds[1])})
    if len(variant_ids) > MOST:
        raise Invalid({"items": _("Paling banyak %(most)s barang sekaligus.", most=MOST)})
    variants = _variants(facility_id, variant_ids)
    if not variants:
        raise Invalid({"items": _("Pilih paling sedikit satu barang.")})
    if kind in PRICES:
        return [_price(variant, kind, amount or 0) for variant in variants]
    if kind in STOCKS:
        levels = _levels(facility_id, [variant.id for variant in variants])
        return [_stock(variant, kind, amount or 0, levels.get(variant.id)) for variant in variants]
    products = {variant.product_id: variant for variant in reversed(variants)}
    return [_status(products[key], kind) for key in sorted(products)]


def apply_edit(
    facility_id: int, actor_id: int, kind: Kind, amount: int | None, *, marks: Sequence[str], once: str
) -> list[Change]:
    """Do what was shown (`marks` of the changes), all of it or nothing; again under one `once` does nothing.

    Returns the changes. Raises Moved when something is not as it was shown, and what the services raise.
    """
    ids = [int(found[1]) for mark in marks if (found := _MARK.match(mark))]
    if not (once.isprintable() and 0 < len(once) <= 64):
        raise Moved
    with transaction():
        insert_once(
            BulkEdit, facility_id=facility_id, once=once, kind=kind.value, changes=[], actor_id=actor_id,
            at=clock.now(),
        )  # fmt: skip
        mine = BulkEdit.__table__.c
        kept = db.session.scalars(
            select(BulkEdit).where(mine.facility_id == facility_id, mine.once == once).with_for_update()
        ).one()
        if kept.changes:
            return [Change(*change) for change in kept.changes]
        hold(facility_id, Variant.id.in_(ids))  # what is compared with the marks stays until it is done
        changes = [change for change in plan(facility_id, kind, amount, ids) if not change.problem]
        if not changes or [change.mark for change in changes] != list(marks):
            raise Moved
        for change in changes:
            _DO[kind](facility_id, actor_id, change, amount or 0)
        kept.changes = [list(change) for change in changes]
    return changes


def _variants(facility_id: int, variant_ids: Sequence[int]) -> Sequence[Variant]:
    return db.session.scalars(
        select(Variant)
        .join(Variant.product)
        .options(joinedload(Variant.product))
        .where(Product.facility_id == facility_id, Variant.id.in_(variant_ids), Variant.is_active)
        .order_by(Variant.product_id, Variant.position, Variant.id)
        .execution_options(populate_existing=True)
    ).all()


def _levels(facility_id: int, variant_ids: Sequence[int]) -> dict[int, StockLevel]:
    rows = db.session.scalars(
        select(StockLevel)
        .join(StockLevel.location)
        .where(
            Location.facility_id == facility_id,
            Location.kind == LocationKind.STOREROOM,
            StockLevel.variant_id.in_(variant_ids),
        )
        .execution_options(populate_existing=True)
    )
    return {level.variant_id: level for level in rows}


def _change(variant: Variant, before: int | str | None, after: int | str | None, problem: str = "") -> Change:
    name = " – ".join(part for part in (variant.product.title, variant.label) if part)
    if not problem and before == after:
        problem = _("Tidak berubah.")
    if variant.product.status is ProductStatus.ARCHIVED:
        problem = _("Produk ini sudah ditarik.")
    return Change(variant.id, variant.product_id, name, variant.sku, before, after, problem)


def _price(variant: Variant, kind: Kind, amount: int) -> Change:
    """Per cent are rounded to whole hundreds of rupiah, halves up."""
    if kind is Kind.PRICE:
        return _change(variant, variant.price, amount)
    if variant.price is None:
        return _change(variant, None, None, _("Belum ada harga."))
    scaled = variant.price * (100 + amount)
    after = max(_STEP, (scaled + 50 * _STEP) // (100 * _STEP) * _STEP)
    too_much = _("Harga menjadi terlalu besar.") if after > MAX_PRICE else ""
    return _change(variant, variant.price, after, too_much)


def _stock(variant: Variant, kind: Kind, amount: int, level: StockLevel | None) -> Change:
    before = level.on_hand if level else None
    if variant.product.supply is Supply.MADE_TO_ORDER:
        return _change(variant, None, None, _("Dibuat setelah dipesan: tidak punya stok."))
    after = amount if kind is Kind.COUNT else (before or 0) + amount
    if level is not None and after < level.reserved:
        held = _n("Ada %(n)s buah yang sedang dipesan. Batalkan pesanannya dahulu.", level.reserved)
        return _change(variant, before, after, held)
    return _change(variant, before, after)


def _status(variant: Variant, kind: Kind) -> Change:
    product = variant.product
    before, after = product.status, _TO[kind]
    problem = ""
    if before not in _FROM[kind]:
        problem = _("Sekarang “%(now)s”.", now=STATUS_WORDS[before])
    elif kind is Kind.SUBMIT and (missing := missing_for_publication(product)):
        problem = _("Masih kurang: %(what)s.", what=", ".join(missing))
    return Change(variant.id, product.id, product.title, variant.sku, before.value, after.value, problem)


def _set_price(_facility_id: int, actor_id: int, change: Change, _amount: int) -> None:
    update_variant(change.product_id, change.variant_id, actor_id, price=int(change.after or 0))


def _count(facility_id: int, actor_id: int, change: Change, amount: int) -> None:
    count(facility_id, change.variant_id, amount, actor_id=actor_id)


def _receive(facility_id: int, actor_id: int, change: Change, amount: int) -> None:
    receive(facility_id, change.variant_id, amount, actor_id=actor_id)


def _submit(_facility_id: int, actor_id: int, change: Change, _amount: int) -> None:
    submit_product(change.product_id, actor_id)


def _take_back(_facility_id: int, actor_id: int, change: Change, _amount: int) -> None:
    take_back(change.product_id, actor_id)


def _withdraw(_facility_id: int, actor_id: int, change: Change, _amount: int) -> None:
    withdraw_product(change.product_id, actor_id)


_DO: dict[Kind, Callable[[int, int, Change, int], None]] = {
    Kind.PRICE: _set_price,
    Kind.PERCENT: _set_price,
    Kind.COUNT: _count,
    Kind.RECEIVE: _receive,
    Kind.SUBMIT: _submit,
    Kind.TAKE_BACK: _take_back,
    Kind.WITHDRAW: _withdraw,
}
