"""The index of what the office looks after: everything is there, it leads somewhere, and it counts right."""

from datetime import timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy

from storefront.core import clock
from storefront.desk.queries.office_settings import Rule, office_settings
from storefront.facilities.services.pages import Bench, propose_page
from storefront.notices.services import NoticeDetails, publish_notice
from storefront.texts.models import PageSlug
from storefront.texts.services import Draft, publish_text
from storefront.web.menus import MENUS
from tests import factories
from tests.support.client import Client

ROOM = "/kanwil/pengaturan"
WORK = {
    "/kanwil", "/kanwil/kurasi", "/kanwil/transfer", "/kanwil/perlu-diperiksa", "/kanwil/pesanan",
    "/kanwil/ikhtisar", "/kanwil/keluhan", "/kanwil/pesanan-baru", "/kanwil/ulasan", "/kanwil/pengaduan",
    "/kanwil/pendapatan", ROOM,
}  # fmt: skip
"""What the office does, and not what it sets."""
only_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def rules() -> dict[str, Rule]:
    return {rule.href: rule for group in office_settings() for rule in group.rules}


@only_sqlite
def test_every_line_leads_somewhere_and_nothing_of_the_menu_is_left_out(
    client: Client, db: SQLAlchemy
) -> None:
    factories.signed_in(client, "regional")
    hrefs = [link.attrs["href"] for link in client.page(ROOM).one("main").all("a")]
    assert len(set(hrefs)) == len(hrefs) >= 18
    assert all(client.get(href).status_code == 200 for href in hrefs)
    assert {item.path for item in MENUS["regional"]} - set(hrefs) - WORK == set()
    english = client.page(f"/en{ROOM}").one("main").text
    assert "Settings of the regional office" in english


def test_each_line_says_how_it_stands(db: SQLAlchemy) -> None:
    before = rules()
    assert before["/kanwil/halaman"].state == "Semua naskah bawaan toko"
    assert not before["/kanwil/lapas/usulan"].waits
    place = factories.facility("LPA")
    head = factories.user("facility_head", facility=place, password_hash="-").id
    rooms = [Bench(room.id, room.name, "") for room in place.workshops]
    propose_page(place.id, "Kami menganyam.", rooms, by_id=head)
    factories.user("facility_staff", facility=place, password_hash=None)
    office = factories.user("regional", password_hash="-").id
    text = {"slug": PageSlug.ABOUT, "language": "id", "title": "Tentang", "reason": "Uji"}
    publish_text(Draft(body="> Toko.", base=0, **text), by_id=office)
    for last_day, once in ((clock.today(), "a"), (clock.today(), "b")):
        publish_notice(NoticeDetails(title="Rapat", body="Senin", last_day=last_day), once=once)
    terms = Draft(
        slug=PageSlug.TERMS, language="en", title="Terms", body="> New.\n\n## Exchanges {#tukar}\nYes.",
        reason="Uji", base=0, valid_from=clock.today() + timedelta(days=3),
    )  # fmt: skip
    publish_text(terms, by_id=office)
    after = rules()
    assert after["/kanwil/halaman"].state == "2 naskah diterbitkan, 1 mulai nanti"
    assert after["/kanwil/pengumuman"].state == "2 sedang tampil"
    assert (after["/kanwil/lapas/usulan"].state, after["/kanwil/lapas/usulan"].waits) == ("1 menunggu", True)
    assert after["/kanwil/pengguna"].state == "2 orang dapat masuk, 1 undangan belum dijawab"
    with clock.travel(clock.now() + timedelta(days=4)):
        assert rules()["/kanwil/pengumuman"].state == "0 sedang tampil"
        assert rules()["/kanwil/halaman"].state == "2 naskah diterbitkan"


def test_it_costs_the_same_however_much_there_is(client: Client, db: SQLAlchemy, query_count) -> None:
    factories.signed_in(client, "regional")
    client.get(ROOM)
    with query_count() as first:
        client.get(ROOM)
    for code in ("LPA", "LPB", "LPC"):
        factories.product(factories.facility(code))
    with query_count() as second:
        client.get(ROOM)
    assert len(second) == len(first)
