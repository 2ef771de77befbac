"""The second step of signing in: what opens before it (nothing), which codes count, and how it is set up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from storefront.accounts import services
from storefront.accounts.models import User
from storefront.accounts.services import factors, passwords, totp
from storefront.core import clock
from storefront.core.errors import Invalid, TooMany
from storefront.core.models import Job
from tests import factories

GOOD = "meja biru kopi senja"
HOME = "203.0.113.7"
SECRET = factories.AUTHENTICATOR
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture
def sari(db: SQLAlchemy) -> User:
    """Of the office, with an authenticator."""
    return factories.user(email="sari@contoh.go.id", password_hash=passwords.hash_password(GOOD))


def enter(email: str = "sari@contoh.go.id") -> str:
    return services.sign_in(email, GOOD, address=HOME, user_agent="Firefox")


def code(step: int = 0) -> str:
    return factories.code_now(later=step)


# --- codes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")],
)
def test_codes_are_those_of_the_standard(moment: int, expected: str) -> None:
    """RFC 6238, appendix B: the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    when = datetime.fromtimestamp(moment, UTC)

    assert totp.code_at(secret, totp.step_at(when)) == expected
    assert totp.step_of(secret, expected, when) == totp.step_at(when)


@given(ahead=st.integers(-4, 4), used=st.integers(-4, 4))
def test_a_code_counts_one_step_around_now_and_only_forward(ahead: int, used: int) -> None:
    now = totp.step_at(NOON)
    typed = totp.code_at(SECRET, now + ahead)
    found = totp.step_of(SECRET, typed, NOON, after=now + used)

    assert found == (now + ahead if -1 <= ahead <= 1 and ahead > used else None)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "12345x", "\0" * 6])
def test_what_is_no_code_is_refused_without_counting(db: SQLAlchemy, sari: User, typed: str) -> None:
    token = enter()
    for _attempt in range(8):
        with pytest.raises(Invalid):
            services.enter_code(token, typed, address=HOME)


def test_blanks_in_a_code_are_nothing(db: SQLAlchemy, sari: User) -> None:
    typed = code()

    assert services.resume(services.enter_code(enter(), f" {typed[:3]} {typed[3:]} ", address=HOME)) is sari


# --- the half-open session ----------------------------------------------------------------------------


def test_the_password_alone_opens_nothing(db: SQLAlchemy, sari: User) -> None:
    token = enter()

    assert services.resume(token) is None
    waiting = services.waiting(token)
    assert waiting is not None
    assert (waiting.user_id, waiting.has_factor) == (sari.id, True)
    assert services.setup_of(token) is None


def test_the_code_opens_a_session_with_another_token(db: SQLAlchemy, sari: User) -> None:
    half = enter()
    token = services.enter_code(half, code(), address=HOME)

    assert token != half
    assert services.resume(token) is sari
    assert services.resume(half) is None
    assert services.waiting(half) is None
    assert services.waiting(token) is None


def test_a_code_opens_one_session_only(db: SQLAlchemy, sari: User) -> None:
    services.enter_code(enter(), code(), address=HOME)
    with pytest.raises(Invalid, match="sudah dipakai"):
        services.enter_code(enter(), code(), address=HOME)

    services.enter_code(enter(), code(1), address=HOME)
    with pytest.raises(Invalid):  # a code of before the last one is used up as well
        services.enter_code(enter(), code(), address=HOME)


def test_of_many_who_send_one_code_at_once_one_gets_in(app: Flask, db: SQLAlchemy, sari: User) -> None:
    tokens, typed = [enter() for _session in range(4)], code()

    def attempt(token: str) -> bool:
        with app.app_context():
            try:
                services.enter_code(token, typed, address=HOME)
            except Invalid:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, tokens)) == 1


def test_guesses_are_counted_and_the_owner_is_told_once(db: SQLAlchemy, sari: User) -> None:
    token, wrong = enter(), "000000" if code() != "000000" else "111111"
    for _guess in range(5):
        with pytest.raises(Invalid):
            services.enter_code(token, wrong, address=HOME)
    for _guess in range(3):
        with pytest.raises(TooMany):
            services.enter_code(token, code(), address=HOME)
        with pytest.raises(TooMany):
            services.enter_recovery_code(token, "AAAAA-AAAAA", address=HOME)

    letters = db.session.scalars(select(Job).filter_by(kind=factors.LETTER)).all()
    assert [job.payload["what"] for job in letters] == ["wrong"]


def test_the_second_step_has_half_an_hour(db: SQLAlchemy, sari: User) -> None:
    token = enter()
    with clock.travel(clock.now() + timedelta(minutes=30, seconds=1)):
        assert services.waiting(token) is None
        with pytest.raises(services.NotWaiting):
            services.enter_code(token, code(), address=HOME)


@pytest.mark.parametrize("ending", ["disabled", "signed out", "password changed"])
def test_a_half_open_session_ends_with_the_others(db: SQLAlchemy, sari: User, ending: str) -> None:
    token, other = enter(), factories.user().id
    if ending == "disabled":
        services.disable_user(sari.id, by_id=other)
    elif ending == "signed out":
        services.end_sessions(sari.id, by_id=other)
    else:
        services.set_password_by_link(services.create_link(sari.id), "kuda hujan lampu pasar")

    assert services.waiting(token) is None
    with pytest.raises(services.NotWaiting):
        services.enter_code(token, code(), address=HOME)


def test_half_open_sessions_are_no_sessions(db: SQLAlchemy, sari: User) -> None:
    from storefront.accounts.queries import sessions_of
    from storefront.facilities.queries import person

    enter()

    assert sessions_of(sari.id) == []
    assert person(sari.id).last_seen_at is None


# --- who needs one ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "needed"),
    [("buyer", False), ("facility_staff", False), ("facility_head", True), ("regional", True),
     ("promoter", True)],
)  # fmt: skip
def test_who_must_have_one(db: SQLAlchemy, role: str, needed: bool) -> None:
    person = factories.user(
        role, email="x@contoh.id", factor=False, password_hash=passwords.hash_password(GOOD)
    )
    token = enter("x@contoh.id")

    assert (services.resume(token) is None) is needed
    assert factors.is_required(person) is needed


def test_the_demo_needs_none_in_development_and_is_shut_elsewhere(app: Flask, db: SQLAlchemy) -> None:
    demo = factories.user(email="x@contoh.id", is_demo=True, password_hash=passwords.hash_password(GOOD))
    assert services.resume(enter("x@contoh.id")) is demo

    app.config["ENV"] = "production"
    assert factors.is_required(demo)
    with pytest.raises(services.AccountDisabled):
        enter("x@contoh.id")
