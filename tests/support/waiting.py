"""Work that waits for somebody: changes, photos, permits, tables, proposals, batches, announcements."""

from datetime import timedelta

from sqlalchemy import select

from storefront.bulk.services import File, judge_import, start_import
from storefront.catalog.models import LicenceKind
from storefront.catalog.services.licences import add_licence, set_scan
from storefront.catalog.services.staging_photos import add_photo
from storefront.core import clock
from storefront.core.db import db
from storefront.core.spreadsheets import csv_bytes
from storefront.facilities.models import Facility, Workshop
from storefront.facilities.services.pages import Bench, propose_page
from storefront.notices.services import NoticeDetails, publish_notice
from storefront.texts.models import PageSlug
from storefront.texts.queries import standing
from storefront.texts.services import Draft, publish_text
from tests import factories
from tests.buying import only
from tests.catalog.conftest import jpeg
from tests.support.food import batch_of
from tests.support.staged import submitted_change


def leave_work(facility_id: int) -> None:
    """One of everything that a facility waits for, or the office, on products of their own."""
    _changes(facility_id)
    _food(facility_id)
    _tables(facility_id)
    _page(facility_id)
    told = NoticeDetails(title="Rapat", body="Senin", last_day=clock.today(), facility_ids=[facility_id])
    publish_notice(told, once="rapat")
    _words()


def _words() -> None:
    """The office wrote the terms anew, for tomorrow too, and how to buy in both languages."""
    writer = factories.user("regional").id
    for slug, language, base, days in (
        (PageSlug.TERMS, "id", 0, 0), (PageSlug.TERMS, "id", 1, 1), (PageSlug.BUYING, "en", 0, 0),
        (PageSlug.BUYING, "id", 0, 0),
    ):  # fmt: skip
        came = standing(slug, language)
        body = f"{came.body}\n\n**{base + 1}** `a` {{kantor}}"
        text = Draft(
            slug=slug, language=language, title=came.title, body=body, reason="Kalimat baru", base=base,
            valid_from=clock.today() + timedelta(days=days),
        )  # fmt: skip
        publish_text(text, by_id=writer)


def _facility(facility_id: int) -> Facility:
    return db.session.get_one(Facility, facility_id)


def _changes(facility_id: int) -> None:
    """A new title that the office has, and a photo that a second person has not looked at."""
    submitted_change(_facility(facility_id))
    product_id = factories.product(_facility(facility_id), title="Bakul").id
    maker = factories.user("facility_staff", facility=_facility(facility_id)).id
    add_photo(product_id, jpeg(), "Dilihat dari samping", maker, checked=True)


def _food(facility_id: int) -> None:
    """A permit with its scan, soon over, and a batch."""
    product = factories.product(_facility(facility_id), title="Keripik")
    product_id, variant_id = product.id, only(product).id
    end = clock.today() + timedelta(days=40)
    permit = add_licence(product_id, None, LicenceKind.MD, "867012345678", valid_until=end)
    set_scan(product_id, permit.id, jpeg(), None)
    batch_of(facility_id, variant_id, 5)


def _tables(facility_id: int) -> None:
    """A table whose columns are not named yet, and one with a good and a bad line."""
    lines = [["BAKUL-1", "Bakul bambu", "90.000"], ["BAKUL-2", "", "murah"]]
    for judged in (False, True):
        table = File("tabel.csv", csv_bytes(lines, ["sku", "nama", "harga"]))
        import_id = start_import(facility_id, None, table)
        if judged:
            judge_import(facility_id, import_id, ["sku", "title", "price"])


def _page(facility_id: int) -> None:
    """How the facility's page should be."""
    rooms = db.session.scalars(select(Workshop).filter_by(facility_id=facility_id).order_by(Workshop.id))
    benches = [Bench(room.id, room.name, room.craft) for room in rooms]
    head = factories.user("facility_head", facility=_facility(facility_id)).id
    propose_page(facility_id, "Kami menganyam pandan sejak 1998.", benches, by_id=head)
