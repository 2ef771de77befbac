"""Where couriers show how far a parcel has come: addresses that the office keeps."""

from urllib.parse import urlsplit

from sqlalchemy import select

from storefront.core import auditlog, clock
from storefront.core.db import db
from storefront.core.errors import Invalid
from storefront.core.language import _
from storefront.core.transactions import transaction
from storefront.shipping.models import WaybillLink
from storefront.shipping.providers.reading import LION, POS
from storefront.shipping.queries.tracking import PLACE

FIRST_LINKS = {
    "JNE": "https://jne.co.id/tracking-package",
    "J&T": "https://jet.co.id/track",
    "SiCepat": "https://www.sicepat.com/checkAwb",
    POS: "https://www.posindonesia.co.id/id/tracking",
    "TIKI": "https://www.tiki.id/id/track",
    "AnterAja": "https://anteraja.id/id/tracking",
    "Ninja": "https://www.ninjaxpress.co/id-id/tracking",
    LION: "https://lionparcel.com/track/stt",
    "Wahana": "https://www.wahana.com",
}
"""Couriers' pages for following parcels; the office adds `{resi}` where a courier's page takes it."""


def save_link(courier: str, pattern: str, *, actor_id: int) -> None:
    """Set where a courier's parcels are followed; an empty pattern takes the link away. Raises Invalid."""
    pattern = pattern.strip()
    if pattern and not _is_address(pattern):
        raise Invalid(
            {
                "pattern": _(
                    "Tulis alamat lengkap yang diawali https://, misalnya https://kurir.id/lacak?no={resi}."
                )
            }
        )
    with transaction():
        link = db.session.scalar(select(WaybillLink).filter_by(courier=courier))
        if link is None and pattern:
            db.session.add(WaybillLink(courier=courier, pattern=pattern, updated_at=clock.now()))
        elif link is not None and pattern:
            link.pattern, link.updated_at = pattern, clock.now()
        elif link is not None:
            db.session.delete(link)
        auditlog.write("delivery.link_changed", "courier", courier, actor_id=actor_id, pattern=pattern)


def load_first_links() -> None:
    """Give a shop without any address of a courier the usual ones."""
    if db.session.query(WaybillLink.id).first() is None:
        with transaction():
            db.session.add_all(
                WaybillLink(courier=courier, pattern=pattern, updated_at=clock.now())
                for courier, pattern in FIRST_LINKS.items()
            )


def _is_address(pattern: str) -> bool:
    try:
        parts = urlsplit(pattern.replace(PLACE, "0"))
    except ValueError:
        return False
    clean = not any(
        character.isspace() or character in "\"'<>\\{}" for character in pattern.replace(PLACE, "")
    )
    return parts.scheme == "https" and "." in (parts.hostname or "") and clean and len(pattern) <= 300
