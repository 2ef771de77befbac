"""The public pages of fairs: the same for everybody, and the code of a poster remembered on the way."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from storefront.core import clock
from storefront.events import services
from storefront.events.models import Fair
from tests.factories import facility, product
from tests.support import fairs

NOON = datetime(2026, 10, 5, 5, tzinfo=UTC)
PAGE = "/acara/banten-expo-2026"


@pytest.fixture
def fair_id(db):
    made = fairs.fair(
        products=[product(facility(name="Lapas Cilegon"), title="Tas anyaman")], story="Stan B12."
    )
    with clock.travel(NOON):
        yield made


def test_the_list_leads_to_the_fair(client, fair_id):
    page = client.page("/acara")

    assert page.one("h1").text == "Acara"
    assert "Sedang berlangsung" in [heading.text for heading in page.all("h2")]
    assert [link for link in page.one("main").all("a", href=PAGE) if "Banten Expo 2026" in link.text]


def test_an_empty_list_says_where_to_go(client):
    assert "Belum ada acara" in client.page("/acara").one("main").text


def test_the_page_says_when_where_who_and_what(client, fair_id):
    page = client.page(PAGE)
    main = page.one("main")

    assert page.one("h1").text == "Banten Expo 2026"
    for words in ("4–7 Oktober 2026", "Alun-Alun Barat, Kota Serang", "Disperindag Provinsi Banten"):
        assert words in main.text
    for words in ("Stan B12.", "Lapas Cilegon", "Tas anyaman", "Sedang berlangsung"):
        assert words in main.text
    maps = [link.attrs["href"] for link in main.all("a") if "google.com/maps" in link.attrs.get("href", "")]
    assert maps == ["https://www.google.com/maps/search/?api=1&query=Alun-Alun+Barat%2C+Kota+Serang"]
    assert main.all("a", href=f"{PAGE}.ics")


def test_a_fair_without_anything_to_show_yet(client, db):
    fairs.fair()
    with clock.travel(NOON):
        assert "sedang dipilih" in client.page(PAGE).one("main").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("day", "phase", "words"),
    [
        (1, "coming", "Akan datang, 3 hari lagi"),
        (3, "coming", "Akan datang, mulai besok"),
        (4, "running", "Sedang berlangsung, sampai 7 Oktober 2026"),
        (7, "running", "Sedang berlangsung, hari ini yang terakhir"),
        (8, "past", "Sudah lewat"),
    ],
)
def test_each_day_says_what_a_visitor_can_do(client, fair_id, day, phase, words):
    with clock.travel(NOON.replace(day=day)):
        page = client.page(PAGE)
    main = page.one("main")

    assert main.one("article", data_phase=phase)
    assert words in main.text
    assert bool(main.all("a", href=f"{PAGE}.ics")) is (phase != "past")
    assert bool([a for a in main.all("a") if "google.com/maps" in a.attrs["href"]]) is (phase != "past")
    assert ("masih dapat dibeli di bawah ini" in main.text) is (phase == "past")
    assert ("Yang waktu itu hadir" in main.text) is (phase == "past")
    assert "Tas anyaman" in main.text
    assert "Acara lain" not in main.text  # it does not lead to itself


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_fair_leads_to_the_next_ones(client, db):
    for name, day in (("Lama", 1), ("Ini", 4), ("Nanti", 20), ("Segera", 9), ("Draf", 10), ("Jauh", 30)):
        when = {"starts_on": date(2026, 10, day), "ends_on": date(2026, 10, day)}
        fairs.fair(name=name, published=name != "Draf", **when)
    with clock.travel(NOON.replace(day=6)):
        main = client.page("/acara/ini-2026").one("main")

    assert [heading.text for heading in main.all("h3")] == ["Segera", "Nanti", "Jauh"]
    assert "halaman produk" in main.text  # nothing was shown there: everything is
    assert main.all("a", href="/acara")


def test_what_promoters_write_is_text_and_never_markup(client, db):
    fairs.fair(name="<script>alert(1)</script> & Kawan", story='"><img src=x onerror=alert(1)>')
    page = client.get("/acara/script-alert-1-script-kawan-2026").text

    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    "path", [PAGE, f"{PAGE}.ics", f"{PAGE}/qr.svg", f"{PAGE}/qr.png", "/a/BANTEN-EXPO-26"]
)
def test_a_draft_is_nowhere(client, db, path):
    fair_id = fairs.fair()
    assert client.get(path).status_code < 400

    services.unpublish_fair(fair_id)

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/acara", PAGE])
def test_shared_pages_are_the_same_for_everybody(app, fair_id, path):
    stranger, guest = app.test_client(), app.test_client()
    guest.get("/a/BANTEN-EXPO-26", follow_redirects=True)
    first, second = stranger.get(path), guest.get(path)

    assert first.data == second.data
    assert "Set-Cookie" not in first.headers
    assert "Set-Cookie" not in second.headers
    assert "public" in first.headers["Cache-Control"]


def test_a_change_is_seen_by_the_next_visitor(client, fair_id):
    client.get(PAGE)
    services.update_fair(fair_id, fairs.details(venue="Gedung Negara"), facility_ids=[])

    assert "Gedung Negara" in client.page(PAGE).one("main").text


# --- the code -----------------------------------------------------------------------------------------


def cookie_of(response):
    return response.headers.getlist("Set-Cookie")


def test_the_short_link_leads_to_the_fair_and_its_code_is_remembered(client, fair_id):
    first = client.get("/a/banten-expo-26")
    assert (first.status_code, first.headers["Location"]) == (302, f"{PAGE}?e=BANTEN-EXPO-26")

    second = client.get(first.headers["Location"])
    assert (second.status_code, second.headers["Location"]) == (302, PAGE)
    (cookie,) = cookie_of(second)
    assert cookie.startswith("asal=BANTEN-EXPO-26;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={timedelta(days=30) // timedelta(seconds=1)}" in cookie
    assert "Secure" not in cookie
    assert second.headers["Cache-Control"] == "no-store"


@pytest.mark.settings(
    ENV="production", PUBLIC_BASE_URL="https://toko.example", TRUSTED_HOSTS=("toko.example",)
)
def test_in_production_the_cookie_only_travels_encrypted(client, fair_id):
    (cookie,) = cookie_of(client.get(f"{PAGE}?e=BANTEN-EXPO-26"))
    assert "Secure" in cookie


def test_the_rest_of_the_address_stays(client, fair_id):
    answer = client.get("/acara?q=tas+%26+kain&e=BANTEN-EXPO-26&q=b%0d%0aX-Y:z")
    assert answer.headers["Location"] == "/acara?q=tas+%26+kain&q=b%0D%0AX-Y%3Az"


@pytest.mark.parametrize(
    "code", ["", "TIDAK-ADA", "x" * 500, "%00", "BANTEN-EXPO-26%0d%0aSet-Cookie:a=b", "é"]
)
def test_an_unknown_code_is_dropped_without_a_word(client, fair_id, code):
    answer = client.get(f"/acara?e={code}")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/acara")
    assert cookie_of(answer) == []


def test_a_fair_that_was_taken_back_is_not_remembered(client, fair_id):
    services.unpublish_fair(fair_id)
    assert cookie_of(client.get("/acara?e=BANTEN-EXPO-26")) == []


@pytest.mark.parametrize(
    "path",
    [
        "//jahat.example/acara",
        "/\\jahat.example",
        "/%2F/jahat.example",
        "//jahat.example/%2e%2e",
        "/%5Cjahat.example",
    ],
)
def test_no_address_leads_to_another_site(client, fair_id, path):
    client.lint = False
    answer = client.get(f"{path}?e=BANTEN-EXPO-26")
    location = answer.headers.get("Location", "/")

    base = client.application.config["PUBLIC_BASE_URL"]
    assert location.startswith((f"{base}/", "/"))
    assert not location.startswith(("//", "/\\"))


def test_only_looking_at_a_page_counts(client, fair_id):
    assert cookie_of(client.post("/acara?e=BANTEN-EXPO-26")) == []
    assert cookie_of(client.get("/healthz?e=BANTEN-EXPO-26")) == []


# --- files --------------------------------------------------------------------------------------------


def test_the_qr_code_of_the_poster_opens_the_short_link(client, fair_id):
    answer = client.get(f"{PAGE}/qr.png")
    image = Image.open(BytesIO(answer.data)).convert("RGB")
    link = zxingcpp.read_barcode(image).text

    assert answer.mimetype == "image/png"
    assert link == f"{client.application.config['PUBLIC_BASE_URL']}/a/BANTEN-EXPO-26"
    assert client.get(link, follow_redirects=True).request.path == PAGE


def test_the_drawing_is_an_svg(client, fair_id):
    answer = client.get(f"{PAGE}/qr.svg")

    assert answer.mimetype == "image/svg+xml"
    assert b"<title>Kode QR Banten Expo 2026</title>" in answer.data
    assert client.get(f"{PAGE}/qr.exe").status_code == 404


def test_the_calendar_file(client, fair_id, db):
    answer = client.get(f"{PAGE}.ics")
    lines = answer.data.decode().split("\r\n")

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20261004" in lines
    assert "DTEND;VALUE=DATE:20261008" in lines
    assert "SUMMARY:Banten Expo 2026" in lines
    assert (
        f"UID:acara-banten-expo-26@{client.application.config['PUBLIC_BASE_URL'].partition('//')[2]}" in lines
    )
    assert db.session.get_one(Fair, fair_id).slug in answer.headers["Content-Disposition"]
