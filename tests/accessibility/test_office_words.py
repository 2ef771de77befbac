"""What facilities propose to say, and what the office writes itself, in every state and long."""

from collections.abc import Callable
from datetime import timedelta

from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page

from storefront.core import clock
from storefront.facilities.models import PageChange
from storefront.facilities.services.pages import Bench, approve_page, propose_page, return_page
from storefront.texts.models import PageSlug
from storefront.texts.queries import standing_body
from storefront.texts.services import Draft, publish_text
from tests import factories
from tests.catalog.conftest import jpeg
from tests.filled import Filled
from tests.support.axe import look, look_here

WHOLE = "tanpa-spasi-" * 14 + "\n\n" + "Dianyam dua hari. " * 60
WindowOf = Callable[[str | None], Page]


def proposals(writer: int) -> list[int]:
    """One that waits, one that was approved, one that came back, each with a photo."""
    made = []
    for number in range(3):
        place = factories.facility(name="Lembaga Pemasyarakatan Perempuan Kelas IIA Tangerang Selatan Raya")
        head = factories.user("facility_head", facility=place).id
        rooms = [Bench(room.id, room.name + " dan perkakas", "Kayu, rotan") for room in place.workshops]
        rooms.append(Bench(None, "Bengkel Roti", ""))
        propose_page(place.id, WHOLE, rooms, photo=jpeg(), alt="Meja " * 20, by_id=head)
        change = PageChange.query.filter_by(facility_id=place.id).one()
        made.append(change.id)
        seen = change.changed_at
        if number == 1:
            approve_page(change.id, seen=seen, by_id=writer)
        elif number == 2:
            return_page(change.id, "Sebutkan bahannya. " * 20, seen=seen, by_id=writer)
    return made


def texts(writer: int) -> None:
    """A privacy page of three days, one of them to come; an English text that is older."""
    today, body = clock.today(), standing_body(PageSlug.PRIVACY, "id") + "\n\n" + WHOLE
    for base, days, language in ((0, 0, "en"), (0, 0, "id"), (1, 9, "id")):
        text = Draft(
            slug=PageSlug.PRIVACY, language=language, title=("Data pribadi " * 9)[:120], body=body,
            reason="Kalimat tentang pengiriman diperjelas. " * 7, base=base,
            valid_from=today + timedelta(days=days),
        )  # fmt: skip
        publish_text(text, by_id=writer)


def test_words_of_facilities_and_of_the_office_can_be_used_by_everybody(
    db: SQLAlchemy, shop: Filled, window_of: WindowOf
) -> None:
    window = window_of("regional")
    writer = factories.user("regional").id
    waiting, approved, returned = proposals(writer)
    room, pages = "/kanwil/lapas/usulan", "/kanwil/halaman"
    found: list[str] = []
    for change in (waiting, approved, returned):
        found += look(window, f"{room}/{change}")
    for address in (room, f"/en{room}/{waiting}", "/kanwil/pengaturan", "/en/kanwil/pengaturan", pages):
        found += look(window, address)
    window.goto(f"{room}/{waiting}")
    window.get_by_role("button", name="Kembalikan").click()
    found += look_here(window, "returned without a reason")
    for kind in ("empty", "written"):
        if kind == "written":
            texts(writer)
        for address in (pages, f"{pages}/privasi/id", f"{pages}/tentang/en", f"{pages}/privasi/id/0"):
            found += look(window, address)
    for address in (
        f"{pages}/privasi/id/2",
        f"/en{pages}/privasi/en",
        "/privasi",
        "/en/privasi",
        "/privasi/awal",
    ):
        found += look(window, address)
    window.goto(f"{pages}/tentang/en/tulis")
    window.get_by_label("Apa yang berubah, dan mengapa").fill("Contoh naskah")
    window.get_by_label("Isi").fill("> We keep little.\n\n1. Step\n   Below\n\n| A | B |\n| 1 | 2 |")
    window.get_by_role("button", name="Lihat dulu").click()
    found += look_here(window, "preview")
    window.get_by_label("Isi").fill("[x](javascript:1)")
    window.get_by_role("button", name="Lihat dulu").click()
    found += look_here(window, "refused")
    assert not found, "\n".join(found)
