"""Sessions begin, are found by their token, and end when they should; guessing is slowed down."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median

import argon2
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.accounts import queries, services
from storefront.accounts.models import SignInAttempt, User, UserSession
from storefront.accounts.services import passwords
from storefront.accounts.services.throttle import network_of
from storefront.core import clock
from storefront.core.errors import NotFound, TooMany
from storefront.core.tokens import token_hash
from storefront.core.transactions import transaction
from tests import factories

GOOD = "meja biru kopi senja"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sari(db: SQLAlchemy) -> User:
    return factories.user(email="sari@contoh.go.id", password_hash=passwords.hash_password(GOOD))


def enter(email: str = "sari@contoh.go.id", password: str = GOOD, address: str = HOME) -> str:
    token = services.sign_in(email, password, address=address, user_agent="Firefox")
    return factories.second_step(token, address=address)


def fail(times: int, email: str = "sari@contoh.go.id", address: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(services.WrongCredentials):
            enter(email, "salah salah salah", address)


def count(db: SQLAlchemy, model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_right_password_opens_a_session_of_which_only_the_hash_is_kept(
    db: SQLAlchemy, sari: User
) -> None:
    token = enter(" SARI@contoh.go.id ")

    row = db.session.scalars(select(UserSession)).one()
    assert row.token_hash == token_hash(token) != token
    assert services.resume(token) is sari
    assert sari.get_id() == token
    assert count(db, SignInAttempt) == 0


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("sari@contoh.go.id", "meja biru kopi senj"),
        ("sari@contoh.go.id", ""),
        ("sari@contoh.go.id", GOOD + "\0"),
        ("sari@contoh.go.id", "x" * 300_000),
        ("tidak.ada@contoh.go.id", GOOD),
        ("", ""),
        ("sari@contoh.go.id\0", GOOD),
        ("x" * 300_000, GOOD),
        ("😀@contoh.go.id", GOOD),
        ("١٢", "١٢"),
        ("' OR 1=1 --", GOOD),
    ],
)
def test_anything_else_is_refused_in_the_same_words(
    db: SQLAlchemy, sari: User, email: str, password: str
) -> None:
    with pytest.raises(services.WrongCredentials, match="E-mail atau kata sandi salah"):
        enter(email, password)

    assert count(db, UserSession) == 0


def test_an_invited_person_without_a_password_cannot_sign_in(db: SQLAlchemy) -> None:
    factories.user(email="baru@contoh.go.id", password_hash=None)

    for password in ("", "nobody", GOOD):
        with pytest.raises(services.WrongCredentials):
            enter("baru@contoh.go.id", password)


def test_an_unknown_email_takes_the_time_of_a_known_one(db: SQLAlchemy, sari: User) -> None:
    def seconds(email: str, address: str) -> float:
        begun = time.thread_time()
        fail(1, email, address)
        return time.thread_time() - begun

    known = median(seconds("sari@contoh.go.id", f"203.0.113.{n}") for n in range(7))
    unknown = median(seconds(f"tidak.ada{n}@contoh.go.id", f"203.0.113.{n}") for n in range(7))

    assert 0.5 < unknown / known < 2


def test_an_old_hash_is_made_again_at_the_next_sign_in(db: SQLAlchemy) -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    user = factories.user(email="lama@contoh.go.id", password_hash=old)

    enter("lama@contoh.go.id")

    assert user.password_hash
    assert not passwords.is_outdated(user.password_hash)
    assert passwords.matches(user.password_hash, GOOD)


# --- guessing -------------------------------------------------------------------------------------


def test_after_five_wrong_guesses_from_one_address_even_the_right_password_waits(
    db: SQLAlchemy, sari: User
) -> None:
    fail(5)

    with pytest.raises(TooMany) as refused:
        enter()

    assert 14 * 60 < refused.value.retry_after <= 15 * 60 + 1
    assert "15 menit" in refused.value.message
    assert count(db, SignInAttempt) == 5  # what is refused does not prolong the wait


def test_the_wait_ends_by_itself(db: SQLAlchemy, sari: User) -> None:
    begun = clock.now()
    with clock.travel(begun):
        fail(5)
    with clock.travel(begun + 14 * MINUTE), pytest.raises(TooMany) as refused:
        enter()
    assert 0 < refused.value.retry_after <= 61

    with clock.travel(begun + timedelta(seconds=refused.value.retry_after) + 14 * MINUTE):
        assert enter()


def test_the_right_password_forgives_earlier_slips(db: SQLAlchemy, sari: User) -> None:
    fail(4)
    enter()
    fail(4)

    assert enter()


def test_one_address_may_fail_thirty_times_over_all_accounts(db: SQLAlchemy, sari: User) -> None:
    for number in range(6):
        fail(5, f"orang{number}@contoh.id")

    with pytest.raises(TooMany):
        enter("lain@contoh.id")
    assert enter(address=ELSEWHERE)


def test_guessing_from_many_addresses_is_stopped_at_twenty(db: SQLAlchemy, sari: User) -> None:
    for number in range(20):
        fail(1, address=f"198.51.100.{number}")

    with pytest.raises(TooMany):
        enter()


def test_strangers_cannot_lock_out_an_address_that_is_signed_in(db: SQLAlchemy, sari: User) -> None:
    enter(address=HOME)
    for number in range(20):
        fail(1, address=f"198.51.100.{number}")

    assert enter(address=HOME)
    fail(5, address=HOME)
    with pytest.raises(TooMany):  # but it has no more guesses than any other
        enter(address=HOME)


def test_guesses_at_the_same_moment_do_not_slip_through_together(
    app: Flask, db: SQLAlchemy, sari: User
) -> None:
    def guess(_number: int) -> str:
        with app.app_context():
            try:
                enter(password="salah salah salah")
            except services.WrongCredentials:
                return "judged"
            except TooMany:
                return "refused"
            return "in"

    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))

    assert answers.count("judged") <= 5
    assert answers.count("in") == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("x" * 300, "x" * 64),
    ],
)
def test_an_ipv6_customer_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


# --- the life of a session ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "quiet", "is_over"),
    [
        ("regional", timedelta(hours=11, minutes=59), False),
        ("regional", timedelta(hours=12), True),
        ("facility_staff", timedelta(hours=12), True),
        ("buyer", timedelta(days=29), False),
        ("buyer", timedelta(days=30), True),
    ],
)
def test_a_session_ends_when_nothing_is_heard_of_it(
    db: SQLAlchemy, role: str, quiet: timedelta, is_over: bool
) -> None:
    factories.user(role, email="r@contoh.go.id", password_hash=passwords.hash_password(GOOD))
    begun = clock.now()
    with clock.travel(begun):
        token = enter("r@contoh.go.id")

    with clock.travel(begun + quiet):
        assert (services.resume(token) is None) == is_over


def test_a_session_in_use_still_ends_after_thirty_days(db: SQLAlchemy, sari: User) -> None:
    begun = clock.now()
    with clock.travel(begun):
        token = enter()
    for hours in range(6, 30 * 24, 6):
        with clock.travel(begun + timedelta(hours=hours)):
            assert services.resume(token)
    with clock.travel(begun + timedelta(days=30)):
        assert services.resume(token) is None


def test_a_page_costs_one_query_and_writes_only_every_five_minutes(
    db: SQLAlchemy, sari: User, query_count: Callable
) -> None:
    begun = clock.now()
    with clock.travel(begun):
        token = enter()
        db.session.rollback()
    with clock.travel(begun + 4 * MINUTE), query_count() as statements:
        assert services.resume(token)
        assert len(statements) == 1

    with clock.travel(begun + 6 * MINUTE):
        services.resume(token)

    assert db.session.scalars(select(UserSession.last_seen_at)).one() == begun + 6 * MINUTE


def test_ending_sessions(db: SQLAlchemy, sari: User) -> None:
    first, second, third = enter(), enter(), enter()

    services.sign_out(first)
    assert [services.resume(token) is not None for token in (first, second, third)] == [False, True, True]
    services.end_sessions(sari.id, except_token=third)
    assert [services.resume(token) is not None for token in (second, third)] == [False, True]
    services.end_sessions(sari.id)
    assert services.resume(third) is None


def test_nobody_ends_the_session_of_another(db: SQLAlchemy, sari: User) -> None:
    token, stranger = enter(), factories.user()
    session_id = queries.sessions_of(sari.id)[0].id

    with pytest.raises(NotFound):
        services.end_session(stranger.id, session_id)

    assert services.resume(token)


def test_tidying_removes_only_what_is_over(db: SQLAlchemy, sari: User) -> None:
    begun = clock.now()
    with clock.travel(begun):
        fail(2)
        enter(address=ELSEWHERE)
        services.create_link(sari.id)
        assert services.tidy() == 0
    with clock.travel(begun + timedelta(days=31)), transaction():
        assert services.tidy() == 4


def test_browsers_are_named_in_plain_words() -> None:
    android = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"

    assert queries.browser_name(android) == "Chrome di Android"
    assert queries.browser_name(edge) == "Edge di Windows"
    assert queries.browser_name("") == "Peramban lain"
