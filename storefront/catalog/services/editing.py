"""What every change of a product has in common: the lock, the copied columns, the trace."""

from collections.abc import Iterator
from contextlib import contextmanager

from storefront.catalog.models import CurationEvent, Product, ProductStatus, Supply
from storefront.catalog.services import permits
from storefront.catalog.services.cards import order_cards
from storefront.catalog.services.index import index_product
from storefront.catalog.services.photo_states import fit_photos, public_photos
from storefront.catalog.services.traces import trace
from storefront.core import auditlog, clock
from storefront.core.db import db
from storefront.core.errors import DomainError, Invalid
from storefront.core.language import _, lazy
from storefront.core.transactions import held, touch, transaction
from storefront.inventory.queries import is_counted

MAX_COMMENT = 500


class Withdrawn(DomainError):
    """A withdrawn product is not edited; it is started again first."""

    default = lazy("Produk ini sudah ditarik. Mulai lagi dulu sebelum mengubahnya.")


class Incomplete(Invalid):
    """Something is missing that every product on sale has; `missing` lists it."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("Masih kurang: %(what)s.", what=", ".join(missing)))


@contextmanager
def editing(product_id: int, actor_id: int | None, *what: str, rewords: bool = True) -> Iterator[Product]:
    """Change a product inside one transaction: locked before, its copied columns true afterwards.

    An edit of a published product applies at once, because sending it back to curation would empty
    the shelf; the office sees it as an event from published to published that says `what` changed
    (marked texts, kept in the language of the source). Without `rewords` only figures change: what it is
    found by stays, and so does the index.
    Raises NotFound, Withdrawn, and Incomplete when a product on sale would lose what it needs; what it misses
    already, because a permit ended, keeps nobody from mending it.
    """
    with transaction():
        product = held(Product, product_id)
        if product.status is ProductStatus.ARCHIVED:
            raise Withdrawn
        before = _prices(product)
        on_sale = product.status is ProductStatus.PUBLISHED
        missed = missing_for_publication(product, stock=False) if on_sale else []
        with db.session.no_autoflush:  # the CHECKs must not speak before our own, kinder words do
            yield product
            missing = missing_for_publication(product, stock=False) if on_sale else []
            if lost := [name for name in missing if name not in missed]:
                raise Incomplete(lost)
            copy_down(product)
        product.updated_at = clock.now()
        _enter_prices(product, before, actor_id)
        if on_sale:
            record(product, product.status, actor_id, trace(what))
            if rewords:
                index_product(product)
            else:
                order_cards([product.id])
            touch("catalog")


def _prices(product: Product) -> dict[str, int]:
    return {variant.sku: variant.price for variant in product.variants if variant.price is not None}


def _enter_prices(product: Product, before: dict[str, int], actor_id: int | None) -> None:
    """A changed price in the audit log, by SKU: what it was and what it is; None where there is none."""
    after = _prices(product)
    changed = {
        sku: [before.get(sku), after.get(sku)]
        for sku in sorted({*before, *after})
        if before.get(sku) != after.get(sku)
    }
    if changed:
        auditlog.write(
            "price.changed", "product", product.id, actor_id=actor_id, facility_id=product.facility_id,
            prices=changed,
        )  # fmt: skip


def copy_down(product: Product) -> None:
    """Keep prices and `photo_id` what the variants and photos say, and `sold_until` what the permits do."""
    prices = [v.price for v in product.variants if v.is_active and v.price is not None]
    product.price_from = min(prices, default=None)
    product.price_to = max(prices, default=None)
    shown = public_photos(product) or product.photos
    first = min(shown, key=lambda photo: photo.position, default=None)
    product.photo = first.picture if first else None
    product.sold_until = permits.sold_until(product)


def missing_for_publication(product: Product, *, stock: bool = True) -> list[str]:
    """What a product still needs before the public may see it, in words for the facility.

    Without `stock` it is not asked whether every variant was counted: a variant that joins a
    product on sale simply counts as sold out until it is.
    """
    active = [variant for variant in product.variants if variant.is_active]
    facts = [
        (_("judul"), bool(product.title.strip())),
        (_("ringkasan"), bool(product.summary.strip())),
        (_("kategori"), product.category_id is not None),
        (_("foto"), bool(fit_photos(product))),
        (_("harga"), bool(active) and all(v.price is not None for v in active)),
        (_("berat"), bool(active) and all(v.weight is not None for v in active)),
        (_("cara penyediaan (stok siap atau dibuat setelah dipesan)"), product.supply is not None),
    ]
    if product.supply is Supply.MADE_TO_ORDER:
        facts.append((_("lama pengerjaan"), product.lead_days is not None))
        facts.append((_("kapasitas per minggu"), product.weekly_capacity is not None))
    if product.supply is Supply.READY and stock:
        counted = is_counted([v.id for v in active])
        facts.append((_("stok setiap varian dihitung"), all(v.id in counted for v in active)))
    return [name for name, there in facts if not there] + permits.lacking_words(product)


def record(
    product: Product, before: ProductStatus | None, actor_id: int | None, comment: str = ""
) -> CurationEvent:
    """Write down who moved (or edited) a product, in the same transaction, and in the audit log."""
    action = "created" if before is None else "edited" if before is product.status else product.status.value
    auditlog.write(
        f"product.{action}", "product", product.id, actor_id=actor_id, facility_id=product.facility_id,
        before=before, price_from=product.price_from, comment=comment.strip()[:MAX_COMMENT],
    )  # fmt: skip
    event = CurationEvent(
        product_id=product.id,
        from_status=before,
        to_status=product.status,
        actor_id=actor_id,
        comment=comment.strip()[:MAX_COMMENT],
        at=clock.now(),
    )
    db.session.add(event)
    return event
