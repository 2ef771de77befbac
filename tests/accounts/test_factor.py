"""Setting a second factor up, codes on paper, another telephone, and what the office does for a lost one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from storefront.accounts import services
from storefront.accounts.models import RecoveryCode, SecondFactor, User, UserSession
from storefront.accounts.services import factors, passwords, totp
from storefront.core import auditlog, clock
from storefront.core.errors import DomainError, Invalid
from storefront.core.models import AuditEntry, Job
from storefront.core.secrecy import unseal
from tests import factories

GOOD = "meja biru kopi senja"
HOME = "203.0.113.7"
SECRET = factories.AUTHENTICATOR


@pytest.fixture
def sari(db: SQLAlchemy) -> User:
    """Of the office, with an authenticator."""
    return factories.user(email="sari@contoh.go.id", password_hash=passwords.hash_password(GOOD))


@pytest.fixture
def rudi(db: SQLAlchemy) -> User:
    """A head who never set one up."""
    return factories.user(
        "facility_head", facility=factories.facility(), email="rudi@contoh.go.id", factor=False,
        password_hash=passwords.hash_password(GOOD),
    )  # fmt: skip


def enter(email: str = "sari@contoh.go.id") -> str:
    return services.sign_in(email, GOOD, address=HOME, user_agent="Firefox")


def code(step: int = 0) -> str:
    return factories.code_now(later=step)


def acts(db: SQLAlchemy) -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


# --- setting one up -----------------------------------------------------------------------------------


def set_up(token: str) -> services.Enrolled:
    setup = services.setup_of(token)
    assert setup is not None
    return services.enrol(token, totp.code_at(setup.secret, totp.step_at(clock.now())))


def test_a_head_sets_one_up_at_the_first_sign_in(db: SQLAlchemy, rudi: User) -> None:
    token = enter("rudi@contoh.go.id")
    setup = services.setup_of(token)
    assert setup is not None
    assert setup == services.setup_of(token)  # a page that is loaded again shows the same
    assert setup.secret in setup.address
    assert "rudi%40contoh.go.id" in setup.address

    done = set_up(token)

    assert services.resume(done.token) is rudi
    assert services.setup_of(done.token) is None
    factor = db.session.get(SecondFactor, rudi.id)
    assert factor is not None
    assert setup.secret not in factor.secret
    assert unseal(factor.secret) == setup.secret
    assert len(set(done.codes)) == factors.CODES
    assert acts(db) == ["user.factor_set"]


def test_the_code_that_set_it_up_is_used_up(db: SQLAlchemy, rudi: User) -> None:
    token = enter("rudi@contoh.go.id")
    setup = services.setup_of(token)
    assert setup is not None
    set_up(token)

    with pytest.raises(Invalid):
        services.enter_code(
            enter("rudi@contoh.go.id"), totp.code_at(setup.secret, totp.step_at(clock.now())), address=HOME
        )


def test_a_wrong_first_code_sets_nothing_up(db: SQLAlchemy, rudi: User) -> None:
    token = enter("rudi@contoh.go.id")
    for typed in ("", "123", "abcdef", code()):
        with pytest.raises(Invalid):
            services.enrol(token, typed)

    assert services.resume(token) is None
    assert db.session.get(SecondFactor, rudi.id) is None


def test_whoever_knows_the_password_cannot_replace_an_authenticator(db: SQLAlchemy, rudi: User) -> None:
    thief, owner = enter("rudi@contoh.go.id"), enter("rudi@contoh.go.id")
    setup = services.setup_of(thief)
    assert setup is not None
    set_up(owner)

    assert services.waiting(thief) is None
    with pytest.raises(services.NotWaiting):
        services.enrol(thief, totp.code_at(setup.secret, totp.step_at(clock.now())))
    late = enter("rudi@contoh.go.id")
    assert services.setup_of(late) is None
    with pytest.raises(services.NotWaiting):
        services.enrol(late, code())


def test_two_browsers_that_set_one_up_at_once_leave_one(app: Flask, db: SQLAlchemy, rudi: User) -> None:
    tokens = [enter("rudi@contoh.go.id") for _session in range(2)]

    def attempt(token: str) -> bool:
        with app.app_context():
            try:
                set_up(token)
            except (services.NotWaiting, AssertionError):
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(attempt, tokens)) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count(RecoveryCode.id))) == factors.CODES
    assert db.session.scalar(select(func.count(UserSession.id))) == 1


# --- recovery codes -----------------------------------------------------------------------------------


def test_a_recovery_code_opens_once_however_it_is_typed(db: SQLAlchemy, rudi: User) -> None:
    codes = set_up(enter("rudi@contoh.go.id")).codes
    typed = f" {codes[3].lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "

    token = services.enter_recovery_code(enter("rudi@contoh.go.id"), typed, address=HOME)

    assert services.resume(token) is rudi
    assert factors.codes_left(rudi.id) == factors.CODES - 1
    assert acts(db)[-1] == "user.recovery_used"
    with pytest.raises(Invalid, match="sudah dipakai"):
        services.enter_recovery_code(enter("rudi@contoh.go.id"), codes[3], address=HOME)


def test_of_two_who_use_a_recovery_code_at_once_one_gets_in(app: Flask, db: SQLAlchemy, rudi: User) -> None:
    typed = set_up(enter("rudi@contoh.go.id")).codes[0]
    tokens = [enter("rudi@contoh.go.id") for _session in range(3)]

    def attempt(token: str) -> bool:
        with app.app_context():
            try:
                services.enter_recovery_code(token, typed, address=HOME)
            except Invalid:
                return False
            return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(attempt, tokens)) == 1


def test_codes_of_another_person_open_nothing(db: SQLAlchemy, sari: User, rudi: User) -> None:
    codes = set_up(enter("rudi@contoh.go.id")).codes

    with pytest.raises(Invalid):
        services.enter_recovery_code(enter(), codes[0], address=HOME)


# --- afterwards ---------------------------------------------------------------------------------------


def inside(person: User) -> str:
    return services.enter_code(enter(person.email), code(), address=HOME)


def test_another_telephone_needs_password_and_a_code_of_the_old_one(db: SQLAlchemy, sari: User) -> None:
    token = inside(sari)
    with pytest.raises(Invalid):
        services.begin_setup(sari.id, "salah salah salah", code(1), token=token, address=HOME)
    with pytest.raises(Invalid):
        services.begin_setup(sari.id, GOOD, "", token=token, address=HOME)
    with pytest.raises(Invalid):
        services.begin_setup(sari.id, GOOD, code(), token=token, address=HOME)  # opened the session already
    assert services.setup_of(token) is None
    other = factories.stored(_another_session(sari)).id

    services.begin_setup(sari.id, GOOD, code(1), token=token, address=HOME)
    done = set_up(token)

    assert done.token == token
    assert services.resume(token) is sari
    assert db.session.scalar(select(func.count(UserSession.id)).filter_by(id=other)) == 0
    with clock.travel(clock.now() + timedelta(minutes=2)), pytest.raises(Invalid):
        services.enter_code(enter(), code(), address=HOME)


def _another_session(person: User) -> UserSession:
    moment = clock.now()
    return UserSession(
        token_hash="x", user_id=person.id, address=HOME, user_agent="", created_at=moment,
        last_seen_at=moment, expires_at=moment + timedelta(days=1), is_complete=True,
    )  # fmt: skip


def test_new_recovery_codes_end_the_old_ones(db: SQLAlchemy, rudi: User) -> None:
    old = set_up(enter("rudi@contoh.go.id")).codes
    new = services.new_recovery_codes(rudi.id, GOOD, old[0], address=HOME)

    assert factors.codes_left(rudi.id) == factors.CODES
    with pytest.raises(Invalid):
        services.enter_recovery_code(enter("rudi@contoh.go.id"), old[1], address=HOME)
    assert services.resume(services.enter_recovery_code(enter("rudi@contoh.go.id"), new[1], address=HOME))


def test_whose_role_must_have_one_cannot_turn_it_off(db: SQLAlchemy, sari: User) -> None:
    with pytest.raises(DomainError, match="wajib"):
        services.turn_off_factor(sari.id, GOOD, code(), token="", address=HOME)

    assert factors.has_factor(sari.id)


def test_staff_may_have_one_and_turn_it_off(db: SQLAlchemy) -> None:
    budi = factories.user(
        "facility_staff", facility=factories.facility(), email="budi@contoh.go.id",
        password_hash=passwords.hash_password(GOOD),
    )  # fmt: skip
    token = enter("budi@contoh.go.id")
    services.begin_setup(budi.id, GOOD, "", token=token, address=HOME)
    codes = set_up(token).codes
    assert services.resume(enter("budi@contoh.go.id")) is None

    services.turn_off_factor(budi.id, GOOD, codes[0], token=token, address=HOME)

    assert services.resume(token) is budi
    assert services.resume(enter("budi@contoh.go.id")) is budi
    assert acts(db) == ["user.factor_set", "user.recovery_used", "user.factor_off"]


def test_the_office_takes_a_lost_one_off(db: SQLAlchemy, sari: User) -> None:
    token, other = inside(sari), factories.user().id
    services.reset_factor(sari.id, by_id=other)

    assert services.resume(token) is None
    assert factors.codes_left(sari.id) == 0
    setup = services.setup_of(enter())
    assert setup is not None
    assert setup.secret != SECRET
    job = db.session.scalars(select(Job).filter_by(kind=factors.LETTER)).one()
    assert job.payload["what"] == "reset"
    assert acts(db) == ["user.factor_reset"]
    with pytest.raises(DomainError, match="tidak memakai"):
        services.reset_factor(sari.id, by_id=other)


def test_nobody_takes_off_their_own(db: SQLAlchemy, sari: User) -> None:
    with pytest.raises(DomainError, match="petugas Kanwil lain"):
        services.reset_factor(sari.id, by_id=sari.id)


def test_the_log_is_whole(db: SQLAlchemy, rudi: User) -> None:
    set_up(enter("rudi@contoh.go.id"))

    assert list(auditlog.faults()) == []
