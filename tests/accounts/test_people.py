"""Accounts are made, disabled and given passwords; every such change ends what it has to end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from storefront.accounts import services
from storefront.accounts.models import PasswordLink, Role, User
from storefront.accounts.services import passwords
from storefront.core import clock, outbox
from storefront.core.errors import DomainError, Invalid, NotFound, TooMany
from storefront.core.models import Job
from storefront.core.tokens import new_token, token_hash
from tests import factories

GOOD, OTHER = "meja biru kopi senja", "kuda hujan lampu pasar"


def make(email: str = "sari@contoh.go.id", **fields: object) -> User:
    return services.create_user(email, **{"name": "Sari", "role": Role.REGIONAL, "password": GOOD} | fields)  # type: ignore[arg-type]


def enter(email: str, password: str) -> str:
    return services.sign_in(email, password, address="203.0.113.7", user_agent="")


def test_a_new_account_can_sign_in(db: SQLAlchemy) -> None:
    user = make(" Sari@Contoh.GO.id ", name="  Sari   Dewi ")

    assert (user.email, user.name, user.role) == ("sari@contoh.go.id", "Sari Dewi", Role.REGIONAL)
    half = services.waiting(enter("sari@contoh.go.id", GOOD))
    assert half is not None
    assert (half.user_id, half.has_factor) == (user.id, False)  # the office sets a second factor up first


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": ""}, "email"),
        ({"email": "sari"}, "email"),
        ({"email": "sari@contoh"}, "email"),
        ({"email": "sari\0@contoh.id"}, "email"),
        ({"email": "sari@contoh.id\nBcc: a@b.id"}, "email"),
        ({"email": "sаri@contoh.id"}, "email"),  # a Cyrillic а
        ({"email": "😀@contoh.id"}, "email"),
        ({"email": "١٢@contoh.id"}, "email"),
        ({"email": "a" * 300_000 + "@contoh.id"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "Sari\0"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"password": "pendek"}, "password"),
        ({"password": "sari@contoh.go.id"}, "password"),
    ],
)
def test_bad_input_makes_no_account(db: SQLAlchemy, fields: dict[str, str], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(**fields)

    assert list(refused.value.errors) == [wrong]
    assert db.session.scalars(select(User)).all() == []


def test_two_people_are_two(db: SQLAlchemy) -> None:
    first, second = factories.user(), factories.user()

    assert first != second
    assert len({first, second}) == 2


def test_an_email_belongs_to_one_account(db: SQLAlchemy) -> None:
    make()

    with pytest.raises(Invalid, match="sudah dipakai"):
        make("SARI@contoh.go.id")


def test_a_new_password_ends_all_other_sessions_and_links(db: SQLAlchemy) -> None:
    user = make(role=Role.FACILITY_STAFF)
    here, there, link = enter(user.email, GOOD), enter(user.email, GOOD), services.create_link(user.id)

    services.change_password(user.id, GOOD, OTHER, token=here, address="203.0.113.7")

    assert services.resume(here)
    assert services.resume(there) is None
    with pytest.raises(NotFound):
        services.check_link(link)
    with pytest.raises(services.WrongCredentials):
        enter(user.email, GOOD)
    assert enter(user.email, OTHER)


def test_whoever_finds_a_browser_open_cannot_guess_the_password_there(db: SQLAlchemy) -> None:
    user = make()
    for _ in range(5):
        with pytest.raises(Invalid) as refused:
            services.change_password(user.id, "salah", OTHER, token="", address="203.0.113.7")
        assert list(refused.value.errors) == ["current"]
    with pytest.raises(TooMany):
        services.change_password(user.id, GOOD, OTHER, token="", address="203.0.113.7")


def test_a_new_password_has_to_be_good(db: SQLAlchemy) -> None:
    user = make()

    with pytest.raises(Invalid) as refused:
        services.change_password(user.id, GOOD, "lapastangerang", token="", address="203.0.113.7")

    assert list(refused.value.errors) == ["new"]
    assert enter(user.email, GOOD)


# --- disabling ------------------------------------------------------------------------------------


def test_a_disabled_account_is_out_at_once(db: SQLAlchemy) -> None:
    office, user = factories.user(), make(role=Role.PROMOTER)
    token, link = enter(user.email, GOOD), services.create_link(user.id)

    services.disable_user(user.id, by_id=office.id)

    assert services.resume(token) is None
    with pytest.raises(services.AccountDisabled):
        enter(user.email, GOOD)
    with pytest.raises(services.WrongCredentials):  # to strangers it looks like any other
        enter(user.email, OTHER)
    with pytest.raises(NotFound):
        services.check_link(link)
    with pytest.raises(DomainError):
        services.create_link(user.id)

    services.enable_user(user.id)
    assert enter(user.email, GOOD)
    assert services.resume(token) is None


def test_nobody_disables_themself_or_the_last_of_the_office(db: SQLAlchemy) -> None:
    first, second = factories.user(), factories.user()
    factories.user("promoter")

    with pytest.raises(DomainError, match="akun sendiri"):
        services.disable_user(first.id, by_id=first.id)
    services.disable_user(second.id, by_id=first.id)
    with pytest.raises(DomainError, match="terakhir"):
        services.disable_user(first.id, by_id=second.id)

    assert first.is_enabled


# --- links ----------------------------------------------------------------------------------------


def test_a_link_sets_a_password_once(db: SQLAlchemy) -> None:
    user = make(password=None)
    used, unused = services.create_link(user.id), services.create_link(user.id)
    assert token_hash(used) in db.session.scalars(select(PasswordLink.token_hash)).all()

    services.set_password_by_link(used, GOOD)

    assert enter(user.email, GOOD)
    for token in (used, unused):
        with pytest.raises(NotFound):
            services.set_password_by_link(token, OTHER)


def test_of_two_who_answer_an_invitation_at_once_one_chooses_the_password(app: Flask, db: SQLAlchemy) -> None:
    user = make(password=None, role=Role.BUYER)
    email, token = user.email, services.create_link(user.id)

    def answer(password: str) -> str | None:
        with app.app_context():
            try:
                services.set_password_by_link(token, password)
            except NotFound:
                return None
            return password

    with ThreadPoolExecutor(2) as pool:
        chosen = [password for password in pool.map(answer, (GOOD, OTHER)) if password]

    assert len(chosen) == 1
    assert enter(email, chosen[0])
    with pytest.raises(Invalid):
        enter(email, OTHER if chosen == [GOOD] else GOOD)


def test_a_link_is_good_for_seven_days(db: SQLAlchemy) -> None:
    user, begun = make(password=None), clock.now()
    with clock.travel(begun):
        token = services.create_link(user.id)
    with clock.travel(begun + timedelta(days=7) - timedelta(seconds=1)):
        assert services.check_link(token) is user
    with clock.travel(begun + timedelta(days=7)), pytest.raises(NotFound):
        services.check_link(token)


@pytest.mark.parametrize("token", ["", "x", "\0", "😀", "x" * 300_000])
def test_invented_links_open_nothing(db: SQLAlchemy, token: str) -> None:
    make()

    with pytest.raises(NotFound):
        services.check_link(token)


def test_a_weak_password_does_not_use_the_link_up(db: SQLAlchemy) -> None:
    user = make(password=None)
    token = services.create_link(user.id)

    with pytest.raises(Invalid):
        services.set_password_by_link(token, "123456789012")

    assert services.check_link(token) is user


def test_the_letter_has_a_link_of_its_own_that_the_outbox_never_held(
    db: SQLAlchemy, letters: Callable[[], list[EmailMessage]]
) -> None:
    user = make(password=None)
    services.send_link(user.id)
    assert db.session.scalars(select(Job.payload)).all() == [{"user_id": user.id}]

    outbox.drain()

    [letter] = letters()
    assert letter["To"] == user.email
    token = letter.get_body(("plain",)).get_content().split("/masuk/sandi/")[1].split()[0]
    services.set_password_by_link(token, GOOD)
    assert enter(user.email, GOOD)


def test_a_disabled_person_gets_no_letter(db: SQLAlchemy, letters: Callable[[], list[EmailMessage]]) -> None:
    user = make(is_demo=True, role=Role.BUYER)
    services.send_link(user.id)
    services.disable_user(user.id, by_id=0)

    outbox.drain()

    assert letters() == []


# --- what the tables themselves refuse ------------------------------------------------------------


@pytest.mark.parametrize(
    "assignment", ["email = 'SARI@contoh.go.id'", "role = 'king'", "email = NULL", "created_at = NULL"]
)
def test_the_users_table_refuses(db: SQLAlchemy, assignment: str) -> None:
    factories.user(password_hash=passwords.hash_password(GOOD))

    with pytest.raises(IntegrityError):
        db.session.execute(text(f"UPDATE users SET {assignment}"))
    db.session.rollback()


def test_one_email_one_token_hash(db: SQLAlchemy) -> None:
    user = factories.user()
    with pytest.raises(IntegrityError):
        factories.user(email=user.email)
    values = {"token_hash": token_hash(new_token()), "user_id": user.id, "expires_at": clock.now()}
    factories.stored(PasswordLink(**values))
    with pytest.raises(IntegrityError):
        factories.stored(PasswordLink(**values))
