"""Permits of food products: P-IRT, BPOM MD and halal numbers, checked for their form only.

P-IRT: 13 digits, a dash and the year in which it ends (BPOM 31/2018). MD: 12 digits. Halal: 'ID' and 17
digits (UU 33/2014). Whether a number is real only its office can say; curation compares it with the paper.
"""

import re
from datetime import date

from storefront.catalog.models import FoodLicence, LicenceKind
from storefront.catalog.services.editing import editing
from storefront.core import clock
from storefront.core.db import db
from storefront.core.errors import Invalid, NotFound
from storefront.core.language import _, lazy

MAX_HOLDER, MOST = 120, 6
FORMS = {
    LicenceKind.PIRT: (re.compile(r"(?:P-?IRT)?(\d{13})-?(\d{2})"), "{}-{}"),
    LicenceKind.MD: (re.compile(r"(?:BPOM)?(?:RI)?(?:MD|ML)?(\d{12})"), "MD {}"),
    LicenceKind.HALAL: (re.compile(r"(?:ID)?(\d{17})"), "ID{}"),
}
WRONG = {
    LicenceKind.PIRT: lazy("Nomor P-IRT terdiri dari 13 angka, tanda hubung, dan 2 angka tahun."),
    LicenceKind.MD: lazy("Nomor BPOM MD terdiri dari 12 angka."),
    LicenceKind.HALAL: lazy("Nomor halal terdiri dari ID dan 17 angka."),
}


def read_number(kind: LicenceKind, typed: str) -> str:
    """The number in the form in which it is shown, however it was typed. Raises ValueError with words."""
    pattern, shown = FORMS[kind]
    found = pattern.fullmatch(re.sub(r"[\s.:/]", "", typed).upper())
    if found is None:
        raise ValueError(str(WRONG[kind]))
    return shown.format(*found.groups())


def add_licence(
    product_id: int,
    actor_id: int | None,
    kind: LicenceKind,
    number: str,
    *,
    holder: str = "",
    valid_until: date | None = None,
) -> FoodLicence:
    """Write down a permit of a product. Raises Invalid, NotFound, Withdrawn."""
    try:
        number = read_number(kind, number)
    except ValueError as error:
        raise Invalid({"number": str(error)}) from error
    with editing(product_id, actor_id, lazy("izin pangan")) as product:
        if any((there.kind, there.number) == (kind, number) for there in product.licences):
            raise Invalid({"number": _("Nomor ini sudah ada.")})
        if len(product.licences) >= MOST:
            raise Invalid({"number": _("Paling banyak %(n)s izin untuk satu produk.", n=MOST)})
        licence = FoodLicence(
            kind=kind,
            number=number,
            holder=holder.strip()[:MAX_HOLDER],
            valid_until=valid_until,
            created_at=clock.now(),
            created_by_id=actor_id,
        )
        product.licences.append(licence)
    return licence


def remove_licence(product_id: int, licence_id: int, actor_id: int | None) -> None:
    """Take a permit off a product. Raises NotFound, Withdrawn."""
    with editing(product_id, actor_id, lazy("izin pangan")) as product:
        licence = next((there for there in product.licences if there.id == licence_id), None)
        if licence is None:
            raise NotFound
        product.licences.remove(licence)
        db.session.delete(licence)
