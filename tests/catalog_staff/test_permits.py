"""Permits at the desks: their papers, the lists, the rules, and the letters before they end."""

from datetime import timedelta
from io import BytesIO

import pytest

from storefront.catalog.models import FoodLicence, FoodNeed, FoodRule, LicenceKind, Product
from storefront.catalog.services.endings import OVER, step_of, tell_ending
from storefront.catalog.services.licences import MAX_PDF, add_licence, set_scan
from storefront.catalog.services.permits import add_rule
from storefront.core import clock, outbox
from storefront.core.errors import Invalid
from storefront.core.models import Job
from storefront.core.storage import read, storage
from tests import factories
from tests.catalog_staff.photos import upload
from tests.support import html

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LAW = "Peraturan BPOM 31/2018"
MD, HALAL = LicenceKind.MD, LicenceKind.HALAL


@pytest.fixture
def chips(db):
    """A product of a facility with one permit, by ids."""
    maker = factories.facility("LPA")
    product = factories.product(maker, title="Keripik Tempe", shelf=factories.category("Camilan"))
    until = clock.today() + timedelta(days=200)
    ids = {"product": product.id, "facility": maker.id, "shelf": product.category_id, "slug": product.slug}
    ids["licence"] = add_licence(product.id, None, MD, "867012345678", valid_until=until).id
    return ids


def maker_of(db, chips):
    return db.session.get_one(Product, chips["product"]).facility


def sent(data, name="izin.pdf"):
    return (BytesIO(data), name)


# --- papers ------------------------------------------------------------------------------------------------


def test_a_paper_is_private_and_only_ever_a_download(client, db, chips):
    factories.signed_in(client, "facility_staff", facility=maker_of(db, chips))
    page = f"/petugas/produk/{chips['product']}"
    door = f"{page}/izin/{chips['licence']}/pindaian"
    assert client.get(door).status_code == 404
    body = {f"scan{chips['licence']}-scan": sent(PDF)}
    assert client.submit(page, body, action=door).status_code == 303

    kept = client.get(door)
    assert kept.data == PDF
    assert kept.mimetype == "application/pdf"
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in kept.headers["Cache-Control"]
    key = db.session.get_one(FoodLicence, chips["licence"]).scan_key
    assert key.startswith("private/izin/")
    assert client.get(f"/media/{key}").status_code == 404
    factories.signed_in(client)
    assert client.get(f"/kanwil/izin-pangan/{chips['licence']}/pindaian").data == PDF


def test_another_facility_cannot_see_or_send_a_paper(client, db, chips):
    set_scan(chips["product"], chips["licence"], PDF, None)
    factories.signed_in(client, "facility_head", facility=factories.facility("LPB"))
    door = f"/petugas/produk/{chips['product']}/izin/{chips['licence']}/pindaian"
    assert client.get(door).status_code == 404
    own = factories.product(factories.facility("LPC")).id
    assert client.get(f"/petugas/produk/{own}/izin/{chips['licence']}/pindaian").status_code == 404
    assert client.get(f"/kanwil/izin-pangan/{chips['licence']}/pindaian").status_code == 403


def test_a_new_paper_takes_the_place_of_the_old_and_goes_with_its_permit(client, db, chips):
    set_scan(chips["product"], chips["licence"], PDF, None)
    first = db.session.get_one(FoodLicence, chips["licence"]).scan_key
    set_scan(chips["product"], chips["licence"], upload()[0].read(), None)
    second = db.session.get_one(FoodLicence, chips["licence"]).scan_key
    assert not storage().exists(first)
    assert second.endswith(".webp")
    assert b"Exif" not in read(second)
    factories.signed_in(client, "facility_staff", facility=maker_of(db, chips))
    page = f"/petugas/produk/{chips['product']}"
    client.submit(page, action=f"{page}/izin/{chips['licence']}/hapus")
    assert not storage().exists(second)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7 cut",
        b"%PDF-" + b"x" * MAX_PDF + b"%%EOF",
        b"",
    ],
    ids=["svg", "cut", "large", "empty"],
)
def test_what_is_no_paper_is_refused_and_leaves_nothing(db, chips, data):
    with pytest.raises(Invalid) as wrong:
        set_scan(chips["product"], chips["licence"], data, None)
    assert "scan" in wrong.value.errors
    db.session.rollback()
    assert db.session.get_one(FoodLicence, chips["licence"]).scan_key == ""


def test_a_wrong_paper_is_said_beside_its_field(client, db, chips):
    factories.signed_in(client, "facility_staff", facility=maker_of(db, chips))
    page = f"/petugas/produk/{chips['product']}"
    body = {f"scan{chips['licence']}-scan": sent(b"%PDF-1.7 cut")}
    answer = client.submit(page, body, action=f"{page}/izin/{chips['licence']}/pindaian")
    assert answer.status_code == 422
    assert "PDF ini tidak utuh" in answer.text


# --- lists and rules ---------------------------------------------------------------------------------------


def test_the_office_sees_all_and_a_facility_its_own(client, db, chips):
    other = factories.product(factories.facility("LPB"), title="Sirup")
    add_licence(other.id, None, MD, "867012345679", valid_until=clock.today() + timedelta(days=20))
    factories.signed_in(client)
    everything = client.get("/kanwil/izin-pangan?tab=semua").text
    assert "Keripik Tempe" in everything
    assert "Sirup" in everything
    soon = client.get("/kanwil/izin-pangan").text
    assert "Sirup" in soon
    assert "Keripik Tempe" not in soon
    assert "Sirup" not in client.get("/kanwil/izin-pangan?tab=semua&jenis=halal").text
    assert "Sirup" not in client.get(f"/kanwil/izin-pangan?tab=semua&lapas={chips['facility']}").text
    assert client.get("/kanwil/izin-pangan?tab=x&jenis=y&lapas=z&hal=99&q=%00").status_code == 200

    factories.signed_in(client, "facility_staff", facility=maker_of(db, chips))
    own = client.get("/petugas/produk/izin?tab=semua").text
    assert "Keripik Tempe" in own
    assert "Sirup" not in own
    assert client.get("/kanwil/izin-pangan").status_code == 403


def test_rules_are_written_by_the_office_alone(client, db, chips):
    body = {
        "category_id": str(chips["shelf"]), "need": "halal", "valid_from": clock.today().isoformat(),
        "legal_ref": "PP 42/2024 Pasal 160",
    }  # fmt: skip
    factories.signed_in(client, "facility_head", facility=maker_of(db, chips))
    assert client.get("/kanwil/izin-pangan/aturan").status_code == 403

    factories.signed_in(client)
    page = "/kanwil/izin-pangan/aturan"
    wrong = client.submit(page, body | {"legal_ref": "", "over_days": "400"}, action=page)
    assert wrong.status_code == 422
    assert "Tulis dasar hukumnya." in wrong.text
    assert 'value="400"' in wrong.text
    assert client.submit(page, body, action=page).status_code == 303
    assert "1 produk turun dari rak" in client.get(page).text
    assert client.submit(page, body, action=page).status_code == 422
    made = db.session.query(FoodRule).one()
    assert made.need is FoodNeed.HALAL
    door = f"{page}/{made.id}/hapus"
    assert client.get(f"/produk/{chips['slug']}").status_code == 404
    assert "Keripik Tempe" in client.get("/kanwil/izin-pangan?tab=turun").text
    assert client.submit(page, action=door).status_code == 303
    assert client.get(f"/produk/{chips['slug']}").status_code == 200
    token = html.values(client.page(page).form(page))["csrf_token"]
    assert client.post(door, data={"csrf_token": token}).status_code == 404


def test_today_counts_what_ends_and_what_left(client, db, chips):
    add_licence(chips["product"], None, HALAL, "36110000123450120", valid_until=clock.today())
    add_rule(chips["shelf"], FoodNeed.HALAL, clock.today(), "PP 42/2024")
    factories.signed_in(client, "facility_staff", facility=maker_of(db, chips))
    assert "Izin pangan segera berakhir" in client.get("/petugas").text
    with clock.travel(clock.now() + timedelta(days=1)):
        factories.signed_in(client, "facility_staff", facility=maker_of(db, chips))
        page = client.get("/petugas").text
        assert "Turun dari rak: izin pangan" in page
        assert "Izin pangan sudah berakhir" in page
        assert "Produk ini turun dari rak" in client.get(f"/petugas/produk/{chips['product']}").text


# --- letters -----------------------------------------------------------------------------------------------


def test_each_warning_is_due_on_its_own_day():
    today = clock.today()
    due = {left: step_of(today + timedelta(days=left), today) for left in (181, 180, 91, 90, 31, 30, 0, -1)}
    assert due == {181: None, 180: 180, 91: 180, 90: 90, 31: 90, 30: 30, 0: 30, -1: OVER}


def test_each_warning_is_written_once_to_facility_and_office(db, letters, chips):
    person = factories.user("facility_staff", facility=maker_of(db, chips)).email
    office = factories.user().email
    factories.user("facility_staff", facility=factories.facility("LPB"))
    start, seen = clock.now(), []
    for day in range(195, 205):  # five days before the end, and five after
        with clock.travel(start + timedelta(days=day)):
            seen.append(tell_ending())
            assert tell_ending() == 0
            while outbox.run_due(20):
                pass
    assert seen == [1, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    told = sorted((letter["To"], "berakhir 5 hari lagi" in letter["Subject"]) for letter in letters())
    assert told == sorted([(person, True), (office, True), (person, False), (office, False)])


def test_a_permit_that_was_renewed_is_not_warned_of(db, chips):
    later = clock.today() + timedelta(days=900)
    add_licence(chips["product"], None, MD, "867012345670", valid_until=later)
    with clock.travel(clock.now() + timedelta(days=190)):
        assert tell_ending() == 0
        assert tell_ending() == 0
    assert db.session.query(Job).filter_by(kind="licence.ending").count() == 0
