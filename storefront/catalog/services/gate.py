"""The gate of photos: no person's photo is public before a second person looked at it.

What a person sends is stored with private files (`gallery.HIDDEN`) and a gate that waits. A second
person, of the same facility or of the regional office, lets it in or sends it back. Publishing a product
and approving a change are such looks, too: they let in what waits, unless it is their own.
The files become public with the product, never before. Order of locks: product, change, gate.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from storefront.catalog.models import ChangePhoto, GateState, PhotoGate, Product, ProductPhoto, ProductStatus
from storefront.catalog.services.editing import copy_down, editing
from storefront.catalog.services.photo_states import gates_of
from storefront.core import auditlog, clock
from storefront.core.db import db, for_update, found, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.gallery import PublicCopy, is_hidden, public_copies, reveal
from storefront.core.language import _, lazy
from storefront.core.models import Picture
from storefront.core.transactions import transaction

FORBIDDEN = (
    lazy("wajah"),
    lazy("tato"),
    lazy("nomor seragam"),
    lazy("gembok atau kunci"),
    lazy("pagar atau jeruji"),
    lazy("kamera pengawas"),
    lazy("tata ruang bangunan"),
)
"""What no photo may show (DOMAIN: no person, nothing about security); the uploader confirms all of it."""
LONGEST_REASON = 500


class Decided(DomainError):
    """Somebody was faster."""

    default = lazy("Foto ini sudah diputuskan. Muat ulang halaman untuk melihatnya.")


class OwnPhoto(DomainError):
    """Nobody decides about a photo of their own."""

    default = lazy("Foto ini Anda kirim sendiri. Orang kedua yang memeriksanya: rekan, kepala, atau Kanwil.")


class RejectedPhoto(Invalid):
    """A rejected photo stands where only approved ones may."""

    def __init__(self) -> None:
        super().__init__(_("Satu foto ditolak. Ganti atau hapus dulu, lalu kirim lagi."))


@dataclass(frozen=True)
class Uploader:
    """Who sends a photo, for which facility, and whether they confirmed the checklist."""

    user_id: int
    facility_id: int
    checked: bool


class Mark(NamedTuple):
    """A spot on a photo: a box in per mille of its width and height, from the upper left corner."""

    x: int
    y: int
    w: int
    h: int


def open_gate(picture: Picture, by: Uploader) -> None:
    """Have a person's new photo wait for a second look. Needs a transaction; the files are hidden."""
    moment = clock.now()
    db.session.add(
        PhotoGate(
            picture_id=picture.id, facility_id=by.facility_id, uploaded_by_id=by.user_id, sent_at=moment,
            checked_at=moment if by.checked else None,
        )
    )  # fmt: skip
    db.session.flush()


def uploader(actor_id: int | None, facility_id: int, *, checked: bool) -> Uploader | None:
    """The person behind an upload; None when the shop itself puts a photo up."""
    return None if actor_id is None else Uploader(actor_id, facility_id, checked)


def confirm(picture_ids: Sequence[int], actor_id: int) -> None:
    """Write down that the uploader confirmed the checklist for photos that came without. Once is enough."""
    with transaction():
        for gate in gates_of(picture_ids).values():
            if gate.uploaded_by_id == actor_id and gate.checked_at is None:
                gate.checked_at = clock.now()


def approve_photo(picture_id: int, actor_id: int) -> None:
    """Say that a photo may be seen. On a product on sale it is public from the commit on.

    Raises OwnPhoto, Decided, NotFound (also for a photo that left its product meanwhile).
    """
    product_id = _product_of(picture_id)
    picture = found(Picture, picture_id)
    live = found(Product, product_id).status is ProductStatus.PUBLISHED
    hidden = [picture] if live and is_hidden(picture) and _hangs(picture_id) else []
    with public_copies(hidden) as copies, _deciding(product_id, picture_id, actor_id) as (product, gate):
        _decide(gate, GateState.APPROVED, actor_id)
        if copies and product.status is ProductStatus.PUBLISHED:
            with editing(product_id, actor_id, lazy("foto baru")):
                reveal(gate.picture, copies[picture_id])
        elif copies:  # taken off sale while the files were copied: they must not lie there unused
            raise Decided


def reject_photo(picture_id: int, actor_id: int, reason: str, mark: Mark | None = None) -> None:
    """Send a photo back, saying why and, with `mark`, where on it.

    Raises Invalid without a reason or with a mark outside the photo, OwnPhoto, Decided, NotFound.
    """
    reason = checked_reason(reason, mark)
    with _deciding(_product_of(picture_id), picture_id, actor_id) as (_product, gate):
        refuse(gate, GateState.REJECTED, actor_id, reason, mark)


def checked_reason(reason: str, mark: Mark | None) -> str:
    """The words of a no as they are stored. Raises Invalid without any, or with a mark outside the photo."""
    reason = reason.strip()
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise Invalid({"reason": _("Tulis alasannya, 3 sampai %(most)s huruf.", most=LONGEST_REASON)})
    if mark is not None and not _is_inside(mark):
        raise Invalid({"mark": _("Tandai satu kotak di dalam foto.")})
    return reason


def refuse(gate: PhotoGate, state: GateState, actor_id: int, reason: str, mark: Mark | None) -> None:
    """Write a no into a locked gate, with what `checked_reason` let through. Needs a transaction."""
    gate.reason = reason
    if mark is not None:
        gate.mark_x, gate.mark_y, gate.mark_w, gate.mark_h = mark
    _decide(gate, state, actor_id)


def let_in(picture_id: int, actor_id: int | None) -> bool:
    """May this photo be public, now that `actor_id` looked at it with all the rest? Needs a transaction.

    A waiting one of somebody else's is approved by this look. False: it is rejected, or their own.
    """
    gate = db.session.scalar(for_update(select(PhotoGate).filter_by(picture_id=picture_id)))
    if gate is None or gate.state is GateState.APPROVED:
        return True
    if gate.state.is_out or actor_id is None or gate.uploaded_by_id == actor_id:
        return False
    _decide(gate, GateState.APPROVED, actor_id)
    return True


@contextmanager
def copied_photos(product_id: int, actor_id: int | None) -> Iterator[dict[int, PublicCopy]]:
    """Public copies of the hidden photos of a product that publishing by this person would let in."""
    hidden = [one.picture for one in found(Product, product_id).photos if is_hidden(one.picture)]
    gates = gates_of([picture.id for picture in hidden])
    wanted = [
        picture for picture in hidden
        if (gate := gates.get(picture.id)) is None or gate.state is GateState.APPROVED
        or (gate.state is GateState.WAITING and actor_id not in {None, gate.uploaded_by_id})
    ]  # fmt: skip
    with public_copies(wanted) as copies:
        yield copies


def let_photos_in(product: Product, actor_id: int | None, copies: dict[int, PublicCopy]) -> bool:
    """Let the photos of a locked product into the public, as far as they may. False: one came meanwhile.

    Needs a transaction and `copied_photos` around it.
    """
    for photo in product.photos:
        if is_hidden(photo.picture) and let_in(photo.picture_id, actor_id):
            if photo.picture_id not in copies:
                return False
            reveal(photo.picture, copies[photo.picture_id])
    copy_down(product)
    return True


def _is_inside(mark: Mark) -> bool:
    return min(mark.x, mark.y) >= 0 and min(mark.w, mark.h) > 0 and max(
        mark.x + mark.w, mark.y + mark.h
    ) <= 1000  # fmt: skip


def _hangs(picture_id: int) -> bool:
    return db.session.scalar(select(ProductPhoto.id).filter_by(picture_id=picture_id)) is not None


def _product_of(picture_id: int) -> int:
    """The product that shows a photo, or whose change would. Raises NotFound."""
    for kind in (ProductPhoto, ChangePhoto):
        product_id = db.session.scalar(select(kind.product_id).filter_by(picture_id=picture_id))
        if product_id is not None:
            return product_id
    raise NotFound


@contextmanager
def _deciding(product_id: int, picture_id: int, actor_id: int) -> Iterator[tuple[Product, PhotoGate]]:
    """The locked product and the gate that still waits, for somebody who is not its uploader."""
    with transaction():
        product = locked(Product, product_id)
        gate = db.session.scalar(for_update(select(PhotoGate).filter_by(picture_id=picture_id)))
        if gate is None or _product_of(picture_id) != product_id:
            raise NotFound
        if gate.uploaded_by_id == actor_id:
            raise OwnPhoto
        if gate.state is not GateState.WAITING:
            raise Decided
        yield product, gate


def _decide(gate: PhotoGate, state: GateState, actor_id: int) -> None:
    gate.state, gate.decided_by_id, gate.decided_at = state, actor_id, clock.now()
    auditlog.write(
        f"photo.{state.value}", "picture", gate.picture_id, actor_id=actor_id, facility_id=gate.facility_id,
        comment=gate.reason,
    )  # fmt: skip
