"""`user …` and `facility …` on the command line."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from storefront.accounts import services as accounts
from storefront.accounts.models import User
from storefront.accounts.services import factors
from storefront.core.models import AuditEntry
from storefront.facilities import queries
from storefront.facilities.models import Facility
from tests import factories

GOOD = "meja biru kopi senja"
PERSON = ("user", "create", "--email", "budi@contoh.go.id", "--name", "Budi")


def run(app: Flask, *words: str, typed: str = "") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=words, input=typed)
    return result.exit_code, result.output


def test_facilities(app: Flask, db: SQLAlchemy) -> None:
    place = ("--name", "Lapas Contoh", "--kind", "lapas", "--class", "IIA", "--town", "Kota Serang")

    assert run(app, "facility", "load-banten") == (0, "12 facilities added\n")
    assert run(app, "facility", "load-banten") == (0, "0 facilities added\n")
    assert run(app, "facility", "create", "--code", "lpx", *place, "--regency", "36.73")[0] == 0
    assert run(app, "facility", "create", "--code", "LPX", *place, "--regency", "3673")[0] == 1
    assert len(db.session.scalars(select(Facility)).all()) == 13


def test_a_person_with_a_password(app: Flask, db: SQLAlchemy) -> None:
    run(app, "facility", "load-banten")
    words = (*PERSON, "--role", "facility_staff", "--facility", "lpclg", "--password-stdin")

    weak = run(app, *words, typed="rahasia12345\n")
    good = run(app, *words, typed=f"{GOOD}\n")

    assert weak[0] == 1
    assert "rahasia" not in weak[1]
    assert good[0] == 0
    assert GOOD not in good[1]
    token = accounts.sign_in("budi@contoh.go.id", GOOD, address="", user_agent="")
    user = accounts.resume(token)
    assert user is not None
    facility = queries.facility_of(user.id)
    assert facility is not None
    assert facility.code == "LPCLG"


def test_a_person_without_a_password_gets_a_link(app: Flask, db: SQLAlchemy) -> None:
    status, said = run(app, *PERSON, "--role", "promoter")

    assert status == 0
    assert accounts.check_link(said.strip().rpartition("/")[2]).email == "budi@contoh.go.id"


def test_what_makes_no_sense_is_refused(app: Flask, db: SQLAlchemy) -> None:
    assert run(app, *PERSON, "--role", "facility_head")[0] == 1
    assert run(app, *PERSON, "--role", "facility_head", "--facility", "NONE")[0] == 1
    assert run(app, *PERSON, "--role", "king")[0] == 2
    assert db.session.scalars(select(User)).all() == []


def test_a_lost_second_factor_is_forgotten(app: Flask, db: SQLAlchemy) -> None:
    head = factories.user("facility_head", facility=factories.facility(), email="rudi@contoh.go.id")
    user_id, token = head.id, factories.open_session(head)

    assert run(app, "user", "reset-factor", "--email", "siapa@contoh.go.id")[0] == 1
    assert run(app, "user", "reset-factor", "--email", " Rudi@contoh.go.id") == (
        0, f"second factor of user {user_id} forgotten; all sessions ended\n",
    )  # fmt: skip
    again = run(app, "user", "reset-factor", "--email", "rudi@contoh.go.id")

    assert again[0] == 1
    assert accounts.resume(token) is None
    assert not factors.has_factor(user_id)
    acts = [(entry.action, entry.actor_id) for entry in db.session.scalars(select(AuditEntry))]
    assert acts == [("user.factor_reset", None)]
