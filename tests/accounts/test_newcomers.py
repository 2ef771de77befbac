"""Becoming a buyer: nobody learns who has an account, and nobody opens one at another's address."""

import re

import pytest
from sqlalchemy import func, select

from storefront.accounts import services
from storefront.accounts.models import Registration, Role, User
from storefront.accounts.services import passwords
from storefront.core import clock, outbox
from storefront.core.errors import NotFound, TooMany
from tests import factories

GOOD, OTHER = "meja biru kopi senja", "kuda hujan lampu pasar"


def ask(client, email="rina@contoh.id", password=GOOD, prefix="", **fields):
    values = {"name": "Rina", "email": email, "password": password} | fields
    return client.submit(f"{prefix}/daftar", values, action=f"{prefix}/daftar")


def link_in(letter) -> str:
    """The path of the first link in a letter's text."""
    text = letter.get_body(("plain",)).get_content()
    return re.search(r"https?://[^/]+(/\S+)", text).group(1)


def newest(letters):
    outbox.drain()
    return letters()[-1]


def test_a_letter_and_the_password_open_an_account(client, db, letters):
    assert ask(client).status_code == 200
    assert db.session.scalar(select(func.count(User.id))) == 0
    path = link_in(newest(letters))

    entered = client.submit(path, {"password": GOOD})

    assert (entered.status_code, entered.location) == (303, "/akun/pesanan")
    assert client.page("/akun").text.count("rina@contoh.id") >= 1
    person = db.session.scalars(select(User)).one()
    assert (person.role, person.name) == (Role.BUYER, "Rina")
    assert db.session.scalar(select(func.count(Registration.id))) == 0
    assert client.get(path).status_code == 404


def test_the_page_says_the_same_whether_an_address_has_an_account(app, client, db, letters):
    factories.user("regional", email="ada@contoh.id")
    pages = [ask(app.test_client(), email=email) for email in ("ada@contoh.id", "baru@contoh.id")]

    same = [re.sub(r"(ada|baru)@contoh\.id", "x", page.text) for page in pages]
    assert re.sub(r'nonce.*?"|csrf_token.*', "", same[0]) == re.sub(r'nonce.*?"|csrf_token.*', "", same[1])
    assert [page.status_code for page in pages] == [200, 200]
    outbox.drain()
    told, asked = letters()
    assert (told["To"], link_in(told)) == ("ada@contoh.id", "/masuk")
    assert link_in(asked).startswith("/daftar/")


def test_whoever_only_got_the_letter_cannot_open_the_account(client, db, letters):
    """Somebody registered with my address: the link alone gives neither them nor me their account."""
    ask(client)
    path = link_in(newest(letters))

    refused = client.submit(path, {"password": OTHER})

    assert refused.status_code == 422
    assert "saat mendaftar" in refused.text
    assert db.session.scalar(select(func.count(User.id))) == 0


def test_two_wishes_for_one_address_do_not_disturb_each_other(client, db, letters):
    ask(client, password=OTHER, name="Orang lain")
    ask(client)
    path = link_in(newest(letters))

    assert client.submit(path, {"password": GOOD}).status_code == 303

    assert db.session.scalars(select(User.name)).all() == ["Rina"]
    with pytest.raises(NotFound):
        services.check_registration(link_in(letters()[0]).removeprefix("/daftar/"))


def test_a_link_that_nobody_signed_or_that_is_late_opens_nothing(client, db, letters):
    ask(client)
    path = link_in(newest(letters))

    assert client.get("/daftar/1").status_code == 404
    assert client.get(path[:-2]).status_code == 404
    with clock.travel(clock.now() + services.newcomers.GOOD_FOR):
        assert client.get(path).status_code == 404
        services.tidy()
    assert db.session.scalar(select(func.count(Registration.id))) == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "rina"}, "alamat e-mail yang lengkap"),
        ({"email": ""}, "Tulis e-mail."),
        ({"password": "123456789012"}, "mudah ditebak"),
        ({"password": "rina contoh 1"}, "mudah ditebak"),
        ({"password": ""}, "Tulis kata sandi."),
        ({"name": "\0"}, "tidak terbaca"),
    ],
)
def test_bad_input_is_shown_again_with_words(client, db, fields, words):
    answer = ask(client, **fields)

    assert answer.status_code == 422
    assert words in answer.text
    assert fields.get("password", "x") in ("x", "") or f'value="{fields["password"]}"' not in answer.text


def test_a_form_cannot_choose_its_role(client, db, letters):
    ask(client, role="regional", is_demo="1")
    client.submit(link_in(newest(letters)), {"password": GOOD, "role": "regional"})

    assert db.session.scalars(select(User.role)).one() is Role.BUYER
    assert client.get("/kanwil").status_code == 403


def test_asking_is_counted_and_letters_to_one_address_are_few(client, db, letters):
    for _ in range(5):
        assert ask(client).status_code == 200

    assert ask(client).status_code == 429
    outbox.drain()
    assert len(letters()) == services.newcomers.LETTERS_AN_HOUR


def test_guesses_at_a_link_are_counted(client, db, letters):
    ask(client)
    path = link_in(newest(letters))
    for _ in range(5):
        assert client.submit(path, {"password": OTHER}).status_code == 422

    assert client.submit(path, {"password": GOOD}).status_code == 429


def test_the_letter_speaks_the_language_of_the_page(client, db, letters):
    ask(client, prefix="/en")
    letter = newest(letters)

    assert letter["Subject"] == "Confirm your account"
    assert link_in(letter).startswith("/en/daftar/")
    assert "Open the page" in letter.get_body(("html",)).get_content()


# --- a forgotten password -------------------------------------------------------------------------


def forgot(client, email):
    return client.submit("/lupa-kata-sandi", {"email": email}, action="/lupa-kata-sandi")


@pytest.fixture
def rina(db):
    return factories.user("buyer", email="rina@contoh.id", password_hash=passwords.hash_password(GOOD))


def test_a_new_password_ends_every_session(app, client, rina, letters):
    other = app.test_client()
    factories.sign_in(other, rina)
    forgot(client, "rina@contoh.id")
    path = link_in(newest(letters))

    done = client.submit(path, {"new": OTHER})

    assert (done.status_code, done.location) == (303, "/masuk")
    assert other.get("/akun").status_code == 303
    assert client.get(path).status_code == 404
    assert client.submit("/masuk", {"email": "rina@contoh.id", "password": OTHER}).status_code == 303


def test_unknown_and_closed_accounts_get_the_same_answer_and_no_letter(app, client, rina, letters):
    factories.user("buyer", email="tutup@contoh.id", is_enabled=False)
    emails = ("rina@contoh.id", "tutup@contoh.id", "tidak@ada.id")
    pages = [forgot(app.test_client(), email) for email in emails]

    assert {page.status_code for page in pages} == {200}
    texts = {page.text.replace(email, "x") for page, email in zip(pages, emails, strict=True)}
    assert len(texts) == 1
    outbox.drain()
    assert [letter["To"] for letter in letters()] == ["rina@contoh.id"]


def test_a_link_for_a_password_is_short_lived_and_letters_are_few(client, rina, letters):
    for _ in range(3):
        forgot(client, "rina@contoh.id")
    path = link_in(newest(letters))

    assert len(letters()) <= 2
    with clock.travel(clock.now() + services.contact.timedelta(hours=services.contact.RESET_HOURS)):
        assert client.get(path).status_code == 404


def test_asking_for_links_is_counted(db):
    for _ in range(5):
        services.request_reset("x@contoh.id", address="10.0.0.1", language="id")
    with pytest.raises(TooMany):
        services.request_reset("x@contoh.id", address="10.0.0.1", language="id")
