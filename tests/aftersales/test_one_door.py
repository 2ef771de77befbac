"""On the page of an order there is one way to say what is wrong with a parcel, and one to the office."""

from datetime import timedelta

from storefront.core import clock
from tests import factories
from tests.aftersales.conftest import deliver

HELP = "/pengaduan?pesanan="


def doors(client, order) -> tuple[list[str], int, int]:
    """Where the page's parcel lets its buyer complain, how often it names the office and WhatsApp."""
    main = client.page(order.page).one("main")
    links = [link.attrs.get("href", "") for link in main.all("a")]
    return (
        [link for link in links if "/keluhan/" in link],
        sum(link.startswith(HELP) for link in links),
        sum("wa.me" in link for link in links),
    )


def test_before_it_arrives_there_is_somebody_to_ask_and_nothing_to_complain_of(client, maker, plates):
    order = deliver({plates: 2}, maker, arrive=False)
    assert doors(client, order)[:2] == ([], 1)
    assert "Ada pertanyaan tentang kiriman ini?" in client.page(order.page).text


def test_once_it_arrived_there_is_one_door(client, maker, plates):
    order = deliver({plates: 2}, maker)
    assert doors(client, order) == ([order.form], 1, 0)
    page = client.page(order.page).text
    assert "Ada pertanyaan tentang kiriman ini?" not in page
    assert "Tulis kepada Kantor Wilayah" in page


def test_after_the_last_day_the_door_says_where_else(client, maker, plates):
    order = deliver({plates: 2}, maker)
    with clock.travel(clock.now() + timedelta(days=40)):
        complain, office, others = doors(client, order)
    assert (complain, others) == ([], 0)
    assert office == 2  # beside the parcel, and the general line


def test_the_two_rooms_of_the_office_name_each_other(client, db):
    factories.signed_in(client, "regional")
    for path, heading, other in (
        ("/kanwil/keluhan", "Keluhan kiriman", "/kanwil/pengaduan"),
        ("/kanwil/pengaduan", "Pengaduan umum", "/kanwil/keluhan"),
    ):
        page = client.page(path)
        assert page.one("h1").text.strip() == heading
        assert any(link.attrs.get("href") == other for link in page.one("main").all("a"))
        assert len([link for link in page.all("a") if link.text.strip() == heading]) >= 1  # the menu says so
