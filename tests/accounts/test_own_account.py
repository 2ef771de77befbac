"""A buyer's own account: another address once it was answered, and an address book of one's own."""

import pytest
from sqlalchemy import select

from storefront.accounts import services
from storefront.accounts.models import Address, EmailChange
from storefront.accounts.services import Place, passwords
from storefront.core.errors import DomainError, NotFound
from tests import factories
from tests.accounts.test_newcomers import GOOD, link_in, newest
from tests.buying import CIPONDOH, know_cipondoh

HOME = Place("Rina", "+6281200001111", CIPONDOH, "Cipondoh, Kota Tangerang, Banten", "Jl. Melati 5")


@pytest.fixture
def rina(client, db):
    person = factories.user("buyer", email="rina@contoh.id", password_hash=passwords.hash_password(GOOD))
    factories.sign_in(client, person)
    return person


def change(client, email, password=GOOD):
    return client.submit("/akun", {"email": email, "password": password}, action="/akun/email")


def test_a_new_address_is_used_once_its_letter_was_answered(client, rina, letters):
    assert change(client, "baru@contoh.id").status_code == 303
    letter = newest(letters)
    assert (letter["To"], rina.email) == ("baru@contoh.id", "rina@contoh.id")

    assert client.submit(link_in(letter)).status_code == 303

    assert rina.email == "baru@contoh.id"
    assert newest(letters)["To"] == "rina@contoh.id"
    assert client.get(link_in(letter)).status_code == 404


def test_the_password_is_asked_for_and_a_taken_address_is_not_told(client, rina, letters):
    factories.user(email="ada@contoh.id")

    assert change(client, "baru@contoh.id", "salah").status_code == 422
    assert change(client, "rina@contoh.id").status_code == 422
    free, taken = change(client, "lain@contoh.id"), change(client, "ada@contoh.id")

    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert link_in(newest(letters)) == "/masuk"


def test_somebody_elses_link_changes_nothing(app, client, rina, letters):
    change(client, "baru@contoh.id")
    path = link_in(newest(letters))
    stranger = app.test_client()
    factories.signed_in(stranger, "buyer")

    assert stranger.get(path).status_code == 404
    assert rina.email == "rina@contoh.id"


def test_an_address_that_was_taken_meanwhile_is_refused(client, rina, db, letters):
    change(client, "baru@contoh.id")
    path = link_in(newest(letters))
    factories.user(email="baru@contoh.id")

    assert client.submit(path).status_code == 409
    assert rina.email == "rina@contoh.id"
    assert db.session.scalars(select(EmailChange.used_at)).one() is None


def test_name_and_number(client, rina):
    client.submit("/akun", {"name": "Rina Sari", "phone": "0812 0000 1111"}, action="/akun/nama")

    assert (rina.name, rina.phone) == ("Rina Sari", "+6281200001111")
    assert client.submit("/akun", {"phone": "12"}, action="/akun/nama").status_code == 422


def test_staff_are_shown_none_of_the_buyers_rooms(client, db):
    factories.signed_in(client, "regional")

    page = client.page("/akun").text
    assert "Hapus akun" not in page
    assert client.get("/akun/alamat").status_code == 403
    assert client.get("/akun/pesanan").status_code == 403


# --- the address book -----------------------------------------------------------------------------


def typed(**fields):
    return {
        "label": "Rumah", "nama": "Rina", "telepon": "081200001111", "tujuan": "Cipondoh, Kota Tangerang",
        "alamat": "Jl. Melati 5",
    } | fields  # fmt: skip


def test_keeping_changing_and_forgetting_an_address(client, rina, db):
    know_cipondoh()
    assert client.submit("/akun/alamat/baru", typed()).status_code == 303
    assert client.submit("/akun/alamat/baru", typed(label="Kantor", utama="y")).status_code == 303
    home, office = db.session.scalars(select(Address).order_by(Address.id))
    assert (home.is_default, office.is_default, home.district_code) == (False, True, CIPONDOH)

    client.submit("/akun/alamat", action=f"/akun/alamat/{home.id}/utama")
    client.submit(f"/akun/alamat/{home.id}", {"alamat": "Jl. Mawar 7"})
    client.submit("/akun/alamat", action=f"/akun/alamat/{home.id}/hapus")

    left = db.session.scalars(select(Address)).one()
    assert (left.label, left.is_default) == ("Kantor", True)


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(client, rina, db):
    know_cipondoh()
    answer = client.submit("/akun/alamat/baru", typed(tujuan="Entah Di Mana", alamat="", kode_pos="12"))

    assert answer.status_code == 422
    for words in ("tidak kami temukan", "nama jalan", "5 angka", "Entah Di Mana", "Rumah"):
        assert words in answer.text
    assert db.session.scalars(select(Address)).all() == []


def test_nobody_reaches_the_addresses_of_others(app, client, rina, db):
    address_id = services.save_address(rina.id, HOME)
    stranger = app.test_client()
    person = factories.signed_in(stranger, "buyer")
    app.config["WTF_CSRF_ENABLED"] = False

    for method, path in (("GET", ""), ("POST", ""), ("POST", "/utama"), ("POST", "/hapus")):
        answer = stranger.open(f"/akun/alamat/{address_id}{path}", method=method, data=typed())
        assert answer.status_code == 404, (method, path)
    with pytest.raises(NotFound):
        services.save_address(person.id, HOME, address_id=address_id)
    assert "Melati" not in stranger.page("/akun/alamat").text
    assert db.session.scalars(select(Address.street)).all() == ["Jl. Melati 5"]


def test_the_book_has_an_end(rina):
    for number in range(services.addresses.MOST):
        services.save_address(rina.id, Place("Rina", "+6281200001111", CIPONDOH, "Cipondoh", f"Jl. {number}"))

    with pytest.raises(DomainError):
        services.save_address(rina.id, HOME)
    services.remember_address(rina.id, HOME)  # at the checkout nothing is lost but the convenience
