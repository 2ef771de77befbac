"""The way of a staged change: submitted, returned with a comment, asked for by the office, approved.

Always the product is locked first, then its change: who decides and who withdraws at the same moment
queue up, and the second finds what the first did.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from storefront.catalog.models import (
    NEXT_CHANGE,
    ChangeEvent,
    ChangePhoto,
    ChangeStatus,
    ChangeStep,
    Product,
    ProductChange,
    ProductPhoto,
    ShippingClass,
)
from storefront.catalog.services.curation import Changed
from storefront.catalog.services.diffs import PART_WORDS, PARTS, WORDS, diff, document, laid_over, moved_on
from storefront.catalog.services.editing import editing
from storefront.catalog.services.gate import RejectedPhoto, let_in
from storefront.catalog.services.products import LABELS, checked_details, write_details
from storefront.catalog.services.staging import alive_change, drop_unused, is_live
from storefront.catalog.services.staging_photos import pictures_of
from storefront.catalog.services.variants import VariantDetails, put_variant, rename_options
from storefront.catalog.services.verdicts import tell
from storefront.catalog.services.wordcheck import refuse_words
from storefront.core import auditlog, clock
from storefront.core.db import db, found, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.gallery import PublicCopy, drop_picture, is_hidden, public_copies, reveal
from storefront.core.language import _, lazy
from storefront.core.transactions import transaction

CHANGE_WORDS = {
    ChangeStatus.OPEN: lazy("Belum dikirim"),
    ChangeStatus.SUBMITTED: lazy("Menunggu Kanwil"),
    ChangeStatus.RETURNED: lazy("Perlu diperbaiki"),
    ChangeStatus.APPROVED: lazy("Disetujui"),
    ChangeStatus.WITHDRAWN: lazy("Dibuang"),
}
"""What each status of a change is called on the screen."""

LONGEST_COMMENT = 500
DECISIONS = (ChangeStep.APPROVED, ChangeStep.RETURNED, ChangeStep.REQUESTED)
"""Steps of the office: the facility gets a letter about these."""
TRACES = LABELS | {
    "option_names": lazy("pilihan varian"),
    "forms": lazy("varian baru"),
    "photos": lazy("foto"),
}


class WrongChangeStep(DomainError):
    """The change is not where this step starts: somebody was faster, or the page was old."""

    def __init__(self, status: ChangeStatus) -> None:
        super().__init__(
            _("Perubahan ini sekarang “%(status)s”. Lihat keadaannya dulu.", status=CHANGE_WORDS[status])
        )


class NotOnSale(DomainError):
    """Only what the public sees has staged changes decided."""

    default = lazy("Produk ini sedang tidak tayang, jadi perubahannya belum dapat diputuskan.")


class NothingChanged(DomainError):
    """There is no change to submit."""

    default = lazy("Belum ada yang diubah.")


class MovedOn(DomainError):
    """The product says something else by now than when the change was written; `parts` names where."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = list(parts)
        words = ", ".join(str(PART_WORDS[name]).lower() for name in parts)
        super().__init__(
            _(
                "Produknya sudah berubah sejak usulan ini ditulis: %(parts)s. Usulannya tetap ada.",
                parts=words,
            )
        )


def submit_change(product_id: int, actor_id: int | None) -> None:
    """Hand the change of a product to the regional office.

    Raises NotFound without one, NothingChanged, MovedOn, NotOnSale, WrongChangeStep, and Invalid by field for
    words that may not stand there today.
    """
    with _stepping(product_id) as (product, change):
        _refuse_off_sale(product)
        if not change.fields:
            raise NothingChanged
        _refuse_moved(product, change)
        refuse_words(change.fields)
        _move(change, ChangeStatus.SUBMITTED)
        change.submitted_at = clock.now()
        _enter(product, change, ChangeStep.SUBMITTED, actor_id)


def take_back_change(product_id: int, actor_id: int | None) -> None:
    """Take a submitted change back to write on. Raises NotFound, WrongChangeStep."""
    with _stepping(product_id) as (product, change):
        if change.status is not ChangeStatus.SUBMITTED:
            raise WrongChangeStep(change.status)
        _move(change, ChangeStatus.OPEN)
        _enter(product, change, ChangeStep.TAKEN_BACK, actor_id)


def withdraw_change(product_id: int, actor_id: int | None) -> None:
    """Throw the change of a product away, with the photos that waited in it. Raises NotFound."""
    with _stepping(product_id) as (product, change):
        _move(change, ChangeStatus.WITHDRAWN)
        _enter(product, change, ChangeStep.WITHDRAWN, actor_id)
        drop_unused(product_id, [])


def renew_change(product_id: int, actor_id: int | None) -> None:
    """Say that the change is meant for the product as it is now: nothing of it is lost. Raises NotFound.

    Photos that are gone meanwhile leave it; a part that the product says by itself now, too.
    """
    with _stepping(product_id) as (product, change):
        live, fields = document(product), dict(change.fields)
        if "photos" in fields:
            there = pictures_of(fields["photos"])
            fields["photos"] = [one for one in fields["photos"] if one["picture"] in there] or live["photos"]
        change.fields = diff(live, laid_over(live, fields))
        change.base = {name: live[name] for name in change.fields}
        change.revision += 1
        change.updated_at = clock.now()
        if not change.fields and change.status is ChangeStatus.SUBMITTED:
            _move(change, ChangeStatus.OPEN)
        _enter(product, change, ChangeStep.RENEWED, actor_id)


def return_change(
    change_id: int,
    actor_id: int | None,
    comment: str,
    marked: Collection[str] = (),
    *,
    seen: int | None = None,
) -> None:
    """Send a submitted change back, saying why and which parts are meant; the shop keeps what it shows.

    Raises Invalid without a comment, Changed, WrongChangeStep, NotFound.
    """
    comment = _checked_comment(comment)
    with _deciding(change_id, seen) as (product, change):
        if change.status is not ChangeStatus.SUBMITTED:
            raise WrongChangeStep(change.status)
        _send_back(
            change, actor_id, comment, [name for name in PARTS if name in {*marked} & {*change.fields}]
        )
        _enter(product, change, ChangeStep.RETURNED, actor_id)


def request_change(
    product_id: int, actor_id: int | None, comment: str, marked: Collection[str] = ()
) -> ProductChange:
    """Ask the facility for a change of a product on sale; it stays on sale meanwhile.

    What the facility is writing already stays. Raises Invalid without a comment, NotOnSale, NotFound, and
    WrongChangeStep while a change waits for the office: that one is returned instead.
    """
    comment = _checked_comment(comment)
    with transaction():
        product = locked(Product, product_id)
        _refuse_off_sale(product)
        change = alive_change(product_id, lock=True)
        if change is None:
            moment = clock.now()
            change = ProductChange(
                product_id=product_id, status=ChangeStatus.OPEN, revision=1, fields={}, base={},
                created_by_id=actor_id, created_at=moment, updated_at=moment,
            )  # fmt: skip
            db.session.add(change)
        elif change.status is ChangeStatus.SUBMITTED:
            raise WrongChangeStep(change.status)
        _send_back(change, actor_id, comment, [name for name in PARTS if name in marked])
        db.session.flush()
        _enter(product, change, ChangeStep.REQUESTED, actor_id)
    return change


def approve_change(change_id: int, actor_id: int | None, *, seen: int | None = None) -> None:
    """Let a change into the shop: page, search, feeds and link cards show it from the commit on, or nothing.

    `seen` is the revision that was looked at. Raises Changed, MovedOn, NotOnSale, Incomplete, Invalid (what
    was right when it was written may be wrong by now), WrongChangeStep, NotFound; then nothing is changed.
    """
    hidden = [one for one in pictures_of(_photos(found(ProductChange, change_id))).values() if is_hidden(one)]
    with public_copies(hidden) as copies, _deciding(change_id, seen) as (product, change):
        if change.status is not ChangeStatus.SUBMITTED:
            raise WrongChangeStep(change.status)
        _refuse_off_sale(product)
        _refuse_moved(product, change)
        with editing(product.id, actor_id, *(TRACES[name] for name in PARTS if name in change.fields)):
            _apply(product, change, copies, actor_id)
        _move(change, ChangeStatus.APPROVED)
        change.decided_by_id, change.decided_at = actor_id, clock.now()
        change.comment, change.marked = "", []
        _enter(product, change, ChangeStep.APPROVED, actor_id)


def _apply(
    product: Product, change: ProductChange, copies: dict[int, PublicCopy], actor_id: int | None
) -> None:
    """Write the diff onto the locked product. Raises Invalid with words of the parts that cannot be."""
    fields = change.fields
    words = {name: fields[name] for name in WORDS if name in fields}
    if "shipping_class" in words:
        words["shipping_class"] = ShippingClass(words["shipping_class"])
    write_details(product, checked_details(product.facility_id, words))
    if "option_names" in fields:
        rename_options(product, list(fields["option_names"]))
    for form in fields.get("forms", []):
        details = {name: value for name, value in form.items() if name != "values"}
        put_variant(product, form["values"], cast("VariantDetails", details))
    if "photos" in fields:
        _hang(product, fields["photos"], copies, actor_id)


def _hang(
    product: Product, wanted: list[dict[str, Any]], copies: dict[int, PublicCopy], actor_id: int | None
) -> None:
    """Give the product these photos in this order; what is new among them becomes public."""
    there = {photo.picture_id: photo for photo in product.photos}
    pictures = pictures_of(wanted)
    for position, one in enumerate(wanted, 1):
        picture = pictures.get(one["picture"])
        if picture is None:
            raise Changed
        picture.alt = one["alt"]
        if photo := there.pop(picture.id, None):
            photo.position = position
            continue
        waiting = db.session.get(ChangePhoto, picture.id)
        if waiting is None or picture.id not in copies:
            raise Changed
        if not let_in(picture.id, actor_id):
            raise RejectedPhoto
        reveal(picture, copies[picture.id])
        product.photos.append(
            ProductPhoto(picture=picture, position=position, uploaded_by_id=waiting.uploaded_by_id)
        )
        db.session.delete(waiting)
    for photo in there.values():
        product.photos.remove(photo)
        if product.photo_id == photo.picture_id:
            product.photo = pictures[wanted[0]["picture"]]  # never without one: a CHECK holds it
        picture = photo.picture
        db.session.delete(photo)
        drop_picture(picture, keep_files=True)  # orders of the past show it


def _photos(change: ProductChange) -> list[dict[str, Any]]:
    return list(change.fields.get("photos", []))


@contextmanager
def _stepping(product_id: int) -> Iterator[tuple[Product, ProductChange]]:
    """The locked product and the change that it has."""
    with transaction():
        product = locked(Product, product_id)
        change = alive_change(product_id, lock=True)
        if change is None:
            raise NotFound
        yield product, change


@contextmanager
def _deciding(change_id: int, seen: int | None) -> Iterator[tuple[Product, ProductChange]]:
    """The same, from the office's side: the change as it was looked at."""
    product_id = found(ProductChange, change_id).product_id
    with transaction():
        product = locked(Product, product_id)
        change = locked(ProductChange, change_id)
        if change.status is ChangeStatus.SUBMITTED and seen not in {None, change.revision}:
            raise Changed
        yield product, change


def _move(change: ProductChange, after: ChangeStatus) -> None:
    if after not in NEXT_CHANGE[change.status]:
        raise WrongChangeStep(change.status)
    change.status = after
    change.updated_at = clock.now()


def _send_back(change: ProductChange, actor_id: int | None, comment: str, marked: list[str]) -> None:
    change.comment, change.marked = comment, marked
    if change.status is not ChangeStatus.RETURNED:
        _move(change, ChangeStatus.RETURNED)
    change.decided_by_id, change.decided_at = actor_id, clock.now()


def _checked_comment(comment: str) -> str:
    comment = comment.strip()
    if not 3 <= len(comment) <= LONGEST_COMMENT:
        raise Invalid({"reason": _("Tulis alasannya, 3 sampai %(most)s huruf.", most=LONGEST_COMMENT)})
    return comment


def _refuse_off_sale(product: Product) -> None:
    if not is_live(product):
        raise NotOnSale


def _refuse_moved(product: Product, change: ProductChange) -> None:
    if parts := moved_on(change.base, document(product), change.fields):
        raise MovedOn(parts)


def _enter(product: Product, change: ProductChange, step: ChangeStep, actor_id: int | None) -> None:
    """Write the step into the change's history and the audit log."""
    words = change.comment if step in {ChangeStep.RETURNED, ChangeStep.REQUESTED} else ""
    db.session.add(
        ChangeEvent(
            change_id=change.id, step=step, actor_id=actor_id, comment=words, marked=list(change.marked),
            fields=change.fields, base=change.base, at=clock.now(),
        )
    )  # fmt: skip
    auditlog.write(
        f"change.{step.value}", "product", product.id, actor_id=actor_id, facility_id=product.facility_id,
        fields=sorted(change.fields), comment=words,
    )  # fmt: skip
    if step in DECISIONS:
        tell(product.facility_id, actor_id)
