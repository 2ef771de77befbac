"""The guide inside the shop: by role, found by a word, one tap from every page of the staff."""

import re

import pytest

from storefront.accounts.models import Role
from storefront.core import markdown
from storefront.desk.queries import guide
from tests import factories

GUIDE = "/bantuan-petugas"


def signed_in(client, role: str):
    """Somebody of this role, inside a facility if they work in one."""
    place = factories.facility() if role.startswith("facility") else None
    return factories.signed_in(client, role, facility=place)


def help_link(client, address: str) -> str:
    """Where the header of a page leads for help."""
    header = client.page(address).one("header")
    return next(link.attrs["href"] for link in header.all("a") if link.text in {"Bantuan", "Help"})


@pytest.mark.parametrize("role", ["facility_staff", "facility_head", "regional", "promoter"])
def test_everybody_reads_their_own_chapters(client, db, role):
    signed_in(client, role)
    shown = [link.attrs["href"] for link in client.page(GUIDE).one("main").one("ol").all("a")]
    assert shown == [f"{GUIDE}/{chapter.slug}" for chapter in guide.chapters_for(Role(role))]
    for chapter in guide.CHAPTERS:
        answer = client.get(f"{GUIDE}/{chapter.slug}")
        assert answer.status_code == (200 if f"{GUIDE}/{chapter.slug}" in shown else 404), chapter.slug


@pytest.mark.parametrize("role", [None, "buyer"])
def test_nobody_else_does(client, db, role):
    if role:
        factories.signed_in(client, role)
    wanted = 403 if role else 303
    for address in (GUIDE, f"{GUIDE}/stok"):
        assert client.get(address).status_code == wanted
    assert client.get(f"{GUIDE}/tidak-ada").status_code == wanted


@pytest.mark.parametrize(
    ("role", "address", "slug"),
    [
        ("facility_staff", "/petugas/stok", "stok"),
        ("facility_staff", "/petugas/produk/foto-menunggu", "foto"),
        ("facility_staff", "/petugas/produk", "produk-dari-hp"),
        ("facility_head", "/petugas/orang", "kepala"),
        ("regional", "/kanwil/transfer", "uang-kanwil"),
        ("regional", "/kanwil", "kanwil"),
        ("promoter", "/pemprov", "acara"),
        ("regional", "/akun", "masuk"),
    ],
)
def test_help_with_a_page_is_one_tap_away(client, db, role, address, slug):
    signed_in(client, role)
    assert help_link(client, address) == f"{GUIDE}/{slug}"
    assert help_link(client, f"/en{address}") == f"/en{GUIDE}/{slug}"
    assert client.get(f"{GUIDE}/{slug}").status_code == 200


def test_a_buyer_is_not_sent_there(client, db):
    factories.signed_in(client, "buyer")
    assert GUIDE not in client.get("/akun").text


def test_a_chapter_leads_to_the_pages_and_chapters_it_names(client, db):
    signed_in(client, "facility_staff")
    main = client.page(f"{GUIDE}/stok").one("main")
    assert main.one("h1").text == "Stok dan kapasitas"
    links = {link.attrs["href"] for link in main.all("a")}
    assert {"/petugas/stok", "/petugas/antrean", f"{GUIDE}/pesanan"} <= links
    assert client.page(f"/en{GUIDE}/stok").one("article").attrs["lang"] == "id"
    english = client.page(f"/en{GUIDE}/stok").one("main")
    assert "This guide is written in Indonesian." in english.text
    assert "/en/petugas/stok" in {link.attrs["href"] for link in english.all("a")}


def test_the_office_reads_of_doors_that_it_may_not_open(client, db):
    signed_in(client, "regional")
    main = client.page(f"{GUIDE}/stok").one("main")
    assert "/petugas/stok" in main.text
    assert not [link for link in main.all("a") if link.attrs["href"].startswith("/petugas")]
    links = {link.attrs["href"] for link in client.page(f"{GUIDE}/kanwil").one("main").all("a")}
    assert "/kanwil/kurasi" in links


def test_a_word_is_found_where_it_stands(client, db):
    signed_in(client, "facility_staff")
    page = client.page(f"{GUIDE}?q=resi")
    hit = next(link for link in page.one("main").all("a") if "Banyak resi sekaligus" in link.text)
    address, _, anchor = hit.attrs["href"].partition("#")
    heading = next(part for part in client.page(address).all("h2") if part.text == "Banyak resi sekaligus")
    assert heading.attrs["id"] == anchor
    assert "Tidak ditemukan" in client.get(f"{GUIDE}?q=zebra").text
    assert "Undang pengguna" not in client.get(f"{GUIDE}?q=pengguna").text, "of another role's chapters"
    assert client.get(f"{GUIDE}?q={'resi ' * 90}").status_code == 200


@pytest.mark.parametrize("words", ["RESI", "kode qr", "nomor  resi", "kapasit"])
def test_what_is_looked_for_may_be_written_anyhow(words):
    found = guide.find(words, Role.FACILITY_STAFF)
    assert found
    assert len(found) <= guide.MOST_FOUND
    assert len({(hit.chapter.slug, hit.anchor) for hit in found}) == len(found)
    for hit in found:
        assert len(hit.words) <= 2 * guide.AROUND + 2


def test_nothing_is_found_for_nothing():
    assert guide.find("   ", Role.FACILITY_STAFF) == []


def test_html_in_a_text_stays_text():
    ways = markdown.Ways(lambda link: link, lambda _name: {}, lambda _path: None)
    made = markdown.to_html("# Judul\n\n<b>x</b> **y** `/a`\n\n[z](javascript:alert)\n", ways)
    assert "<b>" not in made
    assert "Judul" not in made
    assert "<strong>y</strong> <code>/a</code>" in made
    assert not re.search(r'href="javascript', made)
