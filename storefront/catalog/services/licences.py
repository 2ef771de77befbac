"""Permits of food products: written down, scanned, and warned of before they end.

The form of their numbers is in `numbers`, what each kind of food needs in `permits`. Whether a number is real
only its office can say; curation compares it with the paper.
"""

from datetime import date

from storefront.catalog.models import FoodLicence, LicenceKind, Product
from storefront.catalog.services.editing import editing
from storefront.catalog.services.numbers import end_of, read_number
from storefront.core import auditlog, clock
from storefront.core.db import db, locked
from storefront.core.errors import Invalid, NotFound, Unavailable
from storefront.core.language import _, lazy
from storefront.core.pictures import BadPicture
from storefront.core.privatephotos import largest_webp
from storefront.core.storage import storage
from storefront.core.tokens import new_token
from storefront.core.transactions import on_commit, transaction

__all__ = ["add_licence", "read_number", "remove_licence", "set_scan"]

MAX_HOLDER, MOST = 120, 6
FOLDER = "private/izin"
MAX_PDF = 5_000_000
"""Bytes: a permit of a few pages, scanned by a phone."""
TYPES = {"pdf": "application/pdf", "webp": "image/webp"}
_PDF_TAIL = 1_024


def add_licence(
    product_id: int,
    actor_id: int | None,
    kind: LicenceKind,
    number: str,
    *,
    holder: str = "",
    valid_until: date | None = None,
) -> FoodLicence:
    """Write down a permit of a product. Raises Invalid, NotFound, Withdrawn.

    A P-IRT number ends with its year at the latest (BPOM 22/2018): without a day that is its day.
    """
    number, valid_until = check_licence(kind, number, valid_until)
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


def check_licence(kind: LicenceKind, number: str, valid_until: date | None) -> tuple[str, date | None]:
    """The number as it is stored, and the permit's last day. Raises Invalid for either."""
    try:
        number = read_number(kind, number)
    except ValueError as error:
        raise Invalid({"number": str(error)}) from error
    end = end_of(kind, number)
    if end is None or valid_until is None:
        return number, valid_until or end
    if valid_until.year != end.year:
        words = {"year": end.year}
        raise Invalid({"valid_until": _("Nomornya menyebut tahun %(year)s. Periksa tanggalnya.", **words)})
    return number, valid_until


def remove_licence(product_id: int, licence_id: int, actor_id: int | None) -> None:
    """Take a permit off a product, its scan too.

    Raises NotFound, Withdrawn, and Incomplete where a product on sale needs it.
    """
    with editing(product_id, actor_id, lazy("izin pangan")) as product:
        licence = _of(product, licence_id)
        key = licence.scan_key
        product.licences.remove(licence)
        db.session.delete(licence)
        if key:
            on_commit(lambda: storage().delete(key))


def set_scan(product_id: int, licence_id: int, data: bytes, actor_id: int | None) -> None:
    """Keep the scan of a permit, in place of an older one: a picture without its metadata, or a PDF.

    Call it outside a transaction. Raises Invalid at `scan` (also while too many photos are read), NotFound.
    """
    body, ending = _clean(data)
    key = f"{FOLDER}/{new_token()}.{ending}"
    storage().save(key, body, TYPES[ending])
    try:
        with transaction():
            product = locked(Product, product_id)
            licence = _of(product, licence_id)
            before, licence.scan_key = licence.scan_key, key
            auditlog.write(
                "licence.scanned", "product", product.id, actor_id=actor_id,
                facility_id=product.facility_id, number=licence.number,
            )  # fmt: skip
            if before:
                on_commit(lambda: storage().delete(before))
    except BaseException:
        storage().delete(key)
        raise


def _clean(data: bytes) -> tuple[bytes, str]:
    """What is kept of a scan, and how its file ends. A PDF is kept as it is and only ever downloaded."""
    if not data.startswith(b"%PDF-"):
        try:
            return largest_webp(data), "webp"
        except (BadPicture, Unavailable) as error:
            raise Invalid({"scan": str(error)}) from error
    if len(data) > MAX_PDF:
        raise Invalid({"scan": _("PDF ini terlalu besar: paling besar %(n)s MB.", n=MAX_PDF // 1_000_000)})
    if b"%%EOF" not in data[-_PDF_TAIL:]:
        raise Invalid({"scan": _("PDF ini tidak utuh. Simpan atau pindai sekali lagi.")})
    return data, "pdf"


def _of(product: Product, licence_id: int) -> FoodLicence:
    licence = next((there for there in product.licences if there.id == licence_id), None)
    if licence is None:
        raise NotFound
    return licence
