"""The pages of a complaint: buyer, facility, office; who sees what, what is kept when something is wrong."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from storefront.aftersales.models import CasePhoto, CaseStatus, ComplaintCase, Party, Remedy, Wish
from storefront.aftersales.services import Proposal, accept_wish, forget_cases, hand_over, offer, reject, say
from storefront.core import clock
from storefront.core.models import AuditEntry
from storefront.core.outbox import drain
from storefront.core.storage import read, storage
from storefront.core.transactions import transaction
from storefront.facilities.models import Facility
from storefront.orders.models import Order
from tests import factories
from tests.aftersales.conftest import case_now, complain, deliver
from tests.catalog_staff.photos import photo, upload
from tests.support.html import values

WORDS = {"problem": "damaged", "wish": "refund", "text": "Dua piring retak waktu dibuka."}


def pieces(arrived, plates: str) -> dict[str, str]:
    return {f"pieces_{arrived.lines['Piring Batok']}": plates}


@pytest.fixture
def own(db, arrived) -> Facility:
    return db.session.get_one(Facility, arrived.facility_id)


# --- the buyer ----------------------------------------------------------------------------------------


def test_the_order_page_leads_there_and_says_until_when(client, arrived):
    page = client.get(arrived.page).text
    assert arrived.form in page
    assert "Sampaikan paling lambat" in page


def test_a_parcel_on_its_way_has_no_such_door(client, maker, plates):
    under_way = deliver({plates: 1}, maker, arrive=False)
    assert under_way.form not in client.get(under_way.page).text
    assert client.get(under_way.form).status_code == 404


def test_when_the_days_are_over_the_page_says_where_to_turn(client, db, arrived):
    with clock.travel(clock.now() + timedelta(days=20)):
        page = client.get(arrived.page).text
        assert arrived.form not in page
        assert "Batas keluhan" in page
        assert "Batas itu sudah lewat" in client.get(arrived.form).text
        assert client.post(arrived.form, data=WORDS | pieces(arrived, "1")).status_code != 303
    assert db.session.scalar(select(func.count(ComplaintCase.id))) == 0


def test_a_complaint_is_told_with_a_photo_that_says_nothing_of_where_it_was_taken(client, db, arrived):
    exif = Image.Exif()
    exif[0x010E] = "Rumah Siti"
    raw = BytesIO()
    Image.new("RGB", (900, 700), "#884422").save(raw, "JPEG", exif=exif)
    data = WORDS | pieces(arrived, "2") | {"photos": upload("piring.jpg", raw.getvalue())}
    answer = client.submit(arrived.form, data, action=arrived.form)
    assert answer.status_code == 303
    case = db.session.scalars(select(ComplaintCase)).one()
    kept = read(case.photos[0].key)
    assert b"Rumah Siti" not in kept
    assert case.photos[0].key.startswith("private/")
    shown = client.get(answer.location)
    assert "Dua piring retak" in shown.text
    with client.get(f"{arrived.page}/keluhan/{case.id}/foto/{case.photos[0].id}") as served:
        assert (served.status_code, served.data) == (200, kept)
    assert client.get(f"/media/{case.photos[0].key}").status_code == 404
    page = client.get(arrived.page).text
    assert case.reference in page
    assert arrived.form not in page


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, arrived):
    answer = client.submit(arrived.form, WORDS | pieces(arrived, "9") | {"text": "Aduh"}, action=arrived.form)
    assert answer.status_code == 422
    assert "Paling banyak 6." in answer.text
    assert "Aduh</textarea>" in answer.text
    assert 'value="9"' in answer.text
    none = client.submit(arrived.form, WORDS | pieces(arrived, "0"), action=arrived.form)
    assert none.status_code == 422
    assert "Pilih barang yang bermasalah" in none.text
    wrong = WORDS | pieces(arrived, "1") | {"photos": upload("x.jpg", b"no picture")}
    answer = client.submit(arrived.form, wrong, action=arrived.form)
    assert answer.status_code == 422
    assert "bukan foto" in answer.text
    six = [upload(f"{n}.jpg") for n in range(6)]
    many = client.submit(arrived.form, WORDS | pieces(arrived, "1") | {"photos": six}, action=arrived.form)
    assert many.status_code == 422
    assert "Paling banyak 5 foto" in many.text


def test_a_refused_complaint_leaves_no_file(client, app, arrived):
    before = sorted(app.config["MEDIA_ROOT"].rglob("*.webp"))
    data = WORDS | pieces(arrived, "7") | {"photos": upload()}
    assert client.submit(arrived.form, data, action=arrived.form).status_code == 422
    assert sorted(app.config["MEDIA_ROOT"].rglob("*.webp")) == before


def test_another_orders_address_opens_nothing(client, maker, plates, arrived):
    other = deliver({plates: 1}, maker)
    case_id = complain(arrived, photos=(photo(),))
    photo_id = case_now(case_id).photos[0].id
    for path in (
        f"/keluhan/{case_id}",
        f"/keluhan/{case_id}/foto/{photo_id}",
        f"/keluhan/kiriman/{arrived.parcel_id}",
    ):
        assert client.get(other.page + path).status_code == 404
    for step in ("pesan", "terima", "tolak", "cabut", "kirim-balik"):
        token = values(client.page(other.form).form(other.form))["csrf_token"]
        answer = client.post(
            f"{other.page}/keluhan/{case_id}/{step}", data={"csrf_token": token, "text": "Halo"}
        )
        assert answer.status_code == 404, step


def test_the_buyer_answers_an_offer_and_sends_goods_back(client, arrived):
    case_id = complain(arrived)
    here = f"{arrived.page}/keluhan/{case_id}"
    given = Proposal(Remedy.REFUND, {arrived.lines["Piring Batok"]: 1}, wants_goods=True)
    offer(arrived.facility_id, case_id, arrived.staff_id, given, text="Satu piring kami ganti.")
    assert "Satu piring kami ganti." in client.get(here).text
    assert client.submit(here, {"tolak-text": ""}, action=f"{here}/tolak").status_code == 422
    assert client.submit(here, action=f"{here}/terima").status_code == 303
    refused = client.submit(here, {"courier": "JNE", "waybill": "?"}, action=f"{here}/kirim-balik")
    assert refused.status_code == 422
    sent = client.submit(here, {"courier": "JNE", "waybill": "RET12345"}, action=f"{here}/kirim-balik")
    assert sent.status_code == 303
    assert "RET12345" in client.get(here).text


def test_a_rejection_is_read_with_whom_to_turn_to(client, arrived):
    case_id = complain(arrived)
    hand_over(arrived.facility_id, case_id, arrived.staff_id, text="Kami ragu.")
    reject(case_id, arrived.office_id, text="Fotonya barang lain.")
    page = client.get(f"{arrived.page}/keluhan/{case_id}").text
    assert "Fotonya barang lain." in page
    assert "0853-1111-1010" in page
    assert "BPSK" in page
    assert "<textarea" not in page


# --- the desks ----------------------------------------------------------------------------------------


def test_the_facility_sees_the_case_and_nothing_of_the_buyer(client, own, arrived):
    case_id = complain(arrived, text="Hubungi 0812-3456-7890 atau siti@contoh.id. Retak semua.")
    say(case_id, Party.BUYER, "Nomor saya 081234567890.", token=arrived.token)
    factories.signed_in(client, "facility_staff", facility=own)
    assert "Keluhan menunggu jawaban" in client.get("/petugas").text
    for path in ("/petugas/keluhan", f"/petugas/keluhan/{case_id}"):
        page = client.get(path).text
        for secret in (
            "Siti Contoh",
            "siti@contoh.id",
            "7890",
            "+6281200001111",
            "Jl. Contoh",
            arrived.token,
        ):
            assert secret not in page, (path, secret)
    assert "Retak semua." in page
    factories.signed_in(client, "regional")
    page = client.get(f"/kanwil/keluhan/{case_id}").text
    assert "0812-3456-7890" in page
    assert arrived.number in page


def test_every_act_of_the_desks_is_done_and_entered_in_the_log(client, db, own, arrived):
    line = arrived.lines["Piring Batok"]
    staff, office = factories.user("facility_staff", facility=own).id, factories.user("regional").id

    def act(who: int, room: str, case_id: int, step: str, prefix: str = "", **data: str) -> None:
        factories.sign_in(client, db.session.get_one(factories.User, who))
        here = f"{room}/{case_id}"
        before = _acts(db, who)
        filled = {f"{prefix}{name}": value for name, value in data.items()}
        answer = client.submit(here, filled, action=f"{here}/{step}")
        assert answer.status_code == 303, (step, answer.text)
        assert len(_acts(db, who)) > len(before), step

    mine, theirs = "/petugas/keluhan", "/kanwil/keluhan"
    first = complain(arrived, plates=1)
    act(staff, mine, first, "pesan", text="Kami lihat dulu.")
    act(staff, mine, first, "setujui", "setuju-", wants_goods="y")
    act(staff, mine, first, "barang", **{f"good_{line}": "0", f"bad_{line}": "1"})
    second = complain(arrived, plates=1, wish=Wish.OTHER)
    act(staff, mine, second, "setujui", "setuju-", text="Kami perbaiki.")
    act(staff, mine, second, "selesai")
    third = complain(arrived, plates=1)
    act(staff, mine, third, "tawarkan", "tawar-", remedy="nothing", text="Memang begitu.")
    with transaction():
        case = db.session.get_one(ComplaintCase, third)
        case.status = CaseStatus.OPEN
    act(staff, mine, third, "serahkan", "serah-", text="Kami ragu.")
    act(office, theirs, third, "pesan", text="Kami baca.")
    act(office, theirs, third, "putuskan", "putus-", remedy="other", text="Lapas memperbaikinya.")
    act(office, theirs, third, "selesai")
    fourth = complain(arrived, plates=1)
    hand_over(arrived.facility_id, fourth, staff, text="Kami ragu.")
    act(office, theirs, fourth, "tolak", "tolak-", text="Fotonya barang lain.")
    assert [case_now(n).status for n in (first, second, third, fourth)] == [
        CaseStatus.SETTLED, CaseStatus.SETTLED, CaseStatus.SETTLED, CaseStatus.REJECTED,
    ]  # fmt: skip


def _acts(db, who: int) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).filter_by(actor_id=who)))


def test_a_step_that_came_too_late_keeps_what_was_typed(client, own, arrived):
    case_id = complain(arrived)
    factories.signed_in(client, "facility_staff", facility=own)
    here = f"/petugas/keluhan/{case_id}"
    token = values(client.page(here).form(f"{here}/serahkan"))["csrf_token"]
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False)
    answer = client.post(f"{here}/serahkan", data={"csrf_token": token, "serah-text": "Kami ragu."})
    assert answer.status_code == 409
    assert "sudah berubah" in answer.text


def test_the_office_is_told_why_something_cannot_be_done(client, db, arrived, plates):
    from storefront.inventory.services import count

    case_id = complain(arrived, wish=Wish.EXCHANGE)
    hand_over(arrived.facility_id, case_id, arrived.staff_id, text="Kami ragu.")
    count(arrived.facility_id, plates.variants[0].id, 0)
    factories.signed_in(client, "regional")
    here = f"/kanwil/keluhan/{case_id}"
    data = {"putus-remedy": "exchange", "putus-text": "Ganti yang baru."}
    answer = client.submit(here, data, action=f"{here}/putuskan")
    assert answer.status_code == 409
    assert "sudah habis" in answer.text
    assert "Ganti yang baru." in answer.text
    assert case_now(case_id).status is CaseStatus.OFFICE


def test_the_queue_says_what_is_late(client, arrived):
    case_id = complain(arrived)
    hand_over(arrived.facility_id, case_id, arrived.staff_id, text="Kami ragu.")
    factories.signed_in(client, "regional")
    assert "lewat" not in client.page("/kanwil/keluhan").one("table").text
    with clock.travel(clock.now() + timedelta(days=9)):
        factories.signed_in(client, "regional")
        assert "lewat" in client.page("/kanwil/keluhan").one("table").text
        assert "1 lewat batas" in client.get("/kanwil").text


def test_the_general_channel_and_the_case_know_each_other(client, db, arrived):
    from storefront.feedback.models import Complaint, ComplaintTopic
    from storefront.feedback.services import file_complaint

    case_id = complain(arrived)
    file_complaint(
        name="Siti", topic=ComplaintTopic.GOODS, text="Piring retak.", phone="+6281200001111",
        order_number=arrived.number,
    )  # fmt: skip
    general = db.session.scalars(select(Complaint)).one()
    reference, general_id = general.reference, general.id
    factories.signed_in(client, "regional")
    assert reference in client.get(f"/kanwil/keluhan/{case_id}").text
    assert case_now(case_id).reference in client.get(f"/kanwil/pengaduan/{general_id}").text


# --- letters, and what is forgotten -------------------------------------------------------------------


def test_each_step_is_told_once_to_the_others(db, arrived, letters):
    case_id = complain(arrived, text="Hubungi 0812-3456-7890.")
    staff = db.session.get_one(factories.User, arrived.staff_id).email
    reference = case_now(case_id).reference

    def about_it(reader: str) -> list[tuple[str, str]]:
        drain()
        found = [letter for letter in letters() if letter["To"] == reader and reference in letter["Subject"]]
        return [(letter["Subject"], letter.get_body(("plain",)).get_content()) for letter in found]

    [(subject, text)] = about_it(staff)
    assert subject == f"Keluhan {reference} menunggu jawaban"
    assert "0812" not in text
    assert "Siti" not in text
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False, text="Maaf.")
    assert [subject for subject, _ in about_it("siti@contoh.id")] == [f"Keluhan {reference} selesai"]


def test_the_buyers_letters_speak_their_language(db, arrived, letters):
    with transaction():
        db.session.get_one(Order, arrived.order_id).language = "en"
    case_id = complain(arrived)
    hand_over(arrived.facility_id, case_id, arrived.staff_id, text="Kami ragu.")
    reject(case_id, arrived.office_id, text="Fotonya barang lain.")
    drain()
    reference = case_now(case_id).reference
    mine = [letter for letter in letters() if letter["To"] == "siti@contoh.id"]
    told = {letter["Subject"]: letter.get_body(("plain",)).get_content() for letter in mine}
    assert f"Complaint {reference} was rejected" in told
    assert "Ministry of Trade" in told[f"Complaint {reference} was rejected"]


def test_photos_go_some_time_after_the_end(app, db, arrived):
    case_id = complain(arrived, photos=(photo(),))
    key = case_now(case_id).photos[0].key
    accept_wish(arrived.facility_id, case_id, arrived.staff_id, wants_goods=False)
    closed = case_now(case_id).closed_at
    with clock.travel(closed + timedelta(days=89)):
        drain()
    assert storage().exists(key)
    with clock.travel(closed + timedelta(days=91)):
        drain()
    assert not storage().exists(key)
    assert db.session.scalar(select(func.count(CasePhoto.id))) == 0


def test_who_leaves_takes_their_words_and_photos_along(db, arrived):
    case_id = complain(arrived, photos=(photo(),), text="Nama saya Siti, piringnya retak.")
    say(case_id, Party.BUYER, "Siti di sini.", token=arrived.token)
    say(case_id, Party.OFFICE, "Kami baca.", actor_id=arrived.office_id)
    key = case_now(case_id).photos[0].key
    with transaction():
        forget_cases([arrived.order_id])
    case = case_now(case_id)
    written = [case.text, *(entry.text for entry in case.entries)]
    assert not [words for words in written if "Siti" in words]
    assert "Kami baca." in written
    assert not storage().exists(key)


def test_nobody_is_forgotten_while_a_case_goes_on(db, arrived):
    from storefront.buyers.queries import Somebody, bought_by
    from storefront.buyers.services import StillOpen, erase_guest

    who = Somebody(phone="+6281200001111", email="siti@contoh.id")
    case_id = complain(arrived, text="Piringnya retak semua.")
    assert bought_by(who)["order_complaints"][0]["text"] == "Piringnya retak semua."
    db.session.rollback()
    with pytest.raises(StillOpen):
        erase_guest(who)
    hand_over(arrived.facility_id, case_id, arrived.staff_id, text="Kami ragu.")
    reject(case_id, arrived.office_id, text="Fotonya barang lain.")
    assert erase_guest(who) == 1
    assert case_now(case_id).text == "(dihapus)"
    assert db.session.get_one(Order, arrived.order_id).email == ""
