"""Tables and ZIPs as people send them, and an import taken to its end."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from storefront.bulk import services
from storefront.bulk.models import Import, ImportRow, ImportStatus
from storefront.bulk.services import running
from storefront.core.db import db
from storefront.core.spreadsheets import Column, Sheet, csv_bytes, xlsx_bytes
from storefront.facilities.models import Facility
from tests import factories

HEADINGS = ["sku", "nama", "harga", "stok", "berat_gram"]


def csv(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """A CSV table."""
    return csv_bytes(rows, headings)


def xlsx(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """The same as an Excel workbook."""
    return xlsx_bytes([Sheet("Produk", [Column(heading) for heading in headings], rows)])


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP with these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def judged(
    facility: Any, data: bytes, photos: bytes | None = None, mapping: list[str] | None = None
) -> Import:
    """An import of these bytes by a member of the facility's staff, with every line judged."""
    facility_id = facility if isinstance(facility, int) else facility.id
    actor = factories.user("facility_staff", facility=db.session.get(Facility, facility_id)).id
    sent = services.File("foto.zip", photos) if photos is not None else None
    import_id = services.start_import(facility_id, actor, services.File("tabel.csv", data), sent)
    kept = services.own_import(facility_id, import_id)
    services.judge_import(facility_id, import_id, mapping or kept.mapping)
    return services.own_import(facility_id, import_id)


def imported(facility: Any, data: bytes, photos: bytes | None = None) -> Import:
    """The same, confirmed and done."""
    kept = judged(facility, data, photos)
    import_id, facility_id = kept.id, kept.facility_id
    services.confirm_import(facility_id, import_id, kept.created_by_id)
    while services.own_import(facility_id, import_id).status is ImportStatus.RUNNING:
        running.run_import({"import_id": import_id})  # what the outbox does, without its other jobs
        db.session.rollback()
    return services.own_import(facility_id, import_id)


def rows(kept: Import) -> list[ImportRow]:
    """Its lines, in the file's order."""
    return list(db.session.query(ImportRow).filter_by(import_id=kept.id).order_by(ImportRow.number))


def verdicts(kept: Import) -> list[str]:
    """What became of each line."""
    return [row.verdict.value if row.verdict else "" for row in rows(kept)]
