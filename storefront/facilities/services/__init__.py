"""Changes of facilities and their workshops; people and accounts for money have files of their own."""

import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import DomainError, Invalid, NotFound
from storefront.core.gallery import drop_picture, hang_picture, with_photo
from storefront.core.language import _
from storefront.core.models import Picture
from storefront.core.slugs import slug_of
from storefront.core.transactions import touch, transaction
from storefront.core.words import tokens
from storefront.facilities.models import Facility, FacilityKind, Workshop
from storefront.facilities.services.accounts import (
    AccountDetails,
    approve_account,
    decline_account,
    propose_account,
)
from storefront.facilities.services.people import (
    FACILITY_ROLES,
    add_person,
    change_role,
    close_account,
    close_staff,
    end_staff_session,
    invite,
    invite_staff,
    place,
    renew_link,
    renew_staff_link,
    reopen_staff,
    sign_out_staff,
    withdraw,
    withdraw_invitation,
)

__all__ = [
    "FACILITY_ROLES",
    "AccountDetails",
    "FacilityDetails",
    "add_person",
    "add_workshop",
    "approve_account",
    "change_role",
    "close_account",
    "close_staff",
    "create_facility",
    "decline_account",
    "end_staff_session",
    "invite",
    "invite_staff",
    "load_banten",
    "place",
    "propose_account",
    "remove_cover",
    "remove_workshop",
    "rename_workshop",
    "renew_link",
    "renew_staff_link",
    "reopen_staff",
    "set_cover",
    "sign_out_staff",
    "update_facility",
    "withdraw",
    "withdraw_invitation",
]

BANTEN = Path(__file__).parents[1] / "data" / "banten.json"


@dataclass(frozen=True, kw_only=True)
class FacilityDetails:
    """What the office may say of a facility. `class_` is I, IIA, IIB, III; `regency_code` Kemendagri's."""

    name: str
    kind: FacilityKind
    class_: str
    town: str
    regency_code: str
    address: str = ""
    postal_code: str = ""
    pickup_hours: str = ""
    pickup_note: str = ""
    contact_phone: str = ""
    story: str = ""
    is_open: bool = True


def create_facility(
    code: str,
    details: FacilityDetails,
    *,
    workshops: tuple[tuple[str, str], ...] = (),
    by_id: int | None = None,
) -> Facility:
    """Add a facility with its workshops, (name, craft) each.

    Raises Invalid: code taken or not 3–12 capital letters and digits; see `_wrong`. The storeroom
    is not made here: `inventory.services` makes it when the first stock arrives.
    """
    code = code.strip().upper()
    errors = _wrong(details)
    if not re.fullmatch(r"[A-Z0-9]{3,12}", code):
        errors["code"] = _("Tulis 3 sampai 12 huruf atau angka, tanpa spasi.")
    elif db.session.scalar(select(exists().where(Facility.code == code))):
        errors["code"] = _("Kode ini sudah dipakai.")
    if errors:
        raise Invalid(errors)
    with transaction():
        facility = Facility(
            code=code, slug=_free_slug(details.name, code), created_at=clock.now(), **_values(details)
        )
        facility.workshops = [
            Workshop(name=name, craft=craft, position=position)
            for position, (name, craft) in enumerate(workshops)
        ]
        db.session.add(facility)
        db.session.flush()
        _enter("facility.created", facility.id, by_id, code=code)
        touch("catalog")
    return facility


def update_facility(facility_id: int, details: FacilityDetails, *, by_id: int | None = None) -> None:
    """Change what is said of a facility; its code and its address on the web stay. Raises Invalid."""
    if errors := _wrong(details):
        raise Invalid(errors)
    with transaction():
        facility = locked(Facility, facility_id)
        changed = sorted(name for name, value in _values(details).items() if getattr(facility, name) != value)
        for name, value in _values(details).items():
            setattr(facility, name, value)
        _enter("facility.changed", facility_id, by_id, fields=changed, is_open=facility.is_open)
        touch("catalog")


def set_cover(facility_id: int, photo: bytes | None, alt: str, *, by_id: int | None = None) -> None:
    """Put a photo at the top of a facility's page; without one, say anew what the one there shows.

    Raises Invalid for what is no photo, or when there is none to describe; NotFound.
    """

    def change(picture: Picture | None) -> None:
        facility = locked(Facility, facility_id)
        if picture is None and facility.cover is None:
            raise Invalid({"picture": _("Pilih fotonya.")})
        hang_picture(facility, picture, alt)
        _enter("facility.cover", facility_id, by_id, new_photo=picture is not None)
        touch("catalog")

    with_photo(change, photo, alt)


def remove_cover(facility_id: int, *, by_id: int | None = None) -> None:
    """Take the photo from the top of a facility's page; photos of its products stand there again."""
    with transaction():
        facility = locked(Facility, facility_id)
        before, facility.cover = facility.cover, None
        if before is not None:
            db.session.flush()
            drop_picture(before)
        _enter("facility.cover_removed", facility_id, by_id)
        touch("catalog")


def _enter(action: str, facility_id: int, by_id: int | None, **facts: Any) -> None:
    auditlog.write(action, "facility", facility_id, actor_id=by_id, facility_id=facility_id, **facts)


def _values(details: FacilityDetails) -> dict[str, Any]:
    return {field.name: getattr(details, field.name) for field in fields(details)}


def _wrong(details: FacilityDetails) -> dict[str, str]:
    errors = {}
    if not re.fullmatch(r"[0-9]{2}\.[0-9]{2}", details.regency_code):
        errors["regency_code"] = _("Tulis kode kabupaten atau kota seperti 36.71.")
    if details.postal_code and not re.fullmatch(r"[1-9][0-9]{4}", details.postal_code):
        errors["postal_code"] = _("Kode pos terdiri dari 5 angka.")
    if not tokens(details.name):
        errors["name"] = _("Tulis nama Lapas.")
    return errors


def _free_slug(name: str, code: str) -> str:
    slug = slug_of(name, 60, "lapas")
    taken = db.session.scalar(select(exists().where(Facility.slug == slug)))
    return f"{slug}-{code.lower()}" if taken else slug


def load_banten() -> int:
    """Add those of Banten's twelve facilities that are missing; returns how many.

    What the office has changed since is left alone.
    """
    known = set(db.session.scalars(select(Facility.code)))
    missing = [row for row in json.loads(BANTEN.read_text("utf-8"))["facilities"] if row["code"] not in known]
    with transaction():
        for row in missing:
            workshops = tuple((name, craft) for name, craft in row.pop("workshops"))
            code, class_, kind = row.pop("code"), row.pop("class"), FacilityKind(row.pop("kind"))
            create_facility(code, FacilityDetails(class_=class_, kind=kind, **row), workshops=workshops)
    return len(missing)


# --- workshops ------------------------------------------------------------------------------------


def add_workshop(facility_id: int, name: str, craft: str = "", *, by_id: int | None = None) -> int:
    """Add a workshop at the end of the list; returns its id. Raises Invalid when the name is taken."""
    with transaction():
        facility = locked(Facility, facility_id)
        position = max((workshop.position for workshop in facility.workshops), default=-1) + 1
        workshop = Workshop(facility_id=facility_id, name=name, craft=craft, position=position)
        _store_workshop(workshop)
        _enter("workshop.added", facility_id, by_id, workshop=name)
        return workshop.id


def rename_workshop(
    facility_id: int, workshop_id: int, name: str, craft: str, *, by_id: int | None = None
) -> None:
    """Change a workshop's name and craft. Raises NotFound, or Invalid when the name is taken."""
    with transaction():
        workshop = _workshop(facility_id, workshop_id)
        before, workshop.name, workshop.craft = workshop.name, name, craft
        _store_workshop(workshop)
        _enter("workshop.changed", facility_id, by_id, workshop=[before, name])


def _store_workshop(workshop: Workshop) -> None:
    try:
        db.session.add(workshop)
        db.session.flush()
    except IntegrityError as error:
        raise Invalid({"name": _("Bengkel dengan nama ini sudah ada.")}) from error
    touch("catalog")


def remove_workshop(facility_id: int, workshop_id: int, *, by_id: int | None = None) -> None:
    """Remove a workshop that no product names. Raises NotFound or DomainError."""
    try:
        with transaction():
            workshop = _workshop(facility_id, workshop_id)
            db.session.delete(workshop)
            _enter("workshop.removed", facility_id, by_id, workshop=workshop.name)
            touch("catalog")
    except IntegrityError as error:
        raise DomainError(_("Bengkel ini masih tertulis pada produk. Ubah produknya lebih dulu.")) from error


def _workshop(facility_id: int, workshop_id: int) -> Workshop:
    workshop = db.session.scalar(select(Workshop).filter_by(id=workshop_id, facility_id=facility_id))
    if workshop is None:
        raise NotFound
    return workshop
